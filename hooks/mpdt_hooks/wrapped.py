"""The functions in a function that it only makes, and returns: they do not run when it is called. Pure.

What a decorator's wrapper uses is used when the wrapper is called; it does not matter for what decorating gives.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator

from mpdt_hooks.names import dotted

Inner = ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda
# Calls that keep a function in what they return, or give it attributes, and do not call it.
_KEEPERS = frozenset({"wraps", "update_wrapper", "cast", "staticmethod", "classmethod"})


def only_wrapped(function: ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda) -> list[Inner]:
    """The functions in a function that it returns, or hands to what only keeps them, and uses in no other way."""
    if isinstance(function, ast.Lambda):
        return []
    kept = set(_kept(function))
    found: list[Inner] = []
    for inner in _inner(function):
        if isinstance(inner, ast.Lambda):
            if id(inner) in kept:
                found.append(inner)
        elif not any(_is_local(one, function) for one in inner.decorator_list) and all(
            id(node) in kept
            for node in ast.walk(function)
            if isinstance(node, ast.Name) and node.id == inner.name and isinstance(node.ctx, ast.Load)
        ):
            found.append(inner)
    return found


def decorators(functions: Iterable[Inner]) -> set[str]:
    """What the functions are decorated with, as dotted names: it must not call them. "" stands for what has no name."""
    nodes = [one for inner in functions if not isinstance(inner, ast.Lambda) for one in inner.decorator_list]
    return {dotted(one.func if isinstance(one, ast.Call) else one) for one in nodes}


def keepers(function: ast.AST) -> set[str]:
    """What a function calls that is called like a keeper: it may be another of that name."""
    calls = (node.func for node in ast.walk(function) if isinstance(node, ast.Call))
    return {dotted(func) for func in calls if _is_keeper(func) and dotted(func)}


def _is_local(decorator: ast.expr, function: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    """Whether a decorator is something that the function makes, or is handed."""
    arguments = function.args
    every = [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs, arguments.vararg, arguments.kwarg]
    local = {one.arg for one in every if one is not None}
    local |= {one.id for one in ast.walk(function) if isinstance(one, ast.Name) and isinstance(one.ctx, ast.Store)}
    local |= {one.name for one in _inner(function) if not isinstance(one, ast.Lambda)}
    name = dotted(decorator.func if isinstance(decorator, ast.Call) else decorator)
    return not name or name.partition(".")[0] in local


def _inner(function: ast.FunctionDef | ast.AsyncFunctionDef) -> Iterator[Inner]:
    """The functions in a function, not those in these or in classes."""
    pending: list[ast.AST] = list(function.body)
    while pending:
        node = pending.pop()
        if isinstance(node, Inner):
            yield node
        elif not isinstance(node, ast.ClassDef):
            pending.extend(ast.iter_child_nodes(node))


def _kept(function: ast.FunctionDef | ast.AsyncFunctionDef) -> Iterator[int]:
    """The expressions, by id, that are only returned, handed to keepers, or given attributes."""
    for node in ast.walk(function):
        match node:
            case ast.Return(value=ast.expr() as value) | ast.Expr(value=ast.Call() as value):
                yield from _kept_in(value, is_returned=isinstance(node, ast.Return))
            case ast.Attribute(value=value, ctx=ast.Store()):
                yield id(value)


def _kept_in(value: ast.expr, *, is_returned: bool) -> Iterator[int]:
    """``return cast(F, update_wrapper(wrapper, f))``: what stands at the end of keepers' calls."""
    if is_returned:
        yield id(value)
    if isinstance(value, ast.Call) and _is_keeper(value.func):
        for argument in value.args:
            yield from _kept_in(argument, is_returned=True)


def _is_keeper(node: ast.expr) -> bool:
    """``wraps``, ``functools.wraps(f)``: what is handed to it is kept and not called."""
    if isinstance(node, ast.Call):
        node = node.func
    return dotted(node).rpartition(".")[2] in _KEEPERS
