"""What consoles, browsers and editors see: one JSON object an event, ``v: 1``.

``event``, ``seq`` and ``time`` are added by ``envelope``; the rest of each event is a plain dict of its own.
Standard library only: the worker imports this module too.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Mapping
from enum import StrEnum
from typing import Any

VERSION = 1


class EventKind(StrEnum):
    READY = "ready"
    RELOAD = "reload"
    LOG = "log"
    REPLAY = "replay"
    MODE = "mode"
    MESSAGE = "message"
    SCENARIOS = "scenarios"
    STOPPED = "stopped"


class ReloadOutcome(StrEnum):
    """The ``outcome`` of a ``reload`` event: what is true once it is seen."""

    PATCHED = "patched"
    RELOADED = "reloaded"
    REJECTED = "rejected"
    RESTARTED = "restarted"
    FAILED = "failed"
    UNCHANGED = "unchanged"


def envelope(kind: EventKind, seq: int, body: Mapping[str, Any], *, now: float | None = None) -> dict[str, Any]:
    """The event as it goes out. ``time`` is seconds since the epoch; ``seq`` rises by one from 1."""
    return {
        "event": str(kind),
        "seq": seq,
        "time": round(time.time() if now is None else now, 3),
        "v": VERSION,
        **body,
    }


Event = dict[str, Any]
Listener = Callable[[Event], None]


class EventLog:
    """Numbers events, keeps the last ones, and hands each to its listeners. For one thread: the loop's."""

    def __init__(self, *, keep: int = 2000, clock: Callable[[], float] = time.time) -> None:
        self._kept: deque[Event] = deque(maxlen=keep)
        self._listeners: list[Listener] = []
        self._clock = clock
        self._seq = 0

    @property
    def last(self) -> int:
        """The newest event's ``seq``; 0 before the first."""
        return self._seq

    def emit(self, kind: EventKind, body: Mapping[str, Any]) -> Event:
        """The event as it went out to every listener."""
        self._seq += 1
        event = envelope(kind, self._seq, body, now=self._clock())
        self._kept.append(event)
        for listener in tuple(self._listeners):
            listener(event)
        return event

    def since(self, seq: int, kind: EventKind | None = None) -> tuple[Event, ...]:
        """The kept events after ``seq``, oldest first; of one kind if asked."""
        return tuple(event for event in self._kept if event["seq"] > seq and (kind is None or event["event"] == kind))

    def subscribe(self, listener: Listener) -> Callable[[], None]:
        """From now on ``listener`` gets every event, until the returned function is called."""
        self._listeners.append(listener)

        def unsubscribe() -> None:
            if listener in self._listeners:
                self._listeners.remove(listener)

        return unsubscribe
