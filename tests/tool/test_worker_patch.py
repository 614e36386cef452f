"""Live patches in the real worker process: the engine, MiniCore and the simulated core together."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.tool.worker_kit import EXAMPLE, PLUGIN, WorkerProcess, edit, make_plugin, write

ADDED = """

class ByeCommand(EchoCommand):
    command_name = "bye"
"""


class Session:
    """The example plugin in a worker."""

    def __init__(self, worker: WorkerProcess, folder: Path) -> None:
        self.worker = worker
        self.folder = folder

    def save(self, name: str, old: str, new: str) -> dict[str, Any]:
        edit(self.folder, old, new, name)
        return self.refresh(name)

    def refresh(self, *names: str) -> dict[str, Any]:
        return self.worker.ask("refresh", files=[str(self.folder / name) for name in names])

    def reload(self) -> dict[str, Any]:
        return self.worker.ask("reload", files=[])


@pytest.fixture
def session(tmp_path: Path) -> Iterator[Session]:
    folder = Path(shutil.copytree(EXAMPLE, tmp_path / "echo_plugin", ignore=shutil.ignore_patterns(".mpdt")))
    with WorkerProcess(environment={"XDG_CACHE_HOME": str(tmp_path / "cache")}) as worker:
        assert worker.ask("load", path=str(folder), core="simulated")["loaded"]
        yield Session(worker, folder)


def test_a_patch_keeps_the_counter_and_the_instance(session: Session) -> None:
    say = session.worker.say
    assert say("/echo hello") == ["echo #1: hello"]
    before = session.worker.ask("state")
    report = session.save("text.py", "echo #{number}", "ECHO #{number}")
    assert report["outcome"] == "patched", report
    assert report["components"] == {"added": [], "removed": []}
    assert say("/echo hello") == ["ECHO #2: hello"]
    after = session.worker.ask("state")
    assert after["instance_id"] == before["instance_id"]
    assert after["tasks"] == before["tasks"]


def test_a_bare_call_is_structural_and_then_reloaded(session: Session) -> None:
    report = session.save("text.py", 'SHOUT = "!"', 'SHOUT = "!"\nprint(SHOUT)')
    assert report["outcome"] == "structural", report
    assert report["rude_edits"][0]["line"] == 6
    assert session.reload()["outcome"] == "reloaded"
    assert session.save("text.py", "echo #{number}", "ECHO #{number}")["outcome"] == "patched"
    assert session.worker.say("/echo a") == ["ECHO #1: a"]


def test_a_syntax_error_is_rejected_and_mended(session: Session) -> None:
    report = session.save("text.py", 'return f"echo', 'return (f"echo')
    assert report["outcome"] == "rejected", report
    assert session.worker.say("/echo a") == ["echo #1: a"]
    report = session.save("text.py", 'return (f"echo', 'return f"Echo')
    assert report["outcome"] == "patched", report
    assert session.worker.say("/echo a") == ["Echo #2: a"]


def test_after_a_rejected_reload_the_version_that_came_back_can_be_patched(session: Session) -> None:
    assert session.worker.say("/echo a") == ["echo #1: a"]
    edit(session.folder, "logger = get_logger", "1 / 0\nlogger = get_logger", "plugin.py")
    assert session.reload()["outcome"] == "rejected"
    assert session.worker.say("/echo a") == ["echo #2: a"]
    edit(session.folder, "1 / 0\n", "", "plugin.py")
    edit(session.folder, "echo #{number}", "ECHO #{number}", "text.py")
    report = session.refresh("plugin.py", "text.py")
    assert report["outcome"] == "patched", report
    assert session.worker.say("/echo a") == ["ECHO #3: a"]


def test_a_new_component_answers_after_the_patch_that_lists_it(session: Session) -> None:
    path = session.folder / "components" / "command.py"
    write(session.folder, {"components/command.py": path.read_text(encoding="utf-8") + ADDED})
    edit(
        session.folder,
        "import CountWordsTool, EchoCommand",
        "import CountWordsTool, EchoCommand, ByeCommand",
        "plugin.py",
    )
    edit(session.folder, "return [EchoCommand,", "return [EchoCommand, ByeCommand,", "plugin.py")
    edit(session.folder, "import EchoCommand", "import ByeCommand, EchoCommand", "components/__init__.py")
    report = session.refresh("components/command.py", "plugin.py", "components/__init__.py")
    assert report["outcome"] == "patched", report
    assert report["components"] == {"added": ["echo:command:bye"], "removed": []}
    assert session.worker.say("/bye now") == ["echo #1: now"]
    report = session.save("plugin.py", "return [EchoCommand, ByeCommand,", "return [EchoCommand,")
    assert report["components"] == {"added": [], "removed": ["echo:command:bye"]}
    assert session.worker.say("/bye now") == []


def test_a_renamed_command_and_an_edited_schema(session: Session) -> None:
    report = session.save("components/command.py", 'command_name: str = "echo"', 'command_name: str = "say"')
    assert report["outcome"] == "patched", report
    assert session.worker.say("/say hello") == ["echo #1: hello"]
    assert session.worker.say("/echo hello") == []
    report = session.save("components/words.py", "Count each word once", "Count no word twice")
    assert report["outcome"] == "patched", report
    components = {one["name"]: one for one in session.worker.ask("state")["components"]}
    properties = components["count_words"]["schema"]["function"]["parameters"]["properties"]
    assert properties["unique"]["description"] == "Count no word twice"
    assert "say" in components


def test_an_event_handler_follows_the_events_that_it_declares(session: Session) -> None:
    assert session.worker.say("hello") == ["Hello, developer."]
    report = session.save("components/greeter.py", "= [EventType.ON_MESSAGE_RECEIVED]", "= []")
    assert report["outcome"] == "patched", report
    assert session.worker.say("hello") == []
    report = session.save("components/greeter.py", "= []", "= [EventType.ON_MESSAGE_RECEIVED]")
    assert session.worker.say("hello") == ["Hello, developer."]


def test_nothing_is_patched_before_something_is_loaded() -> None:
    with WorkerProcess() as worker:
        number = worker.send("refresh", files=None)
        assert worker.receive(number).error == "No plugin has been loaded yet."


UNFIT = {
    "emptied": (None, "MPDT007", "@register_plugin of ProbePlugin may have kept it somewhere."),
    "class gone": ("@register_plugin", "MPDT007", "@register_plugin of ProbePlugin may have kept it somewhere."),
    "component gone": ("return [ProbeCommand]", "MPDT090", "NameError: name 'Nope' is not defined."),
    "another name": ('plugin_name = "probe"', "MPDT090", "The plugin class ProbePlugin is named 'other' now."),
}
INSTEAD = {"component gone": "return [Nope]", "another name": 'plugin_name = "other"'}


@pytest.mark.parametrize("edit_", UNFIT)
def test_what_a_fresh_start_would_refuse_is_not_patched(tmp_path: Path, edit_: str) -> None:
    old, code, why = UNFIT[edit_]
    whole = PLUGIN.replace("return True", "self.plugin.seen += 1\n        return True")
    folder = make_plugin(tmp_path, {"plugin.py": whole})
    path = folder / "plugin.py"
    text = path.read_text(encoding="utf-8")
    if edit_ in INSTEAD:
        assert old is not None
        broken = text.replace(old, INSTEAD[edit_])
    else:
        broken = "" if old is None else text[: text.index(old)]
    with WorkerProcess(environment={"XDG_CACHE_HOME": str(tmp_path / "cache")}) as worker:
        assert worker.ask("load", path=str(folder), core="simulated")["loaded"]
        before = worker.ask("state")
        path.write_text(broken, encoding="utf-8")
        report = worker.ask("refresh", files=[str(path)])
        assert report["outcome"] == "structural", report
        assert [one["code"] for one in report["rude_edits"]] == [code]
        assert report["rude_edits"][0]["reason"].startswith(why)
        assert worker.say("/probe a") == ["one a"]
        assert worker.ask("reload", files=[str(path)])["outcome"] == "rejected"
        assert worker.say("/probe a") == ["one a"]
        path.write_text(text.replace("one {text}", "two {text}"), encoding="utf-8")
        assert worker.ask("refresh", files=[str(path)])["outcome"] == "patched"
        assert worker.say("/probe a") == ["two a"]
        after = worker.ask("state")
        assert (after["instance_id"], after["components"]) == (before["instance_id"], before["components"])
