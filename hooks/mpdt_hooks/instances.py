"""Instances that are kept, though they would be made otherwise: who reads them, and which a rehearsal may clear."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from mpdt_hooks import rude
from mpdt_hooks.affected import Affected
from mpdt_hooks.bodies import Siblings
from mpdt_hooks.called_at_once import is_metaclass, makers
from mpdt_hooks.contents import contents
from mpdt_hooks.draft import Draft, Running
from mpdt_hooks.graph import Graph, Name
from mpdt_hooks.kept_objects import LAMBDA, Held, held_by_values, owners
from mpdt_hooks.outline import Statement, StatementKind
from mpdt_hooks.planned import Doubts
from mpdt_hooks.sentence import said
from mpdt_hooks.uses import Uses


def kept_instances(draft: Draft) -> tuple[tuple[tuple[str, int], ...], Doubts]:
    """Statements that made instances which stay as they are, though a new one would hold something else.

    And those that may read one while they run: who names one is refused.
    """
    kept: list[tuple[str, int]] = []
    computing: set[tuple[str, int]] = set()
    stale = Affected(draft.graph)
    places = dict.fromkeys((module, index) for module, index, _ in draft.candidates) | dict.fromkeys(draft.filled)
    for module, index in places:
        statement = draft.graph.views[module].outline.statements[index]
        if not statement.uses.applied or index in draft.reruns.get(module, ()):
            continue
        calls = [call.callee for call in statement.uses.applied if call.stored and call.callee]
        made = [one for one in (draft.graph.statement_of_class(module, name) for name in calls) if one is not None]
        if any(draft.affected.acts_differently(where, cls.name) for where, cls in made):
            kept.append((module, index))
        otherwise = (module, index) in draft.filled or any(draft.affected.is_made_otherwise(*one) for one in made)
        if (module, index) in draft.settled or not otherwise:
            continue
        draft.remade.append((module, index))
        if statement.kind is StatementKind.BIND and not any(draft.affected.keeps_old_results(*one) for one in made):
            computing.add((module, index))
        for name in statement.binds:
            stale.add_behaviour(module, name)
        for owner in owners(draft.graph, module, statement):
            stale.add_behaviour(*owner)
        for where, cls in made:
            for other in _keepers(draft.graph, where, cls):
                stale.add_behaviour(*other)
    doubts = _doubts(draft, stale) if stale.behaviours else Doubts()
    if doubts.statements:
        draft.rehearsable |= computing
    return tuple(kept), doubts


def _keepers(graph: Graph, module: str, cls: Statement) -> Iterator[Name]:
    """The class, and who makes its instances, if that may give an instance that was there: ``__new__``, a metaclass."""
    for where, one in ((module, cls), *makers(graph, module, cls)):
        wanted = {"__new__", "__call__"} if is_metaclass(graph, where, one) else {"__new__"}
        if any(not wanted.isdisjoint(child.binds) for child in one.children):
            yield module, cls.name
            yield where, one.name


def _doubts(draft: Draft, stale: Affected) -> Doubts:
    running = list(draft.running())
    inside = [one for one in running if _looks_into_sibling(stale, one)]
    running = [one for one in running if one in inside or stale.needs_rerun(one.module, one.statement.uses)]
    if not running:
        return Doubts()
    again = {(module, index) for module, places in draft.reruns.items() for index in places}
    held = held_by_values(stale, stale.behaviours, again)
    for one in running:
        if one in inside or held.is_named(one.module, one.statement.uses):
            what = said("It is computed from an object that is kept as it is, and would be made otherwise.")
            draft.refuse(rude.KEPT_OBJECT, one.module, one.statement, what)
    places = frozenset((one.module, one.index) for one in running)
    return Doubts(places, held.readers(), frozenset(stale.behaviours))


def _looks_into_sibling(stale: Affected, one: Running) -> bool:
    return Siblings.of(one.cls).are_looked_into(stale, one.module, one.qualname, one.statement)


def rehearsals(draft: Draft, doubts: Doubts) -> Doubts:
    """The statements that run again only because of what they call, or hand on: a run would tell if it matters."""
    if not draft.rehearsable:
        return Doubts()
    again = {(module, index) for module, places in draft.reruns.items() for index in places}
    classes = _classes_with_other_members(draft)
    stale = Affected(draft.graph)
    for module, name in classes:
        stale.add_behaviour(module, name)
    renewed = contents(stale, (), draft.new_statements())  # a run before they are filled would tell nothing
    held = held_by_values(stale, {*draft.affected.values, *doubts.kept, *classes}, again)
    places = {
        (module, index)
        for module, index in draft.rehearsable
        for uses in [draft.graph.views[module].outline.statements[index].uses]
        if not _names_a_change(draft, held, module, uses)
        and not (renewed.holding and renewed.are_gone_through(module, uses))
    }
    if not places:
        return Doubts()
    changed = {(one.ref.module, name) for one in draft.changes for name in one.ref.qualname.split(", ")}
    lambdas = {(module, f"{name.rpartition('.')[0]}.{LAMBDA}".lstrip(".")) for module, name in changed}
    readers = held.readers() | doubts.readers | changed | lambdas | classes
    return Doubts(frozenset(places), readers, doubts.kept | classes)


def _classes_with_other_members(draft: Draft) -> frozenset[Name]:
    """Top-level classes that have other members or bases now, or inherit from such: that shows in no call."""
    found = {(module, name.partition(".")[0]) for module, name in draft.affected.values if "." in name}
    found |= {(module, name.partition(".")[0]) for module, name in draft.affected.rebased}
    held = Held(draft.graph, found)
    classes = [
        (module, statement)
        for module, view in draft.graph.views.items()
        for statement in view.outline.statements
        if found and statement.kind is StatementKind.CLASS
    ]
    while True:
        more = {
            (module, statement.name)
            for module, statement in classes
            if any(held.leads(module, base) for base in statement.uses.reads)
        } - held.names
        if not more:
            return frozenset(held.names)
        held.names |= more


def _names_a_change(draft: Draft, held: Held, module: str, uses: Uses) -> bool:
    without_calls = replace(uses, applied=())
    return held.is_named(module, uses) or draft.affected.needs_rerun(module, without_calls)
