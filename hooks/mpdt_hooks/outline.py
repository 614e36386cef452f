"""Source -> its ordered statements, each with the names that it binds, reads and calls. Pure.

An outline keeps no syntax tree (50 bytes a source byte); a statement that must be looked at again is parsed again.
"""

from __future__ import annotations

import ast
import enum
import functools
from bisect import bisect_right
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from mpdt_hooks.collect import uses_of, uses_of_class
from mpdt_hooks.uses import NO_USES, Uses, mentioned


class StatementKind(enum.Enum):
    FUNCTION = enum.auto()
    CLASS = enum.auto()
    IMPORT = enum.auto()
    BIND = enum.auto()  # assignments, and what only looks (assert, raise, del)
    BLOCK = enum.auto()  # if, try, for, while whose bodies only bind, define and import
    EFFECT = enum.auto()  # acts on something: a call whose value is thrown away, ``with``, a store into an object
    INERT = enum.auto()  # does nothing on import: ``pass``, a bare constant, ``if TYPE_CHECKING``
    STRING = enum.auto()  # a bare string; the docstring, if it comes first


@dataclass(frozen=True, slots=True)
class Statement:
    """One statement of a module or class body. Lines count from 1, decorators included."""

    kind: StatementKind
    name: str  # of a function or class, else ""
    first: int
    last: int
    uses: Uses
    children: tuple[Statement, ...] = ()
    mentions: tuple[str, ...] = ()  # the identifiers that it, or a statement in it, uses in any way

    @property
    def binds(self) -> tuple[str, ...]:
        return self.uses.binds


@dataclass(frozen=True, slots=True)
class Outline:
    """The statements of a module, in order. ``lazy_annotations``: PEP 563 holds in it."""

    statements: tuple[Statement, ...]
    lazy_annotations: bool


def split_lines(source: str) -> list[str]:
    """The lines as the compiler counts them: ``\\f``, ``\\x1c`` and the like end no line."""
    return source.replace("\r\n", "\n").replace("\r", "\n").split("\n")


def outline(source: str) -> Outline:
    """The outline of a module's source. Raises SyntaxError."""
    return outline_of(ast.parse(source).body)


def outline_of(body: Sequence[ast.stmt]) -> Outline:
    """The outline of a module's parsed body."""
    lazy = _is_lazy(body)
    return Outline(tuple(statement_of(node, lazy) for node in body), lazy)


def _is_lazy(body: Sequence[ast.stmt]) -> bool:
    return any(
        isinstance(node, ast.ImportFrom)
        and node.module == "__future__"
        and any(alias.name == "annotations" for alias in node.names)
        for node in body
    )


def parse_statement(statement: Statement, lines: Sequence[str]) -> ast.stmt:
    """The syntax tree of a module's statement, at its lines."""
    text = "\n" * (statement.first - 1) + "\n".join(lines[statement.first - 1 : statement.last])
    body = ast.parse(text).body
    if len(body) == 1:
        return body[0]
    same = [node for node in body if statement_of(node).binds == statement.binds]
    return same[0] if same else body[0]


def member_of(node: ast.stmt, lazy_annotations: bool = False) -> Statement:
    """A node of a class body as a statement: ``locals()`` are the names of the class."""
    return statement_of(node, lazy_annotations, in_class=True)


def statement_of(node: ast.stmt, lazy_annotations: bool = False, *, in_class: bool = False) -> Statement:
    """A node as a statement, with the names that it uses."""
    first = min((node.lineno, *(d.lineno for d in getattr(node, "decorator_list", ()))))
    last = node.end_lineno or node.lineno
    match node:
        case ast.FunctionDef() | ast.AsyncFunctionDef():
            uses = uses_of(node, lazy_annotations, in_class=in_class)
            return Statement(StatementKind.FUNCTION, node.name, first, last, uses, (), mentioned(uses))
        case ast.ClassDef():
            children = tuple(member_of(child, lazy_annotations) for child in node.body)
            return class_statement(node, children, first, last, lazy_annotations)
    uses = uses_of(node, lazy_annotations, in_class=in_class)
    kind = _kind_of(node, uses)
    if kind is StatementKind.INERT:
        uses = Uses(exports=tuple(node.names)) if isinstance(node, ast.Global) else NO_USES
    return Statement(kind, "", first, last, uses, (), mentioned(uses))


def class_statement(
    head: ast.ClassDef, children: tuple[Statement, ...], first: int, last: int, lazy_annotations: bool
) -> Statement:
    """A class statement of a head, whose body does not matter, and members."""
    elsewhere = {name for child in children if child.kind is StatementKind.INERT for name in child.uses.exports}
    if elsewhere:  # ``global``: the body binds names of the module
        children = tuple(
            replace(child, kind=StatementKind.EFFECT, uses=replace(child.uses, fills=()))
            if elsewhere.intersection(child.binds)
            else child
            for child in children
        )
    uses = uses_of_class(head, (child.uses for child in children), lazy_annotations)
    inner = {name for child in children for name in child.mentions}
    mentions = tuple({*mentioned(uses), *inner})
    return Statement(StatementKind.CLASS, head.name, first, last, uses, children, mentions)


