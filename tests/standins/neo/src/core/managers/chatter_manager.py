from typing import Any


class ChatterManager:
    def __init__(self) -> None:
        self._active_chatters: dict[str, Any] = {}


_manager = ChatterManager()


def get_chatter_manager() -> ChatterManager:
    return _manager
