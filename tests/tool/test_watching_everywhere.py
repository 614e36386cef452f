"""Saves are seen where the system says nothing of them: without watches, behind links, in a folder that comes back."""

from __future__ import annotations

import asyncio
import os
import shutil
import subprocess
import sys
import time
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from mpdt.dev.coalesce import FileChange, FileEventKind
from mpdt.dev.platform import told_by_others
from mpdt.dev.polling import INTERVAL, SHARE, Looks, pause
from tests.tool.test_watcher import DEADLINE, Folder, watching

REPOSITORY = Path(__file__).parents[2]


def fill(root: Path) -> Path:
    (root / "package").mkdir(parents=True)
    for name in ("plugin.py", "other.py", "package/__init__.py", "package/module.py"):
        (root / name).write_text(f"# {name}\n")
    return root


@pytest.fixture
async def polled(tmp_path: Path) -> AsyncIterator[Folder]:
    async with watching(fill(tmp_path.resolve() / "plugin"), poll=True) as folder:
        yield folder


@pytest.fixture
async def folder(tmp_path: Path) -> AsyncIterator[Folder]:
    async with watching(fill(tmp_path.resolve() / "plugin")) as folder:
        yield folder


async def test_polling_sees_every_kind_of_save(polled: Folder, tmp_path: Path) -> None:
    (polled / "plugin.py").write_text("x = 1\n")
    assert await polled.all() == {"plugin.py"}
    (polled / "plugin.tmp").write_text("x = 2\n")
    os.replace(polled / "plugin.tmp", polled / "plugin.py")
    assert await polled.all() == {"plugin.py"}
    os.unlink(polled / "other.py")
    assert await polled.all() == {"other.py"}
    (polled / "fresh" / "deep").mkdir(parents=True)
    (polled / "fresh" / "deep" / "new.py").write_text("x = 1\n")
    assert await polled.all() == {"fresh/deep/new.py"}
    os.rename(polled / "package", tmp_path / "away")
    assert await polled.all() == {"package/__init__.py", "package/module.py"}


async def test_polling_sees_a_second_save_that_leaves_size_and_time_as_they_were(polled: Folder) -> None:
    """File systems count time in steps of up to two seconds."""
    (polled / "plugin.py").write_text("x = 1\n")
    os.utime(polled / "plugin.py", (10**9, 10**9))
    assert await polled.all() == {"plugin.py"}
    (polled / "plugin.py").write_text("x = 2\n")
    os.utime(polled / "plugin.py", (10**9, 10**9))
    assert await polled.all() == {"plugin.py"}


async def test_polling_obeys_gitignore_also_when_it_changes(polled: Folder) -> None:
    (polled / ".gitignore").write_text("other.py\ndata/\n")
    await polled.all()
    (polled / "data").mkdir()
    (polled / "data" / "x.json").write_text("{}")
    (polled / "other.py").write_text("x = 1\n")
    assert await polled.all() == set()
    (polled / ".gitignore").write_text("data/\n")
    assert await polled.all() == set()
    (polled / "other.py").write_text("x = 2\n")
    assert await polled.all() == {"other.py"}


async def test_what_the_worker_writes_is_no_save_when_polling_either(polled: Folder) -> None:
    polled.writes.report(polled / "data.json", time.monotonic())
    (polled / "data.json").write_text("[1]")
    assert await polled.all() == set()


async def test_a_truncated_file_is_given_time_to_fill_when_polling(polled: Folder) -> None:
    looks = polled.watcher.run_step
    with open(polled / "plugin.py", "w") as file:
        looks()  # sees it empty
        for _ in range(5):
            await asyncio.sleep(0)
        file.write("x = 1\n")
    assert await polled.next() == ["plugin.py"]
    assert (polled / "plugin.py").read_text() == "x = 1\n"
    assert await polled.all() == set()


def test_looks_at_many_files_are_fewer() -> None:
    assert pause(0.001) == INTERVAL
    assert pause(1.0) == SHARE


def test_a_file_that_was_not_touched_is_not_named_for_ever(tmp_path: Path) -> None:
    path, now = tmp_path / "x.py", [0.0]
    path.write_text("x = 1\n")
    looks = Looks(clock=lambda: now[0])
    seen = []
    for moment in range(10):
        now[0] = float(moment)
        seen.append([change.path for change in looks.look([path])])
    assert seen == [[], [path], [path], *[[]] * 7]


# Runs a watcher where the kernel gives few watches, and says what it saw.
STARVED = """
import asyncio, sys
from pathlib import Path
Path("/proc/sys/user/{setting}").write_text("{limit}")
from tests.tool.test_watcher import watching

async def main():
    root = Path(sys.argv[1])
    if {late}:
        (root / "package" / "deep").rename(root.parent / "deep")
    async with watching(root) as folder:
        if {late}:
            (root.parent / "deep").rename(root / "package" / "deep")
            await folder.all_later()
        (root / "package" / "deep" / "module.py").write_text("x = 2\\n")
        print(sorted(await folder.all_later()))
        (root / "plugin.py").write_text("x = 2\\n")
        print(sorted(await folder.all_later()))
        print(*folder.said, sep="\\n")

asyncio.run(main())
"""


