"""The plugin folder -> ``FileChange``s. watchdog's threads end at a queue: ``sink``."""

from __future__ import annotations

import errno
import logging
import os
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from watchdog import events as w
from watchdog.events import FileSystemEvent, FileSystemEventHandler

from mpdt.dev.coalesce import FileChange, FileEventKind
from mpdt.dev.ignore import WatchRules
from mpdt.dev.platform import has_close_events
from mpdt.dev.polling import INTERVAL, Looks, pause
from mpdt.language import _

if TYPE_CHECKING:
    from watchdog.observers.api import BaseObserver

logger = logging.getLogger(__name__)

KINDS = {
    w.EVENT_TYPE_CREATED: FileEventKind.CREATED,
    w.EVENT_TYPE_MODIFIED: FileEventKind.MODIFIED,
    w.EVENT_TYPE_CLOSED: FileEventKind.CLOSED,
    w.EVENT_TYPE_DELETED: FileEventKind.DELETED,
    w.EVENT_TYPE_MOVED: FileEventKind.MOVED,
}
# What is asked of the system: not opens and reads, of which a plugin folder sees thousands.
WANTED: list[type[FileSystemEvent]] = [
    w.FileCreatedEvent,
    w.FileModifiedEvent,
    w.FileClosedEvent,
    w.FileMovedEvent,
    w.FileDeletedEvent,
    w.DirCreatedEvent,
    w.DirMovedEvent,
    w.DirDeletedEvent,
]


def translate(event: FileSystemEvent, now: float) -> Iterator[FileChange]:
    """watchdog's event in our words. A move is a deletion there and an arrival here."""
    kind = KINDS.get(event.event_type)
    if kind is None or (event.is_directory and kind is FileEventKind.MODIFIED):
        return
    source = Path(os.fsdecode(event.src_path)) if event.src_path else None
    target = Path(os.fsdecode(event.dest_path)) if event.dest_path else None
    if event.is_directory:
        for folder in (source, target):
            if folder is not None:
                yield FileChange(FileEventKind.FOLDER, folder, now)
    elif kind is FileEventKind.MOVED:
        if source is not None:
            yield FileChange(FileEventKind.DELETED, source, now)
        if target is not None:
            yield FileChange(FileEventKind.MOVED, target, now)
    elif source is not None:
        yield FileChange(kind, source, now)


