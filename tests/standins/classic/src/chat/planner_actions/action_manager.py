"""Makes actions."""

from typing import Any

from src.plugin_system.base.component_types import ComponentType
from src.plugin_system.core.component_registry import component_registry


class ChatterActionManager:
    @staticmethod
    def create_action(
        action_name: str,
        action_data: dict[str, Any],
        reasoning: str,
        cycle_timers: dict[str, Any],
        thinking_id: str,
        chat_stream: Any,
        log_prefix: str,
        action_message: Any = None,
    ) -> Any:
        cls = component_registry.get_component_class(action_name, ComponentType.ACTION)
        info = component_registry.get_component_info(action_name, ComponentType.ACTION)
        if cls is None or info is None:
            return None
        config = component_registry.get_plugin_config(info.plugin_name)
        return cls(action_data=action_data, reasoning=reasoning, chat_stream=chat_stream, plugin_config=config)
