"""Does a decorator or hook only note the thing that it is given, or does it make something from what is in it?

One that returns what it was given, and at most stores it or sets attributes on it, has done the same work for the new
version as for the old: it need not run again. Its source is read; what cannot be read is not inert.
"""

from __future__ import annotations

import abc
import ast
import dataclasses
import enum
import inspect
import linecache
import sys
import textwrap
import typing
from collections.abc import Iterator, Mapping
from types import CodeType, FunctionType
from typing import Any

from mpdt_hooks.live import resolve
from mpdt_hooks.names import dotted
from mpdt_hooks.static import noted, unwrapped

_KNOWN = (dataclasses.dataclass, typing.final, typing.runtime_checkable, enum.unique, abc.ABCMeta.register)
_NAMES = frozenset({"__name__", "__qualname__", "__module__"})
_HIDDEN = frozenset({"eval", "exec", "locals"})  # they reach the subject without its name
_STORES = frozenset({"append", "add", "setdefault", "insert", "appendleft"})
_NODES: dict[tuple[str, int], tuple[object, ast.FunctionDef | None]] = {}  # by file and line, with the file's lines


def is_inert(value: Any) -> bool:
    """Whether a decorator or ``__init_subclass__`` makes nothing from the members of what it is given.

    A host marks its own, which look members up when they are needed, with ``__mpdt_inert__ = True``.
    """
    function = value if isinstance(value, type) else unwrapped(value)
    if any(one is known for one in (value, function) for known in _KNOWN) or noted(function, "__mpdt_inert__") is True:
        return True
    return isinstance(function, FunctionType) and _only_notes(function)


def only_keeps_arguments(value: Any) -> bool:
    """Whether a decorator with arguments, which is inert, does no more with them than to store them."""
    function = value if isinstance(value, type) else unwrapped(value)
    if not isinstance(function, FunctionType) or noted(function, "__mpdt_inert__") is True:
        return True
    node = function_node(function.__code__)
    if node is None:
        return False
    return all(_only_keeps(node, name) for name in _parameters(node))


def _parameters(node: ast.FunctionDef) -> Iterator[str]:
    args = node.args
    named = (*args.posonlyargs, *args.args, *args.kwonlyargs, args.vararg, args.kwarg)
    yield from (one.arg for one in named if one is not None)


def _only_keeps(node: ast.AST, name: str) -> bool:
    """Whether a name is only stored, or given back, wherever it is read."""
    kept: set[int] = set()
    for one in ast.walk(node):
        match one:
            case ast.Assign(value=value) | ast.AnnAssign(value=value) | ast.Return(value=value) if value is not None:
                kept |= set(map(id, displayed(value)))
            case ast.Call(func=ast.Attribute(attr=attr), args=args) if attr in _STORES:
                kept |= {id(part) for value in args for part in displayed(value)}
            case ast.Call(func=ast.Name(id="setattr"), args=[_, _, value]):
                kept |= set(map(id, displayed(value)))
            case ast.Subscript(slice=key, ctx=ast.Store()):
                kept.add(id(key))
            case ast.Attribute(value=ast.Name() as owner):  # ``self.handlers`` of a method
                kept |= {id(owner)} if owner.id == "self" else set()
    reads = (one for one in ast.walk(node) if isinstance(one, ast.Name) and one.id == name)
    return all(id(one) in kept for one in reads if isinstance(one.ctx, ast.Load))


def displayed(value: ast.expr) -> Iterator[ast.expr]:
    """An expression, and what a display puts into a container as it is."""
    yield value
    match value:
        case ast.Tuple(elts=elts) | ast.List(elts=elts) | ast.Set(elts=elts):
            for one in elts:
                yield from displayed(one)
        case ast.Dict(values=values):
            for one in values:
                yield from displayed(one)


def does_nothing(hook: Any) -> bool:
    """Whether an ``__init_subclass__`` leaves a class as it is and notes it nowhere: at most it calls its ``super()``.

    Then a class that has changed its bases needs no hook to be called for it, or taken back.
    """
    function = unwrapped(hook)
    if noted(function, "__mpdt_inert__") is True:
        return True
    node = function_node(function.__code__) if isinstance(function, FunctionType) else None
    return node is not None and all(map(_is_idle, node.body))


def _is_idle(statement: ast.stmt) -> bool:
    match statement:
        case ast.Pass() | ast.Expr(value=ast.Constant()):
            return True
        case ast.Expr(value=ast.Call(func=ast.Attribute(value=ast.Call(func=ast.Name(id="super")), attr=attr))):
            return attr == "__init_subclass__"
    return False


