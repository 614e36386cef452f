"""A watchdog observer for Linux that reports at once.

watchdog holds a moved-from event back for 0.5 s to pair it with its moved-to, and everything behind it in the
queue waits too (``InotifyMoveEventGrouper.delay``, watchdog 7; ``InotifyBuffer.delay`` before): a file moved
out of the folder delays the next save by half a second, and so does an atomic save whose two halves come in
two reads. Here a moved-from goes out at once, and only its path is remembered for the moved-to. Pairs do not
matter to us: the content on disk decides.

The watches of ignored folders are left out, too: a virtual environment costs thousands of them.
"""

from __future__ import annotations

import errno
import os
import queue
from collections.abc import Callable
from pathlib import Path

from watchdog.observers.api import BaseObserver
from watchdog.observers.inotify import InotifyEmitter, InotifyWatchGroup
from watchdog.observers.inotify_c import CallbackId, InotifyFD, Mask, WatchCallback, WatchDescriptor
from watchdog.observers.inotify_move_event_grouper import (
    GroupedInotifyEvent,
    InotifyMoveEventGrouper,
    PathedInotifyEvent,
)

REMEMBERED_MOVES = 256  # moved-from without moved-to: moved out of the folder


class PromptGrouper(InotifyMoveEventGrouper):
    """Pairs moves without waiting for them."""

    def __init__(self) -> None:
        self._events: queue.SimpleQueue[GroupedInotifyEvent | None] = queue.SimpleQueue()
        self._moved_from: dict[int, PathedInotifyEvent] = {}

    def read_event(self) -> GroupedInotifyEvent | None:
        return self._events.get()

    def put_event(self, event: PathedInotifyEvent) -> None:
        if event.ev.is_moved_from:
            self._moved_from[event.ev.cookie] = event
            if len(self._moved_from) > REMEMBERED_MOVES:
                del self._moved_from[next(iter(self._moved_from))]
        source = self._moved_from.pop(event.ev.cookie, None) if event.ev.is_moved_to else None
        self._events.put(event if source is None else (source, event))

    def get_queued_moved_from_event(self, cookie: int) -> PathedInotifyEvent | None:
        return self._moved_from.get(cookie)

    def discard_pending_events(self) -> None:
        self._moved_from.clear()

    def close(self) -> None:
        self._events.put(None)


class ForgivingFD(InotifyFD):
    """A folder that was moved out and comes back has its watch still; watchdog warns then, in its thread."""

    def _add_callback(self, path: bytes, mask: Mask, callback: WatchCallback, id_: CallbackId) -> WatchDescriptor:
        watch = self._get_or_create_watch(path, mask)
        watch.callbacks[id_] = callback
        return watch.wd


class PrunedWatchGroup(InotifyWatchGroup):
    """Watches every folder below the root but the ignored ones."""

    is_ignored: Callable[[Path], bool]
    on_lost: Callable[[], None]
    on_exhausted: Callable[[OSError], None]

    def __init__(
        self,
        inotify_fd: InotifyFD,
        path: bytes,
        *,
        event_mask: Mask,
        is_ignored: Callable[[Path], bool],
        on_lost: Callable[[], None],
        on_exhausted: Callable[[OSError], None],
    ) -> None:
        self.is_ignored = is_ignored
        self.on_lost = on_lost
        self.on_exhausted = on_exhausted
        super().__init__(inotify_fd, path, event_mask=event_mask, is_recursive=True)

    def __post_init__(self) -> None:
        self._move_event_grouper = PromptGrouper()
        super().__post_init__()

    def on_queue_overflow(self) -> None:
        super().on_queue_overflow()
        self.on_lost()

    def _add_callback(self, path: bytes) -> None:
        """watchdog passes over every folder below the root that it gets no watch for, also when the limit is reached:
        saves there would go unseen, and nothing would say so.
        """
        try:
            wd = self._inotify_fd.add_callback(path, self.event_mask, self._callback, self._id)
        except OSError as error:
            if path == self.path:
                raise
            if error.errno == errno.ENOSPC:
                self.on_exhausted(error)
            return  # else it vanished, or is closed to us
        self._active_callbacks_by_path[path] = wd
        self._active_callbacks_by_watch[wd] = path

    def _add_all_callbacks(self, path: bytes) -> None:
        if self.is_ignored(Path(os.fsdecode(path))):
            return
        self._add_callback(path)
        for root, names, _files in os.walk(path):
            kept = []
            for name in names:
                folder = os.path.join(root, name)  # noqa: PTH118 - bytes
                if not os.path.islink(folder) and not self.is_ignored(Path(os.fsdecode(folder))):  # noqa: PTH114
                    self._add_callback(folder)
                    kept.append(name)
            names[:] = kept


class PromptEmitter(InotifyEmitter):
    """An emitter over a ``PrunedWatchGroup``."""

    is_ignored: Callable[[Path], bool] = staticmethod(lambda _folder: False)
    on_lost: Callable[[], None] = staticmethod(lambda: None)
    on_exhausted: Callable[[OSError], None] = staticmethod(lambda _error: None)

    def on_thread_start(self) -> None:
        self._inotify = PrunedWatchGroup(
            self._inotify_fd,
            os.fsencode(self.watch.path),
            event_mask=self.get_event_mask_from_filter(),
            is_ignored=self.is_ignored,
            on_lost=self.on_lost,
            on_exhausted=self.on_exhausted,
        )


class PromptObserver(BaseObserver):
    """watchdog's ``InotifyObserver`` with the prompt emitter."""

    def __init__(
        self,
        is_ignored: Callable[[Path], bool],
        on_lost: Callable[[], None],
        on_exhausted: Callable[[OSError], None],
    ) -> None:
        self._inotify_fd = ForgivingFD()
        self._inotify_fd.start()
        emitter = type(
            "PromptEmitter",
            (PromptEmitter,),
            {
                "is_ignored": staticmethod(is_ignored),
                "on_lost": staticmethod(on_lost),
                "on_exhausted": staticmethod(on_exhausted),
            },
        )
        super().__init__(emitter, inotify_fd=self._inotify_fd)

    def on_thread_stop(self) -> None:
        super().on_thread_stop()
        self._inotify_fd.stop()
        self._inotify_fd.join()
