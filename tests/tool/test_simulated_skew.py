"""A name that the flavour's API has not got: said with the name, the file, the line, and the closest name there is."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from tests.tool.worker_kit import WorkerProcess, loaded, make_plugin, write

HEAD = "import asyncio\n"


@pytest.mark.parametrize(
    ("line", "sentences"),
    [
        (
            "from src.app.plugin_system.base import BaseComand",
            [
                "Neo-MoFox's API has no 'BaseComand' in src.app.plugin_system.base",
                "closest that exists is 'BaseCommand'",
            ],
        ),
        (
            "from src.kernel.llm import PermissionLevel",
            ["no 'PermissionLevel' in src.kernel.llm", "It is in src."],
        ),
        (
            "from src.app.plugin_system.api.zzz_qqq import x",
            ["Neo-MoFox's API has no module 'src.app.plugin_system.api.zzz_qqq'"],
        ),
        ("import src.app.plugin_system.bases", ["closest that exists is 'src.app.plugin_system.base'"]),
        (
            "from src.plugin_system import BasePlugin",
            [
                "no module 'src.plugin_system'",
                "It is of the classic core's",
                "the plugin's manifest says that it is for",
            ],
        ),
    ],
)
def test_a_load_says_what_is_missing_and_what_there_is(tmp_path: Path, line: str, sentences: list[str]) -> None:
    folder = make_plugin(tmp_path, {"plugin.py": HEAD + line + "\n"})
    with WorkerProcess() as worker:
        error = worker.ask("load", path=str(folder))["error"]
        worker.ask("shutdown")
    assert (error["file"], error["line"]) == (str(folder / "plugin.py"), 2)
    for sentence in sentences:
        assert sentence in error["message"]


def test_the_classic_flavour_says_it_too(tmp_path: Path) -> None:
    folder = tmp_path / "old_plugin"
    code = "from src.plugin_system import BasePlugin\nfrom src.plugin_system.apis.send_api import text_to_steam\n"
    write(folder, {"plugin.py": code, "_manifest.json": '{"name": "Old", "version": "1"}'})
    with WorkerProcess() as worker:
        error = worker.ask("load", path=str(folder))["error"]
        worker.ask("shutdown")
    assert (error["type"], error["line"]) == ("UnknownName", 2)
    assert "the classic core's API has no 'text_to_steam'" in error["message"]
    assert "closest that exists is 'text_to_stream'" in error["message"]
    assert "plugin.py, line 2" in error["message"]


async def test_a_guarded_import_and_a_question_go_on(tmp_path: Path) -> None:
    code = """
try:
    from src.app.plugin_system.base import BaseNothing
except ImportError:
    BaseNothing = None
try:
    import src.nothing
except ModuleNotFoundError:
    pass
import src.app.plugin_system.base as base
assert not hasattr(base, "BaseNothing") and getattr(base, "BaseNothing", 3) == 3
from src.app.plugin_system.base import BasePlugin, register_plugin

@register_plugin
class ProbePlugin(BasePlugin):
    plugin_name = "probe"

    def get_components(self):
        return []
"""
    async with loaded(make_plugin(tmp_path, {"plugin.py": code})) as host:
        assert sys.modules["probe_plugin.plugin"].BaseNothing is None
        assert host.core.components() == []
