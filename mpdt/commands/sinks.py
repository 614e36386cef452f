"""The two ways in which events reach standard output. rich is imported for a person only."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, TextIO

from mpdt.commands.output import Write
from mpdt.config import Config
from mpdt.events import Event
from mpdt.render.json_lines import to_line

if TYPE_CHECKING:
    from rich.console import Console


def to_json(stream: TextIO) -> Write:
    """One JSON object a line, flushed at once."""

    def write(event: Event) -> None:
        stream.buffer.write(to_line(event))
        stream.flush()

    return write


def to_terminal(config: Config, make_console: Callable[[], Console] | None = None) -> Write:
    """Lines for a person; rich itself leaves colours out where standard output is no terminal, or NO_COLOR is
    set.
    """
    from rich.console import Console

    from mpdt.render.terminal import Detail, render

    detail = Detail(tracebacks=config.tracebacks or config.debug, verbose=config.verbose)
    console = (make_console or Console)()

    def write(event: Event) -> None:
        for line in render(event, detail):
            console.print(line, soft_wrap=True, highlight=False)

    return write
