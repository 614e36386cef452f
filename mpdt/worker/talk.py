"""Messages and other stimuli on their way through the plugin: what is under way, and what came of it."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

from mpdt.language import _
from mpdt.worker.cores import Conversation, Core, Driven, Incoming, Reply, Stimulus
from mpdt.worker.errors import WorkerError, describe
from mpdt.worker.version import Version


class Talk:
    """``lock`` is held while the plugin is exchanged; ``current`` gives the version that serves."""

    def __init__(self, core: Core, folder: Path, lock: asyncio.Lock, current: Callable[[], Version | None]) -> None:
        self._core = core
        self._folder = folder
        self._lock = lock
        self._current = current
        self._tasks: dict[asyncio.Task[Any], str] = {}

    @property
    def labels(self) -> list[str]:
        """What is under way, in words."""
        return sorted(set(self._tasks.values()))

    async def settle(self, patience: float) -> None:
        if self._tasks:
            await asyncio.wait(list(self._tasks), timeout=patience)

    async def message(self, incoming: Incoming, limit: float) -> Conversation:
        """Route a message and wait for its handlers, at most ``limit`` seconds."""
        replies: list[Reply] = []
        label = incoming.text[:40]
        task = await self._under_way(lambda: self._core.message(incoming, replies.append), label, limit)
        unfinished = task is None or not task.done() or task.cancelled()
        return Conversation(tuple(replies), timed_out=unfinished or bool(task and task.result()))

    async def drive(self, stimulus: Stimulus, limit: float) -> Driven:
        """Carry a stimulus out; what the plugin raises is in the result."""
        replies: list[Reply] = []
        label = f"{stimulus.kind} {stimulus.name}"
        task = await self._under_way(lambda: self._core.drive(stimulus, replies.append), label, limit)
        if task is None or not task.done() or task.cancelled():
            return Driven(conversation=Conversation(tuple(replies), timed_out=True))
        conversation = Conversation(tuple(replies))
        error = task.exception()
        if isinstance(error, WorkerError):
            raise error
        if error is not None:
            return Driven(error=describe(error, self._folder), conversation=conversation)
        return Driven(task.result(), conversation=conversation)

    async def _under_way(
        self, work: Callable[[], Coroutine[Any, Any, Any]], label: str, limit: float
    ) -> asyncio.Task[Any] | None:
        """The work as a task of the plugin's, done or not after ``limit``; None if a reload took all of the time.

        Raises WorkerError if no version of the plugin is loaded.
        """
        ends = time.monotonic() + limit
        try:
            async with asyncio.timeout(limit), self._lock:  # a reload under way is waited for
                version = self._current()
        except TimeoutError:
            return None
        if version is None:
            raise WorkerError(_("No version of the plugin is loaded: mend the error and save."))
        with version.ledger.attributed():
            task = asyncio.create_task(work(), name="mpdt message")
        self._tasks[task] = label
        task.add_done_callback(lambda done: self._tasks.pop(done, None))
        await asyncio.wait({task}, timeout=max(0.0, ends - time.monotonic()))
        return task
