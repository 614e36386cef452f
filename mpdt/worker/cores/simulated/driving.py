"""Driving a component by hand, as a bot, a model or another plugin would: found by name, checked, called."""

from __future__ import annotations

import inspect
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from mpdt.language import _
from mpdt.worker.cores import DEFAULT_USER, Incoming, Reply, Stimulus, StimulusKind, asgi
from mpdt.worker.cores.checking import hint, jsonable, problems
from mpdt.worker.cores.simulated import managers, router, routing, sending, stepping
from mpdt.worker.cores.simulated.components import BaseService
from mpdt.worker.cores.simulated.events import event_name_of
from mpdt.worker.cores.simulated.models import Message
from mpdt.worker.cores.simulated.runtime import kept, registrations
from mpdt.worker.cores.simulated.schema import parse_function_signature
from mpdt.worker.cores.simulated.types import EventType, parse_signature
from mpdt.worker.errors import WorkerError

Arguments = Mapping[str, Any]


def find(kind: str, name: str) -> tuple[str, type[Any]]:
    """Signature and class of the component. Raises WorkerError with the closest name."""
    known = {}
    for signature, cls in registrations().components.items():
        parts = parse_signature(signature)
        if parts["component_type"].value == kind:
            known[parts["component_name"]] = signature, cls
            if name == signature:
                return signature, cls
    if not known:
        raise WorkerError(_("The plugin registers no {kind}.", kind=kind))
    if name not in known:
        raise WorkerError(_("The plugin has no {kind} '{name}'{hint}", kind=kind, name=name, hint=hint(name, known)))
    return known[name]


def check(label: str, arguments: Arguments, schema: Mapping[str, Any], function: Callable[..., Any]) -> None:
    """Raises WorkerError with everything that does not fit."""
    takes_any = any(one.kind is one.VAR_KEYWORD for one in inspect.signature(function).parameters.values())
    found = problems(arguments, schema["function"]["parameters"], open_ended=takes_any)
    if found:
        raise WorkerError(f"{label}: {'; '.join(found)}.")


def occasion() -> Message:
    """The message that the call stands for: the developer's, in private."""
    message = router.received(Incoming("", DEFAULT_USER))
    managers.stream_for(message).context.triggering_user_id = DEFAULT_USER
    return message


async def finished(value: Any) -> Any:
    return await value if inspect.isawaitable(value) else value


async def call_tool(name: str, arguments: Arguments) -> Any:
    signature, cls = find("tool", name)
    check(_("tool {name}", name=name), arguments, cls.to_schema(), cls.execute)
    plugin = registrations().plugins[signature.partition(":")[0]]
    tool = cls(plugin)
    message = occasion()
    tool._bind_runtime_context(stream_id=message.stream_id, message=message)
    return await tool._wrap_execute(**arguments).wait_done()


async def call_action(name: str, arguments: Arguments) -> Any:
    signature, cls = find("action", name)
    check(_("action {name}", name=name), arguments, cls.to_schema(), cls.execute)
    plugin = registrations().plugins[signature.partition(":")[0]]
    return await cls(managers.stream_for(occasion()), plugin)._wrap_execute(**arguments).wait_done()


async def call_agent(name: str, arguments: Arguments) -> Any:
    signature, cls = find("agent", name)
    check(_("agent {name}", name=name), arguments, cls.to_schema(), cls.execute)
    plugin = registrations().plugins[signature.partition(":")[0]]
    return await finished(cls(occasion().stream_id, plugin).execute(**arguments))


async def call_service(name: str, arguments: Arguments) -> Any:
    service_name, _dot, method_name = name.rpartition(".")
    signature, cls = find("service", service_name or name)
    methods = [one for one, _method in inspect.getmembers(cls, inspect.isroutine) if not one.startswith("_")]
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
    service = managers.get_service_manager().get_service(signature)
    method = getattr(service, method_name)
    check(_("service {name}", name=name), arguments, parse_function_signature(method, method_name, ""), method)
    result = method(**arguments)
    if hasattr(result, "__aiter__"):
        return [item async for item in result]
    return await finished(result)


