"""A worker process behind its socket, asked one thing after the other: in the simulated core, or in a real one."""

from __future__ import annotations

import os
import re
import secrets
import socket
import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from benchmarks.children import REPOSITORY
from mpdt.protocol import (
    PORT_VARIABLE,
    TOKEN_VARIABLE,
    Hello,
    Notice,
    NoticeKind,
    Operation,
    Request,
    Response,
    decode,
    encode,
)

ANSI = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")
GUARD = Path(__file__).with_name("guard")
DEADLINE = 60.0
START_DEADLINE = 240.0  # a real core connects once it is up


class Died(Exception):
    """The worker ended, or did not answer in time."""


class Refused(Exception):
    """The worker refused a request; the sentence says why."""


class Worker:
    def __init__(self, python: str, folder: Path, *, core: Sequence[str] = (), typed: str = "") -> None:
        """Started in ``folder``. ``core``: kind and entry of a real core; ``typed``: what its first start asks.

        Raises Died.
        """
        # Opened twice: reading would move the place where the process writes.
        self.errors = tempfile.NamedTemporaryFile("rb")  # noqa: SIM115 - closed in close()
        path = os.pathsep.join([str(GUARD), str(REPOSITORY), str(REPOSITORY / "hooks")])
        token = secrets.token_hex(32)
        with socket.create_server(("127.0.0.1", 0)) as listener:
            listener.settimeout(START_DEADLINE if core else DEADLINE)
            with Path(self.errors.name).open("ab") as written:
                self.process = subprocess.Popen(
                    [python, "-P", "-m", "mpdt.worker", *core],
                    cwd=folder,
                    env={
                        **os.environ,
                        "PYTHONPATH": path,
                        "XDG_STATE_HOME": str(folder.parent),
                        PORT_VARIABLE: str(listener.getsockname()[1]),
                        TOKEN_VARIABLE: token,
                    },
                    stdin=subprocess.PIPE,
                    stdout=written if core else subprocess.DEVNULL,
                    stderr=written,
                )
            try:
                assert self.process.stdin is not None
                self.process.stdin.write(typed.encode())  # it stays open: a real core reads it all its life
                self.process.stdin.flush()
                self.connection, _ = listener.accept()
            except OSError:
                self.process.kill()
                self.process.wait()
                raise Died(f"The worker did not connect. {self.last_words()}") from None
        self.connection.settimeout(DEADLINE)
        self.lines = self.connection.makefile("rb")
        hello = decode(self.lines.readline())
        assert isinstance(hello, Hello)
        self.logs: list[dict[str, Any]] = []
        self.count = 0
        self.read = 0

    def ask(self, operation: Operation, **parameters: Any) -> dict[str, Any]:
        """The result. Raises Died or Refused."""
        self.count += 1
        try:
            self.connection.sendall(encode(Request(self.count, operation, parameters)))
            while True:
                line = self.lines.readline()
                if not line:
                    raise Died(f"The worker ended with {self.process.wait(5)}. {self.last_words()}")
                match decode(line):
                    case Notice(kind=NoticeKind.LOG, body=body):
                        self.logs.append(dict(body))
                    case Response(id=self.count, result=result, error=error):
                        if result is None:
                            raise Refused(error or "")
                        return dict(result)
        except (TimeoutError, ConnectionError, subprocess.TimeoutExpired) as error:
            raise Died(f"The worker did not answer '{operation}' within {DEADLINE:g} s: {error!r}") from None

    def last_words(self) -> str:
        self.errors.seek(0)
        return self.errors.read().decode("utf-8", "replace").strip()[-300:]

    def take_printed(self) -> str:
        """What the process printed since this was asked last: a real core's log is there."""
        self.errors.seek(self.read)
        printed = self.errors.read()
        self.read += len(printed)
        return ANSI.sub("", printed.decode("utf-8", "replace"))

    def close(self) -> None:
        self.lines.close()
        self.connection.close()
        assert self.process.stdin is not None
        self.process.stdin.close()
        try:
            self.process.wait(5)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.errors.close()
