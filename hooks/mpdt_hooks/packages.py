"""A package's ``__init__.py`` that comes or goes: a namespace package becomes a regular one, or the other way round.

The module object stays, for the modules below it are the same; what the import system says of it (``__spec__``,
``__file__``, ``__path__``) becomes what a fresh import would say. The names are an edit like any other, from or to an
empty file.
"""

from __future__ import annotations

import importlib
import os
import sys
from collections.abc import Collection, Iterator
from importlib.machinery import ModuleSpec
from importlib.util import module_from_spec
from pathlib import Path
from typing import Any

from mpdt_hooks.live import own_attributes
from mpdt_hooks.tracker import SourceRevision
from mpdt_hooks.undo import UndoLog

# What an import sets before the module's code runs: importlib._bootstrap._init_module_attrs
_SAID_BY_THE_IMPORT = ("__spec__", "__loader__", "__file__", "__path__", "__cached__", "__package__")


def namespace_at(folder: Path) -> str:
    """The namespace package that has this folder, and no other; "" if there is none."""
    real = os.path.realpath(folder)
    for name, mod in list(sys.modules.items()):
        names = own_attributes(mod)
        places = names.get("__path__")
        if names.get("__file__") is not None or type(places).__name__ != "_NamespacePath":
            continue
        if [os.path.realpath(place) for place in list(places or ())] == [real]:
            return name
    return ""


def namespace_files(tracked: Collection[str]) -> Iterator[Path]:
    """The ``__init__.py`` files that have come to be in namespace packages around tracked modules."""
    around = {name.rpartition(".")[0] for name in tracked}
    around |= {parent for name in tuple(around) for parent in _parents(name)}
    for name in sorted(around - {"", *tracked}):
        for place in list(own_attributes(sys.modules.get(name)).get("__path__") or ()):
            file = Path(place) / "__init__.py"
            if file.is_file():
                yield file


def _parents(name: str) -> Iterator[str]:
    while name := name.rpartition(".")[0]:
        yield name


def found_now(module: str) -> ModuleSpec | None:
    """What an import of a package would find now."""
    importlib.invalidate_caches()
    parent = module.rpartition(".")[0]
    if parent and parent not in sys.modules:
        return None
    path = vars(sys.modules[parent]).get("__path__") if parent else None
    for finder in list(sys.meta_path):
        find: Any = getattr(finder, "find_spec", None)
        spec: ModuleSpec | None = find(module, path, None) if find is not None else None
        if spec is not None:
            return spec
    return None


def comes_from(spec: ModuleSpec | None, file: Path) -> bool:
    """Whether it is a package that this file makes."""
    if spec is None or spec.origin is None or not spec.has_location or spec.submodule_search_locations is None:
        return False
    return os.path.realpath(spec.origin) == os.path.realpath(file)


def is_namespace_at(spec: ModuleSpec | None, folder: Path) -> bool:
    """Whether it is a namespace package that has this folder, and no other."""
    if spec is None or spec.origin is not None or spec.submodule_search_locations is None:
        return False
    places = [os.path.realpath(place) for place in list(spec.submodule_search_locations)]
    return places == [os.path.realpath(folder)]


def empty_file(module: str, file: str) -> SourceRevision:
    """What a namespace package is to the engine: a package whose file is empty."""
    return SourceRevision(module, file, True, b"", compile(b"", file, "exec", dont_inherit=True))


def respecify(module: str, spec: ModuleSpec, undo: UndoLog) -> None:
    """Give a live package what a fresh import would say of it."""
    names = vars(sys.modules[module])
    fresh = vars(module_from_spec(spec))
    undo.namespace(names)
    for name in _SAID_BY_THE_IMPORT:
        if name in fresh:
            names[name] = fresh[name]
        else:
            names.pop(name, None)
