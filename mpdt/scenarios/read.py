"""Scenario files -> scenarios; what is wrong in one is said with file and line."""

from __future__ import annotations

import base64
import binascii
import difflib
import re
import tomllib
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from mpdt.language import _
from mpdt.scenarios.files import SUFFIX, ScenarioError
from mpdt.scenarios.model import Called, Check, Checks, Expect, Said, Scenario, Step

KINDS = ("tool", "action", "agent", "service", "schedule", "route", "chatter", "prompt", "adapter")
WHO = ("user", "group", "role")
OF_FILE = ("scenario",)
OF_SCENARIO = ("name", "keep", "config", "model", "step", *WHO)
OF_MESSAGE = ("send", *WHO, "images", "mentions", "reply", "replies")
OF_CALL = ("call", "fire", "arguments", "reply", "replies", "error", "result")
RESULTS = {f"result_{how}": how for how in Expect if how is not Expect.EXACT}
HEADER = re.compile(r"^\s*\[\[\s*scenario\s*(?P<step>\.\s*step\s*)?\]\]")


def read_files(files: Iterable[Path]) -> list[Scenario]:
    """All scenarios, in order. Raises ScenarioError."""
    return [scenario for file in files for scenario in read(file)]


def read(file: Path) -> list[Scenario]:
    """The file's scenarios. Raises ScenarioError."""
    try:
        text = file.read_text(encoding="utf-8-sig")
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ScenarioError(_("{file} is not TOML: {error}", file=file, error=error)) from None
    except (OSError, UnicodeDecodeError) as error:
        raise ScenarioError(_("{file} cannot be read: {error}", file=file, error=error)) from None
    return parse(data, text, file)


def parse(data: Mapping[str, Any], text: str, file: Path) -> list[Scenario]:
    """As ``read``, of a file's content."""
    known(data, OF_FILE, f"{file}")
    tables = data.get("scenario", [])
    if not isinstance(tables, list) or not all(isinstance(one, dict) for one in tables):
        raise ScenarioError(_("{file}: scenarios are written as [[scenario]].", file=file))
    lines = header_lines(text, tables)
    found = [scenario(table, file, line, steps) for table, (line, steps) in zip(tables, lines, strict=True)]
    if found and found[0].keep:
        raise ScenarioError(
            _(
                "{place}: the first scenario has none before it whose state it could keep.",
                place=placed(file, found[0].line),
            )
        )
    return found


def header_lines(text: str, tables: list[dict[str, Any]]) -> list[tuple[int | None, list[int | None]]]:
    """The line of each scenario and of each of its steps; None where they are written in another way."""
    found: list[tuple[int | None, list[int | None]]] = []
    for number, line in enumerate(text.splitlines(), 1):
        header = HEADER.match(line)
        if header and header["step"] and found:
            found[-1][1].append(number)
        elif header:
            found.append((number, []))
    counts = [steps_of(table) for table in tables]
    if len(found) != len(tables):
        return [(None, [None] * count) for count in counts]
    return [
        (line, steps if len(steps) == count else [line] * count)
        for (line, steps), count in zip(found, counts, strict=True)
    ]


def steps_of(table: Mapping[str, Any]) -> int:
    steps = table.get("step")
    return len(steps) if isinstance(steps, list) else 0


def placed(file: Path, line: int | None) -> str:
    return f"{file}:{line}" if line else str(file)


def known(table: Mapping[str, Any], names: Iterable[str], place: str) -> None:
    """Raises ScenarioError, with the closest name, if the table has an entry that means nothing."""
    names = tuple(names)
    for name in table:
        if name not in names:
            close = difflib.get_close_matches(name, names, n=1)
            if close:
                raise ScenarioError(
                    _("{place}: there is no {name!r}; did you mean {close!r}?", place=place, name=name, close=close[0])
                )
            listed = ", ".join(names)
            raise ScenarioError(
                _("{place}: there is no {name!r}; there are {listed}.", place=place, name=name, listed=listed)
            )


def scenario(table: Mapping[str, Any], file: Path, line: int | None, lines: list[int | None]) -> Scenario:
    place = placed(file, line)
    known(table, OF_SCENARIO, place)
    name = text_of(table, "name", place) or file.name.removesuffix(SUFFIX)
    steps = table.get("step", [])
    if not isinstance(steps, list) or not steps or not all(isinstance(one, dict) for one in steps):
        raise ScenarioError(_("{place}: a scenario has steps, written as [[scenario.step]].", place=place))
    who = {one: text_of(table, one, place) for one in WHO}
    return Scenario(
        name,
        file,
        line,
        tuple(step(one, who, file, at) for one, at in zip(steps, lines, strict=True)),
        keep=bool(of_kind(table, "keep", bool, place, False)),
        config=of_kind(table, "config", dict, place, {}),
        model=model(of_kind(table, "model", dict, place, {}), file),
    )


def model(table: Mapping[str, Any], file: Path) -> dict[str, Any]:
    """A cassette lies beside the scenario file."""
    cassette = table.get("cassette")
    return {**table, "cassette": str(file.parent / str(cassette))} if cassette else dict(table)


