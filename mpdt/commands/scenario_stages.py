"""Stages for scenarios: a worker beside the one that serves, in folders of its own.

Between two scenarios plugin and core are taken down, and the folders emptied; the process stays, for starting one costs
more than all else. If something of the plugin's cannot be ended, the next scenario gets another process.
"""

from __future__ import annotations

import asyncio
import contextlib
import shutil
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from mpdt.dev.errors import RequestRefused, StartError, WorkerDied, WorkerSilent
from mpdt.dev.spawn import Spawned
from mpdt.dev.worker_process import CONNECT_TIMEOUT, WorkerProcess
from mpdt.language import _
from mpdt.protocol import Notice, NoticeKind, Operation
from mpdt.scenarios.model import Called, Said, Scenario
from mpdt.scenarios.play import Refused, StageError

LOAD_TIMEOUT = 120.0
ANSWER_TIMEOUT = 15.0  # the worker itself answers after 10 s at the latest
STOP_PATIENCE = 1.0

Spawn = Callable[[Path], Spawned]
"""Starts a worker in the given working folder. Raises StartError."""


class WorkerStage:
    """A worker, and the folder that stands for the bot's: the plugin's configuration and databases are new."""

    connect_timeout = CONNECT_TIMEOUT
    stop_patience = STOP_PATIENCE

    def __init__(self, plugin: Path, spawn: Spawn) -> None:
        """Raises StartError."""
        self._plugin = plugin
        self._home = Path(tempfile.mkdtemp(prefix="mpdt-test-"))
        self._logs: list[tuple[str, str]] = []
        self._connected = False
        try:
            spawned = spawn(self._home)
        except BaseException:
            shutil.rmtree(self._home, ignore_errors=True)
            raise
        self._process = WorkerProcess(spawned, on_notice=self._on_notice, on_line=self._on_line)

    def _on_notice(self, notice: Notice) -> None:
        if notice.kind is NoticeKind.LOG:
            body = notice.body
            self._logs.append((str(body.get("level")), f"{body.get('logger')}: {body.get('message')}"))

    def _on_line(self, stream: str, line: str) -> None:
        self._logs.append(("INFO" if stream == "stdout" else "WARNING", f"{stream}: {line}"))

    @property
    def is_used(self) -> bool:
        """Has a plugin been on it?"""
        return self._connected

    def take_logs(self) -> list[tuple[str, str]]:
        taken, self._logs = self._logs, []
        return taken

    async def load(self, scenario: Scenario, core: Mapping[str, Any]) -> None:
        """Loads the plugin, with the scenario's configuration and model. Raises StageError."""
        try:
            if not self._connected:
                await self._connect()
            loaded = await self._process.request(
                Operation.LOAD,
                within=LOAD_TIMEOUT,
                path=str(self._plugin),
                home=str(self._home),
                model=dict(scenario.model),
                **core,
            )
        except (WorkerDied, WorkerSilent, RequestRefused) as error:
            raise StageError(str(error)) from None
        raise_error(loaded)
        if scenario.config:
            await self._configure(scenario.config)

    async def _connect(self) -> None:
        """Raises StageError."""
        try:
            await self._process.connect(self.connect_timeout)
        except (WorkerDied, WorkerSilent) as error:
            raise StageError(self.why_not_connected(str(error))) from None
        self._connected = True

    def why_not_connected(self, how: str) -> str:
        return how

    async def _configure(self, values: Mapping[str, Any]) -> None:
        state = await self._ask(Operation.STATE)
        if not state.get("config_path"):
            raise StageError(_("The plugin has no config file, so a scenario can set nothing in it."))
        path = Path(str(state["config_path"]))
        await asyncio.to_thread(overlay, path, values)
        raise_error(await self._ask(Operation.RELOAD, within=LOAD_TIMEOUT, files=[str(path)]))

    async def _ask(
        self, operation: Operation, *, within: float = ANSWER_TIMEOUT, **parameters: Any
    ) -> Mapping[str, Any]:
        try:
            return await self._process.request(operation, within=within, **parameters)
        except RequestRefused as error:
            raise Refused(str(error)) from None
        except (WorkerDied, WorkerSilent) as error:
            raise StageError(str(error)) from None

    async def message(self, said: Said) -> Mapping[str, Any]:
        return await self._ask(
            Operation.MESSAGE,
            text=said.text,
            user=said.user,
            group=said.group,
            role=said.role,
            images=list(said.images),
            mentions=list(said.mentions),
        )

    async def call(self, called: Called) -> Mapping[str, Any]:
        return await self._ask(Operation.CALL, kind=called.kind, name=called.name, arguments=dict(called.arguments))

    async def clear(self) -> bool:
        """Unloads the plugin and empties its folders. False if something of it is left: another worker is needed."""
        try:
            left = (await self._ask(Operation.UNLOAD, within=LOAD_TIMEOUT))["left"]
        except (StageError, Refused):
            return False
        await asyncio.to_thread(empty, self._home)
        return not left

    async def close(self) -> None:
        """Unloads the plugin, ends the worker, and removes its folders."""
        await self._process.stop(self.stop_patience)
        await asyncio.to_thread(shutil.rmtree, self._home, ignore_errors=True)


def empty(folder: Path) -> None:
    for path in folder.iterdir():
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path, ignore_errors=True)
        else:
            path.unlink(missing_ok=True)


def raise_error(answer: Mapping[str, Any]) -> None:
    """Raises StageError if the plugin did not load."""
    error = answer.get("error")
    if error:
        place = f" ({error['file']}:{error['line']})" if error.get("file") else ""
        raise StageError(
            _(
                "The plugin did not load: {type}: {message}{place}",
                type=error["type"],
                message=error["message"],
                place=place,
            )
        )


def overlay(path: Path, values: Mapping[str, Any]) -> None:
    path.write_text(overlaid(path.read_text(encoding="utf-8-sig"), values), encoding="utf-8")


def overlaid(text: str, values: Mapping[str, Any]) -> str:
    """The TOML text with the values in it; what else stands there stays."""
    import tomlkit

    def lay(table: Any, over: Mapping[str, Any]) -> None:
        for name, value in over.items():
            if isinstance(value, Mapping) and isinstance(table.get(name), Mapping):
                lay(table[name], value)
            else:
                table[name] = value

    document = tomlkit.parse(text)
    lay(document, values)
    return tomlkit.dumps(document)


class Stages:
    """One stage at a time. ``close`` ends what is left."""

    def __init__(self, make: Callable[[], WorkerStage], core: Mapping[str, Any]) -> None:
        """``make`` may raise StartError. ``core``: what ``load`` is told of the core."""
        self._make = make
        self._core = core
        self._stage: WorkerStage | None = None

    def prepare(self) -> None:
        """Starts the worker of the first stage, so that it is there when it is wanted."""
        if self._stage is None:
            with contextlib.suppress(StartError):  # whoever wants it hears of it
                self._stage = self._make()

    async def open(self, scenario: Scenario) -> WorkerStage:
        """The plugin, loaded anew. Raises StageError."""
        if self._stage is not None and self._stage.is_used and not await self._stage.clear():
            await self.close()
        try:
            self._stage = self._stage or self._make()
        except StartError as error:
            raise StageError(str(error)) from None
        await self._stage.load(scenario, self._core)
        return self._stage

    async def close(self) -> None:
        stage, self._stage = self._stage, None
        if stage is not None:
            await stage.close()
