"""The very system calls of editors, git and people -> saves. Real folder, real watchdog, no sleep."""

from __future__ import annotations

import asyncio
import os
import shutil
import threading
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from mpdt.dev.coalesce import POLLED, Coalescer, FileChange
from mpdt.dev.contents import Contents
from mpdt.dev.platform import has_close_events
from mpdt.dev.saves import Save, Saves
from mpdt.dev.watcher import Watcher
from mpdt.dev.worker_writes import WorkerWrites

DEADLINE = 10.0
PROMPT = 0.3  # seconds; watchdog's own pairing of moves alone would take 0.5


class Folder:
    """A watched plugin folder. Every check ends with a save of ``sentinel.py``: what comes before it is all
    there was.
    """

    def __init__(self, root: Path) -> None:
        self.root = root
        self.writes = WorkerWrites()
        self.said: list[str] = []
        self.saves: Saves
        self.watcher: Watcher

    def __truediv__(self, name: str) -> Path:
        return self.root / name

    async def next(self) -> list[str]:
        """The names of the next save."""
        return self.names(await self._next())

    async def _next(self) -> Save:
        async with asyncio.timeout(DEADLINE):
            return await self.saves.next()

    def names(self, save: Save) -> list[str]:
        return [path.relative_to(self.root).as_posix() for path in save.files]

    async def all(self) -> set[str]:
        """Every file that is reported until the sentinel is."""
        (self / "sentinel.py").write_text(str(time.perf_counter_ns()))
        seen: set[str] = set()
        while "sentinel.py" not in seen:
            seen.update(await self.next())
        return seen - {"sentinel.py"}

    async def all_later(self) -> set[str]:
        """As ``all``, after a look at what the system says nothing of."""
        self.watcher.run_step()
        return await self.all()


@asynccontextmanager
async def watching(root: Path, *, poll: bool = False) -> AsyncIterator[Folder]:
    folder = Folder(root)
    loop = asyncio.get_running_loop()
    coalescer = Coalescer(close_events=has_close_events())

    def now_polling(why: str = "") -> None:
        coalescer.timing = POLLED
        folder.writes.close_events = False
        folder.said += [why] if why else []

    def sink(change: FileChange) -> None:
        loop.call_soon_threadsafe(folder.saves.put, change)

    watcher = Watcher(root, sink, poll=poll, on_polling=lambda why: loop.call_soon_threadsafe(now_polling, why))
    if poll:
        now_polling()
    folder.saves = Saves(
        lambda: watcher.handler.rules,
        Contents(watcher.handler.rules.files()),
        folder.writes,
        coalescer,
    )
    folder.watcher = watcher
    watcher.start()
    try:
        yield folder
    finally:
        watcher.stop()


@pytest.fixture
async def folder(tmp_path: Path) -> AsyncIterator[Folder]:
    root = tmp_path.resolve() / "plugin"
    (root / "package").mkdir(parents=True)
    for name in ("plugin.py", "other.py", "package/__init__.py", "package/module.py"):
        (root / name).write_text(f"# {name}\n")
    (root / "manifest.json").write_text("{}")
    async with watching(root) as folder:
        yield folder


async def test_write_in_place(folder: Folder) -> None:
    (folder / "plugin.py").write_text("x = 1\n")
    assert await folder.next() == ["plugin.py"]


async def test_write_without_truncating(folder: Folder) -> None:
    with open(folder / "plugin.py", "r+") as file:
        file.write("x = 1\n")
    assert await folder.next() == ["plugin.py"]


async def test_truncate_then_write(folder: Folder) -> None:
    descriptor = os.open(folder / "plugin.py", os.O_WRONLY | os.O_TRUNC)
    os.write(descriptor, b"x = 1\n")
    os.close(descriptor)
    assert await folder.next() == ["plugin.py"]


async def test_a_truncated_file_is_given_time_to_fill(folder: Folder) -> None:
    os.truncate(folder / "plugin.py", 0)
    with open(folder / "plugin.py", "w"):
        pass
    started = time.monotonic()
    filler = threading.Timer(0.05, lambda: (folder / "plugin.py").write_text("x = 1\n"))
    filler.start()
    assert await folder.next() == ["plugin.py"]
    took = time.monotonic() - started
    filler.join()
    assert took >= 0.05
    assert await folder.all() == set()


async def test_a_file_that_stays_empty_is_reported(folder: Folder) -> None:
    (folder / "plugin.py").write_text("")
    assert await folder.next() == ["plugin.py"]


async def test_temporary_file_in_the_same_folder_and_replace(folder: Folder) -> None:
    (folder / "plugin.py.tmp").write_text("x = 1\n")
    started = time.monotonic()
    os.replace(folder / "plugin.py.tmp", folder / "plugin.py")
    assert await folder.next() == ["plugin.py"]
    assert time.monotonic() - started < PROMPT


