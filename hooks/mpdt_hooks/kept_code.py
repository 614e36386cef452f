"""Code objects that a plugin keeps as values in containers of its own: they follow the functions."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Mapping
from types import CodeType
from typing import Any

from mpdt_hooks.undo import UndoLog

CONTAINERS = (list, set, dict)


def holding(codes: Iterable[CodeType], modules: Iterable[str]) -> list[Any]:
    """The lists, sets and dicts, bound to names of these modules or of their classes, that hold one of the codes.

    Looked through one by one: a dict of code objects and numbers is not tracked by the garbage collector, so that
    ``gc.get_referrers`` does not see it.
    """
    wanted = {id(code) for code in codes}
    own = {id(value): value for value in _values(modules) if type(value) in CONTAINERS}
    return [one for one in own.values() if any(id(item) in wanted for item in _items(one))]


def _items(container: Any) -> Iterator[Any]:
    yield from list(container)
    if isinstance(container, dict):
        yield from list(container.values())


def _values(modules: Iterable[str]) -> Iterator[Any]:
    for module in modules:
        mod = sys.modules.get(module)
        for value in list(vars(mod).values()) if mod is not None else ():
            yield value
            if issubclass(type(value), type) and value.__module__ == module:
                yield from list(vars(value).values())


def follow(container: Any, codes: Mapping[int, CodeType], undo: UndoLog) -> None:
    """Put new code objects, by the id of the old ones, in the old ones' places."""
    undo.container(container)

    def new(item: Any) -> Any:
        return codes.get(id(item), item)

    if isinstance(container, dict):
        items = [(new(key), new(value)) for key, value in container.items()]
        container.clear()
        container.update(items)
    elif isinstance(container, list):
        container[:] = map(new, container)
    else:
        members = list(map(new, container))
        container.clear()
        container.update(members)
