"""Where plugins import the chatters' base from."""

from src.plugin_system.base.components import BaseChatter

__all__ = ["BaseChatter"]
