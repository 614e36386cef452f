"""What Neo-MoFox's own ``unload_plugin`` leaves behind (1.2.0): each would go on calling, or holding, the old code."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from mpdt.language import _
from mpdt.worker.cores.belonging import is_of_plugin
from mpdt.worker.cores.endpoints import forget_endpoints
from mpdt.worker.cores.neo_mofox.parts import Parts
from mpdt.worker.ledger import is_caused_by
from mpdt.worker.places import code_of
from mpdt.worker.scope import is_plugin_file

Left = list[tuple[str, str]]  # kind and place


async def end_components(parts: Parts, name: str, tell: Callable[[str, BaseException], None]) -> None:
    """Routers, adapters and chatters: the core starts them for the plugin, and never ends them."""
    prefix = f"{name}:"
    for signature in [one for one in parts.routers._mounted_routers if one.startswith(prefix)]:
        await parts.routers.unmount_router(signature)
    for signature in [one for one in parts.adapters._active_adapters if one.startswith(prefix)]:
        # ``stop_adapter`` keeps an adapter whose stop failed, and says False.
        if not await parts.adapters.stop_adapter(signature):
            parts.adapters._active_adapters.pop(signature, None)
            tell(
                _("The adapter {signature} did not stop.", signature=signature),
                RuntimeError(_("see the bot's own log")),
            )
        await parts.sinks.teardown_adapter_sink(signature)
    await end_chatters(parts, prefix)
    forget_endpoints()


async def end_chatters(parts: Parts, prefix: str) -> None:
    """A conversation under way is a generator of the old code: it ends, and the next message begins another."""
    for stream, chatter in list(parts.chatters._active_chatters.items()):
        if not (getattr(chatter, "_signature_", "") or "").startswith(prefix):
            continue
        del parts.chatters._active_chatters[stream]
        parts.loops._wait_states.pop(stream, None)
        generator = parts.loops._chatter_genes.pop(stream, None)
        context = getattr(parts.streams._streams.get(stream), "context", None)
        task = getattr(context, "stream_loop_task", None)
        if task is not None and not task.done() and getattr(context, "is_chatter_processing", False):
            task.cancel()  # it is inside the old generator; the stream's next message starts another
        elif generator is not None:
            try:
                await generator.aclose()
            except RuntimeError:
                pass  # it is running after all, and ends with its task


async def end_schedules(parts: Parts, folder: Path) -> None:
    for number, task in list(parts.schedules._tasks.items()):
        if is_of_plugin(task.callback, folder):
            await parts.schedules.remove_schedule(number)
    parts.schedules._completed_tasks[:] = [
        one for one in parts.schedules._completed_tasks if not is_of_plugin(one.callback, folder)
    ]


def end_temporary(parts: Parts, folder: Path) -> None:
    for number, handler in list(parts.events._temporary_handlers.items()):
        if is_of_plugin(handler, folder):
            parts.events._unregister_temporary_handler_locked(number)


def forget_tasks(parts: Parts, folder: Path) -> None:
    """The task manager keeps what is done, with its coroutine and its context, until somebody tidies up: the bot's
    watchdog does, where it is switched on. What the bot itself started for the plugin (a health check) counts too.
    """
    with parts.tasks._lock:
        for number, info in list(parts.tasks._tasks.items()):
            task = info.task
            if task is None or not task.done():
                continue
            code = code_of(task)
            if is_caused_by(task, folder) or (code is not None and is_plugin_file(code.co_filename, folder)):
                del parts.tasks._tasks[number]
