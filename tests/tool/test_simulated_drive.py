"""Driving components by hand: tools, actions, services, events, through the real worker process and in this one."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from mpdt.worker.cores import Stimulus, StimulusKind
from mpdt.worker.errors import WorkerError
from tests.tool.worker_kit import Hosted, Refused, WorkerProcess, loaded, make_plugin

PLUGIN = """
from typing import Annotated, Literal
from src.app.plugin_system.base import (
    BaseAction, BaseEventHandler, BasePlugin, BaseService, BaseTool, register_plugin,
)
from src.app.plugin_system.types import EventType
from src.kernel.event import EventDecision

class Weather(BaseTool):
    tool_name = "weather"
    tool_description = "Tells the weather."

    async def execute(self, city: Annotated[str, "Where"], days: int = 1, unit: Literal["C", "F"] = "C"):
        return True, {"city": city, "days": days, "unit": unit, "stream": bool(self.get_current_stream_id())}

class Fails(BaseTool):
    tool_name = "fails"
    tool_description = "Fails."

    async def execute(self):
        raise LookupError("no such city")

class Wave(BaseAction):
    action_name = "wave"
    action_description = "Waves."
    associated_types = ["text"]

    async def execute(self, to: str) -> tuple[bool, str]:
        await self._send_to_stream(f"o/ {to}")
        return True, "waved"

class Sums(BaseService):
    service_name = "sums"

    def add(self, a: int, b: int = 1) -> int:
        return a + b

    async def later(self) -> set[str]:
        return {"x"}

class Deaf(BaseEventHandler):
    handler_name = "deaf"
    init_subscribe = ["sums_wanted", EventType.ON_START]

    async def execute(self, event_name, params):
        return EventDecision.SUCCESS, {**params, "seen": params.get("seen", 0) + 1} if "seen" in params else params

@register_plugin
class ProbePlugin(BasePlugin):
    plugin_name = "probe"

    def get_components(self):
        return [Weather, Fails, Wave, Sums, Deaf]
"""


async def drive(host: Hosted, kind: str, name: str, **arguments: Any) -> Any:
    driven = await host.mini_core.drive(Stimulus(StimulusKind(kind), name, arguments))
    assert driven.error is None, driven.error.traceback
    return driven.result


async def test_a_tool_answers_with_its_arguments_and_defaults(tmp_path: Path) -> None:
    async with loaded(make_plugin(tmp_path, {"plugin.py": PLUGIN})) as host:
        answer = await drive(host, "tool", "weather", city="Wuhan")
        assert answer == [True, {"city": "Wuhan", "days": 1, "unit": "C", "stream": True}]
        assert (await drive(host, "tool", "probe:tool:weather", city="x", unit="F"))[1]["unit"] == "F"


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ({}, "'city' is missing"),
        ({"city": 3}, "'city' must be a string, not 3"),
        ({"city": "x", "days": "2"}, "'days' must be an integer, not \"2\""),
        ({"city": "x", "days": True}, "'days' must be an integer, not true"),
        ({"city": "x", "unit": "K"}, '\'unit\' must be one of "C", "F", not "K"'),
        ({"city": "x", "citty": "y"}, "there is no 'citty'; did you mean 'city'?"),
    ],
)
async def test_arguments_that_do_not_fit_the_schema_are_refused(
    tmp_path: Path, arguments: dict[str, Any], sentence: str
) -> None:
    async with loaded(make_plugin(tmp_path, {"plugin.py": PLUGIN})) as host:
        with pytest.raises(WorkerError) as refused:
            await drive(host, "tool", "weather", **arguments)
        assert sentence in str(refused.value)


async def test_what_the_component_raises_is_told_with_its_line(tmp_path: Path) -> None:
    folder = make_plugin(tmp_path, {"plugin.py": PLUGIN})
    async with loaded(folder) as host:
        driven = await host.mini_core.drive(Stimulus(StimulusKind.TOOL, "fails"))
        assert driven.error is not None
        assert (driven.error.type, driven.error.message) == ("LookupError", "no such city")
        assert driven.error.path == folder / "plugin.py"
        assert "raise LookupError" in (folder / "plugin.py").read_text().splitlines()[(driven.error.line or 0) - 1]


async def test_an_action_sends_into_the_stream_of_the_call(tmp_path: Path) -> None:
    async with loaded(make_plugin(tmp_path, {"plugin.py": PLUGIN})) as host:
        driven = await host.mini_core.drive(Stimulus(StimulusKind.ACTION, "wave", {"to": "you"}))
        assert driven.result == [True, "waved"]
        assert [reply.content for reply in driven.conversation.replies] == ["o/ you"]


async def test_a_services_method_is_called_by_signature(tmp_path: Path) -> None:
    async with loaded(make_plugin(tmp_path, {"plugin.py": PLUGIN})) as host:
        assert await drive(host, "service", "sums.add", a=2) == 3
        assert await drive(host, "service", "sums.later") == ["x"]
        with pytest.raises(WorkerError, match="'a' must be an integer"):
            await drive(host, "service", "sums.add", a="2")
        with pytest.raises(WorkerError, match=r"no method 'ad'; did you mean 'add'\?"):
            await drive(host, "service", "sums.ad", a=2)


ADAPTERS = """
from src.app.plugin_system.base import BaseAdapter, BasePlugin, register_plugin


