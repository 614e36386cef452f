"""The values of a scenario: what is done, what is expected, and what came of it. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any, Literal


class Expect(StrEnum):
    """How an expectation is met."""

    EXACT = "exact"
    CONTAINS = "contains"
    REGEX = "regex"
    TYPE = "type"


@dataclass(frozen=True, slots=True)
class Check:
    """One condition on a value."""

    how: Expect
    wanted: Any


@dataclass(frozen=True, slots=True)
class Said:
    """A message; ``images`` are base64 texts."""

    text: str
    user: str | None = None
    group: str | None = None
    role: str | None = None
    images: tuple[str, ...] = ()
    mentions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Called:
    """A component or an event, driven by hand."""

    kind: str
    name: str
    arguments: Mapping[str, Any] = field(default_factory=dict)


Checks = tuple[Check, ...]


@dataclass(frozen=True, slots=True)
class Step:
    """``replies``: the checks of each reply, in order; None if any replies will do. ``result`` and ``error`` are those
    of a call; no ``error`` expected means that there must be none."""

    does: Said | Called
    line: int | None
    replies: tuple[Checks, ...] | None = None
    result: Checks = ()
    error: Checks = ()

    @property
    def title(self) -> str:
        """The step in a line, as a person would write it."""
        if isinstance(self.does, Said):
            return self.does.text
        verb = "fire" if self.does.kind == "event" else f"call {self.does.kind}"
        return f"{verb} {self.does.name}"


@dataclass(frozen=True, slots=True)
class Scenario:
    """``keep``: goes on where the scenario before it in the file ended. ``config`` is laid over the plugin's defaults,
    ``model`` over ``[tool.mpdt.llm]``."""

    name: str
    file: Path
    line: int | None
    steps: tuple[Step, ...]
    keep: bool = False
    config: Mapping[str, Any] = field(default_factory=dict)
    model: Mapping[str, Any] = field(default_factory=dict)


Outcome = Literal["passed", "failed", "error"]


@dataclass(frozen=True, slots=True)
class Failure:
    """What was not as expected. ``difference``: lines with ``-`` (expected), ``+`` (came) or two spaces (both)."""

    step: str
    line: int | None
    problem: str
    difference: tuple[str, ...] = ()
    logged: tuple[str, ...] = ()

    def to_json(self) -> dict[str, Any]:
        return {
            "step": self.step,
            "line": self.line,
            "problem": self.problem,
            "difference": list(self.difference),
            "logged": list(self.logged),
        }


@dataclass(frozen=True, slots=True)
class Result:
    """``error``: the scenario could not be played, for the plugin did not load or the worker died."""

    scenario: Scenario
    outcome: Outcome
    ms: float
    failure: Failure | None = None

    def to_json(self, root: Path) -> dict[str, Any]:
        file = self.scenario.file
        return {
            "name": self.scenario.name,
            "file": file.relative_to(root).as_posix() if file.is_relative_to(root) else str(file),
            "line": self.scenario.line,
            "outcome": self.outcome,
            "ms": round(self.ms, 1),
            "failure": None if self.failure is None else self.failure.to_json(),
        }


def summary(results: list[Result], root: Path, ms: float) -> dict[str, Any]:
    """What ``mpdt test --json`` prints, and what the event of ``mpdt dev`` holds."""
    passed = sum(result.outcome == "passed" for result in results)
    return {
        "passed": passed,
        "failed": len(results) - passed,
        "ms": round(ms, 1),
        "results": [result.to_json(root) for result in results],
    }