class PluginFileHandler(FileSystemEventHandler):
    """Hands on what concerns the plugin's files; runs in watchdog's thread."""

    def __init__(
        self,
        rules: WatchRules,
        sink: Callable[[FileChange], None],
        *,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.rules = rules
        self.also: frozenset[Path] = frozenset()  # watched whatever the rules say
        self.links_may_differ = True
        self._sink = sink
        self._clock = clock

    def on_any_event(self, event: FileSystemEvent) -> None:
        for change in translate(event, self._clock()):
            self.take(change)

    def take(self, change: FileChange) -> None:
        """Hand the change on if it concerns the plugin."""
        # A folder may come or go with a .gitignore in it.
        if change.path.name == ".gitignore" or change.kind is FileEventKind.FOLDER:
            self.read_rules()
        if change.kind is not FileEventKind.CLOSED and change.path.is_symlink():
            self.read_rules()
            if change.path.is_dir():
                change = replace(change, kind=FileEventKind.FOLDER)
        if change.kind is FileEventKind.FOLDER:
            if not self.rules.is_ignored_folder(change.path):
                self._sink(change)
        elif self.is_watched(change.path):
            self._sink(change)

    def read_rules(self) -> None:
        """Forgets the ``.gitignore`` files and links as they were."""
        self.rules = WatchRules(self.rules.root)
        self.links_may_differ = True

    def is_watched(self, path: Path) -> bool:
        """Does a save of this file matter?"""
        return path in self.also or self.rules.is_watched(path)

    def out_of_sight(self) -> Iterator[Path]:
        """Files that are watched whatever the rules say, where the system is not asked for changes."""
        for path in self.also:
            if not path.is_relative_to(self.rules.root) or any(map(self.rules.is_ignored_folder, path.parents)):
                yield path


class Watcher:
    """Watches a plugin folder from ``start`` to ``stop``.

    Where the system tells of changes, its word is taken, and only what it says nothing of is looked at now and then:
    what symbolic links lead to, and whether the folder is still the same one. With ``poll``, and when the system has
    no watches left, every file is looked at. ``on_polling`` is told then, from a thread, with a sentence why.
    """

    def __init__(
        self,
        root: Path,
        sink: Callable[[FileChange], None],
        *,
        poll: bool = False,
        on_polling: Callable[[str], None] = lambda _why: None,
    ) -> None:
        self.handler = PluginFileHandler(WatchRules(root), sink)
        self.polls = poll
        self._root = root
        self._on_polling = on_polling
        self._observer: BaseObserver | None = None
        self._watched: Identity | None = None  # the folder that the observer watches
        self._lost: OSError | None = None  # there was no watch for a part of it
        self._renamed = renamed_at(root)
        self._looks = Looks()
        self._links: tuple[Path, ...] = ()
        self._turn = threading.Lock()
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._run, name="mpdt watcher", daemon=True)

    def start(self) -> None:
        """From here on no change is missed. Raises OSError if the folder cannot be watched at all."""
        if not self.polls:
            self._observe()
        self.handler.read_rules()  # what was written since they were read
        self.run_step()
        self._thread.start()

    def stop(self) -> None:
        """Ends the threads."""
        self._stopped.set()
        if self._thread.ident is not None:
            self._thread.join()
        self._leave()

    def run_step(self) -> None:
        """One look at what the system says nothing of."""
        with self._turn:
            if not self.polls:
                self._check_observer()
            self._check_renamed()
            for change in self._looks.look(self._unreported()):
                self.handler.take(change)

    def _run(self) -> None:
        took = 0.0
        while not self._stopped.wait(pause(took)):
            started = time.monotonic()
            self.run_step()
            took = time.monotonic() - started

    def _unreported(self) -> Iterator[Path]:
        if self.polls:
            yield from self.handler.rules.files(with_rules=True)
            yield from self.handler.also
            return
        yield from self.handler.out_of_sight()
        if self.handler.links_may_differ:
            self.handler.links_may_differ = False
            self._links = tuple(self.handler.rules.links())
        for link in self._links:
            yield from self.handler.rules.files(link) if link.is_dir() else (link,)

    def _check_observer(self) -> None:
        """Watch the folder that is there now, if another one was: it was deleted, or moved away, and came back."""
        if self._lost is not None:
            self._fall_back(self._lost)
        elif self._observer is None or self._watched != identity(self._root) or not is_watching(self._observer):
            was_there, self._watched = self._watched is not None, None
            self._leave()
            if self._root.is_dir():
                self._observe()
            elif not was_there:
                return
            self._look_at_all()

    def _check_renamed(self) -> None:
        """Away and back between two looks: who looked meanwhile has seen all files gone, and nothing says they are
        back."""
        renamed = renamed_at(self._root)
        if renamed not in (0, self._renamed):
            self._renamed = renamed
            self._look_at_all()

    def _observe(self) -> None:
        self._watched = identity(self._root)
        try:
            self._observer = self._make_observer()
            self._observer.schedule(self.handler, str(self._root), recursive=True, event_filter=WANTED)
            self._observer.start()
        except OSError as error:
            self._leave()
            if is_exhausted(error):
                self._fall_back(error)
            elif self._thread.ident is None:
                raise
            # else it went away again: the next look tries once more

    def _fall_back(self, error: OSError) -> None:
        self._leave()
        self.polls = True
        self._on_polling(exhausted(error))
        self._look_at_all()

    def _leave(self) -> None:
        observer, self._observer = self._observer, None
        if observer is not None:
            observer.stop()
            if observer.is_alive():
                observer.join()

    def _look_at_all(self) -> None:
        self.handler.take(FileChange(FileEventKind.FOLDER, self._root, time.monotonic()))

    def _make_observer(self) -> BaseObserver:
        if has_close_events():
            try:
                from mpdt.dev.inotify import PromptObserver
            except ImportError:
                # Before watchdog 7 the inotify modules are cut differently; saves next to a file that is
                # moved out wait half a second there.
                logger.info(_("watchdog is older than 7: some saves are seen half a second late"))
            else:
                return PromptObserver(self._is_ignored, self._look_at_all, self._on_exhausted)
        from watchdog.observers import Observer

        return Observer()

    def _is_ignored(self, folder: Path) -> bool:
        return self.handler.rules.is_ignored_folder(folder)

    def _on_exhausted(self, error: OSError) -> None:
        # In watchdog's thread, which cannot end itself: the next look sees to it.
        self._lost = error


Identity = tuple[int, int]


def identity(folder: Path) -> Identity | None:
    """Which folder has that name now; None if there is none."""
    try:
        stat = folder.stat()
    except OSError:
        return None
    return stat.st_dev, stat.st_ino


def renamed_at(folder: Path) -> int:
    """When the folder itself was renamed last (or its mode changed), in ns; 0 if that is not known, since a file in it
    came or went later, or it is gone. On Windows this time is that of its creation, and tells nothing."""
    try:
        stat = folder.stat()
    except OSError:
        return 0
    return stat.st_ctime_ns if stat.st_ctime_ns > stat.st_mtime_ns else 0


def is_watching(observer: BaseObserver) -> bool:
    """watchdog ends the thread of a folder that is deleted. One that an error ended tells nothing any more, either."""
    return bool(observer.emitters) and all(thread.is_alive() for thread in (observer, *observer.emitters))


def is_exhausted(error: OSError) -> bool:
    """Has the system no watch, or no further instance of inotify, to give?"""
    return error.errno in (errno.ENOSPC, errno.EMFILE, errno.ENFILE)


def exhausted(error: OSError) -> str:
    """What the person who meets the limit can do."""
    watches = error.errno == errno.ENOSPC
    setting, value = ("max_user_watches", 524288) if watches else ("max_user_instances", 1024)
    return _(
        "The system has no inotify {what} left, so saves are looked for every {seconds:g} s "
        "from now on. This gives it more: sudo sysctl fs.inotify.{setting}={value}",
        what="watches" if watches else "instances",
        seconds=INTERVAL,
        setting=setting,
        value=value,
    )
