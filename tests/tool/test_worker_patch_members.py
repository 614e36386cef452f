"""Members that come and go in a plugin's classes are patched: the core's own decorators only note what they get."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.tool.worker_kit import WorkerProcess, edit, make_plugin

CODE = """
from typing import Annotated

from src.app.plugin_system.api.send_api import send_text
from src.app.plugin_system.base import (
    BaseAction, BaseCommand, BaseConfig, BaseEventHandler, BasePlugin, BaseService, BaseTool, Field, SectionBase,
    cmd_route, config_section, register_plugin,
)


class ProbeConfig(BaseConfig):
    config_name = "settings"

    @config_section("general")
    class General(SectionBase):
        count: int = Field(default=3, ge=1)

    general: General = Field(default_factory=General)


class ProbeTool(BaseTool):
    tool_name = "measure"
    tool_description = "Measures."

    async def execute(self, text: Annotated[str, "What is measured"]):
        return True, {"length": len(text)}


class ProbeAction(BaseAction):
    action_name = "act"
    associated_types = ["text"]

    async def execute(self):
        return True, "acted"


class ProbeService(BaseService):
    service_name = "serve"

    def value(self):
        return 1


class ProbeHandler(BaseEventHandler):
    handler_name = "listen"

    async def execute(self, event_name, params):
        return "PASS", params


class ProbeCommand(BaseCommand):
    command_name = "probe"

    @cmd_route("first")
    async def first(self):
        await send_text("first", self.stream_id)
        return True, ""

    @cmd_route("show")
    async def show(self, name: str):
        await send_text(str(getattr(self.plugin.config.general, name, "nothing")), self.stream_id)
        return True, ""


@register_plugin
class ProbePlugin(BasePlugin):
    plugin_name = "probe"
    configs = [ProbeConfig]

    def get_components(self):
        return [ProbeCommand, ProbeTool, ProbeAction, ProbeService, ProbeHandler]
"""


class Live:
    def __init__(self, worker: WorkerProcess, folder: Path) -> None:
        self.worker = worker
        self.folder = folder
        self.instance = self.state()["instance_id"]

    def state(self) -> dict[str, Any]:
        return self.worker.ask("state")

    def schema(self, name: str) -> dict[str, Any]:
        return {one["name"]: one for one in self.state()["components"]}[name]["schema"]

    def patch(self, old: str, new: str) -> None:
        edit(self.folder, old, new)
        report = self.worker.ask("refresh", files=[str(self.folder / "plugin.py")])
        assert report["outcome"] == "patched", report["rude_edits"] or report["error"]
        assert self.state()["instance_id"] == self.instance


@pytest.fixture
def live(tmp_path: Path) -> Iterator[Live]:
    folder = make_plugin(tmp_path, {"plugin.py": CODE})
    with WorkerProcess(environment={"XDG_CACHE_HOME": str(tmp_path / "cache")}) as worker:
        assert worker.ask("load", path=str(folder), core="simulated")["loaded"]
        yield Live(worker, folder)


def test_a_method_of_the_plugin_class(live: Live) -> None:
    live.patch("    def get_components", "    def more(self):\n        return 'more'\n\n    def get_components")
    live.patch('send_text("first",', "send_text(self.plugin.more(),")
    assert live.worker.say("/probe first") == ["more"]
    live.patch("    def more(self):\n        return 'more'\n\n", "")
    live.patch("send_text(self.plugin.more(),", "send_text(str(hasattr(self.plugin, 'more')),")
    assert live.worker.say("/probe first") == ["False"]


def test_a_class_attribute_of_the_plugin(live: Live) -> None:
    live.patch('plugin_name = "probe"', 'plugin_name = "probe"\n    mark = "marked"')
    live.patch('send_text("first",', "send_text(self.plugin.mark,")
    assert live.worker.say("/probe first") == ["marked"]
    live.patch('mark = "marked"', 'mark = "again"')
    assert live.worker.say("/probe first") == ["again"]


def test_a_config_field_with_its_default_in_the_live_config(live: Live) -> None:
    assert live.worker.say("/probe show speed") == ["nothing"]
    live.patch("count: int = Field(default=3, ge=1)", "count: int = Field(default=3, ge=1)\n        speed: int = 7")
    assert live.worker.say("/probe show speed") == ["7"]
    assert "speed" in str(live.schema("settings"))


def test_a_config_section(live: Live) -> None:
    section = '    @config_section("more")\n    class More(SectionBase):\n        depth: int = 4\n\n'
    live.patch(
        "    general: General =", f"{section}    more: More = Field(default_factory=More)\n    general: General ="
    )
    live.patch("str(getattr(self.plugin.config.general, name", "str(getattr(self.plugin.config.more, name")
    assert live.worker.say("/probe show depth") == ["4"]


def test_a_route(live: Live) -> None:
    assert live.worker.say("/probe second") == []
    second = '    @cmd_route("second")\n    async def second(self):\n'
    second += '        await send_text("second", self.stream_id)\n        return True, ""\n\n'
    live.patch('    @cmd_route("show")', f'{second}    @cmd_route("show")')
    assert live.worker.say("/probe second") == ["second"]
    live.patch('@cmd_route("second")', '@cmd_route("other")')
    assert live.worker.say("/probe other") == ["second"]
    assert live.worker.say("/probe second") == []
    live.patch(second.replace('route("second")', 'route("other")'), "")
    assert live.worker.say("/probe other") == []
    assert [route["path"] for route in live.schema("probe")["routes"]] == [["first"], ["show"]]


def test_a_tools_signature(live: Live) -> None:
    live.patch('"What is measured"]):', '"What is measured"], unit: Annotated[int, "In what"] = 1):')
    parameters = live.schema("measure")["function"]["parameters"]
    assert parameters["properties"]["unit"] == {"type": "integer", "description": "In what", "default": 1}
    live.patch(', unit: Annotated[int, "In what"] = 1):', "):")
    assert set(live.schema("measure")["function"]["parameters"]["properties"]) == {"text"}


@pytest.mark.parametrize("name", ["ProbeTool", "ProbeAction", "ProbeService", "ProbeHandler", "ProbeCommand"])
def test_members_of_every_kind_of_component(live: Live, name: str) -> None:
    head = f"class {name}("
    text = (live.folder / "plugin.py").read_text(encoding="utf-8")
    line = next(line for line in text.splitlines() if line.startswith(head))
    live.patch(line, f"{line}\n    added = 'added'\n\n    def helper(self):\n        return self.added\n")
    live.patch('send_text("first",', f"send_text({name}.helper({name}),")
    assert live.worker.say("/probe first") == ["added"]
