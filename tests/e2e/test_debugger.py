"""``mpdt dev --debug`` with a real client at the real debugpy adapter: breakpoints and steps around patches."""

from __future__ import annotations

import concurrent.futures
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.e2e.conftest import DEADLINE, EXAMPLE, Dev
from tests.e2e.dap import Client

Serve = Callable[..., Dev]
Attached = tuple[Dev, Client, Path]
Attach = Callable[[int], Client]
REPLY = 'return f"echo #{number}: {text}"'


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Dev, Client]]:
    """A served plugin with an editor attached to it; one for all tests, because it takes seconds to start."""
    base = tmp_path_factory.mktemp("debugged").resolve()
    folder = base / "echo_plugin"
    shutil.copytree(EXAMPLE, folder, ignore=shutil.ignore_patterns("__pycache__", ".mpdt"))
    dev = Dev(folder, "--patch-live", "--debug", "--debug-port", "0", runtime=base / "run")
    try:
        ready = dev.ready()
        assert ready["loaded"], ready
        assert ready["debug"]["host"] == "127.0.0.1"
        client = Client(ready["debug"]["port"])
        try:
            client.attach({})
            yield dev, client
        finally:
            client.close()
    finally:
        dev.close()


@pytest.fixture
def attached(served: tuple[Dev, Client]) -> Iterator[tuple[Dev, Client, Path]]:
    """The plugin as it is in the repository, with no breakpoints."""
    dev, client = served
    yield dev, client, dev.folder
    for path in dev.folder.rglob("*.py"):
        client.break_at(path, [])
        original = EXAMPLE / path.relative_to(dev.folder)
        if path.read_bytes() != original.read_bytes():
            path.write_bytes(original.read_bytes())
            assert dev.reload()["outcome"] in ("patched", "reloaded")


@pytest.fixture
def attach() -> Iterator[Callable[[int], Client]]:
    """Connects further editors."""
    clients: list[Client] = []

    def connect(port: int) -> Client:
        clients.append(Client(port))
        return clients[-1]

    yield connect
    for client in clients:
        client.close()


@contextmanager
def asked(dev: Dev, text: str) -> Iterator[concurrent.futures.Future[list[str]]]:
    """A message on its way: its handlers may be held."""
    with concurrent.futures.ThreadPoolExecutor(1) as pool:
        yield pool.submit(dev.say, text)


def lines_of(path: Path, *texts: str) -> list[int]:
    lines = path.read_text(encoding="utf-8").splitlines()
    return [number for number, line in enumerate(lines, 1) if any(text in line for text in texts)]


def told(dev: Dev, text: str) -> str:
    """Waits for the log line of mpdt's that has the text in it."""
    event = dev.wait(lambda one: one["event"] == "log" and text in one["message"])
    return str(event["message"])


def test_a_breakpoint_set_before_a_patch_is_hit_after_it(attached: Attached) -> None:
    dev, client, plugin = attached
    text = plugin / "text.py"
    (line,) = lines_of(text, REPLY)
    client.break_at(text, [line])
    sources = [REPLY, 'return f"two {number}: {text}"', 'return f"three {number}: {text}"', REPLY]
    # The last one is equal to the code that the debugger saw first.
    for old, source in zip([None, *sources], sources, strict=False):
        if old is not None:
            patched = dev.edit("text.py", old, source)
            assert (patched["outcome"], patched["rude_edits"]) == ("patched", [])
        with asked(dev, "/echo hello") as answer:
            stop = client.stopped()
            assert (stop.path, stop.line, stop.name, stop.source) == (text, line, "reply", source)
            assert stop.value("text") == "'hello'"
            expected = stop.value(source.removeprefix("return "))
            stop.go_on()
            assert [repr(one) for one in answer.result(DEADLINE)] == [expected]


