"""Events -> one JSON object a line, for editors and scripts."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any


def to_line(event: Mapping[str, Any]) -> bytes:
    """The event as UTF-8 with its newline. A lone surrogate in a plugin's text is escaped, never an error."""
    text = json.dumps(event, ensure_ascii=False, default=str)
    return text.encode("utf-8", "backslashreplace") + b"\n"
