"""Uses much of the API, so that the simulated core can be compared with the real one. Runs in both."""

from typing import Annotated, Any

from src.app.plugin_system.api import prompt_api, send_api, storage_api
from src.app.plugin_system.api.service_api import get_service
from src.app.plugin_system.base import (
    BaseAction,
    BaseCommand,
    BaseEventHandler,
    BasePlugin,
    BaseService,
    BaseTool,
    cmd_route,
    register_plugin,
)
from src.app.plugin_system.types import EventType, PermissionLevel
from src.core.prompt import PromptTemplate, optional, trim, wrap
from src.kernel.event import EventDecision
from src.kernel.scheduler import TriggerType, get_unified_scheduler

PIXEL = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="


class SampleCommand(BaseCommand):
    command_name = "sample"
    command_description = "Many routes."

    async def _say(self, value: Any) -> tuple[bool, str]:
        await send_api.send_text(f"{value!r}", stream_id=self.stream_id)
        return True, ""

    @cmd_route("int")
    async def an_int(self, number: int, other: int = 7) -> tuple[bool, str]:
        return await self._say((number, other))

    @cmd_route("float")
    async def a_float(self, number: float) -> tuple[bool, str]:
        return await self._say(number)

    @cmd_route("bool")
    async def a_bool(self, flag: bool) -> tuple[bool, str]:
        return await self._say(flag)

    @cmd_route("deep", "deeper")
    async def deep(self, word: str = "none") -> tuple[bool, str]:
        return await self._say(word)

    @cmd_route("deep")
    async def less_deep(self, word: str = "less") -> tuple[bool, str]:
        return await self._say(word)

    @cmd_route("raises")
    async def raises(self) -> tuple[bool, str]:
        await send_api.send_text("before", stream_id=self.stream_id)
        raise ValueError("on purpose")

    @cmd_route("several")
    async def several(self) -> tuple[bool, str]:
        for number in range(3):
            await send_api.send_text(f"part {number}", stream_id=self.stream_id)
        return True, ""

    @cmd_route("image")
    async def image(self) -> tuple[bool, str]:
        await send_api.send_image(PIXEL, stream_id=self.stream_id)
        return True, ""

    @cmd_route("emoji")
    async def emoji(self) -> tuple[bool, str]:
        await send_api.send_emoji(PIXEL, stream_id=self.stream_id)
        return True, ""

    @cmd_route("voice")
    async def voice(self) -> tuple[bool, str]:
        await send_api.send_voice(PIXEL, stream_id=self.stream_id)
        return True, ""

    @cmd_route("prompt")
    async def prompt(self) -> tuple[bool, str]:
        template = prompt_api.get_template("sampler_greeting")
        if template is None:
            return await self._say(None)
        return await self._say(await template.set("name", "  you  ").set("mood", "").build())

    @cmd_route("service")
    async def service(self) -> tuple[bool, str]:
        known, unknown = get_service("sampler:service:adder"), get_service("sampler:service:none")
        return await self._say((known.add(2, 3) if known else None, unknown))

    @cmd_route("who")
    async def who(self) -> tuple[bool, str]:
        message = self.message
        return await self._say((message.sender_id, message.sender_name, str(message.chat_type), message.platform))


class OwnersCommand(BaseCommand):
    command_name = "owners"
    command_description = "Not for everybody."
    permission_level = PermissionLevel.OWNER

    @cmd_route()
    async def plain(self) -> tuple[bool, str]:
        await send_api.send_text("welcome", stream_id=self.stream_id)
        return True, ""


class Early(BaseEventHandler):
    handler_name = "early"
    handler_description = "Hears first; stops what says so."
    weight = 10
    intercept_message = True
    init_subscribe = [EventType.ON_MESSAGE_RECEIVED, "sampler_event"]

    async def execute(self, event_name: str, params: dict[str, Any]) -> tuple[EventDecision, dict[str, Any]]:
        if event_name == "sampler_event":
            return EventDecision.SUCCESS, {**params, "seen": f"{params['seen']} early"}
        text = str(params["message"].content)
        if text.startswith("early"):
            await send_api.send_text(f"early heard {text}", stream_id=params["message"].stream_id)
        return (EventDecision.STOP if "stop" in text else EventDecision.PASS), params


class Late(BaseEventHandler):
    handler_name = "late"
    handler_description = "Hears what is left."
    weight = 1
    init_subscribe = [EventType.ON_MESSAGE_RECEIVED, "sampler_event"]

    async def execute(self, event_name: str, params: dict[str, Any]) -> tuple[EventDecision, dict[str, Any]]:
        if event_name == "sampler_event":
            return EventDecision.STOP, {**params, "seen": f"{params['seen']} late"}
        text = str(params["message"].content)
        if text.startswith("early"):
            await send_api.send_text(f"late heard {text}", stream_id=params["message"].stream_id)
        return EventDecision.SUCCESS, params


class Adder(BaseService):
    service_name = "adder"
    service_description = "Adds."
    version = "1.0.0"

    def add(self, left: int, right: int = 1) -> int:
        return left + right

    async def later(self, word: str) -> str:
        return word.upper()

    def fails(self) -> None:
        raise KeyError("on purpose")


class Stores(BaseTool):
    tool_name = "stores"
    tool_description = "Counts in a document."

    async def execute(
        self, key: Annotated[str, "the document"], step: Annotated[int, "how far"] = 1
    ) -> tuple[bool, dict]:
        known = await storage_api.load_json("sampler", key) or {"count": 0}
        known["count"] += step
        await storage_api.save_json("sampler", key, known)
        return True, known


class Acts(BaseAction):
    action_name = "acts"
    action_description = "Says what it is told."
    associated_types = ["text"]

    async def execute(self, content: Annotated[str, "what is said"]) -> tuple[bool, str]:
        await self._send_to_stream(f"acted: {content}")
        return True, "done"


FIRED: list[str] = []


async def remind() -> None:
    FIRED.append("fired")


@register_plugin
class SamplerPlugin(BasePlugin):
    plugin_name = "sampler"
    plugin_description = "Uses much of the API."
    plugin_version = "1.0.0"

    def get_components(self) -> list[type]:
        return [SampleCommand, OwnersCommand, Early, Late, Adder, Stores, Acts]

    async def on_plugin_loaded(self) -> None:
        template = PromptTemplate(
            name="sampler_greeting",
            template="Hello {name}.{mood}",
            policies={"name": trim(), "mood": optional("").then(wrap(" You are ", "."))},
        )
        prompt_api.register_template(template)
        await get_unified_scheduler().create_schedule(
            remind, TriggerType.TIME, {"delay_seconds": 3600}, task_name="sampler reminder"
        )
