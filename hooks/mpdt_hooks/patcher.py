"""Carry out a plan: every step with an undo log, all or nothing.

``prepare`` compiles and finds everything that can be known without touching anything; ``apply`` runs between two
callbacks of the plugin's loop. Without statements to run again, it is one loop over (function, code).
"""

from __future__ import annotations

import ast
import builtins
import inspect
import sys
import time
from bisect import bisect_right
from collections import deque
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import CellType, CodeType, FunctionType
from typing import Any

from mpdt_hooks import _jurigged, rude
from mpdt_hooks.answers import forget_answers
from mpdt_hooks.classes import ClassPatch, prepare_class, update_line_attributes
from mpdt_hooks.codes import CodePair
from mpdt_hooks.consumed import consumed
from mpdt_hooks.decorators import SAME, same, strip_noted
from mpdt_hooks.dispatchers import Dispatcher, known_dispatchers, settle_implementations
from mpdt_hooks.forward import FORWARD, forwarding_code, is_forwardable
from mpdt_hooks.graft import Grafts, around, with_closure
from mpdt_hooks.handed_over import places_of_calls
from mpdt_hooks.kept_code import follow
from mpdt_hooks.labels import CannotLabel, Labels
from mpdt_hooks.live import Holders, functions_in, raw_lookup, resolve
from mpdt_hooks.model import DefRef
from mpdt_hooks.moments import Read, changed_reads, check_displaced, check_reads, imports_anew
from mpdt_hooks.names import dotted
from mpdt_hooks.outline import Statement, StatementKind, parse_statement, statement_of
from mpdt_hooks.planned import ClassPlan, Gone, PatchPlan, Run, Undecorated
from mpdt_hooks.reached import remember_reached
from mpdt_hooks.refusal import Refused
from mpdt_hooks.registries import Rank, is_extended, put_in_order, ranks
from mpdt_hooks.sentence import said
from mpdt_hooks.stage import compile_statement, index_codes
from mpdt_hooks.traceless import leaves_no_trace
from mpdt_hooks.traces import counts, is_counted, is_seen, leaves_traces
from mpdt_hooks.tracker import SourceRevision
from mpdt_hooks.undo import UndoLog, refill, same_content
from mpdt_hooks.watch import Watch, watching

_MISSING: Any = object()
# Seconds; longer than any apply of precomputed code, and the longest that a busy thread can make a patch wait.
_UNINTERRUPTED = 0.05


@dataclass(frozen=True, slots=True)
class StatementRun:
    """A compiled top-level statement and the names that it binds."""

    module: str
    path: Path
    line: int
    text: str
    code: CodeType
    binds: tuple[str, ...]
    is_block: bool
    stays: bool = False  # a function that nobody who reads it expects to become another object
    stars: tuple[str, ...] = ()  # tracked modules of which it imports all names
    elsewhere: frozenset[str] = frozenset()  # names that other statements of the module bind
    added: bool = False  # what it does elsewhere it does for the first time
    followed: bool = False  # by others that have done the same already
    calls: frozenset[str] = frozenset()  # what it calls, decorates with or inherits from
    labels: Labels | None = None
    imports: bool = False
    shadows: tuple[str, ...] = ()  # names of built-ins that no statement above binds: it reads the built-ins themselves


@dataclass(slots=True)
class Prepared:
    """All that apply needs, computed."""

    pairs: list[tuple[FunctionType, CodeType]] = field(default_factory=list)
    replaced: list[tuple[FunctionType, CodeType]] = field(default_factory=list)  # free variables differ
    later: list[tuple[FunctionType, CodeType]] = field(default_factory=list)  # get their code with their defaults
    told: list[tuple[Any, CodeType]] = field(default_factory=list)
    steps: list[StatementRun | ClassPatch] = field(default_factory=list)
    class_codes: dict[str, list[CodePair]] = field(default_factory=dict)
    kept: list[tuple[Any, dict[int, CodeType]]] = field(default_factory=list)  # containers of code objects
    caches: list[Any] = field(default_factory=list)  # what keeps results that may now be others

    changed_before: frozenset[Read] | None = None  # if a module is imported for the first time

    def forget(self) -> None:
        """Let go of code objects that were replaced."""
        for held in (
            self.pairs,
            self.later,
            self.replaced,
            self.told,
            self.steps,
            self.class_codes,
            self.kept,
            self.caches,
        ):
            held.clear()


