"""``mpdt bench-reload``: patch-live, full reload and process restart on one plugin, or on generated ones."""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from mpdt import __version__
from mpdt.commands.dev import find_plugin
from mpdt.commands.translated import TranslatedHelp
from mpdt.dev.bootstrap import SCRIPT, clash, locate, served
from mpdt.dev.errors import RequestRefused, StartError, WorkerDied, WorkerSilent
from mpdt.dev.interpreter import Interpreter, check, choose, own_interpreter
from mpdt.dev.spawn import spawn
from mpdt.language import _

if TYPE_CHECKING:
    from mpdt.bench.measure import Effort, StartWorker, Worker
    from mpdt.bench.model import Row, Way

USAGE_ERROR = 2
NOT_LIVE = 1
SIZES = (10, 200)
SECONDS_FOR_A_KIND = 4.0  # of the default: on a busy machine there are fewer repeats, not more minutes
ALL_SIZES = (10, 100, 1000, 5000)
CHILD = "mpdt.bench.child"
NOT_COPIED = ("__pycache__", ".git", ".venv", "venv", "node_modules")


@dataclass(frozen=True, slots=True)
class Subject:
    """A plugin to measure: how to make a copy of it."""

    name: str
    folder_name: str
    copy_to: Callable[[Path], None]
    heaps: tuple[int, ...]


def child_command(python: Path) -> list[str]:
    """The command line of a benchmark's worker: the worker's own, and one module more on the closed list."""
    known = served()
    for name in ("mpdt.bench", CHILD):
        location = locate(name)
        assert location is not None
        known[name] = (location[0], [] if location[1] is not None else None)
    return [str(python), "-P", "-c", SCRIPT, json.dumps(known), __version__, clash(), CHILD]


def starter(interpreter: Interpreter) -> StartWorker:
    from mpdt.dev.worker_process import WorkerProcess

    command = child_command(interpreter.path)

    async def start(folder: Path) -> Worker:
        process = WorkerProcess(spawn(command, folder), on_notice=lambda notice: None, on_line=lambda *line: None)
        try:
            await process.connect()
        except BaseException:
            await process.kill()
            raise
        return process

    return start


