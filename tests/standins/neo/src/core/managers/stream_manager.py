from types import SimpleNamespace
from typing import Any


class StreamManager:
    def __init__(self) -> None:
        self._streams: dict[str, Any] = {}

    async def get_or_create_stream(self, stream_id: str = "", platform: str = "", **_: Any) -> Any:
        if stream_id not in self._streams:
            context = SimpleNamespace(unread_messages=[], is_chatter_processing=False, stream_loop_task=None)
            self._streams[stream_id] = SimpleNamespace(stream_id=stream_id, platform=platform, context=context)
        return self._streams[stream_id]


_manager = StreamManager()


def get_stream_manager() -> StreamManager:
    return _manager
