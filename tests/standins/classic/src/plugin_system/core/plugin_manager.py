"""Loads plugins from two folders."""

import asyncio
import os
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from typing import Any

from src.common.logger import get_logger
from src.plugin_system.apis.permission_api import permission_api
from src.plugin_system.core.component_registry import component_registry

logger = get_logger("plugin_manager")


class PluginManager:
    def __init__(self) -> None:
        self.plugin_classes: dict[str, Any] = {}
        self.plugin_paths: dict[str, str] = {}
        self.plugin_modules: dict[str, Any] = {}
        self.loaded_plugins: dict[str, Any] = {}
        self.failed_plugins: dict[str, str] = {}
        for folder in ("src/plugins/built_in", "plugins"):
            os.makedirs(folder, exist_ok=True)

    def load_all_plugins(self) -> None:
        for folder in ("src/plugins/built_in", "plugins"):
            for name in sorted(os.listdir(folder)):
                file = Path(folder) / name / "plugin.py"
                if file.is_file():
                    self._load_plugin_module_file(file)
        for name in list(self.plugin_classes):
            self.load_registered_plugin_classes(name)

    def _load_plugin_module_file(self, file: Path) -> None:
        """The module is in no ``sys.modules``; what it imports from its package is."""
        module_name = ".".join(file.parent.parts)
        try:
            init = spec_from_file_location(f"{module_name}.__init__", file.parent / "__init__.py")
            spec = spec_from_file_location(module_name, file)
            assert init is not None
            assert init.loader is not None
            assert spec is not None
            assert spec.loader is not None
            package, module = module_from_spec(init), module_from_spec(spec)
            init.loader.exec_module(package)
            module.__package__ = module_name
            spec.loader.exec_module(module)
            module.__plugin_meta__ = package.__plugin_meta__  # type: ignore[attr-defined]
        except Exception as error:
            logger.error(f"{file} cannot be loaded: {error!r}")
            self.failed_plugins[file.parent.name] = str(error)
            return
        for value in list(vars(module).values()):
            name = getattr(value, "plugin_name", None)
            if isinstance(value, type) and self.plugin_classes.get(name) is value:
                self.plugin_modules[name] = module

    def load_registered_plugin_classes(self, name: str) -> tuple[bool, int]:
        cls, module = self.plugin_classes.get(name), self.plugin_modules.get(name)
        if cls is None or module is None:
            return False, 1
        try:
            plugin = cls(plugin_dir=self.plugin_paths[name], metadata=module.__plugin_meta__)
            if not plugin.register_plugin():
                return False, 1
        except Exception as error:
            logger.error(f"{name} cannot be loaded: {error!r}")
            return False, 1
        self.loaded_plugins[name] = plugin
        for node in plugin.permission_nodes:
            asyncio.create_task(permission_api.register_permission_node(node.node_name, node.description, name))
        asyncio.create_task(plugin.on_plugin_loaded())
        from src.plugin_system.core.adapter_manager import get_adapter_manager

        for info in plugin.plugin_info.components:
            if info.component_type.value == "adapter":
                get_adapter_manager().register_adapter(component_registry._adapter_registry[info.name], plugin)
        return True, 1

    async def remove_registered_plugin(self, name: str) -> bool:
        """Without the plugin's unload hook."""
        if name not in self.loaded_plugins or not await component_registry.unregister_plugin(name):
            return False
        del self.loaded_plugins[name]
        return True

    async def reload_registered_plugin(self, name: str) -> bool:
        """Another instance of the class that is there: nothing is read again."""
        return await self.remove_registered_plugin(name) and self.load_registered_plugin_classes(name)[0]


plugin_manager = PluginManager()
