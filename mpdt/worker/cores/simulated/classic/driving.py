"""Driving a classic plugin: commands by messages; tools, actions, events, schedules, prompts and the like by hand."""

from __future__ import annotations

import inspect
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from mpdt.language import _
from mpdt.worker.cores import DEFAULT_USER, Incoming, Reply, Stimulus, StimulusKind, asgi
from mpdt.worker.cores.checking import hint, jsonable, problems
from mpdt.worker.cores.simulated import driving
from mpdt.worker.cores.simulated.adapters import CoreSink
from mpdt.worker.cores.simulated.classic import commands, others
from mpdt.worker.cores.simulated.classic.acting import ChatterActionManager, reasoning_of
from mpdt.worker.cores.simulated.classic.bot_parts import PromptParameters
from mpdt.worker.cores.simulated.classic.events import event_manager
from mpdt.worker.cores.simulated.classic.interest import weigh
from mpdt.worker.cores.simulated.classic.models import DatabaseMessages, received, stream_of
from mpdt.worker.cores.simulated.classic.registry import Registered, component_registry
from mpdt.worker.cores.simulated.classic.types import ComponentType, EventType
from mpdt.worker.cores.simulated.logger import get_logger
from mpdt.worker.cores.simulated.runtime import current, kept, registrations
from mpdt.worker.cores.simulated.sending import collecting
from mpdt.worker.cores.simulated.types import PermissionLevel
from mpdt.worker.errors import WorkerError

Arguments = Mapping[str, Any]
logger = get_logger("command_manager")


def config() -> dict[str, Any]:
    return kept(Registered).config


def find(kind: ComponentType, name: str) -> type[Any]:
    """Raises WorkerError with the closest name."""
    known = component_registry.classes(kind)
    if not known:
        raise WorkerError(_("The plugin registers no {kind}.", kind=kind.value))
    if name not in known:
        raise WorkerError(
            _("The plugin has no {kind} '{name}'{hint}", kind=kind.value, name=name, hint=hint(name, known))
        )
    return known[name]


def occasion(text: str = "") -> DatabaseMessages:
    message = received(Incoming(text, DEFAULT_USER))
    stream_of(message).context.set_current_message(message)
    return message


async def call_tool(name: str, arguments: Arguments) -> Any:
    cls = find(ComponentType.TOOL, name)
    found = problems(arguments, cls.to_schema()["function"]["parameters"])
    if found:
        raise WorkerError(_("tool {name}: {names}.", name=name, names="; ".join(found)))
    return await cls(config(), stream_of(occasion())).execute(dict(arguments))


async def call_action(name: str, arguments: Arguments) -> Any:
    cls = find(ComponentType.ACTION, name)
    known = getattr(cls, "action_parameters", None) or {}
    unknown = [_("there is no '{one}'{hint}", one=one, hint=hint(one, known)) for one in arguments if one not in known]
    if unknown:
        raise WorkerError(_("action {name}: {names}.", name=name, names="; ".join(unknown)))
    message = occasion()
    stream = stream_of(message)
    made = {
        "action_data": dict(arguments),
        reasoning_of(cls): "",
        "cycle_timers": {},
        "thinking_id": "",
        "chat_stream": stream,
        "log_prefix": "",
        "plugin_config": config(),
        "action_message": message,
    }
    return await cls(**made).execute()


async def publish(name: str, arguments: Arguments) -> Any:
    known = event_manager.known_events()
    if name not in known:
        raise WorkerError(_("There is no event '{name}'{hint}", name=name, hint=hint(name, known)))
    given = dict(arguments)
    if name == EventType.ON_MESSAGE.value and "message" not in given:
        given["message"] = occasion("test")
    results = await event_manager.trigger_event(name, "SYSTEM", **given)
    all_results = results.results if results else []
    return [
        {"handler": one.handler_name, "success": one.success, "continue": one.continue_process, "message": one.message}
        for one in all_results
    ]


async def render_prompt(name: str, arguments: Arguments) -> Any:
    cls = find(ComponentType.PROMPT, name)
    message = occasion()
    params = PromptParameters(chat_id=message.chat_id, platform=message.user_info.platform, **arguments)
    return await cls(params, config()).execute()


