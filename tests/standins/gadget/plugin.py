"""Registers one of each, so that a test sees what a reload leaves behind. Runs in the stand-in and in the real bot."""

import asyncio
import gc
import sys
import weakref
from typing import Any, Optional

from src.app.plugin_system.api.send_api import send_text
from src.app.plugin_system.base import (
    BaseAdapter,
    BaseChatter,
    BaseCommand,
    BaseConfig,
    BaseEventHandler,
    BasePlugin,
    BaseRouter,
    BaseService,
    Field,
    SectionBase,
    cmd_route,
    config_section,
    register_plugin,
)
from src.app.plugin_system.types import EventType
from src.core.managers.event_manager import get_event_manager
from src.core.prompt.manager import get_prompt_manager
from src.kernel.concurrency import get_task_manager
from src.kernel.event import EventDecision, get_event_bus
from src.kernel.scheduler import TriggerType, get_unified_scheduler

WORD = "one"
HEARD = []


def seen() -> Any:
    """What there was of every version, held weakly by the bot: what is in it still is alive."""
    return vars(sys.modules["src.kernel.event"]).setdefault("_seen", weakref.WeakSet())


class GadgetConfig(BaseConfig):
    @config_section("gadget")
    class Section(SectionBase):
        limit: int = Field(default=3, description="how many")

    gadget: Section = Field(default_factory=Section)


MAYBE = Optional[GadgetConfig]  # typing remembers it, and the class in it


class GadgetCommand(BaseCommand):
    command_name = "gadget"
    command_description = "Say the word."

    @cmd_route()
    async def plain(self) -> tuple[bool, str]:
        await send_text(f"{WORD} {self.plugin.config.gadget.limit}", stream_id=self.stream_id)
        return True, ""

    @cmd_route("heard")
    async def heard(self) -> tuple[bool, str]:
        await send_text(" ".join(HEARD) or "nothing", stream_id=self.stream_id)
        return True, ""


class GadgetHandler(BaseEventHandler):
    handler_name = "listener"
    init_subscribe = [EventType.ON_START, EventType.ON_STOP]

    async def execute(self, event_name: str, params: dict[str, Any]) -> Any:
        HEARD.append(str(getattr(event_name, "value", event_name)))
        print(f"gadget heard {event_name}", flush=True)
        return EventDecision.SUCCESS, params


class GadgetRouter(BaseRouter):
    router_name = "gadget"
    custom_route_path = "/gadget"

    def register_endpoints(self) -> None:
        @self.app.get("/word")
        async def word() -> dict[str, str]:
            return {"word": WORD}


class GadgetAdapter(BaseAdapter):
    adapter_name = "gadget"
    platform = "gadget"

    async def from_platform_message(self, raw: Any) -> Any:
        return raw

    async def get_bot_info(self) -> dict[str, str]:
        return {}

    async def _send_platform_message(self, envelope: Any) -> None:
        pass


class GadgetChatter(BaseChatter):
    chatter_name = "gadget"
    associated_platforms = ["gadget"]

    async def execute(self) -> Any:
        yield None


class GadgetService(BaseService):
    service_name = "census"

    def count(self, folder: str) -> dict[str, int]:
        """How many there are of what a reload may leave."""
        from src.core.components.registry import get_global_registry
        from src.core.managers.adapter_manager import get_adapter_manager
        from src.core.managers.config_manager import get_config_manager
        from src.core.managers.router_manager import get_router_manager

        gc.collect()
        classes = [one for one in seen() if isinstance(one, type)]
        bus = get_event_bus()
        return {
            "versions": len(seen()) - len(classes),
            "classes": len(classes),
            "components": len(get_global_registry()._components),
            "listeners": sum(map(len, bus._subscribers.values())),
            "handlers": len(get_event_manager()._handler_map),
            "temporary": len(get_event_manager()._temporary_handlers),
            "tasks": len(asyncio.all_tasks()),
            "known tasks": len([1 for one in get_task_manager()._tasks.values() if "gadget" in one.task.get_name()]),
            "schedules": len(get_unified_scheduler()._tasks),
            "routers": len(get_router_manager()._mounted_routers),
            "adapters": len(get_adapter_manager()._active_adapters),
            "configs": len(get_config_manager()._configs),
            "templates": len(get_prompt_manager()._templates),
            "modules": len([1 for one in sys.modules.values() if str(getattr(one, "__file__", "")).startswith(folder)]),
        }

    def blocks(self) -> int:
        """Blocks of memory in use after a full garbage collection: no high-water mark, as resident memory has.

        Without two things of the bot's own that grow with time and with its log: done tasks, one a second, which its
        watchdog would have tidied up, and the widths of the last 4096 texts that were printed.
        """
        getattr(get_task_manager(), "cleanup_tasks", int)()
        for value in list(vars(sys.modules.get("rich.cells", sys)).values()):
            getattr(value, "cache_clear", int)()
        gc.collect()
        return sys.getallocatedblocks()


def overheard(event_name: str, params: dict[str, Any]) -> Any:
    return EventDecision.PASS, params


async def once(event_name: str, params: dict[str, Any]) -> Any:
    return EventDecision.PASS, params


@register_plugin
class GadgetPlugin(BasePlugin):
    plugin_name = "gadget"
    configs = [GadgetConfig]

    def get_components(self) -> list[type]:
        return [GadgetCommand, GadgetHandler, GadgetRouter, GadgetAdapter, GadgetChatter, GadgetService]

    async def on_plugin_loaded(self) -> None:
        seen().update([sys.modules[__name__], GadgetPlugin, GadgetHandler, GadgetRouter, GadgetAdapter, GadgetConfig])
        get_event_bus().subscribe("gadget:event", overheard)
        await get_event_manager().create_temporary_handler(["gadget:event"], once)
        get_prompt_manager().get_or_create("gadget", f"The word is {WORD}.")
        await get_unified_scheduler().create_schedule(
            self.beat, TriggerType.TIME, {"delay_seconds": 3600}, task_name="gadget hourly"
        )
        get_task_manager().create_task(self.beat(), name="gadget beat")
        get_task_manager().create_task(asyncio.sleep(0), name="gadget moment")

    async def beat(self) -> None:
        while True:
            await asyncio.sleep(3600)
