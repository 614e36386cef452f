"""A model that answers: by rules, from a cassette, or at an OpenAI-compatible address; streaming and tool calls."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web

from tests.tool.worker_kit import Hosted, loaded, make_plugin

RULES = """
[tool.mpdt.llm]
default = "who knows"

[[tool.mpdt.llm.rules]]
match = "weather in (.*)"
tool = "tool-weather"
arguments = { city = "Wuhan" }

[[tool.mpdt.llm.rules]]
match = "sunny"
reply = "Take a hat."

[[tool.mpdt.llm.rules]]
match = ""
request = "diary"
reply = "Dear diary"
"""

PLUGIN = """
from src.app.plugin_system.api.llm_api import create_llm_request, get_model_set_by_task
from src.app.plugin_system.api.send_api import send_text
from src.app.plugin_system.base import BaseCommand, BasePlugin, BaseTool, cmd_route, register_plugin
from src.kernel.llm import ROLE, LLMPayload, Text, ToolResult

class Weather(BaseTool):
    tool_name = "weather"
    tool_description = "Tells the weather."

    async def execute(self, city: str):
        return True, f"sunny in {city}"

class Ask(BaseCommand):
    command_name = "ask"

    def request(self, text, name=""):
        request = create_llm_request(get_model_set_by_task("actor"), name)
        request.add_payload(LLMPayload(ROLE.SYSTEM, Text("be brief")))
        return request.add_payload(LLMPayload(ROLE.USER, Text(text)))

    async def say(self, *values):
        await send_text(" | ".join(map(str, values)), self.stream_id)
        return True, ""

    @cmd_route("whole")
    async def whole(self, text: str, name: str = ""):
        response = await self.request(text, name).send(stream=False)
        return await self.say(response.message, await response, response.call_list)

    @cmd_route("parts")
    async def parts(self, text: str):
        response = await self.request(text).send()
        return await self.say(*[part async for part in response])

    @cmd_route("tools")
    async def tools(self, text: str):
        request = self.request(text)
        request.add_payload(LLMPayload(ROLE.TOOL, [Weather]))
        response = await request.send(stream=False)
        while response.call_list:
            for call in response.call_list:
                _, answer = await Weather(self.plugin).execute(**call.args)
                response.add_payload(LLMPayload(ROLE.TOOL_RESULT, ToolResult(answer, call.id, call.name)))
            response = await response.send(stream=False)
        return await self.say(response.message, [one.role.value for one in response.payloads])

@register_plugin
class ProbePlugin(BasePlugin):
    plugin_name = "probe"

    def get_components(self):
        return [Ask, Weather]
