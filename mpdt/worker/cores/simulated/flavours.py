"""Which flavour of the core's API a plugin is written for, told from its files without running them."""

from __future__ import annotations

import re
from enum import StrEnum
from pathlib import Path

CLASSIC_IMPORT = re.compile(r"^\s*(from|import) src\.(plugin_system|common|chat|config|llm_models)\b", re.MULTILINE)


class Flavour(StrEnum):
    NEO = "neo"
    CLASSIC = "classic"


def flavour_of(folder: Path) -> Flavour:
    """By the manifest: manifest.json is Neo's, _manifest.json or ``__plugin_meta__`` classic; else by imports."""
    if (folder / "manifest.json").exists():
        return Flavour.NEO
    if (folder / "_manifest.json").exists() or "__plugin_meta__" in text_of(folder / "__init__.py"):
        return Flavour.CLASSIC
    return Flavour.CLASSIC if CLASSIC_IMPORT.search(text_of(folder / "plugin.py")) else Flavour.NEO


def text_of(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""
