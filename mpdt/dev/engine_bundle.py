"""The engine as an archive, for a bot that does not see this installation: the same closed list that a worker gets, but
for what only jurigged's own console needs.
"""

from __future__ import annotations

import hashlib
import io
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

import mpdt
from mpdt.dev.bootstrap import SUBMODULES, locate

PACKAGES = ("mpdt_hooks", "jurigged", "codefind", "ovld")
SUFFIXES = frozenset({".py", ".mo"})
LEFT_OUT = frozenset({"__pycache__", "simulated"})  # the simulated core is not for a bot
FIXED_TIME = (2000, 1, 1, 0, 0, 0)  # so that the same files are the same archive


@dataclass(frozen=True, slots=True)
class Bundle:
    """``digest`` is of the archive's bytes, in hex."""

    archive: bytes
    digest: str


def bundle() -> Bundle:
    """Reads about two hundred files; not on a loop."""
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, path in sorted(contents()):
            archive.writestr(zipfile.ZipInfo(name.as_posix(), FIXED_TIME), path.read_bytes(), zipfile.ZIP_DEFLATED)
    body = written.getvalue()
    return Bundle(body, hashlib.sha256(body).hexdigest())


def contents() -> Iterator[tuple[PurePosixPath, Path]]:
    """Each file's name in the archive, and where it lies."""
    top = Path(mpdt.__file__).parent
    yield PurePosixPath("mpdt/__init__.py"), top / "__init__.py"
    for path in (top / "locale").rglob("*.mo"):
        yield PurePosixPath("mpdt") / path.relative_to(top).as_posix(), path
    for module in (*PACKAGES, *SUBMODULES):
        location = locate(module)
        if location is None:
            continue
        file, search = location
        name = PurePosixPath(*module.split("."))
        if search is None:
            yield name.with_suffix(".py"), Path(file)
            continue
        for path in Path(file).parent.rglob("*"):
            inside = path.relative_to(Path(file).parent)
            if path.suffix in SUFFIXES and LEFT_OUT.isdisjoint(inside.parts):
                yield name / inside.as_posix(), path
