"""Modules that an edit makes the plugin import for the first time: they run where a fresh process runs them.

The planner knows them by their files, so that what they read of an edit is there before they are imported.
"""

from __future__ import annotations

import sys
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from mpdt_hooks.graph import Graph, ModuleView
from mpdt_hooks.outline import outline
from mpdt_hooks.tracker import SourceRevision, decode, read_source, view_of


@dataclass(frozen=True, slots=True)
class Coming:
    """A module that nobody has imported yet, as its file has it."""

    view: ModuleView
    path: Path
    source: bytes


def coming(
    edited: Mapping[str, SourceRevision], views: Mapping[str, ModuleView], failed: Collection[str] = ()
) -> dict[str, Coming]:
    """The modules of the plugin's that edited ones import, or such a module does, and that are not there yet.

    ``edited``: outlined, as they will be. ``views``: all modules, as they will be. ``failed``: files that fail.
    What cannot be read or parsed is left out: its import will fail, and say so.
    """
    tops = {module.partition(".")[0] for module in views}
    found: dict[str, Coming] = {}
    folders: dict[str, Path] = {}  # of packages that are not there yet, those without a file of their own included
    pending = [(view_of(revision), _top_folder(revision)) for revision in edited.values()]
    while pending:
        view, top_folder = pending.pop()
        for module in _imported(Graph({**views, view.module: view}), view.module):
            top, _, rest = module.partition(".")
            known = module in sys.modules or module in found or module in folders
            if known or (rest and top not in tops and top not in folders):
                continue
            path = _find(module, top_folder, folders)
            one = None if path is None or str(path) in failed else _read(module, path)
            if one is not None:
                found[module] = one
                pending.append((one.view, top_folder))
    return found


def _imported(graph: Graph, module: str) -> Iterator[str]:
    """The modules that a module's imports name, or may name, their packages first."""
    for _, one in graph.imports_of(module):
        home = graph.imported_module(module, one)
        parts = home.split(".")
        yield from (".".join(parts[:length]) for length in range(1, len(parts) + 1))
        if one.name not in ("", "*") and not graph.defines(home, one.name):
            yield f"{home}.{one.name}"


def _top_folder(revision: SourceRevision) -> Path:
    """Where the top-level package or module of a tracked one lies."""
    return revision.path.parents[revision.module.count(".") + (1 if revision.is_package else 0)]


def _find(module: str, top_folder: Path, folders: dict[str, Path]) -> Path | None:
    """The module's file; its folder is noted if it is a package."""
    parent, _, name = module.rpartition(".")
    if not parent:
        places = [top_folder]
    elif parent in folders:
        places = [folders[parent]]
    else:
        places = [Path(place) for place in getattr(sys.modules.get(parent), "__path__", ())]
    for place in places:
        package = place / name
        if (package / "__init__.py").is_file():
            folders[module] = package
            return package / "__init__.py"
        if (place / f"{name}.py").is_file():
            return place / f"{name}.py"
        if package.is_dir():
            folders[module] = package
    return None


def _read(module: str, path: Path) -> Coming | None:
    try:
        source = read_source(str(path))
        parsed = outline(decode(source))
    except (OSError, SyntaxError, ValueError, RecursionError, MemoryError):
        return None
    is_package = path.name == "__init__.py"
    view = ModuleView(module, is_package, parsed, is_entry=False, lists_subclasses=b"__subclasses__" in source)
    return Coming(view, path, source)