@dataclass(slots=True)
class Applied:
    """What apply did, beyond the plan."""

    forwarded: list[DefRef] = field(default_factory=list)
    ran: list[str] = field(default_factory=list)
    bound: set[tuple[str, str]] = field(default_factory=set)  # by statements that ran


def prepare(
    plan: PatchPlan,
    pairs: Mapping[str, Sequence[CodePair]],
    revisions: Mapping[str, SourceRevision],
    holders: Holders,
) -> Prepared:
    """Find the functions for every code pair and compile what is to be run. Raises Refused; touches nothing."""
    prepared = Prepared()
    for undecorated in plan.undecorated:
        _check_undecorated(undecorated, revisions)
    for gone in plan.gone:
        _check_gone(gone, revisions)
    for module, index in plan.remade:
        _check_remade(module, index, revisions)
    for one in consumed(plan.handed, pairs, revisions):
        what = said("@{decorator} has called {name}, and kept no function.", decorator=one.decorator, name=one.qualname)
        ref = DefRef(one.module, one.qualname)
        raise Refused(rude.rude_edit(rude.DECORATOR, ref, revisions[one.module].path, one.line, what))
    made_again = set(_functions_made_again(plan, revisions))
    for module, module_pairs in pairs.items():
        path = revisions[module].path
        for pair in module_pairs:
            if is_class_body(pair.new):
                prepared.class_codes.setdefault(module, []).append(pair)
                continue
            prepared.told += [(holder, pair.new) for holder in holders.told(pair.old)]
            functions = holders.of(pair.old)
            if pair.old.co_freevars == pair.new.co_freevars:
                again = (module, pair.new.co_qualname) in made_again
                (prepared.later if again else prepared.pairs).extend((f, pair.new) for f in functions)
                continue
            for function in functions:
                if set(pair.old.co_freevars) ^ set(pair.new.co_freevars) != {"__class__"}:
                    raise Refused(
                        rude.rude_edit(
                            rude.FREE_VARIABLES,
                            DefRef(module, pair.new.co_qualname),
                            path,
                            pair.new.co_firstlineno,
                            said(
                                "The closure {qualname} lives and has other free variables.",
                                qualname=pair.new.co_qualname,
                            ),
                        )
                    )
                prepared.replaced.append((function, pair.new))
    prepared.steps = list(_steps(plan, revisions))
    check_reads(plan, revisions)
    if imports_anew(plan, revisions):
        prepared.changed_before = changed_reads(plan, revisions, revisions)
    return prepared


def _functions_made_again(plan: PatchPlan, revisions: Mapping[str, SourceRevision]) -> Iterator[tuple[str, str]]:
    """Functions whose statements run: new code and new defaults go into them together."""

    def members(class_plan: ClassPlan, statement: Statement) -> Iterator[tuple[str, str]]:
        for place in class_plan.run:
            yield class_plan.module, f"{class_plan.qualname}.{statement.children[place].name}"
        for inner in class_plan.nested:
            yield from members(inner, statement.children[inner.path[-1]])

    for run in plan.runs:
        outline = revisions[run.module].outline
        assert outline is not None
        statement = outline.statements[run.index]
        if run.class_plan is not None:
            yield from members(run.class_plan, statement)
        elif statement.kind is StatementKind.FUNCTION:
            yield run.module, statement.name


