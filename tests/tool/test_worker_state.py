"""State goes over from one version to the next, and from one worker to the next, over the real socket."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.tool.worker_kit import WorkerProcess, edit, make_plugin

CODE = """
import asyncio
import collections
import dataclasses
import enum
from src.app.plugin_system.api.send_api import send_text
from src.app.plugin_system.base import BaseCommand, BasePlugin, cmd_route, register_plugin

__mpdt_keep__ = ("total", "recent", "event")
total = 0
recent = collections.deque(maxlen=3)
event = None


class Mood(enum.Enum):
    GOOD = 1
    BAD = 2


@dataclasses.dataclass
class Note:
    text: str
    mood: Mood = Mood.GOOD


class Plain:
    def __init__(self):
        self.inner = [1]
        self.owner = self


class ProbeCommand(BaseCommand):
    command_name = "probe"

    @cmd_route("add")
    async def add(self, text: str):
        global total, event
        plugin = self.plugin
        total += 1
        recent.append(text)
        event = event or asyncio.Event()
        plugin.seen += 1
        plugin.notes.append(Note(text, Mood.BAD))
        plugin.shared = plugin.notes
        plugin.plain = plugin.plain or Plain()
        plugin.lock = plugin.lock or asyncio.Lock()
        return True, ""

    @cmd_route("eval")
    async def eval(self, text: str):
        await send_text(str(eval(text, globals(), {"plugin": self.plugin})), self.stream_id)
        return True, ""


@register_plugin
class ProbePlugin(BasePlugin):
    plugin_name = "probe"

    def __init__(self, config=None):
        super().__init__(config)
        self.seen = 0
        self.notes = []
        self.plain = None
        self.lock = None

    def get_components(self):
        return [ProbeCommand]
"""

HOOKS = """
    def mpdt_save_state(self):
        return {"secret": self._secret, "note": Note("kept")}

    async def mpdt_restore_state(self, state, schema):
        self._secret = (state["secret"], isinstance(state["note"], Note), schema["version"], sorted(schema["values"]))

    _secret = "first"
