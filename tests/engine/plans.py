"""The plan of an edit, as text: outlines, graph, classification and planning alone, without anything live.

    === a constant and what is derived from it
    LIMIT = 1
    DOUBLE = LIMIT * 2
    --->
    LIMIT = 2
    DOUBLE = LIMIT * 2
    ==>
    run a:LIMIT
    run a:DOUBLE
    changed a:LIMIT 1-1
    re-run a:DOUBLE 2-2

What stands after ``==>`` is all that the plan holds, one thing a line, and what is rehearsed if it is refused.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from mpdt_hooks.classify import SourceDelta, classify
from mpdt_hooks.graph import Graph, ModuleView
from mpdt_hooks.outline import Statement, outline, split_lines
from mpdt_hooks.plan import Planner
from mpdt_hooks.planned import ClassPlan, DecoratorUse, PatchPlan, Run
from mpdt_hooks.region import update_outline
from tests.engine.edits import _files, module_of

Files = dict[str, str]


@dataclass(frozen=True, slots=True)
class Case:
    id: str
    before: Files
    after: Files
    plan: tuple[str, ...]
    entries: tuple[str, ...] = ()  # modules that somebody else than a tracked module imports; else the first


def cases(text: str) -> list[pytest.param]:  # type: ignore[valid-type]
    """The rows of a table, as pytest parameters; ``python=3.12`` skips a row on older versions."""
    return [_parameter(row) for row in text.strip().removeprefix("===").split("\n===")]


def _parameter(text: str) -> object:
    head, _, body = text.partition("\n")
    name, _, options = head.partition("|")
    given = dict(option.split("=") for option in options.split())
    sources, _, expected = f"\n{body}\n".partition("\n==>\n")
    before, _, after = sources.partition("\n--->\n")
    case = Case(
        name.strip(),
        _texts(before),
        _texts("\n" + after),
        tuple(line for line in expected.splitlines() if line.strip()),
        tuple(filter(None, given.pop("entries", "").split(","))),
    )
    version = tuple(map(int, given.pop("python", "3.11").split(".")))
    marks = pytest.mark.skipif(sys.version_info < version, reason=f"syntax of Python {version}")
    return pytest.param(case, id=case.id, marks=marks)


def _texts(section: str) -> Files:
    return {name: text for name, text in _files(section + "\n").items() if isinstance(text, str)}


def planned(case: Case) -> list[str]:
    """All that the plan of an edit holds, one thing a line."""
    planner, deltas = planner_of(case)
    return shown(planner, planner.plan(deltas))


def planner_of(case: Case) -> tuple[Planner, list[SourceDelta]]:
    """What plans the edit, and the edit."""
    first = module_of(next(iter(case.before)))
    entries = case.entries or (first,)
    old = {module_of(file): _view(file, text, entries) for file, text in case.before.items()}
    paths = {module_of(file): Path("/plugin") / file for file in case.before}
    new, deltas = dict(old), list[SourceDelta]()
    for file, text in case.after.items():
        module = module_of(file)
        if file not in case.before:  # the edit makes the plugin import it, for the first time
            new[module], paths[module] = _view(file, text, ()), Path("/plugin") / file
            continue
        lines, new_lines = split_lines(case.before[file]), split_lines(text)
        updated, region = update_outline(old[module].outline, lines, new_lines)
        assert updated == outline(text), "the outline of what changed is not that of the file"
        new[module] = replace(old[module], outline=updated, lists_subclasses="__subclasses__" in text)
        deltas.append(classify(module, old[module].outline, lines, updated, region))
    changed = {module: view for module, view in old.items() if new[module] is not view}
    planner = Planner(Graph(new), Graph(changed), paths, list(old))
    return planner, [one for one in deltas if one.edits]


def shown(planner: Planner, plan: PatchPlan) -> list[str]:
    """All that a plan holds, one thing a line."""
    return [*_shown(plan, planner.graph.views), *(_shown_rehearsals(planner, plan) if plan.rude_edits else ())]


def _shown_rehearsals(planner: Planner, plan: PatchPlan) -> Iterator[str]:
    """What would be rehearsed, because the plan is refused, and who must not be called then, or be handed on."""
    rehearsals, views = planner.rehearsals(plan.doubts), planner.graph.views
    for module, index in sorted(rehearsals.statements):
        yield f"rehearse {module}:{_title(views[module].outline.statements[index])}"
    for how, names in (("unless it calls", rehearsals.readers), ("unless it hands on", rehearsals.kept)):
        if names:
            yield f"{how} {' '.join(f'{module}:{name}' for module, name in sorted(names))}"


def _view(file: str, text: str, entries: tuple[str, ...]) -> ModuleView:
    module = module_of(file)
    package = file.endswith("__init__.py")
    return ModuleView(module, package, outline(text), module in entries, "__subclasses__" in text)


def _shown(plan: PatchPlan, views: Mapping[str, ModuleView]) -> Iterator[str]:
    for run in plan.runs:
        yield from _shown_run(run, views[run.module].outline.statements[run.index])
    for module, name in plan.deletes:
        yield f"delete {module}:{name}"
    for edit in plan.rude_edits:
        yield f"refuse {edit.code} {edit.ref}:{edit.line} {edit.path.name} {edit.reason.partition('. ')[0]}."
    if plan.broken is not None:
        broken = plan.broken
        yield f"reject {broken.module}:{broken.line} {broken.path.name} {broken.type}: {broken.message}"
    for module, name in plan.caches:
        yield f"forget the results of {module}:{name}"
    for gone in plan.undecorated:
        names = " ".join(f"@{call.callee}" for call in gone.decorators)
        yield f"undecorate {gone.module}:{gone.qualname}:{gone.line} {names}"
    for module, name in sorted(plan.redecorated):
        yield f"decorated anew {module}:{name}"
    for module, name in sorted(plan.differing):
        yield f"decorated differently {module}:{name}"
    for module in plan.ghosts:
        yield f"unload {module}"
    for one in plan.gone:
        how = "class" if one.is_class else " ".join(f"{call.callee}()" for call in one.calls)
        yield f"gone {one.module}:{one.qualname} {how}"
    for module, index in plan.kept:
        yield f"keep {module}:{_title(views[module].outline.statements[index])}"
    for module, index in sorted(plan.doubts.statements):
        yield f"watch {module}:{_title(views[module].outline.statements[index])}"
    if plan.doubts.readers:
        yield f"for {' '.join(f'{module}:{name}' for module, name in sorted(plan.doubts.readers))}"
    for module, name in sorted(plan.values):
        yield f"another value {module}:{name}"
    for change in plan.changes:
        yield f"{change.kind} {change.ref} {change.first}-{change.last}"


def _title(statement: Statement) -> str:
    return statement.name or ", ".join(statement.binds) or f"line {statement.first}"


def _shown_run(run: Run, statement: Statement) -> Iterator[str]:
    if run.class_plan is not None:
        yield from _shown_class(run.class_plan, statement)
        return
    parts = [f"run {run.module}:{_title(statement)}", "added" if run.added else "", _shown_use(run.decorators)]
    parts.append(f"all of {' '.join(run.stars)}" if run.stars else "")
    yield " ".join(filter(None, parts))


def _shown_use(use: DecoratorUse | None) -> str:
    if use is None:
        return ""
    how = "fresh" if use.fresh else "made again"
    return f"[{' '.join(f'@{name}' for name in use.decorators)} {how}{' differing' if use.differs else ''}]"


def _shown_class(plan: ClassPlan, statement: Statement) -> Iterator[str]:
    uses = dict(plan.decorators)
    parts = [f"run {_title(statement.children[i])}{_shown_use(uses.get(i))}" for i in plan.run]
    parts += [f"delete {name}" for name in plan.delete]
    parts += [word for word in ("header", "fields", "members", "hooks", "marks") if getattr(plan, word)]
    yield f"class {plan.module}:{plan.qualname}:{plan.line} {'; '.join(parts)}".rstrip()
    for inner in plan.nested:
        yield from _shown_class(inner, statement.children[inner.path[-1]])
