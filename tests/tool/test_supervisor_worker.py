"""The worker's process, channel and death, with the scripted worker one level below."""

from __future__ import annotations

import asyncio
import json
import os
import socket
import subprocess
import sys
import venv
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest

from mpdt.dev.bootstrap import command
from mpdt.dev.errors import RequestRefused, StartError, WorkerDied, WorkerSilent
from mpdt.dev.interpreter import Findings, Interpreter, check, choose, is_own, own_interpreter, refusal
from mpdt.dev.platform import describe_exit, python_of_environment
from mpdt.dev.spawn import Spawned, spawn
from mpdt.dev.worker_process import WorkerProcess
from mpdt.protocol import PORT_VARIABLE, Hello, Notice, Operation, encode

FAKE = Path(__file__).with_name("fake_worker.py")
DEADLINE = 10.0


@pytest.fixture
def plugin(tmp_path: Path) -> Path:
    (tmp_path / "plugin.py").write_text("one\n")
    return tmp_path


class Life:
    """One worker, with what it said."""

    def __init__(self, spawned: Spawned) -> None:
        self.notices: list[Notice] = []
        self.lines: list[tuple[str, str]] = []
        self.spawned = spawned
        self.process = WorkerProcess(
            spawned, on_notice=self.notices.append, on_line=lambda *line: self.lines.append(line)
        )


@pytest.fixture
async def live(plugin: Path) -> AsyncIterator[Callable[..., Life]]:
    lives: list[Life] = []

    def start(*arguments: str) -> Life:
        lives.append(Life(spawn([sys.executable, *(arguments or (str(FAKE),))], plugin)))
        return lives[-1]

    yield start
    for life in lives:
        await life.process.kill()