class Line(BaseAdapter):
    adapter_name = "line"
    platform = "line"

    async def from_platform_message(self, raw):
        if "text" not in raw:
            raise KeyError("text")
        return {"platform": self.platform, "text": raw["text"], "plugin": self.plugin.plugin_name}

    async def _send_platform_message(self, envelope): ...

    async def get_bot_info(self):
        return {}


class Silent(BaseAdapter):
    adapter_name = "silent"


@register_plugin
class ProbePlugin(BasePlugin):
    plugin_name = "probe"

    def get_components(self):
        return [Line, Silent]
"""


async def test_an_adapter_says_what_it_makes_of_its_platforms_event(tmp_path: Path) -> None:
    async with loaded(make_plugin(tmp_path, {"plugin.py": ADAPTERS})) as host:
        assert await drive(host, "adapter", "line", text="hi") == {"platform": "line", "text": "hi", "plugin": "probe"}
        driven = await host.mini_core.drive(Stimulus(StimulusKind.ADAPTER, "line", {"txt": 1}))
        assert driven.error is not None
        assert driven.error.type == "KeyError"
        with pytest.raises(WorkerError, match="'silent' has no from_platform_message"):
            await drive(host, "adapter", "silent")
        with pytest.raises(WorkerError, match="no adapter 'lin'; did you mean 'line'"):
            await drive(host, "adapter", "lin")


async def test_an_event_is_published_and_its_outcome_told(tmp_path: Path) -> None:
    async with loaded(make_plugin(tmp_path, {"plugin.py": PLUGIN})) as host:
        outcome = await drive(host, "event", "sums_wanted", seen=1)
        assert outcome == {"decision": "SUCCESS", "params": {"seen": 2}, "handlers": ["probe:event_handler:deaf"]}
        assert (await drive(host, "event", "on_stop"))["handlers"] == []
        with pytest.raises(WorkerError, match=r"no event 'sums_wantd'; did you mean 'sums_wanted'\?"):
            await drive(host, "event", "sums_wantd")


async def test_a_name_that_does_not_exist_is_answered_with_the_closest(tmp_path: Path) -> None:
    async with loaded(make_plugin(tmp_path, {"plugin.py": PLUGIN})) as host:
        with pytest.raises(WorkerError, match=r"no tool 'wether'; did you mean 'weather'\?"):
            await drive(host, "tool", "wether")
        with pytest.raises(WorkerError, match="registers no chatter"):
            await drive(host, "chatter", "x")


def test_the_worker_process_answers_calls(tmp_path: Path) -> None:
    with WorkerProcess() as worker:
        worker.ask("load", path=str(make_plugin(tmp_path, {"plugin.py": PLUGIN})))
        answer = worker.ask("call", kind="tool", name="weather", arguments={"city": "Wuhan"})
        assert answer["result"][1]["city"] == "Wuhan"
        assert (answer["error"], answer["replies"], answer["timed_out"]) == (None, [], False)
        assert worker.ask("call", kind="tool", name="fails")["error"]["type"] == "LookupError"
        with pytest.raises(Refused, match="'nothing' cannot be called"):
            worker.ask("call", kind="nothing", name="x")
        worker.ask("shutdown")