def user_limits_can_be_set() -> bool:
    """Is there a name space of our own to lower the limits in? Those of the machine are left alone."""
    command = ["unshare", "-Ur", "sh", "-c", "echo 9 > /proc/sys/user/max_inotify_watches"]
    return shutil.which("unshare") is not None and subprocess.run(command, capture_output=True).returncode == 0


@pytest.mark.skipif(not user_limits_can_be_set(), reason="needs user name spaces")
@pytest.mark.parametrize(
    ("setting", "limit", "late", "advice"),
    [
        ("max_inotify_watches", 0, False, "sudo sysctl fs.inotify.max_user_watches=524288"),
        ("max_inotify_watches", 2, False, "sudo sysctl fs.inotify.max_user_watches=524288"),
        ("max_inotify_watches", 2, True, "sudo sysctl fs.inotify.max_user_watches=524288"),
        ("max_inotify_instances", 0, False, "sudo sysctl fs.inotify.max_user_instances=1024"),
    ],
    ids=["no watch", "some watches", "not enough for a new folder", "no instance"],
)
def test_without_watches_left_the_files_are_looked_at_and_that_is_said_once(
    tmp_path: Path, setting: str, limit: int, late: bool, advice: str
) -> None:
    root = fill(tmp_path.resolve() / "plugin")
    (root / "package" / "deep").mkdir()
    (root / "package" / "deep" / "module.py").write_text("x = 1\n")
    script = STARVED.format(setting=setting, limit=limit, late=late)
    run = subprocess.run(
        ["unshare", "-Ur", sys.executable, "-c", script, str(root)],
        cwd=REPOSITORY,
        capture_output=True,
        text=True,
        timeout=60,
    )
    deep, plugin, *said = run.stdout.splitlines()
    assert (deep, plugin) == ("['package/deep/module.py']", "['plugin.py']"), run.stderr
    (sentence,) = said
    assert sentence.startswith("The system has no inotify ")
    assert sentence.endswith(advice)


async def gone_and_back(folder: Folder, remove: str, away: Path) -> None:
    copy = away.with_name("copy")
    shutil.copytree(folder.root, copy)
    if remove == "deleted":
        shutil.rmtree(folder.root)
    else:
        os.rename(folder.root, away)
    seen: set[str] = set()
    while not seen >= {"plugin.py", "other.py", "package/__init__.py", "package/module.py"}:
        seen.update(await folder.next())
    assert not folder.root.exists()
    (copy / "plugin.py").write_text("x = 'back'\n")
    os.rename(copy, folder.root)
    seen = set()
    while not seen >= {"plugin.py", "other.py", "package/__init__.py", "package/module.py"}:
        seen.update(await folder.next())
    (folder / "package" / "module.py").write_text(f"x = 'again, {away.name}'\n")
    assert await folder.all() == {"package/module.py"}


@pytest.mark.skipif(os.name == "nt", reason="Windows does not tell when a folder was renamed")
async def test_a_folder_that_somebody_missed_while_it_was_away_for_a_moment(folder: Folder, tmp_path: Path) -> None:
    with folder.watcher._turn:  # between two looks
        os.rename(folder.root, tmp_path / "away")
        folder.saves.put(FileChange(FileEventKind.FOLDER, folder.root, time.monotonic()))
        gone = await folder.next()
        os.rename(tmp_path / "away", folder.root)
    assert gone == await folder.next()


@pytest.mark.parametrize("remove", ["deleted", "moved away"])
async def test_a_folder_that_goes_and_comes_back(folder: Folder, tmp_path: Path, remove: str) -> None:
    for number in range(2):
        await gone_and_back(folder, remove, tmp_path / f"away {number}")
    started = time.monotonic()
    (folder / "plugin.py").write_text("x = 1\n")
    assert await folder.next() == ["plugin.py"]
    assert time.monotonic() - started < INTERVAL  # the system tells it again


async def test_a_folder_that_goes_and_comes_back_when_polling(polled: Folder, tmp_path: Path) -> None:
    await gone_and_back(polled, "deleted", tmp_path / "away")


async def test_a_folder_that_is_replaced_at_once(folder: Folder, tmp_path: Path) -> None:
    """As ``git clone`` into another folder and two renames do: nothing changed, then something does."""
    shutil.copytree(folder.root, tmp_path / "copy")
    os.rename(folder.root, tmp_path / "away")
    os.rename(tmp_path / "copy", folder.root)
    (folder / "plugin.py").write_text("x = 1\n")
    assert await folder.all() == {"plugin.py"}


