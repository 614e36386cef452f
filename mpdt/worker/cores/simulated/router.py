"""The way of a message: the core's own handler tries the commands, the plugin's follow by weight."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import uuid4

from mpdt.language import _
from mpdt.worker.cores import Incoming
from mpdt.worker.cores.simulated.logger import get_logger
from mpdt.worker.cores.simulated.managers import (
    get_global_registry,
    get_permission_manager,
    get_plugin_manager,
    stream_for,
)
from mpdt.worker.cores.simulated.models import ChatStream, Message
from mpdt.worker.cores.simulated.runtime import BOT_ID, BOT_NAME, PLATFORM, current, registrations
from mpdt.worker.cores.simulated.types import ComponentType, EventDecision, EventType, PermissionLevel

if TYPE_CHECKING:
    from mpdt.worker.cores.simulated.command import BaseCommand

logger = get_logger("command_manager")


def without_prefix(text: str, prefixes: list[str]) -> str | None:
    """The text after the command prefix; None if it has none."""
    stripped = text.strip()
    return next((stripped[len(one) :].strip() for one in prefixes if stripped.startswith(one)), None)


class CommandManager:
    """Finds the command that a text means, and runs it."""

    def set_prefixes(self, prefixes: list[str]) -> None:
        registrations().prefixes = list(prefixes)

    def get_all_commands(self) -> dict[str, type[BaseCommand]]:
        return get_global_registry().get_by_type(ComponentType.COMMAND)

    def get_commands_for_plugin(self, plugin_name: str) -> dict[str, type[BaseCommand]]:
        return get_global_registry().get_by_plugin_and_type(plugin_name, ComponentType.COMMAND)

    def get_command_class(self, signature: str) -> type[BaseCommand] | None:
        return get_global_registry().get(signature)

    def get_all_command_names(self) -> list[str]:
        return [f"/{command.command_name}" for command in self.get_all_commands().values()]

    def is_command(self, text: str) -> bool:
        return without_prefix(text, registrations().prefixes) is not None

    def match_command(self, text: str) -> tuple[str, type[BaseCommand] | None, list[str]]:
        """The words that name the command, its class or None, and the words after them."""
        words = (without_prefix(text, registrations().prefixes) or "").split()
        if not words:
            return "", None, []
        for command in self.get_all_commands().values():
            used = command.match(words)
            if used:
                return " ".join(words[:used]), command, words[used:]
        return " ".join(words), None, []

    async def execute_command(self, message: Message, text: str | None = None) -> tuple[bool, str]:
        """Run the command that the message means; (success, text for the log, which is not sent)."""
        line = text or message.content
        path, command, _rest = self.match_command(line) if line else ("", None, [])
        if command is None:
            return False, f"未知命令: {path}" if line else "命令文本为空"
        signature = command.get_signature() or ""
        permissions = get_permission_manager()
        person = permissions.generate_person_id(message.platform, message.sender_id)
        allowed, reason = await permissions.check_command_permission(person, command, signature)
        if not allowed:
            logger.warning(
                _("/{path} refused for {sender_id}: {reason}", path=path, sender_id=message.sender_id, reason=reason)
            )
            return False, f"权限不足：{reason}"
        plugin = get_plugin_manager().get_plugin(signature.partition(":")[0])
        if plugin is None:
            return False, f"插件未加载: {signature.partition(':')[0]}"
        routed = (without_prefix(line, registrations().prefixes) or "")[len(path) :].strip()
        with current().monitor.measured(signature) as measured:
            try:
                instance = command(plugin, message.stream_id, message.message_id, message)
                result = await instance.execute(routed)
                measured.failed = not result[0]
                return result
            except Exception as error:
                measured.failed = True
                logger.error(_("/{path} failed: {error!r}", path=path, error=error), exc_info=error)
                return False, f"命令执行失败: {error}"


_manager = CommandManager()


def get_command_manager() -> CommandManager:
    return _manager


def worded(message: Message) -> str:
    """What the message says, beside its media."""
    content = message.content.get("text") if isinstance(message.content, dict) else message.content
    return content if isinstance(content, str) else ""


async def distribute(event_name: str, params: dict[str, Any]) -> tuple[EventDecision, dict[str, Any]]:
    """The core's handler of received messages, of weight 0 and before the plugin's of that weight.

    A message that means no command goes to the chat loop in the real core; here it is kept as unread.
    """
    message = params["message"]
    text = worded(message)
    path, command, _ = _manager.match_command(text) if text else ("", None, [])
    if command is None:
        stream_for(message).context.add_unread_message(message)
        return EventDecision.SUCCESS, params
    success, result = await _manager.execute_command(message, text)
    if not success:
        logger.warning(f"/{path}: {result}")
    return EventDecision.SUCCESS, params


distribute.__mpdt_core__ = True  # type: ignore[attr-defined]  # measured by command, not as a handler


def received(incoming: Incoming) -> Message:
    """The message as an adapter would hand it in; the sender's role becomes the person's level."""
    user, group = incoming.user, incoming.group or ""
    message = Message(
        message_id=uuid4().hex,
        content=incoming.text,
        processed_plain_text=incoming.text,
        sender_id=user,
        sender_name=user,
        sender_role=incoming.role,
        platform=PLATFORM,
        chat_type="group" if group else "private",
        stream_id=ChatStream.generate_stream_id(PLATFORM, user, group),
    )
    if group:
        message.extra.update(group_id=group, group_name=group)
    if incoming.images:
        message.extra["media"] = [{"type": "image", "data": data} for data in incoming.images]
        message.content = {"text": incoming.text, "media": message.extra["media"]}
        message.processed_plain_text = incoming.text + "[图片]" * len(incoming.images)
    if incoming.mentions:
        message.extra["at_users"] = [{"user_id": one, "nickname": one} for one in incoming.mentions]
        message.extra["is_at"] = message.extra["is_mentioned"] = bool({BOT_ID, BOT_NAME} & {*incoming.mentions})
    person = get_permission_manager().generate_person_id(PLATFORM, user)
    registrations().levels[person] = PermissionLevel.from_string(incoming.role)
    return message


async def route(incoming: Incoming) -> bool:
    """Take the message through commands and handlers; True if one was cut off for taking too long."""
    message = received(incoming)
    stream = stream_for(message)
    stream.update_active_time()
    stream.context.triggering_user_id = incoming.user
    params = {"message": message, "envelope": None, "adapter_signature": ""}
    publication = await registrations().bus.run(EventType.ON_MESSAGE_RECEIVED, params)
    return bool(publication.cut_off)