def test_code_that_only_moved_is_held_where_it_stands_now(attached: Attached) -> None:
    dev, client, plugin = attached
    text = plugin / "text.py"
    (line,) = lines_of(text, REPLY)
    (shouted,) = lines_of(text, "return text.upper()")
    client.break_at(text, [line, shouted])
    with asked(dev, "/echo shout hello") as answer:
        for where in (shouted, line):
            stop = client.stopped()
            assert stop.line == where
            stop.go_on()
        answer.result(DEADLINE)
    moved = dev.edit("text.py", 'SHOUT = "!"\n', '# one\n# two\n# three\nSHOUT = "!"\n')
    assert moved["outcome"] == "patched"
    assert {change["kind"] for change in moved["changes"]} <= {"moved"}
    assert client.break_at(text, [line + 3, shouted + 3]) == [line + 3, shouted + 3]  # as an editor does on saving
    with asked(dev, "/echo shout hello") as answer:
        for where, source in ((shouted + 3, "return text.upper() + mark"), (line + 3, REPLY)):
            stop = client.stopped()
            assert (stop.line, stop.source) == (where, source)
            stop.go_on()
        assert answer.result(DEADLINE)[0].endswith("HELLO!")


def test_a_breakpoint_that_stays_on_its_line_holds_what_is_on_that_line_now(attached: Attached) -> None:
    """A client that says nothing new: the function that moved away is not held, the one that came is."""
    dev, client, plugin = attached
    text = plugin / "text.py"
    (shouted,) = lines_of(text, "return text.upper()")
    client.break_at(text, [shouted])
    assert dev.say("/echo hello")[0].endswith("hello")  # reply has run, and has no breakpoint in it
    grown = REPLY.replace("return ", "said = ") + "\n" + "    # more\n" * 3 + "    return said"
    assert dev.edit("text.py", REPLY, grown)["outcome"] == "patched"
    assert lines_of(text, "    return said") == [shouted]
    with asked(dev, "/echo shout hello") as answer:
        stop = client.stopped()
        assert (stop.line, stop.name, stop.source) == (shouted, "reply", "return said")
        said = stop.value("said")
        stop.go_on()
        assert [repr(one) for one in answer.result(DEADLINE)] == [said]


def test_a_step_into_patched_code_shows_the_new_source(attached: Attached) -> None:
    dev, client, plugin = attached
    text, command = plugin / "text.py", plugin / "components" / "command.py"
    (call,) = lines_of(command, "text.reply(state.note(words), words)")
    client.break_at(command, [call])
    new = '# a comment, so that lines move\n    said = f"new {number}: {text}"\n    return said'
    assert dev.edit("text.py", REPLY, new)["outcome"] == "patched"
    with asked(dev, "/echo hello") as answer:
        stop = client.stopped()
        assert stop.source == "return await self._answer(text.reply(state.note(words), words))"
        stop = stop.step("stepIn")  # state.note
        assert stop.path == plugin / "state.py"
        stop = stop.step("stepOut").step("stepIn")
        assert (stop.path, stop.name, stop.source) == (text, "reply", 'said = f"new {number}: {text}"')
        stop = stop.step("next")
        assert stop.source == "return said"
        said = stop.value("said")
        assert said.startswith("'new ")
        stop.go_on()
        assert [repr(one) for one in answer.result(DEADLINE)] == [said]


def test_saves_wait_while_a_breakpoint_holds_the_plugin(attached: Attached) -> None:
    dev, client, plugin = attached
    text = plugin / "text.py"
    (line,) = lines_of(text, REPLY)
    client.break_at(text, [line])
    pid = dev.state()["worker"]["pid"]
    with asked(dev, "/echo hello") as answer:
        stop, before = client.stopped(), len(dev.events)
        assert f"{text}:{line} in reply" in told(dev, "A debugger holds the plugin at")
        state = dev.state()
        assert state.get("loop") == "held", state
        for number, old in enumerate([REPLY, 'return f"0 {text}"']):
            text.write_text(text.read_text().replace(old, f'return f"{number} {{text}}"'))
            assert told(dev, "was saved and waits").startswith("text.py")
        old_answer = stop.value(REPLY.removeprefix("return "))
        stop.go_on()
        assert [repr(one) for one in answer.result(DEADLINE)] == [old_answer]  # it ran the old code to its end
    patched = dev.reload()
    assert (patched["outcome"], patched["files"]) == ("patched", ["text.py"])
    told(dev, "The plugin goes on.")
    assert dev.state()["worker"]["pid"] == pid
    with asked(dev, "/echo hello") as answer:
        client.stopped().go_on()
        assert answer.result(DEADLINE) == ["1 hello"]
    blocked = [one["message"] for one in dev.events[before:] if "blocks its loop" in one.get("message", "")]
    assert not blocked, "\n".join(blocked)


