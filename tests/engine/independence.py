"""Which names of a module an edit cannot have touched: their objects must be the same ones afterwards.

Deliberately coarse. A name is touched if its statement differs, or reads a touched name anywhere, in a body too; an
import from a module that changed touches what it binds, and so does a look-up of the module by its name; a statement
that only acts touches all that it may reach, and a decorated definition what its decorators may; statements that bind
one name run together, and wherever one stands elsewhere.
"""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

BLOCKS = (ast.If, ast.Try, ast.For, ast.While, ast.With, ast.Match)
WHOLE_NAMESPACE = frozenset({"globals", "locals", "vars", "dir", "__subclasses__"})
LOOKUPS = frozenset({"import_module", "__import__", "modules"})  # a text in their statement may name a module


@dataclass(frozen=True, slots=True)
class Statement:
    text: str
    binds: frozenset[str]
    reads: frozenset[str]
    imports: frozenset[str]
    acts_on: frozenset[str]  # what decorates, and what is called for nothing
    sets: frozenset[str]  # names that a function in it may bind again, whoever calls it


def untouched(before: Mapping[str, bytes], after: Mapping[str, bytes]) -> dict[str, set[str]]:
    """The names, by module, whose objects an edit of the files must keep: the sources before and afterwards.

    A module of which a name is touched is a changed one for those that import it.
    """
    changed = {module for module in before.keys() | after.keys() if before.get(module) != after.get(module)}
    while True:
        kept = {}
        more: set[str] = set()
        for module, source in after.items():
            names, touched = _names_of(before.get(module, b""), source, changed - {module}, {*before, *after})
            kept[module] = names - touched
            more |= {module} if touched else set()
        if more <= changed:
            return kept
        changed |= more


def _names_of(before: bytes, after: bytes, changed: Iterable[str], tracked: Iterable[str]) -> tuple[set[str], set[str]]:
    """The names that a module binds, and those that are touched; no names if nothing is known of it."""
    try:
        old, new = _statements(before), _statements(after)
    except (SyntaxError, ValueError):
        return set(), {"*"}
    known = Counter(statement.text for statement in old)
    known.subtract(Counter(statement.text for statement in new))
    elsewhere = {part for module in changed for part in (*module.split("."), "")}  # "": ``from . import name``
    everything = [*old, *new]
    touched = {name for statement in everything for name in statement.sets}
    touched |= _bound_twice(everything) if _order(old, new) != _order(new, old) else set()
    ours = {part for module in tracked for part in (*module.split("."), "")}
    for statement in everything:
        if known[statement.text] or statement.imports & elsewhere or "*" in statement.binds:
            touched |= statement.binds or statement.reads
            touched |= _reached(statement.acts_on, everything, ours)
    if "*" in touched:
        return set(), touched
    while more := {
        name
        for statement in everything
        if (statement.reads | statement.binds) & touched or (touched and statement.reads & WHOLE_NAMESPACE)
        for name in (*(statement.binds or statement.reads), *_reached(statement.acts_on, everything, ours))
        if name not in touched
    }:
        touched |= more
    return {name for statement in new for name in statement.binds}, touched


def _reached(names: Iterable[str], statements: Iterable[Statement], ours: set[str]) -> set[str]:
    """The names of the plugin's own that these lead to, through what their statements read."""
    pending, found = list(names), set[str]()
    while pending:
        name = pending.pop()
        for one in statements:
            if name in one.binds and not one.binds <= found and (not one.imports or one.imports & ours):
                found |= one.binds
                pending += one.reads
    return found


def _bound_twice(statements: Iterable[Statement]) -> set[str]:
    """The names that different statements bind: which of them is the last counts, and what stands in between."""
    texts = {(name, statement.text) for statement in statements for name in statement.binds}
    return {name for name, times in Counter(name for name, _ in texts).items() if times > 1}


def _order(statements: Iterable[Statement], others: Iterable[Statement]) -> list[str]:
    known = {other.text for other in others}
    return [statement.text for statement in statements if statement.text in known]


def _statements(source: bytes) -> list[Statement]:
    return [_statement(node) for node in ast.parse(source).body]


def _names(node: ast.stmt) -> Iterator[str]:
    for part in ast.walk(node):
        if isinstance(part, ast.Name):
            yield part.id
        elif isinstance(part, ast.Attribute):
            yield part.attr


def _statement(node: ast.stmt) -> Statement:
    binds: set[str] = set()
    reads: set[str] = set()
    imports: set[str] = set()
    looks_up = LOOKUPS & {*_names(node)}
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        binds.add(node.name)
    for part in ast.walk(node):
        if isinstance(part, ast.Name):
            (reads if isinstance(part.ctx, ast.Load) else binds).add(part.id)
        elif isinstance(part, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) and isinstance(node, BLOCKS):
            binds.add(part.name)
        elif isinstance(part, ast.Attribute) and part.attr == "__subclasses__":
            reads.add(part.attr)
        elif isinstance(part, ast.Global):
            binds.update(part.names)
        elif isinstance(part, ast.MatchAs | ast.MatchStar) and part.name:
            binds.add(part.name)
        elif isinstance(part, ast.MatchMapping) and part.rest:
            binds.add(part.rest)
        elif isinstance(part, ast.alias):
            binds.add(part.asname or part.name.partition(".")[0])
            imports.update(part.name.split("."))
        elif isinstance(part, ast.ImportFrom):
            imports.update((part.module or "").split("."))
        elif isinstance(part, ast.Constant) and isinstance(part.value, str) and looks_up:
            imports.update(part.value.split("."))
    if isinstance(node, ast.AugAssign):
        reads |= binds
    decorators = [one for part in ast.walk(node) for one in getattr(part, "decorator_list", ())]
    calls = [
        part for part in ast.walk(node) if isinstance(part, ast.Expr) and isinstance(node, (ast.ClassDef, *BLOCKS))
    ]
    acts_on = {part.id for one in (*decorators, *calls) for part in ast.walk(one) if isinstance(part, ast.Name)}
    acts_on |= reads if isinstance(node, ast.Expr) else set()
    sets = {name for part in ast.walk(node) if isinstance(part, ast.Global) for name in part.names}
    return Statement(ast.dump(node), *map(frozenset, (binds, reads, imports, acts_on, sets)))
