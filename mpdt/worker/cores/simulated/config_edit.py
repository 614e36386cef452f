"""An edited config file: validated as it stands, and brought into the live config object in place."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import tomlkit
from pydantic import BaseModel, ValidationError
from tomlkit.exceptions import ParseError

from mpdt.language import _
from mpdt.worker.cores import ConfigChange
from mpdt.worker.cores.simulated import toml
from mpdt.worker.cores.simulated.config import BaseConfig, SectionBase
from mpdt.worker.errors import WorkerError

HEADER = re.compile(r"^\s*\[(?P<many>\[)?\s*(?P<name>[^\]]+?)\s*\]")
KEY = re.compile(r"""^\s*(?P<name>[\w-]+|"[^"]*"|'[^']*')\s*=""")


class ConfigRejected(WorkerError):
    """A config file that is no TOML, or has a value that does not fit; ``path`` and ``line`` say where."""


def read_strictly(path: Path, config: type[BaseConfig]) -> BaseConfig | None:
    """The file's configuration; None without a file. Raises ConfigRejected: nothing is mended."""
    text = read(path)
    return None if text is None else validated(text, path, config)


def read(path: Path) -> str | None:
    """The file's text; None without a file. Raises ConfigRejected."""
    try:
        return path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        return None
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigRejected(_("The config file cannot be read: {error}.", error=error), path) from None


def validated(text: str, path: Path, config: type[BaseConfig]) -> BaseConfig:
    """The configuration that the text is. Raises ConfigRejected."""
    try:
        data = tomlkit.parse(text).unwrap()
    except ParseError as error:
        raise ConfigRejected(_("The config file is not TOML: {error}.", error=error), path, error.line) from None
    try:
        return config.from_dict(overlaid(toml.merged(config, {}, SectionBase), data))
    except ValidationError as error:
        problem = error.errors()[0]
        place = ".".join(map(str, problem["loc"]))
        line = line_of(text, problem["loc"])
        raise ConfigRejected(
            _("{place}: {msg}. The config that was loaded stays.", place=place, msg=problem["msg"]), path, line
        ) from None


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


def apply(text: str, path: Path, live: BaseConfig) -> list[ConfigChange]:
    """Raises ConfigRejected, with the live object as it was."""
    fresh = validated(text, path, type(live))
    changes = []
    for place, old, new in take_over(live, fresh):
        changes.append(ConfigChange(".".join(place), old, new, line_of(text, place)))
    return changes


def take_over(
    live: BaseModel, fresh: BaseModel, above: tuple[str, ...] = ()
) -> Iterator[tuple[tuple[str, ...], Any, Any]]:
    """Each field that differs is set on the live object; sections stay the objects that they were."""
    for name in type(live).model_fields:
        old, new = getattr(live, name), getattr(fresh, name)
        place = (*above, name)
        if isinstance(old, BaseModel) and type(old) is type(new):
            yield from take_over(old, new, place)
        elif old != new:
            # Past a frozen model's and a validator's refusal: the value has been validated with its whole file.
            live.__dict__[name] = new
            live.model_fields_set.add(name)
            yield place, old, new