def _steps(plan: PatchPlan, revisions: Mapping[str, SourceRevision]) -> Iterator[StatementRun | ClassPatch]:
    indexes: dict[str, Any] = {}
    lines: dict[str, list[str]] = {}
    for run in plan.runs:
        revision = revisions[run.module]
        assert revision.outline is not None
        statement = revision.outline.statements[run.index]
        if run.module not in lines:
            lines[run.module] = revision.lines()
            indexes[run.module] = index_codes(revision.code)
        node = parse_statement(statement, lines[run.module])
        if run.class_plan is not None:
            assert isinstance(node, ast.ClassDef)
            yield prepare_class(run.class_plan, statement, node, revision, indexes[run.module], revisions)
            continue
        if not run.added:
            _check_calls(run, statement, revisions)
        if run.decorators is not None:
            names = vars(sys.modules[run.module])
            strip_noted(node, run.decorators, names, DefRef(run.module, statement.name), revision.path)
        code = compile_statement(node, str(revision.path), revision.code, indexes[run.module])
        text = lines[run.module][statement.first - 1].strip()
        yield StatementRun(
            run.module,
            revision.path,
            statement.first,
            f"{revision.path.name}:{statement.first}: {text}",
            code,
            statement_of(node).binds if statement.kind is not StatementKind.STRING else ("__doc__",),
            statement.kind is StatementKind.BLOCK or statement.uses.labels,
            statement.kind is StatementKind.FUNCTION and (run.module, statement.name) not in plan.values,
            run.stars,
            frozenset(name for other in revision.outline.statements for name in other.binds)
            if run.stars
            else frozenset(),
            run.added,
            run.followed,
            _called(statement),
            _labels(node, run.module, revision) if statement.uses.labels else None,
            statement.kind is StatementKind.IMPORT,
            _shadows(statement, revision.outline.statements[: run.index]),
        )


def _shadows(statement: Statement, above: Sequence[Statement]) -> tuple[str, ...]:
    """The built-ins that a fresh process finds where this process has what the statement has made of them before
    (``print = partial(print, flush=FLUSH)``)."""
    own = {name for name in statement.binds if not name.startswith("__")}  # a module has a ``__doc__`` of its own
    names = own.intersection(vars(builtins), statement.uses.reads)
    if not names or any(one.name == "*" for other in above for one in other.uses.imports):
        return ()
    return tuple(sorted(names - {name for other in above for name in other.binds}))


def _check_calls(run: Run, statement: Statement, revisions: Mapping[str, SourceRevision]) -> None:
    """A function that keeps something in the plugin's objects kept it when the statement ran for the first time."""
    if statement.kind not in (StatementKind.BIND, StatementKind.BLOCK):
        return
    names = vars(sys.modules[run.module])
    for call in statement.uses.applied:
        if call.callee and leaves_traces(resolve(call.callee, names), revisions):
            what = said("It would call {function}() again, which changes an object that is kept.", function=call.callee)
            ref = DefRef(run.module, ", ".join(statement.binds))
            raise Refused(rude.rude_edit(rude.EFFECT, ref, revisions[run.module].path, statement.first, what))


def _check_remade(module: str, index: int, revisions: Mapping[str, SourceRevision]) -> None:
    """An instance is kept, and its initialiser, which acts otherwise now, has changed something beside it."""
    outline = revisions[module].outline
    assert outline is not None
    statement = outline.statements[index]
    names = vars(sys.modules[module]) if module in sys.modules else {}
    made = parse_statement(statement, revisions[module].lines())
    for call in statement.uses.applied:
        alone = is_handed_constants(made, call.callee)
        if call.callee and leaves_traces(resolve(call.callee, names), revisions, alone=alone):
            what = said("{name}() has changed something beside the object that it made.", name=call.callee)
            ref = DefRef(module, ", ".join(statement.binds))
            raise Refused(rude.rude_edit(rude.EFFECT, ref, revisions[module].path, statement.first, what))


def is_handed_constants(node: ast.stmt, callee: str) -> bool:
    calls = [one for one in ast.walk(node) if isinstance(one, ast.Call) and dotted(one.func) == callee]
    handed = (value for one in calls for value in (*one.args, *(keyword.value for keyword in one.keywords)))
    return all(isinstance(value, ast.Constant) for value in handed)


def _called(statement: Statement) -> frozenset[str]:
    """What a statement calls, decorates with or inherits from: what it may register itself with."""
    names = {call.callee for one in (statement, *statement.children) for call in one.uses.applied}
    if statement.kind is StatementKind.CLASS:
        names.update(statement.uses.reads)
    return frozenset(names)


def _labels(node: ast.stmt, module: str, revision: SourceRevision) -> Labels:
    assert isinstance(node, ast.For)
    try:
        return Labels(node, vars(sys.modules[module]))
    except CannotLabel as error:
        raise _refused_label(error, module, revision.path, node.lineno) from None


def _refused_label(error: CannotLabel, module: str, path: Path, line: int) -> Refused:
    return Refused(rude.rude_edit(rude.EFFECT, DefRef(module, ""), path, line, error.args[0]))


