"""A plugin's folder as the package that the core would import it as, wherever the folder lies."""

from __future__ import annotations

from collections.abc import Sequence
from importlib.machinery import ModuleSpec
from importlib.util import spec_from_file_location
from pathlib import Path
from types import ModuleType


class PackageFinder:
    """On ``sys.meta_path``: finds one package in one folder, and nothing else. What lies in it Python finds itself."""

    def __init__(self, name: str, folder: Path) -> None:
        self.name = name
        self.folder = folder

    def find_spec(
        self, name: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        if name != self.name:
            return None
        entry = self.folder / "__init__.py"
        if entry.is_file():
            return spec_from_file_location(name, entry, submodule_search_locations=[str(self.folder)])
        spec = ModuleSpec(name, None, is_package=True)
        spec.submodule_search_locations = [str(self.folder)]
        return spec
