"""What runs at another moment of the import than in a fresh process has to read the same, and to leave nothing.

A statement that runs again does so after everything else has run; one that stands elsewhere, or in a module that is
imported earlier or later now, ran at another moment.
"""

from __future__ import annotations

import sys
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from importlib.util import resolve_name
from types import FunctionType
from typing import Any

from mpdt_hooks import rude
from mpdt_hooks.as_imported import AsImported, bound_by
from mpdt_hooks.live import names_in_class, resolve
from mpdt_hooks.model import DefRef
from mpdt_hooks.names import STORED, Imported
from mpdt_hooks.order_of_calls import depends_on_order, is_told_in_order
from mpdt_hooks.outline import Statement, StatementKind
from mpdt_hooks.planned import ClassPlan, PatchPlan, Run
from mpdt_hooks.refusal import Refused
from mpdt_hooks.sentence import said
from mpdt_hooks.traces import CHANGES, counts, is_counted, is_seen, leaves_traces, tells_others
from mpdt_hooks.tracker import SourceRevision
from mpdt_hooks.uses import Application

_READING = (StatementKind.BIND, StatementKind.BLOCK, StatementKind.FUNCTION, StatementKind.IMPORT)
Read = tuple[str, int, str]  # module, line of the statement, name
_Reader = tuple[str, Statement, Statement, str]  # module, statement, the module's statement that it is in, its class


def check_reads(plan: PatchPlan, revisions: Mapping[str, SourceRevision]) -> None:
    """What a statement reads that runs again, or that stands elsewhere, has to be what a fresh process has there.

    Raises Refused; touches nothing.
    """
    if plan.runs or plan.moved:
        as_imported = AsImported(revisions, bound_by(plan, revisions))
        running = list(_running(plan, revisions))
        moved = [one for one in _moved(plan, revisions) if one not in running]
        for one in (*running, *moved):
            name = as_imported.changed(*one, is_elsewhere=one in moved)
            if name:
                _refuse_read(one[0], one[1], name, revisions)
    for module, path in plan.moved:
        _refuse_leaving(module, path, revisions)
    for run in (one for one in plan.runs if one.followed):
        for statement, names in _coming(run, revisions):
            is_class = statement.kind is StatementKind.CLASS
            told = is_class and is_told_in_order(_bases(statement, names), revisions)
            if told or any(_depends(call, names, revisions) for call in statement.uses.applied if call.callee):
                what = said("It registers itself before others that have registered themselves already.")
                ref = DefRef(run.module, statement.name)
                raise Refused(rude.rude_edit(rude.ORDER, ref, revisions[run.module].path, statement.first, what))


def check_displaced(plan: PatchPlan, revisions: Mapping[str, SourceRevision], before: Collection[Read] | None) -> None:
    """What was imported in another order than a fresh process imports it in would not have given anything else.

    Asked when the patch has been carried out: a module that was imported for the first time may have filled something.
    ``before``: what had changed already, in all modules (``changed_reads``), if one is. Raises Refused.
    """
    known = before or ()
    for module, line, name in changed_reads(plan, revisions, plan.displaced if before is None else revisions):
        if module in plan.displaced or (module, line, name) not in known:
            _refuse_read(
                module, next(one for one in _statements(module, revisions) if one.first == line), name, revisions
            )
    leaving = ((one, _statements(one, revisions)) for one in plan.displaced)
    found = [
        (one, next((s for s in statements if _leaves(one, s, revisions) or _acts_on_others(one, s, revisions)), None))
        for one, statements in leaving
    ]
    those = [(module, statement) for module, statement in found if statement is not None]
    if len(those) > 1:
        raise _leaving(*those[-1], revisions)


def changed_reads(plan: PatchPlan, revisions: Mapping[str, SourceRevision], modules: Iterable[str]) -> frozenset[Read]:
    """Where statements of these modules read state that has changed, or may have."""
    as_imported = AsImported(revisions, bound_by(plan, revisions))
    found: set[Read] = set()
    for module in modules:
        for statement in _statements(module, revisions):
            for one in _readers(module, statement, statement, ""):
                name = as_imported.changed(*one)
                if name:
                    found.add((module, statement.first, name))
    return frozenset(found)


def check_first_reads(
    plan: PatchPlan, revisions: Mapping[str, SourceRevision], fresh: Collection[SourceRevision]
) -> None:
    """What modules read that were imported for the first time has to be what a fresh process has there.

    ``revisions``: all modules, these too, which have been run. What they bind themselves is as in a fresh process.
    Raises Refused.
    """
    own = {
        (revision.module, name)
        for revision in fresh
        for statement in _statements(revision.module, revisions)
        if statement.kind in (StatementKind.BIND, StatementKind.BLOCK)
        for name in statement.binds
        if type(vars(sys.modules[revision.module]).get(name)) is not FunctionType
    }
    as_imported = AsImported(revisions, bound_by(plan, revisions) | own)
    for revision in fresh:
        outline = revisions[revision.module].outline
        for top in outline.statements if outline is not None else ():
            for statement, cls in _parts(top, ""):
                called = _called_by_making(revision.module, statement, cls)
                name = as_imported.changed(revision.module, statement, top, cls, called)
                if name:
                    _refuse_read(revision.module, statement, name, revisions)


