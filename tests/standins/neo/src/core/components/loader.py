import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from src.kernel.logger import get_logger

logger = get_logger("plugin_loader")
_plugin_registry: dict[str, Any] = {}


def register_plugin(cls: Any) -> Any:
    if cls.plugin_name in _plugin_registry:
        raise ValueError(f"{cls.plugin_name} is registered already.")
    _plugin_registry[cls.plugin_name] = cls
    return cls


@dataclass
class PluginManifest:
    name: str
    version: str
    entry_point: str
    min_core_version: str = "1.0.0"
    dependencies: dict[str, list[str]] = field(default_factory=dict)


async def load_manifest(plugin_path: str) -> PluginManifest | None:
    data = json.loads((Path(plugin_path) / "manifest.json").read_text(encoding="utf-8"))
    return PluginManifest(
        data["name"],
        data["version"],
        data["entry_point"],
        data.get("min_core_version", "1.0.0"),
        data.get("dependencies") or {},
    )


class PluginLoader:
    def _check_version_compatibility(self, manifest: PluginManifest) -> bool:
        return tuple(map(int, manifest.min_core_version.split("."))) <= (1, 2, 0)

    def _parse_plugin_ref(self, ref: str) -> str:
        return ref.partition(":")[0]
