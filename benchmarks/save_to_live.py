"""Save-to-live: from the close of the file to the new answer seen in the running program, by the real watchers.

Each contestant serves a copy of one program: a module of 200 functions, 1,200 lines. What runs there writes each new
answer and the moment at which it was seen (the system's monotonic clock, one for all processes) to a file: a thread
that asks every millisecond where the program lives on; once, at its start, where it is started anew. The contestants
take turns.
"""

from __future__ import annotations

import importlib.util
import json
import math
import os
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

from benchmarks import programs
from benchmarks.children import environment

FUNCTIONS = 200
LOST_AFTER = 5.0
START_WITHIN = 30.0
TICK = 0.001
REACH = 30.0  # ms, of the median

SEEN = """\
import os, time

def seen(number):
    with open(os.environ["BENCH_SEEN"], "a") as file:
        file.write(f"{number} {time.monotonic_ns()}\\n")

def watch(answer):
    last = None
    while True:
        number = answer()
        if number != last:
            last = number
            seen(number)
        time.sleep(0.001)
"""
PLUGIN = """\
import threading
import time

from src.app.plugin_system.base import BasePlugin, register_plugin

from . import seen, work


@register_plugin
class LivePlugin(BasePlugin):
    plugin_name: str = "live_plugin"
    plugin_description: str = "Answers with a number."
    plugin_version: str = "1.0.0"

    def get_components(self) -> list[type]:
        return []

    async def on_plugin_loaded(self) -> None:
        threading.Thread(target=seen.watch, args=(lambda: work.f0(),), daemon=True).start()
"""
JURIGGED = """\
import jurigged
jurigged.watch({pattern!r}, logger=lambda event: None)
import seen, work
seen.watch(lambda: work.f0())
"""
HMR = "from work import f0\nfrom seen import seen\nseen(f0())\n"
UVICORN = """\
import seen, work

async def app(scope, receive, send):
    assert scope["type"] == "lifespan"
    await receive()
    await send({"type": "lifespan.startup.complete"})
    seen.seen(work.f0())
    await receive()
    await send({"type": "lifespan.shutdown.complete"})
"""
SCRIPT = "import seen, work\nseen.seen(work.f0())\n"


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
        return port


@dataclass(slots=True)
class Runner:
    """One contestant: its folder, its process, and what was seen."""

    name: str
    folder: Path
    command: list[str]
    bytecode: bool = False
    restarts: bool = False  # by us: nobody watches
    process: subprocess.Popen[bytes] | None = None
    output: IO[bytes] | None = None
    times: list[float] = field(default_factory=list)
    lost: int = 0
    failure: str = ""

    @property
    def seen(self) -> Path:
        return self.folder.parent / "seen.txt"

    def begin(self) -> None:
        """Starts the process; its output goes to a file beside."""
        without = {} if self.bytecode else {"PYTHONDONTWRITEBYTECODE": "1"}
        paths = {"BENCH_SEEN": str(self.seen), "MPDT_RUNTIME_DIR": str(self.folder.parent / "run")}
        self.output = self.output or (self.folder.parent / "output.txt").open("wb")
        self.process = subprocess.Popen(
            self.command,
            cwd=self.folder,
            env=environment({**without, **paths}),
            stdin=subprocess.DEVNULL,
            stdout=self.output,
            stderr=self.output,
            process_group=0,
        )

    def end(self) -> None:
        """Ends the process and what it started in its group."""
        process, self.process = self.process, None
        if process is None:
            return
        process.terminate()
        try:
            process.wait(3)
        except subprocess.TimeoutExpired:
            pass
        try:
            os.killpg(process.pid, signal.SIGKILL)  # the group is our own: process_group=0
        except ProcessLookupError:
            pass
        process.wait()

    def close(self) -> None:
        self.end()
        if self.output is not None:
            self.output.close()

    def moment_of(self, number: int, within: float) -> int | None:
        """When the answer was first seen, in ns; None if it was not."""
        ends = time.monotonic() + within
        while time.monotonic() < ends:
            if self.seen.exists():
                for line in self.seen.read_text().splitlines():
                    found, _, moment = line.partition(" ")
                    if found == str(number) and moment:
                        return int(moment)
            time.sleep(TICK)
        return None

    def save(self, number: int) -> None:
        """One save, written in place; the time until the new answer was seen."""
        self.seen.write_text("")
        source = programs.answering(FUNCTIONS, number).encode()
        if self.restarts:
            self.end()
        with (self.folder / "work.py").open("wb") as file:
            file.write(source)
        closed = time.monotonic_ns()
        if self.restarts:
            self.begin()
        moment = self.moment_of(number, LOST_AFTER)
        if moment is None:
            self.lost += 1
        else:
            self.times.append((moment - closed) / 1e6)

    def to_json(self) -> dict[str, Any]:
        times = sorted(self.times)
        return {
            "name": self.name,
            "saves": len(times) + self.lost,
            "lost": self.lost,
            "failure": self.failure or None,
            "p50": statistics.median(times) if times else None,
            "p95": times[max(0, math.ceil(0.95 * len(times)) - 1)] if times else None,
            "phases": phases(self.folder.parent / "output.txt") if self.name == "mpdt dev --patch-live" else None,
        }


