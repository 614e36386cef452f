from typing import Any


class StreamLoopManager:
    def __init__(self) -> None:
        self._chatter_genes: dict[str, Any] = {}
        self._wait_states: dict[str, Any] = {}

    async def start_stream_loop(self, stream_id: str) -> bool:
        return True


_manager = StreamLoopManager()


def get_stream_loop_manager() -> StreamLoopManager:
    return _manager
