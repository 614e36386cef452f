"""Is this path, or this module, ours?"""

from __future__ import annotations

import os
from pathlib import Path
from types import ModuleType

_FOREIGN_FOLDERS = frozenset({"site-packages", "dist-packages", "node_modules", "__pycache__", ".git"})


def is_tracked_path(path: str | os.PathLike[str], root: Path) -> bool:
    """Whether ``path`` lies below ``root`` and not in what was installed there (a virtual environment)."""
    try:
        parts = Path(path).relative_to(root).parts
    except ValueError:
        return False
    if not parts or not _FOREIGN_FOLDERS.isdisjoint(parts):
        return False
    return not any(
        part.startswith((".venv", "venv")) and (root.joinpath(*parts[: i + 1]) / "pyvenv.cfg").is_file()
        for i, part in enumerate(parts[:-1])
    )


def is_tracked_module(mod: ModuleType, root: Path) -> bool:
    """Whether a live module was loaded from a source file below ``root``."""
    origin = getattr(mod, "__file__", None)
    return isinstance(origin, str) and is_tracked_path(origin, root)
