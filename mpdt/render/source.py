"""A few lines of source around a place. Pure but for the reading, which is an argument."""

from __future__ import annotations

import tokenize
from collections.abc import Callable
from pathlib import Path

AROUND = 2


def read_lines(path: Path) -> list[str]:
    """The file's lines in the encoding it declares; none if it cannot be read."""
    try:
        with tokenize.open(path) as file:
            return file.read().splitlines()
    except (OSError, SyntaxError, UnicodeDecodeError):
        return []


def excerpt(
    path: Path, line: int, read: Callable[[Path], list[str]] = read_lines, around: int = AROUND
) -> list[tuple[int, str]]:
    """Numbered lines around ``line``; empty if the file has no such line."""
    lines = read(path)
    if not 1 <= line <= len(lines):
        return []
    first, last = max(1, line - around), min(len(lines), line + around)
    return [(number, lines[number - 1]) for number in range(first, last + 1)]
