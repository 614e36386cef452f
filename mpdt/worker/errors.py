"""What went wrong in the plugin's code, as the developer has to see it: the file and line to mend."""

from __future__ import annotations

import traceback
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from mpdt.worker.scope import is_plugin_file

OWN_PARTS = (str(Path(__file__).parent), str(Path("mpdt_hooks")))


class WorkerError(Exception):
    """Something the worker refuses or cannot do; its text is a sentence for a person.

    ``path`` and ``line`` name the file that has to be mended, if it is one.
    """

    def __init__(self, sentence: str, path: Path | None = None, line: int | None = None) -> None:
        super().__init__(sentence)
        self.path = path
        self.line = line


@dataclass(frozen=True, slots=True)
class PluginError:
    """``path`` and ``line``: the deepest place in the plugin folder, or where a SyntaxError points."""

    type: str
    message: str
    path: Path | None
    line: int | None
    traceback: str

    def to_json(self) -> dict[str, Any]:
        return {
            "type": self.type,
            "message": self.message,
            "file": None if self.path is None else str(self.path),
            "line": self.line,
            "traceback": self.traceback,
        }


def describe(error: BaseException, folder: Path) -> PluginError:
    """The error with its place in the plugin, and a traceback that starts where the plugin does."""
    path, line = place_of(error, folder)
    message = str(error) or type(error).__name__
    if isinstance(error, SyntaxError) and error.msg:
        message = error.msg
    return PluginError(type(error).__name__, message, path, line, text_of(error, folder))


def place_of(error: BaseException, folder: Path) -> tuple[Path | None, int | None]:
    if isinstance(error, SyntaxError) and error.filename and is_plugin_file(error.filename, folder):
        return Path(error.filename), error.lineno
    if isinstance(error, WorkerError) and error.path is not None:
        return error.path, error.line
    frames = [
        (Path(frame.filename), frame.lineno)
        for frame in traceback.extract_tb(error.__traceback__)
        if is_plugin_file(frame.filename, folder)
    ]
    return frames[-1] if frames else (None, None)


def text_of(error: BaseException, folder: Path) -> str:
    report = traceback.TracebackException.from_exception(error)
    parts: list[traceback.TracebackException] = [report]
    for part in parts:
        trim(part.stack, folder)
        parts.extend(link for link in (part.__cause__, part.__context__) if link is not None)
    return "".join(report.format())


def trim(stack: traceback.StackSummary, folder: Path) -> None:
    """Drop what called the plugin, and the import machinery in between."""
    first = next((i for i, frame in enumerate(stack) if is_plugin_file(frame.filename, folder)), len(stack))
    stack[:] = [frame for frame in stack[first:] if not is_machinery(frame.filename)]


def is_machinery(filename: str) -> bool:
    return filename.startswith("<frozen importlib") or any(part in filename for part in OWN_PARTS)
