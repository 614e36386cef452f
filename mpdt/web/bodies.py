"""What a request brings, and how a refusal looks."""

from __future__ import annotations

import json
from typing import Any

from aiohttp import web

from mpdt.language import _


async def read_fields(request: web.Request, *, optional: bool = False) -> dict[str, Any]:
    """The body's JSON object. Raises HTTPBadRequest."""
    body = await request.read()
    if not body and optional:
        return {}
    try:
        fields = json.loads(body)
    except (ValueError, RecursionError):
        raise web.HTTPBadRequest(text=_("The body is not JSON.")) from None
    if not isinstance(fields, dict):
        raise web.HTTPBadRequest(text=_("The body must be a JSON object."))
    return fields


def are_texts(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(one, str) for one in value)


def are_numbers(value: object) -> bool:
    return isinstance(value, list) and all(type(one) is int for one in value)


def is_count(value: object) -> bool:
    return value is None or (type(value) is int and value > 0)


def read_number(request: web.Request, name: str, default: int) -> int:
    """A number of the query. Raises HTTPBadRequest."""
    text = request.query.get(name, "")
    if not text:
        return default
    if not (text.isascii() and text.isdecimal()) or len(text) > 15:
        raise web.HTTPBadRequest(text=_("'{name}' must be the seq of an event.", name=name))
    return int(text)
