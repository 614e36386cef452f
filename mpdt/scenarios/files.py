"""Where a plugin's scenarios lie. Imports nothing heavy: a start needs no more of them."""

from __future__ import annotations

from pathlib import Path

SUFFIX = ".mpdt.toml"
FOLDER = "tests"


class ScenarioError(Exception):
    """A scenario file that cannot be played; the sentence names file and line."""


def is_scenario_file(path: Path) -> bool:
    return path.name.endswith(SUFFIX)


def files_in(plugin: Path) -> list[Path]:
    """The plugin's scenario files: ``tests/*.mpdt.toml``, at any depth."""
    return sorted((plugin / FOLDER).rglob(f"*{SUFFIX}"))