def _check_undecorated(gone: Undecorated, revisions: Mapping[str, SourceRevision]) -> None:
    """Only what a decorator without traces decorated may go, or lose it."""
    names = vars(sys.modules[gone.module])
    owner = gone.qualname.rpartition(".")[0]
    cls = raw_lookup(gone.module, owner) if owner else None
    if issubclass(type(cls), type):  # else the class's name is bound to something else by now
        names = names | dict(vars(cls))
    for decorator in gone.decorators:
        name = decorator.callee
        if not leaves_no_trace(name, resolve(name, names), called=decorator.called):
            ref = DefRef(gone.module, gone.qualname)
            what = said(
                "@{decorator} of {qualname} may have kept it somewhere.",
                decorator=name or "...",
                qualname=gone.qualname,
            )
            raise Refused(rude.rude_edit(rude.DECORATOR, ref, revisions[gone.module].path, gone.line, what))


def _check_gone(gone: Gone, revisions: Mapping[str, SourceRevision]) -> None:
    """What goes may have left itself in a registry of the plugin's when it was made."""
    names = vars(sys.modules[gone.module])
    path = revisions[gone.module].path
    ref = DefRef(gone.module, gone.qualname)
    if gone.is_class:
        try:
            cls = raw_lookup(gone.module, gone.qualname)
        except LookupError:
            return
        if isinstance(cls, type) and (is_seen(cls, revisions) or is_counted(cls, revisions)):
            what = said("Class {name} goes, and a hook that saw it may have kept it.", name=gone.qualname)
            raise Refused(rude.rude_edit(rude.CLASS_HOOK, ref, path, gone.line, what))
        return
    for call in gone.calls:
        if leaves_traces(resolve(call.callee, names), revisions):
            what = said(
                "{function}(), which {name} is no longer made by, may have kept something of it.",
                function=call.callee,
                name=gone.qualname,
            )
            raise Refused(rude.rude_edit(rude.EFFECT, ref, path, gone.line, what))


def is_class_body(code: CodeType) -> bool:
    return not code.co_flags & 0x1 and code.co_name not in ("<module>",) and "__qualname__" in code.co_names


class uninterrupted:
    """No other thread gets a turn while the block runs, unless the block itself waits for something.

    The interval is set before the turn is given up: a waiting thread reads it when its wait begins, and wants the lock
    only if no switch happened meanwhile (CPython 3.11 to 3.13, Python/ceval_gil.c, take_gil). So after the ``sleep``
    every wait has the long interval, and this thread a slice of that length.
    """

    def __enter__(self) -> None:
        self._interval = sys.getswitchinterval()
        sys.setswitchinterval(_UNINTERRUPTED)
        time.sleep(0)

    def __exit__(self, *_: object) -> None:
        sys.setswitchinterval(self._interval)


def apply(
    plan: PatchPlan,
    prepared: Prepared,
    revisions: Mapping[str, SourceRevision],
    undo: UndoLog,
    applied: Applied,
) -> None:
    """Carry out the plan. Whatever it raises, the caller rolls the undo log back."""
    undo.conform_all(prepared.pairs)
    for holder, code in prepared.told:
        _tell(holder, code)
    for container, codes in prepared.kept:
        follow(container, codes, undo)
    for results in prepared.caches:
        results.cache_clear()  # before anything runs again: it would get results of code that is no more
    if plan.asked:
        undo.add(lambda: forget_answers((), revisions))
        forget_answers((), revisions)
    for function, code in prepared.replaced:
        _replace_method(function, code, undo, applied)
    _delete(plan, undo)
    grafts = Grafts(undo, plan.redecorated, plan.differing, prepared.later)
    dispatchers: tuple[Dispatcher, ...] = ()
    if prepared.steps:
        remember_reached(revisions, undo)
        dispatchers = tuple(known_dispatchers(revisions))
    if prepared.changed_before is not None:  # it may set names of the others
        for module in revisions:
            undo.namespace(vars(sys.modules[module]))
    told_again = _run_steps(plan, prepared, revisions, undo, grafts, applied)
    # Of two definitions of one name it is the last that has been made: the pair may be that of the first.
    rest = [(function, code) for function, code in prepared.later if not grafts.is_made_again(function)]
    undo.conform_all([(function, code) for function, code in rest if function.__code__ is not code])
    if grafts:
        _put_back_old_objects(revisions, undo, grafts)
    if dispatchers:
        settle_implementations(dispatchers, grafts.replacement, _rank(plan, revisions))
    if prepared.steps:
        _check_registries(plan, prepared, revisions, undo, told_again)
    if plan.displaced or prepared.changed_before is not None:
        check_displaced(plan, revisions, prepared.changed_before)
    for module, class_pairs in prepared.class_codes.items():
        update_line_attributes(module, class_pairs, undo)
    _module_annotations(plan, revisions, undo)


