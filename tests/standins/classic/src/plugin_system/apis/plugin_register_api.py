"""The decorator of a plugin's class."""

from pathlib import Path
from typing import Any


def register_plugin(cls: Any) -> Any:
    """One that is there already by the name is replaced. The place is guessed from the module's name."""
    from src.plugin_system.core.plugin_manager import plugin_manager

    root = Path(__file__).parents[3]
    plugin_manager.plugin_classes[cls.plugin_name] = cls
    plugin_manager.plugin_paths[cls.plugin_name] = str(Path(root, *cls.__module__.split(".")).resolve())
    return cls
