"""An error's traceback as frames with a few lines of source each: what an overlay shows and an editor opens."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from mpdt.render.source import excerpt, read_lines

FRAME = re.compile(r'^\s*File "(?P<file>[^"\n]+)", line (?P<line>\d+)(?:, in (?P<name>.+))?$', re.MULTILINE)
SHOWN = 20  # frames: the last ones say most
AROUND = 3  # lines


def with_frames(
    error: Mapping[str, Any] | None, root: Path, read: Callable[[Path], list[str]] = read_lines
) -> dict[str, Any] | None:
    """The error with ``frames`` [{file, line, name, excerpt: [[number, text]]}], outermost first.

    Source is read of the plugin's own files only: the names in a traceback are whatever its code was compiled as.
    """
    if error is None:
        return None
    frames = list(frames_of(error, root, read))
    return {**error, "frames": frames[-SHOWN:]}


def frames_of(error: Mapping[str, Any], root: Path, read: Callable[[Path], list[str]]) -> Iterator[dict[str, Any]]:
    places = [
        (match["file"], int(match["line"]), match["name"] or "")
        for match in FRAME.finditer(str(error.get("traceback") or ""))
    ]
    own = error.get("file"), error.get("line")
    if own[0] and own[1] and own not in [place[:2] for place in places]:
        places.append((str(own[0]), int(own[1]), ""))
    for file, line, name in places:
        path = Path(file)
        is_ours = path.suffix in (".py", ".toml") and path.is_absolute() and path.is_relative_to(root)
        lines = excerpt(path, line, read, AROUND) if is_ours and ".." not in path.parts else []
        yield {"file": file, "line": line, "name": name, "excerpt": [list(one) for one in lines]}
