"""What a reload changed for the core: components by kind and name, compared with their schemas. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from mpdt.worker.cores import ComponentInfo

Described = Mapping[str, Mapping[str, Any]]


def described(components: list[ComponentInfo]) -> dict[str, dict[str, Any]]:
    """By ``kind:name``."""
    return {f"{one.kind}:{one.name}": one.to_json() for one in components}


def difference(old: Described, new: Described) -> dict[str, Any]:
    """``added`` and ``removed`` by ``kind:name``; ``changed`` with the places of the schema that differ."""
    changed = []
    for name in old.keys() & new.keys():
        places = list(places_of(old[name], new[name]))
        if places:
            changed.append({"component": name, "schema": places})
    changed.sort(key=lambda one: str(one["component"]))
    return {"added": sorted(new.keys() - old.keys()), "removed": sorted(old.keys() - new.keys()), "changed": changed}


def places_of(old: Any, new: Any, path: str = "") -> Iterator[dict[str, Any]]:
    """Each place that differs: its path, and the values there (none where there is none)."""
    if isinstance(old, Mapping) and isinstance(new, Mapping):
        for key in [*old, *(key for key in new if key not in old)]:
            below = f"{path}.{key}" if path else str(key)
            if key not in old:
                yield {"path": below, "new": new[key]}
            elif key not in new:
                yield {"path": below, "old": old[key]}
            else:
                yield from places_of(old[key], new[key], below)
    elif old != new:
        yield {"path": path, "old": old, "new": new}
