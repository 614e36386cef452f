"""The kinds of components that a plugin derives its own from."""

from typing import Any

from fastapi import APIRouter
from src.plugin_system.base.component_types import (
    AdapterInfo,
    ChatType,
    CommandInfo,
    ComponentInfo,
    ComponentType,
    EventHandlerInfo,
    EventType,
    PromptInfo,
)


class Configured:
    """Each component has the plugin's configuration on its class, and may be given another."""

    plugin_config: Any = None

    def configure(self, plugin_config: Any) -> None:
        self.plugin_config = plugin_config if plugin_config is not None else type(self).plugin_config

    def get_config(self, key: str, default: Any = None) -> Any:
        value: Any = self.plugin_config or {}
        for part in key.split("."):
            if not isinstance(value, dict) or part not in value:
                return default
            value = value[part]
        return value


class BaseCommand(Configured):
    command_name = ""
    command_description = ""
    command_pattern = ""

    def __init__(self, message: Any, plugin_config: Any = None) -> None:
        self.message = message
        self.configure(plugin_config)

    @classmethod
    def get_command_info(cls) -> CommandInfo:
        return CommandInfo(cls.command_name, ComponentType.COMMAND, command_pattern=cls.command_pattern)


class BaseAction(Configured):
    action_name = ""
    action_description = ""
    action_parameters: dict[str, str] = {}

    def __init__(self, action_data: Any, reasoning: str, chat_stream: Any, plugin_config: Any = None) -> None:
        self.action_data, self.chat_stream = action_data, chat_stream
        self.configure(plugin_config)

    async def send_text(self, text: str) -> bool:
        from src.plugin_system.apis import send_api

        return await send_api.text_to_stream(text, self.chat_stream.stream_id)

    @classmethod
    def get_action_info(cls) -> ComponentInfo:
        return ComponentInfo(cls.action_name, ComponentType.ACTION, cls.action_description)


class BaseTool(Configured):
    name = ""
    description = ""
    parameters: list[Any] = []
    available_for_llm = False
    enable_cache = False

    def __init__(self, plugin_config: Any = None, chat_stream: Any = None) -> None:
        self.chat_stream = chat_stream
        self.configure(plugin_config)

    @classmethod
    def get_tool_definition(cls) -> dict[str, Any]:
        return {"name": cls.name, "description": cls.description, "parameters": cls.parameters}

    @classmethod
    def get_tool_info(cls) -> ComponentInfo:
        return ComponentInfo(cls.name, ComponentType.TOOL, enabled=cls.available_for_llm)


class BaseEventHandler(Configured):
    handler_name = ""
    handler_description = ""
    weight = 0
    intercept_message = False
    init_subscribe: list[Any] = [EventType.UNKNOWN]
    plugin_name: str | None = None

    @classmethod
    def get_handler_info(cls) -> EventHandlerInfo:
        return EventHandlerInfo(
            cls.handler_name, ComponentType.EVENT_HANDLER, cls.handler_description, weight=cls.weight
        )


class BasePrompt(Configured):
    prompt_name = ""
    injection_rules: list[Any] = []

    def __init__(self, params: Any, plugin_config: Any = None, target_prompt_name: str | None = None) -> None:
        self.params = params
        self.configure(plugin_config)

    @classmethod
    def get_prompt_info(cls) -> PromptInfo:
        return PromptInfo(cls.prompt_name, ComponentType.PROMPT, injection_rules=cls.injection_rules)


class BaseChatter(Configured):
    chatter_name = ""
    chat_types = [ChatType.ALL]

    def __init__(self, stream_id: str, action_manager: Any) -> None:
        self.stream_id = stream_id

    @classmethod
    def get_chatter_info(cls) -> ComponentInfo:
        return ComponentInfo(cls.chatter_name, ComponentType.CHATTER)


class BaseInterestCalculator(Configured):
    component_name = ""

    async def initialize(self) -> bool:
        return True

    async def cleanup(self) -> None: ...

    @classmethod
    def get_interest_calculator_info(cls) -> ComponentInfo:
        return ComponentInfo(cls.component_name, ComponentType.INTEREST_CALCULATOR)


class BaseRouterComponent(Configured):
    component_name = ""

    def __init__(self, plugin_config: Any = None) -> None:
        self.configure(plugin_config)
        self.router = APIRouter()
        self.register_endpoints()

    def register_endpoints(self) -> None:
        raise NotImplementedError

    @classmethod
    def get_router_info(cls) -> ComponentInfo:
        return ComponentInfo(cls.component_name, ComponentType.ROUTER)


class BaseAdapter(Configured):
    adapter_name = ""
    platform = ""
    run_in_subprocess = True

    def __init__(self, core_sink: Any, plugin: Any = None) -> None:
        self.core_sink, self.plugin = core_sink, plugin

    async def start(self) -> None:
        self.core_sink.set_outgoing_handler(self._outgoing)

    async def stop(self) -> None:
        self.core_sink.remove_outgoing_handler(self._outgoing)

    async def _outgoing(self, envelope: Any) -> None: ...

    @classmethod
    def get_adapter_info(cls) -> AdapterInfo:
        return AdapterInfo(name=cls.adapter_name, platform=cls.platform)
