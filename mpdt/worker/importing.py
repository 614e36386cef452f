"""Importing a plugin's entry module, compiling its files beforehand, and purging its modules."""

from __future__ import annotations

import contextlib
import hashlib
import importlib
import os
import sys
import typing
import warnings
from collections.abc import Iterable
from pathlib import Path
from types import ModuleType

from mpdt.language import _
from mpdt.worker.cores import Manifest
from mpdt.worker.errors import WorkerError
from mpdt.worker.scope import is_plugin_module, plugin_modules, source_files


def entry_module(manifest: Manifest) -> str:
    """The entry module's name; the folder is the package. Raises WorkerError if it cannot be one."""
    own = manifest.folder.name
    package = manifest.package or own
    if not manifest.entry.is_file():
        raise WorkerError(
            _(
                "There is no {name} in {folder}: a plugin starts from it.",
                name=manifest.entry.name,
                folder=manifest.folder,
            )
        )
    if "." in own:
        raise WorkerError(
            _(
                "The folder's name '{package}' has a dot in it, so it cannot be a package; rename it.",
                package=manifest.folder.name,
            )
        )
    if package in ("src", "mpdt", "mpdt_hooks"):
        raise WorkerError(
            _("The folder's name '{package}' is also that of a package in use; rename the folder.", package=package)
        )
    taken = sys.modules.get(package)
    if taken is not None and not is_plugin_module(taken, manifest.folder):
        where = getattr(taken, "__file__", None) or _("built in")
        raise WorkerError(
            _(
                "The folder's name '{package}' is also that of a module in use ({where}); rename it.",
                package=package,
                where=where,
            )
        )
    parts = manifest.entry.relative_to(manifest.folder).with_suffix("").parts
    return ".".join((package, *parts))


def import_entry(manifest: Manifest) -> ModuleType:
    """Import the plugin. The folder above it is on ``sys.path`` meanwhile, as in the real core; where the core has a
    name of its own for the package, it finds that by itself.
    """
    name = entry_module(manifest)
    stand_in(manifest.folder)
    forget_listings(manifest.folder)
    if manifest.package is not None:
        return importlib.import_module(name)
    above = str(manifest.folder.parent)
    sys.path.insert(0, above)
    try:
        return importlib.import_module(name)
    finally:
        if above in sys.path:
            sys.path.remove(above)


def stand_in(folder: Path) -> None:
    """The folder that this process stands in may have been deleted, and another have come in its place."""
    try:
        os.getcwd()  # noqa: PTH109 - asked at each reload
    except FileNotFoundError:
        with contextlib.suppress(FileNotFoundError):
            os.chdir(folder)


def forget_listings(folder: Path) -> None:
    """A file made a moment ago may not be in the path finder's listing of its folder. Other folders' stay."""
    above, below = str(folder.parent), str(folder)
    for path, finder in list(sys.path_importer_cache.items()):
        if path == above or path.startswith(below):
            if finder is None:
                del sys.path_importer_cache[path]
            elif hasattr(finder, "invalidate_caches"):
                finder.invalidate_caches()


_compiled: dict[Path, bytes] = {}  # the version of each file that was seen to compile


def compile_files(files: Iterable[Path]) -> None:
    """Compile those of the files that exist, running nothing. Raises the first SyntaxError."""
    for path in dict.fromkeys(files):
        try:
            source = path.read_bytes()
        except FileNotFoundError:
            continue
        key = hashlib.blake2b(source, digest_size=16).digest()
        if _compiled.get(path) == key:
            continue
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # the import that follows will say it
            try:
                compile(source, str(path), "exec", dont_inherit=True)
            except ValueError as error:  # null bytes: no SyntaxError before Python 3.12, and without a place
                raise SyntaxError(str(error), (str(path), 1, None, None)) from None
        _compiled[path] = key


def loaded_files(manifest: Manifest) -> list[Path]:
    return [manifest.entry, *source_files(plugin_modules(manifest.folder).values())]


def forget_generics() -> None:
    """``typing`` keeps the last 128 of each kind that were made: ``Optional[Settings]``, FastAPI's
    ``Annotated[Answer, FieldInfo(...)]``; and with them the classes of versions that are gone. It makes them anew when
    they are asked for.

    ``typing._cleanups`` is CPython's own way to empty these caches (``test.libregrtest``).
    """
    for cleanup in getattr(typing, "_cleanups", ()):
        cleanup()


def purge(folder: Path) -> dict[str, ModuleType]:
    """Take the plugin's modules out of ``sys.modules``; returns them."""
    modules = plugin_modules(folder)
    for name in modules:
        del sys.modules[name]
    return modules
