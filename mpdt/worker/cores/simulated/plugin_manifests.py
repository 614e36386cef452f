"""A plugin's manifest as other plugins read it: the real core's type, with its defaults."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from mpdt.language import _
from mpdt.worker.cores.manifests import MANIFEST, REQUIRED
from mpdt.worker.cores.simulated.logger import get_logger
from mpdt.worker.cores.simulated.runtime import registrations

logger = get_logger("plugin_loader")


@dataclass
class ComponentInclude:
    component_type: str
    component_name: str
    dependencies: list[str] = field(default_factory=list)
    enabled: bool = True


@dataclass
class PluginManifest:
    name: str
    version: str
    description: str
    author: str
    dependencies: dict[str, list[str]] = field(default_factory=lambda: {"plugins": [], "components": []})
    include: list[ComponentInclude] = field(default_factory=list)
    entry_point: str = "plugin.py"
    min_core_version: str = "3.0.0"
    python_dependencies: list[str] = field(default_factory=list)
    dependencies_required: bool = True
    _source_path: str = ""


def read_plugin_manifest(plugin_path: str) -> PluginManifest | None:
    """None if there is none, or none that can be used: which is told."""
    path = Path(plugin_path) / MANIFEST
    if not path.is_file():
        return None
    try:
        data = json.loads(path.read_text(encoding="utf-8-sig"))
    except (OSError, ValueError) as error:
        logger.error(_("{path} is not JSON: {error}", path=path, error=error))
        return None
    missing = [name for name in REQUIRED if name not in data] if isinstance(data, dict) else list(REQUIRED)
    if missing:
        logger.error(
            _("{path} lacks {names}; the core would not load the plugin.", path=path, names=", ".join(missing))
        )
        return None
    known: dict[str, Any] = {name: data[name] for name in PluginManifest.__dataclass_fields__ if name in data}
    known["include"] = [included(one) for one in data.get("include") or () if isinstance(one, dict)]
    known["dependencies"] = data["dependencies"] or {"plugins": [], "components": []}
    return PluginManifest(**{**known, "_source_path": plugin_path})


def included(one: dict[str, Any]) -> ComponentInclude:
    return ComponentInclude(
        str(one.get("component_type", "")),
        str(one.get("component_name", "")),
        list(one.get("dependencies") or ()),
        bool(one.get("enabled", True)),
    )


async def load_manifest(plugin_path: str) -> PluginManifest | None:
    return read_plugin_manifest(plugin_path)


class PluginLoader:
    """What is to be loaded: here it has been, the one plugin that is developed."""

    def get_failed_plugins(self) -> dict[str, str]:
        return {}

    async def plan_plugins(self, plugins_dir: str) -> tuple[list[str], dict[str, PluginManifest]]:
        plugins = registrations().manifests.items()
        found = {name: read_plugin_manifest(str(manifest.folder)) for name, manifest in plugins}
        known = {name: manifest for name, manifest in found.items() if manifest is not None}
        return list(known), known


def get_plugin_loader() -> PluginLoader:
    return PluginLoader()