def subjects(plugin: Path | None, sizes: tuple[int, ...], heaps: tuple[int, ...]) -> list[Subject]:
    """The given plugin, or generated ones; other heaps than the plugin's own with one size only."""
    if plugin is not None:

        def copy(folder: Path) -> None:
            shutil.copytree(plugin, folder, ignore=shutil.ignore_patterns(*NOT_COPIED))

        return [Subject(plugin.name, plugin.name, copy, (0, *heaps))]
    from mpdt.bench.programs import write_plugin

    def generated(size: int) -> Subject:
        crowded = heaps if size == middle else ()
        return Subject(
            _("{size:,} functions", size=size), "bench_plugin", lambda folder: write_plugin(folder, size), (0, *crowded)
        )

    middle = sorted(sizes)[len(sizes) // 2]
    return [generated(size) for size in sizes]


async def measure_all(
    chosen: list[Subject], interpreter: Interpreter, effort: Effort, step: Callable[[str], None]
) -> list[Row]:
    from mpdt.bench.measure import measure
    from mpdt.bench.model import Way

    rows: list[Row] = []
    start = starter(interpreter)
    for subject in chosen:
        with copied(subject, [way for way in Way if effort.restarts or way is not Way.RESTART]) as copies:
            rows += await measure(subject.name, copies, start, replace(effort, heaps=subject.heaps), step)
    return rows


@contextmanager
def copied(subject: Subject, ways: Iterable[Way]) -> Iterator[dict[Way, Path]]:
    """A copy of the plugin for each way, removed in the end."""
    with tempfile.TemporaryDirectory(prefix="mpdt-bench-", ignore_cleanup_errors=True) as base:
        copies = {way: Path(base).resolve() / way.name.lower() / subject.folder_name for way in ways}
        for folder in copies.values():
            folder.parent.mkdir()
            subject.copy_to(folder)
        yield copies


def with_progress(
    chosen: list[Subject], effort: Effort, run: Callable[[Callable[[str], None]], list[Row]]
) -> list[Row]:
    """Runs it under a progress bar on standard error, where that is a terminal."""
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

    from mpdt.bench.measure import steps_of

    total = sum(steps_of(replace(effort, heaps=subject.heaps)) for subject in chosen)
    console = Console(stderr=True)
    columns = (BarColumn(), TextColumn("{task.completed}/{task.total}"), TimeElapsedColumn())
    with Progress(*columns, TextColumn("{task.description}"), console=console, disable=not console.is_terminal) as bar:
        task = bar.add_task("starting", total=total)
        return run(lambda what: bar.update(task, advance=1, description=what))


def show(rows: list[Row], *, as_json: bool, svg: Path | None) -> None:
    from mpdt.bench.machine import this_machine

    machine = this_machine()
    if svg is not None:
        from mpdt.bench.svg import draw

        svg.write_text(draw(rows, str(machine)), encoding="utf-8")
    if as_json:
        document: Mapping[str, Any] = {
            "v": 1,
            "machine": machine.to_json(),
            "verified": not any(row.wrong for row in rows),
            "rows": [row.to_json() for row in rows],
        }
        click.echo(json.dumps(document, ensure_ascii=False))
        return
    from rich.console import Console

    from mpdt.bench.table import tables

    plain = not sys.stdout.isatty()
    console = Console(width=120 if plain else None, soft_wrap=False)
    for one in tables(rows):
        console.print(one)
    console.print(str(machine), style="dim", highlight=False)
    for row in rows:
        if row.wrong:
            console.print(
                _("WRONG: {kind} by {way}: {detail}", kind=row.kind, way=row.way, detail=row.detail),
                style="bold red",
                highlight=False,
            )


def numbers(_context: click.Context, _option: click.Parameter, value: str | None) -> tuple[int, ...] | None:
    """``10,200`` as numbers."""
    if value is None:
        return None
    try:
        found = tuple(int(part.replace("_", "")) for part in value.split(","))
    except ValueError:
        raise click.BadParameter(_("give whole numbers with commas between them, such as 10,200")) from None
    if any(number < 1 for number in found):
        raise click.BadParameter(_("numbers above zero are wanted"))
    return found


@click.command("bench-reload", cls=TranslatedHelp, short_help="Measure patch, full reload and process restart.")
@click.argument("plugin", required=False, metavar="[PLUGIN]")
@click.option("--functions", callback=numbers, metavar="N,N", help="Sizes of the generated plugins. [10,200]")
@click.option("--heap", callback=numbers, metavar="N,N", help="Also with that many objects more on the heap.")
@click.option("--repeats", type=click.IntRange(1), default=None, help="Edits of each kind. [5, fewer when busy]")
@click.option("--warm-up", type=click.IntRange(0), default=None, help="Edits before those that are timed. [1]")
@click.option("--restarts", type=click.IntRange(0), default=None, help="Process restarts for each kind; 0: none. [2]")
@click.option("--quick", is_flag=True, help="One small plugin and few repeats: does it work here?")
@click.option("--full", is_flag=True, help="10 to 5,000 functions, with crowded heaps: takes minutes.")
@click.option("--python", default=None, metavar="PATH", help="The interpreter that runs the plugin.")
@click.option("--json", "as_json", is_flag=True, help="One JSON document on standard output.")
@click.option("--svg", type=click.Path(dir_okay=False, path_type=Path), default=None, help="Also draw the bars.")
def bench_reload_command(
    plugin: str | None,
    functions: tuple[int, ...] | None,
    heap: tuple[int, ...] | None,
    quick: bool,
    full: bool,
    python: str | None,
    as_json: bool,
    svg: Path | None,
    **counts: int | None,
) -> None:
    """Measure how long a saved edit takes to be live in PLUGIN (a copy of it), or in generated plugins.

    Every edit is looked for in the live process. One that is not there is printed as WRONG, whatever its time, and
    the exit code is 1.
    """
    from mpdt.bench.measure import QUICK, BenchError, Effort

    effort = QUICK if quick else Effort()
    given: dict[str, Any] = {name: value for name, value in counts.items() if value is not None}
    if not full and "repeats" not in given:
        effort = replace(effort, seconds=SECONDS_FOR_A_KIND)
    effort = replace(effort, **given)
    sizes = functions or ((10,) if quick else ALL_SIZES if full else SIZES)
    heaps = heap or ((1_000_000, 6_000_000) if full else ())
    try:
        if svg is not None and not svg.absolute().parent.is_dir():
            raise StartError(_("There is no folder {folder!r} to draw into.", folder=str(svg.parent)))
        folder = None if plugin is None else find_plugin(plugin)
        if folder is None and python is None:
            interpreter = own_interpreter()
        else:
            interpreter = choose(folder or Path.cwd(), python, os.environ)
        check(interpreter)
        chosen = subjects(folder, sizes, heaps)
        rows = with_progress(chosen, effort, lambda step: asyncio.run(measure_all(chosen, interpreter, effort, step)))
    except (StartError, BenchError, WorkerDied, WorkerSilent, RequestRefused) as error:
        click.echo(f"mpdt: {error}", err=True)
        sys.exit(USAGE_ERROR)
    show(rows, as_json=as_json, svg=svg)
    if any(row.wrong for row in rows):
        sys.exit(NOT_LIVE)
