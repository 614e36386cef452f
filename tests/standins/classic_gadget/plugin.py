"""Registers one of each, so that a test sees what a reload leaves behind. Runs in the stand-in and in the real bot."""

import asyncio
import gc
import sys
import weakref
from typing import Any, ClassVar

from src.chat.message_manager import message_manager
from src.chat.utils.prompt import Prompt, global_prompt_manager
from src.chat.utils.prompt_component_manager import prompt_component_manager
from src.common.core_sink_manager import get_core_sink_manager
from src.common.logger import get_logger
from src.common.server import get_global_server
from src.manager.async_task_manager import AsyncTask, async_task_manager
from src.plugin_system import (
    BaseCommand,
    BaseEventHandler,
    BasePlugin,
    BasePrompt,
    BaseTool,
    ChatType,
    CommandArgs,
    ConfigField,
    EventType,
    PlusCommand,
    ToolParamType,
    register_plugin,
)
from src.plugin_system.apis.permission_api import permission_api
from src.plugin_system.apis.unified_scheduler import TriggerType, unified_scheduler
from src.plugin_system.base.base_adapter import BaseAdapter
from src.plugin_system.base.base_chatter import BaseChatter
from src.plugin_system.base.base_event import HandlerResult
from src.plugin_system.base.base_http_component import BaseRouterComponent
from src.plugin_system.base.component_types import InjectionRule, InjectionType, PermissionNodeField
from src.plugin_system.core.adapter_manager import get_adapter_manager
from src.plugin_system.core.component_registry import component_registry
from src.plugin_system.core.event_manager import event_manager
from src.plugin_system.core.plugin_manager import plugin_manager

WORD = "one"
HEARD: list[str] = []
logger = get_logger("gadget")


def init_prompts() -> None:
    """Registered when the module is imported, as the bot registers its own."""
    Prompt("Speak about the gadget.", "gadget_topic")


init_prompts()


def seen() -> Any:
    """What there was of every version, held weakly by the bot: what is in it still is alive."""
    return vars(sys.modules["src.plugin_system.core.event_manager"]).setdefault("_seen", weakref.WeakSet())


class GadgetCommand(PlusCommand):
    command_name = "gadget"
    command_description = "Say the word."
    command_aliases: ClassVar[list[str]] = ["gizmo"]
    intercept_message = True

    async def execute(self, args: CommandArgs) -> tuple[bool, str | None, bool]:
        if args.get_first == "heard":
            await self.send_text(" ".join(HEARD) or "nothing")
        elif args.get_first == "topic":
            await self.send_text((await global_prompt_manager.get_prompt_async("gadget_topic")).template)
        elif args.get_first == "may":
            user = self.chat_stream.user_info.user_id
            await self.send_text(str(await permission_api.check_permission("mpdt", user, "gadget.use")))
        else:
            await self.send_text(f"{WORD} {self.get_config('gadget.limit', 0)}")
        return True, "", True


class OldCommand(BaseCommand):
    command_name = "gadget_old"
    command_description = "Of the older kind."
    command_pattern = r"^/gadget_old$"

    async def execute(self) -> tuple[bool, str | None, bool]:
        return True, "", True


class GadgetHandler(BaseEventHandler):
    handler_name = "gadget_listener"
    handler_description = "Listens."
    weight = 5
    init_subscribe: ClassVar[list[Any]] = [EventType.ON_START, EventType.ON_STOP]

    async def execute(self, kwargs: dict[str, Any] | None) -> HandlerResult:
        HEARD.append("an event")
        return HandlerResult(True, True, WORD, self.handler_name)


class GadgetRouter(BaseRouterComponent):
    component_name = "gadget_router"
    component_description = "Says the word."

    def register_endpoints(self) -> None:
        @self.router.get("/word")
        async def word() -> dict[str, str]:
            return {"word": WORD}


class GadgetAdapter(BaseAdapter):
    adapter_name = "gadget_adapter"
    adapter_description = "Of no platform."
    platform = "gadget"
    run_in_subprocess = False

    async def from_platform_message(self, raw: Any) -> Any:
        return raw

    async def _send_platform_message(self, envelope: Any) -> None: ...


class GadgetChatter(BaseChatter):
    chatter_name = "gadget_chatter"
    chatter_description = "Says the word."
    chat_types: ClassVar[list[Any]] = [ChatType.ALL]

    async def execute(self, context: Any) -> dict[str, Any]:
        from src.plugin_system.apis import send_api

        if context.get_unread_messages()[-1].processed_plain_text == "chat":
            await send_api.text_to_stream(f"chatter: {WORD}", self.stream_id)
        return {"success": True}


class GadgetPrompt(BasePrompt):
    prompt_name = "gadget_prompt"
    injection_rules: ClassVar[list[Any]] = [InjectionRule("planner_prompt", InjectionType.APPEND)]

    async def execute(self) -> str:
        return f"The word is {WORD}."


class WordTool(BaseTool):
    name = "gadget_word"
    description = "The word."
    available_for_llm = True
    enable_cache = True
    parameters: ClassVar[list[Any]] = [("loud", ToolParamType.STRING, "How.", False, None)]

    async def execute(self, function_args: dict[str, Any]) -> dict[str, Any]:
        return {"name": self.name, "content": WORD}


