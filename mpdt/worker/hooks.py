"""Calling the plugin's hooks: bounded in time, and what fails in them is told."""

from __future__ import annotations

import asyncio
import inspect
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from mpdt.language import _
from mpdt.worker.cores import Log
from mpdt.worker.errors import describe

NAME = "mpdt.worker"
HOOK_LIMIT = 30.0


def is_ours_to_pass_on(error: BaseException) -> bool:
    """A cancellation that was asked of us, and not raised by the plugin."""
    task = asyncio.current_task()
    cancelled = isinstance(error, asyncio.CancelledError) and task is not None and task.cancelling() > 0
    return cancelled or isinstance(error, GeneratorExit)


async def bounded(running: Awaitable[Any], limit: float) -> Any:
    """Wait at most so long; raises what the plugin's code raises.

    ``wait_for`` runs it in a task, and a task that raises SystemExit ends the loop: it is handed around that.
    """

    async def caught() -> tuple[Any, BaseException | None]:
        try:
            return await running, None
        except (SystemExit, KeyboardInterrupt) as error:
            return None, error

    result, error = await asyncio.wait_for(caught(), limit)
    if error is not None:
        raise error
    return result


async def finished(result: Any) -> Any:
    """A hook may be a plain method or a coroutine."""
    return await result if inspect.isawaitable(result) else result


async def called(hook: Callable[..., Any], *arguments: Any) -> Any:
    return await finished(hook(*arguments))


class Hooks:
    """``waits_for`` says in words what a change under way is waiting for."""

    def __init__(self, folder: Path, log: Log) -> None:
        self._folder = folder
        self._log = log
        self.waits_for = ""

    async def call(self, name: str, running: Awaitable[object], limit: float = HOOK_LIMIT) -> None:
        """Wait for a hook whose failure is told and changes nothing."""
        self.waits_for = name
        try:
            await bounded(running, limit)
        except TimeoutError:
            self._log("ERROR", NAME, _("{name} was cut off: it took longer than {limit:g} s.", name=name, limit=limit))
        except BaseException as error:  # plugin code: a failing hook must not keep the plugin from being exchanged
            if is_ours_to_pass_on(error):
                raise
            self.tell(_("{name} failed.", name=name), error)

    async def call_if_there(self, plugin: object, name: str, argument: Any) -> None:
        hook = getattr(plugin, name, None)
        if hook is not None:

            async def calling() -> None:
                await finished(hook(argument))

            await self.call(name, calling())

    def tell(self, sentence: str, error: BaseException) -> None:
        """Log the plugin's error with its place."""
        self._log("ERROR", NAME, f"{sentence}\n{describe(error, self._folder).traceback.rstrip()}")
