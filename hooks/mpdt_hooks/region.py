"""Where two versions of a file differ, and the outline of the new one. Pure.

Only the lines between the common head and tail are parsed: a statement that ends within the common head, or begins
within the common tail, is the same statement, because Python is tokenised from left to right, and after a middle that
parses by itself the tail begins in the state in which it began before. The same holds for the members of a class.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from mpdt_hooks.outline import (
    Outline,
    Statement,
    StatementKind,
    class_statement,
    member_of,
    outline_of,
    shifted,
    statement_of,
)

Parse = Callable[[Sequence[str], int, int], list[ast.stmt]]  # lines, first, last; raises SyntaxError


@dataclass(frozen=True, slots=True)
class Region:
    """Statements [start:stop) of the old outline gave way to ``nodes``.

    ``inner``: it is one class, and differs in that region of its members only; ``nodes`` is empty then.
    ``before``: of such members, the old ones.
    """

    start: int
    stop: int
    nodes: tuple[ast.stmt, ...]
    inner: Region | None = None
    before: tuple[ast.stmt, ...] = ()


@dataclass(frozen=True, slots=True)
class _Difference:
    """The lines of two versions: the first ``head`` and the last ``tail`` of them are the same."""

    old: Sequence[str]
    new: Sequence[str]
    head: int
    tail: int

    @property
    def delta(self) -> int:
        return len(self.new) - len(self.old)


@dataclass(frozen=True, slots=True)
class _Span:
    """Statements [start:stop), and the new lines from ``first`` to ``last`` that stand in their place."""

    start: int
    stop: int
    first: int
    last: int


def update_outline(old: Outline, old_lines: Sequence[str], new_lines: Sequence[str]) -> tuple[Outline, Region]:
    """The outline of the new lines, and the region in which it differs. Raises SyntaxError.

    The new source is known to compile. If the region cannot be parsed by itself, the whole file is.
    """
    difference = _Difference(old_lines, new_lines, *_common_ends(old_lines, new_lines))
    region = _region(old.statements, difference)
    before = old.statements[region.start : region.stop]
    if region.inner is not None:
        parts: tuple[Statement, ...] = (_class_with(before[0], region.inner, difference, old.lazy_annotations),)
    else:
        parts = tuple(statement_of(node, old.lazy_annotations) for node in region.nodes)
    if any(one.module == "__future__" for s in (*parts, *before) for one in s.uses.imports):
        nodes = _parse_lines(new_lines, 1, len(new_lines))
        return outline_of(nodes), Region(0, len(old.statements), tuple(nodes))
    return Outline(_spliced(old.statements, region, parts, difference.delta), old.lazy_annotations), region


def _common_ends(old: Sequence[str], new: Sequence[str]) -> tuple[int, int]:
    shorter = min(len(old), len(new))
    head = 0
    while head < shorter and old[head] == new[head]:
        head += 1
    tail = 0
    while tail < shorter - head and old[-1 - tail] == new[-1 - tail]:
        tail += 1
    return head, tail


def _region(statements: tuple[Statement, ...], difference: _Difference) -> Region:
    lines = len(difference.new)
    for span in _spans(statements, difference, 1, lines):
        inner = _inner_region(statements, span, difference)
        if inner is not None:
            return Region(span.start, span.stop, (), inner)
        try:
            return Region(span.start, span.stop, tuple(_parse_lines(difference.new, span.first, span.last)))
        except SyntaxError:
            continue
    return Region(0, len(statements), tuple(_parse_lines(difference.new, 1, lines)))


def _inner_region(statements: tuple[Statement, ...], span: _Span, difference: _Difference) -> Region | None:
    """The region of a class's members, if the span is one class and its head is in the common head."""
    if span.stop - span.start != 1 or statements[span.start].kind is not StatementKind.CLASS:
        return None
    members = statements[span.start].children
    first = members[0].first
    if difference.head < first - 1 or _margin(difference.old[first - 1]) == 0:
        return None
    for inner in _spans(members, difference, first, span.last):
        try:
            nodes = _parse_members(difference.new, inner.first, inner.last)
            before = _parse_members(difference.old, inner.first, inner.last - difference.delta)
        except SyntaxError:
            continue
        # Deeper lines are no members: they belong to the body of the member before them.
        margin = _margin(difference.old[first - 1])
        if len(before) == inner.stop - inner.start and all(node.col_offset == margin for node in nodes):
            return Region(inner.start, inner.stop, tuple(nodes), before=tuple(before))
    return None


