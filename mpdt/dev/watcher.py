"""The plugin folder -> ``FileChange``s. watchdog's threads end at a queue: ``sink``."""

from __future__ import annotations

import logging
import os
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from watchdog import events as w
from watchdog.events import FileSystemEvent, FileSystemEventHandler

from mpdt.dev.coalesce import FileChange, FileEventKind
from mpdt.dev.ignore import WatchRules
from mpdt.dev.platform import has_close_events

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
        self._sink = sink
        self._clock = clock

    def on_any_event(self, event: FileSystemEvent) -> None:
        for change in translate(event, self._clock()):
            # A folder may come or go with a .gitignore in it.
            if change.path.name == ".gitignore" or change.kind is FileEventKind.FOLDER:
                self.read_rules()
            if change.kind is FileEventKind.FOLDER:
                if not self.rules.is_ignored_folder(change.path):
                    self._sink(change)
            elif self.is_watched(change.path):
                self._sink(change)

    def read_rules(self) -> None:
        """Reads the ``.gitignore`` files again."""
        self.rules = WatchRules(self.rules.root)

    def is_watched(self, path: Path) -> bool:
        """Does a save of this file matter?"""
        return path in self.also or self.rules.is_watched(path)


class Watcher:
    """Watches a plugin folder from ``start`` to ``stop``."""

    def __init__(self, root: Path, sink: Callable[[FileChange], None]) -> None:
        self.handler = PluginFileHandler(WatchRules(root), sink)
        self._root = root
        self._sink = sink
        self._observer = self._make_observer()
        self._observer.schedule(self.handler, str(root), recursive=True, event_filter=WANTED)

    def start(self) -> None:
        """From here on no change is missed. Raises OSError if the system has no watches left."""
        self._observer.start()
        self.handler.read_rules()  # what was written since they were read

    def stop(self) -> None:
        """Ends the threads."""
        self._observer.stop()
        if self._observer.is_alive():
            self._observer.join()

    def _make_observer(self) -> BaseObserver:
        if has_close_events():
            try:
                from mpdt.dev.inotify import PromptObserver
            except ImportError:
                # Before watchdog 7 the inotify modules are cut differently; saves next to a file that is
                # moved out wait half a second there.
                logger.info("watchdog is older than 7: some saves are seen half a second late")
            else:
                return PromptObserver(self._is_ignored, self._on_lost)
        from watchdog.observers import Observer

        return Observer()

    def _is_ignored(self, folder: Path) -> bool:
        return self.handler.rules.is_ignored_folder(folder)

    def _on_lost(self) -> None:
        # The kernel dropped events: whatever is on disk now has to be compared as a whole.
        self._sink(FileChange(FileEventKind.FOLDER, self._root, time.monotonic()))
