"""What the process writes to its standard output and error, line by line, to be shown elsewhere too."""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable
from typing import Any

LINE_LIMIT = 64 * 1024  # characters; a longer line comes in pieces

Tell = Callable[[str, str], None]  # stream, line


def spoken(tell: Tell) -> Callable[[], None]:
    """``tell`` each line that is written from now on, by whoever has kept the stream too; returns what ends it.

    The stream stays the object that it is: only its ``write`` is ours for the time. One that does not allow that is
    left alone.
    """
    ends = [listen(name, getattr(sys, name), tell) for name in ("stdout", "stderr")]
    return lambda: [end() for end in ends].clear()


def listen(name: str, stream: Any, tell: Tell) -> Callable[[], None]:
    space = getattr(stream, "__dict__", None)
    if space is None or not hasattr(stream, "write"):
        return lambda: None
    inner, had, lock, rest = stream.write, space.get("write"), threading.Lock(), [""]

    def write(text: str) -> Any:
        result = inner(text)
        with lock:
            *lines, rest[0] = (rest[0] + str(text)).split("\n")
            if len(rest[0]) > LINE_LIMIT:
                lines, rest[0] = [*lines, rest[0]], ""
        for line in lines:
            tell(name, line.rstrip("\r"))
        return result

    space["write"] = write

    def end() -> None:
        if space.get("write") is write:  # else somebody has put another on top, which calls this one
            if had is None:
                del space["write"]
            else:
                space["write"] = had

    return end
