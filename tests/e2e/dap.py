"""A debug client that speaks the Debug Adapter Protocol over a socket, as an editor does."""

from __future__ import annotations

import json
import queue
import socket
import threading
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

DEADLINE = 30.0
Message = dict[str, Any]


class Client:
    """One attached editor. Whatever comes without having been asked for is kept until it is waited for."""

    def __init__(self, port: int, host: str = "127.0.0.1") -> None:
        self._connection = socket.create_connection((host, port), timeout=DEADLINE)
        self._connection.settimeout(None)
        self._seq = 0
        self._arriving: queue.SimpleQueue[Message | None] = queue.SimpleQueue()
        self._kept: list[Message] = []
        self._reader = threading.Thread(target=self._read, name="dap client")
        self._reader.start()

    # -- messages

    def _read(self) -> None:
        with self._connection.makefile("rb") as stream:
            while True:
                try:
                    headers = {}
                    while line := stream.readline().strip():
                        name, _, value = line.partition(b":")
                        headers[name.lower()] = value
                    if not headers:
                        break
                    self._arriving.put(json.loads(stream.read(int(headers[b"content-length"]))))
                except OSError:
                    break
        self._arriving.put(None)

    def send(self, command: str, arguments: Mapping[str, Any] | None = None) -> int:
        self._seq += 1
        message = {"seq": self._seq, "type": "request", "command": command, "arguments": dict(arguments or {})}
        body = json.dumps(message).encode()
        self._connection.sendall(b"Content-Length: %d\r\n\r\n%s" % (len(body), body))
        return self._seq

    def _next(self, wanted: Callable[[Message], bool], within: float, what: str) -> Message:
        for message in self._kept:
            if wanted(message):
                self._kept.remove(message)
                return message
        deadline = time.monotonic() + within
        while True:
            try:
                arrived = self._arriving.get(timeout=max(0.0, deadline - time.monotonic()))
            except queue.Empty:
                pytest.fail(f"No {what} came within {within:g} s; what came: {self._kept}")
            if arrived is None:
                pytest.fail(f"The adapter closed the connection before {what} came; what came: {self._kept}")
            if wanted(arrived):
                return arrived
            self._kept.append(arrived)

    def answer(self, seq: int, within: float = DEADLINE) -> Any:
        """The body of the answer to a request that was sent."""
        answer = self._next(lambda m: m["type"] == "response" and m["request_seq"] == seq, within, f"answer to {seq}")
        assert answer["success"], answer
        return answer.get("body", {})

    def ask(self, command: str, **arguments: Any) -> Any:
        return self.answer(self.send(command, arguments))

    def event(self, name: str, within: float = DEADLINE) -> Any:
        """The next event of that name."""
        return self._next(lambda m: m["type"] == "event" and m["event"] == name, within, f"event {name!r}").get("body")

    # -- what a person does

    def attach(self, breakpoints: Mapping[Path, list[int]], **arguments: Any) -> None:
        """Attaches with these breakpoints set."""
        self.ask("initialize", adapterID="test", pathFormat="path", linesStartAt1=True)
        attaching = self.send("attach", {"justMyCode": True, **arguments})
        self.event("initialized")
        for path, lines in breakpoints.items():
            self.break_at(path, lines)
        self.ask("setExceptionBreakpoints", filters=[])
        self.ask("configurationDone")
        self.answer(attaching)

    def break_at(self, path: Path, lines: list[int]) -> list[int]:
        """The lines at which the adapter has put the breakpoints of the file; its others are gone."""
        body = self.ask("setBreakpoints", source={"path": str(path)}, breakpoints=[{"line": line} for line in lines])
        assert all(one["verified"] for one in body["breakpoints"]), body
        return [one["line"] for one in body["breakpoints"]]

    def stopped(self, reason: str = "breakpoint") -> Stop:
        """Waits until the program is held."""
        body = self.event("stopped")
        assert body["reason"] == reason, body
        return Stop(self, body["threadId"])

    def close(self) -> None:
        try:
            self._connection.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass
        self._connection.close()
        self._reader.join(DEADLINE)


class Stop:
    """A held thread."""

    def __init__(self, client: Client, thread: int) -> None:
        self._client = client
        self._thread = thread
        self.frames = client.ask("stackTrace", threadId=thread)["stackFrames"]
        top = self.frames[0]
        self.path = Path(top["source"]["path"])
        self.line = top["line"]
        self.name = top["name"]

    @property
    def source(self) -> str:
        """The line as an editor shows it: read from the disk."""
        return self.path.read_text(encoding="utf-8").splitlines()[self.line - 1].strip()

    def value(self, expression: str) -> str:
        body = self._client.ask("evaluate", expression=expression, frameId=self.frames[0]["id"], context="watch")
        return str(body["result"])

    def go_on(self) -> None:
        self._client.ask("continue", threadId=self._thread)

    def step(self, command: str) -> Stop:
        """``next``, ``stepIn`` or ``stepOut``."""
        self._client.ask(command, threadId=self._thread)
        return self._client.stopped("step")
