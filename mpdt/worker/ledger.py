"""What the plugin started or opened, by version: written down while its code runs, so that it can end with it."""

from __future__ import annotations

import asyncio
import gc
import sys
import threading
import time
import weakref
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from types import CodeType, FrameType, FunctionType, ModuleType
from typing import Any

from mpdt.language import _, later, translated
from mpdt.worker.places import calling_place, code_of, plugin_frame, short
from mpdt.worker.scope import is_plugin_file

REACH = 3000  # objects that are looked at for what a kept object holds


class Kind(StrEnum):
    TASK = "task"
    TIMER = "timer"
    THREAD = "thread"
    EXECUTOR = "executor"
    SERVER = "server"
    SESSION = "session"
    SOCKET = "socket"
    FILE = "file"
    PROCESS = "subprocess"
    HANDLER = "event handler"
    PATH = "sys.path entry"
    FINDER = "sys.meta_path entry"
    EXIT = "exit handler"
    SIGNAL = "signal handler"
    READER = "reader"
    LOG = "log handler"
    DATABASE = "database"
    HOOK = "hook"


WORDS: dict[str, str] = {
    Kind.TASK: later("task"),
    Kind.TIMER: later("timer"),
    Kind.THREAD: later("thread"),
    Kind.EXECUTOR: later("executor"),
    Kind.SERVER: later("server"),
    Kind.SESSION: later("session"),
    Kind.SOCKET: later("socket"),
    Kind.FILE: later("file"),
    Kind.PROCESS: later("subprocess"),
    Kind.HANDLER: later("event handler"),
    Kind.PATH: later("sys.path entry"),
    Kind.FINDER: later("sys.meta_path entry"),
    Kind.EXIT: later("exit handler"),
    Kind.SIGNAL: later("signal handler"),
    Kind.READER: later("reader"),
    Kind.LOG: later("log handler"),
    Kind.DATABASE: later("database"),
    Kind.HOOK: later("hook"),
}


class Action(StrEnum):
    CANCELLED = "cancelled"
    CLOSED = "closed"
    REMOVED = "removed"
    SURVIVED = "survived"


@dataclass(frozen=True, slots=True)
class Leak:
    """Something that the plugin left behind when it was unloaded, and what became of it."""

    kind: str
    where: str
    action: Action

    def to_json(self) -> dict[str, str]:
        return {"kind": str(self.kind), "where": self.where, "action": str(self.action)}

    @property
    def sentence(self) -> str:
        return _("The {kind} {where} did not end.", kind=translated(WORDS.get(self.kind, self.kind)), where=self.where)


@dataclass(frozen=True, slots=True)
class Entry:
    """One object, held weakly: being written down keeps nothing alive."""

    kind: Kind
    place: str
    ref: weakref.ref[Any]
    since: float  # by time.monotonic()


@dataclass(frozen=True, slots=True)
class Installed:
    """An entry in a registry of the process. ``remove`` says whether it was there still."""

    kind: Kind
    name: str
    place: str
    remove: Callable[[], bool]
    since: float


class BareThread:
    """A thread that was started without a ``Thread``."""

    name = "_thread"
    daemon = True

    def __init__(self, ident: int) -> None:
        self.ident = ident

    def is_alive(self) -> bool:
        return self.ident in sys._current_frames()


_owner: ContextVar[Ledger | None] = ContextVar("mpdt_ledger", default=None)
_owned: weakref.WeakKeyDictionary[Any, Ledger] = weakref.WeakKeyDictionary()  # tasks and threads
_caused: weakref.WeakKeyDictionary[Any, Path] = weakref.WeakKeyDictionary()  # tasks that are somebody's, or the core's


def owner() -> Ledger | None:
    """On whose behalf the current code runs: by context, and in a thread by who started it.

    In a real core, what the core itself does for the plugin is not the plugin's: a message, or a call of the API, may
    open the database that the whole bot uses.
    """
    ledger = context_ledger()
    if ledger is None or ledger.core is None:
        return ledger
    return ledger if is_asked_by_plugin(sys._getframe(1), ledger.folder, ledger.core) else None


def context_ledger() -> Ledger | None:
    """The ledger of whoever set this going, whatever code it has got to since."""
    ledger = _owner.get()
    if ledger is None:
        thread = threading._active.get(threading.get_ident())  # type: ignore[attr-defined]
        ledger = _owned.get(thread) if thread is not None else None
    return ledger


def note_cause(task: asyncio.Future[Any]) -> None:
    """Write down on behalf of which plugin a task was started, be it by the core. Its context says so, but before
    Python 3.12 a task does not give that away.
    """
    ledger = context_ledger()
    if ledger is not None:
        _caused[task] = ledger.folder


def is_caused_by(task: asyncio.Future[Any], folder: Path) -> bool:
    """Was the task started on behalf of that plugin, by whatever code?"""
    return _caused.get(task) == folder


def is_asked_by_plugin(frame: FrameType | None, folder: Path, core: Path) -> bool:
    """Is the innermost frame that is no library's the plugin's?"""
    while frame is not None:
        filename = frame.f_code.co_filename
        if is_plugin_file(filename, folder):
            return True
        if is_plugin_file(filename, core):  # the same test: not in an environment that lies there
            return False
        frame = frame.f_back
    return False


