"""The two ways in which events reach standard output."""

from __future__ import annotations

from collections.abc import Callable
from typing import TextIO

from rich.console import Console

from mpdt.commands.output import Write
from mpdt.config import Config
from mpdt.events import Event
from mpdt.render.json_lines import to_line
from mpdt.render.terminal import Detail, render


def to_json(stream: TextIO) -> Write:
    """One JSON object a line, flushed at once."""

    def write(event: Event) -> None:
        stream.buffer.write(to_line(event))
        stream.flush()

    return write


def to_terminal(config: Config, make_console: Callable[[], Console] = Console) -> Write:
    """Lines for a person; rich itself leaves colours out where standard output is no terminal, or NO_COLOR is
    set.
    """
    detail = Detail(tracebacks=config.tracebacks or config.debug, verbose=config.verbose)
    console = make_console()

    def write(event: Event) -> None:
        for line in render(event, detail):
            console.print(line, soft_wrap=True, highlight=False)

    return write
