"""How the plugin performs: each handler's calls since the last change and before it, the loop's lag, memory.

While somebody looks (``look``), lag, memory and calls are sampled once a second into a ring that is bounded; otherwise
nothing is done beyond counting.
"""

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
PERIODS = 12  # changes whose handlers' figures are kept
SAMPLES = 600  # ten minutes
SAMPLE = 1.0  # seconds between two samples
LOOKING = 10.0  # seconds for which one look counts


@dataclass(slots=True)
class Calls:
    """One handler's calls in one period."""

    count: int = 0
    errors: int = 0
    times: deque[float] = field(default_factory=lambda: deque(maxlen=KEPT))

    def to_json(self) -> dict[str, Any]:
        times = sorted(self.times)
        return {"calls": self.count, "errors": self.errors, "p50": quantile(times, 0.5), "p95": quantile(times, 0.95)}


@dataclass(frozen=True, slots=True)
class Period:
    """From one change, which began it, to the next; ``handlers`` by name."""

    number: int
    change: dict[str, Any]
    handlers: dict[str, Calls]

    def to_json(self) -> dict[str, Any]:
        handlers = {name: calls.to_json() for name, calls in list(self.handlers.items())}
        return {"number": self.number, "change": self.change, "handlers": handlers}


@dataclass(frozen=True, slots=True)
class Sample:
    """``lag`` in milliseconds: the loop's longest delay of that second; ``calls`` and ``errors`` in that second."""

    number: int
    at: float
    lag: float | None
    memory: int | None
    calls: int
    errors: int

    def to_json(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in ("number", "at", "lag", "memory", "calls", "errors")}


@dataclass(slots=True)
class Sampled:
    """What was counted at the last sample, and the longest lag since."""

    at: float = 0.0
    calls: int = 0
    errors: int = 0
    lag: float = 0.0


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
        self._changes = 0
        self._periods: deque[Period] = deque(maxlen=PERIODS)
        self._calls = self._errors = 0
        self._looked_at = -LOOKING
        self._samples: deque[Sample] = deque(maxlen=SAMPLES)
        self._sampled = Sampled()

    def observe(self, name: str, seconds: float, *, failed: bool) -> None:
        calls = self._now.get(name)
        if calls is None:
            calls = self._now[name] = Calls()
        calls.count += 1
        calls.errors += failed
        self._calls += 1
        self._errors += failed
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
        self._sampled.lag = max(self._sampled.lag, seconds)

    def changed(self, outcome: str, timings: dict[str, float]) -> None:
        """The plugin was patched or reloaded: a new period begins."""
        self._periods.append(Period(self._changes, self.last_change, self._now))
        self._changes += 1
        self._earlier, self._before, self._now = self._before, self._now, {}
        self.last_change = {"outcome": outcome, "timings": timings, "at": time.time()}

    def look(self, now: float) -> None:
        """Somebody looks: sample for a while. In any thread."""
        if not self.is_looked_at(now):
            self._sampled = Sampled(now, self._calls, self._errors)
        self._looked_at = now

    def is_looked_at(self, now: float) -> bool:
        return now - self._looked_at < LOOKING

    def tick(self, now: float, lag: float) -> None:
        """Four times a second, in the watch's thread: a sample if one is due. ``lag``: seconds without an answer."""
        if not self.is_looked_at(now):
            return
        last = self._sampled
        last.lag = max(last.lag, lag)
        if now - last.at < SAMPLE:
            return
        number = self._samples[-1].number + 1 if self._samples else 1
        calls, errors = self._calls, self._errors
        lag_ms = round(last.lag * 1000, 2)
        sample = Sample(number, time.time(), lag_ms, memory(), calls - last.calls, errors - last.errors)
        self._samples.append(sample)
        self._sampled = Sampled(now, calls, errors)

    def history(self, since: int) -> dict[str, Any]:
        """The periods between changes, newest last, and the samples after number ``since``. In any thread."""
        current = Period(self._changes, self.last_change, self._now)
        return {
            "periods": [period.to_json() for period in [*tuple(self._periods), current]],
            "samples": [one.to_json() for one in tuple(self._samples) if one.number > since],
            "memory": memory(),
        }

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
