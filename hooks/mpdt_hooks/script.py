"""A script that is run live-patched: its folder is watched, and what is saved is patched while it runs.

A patch is applied between two callbacks of the asyncio loop that runs in the main thread, if there is one; else at
once, from a thread of ours, while the script's threads stand between two instructions.
"""

from __future__ import annotations

import ast
import asyncio
import concurrent.futures
import importlib.metadata
import os
import platform
import queue
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from types import FrameType, TracebackType

from mpdt_hooks import _jurigged
from mpdt_hooks.errors import ReloadError
from mpdt_hooks.model import Outcome, ReloadReport
from mpdt_hooks.scope import is_tracked_path
from mpdt_hooks.session import LiveReloader

NAME = "mpdt_hooks"
QUIET = 0.02  # seconds without a further file: then a save is complete
LOOK = 0.2  # seconds between two looks whether the loop that is waited for still runs
USAGE = "usage: python -m mpdt_hooks [--version] script.py [arguments]"
MAIN = "__main__"


def main(arguments: Sequence[str]) -> int:
    """The exit status of the script, or 2 with a sentence if there is none to run."""
    if list(arguments) == ["--version"]:
        return version()
    if not arguments or arguments[0].startswith("-"):
        say(USAGE)
        return 2
    script = Path(os.path.abspath(arguments[0]))  # noqa: PTH100 - links are kept, as python does
    if not script.is_file():
        say(f"There is no script {arguments[0]!r}.")
        return 2
    return run(script, arguments)


def version() -> int:
    """Says what the engine consists of; 1 if a part is missing or has another form."""
    try:
        _jurigged.load()
    except ReloadError as error:
        say(str(error))
        return 1
    parts = [f"{name} {importlib.metadata.version(name)}" for name in ("jurigged", "codefind") if is_installed(name)]
    sys.stdout.write(f"{NAME}: {', '.join(parts) or 'jurigged'}; CPython {platform.python_version()}.\n")
    return 0


def is_installed(package: str) -> bool:
    """A package that is served from another installation has no metadata here."""
    try:
        importlib.metadata.version(package)
    except importlib.metadata.PackageNotFoundError:
        return False
    return True


def run(script: Path, arguments: Sequence[str]) -> int:
    """Runs the script as ``python script.py`` would, and patches it meanwhile."""
    ours = sys.modules[MAIN]  # kept: a module that nothing refers to loses its globals
    sys.argv = [arguments[0], *arguments[1:]]
    # ``python -m`` put the current folder there, ``python script.py`` puts the script's.
    sys.path[0] = str(script.parent)
    reloader = LiveReloader(script.parent, safe_point=at_safe_point)
    try:
        reloader.install()
    except ReloadError as error:
        say(str(error))
        return 2
    patcher = Patcher(reloader, script)
    patcher.start()
    try:
        reloader.run_main(script)
    except (SystemExit, KeyboardInterrupt):
        raise
    except BaseException as error:  # noqa: BLE001 - the script's; shown as python shows it, without our frames
        error.__traceback__ = below(error.__traceback__, script)
        sys.excepthook(type(error), error, error.__traceback__)
        return 1
    finally:
        del ours
    return 0


def below(trace: TracebackType | None, script: Path) -> TracebackType | None:
    """The traceback from the script's own first line on; a SyntaxError in it has none."""
    while trace is not None and trace.tb_frame.f_code.co_filename != str(script):
        trace = trace.tb_next
    return trace


def say(text: str) -> None:
    try:
        sys.stderr.write(f"{NAME}: {text}\n")
        sys.stderr.flush()
    except (OSError, ValueError, AttributeError):  # closed, or replaced by the script
        pass


# -- the moment of a patch


def loop_of(frame: FrameType | None) -> asyncio.AbstractEventLoop | None:
    """The loop that a thread's stack runs: only its own thread is told by asyncio."""
    while frame is not None:
        own = (
            frame.f_locals.get("self") if frame.f_code.co_name in ("run_forever", "run_until_complete", "run") else None
        )
        if isinstance(own, asyncio.Runner):
            own = own.get_loop()
        if isinstance(own, asyncio.AbstractEventLoop) and own.is_running():
            return own
        frame = frame.f_back
    return None


def at_safe_point(apply: Callable[[], None]) -> None:
    """Calls ``apply`` between two callbacks of the main thread's loop; without one, now. Raises what it raises."""
    loop = loop_of(sys._current_frames().get(threading.main_thread().ident or 0))
    if loop is None:
        apply()
        return
    applied: concurrent.futures.Future[None] = concurrent.futures.Future()

    def in_loop() -> None:
        if not applied.set_running_or_notify_cancel():
            return
        try:
            apply()
        except BaseException as error:  # noqa: BLE001 - handed on to the thread that waits
            applied.set_exception(error)
        else:
            applied.set_result(None)

    try:
        loop.call_soon_threadsafe(in_loop)
    except RuntimeError:  # it was closed a moment ago
        apply()
        return
    while not concurrent.futures.wait([applied], LOOK).done:
        if not loop.is_running() and applied.cancel():
            apply()
            return
    applied.result()


# -- saves


