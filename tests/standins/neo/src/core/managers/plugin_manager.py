"""Loads and unloads single plugins. What goes wrong is logged, and what unloading leaves is left."""

import importlib.util
import sys
from pathlib import Path
from typing import Any

from src.core.components import base
from src.core.components.loader import _plugin_registry
from src.core.components.registry import get_global_registry
from src.core.components.state_manager import get_global_state_manager
from src.core.components.types import ComponentState, ComponentType, EventType
from src.core.managers.config_manager import get_config_manager
from src.core.managers.event_manager import get_event_manager
from src.kernel.event import get_event_bus
from src.kernel.logger import get_logger

logger = get_logger("plugin_manager")
KINDS = {
    ComponentType.TOOL: (base.BaseTool, "tool_name"),
    ComponentType.COMMAND: (base.BaseCommand, "command_name"),
    ComponentType.CONFIG: (base.BaseConfig, "config_name"),
    ComponentType.EVENT_HANDLER: (base.BaseEventHandler, "handler_name"),
    ComponentType.SERVICE: (base.BaseService, "service_name"),
    ComponentType.ROUTER: (base.BaseRouter, "router_name"),
    ComponentType.ADAPTER: (base.BaseAdapter, "adapter_name"),
    ComponentType.CHATTER: (base.BaseChatter, "chatter_name"),
}


class PluginManager:
    def __init__(self) -> None:
        self._loaded_plugins: dict[str, Any] = {}
        self._manifests: dict[str, Any] = {}
        self._plugin_paths: dict[str, str] = {}
        self._failed_plugins: dict[str, str] = {}

    def get_plugin(self, name: str) -> Any:
        return self._loaded_plugins.get(name)

    def _identify_component(self, cls: Any) -> tuple[Any, Any, list[str]]:
        for kind, (parent, attribute) in KINDS.items():
            if isinstance(cls, type) and issubclass(cls, parent):
                return kind, getattr(cls, attribute), getattr(cls, "dependencies", [])
        return None, None, []

    async def load_plugin_from_manifest(self, path: str, manifest: Any) -> bool:
        try:
            folder = Path(path)
            sys.path.insert(0, str(folder.parent))
            try:
                name = f"{folder.name}.{Path(manifest.entry_point).stem}"
                spec = importlib.util.spec_from_file_location(
                    name, folder / manifest.entry_point, submodule_search_locations=[str(folder)]
                )
                assert spec is not None
                assert spec.loader is not None
                module = importlib.util.module_from_spec(spec)
                module.__package__ = folder.name
                sys.modules[name] = module
                spec.loader.exec_module(module)
            finally:
                sys.path.remove(str(folder.parent))
            cls = _plugin_registry[manifest.name]
            config = get_config_manager().load_config(manifest.name, cls.configs[0]) if cls.configs else None
            plugin = cls(config=config)
            for component in [*plugin.get_components(), *cls.configs]:
                kind, component_name, dependencies = self._identify_component(component)
                signature = f"{manifest.name}:{kind.value}:{component_name}"
                if signature in get_global_registry():
                    logger.warning(f"{signature} is registered already, skipped")
                    continue
                get_global_registry().register(component, signature, dependencies)
                component._signature_, component._plugin_ = signature, manifest.name
            await plugin.on_plugin_loaded()
        except Exception as error:  # noqa: BLE001 - as the real one does
            self._failed_plugins[manifest.name] = repr(error)
            logger.error(f"{manifest.name} could not be loaded: {error!r}")
            return False
        self._loaded_plugins[manifest.name] = plugin
        self._manifests[manifest.name] = manifest
        self._plugin_paths[manifest.name] = path
        await get_global_state_manager().set_state_async(
            f"{manifest.name}:plugin:{manifest.name}", ComponentState.ACTIVE
        )
        await get_event_manager().register_plugin_handlers(manifest.name, plugin)
        return True

    async def unload_plugin(self, name: str) -> bool:
        plugin = self._loaded_plugins.pop(name, None)
        if plugin is None:
            return False
        await plugin.on_plugin_unloaded()
        await get_event_bus().publish(EventType.ON_PLUGIN_UNLOADED, {"plugin_name": name, "manifest": None})
        get_event_manager().unregister_plugin_handlers(name)
        for signature in get_global_registry().get_by_plugin(name):
            get_global_registry().unregister(signature)
        _plugin_registry.pop(name, None)
        package = Path(self._plugin_paths.pop(name)).name
        self._manifests.pop(name, None)
        for module in [one for one in sys.modules if one == package or one.startswith(f"{package}.")]:
            del sys.modules[module]
        return True


_manager = PluginManager()


def get_plugin_manager() -> PluginManager:
    return _manager
