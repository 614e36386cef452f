"""An event and those who listen to it."""

import asyncio
from typing import Any

from src.common.logger import get_logger

logger = get_logger("base_event")


class HandlerResult:
    def __init__(self, success: bool, continue_process: bool, message: Any = None, handler_name: str = "") -> None:
        self.success, self.continue_process = success, continue_process
        self.message, self.handler_name = message, handler_name


class HandlerResultsCollection:
    def __init__(self, results: list[HandlerResult]) -> None:
        self.results = results

    def get_all_results(self) -> list[HandlerResult]:
        return self.results


class BaseEvent:
    def __init__(self, name: str) -> None:
        self.name = name
        self.subscribers: list[Any] = []

    async def activate(self, params: dict[str, Any], handler_timeout: float | None = None) -> HandlerResultsCollection:
        results = []
        for one in list(self.subscribers):
            try:
                results.append(await asyncio.wait_for(one.execute(params), handler_timeout))
            except Exception as error:
                logger.error(f"{one.handler_name} failed: {error!r}")
                results.append(HandlerResult(False, True, str(error), one.handler_name))
        return HandlerResultsCollection(results)
