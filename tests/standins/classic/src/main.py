"""The bot's main object."""

import asyncio
import signal
import sys
from typing import Any

from src.chat.message_receive.message_handler import get_message_handler
from src.common.core_sink_manager import get_core_sink_manager
from src.common.logger import get_logger
from src.common.server import get_global_server
from src.plugin_system.apis.permission_api import PermissionManager, permission_api
from src.plugin_system.base.component_types import EventType
from src.plugin_system.core.adapter_manager import get_adapter_manager
from src.plugin_system.core.event_manager import event_manager
from src.plugin_system.core.plugin_manager import plugin_manager

logger = get_logger("main")


class MainSystem:
    def __init__(self) -> None:
        self._shutting_down = False
        self._tasks: list[Any] = []
        signal.signal(signal.SIGINT, self._signalled)

    def _signalled(self, number: int, frame: Any) -> None:
        if self._shutting_down:
            return
        self._shutting_down = True

        async def close_and_exit() -> None:
            await self._async_cleanup()
            sys.exit(0)

        self._tasks.append(asyncio.get_event_loop().create_task(close_and_exit()))

    async def initialize(self) -> None:
        get_message_handler().register_handlers(get_core_sink_manager().runtime)
        for event in (EventType.ON_START, EventType.ON_STOP, EventType.ON_MESSAGE):
            event_manager.register_event(event)
        permission_api.set_permission_manager(PermissionManager())
        plugin_manager.load_all_plugins()
        await event_manager.trigger_event(EventType.ON_START, permission_group="SYSTEM")
        for name in list(get_adapter_manager()._adapter_defs):
            await get_adapter_manager().start_adapter(name)
        logger.info("the bot is up")

    async def _async_cleanup(self) -> None:
        logger.info("everything is being closed")
        await event_manager.trigger_event(EventType.ON_STOP, permission_group="SYSTEM")
        for name in list(get_adapter_manager()._adapter_defs):
            await get_adapter_manager().stop_adapter(name)
        logger.info("everything is closed")

    async def schedule_tasks(self) -> None:
        await get_global_server().run()
        while True:  # a signal wakes no loop that sleeps
            await asyncio.sleep(0.05)
