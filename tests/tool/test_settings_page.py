"""``mpdt config show``, and the page that documents every setting."""

from __future__ import annotations

import json
import re
from dataclasses import fields
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from mpdt.cli import main
from mpdt.commands.dev import dev_command
from mpdt.config import Config

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "settings.md").read_text(encoding="utf-8")
ROWS = {
    row[0].strip("`"): row
    for row in re.findall(r"^\| (`[a-z-]+`) \| (.*?) \| (.*?) \| `(\w+)` \| (.*) \|$", PAGE, re.M)
}
OPTIONS = {option for parameter in dev_command.params for option in (*parameter.opts, *parameter.secondary_opts)}


@pytest.mark.parametrize("name", [field.name for field in fields(Config)])
def test_every_setting_is_documented(name: str) -> None:
    _, default, option, variable, what = ROWS[name.replace("_", "-")]
    value = getattr(Config(), name)
    assert default == (f"`{json.dumps(value)}`" if value is not None else default)
    assert value is not None or "`" not in default
    assert variable == f"MPDT_{name.upper()}"
    assert what
    named = re.findall(r"`(--?[\w-]+)`", option)
    assert named or option == "no option"
    assert set(named) <= OPTIONS | {"--lang"}


def test_the_page_has_no_setting_that_is_gone() -> None:
    assert set(ROWS) == {field.name.replace("_", "-") for field in fields(Config)}


def show(folder: Path, monkeypatch: pytest.MonkeyPatch, *arguments: str) -> Result:
    monkeypatch.setenv("MPDT_CONFIG_FILE", str(folder / "user.toml"))
    return CliRunner().invoke(main, ["config", "show", str(folder), *arguments])


def test_each_value_is_shown_with_the_place_that_decides(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "pyproject.toml").write_text("[tool.mpdt]\nport = 1\nhost = 'localhost'\npatch-live = true\n")
    (tmp_path / "user.toml").write_text("port = 2\nverbose = true\n")
    monkeypatch.setenv("MPDT_PORT", "3")
    done = show(tmp_path, monkeypatch, "--json")
    assert done.exit_code == 0, done.output
    shown = json.loads(done.stdout)
    assert shown["port"] == {"value": 3, "from": "the environment (MPDT_*)"}
    assert shown["verbose"] == {"value": True, "from": str(tmp_path / "user.toml")}
    assert shown["host"]["from"] == f"[tool.mpdt] of {tmp_path.resolve() / 'pyproject.toml'}"
    assert shown["debug"] == {"value": False, "from": None}
    table = show(tmp_path, monkeypatch).stdout.splitlines()
    assert [line.split()[:2] for line in table if line.startswith(("port ", "debug "))] == [
        ["port", "3"],
        ["debug", "false"],
    ]


def test_what_is_not_understood_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "pyproject.toml").write_text("[tool.mpdt]\nprt = 1\n")
    assert "Did you mean 'port'?" in show(tmp_path, monkeypatch).stderr
    (tmp_path / "pyproject.toml").write_text("[tool.mpdt]\nport = 'x'\n")
    done = show(tmp_path, monkeypatch)
    assert (done.exit_code, "'port' must be a number" in done.stderr) == (2, True)
    assert show(tmp_path / "none", monkeypatch).exit_code == 2
