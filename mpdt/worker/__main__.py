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
from pathlib import Path

from mpdt.language import _
from mpdt.protocol import PORT_VARIABLE, TOKEN_VARIABLE, Hello
from mpdt.worker.agent import Agent, leave
from mpdt.worker.channel import Channel
from mpdt.worker.cores import Core, Log
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


def prepare_process(*, hosting: bool = False) -> None:
    faulthandler.enable()
    # The supervisor decides about Ctrl+C. A handler that does nothing, and not SIG_IGN, which
    # children of the plugin would inherit. A real core has its own, by which it is asked to stop.
    if not hosting:
        signal.signal(signal.SIGINT, lambda number, frame: None)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace", line_buffering=True)


async def serve(channel: Channel) -> None:
    agent = Agent(channel, asyncio.get_running_loop())
    logging.getLogger().addHandler(NoticeHandler(agent.log))
    agent.start()
    await agent.finished.wait()


def host(kind: str, entry: Path, port: int, token: str) -> int:
    """Run a real core's own program; the agent connects once it is up."""
    from mpdt.worker.cores import hosting

    def attach(core: Core) -> Agent:
        channel = Channel.connect(port)
        channel.send(Hello(token, os.getpid(), platform.python_version()))
        loop = asyncio.get_running_loop()
        agent = Agent(channel, loop, core=core, stop_core=lambda: hosting.stop_from_thread(loop))
        agent.start()
        return agent

    prepare_process(hosting=True)
    return hosting.run(kind, entry, attach)


def main() -> int:
    """The exit status: 0 after a shutdown, 2 if there is no supervisor; a real core's is its own."""
    try:
        port, token = take_credentials()
        if len(sys.argv) > 2:
            from mpdt.worker.cores.hosting import end_process

            kind, entry = sys.argv[1:3]
            end_process(leave, host(kind, Path(entry), port, token))
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
