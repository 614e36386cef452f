"""Every component, in one table for all and in one for each kind."""

import tomllib
from pathlib import Path
from typing import Any

from src.common.logger import get_logger
from src.plugin_system.base.component_types import ComponentType
from src.plugin_system.base.plus_command import create_legacy_command_adapter

logger = get_logger("component_registry")


class ComponentRegistry:
    def __init__(self) -> None:
        self._components: dict[str, Any] = {}
        self._components_by_type: dict[ComponentType, dict[str, Any]] = {one: {} for one in ComponentType}
        self._components_classes: dict[str, Any] = {}
        self._plugins: dict[str, Any] = {}
        self._plus_command_registry: dict[str, Any] = {}
        self._tool_registry: dict[str, Any] = {}
        self._llm_available_tools: dict[str, Any] = {}
        self._action_registry: dict[str, Any] = {}
        self._default_actions: dict[str, Any] = {}
        self._event_handler_registry: dict[str, Any] = {}
        self._chatter_registry: dict[str, Any] = {}
        self._enabled_chatter_registry: dict[str, Any] = {}
        self._prompt_registry: dict[str, Any] = {}
        self._interest_calculator_registry: dict[str, Any] = {}
        self._adapter_registry: dict[str, Any] = {}

    def register_plugin(self, info: Any) -> bool:
        if info.name in self._plugins:
            logger.warning(f"plugin {info.name} is there already")
            return False
        self._plugins[info.name] = info
        return True

    def register_component(self, info: Any, cls: Any) -> bool:
        key = f"{info.component_type.value}.{info.name}"
        if key in self._components:
            logger.warning(f"{key} is there already")
            return False
        self._components[key] = info
        self._components_by_type[info.component_type][info.name] = info
        self._components_classes[key] = cls
        if info.component_type is ComponentType.ROUTER:
            return self._register_router(info, cls)
        cls.plugin_name = info.plugin_name
        cls.plugin_config = self.get_plugin_config(info.plugin_name) or {}
        return self._register_by_kind(info, cls)

    def _register_by_kind(self, info: Any, cls: Any) -> bool:
        match info.component_type:
            case ComponentType.PLUS_COMMAND:
                self._plus_command_registry[info.name] = cls
            case ComponentType.COMMAND:  # wrapped, and not found by its own name again
                wrapped = create_legacy_command_adapter(cls)
                wrapped.plugin_name = info.plugin_name
                self._plus_command_registry[info.name] = wrapped
            case ComponentType.TOOL:
                self._tool_registry[info.name] = cls
                if info.enabled:
                    self._llm_available_tools[info.name] = cls
            case ComponentType.ACTION:
                self._action_registry[info.name] = cls
                self._default_actions[info.name] = info
            case ComponentType.EVENT_HANDLER:
                from src.plugin_system.core.event_manager import event_manager

                self._event_handler_registry[info.name] = cls
                return event_manager.register_event_handler(cls, cls.plugin_config)
            case ComponentType.CHATTER:
                self._chatter_registry[info.name] = self._enabled_chatter_registry[info.name] = cls
            case ComponentType.PROMPT:
                self._prompt_registry[info.name] = cls
            case ComponentType.INTEREST_CALCULATOR:
                self._interest_calculator_registry[info.name] = cls
            case ComponentType.ADAPTER:
                self._adapter_registry[info.name] = cls
        return True

    def _register_router(self, info: Any, cls: Any) -> bool:
        from src.common.server import get_global_server

        cls.plugin_name = info.plugin_name
        cls.plugin_config = self.get_plugin_config(info.plugin_name) or {}
        try:
            get_global_server().app.include_router(cls().router, prefix=f"/plugins/{info.plugin_name}")
        except Exception as error:
            logger.error(f"router {info.name}: {error!r}")
            return False
        return True

    async def remove_component(self, name: str, kind: ComponentType, plugin_name: str) -> bool:
        """Keeps what a legacy command was wrapped in, and a router's routes."""
        tables: dict[ComponentType, tuple[dict[str, Any], ...]] = {
            ComponentType.PLUS_COMMAND: (self._plus_command_registry,),
            ComponentType.TOOL: (self._tool_registry, self._llm_available_tools),
            ComponentType.ACTION: (self._action_registry, self._default_actions),
            ComponentType.EVENT_HANDLER: (self._event_handler_registry,),
            ComponentType.CHATTER: (self._chatter_registry, self._enabled_chatter_registry),
            ComponentType.PROMPT: (self._prompt_registry,),
            ComponentType.INTEREST_CALCULATOR: (self._interest_calculator_registry,),
            ComponentType.ADAPTER: (self._adapter_registry,),
        }
        for table in tables.get(kind, ()):
            table.pop(name, None)
        if kind is ComponentType.EVENT_HANDLER:
            from src.plugin_system.core.event_manager import event_manager

            event_manager.remove_event_handler(name)
        self._components_by_type[kind].pop(name, None)
        self._components_classes.pop(f"{kind.value}.{name}", None)
        return self._components.pop(f"{kind.value}.{name}", None) is not None

    async def unregister_plugin(self, plugin_name: str) -> bool:
        info = self._plugins.pop(plugin_name, None)
        for one in info.components if info is not None else ():
            await self.remove_component(one.name, one.component_type, plugin_name)
        return info is not None

    def get_component_info(self, name: str, kind: ComponentType) -> Any:
        return self._components.get(f"{kind.value}.{name}")

    def get_component_class(self, name: str, kind: ComponentType) -> Any:
        return self._components_classes.get(f"{kind.value}.{name}")

    def get_plugin_config(self, plugin_name: str) -> Any:
        from src.plugin_system.core.plugin_manager import plugin_manager

        plugin = plugin_manager.loaded_plugins.get(plugin_name)
        if plugin is not None and plugin.config:
            return plugin.config
        path = Path("config") / "plugins" / plugin_name / "config.toml"
        return tomllib.loads(path.read_text()) if path.exists() else None


component_registry = ComponentRegistry()
