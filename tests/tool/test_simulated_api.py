"""The ``src.*`` API: what can be imported, and what says that it is not simulated."""

from __future__ import annotations

import sys
import types
from pathlib import Path
from typing import Any

import pytest

from mpdt.worker.cores.simulated.importer import known_names
from mpdt.worker.cores.simulated.standin import NotSimulated
from tests.tool.worker_kit import hosted, loaded, make_plugin


async def test_every_public_module_can_be_imported_and_every_name_of_it(tmp_path: Path) -> None:
    async with hosted(make_plugin(tmp_path)):
        for module, names in known_names().items():
            __import__(module)
            for name in names:
                assert getattr(sys.modules[module], name) is not None


async def test_a_name_is_the_same_object_wherever_it_is_imported_from(tmp_path: Path) -> None:
    async with hosted(make_plugin(tmp_path)):
        from src.app.plugin_system.api.log_api import get_logger as api_get_logger
        from src.app.plugin_system.base import BaseCommand as Public
        from src.core.components import BaseCommand as Passed
        from src.core.components.base.command import BaseCommand as Defined
        from src.kernel.logger import get_logger

        assert Public is Passed is Defined
        assert get_logger is api_get_logger


async def test_an_unknown_name_or_module_is_an_import_error(tmp_path: Path) -> None:
    async with hosted(make_plugin(tmp_path)):
        with pytest.raises(ImportError, match="BaseCommands"):
            from src.app.plugin_system.base import BaseCommands  # noqa: F401
        with pytest.raises(ModuleNotFoundError):
            import src.app.plugin_system.bases  # noqa: F401


async def test_what_is_not_simulated_says_so_on_use(tmp_path: Path) -> None:
    async with hosted(make_plugin(tmp_path)):
        from src.core.managers.tool_manager import get_mcp_manager
        from src.kernel.llm.monitor import MetricsCollector

        with pytest.raises(NotSimulated, match=r"^src\.kernel\.llm\.monitor\.MetricsCollector is not simulated"):
            MetricsCollector()
        with pytest.raises(NotSimulated, match=r"MetricsCollector\.get_stats is not simulated"):
            _ = MetricsCollector.get_stats
        with pytest.raises(NotSimulated, match=r"get_mcp_manager is not simulated"):
            get_mcp_manager()


async def test_annotations_and_bases_may_mention_what_is_not_simulated(tmp_path: Path) -> None:
    async with hosted(make_plugin(tmp_path)):
        code = """
from src.kernel.llm.monitor import MetricsCollector, RequestTimer

def function(a: MetricsCollector | None, b: list[MetricsCollector], c: "MetricsCollector[int]") -> RequestTimer: ...

class Mine(MetricsCollector):
    pass
"""
        names: dict[str, Any] = {}
        exec(compile(code, "<plugin>", "exec", dont_inherit=True), names)
        assert names["function"].__annotations__["b"] == types.GenericAlias(list, (names["MetricsCollector"],))
        assert not isinstance(3, names["MetricsCollector"])
        with pytest.raises(NotSimulated, match="MetricsCollector is not simulated"):
            names["Mine"]()


