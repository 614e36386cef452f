"""Keeps the plugin's state on disk while it runs, so that a worker that dies can be replaced without losing it."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path

from mpdt.language import _
from mpdt.worker import state_file
from mpdt.worker.cores import Log

PERIOD = 1.0  # seconds between two looks at the state
NAME = "mpdt.worker"


class StateKeeper:
    """Writes what ``save`` returns to the file, if it differs from what is there. A full disk is said once."""

    def __init__(self, path: Path, save: Callable[[], Awaitable[bytes | None]], log: Log) -> None:
        self._path = path
        self._save = save
        self._log = log
        self._written: bytes | None = None
        self._failed = False
        self._turn = asyncio.Lock()

    async def run(self) -> None:
        while True:
            await asyncio.sleep(PERIOD)
            await self.step()

    async def step(self) -> None:
        """Save now."""
        async with self._turn:
            blob = await self._save()
            if blob is None or blob == self._written:
                return
            try:
                await asyncio.to_thread(state_file.write, self._path, blob)
            except OSError as error:
                if not self._failed:
                    what = _("The plugin's state cannot be saved")
                    self._log(
                        "WARNING",
                        NAME,
                        _("{what}: {error}. The last one that was saved stays.", what=what, error=error),
                    )
                self._failed = True
            else:
                self._written, self._failed = blob, False
