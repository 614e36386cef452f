import asyncio
import inspect
from dataclasses import dataclass
from enum import Enum
from typing import Any


class EventDecision(str, Enum):
    SUCCESS = "SUCCESS"
    STOP = "STOP"
    PASS = "PASS"


@dataclass(frozen=True)
class Subscriber:
    handler: Any
    priority: int


class EventBus:
    def __init__(self) -> None:
        self._subscribers: dict[str, dict[Any, Subscriber]] = {}

    def subscribe(self, event_name: str, handler: Any, priority: int = 0) -> Any:
        name = getattr(event_name, "value", event_name)
        self._subscribers.setdefault(name, {})[handler] = Subscriber(handler, priority)
        return lambda: self.unsubscribe(name, handler)

    def unsubscribe(self, event_name: str, handler: Any) -> bool:
        return self._subscribers.get(event_name, {}).pop(handler, None) is not None

    @property
    def subscribed_events(self) -> set[str]:
        return set(self._subscribers)

    async def publish(self, event_name: str, params: dict[str, Any]) -> tuple[EventDecision, dict[str, Any]]:
        name = getattr(event_name, "value", event_name)
        decision = EventDecision.SUCCESS
        listeners = sorted(self._subscribers.get(name, {}).values(), key=lambda one: -one.priority)
        for one in listeners:
            try:
                result = one.handler(name, dict(params))
                if inspect.isawaitable(result):
                    result = await asyncio.wait_for(result, 5)
            except Exception as error:  # noqa: BLE001 - as the real one does
                print(f"event_bus | ERROR | {error!r}", flush=True)
                continue
            decision, changed = result
            if decision is not EventDecision.PASS:
                params = changed
            if decision is EventDecision.STOP:
                break
        return decision, params


_bus = EventBus()


def get_event_bus() -> EventBus:
    return _bus
