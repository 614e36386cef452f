"""Which way a saved file takes: code is patched, config is applied, what was read at load calls for a reload."""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from mpdt.language import _
from mpdt.worker.cores import ConfigChange
from mpdt.worker.errors import PluginError

MANIFESTS = frozenset({"manifest.json", "_manifest.json"})


@dataclass(frozen=True, slots=True)
class Edits:
    """``code`` None: every tracked file is looked at. ``config_text``: what the config file says, if concerned."""

    code: list[Path] | None
    reload: list[Path]
    config: bool
    config_text: str | None = None


def sorted_out(files: list[Path] | None, folder: Path, reads: Iterable[str], config: Path | None) -> Edits:
    """Files that the plugin did not read while it was loaded are its own business."""
    if files is None:
        return Edits(None, [], config=True)
    own = None if config is None else real(config)
    known = {os.path.realpath(path) for path in reads} - {own}
    code = [path for path in files if path.suffix == ".py"]
    again = [path for path in files if path.suffix != ".py" and (is_manifest(path, folder) or real(path) in known)]
    return Edits(code, again, config=own in {real(path) for path in files})


def real(path: Path) -> str:
    return os.path.realpath(path)


def is_manifest(path: Path, folder: Path) -> bool:
    return path.name in MANIFESTS and real(path.parent) == real(folder)


def report(outcome: str, **fields: Any) -> dict[str, Any]:
    """A report in the form of the engine's, of a round in which the engine had no part."""
    empty: dict[str, Any] = {
        **{"changes": [], "rude_edits": [], "error": None, "still_running": [], "forwarded": []},
        **{"ran_before_failure": [], "files": [], "atomic": True, "timings": {}},
    }
    return {"outcome": outcome, **empty, **fields}


def needs_reload(files: list[Path], folder: Path) -> dict[str, Any]:
    """The rude edits of files that are read only while the plugin is loaded."""
    edits = [
        {
            "code": "MPDT901" if is_manifest(path, folder) else "MPDT902",
            "ref": {"module": path.name, "qualname": ""},
            "file": str(path),
            "line": 1,
            "reason": _("the manifest is read when the plugin is loaded")
            if is_manifest(path, folder)
            else _("the plugin read this file while it was loaded"),
            "cost": "",
        }
        for path in files
    ]
    return report("structural", rude_edits=edits, files=[str(path) for path in files])


def rejected(error: PluginError) -> dict[str, Any]:
    return report("rejected", error=error.to_json(), files=[str(error.path)] if error.path else [])


def with_config(engine: dict[str, Any], changes: list[ConfigChange], path: Path | None) -> dict[str, Any]:
    """The engine's report, with the fields of the live config object that have another value now."""
    if not changes or path is None:
        return engine
    shown = [
        {"kind": "changed", "module": path.name, "qualname": one.field, "lines": [one.line or 1, one.line or 1]}
        for one in changes
    ]
    values = {one.field: {"old": one.old, "new": one.new} for one in changes}
    return {**engine, "outcome": "patched", "changes": [*engine["changes"], *shown], "config": values}
