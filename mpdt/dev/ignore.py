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
ENDINGS = tuple(SUFFIXES)
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
    """Says of a path whether it is watched. Each ``.gitignore`` is read when it is first needed; make another
    object when one changes.
    """

    def __init__(self, root: Path) -> None:
        self.root = root
        self._specs: dict[Path, GitIgnoreSpec | None] = {}
        self._verdicts: dict[Path, bool] = {}  # of folders: a folder's rules hold for the thousands of files in it
        self._real_root = Path(os.path.realpath(root))
        self._above = self._folders_above()

    def is_watched(self, path: Path) -> bool:
        """Is it a file of the plugin that a save of matters? The file itself may be gone."""
        if path.suffix not in SUFFIXES or is_editor_litter(path.name) or not path.is_relative_to(self.root):
            return False
        return not self._is_closed(path.parent) and not self._git_ignores(path)

    def is_ignored_folder(self, folder: Path) -> bool:
        """Is everything below the folder out of sight, whatever git says?"""
        if folder == self.root:
            return False
        return folder.name in IGNORED_FOLDERS or is_virtual_environment(str(folder))

    def files(self, below: Path | None = None, *, with_rules: bool = False) -> Iterator[Path]:
        """Every watched file that exists, also below folders that links lead to; the ``.gitignore`` files if asked."""
        for folder, entries in self._walk(self.root if below is None else below):
            for entry in entries:
                if with_rules and entry.name == ".gitignore":
                    yield folder / entry.name
                if entry.name.endswith(ENDINGS):  # of 20,000 files 30 matter
                    path = folder / entry.name
                    if self.is_watched(path) and not entry.is_dir() and not self._has_another_name(entry):
                        yield path

    def everything(self) -> Iterator[Path]:
        """Every file of the plugin's, whatever its suffix: what a copy of the folder needs."""
        for folder, entries in self._walk(self.root):
            for entry in entries:
                path = folder / entry.name
                if entry.is_file() and not is_editor_litter(entry.name) and not self._git_ignores(path):
                    yield path

    def links(self) -> Iterator[Path]:
        """The symbolic links that lead out of the plugin folder: the system says nothing of what they lead to."""
        for folder, entries in self._walk(self.root):
            for entry in entries:
                path = folder / entry.name
                if entry.is_symlink() and (entry.is_dir() or self.is_watched(path)) and self._leads_out(entry):
                    yield path

    def _walk(self, start: Path) -> Iterator[tuple[Path, list[os.DirEntry[str]]]]:
        """The folder and all below it, also through links that lead out of the plugin folder, each once."""
        waiting, seen = [start], set[str]()
        while waiting:
            folder = waiting.pop()
            if self._is_closed(folder):
                continue
            entries = scan(folder)
            yield folder, entries
            for entry in entries:
                if entry.is_dir() and not (entry.is_symlink() and self._is_known(entry, seen)):
                    waiting.append(folder / entry.name)

    def _is_known(self, link: os.DirEntry[str], seen: set[str]) -> bool:
        real = os.path.realpath(link.path)
        known = real in seen or not self._leads_out(link)
        seen.add(real)
        return known

    def _leads_out(self, link: os.DirEntry[str]) -> bool:
        """Neither to what is in the plugin folder, nor to a folder that this one lies in."""
        real = Path(os.path.realpath(link.path))
        return not (real.is_relative_to(self._real_root) or self._real_root.is_relative_to(real))

    def _has_another_name(self, entry: os.DirEntry[str]) -> bool:
        """Is it a link to a file of the plugin that is watched by its own name?"""
        real = Path(os.path.realpath(entry.path)) if entry.is_symlink() else None
        if real is None or not real.is_relative_to(self._real_root):
            return False
        return self.is_watched(self.root / real.relative_to(self._real_root))

    def _is_closed(self, folder: Path) -> bool:
        """Is everything in the folder out of sight, because of itself or of one above it?"""
        known = self._verdicts.get(folder)
        if known is None:
            inside = folder != self.root and folder.is_relative_to(self.root)
            known = inside and (self._is_closed(folder.parent) or self._is_closed_itself(folder))
            if inside:
                self._verdicts[folder] = known
        return known

    def _is_closed_itself(self, folder: Path) -> bool:
        return self.is_ignored_folder(folder) or self._git_ignores(folder, "/")

    def _spec(self, folder: Path) -> GitIgnoreSpec | None:
        if folder not in self._specs:
            self._specs[folder] = self._read(folder)
        return self._specs[folder]

    def _read(self, folder: Path) -> GitIgnoreSpec | None:
        # UTF-8 with or without a byte-order mark; git reads bytes, so an odd byte must not stop us.
        try:
            text = (folder / ".gitignore").read_text(encoding="utf-8-sig", errors="replace")
        except OSError:
            return None
        from pathspec import GitIgnoreSpec

        return GitIgnoreSpec.from_lines(text.splitlines())

    def _folders_above(self) -> tuple[Path, ...]:
        """The folders of the enclosing repository whose rules hold here: none if they ignore the plugin folder.

        A plugin is often developed in the ``plugins`` folder of a bot whose own ``.gitignore`` names that
        folder.
        """
        top = enclosing_repository(self.root)
        if top is None or top == self.root:
            return ()
        self._above = tuple(above for above in reversed(self.root.parents) if above.is_relative_to(top))
        return () if self._git_ignores(self.root / "plugin.py") or self._git_ignores(self.root, "/") else self._above

    def _git_ignores(self, path: Path, end: str = "") -> bool:
        verdict: bool | None = None
        inside = [above for above in reversed(path.parents) if above.is_relative_to(self.root)]
        for folder in (*self._above, *inside):
            spec = self._spec(folder)
            if spec is not None:
                said = spec.check_file(path.relative_to(folder).as_posix() + end).include
                verdict = verdict if said is None else said
        return bool(verdict)


def scan(folder: Path) -> list[os.DirEntry[str]]:
    """The folder's entries; none if it is gone or closed to us."""
    try:
        with os.scandir(folder) as entries:
            return list(entries)
    except OSError:
        return []
