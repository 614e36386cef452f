"""The JSON schema of a tool or action, from its ``execute``'s signature; computed at each use, never kept."""

from __future__ import annotations

import inspect
import re
import types
from collections.abc import Callable
from enum import Enum
from typing import Annotated, Any, Literal, Union, get_args, get_origin, get_type_hints

JSON_NAMES = {int: "integer", float: "number", str: "string", bool: "boolean", list: "array", dict: "object"}
BY_NAME = {
    "int": "integer",
    "float": "number",
    "str": "string",
    "bool": "boolean",
    "list": "array",
    "dict": "object",
    "none": "null",
    "nonetype": "null",
}
ARGUMENT = re.compile(r"^\s*(?P<name>[^\s:]+?)\s*:\s*(?P<text>.*)$")


def without_none(hint: Any) -> Any:
    """``T`` for ``T | None``: a model leaves an optional argument out."""
    if get_origin(hint) in (Union, types.UnionType):
        real = [part for part in get_args(hint) if part is not type(None)]
        if real and len(real) < len(get_args(hint)):
            return real[0]
    return hint


def json_name(hint: Any) -> str:
    """The JSON type's name; what has no counterpart is a string."""
    if isinstance(hint, str):
        return BY_NAME.get(hint.strip().lower(), "string")
    if isinstance(hint, type) and issubclass(hint, Enum):
        members = list(hint)
        return json_name(type(members[0].value)) if members else "string"
    return JSON_NAMES.get(hint, "string")


def build_type_schema(type_hint: Any) -> dict[str, Any]:
    """The schema of one annotation."""
    if get_origin(type_hint) is Annotated:
        return build_type_schema(get_args(type_hint)[0])
    hint = without_none(type_hint)
    origin, arguments = get_origin(hint), get_args(hint)
    if hint is type(None):
        return {"type": "null"}
    if origin is Literal:
        kinds = {type(value) for value in arguments}
        return {"type": json_name(kinds.pop()) if len(kinds) == 1 else "string", "enum": list(arguments)}
    if origin in (list, set, tuple):
        return {"type": "array", "items": item_schema(arguments[:1])}
    if origin is dict:
        return {"type": "object", "additionalProperties": item_schema(arguments[1:2])}
    return {"type": json_name(hint)}


def item_schema(arguments: tuple[Any, ...]) -> dict[str, Any]:
    if not arguments or arguments[0] is Any:
        return {"type": "string"}
    return build_type_schema(arguments[0])


def documented_arguments(docstring: str) -> dict[str, str]:
    """What a Google-style docstring says of each argument."""
    lines = iter(docstring.splitlines())
    for line in lines:
        if line.strip() in ("Args:", "Arguments:"):
            break
    found: dict[str, list[str]] = {}
    texts: list[str] | None = None
    for line in lines:
        if line.strip().endswith(":") and not line[:1].isspace():
            break
        match = ARGUMENT.match(line)
        if match:
            texts = found.setdefault(match["name"], [])
            texts.append(match["text"].strip())
        elif texts is not None and line.strip():
            texts.append(line.strip())
    return {name: " ".join(text for text in texts if text) for name, texts in found.items()}


def hints_of(function: Callable[..., Any], *, extras: bool = False) -> dict[str, Any]:
    """The resolved annotations, or none if one of them does not resolve."""
    try:
        return get_type_hints(function, include_extras=extras)
    except Exception:  # noqa: BLE001 - annotations are the plugin's code: evaluating them may raise anything
        return {}


def parameters_of(function: Callable[..., Any]) -> list[inspect.Parameter]:
    """What a caller can give by name, ``self`` left out."""
    variadic = (inspect.Parameter.VAR_POSITIONAL, inspect.Parameter.VAR_KEYWORD)
    parameters = inspect.signature(function).parameters.values()
    return [one for one in parameters if one.name != "self" and one.kind not in variadic]


def described(hint: Any) -> str | None:
    """The first text in ``Annotated[T, "text"]``."""
    texts = (part.strip() for part in getattr(hint, "__metadata__", ()) if isinstance(part, str))
    return next((text for text in texts if text), None)


def parse_function_signature(
    func: Callable[..., Any], component_name: str, component_description: str
) -> dict[str, Any]:
    """The function as an OpenAI-style tool."""
    hints = hints_of(func, extras=True)
    documented = documented_arguments(inspect.getdoc(func) or "")
    properties: dict[str, Any] = {}
    required: list[str] = []
    for parameter in parameters_of(func):
        hint = hints.get(parameter.name, parameter.annotation)
        text = described(hint) or documented.get(parameter.name) or f"{parameter.name} 参数"
        properties[parameter.name] = {**build_type_schema(hint), "description": text}
        if parameter.default is inspect.Parameter.empty:
            required.append(parameter.name)
        elif parameter.default is not None:
            properties[parameter.name]["default"] = parameter.default
    return {
        "type": "function",
        "function": {
            "name": component_name,
            "description": component_description,
            "parameters": {"type": "object", "properties": properties, "required": required},
        },
    }
