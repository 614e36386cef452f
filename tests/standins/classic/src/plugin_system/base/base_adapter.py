"""Where plugins import the adapters' base from."""

from src.plugin_system.base.components import BaseAdapter

__all__ = ["BaseAdapter"]
