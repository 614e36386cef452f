"""Class decorators that do nothing but set attributes of the class, always the same ones.

    @section("general", title="General")
    class General(Section): ...

With other arguments such a decorator can be applied again, to the live class: it overwrites all that it set before.
Its source is read; what cannot be read does more.
"""

from __future__ import annotations

import ast
import enum
import inspect
from collections.abc import Mapping, Sequence
from types import FunctionType
from typing import Any

from mpdt_hooks.inert import function_node
from mpdt_hooks.live import resolve
from mpdt_hooks.names import dotted
from mpdt_hooks.sentence import said
from mpdt_hooks.undo import UndoLog

_SETTERS: tuple[Any, ...] = (object.__setattr__, type.__setattr__, enum.EnumMeta.__setattr__)
_QUIET = (ast.Name, ast.Constant, ast.BoolOp, ast.IfExp, ast.Tuple, ast.expr_context, ast.boolop)


class CannotMark(Exception):
    """Says why; the argument is the end of a sentence."""


def marked_attributes(cls: type, decorators: Sequence[ast.expr], names: Mapping[str, Any]) -> set[str]:
    """The attributes that the decorators set. Raises CannotMark if one of them may do more."""
    if type(cls).__setattr__ not in _SETTERS:
        raise CannotMark(said("{metaclass} acts when an attribute is set", metaclass=type(cls).__name__))
    found: set[str] = set()
    for decorator in decorators:
        called = isinstance(decorator, ast.Call)
        name = dotted(decorator.func if isinstance(decorator, ast.Call) else decorator)
        value = resolve(name, names) if name else None
        attributes = _attributes(value, called=called) if isinstance(value, FunctionType) else None
        if attributes is None:
            raise CannotMark(said("@{name} may do more than set attributes", name=name or "..."))
        found |= attributes
    for attribute in sorted(found):
        if inspect.isdatadescriptor(inspect.getattr_static(type(cls), attribute, None)):  # ``__name__``, ``__bases__``
            raise CannotMark(said("{attribute} is no attribute like others", attribute=attribute))
    return found


def mark(cls: type, decorators: Sequence[ast.expr], names: dict[str, Any], undo: UndoLog) -> None:
    """Apply the decorators to the live class. Raises what their arguments raise."""
    undo.class_namespace(cls)
    made = [eval(compile(ast.Expression(one), "<decorator>", "eval", dont_inherit=True), names) for one in decorators]
    for decorate in reversed(made):
        decorate(cls)


def _attributes(function: FunctionType, *, called: bool) -> set[str] | None:
    node = function_node(function.__code__)
    if node is None or function.__code__.co_freevars:
        return None
    if not called:
        return _set_by(node)
    match _without_docstring(node):
        case [ast.FunctionDef() as inner, ast.Return(value=ast.Name(id=name))] if inner.name == name:
            return _set_by(inner)
    return None


def _set_by(node: ast.FunctionDef) -> set[str] | None:
    """The attributes that a function sets on its one argument, which it returns; None if it does anything else."""
    if node.decorator_list or len(node.args.args) != 1 or node.args.vararg or node.args.kwarg or node.args.kwonlyargs:
        return None
    subject = node.args.args[0].arg
    found: set[str] = set()
    *body, last = _without_docstring(node) or [ast.Pass()]
    if not (isinstance(last, ast.Return) and isinstance(last.value, ast.Name) and last.value.id == subject):
        return None
    for statement in body:
        match statement:
            case ast.Assign(targets=[ast.Attribute(value=ast.Name(id=of), attr=attribute)], value=value) if (
                of == subject and _is_quiet(value, subject)
            ):
                found.add(attribute)
            case _:
                return None
    return found


def _is_quiet(value: ast.expr, subject: str) -> bool:
    nodes = list(ast.walk(value))
    return all(isinstance(node, _QUIET) and getattr(node, "id", "") != subject for node in nodes)


def _without_docstring(node: ast.FunctionDef) -> list[ast.stmt]:
    return node.body[1:] if ast.get_docstring(node, clean=False) is not None else node.body
