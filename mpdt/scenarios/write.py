"""An exchange with the plugin -> a step of a scenario file. Pure: the text before, and the text after."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import tomlkit
from tomlkit.items import AoT, Table

from mpdt.language import _
from mpdt.scenarios.files import FOLDER, SUFFIX, ScenarioError

NAME_LIMIT = 60
LONG = 2000  # characters of a reply that is no text (an image): its type is enough
NOT_IN_NAMES = re.compile(r"[^\w\- ]")
# Windows has no files of these names, whatever their suffix.
DEVICES = re.compile(r"^(con|prn|aux|nul|com\d|lpt\d)$", re.IGNORECASE)


def path_for(plugin: Path, name: str) -> Path:
    """The file of a scenario of that name: in the plugin's ``tests``, and nowhere else. Raises ScenarioError."""
    plain = unicodedata.normalize("NFC", name).strip()
    if not plain or len(plain) > NAME_LIMIT or NOT_IN_NAMES.search(plain):
        raise ScenarioError(
            _(
                "{name!r} is no name for a scenario: letters, digits, spaces, - and _, at most {limit} of them.",
                name=name,
                limit=NAME_LIMIT,
            )
        )
    stem = plain.replace(" ", "_").lower()
    return plugin / FOLDER / f"{f'{stem}_' if DEVICES.match(stem) else stem}{SUFFIX}"


def with_exchanges(text: str, name: str, exchanges: Iterable[Mapping[str, Any]]) -> str:
    """The file's text with the exchanges added to its scenario of that name, which is made if there is none.

    An exchange is ``{"message": {...} or "call": {...}, "answer": {...}}``, as the HTTP interface has them. Raises
    ScenarioError if the text is no scenario file.
    """
    try:
        document = tomlkit.parse(text)
    except tomlkit.exceptions.TOMLKitError as error:
        raise ScenarioError(_("The scenario file is not TOML: {error}", error=error)) from None
    tables = document.setdefault("scenario", tomlkit.aot())
    if not isinstance(tables, AoT):
        raise ScenarioError(_("The scenario file's scenarios are not written as [[scenario]]."))
    found = next((one for one in tables.body if one.get("name") == name), None)
    if found is None:
        found = tomlkit.table()
        found["name"] = name
        tables.append(found)
    steps = found.setdefault("step", tomlkit.aot())
    if not isinstance(steps, AoT):
        raise ScenarioError(_("The steps of scenario {name!r} are not written as [[scenario.step]].", name=name))
    for exchange in exchanges:
        steps.append(step_of(exchange))
    return tomlkit.dumps(document)


def step_of(exchange: Mapping[str, Any]) -> Table:
    """What was done, and what came of it, as what is expected."""
    table = tomlkit.table()
    answer = exchange["answer"]
    message, call = exchange.get("message"), exchange.get("call")
    if message is not None:
        table["send"] = text(message["text"])
        for name in ("user", "group", "role"):
            if message.get(name):
                table[name] = message[name]
        if message.get("images"):
            table["images"] = [f"data:image/png;base64,{one}" for one in message["images"]]
        if message.get("mentions"):
            table["mentions"] = list(message["mentions"])
    else:
        assert call is not None
        is_event = call["kind"] == "event"
        table["fire" if is_event else "call"] = call["name"] if is_event else f"{call['kind']} {call['name']}"
        if call.get("arguments"):
            table["arguments"] = inline(call["arguments"])
    if message is not None or answer.get("replies"):
        expect_replies(table, answer["replies"])
    if call is not None:
        expect_result(table, call, answer)
    return table


def expect_replies(table: Table, replies: list[Mapping[str, Any]]) -> None:
    wanted = [expected(reply) for reply in replies]
    if len(wanted) == 1:
        table["reply"] = wanted[0]
        return
    listed = tomlkit.array()
    listed.extend(wanted)
    table["replies"] = listed.multiline(len(wanted) > 1)


def expect_result(table: Table, call: Mapping[str, Any], answer: Mapping[str, Any]) -> None:
    if answer.get("error"):
        table["error"] = str(answer["error"]["message"])
    elif call["kind"] == "event":
        table["result_contains"] = inline({"decision": answer["result"]["decision"]})
    elif answer.get("result") is None:
        table["result_type"] = "null"
    elif has_null(answer["result"]):  # TOML has none
        table["result_contains"] = inline(without_null(answer["result"]))
    else:
        table["result"] = inline(answer["result"])


def expected(reply: Mapping[str, Any]) -> Any:
    content = reply["content"]
    if reply["type"] == "text" and isinstance(content, str):
        return text(content)
    table = tomlkit.inline_table()
    table["type"] = reply["type"]
    if len(str(content)) <= LONG and not has_null(content):
        table["exact"] = inline(content)
    return table


def text(value: str) -> Any:
    """Several lines as several lines, where TOML can say them so without a backslash."""
    plain = all(one.isprintable() or one in "\n\t" for one in value) and "\\" not in value
    if "\n" not in value or not plain or "'''" in value or value.endswith("'"):
        return tomlkit.string(value)
    # The first newline after the opening quotes is not part of the text.
    return tomlkit.string(f"\n{value}", literal=True, multiline=True)


def inline(value: Any) -> Any:
    """Tables in one line; TOML has no null, so entries that are null are left out."""
    if isinstance(value, Mapping):
        table = tomlkit.inline_table()
        table.update({name: inline(one) for name, one in value.items() if one is not None})
        return table
    if isinstance(value, list):
        listed = tomlkit.array()
        listed.extend(inline(one) for one in value if one is not None)
        return listed
    return value


def has_null(value: Any) -> bool:
    if isinstance(value, Mapping):
        return any(map(has_null, value.values()))
    return value is None or (isinstance(value, list) and any(map(has_null, value)))


def without_null(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {name: without_null(one) for name, one in value.items() if one is not None}
    return [without_null(one) for one in value if one is not None] if isinstance(value, list) else value
