"""What the developer types goes to the bot: its own commands, and its agreements, which mpdt answers for nobody."""

from __future__ import annotations

import asyncio
import os
import sys
import threading
from collections.abc import Callable

BLOCK = 4096


def forward_input(answer: Callable[[str], None], loop: asyncio.AbstractEventLoop, number: int | None = None) -> None:
    """From now on, hand each line of standard input to ``answer``, on the loop. The end of it ends nothing."""
    source = number if number is not None else standard_input()
    if source is None or not may_read(source):
        return

    def read() -> None:
        # By the descriptor: a thread that waits in a buffered read holds its lock, and Python aborts at its end.
        rest = b""
        try:
            while block := os.read(source, BLOCK):
                *lines, rest = (rest + block).split(b"\n")
                for line in lines:
                    loop.call_soon_threadsafe(answer, line.rstrip(b"\r").decode("utf-8", "replace"))
        except (OSError, RuntimeError):
            pass  # closed, or the loop is: nobody is left to answer

    threading.Thread(target=read, name="mpdt input", daemon=True).start()


def standard_input() -> int | None:
    try:
        return sys.stdin.fileno()
    except (AttributeError, OSError, ValueError):  # there is none, or it is no file
        return None


def may_read(number: int) -> bool:
    """A job in the background of a terminal is stopped by the system when it reads from it."""
    if not os.isatty(number) or not hasattr(os, "tcgetpgrp"):
        return True
    try:
        return os.tcgetpgrp(number) == os.getpgrp()
    except OSError:
        return False
