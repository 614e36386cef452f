"""Where in the plugin something was started, or stands: ``service.py:41``."""

from __future__ import annotations

import asyncio
import functools
import os
import sys
from collections.abc import Callable
from pathlib import Path
from types import CodeType, FrameType
from typing import Any

from mpdt.language import _
from mpdt.worker.scope import is_plugin_file


def short(filename: str, line: int, folder: Path) -> str:
    """The place as a person knows it: below the plugin folder, with forward slashes."""
    path = Path(filename)
    return f"{path.relative_to(folder).as_posix() if path.is_relative_to(folder) else filename}:{line}"


def plugin_frame(frame: FrameType | None, folder: Path) -> FrameType | None:
    """The innermost frame of the plugin's code."""
    while frame is not None and not is_plugin_file(frame.f_code.co_filename, folder):
        frame = frame.f_back
    return frame


def calling_place(folder: Path) -> str:
    """The plugin's line that is being executed; empty if there is none."""
    frame = plugin_frame(sys._getframe(1), folder)
    return short(frame.f_code.co_filename, frame.f_lineno, folder) if frame else ""


def code_of(task: asyncio.Task[Any]) -> CodeType | None:
    coro: Any = task.get_coro()
    for attribute in ("cr_code", "gi_code", "ag_code"):
        code = getattr(coro, attribute, None)
        if isinstance(code, CodeType):
            return code
    return None


def code_of_callable(function: Callable[..., Any]) -> CodeType | None:
    """The code that a callback runs, through partials and bound methods."""
    current: Any = function
    while isinstance(current, functools.partial):
        current = current.func
    code = getattr(getattr(current, "__func__", current), "__code__", None)
    return code if isinstance(code, CodeType) else None


def place_in(code: CodeType, line: int) -> str:
    """``service.py:41 in poll``, with the whole path."""
    return _("{file}:{line} in {function}", file=code.co_filename, line=line, function=code.co_qualname)


def standing_place(task: asyncio.Task[Any]) -> str:
    """Where the task stands: the deepest line of its coroutine, else where its coroutine is defined."""
    frames = task.get_stack(limit=1)
    code = code_of(task)
    if frames:
        frame = frames[-1]
        return place_in(frame.f_code, frame.f_lineno)
    return place_in(code, code.co_firstlineno) if code else _("unknown")


def thread_place(ident: int | None, folder: Path) -> str:
    """The plugin's line that a thread is at; empty if it is in none."""
    frame = plugin_frame(sys._current_frames().get(ident or 0), folder)
    return short(frame.f_code.co_filename, frame.f_lineno, folder) if frame else ""


def is_library(filename: str) -> bool:
    return filename.startswith(("<", os.path.dirname(os.__file__)))  # noqa: PTH120 - a hot string test
