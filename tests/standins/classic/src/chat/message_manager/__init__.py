"""Chatters, and the loops of the conversations in which they are asked."""

import asyncio
from typing import Any

from src.chat.message_receive.chat_stream import get_chat_manager
from src.common.logger import get_logger
from src.plugin_system.base.component_types import ChatType

logger = get_logger("message_manager")


class ChatterManager:
    def __init__(self) -> None:
        self.chatter_classes: dict[Any, list[Any]] = {}
        self.instances: dict[str, Any] = {}
        self._auto_registered = False

    def register_chatter(self, cls: Any) -> None:
        for kind in cls.chat_types:
            self.chatter_classes.setdefault(kind, []).append(cls)

    def ensure(self) -> None:
        from src.plugin_system.core.component_registry import component_registry

        if not self._auto_registered:
            self._auto_registered = True
            for cls in component_registry._enabled_chatter_registry.values():
                self.register_chatter(cls)

    def get_chatter_class_for_chat_type(self, chat_type: Any) -> Any:
        known = self.chatter_classes.get(chat_type) or self.chatter_classes.get(ChatType.ALL)
        return known[0] if known else None

    async def process_stream_context(self, stream_id: str, context: Any) -> None:
        self.ensure()
        if stream_id not in self.instances:
            cls = self.get_chatter_class_for_chat_type(ChatType.PRIVATE)
            if cls is None:
                return
            self.instances[stream_id] = cls(stream_id=stream_id, action_manager=None)
        await self.instances[stream_id].execute(context)


class MessageManager:
    def __init__(self) -> None:
        self.chatter_manager = ChatterManager()


class StreamLoopManager:
    async def start_stream_loop(self, stream_id: str) -> None:
        context = get_chat_manager().streams[stream_id].context
        if context.stream_loop_task is None or context.stream_loop_task.done():
            context.stream_loop_task = asyncio.create_task(self._loop(stream_id, context))

    async def _loop(self, stream_id: str, context: Any) -> None:
        context.is_chatter_processing = True
        try:
            await message_manager.chatter_manager.process_stream_context(stream_id, context)
        except Exception as error:
            logger.error(f"the chatter failed: {error!r}")
        finally:
            context.is_chatter_processing = False
            context.unread.clear()

    async def stop_stream_loop(self, stream_id: str) -> bool:
        stream = get_chat_manager().streams.get(stream_id)
        task = stream.context.stream_loop_task if stream is not None else None
        if task is None or task.done():
            return False
        task.cancel()
        await asyncio.wait([task])
        return True


message_manager = MessageManager()
stream_loop_manager = StreamLoopManager()
