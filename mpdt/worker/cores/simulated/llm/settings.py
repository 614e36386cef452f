"""``[tool.mpdt.llm]`` of the plugin's pyproject.toml: who answers a request, and with what."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any

from mpdt.language import _
from mpdt.worker.errors import WorkerError

KNOWN = ("url", "model", "key_env", "cassette", "record", "default", "rules")
NOTHING: Mapping[str, Any] = MappingProxyType({})
RULE = ("match", "request", "reply", "tool", "arguments", "chunks")


@dataclass(frozen=True, slots=True)
class Rule:
    """Answers requests whose last words match ``match``, and that are named ``request`` if that is given."""

    match: re.Pattern[str]
    request: str | None = None
    reply: str = ""
    tool: str | None = None
    arguments: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class Settings:
    url: str | None = None
    model: str = "mpdt"
    key_env: str | None = None
    cassette: Path | None = None
    record: bool = False
    default: str | None = None
    rules: tuple[Rule, ...] = ()


def read(folder: Path, over: Mapping[str, Any] = NOTHING) -> Settings:
    """The plugin folder's settings. ``over``, a scenario's, wins; its rules come first. Raises WorkerError, with the
    file, if they cannot be used."""
    path = folder / "pyproject.toml"
    try:
        data: Any = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except FileNotFoundError:
        data = {}
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise WorkerError(_("{path} cannot be read: {error}", path=path, error=error), path) from None
    own = data.get("tool", {}).get("mpdt", {}).get("llm", {})
    table = {**own, **over, "rules": [*over.get("rules", ()), *own.get("rules", ())]}
    unknown = [name for name in table if name not in KNOWN]
    if unknown:
        raise WorkerError(
            _(
                "[tool.mpdt.llm] of {path} has no {unknown!r}; there are {names}.",
                path=path,
                unknown=unknown[0],
                names=", ".join(KNOWN),
            ),
            path,
        )
    return Settings(
        url=table.get("url"),
        model=str(table.get("model", "mpdt")),
        key_env=table.get("key_env"),
        cassette=folder / table["cassette"] if "cassette" in table else None,
        record=table.get("record") is True,
        default=table.get("default"),
        rules=tuple(rule(one, path) for one in table.get("rules", ())),
    )


def rule(table: Mapping[str, Any], path: Path) -> Rule:
    unknown = [name for name in table if name not in RULE]
    if unknown:
        raise WorkerError(
            _(
                "A rule in [tool.mpdt.llm] of {path} has no {unknown!r}; it has {names}.",
                path=path,
                unknown=unknown[0],
                names=", ".join(RULE),
            ),
            path,
        )
    try:
        pattern = re.compile(str(table.get("match", "")), re.DOTALL)
    except re.error as error:
        raise WorkerError(
            _(
                "A rule in [tool.mpdt.llm] of {path}: {match!r} is no pattern: {error}",
                path=path,
                match=table["match"],
                error=error,
            ),
            path,
        ) from None
    return Rule(pattern, table.get("request"), str(table.get("reply", "")), table.get("tool"), table.get("arguments"))