def _called_by_making(module: str, statement: Statement, cls: str) -> Iterator[Any]:
    """What making a definition calls: its decorators, and the hooks of a class's bases."""
    names = vars(sys.modules[module])
    yield from (resolve(call.callee, names) for call in statement.uses.applied if call.decorates and call.callee)
    made: Any = resolve(f"{cls}.{statement.name}".lstrip("."), names)
    if statement.kind is StatementKind.CLASS and issubclass(type(made), type):
        yield from (vars(base).get("__init_subclass__") for base in made.__mro__[1:])
        yield from (vars(meta).get(name) for meta in type(made).__mro__ for name in ("__new__", "__init__"))


def check_unloaded(dropped: Mapping[str, SourceRevision], revisions: Mapping[str, SourceRevision]) -> None:
    """A module that a fresh process does not load has left nothing in the others. Asked while it is there.

    ``revisions``: all modules, these too. Raises Refused.
    """
    for module, revision in dropped.items():
        for top in _statements(module, revisions) if module in sys.modules else ():
            for statement, _ in _parts(top, ""):
                if _leaves(module, statement, revisions) or _acts_on_others(module, statement, revisions, always=True):
                    what = said("Module {module} is no longer imported.", module=module)
                    ref = DefRef(module, top.name or ", ".join(top.binds))
                    raise Refused(rude.rude_edit(rude.MODULE_GONE, ref, revision.path, top.first, what))


def _parts(statement: Statement, cls: str) -> Iterator[tuple[Statement, str]]:
    """A statement and what stands in it, if it is a class, with the class's qualified name."""
    yield statement, cls
    inner = f"{cls}.{statement.name}".lstrip(".") if statement.kind is StatementKind.CLASS else cls
    for child in statement.children:
        yield from _parts(child, inner)


def imports_anew(plan: PatchPlan, revisions: Mapping[str, SourceRevision]) -> bool:
    """Whether a statement that runs imports a module of the plugin's that nobody has imported."""
    imports = (
        (run.module, one) for run in plan.runs for one in _statement(run.module, run.index, revisions).uses.imports
    )
    return any(_is_anew(revisions[module], one, revisions) for module, one in imports if not one.lazy)


def _is_anew(own: SourceRevision, imported: Imported, revisions: Mapping[str, SourceRevision]) -> bool:
    package = own.module if own.is_package else own.module.rpartition(".")[0]
    home = resolve_name("." * imported.level + imported.module, package) if imported.level else imported.module
    if home in revisions:
        submodule = f"{home}.{imported.name}"
        return imported.name not in ("", "*", *vars(sys.modules[home])) and submodule not in sys.modules
    top = home.partition(".")[0]
    beside = own.path.parent
    ours = top in {module.partition(".")[0] for module in revisions} or (beside / top).is_dir()
    return home not in sys.modules and (ours or (beside / f"{top}.py").is_file())


def _statements(module: str, revisions: Mapping[str, SourceRevision]) -> list[Statement]:
    outline = revisions[module].outline
    return [one for one in outline.statements if one.kind is not StatementKind.IMPORT] if outline is not None else []


def _refuse_read(module: str, statement: Statement, name: str, revisions: Mapping[str, SourceRevision]) -> None:
    what = said("It reads {name}, which may have changed since.", name=name)
    ref = DefRef(module, statement.name or ", ".join(statement.binds))
    raise Refused(rude.rude_edit(rude.READS_STATE, ref, revisions[module].path, statement.first, what))


def _refuse_leaving(module: str, path: Sequence[int], revisions: Mapping[str, SourceRevision]) -> None:
    statement = _at(module, path, revisions)
    around = [_at(module, path[:length], revisions).name for length in range(1, len(path))]
    if _leaves(module, statement, revisions, ".".join(around)):
        raise _leaving(module, statement, revisions)


def _leaving(module: str, statement: Statement, revisions: Mapping[str, SourceRevision]) -> Refused:
    what = said("It runs at another moment of the import, and leaves something in an object of the plugin's.")
    ref = DefRef(module, statement.name or ", ".join(statement.binds))
    return Refused(rude.rude_edit(rude.ORDER, ref, revisions[module].path, statement.first, what))


def _acts_on_others(
    module: str, statement: Statement, revisions: Mapping[str, SourceRevision], *, always: bool = False
) -> bool:
    """Whether a statement changes something that its module has from another one of the plugin's.

    ``always``: also one that binds a name to what that gives (``X = REG.setdefault("x", [])``, ``REG += [1]``).
    """
    if statement.kind not in (StatementKind.EFFECT, StatementKind.BLOCK) and not always:
        return False
    revision = revisions[module]
    assert revision.outline is not None
    tops = {name.partition(".")[0] for name in revisions}
    theirs = {
        one.bound
        for other in revision.outline.statements
        for one in other.uses.imports
        if not one.lazy and (one.level or one.module.partition(".")[0] in tops)
    }
    called = {call.callee for call in statement.uses.applied if call.callee.rpartition(".")[2] in CHANGES}
    stored = {name for name in statement.uses.reads if name.endswith(STORED)}
    extended = set(statement.binds).intersection(statement.uses.reads) if always else set()
    named = statement.uses.reads if statement.kind is StatementKind.EFFECT else {*called, *stored, *extended}
    return any(name.removesuffix(STORED).partition(".")[0] in theirs for name in named)


