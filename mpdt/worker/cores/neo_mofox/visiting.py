"""A Neo-MoFox that runs already: the bridge is one of its plugins, and we are its guests."""

from __future__ import annotations

import sys
from collections.abc import Awaitable, Callable
from importlib import import_module
from typing import Any

from mpdt.worker.cores.neo_mofox.core import LAST, MODULE, NeoCore
from mpdt.worker.cores.neo_mofox.parts import find_parts


def visit(leave: Callable[[], Awaitable[None]]) -> tuple[NeoCore, Callable[[], None]]:
    """The core of this process, and what ends listening. ``leave`` is awaited when the bot stops, before it unloads its
    plugins. On its loop. Raises WorkerError if this is another build.
    """
    core = NeoCore(getattr(sys.modules.get(MODULE), "Bot", None))
    find_parts(core.version)
    kernel: Any = import_module("src.kernel.event")
    bus = kernel.get_event_bus()

    async def stopping(event: str, params: dict[str, Any]) -> tuple[Any, dict[str, Any]]:
        await leave()
        return kernel.EventDecision.PASS, params

    bus.subscribe("on_stop", stopping, LAST)
    return core, lambda: bus.unsubscribe("on_stop", stopping)
