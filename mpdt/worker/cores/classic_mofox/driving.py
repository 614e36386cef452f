"""A plugin's parts driven from outside, in a real classic core: each through what the bot itself uses."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from mpdt.language import _
from mpdt.worker.cores import DEFAULT_USER, Incoming, Reply, Stimulus, StimulusKind, asgi
from mpdt.worker.cores.calling import Arguments, bind, check
from mpdt.worker.cores.checking import hint, jsonable
from mpdt.worker.cores.classic_mofox.console import Console
from mpdt.worker.cores.classic_mofox.describing import action_schema, prefix_of, tool_schema
from mpdt.worker.cores.classic_mofox.parts import Parts
from mpdt.worker.cores.replies import PLATFORM
from mpdt.worker.errors import WorkerError


class Driver:
    def __init__(self, parts: Parts, console: Console, plugin: str) -> None:
        self._parts = parts
        self._console = console
        self._plugin = plugin

    def find(self, kind: str, name: str) -> Any:
        """Class of the plugin's component. Raises WorkerError if there is none."""
        registry = self._parts.registry
        known = {
            info.name: registry._components_classes.get(signature)
            for signature, info in registry._components.items()
            if info.plugin_name == self._plugin and info.component_type.value == kind
        }
        if not known:
            raise WorkerError(_("The plugin registers no {kind}.", kind=kind))
        if name not in known:
            raise WorkerError(
                _("The plugin has no {kind} '{name}'{hint}", kind=kind, name=name, hint=hint(name, known))
            )
        return known[name]

    async def stream(self) -> Any:
        """The private conversation with the developer."""
        return await self._console.acquaint(Incoming("", DEFAULT_USER))

    async def tool(self, name: str, arguments: Arguments) -> Any:
        cls = self.find("tool", name)
        check(f"tool {name}", arguments, tool_schema(cls))
        return await self._parts.tools.get_tool_instance(name, await self.stream()).execute(dict(arguments))

    async def action(self, name: str, arguments: Arguments) -> Any:
        cls = self.find("action", name)
        check(f"action {name}", arguments, action_schema(cls))
        stream = await self.stream()
        made = self._parts.actions.create_action(name, dict(arguments), "", {}, "", stream, "")
        if made is None:
            raise WorkerError(_("The bot could not make the action '{name}'; its own log says why.", name=name))
        return await made.execute()

    async def event(self, name: str, arguments: Arguments) -> Any:
        """To the whole bot, as the bot itself would."""
        events = self._parts.events
        if name not in events._events:
            raise WorkerError(_("There is no event '{name}'{hint}", name=name, hint=hint(name, sorted(events._events))))
        results = await events.trigger_event(name, permission_group="SYSTEM", **arguments)
        return [
            {
                "handler": one.handler_name,
                "success": one.success,
                "continue": one.continue_process,
                "message": one.message,
            }
            for one in (results.get_all_results() if results is not None else ())
        ]

    async def schedule(self, name: str, arguments: Arguments) -> Any:
        scheduler = self._parts.schedules
        number = scheduler._tasks_by_name.get(name)
        if number is None:
            known = sorted(scheduler._tasks_by_name)
            raise WorkerError(_("The bot has no schedule '{name}'{hint}", name=name, hint=hint(name, known)))
        task = scheduler._tasks[number]
        await scheduler.trigger_schedule(number)
        # The core's answer is False for a schedule that goes on: its status is 'pending' again.
        failure = None if task.last_error is None else repr(task.last_error)
        return {"runs": task.trigger_count, "succeeded": task.success_count, "last_error": failure}

    async def route(self, name: str, arguments: Arguments) -> Any:
        self.find("router", name)
        path = f"{prefix_of(self._plugin)}/{str(arguments.get('path') or '/').lstrip('/')}"
        return await asgi.request(self._parts.server.app, {**arguments, "path": path})

    async def prompt(self, name: str, arguments: Arguments) -> Any:
        cls, params = self.find("prompt", name), self._parts.params.PromptParameters
        given = {"chat_id": (await self.stream()).stream_id, "platform": PLATFORM, **arguments}
        bind(f"prompt {name}", params, given)
        return await cls(params=params(**given)).execute()


CALLS: dict[StimulusKind, Callable[[Driver, str, Arguments], Awaitable[Any]]] = {
    StimulusKind.TOOL: Driver.tool,
    StimulusKind.ACTION: Driver.action,
    StimulusKind.EVENT: Driver.event,
    StimulusKind.SCHEDULE: Driver.schedule,
    StimulusKind.ROUTE: Driver.route,
    StimulusKind.PROMPT: Driver.prompt,
}
ABSENT = frozenset({StimulusKind.AGENT, StimulusKind.SERVICE})  # this kind of core has none


async def drive(
    parts: Parts, console: Console, plugin: str, stimulus: Stimulus, collect: Callable[[Reply], None]
) -> Any:
    """The result as JSON. Raises WorkerError if the stimulus cannot be carried out."""
    call = CALLS.get(stimulus.kind)
    if call is None:
        raise WorkerError(
            _("A classic plugin has no {kind}.", kind=stimulus.kind)
            if stimulus.kind in ABSENT
            else _("A {kind} cannot be called by itself in a real bot: send it a message.", kind=stimulus.kind)
        )
    with console.collecting(collect):
        return jsonable(await call(Driver(parts, console, plugin), stimulus.name, stimulus.arguments))
