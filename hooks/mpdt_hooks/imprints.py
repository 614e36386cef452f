"""What making an instance leaves in objects that are not its own, in words that can be compared.

An instance is kept when its class is edited. If its ``__init__``, or what that calls, now notes it somewhere else, sets
a name of its module or counts on, a fresh process has that and this one has not. So the source is read before and
after the patch: what is left, under which conditions, and what the values in it are made of.
"""

from __future__ import annotations

import ast
import inspect
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from types import FunctionType
from typing import Any

from mpdt_hooks.inert import function_node
from mpdt_hooks.live import own_attributes
from mpdt_hooks.names import dotted
from mpdt_hooks.static import unwrapped
from mpdt_hooks.traces import (
    CHANGES,
    arguments_of,
    bound_only_to,
    executed_by,
    made_here,
    resolved,
    root_of,
    without_copies,
)

_MAKERS = ("__new__", "__init__", "__post_init__", "model_post_init")
_DEPTH = 8  # of calls that are followed
_PLAIN = (str, bytes, int, float, bool, type(None), tuple, frozenset)
_BODIES = ("body", "orelse", "finalbody", "handlers", "cases")


def imprint(
    statement: ast.stmt, names: dict[str, Any], modules: Collection[str], alone: Collection[str] = ()
) -> frozenset[str]:
    """What the instances that a statement of a module makes leave behind; ``names``: those of the module.

    ``alone``: the callees that are handed nothing that anybody else has.
    """
    reader = _Reader(modules)
    made = {id(one): one for one in (names.get(name) for name in _names_bound(statement)) if one is not None}
    for call in ast.walk(statement):
        cls = _looked_up(dotted(call.func), names) if isinstance(call, ast.Call) else None
        if isinstance(call, ast.Call) and isinstance(cls, type):
            reader.read_class(
                cls, next((one for one in made.values() if type(one) is cls), None), _DEPTH, dotted(call.func) in alone
            )
    return frozenset(reader.told())


def _names_bound(statement: ast.stmt) -> Iterator[str]:
    yield from (one.id for one in ast.walk(statement) if isinstance(one, ast.Name) and isinstance(one.ctx, ast.Store))


def _looked_up(name: str, names: dict[str, Any]) -> Any:
    head, *rest = name.split(".")
    found = names.get(head)
    for part in rest:
        found = None if found is None else inspect.getattr_static(found, part, None)
    return found


@dataclass(frozen=True, slots=True)
class _Call:
    """A function as it is called: whose it is, and whether its first argument is the instance in the making."""

    function: FunctionType
    node: ast.FunctionDef
    owner: type | None
    instance: Any
    own: bool
    depth: int

    @property
    def first(self) -> str:
        arguments = [*self.node.args.posonlyargs, *self.node.args.args]
        return arguments[0].arg if arguments else ""


