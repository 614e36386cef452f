"""``mpdt init``: what it makes is served, patched, tested, linted and typed by the real tools."""

from __future__ import annotations

import json
import os
import pty
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.e2e.conftest import DEADLINE, Dev

Serve = Callable[..., Dev]
MPDT = [sys.executable, "-m", "mpdt"]
BIN = Path(sys.executable).parent
ALL = [(flavour, template) for flavour in ("neo", "classic") for template in ("basic", "full")]


def init(folder: Path, *arguments: str, code: int = 0) -> subprocess.CompletedProcess[str]:
    done = subprocess.run([*MPDT, "init", *arguments], cwd=folder, capture_output=True, text=True, timeout=DEADLINE)
    assert done.returncode == code, done.stderr
    return done


def tool(folder: Path, *command: str) -> None:
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=DEADLINE * 4)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize(("flavour", "template"), ALL)
def test_a_new_plugin_is_served_patched_and_passes_its_test(
    serve: Serve, tmp_path: Path, flavour: str, template: str
) -> None:
    author = 'Ann "A" O\'Hara 张'
    done = init(tmp_path, "fresh_one", "--flavour", flavour, "--template", template, "--author", author)
    assert done.stdout.splitlines()[-1] == "cd fresh_one && mpdt dev --patch-live"
    folder = tmp_path.resolve() / "fresh_one"
    manifest = json.loads((folder / ("manifest.json" if flavour == "neo" else "_manifest.json")).read_text())
    assert manifest["author"] in (author, {"name": author})
    tool(folder, str(BIN / "ruff"), "check", ".")
    tool(folder, str(BIN / "ruff"), "format", "--check", ".")
    tool(tmp_path, *MPDT, "test", "fresh_one")
    dev = serve("--patch-live", "--no-scenarios", folder=folder)
    ready = dev.ready()
    assert (ready["loaded"], ready["error"]) == (True, None)
    assert dev.say("/fresh_one Ann") == ["Hello, Ann. You are number 1."]
    assert dev.edit("greetings.py", "You are number", "You have number")["outcome"] == "patched"
    assert dev.say("/fresh_one Ann") == ["Hello, Ann. You have number 2."]
    warnings = [event for event in dev.events if event["event"] == "log" and event["level"] in ("WARNING", "ERROR")]
    assert not [one for one in warnings if "loop" not in one["message"] and "load" not in one["message"]], warnings


@pytest.mark.parametrize("flavour", ["neo", "classic"])
def test_a_new_plugin_passes_mypy(tmp_path: Path, flavour: str) -> None:
    init(tmp_path, "typed_one", "--flavour", flavour, "--template", "full", "--no-git")
    tool(tmp_path, str(BIN / "mypy"), "--config-file", "typed_one/pyproject.toml", "-p", "typed_one")


def test_editor_settings_and_the_rest(tmp_path: Path) -> None:
    init(tmp_path, "rest")
    folder = tmp_path / "rest"
    launch = json.loads((folder / ".vscode" / "launch.json").read_text())["configurations"][0]
    tasks = {task["label"]: task for task in json.loads((folder / ".vscode" / "tasks.json").read_text())["tasks"]}
    assert (launch["type"], launch["request"], launch["connect"]["port"]) == ("debugpy", "attach", 5678)
    assert launch["autoReload"] == {"enable": False}
    assert "--debug" in tasks[launch["preLaunchTask"]]["args"]
    assert tomllib.loads((folder / "pyproject.toml").read_text())["tool"]["mpdt"] == {"patch-live": True}
    assert (folder / ".git").is_dir()
    assert "__pycache__/" in (folder / ".gitignore").read_text()
    assert "{{" not in "".join(
        path.read_text() for path in folder.rglob("*") if path.is_file() and ".git" not in path.parts
    )
    init(tmp_path, "no_git", "--no-git")
    assert not (tmp_path / "no_git" / ".git").exists()


def test_nothing_is_ever_written_over(tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "plugin.py").write_text("mine")
    assert "there already, and not empty" in init(tmp_path, "mine", code=2).stderr
    assert [path.name for path in (tmp_path / "mine").iterdir()] == ["plugin.py"]
    (tmp_path / "mine" / "plugin.py").unlink()
    init(tmp_path, "mine")  # an empty folder will do
    (tmp_path / "file").write_text("")
    init(tmp_path, "file", code=2)
    (tmp_path / "link").symlink_to(tmp_path / "elsewhere")
    init(tmp_path, "link", code=2)
    assert not (tmp_path / "elsewhere").exists()


@pytest.mark.parametrize(
    ("name", "close"), [("my-plugin", "my_plugin"), ("2fast", "p2fast"), ("a b", "a_b"), ("../x", "x"), ("class", "")]
)
def test_a_name_that_cannot_be_imported_is_refused_with_one_that_can(tmp_path: Path, name: str, close: str) -> None:
    stderr = init(tmp_path, name, code=2).stderr
    assert repr(name) in stderr
    assert not close or repr(close) in stderr
    assert list(tmp_path.iterdir()) == []


def test_without_a_terminal_nothing_is_asked(tmp_path: Path) -> None:
    assert "mpdt init NAME" in init(tmp_path, code=2).stderr


@pytest.mark.skipif(os.name == "nt", reason="a terminal by pty")
def test_in_a_terminal_it_asks(tmp_path: Path) -> None:
    ours, theirs = pty.openpty()
    process = subprocess.Popen([*MPDT, "init"], cwd=tmp_path, stdin=theirs, stdout=theirs, stderr=theirs)
    os.close(theirs)
    seen = b""
    for question, answer in [
        (b"name", b"asked"), (b"kind", b"classic"), (b"much", b"full"), (b"Author", b"Ann"), (b"Licence", b""),
        (b"does", b"Says hello."),
    ]:  # fmt: skip
        while question not in seen:
            seen += os.read(ours, 4096)
        seen = b""
        os.write(ours, answer + b"\n")
    try:
        while chunk := os.read(ours, 4096):
            seen += chunk
    except OSError:  # Linux: the other end was closed
        pass
    os.close(ours)
    assert process.wait(DEADLINE) == 0
    assert b"cd asked && mpdt dev --patch-live" in seen
    manifest = json.loads((tmp_path / "asked" / "_manifest.json").read_text())
    assert (manifest["author"], manifest["description"]) == ({"name": "Ann"}, "Says hello.")
    assert (tmp_path / "asked" / "tools.py").is_file()
    shutil.rmtree(tmp_path / "asked")
