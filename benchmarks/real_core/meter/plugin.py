"""A well-behaved plugin: what it starts, it ends. It writes each new answer down, with the moment it was there."""

import asyncio
import gc
import os
import sys
import time
import weakref
from typing import Any

from src.app.plugin_system.base import (
    BaseCommand,
    BaseConfig,
    BaseEventHandler,
    BasePlugin,
    BaseRouter,
    Field,
    SectionBase,
    cmd_route,
    config_section,
    register_plugin,
)
from src.app.plugin_system.types import EventType
from src.kernel.concurrency import get_task_manager
from src.kernel.event import EventDecision

from . import word


def versions() -> Any:
    """The plugin classes that are alive; the bot holds them weakly."""
    return vars(sys.modules["src.kernel.event"]).setdefault("_versions", weakref.WeakSet())


class MeterConfig(BaseConfig):
    @config_section("meter")
    class Section(SectionBase):
        limit: int = Field(default=3, description="how many")

    meter: Section = Field(default_factory=Section)


class MeterCommand(BaseCommand):
    command_name = "meter"
    command_description = "The number."

    @cmd_route()
    async def plain(self) -> tuple[bool, str]:
        return True, str(word.number())


class MeterHandler(BaseEventHandler):
    handler_name = "meter"
    init_subscribe = [EventType.ON_MESSAGE_RECEIVED]

    async def execute(self, event_name: str, params: dict[str, Any]) -> Any:
        return EventDecision.PASS, params


class MeterRouter(BaseRouter):
    router_name = "meter"

    def register_endpoints(self) -> None:
        @self.app.get("/number")
        async def number() -> dict[str, int]:
            return {"number": word.number()}


@register_plugin
class MeterPlugin(BasePlugin):
    plugin_name = "meter"
    configs = [MeterConfig]

    def get_components(self) -> list[type]:
        return [MeterCommand, MeterHandler, MeterRouter]

    async def on_plugin_loaded(self) -> None:
        versions().add(type(self))
        self.task = get_task_manager().create_task(self.watch(), name="meter")

    async def on_plugin_unloaded(self) -> None:
        self.task.cancel()

    async def watch(self) -> None:
        last = None
        while True:
            now = word.number()
            if now != last:
                moment = time.monotonic_ns()
                if str(now) == os.environ["BENCH_LAST"]:
                    gc.collect()
                note(now, moment)
                last = now
            await asyncio.sleep(0.001)


def note(number: int, moment: int) -> None:
    with open("/proc/self/statm", "rb") as file:
        resident = int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    with open(os.environ["BENCH_SEEN"], "a") as file:
        file.write(f"{number} {moment} {len(versions())} {resident} {id(word.number)}\n")
