"""Messages, people, groups and streams as the classic core gives them to plugins."""

from __future__ import annotations

import time as clock
from dataclasses import asdict, dataclass, field
from typing import Any
from uuid import uuid4

from mpdt.worker.cores import Incoming
from mpdt.worker.cores.simulated.classic.types import ChatMode, ChatType
from mpdt.worker.cores.simulated.models import ChatStream as NeoStream
from mpdt.worker.cores.simulated.runtime import BOT_ID, BOT_NAME, PLATFORM, current


@dataclass
class DatabaseUserInfo:
    platform: str = ""
    user_id: str = ""
    user_nickname: str = ""
    user_cardname: str | None = None

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> DatabaseUserInfo:
        return cls(**{name: data[name] for name in cls.__dataclass_fields__ if name in data})

    def to_dict(self) -> dict[str, Any]:
        return asdict(self)


@dataclass
class DatabaseGroupInfo:
    group_id: str = ""
    group_name: str = ""
    platform: str | None = None

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> DatabaseGroupInfo:
        return cls(**{name: data[name] for name in cls.__dataclass_fields__ if name in data})

    def to_dict(self) -> dict[str, Any]:
        return asdict(self)


@dataclass
class DatabaseChatInfo:
    stream_id: str = ""
    platform: str = ""
    create_time: float = 0.0
    last_active_time: float = 0.0
    user_info: DatabaseUserInfo = field(default_factory=DatabaseUserInfo)
    group_info: DatabaseGroupInfo | None = None


FLAT = (
    "message_id time chat_id reply_to processed_plain_text display_message is_mentioned is_at is_emoji "
    "is_picid is_voice is_command is_notify is_private_chat additional_config priority_mode interest_value"
)


class DatabaseMessages:
    """One message. Keywords beyond the known ones become attributes, as in the core."""

    def __init__(
        self,
        message_id: str = "",
        time: float = 0.0,
        chat_id: str = "",
        reply_to: str | None = None,
        processed_plain_text: str | None = None,
        user_id: str = "",
        user_nickname: str = "",
        user_cardname: str | None = None,
        user_platform: str = "",
        chat_info_group_id: str | None = None,
        chat_info_group_name: str | None = None,
        chat_info_platform: str = "",
        **more: Any,
    ) -> None:
        self.message_id = message_id
        self.time = time or clock.time()
        self.chat_id = chat_id
        self.reply_to = reply_to
        self.processed_plain_text = processed_plain_text
        self.display_message = more.pop("display_message", None) or processed_plain_text
        self.interest_value = more.pop("interest_value", None)
        self.is_mentioned = more.pop("is_mentioned", None)
        self.is_at = more.pop("is_at", None)
        self.is_emoji = self.is_picid = self.is_voice = self.is_command = self.is_notify = False
        self.is_private_chat = chat_info_group_id is None
        self.additional_config: Any = None
        self.priority_mode: str | None = None
        self.actions: list[str] = []
        self.should_reply = self.should_act = self.interest_calculated = False
        self.semantic_embedding: Any = None
        self.user_info = DatabaseUserInfo(user_platform, user_id, user_nickname, user_cardname)
        group = chat_info_group_id
        platform = chat_info_platform or user_platform
        self.group_info = None if group is None else DatabaseGroupInfo(group, chat_info_group_name or group, platform)
        self.chat_info = DatabaseChatInfo(chat_id, platform, self.time, self.time, self.user_info, self.group_info)
        self.__dict__.update({name: value for name, value in more.items() if not name.startswith("chat_info_")})

    @property
    def chat_stream(self) -> ChatStream:
        return stream_of(self)

    @property
    def stream_id(self) -> str:
        return self.chat_id

    @property
    def is_group_message(self) -> bool:
        """MaiBot's."""
        return self.group_info is not None

    @property
    def is_private_message(self) -> bool:
        """MaiBot's."""
        return self.group_info is None

    @property
    def plain_text(self) -> str:
        return self.processed_plain_text or ""

    @property
    def message_info(self) -> DatabaseMessages:
        """Where MaiBot's messages have user, group and platform."""
        return self

    @property
    def platform(self) -> str:
        return self.chat_info.platform

    @property
    def message_base_info(self) -> dict[str, Any]:
        return self.flatten()

    def flatten(self) -> dict[str, Any]:
        group = self.group_info
        return {
            **{name: getattr(self, name) for name in FLAT.split()},
            "user_id": self.user_info.user_id,
            "user_nickname": self.user_info.user_nickname,
            "user_cardname": self.user_info.user_cardname,
            "user_platform": self.user_info.platform,
            "chat_info_stream_id": self.chat_id,
            "chat_info_platform": self.chat_info.platform,
            "chat_info_group_id": group.group_id if group else None,
            "chat_info_group_name": group.group_name if group else None,
        }

    to_dict = flatten

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> DatabaseMessages:
        return cls(**data)

    def get(self, name: str, default: Any = None) -> Any:
        """Actions get messages as dicts in some versions: both are understood."""
        return self.flatten().get(name, default)

    def __getitem__(self, name: str) -> Any:
        return self.flatten()[name]

    def add_action(self, action: str) -> None:
        self.actions.append(action)

    def get_actions(self) -> list[str]:
        return self.actions

    def update_message_info(self, **values: Any) -> None:
        self.__dict__.update({name: value for name, value in values.items() if value is not None})


