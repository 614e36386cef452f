"""The base classes of the classic flavour's components, other than commands."""

from __future__ import annotations

import random
from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, Any, ClassVar

from mpdt.worker.cores.sections import looked_up
from mpdt.worker.cores.simulated.classic import sending
from mpdt.worker.cores.simulated.classic.types import (
    ActionActivationType,
    ActionInfo,
    ChatMode,
    ChatterInfo,
    ChatType,
    ComponentType,
    EventHandlerInfo,
    EventType,
    InjectionRule,
    PromptInfo,
    ToolInfo,
    ToolParamType,
)
from mpdt.worker.cores.simulated.logger import get_logger

if TYPE_CHECKING:
    from mpdt.worker.cores.simulated.classic.models import StreamContext

logger = get_logger("plugin")
JSON_TYPES = {ToolParamType.FLOAT: "number", ToolParamType.BOOLEAN: "boolean"}


class Configured:
    """What can ask the plugin's configuration."""

    plugin_config: dict[str, Any]
    plugin_name: str = ""

    def get_config(self, key: str, default: Any = None) -> Any:
        return looked_up(self.plugin_config, key, default)


class BaseAction(Configured, ABC):
    """Something the bot does when a model chooses it; ``action_data`` is what the model gives."""

    action_name: str = ""
    action_description: str = ""
    action_parameters: ClassVar[dict[str, str]] = {}
    action_require: ClassVar[list[str]] = []
    associated_types: ClassVar[list[str]] = []
    activation_type: ActionActivationType = ActionActivationType.ALWAYS
    focus_activation_type: ActionActivationType = ActionActivationType.ALWAYS
    normal_activation_type: ActionActivationType = ActionActivationType.ALWAYS
    random_activation_probability: float = 0.0
    llm_judge_prompt: str = ""
    activation_keywords: ClassVar[list[str]] = []
    keyword_case_sensitive: bool = False
    mode_enable: ChatMode = ChatMode.ALL
    parallel_action: bool = False
    chat_type_allow: ChatType = ChatType.ALL
    chatter_allow: ClassVar[list[str]] = []

    def __init__(
        self,
        action_data: dict[str, Any],
        reasoning: str = "",
        cycle_timers: dict[str, Any] | None = None,
        thinking_id: str = "",
        chat_stream: Any = None,
        log_prefix: str = "",
        plugin_config: dict[str, Any] | None = None,
        action_message: Any = None,
        **kwargs: Any,
    ) -> None:
        self.action_data = action_data
        self.reasoning = self.action_reasoning = str(kwargs.get("action_reasoning") or reasoning)
        self.cycle_timers = cycle_timers or {}
        self.thinking_id = thinking_id
        self.chat_stream = chat_stream
        self.log_prefix = log_prefix
        self.plugin_config = plugin_config or {}
        self.action_message = action_message
        self.has_action_message = action_message is not None
        self.chat_id = chat_stream.stream_id
        self.platform = chat_stream.platform
        self.is_group = chat_stream.group_info is not None
        self.group_id = chat_stream.group_info.group_id if chat_stream.group_info else None
        self.group_name = chat_stream.group_info.group_name if chat_stream.group_info else None
        self.user_id = chat_stream.user_info.user_id if chat_stream.user_info else None
        self.user_nickname = chat_stream.user_info.user_nickname if chat_stream.user_info else None
        self.target_id = self.group_id or self.user_id

    @abstractmethod
    async def execute(self) -> tuple[bool, str]: ...

    async def handle_action(self) -> tuple[bool, str]:
        return await self.execute()

    def is_chat_type_allowed(self) -> bool:
        return self.chat_type_allow in (ChatType.ALL, ChatType.GROUP if self.is_group else ChatType.PRIVATE)

    async def send_text(self, content: str, reply_to: str = "", typing: bool = False, **_: Any) -> bool:
        return await sending.text_to_stream(content, self.chat_id, reply_to=reply_to)

    async def send_emoji(self, emoji_base64: str, **_: Any) -> bool:
        return await sending.emoji_to_stream(emoji_base64, self.chat_id)

    async def send_image(self, image_base64: str, **_: Any) -> bool:
        return await sending.image_to_stream(image_base64, self.chat_id)

    async def send_custom(self, message_type: str, content: Any, **_: Any) -> bool:
        return await sending.custom_to_stream(message_type, content, self.chat_id)

    async def send_command(self, command_name: str, args: dict[str, Any] | None = None, *_: Any, **__: Any) -> bool:
        return await sending.command_to_stream({"name": command_name, "args": args or {}}, self.chat_id)

    async def store_action_info(
        self, action_build_into_prompt: bool = False, action_prompt_display: str = "", action_done: bool = True
    ) -> None:
        logger.debug(f"{self.action_name}: {action_prompt_display}")

    async def call_action(self, action_name: str, action_data: dict[str, Any] | None = None) -> tuple[bool, str]:
        from mpdt.worker.cores.simulated.classic.registry import component_registry

        cls: Any = component_registry.get_component_class(action_name, ComponentType.ACTION)
        if cls is None:
            return False, f"未找到 Action: {action_name}"
        action = cls(action_data or {}, "", {}, "", self.chat_stream, self.log_prefix, self.plugin_config)
        result: tuple[bool, str] = await action.execute()
        return result

    async def wait_for_new_message(self, timeout: int = 1200) -> tuple[bool, str]:  # noqa: ASYNC109
        """Nobody writes while an action waits here."""
        return False, ""

    async def go_activate(self, llm_judge_model: Any = None) -> bool:
        match self.activation_type:
            case ActionActivationType.NEVER:
                return False
            case ActionActivationType.RANDOM:
                return await self._random_activation(self.random_activation_probability)
            case ActionActivationType.KEYWORD:
                return await self._keyword_match(self.activation_keywords, self.keyword_case_sensitive)
            case ActionActivationType.LLM_JUDGE:
                return await self._llm_judge_activation(self.llm_judge_prompt, llm_judge_model)
        return True

    async def _random_activation(self, probability: float) -> bool:
        return random.random() < probability

    async def _keyword_match(self, keywords: list[str], case_sensitive: bool = False) -> bool:
        text = getattr(self.action_message, "processed_plain_text", None) or ""
        if case_sensitive:
            return any(word in text for word in keywords)
        return any(word.lower() in text.lower() for word in keywords)

    async def _llm_judge_activation(
        self,
        judge_prompt: str = "",
        llm_judge_model: Any = None,
        action_description: str = "",
        action_require: list[str] | None = None,
    ) -> bool:
        """The model's word: its answer has 是 in it, or yes or true, and not 否."""
        from mpdt.worker.cores.simulated.classic.language import ask

        needs = "\n".join(action_require or self.action_require)
        said = getattr(self.action_message, "processed_plain_text", None) or ""
        question = (
            f"{action_description or self.action_description}\n{needs}\n{judge_prompt}\n{said}\n请只回答“是”或“否”。"
        )
        answer = ((await ask(question, f"action.judge.{self.action_name}")).message or "").lower()
        return "否" not in answer and any(word in answer for word in ("是", "yes", "true"))

    @classmethod
    def get_action_info(cls) -> ActionInfo:
        known = {name: getattr(cls, name) for name in ActionInfo.__dataclass_fields__ if hasattr(cls, name)}
        return ActionInfo(
            **{
                **known,
                "name": cls.action_name,
                "component_type": ComponentType.ACTION,
                "description": cls.action_description,
            }
        )


