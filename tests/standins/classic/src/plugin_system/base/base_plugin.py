"""A plugin that lists its components."""

from typing import Any

from src.common.logger import get_logger
from src.plugin_system.base.plugin_base import PluginBase

logger = get_logger("base_plugin")


class BasePlugin(PluginBase):
    def get_plugin_components(self) -> list[Any]:
        raise NotImplementedError

    def register_plugin(self) -> bool:
        from src.plugin_system.core.component_registry import component_registry

        registered = []
        for info, cls in self.get_plugin_components():
            info.plugin_name = self.plugin_name
            if component_registry.register_component(info, cls):
                registered.append(info)
            else:
                logger.warning(f"{info.name} could not be registered")
        self.plugin_info.components = registered
        return component_registry.register_plugin(self.plugin_info)
