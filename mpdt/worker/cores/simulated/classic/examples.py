"""A text that a regular expression matches: what is typed to try a command that is found by a pattern. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable
from re import _constants as sre  # type: ignore[attr-defined]  # no public module tells a pattern's parts
from re import _parser  # type: ignore[attr-defined]
from typing import Any

OF_CATEGORY = {
    sre.CATEGORY_DIGIT: "1",
    sre.CATEGORY_WORD: "a",
    sre.CATEGORY_SPACE: " ",
    sre.CATEGORY_NOT_SPACE: "a",
    sre.CATEGORY_NOT_DIGIT: "a",
    sre.CATEGORY_NOT_WORD: "-",
}
IN_SET = {
    sre.CATEGORY_DIGIT: r"\d",
    sre.CATEGORY_WORD: r"\w",
    sre.CATEGORY_SPACE: r"\s",
    sre.CATEGORY_NOT_SPACE: r"\S",
    sre.CATEGORY_NOT_DIGIT: r"\D",
    sre.CATEGORY_NOT_WORD: r"\W",
}
CANDIDATES = "a1 x-你"


def example_of(pattern: str) -> str:
    """The shortest of its kind; empty if the pattern is broken, or asks for more than its parts tell."""
    for optional in (0, 1):  # where nothing optional is not enough, with all of it
        try:
            text = "".join(parts(_parser.parse(pattern), optional, {}))
            if re.search(pattern, text):
                return text
        except (re.error, KeyError, IndexError):
            return ""
    return ""


def parts(items: Any, optional: int, groups: dict[int, str]) -> Iterable[str]:
    """The text of each item. Raises KeyError for one that has none by itself."""
    for operation, value in items:
        match operation:
            case sre.LITERAL:
                yield chr(value)
            case sre.NOT_LITERAL:
                yield next(one for one in CANDIDATES if ord(one) != value)
            case sre.ANY:
                yield "a"
            case sre.IN:
                yield one_in(value)
            case sre.BRANCH:
                yield "".join(parts(value[1][0], optional, groups))
            case sre.SUBPATTERN:
                number, _added, _removed, inner = value
                groups[number] = "".join(parts(inner, optional, groups))
                yield groups[number]
            case sre.MAX_REPEAT | sre.MIN_REPEAT | sre.POSSESSIVE_REPEAT:
                least, most, inner = value
                count = max(least, min(optional, most))
                yield "".join("".join(parts(inner, optional, groups)) for _ in range(count))
            case sre.ATOMIC_GROUP:
                yield "".join(parts(value, optional, groups))
            case sre.GROUPREF:
                yield groups[value]
            case sre.AT | sre.ASSERT | sre.ASSERT_NOT:
                pass  # places, and what is only looked at: the whole is tried against the pattern
            case _:
                raise KeyError(str(operation))


def one_in(members: Any) -> str:
    """A character of a set."""
    operation, value = members[0]
    if operation is sre.NEGATE:
        excluded = re.compile(f"[{''.join(map(as_set, members[1:]))}]")
        return next(one for one in CANDIDATES if not excluded.match(one))
    if operation is sre.RANGE:
        return chr(value[0])
    return OF_CATEGORY[value] if operation is sre.CATEGORY else chr(value)


def as_set(member: Any) -> str:
    operation, value = member
    if operation is sre.RANGE:
        return f"{re.escape(chr(value[0]))}-{re.escape(chr(value[1]))}"
    return IN_SET[value] if operation is sre.CATEGORY else re.escape(chr(value))
