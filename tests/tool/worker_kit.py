"""Plugins to try the worker with, the real worker process behind its socket, and MiniCore in this process."""

from __future__ import annotations

import json
import os
import secrets
import socket
import subprocess
import sys
import textwrap
from collections import deque
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from mpdt.protocol import (
    PORT_VARIABLE,
    TOKEN_VARIABLE,
    Hello,
    Notice,
    NoticeKind,
    Operation,
    Request,
    Response,
    decode,
    encode,
)
from mpdt.worker.cores import Incoming
from mpdt.worker.cores.simulated import SimulatedCore, core_for
from mpdt.worker.mini_core import MiniCore
from mpdt.worker.tracking import MakeTracker, live_reloader

DEADLINE = 20.0
REPOSITORY = Path(__file__).parents[2]
EXAMPLE = REPOSITORY / "examples" / "echo_plugin"

MANIFEST = {
    "name": "probe",
    "version": "1.0.0",
    "description": "",
    "author": "",
    "dependencies": {},
    "entry_point": "plugin.py",
}

PLUGIN = """
from src.app.plugin_system.base import BasePlugin, BaseCommand, cmd_route, register_plugin
from src.app.plugin_system.api.send_api import send_text
from src.kernel.logger import get_logger

logger = get_logger("probe")


class ProbeCommand(BaseCommand):
    command_name = "probe"

    @cmd_route()
    async def handle(self, text: str = "-"):
        await send_text(f"one {text}", stream_id=self.stream_id)
        return True, "done"


@register_plugin
class ProbePlugin(BasePlugin):
    plugin_name = "probe"

    def __init__(self, config=None):
        super().__init__(config)
        self.seen = 0

    def get_components(self):
        return [ProbeCommand]

    async def on_plugin_loaded(self):
        logger.info("loaded")

    async def on_plugin_unloaded(self):
        logger.info("unloaded")
"""


def make_plugin(
    parent: Path, files: Mapping[str, str] | None = None, *, named: str = "probe_plugin", **manifest: Any
) -> Path:
    """A plugin folder; ``files`` are added to, or put in place of, the least plugin there is."""
    folder = parent / named
    write(folder, {"plugin.py": PLUGIN, **(files or {})})
    (folder / "manifest.json").write_text(json.dumps({**MANIFEST, **manifest}), encoding="utf-8")
    return folder


def write(folder: Path, files: Mapping[str, str]) -> None:
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(textwrap.dedent(text), encoding="utf-8")


def edit(folder: Path, old: str, new: str, name: str = "plugin.py") -> None:
    path = folder / name
    text = path.read_text(encoding="utf-8")
    assert old in text, f"{old!r} is not in {name}"
    path.write_text(text.replace(old, new), encoding="utf-8")


def clean_environment(**more: str) -> dict[str, str]:
    """This process's, as a person's is: with caches of compiled code."""
    return {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"} | more


class WorkerProcess:
    """A real ``python -m mpdt.worker``. ``ask`` gives the response's result; a refusal raises Refused."""

    def __init__(self, *, environment: Mapping[str, str] | None = None) -> None:
        with socket.create_server(("127.0.0.1", 0)) as listener:
            listener.settimeout(DEADLINE)
            self.token = secrets.token_hex(32)
            self.process = subprocess.Popen(
                [sys.executable, "-P", "-m", "mpdt.worker"],
                env={
                    **clean_environment(),
                    "PYTHONPATH": os.pathsep.join([str(REPOSITORY), str(REPOSITORY / "hooks")]),
                    PORT_VARIABLE: str(listener.getsockname()[1]),
                    TOKEN_VARIABLE: self.token,
                    **(environment or {}),
                },
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
            )
            self.connection, _ = listener.accept()
        self.connection.settimeout(DEADLINE)
        self.lines = self.connection.makefile("rb")
        self.logs: deque[dict[str, Any]] = deque()
        self.wrote: list[str] = []
        self.responses: dict[int, Response] = {}
        self.count = 0
        hello = decode(self.lines.readline())
        assert isinstance(hello, Hello)
        self.hello = hello

    def __enter__(self) -> WorkerProcess:
        return self

    def __exit__(self, *_: object) -> None:
        self.lines.close()
        self.connection.close()
        try:
            self.process.wait(5)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
            raise
        finally:
            for pipe in (self.process.stdout, self.process.stderr):
                if pipe:
                    pipe.close()

    def send(self, operation: str, **parameters: Any) -> int:
        self.count += 1
        self.connection.sendall(encode(Request(self.count, Operation(operation), parameters)))
        return self.count

    def read(self) -> None:
        """One line of the worker, whatever it is."""
        line = self.lines.readline()
        assert line, f"The worker ended the connection; status {self.process.poll()}"
        match decode(line):
            case Notice(kind=NoticeKind.LOG, body=body):
                self.logs.append(dict(body))
            case Notice(kind=NoticeKind.WROTE, body=body):
                self.wrote.append(body["path"])
            case Response() as response:
                self.responses[response.id] = response
            case other:
                raise AssertionError(other)

    def receive(self, number: int) -> Response:
        while number not in self.responses:
            self.read()
        return self.responses.pop(number)

    def ask(self, operation: str, **parameters: Any) -> dict[str, Any]:
        response = self.receive(self.send(operation, **parameters))
        if response.result is None:
            raise Refused(response.error or "")
        return dict(response.result)

    def say(self, text: str, **more: Any) -> list[Any]:
        return [reply["content"] for reply in self.ask("message", text=text, **more)["replies"]]

    def wait_for_log(self, text: str) -> dict[str, Any]:
        while True:
            while self.logs:
                body = self.logs.popleft()
                if text in body["message"]:
                    return body
            self.read()


class Refused(Exception):
    """A request that could not be carried out."""


@dataclass
class Hosted:
    """MiniCore over the simulated core in this process."""

    mini_core: MiniCore
    core: SimulatedCore
    folder: Path
    logs: list[tuple[str, str, str]] = field(default_factory=list)

    async def say(self, text: str, **more: Any) -> list[Any]:
        conversation = await self.mini_core.message(Incoming(text, **more))
        return [reply.content for reply in conversation.replies]

    def logged(self, text: str) -> list[str]:
        return [message for _, _, message in self.logs if text in message]


@asynccontextmanager
async def hosted(folder: Path, make_tracker: MakeTracker | None = None) -> AsyncIterator[Hosted]:
    """MiniCore, initialised, with nothing loaded yet; everything is taken away again."""
    logs: list[tuple[str, str, str]] = []
    core = core_for(folder, lambda *line: logs.append(line))
    tracker = make_tracker or live_reloader(lambda apply: apply())
    mini_core = MiniCore(core, folder, lambda *line: logs.append(line), tracker)
    await mini_core.initialize()
    try:
        yield Hosted(mini_core, core, folder, logs)
    finally:
        await mini_core.shutdown()


@asynccontextmanager
async def loaded(folder: Path, make_tracker: MakeTracker | None = None) -> AsyncIterator[Hosted]:
    async with hosted(folder, make_tracker) as host:
        load = await host.mini_core.load_plugin()
        assert load.error is None, load.error.traceback
        yield host
