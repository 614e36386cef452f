"""Does a decorator keep what it is given nowhere but in its result?

Then it may run again, and what it decorated may go. Its source is read, as far as a decoration runs it, and that of the
plugin's functions that it calls. Whatever is not known to keep nothing is taken to keep something: stores into objects
that are not its own, calls of unknown functions with anything, operators that a class may define.
"""

from __future__ import annotations

import abc
import ast
import asyncio
import builtins
import contextlib
import dataclasses
import enum
import functools
import inspect
import typing
from collections.abc import Iterator
from dataclasses import dataclass
from types import BuiltinFunctionType, FunctionType, MethodType, ModuleType, WrapperDescriptorType
from typing import Any

from mpdt_hooks.inert import function_node
from mpdt_hooks.names import dotted

_DEPTH = 4  # of calls that are followed
_DECORATORS = (
    *(property, staticmethod, classmethod, functools.cached_property, functools.lru_cache, functools.cache),
    *(functools.wraps, functools.singledispatch, functools.total_ordering, functools.partial),
    *(contextlib.contextmanager, contextlib.asynccontextmanager, abc.abstractmethod, typing.overload, typing.final),
    *(getattr(typing, "override", property), typing.runtime_checkable, typing.no_type_check),
    *(dataclasses.dataclass, enum.unique, enum.property),
)
_FUNCTIONS = (
    *(functools.update_wrapper, typing.cast, asyncio.iscoroutinefunction, typing.get_type_hints),
    *(isinstance, issubclass, callable, getattr, hasattr, len, repr, id, hash, sorted, min, max, any, all, iter),
)
_NAMES = frozenset({"__name__", "__qualname__", "__module__", "__doc__"})
_Def = ast.FunctionDef | ast.AsyncFunctionDef


def leaves_no_trace(name: str, value: Any, *, called: bool) -> bool:
    """Whether a decorator keeps nothing of what it is given but in its result, so that the definition may go.

    ``name`` is how the source spells it: the parts of a property (``@x.setter``) are made by the property itself.
    ``called``: it stands there with arguments, so that what it returns is the decorator.
    """
    if name.rpartition(".")[2] in ("setter", "getter", "deleter"):
        return True
    if any(value is one for one in _DECORATORS):
        return True
    if getattr(getattr(value, "__func__", value), "__module__", "").startswith("pydantic."):
        return True  # validators and serializers are collected from the class
    if issubclass(type(value), type):
        return not called and _class_keeps_nothing(value, _DEPTH)
    if issubclass(type(value), MethodType) and isinstance(value.__func__, FunctionType):
        return _keeps_nothing(value.__func__, _DEPTH, called=called, bound=True)
    return isinstance(value, FunctionType) and _keeps_nothing(value, _DEPTH, called=called)


def _keeps_nothing(function: FunctionType, depth: int, *, called: bool = False, bound: bool = False) -> bool:
    """``bound``: its first parameter is an object of its own, and not what is decorated."""
    node = function_node(function.__code__)
    if node is None or depth == 0:
        return False
    scope = _Scope(_names(function), _defining_class(function), depth)
    return _runs_without_trace(node, scope, called=called, bound=bound)


def _runs_without_trace(node: _Def, scope: _Scope, *, called: bool, bound: bool = False) -> bool:
    executed = list(_executed(node.body))
    arguments = [*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs][1 if bound else 0 :]
    own = _fresh_names(executed) | (set() if called else {a.arg for a in arguments})
    inner = {one.name: one for one in executed if isinstance(one, _Def)}
    look = _Look(scope, own, inner)
    if not all(look.is_harmless(one) for one in executed):
        return False
    if not called:
        return True
    returned = [one.value for one in executed if isinstance(one, ast.Return)]
    return bool(returned) and all(look.gives_harmless_decorator(value) for value in returned)


def _class_keeps_nothing(cls: type, depth: int) -> bool:
    """Whether making an instance keeps nothing of the arguments but in the instance."""
    if type(cls) is not type:
        return False
    for name in ("__new__", "__init__"):
        found = next(vars(base)[name] for base in cls.__mro__ if name in vars(base))
        function = getattr(found, "__func__", found)
        if isinstance(function, FunctionType):
            if not _keeps_nothing(function, depth - 1):
                return False
        elif not isinstance(found, BuiltinFunctionType | WrapperDescriptorType):
            return False
    return True


@dataclass(frozen=True, slots=True)
class _Scope:
    names: dict[str, Any]
    owner: type | None  # the class that defines the function, for ``super()``
    depth: int


