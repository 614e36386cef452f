"""Messages in, to the runtime; messages out, to every adapter."""

from typing import Any


class Sink:
    def __init__(self) -> None:
        self._outgoing_handlers: set[Any] = set()

    def set_outgoing_handler(self, handler: Any) -> None:
        self._outgoing_handlers.add(handler)

    def remove_outgoing_handler(self, handler: Any) -> None:
        self._outgoing_handlers.discard(handler)


class Runtime:
    def __init__(self) -> None:
        self._routes: list[Any] = []
        self._before_hooks: list[Any] = []

    def add_route(self, handler: Any) -> None:
        self._routes.append(handler)

    def register_before_hook(self, hook: Any) -> None:
        self._before_hooks.append(hook)

    async def handle_message(self, envelope: Any) -> None:
        for hook in list(self._before_hooks):
            await hook(envelope)
        for handler in list(self._routes):
            await handler(envelope)


class CoreSinkManager:
    def __init__(self) -> None:
        self.runtime = Runtime()
        self._sink = Sink()

    def get_in_process_sink(self) -> Sink:
        return self._sink

    async def send_outgoing(self, envelope: Any) -> None:
        for handler in list(self._sink._outgoing_handlers):
            await handler(envelope)

    async def _dispatch_to_runtime(self, envelope: Any) -> None:
        await self.runtime.handle_message(envelope)


_manager = CoreSinkManager()


def get_core_sink_manager() -> CoreSinkManager:
    return _manager
