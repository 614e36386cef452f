"""Every event of the run, encoded once, for readers that come late, come back, or read slowly.

A reader holds no more than the number of the last event that it has: nothing is buffered for it. The last events lie in
memory, all of them in a file without a name, which the system removes with the process.
"""

from __future__ import annotations

import json
import tempfile
from array import array
from collections import deque
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import BinaryIO

from mpdt.events import Event, EventKind, EventLog

RECENT = 4000  # events in memory: a reader that follows never waits for the disk
NOTABLE = 500  # events other than log lines, kept for those who begin in the middle


def encoded(event: Event) -> bytes:
    return json.dumps(event, ensure_ascii=True, default=str).encode()


class Journal:
    """Follows an ``EventLog`` from its making until ``close``. ``seq`` runs from 1 without a gap."""

    def __init__(self, events: EventLog, *, recent: int = RECENT) -> None:
        self._recent: deque[bytes] = deque(maxlen=recent)
        self._notable: deque[tuple[int, bytes]] = deque(maxlen=NOTABLE)
        self._starts = array("Q")
        self._end = 0
        self._file: BinaryIO | None = tempfile.TemporaryFile(prefix="mpdt-events-")  # noqa: SIM115 - closed in close
        self._waiting: set[Callable[[Event], None]] = set()
        earlier = events.since(0)
        self.first = earlier[0]["seq"] if earlier else events.last + 1
        self.last = self.first - 1
        for event in earlier:
            self._take(event)
        self._unsubscribe = events.subscribe(self._take)

    def close(self) -> None:
        self._unsubscribe()
        if self._file is not None:
            self._file.close()
            self._file = None

    def _take(self, event: Event) -> None:
        line = encoded(event)
        self.last = event["seq"]
        self._recent.append(line)
        if event["event"] != EventKind.LOG:
            self._notable.append((self.last, line))
        self._keep(line)
        for wake in tuple(self._waiting):
            wake(event)

    def _keep(self, line: bytes) -> None:
        if self._file is None:
            return
        try:
            self._starts.append(self._end)
            self._file.seek(self._end)
            self._file.write(line)
            self._end += len(line)
        except OSError:  # a full disk: what lies in memory is still there, and ``oldest`` says how far it reaches
            with suppress(OSError):
                self._file.close()
            self._file = None

    @property
    def oldest(self) -> int:
        """The number of the first event that can still be read."""
        return self.first if self._file is not None else max(self.first, self.last - len(self._recent) + 1)

    def after(self, seq: int, limit: int) -> list[bytes]:
        """At most ``limit`` encoded events that follow ``seq``, oldest first."""
        begin = max(seq + 1, self.oldest)
        end = min(begin + limit, self.last + 1)
        if begin >= end:
            return []
        remembered = self.last - len(self._recent) + 1
        if begin >= remembered:
            offset = begin - remembered
            return [self._recent[index] for index in range(offset, offset + end - begin)]
        return self._read(range(begin, end))

    def notable(self, until: int) -> list[bytes]:
        """The last events up to ``until`` that are no log lines, oldest first."""
        return [line for seq, line in self._notable if seq <= until]

    def _read(self, numbers: Sequence[int]) -> list[bytes]:
        assert self._file is not None
        first, last = numbers[0] - self.first, numbers[-1] - self.first
        ends = [*self._starts[first + 1 : last + 2], self._end][: last - first + 1]
        self._file.seek(self._starts[first])
        block = self._file.read(ends[-1] - self._starts[first])
        base = self._starts[first]
        return [
            block[start - base : end - base] for start, end in zip(self._starts[first : last + 1], ends, strict=True)
        ]

    def on_event(self, wake: Callable[[Event], None]) -> Callable[[], None]:
        """Calls back at every event, once it can be read, until the returned function is called."""
        self._waiting.add(wake)
        return lambda: self._waiting.discard(wake)
