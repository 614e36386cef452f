"""What the engine says to a person: English, and still apart, so that a host can say it in another language. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

LookUp = Callable[[str], str]  # a template -> the same in the reader's language


class Sentence(str):
    """English text that remembers the template and the values that it was made from; these may be sentences too."""

    __slots__ = ("template", "values")

    template: str
    values: Mapping[str, str | int]

    def __new__(cls, template: str, values: Mapping[str, str | int]) -> Sentence:
        self = super().__new__(cls, template.format(**values))
        self.template = template
        self.values = MappingProxyType(dict(values))
        return self


def said(template: str, /, **values: str | int) -> Sentence:
    """The sentence. ``template`` is a literal that names its values in braces, never an f-string: it is looked up.
    Values are texts and numbers, so that no report keeps an object of the plugin alive."""
    return Sentence(template, values)


def told(text: str, look_up: LookUp) -> str:
    """The text in the words that ``look_up`` finds; a text that is no Sentence stays as it is."""
    if not isinstance(text, Sentence):
        return text
    values = {name: told(value, look_up) if isinstance(value, str) else value for name, value in text.values.items()}
    return look_up(text.template).format(**values)
