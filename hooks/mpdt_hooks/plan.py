"""SourceDelta + graph -> PatchPlan, or rude edits. Pure.

The plan names what is run again, what is deleted, and which classes are worked on. New code for functions needs no
plan: every code object that differs from its older version goes to its holders.

Edits seed a draft (``seeds.py``), what depends on them is added (``dependents.py``, ``bodies.py``), and what has been
drafted is checked (``order.py``, ``leftovers.py``, ``instances.py``).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator

from mpdt_hooks import rude
from mpdt_hooks.bodies import Siblings
from mpdt_hooks.called_at_once import is_called_by_decorator
from mpdt_hooks.classify import SourceDelta
from mpdt_hooks.contents import filled_again
from mpdt_hooks.dependents import close
from mpdt_hooks.draft import ClassWork, Draft
from mpdt_hooks.followed import followed, members_followed
from mpdt_hooks.instances import kept_instances, rehearsals
from mpdt_hooks.leftovers import answers_differ, caches, check_global_stores, ghosts, handed
from mpdt_hooks.links import broken_links, new_circles
from mpdt_hooks.order import (
    check_coming,
    check_early_reads,
    check_namespaces,
    check_nested_reads,
    check_submodule_names,
    displaced,
)
from mpdt_hooks.outline import Statement, StatementKind
from mpdt_hooks.planned import Acting, ClassPlan, DecoratorUse, Doubts, PatchPlan, Run
from mpdt_hooks.seeds import seed


class Planner(Draft):
    """One plan, step by step: ``seed`` with each delta, ``close``, ``finish``; if it is refused, ``rehearsals``."""

    __slots__ = ()

    def seed(self, delta: SourceDelta) -> None:
        seed(self, delta)

    def close(self) -> None:
        close(self)

    def finish(self) -> PatchPlan:
        return finish(self)

    def plan(self, deltas: Iterable[SourceDelta]) -> PatchPlan:
        """All steps. With ``rude_edits`` or ``broken`` nothing of the plan may be carried out."""
        for delta in deltas:
            self.seed(delta)
        self.close()
        return self.finish()

    def rehearsals(self, doubts: Doubts) -> Doubts:
        """Statements that run again only because of what they call, and who they might call."""
        return rehearsals(self, doubts)

    def again(self, settled: Collection[tuple[str, int]], repeatable: Collection[tuple[str, int]] = ()) -> Planner:
        """A new plan of the same edits, where of these statements, too, is known that they give what they gave, or that
        they may act again.

        Less changes then than in this plan, so what depended on nothing here need not be asked again.
        """
        graphs = (self.graph, self.old, self.paths, self.order)
        planner = Planner(*graphs, settled=settled, repeatable=repeatable, same=self.same, known_before=self.before)
        planner.narrowed = self.touched()
        planner.known |= self.known
        return planner


def finish(draft: Draft) -> PatchPlan:
    """The plan that a closed draft amounts to, once it has been checked."""
    check_namespaces(draft)
    check_global_stores(draft)
    check_early_reads(draft)
    check_nested_reads(draft)
    check_submodule_names(draft)
    check_coming(draft)
    kept, doubts = kept_instances(draft)
    gone = {name for name in draft.deletes if name[1] not in draft.graph.binders(name[0])}
    broken = next(broken_links(draft.graph, draft.old, draft.paths, draft.order, gone), None)
    if not all(draft.old.imports_alike(draft.graph, module) for module in draft.old.views):
        for module, statement, what in new_circles(draft.graph, draft.old):
            draft.refuse(rude.ORDER, module, statement, what)
    unloaded = tuple(ghosts(draft))
    runs = tuple(_runs(draft))
    return PatchPlan(
        runs,
        tuple(draft.deletes),
        tuple(draft.changes),
        tuple(draft.refusals.values()),
        broken,
        tuple(caches(draft)),
        tuple(draft.undecorated),
        frozenset(draft.redecorated),
        unloaded,
        frozenset(draft.differing),
        frozenset(draft.affected.values),
        tuple(draft.gone),
        kept,
        doubts,
        tuple(draft.remade),
        answers_differ(draft),
        tuple(handed(draft)),
        tuple(draft.moved),
        displaced(draft),
        {place: number for number, place in enumerate(_run_order(draft))} if runs else {},
        tuple(Acting(*place, before) for place, before in draft.acting.items()),
        tuple(sorted(draft.dependent)),
    )


def _runs(draft: Draft) -> Iterator[Run]:
    tops = {(module, path[0]) for module, path in draft.classes}
    wanted = tops | {(module, index) for module, places in draft.reruns.items() for index in places}
    modules = {module for module, _ in wanted}
    several = len(modules) > 1 or len(draft.order) < len(draft.graph.views)  # what is imported may read them
    order = _run_order(draft) if several else sorted(wanted)
    late = followed(draft.graph, draft.added & wanted) | filled_again(draft.graph, draft.added & wanted)
    for module, index in order:
        if (module, index) in wanted:
            if (module, index) in tops and index not in draft.reruns.get(module, ()):
                class_plan = _class_plan(draft, module, (index,), "")
                if not class_plan.is_idle:
                    added = _added_members(class_plan, draft.graph.views[module].outline.statements[index])
                    comes_late = bool(added) and members_followed(draft.graph, module, index, added)
                    yield Run(module, index, class_plan, added=bool(added), followed=comes_late)
            else:
                statement = draft.graph.views[module].outline.statements[index]
                stars = tuple(
                    draft.graph.imported_module(module, one) for one in statement.uses.imports if one.name == "*"
                )
                yield Run(
                    module,
                    index,
                    None,
                    _decorator_use(draft, module, "", statement),
                    stars,
                    (module, index) in draft.added,
                    (module, index) in late,
                )


def _added_members(plan: ClassPlan, cls: Statement) -> set[int]:
    """The first lines of the members that are new, or decorated otherwise, in nested classes too."""
    again = (place for place, use in plan.decorators if use.fresh)
    found = {cls.children[place].first for place in (*plan.added, *again)}
    for inner in plan.nested:
        found |= _added_members(inner, cls.children[inner.path[-1]])
    return found


def _run_order(draft: Draft) -> Iterator[tuple[str, int]]:
    """The order of a fresh process. What functions import when they are called may make a module import a name
    from one that is not that far yet; this process shows that it was, so they did not import it then."""
    disproved = next(draft.graph.unfinished_imports(), None) is not None
    return draft.graph.run_order(by_calls=not disproved)


def _decorator_use(draft: Draft, module: str, prefix: str, statement: Statement) -> DecoratorUse | None:
    applied = [call for call in statement.uses.applied if call.decorates]
    if statement.kind is not StatementKind.FUNCTION or not applied:
        return None
    fresh = (module, prefix + statement.name) in draft.redecorated
    differs = any(
        draft.affected.value_changed(module, name)
        or draft.affected.decorates_differently(module, name, called=call.called)
        or (call.called and draft.affected.gives_others(module, name))
        for call in applied
        for name in ((call.callee,) if call.callee else call.passed)
    ) or is_called_by_decorator(draft.affected, module, prefix + statement.name, statement)
    if differs:
        draft.differing.add((module, prefix + statement.name))
    own = Siblings.of(draft.graph.class_at(module, prefix[:-1].split("."))).binders.keys() if prefix else ()
    changed = frozenset(draft.affected.names_that_give_others(module, statement.uses, prefix, own))
    acting = frozenset(draft.affected.handed_that_act_differently(module, statement.uses, prefix, own))
    return DecoratorUse(tuple(call.callee for call in applied), fresh, differs, changed, acting)


def _class_plan(draft: Draft, module: str, path: tuple[int, ...], prefix: str) -> ClassPlan:
    statement = draft.statement(module, path)
    work = draft.classes.get((module, path), ClassWork())
    qualname = prefix + statement.name
    inner = sorted(
        {p[: len(path) + 1] for m, p in draft.classes if m == module and p[: len(path)] == path and len(p) > len(path)}
    )
    return ClassPlan(
        module,
        path,
        qualname,
        tuple(sorted(work.run)),
        tuple(sorted(work.delete)),
        work.header,
        work.fields,
        work.members,
        work.hooks,
        work.marks,
        statement.first,
        tuple(_class_plan(draft, module, p, f"{qualname}.") for p in inner if p[-1] not in work.run),
        tuple(
            (i, use)
            for i in sorted(work.run)
            if (use := _decorator_use(draft, module, f"{qualname}.", statement.children[i])) is not None
        ),
        tuple(sorted(work.added)),
        tuple(sorted(work.heirs)),
    )
