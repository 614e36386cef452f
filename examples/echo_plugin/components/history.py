"""A service: other components and plugins ask it what was said."""

from __future__ import annotations

from src.app.plugin_system.base import BaseService

from .. import state  # noqa: TID252


class HistoryService(BaseService):
    """What was said, newest last."""

    service_name: str = "history"
    service_description: str = "What was said, newest last."
    version: str = "1.0.0"

    def last(self, count: int = 3) -> list[str]:
        return list(state.said)[-count:]
