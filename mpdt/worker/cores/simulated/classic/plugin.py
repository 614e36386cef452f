"""The classic plugin's base class, and the decorator that registers it."""

from __future__ import annotations

import json
from abc import ABC, abstractmethod
from pathlib import Path
from typing import Any, ClassVar

from mpdt.worker.cores.sections import looked_up
from mpdt.worker.cores.simulated.classic.registry import identify
from mpdt.worker.cores.simulated.classic.types import ComponentInfo, ComponentType, PermissionNodeField, PluginMetadata
from mpdt.worker.cores.simulated.runtime import registrations


class PluginBase(ABC):  # noqa: B024 - its child has the abstract method
    plugin_name: str = ""
    config_file_name: str = "config.toml"
    enable_plugin: bool = True
    config_schema: ClassVar[dict[str, Any]] = {}
    permission_nodes: ClassVar[list[PermissionNodeField]] = []
    config_section_descriptions: ClassVar[dict[str, Any]] = {}

    def __init__(self, plugin_dir: str = "", metadata: PluginMetadata | None = None, **_: Any) -> None:
        self.plugin_dir = plugin_dir
        self.metadata = metadata or PluginMetadata(self.plugin_name, "", "")
        self.plugin_meta = self.metadata
        self.log_prefix = f"[Plugin:{self.plugin_name}]"
        self.display_name = self.metadata.name
        self.plugin_description = self.metadata.description
        self.plugin_version = self.metadata.version
        self.plugin_author = self.metadata.author
        self.manifest_data = read_manifest(plugin_dir)
        self._is_enabled = self.enable_plugin
        self.config: dict[str, Any] = registrations().kept.get("classic config", {})

    def get_config(self, key: str, default: Any = None) -> Any:
        return looked_up(self.config, key, default)

    async def on_plugin_loaded(self) -> None:  # noqa: B027 - optional
        """Runs once the components are registered."""

    def on_unload(self) -> None:  # noqa: B027 - optional
        """Runs before the plugin is taken out."""


def read_manifest(plugin_dir: str) -> dict[str, Any]:
    path = Path(plugin_dir) / "_manifest.json"
    try:
        return dict(json.loads(path.read_text(encoding="utf-8-sig")))
    except (OSError, ValueError):
        return {}


class BasePlugin(PluginBase):
    @classmethod
    def get_component_info(cls, component_class: type[Any], component_type: ComponentType) -> ComponentInfo:
        known = identify(component_class)
        return ComponentInfo(known[1] if known else component_class.__name__, component_type, known[2] if known else "")

    @abstractmethod
    def get_plugin_components(self) -> list[Any]:
        """Pairs of info and class."""

    def register_plugin(self) -> bool:
        return True


def register_plugin(cls: type[Any]) -> type[Any]:
    """Class decorator: this is the plugin's class."""
    name = str(getattr(cls, "plugin_name", "") or "")
    if isinstance(getattr(cls, "plugin_name", None), property) or not name:
        raise ValueError(f"插件类 '{cls.__name__}' 必须定义 'plugin_name' 属性")
    registrations().plugin_classes[name] = cls
    return cls


# See the Neo flavour's: the class is noted, and its name is looked at here.
register_plugin.__mpdt_inert__ = True  # type: ignore[attr-defined]


class PluginManager:
    """The plugins that are loaded: the one that is developed."""

    def get_plugin_instance(self, plugin_name: str) -> Any:
        return registrations().plugins.get(plugin_name)

    def list_loaded_plugins(self) -> list[str]:
        return list(registrations().plugins)

    def list_registered_plugins(self) -> list[str]:
        return list(registrations().plugin_classes)

    def list_failed_plugins(self) -> dict[str, str]:
        return {}

    def is_plugin_loaded(self, plugin_name: str) -> bool:
        return plugin_name in registrations().plugins

    is_plugin_enabled = is_plugin_loaded

    @property
    def loaded_plugins(self) -> dict[str, Any]:
        return dict(registrations().plugins)


plugin_manager = PluginManager()
