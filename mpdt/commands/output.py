"""Where events go on this process' standard output: through a thread, so that a reader who does not read
blocks nothing.
"""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable

from mpdt.events import Event

Write = Callable[[Event], None]


class Output:
    """Writes events in order. ``on_broken`` is called, in the thread, when nobody reads any more."""

    def __init__(self, write: Write, on_broken: Callable[[], None]) -> None:
        self._write = write
        self._on_broken = on_broken
        self._events: queue.SimpleQueue[Event | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._run, name="output", daemon=True)
        self._thread.start()

    def put(self, event: Event) -> None:
        """Hands an event over."""
        self._events.put(event)

    def close(self, patience: float = 0.3) -> None:
        """Waits until all is written, but not for ever."""
        self._events.put(None)
        self._thread.join(patience)

    def _run(self) -> None:
        while (event := self._events.get()) is not None:
            try:
                self._write(event)
            except (OSError, ValueError):
                # The pipe is broken, or the stream closed.
                self._on_broken()
                return
