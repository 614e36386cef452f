"""A bot that nobody of mpdt's has started, with a bridge in it: for tests of ``mpdt dev --attach``."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import sys
import sysconfig
import threading
import time
from collections.abc import Iterator, Mapping
from pathlib import Path

DEADLINE = 30.0
OURS = ("mpdt", "editable", "jurigged", "codefind", "ovld")


def free_url() -> str:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return f"ws://127.0.0.1:{listener.getsockname()[1]}"


def without_mpdt(folder: Path) -> tuple[tuple[str, ...], dict[str, str]]:
    """An interpreter that has what is installed here, but nothing of mpdt or its engine; and its environment."""
    folder.mkdir(exist_ok=True)
    for place in Path(sysconfig.get_path("purelib")).iterdir():
        if not place.name.lstrip("_").startswith(OURS) and place.suffix != ".pth":
            (folder / place.name).symlink_to(place)
    return (sys.executable, "-S"), {"PYTHONPATH": str(folder)}


class Bot:
    """A bot's process, started as its owner does."""

    def __init__(
        self,
        folder: Path,
        python: tuple[str, ...],
        variables: Mapping[str, str] = {},
        deadline: float = DEADLINE,
        entry: str = "main.py",
    ) -> None:
        self.folder = folder
        self.deadline = deadline
        self.lines: list[str] = []
        self._more = threading.Condition()
        self.process = subprocess.Popen(
            [*python, entry],
            cwd=folder,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            env={**os.environ, "PYTHONUNBUFFERED": "1", "TERM": "dumb", "NO_COLOR": "1", "COLUMNS": "200", **variables},
            text=True,
            encoding="utf-8",
            errors="replace",
        )
        self._reading = threading.Thread(target=self._read)
        self._reading.start()

    def _read(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            with self._more:
                self.lines.append(line.rstrip("\n"))
                self._more.notify_all()

    def type(self, line: str) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write(line + "\n")
        self.process.stdin.flush()

    def said(self, part: str, within: float | None = None) -> str:
        """The first line, so far or still to come, with this in it."""
        end = time.monotonic() + (within or self.deadline)
        with self._more:
            while True:
                for line in self.lines:
                    if part in line:
                        return line
                assert self._more.wait(end - time.monotonic()), "\n".join(self.lines)[-3000:]

    def stop(self) -> int:
        self.type("/stop")
        code = self.process.wait(self.deadline)
        self._reading.join(self.deadline)
        return code

    def interrupt(self) -> int:
        """As Ctrl+C; its exit status."""
        self.process.send_signal(signal.SIGINT)
        code = self.process.wait(self.deadline)
        self._reading.join(self.deadline)
        return code

    def close(self) -> None:
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        self._reading.join(self.deadline)
        for pipe in (self.process.stdin, self.process.stdout):
            if pipe is not None:
                with contextlib.suppress(BrokenPipeError):
                    pipe.close()


def bridge(
    command: str, core: Path, *options: str, runtime: Path, **variables: str
) -> subprocess.CompletedProcess[str]:
    """``mpdt bridge install`` or ``remove``."""
    environment = {
        **os.environ,
        "MPDT_RUNTIME_DIR": str(runtime),
        "MPDT_STATE_DIR": str(runtime / "state"),
        "MPDT_CONFIG_FILE": str(runtime / "none.toml"),
        **variables,
    }
    return subprocess.run(
        [sys.executable, "-m", "mpdt", "bridge", command, "--core", str(core), *options],
        env=environment,
        capture_output=True,
        text=True,
        timeout=DEADLINE,
        check=False,
    )


def listening(bot: Bot) -> list[str]:
    """The addresses on which the process listens; Linux only."""
    process = Path(f"/proc/{bot.process.pid}")
    own = {os.readlink(one) for one in (process / "fd").iterdir() if one.is_symlink()}
    rows = [line.split() for name in ("tcp", "tcp6") for line in (process / "net" / name).read_text().splitlines()[1:]]
    return [row[1] for row in rows if row[3] == "0A" and f"socket:[{row[9]}]" in own]


def snapshot(folder: Path) -> dict[str, bytes]:
    """Every file below the folder, but for Python's caches."""
    return dict(contents(folder))


def contents(folder: Path) -> Iterator[tuple[str, bytes]]:
    for path in sorted(folder.rglob("*")):
        if "__pycache__" in path.parts:
            continue
        name = path.relative_to(folder).as_posix()
        if path.is_symlink():
            yield name, os.fsencode(os.readlink(path))
        else:
            yield name, path.read_bytes() if path.is_file() else b"folder"
