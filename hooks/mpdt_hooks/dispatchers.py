"""What ``functools.singledispatch`` made: its implementations live in a closure, to which no name leads."""

from __future__ import annotations

import functools
import sys
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from types import FunctionType
from typing import Any

from mpdt_hooks.registries import Rank, put_in_order
from mpdt_hooks.undo import same_content

DISPATCHER = functools.singledispatch(len).__code__  # type: ignore[attr-defined]


@dataclass(frozen=True, slots=True)
class Dispatcher:
    """One function that dispatches, the table of its implementations by type, and what that held."""

    function: FunctionType
    table: dict[type, Any]
    before: dict[type, Any]


def dispatcher_of(value: Any) -> Dispatcher | None:
    """What a function or a method that dispatches holds now; None if the value is something else."""
    function = value.dispatcher if type(value) is functools.singledispatchmethod else value
    if type(function) is not FunctionType or function.__code__ is not DISPATCHER:
        return None
    dispatch = vars(function)["dispatch"]
    cell = dispatch.__closure__[dispatch.__code__.co_freevars.index("registry")]
    return Dispatcher(function, cell.cell_contents, dict(cell.cell_contents))


def known_dispatchers(modules: Collection[str]) -> Iterator[Dispatcher]:
    """The dispatchers that names of the modules, and of their classes, lead to, with what they hold now."""
    seen: set[int] = set()
    for value in _values(modules):
        one = dispatcher_of(value)
        if one is not None and id(one.function) not in seen:
            seen.add(id(one.function))
            yield one


def settle_implementations(found: Collection[Dispatcher], replacement: Callable[[Any], Any], rank: Rank) -> None:
    """Old objects that new implementations went into take their places, in the order of a fresh process's run."""
    for one in found:
        table = {kind: replacement(implementation) for kind, implementation in one.table.items()}
        first = {kind: table.pop(kind) for kind in (object,) if kind in table}  # what it falls back on, from the start
        put_in_order(table, {kind: value for kind, value in one.before.items() if kind is not object}, rank)
        fill(one, first | table)


def fill(one: Dispatcher, held: dict[type, Any]) -> None:
    """Give the dispatcher these implementations."""
    if not same_content(one.table, held):
        one.table.clear()
        one.table.update(held)
        vars(one.function)["_clear_cache"]()


def _values(modules: Collection[str]) -> Iterator[Any]:
    for module in modules:
        for value in list(vars(sys.modules[module]).values()) if module in sys.modules else ():
            yield value
            if issubclass(type(value), type) and value.__module__ == module:
                yield from list(vars(value).values())