async def publish(name: str, arguments: Arguments) -> Any:
    bus = registrations().bus
    known = sorted({*(event_name_of(event) for event in EventType), *bus.subscribed_events})
    if name not in known:
        raise WorkerError(_("There is no event '{name}'{hint}", name=name, hint=hint(name, known)))
    handlers = [one for one in bus.labels(name) if one in registrations().event_manager.labels()]
    params = dict(arguments)
    if not params and name == EventType.ON_MESSAGE_RECEIVED:
        params = {"message": occasion(), "envelope": None, "adapter_signature": ""}
    decision, changed = await bus.publish(name, params)
    return {"decision": decision, "params": changed, "handlers": handlers}


async def fire_schedule(name: str, arguments: Arguments) -> Any:
    """Run the schedule's callback now, whatever its times."""
    from mpdt.worker.cores.simulated.scheduler import get_unified_scheduler

    scheduler = get_unified_scheduler()
    known = {task["task_name"]: task["schedule_id"] for task in await scheduler.list_tasks()}
    if not known:
        raise WorkerError(_("The plugin has no schedule."))
    if name not in known:
        raise WorkerError(_("The plugin has no schedule '{name}'{hint}", name=name, hint=hint(name, known)))
    succeeded = await scheduler.trigger_schedule(known[name])
    return {"succeeded": succeeded, "schedule": await scheduler.get_task_info(known[name])}


async def request_route(name: str, arguments: Arguments) -> Any:
    signature, _component = find("router", name)
    mounted = kept(routing.Mounted).routers.get(signature)
    if mounted is None:
        raise WorkerError(_("Router '{name}' was not made: a router needs FastAPI (pip install fastapi).", name=name))
    return await asgi.request(mounted.app, dict(arguments))


async def step_chatter(name: str, arguments: Arguments) -> Any:
    signature, cls = find("chatter", name)
    message = router.received(Incoming(str(arguments.get("text") or ""), DEFAULT_USER))
    stream = managers.stream_for(message)
    if arguments.get("text"):
        stream.context.add_unread_message(message)
    return await stepping.drive(signature, cls, stream, arguments)


async def hand_to_adapter(name: str, arguments: Arguments) -> Any:
    """What the adapter makes of an event as its platform sends it. It is not started for that."""
    from mpdt.worker.cores.simulated import adapters

    signature, cls = find("adapter", name)
    adapter = adapters.get_adapter_manager().get_adapter(signature)
    if adapter is None:
        plugin = registrations().plugins[signature.partition(":")[0]]
        adapter = cls(adapters.CoreSink(), plugin)
    return await taken_in(adapter, name, arguments)


async def taken_in(adapter: Any, name: str, arguments: Arguments) -> Any:
    """Raises WorkerError if it takes nothing in."""
    take = getattr(adapter, "from_platform_message", None)
    if take is None:
        raise WorkerError(_("Adapter '{name}' has no from_platform_message: it takes nothing in.", name=name))
    return await finished(take(dict(arguments)))


def service_methods(cls: type[Any]) -> dict[str, Any]:
    """The schema of each public method that the plugin defines."""
    members = inspect.getmembers(cls, inspect.isroutine)
    own = {name: one for name, one in members if not name.startswith("_") and not hasattr(BaseService, name)}
    return {name: parse_function_signature(one, name, inspect.getdoc(one) or "") for name, one in own.items()}


CALLS: dict[StimulusKind, Callable[[str, Arguments], Awaitable[Any]]] = {
    StimulusKind.TOOL: call_tool,
    StimulusKind.ACTION: call_action,
    StimulusKind.AGENT: call_agent,
    StimulusKind.SERVICE: call_service,
    StimulusKind.EVENT: publish,
    StimulusKind.SCHEDULE: fire_schedule,
    StimulusKind.ROUTE: request_route,
    StimulusKind.CHATTER: step_chatter,
    StimulusKind.ADAPTER: hand_to_adapter,
}


async def drive(stimulus: Stimulus, collect: Callable[[Reply], None]) -> Any:
    """The result as JSON. Raises WorkerError if the stimulus cannot be carried out."""
    call = CALLS.get(stimulus.kind)
    if call is None:
        raise WorkerError(_("The plugin registers no {kind}.", kind=stimulus.kind))
    with sending.collecting(collect):
        return jsonable(await call(stimulus.name, stimulus.arguments))