async def test_a_linked_file_is_watched_where_it_lies(tmp_path: Path) -> None:
    root = fill(tmp_path.resolve() / "plugin")
    (tmp_path / "shared").mkdir()
    (tmp_path / "shared" / "tools.py").write_text("x = 1\n")
    os.symlink(tmp_path / "shared" / "tools.py", root / "tools.py")
    async with watching(root) as folder:
        (tmp_path / "shared" / "tools.py").write_text("x = 2\n")
        assert await folder.all_later() == {"tools.py"}
        os.unlink(root / "tools.py")
        assert await folder.all() == {"tools.py"}


@pytest.mark.parametrize("poll", [False, True])
async def test_a_linked_folder_is_watched_where_it_lies(tmp_path: Path, poll: bool) -> None:
    root = fill(tmp_path.resolve() / "plugin")
    shared = tmp_path / "shared"
    (shared / "deep").mkdir(parents=True)
    (shared / "deep" / "tools.py").write_text("x = 1\n")
    async with watching(root, poll=poll) as folder:
        os.symlink(shared, root / "common")
        assert await folder.all_later() == {"common/deep/tools.py"}
        (shared / "deep" / "tools.py").write_text("x = 2\n")
        assert await folder.all_later() == {"common/deep/tools.py"}
        (shared / "more.py").write_text("x = 2\n")
        assert await folder.all_later() == {"common/more.py"}


async def test_links_that_lead_round_in_a_circle_or_within_the_folder(tmp_path: Path) -> None:
    root = fill(tmp_path.resolve() / "plugin")
    os.symlink("..", root / "package" / "up")
    os.symlink(tmp_path, root / "above")
    os.symlink("package", root / "alias")
    os.symlink("plugin.py", root / "entry.py")
    os.symlink("nowhere.py", root / "broken.py")
    async with watching(root) as folder:
        assert {path.relative_to(root).as_posix() for path in folder.watcher.handler.rules.files()} == {
            *("plugin.py", "other.py", "package/__init__.py", "package/module.py"),
        }
        (root / "package" / "module.py").write_text("x = 2\n")
        assert await folder.all_later() == {"package/module.py"}


def test_a_drive_that_others_write_to(tmp_path: Path) -> None:
    mounts = tmp_path / "mountinfo"
    mounts.write_text(
        "22 1 8:1 / / rw,relatime shared:1 - ext4 /dev/sda1 rw\n"
        "30 22 0:30 / /mnt/c rw,noatime - 9p C:\\134 rw,aname=drvfs\n"
        "31 22 0:31 / /home/m/my\\040网盘 rw - nfs4 server:/x rw\n"
        "32 31 0:32 / /home/m/my\\040网盘/local rw master:2 - ext4 /dev/sdb rw\n"
    )
    assert told_by_others(Path("/home/m/plugin"), mounts) is None
    assert told_by_others(Path("/mnt/c/plugins/mine"), mounts) == "9p"
    assert told_by_others(Path("/home/m/my 网盘/mine"), mounts) == "nfs4"
    assert told_by_others(Path("/home/m/my 网盘/local/mine"), mounts) is None
    assert told_by_others(Path("/mnt/c"), tmp_path / "none") is None


@pytest.fixture(scope="module")
def crowded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """20,000 files in 400 folders, of which 30 matter."""
    root = tmp_path_factory.mktemp("crowded").resolve() / "plugin"
    (root / "package").mkdir(parents=True)
    (root / "plugin.py").write_text("x = 1\n")
    for number in range(29):
        (root / "package" / f"module_{number}.py").write_text("x = 1\n")
    for part in range(400):
        below = root / ("images" if part % 2 else "data") / str(part)
        below.mkdir(parents=True)
        for number in range(50):
            (below / f"{number}{'.png' if part % 2 else '.json'}").touch()
    (root / ".gitignore").write_text("data/\n")
    return root


@pytest.mark.parametrize("poll", [False, True])
async def test_a_folder_of_twenty_thousand_files_of_which_thirty_matter(crowded: Path, poll: bool) -> None:
    started = time.perf_counter()
    async with watching(crowded, poll=poll) as folder:
        ready = time.perf_counter() - started
        took = []
        for number in range(3):
            saved = time.perf_counter()
            (folder / "plugin.py").write_text(f"x = {number}, {poll}\n")
            assert await folder.next() == ["plugin.py"]
            took.append(time.perf_counter() - saved)
        (folder / "data" / "0" / "1.json").write_text("{}")
        (folder / "images" / "1" / "1.png").write_text("x")
        assert await folder.all() == set()
    print(f"poll={poll}: watching after {ready * 1000:.0f} ms, a save seen after {min(took) * 1000:.0f} ms")
    assert ready < 1.5
    assert min(took) < (DEADLINE / 2 if poll else 0.05)