def _run_steps(
    plan: PatchPlan,
    prepared: Prepared,
    revisions: Mapping[str, SourceRevision],
    undo: UndoLog,
    grafts: Grafts,
    applied: Applied,
) -> dict[int, tuple[str, int]]:
    """Run the statements. Returns the containers that one changed which had run before, by id, with its line."""
    starred: set[str] = set()
    loaded = frozenset(sys.modules)
    told_again: dict[int, tuple[str, int]] = {}
    watch = _watch(plan, revisions)
    last = {
        (step.module, name): step for step in prepared.steps if isinstance(step, StatementRun) for name in step.binds
    }
    for run, step in zip(plan.runs, prepared.steps, strict=True):
        is_doubtful = (run.module, run.index) in plan.doubts.statements
        applied.ran.append(step.text)
        if isinstance(step, StatementRun):
            before = undo.container_state() if step.calls or step.imports else []
            _check_counters(step, revisions)
            if step.stars and step.module not in starred:  # all of a module's at once: one may bring what another did
                starred.add(step.module)
                for one in prepared.steps:
                    if isinstance(one, StatementRun) and one.module == step.module:
                        _forget_stars(one, undo)
            with watching(watch if is_doubtful else None):
                lasting = [name for name in step.binds if last[step.module, name] is step]
                _run_labelling(step, lasting, undo, grafts, applied.bound, tuple(revisions))
            _drop_later_submodules(step, loaded, revisions, undo)
            touched = [(value, held) for value, held in before if not same_content(value, held)]
            if step.imports:
                _check_import(step, touched, revisions)
            elif step.added:
                _check_order(plan, run, step.line, touched, prepared, revisions)
            else:
                told_again |= {id(value): (step.module, step.line) for value, _ in touched}
        else:
            before = undo.container_state() if run.added else []
            with watching(watch if is_doubtful else None):
                step.apply(undo, grafts)
            touched = [(value, held) for value, held in before if not same_content(value, held)]
            _check_order(plan, run, step.statement.first, touched, prepared, revisions)
            hidden = [value for value, held in touched if _holds_within(value, held, grafts)]
            told_again |= {id(value): (run.module, step.statement.first) for value in hidden}
        if watch.seen:
            outline = revisions[run.module].outline
            assert outline is not None
            statement = outline.statements[run.index]
            ref = DefRef(run.module, statement.name or ", ".join(statement.binds))
            what = said(
                "It runs {reader}, which reads an object that is kept as it is, and would be made otherwise.",
                reader=watch.seen,
            )
            raise Refused(rude.rude_edit(rude.KEPT_OBJECT, ref, revisions[run.module].path, statement.first, what))
    return told_again


def _watch(plan: PatchPlan, revisions: Mapping[str, SourceRevision]) -> Watch:
    files = {str(revision.path): module for module, revision in revisions.items()}
    kept = [vars(sys.modules[module]).get(name) for module, name in plan.doubts.kept if module in sys.modules]
    return Watch(files, plan.doubts.readers, [one for one in kept if one is not None])


def _check_registries(
    plan: PatchPlan,
    prepared: Prepared,
    revisions: Mapping[str, SourceRevision],
    undo: UndoLog,
    told_again: Mapping[int, tuple[str, int]],
) -> None:
    """What statements did to the plugin's containers is what a fresh process has, or refused."""
    touched = undo.touched_containers()
    if not touched:
        return
    live, rank = _containers(revisions) - _notes_of_classes(prepared), _rank(plan, revisions)
    for value, before in touched:
        if id(value) not in live or any(value is container for container, _ in prepared.kept):
            continue
        again = told_again.get(id(value))
        if again is not None:
            what = said("It runs again, and changes what it changed before.")
            module, line = again
            raise Refused(rude.rude_edit(rude.EFFECT, DefRef(module, ""), revisions[module].path, line, what))
        if is_extended(value, before):
            put_in_order(value, before, rank)