async def test_temporary_file_from_another_folder_and_replace(folder: Folder, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").write_text("x = 1\n")
    os.replace(tmp_path / "elsewhere", folder / "plugin.py")
    assert await folder.next() == ["plugin.py"]


async def test_vim_backs_up_by_renaming(folder: Folder) -> None:
    started = time.monotonic()
    os.rename(folder / "plugin.py", folder / "plugin.py~")
    with open(folder / "plugin.py", "w") as file:
        file.write("x = 1\n")
        file.flush()
        os.fsync(file.fileno())
    os.unlink(folder / "plugin.py~")
    assert await folder.next() == ["plugin.py"]
    assert time.monotonic() - started < PROMPT
    assert await folder.all() == set()


async def test_delete_and_re_create(folder: Folder) -> None:
    os.unlink(folder / "plugin.py")
    (folder / "plugin.py").write_text("x = 1\n")
    assert await folder.next() == ["plugin.py"]
    assert await folder.all() == set()


async def test_new_file(folder: Folder) -> None:
    (folder / "new.py").write_text("x = 1\n")
    assert await folder.next() == ["new.py"]


async def test_new_file_in_a_new_folder(folder: Folder) -> None:
    (folder / "fresh" / "deep").mkdir(parents=True)
    (folder / "fresh" / "deep" / "new.py").write_text("x = 1\n")
    assert await folder.all() == {"fresh/deep/new.py"}
    (folder / "fresh" / "deep" / "new.py").write_text("x = 2\n")
    assert await folder.all() == {"fresh/deep/new.py"}


async def test_deleted_file(folder: Folder) -> None:
    os.unlink(folder / "other.py")
    assert await folder.next() == ["other.py"]


async def test_renamed_folder(folder: Folder) -> None:
    os.rename(folder / "package", folder / "renamed")
    expected = {f"{name}/{file}" for name in ("package", "renamed") for file in ("__init__.py", "module.py")}
    assert await folder.all() == expected
    (folder / "renamed" / "module.py").write_text("x = 2\n")
    assert await folder.all() == {"renamed/module.py"}


async def test_folder_moved_out_and_in(folder: Folder, tmp_path: Path) -> None:
    files = {"package/__init__.py", "package/module.py"}
    os.rename(folder / "package", tmp_path / "away")
    assert await folder.all() == files
    os.rename(tmp_path / "away", folder / "package")
    assert await folder.all() == files


async def test_deleted_folder(folder: Folder) -> None:
    shutil.rmtree(folder / "package")
    assert await folder.all() == {"package/__init__.py", "package/module.py"}


async def test_a_file_moved_out_does_not_delay_another_save(folder: Folder, tmp_path: Path) -> None:
    os.rename(folder / "other.py", tmp_path / "other.py")
    started = time.monotonic()
    (folder / "plugin.py").write_text("x = 1\n")
    seen: set[str] = set()
    while "plugin.py" not in seen:
        seen.update(await folder.next())
    assert time.monotonic() - started < PROMPT
    assert seen == {"plugin.py", "other.py"}


async def test_the_last_of_two_quick_saves_wins(folder: Folder) -> None:
    for number in range(5):
        (folder / "plugin.py").write_text(f"x = {number}\n")
        second = threading.Timer(0.02, (folder / "plugin.py").write_text, [f"x = {number}; y = 1\n"])
        second.start()
        seen = ""
        while seen != f"x = {number}; y = 1\n":
            assert await folder.next() == ["plugin.py"]
            seen = (folder / "plugin.py").read_text()
        second.join()
        await folder.all()


async def test_two_hundred_files_at_once(folder: Folder) -> None:
    for number in range(200):
        (folder / f"module_{number}.py").write_text(f"x = {number}\n")
    assert len(await folder.all()) == 200


@pytest.mark.parametrize("content", [b"x = 1\r\ny = 2\r\n", b"\xef\xbb\xbfx = 1\n"], ids=["crlf", "bom"])
async def test_any_bytes(folder: Folder, content: bytes) -> None:
    (folder / "plugin.py").write_bytes(content)
    assert await folder.next() == ["plugin.py"]


async def test_a_touch_is_nothing(folder: Folder) -> None:
    os.utime(folder / "plugin.py")
    (folder / "other.py").write_bytes((folder / "other.py").read_bytes())
    assert await folder.all() == set()


async def test_an_edit_and_its_revert_cancel_out(folder: Folder) -> None:
    before = (folder / "plugin.py").read_bytes()
    (folder / "plugin.py").write_text("x = 1\n")
    (folder / "plugin.py").write_bytes(before)
    assert await folder.all() == set()


async def test_what_the_worker_writes_is_no_save(folder: Folder) -> None:
    folder.writes.report(folder / "data.json", time.monotonic())
    (folder / "data.json").write_text("[1]")
    assert await folder.all() == set()
    (folder / "data.json").write_text("[2]")
    assert await folder.all() == {"data.json"}


async def test_what_the_worker_replaces_is_no_save(folder: Folder) -> None:
    folder.writes.report(folder / "data.json", time.monotonic())
    (folder / "data.tmp").write_text("[1]")
    os.replace(folder / "data.tmp", folder / "data.json")
    assert await folder.all() == set()


async def test_what_the_worker_writes_into_a_new_folder_is_no_save_and_the_next_save_is(folder: Folder) -> None:
    path = folder / "data" / "deep" / "data.json"
    folder.writes.report(path, time.monotonic())
    path.parent.mkdir(parents=True)
    path.write_text("[1]")
    assert await folder.all() == set()
    path.write_text("[2]")
    assert await folder.all() == {"data/deep/data.json"}


async def test_a_save_right_after_the_workers_write_counts(folder: Folder) -> None:
    folder.writes.report(folder / "data.json", time.monotonic())
    (folder / "data.json").write_text("[1]")
    (folder / "data.json").write_text("[2]")
    assert await folder.all() == {"data.json"}


@pytest.mark.parametrize(
    "name",
    [
        "__pycache__/x.py",
        ".git/hooks.py",
        ".venv/lib/x.py",
        "node_modules/x.json",
        ".#plugin.py",
        "#plugin.py",
        "plugin.py~",
        ".plugin.py.swp",
        "notes.txt",
        "ignored.py",
        "package/local.toml",
    ],
)
async def test_what_is_ignored(tmp_path: Path, name: str) -> None:
    root = tmp_path.resolve() / "plugin"
    (root / "package").mkdir(parents=True)
    (root / ".venv" / "lib").mkdir(parents=True)
    (root / ".venv" / "pyvenv.cfg").write_text("")
    (root / ".gitignore").write_text("ignored.py\n*.local\n")
    (root / "package" / ".gitignore").write_text("*.toml\n")
    async with watching(root) as folder:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text("x = 1\n")
        assert await folder.all() == set()


async def test_a_changed_gitignore_is_obeyed(folder: Folder) -> None:
    (folder / ".gitignore").write_text("other.py\n")
    await folder.all()
    (folder / "other.py").write_text("x = 1\n")
    assert await folder.all() == set()


async def test_a_folder_that_comes_with_a_gitignore_is_obeyed(folder: Folder, tmp_path: Path) -> None:
    (tmp_path / "made").mkdir()
    (tmp_path / "made" / ".gitignore").write_text("*\n")
    (tmp_path / "made" / "x.py").write_text("x = 1\n")
    os.rename(tmp_path / "made", folder / "made")
    assert await folder.all() == set()


async def test_a_file_that_was_asked_for_is_watched_whatever_gitignore_says(folder: Folder) -> None:
    (folder / ".gitignore").write_text("*.toml\n")
    await folder.all()
    folder.watcher.handler.also = frozenset({folder / "config.toml"})
    (folder / "config.toml").write_text("x = 1\n")
    (folder / "other.toml").write_text("x = 1\n")
    assert await folder.all() == {"config.toml"}


async def test_a_plugin_that_the_bots_repository_ignores_is_watched(tmp_path: Path) -> None:
    bot = tmp_path.resolve() / "bot"
    root = bot / "plugins" / "mine"
    root.mkdir(parents=True)
    (bot / ".git").mkdir()
    (bot / ".gitignore").write_text("plugins/\n")
    async with watching(root) as folder:
        (folder / "plugin.py").write_text("x = 1\n")
        assert await folder.all() == {"plugin.py"}


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
async def test_a_thread_that_an_error_ended_is_replaced(folder: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(_event: object) -> None:
        raise OSError("The disk is gone.")

    observer = folder.watcher._observer
    assert observer is not None
    with monkeypatch.context() as patched:
        patched.setattr(folder.watcher.handler, "on_any_event", fail)
        (folder / "plugin.py").write_text("x = 1\n")
        observer.join(DEADLINE)
    folder.watcher.run_step()
    assert await folder.next() == ["plugin.py"]
    (folder / "plugin.py").write_text("x = 2\n")
    assert await folder.next() == ["plugin.py"]


async def test_rules_of_the_enclosing_repository_hold(tmp_path: Path) -> None:
    repository = tmp_path.resolve() / "repository"
    root = repository / "mine"
    root.mkdir(parents=True)
    (repository / ".git").mkdir()
    (repository / ".gitignore").write_text("generated.py\n")
    async with watching(root) as folder:
        (folder / "generated.py").write_text("x = 1\n")
        assert await folder.all() == set()


async def test_a_save_is_seen_within_thirty_milliseconds(folder: Folder) -> None:
    took = []
    for number in range(20):
        (folder / "plugin.py").write_text(f"x = {number}\n")
        closed = time.monotonic()
        assert await folder.next() == ["plugin.py"]
        took.append(time.monotonic() - closed)
    assert sorted(took)[len(took) // 2] < 0.03
