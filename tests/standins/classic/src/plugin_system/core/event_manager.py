"""Events, handlers, and handlers that wait for an event which nobody has declared yet."""

from typing import Any

from src.common.logger import get_logger
from src.plugin_system.base.base_event import BaseEvent, HandlerResultsCollection
from src.plugin_system.base.component_types import EventType

logger = get_logger("event_manager")


def name_of(event: Any) -> str:
    return event.value if isinstance(event, EventType) else str(event)


class EventManager:
    def __init__(self) -> None:
        self._events: dict[str, BaseEvent] = {}
        self._event_handlers: dict[str, Any] = {}
        self._pending_subscriptions: dict[str, list[str]] = {}

    def register_event(self, event_name: Any) -> bool:
        name = name_of(event_name)
        if name in self._events:
            return False
        self._events[name] = BaseEvent(name)
        for handler, waiting in list(self._pending_subscriptions.items()):
            if name in waiting and self.subscribe_handler_to_event(handler, name):
                waiting.remove(name)
            if not waiting:
                del self._pending_subscriptions[handler]
        return True

    def register_event_handler(self, cls: Any, plugin_config: Any = None) -> bool:
        if cls.handler_name in self._event_handlers:
            logger.warning(f"handler {cls.handler_name} is there already")
            return False
        handler = cls()
        handler.plugin_config = plugin_config
        self._event_handlers[cls.handler_name] = handler
        absent = [
            name_of(one) for one in cls.init_subscribe if not self.subscribe_handler_to_event(cls.handler_name, one)
        ]
        if absent:
            self._pending_subscriptions[cls.handler_name] = absent
        return True

    def subscribe_handler_to_event(self, handler_name: str, event_name: Any) -> bool:
        handler, event = self._event_handlers.get(handler_name), self._events.get(name_of(event_name))
        if handler is None or event is None:
            return False
        if handler not in event.subscribers:
            event.subscribers.append(handler)
            event.subscribers.sort(key=lambda one: one.weight, reverse=True)
        return True

    def remove_event_handler(self, handler_name: str) -> bool:
        if self._event_handlers.pop(handler_name, None) is None:
            return False
        for event in self._events.values():
            event.subscribers[:] = [one for one in event.subscribers if one.handler_name != handler_name]
        return True

    async def trigger_event(self, event_name: Any, permission_group: str = "", **params: Any) -> Any:
        event = self._events.get(name_of(event_name))
        return await event.activate(params, handler_timeout=30) if event is not None else HandlerResultsCollection([])


event_manager = EventManager()
