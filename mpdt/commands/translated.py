"""Help texts in the reader's language. They are written in English where click wants them, and looked up when help is
asked for: a command that starts looks nothing up.
"""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

import click

from mpdt.language import ENGLISH, current, lend_to_libraries, translated

CHOSEN_LANGUAGE = "mpdt.language"  # in ``Context.meta``: what --lang or MPDT_LANG said


class TranslatedHelp(click.Command):
    """Looks up what its help shows: its docstring, and the ``help=`` of its options and arguments."""

    def get_help(self, ctx: click.Context) -> str:
        if current() != ENGLISH:
            from mpdt.commands.wide_text import WideFormatter

            ctx.formatter_class = WideFormatter
        return super().get_help(ctx)

    def format_help(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        lend_to_libraries()
        with ExitStack() as words:
            words.enter_context(in_words(self))
            for param in self.get_params(ctx):
                words.enter_context(in_words(param))
            super().format_help(ctx, formatter)


@contextmanager
def in_words(shown: Any) -> Iterator[None]:
    """The ``help`` of a command or parameter is in the reader's language until the block ends."""
    text = getattr(shown, "help", None)  # arguments have one since click 8.4
    if not text:
        yield
        return
    shown.help = translated(inspect.cleandoc(text))
    try:
        yield
    finally:
        shown.help = text
