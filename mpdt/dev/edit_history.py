"""The source that each entry of the timeline changed: its difference, and the way back."""

from __future__ import annotations

import contextlib
import difflib
import os
import tempfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from mpdt.dev.contents import ABSENT, BODY_LIMIT, Content, Edit, read
from mpdt.language import _

LIMIT = 32 * 1024 * 1024  # bytes of former contents; the oldest go first
DIFFERENCE_LIMIT = 2000  # lines that are shown


class NothingToRevert(Exception):
    """There is no such entry or file, or its former content was not kept; the sentence says which."""


class ChangedSince(Exception):
    """The file is not any more as the entry left it; the sentence names it."""


@dataclass(frozen=True, slots=True)
class Named:
    """An edit under the name by which the timeline shows its file."""

    name: str
    edit: Edit


@dataclass(slots=True)
class EditHistory:
    """The edits of each timeline entry, by the entry's ``seq``."""

    _entries: dict[int, tuple[Named, ...]] = field(default_factory=dict)
    _size: int = 0

    def keep(self, seq: int, edits: Iterable[Named]) -> None:
        """Remember what entry ``seq`` changed."""
        entry = tuple(edits)
        if not entry:
            return
        self._entries[seq] = entry
        self._size += size_of(entry)
        while self._size > LIMIT and len(self._entries) > 1:
            self._size -= size_of(self._entries.pop(next(iter(self._entries))))

    def describe(self, seq: int) -> list[dict[str, Any]]:
        """The files of an entry with their differences; empty if nothing was kept of it."""
        return [described(named) for named in self._entries.get(seq, ())]

    def revert(self, seq: int, name: str, *, force: bool = False) -> Path:
        """Gives the file its content from before the entry; the path that was written.

        The path is the entry's own. Raises NothingToRevert, ChangedSince (unless ``force``: what is overwritten then is
        kept by the save that follows), OSError.
        """
        edit = self._find(seq, name)
        if edit.before.exists and edit.before.body is None:
            raise NothingToRevert(_("The former content of {name} was too large to be kept.", name=name))
        # Where it led to at the save may lead elsewhere now: a link is never followed to write.
        if edit.path.is_symlink():
            raise NothingToRevert(_("{name} is a link now; nothing was written through it.", name=name))
        if not force and content_now(edit.path) != edit.after:
            raise ChangedSince(
                _("{name} was changed since that save. Reverting overwrites the later change, too.", name=name)
            )
        if edit.before.body is None:
            edit.path.unlink(missing_ok=True)
        else:
            write_whole(edit.path, edit.before.body)
        return edit.path

    def _find(self, seq: int, name: str) -> Edit:
        for named in self._entries.get(seq, ()):
            if named.name == name:
                return named.edit
        raise NothingToRevert(_("The timeline's entry {seq} has no file {name!r}.", seq=seq, name=name))


def size_of(entry: tuple[Named, ...]) -> int:
    return sum(len(content.body or b"") for named in entry for content in (named.edit.before, named.edit.after))


def content_now(path: Path) -> Content:
    found, body = read(path)
    if found is None:
        return ABSENT
    return Content(True, body if len(body) <= BODY_LIMIT else None)


def described(named: Named) -> dict[str, Any]:
    """``lines``: a unified difference without its head. ``note`` says why there is none."""
    edit = named.edit
    shown: dict[str, Any] = {"name": named.name, "file": str(edit.path), "note": None, "lines": []}
    before, after = lines_of(edit.before), lines_of(edit.after)
    if before is None or after is None:
        shown["note"] = _("{name} is too large, or no text: its difference is not shown.", name=named.name)
        before = after = []
    lines = list(difflib.unified_diff(before, after, lineterm="", n=3))[2:]
    return {
        **shown,
        "lines": lines[:DIFFERENCE_LIMIT],
        "added": sum(line.startswith("+") for line in lines),
        "removed": sum(line.startswith("-") for line in lines),
        "revertible": not edit.before.exists or edit.before.body is not None,
    }


def lines_of(content: Content) -> list[str] | None:
    """The text's lines; None if the content was not kept, or is no text."""
    if not content.exists:
        return []
    if content.body is None:
        return None
    try:
        return content.body.decode("utf-8-sig").splitlines()
    except UnicodeDecodeError:
        return None


def write_whole(path: Path, body: bytes) -> None:
    """Replaces the file in one step, as editors do, so that nobody reads half of it. Raises OSError."""
    path.parent.mkdir(parents=True, exist_ok=True)
    mode = path.stat().st_mode & 0o777 if path.exists() else 0o644
    # In the same folder, so that the replacement is one step; without a watched suffix, so that it is no save.
    descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=".tmp")
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(body)
        Path(name).chmod(mode)
        Path(name).replace(path)
    except BaseException:
        with contextlib.suppress(OSError):
            Path(name).unlink()
        raise


def named(edits: Iterable[Edit], names: Mapping[Path, str]) -> tuple[Named, ...]:
    return tuple(Named(names[edit.path], edit) for edit in edits)
