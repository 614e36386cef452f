"""What the worker was last told of: the content's hash decides whether a file changed, never its time."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

UNREADABLE = b"unreadable"
BODY_LIMIT = 1024 * 1024  # bytes of one file
BODIES_LIMIT = 32 * 1024 * 1024  # bytes of all files


@dataclass(frozen=True, slots=True)
class Content:
    """What was in a file, or that there was none. ``body`` is None too if the file is too large to be kept."""

    exists: bool
    body: bytes | None = None


ABSENT = Content(False)
NOT_KEPT = Content(True)


@dataclass(frozen=True, slots=True)
class Edit:
    """One file before and after a save."""

    path: Path
    before: Content
    after: Content


def digest_of(body: bytes) -> bytes:
    return hashlib.blake2b(body, digest_size=16).digest()


EMPTY = digest_of(b"")


def read(path: Path) -> tuple[bytes | None, bytes]:
    """The hash of the file's bytes, None if there is no such file; and the bytes."""
    try:
        body = path.read_bytes()
    except (FileNotFoundError, NotADirectoryError, IsADirectoryError):
        return None, b""
    except OSError:
        # It is there and closed to us: that is a content of its own, and whoever loads it says what is wrong.
        # (On Windows a folder is a PermissionError, too.)
        return (None if path.is_dir() else UNREADABLE), b""
    return digest_of(body), body


def digest(path: Path) -> bytes | None:
    """The hash of the file's bytes; None if there is no such file."""
    return read(path)[0]


class Contents:
    """Every watched file as the worker was last told of it: its hash, and while there is room its bytes."""

    def __init__(self, paths: Iterable[Path] = ()) -> None:
        self._known: dict[Path, bytes] = {}
        self._bodies: dict[Path, bytes] = {}
        self._room = BODIES_LIMIT
        for path in paths:
            self.accept(path)

    def accept(self, path: Path) -> Edit | None:
        """Takes what is on disk now as known. What differs from before; None if nothing does."""
        now, body = read(path)
        if now == self._known.get(path):
            return None
        before = self.content(path)
        if now is None:
            self._known.pop(path, None)
        else:
            self._known[path] = now
        self._keep(path, body if now not in (None, UNREADABLE) else None)
        return Edit(path, before, self.content(path))

    def content(self, path: Path) -> Content:
        """The file as it was last looked at."""
        if path not in self._known:
            return ABSENT
        return Content(True, self._bodies[path]) if path in self._bodies else NOT_KEPT

    def _keep(self, path: Path, body: bytes | None) -> None:
        self._room += len(self._bodies.pop(path, b""))
        if body is not None and len(body) <= min(BODY_LIMIT, self._room):
            self._bodies[path] = body
            self._room -= len(body)

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
