"""One loaded version of the plugin, and what loading or exchanging it came to."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import ModuleType
from typing import Any

from mpdt.worker.cores import Manifest
from mpdt.worker.errors import PluginError
from mpdt.worker.ledger import Leak, Ledger
from mpdt.worker.tracking import Handle, Tracker


@dataclass(slots=True)
class Version:
    """All that is needed to put a version aside and back. ``initial`` marks what its data started with."""

    manifest: Manifest
    instance: object
    registrations: object
    ledger: Ledger
    tracker: Tracker
    handle: Handle
    initial: Mapping[str, str]
    modules: dict[str, ModuleType]
    paths: list[str] = field(default_factory=list)  # what it has put on sys.path
    described: Mapping[str, Any] = field(default_factory=dict)  # its components, as last reported


@dataclass(frozen=True, slots=True)
class Load:
    plugin: str
    error: PluginError | None
    ms: float
    restored: tuple[str, ...] = ()

    def to_json(self) -> dict[str, Any]:
        return {
            "plugin": self.plugin,
            "loaded": self.error is None,
            "error": self.error.to_json() if self.error else None,
            "restored": list(self.restored),
            "ms": self.ms,
        }


@dataclass(frozen=True, slots=True)
class Reload:
    """``outcome``: "reloaded", "rejected" (the previous version serves) or "failed" (none does).

    ``carried`` went over to the new version, ``lost`` could not. ``restart`` says why only another process will do.
    """

    outcome: str
    error: PluginError | None = None
    leaks: tuple[Leak, ...] = ()
    carried: tuple[str, ...] = ()
    lost: tuple[str, ...] = ()
    registrations: Mapping[str, Any] = field(default_factory=dict)
    restart: str | None = None
    timings: Mapping[str, float] = field(default_factory=dict)

    def to_json(self) -> dict[str, Any]:
        return {
            "outcome": self.outcome,
            "changes": [],
            "error": self.error.to_json() if self.error else None,
            "leaks": [leak.to_json() for leak in self.leaks],
            "carried": list(self.carried),
            "lost": list(self.lost),
            "registrations": dict(self.registrations),
            "restart": self.restart,
            "timings": dict(self.timings),
            "ms": round(sum(self.timings.values()), 3),
        }


class Laps:
    """Milliseconds by phase."""

    def __init__(self) -> None:
        self.timings: dict[str, float] = {}
        self._since = time.perf_counter()

    def lap(self, phase: str) -> None:
        now = time.perf_counter()
        self.timings[phase] = round(self.timings.get(phase, 0.0) + (now - self._since) * 1000, 3)
        self._since = now
