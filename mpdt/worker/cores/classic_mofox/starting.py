"""What the core starts for a plugin beside its registrations: adapters, interest calculators, chatters."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from mpdt.language import _
from mpdt.worker.cores.belonging import is_of_plugin
from mpdt.worker.cores.classic_mofox.parts import Parts
from mpdt.worker.cores.classic_mofox.registered import Key
from mpdt.worker.errors import WorkerError

Listed = dict[Key, tuple[Any, Any]]


def classes(listed: Listed, kind: str) -> list[tuple[Any, Any]]:
    return [listed[key] for key in listed if key[0] == kind]


def register_component(parts: Parts, info: Any, cls: Any) -> None:
    """Raises WorkerError where the core would log a warning, and go on without the component."""
    signature = f"{info.component_type.value}.{info.name}"
    other = parts.registry._components.get(signature)
    if other is not None:
        raise WorkerError(
            _(
                "{signature} is registered already, by the plugin '{plugin}': the bot would leave this one out.",
                signature=signature,
                plugin=other.plugin_name,
            )
        )
    router = parts.server.app.router
    lifespan = router.lifespan_context
    done = parts.registry.register_component(info, cls)
    # FastAPI wraps the lifespans of the routers around each other; the bot's server has started, and asks for none.
    router.lifespan_context = lifespan
    if not done:
        raise WorkerError(_("{signature} could not be registered; the bot's own log says why.", signature=signature))


def offer_chatters(parts: Parts, listed: Listed) -> None:
    """The core takes chatters over once, when the first conversation begins."""
    if parts.chatters._auto_registered:
        for info, cls in classes(listed, "chatter"):
            if info.enabled:
                parts.chatters.register_chatter(cls)


async def start_adapters(parts: Parts, listed: Listed, plugin: Any) -> None:
    """Raises WorkerError for one that does not start, and for one that would need a process of its own."""
    for info, cls in classes(listed, "adapter"):
        known = parts.adapters._adapter_defs.get(info.name)
        if known is not None and known[0] is not cls:
            raise WorkerError(_("The bot has an adapter named '{name}' of its own.", name=info.name))
        if cls.run_in_subprocess and not importable(cls):
            raise WorkerError(
                _(
                    "The adapter '{name}' runs in a process of its own (run_in_subprocess), which imports it from the "
                    "bot's folder: put a link there with `mpdt install --dev`, or set run_in_subprocess = False.",
                    name=info.name,
                )
            )
        parts.adapters.register_adapter(cls, plugin)
        if not await parts.adapters.start_adapter(info.name):
            raise WorkerError(
                _("The adapter {signature} did not start; the bot's own log says why.", signature=info.name)
            )


def importable(cls: Any) -> bool:
    """By a process that has no finder of ours: the module lies where the bot's own package path leads."""
    return Path.cwd().joinpath(*cls.__module__.split(".")).with_suffix(".py").is_file()


async def start_calculators(parts: Parts, listed: Listed) -> Any:
    """Make the plugin's interest calculator the bot's one; returns the one that was. None if there is none to make."""
    before = parts.interest._current_calculator
    for _info, cls in classes(listed, "interest_calculator"):
        calculator = cls()
        if not await parts.interest.register_calculator(calculator):
            raise WorkerError(
                _("{signature} could not be registered; the bot's own log says why.", signature=cls.__qualname__)
            )
    return before if classes(listed, "interest_calculator") else None


async def end_calculators(parts: Parts, folder: Path, before: Any) -> None:
    """Give the bot back the calculator that it had."""
    current = parts.interest._current_calculator
    if current is not None and is_of_plugin(current, folder):
        await current.cleanup()
        parts.interest._current_calculator = None
        if before is not None and not is_of_plugin(before, folder):
            await parts.interest.register_calculator(before)


async def announce_start(parts: Parts, handlers: dict[str, Any]) -> None:
    """What a plugin is told at the bot's start. To this one only: the others have been told."""
    name = parts.types.EventType.ON_START.value
    known = parts.events._events.get(name)
    ours = [one for one in known.subscribers if one in handlers.values()] if known is not None else []
    if ours:
        only = type(known)(name)
        only.subscribers = ours
        await only.activate({}, handler_timeout=getattr(parts.events, "_default_handler_timeout", None))
