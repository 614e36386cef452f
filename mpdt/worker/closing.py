"""Ends what a version of the plugin left behind, in an order that works, and says what that was.

Nothing may start anew while it is taken down: servers and timers first, then the tasks that use the rest, then clients,
pools and processes, then bare sockets and files. Threads come last: what they waited for may be gone by then.
"""

from __future__ import annotations

import asyncio
import concurrent.futures
import sys
import threading
import time
from collections.abc import Awaitable, Iterable
from typing import Any

from mpdt.language import _
from mpdt.worker.ledger import Action, BareThread, Kind, Leak, Ledger
from mpdt.worker.places import thread_place
from mpdt.worker.registries import databases_of
from mpdt.worker.scope import is_plugin_file
from mpdt.worker.slots import namespace_of

TICK = 0.002  # seconds between two looks at something that has no other way to tell that it ended


async def close_all(ledger: Ledger, deadline: float, *, exiting: bool = False) -> list[Leak]:
    """End everything in the ledger; each wait takes ``deadline`` seconds at most. Raises nothing of the plugin's.

    ``exiting``: the process ends with the plugin, so its exit handlers are to be called.
    """
    leaks = close_servers(ledger) + cancel_timers(ledger) + remove_installed(ledger, exiting=exiting)
    leaks += await cancel_tasks(ledger, deadline)
    leaks += await close_sessions(ledger, deadline)
    leaks += close_executors(ledger)
    leaks += await end_processes(ledger, deadline)
    sockets = close_sockets(ledger)
    if sockets:
        await asyncio.sleep(0)  # an aborted connection closes its socket in the loop's next turn
    leaks += sockets + close_databases(ledger) + close_files(ledger) + remove_finders(ledger)
    return leaks + await join_threads(ledger, deadline)


def named(thing: object, place: str) -> str:
    name = getattr(thing, "name", None)
    shown = name if isinstance(name, str) and name else type(thing).__name__
    return _("{name} started at {place}", name=shown, place=place) if place else shown


def close_servers(ledger: Ledger) -> list[Leak]:
    leaks = []
    for server, place in ledger.live(Kind.SERVER):
        if server.is_serving() or server.sockets:
            leaks.append(Leak(Kind.SERVER, named(server, place), Action.CLOSED))
            server.close()
    return leaks


def cancel_timers(ledger: Ledger) -> list[Leak]:
    leaks = []
    now = asyncio.get_running_loop().time()
    for handle, place in ledger.live(Kind.TIMER):
        if not handle.cancelled() and handle.when() > now:
            name = getattr(handle._callback, "__qualname__", "call_later")
            leaks.append(Leak(Kind.TIMER, _("{name} started at {place}", name=name, place=place), Action.CANCELLED))
        handle.cancel()
    return leaks


def remove_installed(ledger: Ledger, *, exiting: bool) -> list[Leak]:
    return [
        Leak(
            one.kind, _("{name} at {place}", name=one.name, place=one.place) if one.place else one.name, Action.REMOVED
        )
        for one in ledger.take_installed()
        if not (exiting and one.kind is Kind.EXIT) and one.remove()
    ]


def close_databases(ledger: Ledger) -> list[Leak]:
    leaks = []
    for connection, place in databases_of(ledger):
        connection.close()
        leaks.append(
            Leak(
                Kind.DATABASE, _("{name} opened at {place}", name=type(connection).__name__, place=place), Action.CLOSED
            )
        )
    return leaks


async def cancel_tasks(ledger: Ledger, deadline: float) -> list[Leak]:
    """A leak for each task that nobody had cancelled, and for each that does not end."""
    tasks = ledger.running()
    left = [task for task in tasks if not task.cancelling()]
    names = {task: ledger.name_of(task) for task in tasks}
    for task in left:
        task.cancel()
    if tasks:
        await asyncio.wait(tasks, timeout=deadline)
    for task in tasks:
        if task.done() and not task.cancelled():
            task.exception()  # seen: asyncio need not warn about it when the task is collected
    return [
        Leak(Kind.TASK, names[task], Action.CANCELLED if task.done() else Action.SURVIVED)
        for task in tasks
        if task in left or not task.done()
    ]


async def close_sessions(ledger: Ledger, deadline: float) -> list[Leak]:
    leaks = []
    for session, place in ledger.live(Kind.SESSION):
        if is_closed(session):
            continue
        try:
            async with asyncio.timeout(deadline):
                ending: Any = session.aclose() if hasattr(session, "aclose") else session.close()
                if isinstance(ending, Awaitable):
                    await ending
        except Exception:  # noqa: BLE001 - a library's or a subclass's close; its sockets are closed further down
            pass
        leaks.append(Leak(Kind.SESSION, named(session, place), Action.CLOSED))
    return leaks


def is_closed(session: Any) -> bool:
    return bool(getattr(session, "closed", False) or getattr(session, "is_closed", False))


