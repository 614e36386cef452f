"""The modules that were loaded from the root: files, last good source, code as it runs, outlines, import order."""

from __future__ import annotations

import io
import os
import sys
import time
import tokenize
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from types import CodeType

from mpdt_hooks.failed_imports import FailedImport
from mpdt_hooks.graph import ModuleView
from mpdt_hooks.outline import Outline, outline, split_lines

FILL = 0.05  # seconds


@dataclass(frozen=True, slots=True)
class SourceRevision:
    """One version of one file. ``code`` is the module's code; functions that live run the code objects in it."""

    module: str
    file: str
    is_package: bool
    source: bytes
    code: CodeType
    is_entry: bool = True
    outline: Outline | None = None

    @property
    def path(self) -> Path:
        return Path(self.file)

    def lines(self) -> list[str]:
        return split_lines(decode(self.source))


def read_source(file: str) -> bytes:
    """The file's bytes. One that was emptied a moment ago is given time to fill: many editors truncate, then write, and
    in between the file is valid, and everything in it is gone.
    """
    while True:
        with io.FileIO(file) as opened:  # a host that replaced ``open`` is not told of ours
            source = opened.readall()
            if source or not 0 <= time.time() - os.fstat(opened.fileno()).st_mtime < FILL:
                return source
        time.sleep(FILL / 20)


def real_path(file: str, folders: dict[str, str]) -> str:
    """``os.path.realpath``, which looks at every folder of a path, with each folder looked at once."""
    if os.name == "nt":  # there it also gives the name as the disk spells it
        return os.path.realpath(file)
    folder, name = os.path.split(file)
    if folder not in folders:
        folders[folder] = os.path.realpath(folder)
    found = f"{folders[folder]}{os.sep}{name}"
    return os.path.realpath(found) if Path(found).is_symlink() else found


def decode(source: bytes) -> str:
    """The text of a source file by its byte-order mark or cookie (PEP 263). Raises SyntaxError, UnicodeDecodeError."""
    encoding, _ = tokenize.detect_encoding(io.BytesIO(source).readline)
    return source.decode(encoding)


class Tracker:
    """Tracked modules by name, in the order in which their import finished."""

    def __init__(self) -> None:
        self._revisions: dict[str, SourceRevision] = {}
        self.failed: dict[str, FailedImport] = {}  # by file
        self.importing = 0  # tracked modules that are being executed now

    def note_failure(self, file: str, failed: FailedImport | None) -> None:
        """The file could not be imported."""
        if failed is not None:
            self.failed[file] = failed
        else:
            self.failed.pop(file, None)

    def add(self, revision: SourceRevision) -> None:
        self.failed.pop(revision.file, None)
        self._revisions.pop(revision.module, None)
        self._revisions[revision.module] = revision

    def add_package(self, revision: SourceRevision) -> None:
        """A package that was imported when its modules were: it comes before the first of them."""
        names = list(self._revisions)
        first = next((place for place, name in enumerate(names) if name.startswith(f"{revision.module}.")), len(names))
        later = {name: self._revisions.pop(name) for name in names[first:]}
        self._revisions |= {revision.module: revision, **later}

    def update(self, revision: SourceRevision) -> None:
        """Another version of a module that keeps its place."""
        self._revisions[revision.module] = revision

    def remove(self, module: str) -> None:
        self._revisions.pop(module, None)

    def clear(self) -> None:
        self._revisions.clear()
        self.failed.clear()

    def restore(self, revisions: dict[str, SourceRevision]) -> None:
        self._revisions = dict(revisions)

    def snapshot(self) -> dict[str, SourceRevision]:
        return dict(self._revisions)

    def __iter__(self) -> Iterator[SourceRevision]:
        return iter(list(self._revisions.values()))

    def get(self, module: str) -> SourceRevision | None:
        return self._revisions.get(module)

    def live(self) -> list[SourceRevision]:
        """The revisions whose modules are still imported."""
        return [revision for revision in self if revision.module in sys.modules]

    def outlined(self, revision: SourceRevision) -> SourceRevision:
        """The revision with its outline; it is made on first use, so that importing costs no parsing."""
        if revision.outline is not None:
            return revision
        done = replace(revision, outline=outline(decode(revision.source)))
        if self._revisions.get(revision.module) is revision:
            self.update(done)
        return done


def view_of(revision: SourceRevision) -> ModuleView:
    """An outlined revision as the graph sees it."""
    assert revision.outline is not None
    lists_subclasses = b"__subclasses__" in revision.source
    return ModuleView(revision.module, revision.is_package, revision.outline, revision.is_entry, lists_subclasses)
