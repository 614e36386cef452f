"""Entries that the plugin makes in registries of the process: exit, signal and log handlers, readers of the loop.

Nobody takes them out when a version is replaced, so the old one would be called for ever. Only what the plugin's own
code enters, or what calls the plugin's own code, is its own: a library that is imported on its behalf keeps what it
entered.
"""

from __future__ import annotations

import asyncio
import atexit
import gc
import logging
import signal
import sys
import weakref
from collections.abc import Callable, Iterator
from types import FrameType
from typing import Any

from mpdt.worker.audit import listen
from mpdt.worker.ledger import Kind, Ledger, owner
from mpdt.worker.places import calling_place, code_of_callable
from mpdt.worker.scope import is_plugin_file

Undo = Callable[[], None]
BETWEEN = frozenset({"__init__", "call_later"})  # frames between what is recorded and whoever asked for it


def asked_by(frame: FrameType | None, ledger: Ledger) -> bool:
    """Is it the plugin's own code that enters something, through constructors at most?"""
    while frame is not None and frame.f_code.co_name in BETWEEN:
        if is_plugin_file(frame.f_code.co_filename, ledger.folder):
            return True
        frame = frame.f_back
    return frame is not None and is_plugin_file(frame.f_code.co_filename, ledger.folder)


def owner_of(callback: Any, frame: FrameType | None) -> Ledger | None:
    """Whose entry it is; None if it is not the plugin's."""
    ledger = owner()
    if ledger is None:
        return None
    code = code_of_callable(callback) if callable(callback) else None
    calls_plugin = code is not None and is_plugin_file(code.co_filename, ledger.folder)
    return ledger if calls_plugin or asked_by(frame, ledger) else None


def name_of(callback: Any) -> str:
    return str(getattr(callback, "__qualname__", None) or type(callback).__qualname__)


def watch_exits() -> Undo:
    """``atexit``."""
    register, unregister = atexit.register, atexit.unregister
    left: list[Any] = []  # the plugin's, that nobody has unregistered

    def recording(function: Any, /, *arguments: Any, **options: Any) -> Any:
        result = register(function, *arguments, **options)
        ledger = owner_of(function, sys._getframe(1))
        if ledger is not None:
            left.append(function)
            ledger.install(Kind.EXIT, name_of(function), lambda: forget(function))
        return result

    def forget(function: Any) -> bool:
        was_there = function in left
        if was_there:
            left[:] = [one for one in left if one != function]
            unregister(function)
        return was_there

    def forgetting(function: Any, /) -> None:
        if not forget(function):
            unregister(function)

    atexit.register, atexit.unregister = recording, forgetting

    def undo() -> None:
        atexit.register, atexit.unregister = register, unregister

    return undo


def watch_signals() -> Undo:
    """``signal.signal``. What was there before any version of the plugin comes back with the end of the last one."""
    inner = signal.signal
    before: dict[int, Any] = {}

    def recording(number: Any, handler: Any, /) -> Any:
        was = inner(number, handler)
        ledger = owner_of(handler, sys._getframe(1))
        if ledger is None:
            before.pop(int(number), None)
        else:
            before.setdefault(int(number), was)
            ledger.install(Kind.SIGNAL, signal_name(number), lambda: restore(number, handler))
        return was

    def restore(number: Any, handler: Any) -> bool:
        if signal.getsignal(number) != handler:
            return False
        was = before.pop(int(number), None)
        inner(number, signal.SIG_DFL if was is None else was)
        return True

    module: Any = signal
    module.signal = recording
    return lambda: setattr(module, "signal", inner)


def signal_name(number: Any) -> str:
    return signal.Signals(number).name


def watch_loop_entries(loop: Any) -> Undo:
    """The loop's readers, writers and signal handlers."""
    add_reader, add_writer, add_signal = loop.add_reader, loop.add_writer, loop.add_signal_handler
    replaced = {
        "add_reader": entries(add_reader, lambda fd, callback: drop_channel(loop, fd, 0, callback)),
        "add_writer": entries(add_writer, lambda fd, callback: drop_channel(loop, fd, 1, callback)),
        "add_signal_handler": entries(add_signal, lambda number, callback: drop_signal(loop, number, callback)),
    }
    vars(loop).update(replaced)
    return lambda: [vars(loop).pop(name, None) for name in replaced].clear()


