import inspect
from typing import Any
from uuid import uuid4

from src.core.components.registry import get_global_registry
from src.core.components.types import ComponentType
from src.kernel.event import EventDecision, get_event_bus
from src.kernel.logger import get_logger

logger = get_logger("event_manager")


class EventManager:
    def __init__(self) -> None:
        self._handler_map: dict[str, Any] = {}
        self._handler_wrappers: dict[str, list[Any]] = {}
        self._temporary_handlers: dict[str, Any] = {}
        self._temporary_wrappers: dict[str, list[Any]] = {}

    async def register_plugin_handlers(self, plugin_name: str, plugin: Any) -> None:
        for signature, cls in get_global_registry().get_by_type(ComponentType.EVENT_HANDLER).items():
            if signature.startswith(f"{plugin_name}:"):
                handler = cls(plugin)
                handler.signature = signature
                await self.register_handler(signature, handler)

    def unregister_plugin_handlers(self, plugin_name: str) -> None:
        for signature in [one for one in self._handler_map if one.startswith(f"{plugin_name}:")]:
            self._unregister_handler_locked(signature)

    async def register_handler(self, signature: str, handler: Any) -> None:
        self._register_handler_locked(signature, handler)

    def _register_handler_locked(self, signature: str, handler: Any) -> None:
        if signature in self._handler_wrappers:
            self._unregister_handler_locked(signature)
        self._handler_map[signature] = handler
        self._handler_wrappers[signature] = [
            get_event_bus().subscribe(event, self._make_safe_wrapper(handler, signature), handler.weight)
            for event in handler.get_subscribed_events()
        ]

    def _unregister_handler_locked(self, signature: str) -> None:
        for unsubscribe in self._handler_wrappers.pop(signature, []):
            unsubscribe()
        self._handler_map.pop(signature, None)

    def _make_safe_wrapper(self, handler: Any, signature: str) -> Any:
        async def safe_execute(event_name: str, params: dict[str, Any]) -> Any:
            try:
                return await handler.execute(event_name, params)
            except Exception as error:  # noqa: BLE001 - as the real one does
                logger.error(f"{signature} failed: {error!r}")
                return EventDecision.PASS, params

        return safe_execute

    async def create_temporary_handler(self, event_names: list[Any], handle_func: Any) -> str:
        number = f"temporary:{uuid4()}"

        async def execute(event_name: str, params: dict[str, Any]) -> Any:
            result = handle_func(event_name, params)
            return await result if inspect.isawaitable(result) else result

        self._temporary_handlers[number] = handle_func
        self._temporary_wrappers[number] = [get_event_bus().subscribe(one, execute) for one in event_names]
        return number

    def _unregister_temporary_handler_locked(self, number: str) -> bool:
        for unsubscribe in self._temporary_wrappers.pop(number, []):
            unsubscribe()
        return self._temporary_handlers.pop(number, None) is not None

    def get_handlers_for_event(self, event: Any) -> list[tuple[Any, str]]:
        name = getattr(event, "value", event)
        return [(one, signature) for signature, one in self._handler_map.items() if name in one.get_subscribed_events()]


_manager = EventManager()


def get_event_manager() -> EventManager:
    return _manager
