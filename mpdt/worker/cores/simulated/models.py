"""Messages and chat streams, with the attributes that plugins read."""

from __future__ import annotations

import hashlib
import time as clock
from collections import deque
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum
from typing import Any

from mpdt.language import _


class MessageType(str, Enum):  # noqa: UP042 - str() of a member is "MessageType.X" in the real core
    TEXT = "text"
    IMAGE = "image"
    VOICE = "voice"
    VIDEO = "video"
    FILE = "file"
    LOCATION = "location"
    EMOJI = "emoji"
    NOTICE = "notice"
    UNKNOWN = "unknown"


FIELDS = (
    "message_id",
    "time",
    "reply_to",
    "content",
    "processed_plain_text",
    "message_type",
    "sender_id",
    "sender_name",
    "sender_cardname",
    "sender_role",
    "platform",
    "chat_type",
    "stream_id",
)


class Message:
    """One message, received or to be sent. Keywords beyond the known ones are kept in ``extra``."""

    def __init__(
        self,
        message_id: str = "",
        time: datetime | float | None = None,
        reply_to: str | None = None,
        content: Any = "",
        processed_plain_text: str | None = None,
        message_type: MessageType = MessageType.TEXT,
        sender_id: str = "",
        sender_name: str = "",
        sender_cardname: str | None = None,
        sender_role: str | None = None,
        platform: str = "",
        chat_type: str = "",
        stream_id: str = "",
        raw_data: Any = None,
        **extra: Any,
    ) -> None:
        moment = clock.time() if time is None else time
        self.message_id = message_id
        self.time = moment.timestamp() if isinstance(moment, datetime) else moment
        self.reply_to = reply_to
        self.content = content
        self.processed_plain_text = processed_plain_text
        self.message_type = message_type
        self.sender_id = sender_id
        self.sender_name = sender_name
        self.sender_cardname = sender_cardname
        self.sender_role = sender_role
        self.platform = platform
        self.chat_type = chat_type
        self.stream_id = stream_id
        self.raw_data = raw_data
        self.extra: dict[str, Any] = extra

    def __repr__(self) -> str:
        kind = self.message_type.value
        return f"<Message {self.message_id} {kind} from {self.sender_name}: {self.content!r:.60}>"

    def to_dict(self) -> dict[str, Any]:
        values = {name: getattr(self, name) for name in FIELDS}
        return {**values, "message_type": self.message_type.value, "extra": self.extra}

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> Message:
        """A message of ``to_dict``'s form; an unknown ``message_type`` is taken as text."""
        values = dict(data)
        kind = values.pop("message_type", "text")
        known = {member.value for member in MessageType}
        return cls(message_type=MessageType(kind) if kind in known else MessageType.TEXT, **values)


@dataclass
class StreamContext:
    """What was said in a stream: read messages in ``history_messages``, the others in ``unread_messages``."""

    stream_id: str
    chat_type: str = "private"
    max_history_messages: int = 100
    unread_messages: list[Message] = field(default_factory=list)
    history_messages: list[Message] = field(default_factory=list)
    is_active: bool = True
    is_chatter_processing: bool = False
    current_message: Message | None = None
    triggering_user_id: str | None = None
    processing_message_id: str | None = None
    message_cache: deque[Message] = field(default_factory=deque)
    is_cache_enabled: bool = False
    last_message_time: float | None = None
    tick_interval_override: float | None = None
    allow_message_buffer: bool | None = None

    def add_unread_message(self, message: Message) -> None:
        self.current_message = message
        self.unread_messages.append(message)

    def add_history_message(self, message: Message) -> None:
        self.history_messages.append(message)
        if self.max_history_messages > 0:
            del self.history_messages[: -self.max_history_messages]

    def flush_unreads_to_history(self) -> list[Message]:
        flushed, self.unread_messages = self.unread_messages, []
        for message in flushed:
            self.add_history_message(message)
        return flushed


class ChatStream:
    """One conversation: a group, or a person's private chat, on one platform."""

    def __init__(
        self,
        stream_id: str,
        platform: str = "",
        chat_type: str = "private",
        bot_id: str = "",
        bot_nickname: str = "",
        stream_name: str = "",
    ) -> None:
        self.stream_id = stream_id
        self.platform = platform
        self.chat_type = chat_type
        self.bot_id = bot_id
        self.bot_nickname = bot_nickname
        self.stream_name = stream_name
        self.create_time = self.last_active_time = clock.time()
        self.context = StreamContext(stream_id=stream_id, chat_type=chat_type)

    def update_active_time(self) -> None:
        self.last_active_time = clock.time()

    @staticmethod
    def generate_stream_id(platform: str, user_id: str = "", group_id: str = "") -> str:
        """The stream's id, the same for the same place. Raises ValueError without user and group."""
        if not user_id and not group_id:
            raise ValueError(_("A stream is a group's or a person's: give user_id or group_id."))
        place = f"{platform}_{group_id}" if group_id else f"{platform}_{user_id}_private"
        return hashlib.sha256(place.encode()).hexdigest()
