"""A classic plugin's configuration: a dict of sections, from a TOML file written from ``config_schema`` at first."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import tomlkit
from tomlkit.exceptions import ParseError

from mpdt.language import _
from mpdt.worker.cores import ConfigChange
from mpdt.worker.cores.live_config import ConfigRejected, line_of
from mpdt.worker.cores.sections import fits, looked_up, wanted
from mpdt.worker.cores.simulated.classic.types import ConfigField
from mpdt.worker.cores.simulated.logger import get_logger

Schema = Mapping[str, Any]
logger = get_logger("config")


def defaults(schema: Schema) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for section, fields in schema.items():
        if isinstance(fields, ConfigField):
            found[section] = fields.default
        elif isinstance(fields, Mapping):
            found[section] = defaults(fields)
    return found


def rendered(schema: Schema, descriptions: Mapping[str, Any]) -> str:
    document = tomlkit.document()
    for section, fields in schema.items():
        if not isinstance(fields, Mapping):
            continue
        table = tomlkit.table()
        said = descriptions.get(section)
        document.add(tomlkit.nl())
        if isinstance(said, str):
            document.add(tomlkit.comment(said))
        for name, field in fields.items():
            if isinstance(field, ConfigField):
                for line in (field.description or "").splitlines():
                    table.add(tomlkit.comment(line))
                if is_toml(field.default):
                    table.add(name, tomlkit.item(field.default))
                else:
                    table.add(tomlkit.comment(f"{name} = {field.default}"))
        document.add(section, table)
    return tomlkit.dumps(document).strip() + "\n"


def is_toml(value: Any) -> bool:
    """None is not: TOML has no null."""
    match value:
        case str() | bool() | int() | float():
            return True
        case list():
            return all(map(is_toml, value))
        case dict():
            return all(map(is_toml, value.values()))
        case _:
            return False


def warn_of_unwritable(schema: Schema, path: Path) -> None:
    """MoFox-Core writes such a default as it prints, then cannot read its own file, and goes on with the defaults."""
    for section, fields in schema.items():
        for name, field in fields.items() if isinstance(fields, Mapping) else ():
            if isinstance(field, ConfigField) and not is_toml(field.default):
                logger.warning(
                    _(
                        "config_schema: the default of {section}.{name}, {default!r}, is nothing that TOML has; it is "
                        "left out of {path}. MoFox-Core writes it there, cannot read the file then, and takes no "
                        "setting from it: make it a text, a number, true or false, or a list of these.",
                        section=section,
                        name=name,
                        default=field.default,
                        path=path.name,
                    )
                )


def text_of(path: Path) -> str | None:
    """The file's text, None if there is none. Raises ConfigRejected if it cannot be read."""
    try:
        return path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        return None
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigRejected(_("The config file cannot be read: {error}.", error=error), path) from None


def read(path: Path, schema: Schema) -> dict[str, Any]:
    """Defaults with the file over them. Raises ConfigRejected, with the line, for what cannot be used."""
    text = text_of(path)
    return defaults(schema) if text is None else parsed(text, path, schema)


def parsed(text: str, path: Path, schema: Schema) -> dict[str, Any]:
    """Defaults with the text over them. Raises ConfigRejected, with the line, for what cannot be used."""
    try:
        data = tomlkit.parse(text).unwrap()
    except ParseError as error:
        raise ConfigRejected(_("The config file is not TOML: {error}.", error=error), path, error.line) from None
    config = overlaid(defaults(schema), data)
    for section, fields in schema.items():
        for name, field in fields.items() if isinstance(fields, Mapping) else ():
            value = looked_up(config, f"{section}.{name}")
            if isinstance(field, ConfigField) and not fits(value, field):
                sentence = _(
                    "{section}.{name}: {value!r} is not {wanted}. The config that was loaded stays.",
                    section=section,
                    name=name,
                    value=value,
                    wanted=wanted(field),
                )
                raise ConfigRejected(sentence, path, line_of(text, (section, name)))
    return config


def overlaid(known: dict[str, Any], data: Mapping[str, Any]) -> dict[str, Any]:
    for name, value in data.items():
        inner = known.get(name)
        known[name] = overlaid(inner, value) if isinstance(inner, dict) and isinstance(value, Mapping) else value
    return known


def load(path: Path, schema: Schema, descriptions: Mapping[str, Any], *, strict: bool) -> dict[str, Any]:
    """The configuration; the file is written if there is none. Unless ``strict``, defaults stand for a bad file."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(rendered(schema, descriptions), encoding="utf-8", newline="\n")
    warn_of_unwritable(schema, path)
    try:
        return read(path, schema)
    except ConfigRejected as error:
        if strict:
            raise
        logger.warning(_("{error} ({path}, line {line})", error=error, path=path, line=error.line))
        return defaults(schema)


def take_over(live: dict[str, Any], fresh: Mapping[str, Any], above: str = "") -> list[tuple[str, Any, Any]]:
    """Bring the live dicts to what the fresh ones say, in place; what changed."""
    changes = []
    for name in [*live.keys() - fresh.keys(), *fresh]:
        old, new = live.get(name), fresh.get(name)
        if isinstance(old, dict) and isinstance(new, Mapping):
            changes += take_over(old, new, f"{above}{name}.")
        elif name not in fresh:
            changes.append((f"{above}{name}", live.pop(name), None))
        elif old != new or name not in live:
            live[name] = new
            changes.append((f"{above}{name}", old, new))
    return changes


def apply(text: str, path: Path, schema: Schema, live: dict[str, Any]) -> list[ConfigChange]:
    """Bring the live config to what the text says; what changed. Raises ConfigRejected."""
    changes = take_over(live, parsed(text, path, schema))
    return [ConfigChange(name, old, new, line_of(text, name.split("."))) for name, old, new in changes]
