"""Rows -> a table with bars. Pure."""

from __future__ import annotations

from collections.abc import Iterable

from rich.table import Table
from rich.text import Text

from mpdt.bench.model import Row, Way

WIDTH = 24
EIGHTHS = " ▏▎▍▌▋▊▉"
STYLES = {Way.PATCH: "green", Way.RELOAD: "yellow", Way.RESTART: "red"}


def bar(value: float, longest: float, width: int = WIDTH) -> str:
    """A bar in eighths of a character; what is not nothing is seen."""
    eighths = max(1, round(value / longest * width * 8)) if longest > 0 else 0
    whole, rest = divmod(eighths, 8)
    return "█" * whole + (EIGHTHS[rest] if rest else "")


def shown(value: float | None) -> str:
    return "–" if value is None else f"{value:,.1f}"


def title_of(row: Row) -> str:
    program = row.program
    heap = f", {row.heap:,} objects on the heap" if row.heap else ""
    return f"{program.name}: {program.functions:,} functions, {program.lines:,} lines, {program.files} files{heap}"


def tables(rows: Iterable[Row]) -> list[Table]:
    """One table for each program and heap."""
    groups: dict[str, list[Row]] = {}
    for row in rows:
        groups.setdefault(title_of(row), []).append(row)
    return [table(title, group) for title, group in groups.items()]


def table(title: str, rows: list[Row]) -> Table:
    found = Table(title=title, title_justify="left", title_style="bold")
    for name in ("edit", "way", "what came of it"):
        found.add_column(name)
    for name in ("runs", "p50 ms", "p95 ms"):
        found.add_column(name, justify="right")
    found.add_column("", width=WIDTH, no_wrap=True)
    longest = max((row.percentile(0.5) or 0.0 for row in rows), default=0.0)
    for index, row in enumerate(rows):
        first = index == 0 or rows[index - 1].kind is not row.kind
        last = index + 1 == len(rows) or rows[index + 1].kind is not row.kind
        found.add_row(str(row.kind) if first else "", *cells(row, longest), end_section=last)
    return found


def cells(row: Row, longest: float) -> list[str | Text]:
    """A wrong row has no figures: it was not brought live, however fast."""
    if row.skipped:
        return [str(row.way), Text("skipped", "dim"), "", "", "", Text(row.skipped, "dim")]
    if row.wrong:
        told = f"WRONG: {row.wrong} of {len(row.samples)} not live"
        return [str(row.way), Text(told, "bold red"), str(len(row.samples)), "–", "–", Text("not counted", "red")]
    p50 = row.percentile(0.5)
    outcome = f"{row.outcomes} ({row.detail})" if row.detail else row.outcomes
    drawn = Text(bar(p50 or 0.0, longest), STYLES[row.way])
    return [str(row.way), outcome, str(len(row.samples)), shown(p50), shown(row.percentile(0.95)), drawn]
