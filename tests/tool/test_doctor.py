"""``mpdt doctor``: what is wrong is said, with the command that mends it, and by the exit code."""

from __future__ import annotations

import json
import os
import shlex
import socket
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from mpdt.commands import doctor
from mpdt.commands.doctor import ENOUGH_INSTANCES, ENOUGH_WATCHES, Grade, Limits, inotify_limits, of_limits
from mpdt.config import Config

EXAMPLE = Path(__file__).parents[2] / "examples" / "echo_plugin"


def look(folder: Path, tmp_path: Path, *options: str, **variables: str) -> tuple[int, dict[str, Any]]:
    environment = {name: value for name, value in os.environ.items() if name != "VIRTUAL_ENV"}
    environment |= {"MPDT_CONFIG_FILE": str(tmp_path / "none"), "MPDT_RUNTIME_DIR": str(tmp_path), **variables}
    command = [sys.executable, "-m", "mpdt", "doctor", str(folder), "--json", *options]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60)
    return done.returncode, {one["about"]: one for one in json.loads(done.stdout)}


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as sock:
        return int(sock.getsockname()[1])


def test_a_machine_on_which_all_is_well(tmp_path: Path) -> None:
    code, found = look(EXAMPLE, tmp_path, MPDT_PORT=str(free_port()))
    assert (code, [one for one in found.values() if one["grade"] == "wrong"]) == (0, [])
    assert "jurigged 0.6" in found["engine"]["sentence"]
    assert "debugpy 1." in found["debugger"]["sentence"]
    assert sys.executable in found["interpreter"]["sentence"]


