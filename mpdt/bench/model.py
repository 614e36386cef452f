"""The values of a benchmark: what is edited, how it is brought live, what came of it. Frozen, no I/O."""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import StrEnum
from typing import Any


class EditKind(StrEnum):
    BODY = "body"
    CONSTANT = "constant with dependents"
    MOVED = "lines moved"
    METHOD = "method added"
    SEVERAL = "several files"
    RUDE = "rude"


class Way(StrEnum):
    """How an edit gets into the running plugin."""

    PATCH = "patch-live"
    RELOAD = "full reload"
    RESTART = "restart"


@dataclass(frozen=True, slots=True)
class Check:
    """What has to be true in the live process. Of a definition: its code is that of the file on the disk, and
    holds the marker. Without one: the expression holds in the module's namespace.
    """

    module: str
    qualname: str = ""
    marker: int | None = None
    expression: str = ""

    def to_json(self) -> dict[str, Any]:
        return {
            "module": self.module,
            "qualname": self.qualname,
            "marker": self.marker,
            "expression": self.expression,
        }


@dataclass(frozen=True, slots=True)
class Edit:
    """New sources by path relative to the plugin, and how to see that they are live."""

    kind: EditKind
    sources: tuple[tuple[str, bytes], ...]
    checks: tuple[Check, ...]


@dataclass(frozen=True, slots=True)
class Sample:
    """One edit: milliseconds, what the worker said of it, and whether the live process has it."""

    ms: float
    outcome: str
    verified: bool
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Program:
    """The plugin that is edited."""

    name: str
    functions: int
    lines: int
    files: int


@dataclass(frozen=True, slots=True)
class Row:
    """All samples of one kind of edit, brought live in one way."""

    program: Program
    heap: int
    kind: EditKind
    way: Way
    samples: tuple[Sample, ...]
    skipped: str = ""

    @property
    def wrong(self) -> int:
        """How many edits were said to be live, and were not seen in the live process."""
        return sum(not sample.verified for sample in self.samples)

    @property
    def outcomes(self) -> str:
        return ", ".join(sorted({sample.outcome for sample in self.samples}))

    @property
    def detail(self) -> str:
        return next((sample.detail for sample in self.samples if sample.detail), "")

    def percentile(self, share: float) -> float | None:
        """Of the milliseconds, by nearest rank; None where one edit was wrong: a wrong edit is not fast."""
        if self.wrong or not self.samples:
            return None
        times = sorted(sample.ms for sample in self.samples)
        return times[max(0, math.ceil(share * len(times)) - 1)]

    def to_json(self) -> dict[str, Any]:
        return {
            "program": self.program.name,
            "functions": self.program.functions,
            "lines": self.program.lines,
            "files": self.program.files,
            "heap": self.heap,
            "edit": str(self.kind),
            "way": str(self.way),
            "outcomes": self.outcomes,
            "detail": self.detail,
            "runs": len(self.samples),
            "wrong": self.wrong,
            "skipped": self.skipped or None,
            "p50": self.percentile(0.5),
            "p95": self.percentile(0.95),
            "ms": [round(sample.ms, 3) for sample in self.samples],
        }
