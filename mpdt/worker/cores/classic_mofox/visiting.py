"""A classic core that runs already: the bridge is one of its plugins, and we are its guests."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from functools import wraps
from importlib import import_module
from typing import Any

from mpdt.worker.cores.classic_mofox.core import MODULE, ClassicCore, version
from mpdt.worker.cores.classic_mofox.parts import find_parts


def visit(leave: Callable[[], Awaitable[None]]) -> tuple[ClassicCore, Callable[[], None]]:
    """The core of this process, and what ends listening. ``leave`` is awaited when the bot stops, before it closes
    anything. On its loop. Raises WorkerError if this is another build.
    """
    find_parts(version())
    system: Any = import_module(MODULE).MainSystem
    close = system._async_cleanup

    @wraps(close)
    async def cleanup(self: Any) -> None:
        await leave()
        await close(self)

    def undo() -> None:
        if system._async_cleanup is cleanup:
            system._async_cleanup = close

    system._async_cleanup = cleanup
    return ClassicCore(), undo
