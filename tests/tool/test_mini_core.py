"""Loading, unloading and reloading a plugin, in this process."""

from __future__ import annotations

import asyncio
import os
import sys
import types
from pathlib import Path
from types import ModuleType

import pytest

from mpdt.worker.cores import Incoming
from mpdt.worker.importing import purge
from mpdt.worker.scope import plugin_modules
from tests.tool.worker_kit import edit, hosted, loaded, make_plugin, write

BROKEN_STAGES = {
    "syntax": ("plugin_name = ", "plugin_name == = ", "SyntaxError"),
    "import": ("logger = get_logger", "1 / 0\nlogger = get_logger", "ZeroDivisionError"),
    "import exits": ("logger = get_logger", "raise SystemExit(3)\nlogger = get_logger", "SystemExit"),
    "class": ('plugin_name = "probe"', 'plugin_name = "other"', "WorkerError"),
    "constructor": ("self.seen = 0", "self.seen = {}['a']", "KeyError"),
    "components": ("return [ProbeCommand]", "raise LookupError('none')", "LookupError"),
    "load hook": ('logger.info("loaded")', "raise OSError('no')", "OSError"),
}

WITH_TASK = """
import asyncio
from src.app.plugin_system.base import BasePlugin, register_plugin
from src.kernel.concurrency import get_task_manager

@register_plugin
class ProbePlugin(BasePlugin):
    plugin_name = "probe"

    def get_components(self):
        return []

    async def on_plugin_loaded(self):
        self.managed = get_task_manager().create_task(asyncio.Event().wait(), name="managed")
        self.bare = asyncio.create_task(self.run(), name="bare")

    async def run(self):
        await asyncio.create_task(asyncio.Event().wait(), name="inner")
"""


def broken(folder: Path, stage: str) -> tuple[str, str]:
    old, new, _ = BROKEN_STAGES[stage]
    edit(folder, old, new)
    return old, new


@pytest.mark.parametrize("stage", BROKEN_STAGES)
async def test_a_reload_that_fails_leaves_the_previous_version_serving(tmp_path: Path, stage: str) -> None:
    folder = make_plugin(tmp_path)
    async with loaded(folder) as host:
        before = host.mini_core.state()
        modules = dict(plugin_modules(folder))
        old, new = broken(folder, stage)
        reload = await host.mini_core.reload_plugin()
        assert reload.outcome == "rejected"
        assert reload.error is not None
        assert reload.error.type == BROKEN_STAGES[stage][2]
        assert await host.say("/probe b") == ["one b"]
        after = host.mini_core.state()
        assert after["instance_id"] == before["instance_id"]
        assert after["components"] == before["components"]
        assert plugin_modules(folder) == modules
        edit(folder, new, old)
        edit(folder, "one {text}", "two {text}")
        assert (await host.mini_core.reload_plugin()).outcome == "reloaded"
        assert await host.say("/probe b") == ["two b"]
        assert host.mini_core.state()["error"] is None


@pytest.mark.parametrize("stage", BROKEN_STAGES)
async def test_a_first_load_that_fails_leaves_nothing(tmp_path: Path, stage: str) -> None:
    folder = make_plugin(tmp_path)
    old, new = broken(folder, stage)
    async with hosted(folder) as host:
        load = await host.mini_core.load_plugin()
        assert load.error is not None
        assert load.error.type == BROKEN_STAGES[stage][2]
        assert plugin_modules(folder) == {}
        assert host.mini_core.state()["components"] == []
        assert (await host.mini_core.reload_plugin()).outcome == "failed"
        edit(folder, new, old)
        assert (await host.mini_core.reload_plugin()).outcome == "reloaded"
        assert await host.say("/probe b") == ["one b"]


async def test_the_error_names_the_deepest_line_of_the_plugin(tmp_path: Path) -> None:
    folder = make_plugin(tmp_path, {"deep.py": "import json\n\ndef read():\n    return json.loads('{')\n"})
    async with loaded(folder) as host:
        edit(folder, "logger = get_logger", "from .deep import read\nread()\nlogger = get_logger")
        error = (await host.mini_core.reload_plugin()).error
    assert error is not None
    assert (error.type, error.path, error.line) == ("JSONDecodeError", folder / "deep.py", 4)
    assert error.traceback.startswith("Traceback (most recent call last):\n")
    assert "importlib" not in error.traceback
    assert f'File "{folder / "plugin.py"}"' in error.traceback.splitlines()[1]


