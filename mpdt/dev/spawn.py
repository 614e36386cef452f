"""The worker's start. Synchronous, and imports nothing heavy: the child starts while the supervisor imports
the rest.
"""

from __future__ import annotations

import os
import socket
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from mpdt.dev.platform import apart_from_terminal, kill_tree
from mpdt.language import for_child
from mpdt.protocol import PORT_VARIABLE, TOKEN_VARIABLE


@dataclass(frozen=True, slots=True)
class Spawned:
    """A child process that was started and has not connected yet."""

    process: subprocess.Popen[bytes]
    listener: socket.socket
    token: str


def spawn(
    command: Sequence[str], folder: Path, environment: Mapping[str, str] = os.environ, *, keep_input: bool = False
) -> Spawned:
    """Starts the worker in ``folder``, with the port and the token of its channel, and the reader's language, in its
    environment.

    ``keep_input``: its standard input is a pipe that stays open. A bot that reads commands from it ends with it.
    """
    listener = socket.create_server(("127.0.0.1", 0), backlog=4)
    listener.setblocking(False)
    token = os.urandom(32).hex()
    variables = {
        **for_child(environment),
        PORT_VARIABLE: str(listener.getsockname()[1]),
        TOKEN_VARIABLE: token,
        "PYTHONUNBUFFERED": "1",
        "PYTHONIOENCODING": "utf-8:backslashreplace",
    }
    try:
        process = subprocess.Popen(
            list(command),
            cwd=folder,
            env=variables,
            stdin=subprocess.PIPE if keep_input else subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            **apart_from_terminal(),  # type: ignore[call-overload]
        )
    except OSError:
        listener.close()
        raise
    return Spawned(process, listener, token)


def abandon(spawned: Spawned) -> None:
    """Ends a worker that nobody will connect to."""
    kill_tree(spawned.process)
    spawned.process.wait()
    spawned.listener.close()
    for pipe in (spawned.process.stdin, spawned.process.stdout, spawned.process.stderr):
        if pipe is not None:
            pipe.close()
