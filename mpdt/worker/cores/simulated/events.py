"""The event bus: handlers by priority, each may pass, change the parameters or stop the rest."""

from __future__ import annotations

import asyncio
import inspect
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from mpdt.language import _
from mpdt.worker.cores.simulated.logger import get_logger
from mpdt.worker.cores.simulated.runtime import current, registrations
from mpdt.worker.cores.simulated.types import EventDecision, EventType

if TYPE_CHECKING:
    from mpdt.worker.cores.simulated.components import BaseEventHandler

EVENT_HANDLER_TIMEOUT_SECONDS = 5.0

EventParams = dict[str, Any]
EventHandlerResult = tuple[EventDecision, EventParams]
EventHandlerCallable = Callable[[str, EventParams], "EventHandlerResult | Awaitable[EventHandlerResult]"]

logger = get_logger("event_bus")


@dataclass(frozen=True, slots=True)
class Subscription:
    handler: EventHandlerCallable
    priority: int
    order: int
    label: str


@dataclass(slots=True)
class Publication:
    """One event on its way through the handlers; ``cut_off`` names those that took too long."""

    name: str
    params: EventParams
    keys: frozenset[str]
    decision: EventDecision = EventDecision.SUCCESS
    cut_off: list[str] = field(default_factory=list)


def event_name_of(event: EventType | str) -> str:
    return event.value if isinstance(event, EventType) else str(event)


def label_of(handler: object) -> str:
    return getattr(handler, "__qualname__", None) or repr(handler)


def accept(publication: Publication, result: object, label: str) -> None:
    """Take over what a handler returned. A result of another form, or with other keys, has no effect."""
    publication.decision = EventDecision.PASS
    match result:
        case (decision, dict() as params):
            pass
        case _:
            logger.warning(
                _(
                    "{label} must return (EventDecision, params); its result has no effect: {result!r:.80}",
                    label=label,
                    result=result,
                )
            )
            return
    try:
        verdict = EventDecision(getattr(decision, "value", decision))
    except ValueError:
        logger.warning(
            _(
                "{label} returned {decision!r}, which is no EventDecision; its result has no effect.",
                label=label,
                decision=decision,
            )
        )
        return
    if set(params) != publication.keys:
        logger.warning(
            _("{label} returned parameters with other keys than it was given; they have no effect.", label=label)
        )
        return
    publication.decision = verdict
    if verdict is not EventDecision.PASS:
        publication.params = params


async def deliver(publication: Publication, subscription: Subscription) -> None:
    label = subscription.label
    started, failed = time.perf_counter(), True
    try:
        result = subscription.handler(publication.name, dict(publication.params))
        if inspect.isawaitable(result):
            result = await asyncio.wait_for(result, EVENT_HANDLER_TIMEOUT_SECONDS)
    except TimeoutError:
        publication.decision = EventDecision.PASS
        publication.cut_off.append(label)
        limit = EVENT_HANDLER_TIMEOUT_SECONDS
        logger.warning(
            _(
                "{label} took longer than {limit:g} s for '{name}' and was cut off.",
                label=label,
                limit=limit,
                name=publication.name,
            )
        )
    except Exception as error:
        publication.decision = EventDecision.PASS
        logger.error(
            _("{label} failed on '{name}': {error!r}", label=label, name=publication.name, error=error), exc_info=error
        )
    else:
        failed = False
        accept(publication, result, label)
    finally:
        if not getattr(subscription.handler, "__mpdt_core__", False):
            current().monitor.observe(label, time.perf_counter() - started, failed=failed)


class EventBus:
    def __init__(self, name: str = "default") -> None:
        self.name = name
        self._subscribers: dict[str, dict[EventHandlerCallable, Subscription]] = {}
        self._count = 0

    def subscribe(self, event_name: str, handler: EventHandlerCallable, priority: int = 0) -> Callable[[], None]:
        """Call ``handler`` on every such event, higher priority first; returns a function that ends it."""
        if not event_name:
            raise ValueError(_("An event has a name."))
        if not callable(handler):
            raise ValueError(_("An event's handler must be callable."))
        handlers = self._subscribers.setdefault(event_name_of(event_name), {})
        known = handlers.get(handler)
        if known is None:
            self._count += 1
        order = known.order if known else self._count
        handlers[handler] = Subscription(handler, int(priority), order, label_of(handler))
        return lambda: void(self.unsubscribe(event_name, handler))

    def unsubscribe(self, event_name: str, handler: EventHandlerCallable) -> bool:
        handlers = self._subscribers.get(event_name_of(event_name), {})
        found = handlers.pop(handler, None) is not None
        if not handlers:
            self._subscribers.pop(event_name_of(event_name), None)
        return found

    def unsubscribe_all(self, handler: EventHandlerCallable) -> int:
        return sum(self.unsubscribe(name, handler) for name in list(self._subscribers))

    async def run(self, event_name: str, params: EventParams) -> Publication:
        """Publish, and say what became of it."""
        if not event_name or not isinstance(event_name, str):
            raise ValueError(_("An event's name is a string."))
        if not isinstance(params, dict) or not all(isinstance(key, str) for key in params):
            raise ValueError(_("An event's parameters are a dict with string keys."))
        publication = Publication(event_name_of(event_name), dict(params), frozenset(params))
        handlers = self._subscribers.get(publication.name, {}).values()
        for subscription in sorted(handlers, key=lambda one: (-one.priority, one.order)):
            await deliver(publication, subscription)
            if publication.decision is EventDecision.STOP:
                break
        return publication

    async def publish(self, event_name: str, params: EventParams) -> EventHandlerResult:
        publication = await self.run(event_name, params)
        return publication.decision, publication.params

    def publish_sync(self, event_name: str, params: EventParams) -> asyncio.Task[EventHandlerResult]:
        return asyncio.get_running_loop().create_task(self.publish(event_name, params))

    @property
    def subscribed_events(self) -> set[str]:
        return set(self._subscribers)

    @property
    def handler_count(self) -> int:
        return sum(len(handlers) for handlers in self._subscribers.values())

    @property
    def event_count(self) -> int:
        return len(self._subscribers)

    def get_subscribers(self, event_name: str) -> list[EventHandlerCallable]:
        return list(self._subscribers.get(event_name_of(event_name), {}))

    def labels(self, event_name: str) -> list[str]:
        """Who is told of the event, in order."""
        handlers = self._subscribers.get(event_name, {}).values()
        return [one.label for one in sorted(handlers, key=lambda one: (-one.priority, one.order))]

    def foreign(self, known: set[str]) -> list[tuple[str, str]]:
        """Event and label of each subscription that is neither the core's own nor one of ``known``."""
        return [
            (event, one.label)
            for event, handlers in self._subscribers.items()
            for one in handlers.values()
            if one.label not in known and not getattr(one.handler, "__module__", "").startswith("mpdt.")
        ]

    def clear(self) -> None:
        self._subscribers.clear()