def _margin(line: str) -> int:
    return len(line) - len(line.lstrip(" \t"))


def _spans(statements: Sequence[Statement], difference: _Difference, first: int, last: int) -> list[_Span]:
    """The statements that the differing lines touch, in a body whose new lines go from ``first`` to ``last``."""
    head, tail_line = difference.head, len(difference.old) - difference.tail  # the last old line that is not common
    start = next((i for i, s in enumerate(statements) if s.last > head), len(statements))
    touched = start < len(statements) and statements[start].first <= head
    if not touched and _continues(difference.new, head, len(difference.new) - difference.tail):
        start = max(start - 1, 0)
    # Two statements on one line (``a = 1; b = 2``) are one piece of text.
    while 0 < start < len(statements) and statements[start - 1].last >= statements[start].first:
        start -= 1
    stop = start
    while stop < len(statements) and (
        statements[stop].first <= tail_line or (stop > start and statements[stop].first <= statements[stop - 1].last)
    ):
        stop += 1
    begin = statements[start - 1].last + 1 if start else first
    return [
        _Span(start, end, begin, statements[end].first + difference.delta - 1 if end < len(statements) else last)
        for end in (stop, stop + 1)  # an added decorator belongs to the statement after it
        if end <= len(statements)
    ]


def _continues(lines: Sequence[str], first: int, last: int) -> bool:
    """Whether the first code of these lines may belong to the statement before them."""
    for line in lines[first:last]:
        text = line.strip()
        if text and not text.startswith("#"):
            return line[0] in " \t\f" or text.startswith(("else", "elif", "except", "finally", ")", "]", "}"))
    return False


def _parse_lines(lines: Sequence[str], first: int, last: int) -> list[ast.stmt]:
    """The statements in these lines, at their lines. Raises SyntaxError."""
    return ast.parse("\n" * (first - 1) + "\n".join(lines[first - 1 : last])).body


def _parse_members(lines: Sequence[str], first: int, last: int) -> list[ast.stmt]:
    """The indented statements in these lines, at their lines. Raises SyntaxError if they are not one block."""
    text = "\n" * (first - 2) + "if True:\n" + "\n".join(lines[first - 1 : last])
    if not any(line.strip() and not line.lstrip().startswith("#") for line in lines[first - 1 : last]):
        return []
    block, *rest = ast.parse(text).body
    assert isinstance(block, ast.If)
    if rest or block.orelse:
        raise SyntaxError("What follows is not indented.")
    return block.body


def _class_with(old: Statement, inner: Region, difference: _Difference, lazy_annotations: bool) -> Statement:
    """A class statement with other members in a region; its head is what it was."""
    head, *_ = ast.parse("\n".join([*difference.new[old.first - 1 : old.children[0].first - 1], " pass"])).body
    assert isinstance(head, ast.ClassDef)
    parts = tuple(member_of(node, lazy_annotations) for node in inner.nodes)
    children = _spliced(old.children, inner, parts, difference.delta)
    return class_statement(head, children, old.first, children[-1].last, lazy_annotations)


def _spliced(
    statements: tuple[Statement, ...], region: Region, parts: tuple[Statement, ...], delta: int
) -> tuple[Statement, ...]:
    rest = statements[region.stop :]
    return (*statements[: region.start], *parts, *((shifted(s, delta) for s in rest) if delta else rest))
