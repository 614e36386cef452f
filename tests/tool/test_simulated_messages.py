"""The way of a message through the simulated core: commands, event handlers, replies."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from mpdt.worker.cores import Incoming
from tests.tool.worker_kit import loaded, make_plugin

HEAD = """
import asyncio
from enum import Enum
from src.app.plugin_system.api import send_api, service_api, event_api
from src.app.plugin_system.api.send_api import send_text
from src.app.plugin_system.base import (
    BaseCommand, BaseEventHandler, BasePlugin, BaseService, cmd_route, register_plugin,
)
from src.app.plugin_system.types import EventType, PermissionLevel
from src.kernel.event import EventDecision, get_event_bus

PARTS = []

def part(cls):
    PARTS.append(cls)
    return cls

@register_plugin
class ProbePlugin(BasePlugin):
    plugin_name = "probe"

    def get_components(self):
        return PARTS
"""

COMMANDS = """
class Colour(Enum):
    RED = "red"

@part
class Count(BaseCommand):
    command_name = "count"

    async def reply(self, *values):
        await send_text(repr(values), stream_id=self.stream_id)
        return True, ""

    @cmd_route()
    async def plain(self, word: str = "none"):
        return await self.reply("plain", word)

    @cmd_route("set")
    async def set(self, number: int, share: float = 0.5, yes: bool = False):
        return await self.reply(number, share, yes)

    @cmd_route("set", "all")
    async def set_all(self, numbers: list[int]):
        return await self.reply("all", numbers)

    @cmd_route("colour")
    async def colour(self, colour: Colour):
        return await self.reply(colour.name)

    @cmd_route("raw")
    async def raw(self, value, other="x"):
        return await self.reply(value, other)

    @cmd_route("fail")
    async def fail(self):
        raise LookupError("nothing there")

@part
class Secret(BaseCommand):
    command_name = "secret"
    permission_level = PermissionLevel.OWNER

    @cmd_route()
    async def plain(self):
        await send_text(f"for {self._message.sender_name}", stream_id=self.stream_id)
        return True, ""

@part
class Nested(BaseCommand):
    command_name = "nested"

    @cmd_route("a", "b")
    async def deep(self):
        return True, ""
"""


@pytest.mark.parametrize(
    ("text", "reply"),
    [
        ("/count", "('plain', 'none')"),
        ("/count five", "('plain', 'five')"),
        ("  /count   five six ", "('plain', 'five')"),
        ('/count "five six"', "('plain', 'five six')"),
        ("/count set 3", "(3, 0.5, False)"),
        ("/count set 3 0.25 yes", "(3, 0.25, True)"),
        ("/count set all 1,2,3", "('all', [1, 2, 3])"),
        ("/count colour red", "('RED',)"),
        ("/count raw 7", "('7', 'x')"),
    ],
)
async def test_routes_and_typed_arguments(tmp_path: Path, text: str, reply: str) -> None:
    folder = make_plugin(tmp_path, {"plugin.py": HEAD + COMMANDS})
    async with loaded(folder) as host:
        assert await host.say(text) == [reply]


@pytest.mark.parametrize(
    ("text", "log"),
    [
        ("/count set", "缺少参数: number"),
        ("/count set many", "参数类型错误: number"),
        ("/count colour blue", "参数类型错误: colour"),
        ("/count 'open", "参数解析错误"),
        ("/count fail", "LookupError('nothing there')"),
        ("/secret", "权限不足：需要 owner 权限，当前为 user"),
    ],
)
async def test_what_goes_wrong_is_logged_and_not_sent(tmp_path: Path, text: str, log: str) -> None:
    folder = make_plugin(tmp_path, {"plugin.py": HEAD + COMMANDS})
    async with loaded(folder) as host:
        assert await host.say(text) == []
        assert host.logged(log)


async def test_the_role_decides_who_may_run_a_command(tmp_path: Path) -> None:
    folder = make_plugin(tmp_path, {"plugin.py": HEAD + COMMANDS})
    async with loaded(folder) as host:
        assert await host.say("/secret", role="operator") == []
        assert await host.say("/secret", role="owner", user="Ada") == ["for Ada"]
        assert await host.say("/secret", user="Ada") == []


async def test_groups_and_people_have_streams_of_their_own(tmp_path: Path) -> None:
    folder = make_plugin(tmp_path, {"plugin.py": HEAD + COMMANDS})
    async with loaded(folder) as host:
        streams = []
        for more in ({}, {"user": "Ada"}, {"group": "42"}, {"group": "42", "user": "Ada"}):
            conversation = await host.mini_core.message(Incoming("/count", **more))
            streams += [reply.stream for reply in conversation.replies]
        assert len(set(streams)) == 3
        assert streams[2] == streams[3]


HANDLERS = """
TOLD = []

