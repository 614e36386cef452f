"""Help texts with wide characters, wrapped by the columns that they take: click counts characters, and breaks lines of
Chinese only where there happens to be a space.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

import click

NEVER_FIRST = frozenset("，。、；：？！）】》”’…%])}")
TOKEN = re.compile(r"\s+|[\x21-\x7e]+|.")
AS_IT_IS = "\b\n"  # click's mark of a paragraph that is not to be wrapped again


def columns(text: str) -> int:
    """How many columns of a terminal the text takes."""
    return sum(2 if unicodedata.east_asian_width(one) in "WF" else 1 for one in text)


def wrapped(text: str, width: int) -> list[str]:
    """The paragraph's lines. A word of ASCII is never broken; no line begins with what closes a phrase."""
    lines, line = [], ""
    tokens = TOKEN.findall(" ".join(text.split()))
    for index, token in enumerate(tokens):
        follows = tokens[index + 1] if index + 1 < len(tokens) and tokens[index + 1] in NEVER_FIRST else ""
        if line and token not in NEVER_FIRST and columns(line + token.rstrip() + follows) > width:
            lines.append(line.rstrip())
            line = ""
        line += token if line else token.lstrip()
    return [*lines, line.rstrip()] if line else lines


class WideFormatter(click.HelpFormatter):
    """Hands click paragraphs that are wrapped already."""

    def write_text(self, text: str) -> None:
        width = self.width - self.current_indent
        paragraphs = re.split(r"\n\s*\n", text.strip())
        super().write_text("\n\n".join(AS_IT_IS + "\n".join(wrapped(one, width)) for one in paragraphs))

    def write_dl(self, rows: Iterable[tuple[str, str]], col_max: int = 30, col_spacing: int = 2) -> None:
        rows = list(rows)
        first = min(max((len(name) for name, _text in rows), default=0), col_max) + col_spacing
        width = max(self.width - first - 2, 10)
        told = [(name, AS_IT_IS + "\n".join(wrapped(text, width)) if text else text) for name, text in rows]
        super().write_dl(told, col_max, col_spacing)