@dataclass(slots=True)
class _Reader:
    modules: Collection[str]
    found: list[tuple[_Call, str, ast.stmt]] = field(default_factory=list)
    given: dict[str, list[str]] = field(default_factory=dict)  # by attribute: what the instance is given
    seen: set[tuple[str, int, bool]] = field(default_factory=set)

    def told(self) -> Iterator[str]:
        for call, under, statement in self.found:
            parts = [f"{under}{ast.dump(statement)}", *sorted(self._made_of(call, statement))]
            yield "\n".join(parts)

    def read_class(self, cls: type, instance: Any, depth: int, alone: bool = False) -> None:
        if cls.__module__ not in self.modules:
            return
        for name in _MAKERS:
            self.read(inspect.getattr_static(cls, name, None), cls, instance, depth, own=True, alone=alone)

    def read(
        self, value: Any, owner: type | None, instance: Any, depth: int, *, own: bool, alone: bool = False
    ) -> None:
        function = unwrapped(value)
        if hasattr(type(function), "cache_parameters"):  # of ``lru_cache``
            function = function.__wrapped__
        if not isinstance(function, FunctionType) or function.__module__ not in self.modules or not depth:
            return
        code = function.__code__
        key = (code.co_filename, code.co_firstlineno, own)
        node = function_node(code) if key not in self.seen and not code.co_filename.startswith("<") else None
        self.seen.add(key)
        if node is not None:
            call = _Call(function, node, owner, instance, own and not isinstance(value, classmethod), depth)
            self._read_body(call, alone)

    def _read_body(self, call: _Call, alone: bool) -> None:
        executed = tuple(executed_by(call.node))
        local = made_here(executed) | bound_only_to(executed, _is_new)
        local |= {call.first} if call.own and call.node.name != "__new__" else set()
        local |= arguments_of(call.node) - {call.first} if alone else set()
        declared = {name for one in executed if isinstance(one, ast.Global) for name in one.names}
        changing = without_copies(call.node, executed, call.function, call.owner)
        leaving = {id(one) for one in changing if _leaves(one, call, local, declared)}
        for under, statement in _statements(call.node.body, ""):
            self._read_statement(call, under, statement, local, leaving)

    def _read_statement(self, call: _Call, under: str, statement: ast.stmt, local: set[str], leaving: set[int]) -> None:
        nodes = tuple(_nodes(statement))
        for one in nodes:
            match one:
                case ast.Attribute(value=ast.Name(id=name), attr=attr, ctx=ast.Store()) if name in local:
                    self.given.setdefault(attr, []).append(ast.dump(statement))
                case ast.Call(func=func):
                    self._follow(call, func)
        if any(id(one) in leaving for one in nodes):
            self.found.append((call, under, statement))

    def _follow(self, call: _Call, func: ast.expr) -> None:
        depth = call.depth - 1
        match func:
            case ast.Attribute(value=ast.Name(id=name), attr=attr) if name == call.first and call.owner is not None:
                method = inspect.getattr_static(call.owner, attr, None)
                own = call.own and not isinstance(method, classmethod | staticmethod)
                self.read(method, call.owner, call.instance, depth, own=own)
            case ast.Attribute(value=ast.Call(func=ast.Name(id="super")), attr=attr) if call.owner is not None:
                self.read(_above(call, attr), call.owner, call.instance, depth, own=call.own)
            case ast.Attribute(value=ast.Attribute(value=ast.Name(id=name), attr=held), attr=attr) if (
                name == call.first and call.instance is not None
            ):
                part = own_attributes(call.instance).get(held)
                self.read(inspect.getattr_static(type(part), attr, None), type(part), part, depth, own=False)
            case _:
                called = resolved(dotted(func), call.function)
                if isinstance(called, type):
                    self.read_class(called, None, depth)
                elif called is not None:
                    owner, instance = _receiver(func, call.function)
                    self.read(called, owner, instance, depth, own=False)

    def _made_of(self, call: _Call, statement: ast.stmt) -> Iterator[str]:
        """What the values in a statement come from: constants, assignments, and the functions that it calls."""
        for one in _nodes(statement):
            match one:
                case ast.Attribute(value=ast.Name(id=name), attr=attr) if name == call.first and call.owner is not None:
                    yield from self.given.get(attr, ())
                    yield from _shown(inspect.getattr_static(call.owner, attr, None), f".{attr}")
                case ast.Name(id=name, ctx=ast.Load()):
                    yield from _assigned(call.node, name)
                    yield from _shown(resolved(name, call.function), name)
                case ast.Attribute():
                    yield from _shown(resolved(dotted(one), call.function), ast.dump(one))


def _receiver(func: ast.expr, function: FunctionType) -> tuple[type | None, Any]:
    """Whose method is called, if that is an object which the function finds by its names."""
    held = resolved(dotted(func.value), function) if isinstance(func, ast.Attribute) else None
    if held is None or isinstance(held, type):
        return held, None
    return type(held), held


