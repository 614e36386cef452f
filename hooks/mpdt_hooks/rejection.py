"""New code that cannot work, as the report tells of it: what happened, in which line of the plugin's."""

from __future__ import annotations

import traceback
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType

from mpdt_hooks.links import BrokenLink
from mpdt_hooks.model import ErrorInfo


class Rejection(Exception):
    """The new code is rejected: the old version serves on."""

    def __init__(self, error: ErrorInfo) -> None:
        super().__init__(error.message)
        self.error = error


def broken_info(broken: BrokenLink) -> ErrorInfo:
    where = f'  File "{broken.path}", line {broken.line}\n{broken.type}: {broken.message}\n'
    return ErrorInfo(broken.type, broken.message, broken.path, broken.line, where)


def error_info(error: BaseException, path: Path | None, line: int | None) -> ErrorInfo:
    text = "".join(traceback.format_exception(type(error), error, _trimmed(error.__traceback__)))
    message = error.msg if isinstance(error, SyntaxError) else str(error)
    return ErrorInfo(type(error).__name__, message, path, line, text)


def _trimmed(trace: TracebackType | None) -> TracebackType | None:
    """The traceback from the plugin's first frame on."""
    here = str(Path(__file__).parent)
    while trace is not None and trace.tb_frame.f_code.co_filename.startswith(here):
        trace = trace.tb_next
    return trace


def place_of(error: BaseException, paths: Mapping[str, Path]) -> tuple[Path | None, int | None]:
    """The deepest line of the plugin's own code in the traceback."""
    if isinstance(error, SyntaxError) and error.filename is not None and error.filename in paths:
        return paths[error.filename], error.lineno
    place: tuple[Path | None, int | None] = (None, None)
    for frame, line in traceback.walk_tb(error.__traceback__):
        path = paths.get(frame.f_code.co_filename)
        if path is not None:
            place = (path, line)
    return place
