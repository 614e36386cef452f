"""Where the simulated core keeps things, what a plugin finds beside itself, and how it is set up anew."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.tool.worker_kit import WorkerProcess, loaded, make_plugin, write

STORES = """
import plugins.neighbour.words as words
from src.app.plugin_system.base import BasePlugin, BaseTool, register_plugin
from src.app.plugin_system.api.storage_api import load_json, save_json
from src.core.utils.security import VerifiedDep, get_api_key, verify_websocket_token
from src.core.config import init_core_config, get_core_config
from src.core.managers import get_stream_manager


class Counts(BaseTool):
    tool_name = "counts"
    tool_description = "counts"

    async def execute(self) -> tuple[bool, int]:
        count = ((await load_json("probe", "count")) or {"count": 0})["count"] + 1
        await save_json("probe", "count", {"count": count})
        return True, count


@register_plugin
class ProbePlugin(BasePlugin):
    plugin_name = "probe"
    word = words.WORD

    def get_components(self):
        assert init_core_config("config/core.toml") is get_core_config()
        assert isinstance(get_stream_manager()._streams, dict)
        return [Counts]
"""


@pytest.fixture
def worker() -> Iterator[WorkerProcess]:
    with WorkerProcess() as running:
        yield running


def test_data_lies_where_the_supervisor_says_and_a_new_core_begins_with_it(
    tmp_path: Path, worker: WorkerProcess
) -> None:
    folder = make_plugin(tmp_path, {"plugin.py": STORES}, named="probe")
    write(tmp_path / "neighbour", {"words.py": "WORD = 'beside'\n"})
    places = {name: str(tmp_path / name) for name in ("home", "data")}
    assert worker.ask("load", path=str(folder), **places)["error"] is None
    for count in (1, 2):
        assert worker.ask("call", kind="tool", name="counts")["result"] == [True, count]
    assert list((tmp_path / "data").rglob("count.json")) != []
    assert not (folder / ".mpdt").exists()

    assert worker.ask("unload") == {"left": []}
    assert worker.ask("state")["loaded"] is False
    assert worker.ask("load", path=str(folder), **places)["error"] is None
    assert worker.ask("call", kind="tool", name="counts")["result"] == [True, 3]
    assert worker.ask("unload") == {"left": []}
    elsewhere = {**places, "data": str(tmp_path / "other")}
    assert worker.ask("load", path=str(folder), **elsewhere)["error"] is None
    assert worker.ask("call", kind="tool", name="counts")["result"] == [True, 1]
    # The edit after such a load is one of the version that serves.
    path = folder / "plugin.py"
    path.write_text(path.read_text().replace('["count"] + 1', '["count"] + 10'), encoding="utf-8")
    report = worker.ask("refresh", files=[str(path)])
    assert report["outcome"] == "patched", report["rude_edits"]
    assert worker.ask("call", kind="tool", name="counts")["result"] == [True, 11]


BUILT_IN = """
from src.plugins.built_in.probe.parts import VALUE
from src.plugin_system import BasePlugin, register_plugin
from src.plugin_system.base.component_types import CustomEventHandlerResult
from src.plugin_system.base.config_types import ConfigSection
from src.chat.utils.prompt import Prompt, global_prompt_manager
from src.common.logger import _register_logger_meta
from . import parts

_register_logger_meta("probe", color="#ffffff")
Prompt("Hello {who}, \\\\{braces\\\\}", "greeting")


@register_plugin
class ProbePlugin(BasePlugin):
    plugin_name = "probe"

    def __init__(self, plugin_dir):
        super().__init__(plugin_dir)
        self.same = VALUE is parts.VALUE

    def get_plugin_components(self):
        return []

    async def on_plugin_loaded(self):
        self.prompt = await global_prompt_manager.format_prompt("greeting", who="you")
"""


async def test_a_part_of_the_bot_finds_itself_by_the_bots_path(tmp_path: Path) -> None:
    files = {"__init__.py": "", "plugin.py": BUILT_IN, "parts.py": "VALUE = object()\n", "_manifest.json": "{}"}
    folder = tmp_path / "probe"
    write(folder, files)
    (folder / "_manifest.json").write_text('{"name": "probe", "version": "1"}', encoding="utf-8")
    async with loaded(folder) as host:
        spec = sys.modules["probe.parts"].__spec__
        assert spec is not None
        assert spec.name == "probe.parts"
        plugin = host.core._runtime.registrations.plugins["probe"]
        assert plugin.same
        assert plugin.prompt == "Hello you, {braces}"
        (folder / "parts.py").write_text("VALUE = object()\nMORE = 1\n", encoding="utf-8")
        assert (await host.mini_core.reload_plugin()).outcome == "reloaded"
        assert host.core._runtime.registrations.plugins["probe"].same
    assert not [name for name in sys.modules if name.startswith(("src.plugins", "probe"))]
