"""Child processes: forked from one that has imported the libraries, so that each is new at the price of a fork."""

from __future__ import annotations

import hashlib
import importlib
import json
import os
import select
import signal
import sys
import time
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any

from mpdt_hooks import oracle

DIED = "the child failed"
PATIENCE = 120.0  # seconds that a child may take for one answer


class ChildDied(Exception):
    """The child process ended, or did not answer in time."""


class Child:
    """A forked process that answers requests; each is a line of JSON, and so is each answer."""

    def __init__(self, serve: Callable[[Any], Any]) -> None:
        asked, ask = os.pipe()
        answered, answer = os.pipe()
        self._pid = os.fork()
        if not self._pid:
            os.close(ask)
            os.close(answered)
            _serve(asked, answer, serve)
        os.close(asked)
        os.close(answer)
        self._ask, self._answers = ask, answered
        self._buffer = b""

    def ask(self, request: Any) -> Any:
        try:
            os.write(self._ask, json.dumps(request).encode() + b"\n")
        except BrokenPipeError as error:
            raise ChildDied("it ended") from error
        deadline = time.monotonic() + PATIENCE
        while b"\n" not in self._buffer:
            ready, _, _ = select.select([self._answers], [], [], max(0.0, deadline - time.monotonic()))
            read = os.read(self._answers, 1 << 20) if ready else b""
            if not read:
                raise ChildDied("it ended" if ready else "it did not answer")
            self._buffer += read
        line, _, self._buffer = self._buffer.partition(b"\n")
        answer = json.loads(line)
        if isinstance(answer, dict) and DIED in answer:
            raise ChildDied(answer[DIED])
        return answer

    def close(self) -> None:
        if self._pid:
            os.kill(self._pid, signal.SIGKILL)
            os.waitpid(self._pid, 0)
            os.close(self._ask)
            os.close(self._answers)
            self._pid = 0


def ask_once(serve: Callable[[Any], Any], request: Any) -> Any:
    child = Child(serve)
    try:
        return child.ask(request)
    finally:
        child.close()


def _serve(asked: int, answer: int, serve: Callable[[Any], Any]) -> None:
    quiet = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1, 2):
        os.dup2(quiet, stream)
    try:
        with os.fdopen(asked, "rb") as requests, os.fdopen(answer, "wb") as answers:
            for line in requests:
                try:
                    answer_line = json.dumps(serve(json.loads(line)))
                except BaseException:  # noqa: BLE001 - whatever it is, it has to be told
                    answer_line = json.dumps({DIED: traceback.format_exc()})
                answers.write(answer_line.encode() + b"\n")
                answers.flush()
    finally:
        os._exit(0)


class Fresh:
    """What fresh interpreters say of trees, remembered in a folder: engines come and go, the truth stays.

    A process with other addresses is told apart: a package may hold ``hash(None)``, which is one before CPython 3.12.
    """

    def __init__(self, cache: Path, libraries: str) -> None:
        version = _digest(Path(str(oracle.__file__)).read_text("utf-8"))
        self._cache = cache / f"{version}-{libraries}-{hash(None):x}"
        self._cache.mkdir(parents=True, exist_ok=True)

    def description(self, root: Path, key: str, imports: list[str]) -> Path:
        """The file that holds the answer: a description, or an error."""
        path = self._cache / f"{key}-{_digest(' '.join(imports))}.json"
        if not path.exists():
            part = path.with_suffix(f".{os.getpid()}")
            ask_once(lambda request: part.write_text(oracle.answer(request), "utf-8"), oracle.request(root, imports))
            part.replace(path)
        return path

    def entries(self, root: Path, key: str, package: str, modules: list[str]) -> list[str]:
        """What a user imports: the package, if it imports at all, and what it does not import itself, in this order."""
        path = self._cache / f"{key}-entries.json"
        if not path.exists():
            part = path.with_suffix(f".{os.getpid()}")
            part.write_text(json.dumps(ask_once(_try_imports, [str(root), package, modules])), "utf-8")
            part.replace(path)
        found: list[str] = json.loads(path.read_text("utf-8"))
        return found


def _try_imports(request: list[Any]) -> list[str]:
    root, package, modules = request
    sys.path.insert(0, root)
    good: list[str] = []
    for name in (package, *modules):
        if name in sys.modules:
            continue
        try:
            importlib.import_module(name)
        except BaseException:  # noqa: BLE001 - old code on new libraries may raise anything
            if name == package:
                return []
        else:
            good.append(name)
    return good


def _digest(text: str) -> str:
    return hashlib.blake2b(text.encode(), digest_size=6).hexdigest()
