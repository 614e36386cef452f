"""The bot's own plugin."""

from typing import Any

from src.plugin_system import BaseEventHandler, BasePlugin, CommandArgs, PlusCommand, register_plugin
from src.plugin_system.base.base_event import HandlerResult


class GreetCommand(PlusCommand):
    command_name = "greet"

    async def execute(self, args: CommandArgs) -> tuple[bool, str | None, bool]:
        await self.send_text("Good day.")
        return True, None, True


class Overhearer(BaseEventHandler):
    """Listens to an event that another plugin declares."""

    handler_name = "overhearer"
    init_subscribe = ["gadget_event"]

    async def execute(self, kwargs: dict[str, Any] | None) -> HandlerResult:
        return HandlerResult(True, True, "overheard", self.handler_name)


@register_plugin
class GreeterPlugin(BasePlugin):
    plugin_name = "greeter"
    config_file_name = "config.toml"

    def get_plugin_components(self) -> list[Any]:
        return [
            (GreetCommand.get_plus_command_info(), GreetCommand),
            (Overhearer.get_handler_info(), Overhearer),
        ]