async def until(condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(DEADLINE):
        while not condition():
            await asyncio.sleep(0.005)


async def test_requests_are_answered_by_id(live: Callable[..., Life], plugin: Path) -> None:
    life = live()
    await life.process.connect()
    loaded = await life.process.request(Operation.LOAD, path=str(plugin), core="simulated")
    assert loaded["loaded"] is True
    answers = await asyncio.gather(
        *(life.process.request(Operation.MESSAGE, text="hello") for _ in range(20)),
        life.process.request(Operation.STATE),
    )
    assert answers[0]["replies"][0]["content"] == "one"
    assert answers[-1]["plugin"] == "fake"
    assert life.process.python == ".".join(map(str, sys.version_info[:3]))


async def test_output_and_notices_are_handed_on(live: Callable[..., Life], plugin: Path) -> None:
    life = live()
    await life.process.connect()
    await life.process.request(Operation.LOAD, path=str(plugin))
    await life.process.request(Operation.MESSAGE, text="print")
    await life.process.request(Operation.MESSAGE, text="log")
    await until(lambda: ("stdout", "from the plugin") in life.lines)
    assert [dict(notice.body)["message"] for notice in life.notices] == ["hello"]


async def test_a_death_is_reported_with_its_status_and_last_output(live: Callable[..., Life], plugin: Path) -> None:
    life = live()
    await life.process.connect()
    await life.process.request(Operation.LOAD, path=str(plugin))
    with pytest.raises(WorkerDied, match="exit code 5"):
        await life.process.request(Operation.MESSAGE, text="die")
    death = await life.process.died()
    assert death.output == ("last words",)
    assert not life.process.is_alive
    with pytest.raises(WorkerDied):
        await life.process.request(Operation.STATE)


async def test_a_worker_that_dies_before_hello_is_reported(live: Callable[..., Life]) -> None:
    life = live("-c", "import sys; sys.exit('no such luck')")
    with pytest.raises(WorkerDied, match="exit code 1"):
        await life.process.connect()
    assert (await life.process.died()).output == ("no such luck",)


async def test_a_worker_that_neither_connects_nor_ends_is_reported(live: Callable[..., Life]) -> None:
    life = live("-c", "import time; time.sleep(60)")
    with pytest.raises(WorkerSilent, match=r"did not connect within 0.2 s"):
        await life.process.connect(within=0.2)


async def test_a_silent_worker_is_noticed(live: Callable[..., Life], plugin: Path) -> None:
    life = live()
    await life.process.connect()
    await life.process.request(Operation.LOAD, path=str(plugin))
    (plugin / "plugin.py").write_text("silent")
    with pytest.raises(WorkerSilent, match=r"did not answer refresh within 0.1 s"):
        await life.process.request(Operation.REFRESH, within=0.1, files=None)
    assert (await life.process.request(Operation.STATE, within=DEADLINE))["plugin"] == "fake"


async def test_a_stranger_on_the_port_is_turned_away(live: Callable[..., Life]) -> None:
    life = live(
        "-c",
        "import os, socket, subprocess, sys\n"
        f"address = ('127.0.0.1', int(os.environ['{PORT_VARIABLE}']))\n"
        "stranger = socket.create_connection(address)\n"
        f"stranger.sendall({encode(Hello('0' * 64, 1, '3'))!r})\n"
        "assert stranger.recv(1) == b''\n"
        "os.execv(sys.executable, [sys.executable, sys.argv[1]])",
        str(FAKE),
    )
    await life.process.connect()
    assert (await life.process.request(Operation.STATE))["plugin"] == "fake"


async def test_stopping_unloads_the_plugin(live: Callable[..., Life], plugin: Path) -> None:
    life = live()
    await life.process.connect()
    await life.process.request(Operation.LOAD, path=str(plugin))
    await life.process.stop(patience=DEADLINE)
    assert ("stdout", "unloaded") in life.lines
    assert (await life.process.died()).how == "exit code 0"


async def test_a_worker_that_will_not_end_is_ended(live: Callable[..., Life]) -> None:
    life = live("-c", "import time; time.sleep(60)")
    await life.process.stop(patience=0.1)
    assert (await life.process.died()).how == describe_exit(life.spawned.process.returncode)


async def test_a_request_that_cannot_be_carried_out_is_the_workers_sentence(plugin: Path) -> None:
    from mpdt.dev.channel import Channel
    from mpdt.protocol import Response

    ours, theirs = socket.socketpair()
    reader, writer = await asyncio.open_connection(sock=ours)
    channel = Channel(reader, writer, Hello("", 1, "3"), lambda _notice: None)
    reading = asyncio.create_task(channel.run())
    theirs.sendall(encode(Response(1, None, "No plugin is loaded.")))
    with pytest.raises(RequestRefused, match="No plugin is loaded"):
        await channel.request(Operation.STATE, within=DEADLINE)
    theirs.sendall(b"nonsense\n")
    with pytest.raises(WorkerDied):
        await channel.request(Operation.STATE, within=DEADLINE)
    await reading
    theirs.close()


# The interpreter.


def test_the_interpreter_is_chosen_in_order(tmp_path: Path) -> None:
    def environment(name: str) -> Path:
        python = python_of_environment(tmp_path / name)
        python.parent.mkdir(parents=True)
        python.write_text("")
        return python

    assert choose(tmp_path, None, {}) == own_interpreter()
    own = environment(".venv")
    assert choose(tmp_path, None, {}) == Interpreter(own, "the plugin's .venv")
    active = environment("active")
    variables = {"VIRTUAL_ENV": str(tmp_path / "active")}
    assert choose(tmp_path, None, variables) == Interpreter(active, "$VIRTUAL_ENV")
    assert choose(tmp_path, sys.executable, variables) == Interpreter(Path(sys.executable), "--python")
    assert choose(tmp_path, str(tmp_path / "active"), {}).path == active


def test_an_unknown_interpreter_is_refused() -> None:
    with pytest.raises(StartError, match=r"There is no interpreter 'no-such-python'"):
        choose(Path(), "no-such-python", {})


def test_what_is_no_interpreter_is_refused(tmp_path: Path) -> None:
    (tmp_path / "python").write_text("#!/bin/sh\necho hello\n")
    (tmp_path / "python").chmod(0o755)
    with pytest.raises(StartError, match="does not run as a Python interpreter"):
        check(Interpreter(tmp_path / "python", "--python"))


def test_an_old_interpreter_is_refused() -> None:
    sentence = refusal(Interpreter(Path("/python"), "--python"), Findings((3, 10, 4), ()))
    assert sentence == "/python (--python) is Python 3.10.4; mpdt needs 3.11 or later. Choose another with --python."


def test_what_the_simulated_core_lacks_is_named() -> None:
    sentence = refusal(Interpreter(Path("/python"), "$VIRTUAL_ENV"), Findings((3, 12, 0), ("pydantic", "tomlkit")))
    assert sentence is not None
    assert "has no pydantic and tomlkit" in sentence
    assert "/python -m pip install pydantic tomlkit" in sentence


# The closed list, in an interpreter that has nothing.


@pytest.fixture(scope="module")
def bare(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("bare")
    venv.create(folder, with_pip=False, symlinks=os.name != "nt")
    return python_of_environment(folder)


def run_bare(bare: Path, module: str, text: str, folder: Path) -> subprocess.CompletedProcess[str]:
    (folder / f"{module}.py").write_text(text)
    arguments = command(bare, module)
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "VIRTUAL_ENV"))}
    return subprocess.run(
        arguments, cwd=folder, env={**environment, "PYTHONPATH": str(folder)}, capture_output=True, text=True
    )


