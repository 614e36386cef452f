"""The plugin's config file in a real Neo-MoFox: ``config/plugins/<name>/<config_name>.toml`` below the bot's folder."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from mpdt.language import _
from mpdt.worker.cores import ConfigChange
from mpdt.worker.cores.live_config import ConfigRejected, line_of, overlaid, take_over

LINE = re.compile(r"\(at line (\d+)")


def path_of(plugin: str, config: Any) -> Path:
    return Path.cwd() / "config" / "plugins" / plugin / f"{config.config_name}.toml"


def validated(text: str, path: Path, config: Any) -> Any:
    """The configuration that the text is. Raises ConfigRejected; the core itself would mend a value that does not
    fit, and rewrite the file.
    """
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        found = LINE.search(str(error))
        raise ConfigRejected(
            _("The config file is not TOML: {error}.", error=error), path, int(found[1]) if found else None
        ) from None
    try:
        return config.from_dict(overlaid(config.default(), data))
    except ValueError as error:  # pydantic's, which lists what does not fit
        place, message = problem(error)
        line = line_of(text, place)
        shown = ".".join(map(str, place))
        raise ConfigRejected(
            _("{shown}: {message}. The config that was loaded stays.", shown=shown, message=message), path, line
        ) from None


def problem(error: Any) -> tuple[Sequence[str | int], str]:
    listed = error.errors() if hasattr(error, "errors") else []
    return (listed[0]["loc"], listed[0]["msg"]) if listed else ((), str(error))


def apply(text: str, path: Path, live: Any) -> list[ConfigChange]:
    """Raises ConfigRejected, with the live object as it was."""
    fresh = validated(text, path, type(live))
    return [ConfigChange(".".join(place), old, new, line_of(text, place)) for place, old, new in take_over(live, fresh)]
