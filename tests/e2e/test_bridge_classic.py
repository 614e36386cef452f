"""``mpdt bridge`` and ``mpdt dev --attach`` with a classic bot that runs by itself: the small one of ours."""

from __future__ import annotations

import shutil
import signal
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from conftest import Dev

from tests.bridge_kit import Bot, bridge, free_url

TESTS = Path(__file__).parents[1]
Serve = Callable[..., Dev]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path.resolve() / "bot"
    shutil.copytree(TESTS / "standins" / "classic", folder, ignore=shutil.ignore_patterns("__pycache__"))
    (folder / ".env").write_text("EULA_CONFIRMED=true\n")
    return folder


@pytest.fixture
def bot(folder: Path, tmp_path: Path) -> Iterator[tuple[Bot, str]]:
    """It runs, with the bridge in it that connects to the address."""
    url = free_url()
    done = bridge("install", folder, "--url", url, runtime=tmp_path / "run")
    assert done.returncode == 0, done.stderr
    running = Bot(folder, (sys.executable,), entry="bot.py")
    yield running, url
    running.close()


def test_a_plugin_is_patched_in_a_classic_bot_that_runs(
    serve: Serve, bot: tuple[Bot, str], folder: Path, tmp_path: Path
) -> None:
    running, url = bot
    gadget = tmp_path.resolve() / "classic_gadget"
    shutil.copytree(TESTS / "standins" / "classic_gadget", gadget, ignore=shutil.ignore_patterns("__pycache__"))
    dev = serve("--attach", url, "--patch-live", folder=gadget)
    ready = dev.ready()
    assert (ready["loaded"], ready["core"], ready["error"]) == (True, "classic", None)
    assert dev.state()["worker"]["pid"] == running.process.pid
    assert dev.say("/gizmo") == ["one 3"]
    instance = dev.state()["instance_id"]
    assert dev.edit("plugin.py", 'f"{WORD} ', 'f"the {WORD} ')["outcome"] == "patched"
    assert dev.say("/gizmo") == ["the one 3"]
    assert dev.state()["instance_id"] == instance
    rejected = dev.edit("plugin.py", "def seen() -> Any:", "def seen() -> Any")
    assert (rejected["outcome"], rejected["error"]["file"]) == ("rejected", str(gadget / "plugin.py"))
    assert dev.edit("plugin.py", "def seen() -> Any\n", "def seen() -> Any:\n")["outcome"] in ("patched", "unchanged")
    assert dev.edit("plugin.py", 'logger = get_logger("gadget")', 'logger = get_logger("gadget")\nprint("imported")')[
        "outcome"
    ] == ("reloaded")
    assert dev.say("/gizmo") == ["the one 3"]

    code, _ = dev.stop()
    assert code == 0
    running.said("the gadget is gone")
    assert running.process.poll() is None  # the bot goes on
    running.process.send_signal(signal.SIGINT)
    running.said("everything is closed")
    assert running.process.wait(30) == 0
    done = bridge("remove", folder, runtime=tmp_path / "run")
    assert done.returncode == 0, done.stderr
    assert not (folder / "plugins" / "mpdt_bridge").exists()
