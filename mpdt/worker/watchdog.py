"""Sees from another thread whether the plugin's loop turns, and on which line it stands if it does not."""

from __future__ import annotations

import asyncio
import sys
import threading
import time
import traceback
from collections.abc import Callable
from pathlib import Path

from mpdt.language import _
from mpdt.worker.errors import is_machinery
from mpdt.worker.monitor import Monitor
from mpdt.worker.places import is_library, place_in
from mpdt.worker.scope import is_plugin_file
from mpdt.worker.threads import start_thread

PERIOD = 0.25
LIMIT = 1.0  # seconds; a loop that does not turn for so long is reported

Tell = Callable[[str, str], None]  # level, message


def where_is(thread_id: int | None) -> str:
    """What a thread is doing: the innermost line that is neither Python's nor ours."""
    frame = innermost = sys._current_frames().get(thread_id or 0)
    while frame is not None:
        filename = frame.f_code.co_filename
        if not (is_library(filename) or is_machinery(filename)):
            return place_in(frame.f_code, frame.f_lineno)
        frame = frame.f_back
    return f"{innermost.f_code.co_filename}:{innermost.f_lineno}" if innermost else _("unknown")


def importing(thread_id: int | None, folder: Path | None) -> str:
    """The module that the loop's thread is importing; empty if it imports nothing.

    It is the one that the plugin in ``folder``, or the worker, asked for, not what that imports in turn.
    """
    frame, found = sys._current_frames().get(thread_id or 0), ""
    while frame is not None and frame.f_code.co_filename != asyncio.events.__file__:  # below is what runs the loop
        filename = frame.f_code.co_filename
        is_ours = is_machinery(filename) and not filename.startswith("<")
        if found and (is_ours or (folder is not None and is_plugin_file(filename, folder))):
            break
        if frame.f_code.co_name == "<module>" and not is_ours:
            found = str(frame.f_globals.get("__name__", ""))
        frame = frame.f_back
    return found


def stack_of(thread_id: int) -> str:
    """The thread's stack from the first line that is neither Python's nor ours."""
    stack = traceback.extract_stack(sys._current_frames().get(thread_id))
    foreign = [i for i, one in enumerate(stack) if not (is_library(one.filename) or is_machinery(one.filename))]
    return "".join(traceback.format_list(stack[foreign[0] :] if foreign else stack))


class LoopWatch:
    """One look is ``run_step``; ``start`` makes a thread that looks until ``stop``."""

    def __init__(
        self,
        loop: asyncio.AbstractEventLoop,
        tell: Tell,
        monitor: Callable[[], Monitor | None],
        is_excused: Callable[[], bool] = lambda: False,
        *,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._loop = loop
        self._loop_thread = threading.get_ident()
        self._tell = tell
        self._monitor = monitor
        self._is_excused = (
            is_excused  # a debugger holds the loop, or the plugin is being loaded: that is said elsewhere
        )
        self._clock = clock
        self._asked: float | None = None  # when the loop was asked for a sign, until it gives it
        self._blocked_since: float | None = None
        self._stopped = threading.Event()

    def start(self) -> None:
        start_thread("mpdt-watchdog", self._run)

    def stop(self) -> None:
        self._stopped.set()

    def _run(self) -> None:
        while not self._stopped.wait(PERIOD):
            try:
                self.run_step()
            except RuntimeError:  # the loop is closed
                return

    def run_step(self) -> None:
        now = self._clock()
        is_excused = self._is_excused()
        monitor = self._monitor()
        if monitor is not None:
            monitor.tick(now, 0.0 if self._asked is None or is_excused else now - self._asked)
        if is_excused:
            self._asked = None if self._asked is None else now
        elif self._asked is None:
            self._asked = now
            self._loop.call_soon_threadsafe(self._turned)
        elif now - self._asked >= LIMIT and self._blocked_since is None:
            self._blocked_since = self._asked
            where, stack = where_is(self._loop_thread), stack_of(self._loop_thread)
            seconds = now - self._asked
            self._tell(
                "WARNING",
                _(
                    "The plugin blocks its loop for {seconds:.1f} s by now, at {where}\n{stack}",
                    seconds=seconds,
                    where=where,
                    stack=stack.rstrip(),
                ),
            )

    def _turned(self) -> None:
        """On the loop."""
        now = self._clock()
        since, asked = self._blocked_since, self._asked
        self._blocked_since = self._asked = None
        monitor = self._monitor()
        if monitor is not None and asked is not None:
            monitor.lagged(now - asked)
        if since is not None:
            self._tell(
                "INFO", _("The plugin's loop turns again; it was blocked for {seconds:.1f} s.", seconds=now - since)
            )
