"""What a plugin forgets to end is ended with it, and named, in the real worker process."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.tool.worker_kit import WorkerProcess, edit, make_plugin

HEAD = """
import asyncio, atexit, concurrent.futures, logging, multiprocessing, os, signal, socket, sqlite3, subprocess, sys
import threading
from src.app.plugin_system.api.send_api import send_text
from src.app.plugin_system.base import BaseCommand, BasePlugin, cmd_route, register_plugin
from src.kernel.concurrency import get_task_manager
from src.kernel.event import get_event_bus

class ProbeCommand(BaseCommand):
    command_name = "probe"

    @cmd_route()
    async def handle(self, text: str = "-"):
        await send_text(f"one {text}", stream_id=self.stream_id)
        return True, ""

async def forever():
    await asyncio.Event().wait()

async def listen(event, params):
    return "PASS", params

@register_plugin
class ProbePlugin(BasePlugin):
    plugin_name = "probe"

    def get_components(self):
        return [ProbeCommand]

    async def on_plugin_loaded(self):
"""
LINE = len(HEAD.splitlines()) + 1  # of the first line below

THINGS = {
    "task": ("self.thing = asyncio.create_task(forever(), name='poll')", "poll started at plugin.py:{}", "cancelled"),
    "managed task": (
        "get_task_manager().create_task(forever(), name='poll')",
        "poll started at plugin.py:{}",
        "cancelled",
    ),
    "timer": (
        "asyncio.get_running_loop().call_later(3600, self.get_components)",
        "ProbePlugin.get_components started at plugin.py:{}",
        "cancelled",
    ),
    "server": (
        "await asyncio.start_server(lambda r, w: None, '127.0.0.1', 0)",
        "Server started at plugin.py:{}",
        "closed",
    ),
    "socket": ("self.thing = socket.socket()", "opened at plugin.py:{}", "closed"),
    "file": ("self.thing = open(__file__)", "{file} opened at plugin.py:{}", "closed"),
    "executor": (
        "self.thing = concurrent.futures.ThreadPoolExecutor(1); self.thing.submit(id, 1)",
        "ThreadPoolExecutor started at plugin.py:{}",
        "closed",
    ),
    "thread": (
        "self.thing = threading.Timer(3600, print); self.thing.name = 'later'; self.thing.start()",
        "later started at plugin.py:{}",
        "cancelled",
    ),
    "subprocess": (
        "self.thing = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(600)'])",
        " started at plugin.py:{}",
        "closed",
    ),
    "child of the loop": (
        "self.thing = await asyncio.create_subprocess_exec(sys.executable, '-c', 'import time; time.sleep(600)')",
        " started at plugin.py:{}",
        "closed",
    ),
    "task of a pool of processes": (
        "self.thing = concurrent.futures.ProcessPoolExecutor(1); self.thing.submit(id, 1).result()",
        "ProcessPoolExecutor started at plugin.py:{}",
        "closed",
    ),
    "child of multiprocessing": (
        "self.thing = multiprocessing.get_context('spawn').Process(target=print); self.thing.start()",
        " started at plugin.py:{}",
        "closed",
    ),
    "exit handler": ("atexit.register(self.get_components)", "ProbePlugin.get_components at plugin.py:{}", "removed"),
    "log handler": ("logging.getLogger('any').addHandler(logging.Handler())", "Handler at plugin.py:{}", "removed"),
    "root log handler": (
        "logging.getLogger().addHandler(logging.StreamHandler())",
        "Handler at plugin.py:{}",
        "removed",
    ),
    "reader": (
        "self.pipe = os.pipe(); asyncio.get_running_loop().add_reader(self.pipe[0], self.get_components)",
        "ProbePlugin.get_components at plugin.py:{}",
        "removed",
    ),
    "signal handler": (
        "signal.signal(signal.SIGUSR1, lambda *a: None)",
        "SIGUSR1 at plugin.py:{}",
        "removed",
    ),
    "signal handler of the loop": (
        "asyncio.get_running_loop().add_signal_handler(signal.SIGUSR2, self.get_components)",
        "SIGUSR2 at plugin.py:{}",
        "removed",
    ),
    "database": ("self.thing = sqlite3.connect(':memory:')", "Connection opened at plugin.py:{}", "closed"),
    "timer of another's code": (
        "asyncio.get_running_loop().call_later(3600, print, self)",
        "print started at plugin.py:{}",
        "cancelled",
    ),
    "event handler": ("get_event_bus().subscribe('probe_event', listen)", "listen of 'probe_event'", "removed"),
    "sys.path entry": ("sys.path.append('/nowhere/at/all')", "/nowhere/at/all", "removed"),
}


@pytest.fixture
def worker(tmp_path: Path) -> Iterator[WorkerProcess]:
    with WorkerProcess(environment={"XDG_CACHE_HOME": str(tmp_path / "cache")}) as worker:
        yield worker


def load(worker: WorkerProcess, tmp_path: Path, code: str) -> Path:
    folder = make_plugin(tmp_path, {"plugin.py": HEAD + f"        {code}\n"})
    answer = worker.ask("load", path=str(folder), core="simulated")
    assert answer["loaded"], answer["error"]
    return folder


@pytest.mark.parametrize("kind", THINGS)
def test_what_is_left_behind_is_ended_and_named(worker: WorkerProcess, tmp_path: Path, kind: str) -> None:
    code, where, action = THINGS[kind]
    folder = load(worker, tmp_path, code)
    reload = worker.ask("reload", files=[])
    assert reload["outcome"] == "reloaded"
    assert reload["restart"] is None
    shown = where.replace("{file}", str(folder / "plugin.py")).format(LINE)
    found = [leak for leak in reload["leaks"] if leak["where"].endswith(shown) and leak["action"] == action]
    assert found, reload["leaks"]
    names = {
        "managed task": "task",
        "child of the loop": "subprocess",
        "task of a pool of processes": "executor",
        "child of multiprocessing": "subprocess",
        "root log handler": "log handler",
        "signal handler of the loop": "signal handler",
        "timer of another's code": "timer",
    }
    assert found[0]["kind"] == names.get(kind, kind)
    assert worker.say("/probe a") == ["one a"]


def test_what_the_unload_hook_ends_is_no_leak(worker: WorkerProcess, tmp_path: Path) -> None:
    code = "self.task = asyncio.create_task(forever()); self.file = open(__file__); self.sock = socket.socket()\n"
    code += "    async def on_plugin_unloaded(self):\n"
    code += "        self.task.cancel(); self.file.close(); self.sock.close()"
    load(worker, tmp_path, code)
    assert worker.ask("reload", files=[])["leaks"] == []


def test_what_a_thread_or_a_task_opened_is_the_plugins_too(worker: WorkerProcess, tmp_path: Path) -> None:
    code = "await asyncio.to_thread(self.keep); t = threading.Thread(target=self.keep); t.start(); t.join()\n"
    code += "        await asyncio.get_running_loop().run_in_executor(None, self.keep)\n"
    code += "        asyncio.get_running_loop().call_soon(self.keep)\n"
    code += "    kept = []\n    def keep(self):\n        self.kept.append(open(__file__))"
    load(worker, tmp_path, code)
    worker.say("/probe a")
    leaks = worker.ask("reload", files=[])["leaks"]
    assert [leak["kind"] for leak in leaks] == ["file"] * 4, leaks


def test_a_client_that_is_not_closed(worker: WorkerProcess, tmp_path: Path) -> None:
    pytest.importorskip("aiohttp")
    folder = load(
        worker, tmp_path, "self.session = aiohttp.ClientSession()".replace("aiohttp.", "__import__('aiohttp').")
    )
    edit(folder, "import asyncio,", "import aiohttp, asyncio,")
    assert worker.ask("reload", files=[])["outcome"] == "reloaded"
    leaks = worker.ask("reload", files=[])["leaks"]
    expected = {"kind": "session", "where": f"ClientSession started at plugin.py:{LINE}", "action": "closed"}
    assert expected in leaks


LIBRARIES = {
    "aiohttp": "class ClientSession:",
    "httpx": "class AsyncClient:",
    "requests": "class Session:",
}
CLIENT = """
    closed = False

    def __init__(self):
        self.open = True

    async def aclose(self):
        self.closed = True