"""


@asynccontextmanager
async def asked(tmp_path: Path, settings: str) -> AsyncIterator[Hosted]:
    async with loaded(make_plugin(tmp_path, {"plugin.py": PLUGIN, "pyproject.toml": settings})) as host:
        yield host
    await asyncio.get_running_loop().shutdown_default_executor()


async def test_a_rule_answers_a_request(tmp_path: Path) -> None:
    async with asked(tmp_path, RULES) as host:
        assert await host.say("/ask whole 'it is sunny'") == ["Take a hat. | Take a hat. | []"]
        assert await host.say("/ask whole 'x' diary") == ["Dear diary | Dear diary | []"]
        assert await host.say("/ask whole 'x'") == ["who knows | who knows | []"]


async def test_an_answer_streams_in_parts(tmp_path: Path) -> None:
    async with asked(tmp_path, RULES) as host:
        assert await host.say("/ask parts sunny") == ["Take  | a  | hat."]


async def test_a_rule_calls_a_tool_and_the_next_answers_its_result(tmp_path: Path) -> None:
    async with asked(tmp_path, RULES) as host:
        roles = ["system", "user", "tool", "assistant", "tool_result", "assistant"]
        assert await host.say("/ask tools 'weather in Wuhan'") == [f"Take a hat. | {roles}"]


async def test_a_call_is_shown_with_prompt_tokens_and_time(tmp_path: Path) -> None:
    async with asked(tmp_path, RULES) as host:
        await host.say("/ask whole 'it is sunny' greeting")
        (line,) = host.logged("greeting: ")
        assert line.partition(" tokens, ")[2].partition("\n")[0].endswith(" ms")
        assert "system: be brief\nuser: it is sunny\n→ Take a hat." in line


async def test_without_settings_the_answer_says_how_to_get_one(tmp_path: Path) -> None:
    async with asked(tmp_path, "") as host:
        assert "Write [tool.mpdt.llm]" in (await host.say("/ask whole x"))[0]


async def test_a_misspelt_setting_is_named(tmp_path: Path) -> None:
    async with asked(tmp_path, '[tool.mpdt.llm]\nurll = "x"') as host:
        await host.say("/ask whole x")
        assert any("has no 'urll'" in message for _, _, message in host.logs)


class Model:
    """An OpenAI-compatible address."""

    def __init__(self) -> None:
        self.bodies: list[dict[str, Any]] = []

    async def complete(self, request: web.Request) -> web.StreamResponse:
        body = await request.json()
        self.bodies.append(body)
        if "broken" in body["messages"][-1]["content"]:
            return web.json_response({"error": "out of order"}, status=500)
        if not body["stream"]:
            message = {"role": "assistant", "content": "whole answer"}
            usage = {"prompt_tokens": 7, "completion_tokens": 3}
            return web.json_response({"choices": [{"message": message}], "usage": usage})
        response = web.StreamResponse()
        await response.prepare(request)
        for part in ("in ", "parts"):
            await response.write(b"data: " + json.dumps({"choices": [{"delta": {"content": part}}]}).encode() + b"\n\n")
        await response.write(b"data: [DONE]\n\n")
        return response


@asynccontextmanager
async def model() -> AsyncIterator[tuple[Model, str]]:
    served = Model()
    app = web.Application()
    app.router.add_post("/v1/chat/completions", served.complete)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    try:
        yield served, f"http://127.0.0.1:{runner.addresses[0][1]}/v1"
    finally:
        await runner.cleanup()


async def test_an_address_is_asked_whole_and_in_parts(tmp_path: Path) -> None:
    async with model() as (served, url):
        async with asked(tmp_path, f'[tool.mpdt.llm]\nurl = "{url}"\nmodel = "small"') as host:
            assert await host.say("/ask whole hello") == ["whole answer | whole answer | []"]
            assert await host.say("/ask parts hello") == ["in  | parts"]
            assert "7 + 3 tokens" in host.logged("whole answer")[0]
        assert [body["stream"] for body in served.bodies] == [False, True]
        assert served.bodies[0]["model"] == "small"
        assert served.bodies[0]["messages"][1] == {"role": "user", "content": "hello"}


async def test_what_the_address_answers_instead_is_told(tmp_path: Path) -> None:
    async with model() as (_, url), asked(tmp_path, f'[tool.mpdt.llm]\nurl = "{url}"') as host:
        await host.say("/ask whole broken")
        assert any("answered 500" in message and "out of order" in message for _, _, message in host.logs)


async def test_a_cassette_is_recorded_and_answers_without_the_address(tmp_path: Path) -> None:
    settings = '[tool.mpdt.llm]\ncassette = "tests/model.jsonl"\n'
    async with model() as (served, url):
        async with asked(tmp_path / "a", settings + f'record = true\nurl = "{url}"') as host:
            await host.say("/ask whole hello")
            recorded = (host.folder / "tests" / "model.jsonl").read_text(encoding="utf-8")
        assert len(served.bodies) == 1
    folder = make_plugin(
        tmp_path / "b", {"plugin.py": PLUGIN, "pyproject.toml": settings, "tests/model.jsonl": recorded}
    )
    async with loaded(folder) as host:
        assert await host.say("/ask whole hello") == ["whole answer | whole answer | []"]
        assert "no model is configured" in (await host.say("/ask whole other"))[0]


@pytest.mark.parametrize("settings", ["", '[tool.mpdt]\npatch-live = true\n[tool.mpdt.llm]\nmodel = "x"'])
def test_the_table_is_no_unknown_setting_of_mpdt_dev(tmp_path: Path, settings: str) -> None:
    from mpdt.config import load

    (tmp_path / "pyproject.toml").write_text(settings, encoding="utf-8")
    assert load(tmp_path, {}, {"MPDT_CONFIG_FILE": str(tmp_path / "none.toml")}).warnings == ()
