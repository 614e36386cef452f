"""The plugin's live state as a tree: what is in it, and that looking runs none of the plugin's code."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from mpdt.worker.secrecy import MASK, is_secret
from tests.tool.worker_kit import Refused, WorkerProcess, make_plugin

CODE = """
import collections
import dataclasses
import datetime
import enum
import pathlib

from src.app.plugin_system.base import (
    BaseConfig, BaseEventHandler, BasePlugin, Field, SectionBase, config_section, register_plugin,
)
from src.app.plugin_system.types import EventType

ran = []


class Spy(type):
    def __getattribute__(cls, name):
        if armed:
            ran.append(f"metaclass {name}")
        return super().__getattribute__(name)

    def __instancecheck__(cls, one):
        ran.append("instancecheck")
        return True


armed = False


class Trap(metaclass=Spy):
    __slots__ = ("__dict__", "slot", "unset")

    def __init__(self):
        self.slot = "kept in a slot"
        self.plain = 1

    def __getattribute__(self, name):
        ran.append(f"getattribute {name}")
        return object.__getattribute__(self, name)

    def __repr__(self):
        ran.append("repr")
        return "lies"

    def __hash__(self):
        return 7

    def __eq__(self, other):
        ran.append("eq")
        return True

    def __len__(self):
        ran.append("len")
        return 3

    @property
    def __class__(self):
        ran.append("class")
        return dict

    @property
    def shown(self):
        ran.append("property")
        return 1


class LoudDict(dict):
    def items(self):
        ran.append("items")
        return []

    def __iter__(self):
        ran.append("iter")
        return iter(())

    def __len__(self):
        ran.append("len")
        return 0

    def __getitem__(self, key):
        ran.append("getitem")


class LoudText(str):
    def __repr__(self):
        ran.append("repr of text")
        return "lies"

    def __format__(self, how):
        ran.append("format of text")
        return "lies"


class LoudNumber(int):
    def __repr__(self):
        ran.append("repr of number")
        return "lies"


class Colour(enum.Enum):
    RED = 1


@dataclasses.dataclass
class Point:
    x: int
    y: int


def helper():
    pass


class ProbeConfig(BaseConfig):
    @config_section("service")
    class Service(SectionBase):
        url: str = "http://127.0.0.1"
        api_key: str = Field(default="sk-very-secret")
        max_tokens: int = 100

    service: Service = Field(default_factory=Service)


class Counts(BaseEventHandler):
    handler_name = "counts"
    init_subscribe = [EventType.ON_MESSAGE_RECEIVED]

    def __init__(self, plugin):
        super().__init__(plugin)
        self.seen = 5

    async def execute(self, event_name, params):
        return "PASS", params


@register_plugin
class ProbePlugin(BasePlugin):
    plugin_name = "probe"
    configs = [ProbeConfig]

    def __init__(self, config=None):
        super().__init__(config)
        self.trap = Trap()
        self.loud = LoudDict({"a": 1, LoudText("b"): LoudText("two"), LoudNumber(3): LoudNumber(4)})
        self.trapped = {Trap(): "by a trap"}
        self.text = "x" * 100_000
        self.big = 1 << 100_000
        self.many = list(range(1_000))
        self.deque = collections.deque([1, [2, [3, [4, [5, [6]]]]]], maxlen=9)
        self.twice = {1.0: "number", "1.0": "text", "'1.0'": "quoted"}
        self.when = datetime.datetime(2026, 1, 2)
        self.where = pathlib.Path("/a")
        self.colour = Colour.RED
        self.point = Point(1, 2)
        self.helper = helper
        self.itself = self
        self.password = "hunter2"
        self.header = {"Authorization": "x", "sent": f"Bearer {config.service.api_key}"}
        self.secrets = ["one", {"two": "three"}]
        self.lock = collections.Counter("aab")
        global armed
        armed = True
        ran.clear()

    def get_components(self):
        return [Counts]
