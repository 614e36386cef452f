import asyncio
import queue
import signal
import sys
import threading
from pathlib import Path
from typing import Any

from src.core.components.loader import load_manifest
from src.core.components.registry import get_global_registry
from src.core.components.types import ComponentType, EventType
from src.core.managers.permission_manager import get_permission_manager
from src.core.managers.plugin_manager import get_plugin_manager
from src.core.managers.router_manager import get_router_manager
from src.kernel.event import EventDecision, get_event_bus
from src.kernel.logger import get_logger

logger = get_logger("bot")


class Bot:
    bot_version = "1.2.0"

    def __init__(self) -> None:
        self.event_bus = get_event_bus()
        self._running = False
        self._lines: queue.Queue[str | None] = queue.Queue()

    async def start(self) -> None:
        try:
            await self.initialize()
            await self.run()
        finally:
            await self.shutdown()

    async def initialize(self) -> None:
        self.event_bus.subscribe(EventType.ON_MESSAGE_RECEIVED, self._on_message)
        for folder in sorted(Path("plugins").iterdir()):
            if (folder / "manifest.json").exists():
                manifest = await load_manifest(str(folder))
                await get_plugin_manager().load_plugin_from_manifest(str(folder), manifest)
        for signature in get_global_registry().get_by_type(ComponentType.ROUTER):
            plugin = get_plugin_manager().get_plugin(signature.split(":")[0])
            await get_router_manager().mount_router(signature, plugin)
        await self.event_bus.publish(EventType.ON_ALL_PLUGIN_LOADED, {})

    async def run(self) -> None:
        self._running = True
        await self.event_bus.publish(EventType.ON_START, {})
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda *_: self._stop())
        threading.Thread(target=self._read, daemon=True).start()
        while self._running:
            try:
                line = await asyncio.to_thread(self._lines.get, True, 0.05)
            except queue.Empty:
                continue
            if line is None or line.strip() == "/stop":
                self._running = False
            else:
                print(f"no such command: {line.strip()}", flush=True)

    def _stop(self) -> None:
        self._running = False

    def _read(self) -> None:
        while line := sys.stdin.readline():
            self._lines.put(line)
        self._lines.put(None)  # the end of its input ends the bot

    async def shutdown(self) -> None:
        await self.event_bus.publish(EventType.ON_STOP, {})
        for name in list(get_plugin_manager()._loaded_plugins):
            await get_plugin_manager().unload_plugin(name)
        print("bot | INFO | everything is closed", flush=True)

    async def _on_message(self, event_name: str, params: dict[str, Any]) -> Any:
        """A command is run; anything else would go to a chatter."""
        message = params["message"]
        name, _, rest = message.content.removeprefix("/").partition(" ")
        for signature, cls in get_global_registry().get_by_type(ComponentType.COMMAND).items():
            if message.content.startswith("/") and cls.command_name == name:
                permissions = get_permission_manager()
                person = permissions.generate_person_id(message.platform, message.sender_id)
                if await permissions.get_user_permission_level(person) < cls.permission_level:
                    logger.warning(f"{person} may not {name}")
                    break
                plugin = get_plugin_manager().get_plugin(signature.split(":")[0])
                try:
                    await cls(plugin, message.stream_id, message.message_id, message).execute(rest)
                except Exception as error:  # noqa: BLE001 - as the real one does
                    logger.error(f"/{name} failed: {error!r}")
        return EventDecision.SUCCESS, params
