"""The ``*_api`` modules whose functions call a manager's method of the same name."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from mpdt.worker.cores.simulated import config, events, managers, router


def prompt_manager() -> Any:
    from mpdt.worker.cores.simulated.prompts import get_prompt_manager

    return get_prompt_manager()


def media_manager() -> Any:
    from mpdt.worker.cores.simulated.services import get_media_manager

    return get_media_manager()


def adapter_manager() -> Any:
    from mpdt.worker.cores.simulated.adapters import get_adapter_manager

    return get_adapter_manager()


def stream_manager() -> Any:
    from mpdt.worker.cores.simulated.streams import get_stream_manager

    return get_stream_manager()


FACADES: dict[str, tuple[Callable[[], Any], str]] = {
    "prompt_api": (
        prompt_manager,
        "register_template unregister_template get_template get_or_create has_template list_templates "
        "clear_templates count_templates",
    ),
    "media_api": (
        media_manager,
        "recognize_media recognize_batch save_media_info get_media_info save_description_cache get_media_file",
    ),
    "adapter_api": (
        adapter_manager,
        "start_adapter stop_adapter restart_adapter get_adapter get_all_adapters list_active_adapters "
        "is_adapter_active stop_all_adapters get_bot_info_by_platform send_adapter_command",
    ),
    "stream_api": (
        stream_manager,
        "get_or_create_stream get_stream build_stream_from_database load_stream_context add_message_to_stream "
        "add_message add_sent_message_to_history delete_stream get_stream_info get_stream_messages clear_stream_cache "
        "refresh_stream activate_stream clear_context load_and_clear_context get_all_stream_ids "
        "get_stream_ids_from_db bulk_clear_streams",
    ),
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
