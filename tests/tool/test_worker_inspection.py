"""Components with their calls, holdings and figures, of real plugins in the real worker process."""

from __future__ import annotations

import select
import shutil
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from mpdt.worker.monitor import LOOKING, Monitor
from tests.tool.worker_kit import DEADLINE, REPOSITORY, Refused, WorkerProcess, edit, make_plugin

CODE = """
import asyncio
import atexit
import pathlib
import socket
import sqlite3
import subprocess
import sys
import threading

from src.app.plugin_system.api.send_api import send_text
from src.app.plugin_system.base import (
    BaseAction, BaseChatter, BaseCommand, BaseEventHandler, BasePlugin, BaseService, BaseTool, cmd_route,
    register_plugin,
)
from src.app.plugin_system.types import EventType, PermissionLevel
from src.kernel.scheduler import TriggerType, get_unified_scheduler


class Say(BaseCommand):
    command_name = "say"
    command_description = "Says it."
    permission_level = PermissionLevel.OPERATOR

    @cmd_route("loud")
    async def loud(self, text: str, times: int = 2):
        \"\"\"Says it loudly.

        Args:
            text: What is said.
        \"\"\"
        await send_text(text * times, self.stream_id)
        return True, ""


class Weather(BaseTool):
    tool_name = "weather"
    tool_description = "Tells the weather."

    async def execute(self, city: str, days: int = 1, units: list[str] | None = None):
        \"\"\"Asks.

        Args:
            city: Where.
        \"\"\"
        await send_text(f"asked for {city}", self.stream_id)
        return True, {"city": city, "days": days}


class Wave(BaseAction):
    action_name = "wave"
    associated_types = ["text"]

    async def execute(self, to: str):
        return True, to


class Store(BaseService):
    service_name = "store"

    async def get(self, key: str) -> str:
        return key


class Sees(BaseEventHandler):
    handler_name = "sees"
    weight = 7
    init_subscribe = [EventType.ON_MESSAGE_RECEIVED, "bell"]

    async def execute(self, event_name, params):
        if event_name == "bell" and params.get("block"):
            import time
            time.sleep(params["block"])
        if event_name == "bell" and params.get("fail"):
            raise ValueError("no bell")
        return "PASS", params


class Broken(BaseTool):
    tool_name = "broken"
    execute = None


@register_plugin
class ProbePlugin(BasePlugin):
    plugin_name = "probe"

    def get_components(self):
        return [Say, Weather, Wave, Store, Sees, Broken]

    async def on_plugin_loaded(self):
        self.task = asyncio.create_task(self.beat(), name="beat")
        self.timer = asyncio.get_running_loop().call_later(1000, self.ring)
        self.stop = threading.Event()
        self.thread = threading.Thread(target=self.stop.wait, name="waiter", daemon=True)
        self.thread.start()
        self.server = await asyncio.start_server(lambda r, w: None, "127.0.0.1", 0)
        self.file = open(pathlib.Path(__file__).parent / "manifest.json")
        self.child = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
        self.base = sqlite3.connect(":memory:")
        atexit.register(self.ring)
        await get_unified_scheduler().create_schedule(
            self.ring, TriggerType.TIME, {"delay_seconds": 5000}, task_name="nightly"
        )

    async def beat(self):
        await asyncio.sleep(5000)

    def ring(self):
        pass

    async def on_plugin_unloaded(self):
        self.stop.set()
        self.child.kill()
        self.child.wait()
        self.child.stdin.close()
        self.file.close()
"""


@pytest.fixture(scope="module")
def worker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[WorkerProcess]:
    folder = tmp_path_factory.mktemp("inspect")
    with WorkerProcess(environment={"XDG_CACHE_HOME": str(folder / "cache")}) as worker:
        loaded = worker.ask("load", path=str(make_plugin(folder, {"plugin.py": CODE})), core="simulated")
        assert loaded["error"] is None, loaded["error"]["traceback"]
        yield worker


