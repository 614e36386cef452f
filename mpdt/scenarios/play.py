"""Plays scenarios, each on a stage of its own: a worker that has just loaded the plugin."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable, Iterable, Mapping
from typing import Any, Protocol

from mpdt.language import _
from mpdt.scenarios.match import replies_differ, value_differs
from mpdt.scenarios.model import Called, Check, Checks, Expect, Failure, Outcome, Result, Said, Scenario, Step

LOGGED = 10  # the last lines that are shown with a failure
WORTH_SHOWING = ("WARNING", "ERROR", "CRITICAL")


class StageError(Exception):
    """The plugin could not be brought on the stage, or the worker is gone; the sentence says why."""


class Refused(Exception):
    """The plugin has nothing of that name, or the arguments do not fit; the sentence says which."""


class Stage(Protocol):
    """A loaded plugin. Both may raise StageError, ``call`` also Refused."""

    async def message(self, said: Said) -> Mapping[str, Any]: ...

    async def call(self, called: Called) -> Mapping[str, Any]: ...

    def take_logs(self) -> list[tuple[str, str]]:
        """Level and line of what was logged since it was asked last."""


Open = Callable[[Scenario], Awaitable[Stage]]
"""A fresh stage for the scenario; the one before is closed."""


async def play(scenarios: Iterable[Scenario], open_stage: Open, tell: Callable[[Result], object]) -> list[Result]:
    """The results, each of which is told when it is there."""
    results: list[Result] = []
    stage: Stage | None = None
    for scenario in scenarios:
        began = time.perf_counter()
        try:
            if stage is None or not scenario.keep:
                stage = None
                stage = await open_stage(scenario)
            failure = await perform(scenario, stage)
            outcome: Outcome = "failed" if failure else "passed"
        except StageError as error:
            failure, stage = Failure("", scenario.line, str(error)), None
            outcome = "error"
        result = Result(scenario, outcome, (time.perf_counter() - began) * 1000, failure)
        results.append(result)
        tell(result)
    return results


async def perform(scenario: Scenario, stage: Stage) -> Failure | None:
    """The first step that is not as expected; what comes after it would follow from it."""
    stage.take_logs()
    for step in scenario.steps:
        failure = await take(step, stage)
        if failure is not None:
            return failure
    return None


async def take(step: Step, stage: Stage) -> Failure | None:
    refused: str | None = None
    answer: Mapping[str, Any] = {"replies": []}
    try:
        answer = await (stage.message(step.does) if isinstance(step.does, Said) else stage.call(step.does))
    except Refused as error:
        refused = str(error)
    problem, difference = judged(step, answer, refused)
    logs = stage.take_logs()
    if problem is None:
        return None
    shown = [f"{level.lower()}: {line}" for level, line in logs if level in WORTH_SHOWING][-LOGGED:]
    return Failure(step.title, step.line, problem, difference, tuple(shown))


def judged(step: Step, answer: Mapping[str, Any], refused: str | None) -> tuple[str | None, tuple[str, ...]]:
    """What is wrong, and the difference; None if nothing is. Pure."""
    error = refused or error_text(answer.get("error"))
    if error is not None or step.error:
        wrong = error_differs(step.error, error)
        return (wrong, ()) if wrong else (None, ())
    if answer.get("timed_out"):
        return _("The plugin had not finished in time."), ()
    if step.replies is not None and (lines := replies_differ(step.replies, answer["replies"])):
        return _("The replies are not as expected."), lines
    if step.result and (lines := value_differs(step.result, answer.get("result"))):
        return _("The result is not as expected."), lines
    return None, ()


def error_text(error: Mapping[str, Any] | None) -> str | None:
    if error is None:
        return None
    place = f" ({error['file']}:{error['line']})" if error.get("file") else ""
    return f"{error['type']}: {error['message']}{place}"


def error_differs(wanted: Checks, error: str | None) -> str | None:
    """A sentence, or None if the error is as expected."""
    if error is None:
        return _("An error was expected, and none came.")
    if not wanted:
        return _("It ended with an error: {error}", error=error)
    if value_differs(wanted, error):
        return _("Another error was expected; it was: {error}", error=error)
    return None


def selected(scenarios: list[Scenario], words: str | None) -> list[Scenario]:
    """Those whose name or file contains the words, and those whose state they go on from."""
    if not words:
        return scenarios
    wanted = [words.lower() in f"{one.file.name} {one.name}".lower() for one in scenarios]
    for index in range(len(scenarios) - 1, 0, -1):
        if wanted[index] and scenarios[index].keep:
            wanted[index - 1] = True
    return [one for one, is_wanted in zip(scenarios, wanted, strict=True) if is_wanted]


__all__ = ["Check", "Expect", "Open", "Refused", "Stage", "StageError", "play", "selected"]
