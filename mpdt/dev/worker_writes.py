"""Whose write was it? The plugin's own writes into its folder are no save.

The worker reports every file that it opens for writing (notice ``wrote``), before the first byte. Each report
explains one close of that file. So a save of the developer is recognised even if the plugin wrote the same file just
before: then there is one close more than there are reports.

Without close events a write cannot be paired with its report; a report then explains whatever happens to the file
for a while.
"""

from __future__ import annotations

from pathlib import Path

LIFETIME = 2.0  # seconds; a report whose write never came (the open failed) must not swallow a later save
MOST = 512  # files; a plugin that writes thousands of them is not followed


class WorkerWrites:
    """Reports that no write has used up yet."""

    def __init__(self, *, close_events: bool = True) -> None:
        self.close_events = close_events
        self._reports: dict[Path, list[float]] = {}

    def report(self, path: Path, now: float) -> None:
        """The worker says that it is about to write ``path``."""
        reports = self._valid(path, now)
        self._reports[path] = [*reports, now + LIFETIME]
        if len(self._reports) > MOST:
            del self._reports[next(iter(self._reports))]

    def claim(self, path: Path, writers: int, now: float, *, filled: bool) -> bool:
        """Did only the worker write the file, which was closed ``writers`` times? Its reports are used up.

        ``filled``: is there content already? A file that was seen empty, and not closed, is still being written; a
        file with content and no close was found in a new folder, whose events had no watch yet.
        """
        reports = self._valid(path, now)
        if not reports or writers > len(reports):
            return False
        if self.close_events:
            reports = reports[writers or int(filled) :]
        if reports:
            self._reports[path] = reports
        return True

    def forget(self, path: Path) -> None:
        """The file was looked at as it is: what is written from now on is new."""
        self._reports.pop(path, None)

    def _valid(self, path: Path, now: float) -> list[float]:
        return [until for until in self._reports.pop(path, ()) if until > now]
