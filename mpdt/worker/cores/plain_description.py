"""What can be told of a plugin in a core that is not ``Inspectable``: from the components' schemas alone. Pure.

A real core describes its components for a person and a caller; here that is read as calls, and the JSON schema of a
config class as a form. The forms are those of ``mpdt.worker.cores.simulated.describing`` and ``config_form``.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from mpdt.worker.cores import ComponentInfo, Core
from mpdt.worker.errors import WorkerError
from mpdt.worker.secrecy import is_secret

Call = dict[str, Any]
CALLED = frozenset({"tool", "action", "agent"})
ANYTHING: dict[str, Any] = {"type": "object", "properties": {}, "additionalProperties": True}
# What follows a command of the classic core: text, which the command takes apart by itself.
WORDS: dict[str, Any] = {
    "type": "object",
    "properties": {"arguments": {"type": "string", "default": "", "description": "", "raw": True}},
    "required": [],
}
JSON_TYPES = {
    **{"str": "string", "int": "integer", "float": "number", "bool": "boolean"},
    **{"list": "array", "dict": "object"},
}
# What a config field says for user interfaces, beside its JSON schema.
DISPLAY = (
    *("label", "hint", "placeholder", "order", "hidden", "disabled", "input_type", "rows", "step", "min", "max"),
    *("group", "icon", "example", "tag"),
)
DEEPEST = 12


def described(components: Iterable[ComponentInfo]) -> dict[str, Any]:
    """Components with their calls; the events that their handlers listen to."""
    listed = [*components]
    shown = [{**one.to_json(), "calls": [*calls_of(one)], "metadata": {}} for one in listed]
    events = sorted({event for one in listed for event in events_of(one)})
    return {
        "components": shown,
        "events": [{**call("event", event, "", ANYTHING), "heard": True} for event in events],
        "schedules": [],
    }


def call(kind: str, name: str, description: str, parameters: Mapping[str, Any], title: str = "") -> Call:
    return {
        "kind": kind,
        "name": name,
        "title": title or name,
        "description": description,
        "parameters": dict(parameters),
    }


def events_of(one: ComponentInfo) -> list[str]:
    known = (one.schema or {}).get("events") if one.kind == "event_handler" else None
    return [str(event) for event in known] if isinstance(known, list) else []


def calls_of(one: ComponentInfo) -> Iterator[Call]:
    """The calls that the schema of one component describes."""
    schema = one.schema or {}
    function = schema.get("function")
    if one.kind in CALLED and isinstance(function, Mapping):
        parameters = function.get("parameters") or ANYTHING
        yield call(one.kind, one.name, str(function.get("description") or ""), parameters)
    elif one.kind == "service":
        for name, method in (schema.get("methods") or {}).items():
            yield call("service", f"{one.name}.{name}", str(method.get("description") or ""), parameters_of(method))
    elif one.kind == "command" and isinstance(schema.get("routes"), Mapping):
        for path, route in schema["routes"].items():
            words = f"/{one.name} {path}".strip()
            said = call("message", words, str(route.get("description") or ""), parameters_of(route))
            yield {**said, "say": words}
    elif one.kind == "plus_command":
        for word in (one.name, *(schema.get("aliases") or ())):
            words = f"{schema.get('prefix') or '/'}{word}"
            yield {**call("message", words, one.description, WORDS), "say": words}
    elif one.kind == "event_handler":
        yield from (call("event", event, "", ANYTHING) for event in events_of(one))


def parameters_of(method: Mapping[str, Any]) -> dict[str, Any]:
    """``{name: {"type", "required"}}``, or a JSON schema already."""
    given = method.get("parameters") or {}
    if "properties" in given:
        return dict(given)
    properties = {
        name: {"type": JSON_TYPES[kind]} if (kind := str(one.get("type"))) in JSON_TYPES else {}
        for name, one in given.items()
    }
    required = [name for name, one in given.items() if one.get("required")]
    return {"type": "object", "properties": properties, "required": required}


def form_of(schema: Mapping[str, Any]) -> dict[str, Any]:
    """A pydantic model's JSON schema as a form: what it refers to, or lists, are sections."""
    return {
        "description": str(schema.get("description") or ""),
        "sections": [section_form([name], one, schema.get("$defs") or {}) for name, one in sections_of(schema, schema)],
    }


