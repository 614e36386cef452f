"""End to end: a saved edit is live."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import DEADLINE, Dev

Serve = Callable[..., Dev]
REPLY = 'return f"echo #{number}: {text}"'


def test_a_saved_edit_is_patched_into_the_running_plugin(serve: Serve) -> None:
    dev = serve("--patch-live")
    ready = dev.ready()
    assert ready["loaded"] is True
    assert (ready["plugin"], ready["mode"], ready["core"]) == ("echo", "patch-live", "simulated")
    assert dev.say("/echo hello") == ["echo #1: hello"]
    instance = dev.state()["instance_id"]

    patched = dev.edit("text.py", REPLY, 'return f"ECHO #{number}: {text}"')
    assert (patched["outcome"], patched["files"], patched["rude_edits"]) == ("patched", ["text.py"], [])
    assert [change["qualname"] for change in patched["changes"]] == ["reply"]
    assert dev.say("/echo hello") == ["ECHO #2: hello"]  # the module's counter goes on
    patched = dev.edit("components/command.py", "await send_text(answer,", "await send_text(answer + '.',")
    assert patched["outcome"] == "patched"
    assert dev.say("/echo hello") == ["ECHO #3: hello."]
    assert dev.state()["instance_id"] == instance  # the plugin is the same object

    reloaded = dev.edit("state.py", "count = 0\n", "count = 0\nprint('imported')\n")
    assert reloaded["outcome"] == "reloaded"
    (rude,) = reloaded["rude_edits"]
    assert rude["code"].startswith("MPDT")
    assert (Path(rude["file"]).name, rude["line"]) == ("state.py", 8)
    assert dev.say("/echo hello") == ["ECHO #1: hello."]
    assert dev.state()["instance_id"] != instance

    rejected = dev.edit("text.py", "text.upper() + mark", "text.upper() +")
    assert rejected["outcome"] == "rejected"
    assert rejected["error"]["type"] == "SyntaxError"
    assert Path(rejected["error"]["file"]).name == "text.py"
    assert dev.say("/echo hello") == ["ECHO #2: hello."]

    mended = dev.edit("text.py", "text.upper() +", "text.upper() + mark * 2")
    assert mended["outcome"] == "patched"
    assert dev.say("/echo shout hello") == ["ECHO #3: HELLO!!."]


def test_without_patch_live_every_edit_is_a_reload(serve: Serve) -> None:
    dev = serve()
    assert dev.ready()["mode"] == "reload"
    assert dev.say("/echo hello") == ["echo #1: hello"]
    instance = dev.state()["instance_id"]
    reloaded = dev.edit("text.py", REPLY, 'return f"ECHO #{number}: {text}"')
    assert (reloaded["outcome"], reloaded["rude_edits"]) == ("reloaded", [])
    assert dev.say("/echo hello") == ["ECHO #1: hello"]
    assert dev.state()["instance_id"] != instance
    assert dev.edit("state.py", "count = 0\n", "count = 0\nprint('imported')\n")["outcome"] == "reloaded"
    rejected = dev.edit("text.py", "text.upper() + mark", "text.upper() +")
    assert (rejected["outcome"], rejected["error"]["type"]) == ("rejected", "SyntaxError")
    assert dev.say("/echo hello") == ["ECHO #1: hello"]
    assert dev.edit("text.py", "text.upper() +", "text.upper() + mark")["outcome"] == "reloaded"


@pytest.mark.parametrize("options", [["--patch-live"], []], ids=["patch-live", "reload"])
def test_a_plugin_that_fails_to_load_leaves_the_server_up(serve: Serve, plugin: Path, options: list[str]) -> None:
    good = (plugin / "plugin.py").read_text()
    (plugin / "plugin.py").write_text("1 / 0\n")
    dev = serve(*options)
    ready = dev.ready()
    assert ready["loaded"] is False
    assert ready["error"]["type"] == "ZeroDivisionError"
    (plugin / "plugin.py").write_text("2 / 0\n")
    assert dev.reload()["outcome"] in ("failed", "rejected")
    (plugin / "plugin.py").write_text(good)
    assert dev.reload()["outcome"] == "reloaded"
    assert dev.say("/echo hello") == ["echo #1: hello"]


def test_code_that_fails_at_load_leaves_the_previous_version(serve: Serve) -> None:
    dev = serve()
    dev.ready()
    rejected = dev.edit("plugin.py", "self.heartbeats = 0", "self.heartbeats = 1 / 0")
    assert rejected["outcome"] == "rejected"
    assert rejected["error"]["type"] == "ZeroDivisionError"
    assert dev.say("/echo hello") == ["echo #1: hello"]


def test_writing_its_own_config_is_no_save(serve: Serve, plugin: Path) -> None:
    dev = serve("--patch-live")
    dev.ready()
    assert list(plugin.rglob("config.toml")), "the plugin writes its config file when it is first loaded"
    assert dev.edit("text.py", REPLY, 'return f"ECHO #{number}: {text}"')["files"] == ["text.py"]
    assert [event["files"] for event in dev.events if event["event"] == "reload"] == [["text.py"]]


def test_a_changed_config_reaches_the_live_plugin(serve: Serve) -> None:
    dev = serve("--patch-live")
    dev.ready()
    config = dev.ask("GET", "/api/config")
    assert 'separator = " "' in config["text"]
    text = config["text"].replace('separator = " "', 'separator = "+"')
    dev.ask("PUT", "/api/config", {"text": text, "hash": config["hash"]})
    assert dev.wait(lambda event: event["event"] == "reload" and event["outcome"] == "patched")
    assert dev.say("/echo say ha 3") == ["echo #1: ha+ha+ha"]
    path = Path(config["path"])  # and by hand
    path.write_text(path.read_text().replace('separator = "+"', 'separator = "-"'))
    assert dev.reload()["outcome"] == "patched"
    assert dev.say("/echo say ha 3") == ["echo #2: ha-ha-ha"]


STORES = """

