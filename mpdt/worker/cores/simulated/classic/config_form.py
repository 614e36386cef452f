"""A classic plugin's ``config_schema`` as a form: see ``mpdt.worker.cores.simulated.config_form``."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from mpdt.language import _
from mpdt.worker.cores.checking import jsonable
from mpdt.worker.cores.live_config import line_of
from mpdt.worker.cores.plain_description import DISPLAY
from mpdt.worker.cores.sections import fits
from mpdt.worker.cores.simulated.classic.config import Schema, defaults, overlaid
from mpdt.worker.cores.simulated.classic.types import ConfigField
from mpdt.worker.cores.simulated.config_form import parsed_or_problem, problem
from mpdt.worker.cores.simulated.schema import build_type_schema
from mpdt.worker.secrecy import is_secret

MISSING = object()


def form_of(schema: Schema, descriptions: Mapping[str, Any]) -> dict[str, Any]:
    """Sections of fields; what stands beside the sections is a section without a name."""
    sections = [section_form([], schema, "")] if any(isinstance(one, ConfigField) for one in schema.values()) else []
    for name, fields in schema.items():
        if isinstance(fields, Mapping):
            said = descriptions.get(name)
            sections.append(section_form([name], fields, said if isinstance(said, str) else title_of(said)))
    return {"description": "", "sections": sections}


def title_of(said: object) -> str:
    """A section's description may be an object with a title."""
    found = getattr(said, "title", "") or getattr(said, "description", "")
    return found if isinstance(found, str) else ""


def section_form(path: list[str], fields: Mapping[str, Any], description: str) -> dict[str, Any]:
    nested = [(name, one) for name, one in fields.items() if isinstance(one, Mapping)] if path else []
    return {
        "path": path,
        "title": "",
        "description": description,
        "many": False,
        "fields": [field_form(name, one) for name, one in fields.items() if isinstance(one, ConfigField)],
        "sections": [section_form([*path, name], one, "") for name, one in nested],
        "default": jsonable(defaults(fields)),
    }


def field_form(name: str, field: ConfigField) -> dict[str, Any]:
    shape = build_type_schema(field.type)
    if field.choices:
        shape["enum"] = jsonable(field.choices)
    for ours, theirs in (("minimum", "min"), ("maximum", "max")):
        bound = field.display.get(theirs)
        if isinstance(bound, int | float) and not isinstance(bound, bool):
            shape[ours] = bound
    display = {key: one for key, one in field.display.items() if key in DISPLAY}
    if field.example:
        display["example"] = field.example
    return {
        "name": name,
        "description": field.description or "",
        "schema": shape,
        "nullable": field.default is None,
        "required": bool(field.required),
        "default": jsonable(field.default),
        "secret": is_secret(name) or field.display.get("input_type") == "password",
        "display": jsonable(display),
    }


def check(text: str, schema: Schema) -> dict[str, Any]:
    """As in the other flavour: ``given``, ``values``, and everything that is wrong."""
    given, problems = parsed_or_problem(text)
    if given is None:
        return {"given": None, "values": None, "problems": problems}
    values = overlaid(defaults(schema), given)
    problems = [
        problem(place, _("{value} is not {wanted}", value=repr(value), wanted=wanted(field)), line_of(text, place))
        for place, field, value in placed(schema, values)
        if not fits(value, field)
    ]
    return {"given": jsonable(given), "values": jsonable(values), "problems": problems}


def wanted(field: ConfigField) -> str:
    if field.choices:
        return _("one of {choices}", choices=", ".join(map(repr, field.choices)))
    return str(getattr(field.type, "__name__", field.type))


def placed(schema: Schema, values: Mapping[str, Any]) -> Iterator[tuple[tuple[str, ...], ConfigField, Any]]:
    """The fields that the core checks (those of the sections), each with its place and value."""
    for section, fields in schema.items():
        inside = values.get(section)
        for name, field in fields.items() if isinstance(fields, Mapping) else ():
            value = inside.get(name, MISSING) if isinstance(inside, Mapping) else MISSING
            if isinstance(field, ConfigField) and value is not MISSING:
                yield (section, name), field, value
