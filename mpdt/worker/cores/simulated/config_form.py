"""A configuration class as a form: its sections and fields with types, ranges, choices, descriptions and defaults.

The form is plain data, the same for both flavours::

    {"description", "sections": [Section]}
    Section  {"path": ["rules"], "title", "description", "many": bool, "fields": [Field], "sections": [Section],
              "default": what a new one of a list starts with}
    Field    {"name", "description", "schema": JSON schema without references, "nullable", "required", "default",
              "secret", "display": what the plugin says for user interfaces (label, hint, rows ...)}
"""

from __future__ import annotations

import inspect
from collections.abc import Mapping
from typing import Any, cast

import tomlkit
from pydantic import BaseModel, TypeAdapter, ValidationError
from pydantic.errors import PydanticInvalidForJsonSchema, PydanticUserError
from pydantic.fields import FieldInfo
from tomlkit.exceptions import TOMLKitError

from mpdt.worker.cores.checking import jsonable
from mpdt.worker.cores.live_config import line_of, overlaid
from mpdt.worker.cores.plain_description import DISPLAY, resolved, without_null
from mpdt.worker.cores.simulated import toml
from mpdt.worker.cores.simulated.config import BaseConfig, SectionBase
from mpdt.worker.secrecy import is_secret

DEEPEST = 12  # sections in sections; a class may hold itself


def form_of(config: type[BaseConfig]) -> dict[str, Any]:
    """The form of a Neo-MoFox configuration."""
    sections = []
    for name, field in config.model_fields.items():
        model, many = toml.section_of(field.annotation, SectionBase)
        if model is not None:
            sections.append(section_form(model, [toml.table_name(model, name)], field, many))
    return {"description": config.config_description or own_doc(config), "sections": sections}


def section_form(
    model: type[BaseModel], path: list[str], field: FieldInfo, many: bool, depth: int = 0
) -> dict[str, Any]:
    properties, definitions = json_properties(model)
    fields, sections = [], []
    for name, inner in model.model_fields.items():
        nested, nested_many = toml.section_of(inner.annotation, SectionBase)
        if nested is not None:
            if depth < DEEPEST:
                sections.append(section_form(nested, [*path, name], inner, nested_many, depth + 1))
        else:
            fields.append(field_form(name, inner, resolved(properties.get(name, {}), definitions)))
    return {
        "path": path,
        "title": getattr(model, "__config_section_title__", None) or "",
        "description": field.description or getattr(model, "__config_section_description__", None) or own_doc(model),
        "many": many,
        "fields": fields,
        "sections": sections,
        "default": jsonable(toml.merged_fields(model, {}, SectionBase, path[-1])),
    }


def own_doc(model: type[BaseModel]) -> str:
    """The class's own docstring: not the one that it inherits."""
    return inspect.cleandoc(model.__dict__.get("__doc__") or "")


def json_properties(model: type[BaseModel]) -> tuple[Mapping[str, Any], Mapping[str, Any]]:
    """The JSON schema of each field, and what it refers to. A field that has none leaves the others theirs."""
    try:
        schema = model.model_json_schema(by_alias=False)
    except (PydanticInvalidForJsonSchema, PydanticUserError):
        return {name: leaf_schema(field) for name, field in model.model_fields.items()}, {}
    return schema.get("properties", {}), schema.get("$defs", {})


def leaf_schema(field: FieldInfo) -> dict[str, Any]:
    try:
        adapter: TypeAdapter[Any] = TypeAdapter(cast(Any, field.annotation))
        return adapter.json_schema()
    except (PydanticInvalidForJsonSchema, PydanticUserError):
        return {}


def field_form(name: str, field: FieldInfo, schema: dict[str, Any]) -> dict[str, Any]:
    shape, nullable = without_null(schema)
    display = {key: shape.pop(key) for key in DISPLAY if key in shape}
    default = jsonable(toml.default_of(field))
    for key in ("default", "title", "description"):
        shape.pop(key, None)
    return {
        "name": name,
        "description": field.description or "",
        "schema": shape,
        "nullable": nullable,
        "required": field.is_required(),
        "default": default,
        "secret": is_secret(name) or display.get("input_type") == "password" or shape.get("format") == "password",
        "display": jsonable(display),
    }


def problem(place: tuple[str | int, ...], message: str, line: int | None) -> dict[str, Any]:
    return {"place": list(place), "message": message, "line": line}


def parsed_or_problem(text: str) -> tuple[dict[str, Any] | None, list[dict[str, Any]]]:
    try:
        return tomlkit.parse(text).unwrap(), []
    except (TOMLKitError, ValueError) as error:
        return None, [problem((), str(error), getattr(error, "line", None))]


def check(text: str, config: type[BaseConfig]) -> dict[str, Any]:
    """What the text says (``given``), what the plugin would get of it (``values``), and everything that is wrong.

    The plugin's own classes and validators decide; nothing is applied.
    """
    given, problems = parsed_or_problem(text)
    if given is None:
        return {"given": None, "values": None, "problems": problems}
    values = overlaid(toml.merged(config, {}, SectionBase), given)
    try:
        config.from_dict(values)
    except ValidationError as error:
        problems = [problem(one["loc"], one["msg"], line_of(text, one["loc"])) for one in error.errors()]
    except Exception as error:  # noqa: BLE001 - a validator of the plugin's may raise anything
        problems = [problem((), f"{type(error).__name__}: {error}", None)]
    return {"given": jsonable(given), "values": jsonable(values), "problems": problems}
