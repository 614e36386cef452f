"""What is said back. The place for a first edit."""

from __future__ import annotations

SHOUT = "!"


def reply(number: int, text: str) -> str:
    return f"echo #{number}: {text}"


def shouted(text: str, mark: str = SHOUT) -> str:
    return text.upper() + mark
