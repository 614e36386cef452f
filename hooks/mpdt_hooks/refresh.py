"""One refresh, phase by phase: read, compile, classify, plan, apply at a safe point, prove, report."""

from __future__ import annotations
import __future__

import functools
import importlib
import linecache
import sys
import time
from collections import deque
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import replace
from functools import partial
from pathlib import Path
from types import CodeType
from typing import Any

from mpdt_hooks import rude
from mpdt_hooks.affected import DEEPEST
from mpdt_hooks.classify import classify
from mpdt_hooks.codes import CodePair, Versions, merge_codes
from mpdt_hooks.coming import coming
from mpdt_hooks.declarations import are_declared_later, makes_the_same_entries, run_once_more
from mpdt_hooks.errors import ProofFailed
from mpdt_hooks.graph import Graph
from mpdt_hooks.held_definitions import Held
from mpdt_hooks.holding import Calibration
from mpdt_hooks.imprints import imprint
from mpdt_hooks.inert import forget_sources
from mpdt_hooks.kept_code import holding
from mpdt_hooks.links import BrokenLink
from mpdt_hooks.live import Holders, raw_lookup
from mpdt_hooks.model import Change, ChangeKind, DefRef, Outcome, ReloadReport, RudeEdit
from mpdt_hooks.moments import check_first_reads, check_unloaded
from mpdt_hooks.moved_away import Away, check_moved_away, moved_away
from mpdt_hooks.outline import Statement, StatementKind, parse_statement, standing_at
from mpdt_hooks.packages import (
    respecify,
)
from mpdt_hooks.patcher import Applied, apply, is_class_body, is_handed_constants, prepare, uninterrupted
from mpdt_hooks.plan import Planner
from mpdt_hooks.planned import Acting, Doubts, PatchPlan
from mpdt_hooks.reading import Reading, looked_for
from mpdt_hooks.refills import fills_otherwise, is_told, refill_of
from mpdt_hooks.refusal import Refused
from mpdt_hooks.region import update_outline
from mpdt_hooks.rehearse import failure_of, forget_results, rehearse
from mpdt_hooks.rejection import Rejection, broken_info, error_info, place_of
from mpdt_hooks.running import Outlived, still_running
from mpdt_hooks.sentence import said
from mpdt_hooks.static import noted, unwrapped
from mpdt_hooks.steady import forget_codes
from mpdt_hooks.tracker import SourceRevision, Tracker, view_of
from mpdt_hooks.transaction import Transaction
from mpdt_hooks.undo import UndoLog
from mpdt_hooks.verify import prove

_Version = tuple[SourceRevision, Statement]
CompiledAhead = dict[tuple[str, bytes], CodeType]  # by module and source
_MISSING: Any = object()
_LRU_WRAPPER = functools._lru_cache_wrapper
FEW = 16  # definitions that are looked up one by one; for more the whole namespace is walked
SafePoint = Callable[[Callable[[], None]], None]
Fits = Callable[[], str | None]
IsCache = Callable[[object], bool]


def _keep_lines(revisions: Iterable[SourceRevision]) -> None:
    """The live code's lines, for whoever reads its source while it is being patched: the files have others by now.

    Without a time of modification ``linecache.checkcache`` leaves an entry alone (Lib/linecache.py).
    """
    for revision in revisions:
        lines = [f"{line}\n" for line in revision.lines()]
        linecache.cache[revision.file] = (len(revision.source), None, lines, revision.file)


def _drop_lines(revisions: Iterable[SourceRevision]) -> None:
    for revision in revisions:
        linecache.cache.pop(revision.file, None)


def compile_source(revision: SourceRevision, source: bytes) -> CodeType:
    """The code of another version of a module. Raises what ``compile`` raises."""
    return compile(source, str(revision.path), "exec", dont_inherit=True)


def compiled_ahead(revision: SourceRevision) -> CompiledAhead:
    """What the file compiles to now, if it changed and compiles; the refresh says what is wrong with others."""
    try:
        source = revision.path.read_bytes()
        if source == revision.source:
            return {}
        return {(revision.module, source): compile_source(revision, source)}
    except (OSError, SyntaxError, ValueError, OverflowError, RecursionError, MemoryError):
        return {}


