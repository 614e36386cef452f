"""A disk that is full, a real one: the state that was saved stays, and what comes later is saved when there is room."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.tool.test_worker_state import CODE, Live
from tests.tool.worker_kit import REPOSITORY, WorkerProcess, make_plugin


def own_disk(path: Path, *command: str) -> list[str]:
    """The command with a disk of 256 kB at ``path``, which only it sees."""
    script = 'mount -t tmpfs -o size=256k none "$0" && exec "$@"'
    return ["unshare", "-Urm", "sh", "-c", script, str(path), *command]


def disks_can_be_made(tmp_path: Path) -> bool:
    return shutil.which("unshare") is not None and subprocess.run(own_disk(tmp_path, "true")).returncode == 0


def fill_up(disk: Path) -> Path:
    filler = disk / "filler"
    with filler.open("wb", buffering=0) as file:
        try:
            while True:
                file.write(bytes(512))
        except OSError:
            return filler


def open_worker(disk: Path, folder: Path, *, restore: bool) -> Live:
    worker = WorkerProcess(environment={"XDG_CACHE_HOME": str(disk / "cache")})
    answer = worker.ask(
        "load", path=str(folder), core="simulated", state_file=str(disk / "state" / "probe.state"), restore=restore
    )
    assert answer["loaded"], answer
    return Live(worker, folder)


def script(disk: Path, folder: Path) -> None:
    """What runs where the disk is."""
    live = open_worker(disk, folder, restore=False)
    with live.worker:
        live.worker.say("/probe add a")
        live.reload()
        saved = (disk / "state" / "probe.state").read_bytes()
        filler = fill_up(disk)
        live.worker.say("/probe add b")
        live.reload("import enum", "import enum as enum")  # the cache of compiled code cannot be written either
        assert "No space left on device" in live.worker.wait_for_log("The plugin's state cannot be saved")["message"]
        assert live.value("plugin.seen, total") == "(2, 2)"
        live.worker.say("/probe add c")
        live.reload()
        assert not [line for line in live.worker.logs if "cannot be saved" in line["message"]]  # it is said once
        assert (disk / "state" / "probe.state").read_bytes() == saved
        assert os.listdir(disk / "state") == ["probe.state"]
        live.worker.process.kill()
    live = open_worker(disk, folder, restore=True)  # the disk is full still
    with live.worker:
        assert live.value("plugin.seen, total, list(recent)") == "(1, 1, ['a'])"
        live.worker.say("/probe add d")
        filler.unlink()
        live.reload()
        live.worker.process.kill()
    live = open_worker(disk, folder, restore=True)
    with live.worker:
        assert live.value("plugin.seen, total, list(recent)") == "(2, 2, ['a', 'd'])"
        live.worker.ask("shutdown")


def test_a_disk_that_is_full_while_state_is_saved(tmp_path: Path) -> None:
    disk = tmp_path / "disk"
    disk.mkdir()
    if not disks_can_be_made(disk):
        pytest.skip("needs user name spaces to mount a disk of its own")
    folder = make_plugin(tmp_path, {"plugin.py": CODE})
    code = "import sys; from pathlib import Path; from tests.tool.test_worker_full_disk import script;"
    code += "script(*map(Path, sys.argv[1:]))"
    run = subprocess.run(
        own_disk(disk, sys.executable, "-c", code, str(disk), str(folder)),
        cwd=REPOSITORY,
        capture_output=True,
        text=True,
        timeout=100,
    )
    assert run.returncode == 0, run.stderr
