"""Threads of the worker's own: a debugger neither traces nor stops them, or nobody would answer the supervisor."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any


def start_thread(name: str, target: Callable[..., Any], *arguments: Any) -> threading.Thread:
    """A running daemon thread."""
    thread = threading.Thread(target=target, args=arguments, name=name, daemon=True)
    # By these pydevd knows threads that are none of the program's (pydevd_daemon_thread.mark_as_pydevd_daemon_thread).
    thread.__dict__.update(pydev_do_not_trace=True, is_pydev_daemon_thread=True)
    thread.start()
    return thread
