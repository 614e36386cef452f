from typing import Any


class StateManager:
    def __init__(self) -> None:
        self._states: dict[str, Any] = {}
        self._runtime_data: dict[str, dict[str, Any]] = {}

    async def set_state_async(self, signature: str, state: Any) -> None:
        self._states[signature] = state


_manager = StateManager()


def get_global_state_manager() -> StateManager:
    return _manager
