"""Chatters and agents: tools for a model, requests with them, and the calls that the model answers with."""

from __future__ import annotations

import json
from abc import ABC, abstractmethod
from datetime import datetime
from typing import TYPE_CHECKING, Any

from mpdt.language import _
from mpdt.worker.cores.simulated import components
from mpdt.worker.cores.simulated.components import Component, required_types
from mpdt.worker.cores.simulated.execution import LLMUsableExecution
from mpdt.worker.cores.simulated.logger import get_logger
from mpdt.worker.cores.simulated.managers import BASES, get_global_registry, without_auto_reason
from mpdt.worker.cores.simulated.runtime import current, registrations
from mpdt.worker.cores.simulated.schema import parse_function_signature
from mpdt.worker.cores.simulated.streams import get_stream_manager
from mpdt.worker.cores.simulated.types import ChatType, ComponentType

if TYPE_CHECKING:
    from mpdt.worker.cores.simulated.models import Message

logger = get_logger("chatter")


async def execute_usable(
    usable: type[Any], stream_id: str, message: Message | None, **arguments: Any
) -> tuple[bool, Any]:
    """Run a tool, action or agent class as a model's call of it would."""
    signature = getattr(usable, "_signature_", "") or ""
    plugin = registrations().plugins.get(signature.partition(":")[0])
    if issubclass(usable, components.BaseAction):
        stream = current().streams.get(stream_id) or await get_stream_manager().get_or_create_stream(stream_id)
        instance: Any = usable(stream, plugin)  # type: ignore[arg-type]
    elif issubclass(usable, components.BaseTool):
        instance = usable(plugin)  # type: ignore[arg-type]
        instance._bind_runtime_context(stream_id=stream_id, message=message)
    else:
        instance = usable(stream_id, plugin)
    execution = LLMUsableExecution(instance.execute(**without_auto_reason(instance.execute, arguments)))
    result: tuple[bool, Any] = await execution.wait_done()
    return result


class BaseAgent(Component, ABC):
    """A model with tools of its own."""

    _kind_ = ComponentType.AGENT
    agent_name: str = ""
    agent_description: str = ""
    chatter_allow: list[str] = []
    chat_type: ChatType = ChatType.ALL
    associated_platforms: list[str] = []
    associated_types: list[str] = []
    usables: list[Any] = []

    def __init__(self, stream_id: str, plugin: components.BasePlugin) -> None:
        self.stream_id = stream_id
        self.plugin = plugin

    @classmethod
    def validate_associated_types(cls) -> list[str]:
        return required_types(cls, "Agent", cls.agent_name)

    @abstractmethod
    async def execute(self, *args: Any, **kwargs: Any) -> tuple[bool, str | dict[str, Any]]: ...

    async def go_activate(self) -> bool:
        return True

    @classmethod
    def to_schema(cls) -> dict[str, Any]:
        return parse_function_signature(cls.execute, f"agent-{cls.agent_name}", cls.agent_description)

    @classmethod
    def get_local_usables(cls) -> list[Any]:
        """The agent's own tools; a signature stands for the registered class."""
        found = [get_global_registry().get(one) if isinstance(one, str) else one for one in cls.usables]
        return [one for one in found if one is not None]

    @classmethod
    def get_local_usable_schemas(cls) -> list[dict[str, Any]]:
        return [one.to_schema() for one in cls.get_local_usables()]

    def create_llm_request(
        self,
        model_set: Any,
        request_name: str = "",
        context_manager: Any = None,
        with_usables: bool = False,
        with_reminder: Any = None,
    ) -> Any:
        from mpdt.worker.cores.simulated.llm.payload import ROLE, LLMPayload
        from mpdt.worker.cores.simulated.llm.request import create_llm_request

        request = create_llm_request(model_set, request_name or self.agent_name, context_manager, with_reminder)
        if with_usables and self.get_local_usables():
            request.add_payload(LLMPayload(ROLE.TOOL, self.get_local_usables()))
        return request

    async def execute_local_usable(
        self, usable_name: str, message: Message | None = None, task_observer: Any = None, **kwargs: Any
    ) -> tuple[bool, Any]:
        """Raises ValueError if the agent has no such tool."""
        for usable in self.get_local_usables():
            name = usable.to_schema()["function"]["name"]
            if usable_name in (name, name.partition("-")[2]):
                return await execute_usable(usable, self.stream_id, message, **kwargs)
        raise ValueError(
            _(
                "Agent '{agent_name}' has no usable '{usable_name}'.",
                agent_name=self.agent_name,
                usable_name=usable_name,
            )
        )


