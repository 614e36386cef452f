"""The catalogs of mpdt's sentences: ``python tools/catalog.py`` extracts, updates and compiles them.

Extracted are, by their place in the syntax tree: ``_("...")``, ``plural("...", "...", n)``, ``later("...")``, the
engine's ``said("...")`` and ``RudeKind(code, title, why, advice)``, and what click shows: ``help=`` of options,
docstrings of commands. Then ``mpdt/locale/zh_CN/LC_MESSAGES/mpdt.po`` lists what is missing as empty; fill it in, and
run this again. Exit status 1: something is untranslated. ``--check`` writes nothing, and fails if a file would be
written.
"""

from __future__ import annotations

import argparse
import ast
import inspect
import io
import string
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parents[1]
PACKAGES = ("mpdt", "hooks/mpdt_hooks")
LANGUAGES = ("zh_CN",)
# How many leading arguments are texts.
MARKERS = {"_": 1, "later": 1, "said": 1, "plural": 2}
# The words of click that our commands can show; click looks them up by gettext (mpdt.language.lend_to_libraries).
CLICK = (
    "Usage:",
    "Options",
    "Commands",
    "Positional arguments",
    "Show this message and exit.",
    "Show the version and exit.",
    "Error: {message}",
    "Try '{command} {option}' for help.",
    "No such command {name!r}.",
    "No such option {name!r}.",
    "No such option: {name}",
    "Missing argument",
    "Missing option",
    "Missing parameter",
    "Missing {param_type}",
    "Missing command.",
    "Choose from:\n\t{choices}",
    "Invalid value: {message}",
    "Invalid value for {param_hint}: {message}",
    "{value!r} is not a valid {number_type}.",
    "{value} is not in the range {range}.",
    "Option {name!r} does not take a value.",
    "Aborted!",
    "default: {default}",
    "env var: {var}",
    "required",
    "file",
    "directory",
    "path",
    "{name} {filename!r} does not exist.",
    "{name} {filename!r} is a file.",
    "{name} {filename!r} is a directory.",
    "{name} {filename!r} is not readable.",
)
CLICK_PLURALS = (
    ("Got unexpected extra argument ({args})", "Got unexpected extra arguments ({args})"),
    ("Did you mean {possibility}?", "(Did you mean one of: {possibilities}?)"),
    ("{value!r} is not {choice}.", "{value!r} is not one of {choices}."),
    ("Option {name!r} requires an argument.", "Option {name!r} requires {nargs} arguments."),
)


@dataclass(frozen=True, slots=True)
class Found:
    """A text in the sources; ``many`` is its plural."""

    text: str
    many: str | None
    file: str


def literal(node: ast.expr) -> str | None:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else None


def name_of(function: ast.expr) -> str:
    """``click.option`` of ``click.option(...)``, ``_`` of ``_(...)`` and of ``language._(...)``."""
    if isinstance(function, ast.Attribute):
        return f"{name_of(function.value)}.{function.attr}".removeprefix("language.")
    return function.id if isinstance(function, ast.Name) else ""


def texts_of_call(call: ast.Call) -> Iterator[tuple[str, str | None]]:
    name = name_of(call.func)
    if name in MARKERS:
        texts = [literal(one) for one in call.args[: MARKERS[name]]]
        if texts and texts[0] is not None:
            yield texts[0], texts[1] if len(texts) > 1 else None
    elif name == "RudeKind":
        yield from ((text, None) for one in call.args[1:4] if (text := literal(one)))
    elif name in {"click.option", "click.argument", "click.command", "click.group"}:
        for keyword in call.keywords:
            if keyword.arg in {"help", "epilog"} and (text := literal(keyword.value)):
                yield inspect.cleandoc(text), None


def texts_of_command(function: ast.FunctionDef) -> Iterator[tuple[str, str | None]]:
    """The docstring of a command, as click shows it."""
    decorators = {name_of(one.func) for one in function.decorator_list if isinstance(one, ast.Call)}
    docstring = ast.get_docstring(function, clean=True)
    if docstring and any(name.endswith((".command", ".group")) for name in decorators):
        yield docstring, None


def texts_of(source: str) -> Iterator[tuple[str, str | None]]:
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call):
            yield from texts_of_call(node)
        elif isinstance(node, ast.FunctionDef):
            yield from texts_of_command(node)


def files(root: Path = ROOT) -> Iterator[Path]:
    for package in PACKAGES:
        yield from sorted((root / package).rglob("*.py"))