def step(table: Mapping[str, Any], who: Mapping[str, str | None], file: Path, line: int | None) -> Step:
    place = placed(file, line)
    verbs = [verb for verb in ("send", "call", "fire") if verb in table]
    if not verbs:
        known(table, dict.fromkeys((*OF_MESSAGE, *OF_CALL, *RESULTS)), place)
    if len(verbs) != 1:
        raise ScenarioError(_("{place}: a step has one of send, call and fire.", place=place))
    known(table, OF_MESSAGE if verbs == ["send"] else (*OF_CALL, *RESULTS), place)
    does = said(table, who, file, place) if verbs == ["send"] else called(table, verbs[0], place)
    return Step(does, line, replies(table, place), results(table, place), errors(table, place))


def said(table: Mapping[str, Any], who: Mapping[str, str | None], file: Path, place: str) -> Said:
    given = {one: text_of(table, one, place) if one in table else who[one] for one in WHO}
    return Said(
        text_of(table, "send", place) or "",
        given["user"],
        given["group"] or None,
        given["role"],
        tuple(image(one, file, place) for one in texts_of(table, "images", place)),
        texts_of(table, "mentions", place),
    )


def image(written: str, file: Path, place: str) -> str:
    """The base64 text of an image: of a file beside the scenario, or of a ``data:`` address."""
    if written.startswith("data:"):
        encoded = written.partition(",")[2]
        try:
            base64.b64decode(encoded, validate=True)
        except binascii.Error:
            raise ScenarioError(_("{place}: the image is not base64.", place=place)) from None
        return encoded
    try:
        return base64.b64encode((file.parent / written).read_bytes()).decode()
    except OSError as error:
        raise ScenarioError(
            _("{place}: the image {image} cannot be read: {error}.", place=place, image=written, error=error.strerror)
        ) from None


def called(table: Mapping[str, Any], verb: str, place: str) -> Called:
    words = (text_of(table, verb, place) or "").split()
    arguments = of_kind(table, "arguments", dict, place, {})
    if verb == "fire" and len(words) == 1:
        return Called("event", words[0], arguments)
    if verb == "call" and len(words) == 2 and words[0] in KINDS:
        return Called(words[0], words[1], arguments)
    if verb == "fire":
        raise ScenarioError(_('{place}: an event is fired by its name: fire = "on_start".', place=place))
    kinds = ", ".join(KINDS)
    raise ScenarioError(
        _(
            '{place}: a component is called by kind and name: call = "tool weather". Kinds are {kinds}.',
            place=place,
            kinds=kinds,
        )
    )


def replies(table: Mapping[str, Any], place: str) -> tuple[Checks, ...] | None:
    if "reply" in table and "replies" in table:
        raise ScenarioError(_("{place}: a step has reply (one) or replies (a list), not both.", place=place))
    if "reply" in table:
        return (checks(table["reply"], place),)
    if "replies" not in table:
        return None
    return tuple(checks(one, place) for one in of_kind(table, "replies", list, place, []))


def checks(written: Any, place: str) -> Checks:
    """A text is exact; a table holds conditions, all of which must be met."""
    if isinstance(written, str):
        return (Check(Expect.EXACT, written),)
    if not isinstance(written, dict):
        raise ScenarioError(
            _(
                '{place}: a reply is a text, or a table such as {{contains = "..."}}, not {written!r}.',
                place=place,
                written=written,
            )
        )
    known(written, list(Expect), place)
    return tuple(check(Expect(how), wanted, place) for how, wanted in written.items())


def check(how: Expect, wanted: Any, place: str) -> Check:
    if how is Expect.REGEX:
        try:
            re.compile(str(wanted))
        except re.error as error:
            raise ScenarioError(
                _("{place}: {pattern!r} is no pattern: {error}.", place=place, pattern=wanted, error=error)
            ) from None
    return Check(how, wanted)


def results(table: Mapping[str, Any], place: str) -> Checks:
    exact = (Check(Expect.EXACT, table["result"]),) if "result" in table else ()
    return exact + tuple(check(how, table[name], place) for name, how in RESULTS.items() if name in table)


def errors(table: Mapping[str, Any], place: str) -> Checks:
    """A text is contained in the error's."""
    if "error" not in table:
        return ()
    written = table["error"]
    return (Check(Expect.CONTAINS, written),) if isinstance(written, str) else checks(written, place)


def text_of(table: Mapping[str, Any], name: str, place: str) -> str | None:
    found = of_kind(table, name, str, place, None)
    return None if found is None else str(found)


def texts_of(table: Mapping[str, Any], name: str, place: str) -> tuple[str, ...]:
    found = of_kind(table, name, list, place, [])
    if not all(isinstance(one, str) for one in found):
        raise ScenarioError(_("{place}: {name} is a list of texts.", place=place, name=name))
    return tuple(found)


def of_kind(table: Mapping[str, Any], name: str, kind: type, place: str, default: Any) -> Any:
    value = table.get(name, default)
    if name in table and not isinstance(value, kind):
        word = {str: _("a text"), bool: _("true or false"), dict: _("a table"), list: _("a list")}[kind]
        raise ScenarioError(
            _("{place}: {name} is {word}, not {value!r}.", place=place, name=name, word=word, value=value)
        )
    return value
