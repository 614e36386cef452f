"""``mpdt test``: the plugin's scenarios, once, each in a worker that has just loaded the plugin."""

from __future__ import annotations

import asyncio
import json as json_module
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from mpdt.commands.dev import USAGE_ERROR, find_plugin
from mpdt.commands.translated import TranslatedHelp
from mpdt.config import Config, ConfigError, load
from mpdt.dev.bootstrap import command
from mpdt.dev.errors import StartError
from mpdt.dev.interpreter import check, choose
from mpdt.dev.spawn import Spawned, spawn
from mpdt.language import _
from mpdt.scenarios.files import ScenarioError, files_in, is_scenario_file
from mpdt.scenarios.model import Result, Scenario
from mpdt.scenarios.play import selected
from mpdt.scenarios.read import read_files

if TYPE_CHECKING:
    from mpdt.commands.scenario_stages import Stages

FAILED = 1


def subject(path: str) -> tuple[Path, list[Path]]:
    """The plugin's folder, and the scenario files that are meant. Raises StartError."""
    given = Path(path).expanduser()
    if given.is_file() and is_scenario_file(given):
        file = given.resolve()
        plugin = next((one for one in file.parents if (one / "plugin.py").is_file()), None)
        if plugin is None:
            raise StartError(_("{file} lies in no plugin folder: no folder above it has a plugin.py.", file=file))
        return plugin, [file]
    plugin = find_plugin(path)
    return plugin, files_in(plugin)


def wanted(path: str, words: str | None) -> tuple[Path, list[Scenario]]:
    """The plugin's folder and the scenarios to play. Raises StartError or ScenarioError."""
    plugin, files = subject(path)
    found = read_files(files)
    if not found:
        raise StartError(
            _(
                "{plugin} has no scenarios: write tests/NAME.mpdt.toml, or save one from a conversation with "
                "'mpdt send TEXT --save NAME'.",
                plugin=plugin,
            )
        )
    chosen = selected(found, words)
    if not chosen:
        raise StartError(_("No scenario of {plugin} is named like {words!r}.", plugin=plugin, words=words))
    return plugin, chosen


@click.command("test", cls=TranslatedHelp, short_help="Play a plugin's scenarios once; for CI.")
@click.argument("path", default=".", metavar="[PATH]")
@click.option("-k", "words", default=None, metavar="TEXT", help="Only scenarios whose name or file contains TEXT.")
@click.option("--json", "as_json", is_flag=True, help="One JSON document on standard output.")
@click.option("--python", default=None, metavar="PATH", help="The interpreter that runs the plugin.")
@click.option("--core", default=None, metavar="PATH", help="Play them in copies of the bot in that folder.")
def test_command(path: str, words: str | None, as_json: bool, python: str | None, core: str | None) -> None:
    """Play the scenarios of the plugin in PATH (its tests/*.mpdt.toml, or the one file PATH), each from a fresh state.

    The exit code is 0 if all are as expected, 1 if one is not, 2 if they cannot be played.
    """
    try:
        plugin, scenarios = wanted(path, words)
        config = load(plugin, {"python": python}).config
        stages = in_bot(plugin, config, core) if core else simulated(plugin, config)

        from mpdt.commands.scenario_run import run

        tell = quiet if as_json else Printer(plugin).tell

        async def playing() -> dict[str, Any]:
            return await run(plugin, scenarios, stages, tell)

        summary = asyncio.run(playing())
    except (StartError, ConfigError, ScenarioError) as error:
        click.echo(f"mpdt: {error}", err=True)
        sys.exit(USAGE_ERROR)
    if as_json:
        click.echo(json_module.dumps({"v": 1, "plugin": str(plugin), **summary}, ensure_ascii=True))
    else:
        from rich.console import Console

        from mpdt.render.scenarios import summary_line

        Console().print(summary_line(summary), highlight=False)
    sys.exit(FAILED if summary["failed"] else 0)


def simulated(plugin: Path, config: Config) -> Stages:
    """Stages in the simulated core. Raises StartError."""
    from mpdt.commands.scenario_stages import Stages, WorkerStage

    interpreter = choose(plugin, config.python, os.environ)
    check(interpreter)

    def start(folder: Path) -> Spawned:
        try:
            return spawn(command(interpreter.path), folder)
        except OSError as error:
            raise StartError(
                _("{path} cannot be started: {strerror}.", path=interpreter.path, strerror=error.strerror)
            ) from None

    return Stages(lambda: WorkerStage(plugin, start), {})


def in_bot(plugin: Path, config: Config, folder: str) -> Stages:
    """Stages in copies of the bot in that folder. Raises StartError."""
    from mpdt.commands.bot_stages import Bot, BotStages
    from mpdt.dev.real_core import core_interpreter, find_core

    core = find_core(folder)
    interpreter = core_interpreter(core, config.python, os.environ)
    check(interpreter, needs=())
    return BotStages(plugin, Bot(core, interpreter))


def quiet(result: Result) -> None:
    """Nothing is said before the end."""


class Printer:
    """Each result as it comes, under the name of its file."""

    def __init__(self, plugin: Path) -> None:
        from rich.console import Console

        self._console = Console()
        self._plugin = plugin
        self._file: str | None = None

    def tell(self, result: Result) -> None:
        from rich.text import Text

        from mpdt.render.scenarios import result_lines

        shown = result.to_json(self._plugin)
        if shown["file"] != self._file:
            self._file = shown["file"]
            self._console.print(Text(shown["file"], "bold"), soft_wrap=True)
        for line in result_lines(shown):
            self._console.print(Text("  ").append_text(line), soft_wrap=True, highlight=False)
