"""The plugin's config file in a real classic core: ``config/plugins/<plugin_name>/<config_file_name>``."""

from __future__ import annotations

import re
import shutil
import tomllib
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from mpdt.language import _
from mpdt.worker.cores import ConfigChange
from mpdt.worker.cores.classic_mofox.parts import Parts
from mpdt.worker.cores.live_config import ConfigRejected, line_of
from mpdt.worker.cores.sections import Schema, fields_of, fits, looked_up, replace_values, wanted

LINE = re.compile(r"\(at line (\d+)")


def path_of(parts: Parts, cls: Any) -> Path | None:
    """None for a plugin without a config file."""
    name = getattr(cls, "config_file_name", "")
    return Path(parts.base.CONFIG_DIR) / "plugins" / cls.plugin_name / name if name else None


def keep_own(parts: Parts, cls: Any, folder: Path) -> None:
    """A config file in the plugin's folder is where the core takes the first one from: it moves it. Here it is copied
    before, so that nothing goes from the developer's folder.
    """
    path = path_of(parts, cls)
    if path is not None and not path.exists() and (folder / path.name).is_file():
        path.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(folder / path.name, path)


def shape(schema: Schema) -> tuple[Any, ...]:
    """What of a schema the values depend on."""
    return tuple(
        (section, name, repr(wanted(field)), repr(field.default)) for section, name, field in fields_of(schema)
    )


def validated(text: str, path: Path, schema: Schema) -> dict[str, Any]:
    """The configuration that the core would make of the text. Raises ConfigRejected for a value that does not fit: the
    core looks at none.
    """
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        found = LINE.search(str(error))
        raise ConfigRejected(
            _("The config file is not TOML: {error}.", error=error), path, int(found[1]) if found else None
        ) from None
    config = synchronised(schema, data)
    for section, name, field in fields_of(schema):
        value = looked_up(config, f"{section}.{name}")
        if not fits(value, field):
            raise ConfigRejected(
                _(
                    "{section}.{name}: {value!r} is not {wanted}. The config that was loaded stays.",
                    section=section,
                    name=name,
                    value=value,
                    wanted=wanted(field),
                ),
                path,
                line_of(text, (section, name)),
            )
    return config


def synchronised(schema: Schema, data: Mapping[str, Any]) -> dict[str, Any]:
    """What the schema declares, with the file's values; what it does not know is left out, as the core does."""
    config: dict[str, Any] = {section: {} for section, fields in schema.items() if isinstance(fields, Mapping)}
    for section, name, field in fields_of(schema):
        given = data.get(section, {})
        known = isinstance(given, Mapping)
        config[section][name] = given[name] if known and name in given else field.default
    return config


def bring(config: dict[str, Any], plugin: Any, copies: Iterable[dict[str, Any]], text: str) -> list[ConfigChange]:
    """Bring the live configuration, and the copies that components have of it, to what was read."""
    changed = [
        ConfigChange(".".join(place), old, new, line_of(text, place))
        for place, old, new in replace_values(plugin.config, config)
    ]
    for copy in copies:
        for _change in replace_values(copy, config):
            pass
    return changed
