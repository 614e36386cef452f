"""Commands: routes by words, arguments by annotation."""

from __future__ import annotations

import inspect
import shlex
from abc import ABC
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar, TypeVar, get_args, get_origin

from mpdt.worker.cores.simulated.logger import get_logger
from mpdt.worker.cores.simulated.schema import hints_of, parameters_of
from mpdt.worker.cores.simulated.types import ChatType, ComponentType, PermissionLevel, build_signature

if TYPE_CHECKING:
    from mpdt.worker.cores.simulated.components import BasePlugin
    from mpdt.worker.cores.simulated.models import Message

Handler = TypeVar("Handler", bound=Callable[..., Any])
logger = get_logger("command")

TRUE_WORDS = ("true", "1", "yes", "on")


@dataclass
class CommandNode:
    """One word of a route; ``handler`` is called where a route ends."""

    name: str
    handler: Callable[..., Any] | None = None
    children: dict[str, CommandNode] = field(default_factory=dict)
    description: str = ""


def cmd_route(*path: str) -> Callable[[Handler], Handler]:
    """Make a method the handler of the words ``path``; without words, of the command itself."""

    def mark(function: Handler) -> Handler:
        function._cmd_route = list(path)  # type: ignore[attr-defined]
        return function

    return mark


def routes_of(command: object) -> list[tuple[list[str], Callable[..., Any]]]:
    """The marked methods of an instance or class, by name, as they are now."""
    members = inspect.getmembers(command, predicate=inspect.isroutine)
    return [(list(method._cmd_route), method) for _, method in members if hasattr(method, "_cmd_route")]


def tree_of(command: object) -> CommandNode:
    root = CommandNode("root")
    for path, handler in routes_of(command):
        node = root
        for word in path:
            node = node.children.setdefault(word, CommandNode(word))
        node.handler = handler
        node.description = handler.__doc__ or ""
    return root


def convert(word: str, hint: Any) -> Any:
    """The word as a value of the annotated type. Raises ValueError if it is none."""
    if get_origin(hint) is list:
        inner = get_args(hint)[:1]
        return [convert(part.strip(), inner[0]) for part in word.split(",")] if inner else [word]
    if hint is bool:
        return word.lower() in TRUE_WORDS
    if hint in (int, float, str):
        return hint(word)
    try:
        return hint(word)
    except Exception:  # noqa: BLE001 - an annotated class of the plugin: its constructor may raise anything
        raise ValueError(f"无法转换为 {hint}") from None


def bind(handler: Callable[..., Any], words: list[str]) -> list[Any]:
    """The handler's arguments, one word each; words beyond its parameters are dropped. Raises ValueError."""
    hints = hints_of(handler)
    values: list[Any] = []
    parameters = [one for one in inspect.signature(handler).parameters.values() if one.name != "self"]
    for index, parameter in enumerate(parameters):
        if index >= len(words):
            if parameter.default is inspect.Parameter.empty:
                raise ValueError(f"缺少参数: {parameter.name}")
            break
        hint = hints.get(parameter.name, parameter.annotation)
        if hint is inspect.Parameter.empty:
            values.append(words[index])
            continue
        try:
            values.append(convert(words[index], hint))
        except ValueError as error:
            raise ValueError(f"参数类型错误: {parameter.name} - {error}") from None
    return values


def help_text(command: BaseCommand, node: CommandNode, unknown: list[str]) -> str:
    lines = [f"命令: {command.command_name}", f"描述: {command.command_description}"]
    if node.children:
        lines += ["", "子命令:"]
        lines += [f"  {name} - {child.description or '无描述'}" for name, child in node.children.items()]
    if unknown:
        lines += ["", f"未知命令: {' '.join(unknown)}"]
    return "\n".join(lines)


def route_schema(command: type[BaseCommand]) -> dict[str, Any]:
    """The command as the developer sees it: its routes with their arguments."""
    routes = []
    for path, handler in routes_of(command):
        hints = hints_of(handler)
        arguments = []
        for parameter in parameters_of(handler):
            hint = hints.get(parameter.name, parameter.annotation)
            optional = parameter.default is not inspect.Parameter.empty
            arguments.append(
                {
                    "name": parameter.name,
                    "type": "str" if hint is inspect.Parameter.empty else getattr(hint, "__name__", str(hint)),
                    "required": not optional,
                    **({"default": parameter.default} if optional else {}),
                }
            )
        routes.append({"path": path, "arguments": arguments, "description": inspect.getdoc(handler) or ""})
    return {
        "prefix": command.command_prefix,
        "permission": command.permission_level.to_string(),
        "routes": routes,
    }


class BaseCommand(ABC):
    """A command. One instance answers one message; its routes are read from the class as it is then."""

    _plugin_: ClassVar[str]
    _signature_: ClassVar[str]

    command_name: str = ""
    command_description: str = ""
    permission_level: PermissionLevel = PermissionLevel.USER
    associated_platforms: list[str] = []
    chat_type: ChatType = ChatType.ALL
    command_prefix: str = "/"
    dependencies: list[str] = []

    def __init__(
        self, plugin: BasePlugin, stream_id: str, message_id: str = "", message: Message | None = None
    ) -> None:
        self.plugin = plugin
        self.stream_id = stream_id
        self.message_id = message_id
        self._message = message
        self._root = tree_of(self)

    @classmethod
    def get_signature(cls) -> str | None:
        plugin = getattr(cls, "_plugin_", "")
        known = getattr(cls, "_signature_", "")
        if known or not (plugin and cls.command_name):
            return known or None
        return build_signature(plugin, ComponentType.COMMAND, cls.command_name)

    @classmethod
    def match(cls, parts: list[str]) -> int:
        """How many of the words name this command; 0 if it is not meant."""
        return int(bool(parts and cls.command_name and parts[0] == cls.command_name))

    async def execute(self, message_text: str) -> tuple[bool, str]:
        """Run the handler of the words that follow the command's name; (success, text for the log)."""
        text = message_text.strip()
        if text.startswith(self.command_prefix) or text.split(maxsplit=1)[:1] == [self.command_name]:
            return False, "命令文本格式错误：BaseCommand.execute 只接受去掉前缀和 command_name 后的子路由文本"
        return await self._route_and_execute(text)

    async def _route_and_execute(self, command_text: str) -> tuple[bool, str]:
        try:
            words = shlex.split(command_text)
        except ValueError as error:
            return False, f"参数解析错误: {error}"
        node, used = self._root, 0
        while used < len(words) and words[used] in node.children:
            node, used = node.children[words[used]], used + 1
        if node.handler is None:
            return (True, help_text(self, node, words[used:])) if words else (False, "空命令")
        return await self._call_handler(node.handler, words[used:])

    async def _call_handler(self, handler: Callable[..., Any], args: list[str]) -> tuple[bool, str]:
        try:
            values = bind(handler, args)
        except ValueError as error:
            return False, str(error)
        try:
            result = await handler(*values)
        except Exception as error:
            logger.error(f"{self.command_name}: {error!r}", exc_info=error)
            return False, f"执行错误: {error}"
        match result:
            case (success, text):
                return success, text
        return True, str(result)
