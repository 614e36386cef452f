"""The classic event manager: handlers by weight; one that intercepts, and says so, ends the round."""

from __future__ import annotations

import asyncio
import inspect
import time
from typing import Any

from mpdt.language import _
from mpdt.worker.cores.simulated.classic.components import BaseEventHandler
from mpdt.worker.cores.simulated.classic.types import EventType, HandlerResult, HandlerResultsCollection
from mpdt.worker.cores.simulated.logger import get_logger
from mpdt.worker.cores.simulated.runtime import current, kept

logger = get_logger("event_manager")


def name_of(event: Any) -> str:
    return str(getattr(event, "value", event))


class Events:
    """Handlers of this version of the plugin, and the names of events that it made."""

    def __init__(self) -> None:
        self.handlers: dict[str, BaseEventHandler] = {}
        self.subscribed: dict[str, list[str]] = {}  # event -> handlers' names
        self.made: set[str] = set()


def taken(result: object, name: str) -> HandlerResult:
    """A handler answers with a HandlerResult, or (success, goes on, message)."""
    match result:
        case HandlerResult():
            result.handler_name = result.handler_name or name
            return result
        case (bool() as success, bool() as goes_on, *rest):
            return HandlerResult(success, goes_on, rest[0] if rest else None, name)
    logger.warning(
        _(
            "{name} must return a HandlerResult or (success, continue, message), not {result!r:.80}",
            name=name,
            result=result,
        )
    )
    return HandlerResult(result is None, True, None, name)


class EventManager:
    @property
    def _events(self) -> Events:
        return kept(Events)

    def register_event(self, event_name: Any, *_: Any, **__: Any) -> bool:
        name = name_of(event_name)
        new = name not in self._events.made
        self._events.made.add(name)
        return new

    def get_all_events(self) -> dict[str, Any]:
        return {name: self.get_event(name) for name in self.known_events()}

    def known_events(self) -> list[str]:
        own = (event.value for event in EventType if event is not EventType.UNKNOWN)
        return list(dict.fromkeys([*own, *self._events.made, *self._events.subscribed]))

    def get_event(self, event_name: Any) -> Any:
        name = name_of(event_name)
        return name if name in self.known_events() else None

    def register_event_handler(self, handler_class: type[BaseEventHandler], plugin_config: Any = None) -> bool:
        handler = handler_class()
        handler.set_plugin_config(plugin_config or {})
        self._events.handlers[handler_class.handler_name] = handler
        for event in handler_class.wanted_events():
            if event is not None and name_of(event) != EventType.UNKNOWN.value:
                self.subscribe_handler_to_event(handler_class.handler_name, event)
        return True

    def remove_event_handler(self, handler_name: str) -> bool:
        for event in list(self._events.subscribed):
            self.unsubscribe_handler_from_event(handler_name, event)
        return self._events.handlers.pop(handler_name, None) is not None

    def get_event_handler(self, handler_name: str) -> BaseEventHandler | None:
        return self._events.handlers.get(handler_name)

    def get_all_event_handlers(self) -> dict[str, BaseEventHandler]:
        return dict(self._events.handlers)

    def subscribe_handler_to_event(self, handler_name: str, event_name: Any) -> bool:
        names = self._events.subscribed.setdefault(name_of(event_name), [])
        if handler_name not in names:
            names.append(handler_name)
        return handler_name in self._events.handlers

    def unsubscribe_handler_from_event(self, handler_name: str, event_name: Any) -> bool:
        names = self._events.subscribed.get(name_of(event_name), [])
        if handler_name in names:
            names.remove(handler_name)
            return True
        return False

    def get_event_subscribers(self, event_name: Any) -> dict[str, BaseEventHandler]:
        """By weight, the greater first."""
        names = self._events.subscribed.get(name_of(event_name), [])
        known = [(name, self._events.handlers[name]) for name in names if name in self._events.handlers]
        return dict(sorted(known, key=lambda pair: -pair[1].weight))

    async def trigger_event(
        self, event_name: Any, permission_group: str | None = "", *, handler_timeout: float | None = None, **kwargs: Any
    ) -> HandlerResultsCollection | None:
        kwargs.pop("max_concurrency", None)
        results = []
        for name, handler in self.get_event_subscribers(event_name).items():
            result = await self._call(name, handler, kwargs, handler_timeout)
            results.append(result)
            if handler.intercept_message and not result.continue_process:
                break
        return HandlerResultsCollection(results)

    async def _call(
        self, name: str, handler: BaseEventHandler, kwargs: dict[str, Any], limit: float | None
    ) -> HandlerResult:
        started, failed = time.perf_counter(), True
        try:
            # MaiBot's handlers of messages take the message itself.
            given = kwargs.get("message") if type(handler).event_type is not None and "message" in kwargs else kwargs
            result = handler.execute(given)
            result = await asyncio.wait_for(result, limit) if inspect.isawaitable(result) else result
        except Exception as error:  # plugin code
            logger.error(_("{name} failed: {error!r}", name=name, error=error), exc_info=error)
            return HandlerResult(False, True, str(error), name)
        else:
            failed = False
            return taken(result, name)
        finally:
            current().monitor.observe(name, time.perf_counter() - started, failed=failed)

    def emit_event(self, event_name: Any, permission_group: str | None = "", **kwargs: Any) -> asyncio.Task[Any]:
        return asyncio.get_running_loop().create_task(self.trigger_event(event_name, permission_group, **kwargs))


event_manager = EventManager()