class ClientError(Exception):
    pass
"""


@pytest.mark.parametrize("library", LIBRARIES)
def test_a_client_of_a_library_that_is_imported_late(worker: WorkerProcess, tmp_path: Path, library: str) -> None:
    """Stand-ins with the libraries' names, for not all are installed: what is tested is how they get noted."""
    (tmp_path / "libraries").mkdir()
    (tmp_path / "libraries" / f"{library}.py").write_text(LIBRARIES[library] + CLIENT)
    name = LIBRARIES[library].split()[1].rstrip(":")
    code = f"sys.path.insert(0, {str(tmp_path / 'libraries')!r})\n"
    code += f"        from {library} import {name}\n        self.client = {name}()"
    load(worker, tmp_path, code)
    for _ in range(2):
        leaks = worker.ask("reload", files=[])["leaks"]
        where = f"{name} started at plugin.py:{LINE + 2}"
        assert {"kind": "session", "where": where, "action": "closed"} in leaks, leaks


def test_registries_of_the_process_do_not_pile_up(worker: WorkerProcess, tmp_path: Path) -> None:
    said = tmp_path / "said"
    code = "logging.root.addHandler(logging.NullHandler()); signal.signal(signal.SIGUSR1, self.show)\n"
    code += f"        atexit.register(lambda: open({str(said)!r}, 'a').write('exit '))\n"
    code += "    def show(self, *_):\n        pass\n"
    code += "    @property\n    def counts(self):\n"
    code += "        return len(logging.root.handlers), signal.getsignal(signal.SIGUSR1).__self__ is self"
    folder = load(worker, tmp_path, code)
    edit(folder, 'f"one {text}"', "str(self.plugin.counts)")
    for _ in range(3):
        assert worker.ask("reload", files=[])["restart"] is None
        assert worker.say("/probe") == ["(2, True)"]
    worker.ask("shutdown")
    worker.process.wait(5)
    assert said.read_text() == "exit "  # of the last version: the process ends with it, as the bot does