async def test_broken_files_are_found_before_the_old_plugin_is_touched(tmp_path: Path) -> None:
    folder = make_plugin(tmp_path, {"part.py": "A = 1\n"})
    edit(folder, "logger = get_logger", "from . import part\nlogger = get_logger")
    async with loaded(folder) as host:
        write(folder, {"part.py": "A = (\n"})
        reload = await host.mini_core.reload_plugin()
        assert reload.outcome == "rejected"
        assert reload.error is not None
        assert (reload.error.path, reload.error.line) == (folder / "part.py", 1)
        assert host.logged("unloaded") == []


async def test_unloading_cancels_the_tasks_and_reports_them(tmp_path: Path) -> None:
    folder = make_plugin(tmp_path, {"plugin.py": WITH_TASK})
    async with loaded(folder) as host:
        tasks = [task for task in asyncio.all_tasks() if task.get_name() in ("managed", "bare", "inner")]
        await asyncio.sleep(0)
        names = {task["name"] for task in host.mini_core.state()["tasks"]}
        assert names == {"managed", "bare", "inner"}
        leaks = await host.mini_core.unload_plugin()
        assert {leak.action for leak in leaks} == {"cancelled"}
        assert {leak.where for leak in leaks} == {
            "managed started at plugin.py:14",
            "bare started at plugin.py:15",
            "inner started at plugin.py:18",
        }
        assert all(task.cancelled() for task in tasks)