"""


class Live:
    def __init__(self, worker: WorkerProcess, folder: Path) -> None:
        self.worker = worker
        self.folder = folder

    def value(self, expression: str) -> str:
        (answer,) = self.worker.say(f"/probe eval '{expression}'")
        return str(answer)

    def reload(self, old: str = "", new: str = "") -> dict[str, Any]:
        if old:
            edit(self.folder, old, new)
        answer = self.worker.ask("reload", files=[])
        assert answer["outcome"] == "reloaded", answer["error"]
        return answer


def start(tmp_path: Path, code: str = CODE, **parameters: Any) -> Live:
    folder = make_plugin(tmp_path, {"plugin.py": code})
    worker = WorkerProcess(environment={"XDG_CACHE_HOME": str(tmp_path / "cache")})
    assert worker.ask("load", path=str(folder), core="simulated", **parameters)["loaded"]
    return Live(worker, folder)


@pytest.fixture
def live(tmp_path: Path) -> Iterator[Live]:
    live = start(tmp_path)
    with live.worker:
        yield live


def test_attributes_and_kept_globals_go_over(live: Live) -> None:
    for text in "abcd":
        live.worker.say(f"/probe add {text}")
    report = live.reload()
    assert live.value("plugin.seen, total, list(recent)") == "(4, 4, ['b', 'c', 'd'])"
    assert set(report["carried"]) >= {"seen", "notes", "plain", "shared", "probe_plugin.plugin:total"}
    assert "lock" in report["lost"]


def test_own_objects_are_made_anew_of_the_new_class(live: Live) -> None:
    live.worker.say("/probe add a")
    live.reload("    mood: Mood = Mood.GOOD", "    mood: Mood = Mood.GOOD\n    stars: int = 5")
    assert live.value("plugin.notes") == "[Note(text='a', mood=<Mood.BAD: 2>, stars=5)]"
    assert live.value("type(plugin.notes[0]) is Note, plugin.notes[0].mood is Mood.BAD") == "(True, True)"
    assert live.value("plugin.shared is plugin.notes, plugin.plain.owner is plugin.plain") == "(True, True)"


def test_a_foreign_object_goes_over_only_where_it_is_named(live: Live) -> None:
    live.worker.say("/probe add a")
    before = live.value("id(event)")
    live.reload()
    assert live.value("id(event), plugin.lock") == f"({before}, None)"


def test_an_edited_start_value_is_seen(live: Live) -> None:
    live.worker.say("/probe add a")
    live.reload("self.seen = 0", "self.seen = 100")
    assert live.value("plugin.seen, total") == "(100, 1)"
    live.reload("total = 0", "total = 10")
    assert live.value("total") == "10"


def test_what_cannot_go_over_is_named(live: Live) -> None:
    live.worker.say("/probe add a")
    report = live.reload("    mood: Mood = Mood.GOOD", "    author: str\n    mood: Mood = Mood.GOOD")
    assert live.value("plugin.notes, plugin.seen") == "([], 1)"
    assert {"notes", "shared"} <= set(report["lost"])


def test_a_class_may_say_which_attributes_go_over(live: Live) -> None:
    live.reload('plugin_name = "probe"', 'plugin_name = "probe"\n    __mpdt_keep__ = ("seen",)')
    live.worker.say("/probe add a")
    live.reload()
    assert live.value("plugin.seen, plugin.notes") == "(1, [])"


def test_the_plugins_own_hooks(live: Live) -> None:
    live.reload("    def get_components", f"{HOOKS}\n    def get_components")
    live.reload()
    assert live.value("plugin._secret[:3]") == "('first', True, '1.0.0')"


def test_a_save_hook_that_fails_is_told_and_the_rest_goes_over(live: Live) -> None:
    live.reload("    def get_components", "    def mpdt_save_state(self):\n        1 / 0\n\n    def get_components")
    live.worker.say("/probe add a")
    live.reload()
    assert live.value("plugin.seen") == "1"
    assert "mpdt_save_state failed" in live.worker.wait_for_log("mpdt_save_state")["message"]


def test_what_the_save_hook_gave_and_cannot_go_over_is_named(live: Live) -> None:
    live.reload("    def get_components", f"{HOOKS}\n    def get_components")
    live.worker.say("/probe add a")
    path = live.folder / "plugin.py"
    path.write_text(path.read_text().replace("Note", "Remark"))
    report = live.reload()
    assert {"mpdt_save_state", "notes"} <= set(report["lost"])
    assert live.value("plugin.seen, plugin._secret") == "(1, 'first')"


def test_a_class_whose_making_fails_costs_its_own_values_only(live: Live) -> None:
    live.worker.say("/probe add a")
    report = live.reload("class Plain:\n", "class Plain:\n    def __new__(cls):\n        raise RuntimeError\n\n")
    assert "plain" in report["lost"]
    assert live.value("plugin.seen, plugin.plain") == "(1, None)"


def test_a_restore_hook_that_fails_rejects_the_new_version(live: Live) -> None:
    broken = HOOKS.replace("self._secret = (", "self._secret = undefined(")
    live.reload("    def get_components", f"{broken}\n    def get_components")
    live.worker.say("/probe add a")
    answer = live.worker.ask("reload", files=[])
    assert (answer["outcome"], answer["error"]["type"]) == ("rejected", "NameError")
    assert live.value("plugin.seen, plugin._secret") == "(1, 'first')"


@pytest.mark.parametrize("ending", ["kill", "shutdown"])
def test_another_worker_resumes(tmp_path: Path, ending: str) -> None:
    file = tmp_path / "state" / "probe.state"
    live = start(
        tmp_path, CODE.replace("    def get_components", f"{HOOKS}\n    def get_components"), state_file=str(file)
    )
    with live.worker:
        live.worker.say("/probe add a")
        if ending == "kill":
            live.worker.ask("reload", files=[])  # after which it is on disk
            live.worker.process.kill()
        else:
            live.worker.ask("shutdown")
    assert file.stat().st_mode & 0o777 == 0o600
    assert [path.name for path in file.parent.iterdir()] == ["probe.state"]
    edit(live.folder, "    mood: Mood = Mood.GOOD", "    mood: Mood = Mood.GOOD\n    stars: int = 5")
    with WorkerProcess() as worker:
        answer = worker.ask("load", path=str(live.folder), core="simulated", state_file=str(file), restore=True)
        assert {"seen", "notes", "probe_plugin.plugin:recent"} <= set(answer["restored"])
        again = Live(worker, live.folder)
        assert again.value("plugin.seen, total, list(recent)") == "(1, 1, ['a'])"
        assert again.value("plugin.notes, plugin.shared is plugin.notes") == (
            "([Note(text='a', mood=<Mood.BAD: 2>, stars=5)], True)"
        )
        assert again.value("plugin._secret[1]") == "True"


def test_without_restore_a_worker_starts_anew(tmp_path: Path) -> None:
    file = tmp_path / "probe.state"
    live = start(tmp_path, state_file=str(file))
    with live.worker:
        live.worker.say("/probe add a")
        live.worker.ask("shutdown")
    with WorkerProcess() as worker:
        worker.ask("load", path=str(live.folder), core="simulated", state_file=str(file))
        assert Live(worker, live.folder).value("plugin.seen") == "0"


def test_a_torn_state_file_is_told_and_left_alone(tmp_path: Path) -> None:
    file = tmp_path / "probe.state"
    file.write_bytes(b"\x80\x04 torn")
    live = start(tmp_path, state_file=str(file), restore=True)
    with live.worker:
        assert "The saved state cannot be read" in live.worker.wait_for_log("saved state")["message"]
        assert live.value("plugin.seen") == "0"


def test_a_full_disk_is_told_and_the_last_saved_state_stays(tmp_path: Path) -> None:
    file = tmp_path / "state" / "probe.state"
    live = start(tmp_path, state_file=str(file))
    with live.worker:
        live.worker.say("/probe add a")
        live.worker.ask("reload", files=[])
        saved = file.read_bytes()
        edit(
            live.folder,
            "import asyncio",
            "import asyncio, resource\nresource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))",
        )
        edit(live.folder, "import enum", "import enum, signal\nsignal.signal(signal.SIGXFSZ, signal.SIG_IGN)")
        live.worker.say("/probe add b")
        assert live.worker.ask("reload", files=[])["outcome"] == "reloaded"
        assert live.worker.wait_for_log("The plugin's state cannot be saved")
        assert live.value("plugin.seen") == "2"
        assert file.read_bytes()[:20] == saved[:20]
        assert [path.name for path in file.parent.iterdir()] == ["probe.state"]
