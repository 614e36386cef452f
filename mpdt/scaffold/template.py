"""The templates: files of this folder, some laid over others, with the plugin's words put in. Nothing is written here.

``{{name}}`` stands for a value as it is, ``{{name:json}}`` for it as a string of JSON, ``{{name:py}}`` of Python.
A file ``dot_x.tmpl`` becomes ``.x``.
"""

from __future__ import annotations

import json
import keyword
import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path, PurePosixPath

FOLDER = Path(__file__).parent
SUFFIX = ".tmpl"
PLACE = re.compile(r"\{\{(\w+)(?::(json|py))?\}\}")
# Names of packages that are in use where a plugin runs.
TAKEN = frozenset({"src", "mpdt", "mpdt_hooks", "plugin", "plugins", "tests", "test"})


class Flavour(StrEnum):
    NEO = "neo"
    CLASSIC = "classic"


class Template(StrEnum):
    BASIC = "basic"
    FULL = "full"


@dataclass(frozen=True, slots=True)
class NewPlugin:
    """What a new plugin is to be. ``name`` is its package's."""

    name: str
    flavour: Flavour = Flavour.NEO
    template: Template = Template.BASIC
    author: str = ""
    license: str = "MIT"
    description: str = "Greets people."

    def words(self) -> dict[str, str]:
        """What the placeholders of the templates stand for."""
        parts = [part for part in self.name.split("_") if part]
        return {
            "name": self.name,
            "command": self.name,
            "title": " ".join(parts).capitalize(),
            "Class": "".join(part[:1].upper() + part[1:] for part in parts),
            "author": self.author,
            "license": self.license,
            "license_line": f"Licence: {self.license}." if self.license else "",
            "description": self.description,
        }


def is_package_name(name: str) -> bool:
    """Can a plugin's folder have that name, in every core?"""
    return name.isascii() and name.isidentifier() and not keyword.iskeyword(name) and name not in TAKEN


def closest_name(name: str) -> str:
    """A package name that is like it; empty if there is none."""
    close = re.sub(r"\W+", "_", name.strip(), flags=re.ASCII).strip("_").lower()
    close = f"p{close}" if close[:1].isdigit() else close
    return close if is_package_name(close) else ""


def files(plugin: NewPlugin, folder: Path = FOLDER) -> dict[PurePosixPath, str]:
    """Each file of the new plugin, by its path in the plugin's folder."""
    layers = [folder / "common", folder / plugin.flavour / "basic"]
    if plugin.template is Template.FULL:
        layers.append(folder / plugin.flavour / "full")
    words = plugin.words()
    found: dict[PurePosixPath, str] = {}
    for layer in layers:
        for path in sorted(layer.rglob(f"*{SUFFIX}")):
            text = path.read_text(encoding="utf-8")
            found[target(PurePosixPath(path.relative_to(layer).as_posix()), words)] = filled(text, words)
    return found


def target(path: PurePosixPath, words: Mapping[str, str]) -> PurePosixPath:
    """Where a template's file goes."""
    parts = [f".{part.removeprefix('dot_')}" if part.startswith("dot_") else part for part in path.parts]
    return PurePosixPath(filled("/".join(parts).removesuffix(SUFFIX), words))


def filled(text: str, words: Mapping[str, str]) -> str:
    """The text with its places taken. Raises KeyError for one that stands for nothing."""

    def put(place: re.Match[str]) -> str:
        word = words[place[1]]
        if place[2] is None:
            return word
        quoted = json.dumps(word, ensure_ascii=False)
        # ruff's way to quote in Python: with double quotes, unless that takes more backslashes.
        if place[2] == "py" and word.count('"') > word.count("'"):
            return "'" + quoted[1:-1].replace('\\"', '"').replace("'", "\\'") + "'"
        return quoted

    return PLACE.sub(put, text)
