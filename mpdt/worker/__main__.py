"""``python -m mpdt.worker``: started by the supervisor, which says in the environment where it listens."""

from __future__ import annotations

import asyncio
import contextlib
import faulthandler
import io
import logging
import os
import platform
import signal
import sys
import threading

from mpdt.language import _
from mpdt.protocol import PORT_VARIABLE, TOKEN_VARIABLE, Hello
from mpdt.worker.agent import Agent, leave
from mpdt.worker.channel import Channel
from mpdt.worker.cores import Log
from mpdt.worker.errors import WorkerError


class NoticeHandler(logging.Handler):
    """Passes on what is logged through Python's ``logging``."""

    def __init__(self, log: Log) -> None:
        super().__init__()
        self._log = log

    def emit(self, record: logging.LogRecord) -> None:
        self._log(record.levelname, record.name, self.format(record))


def take_credentials() -> tuple[int, str]:
    """Port and token, taken out of the environment. Raises WorkerError if they are not there."""
    port, token = os.environ.pop(PORT_VARIABLE, ""), os.environ.pop(TOKEN_VARIABLE, "")
    if not port.isdecimal() or not token:
        raise WorkerError(_("The worker is started by `mpdt dev`, not by hand."))
    return int(port), token


def prepare_process() -> None:
    faulthandler.enable()
    # The supervisor decides about Ctrl+C. A handler that does nothing, and not SIG_IGN, which
    # children of the plugin would inherit.
    signal.signal(signal.SIGINT, lambda number, frame: None)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace", line_buffering=True)


async def serve(channel: Channel) -> None:
    agent = Agent(channel, asyncio.get_running_loop())
    logging.getLogger().addHandler(NoticeHandler(agent.log))
    agent.start()
    await agent.finished.wait()


def main() -> int:
    """The exit status: 0 after a shutdown, 2 if there is no supervisor."""
    try:
        port, token = take_credentials()
        channel = Channel.connect(port)
    except WorkerError as error:
        sys.stderr.write(f"{error}\n")
        return 2
    prepare_process()
    channel.send(Hello(token, os.getpid(), platform.python_version()))
    del token
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(serve(channel))
    logging.getLogger().handlers.clear()
    others = [one for one in threading.enumerate() if not one.daemon and one is not threading.current_thread()]
    if any(not isinstance(one, threading.Timer) for one in others):
        leave()
    return 0


if __name__ == "__main__":
    sys.exit(main())