def target_of(schema: Mapping[str, Any], definitions: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """The object that a property is by reference; None if it is something else."""
    reference = schema.get("$ref") or next((one.get("$ref") for one in schema.get("allOf") or ()), None)
    found = definitions.get(str(reference).rpartition("/")[2]) if reference else None
    return found if isinstance(found, Mapping) and found.get("type") == "object" and "properties" in found else None


def sections_of(schema: Mapping[str, Any], whole: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    definitions = whole.get("$defs") or {}
    for name, one in (schema.get("properties") or {}).items():
        inner = one.get("items") if one.get("type") == "array" else one
        if isinstance(inner, Mapping) and target_of(inner, definitions) is not None:
            yield name, one


def section_form(
    path: list[str], schema: Mapping[str, Any], definitions: Mapping[str, Any], depth: int = 0
) -> dict[str, Any]:
    many = schema.get("type") == "array"
    target = target_of(schema["items"] if many else schema, definitions) or {}
    nested = dict(sections_of(target, {"$defs": definitions})) if depth < DEEPEST else {}
    required = target.get("required") or ()
    fields = [
        field_form(name, one, definitions, required=name in required)
        for name, one in (target.get("properties") or {}).items()
        if name not in nested
    ]
    return {
        "path": path,
        "title": "",
        "description": str(schema.get("description") or target.get("description") or ""),
        "many": many,
        "fields": fields,
        "sections": [section_form([*path, name], one, definitions, depth + 1) for name, one in nested.items()],
        "default": {field["name"]: field["default"] for field in fields if field["default"] is not None},
    }


def field_form(
    name: str, schema: Mapping[str, Any], definitions: Mapping[str, Any], *, required: bool
) -> dict[str, Any]:
    shape = dict(resolved(schema, definitions))
    shape, nullable = without_null(shape)
    shown = {key: shape.pop(key, None) for key in ("default", "title", "description")}
    display = {key: shape.pop(key) for key in DISPLAY if key in shape}
    return {
        "name": name,
        "description": str(shown["description"] or ""),
        "schema": shape,
        "nullable": nullable,
        "required": required,
        "default": shown["default"],
        "secret": is_secret(name) or "password" in (shape.get("format"), display.get("input_type")),
        "display": display,
    }


def without_null(schema: Mapping[str, Any]) -> tuple[dict[str, Any], bool]:
    """The schema of ``T`` for that of ``T | None``, and whether None is allowed."""
    options = schema.get("anyOf")
    if not isinstance(options, list):
        return dict(schema), False
    real = [one for one in options if one.get("type") != "null"]
    rest = {name: one for name, one in schema.items() if name != "anyOf"}
    nullable = len(real) < len(options)
    return ({**rest, **real[0]} if len(real) == 1 else {**rest, "anyOf": real}), nullable


def resolved(schema: Any, definitions: Mapping[str, Any], depth: int = 0) -> Any:
    """The schema with what it refers to in the places of the references."""
    if isinstance(schema, list):
        return [resolved(one, definitions, depth) for one in schema]
    if not isinstance(schema, Mapping):
        return schema
    rest = {name: resolved(one, definitions, depth) for name, one in schema.items() if name != "$ref"}
    reference = schema.get("$ref")
    if not isinstance(reference, str) or depth >= DEEPEST:
        return rest
    return {**resolved(definitions.get(reference.rpartition("/")[2], {}), definitions, depth + 1), **rest}


def tried(core: Core, text: str) -> dict[str, Any]:
    """What the core's own check says of a config text: its first problem."""
    try:
        given: dict[str, Any] | None = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        return {"given": None, "values": None, "problems": [{"place": [], "message": str(error), "line": None}]}
    try:
        core.check_config(text)
    except WorkerError as error:
        return {"given": given, "values": given, "problems": [{"place": [], "message": str(error), "line": error.line}]}
    return {"given": given, "values": given, "problems": []}