def phases(output: Path) -> dict[str, float]:
    """Medians of what the server itself says of its reloads, ms; and their outcomes."""
    found: list[dict[str, Any]] = []
    for line in output.read_text(encoding="utf-8").splitlines():
        try:
            event = json.loads(line)
        except ValueError:
            continue
        if event.get("event") == "reload":
            found.append(event)
    if not found:
        return {}
    medians = {name: statistics.median(event["ms"][name] for event in found) for name in ("watch", "apply", "total")}
    return {**medians, "patched": sum(event["outcome"] == "patched" for event in found)}


def runners(base: Path) -> list[Runner]:
    """All contestants, each with its copy of the program; those not installed with a sentence."""
    python = sys.executable

    def make(name: str, command: Callable[[Path], list[str]], files: dict[str, str], **more: Any) -> Runner:
        folder = base / str(len(found)) / "live_plugin"
        folder.mkdir(parents=True)
        for file, source in {"seen.py": SEEN, "work.py": programs.answering(FUNCTIONS, 0), **files}.items():
            (folder / file).write_text(source)
        runner = Runner(name, folder, command(folder), **more)
        found.append(runner)
        return runner

    def needs(name: str, module: str) -> None:
        if importlib.util.find_spec(module) is None:
            found[-1].failure = f"skipped: {name} is not installed"

    found: list[Runner] = []
    dev = ["-m", "mpdt", "dev", ".", "--patch-live", "--json", "--port", "0", "--python", python]
    plugin = {"__init__.py": "", "plugin.py": PLUGIN}
    make("mpdt dev --patch-live", lambda folder: [python, *dev], plugin, bytecode=True)
    make(
        "jurigged, its watcher",
        lambda folder: [python, "-c", JURIGGED.format(pattern=str(folder / "*.py"))],
        {},
    )
    needs("jurigged", "jurigged")
    make("hmr", lambda folder: [python, "-m", "reactivity.hmr", "main.py"], {"main.py": HMR})
    needs("hmr", "reactivity")
    watched = " (watchfiles)" if importlib.util.find_spec("watchfiles") else " (polling)"
    serving = ["-m", "uvicorn", "app:app", "--reload", "--host", "127.0.0.1", "--log-level", "warning"]
    make(f"uvicorn --reload{watched}", lambda f: [python, *serving, "--port", str(free_port())], {"app.py": UVICORN})
    needs("uvicorn", "uvicorn")
    make("a bare script, restarted", lambda folder: [python, "main.py"], {"main.py": SCRIPT}, restarts=True)
    return found


def measure_saves(saves: int, each: int, tell: Callable[[str], None] = lambda step: None) -> list[dict[str, Any]]:
    """``saves`` with mpdt; with the others one in every ``each`` rounds."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as base, ExitStack() as stack:
        found = runners(Path(base).resolve())
        for runner in found:
            if runner.failure:
                continue
            stack.callback(runner.close)
            runner.begin()
            if runner.moment_of(0, START_WITHIN) is None:
                runner.failure = "failed: it did not start"
                runner.end()
        time.sleep(1.0)  # each tool has set up its watches
        compiles = []
        for number in range(1, saves + 1):
            if number % 20 == 1:
                tell(f"save {number} of {saves}")
            compiles.append(compile_time())
            for index, runner in enumerate(found):
                if not runner.failure and (index == 0 or number % each == 0):
                    runner.save(number)
                    time.sleep(0.02 + number * 7 % 40 / 1000)
        mine, *others = [runner.to_json() for runner in found]
        return [{**mine, "compile": statistics.median(compiles)}, *others]


def compile_time() -> float:
    """What compiling the module alone takes at this moment, ms: no in-place patch can be faster."""
    source = programs.answering(FUNCTIONS, 0)
    began = time.perf_counter()
    compile(source, "work.py", "exec", dont_inherit=True)
    return (time.perf_counter() - began) * 1000
