"""Modules below the root that were loaded past the finder: by their path, or before it was installed."""

from __future__ import annotations

import os
import sys
from collections.abc import Collection, Iterator
from pathlib import Path
from types import FunctionType

from mpdt_hooks.codes import children, same_code
from mpdt_hooks.live import own_attributes
from mpdt_hooks.scope import is_tracked_path


def strangers(root: Path, tracked: Collection[str]) -> Iterator[tuple[str, str]]:
    """Names and files of modules that were loaded from the root and are not tracked."""
    prefix = str(root)
    for name, mod in list(sys.modules.items()):
        if name in tracked:
            continue
        file = own_attributes(mod).get("__file__")
        if type(file) is str and file.endswith(".py") and file.startswith(prefix) and is_tracked_path(file, root):
            yield name, file


def loaded_from(path: Path) -> str | None:
    """The module that was loaded from a file, whoever loaded it."""
    real = os.path.realpath(path)
    for name, mod in list(sys.modules.items()):
        file = own_attributes(mod).get("__file__")
        if type(file) is str and file.endswith(path.name) and os.path.realpath(file) == real:
            return name
    return None


def runs_its_file(module: str, file: str) -> bool:
    """Whether the functions of a module have the code that its file compiles to now; False if that cannot be told."""
    try:
        code = compile(Path(file).read_bytes(), file, "exec", dont_inherit=True)
    except (OSError, SyntaxError, ValueError):
        return False
    spelled = {child.co_name: child for child in children(code)}
    for name, value in list(vars(sys.modules[module]).items()):
        own = type(value) is FunctionType and value.__code__.co_filename == file and name in spelled
        if own and not same_code(value.__code__, spelled[name]):
            return False
    return True
