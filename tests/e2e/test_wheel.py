"""Wheel and sdist: built, checked, installed into an empty environment, where the README's first command runs."""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
import tarfile
import threading
import zipfile
from pathlib import Path
from queue import Empty, Queue
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
DEADLINE = 240.0
BIN = Path(sys.executable).parent


def run(*command: str, cwd: Path, **variables: str) -> str:
    environment = {name: value for name, value in os.environ.items() if name not in ("PYTHONPATH", "VIRTUAL_ENV")}
    done = subprocess.run(
        command, cwd=cwd, env={**environment, **variables}, capture_output=True, text=True, timeout=DEADLINE
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder with both. The wheel is made from the sdist, as an index's users may have to."""
    folder = tmp_path_factory.mktemp("dist")
    run(sys.executable, "-m", "build", "--no-isolation", "--outdir", str(folder), str(ROOT), cwd=folder)
    return folder


def the(built: Path, pattern: str) -> Path:
    (found,) = built.glob(pattern)
    return found


def test_they_pass_the_checks_of_the_index(built: Path) -> None:
    wheel, sdist = the(built, "*.whl"), the(built, "*.tar.gz")
    run(str(BIN / "twine"), "check", "--strict", str(wheel), str(sdist), cwd=built)
    # Two packages at the top, on purpose. W002: libraries of the page with one and the same licence, each with its own.
    check = (str(BIN / "check-wheel-contents"), "--toplevel", "mpdt,mpdt_hooks", "--ignore", "W002")
    run(*check, str(wheel), cwd=built)


def test_they_hold_what_is_needed_and_nothing_else(built: Path) -> None:
    names = zipfile.ZipFile(the(built, "*.whl")).namelist()
    tops = {name.partition("/")[0] for name in names}
    assert {top for top in tops if not top.endswith(".dist-info")} == {"mpdt", "mpdt_hooks"}
    for needed in (
        "mpdt/py.typed",
        "mpdt_hooks/py.typed",
        "mpdt/docs/rude-edits.md",
        "mpdt/docs/events.schema.json",
        "mpdt/scaffold/common/dot_gitignore.tmpl",
        "mpdt/scaffold/neo/full/plugin.py.tmpl",
        "mpdt/locale/zh_CN/LC_MESSAGES/mpdt.mo",
        "mpdt/worker/cores/simulated/names.json",
    ):
        assert needed in names, needed
    assert not [name for name in names if "__pycache__" in name or name.endswith(".pyc")]
    with tarfile.open(the(built, "*.tar.gz")) as archive:
        inside = {name.partition("/")[2] for name in archive.getnames()}
    assert {"README.md", "pyproject.toml", "tests/conftest.py", "examples/echo_plugin/plugin.py"} <= inside


@pytest.mark.slow  # a second installation of all that is needed, beside the one that runs the tests
@pytest.mark.timeout(300)  # an index may be slow; what is measured is not
def test_the_readmes_first_command_in_an_empty_environment(built: Path, tmp_path: Path) -> None:
    shutil.copytree(ROOT / "examples", tmp_path / "examples", ignore=shutil.ignore_patterns(".mpdt", "__pycache__"))
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    found = re.search(r"^python3 -m venv \.venv && .+$", readme, re.MULTILINE)
    assert found, "the README has no first command"
    make, install, serve = found[0].split(" && ")
    run(*shlex.split(make.replace("python3", sys.executable)), cwd=tmp_path)
    assert shlex.split(install)[-1] == "."
    run(*shlex.split(install)[:-1], "-q", "--disable-pip-version-check", str(the(built, "*.whl")), cwd=tmp_path)
    variables = {"MPDT_RUNTIME_DIR": str(tmp_path / "run"), "MPDT_CONFIG_FILE": str(tmp_path / "none.toml")}
    mpdt = str(tmp_path / ".venv" / "bin" / "mpdt")
    assert run(mpdt, "explain", "MPDT012", cwd=tmp_path, **variables).startswith("MPDT012: ")
    assert json.loads(run(mpdt, "schema", cwd=tmp_path, **variables))["title"]
    run(mpdt, "init", "fresh", cwd=tmp_path, **variables)
    environment = {name: value for name, value in os.environ.items() if name not in ("PYTHONPATH", "VIRTUAL_ENV")}
    process = subprocess.Popen(
        [*shlex.split(serve), "--json", "-p", "0"],
        cwd=tmp_path,
        env={**environment, **variables},
        stdout=subprocess.PIPE,
        text=True,
    )
    events: Queue[dict[str, Any]] = Queue()

    def read() -> None:
        assert process.stdout is not None
        for line in process.stdout:
            events.put(json.loads(line))

    reader = threading.Thread(target=read)
    reader.start()
    try:
        ready = next_of(events, "ready")
        assert (ready["loaded"], ready["error"]) == (True, None)
        said = run(mpdt, "send", "/echo say hello 2", cwd=tmp_path, **variables)
        assert said == "echo #1: hello hello\n"
        file = tmp_path / "examples" / "echo_plugin" / "text.py"
        file.write_text(file.read_text().replace("echo #{number}", "echo no. {number}"))
        assert next_of(events, "reload")["outcome"] == "patched"
        assert run(mpdt, "send", "/echo hello", cwd=tmp_path, **variables) == "echo no. 2: hello\n"
    finally:
        process.terminate()
        assert process.wait(DEADLINE) == 0
        reader.join(DEADLINE)
        assert process.stdout is not None
        process.stdout.close()


def next_of(events: Queue[dict[str, Any]], kind: str) -> dict[str, Any]:
    while True:
        try:
            event = events.get(timeout=DEADLINE)
        except Empty:
            pytest.fail(f"no {kind} event came")
        if event["event"] == kind:
            return event
