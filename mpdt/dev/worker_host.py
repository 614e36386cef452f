"""The one worker that serves now: started, loaded, replaced when it is gone."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from mpdt.dev.errors import RequestRefused, StartError, WorkerDied, WorkerSilent
from mpdt.dev.spawn import Spawned
from mpdt.dev.worker_process import Death, OutputLine, WorkerProcess
from mpdt.language import _
from mpdt.protocol import Notice, Operation

LOAD_TIMEOUT = 120.0
PATIENCE = 3.0  # seconds for the unload of a worker that is to be replaced
DEBUG_TIMEOUT = 60.0  # importing debugpy and starting its adapter takes a second or two
CORE_PATIENCE = 30.0  # for a bot to close its database and the rest; Neo-MoFox gives itself that long
START_WORD = 15.0  # seconds after which a bot that is not up is spoken of
MESSAGE_LIMIT = 11.0  # the worker itself answers after 10 s at the latest


@dataclass(frozen=True, slots=True)
class Debugging:
    """Where debugpy is to listen (port 0: a free one), and whether the plugin waits for an editor to attach."""

    host: str
    port: int
    wait: bool
    on_listening: Callable[[int], None]
    on_refused: Callable[[str], None]


def failure(kind: str, message: str, output: tuple[str, ...] = ()) -> dict[str, Any]:
    """An ``Error`` of the events that is not the plugin's."""
    return {"type": kind, "message": message, "file": None, "line": None, "traceback": "\n".join(output)}


