"""Rows -> an SVG of bars. Pure; nothing in it is loaded from elsewhere."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape

from mpdt.bench.model import Row, Way
from mpdt.bench.table import shown, title_of
from mpdt.language import _

COLOURS = {Way.PATCH: "#2e9e5b", Way.RELOAD: "#d9a514", Way.RESTART: "#c9473b"}
LEFT, BARS, RIGHT, LINE = 300, 420, 140, 18


def draw(rows: Iterable[Row], machine: str) -> str:
    """The whole picture, a group for each program and heap, bars in proportion within it."""
    rows = [row for row in rows if not row.skipped]
    body: list[str] = []
    y = LINE * 2
    group: list[Row] = []
    for index, row in enumerate(rows):
        group.append(row)
        if index + 1 == len(rows) or title_of(rows[index + 1]) != title_of(row):
            lines = draw_group(group, y)
            body += lines
            y += LINE * (len(group) + 2)
            group = []
    body.append(
        text(
            10,
            y,
            _("Milliseconds, median; every edit verified in the live process. {machine}", machine=machine),
            "#777",
        )
    )
    width, height = LEFT + BARS + RIGHT, y + LINE
    head = f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" viewBox="0 0 {width} {height}"'
    style = 'font-family="system-ui, sans-serif" font-size="12"'
    return "\n".join([f'{head} {style}>\n<rect width="100%" height="100%" fill="white"/>', *body, "</svg>", ""])


def draw_group(rows: list[Row], y: int) -> list[str]:
    longest = max((row.percentile(0.5) or 0.0 for row in rows), default=0.0) or 1.0
    lines = [text(10, y, title_of(rows[0]), "#111", weight="bold")]
    for row in rows:
        y += LINE
        lines.append(text(10, y, f"{row.kind}, {row.way}", "#333"))
        p50 = row.percentile(0.5)
        if p50 is None:
            lines.append(
                text(
                    LEFT,
                    y,
                    _("WRONG: {wrong} of {samples} not live", wrong=row.wrong, samples=len(row.samples)),
                    "#b00020",
                    weight="bold",
                )
            )
            continue
        length = max(1.0, p50 / longest * BARS)
        colour = COLOURS[row.way]
        lines.append(f'<rect x="{LEFT}" y="{y - 11}" width="{length:.1f}" height="13" fill="{colour}"/>')
        lines.append(text(LEFT + length + 6, y, f"{shown(p50)} ({row.outcomes})", "#333"))
    return lines


def text(x: float, y: int, content: str, colour: str, weight: str = "normal") -> str:
    return f'<text x="{x:.1f}" y="{y}" fill="{colour}" font-weight="{weight}">{escape(content)}</text>'