class Handler(BaseEventHandler):
    init_subscribe = [EventType.ON_MESSAGE_RECEIVED]
    decision = EventDecision.SUCCESS

    async def execute(self, event_name, params):
        await send_text(self.handler_name, stream_id=params["message"].stream_id)
        return self.decision, params

@part
class Late(Handler):
    handler_name = "late"
    weight = -5

@part
class Early(Handler):
    handler_name = "early"
    weight = 5

@part
class Same(Handler):
    handler_name = "same"

@part
class Ping(BaseCommand):
    command_name = "ping"

    @cmd_route()
    async def plain(self):
        await send_text("pong", stream_id=self.stream_id)
        return True, ""
"""


async def test_handlers_run_by_weight_with_the_commands_at_zero(tmp_path: Path) -> None:
    folder = make_plugin(tmp_path, {"plugin.py": HEAD + HANDLERS})
    async with loaded(folder) as host:
        assert await host.say("/ping") == ["early", "pong", "same", "late"]
        assert await host.say("ping") == ["early", "same", "late"]


async def test_a_handler_that_stops_keeps_the_rest_from_running(tmp_path: Path) -> None:
    stopping = HANDLERS + "\nEarly.decision = EventDecision.STOP\n"
    folder = make_plugin(tmp_path, {"plugin.py": HEAD + stopping})
    async with loaded(folder) as host:
        assert await host.say("/ping") == ["early"]


BAD_RESULTS = {
    "no pair": ("None", "must return (EventDecision, params)"),
    "no decision": ("'MAYBE', params", "is no EventDecision"),
    "other keys": ("EventDecision.SUCCESS, {}", "other keys"),
    "raises": ("1 / 0, params", "ZeroDivisionError"),
}


@pytest.mark.parametrize("case", BAD_RESULTS)
async def test_a_handler_with_a_bad_result_has_no_effect_on_the_rest(tmp_path: Path, case: str) -> None:
    code, log = BAD_RESULTS[case]
    bad = HANDLERS.replace("return self.decision, params", f"return {code}")
    folder = make_plugin(tmp_path, {"plugin.py": HEAD + bad})
    async with loaded(folder) as host:
        assert await host.say("/ping") == ["early", "pong", "same", "late"]
        assert len(host.logged(log)) == 3


async def test_a_handler_that_takes_too_long_is_cut_off(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mpdt.worker.cores.simulated.events.EVENT_HANDLER_TIMEOUT_SECONDS", 0.05)
    slow = HANDLERS.replace("return self.decision", "await asyncio.Event().wait()\n        return self.decision")
    folder = make_plugin(tmp_path, {"plugin.py": HEAD + slow})
    async with loaded(folder) as host:
        conversation = await host.mini_core.message(Incoming("/ping"))
        assert [reply.content for reply in conversation.replies] == ["early", "pong", "same", "late"]
        assert conversation.timed_out
        assert host.logged("took longer than 0.05 s")


async def test_what_is_sent_can_be_declined_or_changed_by_a_handler(tmp_path: Path) -> None:
    code = """
