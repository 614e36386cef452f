"""What a person reads passes through ``_``, so that it is said in the reader's language.

Stands below everything else, in the supervisor and in the worker; standard library only. English is the source: only
another language loads a catalog (``locale/<language>/LC_MESSAGES/mpdt.mo``, made by ``tools/catalog.py``), when the
first sentence is said.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, MutableMapping
from typing import TYPE_CHECKING, NewType

if TYPE_CHECKING:
    from gettext import NullTranslations

ENGLISH = "en"
CHINESE = "zh_CN"
LANGUAGES = (ENGLISH, CHINESE)
VARIABLE = "MPDT_LANG"
LOCALE_VARIABLES = ("LC_ALL", "LC_MESSAGES", "LANG")  # the first that is set decides, as in POSIX
FOLDER = os.path.join(os.path.dirname(__file__), "locale")  # noqa: PTH118, PTH120 - `mpdt --version` loads no pathlib
DOMAIN = "mpdt"
GETTEXT_VARIABLE = "LANGUAGE"

# An English text that is looked up only when it is shown: a table, a help text.
Later = NewType("Later", str)


def normalised(name: str | None) -> str | None:
    """The language of ours that a name like ``zh-Hans``, ``zh_CN.UTF-8`` or ``C`` means; None if it means none."""
    plain = (name or "").partition(".")[0].replace("-", "_").lower()
    if plain in {"c", "posix", "en"} or plain.startswith("en_"):
        return ENGLISH
    # Readers of traditional characters read these more easily than English.
    return CHINESE if plain == "zh" or plain.startswith("zh_") else None


def of_locale(environment: Mapping[str, str]) -> str | None:
    """The language of the locale; English if it is one that we do not speak, None if nothing is set."""
    for name in LOCALE_VARIABLES:
        if environment.get(name):
            return normalised(environment[name]) or ENGLISH
    return None


def told_by_environment() -> str:
    """The language where nobody chose one: ``MPDT_LANG``, by which the worker is told, else the locale's."""
    return normalised(os.environ.get(VARIABLE)) or of_locale(os.environ) or ENGLISH


class _Spoken:
    """The process' language: undecided until the first sentence, then fixed until ``use`` says otherwise."""

    def __init__(self) -> None:
        self.choose: Callable[[], str] = told_by_environment
        self.language: str | None = None
        self.catalog: NullTranslations | None = None  # None also when English is spoken
        self.borrowed: tuple[str | None] | None = None  # what LANGUAGE was before libraries were told


_spoken = _Spoken()


def choose_by(choose: Callable[[], str]) -> None:
    """``choose`` is asked for the language when the first sentence is said, unless ``use`` came before."""
    _spoken.choose = choose


def use(language: str) -> None:
    """From now on this language is spoken, one of ``LANGUAGES``."""
    _spoken.catalog = None if language == ENGLISH else _load(language)
    _spoken.language = language


def current() -> str:
    """The language that is spoken."""
    if _spoken.language is None:
        use(_spoken.choose())
    assert _spoken.language is not None
    return _spoken.language


def _load(language: str) -> NullTranslations:
    import gettext

    return gettext.translation(DOMAIN, FOLDER, [language], fallback=True)


def lend_to_libraries() -> None:
    """click translates its own words through ``gettext``, which asks the environment for the language: from now on
    it finds ours there, and its words in our catalog. ``for_child`` hides that from children."""
    import gettext

    if current() == ENGLISH:
        return
    _spoken.borrowed = _spoken.borrowed or (os.environ.get(GETTEXT_VARIABLE),)
    os.environ[GETTEXT_VARIABLE] = current()
    gettext.bindtextdomain(DOMAIN, FOLDER)
    gettext.textdomain(DOMAIN)


def take_back() -> None:
    """Undoes ``lend_to_libraries``."""
    import gettext

    if _spoken.borrowed is not None:
        gettext.textdomain("messages")
        _restore(os.environ)
        _spoken.borrowed = None


def for_child(environment: Mapping[str, str]) -> dict[str, str]:
    """The environment in which the worker speaks this language, and everything else finds what the user had set."""
    variables = dict(environment)
    _restore(variables)
    return {**variables, VARIABLE: current()}


def _restore(environment: MutableMapping[str, str]) -> None:
    if _spoken.borrowed is None:
        return
    environment.pop(GETTEXT_VARIABLE, None)
    (before,) = _spoken.borrowed
    if before is not None:
        environment[GETTEXT_VARIABLE] = before


def _(message: str, /, **values: object) -> str:
    """The sentence with its values put in. ``message`` is a literal, English, and names its values in braces:
    ``_("The folder {path} is gone.", path=path)``. Never an f-string: that cannot be looked up."""
    current()
    catalog = _spoken.catalog
    return (message if catalog is None else catalog.gettext(message)).format(**values)


def plural(one: str, many: str, count: int, /, **values: object) -> str:
    """As ``_``, of two literals: for one, and for any other number. ``{count}`` is put in by itself."""
    current()
    catalog = _spoken.catalog
    chosen = (one if count == 1 else many) if catalog is None else catalog.ngettext(one, many, count)
    return chosen.format(count=count, **values)


def later(message: str, /) -> Later:
    """Marks a literal that ``translated`` looks up when it is shown."""
    return Later(message)


def translated(message: str, /) -> str:
    """A text that was marked elsewhere, in the reader's language; as it is if it is not in the catalog. No values."""
    current()
    catalog = _spoken.catalog
    return message if catalog is None or not message else catalog.gettext(message)