def _check_order(
    plan: PatchPlan,
    run: Run,
    line: int,
    touched: Sequence[tuple[Any, Any]],
    prepared: Prepared,
    revisions: Mapping[str, SourceRevision],
) -> None:
    """What a new statement did to the plugin's containers stands where a fresh process has it, or is refused.

    At once: who goes through a registry runs after it.
    """
    if not touched:
        return
    live, rank = _containers(revisions) - _notes_of_classes(prepared), _rank(plan, revisions)
    for value, before in touched:
        if id(value) not in live or any(value is container for container, _ in prepared.kept):
            continue
        is_in_order = is_extended(value, before) and put_in_order(value, before, rank)
        if run.followed and not is_in_order:
            what = said("It registers itself before others that have registered themselves already.")
            raise Refused(rude.rude_edit(rude.ORDER, DefRef(run.module, ""), revisions[run.module].path, line, what))


def _holds_within(value: Any, before: Any, grafts: Grafts) -> bool:
    """Whether a container holds, in something else, a new function that has gone into an old one: ``(name, f)``."""
    known = {id(one) for one in (before.values() if isinstance(before, dict) else before)}
    items = [one for one in (value.values() if isinstance(value, dict) else value) if id(one) not in known]
    within = (part for one in items if grafts.replacement(one) is one for part in functions_in(one))
    return any(grafts.replacement(part) is not part for part in within)


def _check_import(
    step: StatementRun, touched: Sequence[tuple[Any, Any]], revisions: Mapping[str, SourceRevision]
) -> None:
    """A module that is imported for the first time has registered itself: who reads the registry is not known."""
    live = _containers(revisions) if touched else set()
    if any(id(value) in live for value, _ in touched):
        what = said("A module that it imports for the first time changes an object of the plugin's.")
        raise Refused(rude.rude_edit(rude.ORDER, DefRef(step.module, ""), step.path, step.line, what))


def _rank(plan: PatchPlan, revisions: Mapping[str, SourceRevision]) -> Rank:
    outlines = {module: revision.outline for module, revision in revisions.items() if revision.outline is not None}
    statements = ((module, one) for module, outline in outlines.items() for one in outline.statements)
    classes = {(module, one.name): one.first for module, one in statements if one.kind is StatementKind.CLASS}

    def place_of(module: str, line: int) -> int | None:
        """A statement's place among all that a fresh process runs; None in a module that comes with this edit."""
        outline = outlines.get(module)
        lines = [one.first for one in outline.statements] if outline is not None else []
        return plan.order.get((module, bisect_right(lines, line) - 1))

    return ranks(place_of, classes, places_of_calls(revisions))


def _check_counters(step: StatementRun, revisions: Mapping[str, SourceRevision]) -> None:
    """Others have taken the number that a fresh process gives to a new statement."""
    if not step.added or not step.followed:
        return
    names = vars(sys.modules[step.module])
    for name in sorted(step.calls - {""}):
        if counts(resolve(name, names), revisions):
            what = said("It counts with {function}, before others that have counted already.", function=name)
            raise Refused(rude.rude_edit(rude.ORDER, DefRef(step.module, ""), step.path, step.line, what))


def _containers(revisions: Mapping[str, SourceRevision]) -> set[int]:
    """The containers that names of the plugin lead to now, by id; a module's names and annotations are none."""
    found = UndoLog()
    remember_reached(revisions, found)
    spaces = [vars(sys.modules[one]) for one in revisions if one in sys.modules]
    other = {id(one) for names in spaces for one in (names, names.get("__annotations__"))}
    return {id(value) for value, _ in found.container_state()} - other


def _notes_of_classes(prepared: Prepared) -> set[int]:
    """The annotations of the classes that are worked on, by id: others may hold them, but they are no registries."""
    steps = (step for step in prepared.steps if isinstance(step, ClassPatch))
    return {id(vars(cls).get("__annotations__")) for step in steps for cls in step.classes()}


def _tell(holder: Any, code: CodeType) -> None:
    _jurigged.tell(holder, code)


def _delete(plan: PatchPlan, undo: UndoLog) -> None:
    for module, name in plan.deletes:
        names = vars(sys.modules[module])
        undo.namespace(names)
        if name == "__doc__":
            names["__doc__"] = None
        else:
            names.pop(name, None)


