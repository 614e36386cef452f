"""What statements that ran again did to the plugin's own lists, dicts and sets, and the order that a fresh process has.

A registry that a new definition was put into in the middle of a file has it last; a fresh process has it where the file
says. Where every entry is a function or class of the plugin, the registry is put into the file's order.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import FunctionType
from typing import Any

from mpdt_hooks.live import functions_in
from mpdt_hooks.static import unwrapped
from mpdt_hooks.undo import refill

Rank = Callable[[Any], tuple[int, int] | None]


def ranks(
    place_of: Callable[[str, int], int | None],
    classes: Mapping[tuple[str, str], int],
    handed: Mapping[int, tuple[str, int] | None],
) -> Rank:
    """The place of a function or class in a fresh process's run; None for anything else.

    ``place_of``: of a module's line; ``classes``: the line of a class by its module and name; ``handed``: module and
    line of the calls that hand one over, by their ids.
    """

    def ranked(module: str, line: int | None) -> tuple[int, int] | None:
        place = place_of(module, line) if line is not None else None
        return None if place is None or line is None else (place, line)

    def rank(value: Any) -> tuple[int, int] | None:
        value = unwrapped(value)
        if id(value) in handed:
            call = handed[id(value)]
            return ranked(*call) if call is not None else None
        if not issubclass(type(value), type):
            value = _named_in(value)
            if value is None:
                return None
            if id(value) in handed:
                return rank(value)
        module = str(value.__module__)
        is_class = issubclass(type(value), type)
        line = classes.get((module, value.__qualname__)) if is_class else value.__code__.co_firstlineno
        return ranked(module, line)

    return rank


def _named_in(value: Any) -> FunctionType | None:
    """The one function of the top level or of a class that a function is, or holds: that of a wrapper or a lambda."""
    if not issubclass(type(value), FunctionType) or "<locals>" not in value.__code__.co_qualname:
        return value if issubclass(type(value), FunctionType) else None
    found = {one for one in functions_in(value) if "<locals>" not in one.__code__.co_qualname}
    return found.pop() if len(found) == 1 else None


def is_extended(value: Any, before: Any) -> bool:
    """Whether a container holds all that it held, in the same order, and more after it."""
    if isinstance(value, set):
        return value.issuperset(before) is True
    if isinstance(value, dict):
        pairs = zip(list(value.items()), list(before.items()), strict=False)
        return len(value) >= len(before) and all(a is c and b is d for (a, b), (c, d) in pairs)
    return len(value) >= len(before) and all(a is b for a, b in zip(value, before, strict=False))


def put_in_order(value: Any, before: Any, rank: Rank) -> bool:
    """Give the container the file's order; False if that cannot be told, and it is as it was."""
    if isinstance(value, set) or len(value) == len(before):
        return True
    entries = list(value.items()) if isinstance(value, dict) else list(value)
    places = [rank(entry[1]) or rank(entry[0]) if isinstance(value, dict) else rank(entry) for entry in entries]
    known = [place for place in places if place is not None]
    if len(known) < len(places) or known[: len(before)] != sorted(known[: len(before)]):
        return False
    ordered = [entry for _, entry in sorted(zip(known, entries, strict=True), key=lambda pair: pair[0])]
    if isinstance(value, dict):
        value.clear()
        value.update(ordered)
    else:
        refill(value, ordered)
    return True
