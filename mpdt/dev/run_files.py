"""Run files: how ``mpdt send`` finds a running server and its token. In the user's runtime folder, readable
to the user alone."""

from __future__ import annotations

import json
import os
import warnings
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

SUFFIX = ".run.json"


@dataclass(frozen=True, slots=True)
class RunFile:
    """A running server. ``url`` is without token."""

    pid: int
    url: str
    token: str
    plugin: str  # the plugin's folder


def folder(environment: Mapping[str, str] = os.environ) -> Path:
    """Where run files lie; ``MPDT_RUNTIME_DIR`` says otherwise."""
    override = environment.get("MPDT_RUNTIME_DIR")
    if override:
        return Path(override)
    from platformdirs import user_runtime_path

    with warnings.catch_warnings():
        # Without XDG_RUNTIME_DIR platformdirs warns and takes a folder of its own choice, which serves as well.
        warnings.simplefilter("ignore")
        return user_runtime_path("mpdt", appauthor=False)


def write(run: RunFile, where: Path) -> Path:
    """The file that was written, mode 0600 in a folder of mode 0700. Raises OSError."""
    where.mkdir(mode=0o700, parents=True, exist_ok=True)
    path = where / f"{run.pid}{SUFFIX}"
    path.unlink(missing_ok=True)
    # O_EXCL: in a shared temporary folder somebody else's file or link must not get the token.
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        json.dump(asdict(run), file)
    return path


def read(where: Path) -> Iterator[tuple[Path, RunFile]]:
    """Every run file there, of servers that may have died since."""
    for path in sorted(where.glob(f"*{SUFFIX}")):
        try:
            fields = json.loads(path.read_text(encoding="utf-8"))
            yield (
                path,
                RunFile(int(fields["pid"]), str(fields["url"]), str(fields["token"]), str(fields["plugin"])),
            )
        except (OSError, ValueError, KeyError, TypeError):
            # Half written, or another version's: not ours to use.
            continue
