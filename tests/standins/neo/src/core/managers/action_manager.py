from typing import Any


class ActionManager:
    def __init__(self) -> None:
        self._schema_cache: dict[str, Any] = {}


_manager = ActionManager()


def get_action_manager() -> ActionManager:
    return _manager