def by_name(answer: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {f"{one['kind']}:{one['name']}": one for one in answer["components"]}


def line_of(text: str) -> int:
    return CODE.splitlines().index(text) + 1


def test_every_component_says_where_it_is_and_how_it_is_called(worker: WorkerProcess) -> None:
    known = by_name(worker.ask("components"))
    weather = known["tool:weather"]
    assert (weather["description"], Path(weather["file"]).name) == ("Tells the weather.", "plugin.py")
    begins = "    async def execute(self, city: str, days: int = 1, units: list[str] | None = None):"
    assert weather["line"] == line_of(begins)
    assert weather["class"] == "probe_plugin.plugin.Weather"
    (call,) = weather["calls"]
    assert (call["kind"], call["name"]) == ("tool", "weather")
    assert call["parameters"]["required"] == ["city"]
    assert call["parameters"]["properties"]["city"] == {"type": "string", "description": "Where."}
    assert call["parameters"]["properties"]["days"]["default"] == 1
    assert call["parameters"]["properties"]["units"]["items"] == {"type": "string"}

    say = known["command:say"]
    assert (say["permission"], say["description"]) == ("operator", "Says it.")
    (call,) = say["calls"]
    assert (call["kind"], call["say"]) == ("message", "/say loud")
    assert [*call["parameters"]["properties"]] == ["text", "times"]

    assert [one["name"] for one in known["service:store"]["calls"]] == ["store.get"]
    assert known["action:wave"]["metadata"] == {"associated_types": ["text"], "chat_type": "all"}
    assert [one["name"] for one in known["event_handler:sees"]["calls"]] == ["on_message_received", "bell"]
    assert known["event_handler:sees"]["metadata"]["weight"] == 7


def test_each_call_is_what_can_be_called(worker: WorkerProcess) -> None:
    """What the form sends is what ``/api/call`` takes, and its answer has the captured sends."""
    (call,) = by_name(worker.ask("components"))["tool:weather"]["calls"]
    answer = worker.ask("call", kind=call["kind"], name=call["name"], arguments={"city": "x"})
    assert (answer["result"], answer["error"]) == ([True, {"city": "x", "days": 1}], None)
    assert [reply["content"] for reply in answer["replies"]] == ["asked for x"]
    (call,) = by_name(worker.ask("components"))["command:say"]["calls"]
    assert worker.say(f"{call['say']} hi 3", role="owner") == ["hihihi"]
    for kind in ("service", "action"):
        (call,) = by_name(worker.ask("components"))[f"{kind}:{'store' if kind == 'service' else 'wave'}"]["calls"]
        (argument,) = call["parameters"]["required"]
        assert worker.ask("call", kind=kind, name=call["name"], arguments={argument: "y"})["error"] is None


def test_a_component_that_cannot_be_described_leaves_the_others(worker: WorkerProcess) -> None:
    known = by_name(worker.ask("components"))
    assert known["tool:broken"]["calls"] == []
    assert known["tool:broken"]["undescribed"]
    assert known["tool:weather"]["calls"]


def test_events_and_schedules_are_listed(worker: WorkerProcess) -> None:
    answer = worker.ask("components")
    heard = {one["name"]: one["heard"] for one in answer["events"]}
    assert (heard["bell"], heard["on_stop"]) == (True, False)
    (nightly,) = answer["schedules"]
    assert (nightly["kind"], nightly["name"], nightly["schedule"]["task_name"]) == ("schedule", "nightly", "nightly")


def test_what_runs_and_is_open_is_listed_with_its_place(worker: WorkerProcess) -> None:
    answer = worker.ask("held")
    others = ("schedule nightly", "0")  # and the file that is the child's standard input
    found = {one["kind"]: one for one in reversed(answer["holdings"]) if one["name"] not in others}
    wanted = {
        "task": 'self.task = asyncio.create_task(self.beat(), name="beat")',
        "timer": "self.timer = asyncio.get_running_loop().call_later(1000, self.ring)",
        "thread": "self.thread.start()",
        "server": 'self.server = await asyncio.start_server(lambda r, w: None, "127.0.0.1", 0)',
        "file": 'self.file = open(pathlib.Path(__file__).parent / "manifest.json")',
        "subprocess": 'self.child = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)',
        "database": 'self.base = sqlite3.connect(":memory:")',
        "exit handler": "atexit.register(self.ring)",
    }
    places = {kind: found[kind]["place"] for kind in wanted}
    assert places == {kind: f"plugin.py:{line_of(f'        {text}')}" for kind, text in wanted.items()}
    assert found["task"]["name"] == "beat"
    assert found["task"]["stands"].endswith("in ProbePlugin.beat")
    assert found["task"]["age"] >= 0
    assert 0 < found["timer"]["due"] <= 1000
    assert found["server"]["name"].startswith("127.0.0.1:")
    assert found["database"]["name"] == "Connection"
    handlers = [(one["event"], one["priority"]) for one in answer["subscriptions"] if "sees" in one["handler"]]
    assert sorted(handlers) == [("bell", 7), ("on_message_received", 7)]
    assert worker.ask("held")["holdings"][0]["age"] >= found["task"]["age"]  # looking forgets nothing


def figures(answer: dict[str, Any], number: int) -> dict[str, Any]:
    period = answer["periods"][number]
    return {name.rpartition(":")[2]: (one["calls"], one["errors"]) for name, one in period["handlers"].items()}


def test_handlers_figures_are_kept_for_each_change(tmp_path: Path) -> None:
    folder = make_plugin(tmp_path, {"plugin.py": CODE})
    with WorkerProcess() as worker:
        assert worker.ask("load", path=str(folder), core="simulated")["loaded"]
        for fail in (False, False, True):
            worker.ask("call", kind="event", name="bell", arguments={"fail": fail})
        answer = worker.ask("performance")
        assert (len(answer["periods"]), figures(answer, -1)["sees"]) == (1, (3, 1))
        edit(folder, '"no bell"', '"still no bell"')
        assert worker.ask("refresh", files=[str(folder / "plugin.py")])["outcome"] == "patched"
        worker.ask("call", kind="event", name="bell", arguments={"fail": False})
        answer = worker.ask("performance")
        assert [figures(answer, number).get("sees") for number in (0, 1)] == [(3, 1), (1, 0)]
        assert answer["periods"][1]["change"]["outcome"] == "patched"
        assert answer["periods"][1]["handlers"]["probe:event_handler:sees"]["p95"] > 0


def samples(worker: WorkerProcess, least: int) -> list[dict[str, Any]]:
    """Asks as the page does, until there is one of that number."""
    found: list[dict[str, Any]] = []
    ends = time.monotonic() + DEADLINE
    while not found or found[-1]["number"] < least:
        assert time.monotonic() < ends
        found += worker.ask("performance", since=found[-1]["number"] if found else 0)["samples"]
        select.select([], [], [], 0.1)
    return found


def test_lag_and_memory_are_sampled_while_somebody_looks_also_of_a_blocked_loop(worker: WorkerProcess) -> None:
    first = samples(worker, 2)
    assert first[1]["number"] == first[0]["number"] + 1
    assert 0.7 < first[1]["at"] - first[0]["at"] < 3
    assert first[1]["memory"] > 1_000_000
    blocked = worker.send("call", kind="event", name="bell", arguments={"block": 1.8})
    lags = [one["lag"] for one in samples(worker, first[-1]["number"] + 4)]
    assert max(lags) > 1000, lags
    assert worker.receive(blocked).error is None


def test_looking_at_a_blocked_loop_is_refused_with_its_place(worker: WorkerProcess) -> None:
    blocked = worker.send("call", kind="event", name="bell", arguments={"block": 2.6})
    with pytest.raises(Refused, match=r"blocked at .*plugin\.py:\d+ in Sees\.execute"):
        worker.ask("held")
    assert worker.ask("performance")["periods"]
    assert worker.receive(blocked).error is None
    assert worker.ask("held")["holdings"]


def test_nothing_is_sampled_when_nobody_looks_and_the_ring_is_bounded() -> None:
    monitor = Monitor()
    for now in range(100):
        monitor.tick(float(now), 0.0)
    assert monitor.history(0)["samples"] == []
    for now in range(100, 2000):
        monitor.look(float(now))
        monitor.tick(float(now), 0.25)
    kept = monitor.history(0)["samples"]
    assert (len(kept), kept[-1]["lag"]) == (600, 250.0)
    assert [one["number"] for one in monitor.history(kept[-3]["number"])["samples"]] == [1898, 1899]
    for now in range(2000, 3000):
        monitor.tick(float(now), 0.0)
    assert monitor.history(0)["samples"][-1]["number"] <= 1899 + LOOKING


def test_many_changes_keep_a_bounded_history() -> None:
    monitor = Monitor()
    for number in range(100):
        monitor.observe("one", 0.001, failed=False)
        monitor.changed("patched", {"apply": float(number)})
    periods = monitor.history(0)["periods"]
    assert [one["number"] for one in periods] == list(range(88, 101))


# The classic flavour.


def test_a_classic_plugins_components_can_all_be_called(tmp_path: Path) -> None:
    folder = tmp_path / "classic_plugin"
    shutil.copytree(REPOSITORY / "examples" / "classic_plugin", folder, ignore=shutil.ignore_patterns("__pycache__"))
    with WorkerProcess() as worker:
        assert worker.ask("load", path=str(folder), core="simulated")["error"] is None
        known = by_name(worker.ask("components"))
        assert [one["say"] for one in known["plus_command:dice"]["calls"]] == ["/dice", "/roll"]
        (tool,) = known["tool:roll_dice"]["calls"]
        assert tool["parameters"]["required"] == ["notation"]
        answer = worker.ask("call", kind=tool["kind"], name=tool["name"], arguments={"notation": "1d2"})
        assert answer["result"]["content"][0] in (1, 2)
        (prompt,) = known["prompt:dice_prompt"]["calls"]
        assert worker.ask("call", kind="prompt", name=prompt["name"], arguments={})["result"].endswith("roll dice.")
        (event,) = known["event_handler:dice_counter"]["calls"]
        assert worker.ask("call", kind=event["kind"], name=event["name"], arguments={})["error"] is None
        assert [one["handler"] for one in worker.ask("held")["subscriptions"]] == ["dice_counter"]
        handler = worker.ask("tree", path=["handler dice_counter"])["node"]
        assert {one["name"]: one["text"] for one in handler["children"]}["seen"] == "1"


def test_before_a_plugin_is_loaded_there_is_nothing_to_look_at(tmp_path: Path) -> None:
    with WorkerProcess() as worker:
        for operation in ("components", "tree", "held", "performance", "config_form"):
            with pytest.raises(Refused, match="No plugin has been loaded"):
                worker.ask(operation)
        worker.ask("load", path=str(make_plugin(tmp_path, {"plugin.py": "1 / 0"})), core="simulated")
        for operation in ("components", "tree", "held", "config_form"):
            with pytest.raises(Refused, match="mend the error and save"):
                worker.ask(operation)
