"""The dice themselves; try an edit here: it is patched into the running plugin."""

from __future__ import annotations

import random
import re

NOTATION = re.compile(r"(?P<count>\d*)d(?P<sides>\d+)")


def roll(notation: str, limit: int) -> list[int]:
    """Each die's number. Raises ValueError with a sentence for what is no notation of dice."""
    match = NOTATION.fullmatch(notation.strip().lower())
    if match is None:
        raise ValueError(f"{notation} is no roll; try 2d6.")
    count, sides = int(match["count"] or 1), int(match["sides"])
    if not 1 <= count <= limit or sides < 2:
        raise ValueError(f"Roll one to {limit} dice of two sides or more.")
    return [random.randint(1, sides) for _ in range(count)]