def found(root: Path = ROOT) -> Iterator[Found]:
    """Every text that a person may read."""
    for path in files(root):
        for text, many in texts_of(path.read_text(encoding="utf-8")):
            yield Found(text, many, path.relative_to(root).as_posix())
    yield from (Found(text, None, "click") for text in CLICK)
    yield from (Found(one, many, "click") for one, many in CLICK_PLURALS)


def template(texts: Iterable[Found]) -> Catalog:
    catalog = Catalog(project="mpdt", charset="utf-8")
    for text in sorted(texts, key=lambda one: (one.file, one.text)):
        message = text.text if text.many is None else (text.text, text.many)
        catalog.add(message, locations=[(text.file, None)])
    return catalog


def po_file(language: str) -> Path:
    return ROOT / "mpdt" / "locale" / language / "LC_MESSAGES" / "mpdt.po"


def read(language: str) -> Catalog:
    """The catalog as it is; an empty one if there is none yet."""
    path = po_file(language)
    if not path.exists():
        return Catalog(locale=language)
    with path.open("rb") as file:
        return read_po(file, locale=language)


def updated(language: str, texts: Iterable[Found]) -> Catalog:
    """The catalog with what the sources say now: new texts empty, gone ones left out, nothing guessed."""
    before, now = read(language), template(texts)
    result = Catalog(locale=language, project="mpdt", charset="utf-8", fuzzy=False)
    for message in now:
        if message.id:
            known = before.get(message.id)
            result.add(message.id, known.string if known else None, locations=message.locations)
    return result


def as_po(catalog: Catalog) -> bytes:
    """Without dates and line numbers: only what was said changes the file."""
    out = io.BytesIO()
    write_po(out, catalog, width=120, sort_output=False, omit_header=True, include_lineno=False)
    header = (
        f'msgid ""\nmsgstr ""\n"Language: {catalog.locale}\\n"\n"Content-Type: text/plain; charset=utf-8\\n"\n'
        f'"Plural-Forms: {catalog.plural_forms}\\n"\n\n'
    )
    return header.encode() + out.getvalue()


class PlainCatalog(Catalog):
    """Its header has neither dates nor babel's version: equal texts give equal bytes."""

    @property
    def mime_headers(self) -> list[tuple[str, str]]:
        return [("Content-Type", "text/plain; charset=utf-8"), ("Plural-Forms", self.plural_forms)]


def as_mo(po: bytes, language: str) -> bytes:
    """What gettext reads."""
    catalog = read_po(io.BytesIO(po), locale=language)
    plain = PlainCatalog(locale=language, charset="utf-8", fuzzy=False)
    for message in catalog:
        if message.id:
            plain.add(message.id, message.string)
    out = io.BytesIO()
    write_mo(out, plain)
    return out.getvalue()


def fields(text: str) -> set[str]:
    """The values that a text names. Raises ValueError if it is no template."""
    return {name for _before, name, _spec, _conversion in string.Formatter().parse(text) if name is not None}


def faults(message: Message) -> Iterator[str]:
    """What is wrong with one translation, as sentences."""
    ids = message.id if isinstance(message.id, tuple | list) else (message.id,)
    strings = message.string if isinstance(message.string, tuple | list) else (message.string,)
    if not all(strings):
        yield f"not translated: {ids[0]!r}"
        return
    if message.fuzzy:
        yield f"fuzzy: {ids[0]!r}"
    try:
        wanted = set.union(*(fields(one) for one in ids))
    except ValueError:
        return  # a help text with braces of its own, which is never filled in
    several = len(ids) > 1  # a plural's forms may leave values out
    for text in strings:
        named = fields(text)
        if not named <= wanted or (named != wanted and not several):
            yield f"other values than {sorted(wanted)} in the translation of {ids[0]!r}: {text!r}"


def all_faults(catalog: Catalog) -> list[str]:
    return [fault for message in catalog if message.id for fault in faults(message)]


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description="Extract, update and compile the catalogs.")
    parser.add_argument("--check", action="store_true", help="write nothing; fail if something would be written")
    check = parser.parse_args(arguments).check
    texts = list(found())
    bad = []
    for language in LANGUAGES:
        po = as_po(updated(language, texts))
        for path, content in ((po_file(language), po), (po_file(language).with_suffix(".mo"), as_mo(po, language))):
            if path.exists() and path.read_bytes() == content:
                continue
            if check:
                bad.append(f"{path.relative_to(ROOT)} is not what the sources say: run tools/catalog.py")
            else:
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(content)
        bad += all_faults(read_po(io.BytesIO(po), locale=language))
    print("\n".join(bad) or "Everything is translated.")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
