"""Sees what is started and opened in this process, and has each written into the ledger of the version it belongs to.

Threads, sockets and processes are seen by audit events; tasks, timers and servers by the loop; files by ``open``; HTTP
clients by their constructors, once their library is there.
"""

from __future__ import annotations

import asyncio
import builtins
import concurrent.futures
import contextvars
import functools
import io
import os
import sys
import threading
import weakref
from collections.abc import Callable, Coroutine, Generator, Iterable, Sequence
from importlib.machinery import ModuleSpec, SourceFileLoader, SourcelessFileLoader
from types import ModuleType
from typing import Any
from zipimport import zipimporter

from mpdt.worker.audit import WRITING, absolute, listen
from mpdt.worker.ledger import Kind, note_cause, owner
from mpdt.worker.places import code_of_callable
from mpdt.worker.registries import asked_by, watch_registries
from mpdt.worker.scope import is_plugin_file

# What is noted of libraries that the plugin imports, at whatever moment: when the method of that class is called.
LIBRARIES = (
    ("aiohttp", "ClientSession", "__init__", Kind.SESSION),
    ("httpx", "AsyncClient", "__init__", Kind.SESSION),
    ("httpx", "Client", "__init__", Kind.SESSION),
    ("requests", "Session", "__init__", Kind.SESSION),
    ("concurrent.futures.thread", "ThreadPoolExecutor", "__init__", Kind.EXECUTOR),
    ("concurrent.futures.process", "ProcessPoolExecutor", "__init__", Kind.EXECUTOR),
    ("multiprocessing.process", "BaseProcess", "start", Kind.PROCESS),
)
Undo = Callable[[], None]
TaskFactory = Callable[..., "asyncio.Future[Any]"]


def note(kind: Kind, thing: Any) -> None:
    ledger = owner()
    if ledger is not None:
        ledger.record(kind, thing)


def recording_factory(inner: TaskFactory | None) -> TaskFactory:
    """A task factory that makes tasks as ``inner`` does and has each written down."""

    def make(
        loop: asyncio.AbstractEventLoop,
        coro: Coroutine[Any, Any, Any] | Generator[Any, None, Any],
        **options: Any,
    ) -> asyncio.Future[Any]:
        task = asyncio.Task(coro, loop=loop, **options) if inner is None else inner(loop, coro, **options)
        if isinstance(task, asyncio.Task):
            note(Kind.TASK, task)
            note_cause(task)
        return task

    return make


class RecordingOpen:
    """``open``. No function: as a class attribute it must not become a method, as the built-in one does not."""

    def __init__(self, inner: Callable[..., Any]) -> None:
        self._inner = inner
        self.__doc__ = inner.__doc__
        self.__name__ = self.__qualname__ = "open"
        self.__module__ = "_io"
        self.__wrapped__ = inner

    def __call__(self, *arguments: Any, **options: Any) -> Any:
        file = self._inner(*arguments, **options)
        note(Kind.FILE, file)
        return file


def on_thread(arguments: tuple[Any, ...]) -> None:
    thread = getattr(arguments[0], "__self__", None)
    if isinstance(thread, threading.Thread):
        note(Kind.THREAD, thread)


def watch_threads() -> Undo:
    if sys.version_info >= (3, 12):
        ends = [listen("_thread.start_new_thread", on_thread), listen("_thread.start_joinable_thread", on_thread)]
        return lambda: [end() for end in ends].clear()
    # Python 3.11 has no audit event for it.
    module: Any = threading
    inner = module._start_new_thread

    def start_new_thread(function: Callable[..., Any], *arguments: Any) -> Any:
        on_thread((function,))
        return inner(function, *arguments)

    module._start_new_thread = start_new_thread
    return lambda: setattr(module, "_start_new_thread", inner)


def on_process(arguments: tuple[Any, ...]) -> None:
    """The audit event names no object: it is the ``self`` of the method that raised it."""
    if _quietly.get():
        return
    frame = sys._getframe(2)
    process = frame.f_locals.get("self")
    if process is not None and type(process).__name__ == "Popen":
        note(Kind.PROCESS, process)


def on_open(arguments: tuple[Any, ...]) -> None:
    path, _, flags = arguments
    ledger = owner()
    if ledger is None or not isinstance(flags, int) or flags & WRITING:
        return
    name = absolute(path)
    if name is not None and name.startswith(str(ledger.folder) + os.sep) and not name.endswith((".py", ".pyc")):
        ledger.reads.add(name)


_quietly: contextvars.ContextVar[bool] = contextvars.ContextVar("mpdt_quietly", default=False)


def watch_loop(loop: asyncio.AbstractEventLoop) -> Undo:
    """Have the loop's tasks, timers, servers and child processes written down."""
    before = loop.get_task_factory()
    loop.set_task_factory(recording_factory(before))
    instance = vars(loop)
    replaced = {
        "call_at": timers(loop.call_at),
        "run_in_executor": in_context(loop.run_in_executor),
        "create_server": awaited(loop.create_server, Kind.SERVER),
        "create_unix_server": awaited(getattr(loop, "create_unix_server", loop.create_server), Kind.SERVER),
        "subprocess_exec": awaited(loop.subprocess_exec, Kind.PROCESS),
        "subprocess_shell": awaited(loop.subprocess_shell, Kind.PROCESS),
    }
    instance.update(replaced)

    def undo() -> None:
        loop.set_task_factory(before)
        for name in replaced:
            instance.pop(name, None)

    return undo


