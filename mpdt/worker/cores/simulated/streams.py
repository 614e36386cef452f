"""The streams that messages came from, and what was said in them."""

from __future__ import annotations

from typing import Any

from mpdt.worker.cores.simulated import managers
from mpdt.worker.cores.simulated.history import messages_of
from mpdt.worker.cores.simulated.models import ChatStream, Message, StreamContext
from mpdt.worker.cores.simulated.runtime import PLATFORM, current


def kind_of(chat_type: object) -> str:
    return str(getattr(chat_type, "value", chat_type))


def known(stream_id: str) -> ChatStream | None:
    return current().streams.get(stream_id)


def emptied(stream: ChatStream) -> None:
    stream.context.unread_messages.clear()
    stream.context.history_messages.clear()


class StreamManager:
    @property
    def _streams(self) -> dict[str, ChatStream]:
        """Not of the public API, but plugins look into it."""
        return current().streams

    async def get_or_create_stream(
        self,
        stream_id: str = "",
        platform: str = "",
        user_id: str = "",
        group_id: str = "",
        group_name: str = "",
        chat_type: Any = "private",
    ) -> ChatStream:
        platform = platform or PLATFORM
        key = stream_id or ChatStream.generate_stream_id(platform, user_id, group_id)
        streams = current().streams
        if key not in streams:
            streams[key] = ChatStream(key, platform, kind_of(chat_type), stream_name=group_name)
        return streams[key]

    async def get_stream(self, stream_id: str = "") -> ChatStream | None:
        return known(stream_id)

    async def build_stream_from_database(self, stream_id: str) -> ChatStream | None:
        return known(stream_id)

    async def refresh_stream(self, stream_id: str) -> ChatStream | None:
        return known(stream_id)

    async def activate_stream(self, stream_id: str) -> ChatStream | None:
        stream = known(stream_id)
        if stream is not None:
            stream.update_active_time()
        return stream

    async def load_stream_context(self, stream_id: str, max_messages: int | None = None) -> StreamContext:
        stream = known(stream_id)
        return stream.context if stream else StreamContext(stream_id)

    async def add_message(self, message: Message) -> Message:
        managers.stream_for(message).context.add_unread_message(message)
        return message

    async def add_sent_message_to_history(self, message: Message) -> Message:
        managers.stream_for(message).context.add_history_message(message)
        return message

    async def delete_stream(self, stream_id: str, delete_messages: bool = True) -> bool:
        return current().streams.pop(stream_id, None) is not None

    async def get_stream_info(self, stream_id: str) -> dict[str, Any] | None:
        stream = known(stream_id)
        if stream is None:
            return None
        said = messages_of(stream)
        last = next((one for one in reversed(said) if one.sender_role != "bot"), None)
        return {
            "stream_id": stream_id,
            "platform": stream.platform,
            "chat_type": stream.chat_type,
            "group_id": last.extra.get("group_id") if last else None,
            "group_name": last.extra.get("group_name") if last else None,
            "person_id": f"{last.platform}:{last.sender_id}" if last else None,
            "user_id": last.sender_id if last else None,
            "person_user_id": last.sender_id if last else None,
            "person_nickname": last.sender_name if last else None,
            "message_count": len(said),
            "created_at": stream.create_time,
            "last_active_time": stream.last_active_time,
        }

    async def get_stream_messages(self, stream_id: str, limit: int = 100, offset: int = 0) -> list[Message]:
        stream = known(stream_id)
        said = list(reversed(messages_of(stream))) if stream else []
        return list(reversed(said[offset : offset + limit]))

    def clear_cache(self, stream_id: str | None = None) -> None:
        """Nothing is kept twice."""

    def clear_context(self, stream_id: str) -> bool:
        stream = known(stream_id)
        if stream is not None:
            emptied(stream)
        return stream is not None

    async def clear_stream_context(self, stream_id: str) -> bool:
        return self.clear_context(stream_id)

    async def bulk_clear_streams(self, chat_type: str = "") -> int:
        numbers = await self.get_stream_ids_by_chat_type(chat_type)
        return sum(self.clear_context(one) for one in numbers)

    async def get_stream_ids_by_chat_type(self, chat_type: str = "") -> list[str]:
        return [key for key, one in current().streams.items() if chat_type in ("", one.chat_type)]

    def get_all_stream_ids(self) -> list[str]:
        return list(current().streams)

    # What ``stream_api`` calls otherwise.
    add_message_to_stream = add_message
    load_and_clear_context = clear_stream_context
    get_stream_ids_from_db = get_stream_ids_by_chat_type
    clear_stream_cache = clear_cache


_streams = StreamManager()


def get_stream_manager() -> StreamManager:
    return _streams
