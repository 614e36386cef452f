"""The meta-path finder: every module that is loaded from the root is tracked, and never from stale bytecode.

The finder asks the others, then swaps the loader. Caches are hash-checked (PEP 552) and lie in the user's cache
folder: a cache checked by time and size takes two saves of one length within a second for one version.
"""

from __future__ import annotations

import hashlib
import importlib.util
import io
import marshal
import os
import sys
from collections.abc import Callable, Sequence
from importlib.machinery import ModuleSpec, SourceFileLoader
from pathlib import Path
from types import CodeType, ModuleType

from mpdt_hooks.failed_imports import failed_import
from mpdt_hooks.scope import is_tracked_path
from mpdt_hooks.tracker import SourceRevision, Tracker, read_source

_HASH_CHECKED = (0b11).to_bytes(4, "little")  # PEP 552: hash-based, check the source


def cache_folder() -> Path:
    """Where bytecode of tracked modules is kept, by Python version and user."""
    if sys.platform == "win32":
        base = Path(os.environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local")
    elif sys.platform == "darwin":
        base = Path.home() / "Library" / "Caches"
    else:
        base = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    return base / "mpdt" / "bytecode" / f"{sys.implementation.cache_tag}-{sys.flags.optimize}"


def load_code(path: str, source: bytes, folder: str | None) -> CodeType:
    """The code of a source file, from the cache where its hash agrees. Raises what ``compile`` raises."""
    key = importlib.util.source_hash(source)
    cached = None
    if folder is not None:
        cached = f"{folder}{os.sep}{hashlib.blake2b(os.fsencode(path), digest_size=16).hexdigest()}.pyc"
        try:
            with io.FileIO(cached) as file:  # a host that replaced ``open`` is not told of ours
                blob = file.readall()
        except OSError:
            blob = b""
        if blob[:16] == importlib.util.MAGIC_NUMBER + _HASH_CHECKED + key:
            try:
                code = marshal.loads(memoryview(blob)[16:])
            except (EOFError, ValueError, TypeError):
                code = None  # a torn write: compiled anew
            if isinstance(code, CodeType) and code.co_filename == path:
                return code
    code = compile(source, path, "exec", dont_inherit=True)
    if cached is not None and not sys.dont_write_bytecode:
        _write(Path(cached), importlib.util.MAGIC_NUMBER + _HASH_CHECKED + key + marshal.dumps(code))
    return code


def _write(path: Path, blob: bytes) -> None:
    """Write atomically; a cache that cannot be written (a read-only home) is done without."""
    temporary = path.with_name(f"{path.name}.{os.getpid()}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with io.FileIO(temporary, "w") as file:
            file.write(blob)
        path.unlink(missing_ok=True)  # ext4 writes to the disk what replaces a file: milliseconds, and only a cache
        temporary.replace(path)
    except OSError:
        temporary.unlink(missing_ok=True)


class TrackedLoader(SourceFileLoader):
    """Loads a module and tells the tracker, with the very source and code that run."""

    def __init__(self, fullname: str, path: str, tracker: Tracker, folder: str | None) -> None:
        super().__init__(fullname, path)
        self._tracker = tracker
        self._folder = folder

    def exec_module(self, module: ModuleType) -> None:
        path = self.path
        source = read_source(path)
        code = load_code(path, source, self._folder)
        tracker = self._tracker
        is_entry = tracker.importing == 0
        tracker.importing += 1
        try:
            exec(code, module.__dict__)
        except ModuleNotFoundError as error:
            tracker.note_failure(path, failed_import(source, error, path))
            raise
        finally:
            tracker.importing -= 1
        is_package = hasattr(module, "__path__")
        tracker.add(SourceRevision(module.__name__, path, is_package, source, code, is_entry))


class TrackingFinder:
    """First on ``sys.meta_path``; delegates, and takes over what lies below the root."""

    def __init__(self, root: Path, tracker: Tracker, folder: Path | None) -> None:
        self._root = root
        self._real_root = Path(os.path.realpath(root))
        self._tracker = tracker
        self._folder = None if folder is None else str(folder)
        self._folders: dict[str, bool] = {}

    def find_spec(
        self, fullname: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        finders = list(sys.meta_path)
        # Those before us have been asked; asking them again would go round in a circle with a second one of us.
        for finder in finders[finders.index(self) + 1 :] if self in finders else ():
            find: Callable[..., ModuleSpec | None] | None = getattr(finder, "find_spec", None)
            spec = find(fullname, path, target) if find is not None else None
            if spec is not None:
                return self._taken_over(spec)
        return None

    def _taken_over(self, spec: ModuleSpec) -> ModuleSpec:
        origin = spec.origin
        if origin is not None and type(spec.loader) is SourceFileLoader and self._is_ours(origin):
            spec.loader = TrackedLoader(spec.name, origin, self._tracker, self._folder)
        return spec

    def _is_ours(self, origin: str) -> bool:
        """Whether a file is tracked, also through a symbolic link; each folder is looked at once."""
        folder = origin.rpartition(os.sep)[0]
        known = self._folders.get(folder)
        if known is None:
            real = os.path.realpath(folder)
            known = self._folders[folder] = is_tracked_path(f"{folder}{os.sep}x", self._root) or is_tracked_path(
                f"{real}{os.sep}x", self._real_root
            )
        return known
