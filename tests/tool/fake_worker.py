"""A scripted worker that speaks mpdt.protocol: what the supervisor's tests run instead of the real one.

It "loads" the text of plugin.py, and answers a message with it; what the text says steers it:

    die at load | die at refresh | silent | structural | rejected | unchanged | fails | <anything else: patched>

A message ``die`` kills it, ``print`` prints, ``write`` writes data.json into the plugin folder and says so.
Every request is kept in FAKE_WORKER_LOG, one a line.
"""

from __future__ import annotations

import os
import platform
import socket
import sys
from pathlib import Path
from typing import Any

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

RUDE = {
    "code": "MPDT101",
    "ref": {"module": "fake.plugin", "qualname": ""},
    "file": "plugin.py",
    "line": 3,
    "reason": "a bare call at the top level would run again",
    "cost": "module state is lost",
}


def error_of(path: Path) -> dict[str, Any]:
    return {"type": "SyntaxError", "message": "invalid syntax", "file": str(path), "line": 1, "traceback": "Traceback"}


class FakeWorker:
    def __init__(self) -> None:
        port, token = int(os.environ.pop(PORT_VARIABLE)), os.environ.pop(TOKEN_VARIABLE)
        self.connection = socket.create_connection(("127.0.0.1", port))
        self.lines = self.connection.makefile("rb")
        self.send(Hello(token, os.getpid(), platform.python_version()))
        self.folder = Path()
        self.served = ""

    def send(self, message: Any) -> None:
        self.connection.sendall(encode(message))

    def text(self) -> str:
        return (self.folder / "plugin.py").read_text(encoding="utf-8").strip()

    def run(self) -> None:
        for line in self.lines:
            request = decode(line)
            assert isinstance(request, Request)
            # How often a save is announced depends on what the system tells; what is asked afterwards does not.
            log = os.environ.get("FAKE_WORKER_LOG")
            if log and request.operation is not Operation.EXPECT:
                with open(log, "a", encoding="utf-8") as file:
                    file.write(f"{request.operation} {dict(request.parameters)}\n")
            result = self.answer(request.operation, request.parameters)
            if result is not None:
                self.send(Response(request.id, result))
            if request.operation is Operation.SHUTDOWN:
                return

    def answer(self, operation: Operation, parameters: Any) -> dict[str, Any] | None:
        match operation:
            case Operation.LOAD:
                self.folder = Path(parameters["path"])
                return self.load()
            case Operation.EXPECT:
                return {}
            case Operation.REFRESH:
                return self.refresh()
            case Operation.RELOAD:
                return self.reload()
            case Operation.MESSAGE:
                return self.message(parameters["text"])
            case Operation.STATE:
                config = self.folder / "config.toml"
                return {"plugin": "fake", "loaded": True, "config_path": str(config) if config.exists() else None}
            case Operation.SHUTDOWN:
                print("unloaded", flush=True)
                return {}

    def load(self) -> dict[str, Any]:
        if self.text() == "die at load":
            print("about to die", file=sys.stderr, flush=True)
            os._exit(3)
        broken = self.text() == "fails"
        self.served = "" if broken else self.text()
        error = error_of(self.folder / "plugin.py") if broken else None
        return {"plugin": "fake", "loaded": not broken, "error": error, "ms": 1.0}

    def refresh(self) -> dict[str, Any] | None:
        text = self.text()
        report: dict[str, Any] = {"outcome": "patched", "changes": [], "rude_edits": [], "error": None, "files": []}
        match text:
            case "die at refresh":
                os._exit(4)
            case "silent":
                return None
            case "structural":
                return {**report, "outcome": "structural", "rude_edits": [RUDE]}
            case "rejected":
                return {**report, "outcome": "rejected", "error": error_of(self.folder / "plugin.py")}
            case "unchanged":
                return {**report, "outcome": "unchanged"}
        if text == self.served:
            return {**report, "outcome": "unchanged"}
        self.served = text
        return report

    def reload(self) -> dict[str, Any]:
        text = self.text()
        if text in ("rejected", "fails"):
            error = error_of(self.folder / "plugin.py")
            return {"outcome": "rejected" if text == "rejected" else "failed", "error": error, "leaks": [], "ms": 1.0}
        self.served = text
        return {"outcome": "reloaded", "changes": [], "error": None, "leaks": [], "ms": 1.0}

    def message(self, text: str) -> dict[str, Any]:
        match text:
            case "die":
                print("last words", file=sys.stderr, flush=True)
                os._exit(5)
            case "print":
                print("from the plugin", flush=True)
            case "write":
                path = self.folder / "data.json"
                self.send(Notice(NoticeKind.WROTE, {"path": str(path)}))
                path.write_text(f"[{os.getpid()}]", encoding="utf-8")
            case "log":
                self.send(Notice(NoticeKind.LOG, {"level": "INFO", "logger": "fake", "message": "hello"}))
        return {"replies": [{"type": "text", "content": self.served, "stream": "main"}], "timed_out": False}


if __name__ == "__main__":
    FakeWorker().run()