def test_what_is_wrong_comes_with_what_mends_it(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        code, found = look(EXAMPLE, tmp_path, MPDT_PORT=str(taken.getsockname()[1]), MPDT_PYTHON="no-such")
    assert code == 1
    assert (found["port"]["grade"], found["port"]["mend"]) == ("wrong", "mpdt dev --port 0")
    assert "no-such" in found["interpreter"]["sentence"]
    assert "engine" not in found  # who has no interpreter can say nothing of it


@pytest.mark.skipif(os.name == "nt", reason="a script for an interpreter")
def test_an_interpreter_that_lacks_packages(tmp_path: Path) -> None:
    bare = tmp_path / "python"
    bare.write_text('#!/bin/sh\necho \'{"version": [3, 11, 1], "missing": ["pydantic"]}\'\n')
    bare.chmod(0o755)
    code, found = look(EXAMPLE, tmp_path, MPDT_PYTHON=str(bare), MPDT_PORT=str(free_port()))
    assert (code, found["interpreter"]["mend"]) == (1, f"{bare} -m pip install pydantic")


def make_bot(folder: Path, dependencies: str = "[]") -> Path:
    manager = folder / "src" / "core" / "managers" / "plugin_manager.py"
    manager.parent.mkdir(parents=True)
    manager.touch()
    (folder / "main.py").touch()
    (folder / "pyproject.toml").write_text(f"[project]\nname = 'bot'\ndependencies = {dependencies}\n")
    return folder


NEEDS = '["pydantic>=2", "rich[jupyter] # colours", "no-such-package>=1", "winonly; sys_platform == \'win32\'"]'


def test_a_bot_without_an_environment_gets_one(tmp_path: Path) -> None:
    bot = make_bot(tmp_path / "a bot", NEEDS)
    code, found = look(EXAMPLE, tmp_path, "--core", str(bot), MPDT_PORT=str(free_port()), PATH="")
    assert (code, found["core"]["grade"], found["core"]["sentence"]) == (1, "ok", f"{bot} is a Neo-MoFox.")
    assert f"{sys.executable} (mpdt's own), Python 3." in found["interpreter"]["sentence"]
    packages = found["the bot's packages"]
    assert (packages["grade"], packages["sentence"]) == ("wrong", "1 of 3 are missing: no-such-package>=1.")
    make, install = packages["mend"].split(" && ")
    assert shlex.split(make) == [sys.executable, "-m", "venv", str(bot / ".venv")]
    python, *rest = shlex.split(install)
    assert Path(python).is_relative_to(bot / ".venv")
    assert rest == ["-m", "pip", "install", "pydantic>=2", "rich[jupyter]", "no-such-package>=1"]
    assert found["engine"]["grade"] == "ok"
    # What the first half of the command makes is what is looked at from then on.
    subprocess.run([*shlex.split(make), "--without-pip"], check=True, timeout=60)
    code, found = look(EXAMPLE, tmp_path, MPDT_CORE=str(bot), MPDT_PORT=str(free_port()), PATH="")
    assert f"{python} (the core's .venv)" in found["interpreter"]["sentence"]
    packages = found["the bot's packages"]
    assert (code, packages["sentence"].partition(":")[0]) == (1, "3 of 3 are missing")
    assert shlex.split(packages["mend"]) == [python, *rest]


@pytest.mark.skipif(os.name == "nt", reason="a script for uv")
def test_uv_is_named_where_it_is_used(tmp_path: Path) -> None:
    bot = make_bot(tmp_path / "bot", NEEDS)
    (bot / "uv.lock").touch()
    uv = tmp_path / "tools" / "uv"
    uv.parent.mkdir()
    uv.write_text("#!/bin/sh\nexit 2\n")  # as it does where there is no environment
    uv.chmod(0o755)
    asked = {"MPDT_PORT": str(free_port()), "PATH": str(uv.parent)}
    _code, found = look(EXAMPLE, tmp_path, "--core", str(bot), **asked)
    assert found["the bot's packages"]["mend"] == f"uv sync --project {bot}"
    _code, found = look(EXAMPLE, tmp_path, "--core", str(bot), MPDT_PYTHON=sys.executable, **asked)
    assert found["the bot's packages"]["mend"] == f"uv pip install --python {sys.executable} 'no-such-package>=1'"


def test_a_bot_that_has_all_of_it(tmp_path: Path) -> None:
    bot = make_bot(tmp_path / "bot")
    (bot / "requirements.txt").write_text("# a comment\n-r other.txt\npydantic\nrich>=1  # colours\n")
    (tmp_path / "plugin.py").touch()
    (tmp_path / "pyproject.toml").write_text("[tool.mpdt]\ncore = 'bot'\n")  # relative to the plugin
    code, found = look(tmp_path, tmp_path, MPDT_PORT=str(free_port()))
    packages = found["the bot's packages"]
    assert (code, packages["grade"], packages["sentence"]) == (0, "ok", "All 2 are there.")
    (bot / "requirements.txt").unlink()
    code, found = look(tmp_path, tmp_path, MPDT_PORT=str(free_port()))
    assert (code, found["the bot's packages"]["grade"]) == (0, "note")


def test_what_is_no_bot_is_said_and_what_is_one_too(tmp_path: Path) -> None:
    code, found = look(EXAMPLE, tmp_path, "--core", str(tmp_path), MPDT_PORT=str(free_port()))
    assert (code, found["core"]["grade"], "is no bot" in found["core"]["sentence"]) == (1, "wrong", True)
    assert "interpreter" not in found
    manager = tmp_path / "src" / "plugin_system" / "core" / "plugin_manager.py"
    manager.parent.mkdir(parents=True)
    manager.touch()
    (tmp_path / "bot.py").touch()
    _code, found = look(EXAMPLE, tmp_path, "--core", str(tmp_path), MPDT_PORT=str(free_port()))
    assert (found["core"]["grade"], "is a MoFox-Core" in found["core"]["sentence"]) == ("ok", True)


def test_a_broken_settings_file_ends_it(tmp_path: Path) -> None:
    (tmp_path / "plugin.py").write_text("")
    (tmp_path / "pyproject.toml").write_text("[tool.mpdt\n")
    code, found = look(tmp_path, tmp_path)
    assert (code, found["settings"]["grade"]) == (1, "wrong")


def test_the_limits_of_inotify(tmp_path: Path) -> None:
    assert of_limits(Limits(100_000, 128), 3).grade is Grade.OK
    few = of_limits(Limits(5, 128), 3)
    assert (few.grade, few.mend) == (Grade.NOTE, f"sudo sysctl fs.inotify.max_user_watches={ENOUGH_WATCHES}")
    few = of_limits(Limits(100_000, 8), 3)
    assert (few.grade, few.mend) == (Grade.NOTE, f"sudo sysctl fs.inotify.max_user_instances={ENOUGH_INSTANCES}")
    (tmp_path / "max_user_watches").write_text("7\n")
    assert inotify_limits(tmp_path) is None
    (tmp_path / "max_user_instances").write_text("9\n")
    assert inotify_limits(tmp_path) in (Limits(7, 9), None)  # None where there is no inotify


@pytest.mark.parametrize(("asked", "grade"), [(True, Grade.WRONG), (False, Grade.NOTE)])
def test_debugpy_is_missed_only_where_it_is_asked_for(
    monkeypatch: pytest.MonkeyPatch, asked: bool, grade: Grade
) -> None:
    monkeypatch.setattr(doctor, "locate", lambda name: None)
    finding = doctor.of_debugger(Config(debug=asked))
    assert (finding.grade, "mpdt[debug]" in finding.mend) == (grade, True)