def void(_: object) -> None:
    """For callers that want nothing back."""


class EventManager:
    """Which event handler components are subscribed to what, over one bus."""

    def __init__(self, bus: EventBus) -> None:
        self._bus = bus
        self._handlers: dict[str, BaseEventHandler] = {}
        self._declared: dict[str, tuple[int, list[EventType | str]]] = {}
        self._endings: dict[str, list[Callable[[], None]]] = {}

    async def publish_event(self, event: EventType | str, kwargs: EventParams | None = None) -> dict[str, Any]:
        decision, params = await self._bus.publish(event_name_of(event), kwargs or {})
        return {"decision": decision, "params": params}

    async def register_handler(self, signature: str, handler: BaseEventHandler) -> None:
        self._end(signature)

        async def execute(event_name: str, params: EventParams) -> EventHandlerResult:
            return await handler.execute(event_name, params)  # looked up at each event: a live patch takes effect

        execute.__qualname__ = signature
        self._handlers[signature] = handler
        self._declared[signature] = (handler.weight, list(handler.init_subscribe))
        self._endings[signature] = [
            self._bus.subscribe(event_name_of(event), execute, priority=handler.weight)
            for event in handler.get_subscribed_events()
        ]

    def handlers(self) -> dict[str, BaseEventHandler]:
        """The registered ones, by signature."""
        return dict(self._handlers)

    async def resubscribe(self) -> None:
        """After a patch: follow the handlers whose class declares another weight or other events now."""
        for signature, handler in list(self._handlers.items()):
            weight, events = self._declared[signature]
            if (weight, events) == (handler.weight, handler.init_subscribe):
                continue
            for event in events:
                handler.unsubscribe(event)
            for event in handler.init_subscribe:
                handler.subscribe(event)
            await self.register_handler(signature, handler)

    def unregister_handler(self, signature: str) -> None:
        self._end(signature)

    def _end(self, signature: str) -> bool:
        self._handlers.pop(signature, None)
        endings = self._endings.pop(signature, [])
        for end in endings:
            end()
        return bool(endings)

    async def create_temporary_handler(
        self, event_names: list[EventType | str], handle_func: Callable[..., Any], priority: int = 0
    ) -> str:
        """Call ``handle_func`` until its decision is not PASS; returns the id that ends it earlier."""
        names = [event_name_of(event) for event in event_names if event_name_of(event).strip()]
        if not names:
            raise ValueError(_("A temporary handler needs at least one event."))
        temporary = f"temporary:{uuid4()}"

        async def once(event_name: str, params: EventParams) -> EventHandlerResult:
            result = handle_func(event_name, params)
            decision, changed = await result if inspect.isawaitable(result) else result
            if decision != EventDecision.PASS:
                self._end(temporary)
            return decision, changed

        once.__qualname__ = label_of(handle_func)
        self._endings[temporary] = [self._bus.subscribe(name, once, priority) for name in names]
        return temporary

    async def unregister_temporary_handler(self, temporary_id: str) -> bool:
        return self._end(temporary_id)

    async def build_subscription_map(self) -> None:
        """Nothing to build: handlers are subscribed when their plugin is loaded."""

    def labels(self) -> set[str]:
        """Of the subscriptions that belong to components."""
        return set(self._handlers)

    def get_handler(self, signature: str) -> BaseEventHandler | None:
        return self._handlers.get(signature)

    def get_all_handlers(self) -> dict[str, BaseEventHandler]:
        return dict(self._handlers)

    def get_handlers_for_event(self, event: EventType | str) -> list[tuple[BaseEventHandler, str]]:
        found = [(one, name) for name, one in self._handlers.items() if one.is_subscribed(event)]
        return sorted(found, key=lambda pair: -pair[0].weight)

    def get_event_stats(self) -> dict[str, int]:
        return {"handler_count": len(self._handlers), "event_type_count": self._bus.event_count}


def get_event_bus() -> EventBus:
    return registrations().bus


def get_event_manager() -> EventManager:
    return registrations().event_manager
