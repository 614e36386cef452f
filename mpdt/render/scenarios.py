"""Results of scenarios -> lines for a person. Nothing is printed here."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from rich.text import Text

from mpdt.language import _

STYLES = {"passed": "green", "failed": "bold red", "error": "bold red"}
DIFFERENCE = {"-": "red", "+": "green", "?": "dim"}


def result_lines(result: Mapping[str, Any]) -> Iterator[Text]:
    """One scenario: passed or not, and what was not as expected."""
    outcome = result["outcome"]
    words = {"passed": _("passed"), "failed": _("FAILED"), "error": _("ERROR")}
    yield Text.assemble(
        (f"{words[outcome]:7}", STYLES[outcome]), f" {result['name']}", (f"  {result['ms']:.0f} ms", "dim")
    )
    failure = result["failure"]
    if failure is None:
        return
    place = f"{result['file']}:{failure['line'] or result['line'] or ''}".rstrip(":")
    step = failure["step"].splitlines()
    yield Text.assemble("  ", (place, "underline"), f"  {step[0]}" if step else "")
    yield Text(f"  {failure['problem']}")
    for entry in failure["difference"]:
        for number, line in enumerate(entry.splitlines() or [""]):
            yield Text(f"    {line if number == 0 else f'  {line}'}", DIFFERENCE.get(entry[:1], "dim"))
    for line in failure["logged"]:
        yield Text(f"    {line}", "yellow")


def summary_line(summary: Mapping[str, Any]) -> Text:
    """``3 passed, 1 failed in 1.2 s``."""
    passed, failed = summary["passed"], summary["failed"]
    seconds = summary["ms"] / 1000
    if failed:
        line = _("{passed} passed, {failed} failed in {seconds:.1f} s", passed=passed, failed=failed, seconds=seconds)
        return Text(line, "bold red")
    return Text(_("{passed} passed in {seconds:.1f} s", passed=passed, seconds=seconds), "bold green")


def event_lines(event: Mapping[str, Any]) -> Iterator[Text]:
    """The event of ``mpdt dev``: what failed, and how many passed."""
    if event.get("error"):
        yield Text.assemble("  ", (_("scenarios"), "bold red"), f" {event['error']}")
        return
    yield Text.assemble("  ", _("scenarios: "), summary_line(event))
    for result in event["results"]:
        if result["outcome"] != "passed":
            yield from (Text("  ").append_text(line) for line in result_lines(result))
