"""What ``mpdt dev`` was asked to do: defaults < ``[tool.mpdt]`` of the plugin's pyproject < user file <
environment < options."""

from __future__ import annotations

import os
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Any

from mpdt.language import LANGUAGES, VARIABLE, _, normalised

ENVIRONMENT_PREFIX = "MPDT_"
# Variables of ours that are no settings: the worker's channel, and where run files lie.
OTHER_VARIABLES = frozenset(
    {"MPDT_WORKER_PORT", "MPDT_WORKER_TOKEN", "MPDT_RUNTIME_DIR", "MPDT_STATE_DIR", "MPDT_CONFIG_FILE"}
    | {"MPDT_BRIDGE_TOKEN_FILE"}
)
# Tables of [tool.mpdt] that the worker reads: whose model answers.
TABLES = frozenset({"llm"})
# How a browser asks an editor to open a file at a line; ``file`` is absolute.
EDITORS = {
    "vscode": "vscode://file/{file}:{line}",
    "vscode-insiders": "vscode-insiders://file/{file}:{line}",
    "vscodium": "vscodium://file/{file}:{line}",
    "cursor": "cursor://file/{file}:{line}",
    "windsurf": "windsurf://file/{file}:{line}",
    "zed": "zed://file/{file}:{line}",
    "pycharm": "pycharm://open?file={file}&line={line}",
    "idea": "idea://open?file={file}&line={line}",
    "sublime": "subl://open?url=file:///{file}&line={line}",
    "none": "",
}
# Schemes that a browser would run or show itself.
NO_EDITORS = frozenset({"javascript", "data", "blob", "vbscript", "about"})
TRUE = frozenset({"1", "true", "yes", "on"})
FALSE = frozenset({"0", "false", "no", "off"})


class ConfigError(ValueError):
    """A setting that cannot be used; the sentence names the place."""


@dataclass(frozen=True, slots=True)
class Config:
    """The settings of one ``mpdt dev``."""

    patch_live: bool = False
    port: int = 8080
    host: str = "127.0.0.1"
    reload: bool = True
    poll: bool = False
    debug: bool = False
    debug_host: str = "127.0.0.1"
    debug_port: int = 5678
    wait_for_client: bool = False
    tracebacks: bool = False
    python: str | None = None
    json: bool = False
    web: bool = True
    open: bool = False
    verbose: bool = False
    keep_state: bool = False
    replay_start: bool = True
    audit: bool = False
    replay: bool = False
    core: str | None = None
    attach: str | None = None
    editor: str = "vscode"
    lang: str | None = None
    scenarios: bool = True
    prompt: bool = True


@dataclass(frozen=True, slots=True)
class Layer:
    """Settings from one place, as read; ``place`` names it for a person."""

    place: str
    values: Mapping[str, Any]
    textual: bool = False  # values are strings, as in the environment


@dataclass(frozen=True, slots=True)
class Merged:
    """``warnings`` are sentences about what was not understood and left out."""

    config: Config
    warnings: tuple[str, ...]


KINDS: dict[str, type] = {
    field.name: bool if field.type == "bool" else int if field.type == "int" else str for field in fields(Config)
}


def merge(layers: Iterable[Layer]) -> Merged:
    """Later layers win. Raises ConfigError for a value of the wrong kind; an unknown key is a warning."""
    config = Config()
    warnings: list[str] = []
    for layer in layers:
        for key, value in layer.values.items():
            name = name_of(key)
            if name in TABLES and isinstance(value, Mapping):
                continue
            if name not in KINDS:
                warnings.append(unknown_key(layer.place, key))
            elif value is not None:
                settings: dict[str, Any] = {name: convert(layer, key, KINDS[name], value)}
                config = replace(config, **settings)
    return Merged(config, tuple(warnings))


def unknown_key(place: str, key: str) -> str:
    """The sentence, with the closest setting that exists."""
    import difflib  # for a sentence that is rarely said

    shown = {name.replace("_", "-"): name for name in KINDS}
    close = difflib.get_close_matches(key.lower().replace("_", "-"), shown, n=1, cutoff=0.5)
    said = _("{place}: there is no setting {key!r}.", place=place, key=key)
    if close:
        return said + " " + _("Did you mean {name!r}?", name=close[0])
    return said + " " + _("Known are {names}.", names=", ".join(shown))


def convert(layer: Layer, key: str, kind: type, value: Any) -> bool | int | str:
    """The value as its setting's kind. Raises ConfigError."""
    if layer.textual and kind is bool and str(value).lower() in TRUE | FALSE:
        return str(value).lower() in TRUE
    if layer.textual and kind is int and str(value).isdecimal():
        value = int(value)
    wanted = {bool: _("true or false"), int: _("a number"), str: _("a text")}[kind]
    if type(value) is not kind:
        raise ConfigError(
            _(
                "{place}: {key!r} must be {wanted}, not {value!r}.",
                place=layer.place,
                key=key,
                wanted=wanted,
                value=value,
            )
        )
    if type(value) is int and not 0 <= value <= 65535:
        raise ConfigError(
            _("{place}: {key!r} must be between 0 and 65535, not {value}.", place=layer.place, key=key, value=value)
        )
    assert isinstance(value, bool | int | str)
    if key.lower() == "editor":
        check_editor(layer.place, str(value))
    if key.lower() == "lang":
        return language_named(layer.place, str(value))
    return value


