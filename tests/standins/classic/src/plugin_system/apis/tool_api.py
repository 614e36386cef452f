"""Tools by name."""

from typing import Any

from src.plugin_system.base.component_types import ComponentType
from src.plugin_system.core.component_registry import component_registry


def get_tool_instance(tool_name: str, chat_stream: Any = None) -> Any:
    info = component_registry.get_component_info(tool_name, ComponentType.TOOL)
    cls = component_registry.get_component_class(tool_name, ComponentType.TOOL)
    return cls(component_registry.get_plugin_config(info.plugin_name), chat_stream) if cls is not None else None
