"""A plugin's replies and results as text. Pure."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any


def as_text(value: Any) -> str:
    """A text as it is, anything else as JSON."""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, sort_keys=True, default=str)


def reply_line(reply: Mapping[str, Any]) -> str:
    """What is no text says what it is."""
    text = as_text(reply["content"])
    return text if reply["type"] == "text" else f"[{reply['type']}] {shortened(text)}"


def shortened(text: str, most: int = 120) -> str:
    return text if len(text) <= most else f"{text[:most]}…"
