"""A real core's own program in this process, as ``python main.py`` runs it, with the agent on its running loop.

Nothing of ours is in the core's folder, and nothing of the core is replaced on disk. Two things are done to it in
memory: when the module that holds its main object has been imported, that object's ``run`` is wrapped, so that we learn
of the loop; and on its event bus we listen for its start and its stop, after everybody else.
"""

from __future__ import annotations

import asyncio
import atexit
import runpy
import signal
import sys
import threading
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any

from mpdt.language import _
from mpdt.worker.cores import Core
from mpdt.worker.errors import WorkerError
from mpdt.worker.witness import LibraryFinder, remove_finder

# Each has ``MODULE``, that of the core's main object, and ``tells``, which has that tell a ``Host``.
ADAPTERS = {"neo-mofox": "mpdt.worker.cores.neo_mofox", "classic": "mpdt.worker.cores.classic_mofox"}
UNLOAD_TIME = 4.0  # seconds that the plugin's unload may take; Neo-MoFox's bus gives each listener 5


class Host:
    """What a kind of core has to tell: that it is up, and that it stops. ``attach`` is called once, on its loop."""

    def __init__(self, attach: Callable[[Core], Any]) -> None:
        self._attach = attach
        self.agent: Any = None
        self.failure: str | None = None

    def is_up(self, core: Core) -> None:
        """The core runs, with all of its own plugins loaded. On its loop."""
        if self.agent is not None or self.failure is not None:
            return
        try:
            self.agent = self._attach(core)
        except WorkerError as error:  # the supervisor is gone: a bot that nobody watches is not left running
            self.failure = str(error)
            sys.stderr.write(f"{error}\n")
            ask_to_stop()

    async def stops(self) -> None:
        """The core is about to unload its plugins. On its loop."""
        if self.agent is not None:
            await self.agent.core_stops(UNLOAD_TIME)


def ask_to_stop() -> None:
    """As Ctrl+C does. On the main thread, which is the loop's."""
    signal.raise_signal(signal.SIGINT)


def stop_from_thread(loop: asyncio.AbstractEventLoop) -> None:
    loop.call_soon_threadsafe(ask_to_stop)


def when_imported(name: str, tell: Callable[[Any], None]) -> None:
    """Call ``tell`` with the module once it has been imported for the first time."""

    def imported() -> None:
        remove_finder(finder)
        tell(sys.modules[name])

    finder = LibraryFinder([name], imported)
    sys.meta_path.insert(0, finder)


def prepare(kind: str, host: Host) -> None:
    """Have the kind's main object tell ``host``. Raises WorkerError for an unknown kind."""
    if kind not in ADAPTERS:
        names = ", ".join(("simulated", *ADAPTERS))
        raise WorkerError(_("There is no core '{kind}'; there are: {names}.", kind=kind, names=names))
    adapter = import_module(ADAPTERS[kind])
    when_imported(adapter.MODULE, lambda module: adapter.tells(module, host))


def run(kind: str, entry: Path, attach: Callable[[Core], Any]) -> int:
    """Run the core to its end; its exit status. What it raises goes on, with its traceback."""
    host = Host(attach)
    prepare(kind, host)
    sys.path.insert(0, str(entry.parent))
    sys.argv[:] = [str(entry)]
    try:
        runpy.run_path(str(entry), run_name="__main__")
    except SystemExit as end:
        if end.code is not None and not isinstance(end.code, int):
            sys.stderr.write(f"{end.code}\n")
            return 1
        return end.code or 0
    return 0


def end_process(leave: Callable[[int], None], status: int) -> None:
    """End as Python would, but for its last step: there it aborts if a thread waits for standard input, as Neo-MoFox's
    does (``CommandParser._input_worker``).
    """
    threading._shutdown()  # type: ignore[attr-defined]  # waits for threads that are no daemons, as at any exit
    atexit._run_exitfuncs()
    leave(status)
