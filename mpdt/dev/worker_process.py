"""The worker: spawned, connected, watched, ended, and started again.

``spawn`` is synchronous and imports nothing heavy, so that the child starts while the supervisor still
imports the rest.
"""

from __future__ import annotations

import asyncio
import threading
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import IO, TYPE_CHECKING, Any

from mpdt.dev.errors import WorkerDied, WorkerSilent
from mpdt.dev.platform import describe_exit, interrupt, kill_tree
from mpdt.dev.spawn import Spawned
from mpdt.language import _
from mpdt.protocol import Notice, Operation, ProtocolError

if TYPE_CHECKING:
    from mpdt.dev.channel import Channel

LAST_LINES = 20  # of a dead worker's output, for the report
CONNECT_TIMEOUT = 30.0
LINE_LENGTH = 64 * 1024  # a longer line of output is shown in pieces

OutputLine = Callable[[str, str], None]  # stream ("stdout" | "stderr"), line


@dataclass(frozen=True, slots=True)
class Death:
    """How a worker ended: in words, and its last lines of output."""

    how: str
    output: tuple[str, ...]

    @property
    def sentence(self) -> str:
        return _("The worker ended with {how}.", how=self.how)


class WorkerProcess:
    """One life of the worker."""

    def __init__(self, spawned: Spawned, *, on_notice: Callable[[Notice], None], on_line: OutputLine) -> None:
        self._spawned = spawned
        self._on_notice = on_notice
        self._on_line = on_line
        self._last_lines: deque[str] = deque(maxlen=LAST_LINES)
        self._channel: Channel | None = None
        self._reading: asyncio.Task[None] | None = None
        self._loop = asyncio.get_running_loop()
        self._death: asyncio.Future[Death] = self._loop.create_future()
        self._threads = self._start_threads()

    @property
    def pid(self) -> int:
        return self._spawned.process.pid

    @property
    def python(self) -> str:
        """The version of the interpreter, once connected."""
        return "" if self._channel is None else self._channel.hello.python

    @property
    def is_alive(self) -> bool:
        return not self._death.done()

    def when_dead(self, callback: Callable[[Death], None]) -> None:
        """Calls back once the process has ended."""
        self._death.add_done_callback(lambda death: callback(death.result()))

    async def died(self) -> Death:
        """Waits for the end of the process, and says how it ended."""
        return await asyncio.shield(self._death)

    async def connect(self, within: float | None = CONNECT_TIMEOUT) -> None:
        """Waits until the worker said hello, ``None``: as long as it lives. Raises WorkerDied with its exit status
        and last output, WorkerSilent if it neither connects nor ends.
        """
        from mpdt.dev.channel import accept

        accepting = asyncio.ensure_future(accept(self._spawned.listener, self._spawned.token, self._on_notice))
        try:
            waited: list[asyncio.Future[Any]] = [accepting, self._death]
            await asyncio.wait(waited, timeout=within, return_when=asyncio.FIRST_COMPLETED)
            if accepting.done():
                self._channel = accepting.result()
            elif self._death.done():
                raise WorkerDied(self._death.result().sentence)
            else:
                raise WorkerSilent(_("The worker did not connect within {within:g} s.", within=within))
        except ProtocolError as error:
            raise WorkerDied(str(error)) from None
        finally:
            accepting.cancel()
            self._spawned.listener.close()
        self._reading = asyncio.create_task(self._channel.run(), name="worker channel")

    async def request(
        self, operation: Operation, *, within: float | None = None, **parameters: Any
    ) -> Mapping[str, Any]:
        """As ``Channel.request``; a death is reported with its status."""
        if self._channel is None or not self.is_alive:
            raise WorkerDied(_("There is no worker."))
        try:
            return await self._channel.request(operation, within=within, **parameters)
        except WorkerDied:
            # The channel ends a moment before the process does.
            done, _running = await asyncio.wait({self._death}, timeout=1.0)
            if done:
                raise WorkerDied(self._death.result().sentence) from None
            raise

    def answer(self, line: str) -> None:
        """A line for the process's standard input, if that is kept open."""
        pipe = self._spawned.process.stdin
        if pipe is None:
            return
        try:
            pipe.write(line.encode("utf-8", "backslashreplace") + b"\n")
            pipe.flush()
        except (OSError, ValueError):
            pass  # it has ended, or closed its input

    async def stop(self, patience: float = 0.6) -> None:
        """Asks the worker to unload the plugin and end; ends it by force when it does not within
        ``patience``.
        """
        if self.is_alive and self._channel is None and self._spawned.process.stdin is not None:
            await self._interrupt(patience)
        if self.is_alive and self._channel is not None:
            try:
                async with asyncio.timeout(patience):
                    await self._channel.request(Operation.SHUTDOWN)
                    await self.died()
            except (TimeoutError, WorkerDied, WorkerSilent):
                pass
        await self.kill()

    async def _interrupt(self, patience: float) -> None:
        """A bot that is still starting has something to close."""
        if interrupt(self._spawned.process):
            try:
                async with asyncio.timeout(patience):
                    await self.died()
            except TimeoutError:
                pass

    async def kill(self) -> None:
        """Ends the process at once, with all that it started, and waits for its last output."""
        if self.is_alive:
            kill_tree(self._spawned.process)
        await self.died()
        self._spawned.listener.close()
        if self._spawned.process.stdin is not None:
            try:
                self._spawned.process.stdin.close()
            except OSError:
                pass  # what was still to be written has no reader any more
        if self._channel is not None:
            self._channel.close()
        if self._reading is not None:
            await self._reading

    def _start_threads(self) -> tuple[threading.Thread, ...]:
        # Threads, because Windows has no asynchronous reading of a child's pipes. Each ends at the loop's
        # queue.
        process = self._spawned.process
        assert process.stdout is not None
        assert process.stderr is not None
        readers = [
            threading.Thread(target=self._read_lines, args=(name, pipe), name=f"worker {name}", daemon=True)
            for name, pipe in (("stdout", process.stdout), ("stderr", process.stderr))
        ]
        waiter = threading.Thread(target=self._wait, args=(readers,), name="worker exit", daemon=True)
        for thread in (*readers, waiter):
            thread.start()
        return (*readers, waiter)

    def _read_lines(self, stream: str, pipe: IO[bytes]) -> None:
        with pipe:
            while raw := pipe.readline(LINE_LENGTH):
                self._in_loop(self._take_line, stream, raw.decode("utf-8", "replace").rstrip("\r\n"))

    def _wait(self, readers: Sequence[threading.Thread]) -> None:
        status = self._spawned.process.wait()
        # What the plugin started goes with it, at once: the group's number is free as soon as its last member ends.
        kill_tree(self._spawned.process)
        for thread in readers:
            # A child of the plugin may hold the pipe open; the death is reported all the same.
            thread.join(timeout=0.2)
        self._in_loop(self._bury, status)

    def _in_loop(self, function: Callable[..., None], *arguments: object) -> None:
        try:
            self._loop.call_soon_threadsafe(function, *arguments)
        except RuntimeError:
            # The loop is closed: nobody is left to tell.
            pass

    def _take_line(self, stream: str, line: str) -> None:
        self._last_lines.append(line)
        self._on_line(stream, line)

    def _bury(self, status: int) -> None:
        if not self._death.done():
            self._death.set_result(Death(describe_exit(status), tuple(self._last_lines)))
        if self._channel is not None:
            self._channel.close()
