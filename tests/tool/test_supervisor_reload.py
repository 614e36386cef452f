"""HotReloadManager over the scripted worker: what is asked, what is said, what comes after an error."""

from __future__ import annotations

import asyncio
import sys
import time
from collections.abc import AsyncIterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from mpdt.dev.hot_reload_manager import HotReloadManager
from mpdt.dev.saves import Save
from mpdt.dev.spawn import spawn
from mpdt.dev.worker_host import WorkerHost
from mpdt.events import EventLog
from mpdt.protocol import Operation

FAKE = Path(__file__).with_name("fake_worker.py")
DEADLINE = 10.0


class Stage:
    """A plugin folder, its worker and its manager."""

    def __init__(self, root: Path, *, patch_live: bool) -> None:
        self.root = root
        self.events = EventLog()
        self.log = root.parent / "requests"
        environment = {"FAKE_WORKER_LOG": str(self.log), "PATH": "", **env()}

        def start() -> Any:
            return spawn([sys.executable, str(FAKE)], root, environment)

        self.host = WorkerHost(
            start(),
            start,
            plugin=root,
            core="simulated",
            on_notice=lambda _notice: None,
            on_line=lambda _stream, _line: None,
            on_death=lambda death: self.manager.on_death(death),
        )
        self.manager = HotReloadManager(root, self.host, self.events, patch_live=patch_live, answer_timeout=1.0)

    async def save(self, text: str, name: str = "plugin.py") -> Mapping[str, Any] | None:
        (self.root / name).write_text(text)
        async with asyncio.timeout(DEADLINE):
            return await self.manager.carry_out(Save((self.root / name,), time.monotonic()))

    async def outcome(self, text: str, name: str = "plugin.py") -> str | None:
        event = await self.save(text, name)
        return None if event is None else event["outcome"]

    async def answer(self) -> str:
        reply = await self.host.request(Operation.MESSAGE, within=DEADLINE, text="hello")
        return str(reply["replies"][0]["content"])

    async def outcomes(self, count: int) -> list[str]:
        async with asyncio.timeout(DEADLINE):
            while len(self.events.since(0)) < count:
                await asyncio.sleep(0.005)
        return [event["outcome"] for event in self.events.since(0)]

    def asked(self) -> list[str]:
        return [line.split()[0] for line in self.log.read_text().splitlines()]


def env() -> dict[str, str]:
    import os

    return {name: value for name, value in os.environ.items() if name != "FAKE_WORKER_LOG"}


@pytest.fixture
async def stage(tmp_path: Path, request: pytest.FixtureRequest) -> AsyncIterator[Stage]:
    root = tmp_path.resolve() / "plugin"
    root.mkdir()
    (root / "plugin.py").write_text("one")
    stage = Stage(root, patch_live=getattr(request, "param", True))
    await stage.host.start()
    yield stage
    await stage.host.stop()


reloading = pytest.mark.parametrize("stage", [False], indirect=True, ids=["reload"])


async def test_a_save_is_patched(stage: Stage) -> None:
    event = await stage.save("two")
    assert event is not None
    assert event["outcome"] == "patched"
    assert event["files"] == ["plugin.py"]
    assert set(event["ms"]) == {"watch", "apply", "total"}
    assert await stage.answer() == "two"
    assert stage.asked()[:2] == ["load", "refresh"]


async def test_a_structural_edit_is_reloaded_with_its_rude_edits(stage: Stage) -> None:
    event = await stage.save("structural")
    assert event is not None
    assert event["outcome"] == "reloaded"
    assert [edit["code"] for edit in event["rude_edits"]] == ["MPDT101"]
    assert stage.asked() == ["load", "refresh", "reload"]


@reloading
async def test_without_patch_live_every_save_is_reloaded(stage: Stage) -> None:
    assert await stage.outcome("two") == "reloaded"
    assert stage.asked() == ["load", "reload"]


async def test_a_config_file_calls_for_a_reload(stage: Stage) -> None:
    (stage.root / "plugin.py").write_text("structural")  # as the worker says of a file that is read at load
    assert await stage.outcome("{}", "manifest.json") == "reloaded"
    assert stage.asked() == ["load", "refresh", "reload"]


async def test_a_save_that_makes_no_difference_says_nothing(stage: Stage) -> None:
    assert await stage.outcome("unchanged") is None
    assert stage.events.since(0) == ()


async def test_a_rejected_save_is_tried_again_with_the_next(stage: Stage) -> None:
    (stage.root / "other.py").write_text("")
    assert await stage.outcome("rejected") == "rejected"
    assert await stage.answer() == "one"
    event = await stage.save("", "other.py")
    assert event is not None
    assert event["outcome"] == "rejected"
    assert event["files"] == ["other.py", "plugin.py"]
    assert await stage.outcome("two") == "patched"
    event = await stage.save("three")
    assert event is not None
    assert event["files"] == ["plugin.py"]


