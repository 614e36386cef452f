"""Old and new outline -> SourceDelta: which statements changed, and how. Pure.

Statements are paired by what they are (the same tree), then by what they define, then by the names that they bind.
"""

from __future__ import annotations

import ast
import enum
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from mpdt_hooks.described import act_alike
from mpdt_hooks.outline import Outline, Statement, StatementKind, parse_statement, shape
from mpdt_hooks.region import Region


class EditKind(enum.Enum):
    BODY = enum.auto()  # only code that runs later differs
    SHAPE = enum.auto()  # what running the statement evaluates differs
    CLASS = enum.auto()  # a class both versions have; ``inner`` says what differs in it
    ADDED = enum.auto()
    REMOVED = enum.auto()
    REORDERED = enum.auto()  # the same statement, before or after others than it was


@dataclass(frozen=True, slots=True)
class Edit:
    """One statement that is not what it was. ``index`` is its place in the new body, -1 if removed."""

    kind: EditKind
    old: Statement | None
    new: Statement | None
    index: int = -1
    inner: tuple[Edit, ...] = ()
    header: bool = False  # a class's bases differ
    keywords: bool = False  # a class's keywords or type parameters differ
    decorators: bool = False  # the decorators differ
    nested_only: bool = False  # only functions inside of a function differ, and it does not call them itself
    kept_binds: frozenset[str] = field(default=frozenset())  # names that an import binds as before
    described: bool = (
        False  # only a docstring or annotations of functions differ: whoever calls them sees no difference
    )

    @property
    def redescribed(self) -> bool:
        """Whether a docstring, annotations or parameters differ."""
        if self.kind is EditKind.CLASS:
            return any(edit.redescribed for edit in self.inner)
        return self.kind is not EditKind.BODY

    @property
    def statement(self) -> Statement:
        found = self.new or self.old
        assert found is not None
        return found


@dataclass(frozen=True, slots=True)
class SourceDelta:
    """What one file's new version changes. Empty ``edits`` with another source: only lines or comments moved."""

    module: str
    edits: tuple[Edit, ...]


def classify(module: str, old: Outline, old_lines: Sequence[str], new: Outline, region: Region) -> SourceDelta:
    """The edits of one file, in the order of the new statements, removals last."""
    if region.inner is not None:
        return SourceDelta(module, _member_edits(old, new, region, region.inner))
    old_part = [
        (statement, parse_statement(statement, old_lines)) for statement in old.statements[region.start : region.stop]
    ]
    new_part = [(new.statements[region.start + i], node) for i, node in enumerate(region.nodes)]
    if old.lazy_annotations != new.lazy_annotations:
        old_part = [(statement, _OtherAnnotations().visit(node)) for statement, node in old_part]
    return SourceDelta(module, _body_edits(old_part, new_part, region.start, of_module=True))


def _member_edits(old: Outline, new: Outline, region: Region, inner: Region) -> tuple[Edit, ...]:
    before, after = old.statements[region.start], new.statements[region.start]
    was = _part(before.children[inner.start : inner.stop], inner.before)
    now = _part(after.children[inner.start : inner.start + len(inner.nodes)], inner.nodes)
    edits = _body_edits(was, now, inner.start)
    described = all(edit.described for edit in edits) and not any(call.decorates for call in after.uses.applied)
    return (Edit(EditKind.CLASS, before, after, region.start, edits, described=described),) if edits else ()


class _OtherAnnotations(ast.NodeTransformer):
    """PEP 563 came or went: every annotation gives another object, so that no two of them may look alike."""

    def visit_arg(self, node: ast.arg) -> ast.arg:
        if node.annotation is not None:
            node.annotation = _another(node.annotation)
        return node

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.FunctionDef:
        self._returns(node)
        return node

    def visit_AsyncFunctionDef(self, node: ast.AsyncFunctionDef) -> ast.AsyncFunctionDef:
        self._returns(node)
        return node

    def _returns(self, node: ast.FunctionDef | ast.AsyncFunctionDef) -> None:
        self.generic_visit(node)
        if node.returns is not None:
            node.returns = _another(node.returns)

    def visit_AnnAssign(self, node: ast.AnnAssign) -> ast.AnnAssign:
        node.annotation = _another(node.annotation)
        return node


