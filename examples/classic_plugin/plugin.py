"""A classic plugin: a command, a tool, an event handler and a prompt, with a configuration."""

from __future__ import annotations

from typing import Any, ClassVar

from src.common.logger import get_logger
from src.plugin_system import (
    BaseEventHandler,
    BasePlugin,
    BasePrompt,
    BaseTool,
    CommandArgs,
    ConfigField,
    EventType,
    PlusCommand,
    ToolParamType,
    register_plugin,
)
from src.plugin_system.base.base_event import HandlerResult
from src.plugin_system.base.component_types import InjectionRule, InjectionType

from .dice import roll

logger = get_logger("dice")


class DiceCommand(PlusCommand):
    """Rolls what it is told."""

    command_name = "dice"
    command_description = "Rolls dice: /dice 2d6"
    command_aliases: ClassVar[list[str]] = ["roll"]

    async def execute(self, args: CommandArgs) -> tuple[bool, str | None, bool]:
        try:
            numbers = roll(args.get_first or "1d6", self.get_config("dice.limit", 10))
        except ValueError as error:
            await self.send_text(str(error))
            return False, str(error), True
        await self.send_text(f"{' + '.join(map(str, numbers))} = {sum(numbers)}")
        return True, None, True


class DiceTool(BaseTool):
    """The same for a model."""

    name = "roll_dice"
    description = "Rolls dice."
    available_for_llm = True
    parameters: ClassVar[list[tuple[str, ToolParamType, str, bool, list[str] | None]]] = [
        ("notation", ToolParamType.STRING, "Such as 2d6.", True, None),
    ]

    async def execute(self, function_args: dict[str, Any]) -> dict[str, Any]:
        return {"name": self.name, "content": roll(function_args["notation"], 10)}


class Counter(BaseEventHandler):
    """Counts messages."""

    handler_name = "dice_counter"
    handler_description = "Counts messages."
    weight = 10
    init_subscribe: ClassVar[list[EventType | str]] = [EventType.ON_MESSAGE]

    def __init__(self) -> None:
        super().__init__()
        self.seen = 0

    async def execute(self, kwargs: dict[str, Any] | None) -> HandlerResult:
        self.seen += 1
        logger.info(f"message {self.seen}: {kwargs['message'].processed_plain_text if kwargs else ''}")
        return HandlerResult(True, True, self.seen, self.handler_name)


class DicePrompt(BasePrompt):
    """Tells the model of the tool."""

    prompt_name = "dice_prompt"
    injection_rules: ClassVar[list[InjectionRule]] = [InjectionRule("planner_prompt", InjectionType.APPEND)]

    async def execute(self) -> str:
        return f"{self.params.bot_name or 'You'} can roll dice."


@register_plugin
class DicePlugin(BasePlugin):
    """Rolls dice."""

    plugin_name = "dice"
    enable_plugin = True
    dependencies: ClassVar[list[str]] = []
    python_dependencies: ClassVar[list[str]] = []
    config_file_name = "config.toml"
    config_schema: ClassVar[dict[str, Any]] = {
        "dice": {"limit": ConfigField(type=int, default=10, description="How many dice at most.")},
    }

    def get_plugin_components(self) -> list[Any]:
        return [
            (DiceCommand.get_plus_command_info(), DiceCommand),
            (DiceTool.get_tool_info(), DiceTool),
            (Counter.get_handler_info(), Counter),
            (DicePrompt.get_prompt_info(), DicePrompt),
        ]

    async def on_plugin_loaded(self) -> None:
        logger.info("the dice are here")

    def on_unload(self) -> None:
        logger.info("the dice are gone")
