"""The supervisor's half over the real worker: planned restarts lose nothing, killed workers resume what was saved."""

from __future__ import annotations

import asyncio
import os
import random
import signal
import statistics
import sys
import time
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from mpdt.dev.bootstrap import command
from mpdt.dev.errors import RequestRefused, WorkerDied, WorkerSilent
from mpdt.dev.hot_reload_manager import ANSWER_TIMEOUT, HotReloadManager
from mpdt.dev.restarts import RestartLimit
from mpdt.dev.saves import Save
from mpdt.dev.spawn import spawn
from mpdt.dev.worker_host import WorkerHost
from mpdt.events import EventLog
from mpdt.protocol import Operation
from tests.tool.worker_kit import clean_environment, edit, make_plugin

STUCK = """
import threading
from src.app.plugin_system.api.send_api import send_text
from src.app.plugin_system.base import BaseCommand, BasePlugin, cmd_route, register_plugin

VERSION = 0


class ProbeCommand(BaseCommand):
    command_name = "probe"

    @cmd_route()
    async def handle(self, number: str):
        self.plugin.seen += 1
        await send_text(f"{number} {self.plugin.seen}", stream_id=self.stream_id)
        return True, ""


@register_plugin
class ProbePlugin(BasePlugin):
    plugin_name = "probe"

    def __init__(self, config=None):
        super().__init__(config)
        self.seen = 0

    def get_components(self):
        return [ProbeCommand]

    async def on_plugin_loaded(self):
        threading.Thread(target=threading.Event().wait, name="stuck", daemon=True).start()
"""


class Stage:
    """HotReloadManager and WorkerHost, as ``mpdt dev`` wires them, over the real worker."""

    def __init__(self, folder: Path, state_file: Path, answer_timeout: float = ANSWER_TIMEOUT) -> None:
        self.folder = folder
        self.events = EventLog()
        environment = clean_environment(XDG_CACHE_HOME=str(state_file.parent / "cache"))

        def start() -> Any:
            return spawn(command(Path(sys.executable)), folder, environment)

        self.host = WorkerHost(
            start(),
            start,
            plugin=folder,
            core="simulated",
            on_notice=lambda _notice: None,
            on_line=lambda _stream, _line: None,
            on_death=lambda death: self.manager.on_death(death),
            load_options={"state_file": str(state_file)},
        )
        self.manager = HotReloadManager(folder, self.host, self.events, patch_live=False, answer_timeout=answer_timeout)

    async def save(self, number: int) -> Any:
        edit(self.folder, f"VERSION = {number - 1}\n", f"VERSION = {number}\n")
        return await self.manager.carry_out(Save((self.folder / "plugin.py",), time.monotonic()))

    async def say(self, text: str) -> list[Any]:
        answer = await self.host.request(Operation.MESSAGE, within=60, text=f"/probe {text}")
        return [reply["content"] for reply in answer["replies"]]


async def open_stage(tmp_path: Path, code: str, answer_timeout: float = ANSWER_TIMEOUT) -> Stage:
    stage = Stage(make_plugin(tmp_path, {"plugin.py": code}), tmp_path / "probe.state", answer_timeout)
    loaded = await stage.host.start()
    assert loaded["loaded"], loaded
    return stage


@pytest.fixture
async def stuck(tmp_path: Path) -> AsyncIterator[Stage]:
    stage = await open_stage(tmp_path, STUCK)
    yield stage
    await stage.host.stop()


async def restarts_lose_nothing(stage: Stage, count: int, rate: float) -> None:
    sent: dict[int, asyncio.Task[list[Any]]] = {}
    ended = asyncio.Event()

    async def talk() -> None:
        loop = asyncio.get_running_loop()
        due = loop.time()
        while not ended.is_set():
            number = len(sent)
            sent[number] = loop.create_task(stage.say(str(number)))
            due += 1 / rate
            await asyncio.sleep(max(0.0, due - loop.time()))

    talking = asyncio.create_task(talk())
    try:
        events = [await stage.save(number) for number in range(1, count + 1)]
    finally:
        ended.set()
        await talking
    for event in events:
        assert event["outcome"] == "restarted", event
        assert event["reason"] == "The thread stuck started at plugin.py:31 did not end."
        assert event["leaks"] == [{"kind": "thread", "where": "stuck started at plugin.py:31", "action": "survived"}]
    answers = await asyncio.gather(*sent.values())
    assert [len(one) for one in answers] == [1] * len(sent)
    assert [one[0].split()[0] for one in answers] == [str(number) for number in sent]
    # Its counter went over each time, so no message was taken twice and none got lost.
    assert sorted(int(one[0].split()[1]) for one in answers) == list(range(1, len(sent) + 1))
    print(f"{count} restarts, {len(sent)} messages")


