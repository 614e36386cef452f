"""Running an action's or a tool's ``execute``: a coroutine or, where order matters, an async generator."""

from __future__ import annotations

import inspect
from typing import Any


class LLMUsableExecution:
    """One execution; ``wait_done`` drives it to its result."""

    def __init__(self, execution: Any) -> None:
        self._execution = execution
        self.result: Any = None

    async def wait_done(self) -> Any:
        """The returned value, or the last value yielded that is not None."""
        if hasattr(self._execution, "__aiter__"):
            async for item in self._execution:
                self.result = self.result if item is None else item
        elif inspect.isawaitable(self._execution):
            self.result = await self._execution
        else:
            self.result = self._execution
        return self.result
