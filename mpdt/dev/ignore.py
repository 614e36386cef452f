"""Which files of a plugin folder are watched."""

from __future__ import annotations

import os
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathspec import GitIgnoreSpec

SUFFIXES = frozenset({".py", ".toml", ".yaml", ".yml", ".json"})
IGNORED_FOLDERS = frozenset(
    {
        "__pycache__",
        ".git",
        ".hg",
        ".svn",
        "node_modules",
        "site-packages",
        ".tox",
        ".nox",
        ".idea",
        ".vscode",
    }
)


def is_editor_litter(name: str) -> bool:
    """Is it a lock, swap or backup file of an editor that has a watched suffix all the same?"""
    return name.startswith((".#", "#", ".~", "~$")) or name.endswith("~")


@lru_cache(maxsize=4096)
def is_virtual_environment(folder: str) -> bool:
    """Does the folder hold a virtual environment? Cached: it is asked for every event."""
    return os.path.exists(os.path.join(folder, "pyvenv.cfg"))  # noqa: PTH110, PTH118 - hot


def enclosing_repository(folder: Path) -> Path | None:
    """The git work tree that the folder lies in, at or above it."""
    return next((above for above in (folder, *folder.parents) if (above / ".git").exists()), None)


class WatchRules:
    """Says of a path whether it is watched. Reads ``.gitignore`` files when made; make another when one
    changes.
    """

    def __init__(self, root: Path) -> None:
        self.root = root
        self._specs: dict[Path, GitIgnoreSpec] = {}
        self._read_above()
        for folder in self._folders(root):
            self._read(folder)

    def is_watched(self, path: Path) -> bool:
        """Is it a file of the plugin that a save of matters? The file itself may be gone."""
        if path.suffix not in SUFFIXES or is_editor_litter(path.name) or not path.is_relative_to(self.root):
            return False
        if any(self.is_ignored_folder(folder) for folder in self._between(path)):
            return False
        return not self._git_ignores(path)

    def is_ignored_folder(self, folder: Path) -> bool:
        """Is everything below the folder out of sight?"""
        if folder == self.root:
            return False
        return folder.name in IGNORED_FOLDERS or is_virtual_environment(str(folder))

    def files(self, below: Path | None = None) -> Iterator[Path]:
        """Every watched file that exists."""
        for folder in self._folders(self.root if below is None else below):
            for entry in scan(folder):
                path = folder / entry.name
                if not entry.is_dir(follow_symlinks=False) and self.is_watched(path):
                    yield path

    def _folders(self, start: Path) -> Iterator[Path]:
        waiting = [start]
        while waiting:
            folder = waiting.pop()
            if self.is_ignored_folder(folder):
                continue
            yield folder
            waiting += [folder / entry.name for entry in scan(folder) if entry.is_dir(follow_symlinks=False)]

    def _between(self, path: Path) -> Iterator[Path]:
        for folder in path.parents:
            if folder == self.root:
                return
            yield folder

    def _read(self, folder: Path) -> None:
        # UTF-8 with or without a byte-order mark; git reads bytes, so an odd byte must not stop us.
        try:
            text = (folder / ".gitignore").read_text(encoding="utf-8-sig", errors="replace")
        except OSError:
            return
        from pathspec import GitIgnoreSpec

        self._specs[folder] = GitIgnoreSpec.from_lines(text.splitlines())

    def _read_above(self) -> None:
        """The rules of the enclosing repository, unless they ignore the plugin folder itself.

        A plugin is often developed in the ``plugins`` folder of a bot whose own ``.gitignore`` names that
        folder.
        """
        top = enclosing_repository(self.root)
        if top is None or top == self.root:
            return
        for folder in (above for above in self.root.parents if above.is_relative_to(top)):
            self._read(folder)
        if self._git_ignores(self.root / "plugin.py"):
            self._specs.clear()

    def _git_ignores(self, path: Path) -> bool:
        verdict: bool | None = None
        for folder in sorted(self._specs, key=lambda folder: len(folder.parts)):
            if path.is_relative_to(folder):
                said = self._specs[folder].check_file(path.relative_to(folder).as_posix()).include
                verdict = verdict if said is None else said
        return bool(verdict)


def scan(folder: Path) -> list[os.DirEntry[str]]:
    """The folder's entries; none if it is gone or closed to us."""
    try:
        with os.scandir(folder) as entries:
            return list(entries)
    except OSError:
        return []