@dataclass(frozen=True, slots=True)
class _Look:
    """Judges one node at a time of what runs."""

    scope: _Scope
    own: set[str]  # names of what is made here, or decorated: setting their attributes leaves no trace elsewhere
    inner: dict[str, _Def]

    def is_harmless(self, node: ast.AST) -> bool:
        match node:
            case ast.Global() | ast.Nonlocal() | ast.AugAssign() | ast.With() | ast.AsyncWith() | ast.ClassDef():
                return False
            case ast.Await() | ast.Yield() | ast.YieldFrom() | ast.Match():
                return False
            case ast.Attribute(value=base, ctx=ast.Store() | ast.Del()):
                return isinstance(base, ast.Name) and base.id in self.own
            case ast.Subscript(value=base, ctx=ast.Store() | ast.Del()):
                return isinstance(base, ast.Name) and base.id in self.own
            case ast.Subscript(slice=key):
                return not any(isinstance(one, ast.Name) and one.id in self.own for one in _values(key))
            case ast.BinOp(left=left, right=right):
                return _is_text(left) and _is_text(right)
            case ast.Compare(left=left, ops=ops, comparators=others):
                plain = all(isinstance(op, ast.Is | ast.IsNot) for op in ops)
                return plain or not any(isinstance(one, ast.Name) and one.id in self.own for one in (left, *others))
            case ast.FunctionDef(decorator_list=decorators) | ast.AsyncFunctionDef(decorator_list=decorators):
                return all(isinstance(one, ast.Call) or self._is_harmless_callee(one) for one in decorators)
            case ast.Call(func=func):
                return self._is_harmless_callee(func)
        return True

    def gives_harmless_decorator(self, value: ast.expr | None) -> bool:
        """Whether what is returned is a function that was made here, or what another such function returns."""
        match value:
            case ast.Name(id=name) if name in self.inner:
                return _runs_without_trace(self.inner[name], self.scope, called=False)
            case ast.Call(func=ast.Name(id=name)) if name not in {*self.own, *self.inner}:
                maker = self._resolve(name)
                return isinstance(maker, FunctionType) and _keeps_nothing(maker, self.scope.depth - 1, called=True)
        return False

    def _is_harmless_callee(self, func: ast.expr) -> bool:
        match func:
            case ast.Name(id=name) if name in self.inner:
                return self.scope.depth > 0 and _runs_without_trace(self.inner[name], self._deeper(), called=False)
            case ast.Name(id="super"):
                return True
            case ast.Attribute(value=ast.Call(func=ast.Name(id="super"), args=[]), attr=attr):
                return self._is_harmless_super(attr)
            case ast.Attribute(value=value, attr=attr) if _is_text(value):
                return attr not in _NAMES  # a method of a str
        name = dotted(func)
        return bool(name) and name.partition(".")[0] not in self.own and self._is_harmless_value(self._resolve(name))

    def _is_harmless_value(self, value: Any) -> bool:
        if any(value is one for one in (*_DECORATORS, *_FUNCTIONS)):
            return True
        if isinstance(value, FunctionType):
            return value.__module__ == "inspect" or _keeps_nothing(value, self.scope.depth - 1)
        if issubclass(type(value), type):
            return value.__module__ == "builtins" or _class_keeps_nothing(value, self.scope.depth - 1)
        return False

    def _is_harmless_super(self, attr: str) -> bool:
        owner = self.scope.owner
        if owner is None:
            return False
        found = next((vars(base)[attr] for base in owner.__mro__[1:] if attr in vars(base)), None)
        if isinstance(found, FunctionType):
            return _keeps_nothing(found, self.scope.depth - 1)
        return isinstance(found, WrapperDescriptorType) and attr == "__init__"

    def _resolve(self, name: str) -> Any:
        """Through modules and classes; an attribute of another object may be made when it is looked up."""
        head, *rest = name.split(".")
        value = self.scope.names.get(head, getattr(builtins, head, None))
        for part in rest:
            if not issubclass(type(value), ModuleType | type):
                return None
            value = inspect.getattr_static(value, part, None)
        return value

    def _deeper(self) -> _Scope:
        return _Scope(self.scope.names, self.scope.owner, self.scope.depth - 1)


def _names(function: FunctionType) -> dict[str, Any]:
    names = dict(function.__globals__)
    for name, cell in zip(function.__code__.co_freevars, function.__closure__ or (), strict=True):
        try:
            names[name] = cell.cell_contents
        except ValueError:  # not bound yet
            names.pop(name, None)
    return names


def _defining_class(function: FunctionType) -> type | None:
    owner = _names(function).get("__class__")
    return owner if isinstance(owner, type) else None


def _executed(body: list[ast.stmt]) -> Iterator[ast.AST]:
    """The nodes that run when a function's body does: of functions in it their heads, of lambdas their defaults."""
    pending: list[ast.AST] = list(body)
    while pending:
        node = pending.pop()
        yield node
        match node:
            case ast.FunctionDef() | ast.AsyncFunctionDef():
                pending += [*node.decorator_list, node.args, *([node.returns] if node.returns else [])]
            case ast.Lambda():
                pending.append(node.args)
            case _:
                pending.extend(ast.iter_child_nodes(node))


def _fresh_names(executed: list[ast.AST]) -> set[str]:
    """Names that this run alone binds, and only to what it makes: functions, displays."""
    made = {one.name for one in executed if isinstance(one, _Def)}
    other: set[str] = set()
    displays = (ast.Dict, ast.List, ast.Set, ast.Lambda, ast.DictComp, ast.ListComp, ast.SetComp)
    for one in executed:
        if isinstance(one, ast.Assign) and len(one.targets) == 1 and isinstance(one.targets[0], ast.Name):
            (made if isinstance(one.value, displays) else other).add(one.targets[0].id)
        elif isinstance(one, ast.For | ast.comprehension | ast.NamedExpr | ast.AnnAssign):
            other |= {n.id for n in ast.walk(one.target) if isinstance(n, ast.Name)}
        elif isinstance(one, ast.Assign):
            other |= {n.id for target in one.targets for n in ast.walk(target) if isinstance(n, ast.Name)}
    return made - other


def _values(node: ast.expr) -> list[ast.expr]:
    return list(node.elts) if isinstance(node, ast.Tuple) else [node]


def _is_text(node: ast.expr) -> bool:
    """Whether an expression is a str, whatever is decorated: its name, a constant, a formatted string."""
    match node:
        case ast.Constant(value=str()) | ast.JoinedStr():
            return True
        case ast.Attribute(attr=attr):
            return attr in _NAMES
        case ast.BinOp(left=left, op=ast.Add(), right=right):
            return _is_text(left) and _is_text(right)
    return False