def _run_statement(
    step: StatementRun, lasting: Sequence[str], undo: UndoLog, grafts: Grafts, bound: set[tuple[str, str]]
) -> None:
    """``lasting``: the names that no later statement binds again. Only what these are bound to takes the old object's
    place: who has kept an earlier one (``@show.register`` of several ``_``) has another object."""
    names = vars(sys.modules[step.module])
    before = undo.namespace(names)  # not what an overload of the same name left a moment ago
    if step.is_block:
        for name in step.binds:  # what the block does not bind this time is not there
            if names.get(name) is before.get(name, _MISSING) and (step.module, name) not in bound:
                del names[name]
    for name in step.shadows:
        names.pop(name, None)
    names[SAME] = same
    grafts.running(step.code)
    try:
        exec(step.code, names)
    finally:
        del names[SAME]
    bound.update((step.module, name) for name in step.binds)
    for name in lasting:
        if name in names and name in before:
            names[name] = grafts.graft(before[name], names[name])
            if step.stays and names[name] is not before[name]:
                what = said("{name} is made again as another object, and others hold the old one.", name=name)
                raise Refused(rude.rude_edit(rude.DECORATOR, DefRef(step.module, name), step.path, step.line, what))
            if is_same_class_again(before[name], names[name], step.module):
                what = said("The statement that makes the class {name} runs again.", name=name)
                raise Refused(rude.rude_edit(rude.SHARED_CLASS, DefRef(step.module, name), step.path, step.line, what))


def _run_labelling(
    step: StatementRun,
    lasting: Sequence[str],
    undo: UndoLog,
    grafts: Grafts,
    bound: set[tuple[str, str]],
    tracked: Sequence[str],
) -> None:
    if step.labels is None:
        return _run_statement(step, lasting, undo, grafts, bound)
    names = vars(sys.modules[step.module])
    try:
        step.labels.remember(names, undo)
        _run_statement(step, lasting, undo, grafts, bound)
        step.labels.check(names, [vars(sys.modules[one]) for one in tracked if one in sys.modules])
    except CannotLabel as error:
        raise _refused_label(error, step.module, step.path, step.line) from None


def _forget_stars(step: StatementRun, undo: UndoLog) -> None:
    """Take away what star imports brought before; what they bring now is not always the same."""
    names = vars(sys.modules[step.module])
    undo.namespace(names)
    for target in step.stars:
        mod = sys.modules.get(target)
        if mod is None:
            continue
        before = undo.namespace(vars(mod))
        public = [name for name in before if not name.startswith("_")]
        for name in before.get("__all__", public):
            is_submodule = before.get(name, _MISSING) is sys.modules.get(f"{step.module}.{name}")  # bound by its import
            is_brought = name in names and names[name] is before.get(name, _MISSING)
            if is_brought and name not in step.elsewhere and not is_submodule:
                del names[name]


def _drop_later_submodules(
    step: StatementRun, loaded: Collection[str], revisions: Mapping[str, SourceRevision], undo: UndoLog
) -> None:
    """A star import of the own package brings, now that all is imported, submodules that it had not imported then."""
    names = vars(sys.modules[step.module])
    for target in step.stars:
        outline = revisions[target].outline if target in revisions else None
        written = {name for one in outline.statements for name in one.binds} if outline is not None else set()
        for name in names.keys() - undo.namespace(names).keys() - written:
            submodule = f"{target}.{name}"
            if submodule in loaded and names[name] is sys.modules.get(submodule):
                del names[name]


def is_same_class_again(old: Any, new: Any, module: str) -> bool:
    """Whether a class of this module was made a second time: instances of the first cannot follow."""
    return (
        issubclass(type(old), type)
        and issubclass(type(new), type)
        and old is not new
        and (old.__module__, old.__qualname__) == (new.__module__, new.__qualname__)
        and old.__module__ == module
    )


