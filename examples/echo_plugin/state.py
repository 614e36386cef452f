"""What the plugin remembers as long as its modules live: a live patch keeps it, a full reload starts anew."""

from __future__ import annotations

from collections import deque

count = 0
said: deque[str] = deque(maxlen=100)


def note(text: str) -> int:
    """Remember one message; returns its number."""
    global count
    count += 1
    said.append(text)
    return count
