"""An event handler: it answers a greeting that is no command."""

from __future__ import annotations

from typing import Any

from src.app.plugin_system.api.send_api import send_text
from src.app.plugin_system.base import BaseEventHandler
from src.app.plugin_system.types import EventType
from src.kernel.event import EventDecision

GREETINGS = ("hello", "hi", "你好")


class GreeterHandler(BaseEventHandler):
    """Greets back."""

    handler_name: str = "greeter"
    handler_description: str = "Greets back."
    weight: int = 0
    init_subscribe: list[EventType | str] = [EventType.ON_MESSAGE_RECEIVED]

    async def execute(self, event_name: str, params: dict[str, Any]) -> tuple[EventDecision, dict[str, Any]]:
        message = params["message"]
        if str(message.content).strip().lower() not in GREETINGS:
            return EventDecision.PASS, params
        await send_text(f"Hello, {message.sender_name}.", stream_id=message.stream_id)
        return EventDecision.SUCCESS, params