def _another(annotation: ast.expr) -> ast.expr:
    return ast.Tuple([annotation], ast.Load())


_Part = Sequence[tuple[Statement, ast.stmt]]


def _part(statements: Sequence[Statement], nodes: Sequence[ast.stmt]) -> _Part:
    return list(zip(statements, nodes, strict=True))


def _body_edits(old: _Part, new: _Part, offset: int, *, of_module: bool = False) -> tuple[Edit, ...]:
    pairs = _paired(old, new, offset == 0)
    if of_module:
        _pair_by(pairs, old, new, _acting_key)
    edits: list[Edit] = []
    reordered = _out_of_order([pairs[i] for i in sorted(pairs)])
    for i, (statement, node) in enumerate(new):
        if i not in pairs:
            edits.append(Edit(EditKind.ADDED, None, statement, offset + i))
            continue
        before, old_node = old[pairs[i]]
        edit = _edit(before, old_node, statement, node, offset + i)
        if edit is not None:
            edits.append(edit)
        elif pairs[i] in reordered:
            edits.append(Edit(EditKind.REORDERED, before, statement, offset + i))
    kept = set(pairs.values())
    edits += [Edit(EditKind.REMOVED, statement, None) for i, (statement, _) in enumerate(old) if i not in kept]
    return tuple(edits)


def _paired(old: _Part, new: _Part, at_top: bool) -> dict[int, int]:
    """New place -> old place of the statements that are versions of each other."""
    pairs: dict[int, int] = {}
    old_dumps = [ast.dump(node) for _, node in old]
    new_dumps = [ast.dump(node) for _, node in new]
    _pair_by(pairs, old, new, lambda part, i: (old_dumps if part is old else new_dumps)[i])
    _pair_by(pairs, old, new, _definition_key)
    _pair_by(pairs, old, new, _binding_key)
    if at_top and old and new and old[0][0].kind is new[0][0].kind is StatementKind.STRING:
        pairs[0] = 0
    return pairs


def _definition_key(part: _Part, i: int) -> Hashable:
    statement = part[i][0]
    return (statement.kind, statement.name) if statement.name else None


def _binding_key(part: _Part, i: int) -> Hashable:
    statement = part[i][0]
    if statement.name or not (statement.binds or statement.uses.annotates):
        return None
    return (statement.kind is StatementKind.IMPORT, statement.binds[:1], statement.uses.annotates)


def _acting_key(part: _Part, i: int) -> Hashable:
    statement, node = part[i]
    if statement.kind is not StatementKind.EFFECT or not isinstance(node, ast.Expr):
        return None
    return statement.uses.applied[0].callee if statement.uses.applied else None


def _pair_by(pairs: dict[int, int], old: _Part, new: _Part, key: Callable[[_Part, int], Hashable]) -> None:
    taken = set(pairs.values())
    waiting: defaultdict[Hashable, list[int]] = defaultdict(list)
    for i in range(len(old)):
        if i not in taken:
            waiting[key(old, i)].append(i)
    for i in range(len(new)):
        wanted = key(new, i)
        if i not in pairs and wanted is not None and waiting.get(wanted):
            pairs[i] = waiting[wanted].pop(0)


def _out_of_order(places: Sequence[int]) -> set[int]:
    """The old places that are not in rising order, seen against the longest run that is."""
    if all(place < following for place, following in pairwise(places)):
        return set()
    tails: list[int] = []
    chains: list[list[int]] = []
    for place in places:
        i = bisect_left(tails, place)
        chain = [*(chains[i - 1] if i else ()), place] if len(places) < 2000 else [place]
        if i == len(tails):
            tails.append(place)
            chains.append(chain)
        else:
            tails[i] = place
            chains[i] = chain
    return set(places) - set(chains[-1]) if chains else set()


