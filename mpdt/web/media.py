"""Pictures of a conversation: events name them, ``GET /api/media/ID`` gives them. A closed table in memory."""

from __future__ import annotations

import base64
import binascii
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

STORE_LIMIT = 64 * 1024 * 1024  # bytes; the oldest pictures go first
TEXT_LIMIT = 64 * 1024  # characters of one reply in an event
# By their first bytes, so that nothing is ever served as what only its sender calls it. No SVG: that can hold scripts.
PICTURES = ((b"\x89PNG\r\n\x1a\n", "image/png"), (b"\xff\xd8\xff", "image/jpeg"), (b"GIF8", "image/gif"))
PICTURE_KINDS = frozenset({"image", "emoji"})


@dataclass(frozen=True, slots=True)
class Picture:
    body: bytes
    content_type: str


@dataclass(slots=True)
class Media:
    """The pictures of this run, by their content's hash."""

    _pictures: dict[str, Picture] = field(default_factory=dict)
    _size: int = 0

    def get(self, name: str) -> Picture | None:
        return self._pictures.get(name)

    def add(self, text: str) -> str | None:
        """The name of a picture given as base64 (also ``base64://`` and ``data:``); None if it is no picture."""
        body = decoded(text)
        kind = None if body is None else type_of(body)
        if body is None or kind is None or len(body) > STORE_LIMIT:
            return None
        name = hashlib.blake2b(body, digest_size=16).hexdigest()
        if name not in self._pictures:
            self._pictures[name] = Picture(body, kind)
            self._size += len(body)
            while self._size > STORE_LIMIT:
                self._size -= len(self._pictures.pop(next(iter(self._pictures))).body)
        return name

    def told(self, reply: Mapping[str, Any]) -> dict[str, Any]:
        """A reply as an event tells it: pictures by name, other media by their size."""
        kind, content = str(reply["type"]), reply["content"]
        shown = {"type": kind, "content": content, "stream": reply.get("stream", "")}
        if not isinstance(content, str):
            return shown
        if kind in PICTURE_KINDS and (name := self.add(content)) is not None:
            return {**shown, "content": "", "media": name}
        limit = TEXT_LIMIT if kind == "text" else 1024
        if len(content) > limit:
            return {**shown, "content": content[:limit], "cut": len(content)}
        return shown


def decoded(text: str) -> bytes | None:
    """The bytes of a base64 text; None if it is none."""
    text = text.removeprefix("base64://")
    if text.startswith("data:"):
        text = text.partition(",")[2]
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return None


def type_of(body: bytes) -> str | None:
    """The picture's type; None if the bytes are no picture that a browser shows."""
    if body[:4] == b"RIFF" and body[8:12] == b"WEBP":
        return "image/webp"
    return next((kind for start, kind in PICTURES if body.startswith(start)), None)
