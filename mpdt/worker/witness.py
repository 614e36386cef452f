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
from collections.abc import Callable, Coroutine, Generator
from typing import Any

from mpdt.worker.audit import WRITING, absolute, listen
from mpdt.worker.ledger import Kind, owner
from mpdt.worker.places import code_of_callable
from mpdt.worker.scope import is_plugin_file

CLIENTS = (
    ("aiohttp", "ClientSession"),
    ("httpx", "AsyncClient"),
    ("httpx", "Client"),
    ("requests", "Session"),
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
    """Only callbacks that are the plugin's own code: a sleep ends with the task that sleeps."""

    def call_at(when: float, callback: Callable[..., Any], *arguments: Any, **options: Any) -> asyncio.TimerHandle:
        handle = inner(when, callback, *arguments, **options)
        code = code_of_callable(callback)
        ledger = owner() if code is not None else None
        if ledger is not None and code is not None and is_plugin_file(code.co_filename, ledger.folder):
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


def recording_init(inner: Callable[..., None], kind: Kind) -> Callable[..., None]:
    @functools.wraps(inner)
    def __init__(self: Any, *arguments: Any, **options: Any) -> None:
        inner(self, *arguments, **options)
        note(kind, self)

    return __init__


class Witness:
    """All of it, for as long as MiniCore runs on the loop."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._clients: set[tuple[str, str]] = set()
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
        ]
        self._watch_class(concurrent.futures.ThreadPoolExecutor, Kind.EXECUTOR)

    def watch_clients(self) -> None:
        """Look whether a library of HTTP clients has been imported by now."""
        for library, name in CLIENTS:
            if (library, name) not in self._clients and library in sys.modules:
                cls = vars(sys.modules[library]).get(name)
                if isinstance(cls, type):
                    self._clients.add((library, name))
                    self._watch_class(cls, Kind.SESSION)

    def _watch_class(self, cls: Any, kind: Kind) -> None:
        inner = cls.__init__
        cls.__init__ = recording_init(inner, kind)
        self._undo.append(lambda: setattr(cls, "__init__", inner))

    def end(self) -> None:
        """Nothing is seen any more, and everything is as it was."""
        while self._undo:
            self._undo.pop()()


def restore_open(inner: Any, recording: Any) -> None:
    if builtins.open is recording:
        builtins.open = inner
    if io.open is recording:
        io.open = inner