class Ledger:
    """What one loaded version of the plugin holds; ``attributed`` marks code that runs on its behalf."""

    def __init__(self, folder: Path, core: Path | None = None) -> None:
        self.folder = folder
        self.core = core
        self.reads: set[str] = set()  # data files that were read while the plugin was loaded
        self.paths = list(sys.path)
        self.finders = list(sys.meta_path)
        self._entries: dict[int, Entry] = {}
        self._installed: list[Installed] = []
        self.namespaces: tuple[dict[str, Any], ...] = ()  # of the version's modules, once it was imported
        self._lock = threading.Lock()

    @contextmanager
    def attributed(self) -> Iterator[None]:
        """What is started inside, and by what is started inside, is this ledger's."""
        token = _owner.set(self)
        try:
            yield
        finally:
            _owner.reset(token)

    def record(self, kind: Kind, thing: Any) -> None:
        """Write the object down with the plugin's line that is being executed."""
        key = id(thing)
        forget: Callable[[Any], None] = lambda _: void(self._entries.pop(key, None))  # noqa: E731
        entry = Entry(kind, calling_place(self.folder), weakref.ref(thing, forget), time.monotonic())
        with self._lock:
            self._entries[key] = entry
        if kind in (Kind.TASK, Kind.THREAD):
            _owned[thing] = self

    def install(self, kind: Kind, name: str, remove: Callable[[], bool]) -> None:
        """Write an entry in a registry down, and how it is taken out."""
        self._installed.append(Installed(kind, name, calling_place(self.folder), remove, time.monotonic()))

    def take_installed(self) -> list[Installed]:
        """The entries, last one first; they are the caller's business from now on."""
        taken, self._installed = self._installed[::-1], []
        return taken

    def live(self, kind: Kind) -> list[tuple[Any, str]]:
        """The recorded objects of a kind that still exist, each with its place, oldest first."""
        with self._lock:
            entries = [entry for entry in self._entries.values() if entry.kind is kind]
        pairs = [(entry.ref(), entry.place) for entry in entries]
        return [(thing, place) for thing, place in pairs if thing is not None]

    def place(self, thing: Any) -> str:
        entry = self._entries.get(id(thing))
        return entry.place if entry and entry.ref() is thing else ""

    def since(self, thing: Any) -> float | None:
        """When it was written down, by ``time.monotonic()``; None for what was found otherwise."""
        entry = self._entries.get(id(thing))
        return entry.since if entry and entry.ref() is thing else None

    def installed(self) -> list[Installed]:
        """The entries in registries of the process that are noted, oldest first."""
        return list(self._installed)

    def hand_over(self, things: Iterable[Any], heir: Ledger) -> None:
        """The objects, and what they hold, are the heir's from now on: they went over to the next version."""
        for thing in reachable(things):
            entry = self._entries.pop(id(thing), None)
            if entry is not None:
                heir._entries[id(thing)] = entry

    def running(self) -> list[asyncio.Task[Any]]:
        """Tasks that are not done: the recorded ones, and those whose code is the plugin's and nobody's else.

        The second half finds tasks made through a task factory that the plugin put in place of ours.
        """
        current = asyncio.current_task()
        strays = (
            task
            for task in asyncio.all_tasks()
            if (code := code_of(task)) is not None
            and is_plugin_file(code.co_filename, self.folder)
            and _owned.get(task, self) is self
        )
        tasks = dict.fromkeys([*(task for task, _place in self.live(Kind.TASK)), *strays])
        return [task for task in tasks if task is not current and not task.done()]

    def name_of(self, task: asyncio.Task[Any]) -> str:
        """``poll started at service.py:41``."""
        place, code = self.place(task), code_of(task)
        if not place and code is not None:
            place = short(code.co_filename, code.co_firstlineno, self.folder)
        return _("{name} started at {place}", name=task.get_name(), place=place or _("an unknown place"))

    def threads(self) -> list[tuple[threading.Thread | BareThread, str]]:
        """Threads that run: the recorded ones, and those that are in the plugin's code and nobody's else."""
        recorded: dict[threading.Thread | BareThread, str]
        recorded = {thread: place for thread, place in self.live(Kind.THREAD) if thread.is_alive()}
        frames = sys._current_frames()
        known = {thread.ident for thread in threading.enumerate()}
        for ident in frames.keys() - known:
            frame = plugin_frame(frames[ident], self.folder)
            if frame is not None:
                recorded[BareThread(ident)] = short(frame.f_code.co_filename, frame.f_lineno, self.folder)
        for thread in threading.enumerate():
            if thread in recorded or thread is threading.current_thread() or thread in _owned:
                continue
            frame = plugin_frame(frames.get(thread.ident or 0), self.folder)
            if frame is not None:
                recorded[thread] = short(frame.f_code.co_filename, frame.f_lineno, self.folder)
        return list(recorded.items())


def reachable(things: Iterable[Any]) -> Iterator[Any]:
    """The objects and what they refer to, a client's connections for one; not without end."""
    waiting, seen = list(things), set[int]()
    while waiting and len(seen) < REACH:
        thing = waiting.pop(0)
        if id(thing) in seen or isinstance(thing, type | ModuleType | FunctionType | CodeType):
            continue
        seen.add(id(thing))
        yield thing
        waiting += gc.get_referents(thing)


def void(_: object) -> None:
    """For callbacks that return nothing."""
