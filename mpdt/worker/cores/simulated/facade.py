"""The ``*_api`` modules whose functions call a manager's method of the same name."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from mpdt.worker.cores.simulated import config, events, managers, router

FACADES: dict[str, tuple[Callable[[], Any], str]] = {
    "command_api": (
        router.get_command_manager,
        "set_prefixes get_all_commands get_commands_for_plugin get_command_class is_command match_command "
        "execute_command get_all_command_names",
    ),
    "config_api": (
        config.get_config_manager,
        "load_config reload_config get_config remove_config get_loaded_plugins",
    ),
    "event_api": (
        events.get_event_manager,
        "publish_event register_handler unregister_handler build_subscription_map create_temporary_handler "
        "unregister_temporary_handler get_event_stats",
    ),
    "plugin_api": (
        managers.get_plugin_manager,
        "load_plugin unload_plugin reload_plugin get_plugin get_all_plugins list_loaded_plugins get_manifest "
        "is_plugin_loaded get_plugin_path",
    ),
    "service_api": (
        managers.get_service_manager,
        "get_all_services get_services_for_plugin get_service_class get_service",
    ),
    "action_api": (
        managers.get_action_manager,
        "get_all_actions get_actions_for_plugin get_action_class get_action_schema get_action_schemas "
        "execute_action clear_schema_cache",
    ),
    "permission_api": (
        managers.get_permission_manager,
        "generate_raw_person_id generate_person_id get_user_permission_level set_user_permission_group "
        "remove_user_permission_group check_command_permission",
    ),
}


def forward(manager: Callable[[], Any], name: str) -> Callable[..., Any]:
    """A function that calls the present manager's method; it is awaitable if the method is."""

    def call(*args: Any, **kwargs: Any) -> Any:
        return getattr(manager(), name)(*args, **kwargs)

    call.__name__ = call.__qualname__ = name
    return call


def facade(api: str) -> dict[str, Callable[..., Any]]:
    """The functions of one ``*_api`` module."""
    manager, names = FACADES[api]
    return {name: forward(manager, name) for name in names.split()}
