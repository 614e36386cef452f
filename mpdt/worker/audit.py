"""What this process is about to do, by audit event. Python has no way to take an audit hook out again, so there is one,
and its listeners come and go.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

Listener = Callable[[tuple[Any, ...]], None]

WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC
_listeners: dict[str, tuple[Listener, ...]] = {}
_hooked: list[bool] = []


def _hook(event: str, arguments: tuple[Any, ...]) -> None:
    for listener in _listeners.get(event, ()):
        listener(arguments)


def listen(event: str, listener: Listener) -> Callable[[], None]:
    """Call ``listener`` with the event's arguments, in whatever thread it happens; returns what ends it."""
    if not _hooked:
        _hooked.append(True)
        sys.addaudithook(_hook)
    _listeners[event] = (*_listeners.get(event, ()), listener)

    def end() -> None:
        _listeners[event] = tuple(one for one in _listeners.get(event, ()) if one is not listener)

    return end


def absolute(path: Any) -> str | None:
    """The path as text; None for a descriptor or something that is no path."""
    if isinstance(path, int) or path is None:
        return None
    try:
        return os.path.abspath(os.fsdecode(path))  # noqa: PTH100 - hot
    except (TypeError, ValueError, OSError):  # OSError: the current folder was deleted
        return None


def on_write(folder: Path, tell: Callable[[str], None]) -> Callable[[], None]:
    """``tell`` each file below the folder that is about to be written, replaced or removed; returns what ends it."""
    prefix = str(folder) + os.sep

    def check(path: object) -> None:
        name = absolute(path)
        if name is not None and name.startswith(prefix) and "__pycache__" not in name:
            tell(name)

    def opened(arguments: tuple[Any, ...]) -> None:
        path, _, flags = arguments
        if isinstance(flags, int) and flags & WRITING:
            check(path)

    def renamed(arguments: tuple[Any, ...]) -> None:
        check(arguments[0])
        check(arguments[1])

    ends = [
        listen("open", opened),
        listen("os.rename", renamed),
        listen("os.remove", lambda arguments: check(arguments[0])),
        listen("os.truncate", lambda arguments: check(arguments[0])),
    ]
    return lambda: [end() for end in ends].clear()
