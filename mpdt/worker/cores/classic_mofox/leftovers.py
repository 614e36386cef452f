"""What the classic core's own unload leaves behind (0.13): each would go on calling, or holding, the old code."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from mpdt.worker.cores.belonging import is_of_plugin
from mpdt.worker.cores.classic_mofox.parts import Parts

HISTORY = "src.plugin_system.core.stream_tool_history"
CACHE = "src.common.cache_manager"
TASK_LIMIT = 2.0  # seconds for one task of the core's task manager to end

Left = list[tuple[str, str]]  # kind and place


async def end_adapters(parts: Parts, folder: Path) -> None:
    for name, (cls, _) in list(parts.adapters._adapter_defs.items()):
        if is_of_plugin(cls, folder):
            await parts.adapters.stop_adapter(name)


async def end_schedules(parts: Parts, folder: Path) -> None:
    for number, task in list(parts.schedules._tasks.items()):
        if is_of_plugin(task.callback, folder):
            await parts.schedules.remove_schedule(number)
    parts.schedules._completed_tasks[:] = [
        one for one in parts.schedules._completed_tasks if not is_of_plugin(one.callback, folder)
    ]


async def end_chatters(parts: Parts, folder: Path) -> None:
    """A conversation under way runs the old code: it ends, and the next message begins another."""
    for stream, chatter in list(parts.chatters.instances.items()):
        if is_of_plugin(chatter, folder):
            await parts.loops.stop_stream_loop(stream)
            parts.chatters.instances.pop(stream, None)


async def end_tasks(parts: Parts, folder: Path) -> None:
    """The task manager starts its own coroutine, with the plugin's task object in it."""
    for task in list(parts.tasks.tasks.values()):
        if is_of_plugin(runner_of(task), folder):
            task.cancel()
            await asyncio.wait([task], timeout=TASK_LIMIT)


def runner_of(task: Any) -> Any:
    """The object whose ``start_task`` a task is; None once it has ended."""
    frame = getattr(task.get_coro(), "cr_frame", None)
    return frame.f_locals.get("self") if frame is not None else None


def forget_results(tools: Iterable[str]) -> None:
    """Results of the plugin's tools that are kept in memory: the new code is to be asked again. What is in the database
    is kept over a restart of the bot too.
    """
    names = frozenset(tools)
    if not names:
        return
    for manager in getattr(sys.modules.get(HISTORY), "_stream_managers", {}).values():
        manager._history[:] = [one for one in manager._history if one.tool_name not in names]
    kept = getattr(getattr(sys.modules.get(CACHE), "tool_cache", None), "l1_kv_cache", {})
    for key in [one for one in kept if one.partition("::")[0] in names]:
        del kept[key]
