"""File events -> files whose content changed, and that the developer (not the plugin) wrote."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from mpdt.dev.coalesce import Batch, Coalescer, FileChange
from mpdt.dev.contents import Contents, Edit
from mpdt.dev.ignore import SUFFIXES, WatchRules
from mpdt.dev.worker_writes import WorkerWrites


@dataclass(frozen=True, slots=True)
class Save:
    """Files that changed together; ``since`` is when the first of them was done (``time.monotonic``).

    ``edits``: what was in them before, and is now.
    """

    files: tuple[Path, ...]
    since: float
    edits: tuple[Edit, ...] = ()


class Saves:
    """``put`` takes what the watcher sees, in the loop's thread; ``next`` waits for a save."""

    def __init__(
        self,
        rules: Callable[[], WatchRules],
        contents: Contents,
        writes: WorkerWrites,
        coalescer: Coalescer,
        *,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._rules = rules
        self._contents = contents
        self._writes = writes
        self._coalescer = coalescer
        self._clock = clock
        self._arrived = asyncio.Event()

    def put(self, change: FileChange) -> None:
        """One event of the watcher's."""
        self._coalescer.add(change)
        self._arrived.set()

    def take(self) -> Save | None:
        """The save that is complete by now, if any."""
        while True:
            batch = self._coalescer.take(self._clock(), self._contents.became_empty)
            if batch is None:
                return None
            edits = self._changed(batch)
            if edits:
                return Save(tuple(edit.path for edit in edits), batch.since, edits)

    async def next(self) -> Save:
        """Waits for the next save."""
        while (save := self.take()) is None:
            self._arrived.clear()
            due = self._coalescer.due()
            try:
                async with asyncio.timeout(None if due is None else max(0.0, due - self._clock())):
                    await self._arrived.wait()
            except TimeoutError:
                pass
        return save

    def _changed(self, batch: Batch) -> tuple[Edit, ...]:
        now = self._clock()
        files: set[Path] = set()
        for path in batch.paths:
            files.update(self._expand(path))
        changed = []
        for path in sorted(files):
            # Every file is taken as known, the worker's own too: a later save is compared with what is there now.
            edit = self._contents.accept(path)
            filled = self._contents.is_filled(path)
            claimed = self._writes.claim(path, batch.writers.get(path, 0), now, filled=filled)
            if edit is not None and not claimed:
                changed.append(edit)
        return tuple(changed)

    def _expand(self, path: Path) -> set[Path]:
        """The file itself; of a folder all files that are, or were, below it."""
        if path.suffix in SUFFIXES and not path.is_dir():
            return {path}
        return {*self._contents.below(path), *self._rules().files(path)}
