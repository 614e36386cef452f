"""The plugin's class: which components there are, and what runs in the background."""

from __future__ import annotations

import asyncio

from src.app.plugin_system.api.log_api import get_logger
from src.app.plugin_system.base import BasePlugin, register_plugin
from src.kernel.concurrency import get_task_manager

from . import state
from .components import CountWordsTool, EchoCommand, GreeterHandler, HistoryService
from .config import EchoConfig

logger = get_logger("echo")


@register_plugin
class EchoPlugin(BasePlugin):
    """Says things back."""

    plugin_name: str = "echo"
    plugin_description: str = "Says things back."
    plugin_version: str = "1.0.0"
    configs: list[type] = [EchoConfig]

    def __init__(self, config: EchoConfig | None = None) -> None:
        super().__init__(config)
        self.heartbeats = 0
        self._heart = None

    def get_components(self) -> list[type]:
        return [EchoCommand, CountWordsTool, GreeterHandler, HistoryService]

    async def on_plugin_loaded(self) -> None:
        self._heart = get_task_manager().create_task(self._beat(), name="echo heartbeat", daemon=True)
        logger.info("echo is here")

    async def on_plugin_unloaded(self) -> None:
        if self._heart is not None:
            self._heart.cancel()
        logger.info(f"echo is gone, after {state.count} messages")

    async def _beat(self) -> None:
        while True:
            self.heartbeats += 1
            await asyncio.sleep(self.config.echo.heartbeat if self.config else 5.0)
