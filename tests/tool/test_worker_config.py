"""Edits to config, manifest and data files, in the real worker process."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from mpdt.worker.edits import needs_reload
from tests.tool.worker_kit import REPOSITORY, WorkerProcess, edit, loaded, make_plugin

CODE = """
import json
import pathlib
from src.app.plugin_system.api.send_api import send_text
from src.app.plugin_system.base import (
    BaseCommand, BaseConfig, BasePlugin, Field, SectionBase, cmd_route, config_section, register_plugin,
)

WORDS = json.loads((pathlib.Path(__file__).parent / "words.json").read_text())


class ProbeConfig(BaseConfig):
    config_name = "settings"

    @config_section("general")
    class General(SectionBase):
        count: int = Field(default=3, ge=1)
        name: str = Field(default="one")

    @config_section("rules")
    class Rule(SectionBase):
        pattern: str = "*"

    general: General = Field(default_factory=General)
    rules: list[Rule] = Field(default_factory=lambda: [ProbeConfig.Rule()])


class ProbeCommand(BaseCommand):
    command_name = "probe"

    @cmd_route()
    async def show(self):
        general = self.plugin.config.general
        held = self.plugin.general is general
        await send_text(f"{general.count} {general.name} {held} {self.plugin.told} {WORDS}", self.stream_id)
        return True, ""


@register_plugin
class ProbePlugin(BasePlugin):
    plugin_name = "probe"
    configs = [ProbeConfig]

    def __init__(self, config=None):
        super().__init__(config)
        self.general = config.general
        self.told = None

    def get_components(self):
        return [ProbeCommand]

    def mpdt_config_changed(self, old):
        self.told = old
