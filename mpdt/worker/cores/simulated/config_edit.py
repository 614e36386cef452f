"""An edited config file: validated as it stands, and brought into the live config object in place."""

from __future__ import annotations

from pathlib import Path

import tomlkit
from pydantic import ValidationError
from tomlkit.exceptions import ParseError

from mpdt.language import _
from mpdt.worker.cores import ConfigChange
from mpdt.worker.cores.live_config import ConfigRejected, line_of, overlaid, read, take_over
from mpdt.worker.cores.simulated import toml
from mpdt.worker.cores.simulated.config import BaseConfig, SectionBase


def read_strictly(path: Path, config: type[BaseConfig]) -> BaseConfig | None:
    """The file's configuration; None without a file. Raises ConfigRejected: nothing is mended."""
    text = read(path)
    return None if text is None else validated(text, path, config)


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


def apply(text: str, path: Path, live: BaseConfig) -> list[ConfigChange]:
    """Raises ConfigRejected, with the live object as it was."""
    fresh = validated(text, path, type(live))
    changes = []
    for place, old, new in take_over(live, fresh):
        changes.append(ConfigChange(".".join(place), old, new, line_of(text, place)))
    return changes
