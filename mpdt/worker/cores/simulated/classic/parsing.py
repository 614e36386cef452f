"""JSON in what a model answers: in a fence, after other words, or nearly JSON where ``json_repair`` is there."""

from __future__ import annotations

import json
import re
from typing import Any

FENCE = re.compile(r"```(?:json)?\s*(.*?)```", re.DOTALL)
STARTS = re.compile(r"[\[{]")


def extract_and_parse_json(response: str, *, strict: bool = False) -> dict[str, Any] | list[Any] | None:
    """The first object or list. Without any: None if ``strict``, or for an empty text; else an empty object."""
    if not response:
        return None
    fenced = FENCE.search(response)
    text = fenced[1].strip() if fenced else response.strip()
    start = STARTS.search(text)
    if start is None:
        return None if strict else {}
    text = text[start.start() :]
    try:
        found: Any = json.JSONDecoder().raw_decode(text)[0]
    except ValueError:
        found = repaired(text)
    if found is None:
        return None if strict else {}
    first = found[0] if fenced and isinstance(found, list) and len(found) == 1 else found
    return first if isinstance(first, dict | list) else None


def repaired(text: str) -> Any:
    try:
        from json_repair import repair_json
    except ModuleNotFoundError:  # the core has it; where it is not there, what is no JSON is none
        return None
    found = repair_json(text, return_objects=True)
    found = found[0] if isinstance(found, tuple) else found
    return found if isinstance(found, dict | list) and found else None


def safe_parse_json(json_str: str, default: Any = None) -> Any:
    found = extract_and_parse_json(json_str, strict=True)
    return default if found is None else found


def extract_json_field(response: str, field_name: str, default: Any = None) -> Any:
    found = extract_and_parse_json(response)
    return found.get(field_name, default) if isinstance(found, dict) else default
