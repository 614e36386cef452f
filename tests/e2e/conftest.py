"""``mpdt dev`` as a person runs it: a real process, a copy of the example, its events on standard output."""

from __future__ import annotations

import json
import os
import queue
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.parse import parse_qs, urlsplit
from urllib.request import Request, urlopen

import pytest

EXAMPLE = Path(__file__).parents[2] / "examples" / "echo_plugin"
DEADLINE = 30.0
Event = dict[str, Any]


class Dev:
    """A running ``mpdt dev --json``. It plays no scenarios unless told to: each round costs a worker."""

    def __init__(self, folder: Path, *options: str, runtime: Path, typing: bool = False) -> None:
        self.folder = folder
        if not {"--scenarios", "--no-scenarios"} & {*options}:
            options += ("--no-scenarios",)
        self.environment = {
            **{name: value for name, value in os.environ.items() if name != "VIRTUAL_ENV"},
            "MPDT_RUNTIME_DIR": str(runtime),
            "MPDT_STATE_DIR": str(runtime / "state"),
            "MPDT_CONFIG_FILE": str(runtime / "none.toml"),
            "PYTHONFAULTHANDLER": "1",  # for ``_stacks``
        }
        self.url = self.token = ""
        self.events: list[Event] = []
        self._arriving: queue.SimpleQueue[Event | None] = queue.SimpleQueue()
        self.process = subprocess.Popen(
            [sys.executable, "-m", "mpdt", "dev", str(folder), "--json", "-p", "0", *options],
            env=self.environment,
            stdin=subprocess.PIPE if typing else subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        self.stderr: list[str] = []
        self._threads = [threading.Thread(target=self._read), threading.Thread(target=self._read_stderr)]
        for thread in self._threads:
            thread.start()

    def _read(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self._arriving.put(json.loads(line))  # anything else than JSON there is a failure
        self._arriving.put(None)

    def _read_stderr(self) -> None:
        assert self.process.stderr is not None
        self.stderr += [line.decode().rstrip() for line in self.process.stderr]

    def wait(self, condition: Callable[[Event], bool]) -> Event:
        """The next event for which the condition holds."""
        deadline = time.monotonic() + DEADLINE
        while True:
            try:
                event = self._arriving.get(timeout=max(0.0, deadline - time.monotonic()))
            except queue.Empty:
                pytest.fail(f"Nothing like it came; what came: {self.events}"[-3000:] + self._where_it_hangs())
            if event is None:
                pytest.fail(f"mpdt dev ended: {self.stderr}; what came: {self.events}")
            self.events.append(event)
            if condition(event):
                return event

    def _where_it_hangs(self) -> str:
        """What the server says of itself, and where its threads are. It ends by that."""
        try:
            said = str(self.state())
        except (OSError, ValueError) as error:  # it does not answer, or has not said where it is
            said = repr(error)
        self.process.send_signal(signal.SIGABRT)
        for thread in self._threads:
            thread.join(DEADLINE)
        return "\n".join(["", said, *self.stderr])

    def ready(self) -> Event:
        event = self.wait(lambda event: event["event"] == "ready")
        parts = urlsplit(event["url"])
        self.url = f"{parts.scheme}://{parts.netloc}"
        self.token = parse_qs(parts.query)["token"][0]
        return event

    def type(self, line: str) -> None:
        """A line on standard input, as a developer types it."""
        assert self.process.stdin is not None
        self.process.stdin.write(line.encode() + b"\n")
        self.process.stdin.flush()

    def logged(self, part: str) -> Event:
        """The next log line that has this in it."""
        return self.wait(lambda event: event["event"] == "log" and part in event["message"])

    def reload(self) -> Event:
        """The next reload event."""
        return self.wait(lambda event: event["event"] == "reload")

    def events_of(self, kind: str) -> list[Event]:
        """Of what came so far."""
        return [event for event in self.events if event["event"] == kind]

    def edit(self, name: str, old: str, new: str) -> Event:
        """Replaces text in a file, atomically as editors do; the reload event."""
        path = self.folder / name
        text = path.read_text(encoding="utf-8")
        assert text.count(old) == 1, f"{old!r} is not once in {name}"
        path.with_suffix(".tmp").write_text(text.replace(old, new), encoding="utf-8")
        path.with_suffix(".tmp").replace(path)
        return self.reload()

    def ask(self, method: str, path: str, body: Any = None, within: float = DEADLINE) -> Any:
        headers = {"Authorization": f"Bearer {self.token}", "Content-Type": "application/json"}
        data = None if body is None else json.dumps(body).encode()
        with urlopen(Request(self.url + path, data, headers, method=method), timeout=within) as response:
            return json.load(response)

    def try_asking(self, method: str, path: str, body: Any) -> tuple[int, Any]:
        """Status and answer, also of a request that is refused."""
        try:
            return 200, self.ask(method, path, body)
        except HTTPError as error:
            with error:
                return error.code, json.load(error)

    def say(self, text: str, within: float = DEADLINE) -> list[str]:
        """The plugin's replies."""
        answer = self.ask("POST", "/api/message", {"text": text}, within)
        return [reply["content"] for reply in answer["replies"]]

    def state(self) -> Any:
        return self.ask("GET", "/api/state")

    def stop(self, number: int = signal.SIGTERM) -> tuple[int, float]:
        """Exit code, and how long it took."""
        started = time.monotonic()
        self.process.send_signal(number)
        code = self.process.wait(DEADLINE)
        return code, time.monotonic() - started

    def rest(self) -> list[Event]:
        """What came until standard output ended."""
        for thread in self._threads:
            thread.join(DEADLINE)
        while (event := self._arriving.get(timeout=DEADLINE)) is not None:
            self.events.append(event)
        return self.events

    def close(self) -> None:
        if self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(5)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        for thread in self._threads:
            thread.join(DEADLINE)
        for pipe in (self.process.stdin, self.process.stdout, self.process.stderr):
            if pipe is not None:
                pipe.close()


@pytest.fixture
def plugin(tmp_path: Path) -> Path:
    """A copy of the example."""
    folder = tmp_path.resolve() / "echo_plugin"
    shutil.copytree(EXAMPLE, folder, ignore=shutil.ignore_patterns("__pycache__", ".mpdt"))
    return folder


@pytest.fixture
def serve(plugin: Path, tmp_path: Path) -> Iterator[Callable[..., Dev]]:
    """Starts ``mpdt dev`` on the copy."""
    running: list[Dev] = []

    def start(*options: str, folder: Path = plugin, typing: bool = False) -> Dev:
        running.append(Dev(folder, *options, runtime=tmp_path / "run", typing=typing))
        return running[-1]

    yield start
    for dev in running:
        dev.close()
