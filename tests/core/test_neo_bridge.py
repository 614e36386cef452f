"""In a real Neo-MoFox that runs by itself, through its bridge. Figures are printed: ``pytest -m core -s``."""

from __future__ import annotations

import signal
import statistics
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from conftest import ECHO
from test_neo import AGREE

from tests.bridge_kit import Bot, bridge, free_url, snapshot

pytestmark = [pytest.mark.core, pytest.mark.timeout(600)]

REPLY = 'return f"echo #{number}: {text}"'
EDITS = 20


@pytest.fixture
def start_bot(neo: Path, neo_python: str) -> Iterator[Callable[..., Bot]]:
    running: list[Bot] = []

    def start(answers: tuple[str, ...] = ()) -> Bot:
        bot = Bot(neo, (neo_python,), deadline=180.0)
        running.append(bot)
        for line in answers:
            bot.type(line)
        return bot

    yield start
    for bot in running:
        bot.close()


def test_a_plugin_in_a_bot_that_runs(
    neo: Path, start_bot: Callable[..., Bot], serve: Callable[..., Any], tmp_path: Path
) -> None:
    run, url = tmp_path / "run", free_url()
    plugins = snapshot(neo / "plugins")
    assert bridge("install", neo, "--url", url, runtime=run).returncode == 0
    bot = start_bot(AGREE)
    started = time.monotonic()
    dev = serve(ECHO, "--attach", url, "--patch-live", "--no-scenarios")
    ready = dev.ready()
    print(f"\nbot's start to ready, through the bridge: {time.monotonic() - started:.1f} s")
    assert (ready["loaded"], ready["core"], ready["plugin"]) == (True, "neo-mofox", "echo"), ready
    assert dev.say("/echo hello") == ["echo #1: hello"]
    instance = dev.state()["instance_id"]

    took = []
    for number in range(EDITS):
        old, new = ("echo", "ECHO") if number % 2 == 0 else ("ECHO", "echo")
        patched = dev.edit("text.py", f'f"{old} #', f'f"{new} #')
        assert patched["outcome"] == "patched", patched
        took.append(patched["ms"]["total"])
        assert dev.say("/echo hello") == [f"{new} #{number + 2}: hello"]
    print(f"save to live over the bridge, ms: median {statistics.median(took):.1f}, worst {max(took):.1f}")
    assert dev.state()["instance_id"] == instance

    rejected = dev.edit("text.py", "text.upper() + mark", "text.upper() +")
    assert (rejected["outcome"], rejected["error"]["type"]) == ("rejected", "SyntaxError")
    assert rejected["error"]["file"] == str(dev.folder / "text.py")
    assert dev.say("/echo hello") == [f"echo #{EDITS + 2}: hello"]
    dev.edit("text.py", "text.upper() +", "text.upper() + mark")
    reloaded = dev.edit("state.py", "count = 0\n", "count = 0\nprint('imported')\n")
    assert reloaded["outcome"] == "reloaded"
    print(f"reload over the bridge, ms: {reloaded['ms']['total']:.0f}")
    assert dev.say("/echo hello") == ["echo #1: hello"]

    dev.stop(signal.SIGKILL)
    dev = serve(ECHO, "--attach", url, "--patch-live", "--no-scenarios")
    started = time.monotonic()
    assert dev.ready()["loaded"] is True
    print(f"a supervisor that was killed and is back, to ready: {time.monotonic() - started:.1f} s")
    assert dev.say("/echo hello") == ["echo #2: hello"]  # it was never unloaded

    bot.stop()
    dev.logged("The connection to the bot is lost")
    again = start_bot()
    back = dev.reload()
    assert (back["outcome"], f"process {again.process.pid}" in back["reason"]) == ("restarted", True)
    assert dev.say("/echo hello") == ["echo #1: hello"]
    code, took_to_stop = dev.stop()
    assert code == 0
    print(f"stop, with the plugin unloaded: {took_to_stop:.2f} s")
    assert again.process.poll() is None
    again.stop()
    assert not [line for line in (*bot.lines, *again.lines) if "mpdt_bridge:" in line]
    assert bridge("remove", neo, runtime=run).returncode == 0
    assert snapshot(neo / "plugins") == plugins
