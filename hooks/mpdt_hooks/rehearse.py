"""Rehearses statements that would run again only because of what they call, or hand on: does it matter for them?

A library that is handed a class may call any of its methods, so an edit far behind one of them makes the statement
depend on it. Where that ends in a refusal, the statement is run once aside, on the old code: if nobody is called who
has changed, or who reads what changes, it gives what it gave, and the value that is there stays. The same is asked of
the statements that made objects which are kept: are they made otherwise? A run that would act on the world outside
(``watch.py``) is cut short, and tells nothing.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping
from types import FunctionType
from typing import Any

from mpdt_hooks.kept_objects import named_now
from mpdt_hooks.live import raw_lookup, resolve
from mpdt_hooks.outline import Statement, parse_statement
from mpdt_hooks.planned import Doubts
from mpdt_hooks.reached import remember_reached
from mpdt_hooks.stage import compile_statement, index_codes
from mpdt_hooks.static import unwrapped
from mpdt_hooks.steady import Steadiness, forget_codes, is_lazy
from mpdt_hooks.traces import leaves_traces
from mpdt_hooks.tracker import SourceRevision
from mpdt_hooks.undo import UndoLog
from mpdt_hooks.watch import Guard, Guarded, Watch, pause_profiler, watching


def rehearse(doubts: Doubts, revisions: Mapping[str, SourceRevision]) -> set[tuple[str, int]]:
    """The statements, by module and index, that give what they gave. What they did to the plugin is undone."""
    files = {str(revision.path): module for module, revision in revisions.items()}
    objects = [vars(sys.modules[module]).get(name) for module, name in doubts.kept if module in sys.modules]
    kept = [one for one in objects if one is not None]
    kept += [one for one in (_definition(module, name) for module, name in doubts.readers) if one is not None]
    steadiness = Steadiness(revisions)
    undo: UndoLog | None = None  # of all runs up to one that leaves something: each looks at every container there is
    settled = set()
    for module, index in sorted(doubts.statements):
        outline = revisions[module].outline
        assert outline is not None
        statement = outline.statements[index]
        names = _names(module) if module in sys.modules else None
        if names is None or not _can_tell(module, names, statement, steadiness, revisions):
            continue
        undo = undo or _remembered(revisions)
        watch = Watch(files, doubts.readers, kept, steadiness)
        _run_aside(revisions[module], names, statement, watch)
        if undo.touched_containers():
            undo.roll_back()
            undo = None
        elif not watch.seen and not is_lazy(names[name] for name in statement.binds if name in names):
            settled.add((module, index))
    return settled


def _names(module: str) -> dict[str, Any]:
    """A copy of a module's names, for a statement to run in."""
    names: dict[str, Any] = dict(vars(sys.modules[module]))
    names["__annotations__"] = dict(names.get("__annotations__", {}))
    return names


def _can_tell(
    module: str,
    names: Mapping[str, Any],
    statement: Statement,
    steadiness: Steadiness,
    modules: Mapping[str, SourceRevision],
) -> bool:
    """Whether a run of the statement would tell anything: it finds what it found, and leaves nothing."""
    if any(leaves_traces(resolve(call.callee, names), modules) for call in statement.uses.applied if call.callee):
        return False
    heads = {name.partition(".")[0] for name in named_now(statement.uses)} & names.keys()
    return all(steadiness.is_steady(module, head, names[head]) for head in heads)


def _remembered(modules: Mapping[str, SourceRevision]) -> UndoLog:
    undo = UndoLog()
    for module in modules:
        if module in sys.modules:
            undo.container(vars(sys.modules[module]))
    remember_reached(modules, undo)
    return undo


def _run_aside(revision: SourceRevision, names: dict[str, Any], statement: Statement, watch: Watch) -> None:
    """Run a statement in these names. An exception counts as seen."""
    node = parse_statement(statement, revision.lines())
    code = compile_statement(node, str(revision.path), revision.code, index_codes(revision.code))
    try:
        with watching(watch):
            exec(code, names)
    except BaseException:  # noqa: BLE001 - the plugin's code: it fails again where its failure is told
        watch.seen = watch.seen or "an exception"


def failure_of(module: str, index: int, revisions: Mapping[str, SourceRevision]) -> str:
    """What a statement would raise, in words, as far as it only computes; "" if that is nothing, or cannot be told.

    It is run aside, and what it did is undone. An object of which there may be only one raises, too.
    """
    revision = revisions[module]
    assert revision.outline is not None
    node = parse_statement(revision.outline.statements[index], revision.lines())
    code = compile_statement(node, str(revision.path), revision.code, index_codes(revision.code))
    undo, names = _remembered(revisions), _names(module)
    resume = pause_profiler()
    try:
        sys.setprofile(Guard().called)  # without ``watching``: the end of its block would be looked at, too
        exec(code, names)
    except Guarded:
        return ""
    except BaseException as error:  # noqa: BLE001 - the plugin's code: a fresh process would fail with it
        return f"{type(error).__name__}: {_first_line(error)}".removesuffix(": ")
    finally:
        resume()
        undo.roll_back()
        forget_codes()
    return ""


def _first_line(error: BaseException) -> str:
    try:
        return str(error).partition("\n")[0]
    except Exception:  # noqa: BLE001 - the plugin's code
        return ""


def _definition(module: str, qualname: str) -> Any:
    """The function that a name leads to: who is handed one that changes may read its docstring or signature."""
    try:
        value = raw_lookup(module, qualname)
    except LookupError:
        return None
    value = unwrapped(value)
    return value if type(value) is FunctionType else None


def forget_results(caches: Iterable[Any]) -> None:
    """A result that is remembered would hide who is called."""
    for results in caches:
        results.cache_clear()