class Refresh:
    """One refresh, phase by phase."""

    def __init__(
        self,
        root: Path,
        tracker: Tracker,
        safe_point: SafePoint,
        calibration: Calibration | None,
        ahead: CompiledAhead | None = None,
        fits: Fits = lambda: None,
        is_cache: IsCache = lambda container: False,
        outlived: Outlived | None = None,
    ) -> None:
        assert calibration is not None
        self.outlived = outlived or Outlived()
        self.ahead = ahead or {}
        self.root = root
        self.tracker = tracker
        self.safe_point = safe_point
        self.fits = fits
        self.is_cache = is_cache
        self.calibration = calibration
        self.timings: dict[str, float] = {}
        self._since = time.perf_counter()

    def _lap(self, phase: str) -> None:
        now = time.perf_counter()
        self.timings[phase] = self.timings.get(phase, 0.0) + (now - self._since) * 1000
        self._since = now

    def run(self, changed: Iterable[Path] | None) -> ReloadReport:
        transaction = Transaction()
        reading = Reading(self.root, self.tracker, transaction)
        changed = None if changed is None else tuple(changed)
        try:
            sources = reading.read(changed)
            self._lap("read")
            if not sources and not transaction.gone:
                return self._report(Outcome.UNCHANGED, transaction)
            self._compile(sources, transaction)
            self._lap("compile")
            _keep_lines(transaction.old.values())
            self._classify(transaction)
            self._lap("classify")
            if not (transaction.pairs or transaction.deltas or transaction.gone or transaction.packages):
                self._commit(transaction)
                return self._report(Outcome.UNCHANGED, transaction)
            return self._plan_and_carry_out(transaction)
        except Rejection as rejection:
            return self._report(Outcome.REJECTED, transaction, error=rejection.error)
        except Refused as refused:
            return self._report(Outcome.STRUCTURAL, transaction, rude_edits=(refused.edit,))
        finally:
            _drop_lines(transaction.old.values())
            reading.forget_namespaces()
            transaction.pairs.clear()
            transaction.old.clear()
            forget_sources()
            forget_codes()

    def _plan_and_carry_out(self, transaction: Transaction) -> ReloadReport:
        """Where a refusal may come from statements that only seem to depend on the edit, those are rehearsed."""
        settled: frozenset[tuple[str, int]] = frozenset()
        repeatable: dict[tuple[str, int], _Version] = {}  # with what they were
        planner: Planner | None = None
        while True:
            planner, plan = self._plan(transaction, planner)
            self._lap("plan")
            try:
                report = self._carry_out(transaction, plan, repeatable.values())
            except Refused as refused:
                report = self._report(Outcome.STRUCTURAL, transaction, rude_edits=(refused.edit,))
            if report.outcome is not Outcome.STRUCTURAL:
                return report
            again = self._repeatable(transaction, plan)
            with _room_for_chains():
                rehearsals = planner.rehearsals(plan.doubts) if not again else Doubts()
            self._lap("plan")
            more = self._rehearse(transaction, plan, rehearsals) if rehearsals.statements else frozenset()
            if not more and not again:
                more = self._refilled(transaction, plan)
            if not more and not again:
                return replace(report, timings=dict(self.timings))
            settled |= more
            repeatable |= again
            planner = planner.again(settled, repeatable)

    def _refilled(self, transaction: Transaction, plan: PatchPlan) -> frozenset[tuple[str, int]]:
        """Of the statements that act and were refused, those that only fill: whether otherwise, is told at the end."""
        if plan.remade:  # an object that is kept would be made otherwise: what is computed from it cannot be told
            return frozenset()
        revisions = self._revisions(transaction)
        known = {(one.module, one.index) for one in transaction.refills}
        asked = [
            refill_of(revisions[module], index) for module, index in plan.dependent if (module, index) not in known
        ]
        found = [one for one in asked if one is not None and is_told(one, revisions)]
        transaction.refills += found
        return frozenset((one.module, one.index) for one in found)

    def _check_refills(self, transaction: Transaction, plan: PatchPlan) -> None:
        """Raises Refused if a statement would fill something else into its container than what is there."""
        revisions = self._revisions(transaction) if transaction.refills else {}
        for refill in transaction.refills:
            if plan.remade or fills_otherwise(refill, revisions):
                revision = revisions[refill.module]
                assert revision.outline is not None
                line = revision.outline.statements[refill.index].first
                what = said("A statement that acts depends on what changed.")
                raise Refused(rude.rude_edit(rude.EFFECT, DefRef(refill.module, ""), revision.path, line, what))

    def _check_unforeseen(self, transaction: Transaction, plan: PatchPlan, tracked: Collection[str]) -> None:
        """Raises Refused if a module was imported for the first time, unplanned, and may need what the edit changes."""
        fresh = [revision for revision in self.tracker if revision.module not in tracked]
        self._check_not_looked_for(transaction, plan)
        if not fresh:
            return
        revisions = self._revisions(transaction)
        check_first_reads(plan, revisions, [one for one in fresh if one.module in revisions])
        if all(transaction.foresaw(revision) for revision in fresh):
            return
        graph = Graph({module: view_of(self.tracker.outlined(one)) for module, one in revisions.items()})
        for revision in fresh:
            reached = () if transaction.foresaw(revision) else graph.reachable([revision.module])
            if not {*plan.ghosts, *transaction.new}.isdisjoint(reached):
                what = said(
                    "Module {module} is imported for the first time, and may need what this edit changes.",
                    module=revision.module,
                )
                raise Refused(rude.rude_edit(rude.ORDER, DefRef(revision.module, ""), revision.path, 1, what))

    def _check_not_looked_for(self, transaction: Transaction, plan: PatchPlan) -> None:
        """Raises Refused if an import that does not run again did not find a file which is there now.

        One that may fail, and is no longer asked: ``try: import fast``.
        """
        missed = {module for module in transaction.coming if module not in sys.modules}
        if not missed:
            return
        asked = {(run.module, run.index) for run in plan.runs}
        graph = Graph({module: view_of(one) for module, one in self._revisions(transaction).items()})
        for importer in graph.views.keys() - transaction.coming.keys():
            for index, one in graph.imports_of(importer):
                home = graph.imported_module(importer, one)
                found = missed.intersection((home, f"{home}.{one.name}"))
                if one.guarded and not one.lazy and found and (importer, index) not in asked:
                    raise looked_for(transaction.coming[min(found)].path, importer)

    def _repeatable(self, transaction: Transaction, plan: PatchPlan) -> dict[tuple[str, int], _Version]:
        """Of the statements that act and were refused, those that only declare something to the host."""
        found = {}
        for one in plan.acting:
            new, old = self._versions(transaction, one)
            live = sys.modules.get(one.module)
            if old is None or live is None or not makes_the_same_entries(old, new, vars(live)):
                continue
            if not are_declared_later(new, vars(live), self._acting_beside(transaction, one)):
                found[(one.module, one.index)] = old
        return found

    def _acting_beside(
        self, transaction: Transaction, one: Acting
    ) -> Iterator[tuple[SourceRevision, Statement, Mapping[str, Any]]]:
        """The other statements that act, but those above it in its module."""
        for module, revision in self._revisions(transaction).items():
            assert revision.outline is not None
            for index, statement in enumerate(revision.outline.statements):
                is_above = module == one.module and index <= one.index
                if statement.kind is StatementKind.EFFECT and not is_above and module in sys.modules:
                    yield revision, statement, vars(sys.modules[module])

    def _versions(self, transaction: Transaction, one: Acting) -> tuple[_Version, _Version | None]:
        """A statement with its revision, the new one and the old one, if it was there."""
        new = self._revisions(transaction)[one.module]
        old = transaction.old.get(one.module, new)
        assert new.outline is not None
        statement = new.outline.statements[one.index]
        if one.before is not None:
            return (new, statement), (old, one.before)
        assert old.outline is not None
        text = _text_of(new, statement)
        same = (past for past in old.outline.statements if past.kind is statement.kind and _text_of(old, past) == text)
        return (new, statement), next(((old, past) for past in same), None)

    def _rehearse(self, transaction: Transaction, plan: PatchPlan, rehearsals: Doubts) -> frozenset[tuple[str, int]]:
        revisions = self._revisions(transaction)
        found = set[tuple[str, int]]()
        _keep_lines(transaction.old.values())

        def at_safe_point() -> None:
            with uninterrupted():
                forget_results(_caches(plan, transaction, revisions))
                found.update(rehearse(rehearsals, revisions))

        self.safe_point(at_safe_point)
        self._lap("rehearse")
        return frozenset(found)

    def _revisions(self, transaction: Transaction) -> dict[str, SourceRevision]:
        """All modules that will be there, as they will be."""
        revisions = {r.module: self.tracker.outlined(r) for r in self.tracker.live()}
        revisions.update(transaction.new)
        for module in transaction.gone:
            revisions.pop(module, None)
        return revisions

    def _report(self, outcome: Outcome, transaction: Transaction, **fields: Any) -> ReloadReport:
        files = tuple(r.path for r in (*transaction.new.values(), *transaction.gone.values()))
        fields.setdefault("atomic", is_atomic())
        return ReloadReport(outcome, files=files, timings=dict(self.timings), **fields)

    def _compile(self, sources: Mapping[str, bytes], transaction: Transaction) -> None:
        for module, source in sources.items():
            old = self.tracker.get(module)
            assert old is not None
            try:
                code = self.ahead.pop((module, source), None) or compile_source(old, source)
            except (SyntaxError, ValueError, OverflowError, RecursionError, MemoryError) as error:
                line = error.lineno if isinstance(error, SyntaxError) else None
                raise Rejection(error_info(error, old.path, line)) from error
            transaction.old[module] = old
            transaction.new[module] = replace(old, source=source, code=code, outline=None)

    def _classify(self, transaction: Transaction) -> None:
        for module, revision in transaction.new.items():
            old = self.tracker.outlined(transaction.old[module])
            transaction.old[module] = old
            assert old.outline is not None
            old_lines, new_lines = old.lines(), revision.lines()
            new_outline, region = update_outline(old.outline, old_lines, new_lines)
            versions = Versions(standing_at(old.outline, old_lines), standing_at(new_outline, new_lines))
            merged, pairs = merge_codes(old.code, revision.code, versions)
            transaction.new[module] = replace(revision, code=merged, outline=new_outline)
            inner = tuple(pair for pair in pairs if pair.old.co_name != "<module>")
            if inner:
                transaction.pairs[module] = inner
            delta = classify(module, old.outline, old_lines, new_outline, region)
            if delta.edits:
                transaction.deltas.append(delta)

    def _planner(self, transaction: Transaction) -> Planner:
        views = {}
        paths = {}
        for revision in self.tracker.live():
            current = transaction.new.get(revision.module) or self.tracker.outlined(revision)
            paths[revision.module] = current.path
            if revision.module not in transaction.gone:
                views[revision.module] = view_of(current)
        past = {**transaction.old, **transaction.gone}
        old = {module: view_of(self.tracker.outlined(one)) for module, one in past.items()}
        self._check_gone(transaction, views, paths)
        order = list(views)
        views.update((module, one.view) for module, one in transaction.coming.items())
        paths.update((module, one.path) for module, one in transaction.coming.items())
        return Planner(Graph(views), Graph(old), paths, order, same=frozenset(self._same_imports(transaction)))

    def _same_imports(self, transaction: Transaction) -> Iterator[tuple[str, str]]:
        """Names that a new or changed import takes from a library, and that are bound to that very object already."""
        imports = (
            (delta.module, one)
            for delta in transaction.deltas
            for edit in delta.edits
            if edit.new is not None and edit.new.kind is StatementKind.IMPORT
            for one in edit.new.uses.imports
            if not one.level and one.name and one.name != "*"
        )
        for module, one in imports:
            tracked = {name.partition(".")[0] for name in self.tracker.snapshot()}
            library, live = sys.modules.get(one.module), sys.modules.get(module)
            if one.module.partition(".")[0] in tracked or library is None or live is None:
                continue
            value = vars(library).get(one.name, _MISSING)
            home = str(noted(value, "__module__")).partition(".")[0]
            if value is not _MISSING and value is vars(live).get(one.bound, None) and home not in tracked:
                yield module, one.bound

    def _plan(self, transaction: Transaction, planner: Planner | None) -> tuple[Planner, PatchPlan]:
        """The first time, where anything runs: again, with what is imported for the first time then."""
        with _room_for_chains():
            current = planner or self._planner(transaction)
            plan = current.plan(transaction.deltas)
            if planner is None and (plan.runs or plan.ghosts or plan.broken):
                transaction.coming = coming(transaction.new, current.graph.views, self.tracker.failed)
                if transaction.coming:
                    current = self._planner(transaction)
                    plan = current.plan(transaction.deltas)
        if plan.broken is not None:
            raise Rejection(broken_info(plan.broken))
        self._check_flags(transaction)
        return current, plan

    def _check_flags(self, transaction: Transaction) -> None:
        for module, revision in transaction.new.items():
            differ = transaction.old[module].code.co_flags ^ revision.code.co_flags
            if differ & ~__future__.annotations.compiler_flag:
                what = said("The file's __future__ imports differ.")
                raise Refused(rude.rude_edit(rude.FUTURE, DefRef(module, ""), revision.path, 1, what))

    def _check_gone(self, transaction: Transaction, views: Mapping[str, Any], paths: Mapping[str, Path]) -> None:
        """A deleted file that another one still imports is an error; one that nobody imports is dropped."""
        if not transaction.gone:
            return
        graph = Graph({**views, **{m: view_of(self.tracker.outlined(r)) for m, r in transaction.gone.items()}})
        for module in views:
            for index, one in graph.imports_of(module):
                target = graph.imported_module(module, one)
                missing = {target, f"{target}.{one.name}"} & set(transaction.gone)
                if missing and not one.lazy and not one.guarded:
                    line = graph.views[module].outline.statements[index].first
                    name = min(missing, key=len)
                    message = f"No module named {name!r}"
                    raise Rejection(
                        broken_info(BrokenLink(module, paths[module], line, "ModuleNotFoundError", message))
                    )
        before: set[str] = set()
        pending = list(transaction.old.values())
        while pending:  # a file that goes may be the only one to import another that goes
            more = self._imported_by(pending.pop(), graph) - before
            before |= more
            pending += [transaction.gone[module] for module in more if module in transaction.gone]
        for module, revision in transaction.gone.items():
            if module not in before:
                what = said("The file of module {module} is gone.", module=module)
                raise Refused(rude.rude_edit(rude.ENTRY_GONE, DefRef(module, ""), revision.path, 1, what))

    def _imported_by(self, revision: SourceRevision, graph: Graph) -> set[str]:
        old = Graph({**graph.views, revision.module: view_of(self.tracker.outlined(revision))})
        found: set[str] = set()
        for _, one in old.imports_of(revision.module):
            target = old.imported_module(revision.module, one)
            found |= {target, f"{target}.{one.name}"}
        return found

    def _carry_out(self, transaction: Transaction, plan: PatchPlan, repeated: Iterable[_Version] = ()) -> ReloadReport:
        if plan.rude_edits:
            return self._report(Outcome.STRUCTURAL, transaction, rude_edits=plan.rude_edits)
        _check_still_asked_for(transaction, plan)
        revisions = self._revisions(transaction)
        held = Held.before(transaction, plan, revisions)
        holders, unknown, kept = self._find_holders(transaction)
        prepared = prepare(plan, transaction.pairs, revisions, holders)
        codes = {id(pair.old): pair.new for pairs in transaction.pairs.values() for pair in pairs}
        prepared.kept = [(container, codes) for container in kept]
        prepared.caches = _caches(plan, transaction, revisions)
        holders.forget()
        away = self._moved_away(transaction, plan)
        imprints = _imprints(plan, revisions)
        self._lap("plan")
        undo, applied = UndoLog(), Applied()
        failure: list[BaseException] = []

        def at_safe_point() -> None:
            _drop_lines(transaction.old.values())  # from here on it is the new code that is run, and read
            self._since = time.perf_counter()
            tracked = self.tracker.snapshot()
            try:
                with uninterrupted():
                    for version in repeated:  # taken back last, when the old code is there again
                        undo.add(partial(_declare_again, *version))
                    self._drop(transaction.gone, undo)
                    for module, spec in transaction.packages.items():
                        respecify(module, spec, undo)
                    apply(plan, prepared, revisions, undo, applied)
                    self._check_unforeseen(transaction, plan, tracked)
                    self._drop(plan.ghosts, undo)
                    check_moved_away(away, self.tracker.snapshot())
                    held.check(revisions)
                    self._check_refills(transaction, plan)
                    _check_makable(plan, revisions)
                    _check_imprints(imprints, plan, revisions)
                    self._lap("apply")
                    old_codes = {module: old.code for module, old in transaction.old.items()}
                    prove(plan, transaction.new.values(), old_codes, revisions)
                    self._check_fit(transaction)
                    self._lap("verify")
            # Plugin code may raise anything at its top level, SystemExit and KeyboardInterrupt included.
            except BaseException as error:  # noqa: BLE001
                undo.roll_back()
                self._drop_new_modules(tracked)
                failure.append(error)

        self.safe_point(at_safe_point)
        if failure:
            return self._failed(failure[0], transaction, plan, applied)
        self._commit(transaction)
        for module in plan.ghosts:
            self.tracker.remove(module)
        running = still_running(transaction.pairs, unknown, self.outlived.versions_before(transaction.pairs))
        report = self._report(
            Outcome.PATCHED,
            transaction,
            changes=(*plan.changes, *_moved(transaction, plan)),
            still_running=running,
            atomic=is_atomic() and not prepared.steps,
            forwarded=tuple(applied.forwarded),
        )
        self._lap("verify")
        undo.forget()
        prepared.forget()
        return replace(report, timings=dict(self.timings))

    def _moved_away(self, transaction: Transaction, plan: PatchPlan) -> tuple[Away, ...]:
        """What other files make from now on, and classes that nobody makes.

        Raises Refused if a module that goes has left something in another one.
        """
        dropped = {module: self.tracker.outlined(one) for module, one in transaction.gone.items()}
        found = ((module, self.tracker.get(module)) for module in plan.ghosts)
        dropped.update((module, self.tracker.outlined(one)) for module, one in found if one is not None)
        check_unloaded(dropped, {**self._revisions(transaction), **dropped})
        if not (plan.deletes or dropped or plan.runs):
            return ()
        outlines = [one.outline for one in transaction.new.values()]
        outlines += [one.view.outline for one in transaction.coming.values()]
        defined = {
            name
            for outline in outlines
            if outline is not None
            for one in outline.statements
            if one.kind is not StatementKind.IMPORT
            for name in one.binds
        }
        return moved_away(transaction.old, transaction.new, dropped, defined, self.tracker.snapshot())

    def _check_fit(self, transaction: Transaction) -> None:
        why = self.fits()
        if why is not None:
            revision = next(iter((*transaction.new.values(), *transaction.gone.values())))
            raise Refused(rude.rude_edit(rude.NOT_FIT, DefRef(revision.module, ""), revision.path, 1, why))

    def _find_holders(self, transaction: Transaction) -> tuple[Holders, list[Any], list[Any]]:
        """Who runs the old code; what else holds it; and of these the plugin's own containers."""
        holders = Holders()
        suspects: list[CodeType] = []
        for module, pairs in transaction.pairs.items():
            # Code objects are not named here: every name is a reference more than the calibration has.
            functions = [pair for pair in pairs if not is_class_body(pair.old)]
            if len(functions) <= FEW:
                for pair in functions:
                    holders.add_definition(module, pair.old)
            if len(functions) > FEW or any(self._has_unknown_holder(pair, holders) for pair in functions):
                holders.add_namespace(vars(sys.modules[module]), module)
            held = [pair for pair in functions if self._has_unknown_holder(pair, holders)]
            suspects += [pair.old for pair in held]
            for pair in held:
                self.outlived.remember(module, pair.old)
        suspects += [code for _, code in self.outlived.versions_before(transaction.pairs)]
        unknown = holders.add_unknown(suspects) if suspects else []
        kept = holding(suspects, [revision.module for revision in self.tracker.live()]) if suspects else []
        for holder in unknown:
            is_container = type(holder) in (list, set, dict, frozenset, deque)
            if is_container and not any(holder is one for one in kept) and not self.is_cache(holder):
                self._refuse_kept_code(holder, transaction, holders)
        return holders, unknown, kept

    def _has_unknown_holder(self, pair: CodePair, holders: Holders) -> bool:
        known = len(holders.of(pair.old)) + len(holders.told(pair.old))
        return self.calibration.has_unknown_holder(pair.old, known)

    def _refuse_kept_code(self, holder: Any, transaction: Transaction, holders: Holders) -> None:
        """A container keeps the code object itself as a value (``skipped.add(f.__code__)``): it would stay."""
        kept = {id(item) for item in (holder.values() if isinstance(holder, dict) else holder)}
        kept |= {id(item) for item in holder} if isinstance(holder, dict) else set()
        for module, pairs in transaction.pairs.items():
            for pair in pairs:
                if id(pair.old) in kept and not holders.told(pair.old):  # who is told can see to it
                    ref = DefRef(module, pair.new.co_qualname)
                    what = said(
                        "A {type} keeps the code of {qualname} as a value.",
                        type=type(holder).__name__,
                        qualname=pair.new.co_qualname,
                    )
                    path = transaction.new[module].path
                    raise Refused(rude.rude_edit(rude.KEPT_CODE, ref, path, pair.new.co_firstlineno, what))

    def _drop(self, modules: Iterable[str], undo: UndoLog) -> None:
        """Take modules out of ``sys.modules`` and off their packages."""
        for module in modules:
            undo.item(sys.modules, module)
            mod = sys.modules.pop(module, None)
            parent, _, name = module.rpartition(".")
            if parent in sys.modules:
                names = vars(sys.modules[parent])
                undo.namespace(names)
                if names.get(name) is mod:
                    names.pop(name, None)
                if parent not in self.tracker.snapshot():
                    self._drop_namespace(parent, undo)

    def _drop_namespace(self, package: str, undo: UndoLog) -> None:
        """A package without a file, of which nothing is left: a fresh process would not have come to it."""
        mod = sys.modules[package]
        is_namespace = type(vars(mod).get("__path__")).__name__ == "_NamespacePath"
        if is_namespace and not any(name.startswith(f"{package}.") for name in list(sys.modules)):
            self._drop([package], undo)

    def _drop_new_modules(self, tracked: Mapping[str, SourceRevision]) -> None:
        """A failed transaction leaves no module of the plugin that it imported."""
        for revision in self.tracker:
            if revision.module not in tracked:
                sys.modules.pop(revision.module, None)
                parent, _, name = revision.module.rpartition(".")
                if parent in sys.modules:
                    vars(sys.modules[parent]).pop(name, None)
        self.tracker.restore(dict(tracked))

    def _failed(
        self, error: BaseException, transaction: Transaction, plan: PatchPlan, applied: Applied
    ) -> ReloadReport:
        if isinstance(error, Refused):
            return self._report(Outcome.STRUCTURAL, transaction, rude_edits=(error.edit,))
        if isinstance(error, ProofFailed):
            edit = _proof_edit(error, self.tracker)
            return self._report(Outcome.STRUCTURAL, transaction, rude_edits=(edit,))
        path, line = place_of(error, {str(r.path): r.path for r in self.tracker})
        if path is None and not isinstance(error, SyntaxError | SystemExit | KeyboardInterrupt):
            # No line of the plugin is in the traceback: it is the engine that cannot do this.
            revision = next(iter(transaction.new.values()))
            what = said(
                "The patch failed half-way and was undone ({type}: {error}).",
                type=type(error).__name__,
                error=str(error),
            )
            edit = rude.rude_edit(rude.PROOF, DefRef(revision.module, ""), revision.path, 1, what)
            return self._report(Outcome.STRUCTURAL, transaction, rude_edits=(edit,))
        return self._report(
            Outcome.REJECTED,
            transaction,
            error=error_info(error, path, line),
            ran_before_failure=tuple(applied.ran),
        )

    def _commit(self, transaction: Transaction) -> None:
        for revision in transaction.new.values():
            self.tracker.update(revision)
            linecache.checkcache(str(revision.path))
        for module in transaction.gone:
            self.tracker.remove(module)
        if transaction.new or transaction.gone:
            importlib.invalidate_caches()


