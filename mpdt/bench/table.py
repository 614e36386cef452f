"""Rows -> a table with bars. Pure."""

from __future__ import annotations

from collections.abc import Iterable

from rich.table import Table
from rich.text import Text

from mpdt.bench.model import EditKind, Row, Way
from mpdt.language import _, later, translated

WIDTH = 24
EIGHTHS = " ▏▎▍▌▋▊▉"
STYLES = {Way.PATCH: "green", Way.RELOAD: "yellow", Way.RESTART: "red"}

WORDS = {
    EditKind.BODY: later("body"),
    EditKind.CONSTANT: later("constant with dependents"),
    EditKind.MOVED: later("lines moved"),
    EditKind.METHOD: later("method added"),
    EditKind.SEVERAL: later("several files"),
    EditKind.RUDE: later("rude"),
    Way.PATCH: later("patch-live"),
    Way.RELOAD: later("full reload"),
    Way.RESTART: later("restart"),
}


def bar(value: float, longest: float, width: int = WIDTH) -> str:
    """A bar in eighths of a character; what is not nothing is seen."""
    eighths = max(1, round(value / longest * width * 8)) if longest > 0 else 0
    whole, rest = divmod(eighths, 8)
    return "█" * whole + (EIGHTHS[rest] if rest else "")


def shown(value: float | None) -> str:
    return "–" if value is None else f"{value:,.1f}"


def title_of(row: Row) -> str:
    program = row.program
    said = _(
        "{name}: {functions:,} functions, {lines:,} lines, {files} files",
        name=program.name,
        functions=program.functions,
        lines=program.lines,
        files=program.files,
    )
    return said + _(", {count:,} objects on the heap", count=row.heap) if row.heap else said


def tables(rows: Iterable[Row]) -> list[Table]:
    """One table for each program and heap."""
    groups: dict[str, list[Row]] = {}
    for row in rows:
        groups.setdefault(title_of(row), []).append(row)
    return [table(title, group) for title, group in groups.items()]


def table(title: str, rows: list[Row]) -> Table:
    found = Table(title=title, title_justify="left", title_style="bold")
    for name in (_("edit"), _("way"), _("what came of it")):
        found.add_column(name)
    for name in (_("runs"), "p50 ms", "p95 ms"):
        found.add_column(name, justify="right")
    found.add_column("", width=WIDTH, no_wrap=True)
    longest = max((row.percentile(0.5) or 0.0 for row in rows), default=0.0)
    for index, row in enumerate(rows):
        first = index == 0 or rows[index - 1].kind is not row.kind
        last = index + 1 == len(rows) or rows[index + 1].kind is not row.kind
        found.add_row(translated(WORDS[row.kind]) if first else "", *cells(row, longest), end_section=last)
    return found


def cells(row: Row, longest: float) -> list[str | Text]:
    """A wrong row has no figures: it was not brought live, however fast."""
    if row.skipped:
        return [translated(WORDS[row.way]), Text(_("skipped"), "dim"), "", "", "", Text(row.skipped, "dim")]
    if row.wrong:
        told = _("WRONG: {wrong} of {samples} not live", wrong=row.wrong, samples=len(row.samples))
        return [
            translated(WORDS[row.way]),
            Text(told, "bold red"),
            str(len(row.samples)),
            "–",
            "–",
            Text(_("not counted"), "red"),
        ]
    p50 = row.percentile(0.5)
    outcome = f"{row.outcomes} ({row.detail})" if row.detail else row.outcomes
    drawn = Text(bar(p50 or 0.0, longest), STYLES[row.way])
    return [translated(WORDS[row.way]), outcome, str(len(row.samples)), shown(p50), shown(row.percentile(0.95)), drawn]
