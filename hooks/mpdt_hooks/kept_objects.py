"""Instances that are kept as they are, though a fresh process would make them otherwise, and who reads them. Pure.

What is computed from such an instance while a module is imported cannot be told without making it anew. A statement
that runs again and names one is refused; one that only might reach it, through functions that it calls or hands on, is
watched while it runs (``watch.py``).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from mpdt_hooks.affected import Affected
from mpdt_hooks.graph import Graph, Name
from mpdt_hooks.names import ALL_NAMES, ANY_MODULE, HEAP, NAMESPACE, OWN, PATH, STORED
from mpdt_hooks.outline import Statement, StatementKind
from mpdt_hooks.uses import Uses

LAMBDA = "<lambda>"
_DEPTH = 8
_HOLDING = (StatementKind.BIND, StatementKind.BLOCK, StatementKind.EFFECT)


@dataclass(slots=True)
class Held:
    """The names that lead to kept instances by values alone: no function need be called to get one."""

    graph: Graph
    names: set[Name] = field(default_factory=set)  # it only grows
    _leading: set[Name] = field(default_factory=set)
    _leading_nowhere: set[Name] = field(default_factory=set)
    _size: int = 0  # of the names of which that is known

    def leads(self, module: str, name: str, depth: int = _DEPTH) -> bool:
        """Whether evaluating a dotted name in a module may give a kept instance, or what holds one."""
        if depth != _DEPTH:  # further down a chain of names the answer may be cut short
            return self._leads(module, name, depth)
        key = (module, name)
        if key in self._leading:
            return True
        if self._size != len(self.names):
            self._size = len(self.names)
            self._leading_nowhere.clear()
        if key in self._leading_nowhere:
            return False
        leads = self._leads(module, name, depth)
        (self._leading if leads else self._leading_nowhere).add(key)
        return leads

    def _leads(self, module: str, name: str, depth: int) -> bool:
        if name == ANY_MODULE or name in HEAP:
            return bool(self.names)
        if not depth or name.startswith(OWN) or name.endswith(STORED):
            return False
        if name.startswith(PATH):
            target = self.graph.path_target(module, name)
            return target is not None and self.leads(*target, depth - 1)
        if name.rpartition(".")[2] in ("", NAMESPACE, ALL_NAMES, "__dict__"):
            owner = name.rpartition(".")[0]
            return self.leads(module, owner, depth - 1) if owner else any(where == module for where, _ in self.names)
        if (module, name.partition(".")[0]) in self.names:
            return True
        targets = self.graph.targets(module, name) if module in self.graph.views else ()
        return any(self.leads(*target, depth - 1) for target in targets)

    def is_named(self, module: str, uses: Uses) -> bool:
        """Whether a statement itself names what leads to a kept instance."""
        return any(self.leads(module, name) for name in named_now(uses))

    def readers(self) -> frozenset[Name]:
        """The functions and methods that name what leads to a kept instance: module, qualified name."""
        return frozenset(
            reader
            for module, view in self.graph.views.items()
            for statement in view.outline.statements
            for reader in self._readers_in(module, "", statement)
        )

    def _readers_in(self, module: str, prefix: str, statement: Statement) -> Iterator[Name]:
        if statement.kind is StatementKind.CLASS:
            for child in statement.children:
                yield from self._readers_in(module, f"{prefix}{statement.name}.", child)
            return
        is_function = statement.kind is StatementKind.FUNCTION
        names = [*statement.uses.deferred, *(named_now(statement.uses) if is_function else ())]  # defaults, too
        if any(self.leads(module, name) for name in names):
            within = statement.binds if is_function or statement.kind is StatementKind.BLOCK else ()
            yield from ((module, prefix + name) for name in (*within, LAMBDA))


def named_now(uses: Uses) -> Iterator[str]:
    """The names that a statement evaluates when it runs."""
    yield from (name for name in uses.reads if name not in uses.typed)
    for call in uses.applied:
        yield from (name for name in (call.callee, *call.passed, *call.made) if name)


def held_by_values(stale: Affected, kept: Iterable[Name], again: set[tuple[str, int]]) -> Held:
    """All names that lead to kept instances by values.

    ``stale``: what acts differently if the kept instances do. ``again``: statements that run again, in the open.
    """
    graph = stale.graph
    held = Held(graph, set(kept))
    waiting = [
        (module, statement)
        for module, view in graph.views.items()
        for index, statement in enumerate(view.outline.statements)
        if (module, index) not in again and (statement.kind in _HOLDING or statement.kind is StatementKind.CLASS)
    ]
    found = [one for one in waiting if _may_have_given(stale, *one)]
    while True:
        held.names |= {(module, name) for module, statement in found for name in statement.binds}
        held.names |= {owner for module, statement in found for owner in owners(graph, module, statement)}
        places = {id(statement) for _, statement in found}
        waiting = [(module, statement) for module, statement in waiting if id(statement) not in places]
        found = [one for one in waiting if _names_held(held, *one)]
        if not found:
            return held


def owners(graph: Graph, module: str, statement: Statement) -> Iterator[Name]:
    """What a statement sets attributes of: ``Holder.current = kept``."""
    for name in statement.uses.reads:
        owner = name.removesuffix(STORED).rpartition(".")[0]
        if name.endswith(STORED) and owner:
            yield module, owner.partition(".")[0]
            yield from ((target, inner.partition(".")[0]) for target, inner in graph.targets(module, owner) if inner)


def _parts(statement: Statement) -> Iterator[Statement]:
    """The statement itself; of a class, those of its body that may hold something."""
    if statement.kind is not StatementKind.CLASS:
        yield statement
    else:
        yield from (child for child in statement.children if child.kind in _HOLDING)


def _names_held(held: Held, module: str, statement: Statement) -> bool:
    return any(held.is_named(module, part.uses) for part in _parts(statement))


def _may_have_given(stale: Affected, module: str, statement: Statement) -> bool:
    return any(_may_give(stale, module, part.uses) for part in _parts(statement))


def _may_give(stale: Affected, module: str, uses: Uses) -> bool:
    """Whether a call that a statement made may have given a kept instance, or what holds one."""
    for call in uses.applied:
        found = stale.graph.statement_of_class(module, call.callee) if call.callee else None
        if stale.is_made_otherwise(*found) if found is not None else stale.acts_differently(module, call.callee):
            return True
        if any(stale.acts_differently(module, name) for name in (*call.passed, *call.made)):
            return True
    return False