def entries(inner: Callable[..., None], drop: Callable[[Any, Any], bool]) -> Callable[..., None]:
    kind = Kind.SIGNAL if inner.__name__ == "add_signal_handler" else Kind.READER

    def add(what: Any, callback: Any, *arguments: Any) -> None:
        inner(what, callback, *arguments)
        ledger = owner_of(callback, sys._getframe(1))
        if ledger is not None:
            name = signal_name(what) if kind is Kind.SIGNAL else name_of(callback)
            ledger.install(kind, name, lambda: drop(what, callback))

    return add


def drop_channel(loop: Any, file: Any, side: int, callback: Any) -> bool:
    """Only if it is that callback still: the number may be another file's by now."""
    selector = getattr(loop, "_selector", None)
    try:
        key = selector.get_map().get(file) if selector is not None else None
    except ValueError:  # a closed file object
        return False
    handle = key.data[side] if key is not None else None
    if handle is None or handle._callback != callback:
        return False
    return bool((loop.remove_writer if side else loop.remove_reader)(file))


def drop_signal(loop: Any, number: int, callback: Any) -> bool:
    handle = getattr(loop, "_signal_handlers", {}).get(number)
    return handle is not None and handle._callback == callback and bool(loop.remove_signal_handler(number))


def watch_log_handlers() -> Undo:
    """``logging``'s handlers: each version would add one more, and every line would be written once for each."""
    cls: Any = logging.Handler
    inner = cls.__init__

    def __init__(self: Any, *arguments: Any, **options: Any) -> None:
        inner(self, *arguments, **options)
        ledger = owner_of(type(self).emit, sys._getframe(1))
        if ledger is not None:
            ref = weakref.ref(self)
            ledger.install(Kind.LOG, type(self).__qualname__, lambda: drop_handler(ref()))

    cls.__init__ = __init__
    return lambda: setattr(cls, "__init__", inner)


def drop_handler(handler: logging.Handler | None) -> bool:
    if handler is None:
        return False
    root = logging.getLogger()
    known = [one for one in root.manager.loggerDict.values() if isinstance(one, logging.Logger)]
    having = [one for one in (root, *known) if handler in one.handlers]
    for logger in having:
        logger.removeHandler(handler)
    if having:
        try:
            handler.close()
        except Exception:  # noqa: BLE001 - a handler of the plugin's
            pass
    return bool(having)


_databases: dict[int, tuple[weakref.ref[Ledger], str]] = {}


def on_database(arguments: tuple[Any, ...]) -> None:
    """A connection cannot be held weakly: its number is noted, and looked up when the version ends."""
    ledger = owner()
    if ledger is None:
        _databases.pop(id(arguments[0]), None)
    else:
        _databases[id(arguments[0])] = (weakref.ref(ledger), calling_place(ledger.folder))


def watch_databases() -> Undo:
    """``sqlite3``: an open transaction would lock the new version out."""
    return listen("sqlite3.connect/handle", on_database)


def databases_of(ledger: Ledger, *, looking: bool = False) -> Iterator[tuple[Any, str]]:
    """The open connections; unless one is only ``looking``, they are forgotten. The heap is looked at only if there
    were any."""
    mine = {key: place for key, (ref, place) in _databases.items() if ref() is ledger}
    library = sys.modules.get("sqlite3")
    if not mine or library is None:
        return
    for key in () if looking else mine:
        del _databases[key]
    for one in gc.get_objects():
        if id(one) in mine and issubclass(type(one), library.Connection):
            try:
                one.total_changes  # noqa: B018 - raises if it is closed, or another thread's
            except library.ProgrammingError:
                continue
            yield one, mine[id(one)]


def watch_registries(loop: asyncio.AbstractEventLoop) -> list[Undo]:
    return [watch_exits(), watch_signals(), watch_loop_entries(loop), watch_log_handlers(), watch_databases()]
