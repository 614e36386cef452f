"""The base classes of a plugin's components, other than commands and configurations."""

from __future__ import annotations

import random
from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, Protocol, runtime_checkable

from mpdt.language import _
from mpdt.worker.cores.simulated.execution import LLMUsableExecution
from mpdt.worker.cores.simulated.runtime import BOT_ID, BOT_NAME
from mpdt.worker.cores.simulated.schema import parse_function_signature
from mpdt.worker.cores.simulated.types import (
    ChatType,
    ComponentType,
    EventDecision,
    EventType,
    build_signature,
)

if TYPE_CHECKING:
    from mpdt.worker.cores.simulated.config import BaseConfig
    from mpdt.worker.cores.simulated.models import ChatStream, Message


@runtime_checkable
class LLMUsable(Protocol):
    """What a language model can be given as a tool."""

    @classmethod
    def to_schema(cls) -> dict[str, Any]: ...


class BasePlugin(ABC):
    """A plugin: its metadata, its components, and what runs when it comes and goes."""

    plugin_name: str = "unknown_plugin"
    plugin_description: str = "无描述"
    plugin_version: str = "1.0.0"
    configs: list[type[BaseConfig]] = []
    dependent_components: list[str] = []

    def __init__(self, config: BaseConfig | None = None) -> None:
        self.config = config

    @abstractmethod
    def get_components(self) -> list[type]:
        """The plugin's component classes."""

    async def on_plugin_loaded(self) -> None:  # noqa: B027 - optional
        """Runs once the components are registered."""

    async def on_plugin_unloaded(self) -> None:  # noqa: B027 - optional
        """Runs before the plugin is taken out."""

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.plugin_name} {self.plugin_version}>"


class Component:
    """What all kinds have in common; ``_kind_`` and ``_name_attribute_`` say which one it is."""

    _plugin_: ClassVar[str]
    _signature_: ClassVar[str]
    _kind_: ClassVar[ComponentType]
    dependencies: list[str] = []

    @classmethod
    def get_signature(cls) -> str | None:
        """``plugin:kind:name``, or None as long as the component belongs to no plugin."""
        known = getattr(cls, "_signature_", None)
        if known:
            return str(known)
        plugin, name = getattr(cls, "_plugin_", ""), getattr(cls, NAME_ATTRIBUTES[cls._kind_], "")
        return build_signature(plugin, cls._kind_, name) if plugin and name else None


NAME_ATTRIBUTES: dict[ComponentType, str] = {
    ComponentType.ACTION: "action_name",
    ComponentType.AGENT: "agent_name",
    ComponentType.TOOL: "tool_name",
    ComponentType.ADAPTER: "adapter_name",
    ComponentType.CHATTER: "chatter_name",
    ComponentType.COMMAND: "command_name",
    ComponentType.CONFIG: "config_name",
    ComponentType.EVENT_HANDLER: "handler_name",
    ComponentType.SERVICE: "service_name",
    ComponentType.ROUTER: "router_name",
}


def required_types(component: type[Any], kind: str, name: str) -> list[str]:
    """The ``associated_types`` of an action or agent. Raises ValueError if they are not a list of names."""
    types = getattr(component, "associated_types", None)
    names = [str(one).strip() for one in types] if isinstance(types, list) else []
    if not names or not all(names):
        raise ValueError(
            _(
                "{kind} '{name}': associated_types must be a list of at least one type name, such as [\"text\"].",
                kind=kind,
                name=name or component.__name__,
            )
        )
    return names


class BaseAction(Component, ABC):
    """Something the bot does; a model calls it and learns nothing from it."""

    _kind_ = ComponentType.ACTION
    action_name: str = ""
    action_description: str = ""
    primary_action: bool = False
    chatter_allow: list[str] = []
    chat_type: ChatType = ChatType.ALL
    associated_platforms: list[str] = []
    associated_types: list[str] = []

    def __init__(self, chat_stream: ChatStream, plugin: BasePlugin) -> None:
        self.chat_stream = chat_stream
        self.plugin = plugin
        self._last_message: str | None = None

    @classmethod
    def validate_associated_types(cls) -> list[str]:
        return required_types(cls, "Action", cls.action_name)

    @abstractmethod
    async def execute(self, *args: Any, **kwargs: Any) -> tuple[bool, str]:
        """Do it; (success, what happened)."""

    def _wrap_execute(self, *args: Any, **kwargs: Any) -> LLMUsableExecution:
        return LLMUsableExecution(self.execute(*args, **kwargs))

    @classmethod
    def to_schema(cls) -> dict[str, Any]:
        return parse_function_signature(cls.execute, f"action-{cls.action_name}", cls.action_description)

    async def go_activate(self) -> bool:
        return True

    async def _random_activation(self, probability: float) -> bool:
        return random.random() < probability

    async def _keyword_match(self, keywords: list[str], case_sensitive: bool = False) -> bool:
        text = self._last_message or ""
        if case_sensitive:
            return any(word in text for word in keywords)
        return any(word.lower() in text.lower() for word in keywords)

    async def _llm_judge_activation(
        self, judge_prompt: str = "", action_description: str = "", default_result: bool = False, **_: Any
    ) -> bool:
        """Ask the configured model; an answer that says neither yes nor no is ``default_result``."""
        from mpdt.worker.cores.simulated.llm.payload import ROLE, LLMPayload, Text
        from mpdt.worker.cores.simulated.llm.request import create_llm_request, get_model_set_by_task

        request = create_llm_request(get_model_set_by_task("utils_small"), f"{self.action_name}.activation")
        words = "\n".join([judge_prompt, action_description or self.action_description, self._last_message or ""])
        request.add_payload(LLMPayload(ROLE.USER, Text(words)))
        answer = (await (await request.send(stream=False))).strip().lower()
        if answer.startswith(("yes", "true", "是", "激活")):
            return True
        return False if answer.startswith(("no", "false", "否", "不")) else default_result

    async def _send_to_stream(self, content: Message | str, stream_id: str | None = None) -> bool:
        from mpdt.worker.cores.simulated import sending

        if isinstance(content, str):
            return await sending.send_text(content, stream_id or self.chat_stream.stream_id)
        return await sending.send_message(content)


