"""Statements that a fresh process runs after a new one, and that do what it does: the new one comes too late. Pure.

A definition that is added in the middle registers itself after those that stand below it, and takes the number of a
counter that they have taken.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator

from mpdt_hooks.graph import Graph
from mpdt_hooks.outline import Statement, StatementKind


def followed(graph: Graph, added: Collection[tuple[str, int]]) -> frozenset[tuple[str, int]]:
    """Those of the new statements, by module and index, that an older one follows which calls the same, is decorated
    with it, or inherits from it.
    """
    sought = {place: _called(graph, *place) for place in added}
    sought = {place: names for place, names in sought.items() if names}
    if not sought:
        return frozenset()
    found: set[tuple[str, int]] = set()
    before: list[tuple[tuple[str, int], frozenset[str]]] = []
    for place in graph.run_order():
        if place in sought:
            before.append((place, sought[place]))
        elif before:
            names = _called(graph, *place)
            found |= {one for one, wanted in before if wanted & names}
    return frozenset(found)


def members_followed(graph: Graph, module: str, index: int, added: Collection[int]) -> bool:
    """Whether an older statement follows new members of a class, by their first lines, and calls the same."""
    sought: set[str] = set()
    for one in _members(graph.views[module].outline.statements[index]):
        names = _names(graph, module, one)
        if one.first in added:
            sought |= names
        elif sought & names:
            return True
    if not sought:
        return False
    order = list(graph.run_order())
    return any(sought & _called(graph, *place) for place in order[order.index((module, index)) + 1 :])


def _members(cls: Statement) -> Iterator[Statement]:
    for child in cls.children:
        yield child
        yield from _members(child)


def inherits_before(graph: Graph, module: str, index: int, bases: Collection[Statement]) -> bool:
    """Whether a class that inherits from one of these directly comes after the place."""
    is_later = False
    for place in graph.run_order():
        if is_later:
            where, other = place[0], graph.views[place[0]].outline.statements[place[1]]
            if other.kind is StatementKind.CLASS:
                own = (graph.statement_of_class(where, base) for base in other.uses.reads)
                if any(one is not None and one[1] in bases for one in own):
                    return True
        is_later = is_later or place == (module, index)
    return False


def _called(graph: Graph, module: str, index: int) -> frozenset[str]:
    """What a statement calls, by the last parts of all its names; of a class, the classes that it inherits from."""
    statement = graph.views[module].outline.statements[index]
    found = {name for one in (statement, *statement.children) for name in _names(graph, module, one)}
    if statement.kind is StatementKind.CLASS:
        found |= {f"class {one.name}" for _, one in graph.family([(module, statement)])} - {f"class {statement.name}"}
        found |= {name.rpartition(".")[2] for name in statement.uses.reads}
    return frozenset(found)


def _names(graph: Graph, module: str, statement: Statement) -> set[str]:
    names = {call.callee for call in statement.uses.applied if call.callee}
    return {last for name in names for last in graph.spellings(module, name)}
