"""The classic component registry: infos and classes, by kind and name."""

from __future__ import annotations

from typing import Any

from mpdt.worker.cores.simulated.classic import commands, components, others
from mpdt.worker.cores.simulated.classic.types import ComponentInfo, ComponentType, PluginInfo
from mpdt.worker.cores.simulated.runtime import kept, registrations

# Most derived first; what a class is called by, and described by.
KINDS: tuple[tuple[ComponentType, type[Any], str, str], ...] = (
    (ComponentType.PLUS_COMMAND, commands.PlusCommand, "command_name", "command_description"),
    (ComponentType.COMMAND, commands.BaseCommand, "command_name", "command_description"),
    (ComponentType.ACTION, components.BaseAction, "action_name", "action_description"),
    (ComponentType.TOOL, components.BaseTool, "name", "description"),
    (ComponentType.EVENT_HANDLER, components.BaseEventHandler, "handler_name", "handler_description"),
    (ComponentType.PROMPT, components.BasePrompt, "prompt_name", "prompt_description"),
    (ComponentType.CHATTER, components.BaseChatter, "chatter_name", "chatter_description"),
    (ComponentType.ROUTER, others.BaseRouterComponent, "component_name", "component_description"),
    (ComponentType.INTEREST_CALCULATOR, others.BaseInterestCalculator, "component_name", "component_description"),
    (ComponentType.ADAPTER, others.BaseAdapter, "adapter_name", "adapter_description"),
)


def identify(cls: object) -> tuple[ComponentType, str, str] | None:
    """Kind, name and description by the class."""
    for kind, base, name, description in KINDS:
        if isinstance(cls, type) and issubclass(cls, base):
            return kind, str(getattr(cls, name, "")), str(getattr(cls, description, ""))
    return None


class Registered:
    """What this version of the plugin has registered; disabled components are known by kind and name."""

    def __init__(self) -> None:
        self.infos: dict[str, tuple[ComponentInfo, type[Any]]] = {}
        self.disabled: set[tuple[str, ComponentType]] = set()
        self.plugin: PluginInfo | None = None
        self.config: dict[str, Any] = {}


class ComponentRegistry:
    @property
    def _registered(self) -> Registered:
        return kept(Registered)

    def register_component(self, component_info: ComponentInfo, component_class: type[Any]) -> bool:
        known = identify(component_class)
        if known is None:
            return False
        kind, name, description = known
        component_info.component_type = kind
        component_info.name = component_info.name or name
        component_info.description = component_info.description or description
        signature = f"{component_info.plugin_name}:{kind.value}:{component_info.name}"
        if signature in self._registered.infos:
            return False
        self._registered.infos[signature] = (component_info, component_class)
        registrations().components[signature] = component_class
        return True

    async def remove_component(self, component_name: str, component_type: ComponentType, plugin_name: str) -> bool:
        signature = f"{plugin_name}:{component_type.value}:{component_name}"
        registrations().components.pop(signature, None)
        return self._registered.infos.pop(signature, None) is not None

    def _find(self, name: str, kind: ComponentType | None) -> tuple[ComponentInfo, type[Any]] | None:
        for info, cls in self._registered.infos.values():
            if info.name == name and kind in (None, info.component_type):
                return info, cls
        return None

    def get_component_info(
        self, component_name: str, component_type: ComponentType | None = None
    ) -> ComponentInfo | None:
        found = self._find(component_name, component_type)
        return found[0] if found else None

    def get_component_class(self, component_name: str, component_type: ComponentType | None = None) -> type[Any] | None:
        found = self._find(component_name, component_type)
        return found[1] if found else None

    def get_components_by_type(self, component_type: ComponentType) -> dict[str, ComponentInfo]:
        infos = (info for info, _ in self._registered.infos.values())
        return {info.name: info for info in infos if info.component_type is component_type}

    def is_component_available(
        self, component_name: str, component_type: ComponentType, stream_id: str | None = None
    ) -> bool:
        known = self._find(component_name, component_type) is not None
        return known and (component_name, component_type) not in self._registered.disabled

    def get_enabled_components_by_type(
        self, component_type: ComponentType, stream_id: str | None = None
    ) -> dict[str, Any]:
        found = self.get_components_by_type(component_type)
        return {name: info for name, info in found.items() if self.is_component_available(name, component_type)}

    def enable_component(self, component_name: str, component_type: ComponentType) -> bool:
        self._registered.disabled.discard((component_name, component_type))
        return self._find(component_name, component_type) is not None

    async def disable_component(self, component_name: str, component_type: ComponentType) -> bool:
        self._registered.disabled.add((component_name, component_type))
        return self._find(component_name, component_type) is not None

    def set_local_component_state(
        self, stream_id: str, component_name: str, component_type: ComponentType, enabled: bool
    ) -> bool:
        return self._find(component_name, component_type) is not None

    def classes(self, kind: ComponentType) -> dict[str, type[Any]]:
        return {info.name: cls for info, cls in self._registered.infos.values() if info.component_type is kind}

    def get_action_registry(self) -> dict[str, type[Any]]:
        return self.classes(ComponentType.ACTION)

    def get_tool_registry(self) -> dict[str, type[Any]]:
        return self.classes(ComponentType.TOOL)

    def get_llm_available_tools(self, stream_id: str | None = None) -> dict[str, type[Any]]:
        return {name: cls for name, cls in self.get_tool_registry().items() if cls.available_for_llm}

    def get_plus_command_registry(self) -> dict[str, type[Any]]:
        return self.classes(ComponentType.PLUS_COMMAND)

    def get_event_handler_registry(self) -> dict[str, type[Any]]:
        return self.classes(ComponentType.EVENT_HANDLER)

    def get_prompt_registry(self) -> dict[str, type[Any]]:
        return self.classes(ComponentType.PROMPT)

    def get_chatter_registry(self) -> dict[str, type[Any]]:
        return self.classes(ComponentType.CHATTER)

    def get_plugin_info(self, plugin_name: str) -> PluginInfo | None:
        plugin = self._registered.plugin
        return plugin if plugin and plugin.name == plugin_name else None

    def get_all_plugins(self) -> dict[str, PluginInfo]:
        plugin = self._registered.plugin
        return {plugin.name: plugin} if plugin else {}

    def get_plugin_components(self, plugin_name: str) -> list[ComponentInfo]:
        return [info for info, _ in self._registered.infos.values() if info.plugin_name == plugin_name]

    def get_plugin_config(self, plugin_name: str) -> dict[str, Any] | None:
        return self._registered.config if self.get_plugin_info(plugin_name) else None

    def get_registry_stats(self) -> dict[str, Any]:
        infos = [info for info, _ in self._registered.infos.values()]
        return {"total_components": len(infos), "total_plugins": len(self.get_all_plugins())}


component_registry = ComponentRegistry()
