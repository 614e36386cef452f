"""A plugin's package that was imported below a package of the core is also an attribute of that package."""

from __future__ import annotations

import sys
from pathlib import Path
from types import ModuleType

from mpdt.worker.scope import is_plugin_module, plugin_modules

Parent = tuple[ModuleType, str, ModuleType]


def leave_parents(folder: Path) -> list[Parent]:
    """``plugins.x``, imported under that name, is also an attribute of ``plugins``; ``return_to`` puts it back."""
    taken = []
    for name, module in plugin_modules(folder).items():
        above, _, tail = name.rpartition(".")
        parent = sys.modules.get(above)
        if parent is not None and not is_plugin_module(parent, folder) and vars(parent).get(tail) is module:
            delattr(parent, tail)
            taken.append((parent, tail, module))
    return taken


def return_to(parents: list[Parent]) -> None:
    for parent, tail, module in parents:
        setattr(parent, tail, module)
