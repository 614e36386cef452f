"""A classic plugin's components as a developer wants to see them: see ``mpdt.worker.cores.simulated.describing``."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from mpdt.worker.cores import StimulusKind, asgi
from mpdt.worker.cores.simulated.classic import commands, others
from mpdt.worker.cores.simulated.classic.bot_parts import PromptParameters
from mpdt.worker.cores.simulated.classic.events import event_manager, name_of
from mpdt.worker.cores.simulated.classic.examples import example_of
from mpdt.worker.cores.simulated.classic.types import ComponentType, EventType
from mpdt.worker.cores.simulated.describing import ANYTHING, STEP, Call, call, route_calls, said, tool_call

WORDS: dict[str, Any] = {
    "type": "object",
    "properties": {"arguments": {"type": "string", "default": "", "description": "", "raw": True}},
    "required": [],
}


def calls_of(kind: ComponentType, name: str, cls: type[Any]) -> Iterator[Call]:
    """The ways in which a component can be driven."""
    match kind:
        case ComponentType.TOOL:
            yield tool_call(StimulusKind.TOOL, name, cls.to_schema())
        case ComponentType.ACTION:
            yield call(StimulusKind.ACTION, name, str(cls.action_description), action_parameters(cls))
        case ComponentType.PLUS_COMMAND:
            for word in (cls.command_name, *cls.command_aliases):
                yield said(f"{commands.PREFIXES[0]}{word}", str(cls.command_description), WORDS)
        case ComponentType.COMMAND:
            yield said(example_of(cls.command_pattern), str(cls.command_description), WORDS)
        case ComponentType.EVENT_HANDLER:
            for event in cls.wanted_events():
                if event is not EventType.UNKNOWN:
                    yield call(StimulusKind.EVENT, name_of(event), "", ANYTHING)
        case ComponentType.PROMPT:
            yield call(StimulusKind.PROMPT, name, "", prompt_parameters())
        case ComponentType.CHATTER:
            yield call(StimulusKind.CHATTER, name, "", {**STEP, "properties": {"text": STEP["properties"]["text"]}})
        case ComponentType.ADAPTER:
            yield call(StimulusKind.ADAPTER, name, "", ANYTHING)
        case ComponentType.ROUTER:
            app = others.mounted().get(name)
            yield from route_calls(name, asgi.routes_of(app) if app else [])


def action_parameters(cls: type[Any]) -> dict[str, Any]:
    known = getattr(cls, "action_parameters", None) or {}
    return {
        "type": "object",
        "properties": {name: {"type": "string", "description": str(text)} for name, text in known.items()},
        "required": [],
    }


def prompt_parameters() -> dict[str, Any]:
    """The texts, numbers and switches of what a prompt is rendered with."""
    kinds = {str: "string", int: "integer", float: "number", bool: "boolean"}
    properties = {}
    for name, default in vars(PromptParameters()).items():
        kind = kinds.get(type(default))
        if kind is not None and name not in ("chat_id", "platform"):
            properties[name] = {"type": kind, "default": default, "description": ""}
    return {"type": "object", "properties": properties, "required": []}


def event_calls() -> list[Call]:
    heard = {event for event, _, _ in heard_events()}
    names = sorted(event_manager.known_events())
    return [{**call(StimulusKind.EVENT, name, "", ANYTHING), "heard": name in heard} for name in names]


def heard_events() -> Iterator[tuple[str, str, int]]:
    """Event, handler and weight, in the order in which the handlers are told."""
    for event in sorted(event_manager.known_events()):
        for name, handler in event_manager.get_event_subscribers(event).items():
            yield event, name, int(handler.weight)


def subscriptions() -> list[dict[str, Any]]:
    """Who listens to which event, in the order in which they are told."""
    return [{"event": event, "handler": handler, "priority": weight} for event, handler, weight in heard_events()]
