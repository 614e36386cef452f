"""``WS /api/events``: one reader's way through the journal.

Plain: one event a message. ``?frames=1``, as the page asks: first ``{"hello": {"run", "last"}}``, then arrays of
events; a page that has none yet gets the last log lines only. Numbers begin anew with each run, so a reader of another
run has none.
"""

from __future__ import annotations

import asyncio
from contextlib import suppress
from dataclasses import dataclass

from aiohttp import WSMsgType, web

from mpdt.events import Event, EventKind
from mpdt.web.journal import Journal, encoded

FRAME = 500  # events
FRAME_BYTES = 512 * 1024  # of a frame, unless a single event has more
TAIL = 2000  # events that a page begins with
STALLED = 20.0  # seconds that a frame may wait for its reader; then the reader is let go
PAUSE = 0.1  # seconds between frames that bring log lines only: many pages may be open, and nobody reads faster


@dataclass(frozen=True, slots=True)
class Wish:
    """What the reader asked for. ``since``: the last event that it has."""

    since: int
    frames: bool = False


class Reader:
    """Sends what is new until the stream ends."""

    def __init__(self, journal: Journal, stream: web.WebSocketResponse, wish: Wish, *, stalled: float) -> None:
        self._journal = journal
        self._stream = stream
        self._frames = wish.frames
        self._at = max(wish.since, journal.oldest - 1)
        self._begins = wish.frames and not wish.since
        self._stalled = stalled
        self._sent = 0.0
        self._news = asyncio.Event()
        self._urgent = asyncio.Event()

    def wake(self, event: Event) -> None:
        self._news.set()
        if event["event"] != EventKind.LOG:
            self._urgent.set()

    async def hello(self, run: str) -> None:
        await self._send(encoded({"hello": {"run": run, "last": self._journal.last}}))
        if self._begins:
            self._at = max(self._at, self._journal.last - TAIL)
            earlier = self._journal.notable(self._at)
            while part := within(earlier):
                await self._send(framed(part))
                earlier = earlier[len(part) :]

    async def run(self) -> None:
        """Until cancelled. Raises ConnectionError or RuntimeError if the reader is gone, TimeoutError if too slow."""
        while True:
            self._urgent.clear()
            self._news.clear()
            await self._send_waiting()
            await self._news.wait()
            if self._frames:
                await self._pause()

    async def _pause(self) -> None:
        """Log lines wait for each other, but not after a quiet moment; whatever else comes, goes at once."""
        with suppress(TimeoutError):
            async with asyncio.timeout_at(self._sent + PAUSE):
                await self._urgent.wait()

    async def _send_waiting(self) -> None:
        while lines := within(self._journal.after(self._at, FRAME)):
            self._at = max(self._at, self._journal.oldest - 1) + len(lines)
            if self._frames:
                await self._send(framed(lines))
            else:
                for line in lines:
                    await self._send(line)

    async def _send(self, text: bytes) -> None:
        async with asyncio.timeout(self._stalled):
            await self._stream.send_str(text.decode())
        self._sent = asyncio.get_running_loop().time()


def within(lines: list[bytes]) -> list[bytes]:
    """As many of the lines as make a frame."""
    size = 0
    for number, line in enumerate(lines):
        size += len(line)
        if number and size > FRAME_BYTES:
            return lines[:number]
    return lines


def framed(lines: list[bytes]) -> bytes:
    return b"[" + b",".join(lines) + b"]"


async def serve_stream(
    request: web.Request,
    journal: Journal,
    wish: Wish,
    run: str,
    streams: set[web.WebSocketResponse],
    *,
    stalled: float,
) -> web.WebSocketResponse:
    """Prepares the stream and serves it to its end; it is in ``streams`` meanwhile."""
    stream = web.WebSocketResponse(heartbeat=30.0, max_msg_size=4096)
    await stream.prepare(request)
    streams.add(stream)
    reader = Reader(journal, stream, wish, stalled=stalled)
    unsubscribe = journal.on_event(reader.wake)
    sender = asyncio.create_task(send(reader, request, stream, run if wish.frames else None), name="event stream")
    try:
        async for message in stream:
            if message.type is WSMsgType.ERROR:
                break
    finally:
        unsubscribe()
        sender.cancel()
        streams.discard(stream)
    return stream


async def send(reader: Reader, request: web.Request, stream: web.WebSocketResponse, run: str | None) -> None:
    """Everything, until the reader is gone. One that is too slow is cut off: it may come back with ``?since=``."""
    try:
        if run is not None:
            await reader.hello(run)
        await reader.run()
    except (ConnectionError, RuntimeError):  # aiohttp tells a closed stream by either
        await stream.close()
    except TimeoutError:
        if request.transport is not None:
            request.transport.abort()