class CensusTool(BaseTool):
    name = "gadget_census"
    description = "How many there are of what a reload may leave."
    parameters: ClassVar[list[Any]] = [("folder", ToolParamType.STRING, "The plugin's.", True, None)]

    async def execute(self, function_args: dict[str, Any]) -> dict[str, Any]:
        gc.collect()
        known = vars(sys.modules.get("src.plugin_system.core.stream_tool_history") or asyncio)
        managers = known.get("_stream_managers", {}).values()
        tables = [one for one in vars(component_registry).values() if isinstance(one, dict)]
        classes = [one for one in seen() if isinstance(one, type)]
        folder = function_args["folder"]
        counted = {
            "versions": len(seen()) - len(classes),
            "classes": len(classes),
            "components": sum(map(len, tables)),
            "of kinds": sum(map(len, component_registry._components_by_type.values())),
            "plugins": len(plugin_manager.loaded_plugins),
            "plugin classes": len(plugin_manager.plugin_classes),
            "handlers": len(event_manager._event_handlers),
            "subscribers": sum(len(one.subscribers) for one in event_manager._events.values()),
            "events": len(event_manager._events),
            "pending": len(event_manager._pending_subscriptions),
            "rules": sum(map(len, prompt_component_manager._dynamic_rules.values())),
            "schedules": len([1 for one in unified_scheduler._tasks.values() if "gadget" in one.task_name]),
            "done schedules": len([1 for one in unified_scheduler._completed_tasks if "gadget" in one.task_name]),
            "adapters": len(get_adapter_manager()._adapter_defs),
            "running adapters": len(get_adapter_manager()._in_process_adapters),
            "outgoing": len(get_core_sink_manager().get_in_process_sink()._outgoing_handlers),
            "hooks": len(get_core_sink_manager().runtime._before_hooks),
            "routes": len(get_global_server().app.router.routes),
            "chatters": sum(map(len, message_manager.chatter_manager.chatter_classes.values())),
            "tasks": len([1 for one in asyncio.all_tasks() if "gadget" in one.get_name()]),
            "known tasks": len(async_task_manager.tasks),
            "results": sum(len(one._history) for one in managers),
            "modules": len([1 for one in sys.modules.values() if str(getattr(one, "__file__", "")).startswith(folder)]),
            "blocks": sys.getallocatedblocks(),
            "objects": len(gc.get_objects()),
        }
        return {"name": self.name, "content": counted}


class Beat(AsyncTask):
    async def run(self) -> None:
        await asyncio.sleep(3600)


async def aside(params: Any, target: str) -> str:
    return WORD


async def before(envelope: Any) -> None: ...


@register_plugin
class GadgetPlugin(BasePlugin):
    plugin_name = "gadget"
    enable_plugin = True
    dependencies: ClassVar[list[str]] = []
    python_dependencies: ClassVar[list[str]] = []
    config_file_name = "config.toml"
    config_schema: ClassVar[dict[str, Any]] = {
        "gadget": {"limit": ConfigField(type=int, default=3, description="How many.")},
    }
    permission_nodes: ClassVar[list[Any]] = [PermissionNodeField("gadget.use", "Use the gadget.")]

    def get_plugin_components(self) -> list[Any]:
        return [
            (GadgetCommand.get_plus_command_info(), GadgetCommand),
            (OldCommand.get_command_info(), OldCommand),
            (GadgetHandler.get_handler_info(), GadgetHandler),
            (GadgetRouter.get_router_info(), GadgetRouter),
            (GadgetAdapter.get_adapter_info(), GadgetAdapter),
            (GadgetChatter.get_chatter_info(), GadgetChatter),
            (GadgetPrompt.get_prompt_info(), GadgetPrompt),
            (WordTool.get_tool_info(), WordTool),
            (CensusTool.get_tool_info(), CensusTool),
        ]

    async def on_plugin_loaded(self) -> None:
        # The bot puts a plugin into sys.modules only if that imports something of its own folder.
        module = {sys.modules[__name__]} if __name__ in sys.modules else set()
        seen().update([*module, GadgetPlugin, GadgetHandler, GadgetRouter, GadgetAdapter, GadgetChatter])
        event_manager.register_event("gadget_event")
        await prompt_component_manager.add_injection_rule(
            "gadget_aside", [InjectionRule("planner_prompt", InjectionType.APPEND)], aside, "gadget"
        )
        await unified_scheduler.create_schedule(
            self.hourly, TriggerType.TIME, {"delay_seconds": 3600}, task_name="gadget hourly", is_recurring=True
        )
        get_core_sink_manager().runtime.register_before_hook(before)
        await async_task_manager.add_task(Beat("gadget beat"))
        self.task = asyncio.create_task(self.pulse(), name="gadget pulse")
        logger.info("the gadget is here")

    def on_unload(self) -> None:
        logger.info("the gadget is gone")

    async def hourly(self) -> None:
        HEARD.append("the hour")

    async def pulse(self) -> None:
        while True:
            await asyncio.sleep(3600)