@part
class Guard(BaseEventHandler):
    handler_name = "guard"
    init_subscribe = ["on_message_sent"]

    async def execute(self, event_name, params):
        if "bad" in params["message"].content:
            return EventDecision.STOP, {**params, "continue_send": False}
        params["message"].content += "!"
        return EventDecision.SUCCESS, params

@part
class Say(BaseCommand):
    command_name = "say"

    @cmd_route()
    async def plain(self, word: str):
        await send_text(word, stream_id=self.stream_id)
        return True, ""
"""
    folder = make_plugin(tmp_path, {"plugin.py": HEAD + code})
    async with loaded(folder) as host:
        assert await host.say("/say good") == ["good!"]
        assert await host.say("/say bad") == []


async def test_all_kinds_are_sent_and_told_apart(tmp_path: Path) -> None:
    code = """
@part
class Media(BaseCommand):
    command_name = "media"

    @cmd_route()
    async def plain(self):
        await send_api.send_image("data", self.stream_id)
        await send_api.send_file("/a/b", self.stream_id, file_name="b")
        await send_api.send_custom({"x": 1}, "poke", self.stream_id)
        assert not await send_text("lost", "nowhere")
        return True, ""
"""
    folder = make_plugin(tmp_path, {"plugin.py": HEAD + code})
    async with loaded(folder) as host:
        conversation = await host.mini_core.message(Incoming("/media"))
        assert [(reply.type, reply.content) for reply in conversation.replies] == [
            ("image", "data"),
            ("file", {"path": "/a/b", "name": "b"}),
            ("unknown", ""),
        ]
        assert host.logged("there is no stream 'nowhere'")


async def test_services_custom_events_and_temporary_handlers(tmp_path: Path) -> None:
    code = """
@part
class Sums(BaseService):
    service_name = "sums"

    def add(self, a, b):
        return a + b

@part
class Use(BaseCommand):
    command_name = "use"

    @cmd_route()
    async def plain(self):
        sums = service_api.get_service("probe:service:sums")
        told = []

        async def once(name, params):
            told.append(params["n"])
            return (EventDecision.SUCCESS if params["n"] > 1 else EventDecision.PASS), params

        await event_api.create_temporary_handler(["probe_event"], once)
        for n in (1, 2, 3):
            await event_api.publish_event("probe_event", {"n": n})
        await send_text(f"{sums.add(1, 2)} {told} {service_api.get_service('probe:service:none')}", self.stream_id)
        return True, ""
"""
    folder = make_plugin(tmp_path, {"plugin.py": HEAD + code})
    async with loaded(folder) as host:
        assert await host.say("/use") == ["3 [1, 2] None"]


async def test_a_live_patch_of_class_and_method_takes_effect_at_once(tmp_path: Path) -> None:
    """As a patch does it: in place, on the registered classes."""
    folder = make_plugin(tmp_path, {"plugin.py": HEAD + HANDLERS})
    async with loaded(folder) as host:
        module = sys.modules["probe_plugin.plugin"]
        module.Ping.command_name = "pang"

        async def execute(self: object, event_name: str, params: dict[str, object]) -> object:
            return module.EventDecision.PASS, params

        module.Handler.execute = execute
        assert await host.say("/ping") == []
        assert await host.say("/pang") == ["pong"]


async def test_what_is_sent_outside_a_message_is_logged(tmp_path: Path) -> None:
    code = """
@part
class Later(BaseCommand):
    command_name = "later"

    @cmd_route()
    async def plain(self):
        self.plugin.go = asyncio.Event()

        async def later():
            await self.plugin.go.wait()
            await send_text("afterwards", self.stream_id)

        self.plugin.task = asyncio.create_task(later())
        return True, ""
"""
    folder = make_plugin(tmp_path, {"plugin.py": HEAD + code})
    async with loaded(folder) as host:
        assert await host.say("/later") == []
        version = host.mini_core._current
        assert version is not None
        version.instance.go.set()  # type: ignore[attr-defined]
        await version.instance.task  # type: ignore[attr-defined]
        assert host.logged("afterwards")