@dataclass
class StreamContext:
    stream_id: str
    chat_type: ChatType = ChatType.PRIVATE
    chat_mode: ChatMode = ChatMode.FOCUS
    max_context_size: int = 100
    unread_messages: list[DatabaseMessages] = field(default_factory=list)
    history_messages: list[DatabaseMessages] = field(default_factory=list)
    is_active: bool = True
    is_chatter_processing: bool = False
    is_replying: bool = False
    current_message: DatabaseMessages | None = None
    triggering_user_id: str | None = None
    processing_message_id: str | None = None
    interruption_count: int = 0
    decision_history: list[Any] = field(default_factory=list)
    last_check_time: float = field(default_factory=clock.time)

    async def add_message(self, message: DatabaseMessages, skip_energy_update: bool = False) -> bool:
        self.unread_messages.append(message)
        self.current_message = message
        return True

    def get_unread_messages(self) -> list[DatabaseMessages]:
        return list(self.unread_messages)

    def get_history_messages(self, limit: int = 20) -> list[DatabaseMessages]:
        return self.history_messages[-limit:]

    def get_messages(self, limit: int | None = None, include_unread: bool = True) -> list[DatabaseMessages]:
        said = [*self.history_messages, *(self.unread_messages if include_unread else ())]
        return said if limit is None else said[-limit:]

    def get_last_message(self) -> DatabaseMessages | None:
        said = self.get_messages()
        return self.current_message or (said[-1] if said else None)

    def set_current_message(self, message: DatabaseMessages) -> None:
        self.current_message = message

    def mark_message_as_read(self, message_id: str, max_history_size: int | None = None) -> None:
        for message in [one for one in self.unread_messages if one.message_id == message_id]:
            self.unread_messages.remove(message)
            self.history_messages.append(message)

    def mark_messages_as_read(self, message_ids: list[str]) -> bool:
        for message_id in message_ids:
            self.mark_message_as_read(message_id)
        return True

    def check_types(self, types: list[str]) -> bool:
        return True

    async def clear_context(self) -> bool:
        self.unread_messages.clear()
        self.history_messages.clear()
        return True


class ChatStream:
    def __init__(
        self,
        stream_id: str,
        platform: str = PLATFORM,
        user_info: DatabaseUserInfo | None = None,
        group_info: DatabaseGroupInfo | None = None,
        data: Any = None,
    ) -> None:
        self.stream_id = stream_id
        self.platform = platform
        self.user_info = user_info
        self.group_info = group_info
        self.create_time = self.last_active_time = clock.time()
        self.focus_energy = 0.5
        self.sleep_pressure = 0.0
        self.saved = False
        self.context = StreamContext(stream_id, ChatType.GROUP if group_info else ChatType.PRIVATE)

    @property
    def stream_context(self) -> StreamContext:
        return self.context

    @property
    def context_manager(self) -> StreamContext:
        return self.context

    @property
    def chat_type(self) -> str:
        return self.context.chat_type.value

    def update_active_time(self) -> None:
        self.last_active_time = clock.time()

    async def set_context(self, message: DatabaseMessages) -> None:
        self.context.current_message = message

    def get_raw_id(self) -> str:
        whose = self.group_info.group_id if self.group_info else self.user_info.user_id if self.user_info else ""
        return f"{self.platform}:{whose}:{self.chat_type}"

    def to_dict(self) -> dict[str, Any]:
        return {
            "stream_id": self.stream_id,
            "platform": self.platform,
            "user_info": self.user_info.to_dict() if self.user_info else None,
            "group_info": self.group_info.to_dict() if self.group_info else None,
            "create_time": self.create_time,
            "last_active_time": self.last_active_time,
        }


def streams() -> dict[str, Any]:
    """All streams, by id."""
    return current().streams


def stream_of(message: DatabaseMessages) -> ChatStream:
    """The message's stream, made if it is new."""
    known = streams()
    if message.chat_id not in known:
        known[message.chat_id] = ChatStream(
            message.chat_id, message.chat_info.platform, message.user_info, message.group_info
        )
    found: ChatStream = known[message.chat_id]
    return found


def received(incoming: Incoming) -> DatabaseMessages:
    """The message as it comes from a platform."""
    mentioned = bool({BOT_ID, BOT_NAME} & {*incoming.mentions})
    message = DatabaseMessages(
        uuid4().hex,
        chat_id=NeoStream.generate_stream_id(PLATFORM, incoming.user, incoming.group or ""),
        processed_plain_text=incoming.text + "[图片]" * len(incoming.images),
        user_id=incoming.user,
        user_nickname=incoming.user,
        user_platform=PLATFORM,
        chat_info_group_id=incoming.group,
        is_mentioned=mentioned,
        is_at=mentioned,
        message_segments=[{"type": "image", "data": one} for one in incoming.images],
    )
    message.is_picid = bool(incoming.images)
    return message
