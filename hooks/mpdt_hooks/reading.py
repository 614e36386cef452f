"""Which of the plugin's files have another text now, which are gone, and which new ones a fresh process would find."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Iterable
from dataclasses import dataclass, field
from importlib.machinery import PathFinder
from pathlib import Path

from mpdt_hooks import rude
from mpdt_hooks.failed_imports import fails_as_before
from mpdt_hooks.model import DefRef
from mpdt_hooks.packages import comes_from, empty_file, found_now, is_namespace_at, namespace_at, namespace_files
from mpdt_hooks.refusal import Refused
from mpdt_hooks.rejection import Rejection, error_info
from mpdt_hooks.sentence import said
from mpdt_hooks.strangers import loaded_from, runs_its_file, strangers
from mpdt_hooks.tracker import SourceRevision, Tracker, read_source, real_path
from mpdt_hooks.transaction import Transaction


@dataclass(slots=True)
class Reading:
    """The files of one refresh. Raises Rejection or Refused where one cannot be read, or is more than an edit."""

    root: Path
    tracker: Tracker
    transaction: Transaction
    folders: dict[str, str] = field(default_factory=dict)  # where they really are

    def read(self, changed: Iterable[Path] | None) -> dict[str, bytes]:
        """Module -> its new text, of the ``changed`` files, or of all; what is gone is in the transaction."""
        wanted = None if changed is None else {real_path(str(path), self.folders) for path in changed}
        sources: dict[str, bytes] = {}
        for revision in self.tracker.live():
            if wanted is not None and real_path(revision.file, self.folders) not in wanted:
                continue
            try:
                source = read_source(revision.file)
            except (FileNotFoundError, NotADirectoryError):
                if self._becomes_namespace(revision):
                    sources[revision.module] = b""
                    continue
                _check_not_elsewhere(revision)
                self.transaction.gone[revision.module] = revision
                continue
            except OSError as error:
                raise Rejection(error_info(error, revision.path, None)) from error
            if source != revision.source:
                sources[revision.module] = source
        self._check_new_files(changed, sources)
        return sources

    def _becomes_namespace(self, revision: SourceRevision) -> bool:
        """Whether the file that is gone made a package whose modules are still there, and find it as a namespace."""
        below = (one for one in self.tracker.live() if one.module.startswith(f"{revision.module}."))
        if not revision.is_package or not any(one.path.is_file() for one in below):
            return False
        spec = found_now(revision.module)
        if spec is None or not is_namespace_at(spec, revision.path.parent):
            return False
        self.transaction.packages[revision.module] = spec
        return True

    def _becomes_package(self, path: Path, sources: dict[str, bytes]) -> bool:
        """Whether a new file makes a regular package of a namespace; then it is an edit of an empty one."""
        module = namespace_at(path.parent) if path.name == "__init__.py" else ""
        spec = found_now(module) if module else None
        if spec is None or not comes_from(spec, path):
            return False
        try:
            sources[module] = read_source(str(path))
        except OSError as error:
            raise Rejection(error_info(error, path, None)) from error
        self.transaction.packages[module] = spec
        self.tracker.add_package(empty_file(module, str(spec.origin)))
        return True

    def _fails_as_before(self, path: Path) -> bool:
        """Whether the file could not be imported for want of a library, and its new version cannot either."""
        wanted = real_path(str(path), self.folders)
        failed = next(
            (one for file, one in self.tracker.failed.items() if real_path(file, self.folders) == wanted), None
        )
        if failed is None:
            return False
        try:
            return fails_as_before(failed, read_source(str(path)), [one.module for one in self.tracker])
        except OSError:
            return False

    def forget_namespaces(self) -> None:
        """A package without a file is not tracked: one that is no longer there, or that did not come to be."""
        for module in self.transaction.packages:
            spec = getattr(sys.modules.get(module), "__spec__", None)
            if spec is None or spec.origin is None:
                self.tracker.remove(module)

    def _check_new_files(self, changed: Iterable[Path] | None, sources: dict[str, bytes]) -> None:
        """A file that nobody has imported changes nothing, unless a fresh process would now find it."""
        if changed is None:
            tracked = {revision.module for revision in self.tracker}
            for name, file in strangers(self.root, tracked):
                if not runs_its_file(name, file):
                    raise _past_the_finder(name, Path(file))
            for path in namespace_files(tracked):
                self._becomes_package(path, sources)
            return
        known = {real_path(revision.file, self.folders) for revision in self.tracker}
        for path in changed:
            if path.suffix != ".py" or real_path(str(path), self.folders) in known or not path.is_file():
                continue
            if self._becomes_package(path, sources) or self._fails_as_before(path):
                continue
            stranger = loaded_from(path)
            if stranger is not None:
                raise _past_the_finder(stranger, path)
            for revision in self.tracker.live():
                if _would_find(self.tracker.outlined(revision), path):
                    raise looked_for(path, revision.module)


def _past_the_finder(module: str, path: Path) -> Refused:
    what = said("The module {module} is not tracked.", module=module)
    return Refused(rude.rude_edit(rude.PAST_THE_FINDER, DefRef(module, ""), path, 1, what))


def looked_for(path: Path, module: str) -> Refused:
    """The refusal of a new file that an import in a module would find."""
    what = said("The new file {name} is what an import in module {module} looks for.", name=path.name, module=module)
    return Refused(rude.rude_edit(rude.NEW_FILE, DefRef(module, ""), path, 1, what))


def _would_find(revision: SourceRevision, path: Path) -> bool:
    """Whether a new file makes a package of a tracked module's folder, or is what a guarded import did not find."""
    folder = revision.path.parent
    if path.name == "__init__.py" and path.parent in (folder, *folder.parents) and "." in revision.module:
        depth = len(folder.relative_to(path.parent).parts)
        return revision.module.count(".") > depth - (1 if revision.is_package else 0)
    assert revision.outline is not None
    name = path.parent.name if path.name == "__init__.py" else path.stem
    return any(
        one.guarded and not one.lazy and name in (one.module.rpartition(".")[2], one.name)
        for statement in revision.outline.statements
        for one in statement.uses.imports
    )


def _check_not_elsewhere(revision: SourceRevision) -> None:
    """A module whose file is gone may come from another file now: ``b.py`` became ``b/__init__.py``."""
    parent = sys.modules.get(revision.module.rpartition(".")[0])
    importlib.invalidate_caches()
    spec = PathFinder.find_spec(revision.module, getattr(parent, "__path__", None))
    if spec is not None and spec.origin is not None:
        what = said(
            "The module {module} comes from another file now, {origin}.", module=revision.module, origin=spec.origin
        )
        raise Refused(rude.rude_edit(rude.ENTRY_GONE, DefRef(revision.module, ""), revision.path, 1, what))
