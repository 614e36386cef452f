"""A signal stops the server also when no system call of the main thread is interrupted by it."""

from __future__ import annotations

import asyncio
import os
import signal
import threading
import time

import pytest

from mpdt.dev.platform import WINDOWS, on_stop_signal, woken_by_signals

pytestmark = pytest.mark.skipif(WINDOWS, reason="POSIX signals")


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_that_another_thread_receives_wakes_the_loop(number: signal.Signals) -> None:
    def receive() -> None:
        signal.pthread_kill(threading.get_ident(), number)

    async def serve() -> None:
        loop = asyncio.get_running_loop()
        stop = asyncio.Event()
        with on_stop_signal(lambda: loop.call_soon_threadsafe(stop.set)), woken_by_signals(loop):
            # Once the loop is in select(), with nothing else to wake it.
            threading.Timer(0.05, receive).start()
            async with asyncio.timeout(10):
                await stop.wait()
        assert time.monotonic() - started < 5
        assert signal.set_wakeup_fd(-1) == -1  # as it was

    started = time.monotonic()
    asyncio.run(serve())


def test_a_burst_of_signals_fills_no_buffer() -> None:
    async def serve() -> int:
        seen = 0

        def count() -> None:
            nonlocal seen
            seen += 1

        with on_stop_signal(count), woken_by_signals(asyncio.get_running_loop()):
            for _ in range(5000):
                os.kill(os.getpid(), signal.SIGTERM)
            await asyncio.sleep(0)
        return seen

    assert asyncio.run(serve()) > 0
