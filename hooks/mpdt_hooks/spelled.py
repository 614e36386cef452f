"""What a statement's text spells out, compared with a value that is there. Pure."""

from __future__ import annotations

import ast
import collections
import weakref
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

from mpdt_hooks.outline import Statement, StatementKind, parse_statement

CONSTANTS = (str, bytes, int, float, complex, bool, type(None))
CONTAINERS = (
    list, dict, set, bytearray, collections.deque, collections.defaultdict, collections.Counter,
    collections.OrderedDict, weakref.WeakSet, weakref.WeakKeyDictionary, weakref.WeakValueDictionary,
)  # fmt: skip
_EMPTY = frozenset(one.__name__ for one in CONTAINERS)


def value_of(statement: Statement, lines: Sequence[str]) -> ast.expr | None:
    """The expression whose value an assignment binds to its one name; None of any other statement."""
    if statement.kind is not StatementKind.BIND or len(statement.binds) != 1:
        return None
    try:
        node = parse_statement(statement, lines)
    except SyntaxError:  # a member of a class body is indented
        text = "if 1:\n" + "\n".join(lines[statement.first - 1 : statement.last])
        try:
            body = ast.parse(text).body[0]
        except SyntaxError:  # it shares a line with another
            return None
        assert isinstance(body, ast.If)
        node = body.body[0]
    value = getattr(node, "value", None)
    return value if isinstance(node, ast.Assign | ast.AnnAssign) and isinstance(value, ast.expr) else None


def set_on_self(function: ast.AST, name: str) -> Iterator[ast.expr | None]:
    """What a method sets an attribute to, wherever it does; None for what is computed."""
    for node in ast.walk(function):
        targets = node.targets if isinstance(node, ast.Assign) else [getattr(node, "target", None)]
        for target in targets:
            if isinstance(target, ast.Attribute) and target.attr == name:
                yield node.value if isinstance(node, ast.Assign | ast.AnnAssign) else None


def is_constant(node: ast.expr | None, value: Any) -> bool | None:
    """Whether a value is the constant that stands there; None if none does."""
    if not isinstance(node, ast.Constant):
        return None
    return type(node.value) is type(value) and repr(node.value) == repr(value)


def is_spelled(node: ast.expr | None, value: Any, names: Mapping[str, Any]) -> bool | None:
    """Whether a container holds what its display spells out; None if it is computed."""
    match node:
        case ast.List(elts=items) if not any(isinstance(one, ast.Starred) for one in items):
            return type(value) is list and _are_spelled(items, value, names)
        case ast.Set(elts=items) if not any(isinstance(one, ast.Starred) for one in items):
            return type(value) is set and len(value) == len(items)
        case ast.Dict(keys=keys, values=values) if None not in keys:
            if type(value) is not dict:
                return False
            written = [one for one in keys if one is not None]
            return _are_spelled(written, list(value), names) and _are_spelled(values, list(value.values()), names)
        case ast.Call(func=ast.Name(id=name) | ast.Attribute(attr=name), args=arguments, keywords=[]) if name in _EMPTY:
            if not arguments or name == "defaultdict":
                return len(value) == 0
    return None


def _are_spelled(nodes: list[ast.expr], values: Collection[Any], names: Mapping[str, Any]) -> bool:
    return len(nodes) == len(values) and all(_may_be(node, one, names) for node, one in zip(nodes, values, strict=True))


def _may_be(node: ast.expr, value: Any, names: Mapping[str, Any]) -> bool:
    """Whether a value may be what an expression in a display gives."""
    if isinstance(node, ast.Constant):
        return is_constant(node, value) is True
    if isinstance(node, ast.Name) and node.id in names:
        return names[node.id] is value or type(value) not in CONTAINERS
    return is_spelled(node, value, names) is not False
