"""Arguments from outside, checked against a component's JSON schema; the sentences say what is wrong. Pure."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from mpdt.language import _, later, translated

ARTICLES = {
    "string": later("a string"),
    "integer": later("an integer"),
    "number": later("a number"),
    "boolean": later("true or false"),
    "array": later("a list"),
    "object": later("an object"),
    "null": "null",
}


def problems(arguments: Mapping[str, Any], parameters: Mapping[str, Any], *, open_ended: bool = False) -> list[str]:
    """Everything that is wrong. ``open_ended``: names beyond the schema are passed on."""
    properties = parameters.get("properties") or {}
    found = [_("'{name}' is missing", name=name) for name in parameters.get("required") or () if name not in arguments]
    for name, value in arguments.items():
        if name in properties:
            found += mismatches(f"'{name}'", value, properties[name])
        elif not open_ended:
            found.append(_("there is no '{name}'{hint}", name=name, hint=hint(name, properties)))
    return found


def mismatches(place: str, value: Any, schema: Mapping[str, Any]) -> Iterator[str]:
    shown = json.dumps(value, ensure_ascii=False, default=str)
    choices = schema.get("enum")
    if choices and value not in choices:
        listed = ", ".join(json.dumps(one, ensure_ascii=False, default=str) for one in choices)
        yield _("{place} must be one of {listed}, not {shown}", place=place, listed=listed, shown=shown)
    elif not choices and value is not None and not is_of(value, schema.get("type")):
        kind = str(schema.get("type"))
        wanted = translated(ARTICLES.get(kind, kind))
        yield _("{place} must be {wanted}, not {shown}", place=place, wanted=wanted, shown=shown)
    elif isinstance(value, list) and isinstance(schema.get("items"), Mapping):
        for index, item in enumerate(value):
            yield from mismatches(f"{place}[{index}]", item, schema["items"])


def is_of(value: Any, kind: Any) -> bool:
    match kind:
        case "string":
            return isinstance(value, str)
        case "integer":
            return isinstance(value, int) and not isinstance(value, bool)
        case "number":
            return isinstance(value, int | float) and not isinstance(value, bool)
        case "boolean":
            return isinstance(value, bool)
        case "array":
            return isinstance(value, list)
        case "object":
            return isinstance(value, Mapping)
        case "null":
            return value is None
    return True


def hint(name: str, known: Iterable[str]) -> str:
    """``; did you mean 'x'?``, or what there is."""
    import difflib  # for a sentence that is rarely said

    known = [*known]
    close = difflib.get_close_matches(name, known, n=1)
    if close:
        return _("; did you mean '{close}'?", close=close[0])
    return _("; there are {names}", names=", ".join(known)) if known else ""


def jsonable(value: Any) -> Any:
    """The value as JSON can have it; what has no counterpart becomes its text."""
    match value:
        case None | bool() | int() | float() | str():
            return getattr(value, "value", value) if hasattr(type(value), "__members__") else value
        case Mapping():
            return {str(jsonable(key)): jsonable(one) for key, one in value.items()}
        case list() | tuple() | set() | frozenset():
            return [jsonable(one) for one in value]
    if hasattr(type(value), "__members__"):
        return jsonable(value.value)
    fields = getattr(type(value), "__dataclass_fields__", None)
    if fields:
        return {name: jsonable(getattr(value, name)) for name in fields}
    return str(value)