def _above(call: _Call, name: str) -> Any:
    """What ``super()`` finds in a method of one of the classes that an instance inherits from."""
    assert call.owner is not None
    order = call.owner.__mro__
    home = next((at for at, cls in enumerate(order) if call.function in map(unwrapped, vars(cls).values())), 0)
    return next((vars(cls)[name] for cls in order[home + 1 :] if name in vars(cls)), None)


def _shown(value: Any, name: str) -> Iterator[str]:
    if type(value) in _PLAIN:
        yield f"{name} = {value!r}"
    function = value.fget if isinstance(value, property) else unwrapped(value)
    node = function_node(function.__code__) if isinstance(function, FunctionType) else None
    if node is not None:
        yield f"{name}: {[ast.dump(one) for one in node.body]}"


def _assigned(node: ast.FunctionDef, name: str) -> Iterator[str]:
    for one in executed_by(node):
        match one:
            case ast.Assign(targets=[ast.Name(id=bound)]) if bound == name:
                yield ast.dump(one)


def _is_new(value: ast.expr) -> bool:
    """``super().__new__(cls)``"""
    return isinstance(value, ast.Call) and isinstance(value.func, ast.Attribute) and value.func.attr == "__new__"


def _leaves(node: ast.AST, call: _Call, local: set[str], declared: set[str]) -> bool:
    match node:
        case ast.Name(id=name, ctx=ast.Store() | ast.Del()):
            return name in declared
        case ast.Attribute(value=base, ctx=ast.Store() | ast.Del()):
            deeper = call.node.name == "__new__" and not isinstance(base, ast.Name) and root_of(base) == call.first
            return (root_of(base) not in local or _leads_to_class(base)) and not deeper
        case ast.Subscript(value=base, ctx=ast.Store() | ast.Del()):
            return root_of(base) not in local or _is_of_class(base, call)
        case ast.Call(func=ast.Name(id="setattr" | "delattr"), args=[target, *_]):
            return root_of(target) not in local or _leads_to_class(target)
        case ast.Call(func=ast.Attribute(value=base, attr=attr)) if attr in CHANGES:
            return root_of(base) not in local or _is_of_class(base, call)
    return False


def _leads_to_class(node: ast.expr) -> bool:
    """``self.__class__``"""
    return isinstance(node, ast.Attribute) and node.attr == "__class__"


def _is_of_class(node: ast.expr, call: _Call) -> bool:
    """``self.all`` where ``all`` is the class's."""
    match node:
        case ast.Attribute(value=ast.Name(id=name), attr=attr) if name == call.first and call.owner is not None:
            return not isinstance(inspect.getattr_static(call.owner, attr, None), type(None) | property)
    return any(_leads_to_class(one) for one in ast.walk(node) if isinstance(one, ast.expr))


def _statements(body: list[Any], under: str) -> Iterator[tuple[str, ast.stmt]]:
    """The statements of a function, each with the conditions under which it runs."""
    for statement in body:
        yield under, statement
        for name in _BODIES:
            inner = getattr(statement, name, None)
            if isinstance(inner, list) and not isinstance(statement, ast.FunctionDef | ast.ClassDef):
                for one in inner if name in ("handlers", "cases") else [statement]:
                    head = f"{under}{name} of {_head(statement)}: "
                    yield from _statements(one.body if one is not statement else inner, head)


def _head(statement: ast.stmt) -> str:
    parts = (value for name, value in ast.iter_fields(statement) if name not in _BODIES)
    return " ".join(ast.dump(part) for part in parts if isinstance(part, ast.AST))


def _nodes(statement: ast.stmt) -> Iterator[ast.AST]:
    """The nodes of a statement that run when it does, without the statements in it."""
    pending: list[ast.AST] = [statement]
    while pending:
        node = pending.pop()
        yield node
        inner = (one for one in ast.iter_child_nodes(node) if not isinstance(one, ast.stmt | ast.ExceptHandler))
        pending += (one for one in inner if not isinstance(one, ast.Lambda | ast.match_case))
