"""The README's transcript, executed: what it shows is what a new user sees."""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from queue import Queue
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
DEADLINE = 30.0
MPDT = [sys.executable, "-m", "mpdt"]


@pytest.fixture(params=["README.md", "README.zh-CN.md"])
def readme(request: pytest.FixtureRequest) -> str:
    return (ROOT / request.param).read_text(encoding="utf-8")


def block(readme: str, marker: str) -> str:
    """The fenced block after an HTML comment that names it."""
    found = re.search(rf"<!-- {marker} -->\n```\w+\n(.*?)```", readme, re.DOTALL)
    assert found, f"the README has no block '{marker}'"
    return found[1]


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    runtime = tmp_path / "runtime"
    runtime.mkdir(mode=0o700)
    here = os.pathsep.join([str(ROOT), str(ROOT / "hooks")])
    return {
        **os.environ,
        "PYTHONPATH": here,
        "XDG_RUNTIME_DIR": str(runtime),
        "XDG_CACHE_HOME": str(tmp_path / "cache"),
    }


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    shutil.copytree(ROOT / "examples", tmp_path / "examples", ignore=shutil.ignore_patterns(".mpdt", "__pycache__"))
    return tmp_path


@pytest.fixture
def events(readme: str, checkout: Path, environment: dict[str, str]) -> Iterator[Queue[dict[str, Any]]]:
    command = block(readme, "run command").strip().rpartition("&& ")[2]
    arguments = shlex.split(command)[1:]
    process = subprocess.Popen(
        [*MPDT, *arguments, "--json", "-p", "0"],
        cwd=checkout,
        env=environment,
        stdout=subprocess.PIPE,
        text=True,
        encoding="utf-8",
    )
    queue: Queue[dict[str, Any]] = Queue()

    def read() -> None:
        assert process.stdout is not None
        for line in process.stdout:
            queue.put(json.loads(line))

    reader = threading.Thread(target=read)
    reader.start()
    yield queue
    process.terminate()
    assert process.wait(DEADLINE) == 0
    reader.join(DEADLINE)
    assert process.stdout is not None
    process.stdout.close()


def wait_for(queue: Queue[dict[str, Any]], kind: str) -> dict[str, Any]:
    while True:
        event = queue.get(timeout=DEADLINE)
        if event["event"] == kind:
            return event


def execute(transcript: str, checkout: Path, environment: dict[str, str]) -> None:
    """Type the command behind ``$``, and compare what comes with what the README shows."""
    command, _, expected = transcript.partition("\n")
    assert command.startswith("$ .venv/bin/mpdt ")
    arguments = shlex.split(command)[2:]
    done = subprocess.run(
        [*MPDT, *arguments],
        cwd=checkout,
        env=environment,
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=DEADLINE,
    )
    assert (done.stdout, done.returncode) == (expected, 0), done.stderr


def test_the_transcript_is_true(
    readme: str, checkout: Path, environment: dict[str, str], events: Queue[dict[str, Any]]
) -> None:
    assert wait_for(events, "ready")["loaded"]
    execute(block(readme, "transcript"), checkout, environment)

    removed, added = (line[1:] for line in block(readme, "edit").splitlines())
    file = checkout / "examples" / "echo_plugin" / "text.py"
    source = file.read_text(encoding="utf-8")
    assert source.count(removed) == 1
    file.write_text(source.replace(removed, added), encoding="utf-8")
    reload = wait_for(events, "reload")
    assert (reload["outcome"], reload["files"]) == ("patched", ["text.py"])
    assert [change["qualname"] for change in reload["changes"]] == ["reply"]

    execute(block(readme, "transcript after the edit"), checkout, environment)
