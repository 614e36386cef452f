"""The loop: write an edit, bring it live in one way, ask the live process whether it has it, take it back.

The three ways take turns within each edit, each on a copy of the plugin of its own.
"""

from __future__ import annotations

import json
import time
from collections.abc import AsyncIterator, Callable, Iterable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from mpdt.bench.edits import SourceFile, make_edits, originals, read
from mpdt.bench.model import Edit, EditKind, Program, Row, Sample, Way
from mpdt.language import _
from mpdt.protocol import Operation

PROBE = "\0mpdt-bench:"  # as in child.py, which only a child may import
WITHIN = 120.0


class BenchError(Exception):
    """The benchmark cannot go on; the sentence says why."""


class Worker(Protocol):
    """One worker process in which a plugin can be loaded."""

    async def request(
        self, operation: Operation, *, within: float | None = None, **parameters: Any
    ) -> Mapping[str, Any]: ...

    async def stop(self) -> None: ...


class StartWorker(Protocol):
    async def __call__(self, folder: Path) -> Worker:
        """A new worker process for a plugin folder, connected; the plugin is not loaded yet."""


@dataclass(frozen=True, slots=True)
class Effort:
    """How often. ``heaps``: objects that the garbage collector knows, beside the plugin."""

    repeats: int = 5
    warm_up: int = 1
    restarts: int = 2
    heaps: tuple[int, ...] = (0,)
    seconds: float | None = None  # for one kind of edit: when they are over, what was repeated once is enough


QUICK = Effort(repeats=2, warm_up=1, restarts=1)
Step = Callable[[str], None]


@dataclass(slots=True)
class Contestant:
    """One way, its copy of the plugin, and the worker that serves it."""

    way: Way
    folder: Path
    start: StartWorker
    worker: Worker
    retired: Worker | None = None

    async def bring_live(self, files: list[str]) -> tuple[str, str]:
        """Outcome and detail, when the worker says that it is done."""
        if self.way is Way.RESTART:
            self.retired, self.worker = self.worker, await self.start(self.folder)
            await load(self.worker, self.folder)
            await ask(self.worker)
            return "restarted", ""
        detail = ""
        if self.way is Way.PATCH:
            report = await self.worker.request(Operation.REFRESH, within=WITHIN, files=files)
            if report["outcome"] != "structural":
                return str(report["outcome"]), error_of(report)
            detail = ", ".join(dict.fromkeys(edit["code"] for edit in report["rude_edits"]))
        report = await self.worker.request(Operation.RELOAD, within=WITHIN, files=files)
        return str(report["outcome"]), error_of(report) or detail

    async def save(self, sources: Mapping[str, bytes]) -> list[str]:
        for path, source in sources.items():
            (self.folder / path).write_bytes(source)
        return [str(self.folder / path) for path in sources]

    async def sample(self, edit: Edit) -> Sample:
        """One edit brought live and verified."""
        files = await self.save(dict(edit.sources))
        began = time.perf_counter()
        outcome, detail = await self.bring_live(files)
        took = (time.perf_counter() - began) * 1000
        failed = await ask(self.worker, checks=[check.to_json() for check in edit.checks])
        if failed:
            names = [f"{one['module']}:{one['qualname'] or one['expression']}" for one in failed]
            told = _("said to be {outcome}, but not live: {names}", outcome=outcome, names=", ".join(names))
            detail = f"{told} ({detail})" if detail else told
        await self.retire()
        return Sample(took, outcome, not failed, detail)

    async def retire(self) -> None:
        """Ends the worker that a restart has replaced. Not timed: the new one answers by then."""
        if self.retired is not None:
            old, self.retired = self.retired, None
            await old.stop()

    async def take_back(self, sources: Mapping[str, bytes]) -> None:
        """Not timed. A restart takes it back with the next edit's."""
        files = await self.save(sources)
        if self.way is not Way.RESTART:
            await self.bring_live(files)


def error_of(report: Mapping[str, Any]) -> str:
    error = report.get("error")
    return f"{error['type']}: {error['message']}" if error else ""


async def load(worker: Worker, folder: Path) -> None:
    """Raises BenchError if the plugin does not load."""
    result = await worker.request(Operation.LOAD, within=WITHIN, path=str(folder), core="simulated")
    if not result.get("loaded"):
        raise BenchError(_("The plugin does not load, so there is nothing to measure: {error}", error=error_of(result)))


async def ask(worker: Worker, **asked: Any) -> list[Mapping[str, Any]]:
    """The checks that do not hold in the live process."""
    answer = await worker.request(Operation.MESSAGE, within=WITHIN, text=PROBE + json.dumps(asked))
    failed: list[Mapping[str, Any]] = answer["failed"]
    return failed


async def loaded_files(worker: Worker, folder: Path) -> list[SourceFile]:
    state = await worker.request(Operation.STATE, within=WITHIN)
    return read(folder, state["modules"])


@asynccontextmanager
async def contestants(copies: Mapping[Way, Path], start: StartWorker) -> AsyncIterator[list[Contestant]]:
    """A worker for each copy, the plugin loaded; all are stopped in the end."""
    running: list[Contestant] = []
    try:
        for way, folder in copies.items():
            one = Contestant(way, folder, start, await start(folder))
            running.append(one)
            await load(one.worker, folder)
        yield running
    finally:
        for one in running:
            await one.retire()
            await one.worker.stop()


def steps_of(effort: Effort, kinds: int = len(EditKind)) -> int:
    """How many steps a program's progress has."""
    return kinds * (effort.repeats + effort.warm_up) * len(effort.heaps)


async def measure(
    name: str, copies: Mapping[Way, Path], start: StartWorker, effort: Effort, step: Step = lambda what: None
) -> list[Row]:
    """All rows of one plugin. Raises BenchError."""
    rows: list[Row] = []
    async with contestants(copies, start) as running:
        files = await loaded_files(running[0].worker, running[0].folder)
        program = Program(
            name,
            sum(len(file.functions) for file in files),
            sum(len(file.lines) for file in files),
            len(files),
        )
        for heap in effort.heaps:
            for one in running:
                await ask(one.worker, heap=heap)
            ways = [one for one in running if heap == 0 or one.way is not Way.RESTART]
            for kind in EditKind:
                rows += await measure_kind(program, heap, kind, files, ways, effort, step)
    return rows


async def measure_kind(
    program: Program,
    heap: int,
    kind: EditKind,
    files: list[SourceFile],
    ways: Iterable[Contestant],
    effort: Effort,
    step: Step,
) -> list[Row]:
    ways = list(ways)
    samples: dict[Way, list[Sample]] = {one.way: [] for one in ways}
    began = time.perf_counter()
    for number in range(1, effort.warm_up + effort.repeats + 1):
        step(f"{program.name}: {kind}")
        late = effort.seconds is not None and time.perf_counter() - began > effort.seconds
        if late and number > effort.warm_up + 1:
            continue  # a busy machine: the row says how many runs it has
        edit = make_edits(files, number).get(kind)
        if edit is None:
            return [
                Row(program, heap, kind, one.way, (), _("the plugin has no place for such an edit")) for one in ways
            ]
        timed = number - effort.warm_up
        for one in ways:
            if one.way is Way.RESTART and not 1 <= timed <= effort.restarts:
                continue
            found = await one.sample(edit)
            await one.take_back(originals(files, edit))
            if timed > 0 or not found.verified:
                samples[one.way].append(found)
    return [Row(program, heap, kind, way, tuple(found)) for way, found in samples.items()]