def _kind_of(node: ast.stmt, uses: Uses) -> StatementKind:
    match node:
        case ast.Import() | ast.ImportFrom():
            return StatementKind.IMPORT
        case ast.Expr(value=ast.Constant(value=str())):
            return StatementKind.STRING
        case ast.Pass() | ast.Global() | ast.Expr(value=ast.Constant()):
            return StatementKind.INERT
        case ast.If() if _never_runs(node):
            return StatementKind.INERT
    if uses.acts:
        return StatementKind.EFFECT
    if isinstance(node, ast.If | ast.Try | ast.TryStar | ast.For | ast.While | ast.Match):
        return StatementKind.BLOCK
    return StatementKind.BIND


def _never_runs(node: ast.If) -> bool:
    """``if TYPE_CHECKING`` and ``if __name__ == "__main__"`` are false in an imported module."""
    return not node.orelse and _is_false(node.test)


def _is_false(test: ast.expr) -> bool:
    match test:
        case ast.Name(id="TYPE_CHECKING") | ast.Attribute(attr="TYPE_CHECKING"):
            return True
        case ast.Compare(left=ast.Name(id="__name__"), ops=[ast.Eq()], comparators=[ast.Constant(value="__main__")]):
            return True
        case ast.BoolOp(op=ast.And(), values=[first, *_]) if _is_false(first):
            return True
        case ast.BoolOp(op=ast.And(), values=values):  # what stands before the false one is looked at
            return any(map(_is_false, values)) and all(_is_plain_test(v) or _is_false(v) for v in values)
    return False


def _is_plain_test(test: ast.expr) -> bool:
    """Whether looking at a condition does nothing: names, attributes, constants, and their comparisons."""
    allowed = (ast.Name, ast.Attribute, ast.Constant, ast.Compare, ast.cmpop, ast.UnaryOp, ast.Not, ast.expr_context)
    return all(isinstance(node, allowed) for node in ast.walk(test))


def shifted(statement: Statement, delta: int) -> Statement:
    """The same statement, ``delta`` lines further down."""
    return Statement(
        statement.kind,
        statement.name,
        statement.first + delta,
        statement.last + delta,
        statement.uses,
        tuple(shifted(child, delta) for child in statement.children),
        statement.mentions,
    )


def standing_at(outline: Outline, lines: Sequence[str]) -> Callable[[int], Hashable]:
    """What stands at a line: the statement of the module or class, by what it defines; in a function, the line's text.

    Two versions of a file tell a statement alike though it has moved, or others have come before it.
    """

    @functools.cache  # few files have two of one name
    def statements_and_firsts() -> tuple[list[Statement], list[int]]:
        statements = list(_innermost(outline.statements))
        return statements, [statement.first for statement in statements]

    def at(line: int) -> Hashable:
        statements, firsts = statements_and_firsts()
        place = bisect_right(firsts, line) - 1
        if place < 0:
            return None
        found = statements[place]
        if found.kind is StatementKind.FUNCTION:
            return found.name, lines[line - 1].strip()
        return found.kind is StatementKind.IMPORT, found.binds[:1], found.uses.annotates

    return at


def _innermost(statements: Iterable[Statement]) -> Iterator[Statement]:
    """The statements, and after a class those in it, in the order of their lines."""
    for statement in statements:
        yield statement
        yield from _innermost(statement.children)


def is_generator(node: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    """Whether the function itself (no function in it) yields."""
    pending: list[ast.AST] = list(node.body)
    while pending:
        current = pending.pop()
        if isinstance(current, ast.Yield | ast.YieldFrom):
            return True
        if not isinstance(current, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda | ast.ClassDef):
            pending.extend(ast.iter_child_nodes(current))
    return False


def shape(node: ast.AST) -> str:
    """What running the statement evaluates: its tree, bodies of functions and lambdas left out.

    Two versions of one shape differ in code that runs later only, so new code is all that they need. A
    function's docstring belongs to its shape, and, where it is decorated, whether it is a generator.
    """
    match node:
        case ast.FunctionDef() | ast.AsyncFunctionDef():
            parts = [type(node).__name__ if node.decorator_list else "def", node.name, shape(node.args)]
            parts += map(shape, node.decorator_list)
            parts.append("" if node.returns is None else shape(node.returns))
            parts += map(shape, getattr(node, "type_params", ()))
            parts.append(repr(ast.get_docstring(node, clean=False)))
            if node.decorator_list:
                parts.append(str(is_generator(node)))
            return f"({','.join(parts)})"
        case ast.Lambda():
            return f"lambda({shape(node.args)})"
        case ast.Constant():
            return f"{type(node.value).__name__}:{node.value!r}"
        case ast.expr_context():
            return ""
    parts = []
    for name in node._fields:
        value = getattr(node, name, None)
        if isinstance(value, list):
            parts.append("[" + ",".join(shape(v) if isinstance(v, ast.AST) else repr(v) for v in value) + "]")
        elif isinstance(value, ast.AST):
            parts.append(shape(value))
        elif value is not None:
            parts.append(repr(value))
    return f"{type(node).__name__}({','.join(parts)})"
