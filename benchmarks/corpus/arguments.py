"""Arguments that fit a schema, made up: enough to drive a component once. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

BY_TYPE: dict[str, Any] = {
    "string": "test",
    "integer": 1,
    "number": 1.0,
    "boolean": True,
    "array": [],
    "object": {},
    "null": None,
}
WORDS = {"int": "1", "float": "1.5", "bool": "true"}


def made_up(schema: Mapping[str, Any] | None) -> dict[str, Any]:
    """A value for each required parameter."""
    parameters = ((schema or {}).get("function") or {}).get("parameters") or {}
    properties = parameters.get("properties") or {}
    return {name: value_of(properties.get(name) or {}) for name in parameters.get("required") or ()}


def fewest_arguments(methods: Mapping[str, Any]) -> list[tuple[str, Any]]:
    """A service's methods, those that need least first."""
    return sorted(methods.items(), key=lambda one: len(one[1]["function"]["parameters"]["required"]))


def value_of(schema: Mapping[str, Any]) -> Any:
    if schema.get("enum"):
        return schema["enum"][0]
    if schema.get("type") == "array":
        return [value_of(schema.get("items") or {})]
    return BY_TYPE.get(str(schema.get("type")), "test")


def command_lines(component: Mapping[str, Any]) -> list[str]:
    """One line for each route of a command; for one without routes, its name and one with a word."""
    schema = component["schema"] or {}
    prefix = schema.get("prefix", "/")
    names = component["name"]
    if "routes" not in schema:
        example = schema.get("example") or f"{prefix}{names}"
        return [example, f"{example} test"]
    lines = []
    for route in schema["routes"]:
        words = [WORDS.get(one["type"], "test") for one in route["arguments"] if one["required"]]
        lines.append(" ".join([f"{prefix}{names}", *route["path"], *words]))
    return lines or [f"{prefix}{names}"]