class BaseTool(Component, ABC):
    """Something a model asks; it learns from the answer."""

    _kind_ = ComponentType.TOOL
    tool_name: str = ""
    tool_description: str = ""
    chatter_allow: list[str] = []
    chat_type: ChatType = ChatType.ALL
    associated_platforms: list[str] = []

    def __init__(self, plugin: BasePlugin) -> None:
        self.plugin = plugin
        self.stream_id = ""
        self.trigger_message: Message | None = None

    def _bind_runtime_context(self, *, stream_id: str | None = None, message: Message | None = None) -> None:
        self.stream_id = str(stream_id or "").strip()
        self.trigger_message = message

    def get_current_stream_id(self) -> str:
        return (self.trigger_message.stream_id if self.trigger_message else "") or self.stream_id

    @abstractmethod
    async def execute(self, *args: Any, **kwargs: Any) -> tuple[bool, str | dict[str, Any]]:
        """Answer; (success, the answer)."""

    def _wrap_execute(self, *args: Any, **kwargs: Any) -> LLMUsableExecution:
        return LLMUsableExecution(self.execute(*args, **kwargs))

    @classmethod
    def to_schema(cls) -> dict[str, Any]:
        return parse_function_signature(cls.execute, f"tool-{cls.tool_name}", cls.tool_description)


class BaseEventHandler(Component, ABC):
    """Is told of events, those of greater ``weight`` first."""

    _kind_ = ComponentType.EVENT_HANDLER
    handler_name: str = ""
    handler_description: str = ""
    weight: int = 0
    intercept_message: bool = False
    init_subscribe: list[EventType | str] = []

    def __init__(self, plugin: BasePlugin) -> None:
        self.plugin = plugin
        self.signature = ""
        self._subscribed_events: set[EventType | str] = set()
        for event in self.init_subscribe:
            self.subscribe(event)

    @abstractmethod
    async def execute(self, event_name: str, params: dict[str, Any]) -> tuple[EventDecision, dict[str, Any]]:
        """Decide; the parameters are returned with the same keys."""

    def subscribe(self, event: EventType | str) -> None:
        self._subscribed_events.add(as_event(event))

    def unsubscribe(self, event: EventType | str) -> None:
        self._subscribed_events.discard(as_event(event))

    def get_subscribed_events(self) -> list[EventType | str]:
        return list(self._subscribed_events)

    def is_subscribed(self, event: EventType | str) -> bool:
        return as_event(event) in self._subscribed_events


def as_event(event: EventType | str) -> EventType | str:
    """The core's own event of that value, or the plugin's event name."""
    known = {member.value: member for member in EventType}
    return known.get(event.value if isinstance(event, EventType) else event, event)


class BaseService(Component):
    """What a plugin offers to others. Each request for it gets a new instance."""

    _kind_ = ComponentType.SERVICE
    service_name: str = ""
    service_description: str = ""
    version: str = "1.0.0"

    def __init__(self, plugin: BasePlugin) -> None:
        self.plugin = plugin


class BaseAdapter(Component, ABC):
    """A connection to a chat platform. It is registered and can be made; it is started by hand only."""

    _kind_ = ComponentType.ADAPTER
    adapter_name: str = ""
    adapter_description: str = ""
    adapter_version: str = "0.0.1"
    platform: str = "unknown"

    def __init__(self, core_sink: Any, plugin: BasePlugin | None = None, **kwargs: Any) -> None:
        self.core_sink = core_sink
        self.plugin = plugin
        self.options = kwargs
        self._running = False

    async def start(self) -> None:
        self._running = True
        await self.on_adapter_loaded()

    async def stop(self) -> None:
        self._running = False
        await self.on_adapter_unloaded()

    async def on_adapter_loaded(self) -> None: ...

    async def on_adapter_unloaded(self) -> None: ...

    async def health_check(self) -> bool:
        return self._running

    async def reconnect(self) -> None:
        await self.stop()
        await self.start()

    def is_connected(self) -> bool:
        return self._running

    async def get_bot_info(self) -> dict[str, Any]:
        return {"bot_id": BOT_ID, "bot_name": BOT_NAME, "platform": self.platform}


@dataclass
class Wait:
    time: float | int | None = None
    step_data: dict[str, Any] | None = None


@dataclass(frozen=True)
class WaitResumeEvent:
    source: str
    wait_time: float | int | None = None
    unread_count: int = 0


@dataclass
class Success:
    message: str
    data: dict[str, Any] | None = None
    step_data: dict[str, Any] | None = None


@dataclass
class Failure:
    error: str
    exception: Exception | None = None
    step_data: dict[str, Any] | None = None


@dataclass
class Stop:
    time: float | int
    direct_message_wake_enabled: bool = False
    direct_message_wake_probability: float = 0.0
    step_data: dict[str, Any] | None = None


ChatterResult = Wait | Success | Failure | Stop
