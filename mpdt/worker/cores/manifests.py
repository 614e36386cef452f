"""Neo-MoFox's manifest of a plugin."""

from __future__ import annotations

import json
from pathlib import Path

from mpdt.language import _
from mpdt.worker.cores import Manifest
from mpdt.worker.errors import WorkerError

MANIFEST = "manifest.json"
REQUIRED = ("name", "version", "description", "author", "dependencies", "entry_point")


def read_manifest(folder: Path) -> Manifest:
    """The folder's manifest; without a file, its name and plugin.py. Raises WorkerError if it is broken."""
    path = folder / MANIFEST
    if not path.exists():
        return Manifest(folder.name, "0.0.0", folder / "plugin.py", folder)
    try:
        data = json.loads(path.read_text(encoding="utf-8-sig"))
    except ValueError as error:
        line = error.lineno if isinstance(error, json.JSONDecodeError) else None
        raise WorkerError(_("{path} is not JSON: {error}", path=path, error=error), path, line) from None
    missing = [name for name in REQUIRED if name not in data] if isinstance(data, dict) else list(REQUIRED)
    if missing:
        raise WorkerError(
            _("{path} lacks {names}; the core would not load the plugin.", path=path, names=", ".join(missing)), path, 1
        )
    entry = folder / str(data["entry_point"])
    if not entry.resolve().is_relative_to(folder.resolve()):
        raise WorkerError(
            _(
                "{path}: the entry point {entry_point} lies outside the plugin.",
                path=path,
                entry_point=data["entry_point"],
            ),
            path,
        )
    needs = data.get("python_dependencies")
    return Manifest(
        str(data["name"]),
        str(data["version"]),
        entry,
        folder,
        oldest_core=str(data["min_core_version"]) if data.get("min_core_version") else None,
        needs=tuple(map(str, needs)) if isinstance(needs, list) else (),
    )