def _leaves(module: str, statement: Statement, revisions: Mapping[str, SourceRevision], around: str = "") -> bool:
    """``around``: the qualified name of the class in which it stands."""
    names = names_in_class(around, vars(sys.modules[module]))
    if statement.kind is StatementKind.CLASS:
        cls: Any = names.get(statement.name)
        own = f"{around}.{statement.name}".lstrip(".")
        if any(_leaves(module, child, revisions, own) for child in statement.children):
            return True
        if issubclass(type(cls), type) and (is_seen(cls, revisions) or is_counted(cls, revisions)):
            return True
        bases = cls.__mro__[1:] if issubclass(type(cls), type) else ()
        if any(base.__module__ in revisions for base in bases) and _list_subclasses(revisions):
            return True
        if issubclass(type(cls), type) and any(tells_others(one, revisions) for one in list(vars(cls).values())):
            return True
    if statement.kind not in (StatementKind.CLASS, StatementKind.FUNCTION, *_READING):
        return False
    calls = [_called(call, names) for call in statement.uses.applied if call.callee]
    return any(leaves_traces(one, revisions, within=within) or counts(one, revisions) for one, within in calls)


def _list_subclasses(revisions: Mapping[str, SourceRevision]) -> bool:
    return any(b"__subclasses__" in revision.source for revision in revisions.values())


def _called(call: Application, names: Mapping[str, Any]) -> tuple[Any, bool]:
    """What a call leads to, and whether what that returns is called as well."""
    return resolve(call.callee, names), call.called or (call.thrown and call.stored)


def _bases(cls: Statement, names: Mapping[str, Any]) -> list[type]:
    """The classes that a class statement names: bases, a metaclass."""
    found = [resolve(name, names) for name in cls.uses.reads]
    return [one for one in found if issubclass(type(one), type)]


def _depends(call: Application, names: Mapping[str, Any], revisions: Mapping[str, SourceRevision]) -> bool:
    called, within = _called(call, names)
    return depends_on_order(called, revisions, within=within)


def _coming(run: Run, revisions: Mapping[str, SourceRevision]) -> Iterator[tuple[Statement, Mapping[str, Any]]]:
    """What is new of a statement that others follow, with the names that it sees."""
    top, names = _statement(run.module, run.index, revisions), vars(sys.modules[run.module])
    if run.class_plan is None:
        yield top, names
    else:
        yield from _members_coming(run.class_plan, top, names)


def _members_coming(
    plan: ClassPlan, cls: Statement, names: Mapping[str, Any]
) -> Iterator[tuple[Statement, Mapping[str, Any]]]:
    again = (place for place, use in plan.decorators if use.fresh)
    seen = names_in_class(plan.qualname, names)
    yield from ((cls.children[place], seen) for place in dict.fromkeys((*plan.added, *again)))
    for inner in plan.nested:
        yield from _members_coming(inner, cls.children[inner.path[-1]], names)


def _running(plan: PatchPlan, revisions: Mapping[str, SourceRevision]) -> Iterator[_Reader]:
    """The statements that run and read something."""
    for run in plan.runs:
        top = _statement(run.module, run.index, revisions)
        if run.class_plan is None:
            yield from _readers(run.module, top, top, "")
        else:
            yield from _members_run(run.class_plan, top, top)


def _readers(module: str, top: Statement, statement: Statement, cls: str) -> Iterator[_Reader]:
    if statement.kind in _READING:
        yield module, statement, top, cls
    for child in statement.children:  # of a class that is new
        yield from _readers(module, top, child, "")


def _moved(plan: PatchPlan, revisions: Mapping[str, SourceRevision]) -> Iterator[_Reader]:
    for module, path in plan.moved:
        top = _statement(module, path[0], revisions)
        around = [_at(module, path[:length], revisions).name for length in range(1, len(path))]
        yield from _readers(module, top, _at(module, path, revisions), ".".join(around))


def _statement(module: str, index: int, revisions: Mapping[str, SourceRevision]) -> Statement:
    return _at(module, (index,), revisions)


def _at(module: str, path: Sequence[int], revisions: Mapping[str, SourceRevision]) -> Statement:
    """The statement to which places in bodies lead, outermost first."""
    outline = revisions[module].outline
    assert outline is not None
    statement = outline.statements[path[0]]
    for place in path[1:]:
        statement = statement.children[place]
    return statement


def _members_run(class_plan: ClassPlan, cls: Statement, top: Statement) -> Iterator[_Reader]:
    for place in class_plan.run:
        yield from _readers(class_plan.module, top, cls.children[place], class_plan.qualname)
    for inner in class_plan.nested:
        yield from _members_run(inner, cls.children[inner.path[-1]], top)
