"""The undo log: every write to the interpreter's objects goes through it, and can be taken back."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from operator import is_
from types import CellType, CodeType, FunctionType
from typing import Any

from mpdt_hooks import _jurigged

_MISSING: Any = object()


class UndoLog:
    """What was there before, in the order in which it was overwritten."""

    def __init__(self) -> None:
        self._entries: list[Callable[[], None]] = []
        self._conformed: list[list[tuple[FunctionType, CodeType]]] = []
        self._namespaces: dict[int, dict[str, Any]] = {}
        self._containers: dict[int, tuple[Any, Any]] = {}

    def roll_back(self) -> None:
        """Put everything back, last write first."""
        while self._entries:
            self._entries.pop()()

    def forget(self) -> None:
        """The transaction holds: let go of what was there before. A replaced code object that something still refers
        to looks, at the next edit, as if somebody unknown held it."""
        self._entries.clear()
        self._namespaces.clear()
        self._containers.clear()
        self._conformed.clear()

    def code_before(self, function: FunctionType) -> CodeType:
        """The code that a function had when the transaction began."""
        given = (code for batch in self._conformed for one, code in batch if one is function)
        return next(given, function.__code__)

    def add(self, entry: Callable[[], None]) -> None:
        self._entries.append(entry)

    def conform(self, function: FunctionType, code: CodeType) -> None:
        """Give a function new code through jurigged."""
        before = function.__code__
        if before is code:
            return
        self._conformed.append([(function, before)])
        self.add(lambda: _jurigged.conform(function, before))
        _jurigged.conform(function, code)

    def conform_all(self, pairs: list[tuple[FunctionType, CodeType]]) -> None:
        """Give many functions their code, in one loop with nothing in between."""
        before = [(function, function.__code__) for function, _ in pairs]
        self._conformed.append(before)
        self.add(lambda: _jurigged.conform_all(before))
        _jurigged.conform_all(pairs)

    def function(self, function: FunctionType) -> None:
        """Remember everything of a function but its code, which ``conform`` remembers."""
        defaults, kwdefaults = function.__defaults__, function.__kwdefaults__
        annotations, doc, own = function.__annotations__, function.__doc__, dict(vars(function))
        parameters = getattr(function, "__type_params__", None)
        names = function.__name__, function.__qualname__, function.__module__

        def restore() -> None:
            function.__name__, function.__qualname__, function.__module__ = names
            function.__defaults__ = defaults
            function.__kwdefaults__ = kwdefaults
            function.__annotations__ = annotations
            function.__doc__ = doc
            if parameters is not None:
                setattr(function, "__type_params__", parameters)  # noqa: B010 (CPython 3.12+)
            vars(function).clear()
            vars(function).update(own)

        self.add(restore)

    def cell(self, cell: CellType) -> None:
        try:
            held = cell.cell_contents
        except ValueError:
            self.add(lambda: delattr(cell, "cell_contents"))
            return
        self.add(lambda: setattr(cell, "cell_contents", held))

    def attributes(self, value: Any) -> None:
        """Remember the attributes of an object that has a ``__dict__``, and its docstring."""
        own, doc = dict(vars(value)), getattr(value, "__doc__", None)

        def restore() -> None:
            vars(value).clear()
            vars(value).update(own)
            value.__doc__ = doc

        self.add(restore)

    def namespace(self, names: dict[str, Any]) -> dict[str, Any]:
        """Remember a module's names, and return them as they were when the transaction began.

        While they are put back, other threads never see a name missing that was there before.
        """
        known = self._namespaces.get(id(names))
        if known is not None:
            return known
        before = self._namespaces[id(names)] = dict(names)

        def restore() -> None:
            names.update(before)
            for name in [name for name in names if name not in before]:
                del names[name]

        self.add(restore)
        return before

    def set_attribute(self, cls: type, name: str, value: Any) -> None:
        """Set an attribute of a class, past any ``__setattr__`` of its metaclass."""
        self._remember_attribute(cls, name)
        type.__setattr__(cls, name, value)

    def class_namespace(self, cls: type) -> None:
        """Remember all attributes of a class, for what something else is about to do to it."""
        before = dict(vars(cls))

        def restore() -> None:
            for name in [name for name in vars(cls) if name not in before]:
                type.__delattr__(cls, name)
            for name, value in before.items():
                if vars(cls).get(name, _MISSING) is not value:
                    type.__setattr__(cls, name, value)

        self.add(restore)

    def delete_attribute(self, cls: type, name: str) -> None:
        if name in vars(cls):
            self._remember_attribute(cls, name)
            type.__delattr__(cls, name)

    def _remember_attribute(self, cls: type, name: str) -> None:
        before = vars(cls).get(name, _MISSING)

        def restore() -> None:
            if before is not _MISSING:
                type.__setattr__(cls, name, before)
            elif name in vars(cls):
                type.__delattr__(cls, name)

        self.add(restore)

    def item(self, mapping: dict[Any, Any], key: Any) -> None:
        """Remember one item of a mapping (``sys.modules``, an instance's ``__dict__``)."""
        before = mapping.get(key, _MISSING)

        def restore() -> None:
            if before is _MISSING:
                mapping.pop(key, None)
            else:
                mapping[key] = before

        self.add(restore)

    def container(self, value: Any) -> None:
        """Remember what a plugin's list, dict or set, or one of their kin in ``collections``, holds.

        What was not changed is not written back: for a moment another thread would find it empty.
        """
        if id(value) in self._containers:
            return
        before = value.copy()
        self._containers[id(value)] = (value, before)

        def restore() -> None:
            if not same_content(value, before):
                refill(value, before)

        self.add(restore)

    def mapping(self, names: dict[str, Any]) -> None:
        """Remember the attributes of an object. What was not changed is not written back."""
        before = dict(names)

        def restore() -> None:
            for name in [name for name in names if name not in before]:
                del names[name]
            for name, value in before.items():
                if names.get(name, _MISSING) is not value:
                    names[name] = value

        self.add(restore)

    def container_state(self) -> list[tuple[Any, Any]]:
        """The remembered containers, each with a copy of what it holds now."""
        return [(value, value.copy()) for value, _ in self._containers.values()]

    def touched_containers(self) -> list[tuple[Any, Any]]:
        """The remembered containers that hold something else now, each with what it held."""
        return [(value, before) for value, before in self._containers.values() if not same_content(value, before)]


def refill(value: Any, held: Any) -> None:
    """Have a list, dict, set, or one of their kin, hold something else."""
    if isinstance(value, list):
        value[:] = held
        return
    value.clear()
    if isinstance(value, deque):
        value.extend(held)
    else:
        value.update(held)


def same_content(value: Any, before: Any) -> bool:
    """Identity, never equality: an element's ``__eq__`` is plugin code."""
    if len(value) != len(before):
        return False
    if isinstance(value, dict):
        return all(map(is_, value, before)) and all(map(is_, value.values(), before.values()))
    if isinstance(value, set):  # the copy of a set may have another order
        return set(map(id, value)) == set(map(id, before))
    return all(map(is_, value, before))
