"""The components as a developer wants to see them: where they are, what they allow, and how each can be called.

A call is what ``mpdt call`` and ``POST /api/call`` take, with the JSON schema of its arguments::

    {"kind", "name", "title", "description", "parameters": JSON schema}

A command is said, not called: ``kind`` is "message", and ``say`` has the words before the arguments.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator, Mapping
from enum import Enum
from typing import Any

from mpdt.worker.cores import StimulusKind, asgi
from mpdt.worker.cores.checking import jsonable
from mpdt.worker.cores.simulated import driving, routing
from mpdt.worker.cores.simulated.command import routes_of
from mpdt.worker.cores.simulated.events import event_name_of
from mpdt.worker.cores.simulated.runtime import kept, registrations
from mpdt.worker.cores.simulated.schema import parse_function_signature
from mpdt.worker.cores.simulated.types import EventType, parse_signature
from mpdt.worker.places import code_of_callable

Call = dict[str, Any]

SHOWN = (
    *("dependencies", "associated_platforms", "associated_types", "chatter_allow", "chat_type", "primary_action"),
    *("weight", "intercept_message", "version", "adapter_version", "platform", "custom_route_path", "config_name"),
)
NOTHING: tuple[Any, ...] = (None, False, [], (), {}, "")
ENTRIES = ("execute", "handle", "register_endpoints")
ANYTHING: dict[str, Any] = {"type": "object", "properties": {}, "additionalProperties": True}
STEP: dict[str, Any] = {
    "type": "object",
    "properties": {
        "text": {"type": "string", "description": ""},
        "steps": {"type": "integer", "minimum": 1, "maximum": 20, "default": 1, "description": ""},
    },
    "required": [],
}


def described(name: str, cls: type[Any], of: Callable[[str, type[Any]], Iterator[Call]]) -> dict[str, Any]:
    """What every component has; ``calls`` as far as the plugin's own annotations and attributes allow."""
    try:
        calls = [*of(name, cls)]
    except Exception as error:  # noqa: BLE001 - plugin code: annotations, signatures and attributes are the plugin's
        return {**own_facts(cls), "calls": [], "undescribed": repr(error)}
    return {**own_facts(cls), "calls": calls}


def own_facts(cls: type[Any]) -> dict[str, Any]:
    level: Any = getattr(cls, "permission_level", None)
    file, line = place_of(cls)
    metadata = {name: plain(getattr(cls, name)) for name in SHOWN if getattr(cls, name, None) not in NOTHING}
    return {
        "class": f"{cls.__module__}.{cls.__qualname__}",
        "file": file,
        "line": line,
        "permission": level.to_string() if hasattr(level, "to_string") else None,
        "metadata": jsonable(metadata),
    }


def plain(value: Any) -> Any:
    return value.value if isinstance(value, Enum) else value


def place_of(cls: type[Any]) -> tuple[str | None, int | None]:
    """Where the component's code begins: its entry method, else its first function."""
    found: list[tuple[str, int]] = []
    for name, member in vars(cls).items():
        code = code_of_callable(getattr(member, "__func__", member)) if callable(member) else None
        if code is not None:
            if name in ENTRIES:
                return code.co_filename, code.co_firstlineno
            found.append((code.co_filename, code.co_firstlineno))
    return min(found, key=lambda one: one[1]) if found else (None, None)


def call(kind: StimulusKind, name: str, description: str, parameters: Mapping[str, Any], title: str = "") -> Call:
    return {
        "kind": str(kind),
        "name": name,
        "title": title or name,
        "description": description,
        "parameters": jsonable(parameters),
    }


def said(words: str, description: str, parameters: Mapping[str, Any]) -> Call:
    """A message that begins with ``words``."""
    return {
        "kind": "message",
        "name": words,
        "say": words,
        "title": words,
        "description": description,
        "parameters": jsonable(parameters),
    }


def tool_call(kind: StimulusKind, name: str, schema: Mapping[str, Any]) -> Call:
    function = schema["function"]
    return call(kind, name, str(function.get("description") or ""), function["parameters"])


def calls_of(signature: str, cls: type[Any]) -> Iterator[Call]:
    """The ways in which a component of Neo-MoFox can be driven."""
    parts = parse_signature(signature)
    kind, name = parts["component_type"].value, parts["component_name"]
    match kind:
        case "tool" | "action" | "agent":
            yield tool_call(StimulusKind(kind), name, cls.to_schema())
        case "service":
            for method, schema in driving.service_methods(cls).items():
                yield tool_call(StimulusKind.SERVICE, f"{name}.{method}", schema)
        case "command":
            yield from command_calls(cls)
        case "event_handler":
            for event in cls.init_subscribe:
                yield call(StimulusKind.EVENT, event_name_of(event), "", ANYTHING)
        case "chatter":
            yield call(StimulusKind.CHATTER, name, "", STEP)
        case "adapter":
            yield call(StimulusKind.ADAPTER, name, "", ANYTHING)
        case "router":
            mounted = kept(routing.Mounted).routers.get(signature)
            if mounted is not None:
                yield from route_calls(name, asgi.routes_of(mounted.app))


def command_calls(cls: type[Any]) -> Iterator[Call]:
    for path, handler in routes_of(cls):
        words = " ".join([f"{cls.command_prefix}{cls.command_name}", *path])
        schema = parse_function_signature(handler, words, inspect.getdoc(handler) or "")
        yield said(words, schema["function"]["description"], schema["function"]["parameters"])


def route_calls(name: str, routes: list[dict[str, Any]]) -> Iterator[Call]:
    """One call for each route: its path and method stand, query and body can be given."""
    for route in routes:
        properties = {
            "path": {"type": "string", "default": route["path"]},
            "method": {"type": "string", "enum": [route["method"]], "default": route["method"]},
            "query": {"type": "object", "additionalProperties": {"type": "string"}},
            "headers": {"type": "object", "additionalProperties": {"type": "string"}},
            **({} if route["method"] in ("GET", "HEAD", "DELETE") else {"body": {}}),
        }
        schema = {"type": "object", "properties": properties, "required": ["path", "method"]}
        yield call(StimulusKind.ROUTE, name, "", schema, f"{route['method']} {route['path']}")


def event_calls() -> list[Call]:
    """Every event that can be published: the core's own, and those that somebody listens to."""
    bus = registrations().bus
    heard = set(bus.subscribed_events)
    names = sorted({*(event_name_of(event) for event in EventType), *heard})
    return [{**call(StimulusKind.EVENT, name, "", ANYTHING), "heard": name in heard} for name in names]


def subscriptions() -> list[dict[str, Any]]:
    """Who listens to which event, in the order in which they are told."""
    return [
        {"event": event, "handler": one.label, "priority": one.priority}
        for event, handlers in registrations().bus._subscribers.items()
        for one in sorted(handlers.values(), key=lambda one: (-one.priority, one.order))
        if not getattr(one.handler, "__mpdt_core__", False)
    ]


async def schedule_calls() -> list[Call]:
    from mpdt.worker.cores.simulated.scheduler import UnifiedScheduler

    scheduler = registrations().kept.get(UnifiedScheduler)
    tasks = await scheduler.list_tasks() if scheduler is not None else []
    return [{**call(StimulusKind.SCHEDULE, one["task_name"], "", ANYTHING), "schedule": jsonable(one)} for one in tasks]
