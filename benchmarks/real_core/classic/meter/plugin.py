"""A well-behaved plugin: what it starts, it ends. It writes each new answer down, with the moment it was there."""

import asyncio
import gc
import os
import sys
import time
import weakref
from typing import Any, ClassVar

from src.plugin_system import (
    BaseEventHandler,
    BasePlugin,
    CommandArgs,
    ConfigField,
    EventType,
    PlusCommand,
    register_plugin,
)
from src.plugin_system.base.base_event import HandlerResult
from src.plugin_system.base.base_http_component import BaseRouterComponent

from . import word


def versions() -> Any:
    """The plugin's instances that are alive; the bot holds them weakly."""
    return vars(sys.modules["src.plugin_system.core.event_manager"]).setdefault("_versions", weakref.WeakSet())


class MeterCommand(PlusCommand):
    command_name = "meter"
    command_description = "The number."

    async def execute(self, args: CommandArgs) -> tuple[bool, str | None, bool]:
        return True, str(word.number()), True


class MeterHandler(BaseEventHandler):
    handler_name = "meter"
    init_subscribe: ClassVar[list[Any]] = [EventType.ON_MESSAGE]

    async def execute(self, kwargs: dict[str, Any] | None) -> HandlerResult:
        return HandlerResult(True, True, None, self.handler_name)


class MeterRouter(BaseRouterComponent):
    component_name = "meter"
    component_description = "The number."

    def register_endpoints(self) -> None:
        @self.router.get("/number")
        async def number() -> dict[str, int]:
            return {"number": word.number()}


@register_plugin
class MeterPlugin(BasePlugin):
    plugin_name = "meter"
    enable_plugin = True
    dependencies: ClassVar[list[str]] = []
    python_dependencies: ClassVar[list[str]] = []
    config_file_name = "config.toml"
    config_schema: ClassVar[dict[str, Any]] = {
        "meter": {"limit": ConfigField(type=int, default=3, description="How many.")}
    }

    def get_plugin_components(self) -> list[Any]:
        return [
            (MeterCommand.get_plus_command_info(), MeterCommand),
            (MeterHandler.get_handler_info(), MeterHandler),
            (MeterRouter.get_router_info(), MeterRouter),
        ]

    async def on_plugin_loaded(self) -> None:
        versions().add(self)
        self.task = asyncio.create_task(self.watch(), name="meter")

    def on_unload(self) -> None:
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