async def test_a_folder_named_src_on_the_path_is_not_taken_for_the_core(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = tmp_path / "elsewhere" / "src"
    other.mkdir(parents=True)
    (other / "__init__.py").write_text("WRONG = True", encoding="utf-8")
    monkeypatch.syspath_prepend(str(other.parent))
    async with hosted(make_plugin(tmp_path)):
        import src

        assert not hasattr(src, "WRONG")
        assert src.__spec__.origin == "mpdt simulated core"


ALL_KINDS = """
from typing import Annotated, Literal
from src.app.plugin_system.base import *
from src.app.plugin_system.types import ChatType
from src.core.managers import get_action_manager, get_tool_use
from src.core.models.message import Message
from src.app.plugin_system.api.send_api import send_text

class Act(BaseAction):
    action_name = "act"
    action_description = "Acts."
    associated_types = ["text"]

    async def execute(self, mood: Annotated[str, "How"], times: int = 2) -> tuple[bool, str]:
        await self._send_to_stream(mood * times)
        return True, "acted"

class Ask(BaseTool):
    tool_name = "ask"
    tool_description = "Asks."

    async def execute(self, what: str, how: Literal["fast", "slow"] = "fast", tags: list[int] | None = None):
        '''Ask something.

        Args:
            what: The thing
                that is asked.
            how: In which way.
        '''
        return True, {"what": what}

class Web(BaseRouter):
    router_name = "web"
    def register_endpoints(self): ...

class Talk(BaseChatter):
    chatter_name = "talk"
    async def execute(self):
        yield Wait()

class Run(BaseCommand):
    command_name = "run"

    @cmd_route()
    async def plain(self):
        of = (self.plugin, self._message)
        done = await get_action_manager().execute_action("probe:action:act", *of, mood="a", reason="b")
        asked = await get_tool_use().execute_tool("probe:tool:ask", self.plugin, self._message, what="x")
        await send_text(repr((done, asked)), self.stream_id)
        return True, ""

@register_plugin
class ProbePlugin(BasePlugin):
    plugin_name = "probe"

    def get_components(self):
        return [Act, Ask, Web, Talk, Run]
"""


async def test_components_of_all_kinds_are_listed_with_their_schemas(tmp_path: Path) -> None:
    async with loaded(make_plugin(tmp_path, {"plugin.py": ALL_KINDS})) as host:
        listed = {one["kind"]: one for one in host.mini_core.state()["components"]}
        assert list(listed) == ["action", "tool", "router", "chatter", "command"]
        assert listed["action"]["description"] == "Acts."
        assert listed["action"]["schema"]["function"] == {
            "name": "action-act",
            "description": "Acts.",
            "parameters": {
                "type": "object",
                "properties": {
                    "mood": {"type": "string", "description": "How"},
                    "times": {"type": "integer", "description": "times 参数", "default": 2},
                },
                "required": ["mood"],
            },
        }
        assert listed["tool"]["schema"]["function"]["parameters"] == {
            "type": "object",
            "properties": {
                "what": {"type": "string", "description": "The thing that is asked."},
                "how": {
                    "type": "string",
                    "enum": ["fast", "slow"],
                    "description": "In which way.",
                    "default": "fast",
                },
                "tags": {"type": "array", "items": {"type": "integer"}, "description": "tags 参数"},
            },
            "required": ["what"],
        }


async def test_actions_and_tools_can_be_run_by_the_plugin(tmp_path: Path) -> None:
    async with loaded(make_plugin(tmp_path, {"plugin.py": ALL_KINDS})) as host:
        assert await host.say("/run") == ["aa", "((True, 'acted'), (True, {'what': 'x'}))"]


async def test_schemas_are_made_from_the_live_class(tmp_path: Path) -> None:
    async with loaded(make_plugin(tmp_path, {"plugin.py": ALL_KINDS})) as host:
        module = sys.modules["probe_plugin.plugin"]
        host.mini_core.state()

        async def execute(self: object, other: bool) -> object: ...

        module.Ask.execute = execute
        module.Ask.tool_description = "Wonders."
        tool = next(one for one in host.mini_core.state()["components"] if one["kind"] == "tool")
        assert tool["description"] == "Wonders."
        assert tool["schema"]["function"]["parameters"]["required"] == ["other"]


async def test_a_plugin_for_an_older_core_is_told_what_a_newer_one_refuses(tmp_path: Path) -> None:
    code = ALL_KINDS.replace('associated_types = ["text"]', "")
    async with loaded(make_plugin(tmp_path, {"plugin.py": code}, min_core_version="1.0.0")) as host:
        assert any("refuses the plugin without it from 1.2 on" in message for message in host.logged("'act'"))


async def test_an_action_without_associated_types_does_not_load(tmp_path: Path) -> None:
    code = ALL_KINDS.replace('associated_types = ["text"]', "")
    async with hosted(make_plugin(tmp_path, {"plugin.py": code})) as host:
        error = (await host.mini_core.load_plugin()).error
    assert error is not None
    assert "associated_types must be a list" in error.message


@pytest.mark.parametrize(
    ("manifest", "message"),
    [
        ({"entry_point": "main.py"}, "There is no main.py"),
        ({"entry_point": "../other.py"}, "lies outside the plugin"),
        ({"name": "other"}, "registers no plugin named 'other' (only 'probe')"),
    ],
)
async def test_a_manifest_that_does_not_fit_is_told(tmp_path: Path, manifest: dict[str, str], message: str) -> None:
    async with hosted(make_plugin(tmp_path, **manifest)) as host:
        error = (await host.mini_core.load_plugin()).error
    assert error is not None
    assert message in error.message


async def test_managed_tasks_and_groups(tmp_path: Path) -> None:
    code = """
import asyncio
from src.kernel.concurrency import TaskGroupError, get_task_manager
from src.app.plugin_system.base import BasePlugin, register_plugin

RESULTS = {}

@register_plugin
class ProbePlugin(BasePlugin):
    plugin_name = "probe"

    def get_components(self):
        return []

    async def on_plugin_loaded(self):
        manager = get_task_manager()
        RESULTS["gathered"] = await manager.gather(self.give(1), self.give(2))
        async with manager.group("g") as group:
            info = group.create_task(self.give(3), name="three")
        RESULTS["grouped"] = info.get_result()
        try:
            async with manager.group("h") as group:
                group.create_task(self.give(None))
        except LookupError as error:
            RESULTS["raised"] = repr(error)
        try:
            manager.group("g").create_task(self.give(4))
        except TaskGroupError:
            RESULTS["inactive"] = True
        waiting = manager.create_task(asyncio.Event().wait())
        RESULTS["cancelled"] = manager.cancel_task(waiting.task_id)

    async def give(self, value):
        if value is None:
            raise LookupError("none")
        return value
"""
    async with loaded(make_plugin(tmp_path, {"plugin.py": code})):
        assert sys.modules["probe_plugin.plugin"].RESULTS == {
            "gathered": [1, 2],
            "grouped": 3,
            "raised": "LookupError('none')",
            "inactive": True,
            "cancelled": True,
        }
