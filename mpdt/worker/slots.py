"""Hooks of the process that hold one function each, or a list of them: a plugin that sets one, and is replaced, would
be called for ever, and one that wraps what it finds would be wrapped once more at each reload.
"""

from __future__ import annotations

import asyncio
import copyreg
import functools
import gc
import logging
import sys
import threading
import warnings
import weakref
from collections.abc import Callable, Iterable, Iterator, Mapping, MutableSequence
from types import FunctionType
from typing import Any

from mpdt.language import _
from mpdt.worker.ledger import Action, Kind, Leak, Ledger

# Where one function or object is held, and under which name.
SLOTS: tuple[tuple[Any, str], ...] = (
    (sys, "excepthook"),
    (sys, "unraisablehook"),
    (sys, "displayhook"),
    (sys, "stdout"),
    (sys, "stderr"),
    (threading, "excepthook"),
    (warnings, "showwarning"),
    (logging, "_logRecordFactory"),
    (logging, "_loggerClass"),
)
LOOP_SLOTS = ("_exception_handler", "_task_factory")


def namespace_of(value: Any) -> Mapping[str, Any] | None:
    """The module namespace that a callable's or an object's code runs in."""
    while isinstance(value, functools.partial):
        value = value.func
    value = getattr(value, "__func__", value)
    if isinstance(value, FunctionType):
        return value.__globals__
    cls = value if isinstance(value, type) else type(value)
    methods = (one for one in vars(cls).values() if isinstance(one, FunctionType))
    return next((one.__globals__ for one in methods), None)


def is_of(value: Any, ledger: Ledger) -> bool:
    """Is it that version's? Another version of the plugin may have set the hook already."""
    namespace = namespace_of(value)
    return namespace is not None and any(namespace is one for one in ledger.namespaces)


class Slots:
    """What the hooks held before any plugin was loaded."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._places = [*SLOTS, *((loop, name) for name in LOOP_SLOTS if hasattr(loop, name))]
        self._before = self.values()

    def values(self) -> list[Any]:
        """What is in the hooks now, for ``put_back``."""
        return [getattr(holder, name) for holder, name in self._places]

    def put_back(self, values: list[Any]) -> None:
        """A version that failed may have set some while it was imported; the one that serves on has its own again."""
        for (holder, name), value in zip(self._places, values, strict=True):
            setattr(holder, name, value)

    def restore(self, ledger: Ledger) -> list[Leak]:
        """Take out what is the version's, and put back what was there at first."""
        names = []
        for (holder, name), before in zip(self._places, self._before, strict=True):
            if is_of(getattr(holder, name), ledger):
                setattr(holder, name, before)
                names.append(f"{getattr(holder, '__name__', 'loop')}.{name.lstrip('_')}")
        for name, values in lists():
            gone = [one for one in values if is_of(one, ledger)]
            values[:] = [one for one in values if not any(one is other for other in gone)]
            names += [name] * len(gone)
        names += forget_keys(ledger)
        return [Leak(Kind.HOOK, name, Action.REMOVED) for name in names]


def lists() -> Iterator[tuple[str, MutableSequence[Any]]]:
    yield "gc.callbacks", gc.callbacks
    yield "sys.path_hooks", sys.path_hooks
    root = logging.getLogger()
    for logger in (root, *root.manager.loggerDict.values()):
        if isinstance(logger, logging.Logger):
            yield _("filter of the logger {name}", name=logger.name), logger.filters


def forget_keys(ledger: Ledger) -> Iterable[str]:
    """Entries that are keyed: how a class is pickled, and what is called when an object ends."""
    table: dict[Any, Callable[..., Any]] = copyreg.dispatch_table
    for cls in [cls for cls, function in list(table.items()) if is_of(function, ledger) or is_of(cls, ledger)]:
        del table[cls]
        yield _("copyreg of {qualname}", qualname=cls.__qualname__)
    registry: Mapping[Any, Any] = getattr(weakref.finalize, "_registry", {})
    for finalizer in [one for one, info in list(registry.items()) if is_of(info.func, ledger)]:
        known = finalizer.peek()
        if known is not None and not is_of(known[0], ledger):  # its own objects' end with them
            finalizer.detach()
            yield "weakref.finalize"
