"""One calculator at a time."""

from typing import Any


class InterestManager:
    def __init__(self) -> None:
        self._current_calculator: Any = None

    async def register_calculator(self, calculator: Any) -> bool:
        if self._current_calculator is not None:
            await self._current_calculator.cleanup()
        if await calculator.initialize():
            self._current_calculator = calculator
            return True
        return False


_manager = InterestManager()


def get_interest_manager() -> InterestManager:
    return _manager
