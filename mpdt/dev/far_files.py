"""The plugin's files for a bot that does not see them: which ones, by hash and by content; its names as ours.

What goes over is what the folder's rules leave: no environments, nothing that ``.gitignore`` names.
"""

from __future__ import annotations

import base64
import hashlib
import os
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from mpdt.dev.contents import digest_of
from mpdt.dev.ignore import WatchRules

FILE_LIMIT = 8 * 1024 * 1024  # bytes
ALL_LIMIT = 32 * 1024 * 1024  # bytes of all: one message holds them
HIDDEN = ".mpdt"


@dataclass(frozen=True, slots=True)
class Folder:
    """What goes over: the files by name, with their hashes; and the names of those that are too large."""

    hashes: Mapping[str, str] = field(default_factory=dict)
    left_out: tuple[str, ...] = ()


def survey(root: Path) -> Folder:
    """Reads every file; not on a loop."""
    hashes: dict[str, str] = {}
    left_out = []
    room = ALL_LIMIT
    for path in sorted(WatchRules(root).everything()):
        name = path.relative_to(root).as_posix()
        if name.split("/")[0] == HIDDEN:
            continue
        try:
            size = path.stat().st_size
            if size > min(FILE_LIMIT, room):
                left_out.append(name)
                continue
            hashes[name] = digest_of(path.read_bytes()).hex()
            room -= size
        except OSError:
            continue  # gone, or closed to us: then the bot does not have it either
    return Folder(hashes, tuple(left_out))


def packed(root: Path, names: Iterable[str]) -> dict[str, str | None]:
    """The content of each file, as it is now; None for one that is gone."""
    found: dict[str, str | None] = {}
    for name in names:
        try:
            found[name] = base64.b64encode((root / name).read_bytes()).decode("ascii")
        except OSError:
            found[name] = None
    return found


def key_of(root: Path) -> str:
    """Which folder of this machine it is, without saying where."""
    return hashlib.blake2b(os.fsencode(root), digest_size=8).hexdigest()


class Names:
    """The bot's names of the plugin's files, and ours."""

    def __init__(self, root: Path, there: str, separator: str) -> None:
        """``there``: the folder as the bot names it. It has a random part, so it is in no text by chance."""
        self._root = root
        backslash = separator == "\\"
        inside = r"(?:[\\/][^\\/\r\n\"'<>|]+)*" if backslash else r"(?:/[^/\r\n\"']+)*"
        self._pattern = re.compile(re.escape(there) + rf"(?![\w.-])({inside})")

    def sent(self, files: Iterable[str]) -> list[str]:
        """Names below the plugin's folder, for the wire; files elsewhere are not the bot's business."""
        paths = [Path(file) for file in files]
        return [path.relative_to(self._root).as_posix() for path in paths if path.is_relative_to(self._root)]

    def ours(self, value: Any) -> Any:
        """A result of the bot's, with our names in it, however deep."""
        if isinstance(value, str):
            return self._pattern.sub(self._here, value)
        if isinstance(value, list):
            return [self.ours(one) for one in value]
        if isinstance(value, dict):
            return {key: self.ours(one) for key, one in value.items()}
        return value

    def _here(self, match: re.Match[str]) -> str:
        parts = [part for part in re.split(r"[\\/]", match[1]) if part] if match[1] else []
        if ".." in parts:
            return match[0]
        return str(self._root.joinpath(*parts))
