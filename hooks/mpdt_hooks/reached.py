"""The plugin's objects that statements may change while they run: remembered, so that a transaction can take it back.

Lists, dicts, sets and their kin of modules and classes, one level deep; the attributes of classes; and of the functions
of a module, and of the objects that it has of the plugin's classes (``app.bus``), what containers they hold.
"""

from __future__ import annotations

import sys
from collections import Counter, OrderedDict, defaultdict, deque
from collections.abc import Collection, Iterable
from functools import singledispatchmethod
from types import FunctionType
from typing import Any

from mpdt_hooks.dispatchers import dispatcher_of, fill
from mpdt_hooks.live import own_attributes, parts_of
from mpdt_hooks.undo import UndoLog

_CONTAINERS = frozenset({list, dict, set, deque, OrderedDict, defaultdict, Counter})
_HELD = _CONTAINERS | {singledispatchmethod}
_KINDS: tuple[Any, ...] = (OrderedDict, dict, list, set, deque)  # a plugin's class may inherit from one
_DEPTH = 3  # of objects that objects have


def remember_reached(modules: Collection[str], undo: UndoLog) -> None:
    seen: set[int] = set()
    for module in modules:
        names = vars(sys.modules[module]) if module in sys.modules else {}
        own = [value for name, value in list(names.items()) if name != "__builtins__"]  # which are everybody's
        _remember_values(own, modules, undo, seen, _DEPTH)


def _remember_values(
    values: Iterable[Any], modules: Collection[str], undo: UndoLog, seen: set[int], depth: int
) -> None:
    for value in values:
        kind = type(value)
        if kind in _CONTAINERS:
            _remember_container(value, undo)
        elif id(value) in seen:
            continue
        elif kind is FunctionType or kind is singledispatchmethod:
            _remember_dispatcher(value, undo)
            if kind is FunctionType and depth and value.__module__ in modules:
                seen.add(id(value))
                _remember_values(list(parts_of(value)), modules, undo, seen, depth - 1)
        elif issubclass(kind, type):
            if value.__module__ in modules:
                seen.add(id(value))
                undo.class_namespace(value)
                held = [one for one in vars(value).values() if type(one) in _HELD or issubclass(type(one), type)]
                _remember_values(held, modules, undo, seen, depth)
        elif kind.__module__ in modules:
            seen.add(id(value))
            base = next((one for one in _KINDS if issubclass(kind, one)), None)
            if base is not None:
                _remember_derived(value, base, undo)
            own = own_attributes(value)
            undo.mapping(own)
            if depth:
                _remember_values(list(own.values()), modules, undo, seen, depth - 1)


def _remember_container(value: Any, undo: UndoLog) -> None:
    undo.container(value)
    held = list(value.values()) if isinstance(value, dict) else list(value)
    for inner in [one for one in held if type(one) in _CONTAINERS]:
        undo.container(inner)


def _remember_dispatcher(value: Any, undo: UndoLog) -> None:
    """``functools.singledispatch`` keeps its implementations in a closure, and shows no more than a proxy of it."""
    one = dispatcher_of(value)
    if one is not None:
        undo.add(lambda: fill(one, one.before))


def _remember_derived(value: Any, base: Any, undo: UndoLog) -> None:
    """Past what the plugin's class makes of its methods."""
    before = base.copy(value)

    def restore() -> None:
        if base is list:
            list.__setitem__(value, slice(None), before)
            return
        base.clear(value)
        (base.extend if base is deque else base.update)(value, before)

    undo.add(restore)
