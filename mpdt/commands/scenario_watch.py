"""Scenarios in ``mpdt dev``: played after each change, in a worker beside the one that serves."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from mpdt.dev.spawn import Spawned
from mpdt.events import Event, EventKind, EventLog, ReloadOutcome
from mpdt.scenarios.files import ScenarioError, files_in, is_scenario_file

# What reads and plays scenarios is imported when some are to be played: a start need not wait for it.
Spawn = Callable[[Path], Spawned]
CHANGED = frozenset({ReloadOutcome.PATCHED, ReloadOutcome.RELOADED, ReloadOutcome.RESTARTED})
STEPS_ASIDE = 0.15  # seconds after a change: whoever saves and asks at once is answered first


class ScenarioWatch:
    """One round at a time; what changes during a round ends it and begins the next."""

    def __init__(self, plugin: Path, events: EventLog, spawn: Spawn, core: Mapping[str, Any]) -> None:
        self._plugin = plugin
        self._events = events
        self._spawn = spawn
        self._core = core
        self._round: asyncio.Task[None] | None = None
        self._turn = asyncio.Lock()
        self.last: Event | None = None

    def on_event(self, event: Event) -> None:
        """Another version of the plugin serves."""
        if event["event"] == EventKind.RELOAD and event["outcome"] in CHANGED:
            self.begin()

    def on_change(self, path: Path) -> None:
        """A file was saved. Code leads to a reload first, and is heard of then."""
        if is_scenario_file(path):
            self.begin()

    def begin(self) -> None:
        """Plays the scenarios, once it is quiet. What is being played is out of date."""
        if self._round is not None:
            self._round.cancel()
        self._round = asyncio.get_running_loop().create_task(self._play(), name="scenarios")

    async def close(self) -> None:
        round_, self._round = self._round, None
        if round_ is not None:
            round_.cancel()
            await asyncio.wait([round_])

    async def _play(self) -> None:
        await asyncio.sleep(STEPS_ASIDE)
        await self.play()

    async def play(self, words: str | None = None) -> Event | None:
        """One round, and its event; none if the plugin has no scenarios."""
        from mpdt.scenarios.play import selected
        from mpdt.scenarios.read import read_files

        try:
            scenarios = selected(await asyncio.to_thread(read_files, files_in(self._plugin)), words)
        except ScenarioError as error:
            return self._tell({"passed": 0, "failed": 0, "ms": 0.0, "results": [], "error": str(error)})
        if not scenarios:
            return None
        from mpdt.commands.scenario_run import run
        from mpdt.commands.scenario_stages import Stages, WorkerStage

        async with self._turn:  # a round that was cancelled may still be ending its worker
            summary = await run(
                self._plugin, scenarios, Stages(lambda: WorkerStage(self._plugin, self._spawn), self._core)
            )
        return self._tell({**summary, "error": None})

    def listed(self) -> dict[str, Any]:
        """The scenarios that there are, and the event of the last round."""
        from mpdt.scenarios.read import read_files

        try:
            found, error = read_files(files_in(self._plugin)), None
        except ScenarioError as problem:
            found, error = [], str(problem)
        scenarios = [
            {"name": one.name, "file": one.file.relative_to(self._plugin).as_posix(), "line": one.line} for one in found
        ]
        return {"scenarios": scenarios, "error": error, "last": self.last}

    def _tell(self, body: Mapping[str, Any]) -> Event:
        self.last = self._events.emit(EventKind.SCENARIOS, body)
        return self.last