SERVED = [
    *("mpdt", "mpdt.worker", "mpdt.events", "mpdt.protocol", "mpdt_hooks.model", "jurigged", "codefind", "ovld"),
    *("blessed", "wcwidth", "watchdog", "watchdog.events"),
]
NOT_SERVED = [
    *("click", "aiohttp", "rich", "pathspec", "platformdirs", "pydantic", "tomlkit", "pygments", "yarl"),
    *("mpdt.cli", "mpdt.config", "mpdt.dev", "mpdt.dev.watcher", "mpdt.web"),
]
LOOKING = """
import importlib, json
found = []
for name in NAMES:
    try:
        importlib.import_module(name)
    except ImportError:
        continue
    found.append(name)
print(json.dumps(found))
"""


def test_the_closed_list_is_importable_and_nothing_else_is(bare: Path, tmp_path: Path) -> None:
    assert not is_own(Interpreter(bare, ""))
    names = [*SERVED, *NOT_SERVED]
    done = run_bare(bare, "looking", LOOKING.replace("NAMES", repr(names)), tmp_path)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == SERVED


def test_the_finder_is_last_and_the_current_folder_is_not_on_the_path(bare: Path, tmp_path: Path) -> None:
    done = run_bare(
        bare,
        "looking",
        "import sys; print(sys.meta_path[-1].__name__, '' in sys.path, len(sys.argv), __name__)",
        tmp_path,
    )
    assert done.stdout.split() == ["ServedFinder", "False", "1", "__main__"]


def test_what_the_interpreter_has_itself_comes_first(bare: Path, tmp_path: Path) -> None:
    (tmp_path / "wcwidth.py").write_text("mine = True\n")
    done = run_bare(bare, "looking", "import wcwidth; print(wcwidth.mine)", tmp_path)
    assert done.stdout.strip() == "True", done.stderr


def test_another_mpdt_in_the_interpreter_is_refused(bare: Path, tmp_path: Path) -> None:
    (tmp_path / "mpdt.py").write_text("__version__ = '0.0.1'\n")
    done = run_bare(bare, "looking", "", tmp_path)
    assert done.returncode == 1
    assert "has its own mpdt 0.0.1, and mpdt" in done.stderr
