"""Notes which events the plugin declares: they hold no code that would tell it later."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from mpdt.worker.cores.belonging import asked_by_plugin
from mpdt.worker.cores.classic_mofox.parts import Parts
from mpdt.worker.cores.classic_mofox.registered import Registrations


class Notes:
    """From now on, until ``end``. ``current`` gives the registrations of the version that runs."""

    def __init__(self, parts: Parts, current: Callable[[], Registrations]) -> None:
        self._events = parts.events
        register = parts.events.register_event

        def register_event(event_name: Any, *arguments: Any, **options: Any) -> Any:
            made = register(event_name, *arguments, **options)
            if made and asked_by_plugin():
                name = str(getattr(event_name, "value", event_name))
                current().events[name] = self._events._events[name]
            return made

        vars(self._events)["register_event"] = register_event

    def end(self) -> None:
        vars(self._events).pop("register_event", None)
