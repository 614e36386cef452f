"""Conversations."""

from typing import Any


class Context:
    def __init__(self) -> None:
        self.is_chatter_processing = False
        self.unread: list[Any] = []
        self.stream_loop_task: Any = None

    def get_unread_messages(self) -> list[Any]:
        return list(self.unread)


class ChatStream:
    def __init__(self, stream_id: str, platform: str, user_info: Any, group_info: Any) -> None:
        self.stream_id, self.platform = stream_id, platform
        self.user_info, self.group_info = user_info, group_info
        self.context = Context()


class ChatManager:
    def __init__(self) -> None:
        self.streams: dict[str, ChatStream] = {}

    @staticmethod
    def _generate_stream_id(platform: str, user_info: Any, group_info: Any = None) -> str:
        return f"{platform}-{group_info.group_id}" if group_info else f"{platform}-{user_info.user_id}-private"

    async def get_or_create_stream(self, platform: str, user_info: Any, group_info: Any = None) -> ChatStream:
        number = self._generate_stream_id(platform, user_info, group_info)
        return self.streams.setdefault(number, ChatStream(number, platform, user_info, group_info))


_manager = ChatManager()


def get_chat_manager() -> ChatManager:
    return _manager
