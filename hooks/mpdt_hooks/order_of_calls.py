"""Do two calls leave the same, whichever comes first, apart from the order in which a container holds things?

A definition that is put before others registers itself after them. Where its decorator only adds to a list or table,
the patch puts that into order (``registries.py``). One that looks at what is there already, keeps the first or the
last, or sorts, has told the others apart by their order. Read from the source of the plugin's own functions.
"""

from __future__ import annotations

import ast
from collections.abc import Collection, Iterable, Iterator
from types import FunctionType, MethodType
from typing import Any

from mpdt_hooks.inert import function_node
from mpdt_hooks.names import dotted
from mpdt_hooks.traces import SORTERS, counts, executed_by, made_here, resolved, root_of

_DEPTH = 6  # of calls that are followed
_MAKERS = ("__new__", "__init__", "__post_init__", "model_post_init")
_ADDING = frozenset({"append", "add", "extend", "update", "register", "__setitem__"})
_SORTING = frozenset(
    {"insert", "appendleft", "extendleft", "pop", "popitem", "popleft", "remove", "discard", "clear", "sort", "reverse"}
)
_SAYING = frozenset({"debug", "info", "warning", "error", "critical", "exception", "log", "print"})
_DISPLAYS = (ast.Dict, ast.List, ast.Set, ast.Call)
_Def = ast.FunctionDef | ast.AsyncFunctionDef


def depends_on_order(value: Any, modules: Collection[str], *, within: bool = False, depth: int = _DEPTH) -> bool:
    """Whether calling it before or after another call leaves something else. ``within``: what it returns is called."""
    if issubclass(type(value), type):
        makers = [one for one in (getattr(value, name, None) for name in _MAKERS) if isinstance(one, FunctionType)]
        return any(_depends(one, modules, within, depth, own={"self"}) for one in makers)
    function = value.__func__ if isinstance(value, MethodType) else value
    if not isinstance(function, FunctionType) and type(value).__module__ in modules:
        function = vars(type(value)).get("__call__")  # an object of the plugin's
    return isinstance(function, FunctionType) and _depends(function, modules, within, depth, own=set())


def is_told_in_order(bases: Iterable[type], modules: Collection[str]) -> bool:
    """Whether a hook of these classes, or of a metaclass among them, leaves something else if another comes first."""
    hooks: list[Any] = []
    for base in bases:
        meta = base if issubclass(base, type) else type(base)
        hooks += [getattr(getattr(base, "__init_subclass__", None), "__func__", None)]
        hooks += [getattr(meta, name, None) for name in ("__new__", "__init__")]
    own = {"cls", "self"}
    return any(isinstance(one, FunctionType) and _depends(one, modules, False, _DEPTH, own) for one in hooks)


def _depends(function: FunctionType, modules: Collection[str], within: bool, depth: int, own: set[str]) -> bool:
    """``own``: what the call has made itself."""
    node = function_node(function.__code__) if function.__module__ in modules and depth else None
    if node is None:
        return False
    executed = list(executed_by(node))
    functions: list[_Def] = [node]
    if within:
        functions += [one for one in executed if isinstance(one, _Def)]
        executed += [inner for one in functions[1:] for inner in executed_by(one)]
    local = own | made_here(executed) | {name for one in functions for name in _arguments(one)}
    passed_over = {id(part) for one in executed for part in _passed_over(one)}
    added_to = {name for one in executed for name in _added_to(one, local)}
    for one in executed:
        if _tells_order(one, local) or (id(one) not in passed_over and _is_read(one, added_to)):
            return True
        if isinstance(one, ast.Call):
            called = resolved(dotted(one.func), function)
            if called is not function and (depends_on_order(called, modules, depth=depth - 1)):
                return True
    return counts(function, modules)


def _arguments(node: _Def) -> Iterator[str]:
    """The parameters, without an object's or a class's own: that is there for the next call."""
    every = [*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs, node.args.vararg, node.args.kwarg]
    yield from (one.arg for one in every if one is not None and one.arg not in ("self", "cls"))


def _tells_order(node: ast.AST, local: Collection[str]) -> bool:
    match node:
        case ast.Global() | ast.Nonlocal():
            return True
        case ast.Call(func=func, args=[base, *_]) if dotted(func).rpartition(".")[2] in SORTERS:
            return root_of(base) not in local
        case ast.Attribute(value=base, ctx=ast.Store() | ast.Del()) | ast.Subscript(value=base, ctx=ast.Del()):
            return root_of(base) not in local
        case ast.Call(func=ast.Name(id="setattr" | "delattr"), args=[base, *_]):
            return root_of(base) not in local
        case ast.Call(func=ast.Attribute(value=base, attr=attr)) if attr in _SORTING:
            return root_of(base) not in local
        case ast.Call(func=ast.Attribute(value=base, attr="setdefault"), args=[_, default]):
            return root_of(base) not in local and not isinstance(default, _DISPLAYS)
    return False


def _added_to(node: ast.AST, local: Collection[str]) -> Iterator[str]:
    """The names of the containers that a node adds to."""
    match node:
        case ast.Call(func=ast.Attribute(value=base, attr=attr)) if attr in _ADDING or attr == "setdefault":
            pass
        case ast.Subscript(value=base, ctx=ast.Store()):
            pass
        case _:
            return
    while isinstance(base, ast.Subscript | ast.Call):
        base = base.value if isinstance(base, ast.Subscript) else getattr(base.func, "value", ast.Constant(None))
    if root_of(base) not in local and dotted(base):
        yield dotted(base)


def _is_read(node: ast.AST, names: Collection[str]) -> bool:
    return isinstance(node, ast.Name | ast.Attribute) and isinstance(node.ctx, ast.Load) and dotted(node) in names


def _passed_over(node: ast.AST) -> Iterable[ast.AST]:
    """The parts of a node in which a container is only added to, or looked at to no effect on what is left."""
    match node:
        case ast.Call(func=ast.Attribute(value=base, attr=attr)) if attr in _ADDING or attr == "setdefault":
            return ast.walk(base)
        case ast.Subscript(value=base, ctx=ast.Store()):
            return ast.walk(base)
        case ast.If(test=test, body=body, orelse=[]) if all(map(_only_checks, body)):
            return ast.walk(test)
        case ast.Assert(test=test):
            return ast.walk(test)
        case ast.Expr(value=ast.Call(func=func)) if dotted(func).rpartition(".")[2] in _SAYING:
            return ast.walk(node)
    return ()


def _only_checks(node: ast.stmt) -> bool:
    """``raise``, a word to the log, or a container that is made for a key: ``X[key] = []``."""
    match node:
        case ast.Raise():
            return True
        case ast.Expr(value=ast.Call(func=func)):
            return dotted(func).rpartition(".")[2] in _SAYING
        case ast.Assign(targets=[ast.Subscript()], value=value):
            return isinstance(value, _DISPLAYS)
    return False
