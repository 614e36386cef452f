"""A plugin folder with links in it, and one that goes away and comes back, over the real worker process."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.tool.worker_kit import WorkerProcess, edit, make_plugin, write


@pytest.fixture
def worker(tmp_path: Path) -> Iterator[WorkerProcess]:
    with WorkerProcess(environment={"XDG_CACHE_HOME": str(tmp_path / "cache")}) as worker:
        yield worker


@pytest.fixture
def linked(worker: WorkerProcess, tmp_path: Path) -> Path:
    """A plugin that imports a module from a folder which a link leads to."""
    folder = make_plugin(tmp_path)
    edit(folder, "logger = get_logger", "from .common.tools import shown\n\nlogger = get_logger")
    edit(folder, 'f"one {text}"', "shown(text)")
    write(tmp_path / "shared", {"__init__.py": "", "tools.py": "def shown(text):\n    return f'one {text}'\n"})
    os.symlink(tmp_path / "shared", folder / "common")
    answer = worker.ask("load", path=str(folder), core="simulated")
    assert answer["loaded"], answer["error"]
    assert worker.say("/probe a") == ["one a"]
    return folder


@pytest.mark.parametrize("name", ["link", "target"])
def test_what_a_link_leads_to_is_patched_and_reloaded(
    worker: WorkerProcess, tmp_path: Path, linked: Path, name: str
) -> None:
    changed = str((linked / "common" if name == "link" else tmp_path / "shared") / "tools.py")
    edit(tmp_path / "shared", "one", "two", "tools.py")
    assert worker.ask("refresh", files=[changed])["outcome"] == "patched"
    assert worker.say("/probe a") == ["two a"]
    edit(tmp_path / "shared", "two", "three", "tools.py")
    assert worker.ask("reload", files=[changed])["outcome"] == "reloaded"
    assert worker.say("/probe a") == ["three a"]
    edit(tmp_path / "shared", "return", "return return", "tools.py")
    report = worker.ask("reload", files=[changed])
    assert (report["outcome"], report["error"]["file"]) == ("rejected", str(linked / "common" / "tools.py"))
    assert worker.say("/probe a") == ["three a"]


def test_a_folder_that_goes_and_comes_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = make_plugin(tmp_path)
    monkeypatch.chdir(folder)
    with WorkerProcess() as worker:  # its current folder is the plugin's, as in ``mpdt dev``
        assert worker.ask("load", path=str(folder), core="simulated")["loaded"]
        monkeypatch.chdir(tmp_path)
        shutil.copytree(folder, tmp_path / "copy")
        shutil.rmtree(folder)
        for operation in ("refresh", "reload"):
            report = worker.ask(operation, files=[str(folder / "plugin.py")])
            assert report["outcome"] in ("rejected", "structural"), report
            assert worker.say("/probe a") == ["one a"]
        os.rename(tmp_path / "copy", folder)
        edit(folder, "one {text}", "{text} of {len(open('manifest.json').read()) > 0}")
        assert worker.ask("reload", files=[str(folder / "plugin.py")])["outcome"] == "reloaded"
        assert worker.say("/probe a") == ["a of True"]
