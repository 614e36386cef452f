"""What depends on what changed: statements are added until nothing new depends on it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence

from mpdt_hooks import rude
from mpdt_hooks.bodies import close_binders, close_class, rerun_member
from mpdt_hooks.called_at_once import is_called_by_decorator
from mpdt_hooks.contents import Contents, contents
from mpdt_hooks.draft import Draft
from mpdt_hooks.names import ALL_NAMES, ANY_MODULE, NAMESPACE, STORED
from mpdt_hooks.only_kept import without_what_is_only_kept
from mpdt_hooks.outline import Statement, StatementKind
from mpdt_hooks.rebound import close_rebound
from mpdt_hooks.sentence import said
from mpdt_hooks.uses import Uses

_BINDING = (StatementKind.BIND, StatementKind.BLOCK)
_COMPUTING = (StatementKind.FUNCTION, StatementKind.BIND, StatementKind.BLOCK, StatementKind.EFFECT)


def close(draft: Draft) -> None:
    """Add every statement that depends on what changed, in all modules."""
    more = True
    while more:
        candidates = draft.candidates = _candidates(draft)
        if draft.narrowed is not None:
            candidates = [one for one in candidates if one[:2] in draft.narrowed]
        changed = True
        while changed:
            changed = False
            for module, index, statement in candidates:
                changed |= _close_statement(draft, module, index, statement)
            for (module, path), work in list(draft.classes.items()):
                changed |= close_binders(draft, module, path, work)
        more = close_rebound(draft)
        more |= _close_contents(draft)


def _close_contents(draft: Draft) -> bool:
    """Add what goes through a container that holds something which acts differently; whether anything was added."""
    filled = contents(draft.affected, draft.candidates, draft.new_statements())
    added = False
    for module in draft.order if filled.holding else ():
        for index, statement in enumerate(draft.graph.views[module].outline.statements):
            if index in draft.reruns.get(module, ()) or (module, index) in {*draft.settled, *draft.dependent}:
                continue
            if draft.narrowed is not None and (module, index) not in draft.narrowed:
                continue
            if statement.kind is StatementKind.CLASS:
                added |= _close_members(draft, filled, module, index, statement)
            elif (module, index) not in draft.filled and _keeps_what_is_made_of(draft, filled, module, statement):
                draft.filled.add((module, index))
                draft.known.update(statement.binds)
                for name in statement.binds:
                    draft.affected.add_behaviour(module, name)
                added = True
            elif statement.kind in _COMPUTING and filled.are_gone_through(module, _acting(draft, module, statement)):
                if statement.kind is StatementKind.EFFECT or any(one.decorates for one in statement.uses.applied):
                    what = said("A statement that acts goes through what holds something that changed.")
                    draft.refuse(rude.EFFECT, module, statement, what)
                    continue
                _run_again(draft, module, index, statement)
                added = True
    return added


def _keeps_what_is_made_of(draft: Draft, filled: Contents, module: str, statement: Statement) -> bool:
    """Whether a statement keeps an instance that has looked into such a container when it was made."""
    if statement.kind not in _BINDING:
        return False
    calls = (call.callee for call in statement.uses.applied if call.stored and call.callee)
    made = (draft.graph.statement_of_class(module, name) for name in calls)
    return any(one is not None and filled.are_used_to_make(*one) for one in made)


def _close_members(draft: Draft, filled: Contents, module: str, index: int, cls: Statement) -> bool:
    """The same of what a class body computes."""
    work = draft.classes.get((module, (index,)))
    done = work.run if work is not None else set()
    found = [
        (i, child)
        for i, child in enumerate(cls.children)
        if i not in done and child.kind in _BINDING and filled.are_gone_through(module, child.uses)
    ]
    for i, child in found:
        rerun_member(draft, module, (index,), cls.name, i, child)
    return bool(found)


def _candidates(draft: Draft) -> list[tuple[str, int, Statement]]:
    """The statements that may depend on what changed: a chain of identifiers leads from each to a changed name.

    Most of a package has nothing to do with an edit; this look at it costs a hundredth of the exact one.
    """
    seeds = {*draft.affected.values, *draft.affected.behaviours, *draft.affected.rebased, *draft.affected.products}
    seeds |= draft.affected.descriptions
    known = {name.partition(".")[0] for _, name in seeds}
    known |= {part for module, _ in seeds for part in module.split(".")}  # who is handed a whole module
    known |= {NAMESPACE, ALL_NAMES, ANY_MODULE, "__subclasses__", "__code__"}
    places = [
        (module, index, statement)
        for module in draft.order
        for index, statement in enumerate(draft.graph.views[module].outline.statements)
    ]
    mentioning: defaultdict[str, list[int]] = defaultdict(list)
    for number, (_, _, statement) in enumerate(places):
        for name in statement.mentions:
            mentioning[name].append(number)
        for name in statement.binds:  # two that bind one name run together
            mentioning[name].append(number)
    found: set[int] = set()
    pending = list(known)
    while pending:
        for number in mentioning.pop(pending.pop(), ()):
            if number not in found:
                found.add(number)
                module, _, statement = places[number]  # who is handed a module sees what depends there, too
                more = [name for name in (*_leads_on(statement), *module.split(".")) if name not in known]
                pending += more
                known.update(more)
    fillers = {id(statement) for _, statement in draft.graph.fillers()}
    if any(id(places[number][2]) in fillers for number in found):  # no chain of identifiers tells what they bind
        found = set(range(len(places)))
        known.update(*(statement.mentions for _, _, statement in places))
    draft.known |= known | {part for _, name in seeds for part in name.split(".")}
    again = {(module, index) for module, indexes in draft.reruns.items() for index in indexes}
    return [
        (module, index, statement)
        for number, (module, index, statement) in enumerate(places)
        if number in found or (module, index) in again or (module, (index,)) in draft.classes
    ]


def _close_statement(draft: Draft, module: str, index: int, statement: Statement) -> bool:
    done = draft.reruns.get(module, ())
    if index in done:
        binders = draft.graph.binders(module)
        bound = draft.graph.bound_by(module, statement)
        changed = _close_import(draft, module, statement, bound)
        return any(draft.rerun_binders(module, name) for name in bound if len(binders.get(name, ())) > 1) or changed
    match statement.kind:
        case StatementKind.INERT | StatementKind.STRING:
            return False
        case StatementKind.CLASS:
            return close_class(draft, module, (index,), statement, statement.name)
        case StatementKind.EFFECT:
            if (module, index) in draft.settled or not draft.affected.needs_rerun(module, statement.uses):
                return False
            if not draft.affected.needs_rerun(module, _acting(draft, module, statement)):
                return False
            if (module, index) not in draft.repeatable and not statement.uses.labels:
                if not any(draft.affected.value_changed(module, name) for name in _callees(draft, module, statement)):
                    draft.acting.setdefault((module, index), None)
                draft.dependent.add((module, index))
                draft.refuse(rude.EFFECT, module, statement, said("A statement that acts depends on what changed."))
                return False
    is_function = statement.kind is StatementKind.FUNCTION
    called = is_function and is_called_by_decorator(draft.affected, module, statement.name, statement)
    if (module, index) in draft.settled:
        return False
    if not called and not draft.affected.needs_rerun(module, statement.uses, default=is_function):
        return False
    _run_again(draft, module, index, statement)
    return True


def _acting(draft: Draft, module: str, statement: Statement) -> Uses:
    """What a statement uses; of one that acts, without the calls that do the same as before."""
    is_acting = statement.kind is StatementKind.EFFECT
    return without_what_is_only_kept(draft.affected, module, statement.uses) if is_acting else statement.uses


def _close_import(draft: Draft, module: str, statement: Statement, bound: Sequence[str]) -> bool:
    """What an import that runs again brings otherwise, of all that it brings; whether that is news."""
    news = [
        name
        for name in (bound if statement.uses.imports else ())
        if (module, name) not in draft.affected.values and any(_brings_another(draft, module, statement, name))
    ]
    for name in news:
        draft.affected.add_value(module, name)
    return bool(news)


def _brings_another(draft: Draft, module: str, statement: Statement, name: str) -> Iterator[bool]:
    for one in statement.uses.imports:
        if one.name != "*":
            yield one.bound == name and draft.affected._import_differs(module, one)
        elif name not in statement.binds:
            yield draft.affected.value_changed(draft.graph.imported_module(module, one), name)


def _run_again(draft: Draft, module: str, index: int, statement: Statement) -> None:
    if statement.kind is StatementKind.BIND:
        draft.rehearsable.add((module, index))
    draft.rerun(module, index)
    draft.note_run(module, "", statement)
    for name in draft.graph.bound_by(module, statement):
        if statement.kind is StatementKind.FUNCTION:
            draft.affected.add_behaviour(module, name)
        elif statement.kind is not StatementKind.IMPORT or _import_value_changed(draft, module, statement, name):
            draft.affected.add_value(module, name)


def _callees(draft: Draft, module: str, statement: Statement) -> Iterator[str]:
    """What a statement calls, and what a function that it calls does."""
    statements = draft.graph.views[module].outline.statements
    yield from statement.uses.called
    for name in statement.uses.called:
        for place in draft.graph.binders(module).get(name, ()):
            yield from statements[place].uses.called


def _import_value_changed(draft: Draft, module: str, statement: Statement, name: str) -> bool:
    """Of ``from m import a, b``, and of ``from m import *``, only the names that m changed are other values."""
    return any(
        _star_value_changed(draft, draft.graph.imported_module(module, one), name)
        if one.name == "*"
        else one.bound == name and draft.affected._import_differs(module, one)
        for one in statement.uses.imports
    )


def _star_value_changed(draft: Draft, target: str, name: str) -> bool:
    if draft.affected.value_changed(target, name):
        return True
    unknown = "__all__" in draft.graph.binders(target) and draft.graph.exports(target) is None
    return unknown and draft.affected.value_changed(target, "__all__")


def _leads_on(statement: Statement) -> list[str]:
    """The identifiers through which others may depend on a statement: what it binds, fills, or sets from outside."""
    stored = (name for name in statement.uses.reads if name.endswith(STORED))
    filled = (name.partition(".")[0] for name in statement.uses.fills)
    return [*statement.binds, *filled, *(part for name in stored for part in name.removesuffix(STORED).split("."))]
