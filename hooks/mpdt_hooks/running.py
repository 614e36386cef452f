"""Who still runs replaced code: frames, tasks, generators and threads."""

from __future__ import annotations

import asyncio
import inspect
import sys
import threading
import weakref
from collections.abc import Mapping, Sequence
from types import AsyncGeneratorType, CodeType, CoroutineType, FrameType, GeneratorType
from typing import Any

from mpdt_hooks.codes import CodePair
from mpdt_hooks.model import DefRef, Running, RunningKind


class Outlived:
    """Replaced code that something unknown still held: a frame may run it through any number of later versions."""

    def __init__(self) -> None:
        self._codes: dict[DefRef, list[weakref.ref[CodeType]]] = {}

    def remember(self, module: str, code: CodeType) -> None:
        """Note code that is about to be replaced; it is not kept alive."""
        ref = DefRef(module, code.co_qualname)
        living = [one for one in self._codes.get(ref, ()) if one() is not None]
        self._codes[ref] = [*living, weakref.ref(code)]

    def versions_before(self, pairs: Mapping[str, Sequence[CodePair]]) -> list[tuple[DefRef, CodeType]]:
        """The living code of earlier versions of what is replaced by other code now."""
        return [
            (ref, code)
            for module, module_pairs in pairs.items()
            for pair in module_pairs
            if not pair.moved and (ref := DefRef(module, pair.old.co_qualname)) in self._codes
            for code in (one() for one in self._codes[ref])
            if code is not None and code is not pair.old
        ]


def still_running(
    pairs: Mapping[str, Sequence[CodePair]], holders: Sequence[Any], before: Sequence[tuple[DefRef, CodeType]] = ()
) -> tuple[Running, ...]:
    """Frames, tasks, generators and threads that run code which was replaced by other code (not only moved), now or
    ``before``."""
    old = {id(code): ref for ref, code in before}
    for module, module_pairs in pairs.items():
        for pair in module_pairs:
            if not pair.moved:
                old[id(pair.old)] = DefRef(module, pair.old.co_qualname)
    if not old:
        return ()
    found: dict[tuple[DefRef, RunningKind, str], None] = {}
    suspended = {id(h): h for h in holders if isinstance(h, GeneratorType | CoroutineType | AsyncGeneratorType)}
    if suspended:
        for task in _tasks():
            _note_awaiting(task, suspended, old, found)
    for holder in [one for one in suspended.values() if _has_frame(one)]:
        code = _suspended_code(holder)
        if id(code) in old:
            found[old[id(code)], RunningKind.GENERATOR, getattr(holder, "__qualname__", "")] = None
    for ident, frame in sys._current_frames().items():
        top: FrameType | None = frame
        while top is not None:
            if id(top.f_code) in old:
                here = ident == threading.get_ident()
                kind = RunningKind.FRAME if here else RunningKind.THREAD
                found[old[id(top.f_code)], kind, _thread_name(ident)] = None
            top = top.f_back
    # Our own frame is among them: a variable that holds it is a circle, and keeps the replaced code alive.
    del frame, top
    return tuple(Running(*key) for key in found)


def _tasks() -> list[asyncio.Task[Any]]:
    """All tasks of all loops: ``asyncio.all_tasks`` wants the loop, and refresh runs beside it."""
    try:
        return [task for task in list(asyncio.tasks._scheduled_tasks) if not task.done()]  # type: ignore[attr-defined]
    except AttributeError:  # CPython 3.11 has one set for all kinds of tasks
        return [task for task in list(asyncio.tasks._all_tasks) if not task.done()]  # type: ignore[attr-defined]


def _has_frame(holder: Any) -> bool:
    """A generator that has ended keeps its code, and runs it no more."""
    return any(getattr(holder, name, None) is not None for name in ("cr_frame", "gi_frame", "ag_frame"))


def _suspended_code(holder: Any) -> CodeType | None:
    for name in ("cr_code", "gi_code", "ag_code"):
        code = getattr(holder, name, None)
        if code is not None:
            return code if inspect.iscode(code) else None
    return None


def _note_awaiting(
    task: asyncio.Task[Any],
    suspended: dict[int, Any],
    old: dict[int, DefRef],
    found: dict[tuple[DefRef, RunningKind, str], None],
) -> None:
    awaited: Any = task.get_coro()
    while awaited is not None:
        code = _suspended_code(awaited)
        if id(code) in old:
            suspended.pop(id(awaited), None)
            found[old[id(code)], RunningKind.TASK, task.get_name()] = None
        awaited = getattr(awaited, "cr_await", None) or getattr(awaited, "ag_await", None)


def _thread_name(ident: int) -> str:
    return next((t.name for t in threading.enumerate() if t.ident == ident), str(ident))
