"""Adapters: connections to platforms. Here they are made and registered, but only started when a plugin says so."""

from __future__ import annotations

import inspect
from typing import Any

from mpdt.language import _
from mpdt.worker.cores.simulated.components import BaseAdapter
from mpdt.worker.cores.simulated.logger import get_logger
from mpdt.worker.cores.simulated.managers import get_global_registry
from mpdt.worker.cores.simulated.runtime import BOT_ID, BOT_NAME, kept, registrations
from mpdt.worker.cores.simulated.sending import deliver_command

logger = get_logger("adapter_manager")


class CoreSink:
    """Where an adapter hands its messages in; they are only logged."""

    async def send(self, message: Any) -> None:
        logger.info(_("An adapter hands in: {message!r:.200}", message=message))

    async def push_outgoing(self, message: Any) -> None:
        await self.send(message)

    def set_outgoing_handler(self, handler: Any) -> None: ...

    def remove_outgoing_handler(self, handler: Any) -> None: ...

    async def close(self) -> None: ...


class AdapterManager:
    def __init__(self) -> None:
        self._active: dict[str, BaseAdapter] = {}

    async def start_adapter(self, signature: str) -> bool:
        """Make and start it; what it raises is told, and False."""
        cls = get_global_registry().get(signature)
        if cls is None or not issubclass(cls, BaseAdapter):
            return False
        adapter = cls(CoreSink(), registrations().plugins.get(signature.partition(":")[0]))
        try:
            await adapter.start()
        except Exception as error:  # plugin code: connecting may raise anything
            logger.error(
                _("Adapter {signature} did not start: {error!r}", signature=signature, error=error), exc_info=error
            )
            return False
        self._active[signature] = adapter
        return True

    async def stop_adapter(self, signature: str) -> bool:
        adapter = self._active.pop(signature, None)
        if adapter is not None:
            await adapter.stop()
        return adapter is not None

    async def restart_adapter(self, signature: str) -> bool:
        await self.stop_adapter(signature)
        return await self.start_adapter(signature)

    async def stop_all_adapters(self) -> dict[str, bool]:
        return {signature: await self.stop_adapter(signature) for signature in list(self._active)}

    def get_adapter(self, signature: str) -> BaseAdapter | None:
        return self._active.get(signature)

    def get_all_adapters(self) -> dict[str, BaseAdapter]:
        return dict(self._active)

    def list_active_adapters(self) -> list[str]:
        return list(self._active)

    def is_adapter_active(self, signature: str) -> bool:
        return signature in self._active

    async def get_bot_info_by_platform(self, platform: str) -> dict[str, str] | None:
        for adapter in self._active.values():
            if adapter.platform == platform:
                info = adapter.get_bot_info()
                return await info if inspect.isawaitable(info) else info
        return {"bot_id": BOT_ID, "bot_name": BOT_NAME, "bot_nickname": BOT_NAME}

    async def send_adapter_command(
        self,
        adapter_sign: str,
        command_name: str,
        command_data: dict[str, Any],
        timeout: float = 20.0,  # noqa: ASYNC109 - the real core's signature
    ) -> dict[str, Any]:
        """What a platform would be told is captured; it answers that all is well, and gives nothing."""
        deliver_command(command_name, {"adapter": adapter_sign, **command_data})
        return {"status": "ok", "retcode": 0, "data": {}, "message": ""}


def get_adapter_manager() -> AdapterManager:
    return kept(AdapterManager)