def function_node(code: CodeType) -> ast.FunctionDef | None:
    """The tree of a function's source; None if it cannot be read, or is none of ``def``.

    It is remembered for as long as the file's lines are the same, and until ``forget_sources``. The code itself is not
    held: every reference more looks as if somebody unknown held it (``holding.py``).
    """
    place = (code.co_filename, code.co_firstlineno)
    known = _NODES.get(place)
    if known is not None and known[0] is _lines_of(code.co_filename):
        return known[1]
    node = _read_function(code)
    _NODES[place] = (_lines_of(code.co_filename), node)
    return node


def forget_sources() -> None:
    """Let go of the trees of functions that have been read."""
    _NODES.clear()


def _lines_of(file: str) -> object:
    """The lines that ``linecache`` holds: one list until they are others."""
    entry = linecache.cache.get(file)
    return entry[2] if entry is not None and len(entry) > 1 else None


def _read_function(code: CodeType) -> ast.FunctionDef | None:
    try:
        lines = _block_of(code)
        tree = ast.parse(textwrap.dedent("".join(lines)))
    except (OSError, SyntaxError, TypeError):
        return None
    node = tree.body[0] if tree.body else None
    return node if isinstance(node, ast.FunctionDef) else None


def _block_of(code: CodeType) -> list[str]:
    """The lines of a definition. ``inspect`` looks at every loaded module first to find the one that it is from."""
    linecache.checkcache(code.co_filename)
    after = linecache.getlines(code.co_filename)[code.co_firstlineno - 1 :]
    if after and after[0].lstrip().startswith(("def ", "@", "async def ")):
        return inspect.getblock(after)
    return inspect.getsourcelines(code)[0]


def is_plain_object(node: ast.expr, around: Mapping[str, Any]) -> bool:
    """Whether what an expression leads to, in a module's names, is a library's, as far as a name leads to it.

    What is put into an object of the plugin's own may be looked into by that.
    """
    kept = resolve(dotted(node), around) if dotted(node) else None
    return kept is None or type(kept).__module__.partition(".")[0] in sys.stdlib_module_names


def _only_notes(function: FunctionType) -> bool:
    node = function_node(function.__code__)
    return node is not None and _notes_its_argument(node, function.__globals__)


def _notes_its_argument(node: ast.FunctionDef, around: Mapping[str, Any]) -> bool:
    """Of a decorator with arguments, what counts is the function that it returns."""
    inner = {child.name: child for child in node.body if isinstance(child, ast.FunctionDef)}
    returned = [n.value for n in ast.walk(node) if isinstance(n, ast.Return)]
    for value in returned:
        if isinstance(value, ast.Name) and value.id in inner:
            return len(node.body) <= 2 + (ast.get_docstring(node) is not None) and _notes_its_argument(
                inner[value.id], around
            )
    arguments = [*node.args.posonlyargs, *node.args.args]
    if not arguments or node.args.vararg is not None:
        return False
    subject = arguments[0].arg
    hook = node.name == "__init_subclass__"
    if not hook and not all(isinstance(value, ast.Name) and value.id == subject for value in returned):
        return False
    return (hook or bool(returned)) and all(_is_note(statement, subject, around) for statement in node.body)


def _is_note(statement: ast.stmt, subject: str, around: Mapping[str, Any]) -> bool:
    """Whether a statement does nothing with the subject but store it, name it, or set an attribute on it.

    ``around``: the names of its module. What of lists and sets in it keeps a function's code follows the function
    (``kept_code.py``).
    """
    if any(isinstance(node, ast.Name) and node.id in _HIDDEN for node in ast.walk(statement)):
        return False
    allowed: set[int] = set()
    for node in ast.walk(statement):
        match node:
            case ast.Return(value=ast.Name() as name):
                allowed.add(id(name))
            case ast.Attribute(value=ast.Name() as name, ctx=ast.Store()):
                allowed.add(id(name))
            case ast.Attribute(value=ast.Name() as name, attr=attr) if attr in _NAMES:
                allowed.add(id(name))
            case ast.Call(
                func=ast.Attribute(value=ast.Name(id=kept), attr="add" | "append"),
                args=[ast.Attribute(value=ast.Name() as name, attr="__code__")],
            ) if type(around.get(kept)) in (list, set):
                allowed.add(id(name))
            case ast.Call(func=ast.Attribute(value=keeper, attr=attr), args=args) if attr in _STORES:
                allowed |= {id(a) for a in args if isinstance(a, ast.Name) and is_plain_object(keeper, around)}
            case ast.Call(func=ast.Name(id="setattr"), args=[ast.Name() as name, *_]):
                allowed.add(id(name))
            case ast.Assign(targets=[ast.Subscript(value=keeper)], value=ast.Name() as name):
                allowed |= {id(name)} if is_plain_object(keeper, around) else set()
            case ast.Call(func=ast.Attribute(value=ast.Call(func=ast.Name(id="super")), attr="__init_subclass__")):
                continue
    return all(id(node) in allowed for node in ast.walk(statement) if isinstance(node, ast.Name) and node.id == subject)