class BaseTool(Configured, ABC):
    """Something a model asks; the arguments come as one dict."""

    name: str = ""
    description: str = ""
    parameters: ClassVar[list[Any]] = []
    available_for_llm: bool = False
    history_ttl: int = 5
    enable_cache: bool = False
    cache_ttl: int = 3600
    semantic_cache_query_key: str | None = None

    def __init__(self, plugin_config: dict[str, Any] | None = None, chat_stream: Any = None) -> None:
        self.plugin_config = plugin_config or {}
        self.chat_stream = chat_stream
        self.chat_id = self.stream_id = getattr(chat_stream, "stream_id", "")

    @abstractmethod
    async def execute(self, function_args: dict[str, Any]) -> dict[str, Any]: ...

    async def direct_execute(self, **kwargs: Any) -> dict[str, Any]:
        missing = [one[0] for one in self.parameters if one[3] and one[0] not in kwargs]
        if missing:
            raise ValueError(f"工具类 {type(self).__name__} 缺少必要参数: {missing[0]}")
        return await self.execute(kwargs)

    @classmethod
    def get_tool_definition(cls) -> dict[str, Any]:
        return {"name": cls.name, "description": cls.description, "parameters": list(cls.parameters)}

    @classmethod
    def to_schema(cls) -> dict[str, Any]:
        """In the form of OpenAI's tools."""
        properties: dict[str, Any] = {}
        for name, kind, text, _, *rest in cls.parameters:
            shown = JSON_TYPES.get(kind) or str(getattr(kind, "value", kind))
            properties[name] = {"type": {"str": "string", "int": "integer", "bool": "boolean"}.get(shown, shown)}
            properties[name]["description"] = text
            if rest and rest[0]:
                properties[name]["enum"] = list(rest[0])
        required = [one[0] for one in cls.parameters if one[3]]
        parameters = {"type": "object", "properties": properties, "required": required}
        function = {"name": cls.name, "description": cls.description, "parameters": parameters}
        return {"type": "function", "function": function}

    @classmethod
    def get_tool_info(cls) -> ToolInfo:
        return ToolInfo(
            cls.name,
            description=cls.description,
            tool_parameters=list(cls.parameters),
            tool_description=cls.description,
        )


