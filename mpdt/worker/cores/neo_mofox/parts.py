"""The parts of a running Neo-MoFox that a plugin is registered in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from mpdt.worker.cores.places_of_core import Build, Place, find_all

KNOWN = "1.2.0"

PLACES: dict[str, Place] = {
    "loader": ("src.core.components.loader", None, ("_plugin_registry", "load_manifest", "PluginLoader")),
    "types": ("src.core.components.types", None, ("ComponentType", "ComponentState", "EventType", "parse_signature")),
    "registry": ("src.core.components.registry", "get_global_registry", ("register", "unregister", "_components")),
    "states": ("src.core.components.state_manager", "get_global_state_manager", ("_states", "_runtime_data")),
    "plugins": (
        "src.core.managers.plugin_manager",
        "get_plugin_manager",
        ("_loaded_plugins", "_manifests", "_plugin_paths", "_failed_plugins", "_identify_component"),
    ),
    "events": (
        "src.core.managers.event_manager",
        "get_event_manager",
        (
            "_handler_map",
            "_register_handler_locked",
            "_unregister_handler_locked",
            "_temporary_handlers",
            "_temporary_wrappers",
        ),
    ),
    "bus": ("src.kernel.event", "get_event_bus", ("_subscribers", "subscribe", "unsubscribe", "publish")),
    "configs": ("src.core.managers.config_manager", "get_config_manager", ("_configs", "load_config")),
    "actions": ("src.core.managers.action_manager", "get_action_manager", ("_schema_cache",)),
    "chatters": ("src.core.managers.chatter_manager", "get_chatter_manager", ("_active_chatters",)),
    "routers": ("src.core.managers.router_manager", "get_router_manager", ("_mounted_routers", "mount_router")),
    "adapters": ("src.core.managers.adapter_manager", "get_adapter_manager", ("_active_adapters", "start_adapter")),
    "sinks": ("src.core.transport.sink.sink_manager", "get_sink_manager", ("setup_adapter_sink", "_receiver")),
    "permissions": (
        "src.core.managers.permission_manager",
        "get_permission_manager",
        ("get_user_permission_level", "generate_person_id"),
    ),
    "services": ("src.core.managers.service_manager", "get_service_manager", ("get_service",)),
    "streams": ("src.core.managers.stream_manager", "get_stream_manager", ("_streams", "get_or_create_stream")),
    "loops": (
        "src.core.transport.distribution.stream_loop_manager",
        "get_stream_loop_manager",
        ("_chatter_genes", "_wait_states", "start_stream_loop"),
    ),
    "prompts": ("src.core.prompt.manager", "get_prompt_manager", ("_templates", "register_template")),
    "reminders": ("src.core.prompt.system_reminder", "get_system_reminder_store", ("_data", "set", "delete")),
    "tasks": ("src.kernel.concurrency", "get_task_manager", ("_tasks", "cancel_task")),
    "schedules": (
        "src.kernel.scheduler",
        "get_unified_scheduler",
        ("_tasks", "_tasks_by_name", "_event_subscriptions", "remove_schedule", "_completed_tasks"),
    ),
    "bases": ("src.core.components.base", None, ("BaseAdapter", "BaseConfig", "BasePlugin")),
}


@dataclass(frozen=True, slots=True)
class Parts:
    """Each is the core's own object; the names are those of ``PLACES``."""

    loader: Any
    types: Any
    registry: Any
    states: Any
    plugins: Any
    events: Any
    bus: Any
    configs: Any
    actions: Any
    chatters: Any
    routers: Any
    adapters: Any
    sinks: Any
    permissions: Any
    services: Any
    streams: Any
    loops: Any
    prompts: Any
    reminders: Any
    tasks: Any
    schedules: Any
    bases: Any


def find_parts(version: str) -> Parts:
    """The parts of the core that runs. Raises WorkerError that names what this version has not got."""
    return Parts(**find_all(Build("Neo-MoFox", version, KNOWN), PLACES))