def _replace_method(function: FunctionType, code: CodeType, undo: UndoLog, applied: Applied) -> None:
    """``super()`` came or went: the class gets a new function, and who holds the old one is forwarded."""
    ref = DefRef(function.__module__, function.__qualname__)
    owner_name, _, name = function.__qualname__.rpartition(".")
    owner = raw_lookup(function.__module__, owner_name)
    cells = tuple(CellType(owner) if free == "__class__" else CellType() for free in code.co_freevars)
    new = with_closure(function, code, cells)
    raw = vars(owner).get(name)
    replacement = _rewrapped(raw, function, new)
    if replacement is None or not is_forwardable(function.__code__, code):
        what = said(
            "{qualname} has other free variables, and what holds it cannot be led to a new function.",
            qualname=ref.qualname,
        )
        path = Path(function.__code__.co_filename)
        raise Refused(rude.rude_edit(rude.FREE_VARIABLES, ref, path, code.co_firstlineno, what))
    undo.set_attribute(owner, name, replacement)
    undo.function(function)
    vars(function)[FORWARD] = new
    vars(function)["__signature__"] = inspect.signature(new)
    undo.conform(function, forwarding_code(function.__code__, new))
    applied.forwarded.append(ref)


def _rewrapped(raw: Any, old: FunctionType, new: FunctionType) -> Any:
    if raw is old:
        return new
    if type(raw) in (staticmethod, classmethod) and raw.__func__ is old:
        return around(new, raw, vars(type(raw)(new)) if vars(raw) else {})
    if type(raw) is property:
        parts: list[Any] = [new if part is old else part for part in (raw.fget, raw.fset, raw.fdel)]
        fget, fset, fdel = parts
        return property(fget, fset, fdel, raw.__doc__)
    return None


def _put_back_old_objects(revisions: Mapping[str, SourceRevision], undo: UndoLog, grafts: Grafts) -> None:
    """A decorator that registers has registered the new object: the old one, patched, takes its place, once."""
    for module in revisions:
        _put_back_names(vars(sys.modules[module]), revisions, undo, grafts)
    for value in (*(value for value, _ in undo.touched_containers()), *_made_by_the_patch(revisions, undo)):
        if isinstance(value, dict):
            for key in list(value):
                value[key] = grafts.replacement(value[key])
        elif isinstance(value, list | deque):
            kept: list[Any] = []
            for item in value:
                old = grafts.replacement(item)
                if old is item or not any(old is one for one in kept):
                    kept.append(old)
            refill(value, kept)
        else:
            items = {grafts.replacement(item) for item in value}
            value.clear()
            value.update(items)


def _put_back_names(
    names: Mapping[str, Any], revisions: Collection[str], undo: UndoLog, grafts: Grafts, cls: type | None = None
) -> None:
    """The same under a ``global`` name, and in the attribute of a class: ``State.last = f``."""
    for name, value in list(names.items()):
        old = grafts.replacement(value)
        if old is not value and cls is not None:
            undo.set_attribute(cls, name, old)
        elif old is not value:
            assert isinstance(names, dict)
            undo.namespace(names)
            names[name] = old
        elif issubclass(type(value), type) and value.__module__ in revisions and value is not cls:
            is_nested = cls is None or value.__qualname__.startswith(f"{cls.__qualname__}.")
            if is_nested and names.get("__name__", value.__module__) == value.__module__:
                _put_back_names(vars(value), revisions, undo, grafts, value)


def _made_by_the_patch(revisions: Mapping[str, SourceRevision], undo: UndoLog) -> list[Any]:
    """The containers that names of the plugin lead to now, and that were not there when the transaction began."""
    known = {id(value) for value, _ in undo.container_state()}
    found = UndoLog()
    remember_reached(revisions, found)
    return [value for value, _ in found.container_state() if id(value) not in known]


def _module_annotations(plan: PatchPlan, revisions: Mapping[str, SourceRevision], undo: UndoLog) -> None:
    """``__annotations__`` in the order of the file, without names that are no longer annotated."""
    for module in {change.ref.module for change in plan.changes}:
        mod = sys.modules.get(module)
        revision = revisions.get(module)
        if mod is None or revision is None or revision.outline is None:
            continue
        names = vars(mod)
        held = names.get("__annotations__")
        wanted = [name for s in revision.outline.statements for name in s.uses.annotates]
        if held is None and not wanted:
            continue
        held = held or {}
        fresh = {name: held[name] for name in wanted if name in held}
        if list(fresh) != list(held):
            undo.namespace(names)
            undo.container(held)
            held.clear()
            held.update(fresh)
        if not wanted and "__annotations__" in names:
            undo.namespace(names)
            del names["__annotations__"]