def _caches(plan: PatchPlan, transaction: Transaction, modules: Iterable[str]) -> list[Any]:
    """What keeps results that may come from code that is no more: by name, and around functions with new code."""
    found: dict[int, Any] = {}
    for module, qualname in plan.caches:
        try:
            value = raw_lookup(module, qualname)
        except LookupError:
            continue
        _note_cache(found, value)
    old = {id(pair.old) for pairs in transaction.pairs.values() for pair in pairs}
    for module in modules if old else ():
        for value in list(vars(sys.modules[module]).values()) if module in sys.modules else ():
            if type(value) is _LRU_WRAPPER and id(getattr(value.__wrapped__, "__code__", None)) in old:
                _note_cache(found, value)
    return list(found.values())


def _note_cache(found: dict[int, Any], value: Any) -> None:
    cache = unwrapped(value)
    if callable(noted(cache, "cache_clear")):
        found[id(cache)] = cache


def _check_still_asked_for(transaction: Transaction, plan: PatchPlan) -> None:
    """A module that only its package imported, by what is known: whoever imported the package asked for it, maybe."""
    for module in plan.ghosts:
        package = next((one for one in transaction.packages if module.startswith(f"{one}.")), None)
        if package is not None:
            what = said("The file of module {module} is gone.", module=package)
            path = transaction.new[package].path
            raise Refused(rude.rude_edit(rude.ENTRY_GONE, DefRef(package, ""), path, 1, what))


