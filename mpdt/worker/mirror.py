"""The developer's files beside a bot that does not see them: in a private folder, under their own names.

Names come over the wire. None reaches the disk before it was looked at: it is relative, goes nowhere but down, and what
it leads to lies in the folder, whatever links the plugin has made there.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import os
import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path, PurePosixPath
from typing import Any

from mpdt.language import _
from mpdt.worker.errors import WorkerError

NAME_LIMIT = 1024  # characters


def is_name(name: str) -> bool:
    """Can it be a file below a folder, on every system, and nothing else?"""
    parts = name.split("/")
    if not name or len(name) > NAME_LIMIT or any(one in name for one in "\0\\:"):
        return False
    return not any(part in ("", ".", "..") or part != part.rstrip(". ") for part in parts)


def placed(folder: Path, name: object) -> Path:
    """The file of that name below the folder. Raises WorkerError for a name that leads elsewhere."""
    if isinstance(name, str) and is_name(name):
        place = folder.joinpath(*PurePosixPath(name).parts)
        real = Path(os.path.realpath(place.parent))
        if real.is_relative_to(os.path.realpath(folder)):
            return place
    raise WorkerError(_("{name!r} is no name of a file in the plugin's folder; nothing was written.", name=name))


def digest(path: Path) -> str | None:
    """As the supervisor hashes; None if there is no such file."""
    try:
        return hashlib.blake2b(path.read_bytes(), digest_size=16).hexdigest()
    except OSError:
        return None


class Mirror:
    """One plugin folder's copy. ``key`` says whose."""

    def __init__(self, private: Path, plugin: str, key: str) -> None:
        """Raises WorkerError if ``plugin`` is no name of a folder."""
        if "/" in plugin:
            raise WorkerError(_("{name!r} is no name of a plugin's folder.", name=plugin))
        self.plugin = plugin
        self.key = key
        self._top = private / "plugins"
        self.folder = placed(self._top, plugin)
        shutil.rmtree(self._top, ignore_errors=True)
        self.folder.mkdir(parents=True)
        self._names: set[str] = set()  # what was written here: what the plugin itself makes is its own

    def compare(self, files: Mapping[str, str]) -> tuple[list[str], list[str]]:
        """The names that differ from those hashes, and those that are here and are not among them."""
        wanted = [name for name, known in files.items() if digest(placed(self.folder, name)) != known]
        return sorted(wanted), sorted(self._names - files.keys())

    def write(self, files: Mapping[str, Any]) -> None:
        """Each file is replaced at once, or removed where there is None. Raises WorkerError before anything is
        written.
        """
        places = {placed(self.folder, name): decoded(content) for name, content in files.items()}
        for place, content in places.items():
            if content is None:
                place.unlink(missing_ok=True)
            else:
                self._replace(place, content)
        self._names |= {name for name, content in files.items() if content is not None}
        self._names -= {name for name, content in files.items() if content is None}

    def _replace(self, place: Path, content: bytes) -> None:
        place.parent.mkdir(parents=True, exist_ok=True)
        descriptor, name = tempfile.mkstemp(dir=self._top)
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
        Path(name).replace(place)

    def remove(self) -> None:
        shutil.rmtree(self._top, ignore_errors=True)


def decoded(content: Any) -> bytes | None:
    if content is None:
        return None
    try:
        return base64.b64decode(content, validate=True)
    except (TypeError, ValueError, binascii.Error):
        raise WorkerError(_("The content of a file is not base64; nothing was written.")) from None
