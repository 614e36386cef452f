"""A plugin's parts driven from outside, in a real Neo-MoFox: each through the manager that the bot itself uses."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from mpdt.language import _
from mpdt.worker.cores import DEFAULT_USER, Incoming, Reply, Stimulus, StimulusKind, asgi
from mpdt.worker.cores.calling import Arguments, bind, check, finished, takes_anything
from mpdt.worker.cores.checking import hint, jsonable
from mpdt.worker.cores.neo_mofox.console import Console
from mpdt.worker.cores.neo_mofox.describing import service_methods
from mpdt.worker.cores.neo_mofox.parts import Parts
from mpdt.worker.errors import WorkerError


class Driver:
    def __init__(self, parts: Parts, console: Console, plugin: str) -> None:
        self._parts = parts
        self._console = console
        self._plugin = plugin

    def find(self, kind: str, name: str) -> tuple[str, Any]:
        """Signature and class of the plugin's component. Raises WorkerError if there is none."""
        prefix = f"{self._plugin}:{kind}:"
        known = {
            one.removeprefix(prefix): (one, cls)
            for one, cls in self._parts.registry.get_by_plugin(self._plugin).items()
            if one.startswith(prefix)
        }
        if not known:
            raise WorkerError(_("The plugin registers no {kind}.", kind=kind))
        if name not in known:
            raise WorkerError(
                _("The plugin has no {kind} '{name}'{hint}", kind=kind, name=name, hint=hint(name, known))
            )
        return known[name]

    @property
    def instance(self) -> Any:
        return self._parts.plugins.get_plugin(self._plugin)

    async def stream(self) -> Any:
        """The private conversation with the developer."""
        return await self._console.acquaint(Incoming("", DEFAULT_USER))

    async def tool(self, name: str, arguments: Arguments) -> Any:
        _signature, cls = self.find("tool", name)
        check(f"tool {name}", arguments, cls.to_schema(), open_ended=takes_anything(cls.execute))
        tool = cls(self.instance)
        tool._bind_runtime_context(stream_id=(await self.stream()).stream_id, message=None)
        return await tool._wrap_execute(**arguments).wait_done()

    async def action(self, name: str, arguments: Arguments) -> Any:
        _signature, cls = self.find("action", name)
        check(f"action {name}", arguments, cls.to_schema(), open_ended=takes_anything(cls.execute))
        return await finished(cls(await self.stream(), self.instance).execute(**arguments))

    async def agent(self, name: str, arguments: Arguments) -> Any:
        _signature, cls = self.find("agent", name)
        check(f"agent {name}", arguments, cls.to_schema(), open_ended=takes_anything(cls.execute))
        return await finished(cls((await self.stream()).stream_id, self.instance).execute(**arguments))

    async def service(self, name: str, arguments: Arguments) -> Any:
        service_name, _dot, method_name = name.rpartition(".")
        signature, cls = self.find("service", service_name or name)
        methods = service_methods(cls)
        if not service_name:
            raise WorkerError(_("Say which method: {name}.{names}.", name=name, names="|".join(methods)))
        if method_name not in methods:
            raise WorkerError(
                _(
                    "Service '{service_name}' has no method '{method_name}'{hint}",
                    service_name=service_name,
                    method_name=method_name,
                    hint=hint(method_name, methods),
                )
            )
        method = getattr(self._parts.services.get_service(signature), method_name)
        bind(f"service {name}", method, arguments)
        result = method(**arguments)
        if hasattr(result, "__aiter__"):
            return [item async for item in result]
        return await finished(result)

    async def event(self, name: str, arguments: Arguments) -> Any:
        """To the whole bot, as the bot itself would."""
        bus = self._parts.bus
        known = sorted({*(one.value for one in self._parts.types.EventType), *bus.subscribed_events})
        if name not in known:
            raise WorkerError(_("There is no event '{name}'{hint}", name=name, hint=hint(name, known)))
        handlers = [signature for _weight, signature in self._parts.events.get_handlers_for_event(name)]
        decision, changed = await bus.publish(name, dict(arguments))
        return {"decision": decision, "params": changed, "handlers": handlers}

    async def schedule(self, name: str, arguments: Arguments) -> Any:
        scheduler = self._parts.schedules
        known = {task["task_name"]: task["schedule_id"] for task in await scheduler.list_tasks()}
        if name not in known:
            raise WorkerError(_("The bot has no schedule '{name}'{hint}", name=name, hint=hint(name, known)))
        succeeded = await scheduler.trigger_schedule(known[name])
        return {"succeeded": succeeded, "schedule": await scheduler.get_task_info(known[name])}

    async def route(self, name: str, arguments: Arguments) -> Any:
        signature, _router = self.find("router", name)
        mounted = self._parts.routers.get_mounted_router(signature)
        if mounted is None:
            raise WorkerError(_("Router '{name}' is not mounted; the bot's own log says why.", name=name))
        return await asgi.request(mounted.get_app(), dict(arguments))

    async def prompt(self, name: str, arguments: Arguments) -> Any:
        template = self._parts.prompts.get_template(name)
        if template is None:
            raise WorkerError(
                _("There is no prompt '{name}'{hint}", name=name, hint=hint(name, self._parts.prompts.list_templates()))
            )
        for key, value in arguments.items():
            template.set(key, value)
        return await finished(template.build())


CALLS: dict[StimulusKind, Callable[[Driver, str, Arguments], Awaitable[Any]]] = {
    StimulusKind.TOOL: Driver.tool,
    StimulusKind.ACTION: Driver.action,
    StimulusKind.AGENT: Driver.agent,
    StimulusKind.SERVICE: Driver.service,
    StimulusKind.EVENT: Driver.event,
    StimulusKind.SCHEDULE: Driver.schedule,
    StimulusKind.ROUTE: Driver.route,
    StimulusKind.PROMPT: Driver.prompt,
}


async def drive(
    parts: Parts, console: Console, plugin: str, stimulus: Stimulus, collect: Callable[[Reply], None]
) -> Any:
    """The result as JSON. Raises WorkerError if the stimulus cannot be carried out."""
    call = CALLS.get(stimulus.kind)
    if call is None:
        raise WorkerError(
            _("A {kind} cannot be called by itself in a real bot: send it a message.", kind=stimulus.kind)
        )
    with console.collecting(collect):
        return jsonable(await call(Driver(parts, console, plugin), stimulus.name, stimulus.arguments))