def _edit(old: Statement, old_node: ast.stmt, new: Statement, new_node: ast.stmt, index: int) -> Edit | None:
    """How a statement differs from its older version, or None if it is the same program."""
    if ast.dump(old_node) == ast.dump(new_node):
        return None
    if isinstance(old_node, ast.ClassDef) and isinstance(new_node, ast.ClassDef):
        return _class_edit(old, old_node, new, new_node, index)
    old_decorators = list(map(ast.dump, getattr(old_node, "decorator_list", ())))
    new_decorators = list(map(ast.dump, getattr(new_node, "decorator_list", ())))
    same_shape = shape(old_node) == shape(new_node)
    described = act_alike(old_node, new_node)
    if same_shape and described:  # annotations of local variables
        return None
    return Edit(
        EditKind.BODY if same_shape else EditKind.SHAPE,
        old,
        new,
        index,
        decorators=old_decorators != new_decorators,
        nested_only=same_shape and _only_nested_differ(old_node, new_node),
        kept_binds=_kept_imports(old, new),
        described=described,
    )


def _class_edit(
    old: Statement, old_node: ast.ClassDef, new: Statement, new_node: ast.ClassDef, index: int
) -> Edit | None:
    inner = _body_edits(_part(old.children, old_node.body), _part(new.children, new_node.body), 0)
    old_decorators = list(map(ast.dump, old_node.decorator_list))
    new_decorators = list(map(ast.dump, new_node.decorator_list))
    bases = list(map(ast.dump, old_node.bases)) != list(map(ast.dump, new_node.bases))
    keywords = _keywords(old_node) != _keywords(new_node)
    decorators = old_decorators != new_decorators
    if not (inner or bases or keywords or decorators):
        return None
    return Edit(
        EditKind.CLASS,
        old,
        new,
        index,
        inner,
        header=bases,
        keywords=keywords,
        decorators=decorators,
        described=not (bases or keywords or new_decorators) and all(edit.described for edit in inner),
    )


def _keywords(node: ast.ClassDef) -> list[str]:
    return [ast.dump(part) for part in (*node.keywords, *getattr(node, "type_params", ()))]


def _kept_imports(old: Statement, new: Statement) -> frozenset[str]:
    """Names that an import statement binds from the same place as before."""
    if old.kind is not StatementKind.IMPORT or new.kind is not StatementKind.IMPORT:
        return frozenset()
    return frozenset(one.bound for one in set(old.uses.imports) & set(new.uses.imports))


def _only_nested_differ(old: ast.stmt, new: ast.stmt) -> bool:
    """Whether two versions of a function differ in functions inside only, which it does not call itself."""
    if not isinstance(old, ast.FunctionDef | ast.AsyncFunctionDef) or type(old) is not type(new):
        return False
    assert isinstance(new, ast.FunctionDef | ast.AsyncFunctionDef)
    if list(map(shape, old.body)) != list(map(shape, new.body)):
        return False
    return all(_only_returns_what_it_defines(one) for one in (old, new))


def _only_returns_what_it_defines(function: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    """Whether a function does nothing with the functions in it but set their attributes and return them.

    Whatever else it does with one, through another name or a container too, may call it.
    """
    if any(isinstance(node, ast.Lambda | ast.ClassDef) for node in ast.walk(function)):
        return False
    executed: list[ast.AST] = []
    pending: list[ast.AST] = list(function.body)
    while pending:
        node = pending.pop()
        executed.append(node)
        match node:
            case ast.FunctionDef() | ast.AsyncFunctionDef():
                pending += [*node.decorator_list, node.args]
            case _:
                pending += ast.iter_child_nodes(node)
    nested = {node.name for node in executed if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)}
    kept: set[int] = set()
    for node in executed:
        match node:
            case ast.Return(value=ast.expr() as value):
                kept |= {id(one) for one in _displayed(value)}
            case ast.Attribute(value=value, ctx=ast.Store()):
                kept.add(id(value))
    used = {node.id for node in executed if isinstance(node, ast.Name) and id(node) not in kept}
    return used.isdisjoint({*nested, "locals", "vars", "eval", "exec"})


def _displayed(value: ast.expr) -> list[ast.expr]:
    match value:
        case ast.Tuple(elts=parts) | ast.List(elts=parts) | ast.Dict(values=parts):
            return [one for part in parts for one in _displayed(part)]
    return [value]