async def test_a_task_that_will_not_end_is_reported(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    stubborn = WITH_TASK.replace(
        'await asyncio.create_task(asyncio.Event().wait(), name="inner")',
        """self.end = asyncio.Event()
        while not self.end.is_set():
            try:
                await self.end.wait()
            except asyncio.CancelledError:
                pass""",
    )
    monkeypatch.setattr("mpdt.worker.mini_core.CLOSE_LIMIT", 0.05)
    folder = make_plugin(tmp_path, {"plugin.py": stubborn})
    async with loaded(folder) as host:
        version = host.mini_core._current
        assert version is not None
        plugin = version.instance
        leaks = await host.mini_core.unload_plugin()
        actions = {leak.where.split(" ")[0]: leak.action for leak in leaks}
        assert actions == {"managed": "cancelled", "bare": "survived"}
        plugin.end.set()  # type: ignore[attr-defined]


async def test_a_rejected_reload_starts_the_background_tasks_again(tmp_path: Path) -> None:
    folder = make_plugin(tmp_path, {"plugin.py": WITH_TASK})
    async with loaded(folder) as host:
        edit(folder, "get_components(self):", "get_components(self):\n        raise ValueError")
        assert (await host.mini_core.reload_plugin()).outcome == "rejected"
        await asyncio.sleep(0)
        assert {task["name"] for task in host.mini_core.state()["tasks"]} == {"managed", "bare", "inner"}


async def test_tasks_of_a_version_that_failed_to_load_are_cancelled(tmp_path: Path) -> None:
    folder = make_plugin(tmp_path, {"plugin.py": WITH_TASK})
    edit(folder, 'name="bare")', 'name="bare")\n        raise ValueError')
    async with hosted(folder) as host:
        assert (await host.mini_core.load_plugin()).error is not None
        assert not [task for task in asyncio.all_tasks() if task.get_name() in ("managed", "bare")]


async def test_exactly_the_folders_modules_are_purged(tmp_path: Path) -> None:
    files = {"sub/__init__.py": "", "sub/part.py": "", "space/leaf.py": ""}
    folder = make_plugin(tmp_path, files)
    edit(folder, "logger = get_logger", "from .sub import part\nfrom .space import leaf\nlogger = get_logger")
    site = folder / ".venv" / "lib" / "site-packages"
    write(site, {"probe_dependency.py": "VALUE = 1\n"})
    neighbours = {"probe_plugin_extra": tmp_path / "probe_plugin_extra.py", "plugin": tmp_path / "plugin.py"}
    for path in neighbours.values():
        path.write_text("", encoding="utf-8")
    async with loaded(folder) as host:
        others: dict[str, ModuleType] = {}
        for name, path in {**neighbours, "probe_dependency": site / "probe_dependency.py"}.items():
            others[name] = sys.modules[name] = types.ModuleType(name)
            others[name].__file__ = str(path)
        try:
            assert set(plugin_modules(folder)) == {
                "probe_plugin",
                "probe_plugin.plugin",
                "probe_plugin.sub",
                "probe_plugin.sub.part",
                "probe_plugin.space",
                "probe_plugin.space.leaf",
            }
            before = set(sys.modules)
            gone = await purged_names(host.mini_core, before)
            assert gone == {name for name in before if name.split(".")[0] == "probe_plugin"}
            assert all(sys.modules[name] is module for name, module in others.items())
        finally:
            for name in others:
                del sys.modules[name]


async def purged_names(mini_core: object, before: set[str]) -> set[str]:
    await mini_core.unload_plugin()  # type: ignore[attr-defined]
    return before - set(sys.modules)


def test_a_module_behind_a_symbolic_link_is_the_plugins(tmp_path: Path) -> None:
    folder = tmp_path / "real" / "linked_plugin"
    write(folder, {"a.py": ""})
    (tmp_path / "link").symlink_to(folder)
    module = types.ModuleType("linked_plugin.a")
    module.__file__ = str(tmp_path / "link" / "a.py")
    sys.modules["linked_plugin.a"] = module
    assert purge(folder) == {"linked_plugin.a": module}


async def test_two_saves_of_one_length_within_a_second_are_two_versions(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "dont_write_bytecode", False)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    folder = make_plugin(tmp_path, {"part.py": "ANSWER = 'aaa'\n"})
    edit(folder, "logger = get_logger", "from .part import ANSWER\nlogger = get_logger")
    edit(folder, 'f"one {text}"', "ANSWER")
    path = folder / "part.py"
    stat = path.stat()
    async with loaded(folder) as host:
        assert await host.say("/probe") == ["aaa"]
        for answer in ("bbb", "ccc"):
            path.write_text(f"ANSWER = {answer!r}\n", encoding="utf-8")
            os.utime(path, ns=(stat.st_atime_ns, stat.st_mtime_ns))
            assert (await host.mini_core.reload_plugin()).outcome == "reloaded"
            assert await host.say("/probe") == [answer]


async def test_plain_attributes_survive_a_reload_unless_the_edit_set_another_start(tmp_path: Path) -> None:
    folder = make_plugin(tmp_path)
    edit(folder, "self.seen = 0", "self.seen = 0\n        self.limit = 3\n        self.other = object()")
    async with loaded(folder) as host:
        before = host.mini_core._current
        assert before is not None
        before.instance.seen = 7  # type: ignore[attr-defined]
        before.instance.limit = 9  # type: ignore[attr-defined]
        before.instance.found = ["x"]  # type: ignore[attr-defined]
        edit(folder, "self.limit = 3", "self.limit = 5")
        reload = await host.mini_core.reload_plugin()
        after = host.mini_core._current
        assert after is not None
        assert reload.carried == ("seen", "found")
        assert after.instance is not before.instance
        assert (after.instance.seen, after.instance.limit, after.instance.found) == (7, 5, ["x"])  # type: ignore[attr-defined]


async def test_saved_state_is_given_to_another_worker(tmp_path: Path) -> None:
    folder = make_plugin(tmp_path)
    async with loaded(folder) as host:
        assert host.mini_core._current is not None
        host.mini_core._current.instance.seen = 4  # type: ignore[attr-defined]
        saved = await host.mini_core.save_plugin_state()
    async with hosted(folder) as other:
        assert (await other.mini_core.load_plugin(saved)).restored == ("seen",)
        assert other.mini_core._current is not None
        assert other.mini_core._current.instance.seen == 4  # type: ignore[attr-defined]


async def test_a_message_waits_for_the_reload(tmp_path: Path) -> None:
    folder = make_plugin(tmp_path)
    async with loaded(folder) as host:
        edit(folder, "one {text}", "two {text}")
        reload = asyncio.create_task(host.mini_core.reload_plugin())
        await asyncio.sleep(0)
        assert await host.say("/probe x") == ["two x"]
        assert (await reload).outcome == "reloaded"


async def test_a_message_that_takes_too_long_is_answered_with_what_there_is(tmp_path: Path) -> None:
    folder = make_plugin(tmp_path)
    edit(folder, 'return True, "done"', "await __import__('asyncio').Event().wait()")
    async with loaded(folder) as host:
        conversation = await host.mini_core.message(Incoming("/probe a"), limit=0.05)
        assert [reply.content for reply in conversation.replies] == ["one a"]
        assert conversation.timed_out
        leaks = await host.mini_core.unload_plugin()
        assert leaks


@pytest.mark.parametrize("name", ["json", "src", "a.b"])
async def test_a_folder_name_that_cannot_be_a_package_is_refused(tmp_path: Path, name: str) -> None:
    folder = make_plugin(tmp_path, named=name)
    async with hosted(folder) as host:
        error = (await host.mini_core.load_plugin()).error
    assert error is not None
    assert error.message.startswith(f"The folder's name '{name}'")
    assert "json" in sys.modules or name != "json"


async def test_nothing_of_the_simulated_core_stays_after_shutdown(tmp_path: Path) -> None:
    async with loaded(make_plugin(tmp_path)):
        assert "src.app.plugin_system.base" in sys.modules
    assert not [name for name in sys.modules if name == "src" or name.startswith("src.")]
    with pytest.raises(ImportError):
        __import__("src.app.plugin_system.base")
