"""In a real classic MoFox-Core that runs by itself, through its bridge. Figures are printed: ``pytest -m core -s``."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from test_classic import DICE, UP

from tests.bridge_kit import Bot, bridge, free_url, snapshot

pytestmark = [pytest.mark.core, pytest.mark.timeout(600)]
EDITS = 10


@pytest.fixture
def start_bot(classic: Path, classic_python: str) -> Iterator[Callable[[], Bot]]:
    running: list[Bot] = []

    def start() -> Bot:
        running.append(Bot(classic, (classic_python,), deadline=240.0, entry="bot.py"))
        return running[-1]

    yield start
    for bot in running:
        bot.close()


def test_a_plugin_in_a_bot_that_runs(
    classic: Path, start_bot: Callable[[], Bot], serve: Callable[..., Any], tmp_path: Path
) -> None:
    run, url = tmp_path / "run", free_url()
    plugins = snapshot(classic / "plugins")
    assert bridge("install", classic, "--url", url, runtime=run).returncode == 0
    bot = start_bot()
    bot.said(UP)
    started = time.monotonic()
    dev = serve(DICE, "--attach", url, "--patch-live", "--no-scenarios")
    ready = dev.ready()
    print(f"\nto ready, with a bot that was up: {time.monotonic() - started:.1f} s")
    assert (ready["loaded"], ready["core"], ready["error"]) == (True, "classic", None)
    assert dev.state()["worker"]["pid"] == bot.process.pid
    while dev.try_asking("POST", "/api/message", {"text": "/roll all"})[0] != 200:
        pass  # the bot measures the first person's cache entry by walking through the heap, which blocks its loop
    assert dev.say("/roll all") == ["all is no roll; try 2d6."]
    instance = dev.state()["instance_id"]

    took = []
    for number in range(EDITS):
        old, new = ("is no roll; try", "is not a roll; try") if number % 2 == 0 else ("is not a", "is no")
        patched = dev.edit("dice.py", old, new)
        assert patched["outcome"] == "patched", patched
        took.append(patched["ms"]["total"])
        assert dev.say("/roll all") == [f"all is {'not a' if number % 2 == 0 else 'no'} roll; try 2d6."]
    print(f"save to live over the bridge, ms: median {statistics.median(took):.1f}, worst {max(took):.1f}")
    assert dev.state()["instance_id"] == instance

    rejected = dev.edit("dice.py", "if match is None:", "if match is None")
    assert (rejected["outcome"], rejected["error"]["file"]) == ("rejected", str(dev.folder / "dice.py"))
    dev.edit("dice.py", "if match is None\n", "if match is None:\n")
    reloaded = dev.edit("dice.py", "NOTATION = ", "print('imported')\nNOTATION = ")
    assert reloaded["outcome"] == "reloaded"
    print(f"reload over the bridge, ms: {reloaded['ms']['total']:.0f}")
    assert dev.say("/roll all") == ["all is no roll; try 2d6."]
    code, took_to_stop = dev.stop()
    assert code == 0
    print(f"stop, with the plugin unloaded: {took_to_stop:.2f} s")
    assert bot.process.poll() is None
    bot.interrupt()
    assert not [line for line in bot.lines if "mpdt_bridge:" in line]
    assert bridge("remove", classic, runtime=run).returncode == 0
    assert snapshot(classic / "plugins") == plugins