async def test_going_back_after_an_error_takes_the_error_off(stage: Stage) -> None:
    assert await stage.outcome("rejected") == "rejected"
    assert await stage.outcome("one") == "unchanged"
    assert await stage.outcome("one") is None


@reloading
async def test_after_a_failure_the_next_save_is_tried(stage: Stage) -> None:
    assert await stage.outcome("fails") == "failed"
    assert not stage.host.loaded
    assert await stage.outcome("two") == "reloaded"
    assert stage.host.loaded


async def test_a_plugin_that_is_not_loaded_is_reloaded_not_patched(tmp_path: Path) -> None:
    (tmp_path / "plugin.py").write_text("fails")
    stage = Stage(tmp_path, patch_live=True)
    try:
        assert (await stage.host.start())["loaded"] is False
        assert await stage.outcome("two") == "reloaded"
        assert await stage.outcome("three") == "patched"
    finally:
        await stage.host.stop()


async def die(stage: Stage) -> None:
    with pytest.raises(Exception, match="exit code 5"):
        await stage.host.request(Operation.MESSAGE, text="die")


async def test_a_worker_that_ends_by_itself_is_replaced_and_resumes_its_state(stage: Stage) -> None:
    await die(stage)
    assert await stage.answer() == "one"  # it waits for the next worker
    assert await stage.outcomes(1) == ["restarted"]
    assert stage.events.since(0)[0]["reason"] == "The worker ended with exit code 5."
    loads = [line for line in stage.log.read_text().splitlines() if line.startswith("load")]
    assert ["'restore': True" in line for line in loads] == [False, True]
    assert await stage.outcome("two") == "patched"


async def test_it_is_replaced_three_times_a_minute_and_then_at_the_next_save(stage: Stage) -> None:
    for count in range(1, 4):
        await die(stage)
        assert await stage.outcomes(count) == ["restarted"] * count
    await die(stage)
    assert await stage.outcomes(4) == ["restarted"] * 3 + ["failed"]
    error = stage.events.since(0)[-1]["error"]
    assert error["message"].startswith("The worker ended with exit code 5.")
    assert error["traceback"] == "last words"
    assert await stage.outcome("two") == "restarted"
    assert await stage.answer() == "two"


async def test_a_dead_worker_is_restarted_on_request(stage: Stage) -> None:
    for count in range(1, 5):
        await die(stage)
        await stage.outcomes(count)
    assert (await stage.manager.reload_now())["outcome"] == "restarted"


async def test_a_worker_that_dies_of_a_save_is_replaced_in_the_same_round(stage: Stage) -> None:
    assert await stage.outcome("die at refresh") == "restarted"
    assert await stage.outcomes(1) == ["restarted"]


async def test_a_worker_that_dies_at_every_start_stays_failed(stage: Stage) -> None:
    (stage.root / "plugin.py").write_text("die at load")
    await die(stage)
    assert await stage.outcomes(1) == ["failed"]
    assert await stage.outcome("die at load") == "failed"
    assert await stage.outcome("two") == "restarted"


async def test_a_worker_that_does_not_answer_is_replaced(stage: Stage) -> None:
    event = await stage.save("silent")
    assert event is not None
    assert event["outcome"] == "restarted"
    assert "did not answer refresh within 1 s" in event["reason"]


async def test_a_request_says_also_that_nothing_changed(stage: Stage) -> None:
    assert (await stage.manager.reload_now())["outcome"] == "unchanged"
    assert (await stage.manager.reload_now(full=True))["outcome"] == "reloaded"
    assert stage.asked() == ["load", "refresh", "reload"]


class CountingWorker:
    """Patches everything, and counts how many requests are under way at once."""

    loaded = True
    is_alive = True
    death = None

    def __init__(self) -> None:
        self.running = 0
        self.most = 0
        self.files: list[object] = []

    async def restart(self, *, gently: bool = False, keep_state: bool = True) -> Mapping[str, Any]:
        raise AssertionError("it is alive")

    def hold_messages(self) -> None: ...

    def release_messages(self) -> None: ...

    async def request(self, operation: Operation, *, within: float | None = None, **parameters: Any) -> Any:
        self.running += 1
        self.most = max(self.most, self.running)
        self.files.append(parameters["files"])
        for _ in range(10):
            await asyncio.sleep(0)
        self.running -= 1
        return {"outcome": "patched"}


async def test_rounds_do_not_overlap(tmp_path: Path) -> None:
    worker = CountingWorker()
    manager = HotReloadManager(tmp_path, worker, EventLog(), patch_live=True)
    saves = [manager.carry_out(Save((tmp_path / f"{number}.py",), 0.0)) for number in range(5)]
    await asyncio.gather(manager.reload_now(), *saves, manager.reload_now())
    assert worker.most == 1
    assert worker.files == [None, *([str(tmp_path / f"{number}.py")] for number in range(5)), None]