class BaseEventHandler(Configured, ABC):
    """Is told of events, those of greater ``weight`` first."""

    handler_name: str = ""
    handler_description: str = ""
    weight: int = 0
    intercept_message: bool = False
    init_subscribe: ClassVar[list[Any]] = [EventType.UNKNOWN]
    event_type: Any = None

    def __init__(self) -> None:
        self.log_prefix = "[EventHandler]"
        self.subscribed_events: list[Any] = []
        self.plugin_config = {}

    @abstractmethod
    async def execute(self, kwargs: dict[str, Any] | None) -> Any: ...

    def subscribe(self, event_name: Any) -> None:
        from mpdt.worker.cores.simulated.classic.events import event_manager

        event_manager.subscribe_handler_to_event(self.handler_name, event_name)

    def unsubscribe(self, event_name: Any) -> None:
        from mpdt.worker.cores.simulated.classic.events import event_manager

        event_manager.unsubscribe_handler_from_event(self.handler_name, event_name)

    def set_plugin_name(self, plugin_name: str) -> None:
        self.plugin_name = plugin_name

    def set_plugin_config(self, plugin_config: dict[str, Any]) -> None:
        self.plugin_config = plugin_config

    @classmethod
    def wanted_events(cls) -> list[Any]:
        """What it subscribes to at first; MaiBot's handlers name one ``event_type``."""
        return [cls.event_type] if cls.event_type is not None else list(cls.init_subscribe)

    @classmethod
    def get_handler_info(cls) -> EventHandlerInfo:
        return EventHandlerInfo(
            cls.handler_name,
            description=cls.handler_description,
            weight=cls.weight,
            intercept_message=cls.intercept_message,
        )


class BasePrompt(Configured, ABC):
    """A text that is put into one of the bot's prompts."""

    prompt_name: str = ""
    prompt_description: str = ""
    injection_rules: ClassVar[list[InjectionRule]] = []
    injection_point: Any = None

    def __init__(
        self, params: Any, plugin_config: dict[str, Any] | None = None, target_prompt_name: str | None = None
    ) -> None:
        self.params = params
        self.plugin_config = plugin_config or {}
        self.target_prompt_name = target_prompt_name
        self.log_prefix = f"[Prompt] [{self.prompt_name}]"

    @abstractmethod
    async def execute(self) -> str: ...

    @classmethod
    def get_prompt_info(cls) -> PromptInfo:
        return PromptInfo(
            cls.prompt_name,
            description=cls.prompt_description,
            injection_rules=list(cls.injection_rules),
            injection_point=cls.injection_point,
        )


class BaseChatter(Configured, ABC):
    chatter_name: str = ""
    chatter_description: str = ""
    chat_types: ClassVar[list[ChatType]] = [ChatType.PRIVATE, ChatType.GROUP]

    def __init__(self, stream_id: str, action_manager: Any = None, plugin_config: dict[str, Any] | None = None) -> None:
        self.stream_id = stream_id
        self.action_manager = action_manager
        self.plugin_config = plugin_config or {}

    @abstractmethod
    async def execute(self, context: StreamContext) -> dict[str, Any]: ...

    @classmethod
    def get_chatter_info(cls) -> ChatterInfo:
        return ChatterInfo(cls.chatter_name, description=cls.chatter_description)