class BaseChatter(Component, ABC):
    """A way of conversing: a generator that yields Wait, Success, Failure or Stop."""

    _kind_ = ComponentType.CHATTER
    chatter_name: str = ""
    chatter_description: str = ""
    associated_platforms: list[str] = []
    chat_type: ChatType = ChatType.ALL
    stream_tick_interval: float | None = None
    allow_message_buffer: bool | None = None

    def __init__(self, stream_id: str, plugin: components.BasePlugin) -> None:
        self.stream_id = stream_id
        self.plugin = plugin

    @abstractmethod
    def execute(self) -> Any: ...

    def apply_stream_runtime_options(self, chat_stream: Any) -> None:
        chat_stream.context.tick_interval_override = self.stream_tick_interval
        chat_stream.context.allow_message_buffer = self.allow_message_buffer

    async def get_llm_usables(self) -> list[Any]:
        """Every registered tool, action and agent that lets this chatter have it."""
        kinds = (components.BaseTool, components.BaseAction, BaseAgent)
        return [
            cls
            for cls in registrations().components.values()
            if issubclass(cls, kinds) and (not cls.chatter_allow or self.chatter_name in cls.chatter_allow)
        ]

    async def modify_llm_usables(self, llm_usables: list[Any]) -> list[Any]:
        """Those whose ``go_activate`` agrees."""
        agreed = []
        stream = current().streams.get(self.stream_id)
        for cls in llm_usables:
            asked = stream is not None and issubclass(cls, components.BaseAction)
            if not asked or await cls(stream, self.plugin).go_activate():
                agreed.append(cls)
        return agreed

    async def exec_llm_usable(self, usable_cls: type[Any], message: Message | None, **kwargs: Any) -> tuple[bool, Any]:
        return await execute_usable(usable_cls, self.stream_id, message, **kwargs)

    def create_request(self, task: str = "actor", request_name: str = "", with_reminder: Any = None) -> Any:
        from mpdt.worker.cores.simulated.llm.request import (
            LLMContextManager,
            create_llm_request,
            get_model_set_by_task,
        )

        name = request_name or self.chatter_name
        return create_llm_request(get_model_set_by_task(task), name, LLMContextManager(), with_reminder)

    async def inject_usables(self, request: Any) -> Any:
        from mpdt.worker.cores.simulated.llm.payload import ROLE, LLMPayload
        from mpdt.worker.cores.simulated.llm.request import create_tool_registry

        usables = await self.modify_llm_usables(await self.get_llm_usables())
        if usables:
            request.add_payload(LLMPayload(ROLE.TOOL, usables))
        return create_tool_registry(usables)

    async def run_tool_call(
        self, calls: Any, response: Any, usable_map: Any, trigger_msg: Message | None, task_observer: Any = None
    ) -> list[tuple[bool, bool]]:
        """Run the calls and add their results to the response; for each: was it there, did it succeed."""
        from mpdt.worker.cores.simulated.llm.payload import ROLE, LLMPayload, ToolResult

        outcomes = []
        for call in calls if isinstance(calls, list) else [calls]:
            usable = usable_map.get(call.name)
            if usable is None:
                result: Any = _("There is no '{name}'.", name=call.name)
                outcomes.append((False, False))
            else:
                arguments = call.args if isinstance(call.args, dict) else json.loads(call.args or "{}")
                success, result = await execute_usable(usable, self.stream_id, trigger_msg, **arguments)
                outcomes.append((True, success))
            response.add_payload(LLMPayload(ROLE.TOOL_RESULT, ToolResult(result, call.id, call.name)))
        return outcomes

    @staticmethod
    def format_message_line(msg: Message, time_format: str = "%H:%M") -> str:
        moment = datetime.fromtimestamp(float(msg.time)).strftime(time_format)
        name = msg.sender_cardname or msg.sender_name
        said = msg.processed_plain_text or msg.content
        return f"【{moment}】<{msg.sender_role or 'user'}> [{msg.sender_id}] {name}： {said}"

    async def fetch_unreads(self, time_format: str = "%H:%M") -> tuple[str, list[Message]]:
        """What was not read yet, as lines and as messages; it stays unread."""
        stream = current().streams.get(self.stream_id)
        unread = list(stream.context.unread_messages) if stream else []
        return "\n".join(self.format_message_line(message, time_format) for message in unread), unread

    async def flush_unreads(self, unread_messages: list[Message]) -> int:
        """Those messages are read now; how many they are."""
        stream = current().streams.get(self.stream_id)
        if stream is None:
            return 0
        numbers = {message.message_id for message in unread_messages}
        read = [one for one in stream.context.unread_messages if one.message_id in numbers]
        stream.context.unread_messages = [one for one in stream.context.unread_messages if one not in read]
        for message in read:
            stream.context.add_history_message(message)
        return len(read)


BASES[ComponentType.AGENT] = BaseAgent
BASES[ComponentType.CHATTER] = BaseChatter
