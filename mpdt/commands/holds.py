"""What is said of a debugger that holds the plugin: once for a whole walk from line to line."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from mpdt.dev.hot_reload_manager import HotReloadManager
from mpdt.language import _

STEP = 0.5  # seconds; held again within that, the plugin is being stepped through


class Holds:
    """Tells the manager, so that saves wait, and the person. ``at`` is the held line, or '' when the plugin goes on."""

    def __init__(self, manager: HotReloadManager, say: Callable[[str], None], loop: asyncio.AbstractEventLoop) -> None:
        self._manager = manager
        self._say = say
        self._loop = loop
        self._told = False
        self._ending: asyncio.TimerHandle | None = None

    def note(self, at: str) -> None:
        """The worker's word."""
        if self._ending is not None:
            self._ending.cancel()
            self._ending = None
        if not at:
            self._manager.go_on()
            self._ending = self._loop.call_later(STEP, self._end)
            return
        self._manager.hold(at)
        if not self._told:
            self._told = True
            self._say(_("A debugger holds the plugin at {place}. What is saved waits until it goes on.", place=at))

    def _end(self) -> None:
        if self._told:
            self._told = False
            self._say(_("The plugin goes on."))
