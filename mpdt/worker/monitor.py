"""How the plugin performs: each handler's calls since the last change and before it, the loop's lag, memory."""

from __future__ import annotations

import os
import sys
import time
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

KEPT = 1000  # calls whose times are kept for each handler
LAGS = 240


@dataclass(slots=True)
class Calls:
    """One handler's calls in one period."""

    count: int = 0
    errors: int = 0
    times: deque[float] = field(default_factory=lambda: deque(maxlen=KEPT))

    def to_json(self) -> dict[str, Any]:
        times = sorted(self.times)
        return {"calls": self.count, "errors": self.errors, "p50": quantile(times, 0.5), "p95": quantile(times, 0.95)}


@dataclass(slots=True)
class Measured:
    failed: bool = False


def quantile(ordered: list[float], part: float) -> float | None:
    """In milliseconds; None without calls."""
    return round(ordered[min(len(ordered) - 1, int(len(ordered) * part))] * 1000, 3) if ordered else None


def memory() -> int | None:
    """Resident bytes of this process, where the system tells."""
    try:
        with open("/proc/self/statm", "rb") as file:  # noqa: PTH123 - asked for often
            return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    except (OSError, ValueError, AttributeError):
        return None


class Monitor:
    def __init__(self) -> None:
        self._now: dict[str, Calls] = {}
        self._before: dict[str, Calls] = {}
        self._earlier: dict[str, Calls] = {}  # the period before that one
        self._lags: deque[float] = deque(maxlen=LAGS)
        self.last_change: dict[str, Any] = {}

    def observe(self, name: str, seconds: float, *, failed: bool) -> None:
        calls = self._now.get(name)
        if calls is None:
            calls = self._now[name] = Calls()
        calls.count += 1
        calls.errors += failed
        calls.times.append(seconds)

    @contextmanager
    def measured(self, name: str) -> Iterator[Measured]:
        """Observe what runs inside; an exception counts as an error."""
        started, outcome = time.perf_counter(), Measured()
        try:
            yield outcome
        except BaseException:
            outcome.failed = True
            raise
        finally:
            self.observe(name, time.perf_counter() - started, failed=outcome.failed)

    def lagged(self, seconds: float) -> None:
        """The loop took so long to answer."""
        self._lags.append(seconds)

    def changed(self, outcome: str, timings: dict[str, float]) -> None:
        """The plugin was patched or reloaded: a new period begins."""
        self._earlier, self._before, self._now = self._before, self._now, {}
        self.last_change = {"outcome": outcome, "timings": timings, "at": time.time()}

    def to_json(self) -> dict[str, Any]:
        lags = sorted(self._lags)
        return {
            "handlers": {name: calls.to_json() for name, calls in self._now.items()},
            "before": {name: calls.to_json() for name, calls in self._before.items()},
            "earlier": {name: calls.to_json() for name, calls in self._earlier.items()},
            "last_change": self.last_change,
            "loop_lag": {"p50": quantile(lags, 0.5), "p95": quantile(lags, 0.95), "max": quantile(lags, 1.0)},
            "memory": memory(),
            "blocks": sys.getallocatedblocks(),
        }
