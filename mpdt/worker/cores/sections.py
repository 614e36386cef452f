"""A classic plugin's configuration: a dict of sections, as ``config_schema`` declares them. Pure.

``config_schema`` holds the core's own ``ConfigField`` objects: they are known by what they have, not by their class.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from copy import deepcopy
from typing import Any

Schema = Mapping[str, Any]


def is_field(value: Any) -> bool:
    return hasattr(value, "default") and hasattr(value, "choices") and hasattr(value, "type")


def looked_up(config: Mapping[str, Any] | None, key: str, default: Any = None) -> Any:
    """``section.key`` in the nested dicts."""
    value: Any = config or {}
    for part in key.split("."):
        if not isinstance(value, Mapping) or part not in value:
            return default
        value = value[part]
    return value


def fields_of(schema: Schema) -> Iterator[tuple[str, str, Any]]:
    """Section, name and field of each that is declared in a section."""
    for section, fields in schema.items():
        for name, field in fields.items() if isinstance(fields, Mapping) else ():
            if is_field(field):
                yield section, name, field


def fits(value: Any, field: Any) -> bool:
    if field.choices and value not in field.choices:
        return False
    if not isinstance(field.type, type) or value is None or value == field.default:
        return True
    if field.type is float:
        return isinstance(value, int | float) and not isinstance(value, bool)
    return isinstance(value, field.type) and (field.type is bool or not isinstance(value, bool))


def wanted(field: Any) -> Any:
    """What a field takes, for a sentence."""
    return field.choices or getattr(field.type, "__name__", field.type)


def replace_values(
    live: dict[str, Any], fresh: Mapping[str, Any], above: tuple[str, ...] = ()
) -> Iterator[tuple[tuple[str, ...], Any, Any]]:
    """Bring the live dict to what the fresh one says; sections stay the objects that they were. Yields what changed."""
    for name in [one for one in live if one not in fresh]:
        yield (*above, name), live.pop(name), None
    for name, new in fresh.items():
        old = live.get(name)
        if isinstance(old, dict) and isinstance(new, Mapping):
            yield from replace_values(old, new, (*above, name))
        elif name not in live or old != new:
            live[name] = deepcopy(new)
            yield (*above, name), old, new
