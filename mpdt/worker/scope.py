"""Which files and modules are the plugin's. A module is known by its file, never by its name."""

from __future__ import annotations

import os
import sys
import weakref
from collections.abc import Iterable
from contextlib import suppress
from functools import lru_cache
from pathlib import Path
from types import ModuleType

FOREIGN_PARTS = frozenset({"site-packages", "dist-packages", "node_modules"})


@lru_cache(maxsize=4096)
def _lies_in(folder: str, root: str) -> bool:
    """Whether files of ``folder`` are the plugin's; remembered, for a reload asks for every module there is."""
    if not Path(folder).is_absolute():
        return False
    path, plugin, prefix = (Path(os.path.realpath(one)) for one in (folder, root, sys.prefix))
    if path.is_relative_to(plugin):
        parts = path.relative_to(plugin).parts
    elif Path(folder).is_relative_to(root):  # a link leads out of the plugin folder, to what is the plugin's
        parts = Path(folder).relative_to(root).parts
    else:
        return False
    environment_inside = prefix != plugin and prefix.is_relative_to(plugin)
    return not (FOREIGN_PARTS.intersection(parts) or (environment_inside and path.is_relative_to(prefix)))


def is_plugin_file(filename: str | Path, folder: Path) -> bool:
    """Whether the file lies in the plugin folder, and not in an environment that lies there too."""
    return _lies_in(os.path.split(filename)[0], str(folder))


def is_plugin_module(module: ModuleType, folder: Path) -> bool:
    """A module with a file in the folder, or a namespace package all of whose portions are there."""
    names = getattr(module, "__dict__", {})
    file = names.get("__file__")
    if isinstance(file, str):
        return is_plugin_file(file, folder)
    try:
        portions = [part for part in names.get("__path__") or () if isinstance(part, str)]
    except (KeyError, TypeError):  # a namespace path whose parent has left sys.modules; or no path at all
        return False
    return bool(portions) and all(is_plugin_file(Path(part, "_"), folder) for part in portions)


# Modules that were seen to be others': a reload asks for all of them several times.
_foreign: dict[str, dict[str, weakref.ref[ModuleType]]] = {}


def plugin_modules(folder: Path) -> dict[str, ModuleType]:
    """The plugin's modules in ``sys.modules``, in import order."""
    known = _foreign.setdefault(str(folder), {})
    found = {}
    for name, module in list(sys.modules.items()):
        ref = known.get(name)
        if (ref is not None and ref() is module) or name == "__main__" or not isinstance(module, ModuleType):
            continue
        if is_plugin_module(module, folder):
            found[name] = module
        else:
            with suppress(TypeError):  # a module of a kind that cannot be referred to weakly: cffi's
                known[name] = weakref.ref(module)
    return found


def source_files(modules: Iterable[ModuleType]) -> list[Path]:
    files = (module.__dict__.get("__file__") for module in modules)
    return [Path(file) for file in files if isinstance(file, str) and file.endswith(".py")]
