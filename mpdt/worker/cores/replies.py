"""What a real bot sends to mpdt's platform, and who asked for it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from mpdt.worker.cores import Reply

PLATFORM = "mpdt"
Collect = Callable[[Reply], None]
_collector: ContextVar[list[Collect] | None] = ContextVar("mpdt_console", default=None)


class Replies:
    """By the task that sends, else by the stream that it is sent to."""

    def __init__(self) -> None:
        self._streams: dict[str, list[list[Collect]]] = {}  # what a message under way collects, by stream

    @contextmanager
    def collecting(self, collect: Collect, stream: str = "") -> Iterator[None]:
        """What is sent inside, by tasks started inside, and to that stream, is a reply."""
        box = [collect]
        self._streams.setdefault(stream, []).append(box)
        token = _collector.set(box)
        try:
            yield
        finally:
            _collector.reset(token)
            self._streams[stream].remove(box)
            if not self._streams[stream]:
                del self._streams[stream]
            box.clear()

    def deliver(self, segments: Any, stream: str) -> None:
        """The segments of one message that the bot sends; shown, if nobody asked."""
        box = _collector.get() or next((one for one in self._streams.get(stream, []) if one), None)
        for segment in flat(segments):
            reply = reply_of(segment, stream)
            if box:
                box[0](reply)
            else:
                print(f"[mpdt] {reply.type}: {reply.content}", flush=True)  # noqa: T201 - nobody asked; it is shown


def flat(segments: Any) -> Iterator[dict[str, Any]]:
    """One segment after the other: a list of them may be a segment."""
    for segment in segments if isinstance(segments, list) else [segments]:
        if segment.get("type") == "seglist":
            yield from flat(segment.get("data") or [])
        else:
            yield segment


def reply_of(segment: dict[str, Any], stream: str) -> Reply:
    data: Any = segment.get("data")
    if segment.get("type") == "adapter_command":
        return Reply("command", {"name": data.get("action"), "args": data.get("params")}, stream)
    return Reply(str(segment.get("type")), data, stream)
