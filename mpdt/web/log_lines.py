"""``GET /api/logs``: all log lines of the run, from the journal."""

from __future__ import annotations

import asyncio
import json
from dataclasses import dataclass
from typing import Any

from mpdt.web.journal import Journal

LEVELS = {"DEBUG": 0, "INFO": 1, "WARNING": 2, "ERROR": 3, "CRITICAL": 4}
BLOCK = 2000  # events that are read at once
LOG = b'"event": "log"'  # as ``encoded`` writes it: other events need not be decoded


@dataclass(frozen=True, slots=True)
class Query:
    """Which lines: after ``since``, before ``before``, the last ``limit`` that pass the rest."""

    since: int = 0
    before: int | None = None
    limit: int = 2000
    level: str = ""
    logger: str = ""
    search: str = ""

    def passes(self, event: dict[str, Any]) -> bool:
        return (
            event["event"] == "log"
            and LEVELS.get(event["level"], 1) >= LEVELS.get(self.level, 0)
            and self.logger in ("", event["logger"])
            and self.search.lower() in f"{event['logger']} {event['message']}".lower()
        )


async def find(journal: Journal, query: Query) -> list[dict[str, Any]]:
    """The lines, oldest first. Others have their turn between two blocks: a run may have logged millions."""
    found: list[dict[str, Any]] = []
    end = journal.last + 1 if query.before is None else min(query.before, journal.last + 1)
    while end > max(query.since + 1, journal.oldest) and len(found) < query.limit:
        begin = max(query.since + 1, journal.oldest, end - BLOCK)
        found += block(journal.after(begin - 1, end - begin), query)[: query.limit - len(found)]
        end = begin
        await asyncio.sleep(0)
    return found[::-1]


def block(lines: list[bytes], query: Query) -> list[dict[str, Any]]:
    """Those that pass, newest first."""
    events = (json.loads(line) for line in reversed(lines) if LOG in line)
    return [event for event in events if query.passes(event)]
