"""What came against what was expected. Pure."""

from __future__ import annotations

import difflib
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from mpdt.language import _
from mpdt.render.replies import as_text, reply_line
from mpdt.scenarios.model import Check, Checks, Expect

TYPES: dict[str, type | tuple[type, ...]] = {
    "text": str,
    "string": str,
    "number": (int, float),
    "integer": int,
    "boolean": bool,
    "list": list,
    "table": dict,
    "null": type(None),
}


def holds(check: Check, value: Any, kind: str | None = None) -> bool:
    """Does the value meet the condition? ``kind``: the type of a reply, where the value is one."""
    match check.how:
        case Expect.EXACT:
            return equal(value, check.wanted)
        case Expect.CONTAINS:
            return contains(value, check.wanted)
        case Expect.REGEX:
            return re.search(str(check.wanted), as_text(value), re.DOTALL) is not None
        case Expect.TYPE:
            return kind == check.wanted if kind is not None else is_of(value, str(check.wanted))


def equal(value: Any, wanted: Any) -> bool:
    """As JSON: True is not 1, but 1.0 is."""
    if isinstance(value, bool) or isinstance(wanted, bool):
        return value is wanted
    if isinstance(value, list) and isinstance(wanted, list):
        return len(value) == len(wanted) and all(equal(one, other) for one, other in zip(value, wanted, strict=True))
    if isinstance(value, Mapping) and isinstance(wanted, Mapping):
        return value.keys() == wanted.keys() and all(equal(value[name], wanted[name]) for name in wanted)
    return bool(value == wanted)


def contains(value: Any, wanted: Any) -> bool:
    """A text within the value's text; of a table these entries, of a list these items, in any order."""
    if isinstance(wanted, Mapping):
        return isinstance(value, Mapping) and all(
            name in value and (equal(value[name], one) or (is_nested(one) and contains(value[name], one)))
            for name, one in wanted.items()
        )
    if isinstance(wanted, list):
        return isinstance(value, list) and all(
            any(equal(item, one) or (is_nested(one) and contains(item, one)) for item in value) for one in wanted
        )
    return as_text(wanted) in as_text(value)


def is_nested(value: Any) -> bool:
    return isinstance(value, Mapping | list)


def is_of(value: Any, name: str) -> bool:
    if isinstance(value, bool):
        return name == "boolean"
    return isinstance(value, TYPES.get(name, ()))


def wanted_line(checks: Checks) -> str:
    """An expectation in a line."""
    words = {
        Expect.CONTAINS: lambda one: _("(contains {text})", text=as_text(one)),
        Expect.REGEX: lambda one: _("(matches {pattern})", pattern=one),
        Expect.TYPE: lambda one: f"[{one}]",
        Expect.EXACT: as_text,
    }
    return " ".join(words[check.how](check.wanted) for check in checks) or _("(anything)")


def is_reply(checks: Checks, reply: Mapping[str, Any]) -> bool:
    return all(holds(check, reply["content"], str(reply["type"])) for check in checks)


def replies_differ(wanted: Sequence[Checks], replies: Sequence[Mapping[str, Any]]) -> tuple[str, ...]:
    """The difference in lines; empty if each reply meets its checks, in order and number."""
    if len(wanted) == len(replies) and all(map(is_reply, wanted, replies)):
        return ()
    return tuple(aligned(wanted, replies))


def aligned(wanted: Sequence[Checks], replies: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    """The longest sequence of replies that are as expected stays together; what is left is expected, or came."""
    # Each reply is written as the expectation that it meets, so that difflib pairs what belongs together.
    expected = [str(index) for index in range(len(wanted))]
    came = [
        str(next((i for i, one in enumerate(wanted) if is_reply(one, reply)), f"r{n}"))
        for n, reply in enumerate(replies)
    ]
    for tag, a, b, c, d in difflib.SequenceMatcher(None, expected, came, autojunk=False).get_opcodes():
        if tag == "equal":
            yield from (f"  {reply_line(reply)}" for reply in replies[c:d])
        else:
            yield from (f"- {wanted_line(one)}" for one in wanted[a:b])
            yield from (f"+ {reply_line(reply)}" for reply in replies[c:d])


def value_differs(checks: Checks, value: Any) -> tuple[str, ...]:
    """The difference of a result in lines; empty if it meets all checks."""
    missed = [check for check in checks if not holds(check, value)]
    if not missed:
        return ()
    if len(missed) == 1 and missed[0].how is Expect.EXACT and (is_nested(value) or is_nested(missed[0].wanted)):
        return tuple(line for line in difflib.ndiff(pretty(missed[0].wanted), pretty(value)) if line[0] in "-+ ")
    return (f"- {wanted_line(tuple(missed))}", f"+ {as_text(value)}")


def pretty(value: Any) -> list[str]:
    return json.dumps(value, ensure_ascii=False, indent=2, sort_keys=True, default=str).splitlines()
