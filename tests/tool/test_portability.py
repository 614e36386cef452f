"""What only POSIX has is used in one place, beside its Windows counterpart; the counterparts, with fakes."""

from __future__ import annotations

import ast
import importlib
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from mpdt.dev import platform

ROOT = Path(__file__).resolve().parents[2]
POSIX_MODULES = {"fcntl", "termios", "tty", "pty", "pwd", "grp", "resource", "posix", "syslog", "curses", "readline"}
POSIX_NAMES = {
    "os": {
        *("kill", "killpg", "fork", "forkpty", "setsid", "setpgid", "getpgrp", "getpgid", "tcgetpgrp", "tcsetpgrp"),
        *(
            "getuid",
            "geteuid",
            "getgid",
            "mkfifo",
            "chown",
            "chroot",
            "nice",
            "wait",
            "wait3",
            "wait4",
            "uname",
            "sysconf",
        ),
        *("symlink", "openpty", "sched_getaffinity", "getloadavg", "statvfs"),
    },
    "signal": {
        "SIGKILL",
        "SIGHUP",
        "SIGUSR1",
        "SIGUSR2",
        "SIGCHLD",
        "SIGQUIT",
        "SIGALRM",
        "alarm",
        "setitimer",
        "pause",
    },
    "select": {"poll", "epoll", "kqueue"},
}
# Beside what they are an alternative to, or asked for first. Everything else belongs into mpdt/dev/platform.py.
KNOWN = {
    ("mpdt/dev/platform.py", "os.kill"),
    ("mpdt/dev/platform.py", "os.killpg"),
    ("mpdt/dev/platform.py", "signal.SIGKILL"),
    ("mpdt/dev/answers.py", "os.tcgetpgrp"),  # hasattr first: on Windows a terminal has no groups
    ("mpdt/dev/answers.py", "os.getpgrp"),
    ("mpdt/bridge/link.py", "os.getuid"),  # behind an early return on Windows; alone in a bot, without platform.py
    ("mpdt/bridge/link.py", "os.kill"),
    ("mpdt/worker/monitor.py", "os.sysconf"),  # below a read of /proc, whose failure is an answer
}


def uses() -> Iterator[tuple[str, str]]:
    for path in sorted([*(ROOT / "mpdt").rglob("*.py"), *(ROOT / "hooks").rglob("*.py")]):
        name = path.relative_to(ROOT).as_posix()
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            match node:
                case ast.Attribute(value=ast.Name(id=module), attr=attribute):
                    if attribute in POSIX_NAMES.get(module, ()):
                        yield name, f"{module}.{attribute}"
                case ast.Import(names=names):
                    yield from ((name, one.name) for one in names if one.name in POSIX_MODULES)
                case ast.ImportFrom(module=str(module), names=names):
                    yield from ((name, module) for _ in (1,) if module in POSIX_MODULES)
                    yield from ((name, f"{module}.{n.name}") for n in names if n.name in POSIX_NAMES.get(module, ()))


def test_what_only_posix_has_is_used_where_its_counterpart_is() -> None:
    assert set(uses()) == KNOWN


@pytest.fixture
def windows(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "win32")
    monkeypatch.setattr(platform, "WINDOWS", True)
    monkeypatch.setattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0x200, raising=False)


class FakeProcess:
    pid = 4711

    def __init__(self, status: int | None = None) -> None:
        self.status = status
        self.killed = False

    def poll(self) -> int | None:
        return self.status

    def kill(self) -> None:
        self.killed = True


def test_a_worker_is_started_in_a_group_of_its_own(windows: None) -> None:
    assert platform.apart_from_terminal() == {"creationflags": 0x200}


@pytest.mark.parametrize("status", [None, 0])
def test_a_workers_descendants_are_ended_with_it(
    windows: None, monkeypatch: pytest.MonkeyPatch, status: int | None
) -> None:
    asked: list[int] = []
    monkeypatch.setattr(platform, "kill_descendants", asked.append)
    process = FakeProcess(status)
    platform.kill_tree(process)  # type: ignore[arg-type]
    assert (asked, process.killed) == (([4711], True) if status is None else ([], False))


@pytest.mark.parametrize("error", [None, FileNotFoundError(), subprocess.TimeoutExpired("taskkill", 2)])
def test_taskkill_is_asked_for_the_whole_tree(error: Exception | None) -> None:
    asked: list[list[str]] = []

    def run(command: list[str], **_: Any) -> None:
        asked.append(command)
        if error is not None:
            raise error

    platform.kill_descendants(4711, run)
    assert asked == [["taskkill", "/T", "/F", "/PID", "4711"]]


def test_a_process_cannot_be_interrupted_alone(windows: None) -> None:
    assert platform.interrupt(FakeProcess()) is False  # type: ignore[arg-type]


def test_the_rest(windows: None) -> None:
    assert platform.python_of_environment(Path("v")) == Path("v/Scripts/python.exe")
    assert platform.has_close_events() is False
    assert platform.describe_exit(0xC0000005) == "exit code 0xC0000005"
    assert platform.describe_exit(1) == "exit code 1"


def test_the_signals_that_there_are(monkeypatch: pytest.MonkeyPatch) -> None:
    names = {one.name for one in platform.stop_signals()}
    assert {"SIGINT", "SIGTERM"} <= names <= {"SIGINT", "SIGTERM", "SIGHUP", "SIGBREAK"}
    assert all(name in signal.Signals.__members__ for name in names)


def test_the_engines_cache_lies_where_windows_wants_it(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    finder = importlib.import_module("mpdt_hooks.finder")
    monkeypatch.setattr(sys, "platform", "win32")
    monkeypatch.setenv("LOCALAPPDATA", str(tmp_path))
    assert finder.cache_folder().is_relative_to(tmp_path / "mpdt")
