"""The parts of a running classic MoFox-Core that a plugin is registered in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from mpdt.worker.cores.places_of_core import Build, Place, find_all

KNOWN = "0.13.0"
NAME = "MoFox-Core"

PLACES: dict[str, Place] = {
    "plugins": (
        "src.plugin_system.core.plugin_manager",
        "plugin_manager",
        ("plugin_classes", "plugin_paths", "plugin_modules", "loaded_plugins", "failed_plugins"),
    ),
    "registry": (
        "src.plugin_system.core.component_registry",
        "component_registry",
        (
            "_components",
            "_components_by_type",
            "_components_classes",
            "_plugins",
            "register_component",
            "register_plugin",
            "remove_component",
        ),
    ),
    "events": (
        "src.plugin_system.core.event_manager",
        "event_manager",
        (
            "_events",
            "_event_handlers",
            "_pending_subscriptions",
            "register_event",
            "register_event_handler",
            "remove_event_handler",
            "subscribe_handler_to_event",
            "trigger_event",
        ),
    ),
    "adapters": (
        "src.plugin_system.core.adapter_manager",
        "get_adapter_manager",
        ("_adapter_defs", "register_adapter", "start_adapter", "stop_adapter", "_in_process_adapters"),
    ),
    "configuration": ("src.config.config", "global_config", ("command",)),
    "decorator": ("src.plugin_system.apis.plugin_register_api", "register_plugin", ()),
    "prompt": ("src.chat.utils.prompt", "Prompt", ()),
    "types": ("src.plugin_system.base.component_types", None, ("ChatType", "ComponentType", "EventType")),
    "base": ("src.plugin_system.base.plugin_base", None, ("PluginBase", "CONFIG_DIR")),
    "basic": ("src.plugin_system.base.base_plugin", None, ("BasePlugin",)),
    "permissions": (
        "src.plugin_system.apis.permission_api",
        "permission_api",
        ("register_permission_node", "_permission_manager"),
    ),
    "schedules": (
        "src.plugin_system.apis.unified_scheduler",
        "unified_scheduler",
        ("_tasks", "_tasks_by_name", "_event_subscriptions", "_completed_tasks", "remove_schedule", "trigger_schedule"),
    ),
    "sinks": (
        "src.common.core_sink_manager",
        "get_core_sink_manager",
        ("_dispatch_to_runtime", "send_outgoing", "runtime", "get_in_process_sink"),
    ),
    "handler": ("src.chat.message_receive.message_handler", "get_message_handler", ("_preprocess_message",)),
    "messages": ("src.chat.message_manager", "message_manager", ("chatter_manager",)),
    "loops": ("src.chat.message_manager", "stream_loop_manager", ("stop_stream_loop",)),
    "streams": (
        "src.chat.message_receive.chat_stream",
        "get_chat_manager",
        ("streams", "get_or_create_stream", "_generate_stream_id"),
    ),
    "stream": ("src.chat.message_receive.chat_stream", "ChatStream", ()),
    "prompts": ("src.chat.utils.prompt_component_manager", "prompt_component_manager", ("_dynamic_rules",)),
    "interest": (
        "src.chat.interest_system.interest_manager",
        "get_interest_manager",
        ("_current_calculator", "register_calculator"),
    ),
    "tasks": ("src.manager.async_task_manager", "async_task_manager", ("tasks",)),
    "server": ("src.common.server", "get_global_server", ("app",)),
    "tools": ("src.plugin_system.apis.tool_api", None, ("get_tool_instance",)),
    "actions": ("src.chat.planner_actions.action_manager", "ChatterActionManager", ("create_action",)),
    "people": ("src.common.data_models.database_data_model", None, ("DatabaseUserInfo", "DatabaseGroupInfo")),
    "params": ("src.chat.utils.prompt_params", None, ("PromptParameters",)),
}


@dataclass(frozen=True, slots=True)
class Parts:
    """Each is the core's own object; the names are those of ``PLACES``."""

    plugins: Any
    registry: Any
    events: Any
    adapters: Any
    configuration: Any
    decorator: Any
    prompt: Any
    types: Any
    base: Any
    basic: Any
    permissions: Any
    schedules: Any
    sinks: Any
    handler: Any
    messages: Any
    loops: Any
    streams: Any
    stream: Any
    prompts: Any
    interest: Any
    tasks: Any
    server: Any
    tools: Any
    actions: Any
    people: Any
    params: Any

    @property
    def chatters(self) -> Any:
        return self.messages.chatter_manager


def find_parts(version: str) -> Parts:
    """The parts of the core that runs. Raises WorkerError that names what this version has not got."""
    return Parts(**find_all(Build(NAME, version, KNOWN), PLACES))
