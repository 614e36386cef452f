"""Classic commands: by name and alias with ``CommandArgs``, and the older ones by a pattern."""

from __future__ import annotations

import re
import shlex
from abc import ABC, abstractmethod
from typing import Any, ClassVar

from mpdt.worker.cores.simulated.classic import sending
from mpdt.worker.cores.simulated.classic.components import Configured
from mpdt.worker.cores.simulated.classic.models import DatabaseMessages
from mpdt.worker.cores.simulated.classic.types import ChatType, CommandInfo, PlusCommandInfo

PREFIXES = ("/", "!", ".", "#")


class CommandArgs:
    """The words after a command's name; quotes hold words together."""

    def __init__(self, raw_args: str = "") -> None:
        self._raw = raw_args.strip()
        self._words: list[str] | None = None

    def get_raw(self) -> str:
        return self._raw

    def get_args(self) -> list[str]:
        if self._words is None:
            try:
                self._words = shlex.split(self._raw)
            except ValueError:  # a quote that does not end
                self._words = self._raw.split()
        return self._words

    @property
    def is_empty(self) -> bool:
        return not self._raw

    def get_arg(self, index: int, default: str = "") -> str:
        words = self.get_args()
        return words[index] if 0 <= index < len(words) else default

    @property
    def get_first(self) -> str:
        return self.get_arg(0)

    def get_remaining(self, start_index: int = 0) -> str:
        return " ".join(self.get_args()[start_index:])

    def count(self) -> int:
        return len(self.get_args())

    def has_flag(self, flag: str) -> bool:
        return flag in self.get_args()

    def get_flag_value(self, flag: str, default: str = "") -> str:
        """The word after the flag, or after its equals sign."""
        words = self.get_args()
        for index, word in enumerate(words):
            if word == flag:
                return self.get_arg(index + 1, default)
            if word.startswith(f"{flag}="):
                return word[len(flag) + 1 :]
        return default

    def __bool__(self) -> bool:
        return not self.is_empty

    def __str__(self) -> str:
        return self._raw

    def __repr__(self) -> str:
        return f"CommandArgs({self._raw!r})"


class Speaking(Configured):
    """What can answer into the stream of its message."""

    message: DatabaseMessages

    async def send_text(self, content: str, reply_to: str = "", *_: Any, **__: Any) -> bool:
        return await sending.text_to_stream(content, self.message.chat_id, reply_to=reply_to)

    async def send_type(self, message_type: str, content: Any, *_: Any, **__: Any) -> bool:
        return await sending.custom_to_stream(message_type, content, self.message.chat_id)

    async def send_emoji(self, emoji_base64: str, *_: Any, **__: Any) -> bool:
        return await sending.emoji_to_stream(emoji_base64, self.message.chat_id)

    async def send_image(self, image_base64: str, *_: Any, **__: Any) -> bool:
        return await sending.image_to_stream(image_base64, self.message.chat_id)

    async def send_command(self, command_name: str, args: dict[str, Any] | None = None, *_: Any, **__: Any) -> bool:
        return await sending.command_to_stream({"name": command_name, "args": args or {}}, self.message.chat_id)

    async def send_custom(self, message_type: str, content: Any, *_: Any, **__: Any) -> bool:
        return await self.send_type(message_type, content)


class PlusCommand(Speaking, ABC):
    """A command by its name, or one of its aliases, after a prefix."""

    command_name: str = ""
    command_description: str = ""
    command_aliases: ClassVar[list[str]] = []
    priority: int = 0
    chat_type_allow: ChatType = ChatType.ALL
    intercept_message: bool = False

    def __init__(self, message: DatabaseMessages, plugin_config: dict[str, Any] | None = None) -> None:
        self.message = message
        self.plugin_config = plugin_config or {}
        self.log_prefix = "[PlusCommand]"
        self.chat_stream = message.chat_stream

    @abstractmethod
    async def execute(self, args: CommandArgs) -> tuple[bool, str | None, bool]: ...

    def is_chat_type_allowed(self) -> bool:
        return is_allowed(self.chat_type_allow, self.message)

    def is_command_match(self) -> bool:
        return matched(type(self), self.message.processed_plain_text or "") is not None

    @classmethod
    def get_plus_command_info(cls) -> PlusCommandInfo:
        return PlusCommandInfo(
            cls.command_name,
            description=cls.command_description,
            command_aliases=list(cls.command_aliases),
            priority=cls.priority,
            chat_type_allow=cls.chat_type_allow,
            intercept_message=cls.intercept_message,
        )

    get_command_info = get_plus_command_info


class BaseCommand(Speaking, ABC):
    """An older command: a pattern, whose named groups are in ``matched_groups``."""

    command_name: str = ""
    command_description: str = ""
    command_pattern: str = ""
    command_help: str = ""
    command_examples: ClassVar[list[str]] = []
    intercept_message: bool = True
    chat_type_allow: ChatType = ChatType.ALL

    def __init__(self, message: DatabaseMessages, plugin_config: dict[str, Any] | None = None) -> None:
        self.message = message
        self.matched_groups: dict[str, str] = {}
        self.plugin_config = plugin_config or {}
        self.log_prefix = "[Command]"
        self.chat_stream = message.chat_stream

    @abstractmethod
    async def execute(self) -> tuple[bool, str | None, bool]: ...

    def set_matched_groups(self, groups: dict[str, str]) -> None:
        self.matched_groups = groups

    @classmethod
    def get_command_info(cls) -> CommandInfo:
        return CommandInfo(
            cls.command_name,
            description=cls.command_description,
            command_pattern=cls.command_pattern,
            chat_type_allow=cls.chat_type_allow,
        )


def is_allowed(allowed: ChatType, message: DatabaseMessages) -> bool:
    return allowed.value in ("all", "group" if message.group_info else "private")


def matched(cls: type[PlusCommand], text: str) -> CommandArgs | None:
    """The command's arguments, if the text means it."""
    stripped = text.strip()
    prefix = next((one for one in PREFIXES if stripped.startswith(one)), None)
    if prefix is None:
        return None
    name, _, rest = stripped[len(prefix) :].strip().partition(" ")
    names = {cls.command_name.lower(), *(alias.lower() for alias in cls.command_aliases)}
    return CommandArgs(rest) if name.lower() in names else None


def groups_of(cls: type[BaseCommand], text: str) -> dict[str, str] | None:
    """The pattern's groups, if it fits."""
    match = re.compile(cls.command_pattern, re.DOTALL | re.IGNORECASE).match(text) if cls.command_pattern else None
    return match.groupdict() if match else None


def create_plus_command_adapter(plus_command_class: type[PlusCommand]) -> type[PlusCommand]:
    return plus_command_class


create_legacy_command_adapter = create_plus_command_adapter
