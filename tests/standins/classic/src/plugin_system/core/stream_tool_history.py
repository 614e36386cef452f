"""What tools have answered lately, by conversation: asked again with the same, they are not called."""

from dataclasses import dataclass
from typing import Any


@dataclass
class ToolCallRecord:
    tool_name: str
    args: dict[str, Any]
    result: Any


class StreamToolHistoryManager:
    def __init__(self) -> None:
        self._history: list[ToolCallRecord] = []

    async def add_tool_call(self, record: ToolCallRecord) -> None:
        self._history.append(record)


_stream_managers: dict[str, StreamToolHistoryManager] = {}


def get_stream_tool_history_manager(chat_id: str) -> StreamToolHistoryManager:
    return _stream_managers.setdefault(chat_id, StreamToolHistoryManager())
