"""A real core's folder: its kind, its interpreter, and what its last lines say."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from mpdt.config import load
from mpdt.dev.errors import StartError
from mpdt.dev.interpreter import Interpreter
from mpdt.dev.real_core import CoreKind, RealCore, core_interpreter, find_core, said_level, why_not_up


def make_core(folder: Path, manager: str, entry: str) -> Path:
    (folder / manager).parent.mkdir(parents=True)
    (folder / manager).touch()
    (folder / entry).touch()
    return folder


def make_environment(folder: Path) -> Path:
    python = folder / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")
    python.parent.mkdir(parents=True)
    python.touch()
    (folder / "pyvenv.cfg").touch()
    return python


def a_core(folder: Path) -> RealCore:
    return RealCore(folder, CoreKind.NEO_MOFOX, folder / "main.py")


def test_the_kind_is_told_from_the_layout(tmp_path: Path) -> None:
    neo = make_core(tmp_path / "neo", "src/core/managers/plugin_manager.py", "main.py")
    classic = make_core(tmp_path / "classic", "src/plugin_system/core/plugin_manager.py", "bot.py")
    assert find_core(str(neo)) == RealCore(neo, CoreKind.NEO_MOFOX, neo / "main.py")
    assert find_core(str(classic)) == RealCore(classic, CoreKind.CLASSIC, classic / "bot.py")
    assert find_core(str(neo)).plugins == neo / "plugins"


def test_what_is_no_core_is_refused_with_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(StartError, match="There is no folder"):
        find_core(str(tmp_path / "nowhere"))
    with pytest.raises(StartError, match="is no bot: it has neither"):
        find_core(str(tmp_path))
    neo = make_core(tmp_path / "neo", "src/core/managers/plugin_manager.py", "main.py")
    (neo / "main.py").unlink()
    with pytest.raises(StartError, match=r"lacks main\.py"):
        find_core(str(neo))


def test_the_cores_environment_is_found(tmp_path: Path) -> None:
    core = a_core(tmp_path)
    other = make_environment(tmp_path / "other")
    active = {"VIRTUAL_ENV": str(tmp_path / "other"), "PATH": ""}
    assert core_interpreter(core, None, {"PATH": ""}).origin == "mpdt's own"
    assert core_interpreter(core, None, active) == Interpreter(other, "$VIRTUAL_ENV")
    venv = make_environment(tmp_path / "venv")
    assert core_interpreter(core, None, active) == Interpreter(venv, "the core's venv")
    dotted = make_environment(tmp_path / ".venv")
    assert core_interpreter(core, None, active) == Interpreter(dotted, "the core's .venv")
    assert core_interpreter(core, str(other), active) == Interpreter(other, "--python")


def test_uv_is_asked_where_its_environment_is(tmp_path: Path) -> None:
    core = a_core(tmp_path)
    (tmp_path / "pyproject.toml").touch()
    uv = tmp_path / "tools" / "uv"
    uv.parent.mkdir()
    uv.touch(mode=0o755)
    python = make_environment(tmp_path / "far")
    asked: list[Any] = []

    def run(command: list[str], **options: Any) -> subprocess.CompletedProcess[str]:
        asked.append((command[1:], options["cwd"]))
        return subprocess.CompletedProcess(command, 0, f"{python}\n", "")

    found = core_interpreter(core, None, {"PATH": str(uv.parent)}, run)
    assert found == Interpreter(python, "uv run")
    assert asked == [(["python", "find", "--project", str(tmp_path)], tmp_path)]
    (tmp_path / "far" / "pyvenv.cfg").unlink()  # a bare interpreter, without the bot's libraries
    assert core_interpreter(core, None, {"PATH": str(uv.parent)}, run).origin == "mpdt's own"


def test_the_last_lines_say_what_is_missing(tmp_path: Path) -> None:
    interpreter = Interpreter(Path("python"), "--python")
    missing = why_not_up(a_core(tmp_path), interpreter, "exit code 1", ["ModuleNotFoundError: No module named 'faiss'"])
    assert "needs 'faiss', which python (--python) has not got" in missing
    other = why_not_up(a_core(tmp_path), interpreter, "The worker ended with exit code 1.", ["no"])
    assert "did not come up (The worker ended with exit code 1.)" in other
    assert f"cd {tmp_path}" in other


@pytest.mark.parametrize(
    ("line", "level"),
    [
        ("[15:56:53] plugin_manager | ERROR | broken", "ERROR"),
        ("[12:00] adapter | INFO | all ERRORS are gone", "INFO"),
        ("plain", "INFO"),
    ],
)
def test_a_bots_line_keeps_its_level(line: str, level: str) -> None:
    assert said_level(line) == level


def test_core_is_a_setting(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text('[tool.mpdt]\ncore = "../bot"\n')
    nothing = {"MPDT_CONFIG_FILE": str(tmp_path / "none.toml")}
    assert load(tmp_path, {}, nothing).config.core == str(tmp_path / "../bot")
    assert load(tmp_path, {}, {**nothing, "MPDT_CORE": "/b"}).config.core == "/b"
    assert load(tmp_path, {"core": "c"}, {**nothing, "MPDT_CORE": "/b"}).config.core == "c"