def test_a_reloaded_plugin_is_held_as_before(attached: Attached) -> None:
    dev, client, plugin = attached
    text = plugin / "text.py"
    (line,) = lines_of(text, REPLY)
    client.break_at(text, [line])
    reloaded = dev.edit("text.py", "text.upper() + mark\n", 'text.upper() + mark\n\n\nprint("imported")\n')
    assert (reloaded["outcome"], reloaded["leaks"]) == ("reloaded", [])
    with asked(dev, "/echo hello") as answer:
        stop = client.stopped()
        assert (stop.line, stop.source) == (line, REPLY)
        stop.go_on()
        assert answer.result(DEADLINE)[0].endswith("hello")


def test_the_loops_clock_stands_still_with_the_loop(attached: Attached) -> None:
    """Else a message that is held for longer than its handler may take (10 s) would time out when it goes on."""
    dev, client, plugin = attached
    text = plugin / "text.py"
    clock = f"import asyncio\n    before = asyncio.get_running_loop().time()\n    {REPLY}"
    assert dev.edit("text.py", REPLY, clock)["outcome"] == "patched"
    (line,) = lines_of(text, REPLY)
    client.break_at(text, [line])
    with asked(dev, "/echo hello") as answer:
        started = time.monotonic()
        stop = client.stopped()
        while time.monotonic() - started < 0.5:  # the adapter is asked, and the loop held, for as long
            stop.value("text")
        assert 0 <= float(stop.value("asyncio.get_running_loop().time() - before")) < 5
        stop = stop.step("stepOut")
        assert float(stop.value("__import__('asyncio').get_running_loop().time()")) < time.monotonic() - 0.5
        stop.go_on()
        answer.result(DEADLINE)


def test_a_new_worker_listens_on_the_same_port_and_the_first_can_wait(
    serve: Serve, plugin: Path, attach: Attach
) -> None:
    entry, text = plugin / "plugin.py", plugin / "text.py"
    (line,) = lines_of(entry, "plugin_name: str")
    dev = serve("--patch-live", "--debug", "--debug-port", "0", "--wait-for-client")
    port = int(told(dev, "The plugin is loaded when a debugger has attached at").rstrip(".").rpartition(":")[2])
    client = attach(port)
    client.attach({entry: [line]}, autoReload={"enable": True})
    stop = client.stopped()
    assert (stop.path, stop.line) == (entry, line)  # the module is being imported
    stop.go_on()
    ready = dev.ready()
    assert (ready["loaded"], ready["debug"]) == (True, {"host": "127.0.0.1", "port": port})
    assert [one for one in dev.events if "autoReload stays off" in one.get("message", "")]

    os.kill(dev.state()["worker"]["pid"], signal.SIGKILL)
    client.event("terminated")
    client.close()  # as an editor does then
    assert dev.reload()["outcome"] == "restarted"
    (line,) = lines_of(text, REPLY)
    again = attach(port)
    again.attach({text: [line]})
    with asked(dev, "/echo hello") as answer:
        again.stopped().go_on()
        assert answer.result(DEADLINE) == ["echo #1: hello"]


@pytest.mark.parametrize("option", ["--debug-port", "--debug-host"])
def test_a_debugger_that_cannot_listen_is_refused_at_once(option: str, plugin: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        value = str(taken.getsockname()[1]) if option == "--debug-port" else "192.0.2.1"
        command = [sys.executable, "-m", "mpdt", "dev", str(plugin), "-p", "0", "--debug", option, value]
        done = subprocess.run(command, capture_output=True, text=True, timeout=DEADLINE)
    assert done.returncode == 2
    assert option in done.stderr
    assert ("is taken" in done.stderr) if option == "--debug-port" else ("is open to other machines" in done.stderr)
