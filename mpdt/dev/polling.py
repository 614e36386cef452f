"""Files that are looked at again and again, where the system does not say what changed: on a network drive, behind a
symbolic link, without a watch left.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from mpdt.dev.coalesce import FileChange, FileEventKind

INTERVAL = 0.3  # seconds between two looks
SHARE = 20  # a look may take a twentieth of the time: of a folder with many files there are fewer looks
YOUNG = 2.5  # seconds; file systems count time in steps of up to 2 s (FAT), and a second write may fall into the same

Mark = tuple[int, int, int, int]


def mark(path: Path) -> Mark | None:
    """What tells two versions of a file apart without reading it; None if there is no such file."""
    try:
        stat = os.stat(path)  # noqa: PTH116 - hot
    except OSError:
        return None
    return stat.st_mtime_ns, stat.st_size, stat.st_ino, stat.st_dev


class Looks:
    """Remembers how files looked. The first look only learns."""

    def __init__(self, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._seen: dict[Path, Mark] | None = None
        self._young: dict[Path, float] = {}  # until when another write might leave no other mark

    def look(self, files: Iterable[Path]) -> Iterator[FileChange]:
        """What changed since the last look. A file that changed a moment ago is named again: its content decides."""
        now = self._clock()
        marks = {path: found for path in files if (found := mark(path)) is not None}
        before, self._seen = self._seen, marks
        if before is None:
            self._young = dict.fromkeys(marks, now + YOUNG)
            return
        self._young = {path: until for path, until in self._young.items() if until > now}
        for path, found in marks.items():
            if before.get(path) != found:
                self._young[path] = now + YOUNG
            if path in self._young:
                yield FileChange(FileEventKind.CLOSED, path, now)
        for path in before.keys() - marks.keys():
            yield FileChange(FileEventKind.DELETED, path, now)


def pause(took: float) -> float:
    """Seconds to the next look, after one that took so long."""
    return max(INTERVAL, took * SHARE)
