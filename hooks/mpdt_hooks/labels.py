"""Loops at top level that set one attribute on each of a module's exports.

    for name in __all__:
        setattr(locals()[name], "__module__", "library")

Such a loop acts, but doing it again changes nothing, so it may run again: on what was there, and on what is new. What
it no longer reaches would keep the attribute, which no fresh process gives it: then the edit is rude.
"""

from __future__ import annotations

import ast
import enum
from collections.abc import Iterable, Mapping
from types import FunctionType
from typing import Any

from mpdt_hooks.sentence import said
from mpdt_hooks.undo import UndoLog
from mpdt_hooks.written import NAMESPACE_CALLS, label_of

_REACHED = "__mpdt_reached__"
_PLAIN = (list, tuple, set, frozenset)
_SETTERS: tuple[Any, ...] = (object.__setattr__, type.__setattr__, enum.EnumMeta.__setattr__)
_MISSING: Any = object()


class CannotLabel(Exception):
    """Says why; the argument is a sentence."""


class Labels:
    """One such loop: what it reached before the transaction, and what it reaches when it runs."""

    def __init__(self, loop: ast.For, names: Mapping[str, Any]) -> None:
        """Raises CannotLabel. Nothing of the plugin's code runs: it looks names up in plain containers."""
        found = label_of(loop)
        assert found is not None
        self._attribute, self._loop = found, loop
        self._before = self._reached(names)

    def _reached(self, names: Mapping[str, Any]) -> list[Any]:
        iterable: Any = names.get(self._loop.iter.id) if isinstance(self._loop.iter, ast.Name) else ()
        if type(iterable) not in _PLAIN or any(type(item) is not str for item in iterable):
            raise CannotLabel(said("What it goes through is no list of names."))
        tree = ast.Module([_Collecting().visit(ast.parse(ast.unparse(self._loop)).body[0])], [])
        reached: list[Any] = []
        scope = {**names, _REACHED: reached}
        for node in ast.walk(self._loop):
            is_held = isinstance(node, ast.Subscript) and isinstance(node.value, ast.Name)
            if is_held and type(names.get(node.value.id)) is not dict:  # type: ignore[attr-defined]
                raise CannotLabel(said("What it looks names up in is no namespace."))
        try:
            exec(compile(ast.fix_missing_locations(tree), "<labels>", "exec"), scope)
        except KeyError as error:
            raise CannotLabel(said("It goes through {name}, which is not there.", name=str(error))) from None
        return reached

    def remember(self, names: Mapping[str, Any], undo: UndoLog) -> None:
        """Before the loop runs. Raises CannotLabel if running it may do more than set the attribute."""
        for value in self._reached(names):
            if type(value).__setattr__ not in _SETTERS:
                raise CannotLabel(
                    said("{kind} does something of its own when an attribute is set.", kind=type(value).__name__)
                )
            undo.add(_restoring(value, self._attribute))

    def check(self, names: Mapping[str, Any], spaces: Iterable[Mapping[str, Any]]) -> None:
        """After it ran. ``spaces``: the namespaces in which nothing may keep the attribute that a fresh one lacks."""
        after = {id(value) for value in self._reached(names)}
        gone = [value for value in self._before if id(value) not in after]
        held = {id(value) for space in spaces for value in list(space.values())} if gone else set()
        for value in gone:
            if id(value) in held:
                name = str(getattr(value, "__name__", type(value).__name__))
                raise CannotLabel(said("It no longer reaches {name}, which it has labelled.", name=name))


class _Collecting(ast.NodeTransformer):
    def visit_Call(self, node: ast.Call) -> ast.expr:
        if isinstance(node.func, ast.Name) and node.func.id == "setattr":
            keep = ast.Attribute(ast.Name(_REACHED, ast.Load()), "append", ast.Load())
            return ast.Call(keep, [self.visit(node.args[0])], [])
        if isinstance(node.func, ast.Name) and node.func.id in NAMESPACE_CALLS:
            return ast.Call(ast.Name("globals", ast.Load()), [], [])
        return node


def _restoring(value: Any, attribute: str) -> Any:
    if isinstance(value, FunctionType) and attribute == "__module__":
        held = value.__module__
        return lambda: setattr(value, attribute, held)
    before = vars(value).get(attribute, _MISSING)
    is_class = issubclass(type(value), type)
    put, drop = (type.__setattr__, type.__delattr__) if is_class else (object.__setattr__, object.__delattr__)

    def restore() -> None:
        if before is not _MISSING:
            put(value, attribute, before)
        elif attribute in vars(value):
            drop(value, attribute)

    return restore
