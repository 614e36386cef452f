"""The values that travel through the engine. Frozen, without behaviour beyond ``to_json``.

``path`` is an absolute Path, ``module`` a dotted name, ``source`` text, ``code`` a CodeType.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from types import MappingProxyType
from typing import Any

from mpdt_hooks.sentence import LookUp, told


class Outcome(StrEnum):
    """What is true after ``refresh()``; exactly one holds."""

    UNCHANGED = "unchanged"
    PATCHED = "patched"
    STRUCTURAL = "structural"
    REJECTED = "rejected"


class ChangeKind(StrEnum):
    ADDED = "added"
    CHANGED = "changed"
    REMOVED = "removed"
    MOVED = "moved"
    RE_RUN = "re-run"


class RunningKind(StrEnum):
    FRAME = "frame"
    TASK = "task"
    GENERATOR = "generator"
    THREAD = "thread"


@dataclass(frozen=True, slots=True, order=True)
class DefRef:
    """A definition: a module's dotted name and a qualified name in it ("" is the module itself)."""

    module: str
    qualname: str

    def __str__(self) -> str:
        return f"{self.module}:{self.qualname}" if self.qualname else self.module

    def to_json(self) -> dict[str, str]:
        return {"module": self.module, "qualname": self.qualname}


@dataclass(frozen=True, slots=True)
class Change:
    """One definition that the new source adds, changes, removes, moves, or that was run again."""

    kind: ChangeKind
    ref: DefRef
    first: int
    last: int

    def to_json(self) -> dict[str, Any]:
        return {"kind": str(self.kind), **self.ref.to_json(), "lines": [self.first, self.last]}


@dataclass(frozen=True, slots=True)
class RudeEdit:
    """An edit that cannot be patched truthfully, with the code under which the catalogue explains it. ``reason`` and
    ``cost`` are sentences, by ``said``."""

    code: str
    ref: DefRef
    path: Path
    line: int
    reason: str
    cost: str = ""

    def to_json(self, look_up: LookUp = str) -> dict[str, Any]:
        return {
            "code": self.code,
            "ref": self.ref.to_json(),
            "file": str(self.path),
            "line": self.line,
            "reason": told(self.reason, look_up),
            "cost": told(self.cost, look_up),
        }


@dataclass(frozen=True, slots=True)
class ErrorInfo:
    """Why new code was rejected, with the file and line of the plugin's code that a person has to mend."""

    type: str
    message: str
    path: Path | None
    line: int | None
    traceback: str

    def to_json(self) -> dict[str, Any]:
        return {
            "type": self.type,
            "message": self.message,
            "file": None if self.path is None else str(self.path),
            "line": self.line,
            "traceback": self.traceback,
        }


@dataclass(frozen=True, slots=True)
class Running:
    """Something that still runs replaced code; ``name`` is the task's or thread's name."""

    ref: DefRef
    what: RunningKind
    name: str

    def to_json(self) -> dict[str, Any]:
        return {"ref": self.ref.to_json(), "what": str(self.what), "name": self.name}


@dataclass(frozen=True, slots=True)
class ReloadReport:
    """What one ``refresh()`` did. ``timings`` are milliseconds by phase."""

    outcome: Outcome
    changes: tuple[Change, ...] = ()
    rude_edits: tuple[RudeEdit, ...] = ()
    error: ErrorInfo | None = None
    still_running: tuple[Running, ...] = ()
    forwarded: tuple[DefRef, ...] = ()
    ran_before_failure: tuple[str, ...] = ()
    files: tuple[Path, ...] = ()
    atomic: bool = True
    timings: Mapping[str, float] = field(default_factory=lambda: MappingProxyType({}))

    def to_json(self, look_up: LookUp = str) -> dict[str, Any]:
        """A plain dict, ready for ``json.dumps``: what consoles, browsers and editors get. ``look_up`` finds the
        reader's words for the templates of sentences; without it, they are English."""
        return {
            "outcome": str(self.outcome),
            "changes": [change.to_json() for change in self.changes],
            "rude_edits": [edit.to_json(look_up) for edit in self.rude_edits],
            "error": None if self.error is None else self.error.to_json(),
            "still_running": [running.to_json() for running in self.still_running],
            "forwarded": [ref.to_json() for ref in self.forwarded],
            "ran_before_failure": list(self.ran_before_failure),
            "files": [str(path) for path in self.files],
            "atomic": self.atomic,
            "timings": dict(self.timings),
        }