"""


class Live:
    def __init__(self, worker: WorkerProcess, folder: Path) -> None:
        self.worker = worker
        self.folder = folder
        self.path = Path(worker.ask("state")["config_path"])

    def save(self, path: Path, old: str, new: str, operation: str = "refresh") -> dict[str, Any]:
        edit(path.parent, old, new, path.name)
        return self.worker.ask(operation, files=[str(path)])

    def shown(self) -> str:
        (answer,) = self.worker.say("/probe")
        return str(answer)


@pytest.fixture
def live(tmp_path: Path) -> Iterator[Live]:
    folder = make_plugin(tmp_path, {"plugin.py": CODE, "words.json": "[1]", "other.json": "[2]"})
    with WorkerProcess(environment={"XDG_CACHE_HOME": str(tmp_path / "cache")}) as worker:
        assert worker.ask("load", path=str(folder), core="simulated")["loaded"]
        yield Live(worker, folder)


def test_a_valid_edit_reaches_the_live_object_and_the_hook(live: Live) -> None:
    report = live.save(live.path, "count = 3", "count = 9")
    assert report["outcome"] == "patched"
    assert report["config"] == {"general.count": {"old": 3, "new": 9}}
    line = live.path.read_text().splitlines().index("count = 9") + 1
    assert report["changes"] == [
        {"kind": "changed", "module": "settings.toml", "qualname": "general.count", "lines": [line, line]}
    ]
    assert live.shown() == "9 one True {'general.count': 3} [1]"


@pytest.mark.parametrize("operation", ["refresh", "reload"])
@pytest.mark.parametrize(
    ("old", "new", "field"),
    [
        ("count = 3", "count = 0", "general.count"),
        ("count = 3", "count = 'many'", "general.count"),
        ("count = 3", "count = 3\ncuont = 4", "general.cuont"),
        ('pattern = "*"', "pattern = 1", "rules.0.pattern"),
        ("count = 3", "count = = 3", "not TOML"),
    ],
)
def test_an_invalid_edit_is_rejected_with_its_place(live: Live, old: str, new: str, field: str, operation: str) -> None:
    before = live.path.read_text()
    report = live.save(live.path, old, new, operation)
    assert report["outcome"] == "rejected"
    error = report["error"]
    bad = new.splitlines()[-1]
    assert (Path(error["file"]), error["line"]) == (live.path, live.path.read_text().splitlines().index(bad) + 1)
    assert field in error["message"]
    assert bad in live.path.read_text()  # and nothing of it is mended behind the developer's back
    assert live.shown() == "3 one True None [1]"
    live.path.write_text(before.replace("count = 3", "count = 4"))
    assert live.worker.ask("refresh", files=[str(live.path)])["outcome"] == "patched"
    assert live.shown().startswith("4 ")


def test_code_and_config_saved_together_are_one_transaction(live: Live) -> None:
    edit(live.path.parent, "count = 3", "count = 0", live.path.name)
    edit(live.folder, 'f"{general.count}', 'f"now {general.count}')
    files = [str(live.path), str(live.folder / "plugin.py")]
    assert live.worker.ask("refresh", files=files)["outcome"] == "rejected"
    assert live.shown().startswith("3 ")
    edit(live.path.parent, "count = 0", "count = 5", live.path.name)
    assert live.worker.ask("refresh", files=files)["outcome"] == "patched"
    assert live.shown().startswith("now 5 ")


def test_a_file_that_was_read_while_loading_calls_for_a_reload(live: Live) -> None:
    report = live.save(live.folder / "words.json", "[1]", "[1, 2]")
    assert report["outcome"] == "structural"
    assert [(Path(edit["file"]).name, edit["line"]) for edit in report["rude_edits"]] == [("words.json", 1)]
    assert live.worker.ask("reload", files=[])["outcome"] == "reloaded"
    assert live.shown().endswith("[1, 2]")


def test_a_file_that_nobody_read_changes_nothing(live: Live) -> None:
    assert live.save(live.folder / "other.json", "[2]", "[3]")["outcome"] == "unchanged"


def test_a_manifest_calls_for_a_reload_and_a_broken_one_is_rejected(live: Live) -> None:
    manifest = live.folder / "manifest.json"
    assert live.save(manifest, '"1.0.0"', '"1.0.1"')["outcome"] == "structural"
    assert live.worker.ask("reload", files=[str(manifest)])["outcome"] == "reloaded"
    edit(live.folder, '"entry_point"', '\n"entry_point', "manifest.json")
    report = live.worker.ask("reload", files=[str(manifest)])
    assert report["outcome"] == "rejected"
    assert (Path(report["error"]["file"]), report["error"]["line"]) == (manifest, 2)
    assert live.shown().startswith("3 one")


def test_the_report_says_what_changed_for_the_core(live: Live) -> None:
    edit(live.folder, "    async def show(self):", "    async def show(self, times: int = 1):")
    edit(
        live.folder, 'name: str = Field(default="one")', 'name: str = Field(default="one")\n        extra: bool = False'
    )
    edit(live.folder, "return [ProbeCommand]", "return [ProbeCommand, Other]")
    other = "@register_plugin\nclass ProbePlugin"
    edit(live.folder, other, f'class Other(ProbeCommand):\n    command_name = "other"\n\n\n{other}')
    diff = live.worker.ask("reload", files=[])["registrations"]
    assert (diff["added"], diff["removed"]) == (["command:other"], [])
    changed = {one["component"]: [place["path"] for place in one["schema"]] for one in diff["changed"]}
    assert changed == {
        "command:probe": ["schema.routes"],
        "config:settings": ["schema.$defs.General.properties.extra"],
    }
    edit(live.folder, "return [ProbeCommand, Other]", "return [Other]")
    report = live.worker.ask("refresh", files=[str(live.folder / "plugin.py")])
    assert report["registrations"]["removed"] == ["command:probe"]


@pytest.mark.parametrize("replay", [True, False])
def test_start_events_are_delivered_again_unless_turned_off(tmp_path: Path, replay: bool) -> None:
    handler = """
from src.app.plugin_system.base import BaseEventHandler
from src.app.plugin_system.types import EventType