async def test_a_thread_that_does_not_end_restarts_the_worker_and_nothing_is_lost(stuck: Stage) -> None:
    await restarts_lose_nothing(stuck, 2, rate=50)


async def test_a_task_that_refuses_to_end_restarts_the_worker_with_its_state(tmp_path: Path) -> None:
    refusing = "asyncio.create_task(self.stay(), name='stay')\n\n    async def stay(self):\n        while True:\n"
    refusing += "            try:\n                await asyncio.sleep(3600)\n"  # the loop holds it: else it is garbage
    refusing += "            except asyncio.CancelledError:\n                pass"
    code = STUCK.replace('threading.Thread(target=threading.Event().wait, name="stuck", daemon=True).start()', refusing)
    stage = await open_stage(tmp_path, code.replace("import threading", "import asyncio"))
    try:
        assert await stage.say("a") == ["a 1"]
        event = await stage.save(1)
        assert event["outcome"] == "restarted"
        assert event["reason"] == "The task stay started at plugin.py:31 did not end."
        assert await stage.say("b") == ["b 2"]
    finally:
        await stage.host.stop()


@pytest.mark.slow
@pytest.mark.timeout(600)
async def test_fifty_restarts_under_500_messages_a_second_lose_nothing(stuck: Stage) -> None:
    await restarts_lose_nothing(stuck, 50, rate=500)


@pytest.mark.parametrize(
    ("hook", "outcome"),
    [
        ("await asyncio.sleep(2.5 * VERSION)", "reloaded"),
        ("await asyncio.sleep(2.5 * VERSION); 1 / (VERSION - 1)", "rejected"),
        ("time.sleep(2.5 * VERSION)", "restarted"),
    ],
    ids=["slow", "slow and broken", "blocked"],
)
async def test_a_hook_that_takes_its_time_is_waited_for_and_a_blocked_loop_is_not(
    tmp_path: Path, hook: str, outcome: str
) -> None:
    """A hook has a limit of its own: as long as the loop turns, the worker will answer, and a version serves on."""
    code = STUCK.replace('threading.Thread(target=threading.Event().wait, name="stuck", daemon=True).start()', hook)
    stage = await open_stage(tmp_path, code.replace("import threading", "import asyncio, time"), answer_timeout=1.0)
    try:
        assert await stage.say("a") == ["a 1"]
        event = await stage.save(1)
        assert event["outcome"] == outcome, event
        assert (await stage.say("b"))[0].startswith("b ")
    finally:
        await stage.host.stop()


async def kills_at_random(stage: Stage, count: int, kills: int) -> None:
    """Each kill comes at a random moment of its reload, or shortly after."""
    stage.manager._limit = RestartLimit(most=10_000)
    chance = random.Random(4)
    doomed = set(chance.sample(range(3, count + 1), kills))
    saved = last = 0
    within = lost = 0
    took: list[float] = []
    for number in range(1, count + 1):
        started = time.perf_counter()
        killing = None
        if number in doomed:
            killing = asyncio.create_task(kill(stage.host.pid, chance.uniform(0, 1.3) * statistics.median(took)))
        event = await stage.save(number)
        assert event["outcome"] in ("reloaded", "restarted"), event
        within += event["outcome"] == "restarted"
        if killing is None:
            took.append(time.perf_counter() - started)
        else:
            await killing
        if event["outcome"] == "reloaded":
            saved = last  # it is on disk now
        while True:
            try:
                ((shown),) = await stage.say("x")
                break
            except (WorkerDied, WorkerSilent, RequestRefused):  # it was killed with this message under way
                lost += 1
                await asyncio.sleep(0.01)
        last = int(shown.split()[1])
        assert last > saved  # what a reload has saved is never lost
    restarted = [one["outcome"] for one in stage.events.since(0)].count("restarted")
    print(f"{count} reloads, {kills} kills, {within} of them during the reload, {lost} messages refused in between")
    assert restarted == kills
    assert within >= kills // 3


async def kill(pid: int, after: float) -> None:
    await asyncio.sleep(after)
    try:
        os.kill(pid, signal.SIGKILL)
    except ProcessLookupError:
        pass


async def test_a_worker_that_is_killed_in_a_reload_is_followed_by_one_with_the_new_code(tmp_path: Path) -> None:
    stage = await open_stage(tmp_path, STUCK.replace("threading.Thread(", "dict(").replace(").start()", ")"))
    try:
        await kills_at_random(stage, 6, 3)
    finally:
        await stage.host.stop()


@pytest.mark.slow
@pytest.mark.timeout(600)
async def test_200_reloads_with_kills_at_random_moments(tmp_path: Path) -> None:
    stage = await open_stage(tmp_path, STUCK.replace("threading.Thread(", "dict(").replace(").start()", ")"))
    try:
        await kills_at_random(stage, 200, 40)
    finally:
        await stage.host.stop()