"""


class State:
    def __init__(self, worker: WorkerProcess) -> None:
        self.worker = worker

    def at(self, *path: Any, **limits: Any) -> dict[str, Any]:
        node = self.worker.ask("tree", path=list(path), **limits)["node"]
        assert isinstance(node, dict)
        return node

    def below(self, *path: Any, **limits: Any) -> dict[str, Any]:
        return {one["name"]: one for one in self.at(*path, **limits)["children"]}


@pytest.fixture(scope="module")
def state(tmp_path_factory: pytest.TempPathFactory) -> Iterator[State]:
    folder = tmp_path_factory.mktemp("tree")
    with WorkerProcess(environment={"XDG_CACHE_HOME": str(folder / "cache")}) as worker:
        loaded = worker.ask("load", path=str(make_plugin(folder, {"plugin.py": CODE})), core="simulated")
        assert loaded["error"] is None, loaded["error"]["traceback"]
        yield State(worker)


def test_roots_are_the_plugin_its_handlers_and_modules(state: State) -> None:
    roots = state.worker.ask("tree")["nodes"]
    assert [one["name"] for one in roots] == [
        *("plugin", "handler counts", "module probe_plugin", "module probe_plugin.plugin")
    ]
    assert state.below("handler counts")["seen"]["text"] == "5"
    assert "ran" in state.below("module probe_plugin.plugin")


def everything(state: State) -> None:
    """Opens all that can be opened, six levels deep."""
    waiting: list[list[Any]] = [[one["name"]] for one in state.worker.ask("tree")["nodes"]]
    opened = 0
    while waiting and opened < 300:
        path = waiting.pop(0)
        opened += 1
        for child in state.at(*path, depth=1, width=30)["children"]:
            if child["count"] and not child["masked"] and len(path) < 6:
                waiting.append([*path, child["step"]])
    assert opened > 20


def test_nothing_of_the_plugins_code_runs(state: State) -> None:
    before = state.below("module probe_plugin.plugin")["ran"]["length"]  # loading does run some
    state.worker.ask("tree", depth=4)
    everything(state)
    after = state.at("module probe_plugin.plugin", ["field", "ran"], offset=before)
    assert after["count"] == before, [one["text"] for one in after["children"]]


def test_values_are_what_is_in_the_objects(state: State) -> None:
    plugin = state.below("plugin", width=200)
    assert plugin["when"]["text"] == "datetime.datetime(2026, 1, 2, 0, 0)"
    assert plugin["where"]["text"] == "PosixPath('/a')"
    assert plugin["colour"]["text"] == "probe_plugin.plugin.Colour.RED"
    assert plugin["helper"]["text"].startswith("helper at ")
    assert plugin["big"]["text"] == "an integer of 100,001 bits"
    assert (plugin["text"]["length"], len(plugin["text"]["text"])) == (100_000, 200)
    assert {name: one["text"] for name, one in state.below("plugin", ["field", "point"]).items()} == {
        "x": "1",
        "y": "2",
    }
    trap = state.below("plugin", ["field", "trap"])
    assert {name: one["text"] for name, one in trap.items()} == {"slot": "'kept in a slot'", "plain": "1"}
    loud = state.below("plugin", ["field", "loud"])
    assert {name: one["text"] for name, one in loud.items()} == {"'a'": "1", "'b'": "'two'", "3": "4"}
    assert state.below("plugin", ["field", "lock"])["'a'"]["text"] == "2"


def test_width_depth_and_texts_are_bounded(state: State) -> None:
    page = state.at("plugin", ["field", "many"], width=3, offset=500)
    assert ([one["text"] for one in page["children"]], page["count"]) == (["500", "501", "502"], 1000)
    assert len(state.at("plugin", ["field", "many"], width=10_000)["children"]) == 200
    assert state.at("plugin", ["field", "many"], width=5, offset=999)["children"][0]["name"] == "999"
    deep = state.at("plugin", ["field", "deque"], depth=100)
    levels = 0
    while deep["children"]:
        deep, levels = deep["children"][-1], levels + 1
    assert levels == 4
    assert len(state.at("plugin", ["field", "text"], text=10**9)["text"]) < 5000
    assert len(json.dumps(state.worker.ask("tree", path=["plugin"], depth=4, width=200))) < 1_000_000


def test_a_cycle_ends(state: State) -> None:
    again = state.at("plugin", depth=4, width=200)
    inner = next(one for one in again["children"] if one["name"] == "itself")
    assert inner["cycle"]
    assert inner["children"] == []


def test_keys_that_are_shown_alike_are_told_apart(state: State) -> None:
    children = state.at("plugin", ["field", "twice"])["children"]
    for child, wanted in zip(children, ["'number'", "'text'", "'quoted'"], strict=True):
        assert child["text"] == wanted
        assert state.at("plugin", ["field", "twice"], child["step"])["text"] == wanted
    (trapped,) = state.at("plugin", ["field", "trapped"])["children"]
    assert state.at("plugin", ["field", "trapped"], trapped["step"])["text"] == "'by a trap'"


def test_secrets_are_masked_wherever_they_are(state: State) -> None:
    service = state.below("plugin", ["field", "config"], ["field", "service"])
    assert {name: one["text"] for name, one in service.items()} == {
        "url": "'http://127.0.0.1'",
        "api_key": MASK,
        "max_tokens": "100",
    }
    assert state.below("plugin", width=200)["password"]["text"] == MASK
    assert state.at("plugin", ["field", "password"])["text"] == MASK
    assert state.below("plugin", ["field", "secrets"])["0"]["text"] == MASK
    assert state.below("plugin", ["field", "secrets"], ["item", 1])["'two'"]["text"] == MASK
    assert state.below("plugin", ["field", "header"])["'sent'"]["text"] == MASK  # a copy under another name
    assert "very-secret" not in json.dumps(state.worker.ask("tree", path=["plugin"], depth=4, width=200))
    assert "hunter2" not in json.dumps(state.worker.ask("tree", path=["plugin"], depth=4, width=200))


@pytest.mark.parametrize(
    "path",
    [
        ["nobody"],
        ["plugin", ["field", "nothing"]],
        ["plugin", ["item", 0]],
        ["plugin", ["field", "many"], ["item", 5000]],
        ["plugin", ["field", "many"], ["item", -1]],
        ["plugin", ["field", "many"], ["key", "1", 0]],
        ["plugin", ["call", "get_components"]],
        ["plugin", []],
        ["plugin", "trap"],
        [["field", "trap"]],
        "plugin",
        [1],
        ["plugin", *[["field", "itself"]] * 200],
    ],
)
def test_a_path_that_leads_nowhere_is_refused_with_a_sentence(state: State, path: Any) -> None:
    with pytest.raises(Refused) as refused:
        state.worker.ask("tree", path=path)
    assert "failed" not in str(refused.value)
    assert str(refused.value).endswith(".")


@pytest.mark.parametrize("limits", [{"depth": "x"}, {"width": None}, {"offset": -5}, {"text": True}, {"depth": 1e9}])
def test_malformed_limits_are_as_none(state: State, limits: dict[str, Any]) -> None:
    assert state.worker.ask("tree", path=["plugin"], **limits)["node"]["children"]


@pytest.mark.parametrize(
    ("name", "secret"),
    [
        *((name, True) for name in ("token", "api_key", "apikey", "apiKey", "bot_token", "accessToken", "password")),
        *((name, True) for name in ("client_secret", "secrets", "db_passwd", "cookies", "private_key", "访问令牌")),
        *(
            (name, False)
            for name in ("max_tokens", "tokens", "token_count", "tokenizer", "key", "keyboard", "secretary")
        ),
        *((name, False) for name in ("passage", "compass_wording", "author", "broken", "total_tokens")),
    ],
)
def test_secrets_are_known_by_their_names(name: str, secret: bool) -> None:
    assert is_secret(name) is secret


def test_another_threads_changes_do_not_break_a_read(tmp_path: Path) -> None:
    code = CODE.replace(
        "        armed = True\n",
        """        armed = True
        import threading
        self.busy = {}
        self.stop = threading.Event()
        def change():
            number = 0
            while not self.stop.is_set():
                number += 1
                self.busy[number] = number
                self.busy.pop(number - 50, None)
        threading.Thread(target=change, daemon=True).start()
""",
    )
    with WorkerProcess() as worker:
        worker.ask("load", path=str(make_plugin(tmp_path, {"plugin.py": code})), core="simulated")
        state = State(worker)
        for _ in range(30):
            assert 0 <= len(state.at("plugin", ["field", "busy"], width=100)["children"]) <= 100
