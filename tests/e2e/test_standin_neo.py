"""``mpdt dev --core``: the plugin inside a bot. Here a small one of ours, with Neo-MoFox's layout and its defects."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import pytest
from conftest import DEADLINE, Dev

STANDINS = Path(__file__).parents[1] / "standins"
REPLY = 'return f"echo #{number}: {text}"'
RELOADS = 25
Serve = Callable[..., Dev]


@pytest.fixture
def bot(tmp_path: Path) -> Path:
    """A copy of the stand-in, whose licence has been agreed to."""
    folder = tmp_path.resolve() / "bot"
    shutil.copytree(STANDINS / "neo", folder, ignore=shutil.ignore_patterns("__pycache__"))
    (folder / "data").mkdir()
    (folder / "data" / "agreed").write_text("yes")
    return folder


@pytest.fixture
def gadget(tmp_path: Path) -> Path:
    folder = tmp_path.resolve() / "gadget"
    shutil.copytree(STANDINS / "gadget", folder, ignore=shutil.ignore_patterns("__pycache__"))
    return folder


def files(folder: Path) -> set[str]:
    found = (path for path in folder.rglob("*") if path.is_file() and "__pycache__" not in path.parts)
    return {path.relative_to(folder).as_posix() for path in found}


def census(dev: Dev) -> dict[str, int]:
    asked = {"kind": "service", "name": "census.count", "arguments": {"folder": str(dev.folder)}}
    answer = dev.ask("POST", "/api/call", asked)
    assert answer["error"] is None, answer["error"]
    counted: dict[str, int] = answer["result"]
    return counted


def reload_now(dev: Dev) -> None:
    dev.ask("POST", "/api/reload", {"full": True})
    dev.reload()


def without_mpdt(bot: Path, lines: Iterable[str] = ("/stop",)) -> None:
    """A run of the bot by itself."""
    asked = subprocess.run(
        [sys.executable, "main.py"], cwd=bot, input="\n".join(lines) + "\n", text=True, timeout=DEADLINE, check=False
    )
    assert asked.returncode == 0


def test_a_plugin_lives_in_the_bot(serve: Serve, bot: Path) -> None:
    dev = serve("--core", str(bot), "--python", sys.executable, "--patch-live")
    ready = dev.ready()
    assert (ready["loaded"], ready["core"], ready["plugin"]) == (True, "neo-mofox", "echo")
    assert dev.say("/echo hello") == ["echo #1: hello"]
    instance = dev.state()["instance_id"]

    assert dev.edit("text.py", REPLY, 'return f"ECHO #{number}: {text}"')["outcome"] == "patched"
    assert dev.say("/echo hello") == ["ECHO #2: hello"]
    assert dev.state()["instance_id"] == instance

    rejected = dev.edit("text.py", "text.upper() + mark", "text.upper() +")
    assert (rejected["outcome"], rejected["error"]["type"]) == ("rejected", "SyntaxError")
    assert dev.say("/echo hello") == ["ECHO #3: hello"]
    dev.edit("text.py", "text.upper() +", "text.upper() + mark")

    reloaded = dev.edit("state.py", "count = 0\n", "count = 0\nprint('imported')\n")
    assert (reloaded["outcome"], len(reloaded["rude_edits"])) == ("reloaded", 1)
    assert dev.say("/echo hello") == ["ECHO #1: hello"]
    assert dev.state()["instance_id"] != instance
    assert dev.state()["config_path"] == str(bot / "config" / "plugins" / "echo" / "config.toml")

    code, _ = dev.stop()
    said = [event["message"] for event in dev.rest() if event["event"] == "log"]
    assert code == 0
    assert any("everything is closed" in line for line in said)  # the bot's own last word
    assert any("echo is gone, after 1 messages" in line for line in said)  # by another stream: earlier or later here


def test_the_bots_folder_is_as_after_a_run_without_mpdt(serve: Serve, bot: Path, plugin: Path, tmp_path: Path) -> None:
    alone = tmp_path / "alone"
    shutil.copytree(bot, alone)
    shutil.copytree(plugin, alone / "plugins" / "echo_plugin")
    without_mpdt(alone)
    shutil.rmtree(alone / "plugins" / "echo_plugin")

    dev = serve("--core", str(bot), "--python", sys.executable)
    dev.ready()
    dev.edit("text.py", REPLY, 'return f"ECHO #{number}: {text}"')
    dev.stop()
    assert files(bot) == files(alone)
    assert "config/plugins/echo/config.toml" in files(bot)  # the bot's, who wrote it
    for name in files(bot):
        assert (bot / name).read_bytes() == (alone / name).read_bytes(), name


def test_reloads_leave_nothing_behind_in_the_bot(serve: Serve, bot: Path, gadget: Path) -> None:
    dev = serve("--core", str(bot), "--python", sys.executable, folder=gadget)
    dev.ready()
    assert dev.say("/gadget heard") == ["on_start"]
    reload_now(dev)
    routed = {"kind": "route", "name": "gadget", "arguments": {"path": "/word"}}
    dev.ask("POST", "/api/call", routed)
    before = census(dev)
    for _ in range(RELOADS // 2):
        for old, new in (("one", "two"), ("two", "one")):
            assert dev.edit("plugin.py", f'WORD = "{old}"', f'WORD = "{new}"')["outcome"] == "reloaded"
            assert dev.ask("POST", "/api/call", routed)["result"]["body"] == {"word": new}
    assert census(dev) == before
    assert (before["versions"], before["classes"]) == (1, 5)
    assert (before["schedules"], before["routers"], before["adapters"], before["temporary"]) == (1, 1, 2, 1)


def test_a_load_that_fails_leaves_nothing_registered(serve: Serve, bot: Path, gadget: Path) -> None:
    dev = serve("--core", str(bot), "--python", sys.executable, folder=gadget)
    dev.ready()
    reload_now(dev)
    before = census(dev)
    scheduled = 'task_name="gadget hourly"\n        )\n'
    rejected = dev.edit("plugin.py", scheduled, scheduled + "        1 / 0\n")

    assert (rejected["outcome"], rejected["error"]["type"]) == ("rejected", "ZeroDivisionError")
    assert dev.say("/gadget") == ["one 3"]
    assert census(dev) == before
    assert dev.edit("plugin.py", "        1 / 0\n", "")["outcome"] == "reloaded"
    assert census(dev) == before


def test_a_patch_refreshes_what_the_bot_has_registered(serve: Serve, bot: Path, gadget: Path) -> None:
    dev = serve("--core", str(bot), "--python", sys.executable, "--patch-live", folder=gadget)
    dev.ready()
    routed = {"kind": "route", "name": "gadget", "arguments": {"path": "/word"}}
    assert dev.edit("plugin.py", 'return {"word": WORD}', 'return {"word": WORD * 2}')["outcome"] == "patched"
    assert dev.ask("POST", "/api/call", routed)["result"]["body"] == {"word": "oneone"}
    assert dev.edit("plugin.py", '@self.app.get("/word")', '@self.app.get("/words")')["outcome"] == "patched"
    assert dev.ask("POST", "/api/call", routed)["result"]["status"] == 404
    fired = {"kind": "event", "name": "gadget:event", "arguments": {}}
    assert dev.ask("POST", "/api/call", fired)["result"]["handlers"] == []
    listening = dev.edit("plugin.py", "init_subscribe = [EventType.ON_START,", 'init_subscribe = ["gadget:event",')
    assert listening["outcome"] == "patched"
    assert dev.ask("POST", "/api/call", fired)["result"]["handlers"] == ["gadget:event_handler:listener"]
    gone = dev.edit("plugin.py", "return [GadgetCommand, GadgetHandler,", "return [GadgetCommand,")
    assert gone["outcome"] == "patched"
    assert gone["registrations"]["removed"] == ["event_handler:listener"]
    assert dev.ask("POST", "/api/call", fired)["result"]["handlers"] == []


def test_a_config_file_of_the_bot_is_applied_in_place(serve: Serve, bot: Path, gadget: Path) -> None:
    dev = serve("--core", str(bot), "--python", sys.executable, folder=gadget)
    dev.ready()
    path = bot / "config" / "plugins" / "gadget" / "config.toml"
    path.write_text("[gadget]\nlimit = 5\n")
    assert dev.reload()["outcome"] == "patched"
    assert dev.say("/gadget") == ["one 5"]
    path.write_text('[gadget]\nlimit = "many"\n')
    rejected = dev.reload()
    assert (rejected["outcome"], rejected["error"]["line"]) == ("rejected", 2)
    assert dev.say("/gadget") == ["one 5"]
    assert path.read_text() == '[gadget]\nlimit = "many"\n'


def test_a_patch_is_compared_with_a_fresh_interpreter(serve: Serve, bot: Path) -> None:
    dev = serve("--core", str(bot), "--python", sys.executable, "--patch-live", "--audit")
    dev.ready()
    dev.logged("The next patch is compared")
    assert dev.edit("text.py", REPLY, 'return f"ECHO #{number}: {text}"')["outcome"] == "patched"
    dev.logged("A fresh interpreter has the same")


def test_an_agreement_is_the_developers(serve: Serve, bot: Path) -> None:
    (bot / "data" / "agreed").unlink()
    dev = serve("--core", str(bot), "--python", sys.executable, typing=True)
    dev.logged("You have to agree to the licence")
    dev.type("agree")
    assert dev.ready()["loaded"] is True
    dev.type("/dance")
    dev.logged("no such command: /dance")  # the bot's own commands


def test_a_bot_that_was_told_to_stop_is_started_by_the_next_save(serve: Serve, bot: Path) -> None:
    dev = serve("--core", str(bot), "--python", sys.executable, typing=True)
    dev.ready()
    assert dev.say("/echo hello") == ["echo #1: hello"]
    dev.type("/stop")
    failed = dev.reload()
    said = [event["message"] for event in dev.events if event["event"] == "log"]
    # Unloaded by us, while the bot still had all that it may use; the two come by different streams, in either order.
    assert any("echo is gone, after 1 messages" in line for line in said)
    assert any("everything is closed" in line for line in said)
    assert (failed["outcome"], failed["error"]["type"]) == ("failed", "WorkerDied")
    assert "exit code 0. It is started again at the next save" in failed["error"]["message"]
    assert dev.edit("text.py", REPLY, 'return f"ECHO #{number}: {text}"')["outcome"] == "restarted"
    assert dev.say("/echo hello") == ["ECHO #1: hello"]


def test_a_thread_that_does_not_end_replaces_the_bot(serve: Serve, bot: Path) -> None:
    dev = serve("--core", str(bot), "--python", sys.executable, typing=True)
    dev.ready()
    pid = dev.state()["worker"]["pid"]
    thread = "        threading.Thread(target=threading.Event().wait, daemon=True).start()\n"
    dev.edit("plugin.py", "import asyncio\n", "import asyncio\nimport threading\n")
    dev.edit("plugin.py", '        logger.info("echo is here")\n', thread + '        logger.info("echo is here")\n')
    restarted = dev.edit("text.py", REPLY, 'return f"ECHO #{number}: {text}"')
    assert restarted["outcome"] == "restarted"
    assert "did not end" in restarted["reason"]
    said = [event["message"] for event in dev.events if event["event"] == "log"]
    assert any("everything is closed" in line for line in said)  # one bot ended before the next began
    assert dev.state()["worker"]["pid"] != pid
    assert dev.say("/echo hello") == ["ECHO #1: hello"]


def test_a_bot_that_is_declined_says_why_it_ended(serve: Serve, bot: Path) -> None:
    (bot / "data" / "agreed").unlink()
    dev = serve("--core", str(bot), "--python", sys.executable, typing=True)
    dev.logged("You have to agree to the licence")
    dev.type("decline")
    error = dev.ready()["error"]
    assert "exit code 3" in error["message"]
    assert "You did not agree; the bot ends." in error["traceback"]


def test_a_library_that_the_bot_lacks_is_named(serve: Serve, bot: Path) -> None:
    (bot / "src" / "app" / "runtime" / "bot.py").write_text("import no_such_library\n")
    ready = serve("--core", str(bot), "--python", sys.executable).ready()
    assert ready["loaded"] is False
    assert "needs 'no_such_library'" in ready["error"]["message"]
    assert sys.executable in ready["error"]["message"]


def test_a_bot_of_another_build_is_named(serve: Serve, bot: Path) -> None:
    manager = bot / "src" / "core" / "managers" / "config_manager.py"
    manager.write_text(manager.read_text().replace("_configs", "_kept"))
    greeter = bot / "plugins" / "greeter"
    shutil.rmtree(greeter)
    error = serve("--core", str(bot), "--python", sys.executable).ready()["error"]
    assert "built otherwise" in error["message"]
    assert "src.core.managers.config_manager has no _configs" in error["message"]


def test_a_plugin_of_the_same_name_is_refused_and_not_replaced(serve: Serve, bot: Path, plugin: Path) -> None:
    manifest = json.loads((plugin / "manifest.json").read_text())
    (plugin / "manifest.json").write_text(json.dumps({**manifest, "name": "greeter"}))
    before = files(bot)
    dev = serve("--core", str(bot), "--python", sys.executable)
    error = dev.ready()["error"]
    assert f"has a plugin named 'greeter' of its own, in {bot / 'plugins' / 'greeter'}" in error["message"]
    (plugin / "manifest.json").write_text(json.dumps(manifest))
    assert dev.reload()["outcome"] == "reloaded"
    assert dev.say("/echo hello") == ["echo #1: hello"]
    dev.stop()
    assert files(bot) == before | {"config/plugins/echo/config.toml"}


def test_a_plugin_is_served_where_it_is_installed(serve: Serve, bot: Path, gadget: Path) -> None:
    installed = bot / "plugins" / "gadget"
    shutil.copytree(gadget, installed)
    dev = serve("--core", str(bot), "--python", sys.executable, "--patch-live", folder=installed)
    assert dev.ready()["loaded"] is True
    assert dev.say("/gadget") == ["one 3"]
    assert dev.edit("plugin.py", 'f"{WORD} ', 'f"the {WORD} ')["outcome"] == "patched"
    assert dev.say("/gadget") == ["the one 3"]
    counted = census(dev)
    assert (counted["classes"], counted["schedules"], counted["routers"]) == (5, 1, 1)  # the bot's own version is gone


def test_a_bot_ends_with_a_supervisor_that_was_killed(serve: Serve, bot: Path) -> None:
    dev = serve("--core", str(bot), "--python", sys.executable)
    dev.ready()
    pid = dev.state()["worker"]["pid"]
    dev.stop(signal.SIGKILL)
    deadline = time.monotonic() + DEADLINE
    while Path(f"/proc/{pid}/stat").exists() and time.monotonic() < deadline:
        if Path(f"/proc/{pid}/stat").read_text().split()[2] == "Z":
            break
        os.sched_yield()
    else:
        assert not Path(f"/proc/{pid}").exists()


def test_what_the_bot_opens_for_a_message_is_not_the_plugins(serve: Serve, bot: Path, gadget: Path) -> None:
    """Without this, a reload would close the bot's database."""
    receiver = bot / "src" / "core" / "transport" / "sink" / "sink_manager.py"
    text = receiver.read_text()
    text = text.replace("class Receiver:\n", "import sqlite3\nimport threading\n\nDATABASE = []\n\n\nclass Receiver:\n")
    text = text.replace(
        "        info = envelope",
        "        DATABASE.append(sqlite3.connect(':memory:'))\n"
        "        threading.Thread(target=threading.Event().wait, daemon=True).start()\n"
        "        info = envelope",
    )
    receiver.write_text(text)
    dev = serve("--core", str(bot), "--python", sys.executable, folder=gadget)
    dev.ready()
    dev.say("/gadget")
    reloaded = dev.edit("plugin.py", 'WORD = "one"', 'WORD = "two"')
    assert reloaded["outcome"] == "reloaded"
    left: list[Any] = reloaded["leaks"]
    assert {leak["kind"] for leak in left} <= {"task", "event handler"}
    assert dev.say("/gadget") == ["two 3"]
