"""What becomes of a message: commands, events, and then the chat loop."""

from typing import Any

from src.chat.message_manager import stream_loop_manager
from src.chat.message_receive.chat_stream import get_chat_manager
from src.common.core_sink_manager import Runtime
from src.common.data_models.database_data_model import DatabaseGroupInfo, DatabaseMessages, DatabaseUserInfo
from src.common.logger import get_logger
from src.config.config import global_config
from src.plugin_system.base.component_types import ComponentType, EventType
from src.plugin_system.base.plus_command import CommandArgs
from src.plugin_system.core.component_registry import component_registry
from src.plugin_system.core.event_manager import event_manager

logger = get_logger("message_handler")


def text_of(segment: Any) -> str:
    parts = segment["data"] if segment["type"] == "seglist" else [segment]
    return "".join(one["data"] if one["type"] == "text" else f"[{one['type']}]" for one in parts)


class MessageHandler:
    def register_handlers(self, runtime: Runtime) -> None:
        runtime.add_route(self._handle)

    async def _handle(self, envelope: Any) -> None:
        info = envelope["message_info"]
        user = DatabaseUserInfo.from_dict(info["user_info"])
        group = DatabaseGroupInfo.from_dict(info["group_info"]) if info.get("group_info") else None
        chat = await get_chat_manager().get_or_create_stream(info["platform"], user, group)
        message = DatabaseMessages(text_of(envelope["message_segment"]), user, group, chat.stream_id)
        await self._commands(message, chat)
        await event_manager.trigger_event(EventType.ON_MESSAGE, permission_group="SYSTEM", message=message)
        await self._preprocess_message(message, chat)

    async def _commands(self, message: DatabaseMessages, chat: Any) -> None:
        text = message.processed_plain_text
        prefix = next((one for one in global_config.command.command_prefixes if text.startswith(one)), None)
        if prefix is None:
            return
        word, _, rest = text.removeprefix(prefix).partition(" ")
        for name, cls in component_registry._plus_command_registry.items():
            info = component_registry.get_component_info(name, ComponentType.PLUS_COMMAND)
            if info is None or word.lower() not in (name.lower(), *(one.lower() for one in info.command_aliases)):
                continue
            # As the real one: the configuration is looked up by the command's name, and not by the plugin's.
            command = cls(message, component_registry.get_plugin_config(name))
            command.chat_stream = chat
            try:
                await command.execute(CommandArgs(rest))
            except Exception as error:
                logger.error(f"command {name} failed: {error!r}")
            return

    async def _preprocess_message(self, message: DatabaseMessages, chat: Any) -> None:
        chat.context.unread.append(message)
        await stream_loop_manager.start_stream_loop(chat.stream_id)


_handler = MessageHandler()


def get_message_handler() -> MessageHandler:
    return _handler
