"""A config file that was edited: where its fields stand, and its values brought into the live object in place."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from mpdt.language import _
from mpdt.worker.errors import WorkerError

HEADER = re.compile(r"^\s*\[(?P<many>\[)?\s*(?P<name>[^\]]+?)\s*\]")
KEY = re.compile(r"""^\s*(?P<name>[\w-]+|"[^"]*"|'[^']*')\s*=""")


class ConfigRejected(WorkerError):
    """A config file that is no TOML, or has a value that does not fit; ``path`` and ``line`` say where."""


def read(path: Path) -> str | None:
    """The file's text; None without a file. Raises ConfigRejected."""
    try:
        return path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        return None
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigRejected(_("The config file cannot be read: {error}.", error=error), path) from None


def overlaid(defaults: Mapping[str, Any], data: Mapping[str, Any]) -> dict[str, Any]:
    """The data, with a default wherever the file says nothing."""
    result = dict(defaults)
    for name, value in data.items():
        known = result.get(name)
        result[name] = overlaid(known, value) if isinstance(known, Mapping) and isinstance(value, Mapping) else value
    return result


def line_of(text: str, location: Sequence[str | int]) -> int | None:
    """The line of the field, else of its table: ``("rules", 1, "pattern")``."""
    wanted = [part for part in location if isinstance(part, str)]
    index = next((part for part in location if isinstance(part, int)), 0)
    best: tuple[int, int] | None = None
    table: list[str] = []
    seen: dict[str, int] = {}
    for number, line in enumerate(text.splitlines(), 1):
        header, key = HEADER.match(line), KEY.match(line)
        if header:
            table = [part.strip(" \"'") for part in header["name"].split(".")]
            seen[header["name"]] = seen.get(header["name"], -1) + 1
            skip = bool(header["many"]) and seen[header["name"]] != index
            here = ["/"] if skip else table
        elif key:
            here = [*table, key["name"].strip("\"'")]
        else:
            continue
        depth = len(here)
        if here == wanted[:depth] and (best is None or depth > best[0]):
            best = (depth, number)
        if header and here == ["/"]:
            table = here
    return best[1] if best else None


def take_over(live: Any, fresh: Any, above: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Any, Any]]:
    """pydantic models. Each field that differs is set on the live object; sections stay the objects that they were."""
    for name in type(live).model_fields:
        old, new = getattr(live, name), getattr(fresh, name)
        place = (*above, name)
        if hasattr(type(old), "model_fields") and type(old) is type(new):
            yield from take_over(old, new, place)
        elif old != new:
            # Past a frozen model's and a validator's refusal: the value has been validated with its whole file.
            live.__dict__[name] = new
            live.model_fields_set.add(name)
            yield place, old, new