class WorkerHost:
    """Holds the current ``WorkerProcess``. ``loaded`` says whether a version of the plugin serves."""

    def __init__(
        self,
        first: Spawned,
        spawn: Callable[[], Spawned],
        *,
        plugin: Path,
        core: str,
        on_notice: Callable[[Notice], None],
        on_line: OutputLine,
        on_death: Callable[[Death], None],
        load_options: Mapping[str, Any] | None = None,
        restore: bool = False,
        debugging: Debugging | None = None,
        alone: bool = False,
        on_slow_start: Callable[[], None] | None = None,
    ) -> None:
        """``load_options`` go with every load. ``restore``: the first one resumes the saved state; others always do.

        ``alone``: the worker is a whole bot. Two of it would fight for its database and ports, so one ends before the
        next begins, and both take as long as they take.
        """
        self._spawn = spawn
        self._plugin = plugin
        self._core = core
        self._on_notice = on_notice
        self._on_line = on_line
        self._on_death = on_death
        self._load_options = dict(load_options or {})
        self._restore = restore
        self.debugging = debugging
        self.debug_port: int | None = None  # where a debugger can attach
        self._alone = alone
        self._on_slow_start = on_slow_start
        self._open = asyncio.Event()  # messages wait while one worker takes another's place
        self._open.set()
        self._under_way = 0
        self._expected: WorkerProcess | None = None  # whose end we brought about ourselves
        self._process = self._adopt(first)
        self.loaded = False
        self.death: Death | None = None
        self.last_load: Mapping[str, Any] = {}

    @property
    def is_alive(self) -> bool:
        return self._process.is_alive

    @property
    def python(self) -> str:
        return self._process.python

    @property
    def pid(self) -> int:
        return self._process.pid

    async def start(self) -> Mapping[str, Any]:
        """Connects the worker and loads the plugin. The result of ``load``: a plugin that fails is no
        exception.

        Raises WorkerDied or WorkerSilent if there is no worker to ask.
        """
        process = self._process
        await self._connect(process)
        try:
            options = {
                "path": str(self._plugin),
                "core": self._core,
                "restore": self._restore,
                **self._load_options,
            }
            if self.debugging is not None:
                options["wait_for_client"] = await self._debug(process, self.debugging, options)
            # A breakpoint may hold a plugin that is being loaded.
            within = LOAD_TIMEOUT if self.debugging is None else None
            self.last_load = await process.request(Operation.LOAD, within=within, **options)
        except RequestRefused as error:
            self.last_load = {"plugin": "", "loaded": False, "error": failure("RequestRefused", str(error))}
        self.loaded = bool(self.last_load.get("loaded"))
        return self.last_load

    async def _debug(self, process: WorkerProcess, asked: Debugging, options: Mapping[str, Any]) -> bool:
        """Has the debugger listen, before any of the plugin's code runs. Whether the load waits for a client."""
        where = {"host": asked.host, "port": asked.port}
        try:
            answer = await process.request(Operation.DEBUG, within=DEBUG_TIMEOUT, **options, **where)
        except RequestRefused as error:  # an editor that stays attached to the last worker keeps its port
            self.debug_port = None
            asked.on_refused(str(error))
            return False
        # The next worker listens on the same port, and waits for nobody: the plugin has been served already.
        self.debug_port = int(answer["port"])
        self.debugging = replace(asked, port=self.debug_port, wait=False)
        asked.on_listening(self.debug_port)
        return asked.wait

    async def _connect(self, process: WorkerProcess) -> None:
        if not self._alone:
            return await process.connect()
        connecting = asyncio.ensure_future(process.connect(None))
        try:
            await asyncio.wait({connecting}, timeout=START_WORD)
            if not connecting.done() and self._on_slow_start is not None:
                self._on_slow_start()
            return await connecting
        finally:
            connecting.cancel()

    async def restart(self, *, gently: bool = False, keep_state: bool = True) -> Mapping[str, Any]:
        """Replaces the worker, whatever state it is in; the new one resumes the saved state. Raises as ``start``.

        Messages wait meanwhile. ``gently``: those under way are finished first, and the state is saved. Without
        ``keep_state`` the saved state is removed, and the plugin begins as if for the first time.
        """
        self._open.clear()
        try:
            spawned = None if self._alone else self._spawned_again()  # it starts while the old one ends
            if gently:
                await self._finish_messages()
            await self._retire(PATIENCE if gently else None)
            spawned = spawned or self._spawned_again()
            self.death = None
            self._restore = keep_state
            if not keep_state:
                self._forget_state()
            self._process = self._adopt(spawned)
            return await self.start()
        finally:
            self._open.set()

    def _forget_state(self) -> None:
        saved = self._load_options.get("state_file")
        if saved:
            Path(saved).unlink(missing_ok=True)

    def _spawned_again(self) -> Spawned:
        try:
            return self._spawn()
        except StartError as error:  # the folder is gone for a while: the next save tries again
            raise WorkerDied(str(error)) from None

    async def _finish_messages(self) -> None:
        ends = asyncio.get_running_loop().time() + MESSAGE_LIMIT
        while self._under_way and asyncio.get_running_loop().time() < ends:  # noqa: ASYNC110 - a handful of turns
            await asyncio.sleep(0.001)

    async def request(
        self, operation: Operation, *, within: float | None = None, **parameters: Any
    ) -> Mapping[str, Any]:
        """As ``WorkerProcess.request``; a message waits for a restart under way."""
        if operation is not Operation.MESSAGE:
            return await self._process.request(operation, within=within, **parameters)
        try:
            async with asyncio.timeout(within):
                await self._open.wait()
        except TimeoutError:
            raise WorkerSilent(_("The worker is being replaced, which takes too long.")) from None
        self._under_way += 1
        try:
            return await self._process.request(operation, within=within, **parameters)
        finally:
            self._under_way -= 1

    def answer(self, line: str) -> None:
        """A line for the bot's standard input."""
        self._process.answer(line)

    def hold_messages(self) -> None:
        """Messages wait from now on, for the restart that is about to begin."""
        self._open.clear()

    def release_messages(self) -> None:
        self._open.set()

    async def stop(self, patience: float = 0.6) -> None:
        """Unloads the plugin and ends the worker."""
        await self._retire(patience)

    async def died(self) -> Death:
        """Waits for the current worker's end."""
        return await self._process.died()

    def _adopt(self, spawned: Spawned) -> WorkerProcess:
        process = WorkerProcess(spawned, on_notice=self._on_notice, on_line=self._on_line)
        process.when_dead(lambda death: self._bury(process, death))
        return process

    async def _retire(self, patience: float | None) -> None:
        process, self._expected = self._process, self._process
        self.loaded = False
        if self._alone:
            await process.stop(CORE_PATIENCE)
        elif patience is None:
            await process.kill()
        else:
            await process.stop(patience)

    def _bury(self, process: WorkerProcess, death: Death) -> None:
        if process is self._expected or process is not self._process:
            return
        self.loaded = False
        self.death = death
        self._on_death(death)
