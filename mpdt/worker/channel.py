"""The connection to the supervisor: lines in, lines out. Writing never blocks the caller."""

from __future__ import annotations

import queue
import socket
from collections.abc import Iterator

from mpdt.language import _
from mpdt.protocol import LINE_LIMIT, Message, Notice, NoticeKind, ProtocolError, Request, decode, encode
from mpdt.worker.errors import WorkerError
from mpdt.worker.threads import start_thread

BACKLOG = 10_000  # notices waiting to be written; beyond it they are dropped and counted


class Channel:
    """One socket. Messages are written by a thread of their own, which ends at ``close``."""

    def __init__(self, connection: socket.socket) -> None:
        self._connection = connection
        self._outgoing: queue.SimpleQueue[bytes | None] = queue.SimpleQueue()
        self._dropped = 0
        self._writer = start_thread("mpdt-writer", self._write)

    @classmethod
    def connect(cls, port: int) -> Channel:
        """Raises WorkerError if the supervisor does not listen there."""
        try:
            connection = socket.create_connection(("127.0.0.1", port), timeout=10)
        except OSError as error:
            raise WorkerError(
                _("The supervisor cannot be reached on port {port}: {error}", port=port, error=error)
            ) from None
        connection.settimeout(None)
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return cls(connection)

    def send(self, message: Message) -> None:
        """Queue the message. Log lines are dropped if the supervisor reads too slowly, and counted."""
        if isinstance(message, Notice) and self._outgoing.qsize() > BACKLOG:
            self._dropped += 1
            return
        if self._dropped and self._outgoing.qsize() < BACKLOG // 2:
            count, self._dropped = self._dropped, 0
            self._outgoing.put(encode(lost(count)))
        self._outgoing.put(encode(message))

    def requests(self) -> Iterator[Request]:
        """The supervisor's requests, until the connection ends. Raises ProtocolError if a line is none."""
        with self._connection.makefile("rb") as lines:
            while True:
                try:
                    line = lines.readline(LINE_LIMIT)
                except OSError:  # reset: the supervisor was killed
                    return
                if not line:
                    return
                message = decode(line)
                if not isinstance(message, Request):
                    raise ProtocolError(_("The supervisor sent something other than a request."))
                yield message

    def close(self, deadline: float) -> None:
        """Write what is queued, for at most ``deadline`` seconds."""
        self._outgoing.put(None)
        self._writer.join(deadline)

    def _write(self) -> None:
        while (line := self._outgoing.get()) is not None:
            try:
                self._connection.sendall(line)
            except OSError:  # nobody reads any more; the reader sees the end of the connection too
                return


def lost(count: int) -> Notice:
    text = _("{count} log lines were dropped: there were too many to pass on.", count=count)
    return Notice(NoticeKind.LOG, {"level": "WARNING", "logger": "mpdt.worker", "message": text})
