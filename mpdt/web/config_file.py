"""The plugin's own TOML file, read and replaced as a whole."""

from __future__ import annotations

import contextlib
import os
import tempfile
from pathlib import Path


class NotToml(ValueError):
    """The text is not TOML; the sentence names line and column."""


def read(path: Path) -> str:
    """The text; empty if there is no file yet."""
    try:
        return path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        return ""


def write(path: Path, text: str) -> None:
    """Replaces the file at once: nobody ever reads half of it. Raises NotToml before anything is touched."""
    validate(text)
    path.parent.mkdir(parents=True, exist_ok=True)
    mode = path.stat().st_mode & 0o777 if path.exists() else 0o644
    # In the same folder, so that the replacement is one step; without a watched suffix, so that it is no
    # save.
    descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=".tmp")
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8", newline="") as file:
            file.write(text)
        Path(name).chmod(mode)
        Path(name).replace(path)
    except BaseException:
        with contextlib.suppress(OSError):
            Path(name).unlink()
        raise


def validate(text: str) -> None:
    """Raises NotToml with the parser's sentence."""
    import tomlkit
    from tomlkit.exceptions import TOMLKitError

    try:
        tomlkit.parse(text)
    except (TOMLKitError, ValueError) as error:
        raise NotToml(str(error)) from None