async def step_chatter(name: str, arguments: Arguments) -> Any:
    cls = find(ComponentType.CHATTER, name)
    message = occasion(str(arguments.get("text") or "test"))
    stream = stream_of(message)
    await stream.context.add_message(message)
    actions = ChatterActionManager()
    await actions.load_actions(stream.stream_id)
    chatter = cls(stream_id=stream.stream_id, action_manager=actions)
    chatter.plugin_config = chatter.plugin_config or config()
    return await chatter.execute(stream.context)


async def hand_to_adapter(name: str, arguments: Arguments) -> Any:
    plugin = next(iter(registrations().plugins.values()), None)
    adapter = find(ComponentType.ADAPTER, name)(CoreSink(), plugin)
    return await driving.taken_in(adapter, name, arguments)


async def request_route(name: str, arguments: Arguments) -> Any:
    find(ComponentType.ROUTER, name)
    app = others.mounted().get(name)
    if app is None:
        raise WorkerError(_("Router '{name}' was not made: a router needs FastAPI (pip install fastapi).", name=name))
    return await asgi.request(app, dict(arguments))


CALLS: dict[StimulusKind, Callable[[str, Arguments], Awaitable[Any]]] = {
    StimulusKind.TOOL: call_tool,
    StimulusKind.ACTION: call_action,
    StimulusKind.EVENT: publish,
    StimulusKind.PROMPT: render_prompt,
    StimulusKind.CHATTER: step_chatter,
    StimulusKind.ROUTE: request_route,
    StimulusKind.ADAPTER: hand_to_adapter,
    StimulusKind.SCHEDULE: driving.fire_schedule,
}


async def drive(stimulus: Stimulus, collect: Callable[[Reply], None]) -> Any:
    """The result as JSON. Raises WorkerError if the stimulus cannot be carried out."""
    call = CALLS.get(stimulus.kind)
    if call is None:
        raise WorkerError(_("A classic plugin has no {kind}.", kind=stimulus.kind))
    with collecting(collect):
        return jsonable(await call(stimulus.name, stimulus.arguments))


async def route(incoming: Incoming) -> bool:
    """Take a message through commands, then handlers; False: nothing is cut off here."""
    message = received(incoming)
    stream = stream_of(message)
    stream.update_active_time()
    stream.context.triggering_user_id = incoming.user
    stream.context.set_current_message(message)
    stream.context.history_messages.append(message)
    person = f"{message.user_info.platform}:{incoming.user}"
    registrations().levels[person] = PermissionLevel.from_string(incoming.role)
    await weigh(message)
    if not await run_commands(message):
        await event_manager.trigger_event(EventType.ON_MESSAGE, "SYSTEM", message=message)
    return False


async def run_commands(message: DatabaseMessages) -> bool:
    """Run the command that the message means; whether it keeps the message to itself."""
    text = message.processed_plain_text or ""
    plus = component_registry.classes(ComponentType.PLUS_COMMAND)
    for name, cls in sorted(plus.items(), key=lambda item: -item[1].priority):
        arguments = commands.matched(cls, text)
        if arguments is not None and component_registry.is_component_available(name, ComponentType.PLUS_COMMAND):
            return await run_command(name, cls, message, arguments)
    for name, cls in component_registry.classes(ComponentType.COMMAND).items():
        groups = commands.groups_of(cls, text)
        if groups is not None and component_registry.is_component_available(name, ComponentType.COMMAND):
            return await run_command(name, cls, message, groups)
    return False


async def run_command(name: str, cls: type[Any], message: DatabaseMessages, given: Any) -> bool:
    message.is_command = True
    if not commands.is_allowed(cls.chat_type_allow, message):
        logger.warning(
            _("/{name} is not for a group chat.", name=name)
            if message.group_info
            else _("/{name} is not for a private chat.", name=name)
        )
        return True
    with current().monitor.measured(name) as measured:
        try:
            command: Any = cls(message, config())
            if isinstance(given, commands.CommandArgs):
                result = command.execute(given)
            else:
                command.set_matched_groups(given)
                result = command.execute()
            result = await result if inspect.isawaitable(result) else result
        except Exception as error:  # plugin code
            measured.failed = True
            logger.error(_("/{name} failed: {error!r}", name=name, error=error), exc_info=error)
            return True
    match result:
        case (success, text, *rest):
            if not success:
                logger.warning(f"/{name}: {text}")
            return bool(rest[0]) if rest else True
    return True