def is_atomic() -> bool:
    """Whether a patch is one moment for all threads: it is where the interpreter has its lock."""
    enabled: Callable[[], bool] | None = getattr(sys, "_is_gil_enabled", None)
    return enabled is None or enabled()


def _moved(transaction: Transaction, plan: PatchPlan) -> tuple[Change, ...]:
    """Definitions of which only the lines changed."""
    named = {change.ref for change in plan.changes}
    last = {
        (module, statement.first): statement.last
        for module, revision in transaction.new.items()
        if revision.outline is not None
        for top in revision.outline.statements
        for statement in (top, *top.children)
    }
    return tuple(
        Change(ChangeKind.MOVED, ref, first, last.get((module, first), first))
        for module, pairs in transaction.pairs.items()
        for pair in pairs
        if pair.moved and "<" not in pair.new.co_qualname and not is_class_body(pair.new)
        if (first := pair.new.co_firstlineno)
        if (ref := DefRef(module, pair.new.co_qualname)) not in named
    )


def _proof_edit(error: ProofFailed, revisions: Iterable[SourceRevision]) -> RudeEdit:
    module, _, qualname = error.definition.partition(":")
    path = next((revision.path for revision in revisions if revision.module == module), Path())
    return rude.rude_edit(rude.PROOF, DefRef(module, qualname), path, 1, error.sentence)


