"""Where plugins import the routers' base from."""

from src.plugin_system.base.components import BaseRouterComponent

__all__ = ["BaseRouterComponent"]
