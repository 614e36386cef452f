"""``mpdt install --dev``: a link in the bot's plugin folder, recorded, and taken away again."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from mpdt.cli import main
from mpdt.dev.installed import Link, recorded


@pytest.fixture
def plugin(tmp_path: Path) -> Path:
    folder = tmp_path / "work" / "echo_plugin"
    folder.mkdir(parents=True)
    (folder / "plugin.py").write_text("")
    (folder / "manifest.json").write_text(json.dumps({"name": "echo"}))
    return folder


@pytest.fixture
def core(tmp_path: Path) -> Path:
    manager = tmp_path / "bot" / "src" / "core" / "managers" / "plugin_manager.py"
    manager.parent.mkdir(parents=True)
    manager.touch()
    (tmp_path / "bot" / "main.py").touch()
    return tmp_path / "bot"


@pytest.fixture
def state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    monkeypatch.setenv("MPDT_STATE_DIR", str(tmp_path / "state"))
    monkeypatch.setenv("MPDT_CONFIG_FILE", str(tmp_path / "none.toml"))
    return {"MPDT_STATE_DIR": str(tmp_path / "state")}


def run(*words: object) -> Result:
    return CliRunner().invoke(main, [str(word) for word in words])


def test_a_link_is_made_recorded_and_taken_away(plugin: Path, core: Path, state: dict[str, str]) -> None:
    place = core / "plugins" / "echo_plugin"
    done = run("install", "--dev", plugin, "--core", core)
    assert (done.exit_code, done.output) == (0, f"{place} leads to {plugin} now.\n")
    assert place.is_symlink()
    assert place.resolve() == plugin
    assert recorded(state) == [Link(place, plugin)]

    again = run("install", "--dev", plugin, "--core", core)
    assert (again.exit_code, again.output) == (0, f"{place} leads to {plugin} already.\n")
    assert recorded(state) == [Link(place, plugin)]

    gone = run("uninstall", plugin, "--core", core)
    assert (gone.exit_code, gone.output) == (0, f"{place} is gone; {plugin} is as it was.\n")
    assert list((core / "plugins").iterdir()) == []
    assert (plugin / "plugin.py").exists()
    assert recorded(state) == []
    assert run("uninstall", plugin, "--core", core).exit_code == 2


def test_what_is_there_is_never_replaced(plugin: Path, core: Path, state: dict[str, str], tmp_path: Path) -> None:
    place = core / "plugins" / "echo_plugin"
    place.mkdir(parents=True)
    (place / "precious.py").write_text("1")
    refused = run("install", "--dev", plugin, "--core", core)
    assert refused.exit_code == 2
    assert "exists already, and is not a link" in refused.output
    kept = run("uninstall", plugin, "--core", core)
    assert kept.exit_code == 2
    assert "is a folder of its own" in kept.output
    assert (place / "precious.py").read_text() == "1"
    (place / "precious.py").unlink()
    place.rmdir()

    other = core / "plugins" / "another"
    other.mkdir()
    (other / "manifest.json").write_text(json.dumps({"name": "echo"}))
    taken = run("install", "--dev", plugin, "--core", core)
    assert taken.exit_code == 2
    assert f"a plugin named 'echo' already, in {other}" in taken.output

    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    place.symlink_to(elsewhere)
    assert run("uninstall", plugin, "--core", core).exit_code == 2
    assert place.is_symlink()
    assert recorded(state) == []


def test_the_core_may_be_a_setting(plugin: Path, core: Path, state: dict[str, str]) -> None:
    missing = run("install", "--dev", plugin)
    assert missing.exit_code == 2
    assert "Say which bot" in missing.output
    (plugin / "pyproject.toml").write_text('[tool.mpdt]\ncore = "../../bot"\n')
    assert run("install", "--dev", plugin).exit_code == 0
    assert (core / "plugins" / "echo_plugin").resolve() == plugin
    assert run("install", plugin).exit_code == 2  # nothing is copied


def test_a_record_that_cannot_be_read_is_no_obstacle(plugin: Path, core: Path, state: dict[str, str]) -> None:
    folder = Path(state["MPDT_STATE_DIR"])
    folder.mkdir()
    (folder / "installed.json").write_text("{broken")
    assert run("install", "--dev", plugin, "--core", core).exit_code == 0
    assert len(recorded(state)) == 1
