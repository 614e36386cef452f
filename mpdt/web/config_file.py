"""The plugin's own TOML file, read and replaced as a whole."""

from __future__ import annotations

import contextlib
import hashlib
import os
import tempfile
from dataclasses import dataclass
from pathlib import Path

BOM = b"\xef\xbb\xbf"
NOTHING = ""  # the hash of a file that is not there


class NotToml(ValueError):
    """The text is not TOML; the sentence names line and column."""


class Changed(Exception):
    """The file has another content than the one that the writer has read; ``now`` is what is there."""

    def __init__(self, now: Content) -> None:
        super().__init__("The file has changed on disk since it was read.")
        self.now = now


@dataclass(frozen=True, slots=True)
class Content:
    """``text`` with newlines as a browser has them; ``hash`` is of the bytes."""

    text: str
    hash: str


def read(path: Path) -> Content:
    """The file's content; empty if there is no file yet. Raises OSError, and UnicodeDecodeError if it is no UTF-8."""
    try:
        raw = path.read_bytes()
    except FileNotFoundError:
        return Content("", NOTHING)
    return Content(raw.removeprefix(BOM).decode().replace("\r\n", "\n"), hash_of(raw))


def hash_of(raw: bytes) -> str:
    return hashlib.sha256(raw).hexdigest()


def write(path: Path, text: str, expected: str) -> Content:
    """Replaces the file at once: nobody ever reads half of it. Its line ends and byte-order mark stay.

    ``expected``: the hash of what the writer has read, ``NOTHING`` if there was no file. Raises NotToml, or Changed,
    before anything is touched.
    """
    validate(text)
    path.parent.mkdir(parents=True, exist_ok=True)
    old = path.read_bytes() if path.exists() else None
    mode = path.stat().st_mode & 0o777 if old is not None else 0o644
    raw = encoded(text, old)
    # In the same folder, so that the replacement is one step; without a watched suffix, so that it is no
    # save.
    descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=".tmp")
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(raw)
        Path(name).chmod(mode)
        # Looked at last, when everything else is done: what is saved between this and the next line is lost, and there
        # is no system call that would replace a file only if it is still the same.
        now = read(path)
        if now.hash != expected:
            raise Changed(now)
        Path(name).replace(path)
    except BaseException:
        with contextlib.suppress(OSError):
            Path(name).unlink()
        raise
    return Content(text, hash_of(raw))


def encoded(text: str, old: bytes | None) -> bytes:
    """As the file was written before."""
    if old is None:
        return text.encode()
    ends = "\r\n" if b"\r\n" in old and old.count(b"\r\n") * 2 > old.count(b"\n") else "\n"
    return (BOM if old.startswith(BOM) else b"") + text.replace("\r\n", "\n").replace("\n", ends).encode()


def validate(text: str) -> None:
    """Raises NotToml with the parser's sentence."""
    import tomlkit
    from tomlkit.exceptions import TOMLKitError

    try:
        tomlkit.parse(text)
    except (TOMLKitError, ValueError) as error:
        raise NotToml(str(error)) from None
