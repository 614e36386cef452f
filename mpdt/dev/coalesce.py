"""File events and the time -> batches of files that changed together. Pure: the time is an argument.

A file is *settled* once its writer is done with it as far as the events tell: it was closed, moved here,
deleted, or created and not written to. A batch is everything that settled until nothing happened for
``quiet``, or until ``longest`` after the first of it. A file that is ``modified`` and not yet closed waits
for its close; where the system has no close events (all but inotify), every event settles its file.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from types import MappingProxyType


class FileEventKind(StrEnum):
    CREATED = "created"
    MODIFIED = "modified"
    CLOSED = "closed"
    MOVED = "moved"
    DELETED = "deleted"
    FOLDER = "folder"  # something happened to a whole folder; whoever takes the batch looks what


@dataclass(frozen=True, slots=True)
class FileChange:
    """What the watcher's thread saw, and when (``time.monotonic``)."""

    kind: FileEventKind
    path: Path
    at: float


@dataclass(frozen=True, slots=True)
class Timing:
    """Seconds."""

    quiet: float = 0.010
    longest: float = 0.050
    fill: float = 0.100  # for a file that became empty: a truncating writer is between its two steps
    still_open: float = 0.500  # a writer that never closes is taken as done after this silence


@dataclass(frozen=True, slots=True)
class Batch:
    """Files that settled together. ``since`` is when the first did; ``writers`` counts how often each was
    written.
    """

    paths: tuple[Path, ...]
    since: float
    writers: Mapping[Path, int] = field(default_factory=lambda: MappingProxyType({}))


# Where files are looked at now and then, the second step of a truncating writer is seen a look later.
POLLED = Timing(fill=1.0)


class Coalescer:
    """Feed it with ``add``, ask ``due`` when to look again, and ``take`` the batch then."""

    def __init__(self, *, close_events: bool, timing: Timing = Timing()) -> None:
        self._close_events = close_events
        self.timing = timing
        self._settled: Counter[Path] = Counter()
        self._writing: dict[Path, float] = {}
        self._filling: dict[Path, float] = {}  # became empty: until when its filling is waited for
        self._first = 0.0  # when the first of the batch settled
        self._last = 0.0

    def add(self, change: FileChange) -> None:
        """Takes one event in."""
        self._last = max(self._last, change.at)
        if self._filling.pop(change.path, None) is not None:
            self._first = change.at  # the batch that waited for it begins anew
        if change.kind is FileEventKind.MODIFIED and self._close_events:
            self._writing[change.path] = change.at
            return
        self._writing.pop(change.path, None)
        if not self._settled:
            self._first = change.at
        wrote = change.kind in (FileEventKind.CLOSED, FileEventKind.MOVED)
        self._settled[change.path] += 1 if wrote else 0

    def due(self) -> float | None:
        """When ``take`` is to be called next; None while there is nothing to wait for."""
        moments = [at + self.timing.still_open for at in self._writing.values()]
        if any(path not in self._writing for path in self._settled):
            quiet = min(self._last + self.timing.quiet, self._first + self.timing.longest)
            moments.append(max([quiet, *self._filling.values()]))
        return min(moments, default=None)

    def take(self, now: float, became_empty: Callable[[Path], bool]) -> Batch | None:
        """The batch that is due at ``now``, or None. A file that became empty holds its batch back for a
        while, once.
        """
        for path, at in list(self._writing.items()):
            if now >= at + self.timing.still_open:
                del self._writing[path]
                if not self._settled:
                    self._first = at
                self._settled[path] += 1
        due = self.due()
        ready = [path for path in self._settled if path not in self._writing]
        if due is None or now < due or not ready:
            return None
        if self._hold(ready, now, became_empty):
            return None
        batch = Batch(tuple(sorted(ready)), self._first, {path: self._settled[path] for path in ready})
        for path in ready:
            del self._settled[path]
            self._filling.pop(path, None)
        self._first = now
        return batch

    def _hold(self, ready: list[Path], now: float, became_empty: Callable[[Path], bool]) -> bool:
        held = False
        for path in ready:
            if path not in self._filling and became_empty(path):
                self._filling[path] = now + self.timing.fill
                held = True
        return held
