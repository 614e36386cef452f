"""Names that are bound more than once: what runs in between must find what stood there, not what is bound last."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from mpdt_hooks import rude
from mpdt_hooks.affected import BUILTIN_NAMES
from mpdt_hooks.draft import ClassWork, Draft, Running
from mpdt_hooks.graph import Graph
from mpdt_hooks.outline import Statement, StatementKind
from mpdt_hooks.sentence import said


def close_rebound(draft: Draft) -> bool:
    """Bind again, in the file's order, what a statement that runs reads and that is bound again further down.

    Returns whether anything was added.
    """
    added = False
    for one in list(draft.running()):
        binders = draft.graph.binders(one.module)
        if one.cls is None and one.statement.kind is StatementKind.FUNCTION:
            _refuse_kept(draft, one)
        read = _read(draft.graph, one.module, one.statement) if _binds_again(binders, one.index) else set()
        for name in (name for name in read & binders.keys() if binders[name][0] != one.index < binders[name][-1]):
            if binders[name][0] < one.index:
                added |= _bind_again(draft, one, name)
            elif name in BUILTIN_NAMES:
                what = said("It needs the built-in {name}, and the module binds that name further down.", name=name)
                draft.refuse(rude.ORDER, one.module, one.statement, what)
    return added


def _refuse_kept(draft: Draft, one: Running) -> None:
    """Of two functions of one name the first lives on, if somebody keeps it; but they are one object here."""
    name, statements = one.statement.name, draft.graph.views[one.module].outline.statements
    places = draft.graph.binders(one.module)[name]
    for other in statements[places[0] : places[-1]]:
        kept = {read.partition(".")[0] for read in _read_by(other) if read not in other.uses.called}
        if name in kept and name not in other.binds:
            what = said("It keeps {name} as it was before it is defined again.", name=name)
            draft.refuse(rude.NOT_UNIQUE, one.module, other, what)


def _bind_again(draft: Draft, one: Running, name: str) -> bool:
    """Objects that were made are not made anew for who reads them."""
    statements = draft.graph.views[one.module].outline.statements
    done = draft.reruns.get(one.module, ())
    made = [statements[place] for place in draft.graph.binders(one.module)[name] if place not in done]
    if any(other.kind is StatementKind.BIND and (other.uses.displays or other.uses.applied) for other in made):
        what = said("It needs what {name} was before it was bound again further down.", name=name)
        draft.refuse(rude.NOT_UNIQUE, one.module, one.statement, what)
        return False
    return draft.rerun_binders(one.module, name)


def seed_moved(draft: Draft, module: str, place: int, statement: Statement) -> None:
    """A statement stands elsewhere: who reads a name that it binds, or what it reads itself, may be another version."""
    binders = draft.graph.binders(module)
    draft.moved.append((module, (place,)))
    for name in {*statement.binds, *_read(draft.graph, module, statement)}:
        if len(binders.get(name, ())) > 1 or (name in BUILTIN_NAMES and name in binders):
            draft.rerun_binders(module, name)
            draft.affected.add_value(module, name)


def seed_moved_member(
    draft: Draft, module: str, path: tuple[int, ...], qualname: str, work: ClassWork, place: int
) -> None:
    """The same of a statement in a class body."""
    cls = draft.statement(module, path)
    draft.moved.append((module, (*path, place)))
    child = cls.children[place]
    read = {name.partition(".")[0] for name in child.uses.reads} if child.kind is not StatementKind.CLASS else set()
    for name in {*child.binds, *read}:
        makers = {i for i, one in enumerate(cls.children) if name in one.binds}
        if len(makers) > 1 or (name in read and makers and _is_bound_outside(draft, module, name)):
            work.run |= {*makers, place}
            for bound in {name, *child.binds}:
                draft.affected.add_value(module, f"{qualname}.{bound}")


def _is_bound_outside(draft: Draft, module: str, name: str) -> bool:
    """Above where a class body binds it, a name is the module's."""
    return name in BUILTIN_NAMES or name in draft.graph.binders(module)


def _binds_again(binders: Mapping[str, Sequence[int]], place: int) -> bool:
    """Whether any name is bound below the place that may lead elsewhere above it; mostly not, and that is cheap."""
    return any(places[-1] > place and (len(places) > 1 or name in BUILTIN_NAMES) for name, places in binders.items())


def _read(graph: Graph, module: str, statement: Statement) -> set[str]:
    """The names of a module that a statement may read when it runs: by itself, or by what it might call."""
    binders, statements = graph.binders(module), graph.views[module].outline.statements
    pending, seen = list(_read_by(statement)), set[str]()
    while pending:
        name = pending.pop().partition(".")[0]
        if name not in seen:
            seen.add(name)
            pending += (used for place in binders.get(name, ()) for used in _read_in(statements[place]))
    return seen


def _read_by(statement: Statement) -> Iterator[str]:
    uses = statement.uses
    yield from (*uses.reads, *uses.behaves, *uses.items, *uses.keys)
    for call in uses.applied:
        yield from (call.callee, *call.passed, *call.made)
    for child in statement.children:
        yield from _read_by(child)


def _read_in(statement: Statement) -> Iterator[str]:
    """What using an object may read that a statement has made: the functions in it do, and what it is an alias of."""
    yield from statement.uses.deferred
    if statement.kind is not StatementKind.FUNCTION:
        yield from statement.uses.reads
    for child in statement.children:
        yield from _read_in(child)
