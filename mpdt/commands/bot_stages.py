"""Stages in a real bot: each scenario gets a copy of it, in a process of its own, which is gone afterwards.

The bot itself is not touched. Its databases cannot be emptied while it runs, so a process is not used twice: one
scenario takes as long as the bot needs to start.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from mpdt.commands.scenario_stages import Stages, WorkerStage
from mpdt.dev.bootstrap import command
from mpdt.dev.errors import StartError
from mpdt.dev.interpreter import Interpreter
from mpdt.dev.real_core import RealCore, why_not_up
from mpdt.dev.spawn import Spawned, spawn
from mpdt.language import _
from mpdt.scenarios.model import Scenario
from mpdt.scenarios.play import StageError

START_TIMEOUT = 180.0  # until the bot is up; one that asks something never is
STOP_PATIENCE = 5.0
# What a bot does not need to run, or makes anew; its interpreter stays where it is.
LEFT_OUT = (".git", ".venv", "venv", "__pycache__", "logs", "node_modules")
QUIET = {"TERM": "dumb", "NO_COLOR": "1", "COLUMNS": "200"}


@dataclass(frozen=True, slots=True)
class Bot:
    """The bot that is copied, and the interpreter that runs it."""

    core: RealCore
    interpreter: Interpreter

    def copied(self, home: Path) -> RealCore:
        """The copy, in ``home``. Raises StartError."""
        folder = home / "bot"
        try:
            shutil.copytree(self.core.folder, folder, symlinks=True, ignore=shutil.ignore_patterns(*LEFT_OUT))
        except (OSError, shutil.Error) as error:
            sentence = _("The bot in {folder} cannot be copied: {error}", folder=self.core.folder, error=error)
            raise StartError(sentence) from None
        return RealCore(folder, self.core.kind, folder / self.core.entry.name)

    def start(self, home: Path) -> Spawned:
        """Raises StartError."""
        core = self.copied(home)
        line = command(self.interpreter.path, arguments=(core.kind, str(core.entry)))
        try:
            return spawn(line, core.folder, {**os.environ, **QUIET}, keep_input=True)
        except OSError as error:
            path = self.interpreter.path
            raise StartError(_("{path} cannot be started: {strerror}.", path=path, strerror=error.strerror)) from None

    def place_of(self, plugin: Path, home: Path) -> Path:
        """Where the copy has the plugin, if it lies in the bot."""
        folder = self.core.folder.resolve()
        return home / "bot" / plugin.relative_to(folder) if plugin.is_relative_to(folder) else plugin


class BotStage(WorkerStage):
    connect_timeout = START_TIMEOUT
    stop_patience = STOP_PATIENCE

    def __init__(self, plugin: Path, bot: Bot) -> None:
        """Raises StartError."""
        super().__init__(plugin, bot.start)
        self._bot = bot
        self._plugin = bot.place_of(plugin, self._home)

    async def load(self, scenario: Scenario, core: Mapping[str, Any]) -> None:
        if scenario.model:
            raise StageError(
                _("The scenario says what the model answers; in a bot its own models do. Leave it out with -k.")
            )
        await super().load(scenario, core)

    def why_not_connected(self, how: str) -> str:
        lines = [line for _level, line in self._logs]
        return "\n".join([why_not_up(self._bot.core, self._bot.interpreter, how, lines), *lines[-10:]])

    async def clear(self) -> bool:
        return False


class BotStages(Stages):
    """One stage at a time, in a bot."""

    def __init__(self, plugin: Path, bot: Bot) -> None:
        super().__init__(lambda: BotStage(plugin, bot), {})
