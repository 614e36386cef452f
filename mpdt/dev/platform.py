"""What differs between operating systems, in one place."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import asyncio

WINDOWS = sys.platform == "win32"


def stop_signals() -> tuple[signal.Signals, ...]:
    """The signals that ask mpdt to stop."""
    names = ["SIGINT", "SIGTERM", "SIGBREAK", "SIGHUP"]
    return tuple(signal.Signals[name] for name in names if name in signal.Signals.__members__)


@contextmanager
def on_stop_signal(stop: Callable[[], None]) -> Iterator[None]:
    """Calls ``stop`` on Ctrl+C, SIGTERM and their kin, until the block ends.

    Plain ``signal.signal``, because ``loop.add_signal_handler`` does not exist on Windows. A loop that runs
    meanwhile is to be in ``woken_by_signals``.
    """

    def handle(_number: int, _frame: FrameType | None) -> None:
        stop()

    before = {number: signal.signal(number, handle) for number in stop_signals()}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


@contextmanager
def woken_by_signals(loop: asyncio.AbstractEventLoop) -> Iterator[None]:
    """A signal wakes the loop, whenever it comes and whichever thread the system gives it to.

    Python runs handlers in the main thread, between two bytecodes. A signal that another thread took, or that came
    just before the main thread entered ``select()``, interrupts nothing: the handler would wait for the loop's next
    event. (``loop.add_signal_handler`` does the same; Windows' proactor loop does it by itself.)
    """
    if WINDOWS:
        yield
        return
    reads, writes = socket.socketpair()
    with reads, writes:
        reads.setblocking(False)
        writes.setblocking(False)
        loop.add_reader(reads, reads.recv, 4096)
        before = signal.set_wakeup_fd(writes.fileno(), warn_on_full_buffer=False)
        try:
            yield
        finally:
            signal.set_wakeup_fd(before)
            loop.remove_reader(reads)


def apart_from_terminal() -> dict[str, object]:
    """Arguments of Popen by which Ctrl+C reaches only the supervisor, which then asks the worker to unload."""
    if sys.platform == "win32":
        return {"creationflags": subprocess.CREATE_NEW_PROCESS_GROUP}
    return {"process_group": 0}


def kill_tree(process: subprocess.Popen[bytes]) -> None:
    """Ends the worker at once, and on POSIX what it started in its process group too.

    Only while it runs, or right after it was reaped: later its number may belong to somebody else.
    """
    if sys.platform == "win32":
        process.kill()
        return
    try:
        os.killpg(process.pid, signal.SIGKILL)
    except (ProcessLookupError, PermissionError):
        pass


def describe_exit(status: int) -> str:
    """An exit status in words: ``exit code 3``, ``signal SIGKILL``."""
    if status >= 0:
        return f"exit code {status}"
    try:
        return f"signal {signal.Signals(-status).name}"
    except ValueError:
        return f"signal {-status}"


def python_of_environment(folder: Path) -> Path:
    """Where a virtual environment keeps its interpreter."""
    return folder / "Scripts" / "python.exe" if WINDOWS else folder / "bin" / "python"


def has_close_events() -> bool:
    """Does the system say when a writer closed a file? Only inotify does."""
    return sys.platform.startswith("linux")