def language_named(place: str, name: str) -> str:
    """The language of ours that is meant. Raises ConfigError if it is none."""
    found = normalised(name)
    if found is None:
        raise ConfigError(
            _("{place}: mpdt speaks {languages}, not {name!r}.", place=place, languages=", ".join(LANGUAGES), name=name)
        )
    return found


def users_language(environment: Mapping[str, str] = os.environ) -> str | None:
    """The language that the environment or the user's file asks for; None if neither does, or cannot be read:
    whoever uses the settings says so."""
    asked = normalised(environment.get(VARIABLE))
    if asked is not None:
        return asked
    try:
        name = from_toml(user_file(environment)).values.get("lang")
    except ConfigError:
        return None
    return normalised(name) if isinstance(name, str) else None


def check_editor(place: str, value: str) -> None:
    """Raises ConfigError unless the value is a known editor's name or an address with ``{file}``."""
    scheme, colon, _rest = value.partition(":")
    is_address = bool(colon) and scheme.lower() not in NO_EDITORS and scheme.replace("-", "").isalnum()
    if value in EDITORS or (is_address and "{file}" in value):
        return
    names = ", ".join(EDITORS)
    raise ConfigError(
        _(
            "{place}: 'editor' is one of {names}, or an address with {file} and {line}, not {value!r}.",
            place=place,
            names=names,
            file="{file}",
            line="{line}",
            value=value,
        )
    )


def editor_pattern(editor: str) -> str:
    """The address that opens a file, with ``{file}`` and ``{line}``; empty for none."""
    return EDITORS.get(editor, editor)


def from_environment(environment: Mapping[str, str]) -> Layer:
    """``MPDT_PORT=9000`` and the like."""
    values = {
        name.removeprefix(ENVIRONMENT_PREFIX).lower(): value
        for name, value in environment.items()
        if name.startswith(ENVIRONMENT_PREFIX)
        and name not in OTHER_VARIABLES
        and (value or name != VARIABLE)  # an empty MPDT_LANG is none, as an empty LANG is
    }
    return Layer(_("the environment (MPDT_*)"), values, textual=True)


def from_toml(path: Path, *table: str) -> Layer:
    """A TOML file's table; empty if file or table do not exist. Raises ConfigError if the file is not TOML."""
    try:
        values: Any = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except FileNotFoundError:
        return Layer(str(path), {})
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise ConfigError(_("{path} cannot be read: {error}", path=path, error=error)) from None
    for name in table:
        values = values.get(name, {}) if isinstance(values, dict) else {}
    place = _("[{table}] of {path}", table=".".join(table), path=path) if table else str(path)
    if not isinstance(values, dict):
        raise ConfigError(_("{place} must be a table.", place=place))
    return Layer(place, values)


def anchored(layer: Layer, folder: Path) -> Layer:
    """A relative ``core`` of the plugin's own file is meant from there, wherever mpdt was started."""
    core = layer.values.get("core")
    if not isinstance(core, str) or not core:
        return layer
    return replace(layer, values={**layer.values, "core": str(folder / Path(core).expanduser())})


def user_file(environment: Mapping[str, str] = os.environ) -> Path:
    """Where the user's own settings lie; ``MPDT_CONFIG_FILE`` says otherwise."""
    override = environment.get("MPDT_CONFIG_FILE")
    if override:
        return Path(override)
    from platformdirs import user_config_path

    return user_config_path("mpdt", appauthor=False) / "config.toml"


def load(plugin: Path, options: Mapping[str, Any], environment: Mapping[str, str] = os.environ) -> Merged:
    """All layers of one plugin folder. Options that are None were not given. Raises ConfigError."""
    return merge([*layers(plugin, environment), Layer(_("the command line"), options)])


def layers(plugin: Path, environment: Mapping[str, str] = os.environ) -> list[Layer]:
    """The layers below the command line, later ones over earlier ones. Raises ConfigError."""
    return [
        anchored(from_toml(plugin / "pyproject.toml", "tool", "mpdt"), plugin),
        from_toml(user_file(environment)),
        from_environment(environment),
    ]


@dataclass(frozen=True, slots=True)
class Setting:
    """One setting as it holds; ``place`` says where it comes from, and is empty for a default."""

    name: str
    value: bool | int | str | None
    place: str


def origins(found: Iterable[Layer]) -> tuple[Setting, ...]:
    """Every setting, with the place that decides about it. Raises ConfigError."""
    found = list(found)
    config = merge(found).config
    places = {name_of(key): layer.place for layer in found for key, value in layer.values.items() if value is not None}
    return tuple(Setting(name.replace("_", "-"), getattr(config, name), places.get(name, "")) for name in KINDS)


def name_of(key: str) -> str:
    """A key of a file or of the environment as the name of a ``Config`` field."""
    return key.lower().replace("-", "_")