def test_a_handler_that_the_unload_hook_removes_is_no_leak(worker: WorkerProcess, tmp_path: Path) -> None:
    code = (
        "self.h = logging.NullHandler(); logging.getLogger().addHandler(self.h); atexit.register(self.get_components)\n"
    )
    code += "        self.db = sqlite3.connect(':memory:')\n"
    code += "    async def on_plugin_unloaded(self):\n"
    code += "        logging.getLogger().removeHandler(self.h); atexit.unregister(self.get_components); self.db.close()"
    load(worker, tmp_path, code)
    assert worker.ask("reload", files=[])["leaks"] == []


def test_a_database_that_is_locked_is_let_go(worker: WorkerProcess, tmp_path: Path) -> None:
    """The old version's transaction would keep the new one from writing until the garbage collector comes by."""
    code = f"self.db = sqlite3.connect({str(tmp_path / 'data.db')!r}, timeout=0)\n"
    code += "        self.db.execute('create table if not exists t (a)'); self.db.commit(); self.cycle = self\n"
    code += "        self.db.execute('insert into t values (1)')"
    load(worker, tmp_path, code)
    for _ in range(3):
        reload = worker.ask("reload", files=[])
        assert reload["outcome"] == "reloaded", reload["error"]


HOOKS = {
    "sys.excepthook": "sys.excepthook = self.called",
    "threading.excepthook": "threading.excepthook = self.called",
    "sys.stdout": "sys.stdout = Out()",
    "loop.exception_handler": "asyncio.get_running_loop().set_exception_handler(self.called)",
    "loop.task_factory": "loop = asyncio.get_running_loop(); inner = loop.get_task_factory()\n"
    "        loop.set_task_factory(lambda loop, coro, **more: inner(loop, coro, **more))",
    "logging.logRecordFactory": "logging.setLogRecordFactory(lambda *a, **k: logging.LogRecord(*a, **k))",
    "filter of the logger x": "logging.getLogger('x').addFilter(self.called)",
    "gc.callbacks": "__import__('gc').callbacks.append(self.called)",
    "sys.path_hooks": "sys.path_hooks.append(self.called)",
    "copyreg of ProbePlugin": "__import__('copyreg').pickle(ProbePlugin, self.called)",
    "weakref.finalize": "__import__('weakref').finalize(asyncio, self.called)",
}


@pytest.mark.parametrize("hook", HOOKS)
def test_hooks_of_the_process_are_given_back(worker: WorkerProcess, tmp_path: Path, hook: str) -> None:
    code = f"{HOOKS[hook]}\n    def called(self, *_):\n        return True\n"
    code += "    def classes(self):\n        import gc\n        gc.collect()\n"
    code += "        return sum(one.__name__ == 'ProbePlugin' for one in gc.get_objects() if isinstance(one, type))\n\n"
    code += "class Out(__import__('io').TextIOBase):\n    def write(self, text):\n        return len(text)"
    folder = load(worker, tmp_path, code)
    edit(folder, 'f"one {text}"', "str(self.plugin.classes())")
    for number in range(4):
        reload = worker.ask("reload", files=[])
        assert {"kind": "hook", "where": hook, "action": "removed"} in reload["leaks"], reload["leaks"]
        if number:
            assert worker.say("/probe") == ["1"]  # no version but the one that serves