class Starts(BaseEventHandler):
    handler_name = "starts"
    init_subscribe = [EventType.ON_START, EventType.ON_ALL_PLUGIN_LOADED]

    async def execute(self, event_name, params):
        self.plugin.told = [*(self.plugin.told or []), event_name]
        return "PASS", params
"""
    folder = make_plugin(tmp_path, {"plugin.py": CODE, "words.json": "[1]"})
    edit(folder, "class ProbeCommand", f"{handler}\n\nclass ProbeCommand")
    edit(folder, "return [ProbeCommand]", "return [ProbeCommand, Starts]")
    edit(folder, "self.told = None", "self.told = None\n        self.__class__.__mpdt_keep__ = ()")
    with WorkerProcess() as worker:
        worker.ask("load", path=str(folder), core="simulated", replay_start=replay)
        live = Live(worker, folder)
        assert "['on_all_plugin_loaded', 'on_start']" in live.shown()
        worker.ask("reload", files=[])
        assert ("['on_all_plugin_loaded', 'on_start']" in live.shown()) is replay


def test_what_the_plugin_writes_into_its_folder_is_told(live: Live) -> None:
    assert [Path(path).name for path in live.worker.wrote].count("settings.toml") == 1
    assert not [path for path in live.worker.wrote if "__pycache__" in path]


async def test_what_is_applied_is_what_was_checked(tmp_path: Path) -> None:
    """The file may be saved again in between: that is the next save's business."""
    folder = make_plugin(tmp_path, {"plugin.py": CODE, "words.json": "[1]"})
    async with loaded(folder) as host:
        path = host.core.config_path()
        assert path is not None
        edit(path.parent, "count = 3", "count = 9", path.name)
        edits = await host.mini_core.sort_edits([path])
        assert not isinstance(edits, dict)
        edit(path.parent, "count = 9", "count = 0", path.name)
        report = await host.mini_core.after_refresh(host.mini_core.refresh(edits.code), edits)
        assert (report["outcome"], report["config"]) == ("patched", {"general.count": {"old": 3, "new": 9}})
        assert await host.say("/probe") == ["9 one True {'general.count': 3} [1]"]
        again = await host.mini_core.sort_edits([path])
        assert isinstance(again, dict)
        assert again["outcome"] == "rejected"


def test_a_config_class_and_its_file_in_one_save(live: Live) -> None:
    edit(live.folder, "count: int = Field(default=3, ge=1)", "count: int = Field(default=3, ge=-5)")
    edit(live.path.parent, "count = 3", "count = -2", live.path.name)
    report = live.worker.ask("refresh", files=[str(live.folder / "plugin.py"), str(live.path)])
    if report["outcome"] == "structural":
        report = live.worker.ask("reload", files=report["files"])
    assert report["outcome"] in ("patched", "reloaded"), report
    assert live.shown().startswith("-2 one True")


@pytest.mark.parametrize("code", ["async def show(self):\n        pass", "async def show(self):"], ids=["new", "same"])
def test_a_config_file_that_does_not_fit_keeps_code_of_the_same_save_out(live: Live, code: str) -> None:
    edit(live.folder, "async def show(self):", code)
    edit(live.path.parent, "count = 3", "count = 0", live.path.name)
    files = [str(live.folder / "plugin.py"), str(live.path)]
    report = live.worker.ask("refresh", files=files)
    assert (report["outcome"], report["error"]["file"]) == ("rejected", str(live.path))
    assert live.shown() == "3 one True None [1]"


@pytest.mark.parametrize("name", ["manifest.json", "words.json"])
def test_the_rude_edits_of_data_files_are_documented(tmp_path: Path, name: str) -> None:
    page = (REPOSITORY / "docs" / "rude-edits.md").read_text(encoding="utf-8")
    (found,) = needs_reload([tmp_path / name], tmp_path)["rude_edits"]
    section = page.partition(f"### {found['code']}: ")[2].partition("\n### ")[0]
    assert found["reason"] in section.replace("The plugin", "the plugin").replace("\n", " ")