def timers(inner: Callable[..., asyncio.TimerHandle]) -> Callable[..., asyncio.TimerHandle]:
    """Callbacks that are the plugin's own code, or that it asked for: a sleep ends with the task that sleeps."""

    def call_at(when: float, callback: Callable[..., Any], *arguments: Any, **options: Any) -> asyncio.TimerHandle:
        handle = inner(when, callback, *arguments, **options)
        code = code_of_callable(callback)
        ledger = owner()
        if ledger is not None and (
            (code is not None and is_plugin_file(code.co_filename, ledger.folder)) or asked_by(sys._getframe(1), ledger)
        ):
            ledger.record(Kind.TIMER, handle)
        return handle

    return call_at


def in_context(inner: Callable[..., asyncio.Future[Any]]) -> Callable[..., asyncio.Future[Any]]:
    """Work in a pool's thread belongs to whoever asked for it."""

    def run_in_executor(executor: Any, function: Callable[..., Any], *arguments: Any) -> asyncio.Future[Any]:
        if owner() is None or not (executor is None or isinstance(executor, concurrent.futures.ThreadPoolExecutor)):
            return inner(executor, function, *arguments)
        return inner(executor, contextvars.copy_context().run, function, *arguments)

    return run_in_executor


def awaited(inner: Callable[..., Coroutine[Any, Any, Any]], kind: Kind) -> Callable[..., Coroutine[Any, Any, Any]]:
    """A coroutine method whose result is to be written down: a server, or the transport of a process."""

    @functools.wraps(inner)
    async def call(*arguments: Any, **options: Any) -> Any:
        token = _quietly.set(True)
        try:
            result = await inner(*arguments, **options)
        finally:
            _quietly.reset(token)
        note(kind, result[0] if isinstance(result, tuple) else result)
        return result

    return call


def recording_method(inner: Callable[..., None], kind: Kind) -> Callable[..., None]:
    @functools.wraps(inner)
    def method(self: Any, *arguments: Any, **options: Any) -> None:
        inner(self, *arguments, **options)
        note(kind, self)

    return method


class LibraryFinder:
    """First on ``sys.meta_path``: says when one of the libraries has been imported. It finds nothing by itself."""

    def __init__(self, names: Iterable[str], imported: Callable[[], None]) -> None:
        self._names = frozenset(names)
        self._imported = imported

    def find_spec(
        self, name: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        if name not in self._names:
            return None
        finders = list(sys.meta_path)
        for finder in finders[finders.index(self) + 1 :] if self in finders else ():
            spec = finder.find_spec(name, path, target) if hasattr(finder, "find_spec") else None
            if spec is not None:
                loader: Any = spec.loader
                if isinstance(loader, SourceFileLoader | SourcelessFileLoader | zipimporter):
                    vars(loader)["exec_module"] = self._telling(loader.exec_module)
                return spec
        return None

    def _telling(self, execute: Callable[[ModuleType], None]) -> Callable[[ModuleType], None]:
        def exec_module(module: ModuleType) -> None:
            execute(module)
            self._imported()

        return exec_module


class Witness:
    """All of it, for as long as MiniCore runs on the loop."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._libraries: weakref.WeakSet[type] = weakref.WeakSet()
        opened = builtins.open
        recording = RecordingOpen(opened)
        builtins.open = io.open = recording
        self._undo: list[Undo] = [
            lambda: restore_open(opened, recording),
            watch_loop(loop),
            listen("open", on_open),
            listen("socket.__new__", lambda arguments: note(Kind.SOCKET, arguments[0])),
            listen("subprocess.Popen", on_process),
            watch_threads(),
            *watch_registries(loop),
        ]
        finder: Any = LibraryFinder((library for library, *_ in LIBRARIES), self._watch_libraries)
        sys.meta_path.insert(0, finder)
        self._undo.append(lambda: remove_finder(finder))
        self._watch_libraries()

    def _watch_libraries(self) -> None:
        """Watch the classes of the libraries that have been imported by now."""
        for library, name, method, kind in LIBRARIES:
            cls = vars(sys.modules[library]).get(name) if library in sys.modules else None
            if isinstance(cls, type) and cls not in self._libraries:
                self._libraries.add(cls)
                self._watch_class(cls, method, kind)

    def _watch_class(self, cls: Any, method: str, kind: Kind) -> None:
        inner = getattr(cls, method)
        setattr(cls, method, recording_method(inner, kind))
        self._undo.append(lambda: setattr(cls, method, inner))

    def end(self) -> None:
        """Nothing is seen any more, and everything is as it was."""
        while self._undo:
            self._undo.pop()()


def remove_finder(finder: Any) -> None:
    sys.meta_path[:] = [one for one in sys.meta_path if one is not finder]


def restore_open(inner: Any, recording: Any) -> None:
    if builtins.open is recording:
        builtins.open = inner
    if io.open is recording:
        io.open = inner