@pytest.mark.parametrize(
    ("where", "kind"), [("import", "ZeroDivisionError"), ("load hook", "NameError")], ids=["import", "load hook"]
)
def test_the_hooks_of_the_version_that_serves_stay_when_another_one_fails(
    worker: WorkerProcess, tmp_path: Path, where: str, kind: str
) -> None:
    folder = load(
        worker, tmp_path, "self.ready()\n    def ready(self): pass\n\nsys.excepthook = lambda *a: 'good'\n#end"
    )
    edit(folder, 'f"one {text}"', "str(sys.excepthook())")
    assert worker.ask("reload", files=[])["outcome"] == "reloaded"
    for _ in range(2):
        assert worker.say("/probe") == ["good"]
        edit(folder, "lambda *a: 'good'", "lambda *a: 'bad'")
        edit(folder, *(("#end", "1 / 0") if where == "import" else ("self.ready()", "self.ready(nothing)")))
        report = worker.ask("reload", files=[])
        assert (report["outcome"], report["error"]["type"]) == ("rejected", kind)
        assert worker.say("/probe") == ["good"]
        edit(folder, *(("1 / 0", "#end") if where == "import" else ("self.ready(nothing)", "self.ready()")))
        edit(folder, "lambda *a: 'bad'", "lambda *a: 'good'")


def test_a_thread_without_an_object_calls_for_another_process(worker: WorkerProcess, tmp_path: Path) -> None:
    code = "import _thread; _thread.start_new_thread(self.stay, ())\n"
    code += "    def stay(self):\n        threading.Event().wait()"
    load(worker, tmp_path, code)
    reload = worker.ask("reload", files=[])
    assert reload["restart"] == f"The thread _thread started at plugin.py:{LINE + 2} did not end.", reload["leaks"]


def test_a_thread_that_does_not_end_calls_for_another_process(worker: WorkerProcess, tmp_path: Path) -> None:
    load(worker, tmp_path, "threading.Thread(target=threading.Event().wait, name='stuck', daemon=True).start()")
    reload = worker.ask("reload", files=[])
    assert reload["outcome"] == "reloaded"
    where = f"stuck started at plugin.py:{LINE}"
    assert {"kind": "thread", "where": where, "action": "survived"} in reload["leaks"]
    assert reload["restart"] == f"The thread {where} did not end."


def test_a_task_that_will_not_be_cancelled_calls_for_another_process(worker: WorkerProcess, tmp_path: Path) -> None:
    # The event is held: a task that only its own event holds is collected with it.
    code = "self.gate = asyncio.Event(); asyncio.create_task(self.stay(), name='stubborn')\n"
    code += "    async def stay(self):\n        while True:\n"
    code += "            try:\n                await self.gate.wait()\n"
    code += "            except asyncio.CancelledError:\n                pass"
    load(worker, tmp_path, code)
    reload = worker.ask("reload", files=[])
    assert reload["restart"] == f"The task stubborn started at plugin.py:{LINE} did not end."


def test_two_versions_that_want_one_port_take_turns(worker: WorkerProcess, tmp_path: Path) -> None:
    """The port is taken while the plugin is imported, so the two versions cannot be there at once."""
    code = f"pass\nSOCK = socket.create_server(('127.0.0.1', {free_port()}))"
    folder = load(worker, tmp_path, code)
    edit(folder, "one {text}", "two {text}")
    reload = worker.ask("reload", files=[])
    assert reload["outcome"] == "reloaded", reload["error"]
    assert worker.say("/probe a") == ["two a"]


def free_port() -> int:
    import socket

    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


def test_the_loops_own_pool_is_no_leak(worker: WorkerProcess, tmp_path: Path) -> None:
    load(worker, tmp_path, "await asyncio.to_thread(len, 'abc')")
    for _ in range(3):
        reload: dict[str, Any] = worker.ask("reload", files=[])
        assert (reload["leaks"], reload["restart"]) == ([], None)


@pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="reads /proc")
def test_descriptors_do_not_pile_up(worker: WorkerProcess, tmp_path: Path) -> None:
    code = "self.kept = [socket.socket(), open(__file__)]; self.kept.append(self.kept)\n"
    code += "        await asyncio.start_server(lambda r, w: None, '127.0.0.1', 0)"
    load(worker, tmp_path, code)
    folder = Path(f"/proc/{worker.process.pid}/fd")
    worker.ask("reload", files=[])
    before = len(os.listdir(folder))
    for _ in range(5):
        worker.ask("reload", files=[])
    assert len(os.listdir(folder)) == before
