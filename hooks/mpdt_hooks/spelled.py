"""What the source spells out and writes to: compared with values that are there. Pure."""

from __future__ import annotations

import ast
import collections
import re
import weakref
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from mpdt_hooks.outline import Statement, StatementKind, parse_statement

CONSTANTS = (str, bytes, int, float, complex, bool, type(None))
CONTAINERS = (
    list, dict, set, bytearray, collections.deque, collections.defaultdict, collections.Counter,
    collections.OrderedDict, weakref.WeakSet, weakref.WeakKeyDictionary, weakref.WeakValueDictionary,
)  # fmt: skip
_EMPTY = frozenset(one.__name__ for one in CONTAINERS)


_CHANGING = (
    "append|add|insert|extend|update|setdefault|appendleft|pop|popitem|popleft|remove|discard|clear|sort|reverse"
)
_STORE = r"\s*(?:[-+*/|&^%@]|//|\*\*|<<|>>)?=(?!=)"
_FILLED = re.compile(rf"\b(\w+)(?=\.(?:{_CHANGING})\(|\[[^\n]*\]{_STORE}|\s*(?:[-+|&^]|\*\*)=(?!=))".encode())
_SORTED = re.compile(rb"\b(?:insort|insort_left|insort_right|heap[a-z]+|shuffle)\(\s*(\w+)")
_STORED = re.compile(rf"\b(\w+)\.(\w+)(?={_STORE})".encode())
_BY_TEXT = re.compile(rb"etattr\([^()\n]*['\"](\w+)['\"]")
_LISTED = re.compile(rb"\b(del|global)\b([^\n]*)")


@dataclass(frozen=True, slots=True)
class Written:
    """What some source writes to, by the names that it uses.

    filled: containers that something is put into, or taken out of. stored: owner and attribute of ``owner.name = v``.
    by_text: attributes set by ``setattr`` and a written-out name. declared: names of a ``global`` statement.
    """

    filled: frozenset[str]
    stored: frozenset[tuple[str, str]]
    by_text: frozenset[str]
    declared: frozenset[str]
    owners: frozenset[str]


def written_in(sources: Iterable[bytes]) -> Written:
    """What these sources write to. Told from their text, comments included: more than enough."""
    filled, stored, by_text, declared = set[str](), set[tuple[str, str]](), set[str](), set[str]()
    for source in sources:
        for found_in in (_FILLED, _SORTED):
            filled.update(one.decode("utf-8", "replace") for one in found_in.findall(source))
        stored.update((a.decode("utf-8", "replace"), b.decode("utf-8", "replace")) for a, b in _STORED.findall(source))
        by_text.update(one.decode("utf-8", "replace") for one in _BY_TEXT.findall(source))
        for word, names in _LISTED.findall(source):
            found = re.findall(r"\w+", names.decode("utf-8", "replace"))
            (filled if word == b"del" else declared).update(found)
    owners = frozenset(owner for owner, _ in stored)
    return Written(frozenset(filled), frozenset(stored), frozenset(by_text), frozenset(declared), owners)


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
        case ast.Call(func=ast.Name(id="dict"), args=[], keywords=[_, *_] as given) if all(one.arg for one in given):
            if type(value) is not dict or list(value) != [one.arg for one in given]:
                return False
            return _are_spelled([one.value for one in given], list(value.values()), names)
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
