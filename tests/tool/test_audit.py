"""``--audit``: a patch is compared with a fresh interpreter, in which the plugin is imported aside."""

from __future__ import annotations

import queue
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from mpdt.worker.comparison import FreshComparison, fresh_command
from mpdt_hooks import LiveReloader, Outcome
from tests.tool.worker_kit import WorkerProcess, edit, make_plugin

TEXT = "import time\nSTARTED = time.time()\nSEEN = []\ndef f(): return 1\ndef g(): return [1]\n"


class Audit:
    def __init__(self, folder: Path) -> None:
        self.told: queue.Queue[tuple[str, str]] = queue.Queue()
        self.folder = folder
        self.comparison = FreshComparison(folder, "none", lambda level, _, text: self.told.put((level, text)))
        self.reloader = LiveReloader(folder)

    def edit(self, text: str) -> None:
        """As the agent does it."""
        (self.folder / "plugin.py").write_text(text)
        self.comparison.before_patch()
        assert self.reloader.refresh().outcome is Outcome.PATCHED

    def verdict(self) -> tuple[str, str]:
        self.comparison.after_patch(self.reloader.modules())
        while (told := self.told.get(timeout=60))[0] == "DEBUG":
            pass
        return told


@pytest.fixture
def audit(tmp_path: Path) -> Iterator[Audit]:
    folder = tmp_path / "audited"
    folder.mkdir()
    (folder / "plugin.py").write_text(TEXT)
    audit = Audit(folder)
    with audit.reloader.install():
        try:
            __import__("audited.plugin")
            audit.comparison.loaded(audit.reloader.modules())
            audit.comparison.wait()
            yield audit
        finally:
            audit.comparison.close()
            for name in [name for name in sys.modules if name.partition(".")[0] == "audited"]:
                del sys.modules[name]


def plugin() -> Any:
    return sys.modules["audited.plugin"]


def test_a_truthful_patch_is_the_same_whatever_state_the_plugin_has(audit: Audit) -> None:
    plugin().SEEN.append(5)
    audit.edit(TEXT.replace("return 1", "return 2"))
    level, text = audit.verdict()
    assert (level, text.partition(" (")[0]) == ("INFO", "A fresh interpreter has the same")
    assert plugin().SEEN == [5]


def test_what_a_restart_would_do_differently_is_named(audit: Audit) -> None:
    audit.edit(TEXT.replace("return 1", "return 2"))
    plugin().f.__code__ = plugin().g.__code__
    level, text = audit.verdict()
    assert level == "WARNING"
    assert "A restart would behave differently" in text
    assert "audited.plugin:f.code" in text


def test_a_change_of_state_that_the_edit_wanted_is_compared(audit: Audit) -> None:
    plugin().SEEN.append(5)
    audit.edit(TEXT.replace("SEEN = []", "SEEN = [1]"))
    plugin().SEEN.append(6)
    level, text = audit.verdict()
    assert level == "WARNING"
    assert "audited.plugin:SEEN" in text


def test_a_fresh_import_that_fails_is_said(audit: Audit) -> None:
    audit.edit(TEXT.replace("return 1", "return 2"))
    (audit.folder / "plugin.py").write_text("raise OSError('no')\n")
    level, text = audit.verdict()
    assert (level, text) == ("WARNING", "A restart would fail: a fresh import raised OSError: no")


def test_the_fresh_interpreter_is_started_as_the_worker_was() -> None:
    assert fresh_command(["python", "-P", "-c", "...", "mpdt.worker"])[-1] == "mpdt.worker.fresh"
    assert fresh_command(["python", "-m", "pytest"])[1:] == ["-m", "mpdt.worker.fresh"]


def test_a_plugin_of_the_simulated_core_is_audited_in_its_worker(tmp_path: Path) -> None:
    folder = make_plugin(tmp_path, {})
    with WorkerProcess(environment={"XDG_CACHE_HOME": str(tmp_path / "cache")}) as worker:
        assert worker.ask("load", path=str(folder), core="simulated", audit=True)["loaded"]
        worker.wait_for_log("The next patch is compared")
        edit(folder, "class", "# a line\nclass")
        assert worker.ask("refresh", files=[str(folder / "plugin.py")])["outcome"] == "patched"
        worker.ask("message", text="/probe 1")
        said = worker.wait_for_log("A ")  # "A fresh interpreter", "A restart would"
        assert (said["level"], said["logger"]) == ("INFO", "mpdt.audit"), said
