"""A registered component as a person and a caller see it, from its live class."""

from __future__ import annotations

from typing import Any

from mpdt.language import _
from mpdt.worker.cores import ComponentInfo, asgi
from mpdt.worker.cores.classic_mofox.parts import Parts

JSON_TYPES = {"string": "string", "integer": "integer", "int": "integer", "float": "number", "boolean": "boolean"}


def described(parts: Parts, plugin: str, info: Any, cls: Any) -> ComponentInfo:
    kind = str(info.component_type.value)
    try:
        description = str(info.description or getattr(cls, "description", "") or "")
        schema = schema_of(parts, plugin, kind, cls)
    except Exception as error:  # noqa: BLE001 - plugin code: class attributes are the plugin's
        description, schema = _("cannot be described: {error!r}", error=error), None
    return ComponentInfo(kind, str(info.name), description, schema)


def schema_of(parts: Parts, plugin: str, kind: str, cls: Any) -> dict[str, Any] | None:
    match kind:
        case "tool":
            return tool_schema(cls)
        case "plus_command":
            aliases = list(cls.command_aliases)
            told = {"priority": cls.priority, "intercept_message": cls.intercept_message}
            return {"prefix": parts.configuration.command.command_prefixes[0], "aliases": aliases, **told}
        case "command":
            return {"pattern": cls.command_pattern}
        case "event_handler":
            events = [str(getattr(event, "value", event)) for event in cls.init_subscribe]
            return {"events": events, "weight": cls.weight, "intercept_message": cls.intercept_message}
        case "action":
            parameters = getattr(cls, "action_parameters", None) or {}
            return {"parameters": dict(parameters), "require": list(getattr(cls, "action_require", None) or ())}
        case "prompt":
            return {"targets": [rule.target_prompt for rule in cls.injection_rules]}
        case "router":
            return {"routes": routes_of(parts, plugin)}
    return None


def prefix_of(plugin: str) -> str:
    """Where the core mounts a plugin's routes."""
    return f"/plugins/{plugin}"


def routes_of(parts: Parts, plugin: str) -> list[dict[str, Any]]:
    prefix = prefix_of(plugin)
    found = asgi.routes_of(parts.server.app)
    return [
        {**one, "path": one["path"].removeprefix(prefix) or "/"}
        for one in found
        if one["path"].startswith(f"{prefix}/")
    ]


def tool_schema(cls: Any) -> dict[str, Any]:
    """The tool's definition as JSON Schema; the core's own lists tuples."""
    definition = cls.get_tool_definition()
    properties, required = {}, []
    for name, kind, text, needed, choices in definition["parameters"]:
        said = str(getattr(kind, "value", kind))
        properties[name] = {"type": JSON_TYPES.get(said, said), "description": text}
        if choices:
            properties[name]["enum"] = list(choices)
        if needed:
            required.append(name)
    parameters = {"type": "object", "properties": properties, "required": required}
    described = {"name": definition["name"], "description": definition["description"], "parameters": parameters}
    return {"type": "function", "function": described}


def action_schema(cls: Any) -> dict[str, Any]:
    known = getattr(cls, "action_parameters", None) or {}
    return {"parameters": {"type": "object", "properties": {name: {} for name in known}, "required": []}}
