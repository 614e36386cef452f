"""What every plugin is: a configuration, and a way to register."""

import shutil
import tomllib
from pathlib import Path
from typing import Any, ClassVar

from src.common.logger import get_logger
from src.config.config import CONFIG_DIR
from src.plugin_system.base.component_types import PluginInfo

logger = get_logger("plugin_base")


class PluginBase:
    plugin_name: str
    config_file_name: str
    enable_plugin = True
    config_schema: ClassVar[dict[str, Any]] = {}
    permission_nodes: ClassVar[list[Any]] = []

    def __init__(self, plugin_dir: str, metadata: Any) -> None:
        self.config: dict[str, Any] = {}
        self.plugin_dir, self.plugin_meta = plugin_dir, metadata
        self._load_plugin_config()
        self.display_name, self.plugin_version = metadata.name, metadata.version
        self.plugin_description, self.plugin_author = metadata.description, metadata.author
        self.plugin_info = PluginInfo(metadata.name, self.plugin_name, metadata.description, metadata.version)

    def _load_plugin_config(self) -> None:
        """The first file is moved here from the plugin's folder, or written; it is rewritten to fit the schema."""
        if not self.config_file_name:
            return
        path = Path(CONFIG_DIR) / "plugins" / self.plugin_name / self.config_file_name
        path.parent.mkdir(parents=True, exist_ok=True)
        own = Path(self.plugin_dir) / self.config_file_name
        if not path.exists() and own.exists():
            shutil.move(own, path)
        wanted = {
            section: {name: field.default for name, field in fields.items()}
            for section, fields in self.config_schema.items()
        }
        try:
            given = tomllib.loads(path.read_text()) if path.exists() else {}
        except tomllib.TOMLDecodeError as error:
            logger.error(f"{path}: {error}")
            self.config = wanted
            return
        for section, fields in wanted.items():
            for name in fields:
                fields[name] = given.get(section, {}).get(name, fields[name])
        if self.config_schema and wanted != given:
            lines = []
            for section, fields in wanted.items():
                lines.append(f"[{section}]")
                lines += [
                    f"{name} = {str(value).lower() if isinstance(value, bool) else repr(value)}"
                    for name, value in fields.items()
                ]
            path.write_text("\n".join(lines) + "\n")
        self.config = wanted

    async def on_plugin_loaded(self) -> None: ...

    def on_unload(self) -> None: ...