from src.app.plugin_system.api.storage_api import load_json, save_json
from src.app.plugin_system.base import BaseTool


class Stores(BaseTool):
    tool_name = "stores"
    tool_description = "How often it was called, of all runs."

    async def execute(self) -> tuple[bool, int]:
        count = ((await load_json("echo", "count")) or {"count": 0})["count"] + 1
        await save_json("echo", "count", {"count": count})
        return True, count


EchoPlugin.get_components = lambda self, listed=EchoPlugin.get_components: [*listed(self), Stores]
"""


def test_what_a_plugin_stored_outlives_a_run_and_fresh_begins_without(serve: Serve, plugin: Path) -> None:
    with (plugin / "plugin.py").open("a", encoding="utf-8") as file:
        file.write(STORES)

    def counts(*options: str) -> list[int]:
        dev = serve(*options)
        assert dev.ready()["loaded"]
        stored = {"kind": "tool", "name": "stores", "arguments": {}}
        found = [dev.ask("POST", "/api/call", stored)["result"][1] for _ in range(2)]
        config = Path(dev.ask("GET", "/api/config")["path"])
        assert config.is_file()
        dev.close()
        return found

    assert counts() == [1, 2]
    (config,) = plugin.rglob("config.toml")
    config.write_text(config.read_text().replace("limit = 5", "limit = 4"))
    assert counts() == [3, 4]
    assert counts("--fresh") == [1, 2]
    assert "limit = 4" in config.read_text(), "the configuration is the developer's, and stays"
    assert counts() == [3, 4]


def killed(dev: Dev) -> str:
    os.kill(dev.state()["worker"]["pid"], signal.SIGKILL)
    event = dev.reload()
    assert "signal SIGKILL" in (event.get("reason") or event["error"]["message"])
    return str(event["outcome"])


def test_a_killed_worker_is_restarted_with_its_state_three_times_a_minute(serve: Serve) -> None:
    dev = serve("--patch-live")
    dev.ready()
    assert killed(dev) == "restarted"
    assert dev.say("/echo hello") == ["echo #1: hello"]
    assert dev.edit("text.py", REPLY, 'return f"ECHO #{number}: {text}"')["outcome"] == "patched"
    assert [killed(dev), killed(dev), killed(dev)] == ["restarted", "restarted", "failed"]
    assert dev.state()["loaded"] is False
    assert dev.ask("POST", "/api/reload")["outcome"] == dev.reload()["outcome"] == "restarted"
    assert dev.say("/echo hello") == ["ECHO #1: hello"]
    assert dev.edit("text.py", "ECHO", "echo")["outcome"] == "patched"


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT], ids=["SIGTERM", "SIGINT"])
def test_a_signal_stops_it_within_a_second_and_unloads_the_plugin(serve: Serve, number: int) -> None:
    for _ in range(3):  # the quickest of three: the machine may have something else to do
        dev = serve("--patch-live")
        dev.ready()
        pid = dev.state()["worker"]["pid"]
        code, took = dev.stop(number)
        assert code == 0
        if took < 1.0:
            break
    assert took < 1.0
    events = dev.rest()
    assert any("echo is gone" in event.get("message", "") for event in events)
    assert events[-1]["event"] == "stopped"
    assert [event["seq"] for event in events] == list(range(1, len(events) + 1))
    assert not is_running(pid)


def test_a_blocked_plugin_does_not_keep_it(serve: Serve) -> None:
    dev = serve()
    dev.ready()
    dev.edit("text.py", REPLY, "import time\n    time.sleep(600)\n    return text")
    pid = dev.state()["worker"]["pid"]
    with pytest.raises(TimeoutError):
        dev.say("/echo hello", within=0.5)
    code, took = dev.stop()
    assert code == 0
    assert took < 1.5  # its unload hook cannot be called, and it is ended
    assert not is_running(pid)


@pytest.mark.skipif(os.name == "nt", reason="process groups are POSIX")
@pytest.mark.parametrize("ending", ["stop", "crash"])
def test_what_the_plugin_started_ends_with_it(serve: Serve, plugin: Path, tmp_path: Path, ending: str) -> None:
    child = f"import subprocess, sys; child = subprocess.Popen([sys.executable, '-c', {SLEEPER!r}])\n"
    child += f"open({str(tmp_path / 'child')!r}, 'w').write(str(child.pid))\n"
    code = (plugin / "state.py").read_text().partition("from __future__ import annotations")[2]
    (plugin / "state.py").write_text(child + code)
    dev = serve()
    dev.ready()
    pid = int((tmp_path / "child").read_text())
    assert is_running(pid)
    if ending == "stop":
        dev.stop()
    else:
        os.kill(dev.state()["worker"]["pid"], signal.SIGKILL)
    deadline = time.monotonic() + DEADLINE
    while is_running(pid):
        assert time.monotonic() < deadline, "its child outlived it"
        time.sleep(0.005)


SLEEPER = "import time; time.sleep(600)"


def is_running(pid: int) -> bool:
    """Not a zombie either: nobody may be there to reap what was orphaned."""
    try:
        os.kill(pid, 0)
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except ProcessLookupError:
        return False
    except FileNotFoundError:
        return not Path("/proc/self/stat").exists()


def test_a_signal_while_it_starts_stops_it(serve: Serve) -> None:
    dev = serve()
    code, took = dev.stop()
    # Before Python has come as far as our handler, the signal ends it in its own way.
    assert code in (0, -signal.SIGTERM)
    assert took < 2.0


def test_send_finds_the_server(serve: Serve) -> None:
    dev = serve()
    dev.ready()
    done = subprocess.run(
        [sys.executable, "-m", "mpdt", "send", "/echo say 你好 2"], env=dev.environment, capture_output=True, check=True
    )
    assert done.stdout.decode() == "echo #1: 你好 你好\n"
    dev.stop()
    done = subprocess.run([sys.executable, "-m", "mpdt", "send", "x"], env=dev.environment, capture_output=True)
    assert done.returncode == 2
    assert b"No 'mpdt dev' is running" in done.stderr


def test_no_web_and_no_reload(serve: Serve) -> None:
    dev = serve("--no-web", "--no-reload")
    assert dev.wait(lambda event: event["event"] == "ready")["url"] is None
    assert dev.stop()[0] == 0


def test_verbose_says_how_the_plugin_performs(serve: Serve) -> None:
    dev = serve("--patch-live", "-v")
    dev.ready()
    for _ in range(3):
        dev.say("/echo hello")
    patched = dev.edit("text.py", REPLY, 'return f"ECHO #{number}: {text}"')
    assert set(patched["timings"]) >= {"read", "compile", "plan", "apply", "verify"}
    shown = dev.wait(lambda event: event.get("logger") == "mpdt.performance")["message"]
    assert "echo:command:echo: 3 calls, 0 errors, p50 " in shown
    assert "memory " in shown
    dev.say("/echo hello")
    dev.edit("text.py", 'return f"ECHO', 'return f"Echo')
    shown = dev.wait(lambda event: event.get("logger") == "mpdt.performance")["message"]
    assert "echo:command:echo: 1 call, 0 errors, p50 " in shown
    assert "(before that: 3 calls, 0 errors, p50 " in shown
    performance = dev.state()["performance"]
    assert performance["before"]["echo:command:echo"]["calls"] == 1
    assert performance["earlier"]["echo:command:echo"]["calls"] == 3
    assert performance["last_change"]["outcome"] == "patched"
    while performance["loop_lag"]["max"] is None:  # a busy machine takes its first sample later
        performance = dev.state()["performance"]
    assert performance["loop_lag"]["max"] > 0


def cpu_seconds(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


@pytest.mark.slow
@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="reads /proc")
@pytest.mark.timeout(180)
def test_idle_for_a_minute_it_uses_less_than_one_percent_of_a_core(serve: Serve) -> None:
    dev = serve("--patch-live")
    dev.ready()
    pids = [dev.process.pid, dev.state()["worker"]["pid"]]
    before = sum(map(cpu_seconds, pids))
    started = time.monotonic()
    time.sleep(60)  # the minute itself is what is measured
    used = (sum(map(cpu_seconds, pids)) - before) / (time.monotonic() - started)
    print(f"idle: {used:.2%} of a core")
    assert used < 0.01
