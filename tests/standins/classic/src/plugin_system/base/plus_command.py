"""Commands, of the newer kind."""

from typing import Any

from src.plugin_system.base.component_types import ChatType, ComponentType, PlusCommandInfo
from src.plugin_system.base.components import Configured


class CommandArgs:
    def __init__(self, text: str) -> None:
        self.words = text.split()

    @property
    def get_first(self) -> str:
        return self.words[0] if self.words else ""


class PlusCommand(Configured):
    command_name = ""
    command_description = ""
    command_aliases: list[str] = []
    priority = 0
    intercept_message = False
    chat_type_allow = ChatType.ALL

    def __init__(self, message: Any, plugin_config: Any = None) -> None:
        self.message = message
        self.chat_stream: Any = None
        self.configure(plugin_config)

    async def send_text(self, content: str) -> bool:
        from src.plugin_system.apis import send_api

        return await send_api.text_to_stream(content, self.chat_stream.stream_id)

    @classmethod
    def get_plus_command_info(cls) -> PlusCommandInfo:
        return PlusCommandInfo(
            cls.command_name,
            ComponentType.PLUS_COMMAND,
            cls.command_description,
            command_aliases=cls.command_aliases,
            priority=cls.priority,
            intercept_message=cls.intercept_message,
        )


def create_legacy_command_adapter(command_class: Any) -> Any:
    class LegacyAdapter(PlusCommand):
        command_name = command_class.command_name
        command_description = command_class.command_description

    return LegacyAdapter
