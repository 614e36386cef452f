"""What the worker was last told of: the content's hash decides whether a file changed, never its time."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from pathlib import Path

EMPTY = hashlib.blake2b(b"", digest_size=16).digest()
UNREADABLE = b"unreadable"


def digest(path: Path) -> bytes | None:
    """The hash of the file's bytes; None if there is no such file."""
    try:
        return hashlib.blake2b(path.read_bytes(), digest_size=16).digest()
    except (FileNotFoundError, NotADirectoryError, IsADirectoryError):
        return None
    except OSError:
        # It is there and closed to us: that is a content of its own, and whoever loads it says what is wrong.
        # (On Windows a folder is a PermissionError, too.)
        return None if path.is_dir() else UNREADABLE


class Contents:
    """The hash of every watched file as the worker was last told of it."""

    def __init__(self, paths: Iterable[Path] = ()) -> None:
        self._known: dict[Path, bytes] = {}
        for path in paths:
            self.accept(path)

    def accept(self, path: Path) -> bool:
        """Takes what is on disk now as known. Says whether it was something else before."""
        now = digest(path)
        if now == self._known.get(path):
            return False
        if now is None:
            self._known.pop(path, None)
        else:
            self._known[path] = now
        return True

    def became_empty(self, path: Path) -> bool:
        """Is the file empty, and was not?"""
        before = self._known.get(path)
        return before is not None and before != EMPTY and digest(path) == EMPTY

    def is_filled(self, path: Path) -> bool:
        """Was there anything in the file when it was last looked at?"""
        return self._known.get(path, EMPTY) != EMPTY

    def below(self, folder: Path) -> tuple[Path, ...]:
        """The known files of a folder, which may itself be gone."""
        return tuple(path for path in self._known if path.is_relative_to(folder))