def close_executors(ledger: Ledger) -> list[Leak]:
    leaks = []
    shared = getattr(asyncio.get_running_loop(), "_default_executor", None)
    for executor, place in ledger.live(Kind.EXECUTOR):
        ended = getattr(executor, "_shutdown", False) or getattr(executor, "_shutdown_thread", False)
        if executor is not shared and not ended:
            executor.shutdown(wait=False, cancel_futures=True)
            leaks.append(Leak(Kind.EXECUTOR, named(executor, place), Action.CLOSED))
    return leaks


async def end_processes(ledger: Ledger, deadline: float) -> list[Leak]:
    """Asked first, then killed."""
    running = [(process, place) for process, place in ledger.live(Kind.PROCESS) if is_running(process)]
    if not running:
        return []
    names = [_("{name} started at {place}", name=pid_of(process), place=place) for process, place in running]
    for process, _place in running:
        process.terminate()
    await until((lambda: not any(is_running(process) for process, _place in running)), deadline / 2)
    for process, _place in running:
        if is_running(process):
            process.kill()
    await until((lambda: not any(is_running(process) for process, _place in running)), deadline / 2)
    return [
        Leak(Kind.PROCESS, name, Action.SURVIVED if is_running(process) else Action.CLOSED)
        for (process, _place), name in zip(running, names, strict=True)
    ]


def pid_of(process: Any) -> int:
    return int(process.get_pid() if isinstance(process, asyncio.SubprocessTransport) else process.pid)


def is_running(process: Any) -> bool:
    if isinstance(process, asyncio.SubprocessTransport):
        return process.get_returncode() is None
    if hasattr(process, "is_alive"):  # multiprocessing's
        return bool(process.is_alive()) if process._popen is not None else False
    return process.poll() is None if hasattr(process, "_child_created") else False


def close_sockets(ledger: Ledger) -> list[Leak]:
    leaks = []
    loop: Any = asyncio.get_running_loop()
    transports = getattr(loop, "_transports", {})
    for sock, place in ledger.live(Kind.SOCKET):
        number = sock.fileno()
        if number == -1:
            continue
        leaks.append(Leak(Kind.SOCKET, _("opened at {place}", place=place) if place else repr(sock), Action.CLOSED))
        transport = transports.get(number)
        if transport is not None:
            transport.abort()
            continue
        try:
            loop._remove_reader(number)
            loop._remove_writer(number)
        except (AttributeError, ValueError, KeyError):  # not a selector loop, or not registered
            pass
        sock.close()
    return leaks


def close_files(ledger: Ledger) -> list[Leak]:
    leaks = []
    for file, place in ledger.live(Kind.FILE):
        if file.closed:
            continue
        leaks.append(Leak(Kind.FILE, _("{name} opened at {place}", name=named(file, ""), place=place), Action.CLOSED))
        try:
            file.close()
        except (OSError, ValueError):  # what was buffered cannot be written; the descriptor is closed all the same
            pass
    return leaks


def remove_finders(ledger: Ledger) -> list[Leak]:
    added = [one for one in sys.meta_path if one not in ledger.finders and is_the_plugins(one, ledger)]
    sys.meta_path[:] = [one for one in sys.meta_path if one not in added]
    return [Leak(Kind.FINDER, repr(finder), Action.REMOVED) for finder in added]


def is_the_plugins(finder: object, ledger: Ledger) -> bool:
    cls = finder if isinstance(finder, type) else type(finder)
    file = (namespace_of(finder) or {}).get("__file__")
    if isinstance(file, str):
        return is_plugin_file(file, ledger.folder)
    return ledger.folder.name in cls.__module__.split(".")  # without a function that would tell its file


async def join_threads(ledger: Ledger, deadline: float) -> list[Leak]:
    """Threads cannot be ended from outside: timers are cancelled, the others waited for."""
    threads = ledger.threads()
    pool = shared_threads()
    leaks = []
    for thread, place in threads:
        if isinstance(thread, threading.Timer) and not thread.finished.is_set():
            thread.cancel()
            leaks.append(Leak(Kind.THREAD, named(thread, place), Action.CANCELLED))

    def left() -> list[tuple[threading.Thread | BareThread, str]]:
        return [
            (thread, place)
            for thread, place in threads
            if thread.is_alive() and (thread not in pool or thread_place(thread.ident, ledger.folder))
        ]

    await until(lambda: not left(), deadline)
    return leaks + [Leak(Kind.THREAD, named(thread, place), Action.SURVIVED) for thread, place in left()]


def shared_threads() -> frozenset[threading.Thread]:
    """The threads of the loop's own pool: they idle between two uses, whoever used them first."""
    executor = getattr(asyncio.get_running_loop(), "_default_executor", None)
    return frozenset(executor._threads) if isinstance(executor, concurrent.futures.ThreadPoolExecutor) else frozenset()


async def until(done: Any, deadline: float) -> None:
    ends = time.monotonic() + deadline
    while not done() and time.monotonic() < ends:  # noqa: ASYNC110 - neither threads nor processes tell the loop
        await asyncio.sleep(TICK)


def survivors(leaks: Iterable[Leak]) -> list[Leak]:
    return [leak for leak in leaks if leak.action is Action.SURVIVED]