class Patcher:
    """Watches a script's folder and patches what is saved. ``run_step`` is one save."""

    def __init__(self, reloader: LiveReloader, script: Path) -> None:
        self._reloader = reloader
        self._script = script
        self._saved: queue.SimpleQueue[Path] = queue.SimpleQueue()
        self._unresolved: set[Path] = set()
        self._source = b""

    def start(self) -> None:
        from watchdog.events import FileSystemEvent, FileSystemEventHandler
        from watchdog.observers import Observer

        saved, folder = self._saved, self._script.parent

        class Handler(FileSystemEventHandler):
            def on_any_event(self, event: FileSystemEvent) -> None:
                if event.event_type in ("opened", "closed_no_write"):
                    return
                for name in (event.src_path, event.dest_path):
                    path = Path(os.fsdecode(name)) if name else None
                    if path is not None and path.suffix == ".py" and is_tracked_path(path, folder):
                        saved.put(path)

        self._source = self._script.read_bytes()
        observer = Observer()
        observer.schedule(Handler(), str(folder), recursive=True)
        try:
            observer.start()
        except OSError as error:
            say(f"{folder} cannot be watched ({error}); the script runs, and is not patched.")
            return
        threading.Thread(target=self._run, name="mpdt_hooks", daemon=True).start()

    def _run(self) -> None:
        while True:
            self.run_step()

    def run_step(self) -> None:
        """Waits for a save, and carries it out."""
        self._unresolved.add(self._saved.get())
        while True:
            try:
                self._unresolved.add(self._saved.get(timeout=QUIET))
            except queue.Empty:
                break
        lines = [self._why_not() or ""]
        if not lines[0]:
            report = self._reloader.refresh(self._unresolved)
            lines = list(told(report, self._script.parent))
            if report.outcome in (Outcome.PATCHED, Outcome.UNCHANGED):
                self._unresolved.clear()
                self._source = self._read()
        for line in lines:
            say(line)

    def _read(self) -> bytes:
        try:
            return self._script.read_bytes()
        except OSError:
            return self._source

    def _why_not(self) -> str | None:
        """The script's own statements run as we speak: what has not ended, or runs once, cannot be patched."""
        new = self._read()
        if new == self._source:
            return None
        line = running_line(self._script)
        if same_where_it_runs(self._source, new, line):
            return None
        where = f"line {line}" if line else "its last line"
        return (
            f"not patched, the old code goes on: {self._script.name} is being run as a script and has come to {where}; "
            "what it runs there, or has still to run, changed. Start it again."
        )


def running_line(script: Path) -> int | None:
    """The line that the script's own body has come to; None if it has ended."""
    frame = sys._current_frames().get(threading.main_thread().ident or 0)
    found = None
    while frame is not None:
        if frame.f_code.co_name == "<module>" and frame.f_code.co_filename == str(script):
            found = frame.f_lineno
        frame = frame.f_back
    return found


def same_where_it_runs(old: bytes, new: bytes, line: int | None) -> bool:
    """Whether what the body runs now, what it has still to run, and its ``if __name__ == "__main__"`` are the same.

    A file that cannot be parsed is for the engine to reject.
    """
    try:
        before, after = ast.parse(old).body, ast.parse(new).body
    except (SyntaxError, ValueError):
        return True
    tail = [one for one in before if line is not None and (one.end_lineno or one.lineno) >= line]
    same_tail = not tail or dumped(tail) == dumped(after[-len(tail) :])
    return same_tail and dumped(filter(is_main_guard, before)) == dumped(filter(is_main_guard, after))


def is_main_guard(statement: ast.stmt) -> bool:
    """``if __name__ == "__main__"``: the engine takes it for something that never runs, as in an imported module."""
    return isinstance(statement, ast.If) and any(
        isinstance(one, ast.Name) and one.id == "__name__" for one in ast.walk(statement.test)
    )


def dumped(statements: Iterator[ast.stmt] | list[ast.stmt] | filter[ast.stmt]) -> list[str]:
    return [ast.dump(one) for one in statements]


def told(report: ReloadReport, folder: Path) -> Iterator[str]:
    """What is true now, a line each."""
    match report.outcome:
        case Outcome.UNCHANGED:
            return
        case Outcome.PATCHED:
            changed = [change.ref.qualname or change.ref.module for change in report.changes if change.kind != "moved"]
            yield f"patched {', '.join(changed) or 'lines that moved'}  {sum(report.timings.values()):.0f} ms"
            for running in report.still_running:
                yield f"still running the old code: {running.ref.qualname} ({running.what} {running.name})"
        case Outcome.STRUCTURAL:
            for edit in report.rude_edits:
                place = f"{shown(edit.path, folder)}:{edit.line}"
                yield f"not patched, the old code goes on: {edit.code} {place} {edit.reason}"
        case Outcome.REJECTED:
            error = report.error
            assert error is not None
            place = f"{shown(error.path, folder)}:{error.line} " if error.path else ""
            yield f"not patched, the old code goes on: {place}{error.type}: {error.message}"


def shown(path: Path, folder: Path) -> str:
    return path.relative_to(folder).as_posix() if path.is_relative_to(folder) else str(path)