@contextmanager
def _room_for_chains() -> Iterator[None]:
    """A function that calls one that calls one ... is followed by calls: five for each. They take no C stack."""
    before = sys.getrecursionlimit()
    sys.setrecursionlimit(max(before, 6 * DEEPEST))
    try:
        yield
    finally:
        sys.setrecursionlimit(before)


def _text_of(revision: SourceRevision, statement: Statement) -> list[str]:
    return revision.lines()[statement.first - 1 : statement.last]


def _check_makable(plan: PatchPlan, revisions: Mapping[str, SourceRevision]) -> None:
    """Raises Refused if an instance that is kept could not be made any more: a fresh process would fail with that."""
    for module, index in plan.remade:
        failure = failure_of(module, index, revisions)
        if failure:
            revision = revisions[module]
            assert revision.outline is not None
            statement = revision.outline.statements[index]
            what = said("The object that is kept could not be made again: {error}.", error=failure)
            ref = DefRef(module, ", ".join(statement.binds))
            raise Refused(rude.rude_edit(rude.KEPT_OBJECT, ref, revision.path, statement.first, what))


def _imprints(plan: PatchPlan, revisions: Mapping[str, SourceRevision]) -> list[frozenset[str]]:
    """What making each of the kept instances leaves elsewhere, by the code that is live now."""
    found = []
    for module, index in plan.remade:
        outline = revisions[module].outline
        assert outline is not None
        statement = outline.statements[index]
        node = parse_statement(statement, revisions[module].lines())
        alone = {call.callee for call in statement.uses.applied if is_handed_constants(node, call.callee)}
        found.append(imprint(node, vars(sys.modules[module]), revisions, alone))
    return found


def _check_imprints(before: list[frozenset[str]], plan: PatchPlan, revisions: Mapping[str, SourceRevision]) -> None:
    """Raises Refused if making an instance that is kept would leave something else elsewhere: nobody has done that."""
    forget_sources()
    for (module, index), old, new in zip(plan.remade, before, _imprints(plan, revisions), strict=True):
        if old != new:
            revision = revisions[module]
            assert revision.outline is not None
            statement = revision.outline.statements[index]
            what = said("Making {name} leaves something else in other objects now.", name=", ".join(statement.binds))
            ref = DefRef(module, ", ".join(statement.binds))
            raise Refused(rude.rude_edit(rude.EFFECT, ref, revision.path, statement.first, what))


def _declare_again(revision: SourceRevision, statement: Statement) -> None:
    with suppress(Exception):  # the host's code and the plugin's, which did this before
        run_once_more(revision, statement, vars(sys.modules[revision.module]))
