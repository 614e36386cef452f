"""A worker process behind its socket, asked one thing after the other."""

from __future__ import annotations

import os
import secrets
import socket
import subprocess
import tempfile
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

GUARD = Path(__file__).with_name("guard")
DEADLINE = 60.0


class Died(Exception):
    """The worker ended, or did not answer in time."""


class Refused(Exception):
    """The worker refused a request; the sentence says why."""


class Worker:
    def __init__(self, python: str, folder: Path) -> None:
        self.errors = tempfile.TemporaryFile()  # noqa: SIM115 - closed in close()
        path = os.pathsep.join([str(GUARD), str(REPOSITORY), str(REPOSITORY / "hooks")])
        token = secrets.token_hex(32)
        with socket.create_server(("127.0.0.1", 0)) as listener:
            listener.settimeout(DEADLINE)
            port = str(listener.getsockname()[1])
            self.process = subprocess.Popen(
                [python, "-P", "-m", "mpdt.worker"],
                cwd=folder,
                env={
                    **os.environ,
                    "PYTHONPATH": path,
                    "XDG_STATE_HOME": str(folder.parent),
                    PORT_VARIABLE: port,
                    TOKEN_VARIABLE: token,
                },
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=self.errors,
            )
            try:
                self.connection, _ = listener.accept()
            except TimeoutError:
                self.process.kill()
                raise Died("The worker did not connect.") from None
        self.connection.settimeout(DEADLINE)
        self.lines = self.connection.makefile("rb")
        hello = decode(self.lines.readline())
        assert isinstance(hello, Hello)
        self.logs: list[dict[str, Any]] = []
        self.count = 0

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

    def close(self) -> None:
        self.lines.close()
        self.connection.close()
        try:
            self.process.wait(5)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.errors.close()
