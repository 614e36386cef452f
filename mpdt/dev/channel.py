"""The supervisor's end of the worker channel: requests answered by id, notices handed on."""

from __future__ import annotations

import asyncio
import hmac
import socket
from collections.abc import Callable, Mapping
from typing import Any

from mpdt.dev.errors import RequestRefused, WorkerDied, WorkerSilent
from mpdt.language import _
from mpdt.protocol import (
    LINE_LIMIT,
    PROTOCOL_VERSION,
    Hello,
    Notice,
    Operation,
    ProtocolError,
    Request,
    Response,
    decode,
    encode,
)

HELLO_TIMEOUT = 10.0  # seconds that a connection may take to say who it is


class Channel:
    """One connected worker. ``run`` reads until it ends; requests fail with WorkerDied from then on."""

    def __init__(
        self,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
        hello: Hello,
        on_notice: Callable[[Notice], None],
    ) -> None:
        self.hello = hello
        self._reader = reader
        self._writer = writer
        self._on_notice = on_notice
        self._waiting: dict[int, asyncio.Future[Mapping[str, Any]]] = {}
        self._last_id = 0
        self._closed = False

    async def request(
        self, operation: Operation, *, within: float | None = None, **parameters: Any
    ) -> Mapping[str, Any]:
        """The worker's result.

        Raises WorkerDied if the channel ends, WorkerSilent after ``within`` seconds, RequestRefused with the
        worker's own sentence.
        """
        return await self.finish(self.begin(operation, **parameters), operation, within)

    def begin(self, operation: Operation, **parameters: Any) -> asyncio.Future[Mapping[str, Any]]:
        """A request that is on its way when this returns: what is asked later comes later. Raises WorkerDied."""
        if self._closed:
            raise WorkerDied(_("The worker is gone."))
        self._last_id += 1
        number = self._last_id
        future: asyncio.Future[Mapping[str, Any]] = asyncio.get_running_loop().create_future()
        self._waiting[number] = future
        future.add_done_callback(lambda _done: self._waiting.pop(number, None))
        self._writer.write(encode(Request(number, operation, parameters)))
        return future

    @staticmethod
    async def finish(
        asked: asyncio.Future[Mapping[str, Any]], operation: Operation, within: float | None
    ) -> Mapping[str, Any]:
        """The answer to what was begun. Raises as ``request`` does."""
        try:
            async with asyncio.timeout(within):
                return await asked
        except TimeoutError:
            raise WorkerSilent(
                _("The worker did not answer {operation} within {within:g} s.", operation=operation, within=within)
            ) from None

    async def run(self) -> None:
        """Reads until the worker closes the channel, or breaks the protocol."""
        try:
            while line := await self._reader.readline():
                self._take(line)
        except (ConnectionError, ProtocolError, ValueError):
            # A reset is what a killed worker leaves; a line over the limit is a ValueError of asyncio's.
            pass
        finally:
            self.close()

    def close(self) -> None:
        """Ends the channel; whoever still waits gets WorkerDied."""
        self._closed = True
        self._writer.close()
        for future in list(self._waiting.values()):
            if not future.done():
                future.set_exception(WorkerDied(_("The worker ended before it answered.")))

    def _take(self, line: bytes) -> None:
        message = decode(line)
        match message:
            case Response():
                future = self._waiting.get(message.id)
                if future is None or future.done():
                    return
                if message.error is not None:
                    future.set_exception(RequestRefused(message.error))
                else:
                    future.set_result(message.result or {})
            case Notice():
                self._on_notice(message)
            case _:
                raise ProtocolError(_("The worker said hello twice, or sent a request."))


async def accept(
    listener: socket.socket,
    token: str,
    on_notice: Callable[[Notice], None],
) -> Channel:
    """The channel of the one that connects with the right token. Others are turned away: the port is open to
    every user of this machine. Raises ProtocolError if the worker speaks another version.
    """
    loop = asyncio.get_running_loop()
    while True:
        connection, _address = await loop.sock_accept(listener)
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        reader, writer = await asyncio.open_connection(sock=connection, limit=LINE_LIMIT)
        hello = await _read_hello(reader)
        if hello is None or not hmac.compare_digest(hello.token.encode(), token.encode()):
            writer.close()
            continue
        if hello.version != PROTOCOL_VERSION:
            writer.close()
            raise ProtocolError(
                _(
                    "The worker speaks version {version} of the protocol, mpdt speaks {known}.",
                    version=hello.version,
                    known=PROTOCOL_VERSION,
                )
            )
        return Channel(reader, writer, hello, on_notice)


async def _read_hello(reader: asyncio.StreamReader) -> Hello | None:
    try:
        async with asyncio.timeout(HELLO_TIMEOUT):
            message = decode(await reader.readline())
    except (TimeoutError, ConnectionError, ProtocolError, ValueError):
        return None
    return message if isinstance(message, Hello) else None
