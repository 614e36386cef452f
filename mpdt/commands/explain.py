"""``mpdt explain MPDT012``: the page of one rude edit, from ``docs/rude-edits.md``."""

from __future__ import annotations

import difflib
import re
import sys

import click

from mpdt.commands.dev import USAGE_ERROR
from mpdt.commands.packaged import packaged
from mpdt.commands.translated import TranslatedHelp
from mpdt.language import CHINESE, ENGLISH, _, current

PAGES = {ENGLISH: "rude-edits.md", CHINESE: "rude-edits.zh-CN.md"}
HEADING = re.compile(r"^## (MPDT\d{3})(?:: |：)", re.MULTILINE)


@click.command("explain", cls=TranslatedHelp, short_help="Print what a rude edit is, by its code.")
@click.argument("code", required=False)
def explain_command(code: str | None) -> None:
    """Print what the rude edit CODE is, why it cannot be patched, and what to do. Without CODE, list all of them."""
    found = sections(packaged(PAGES[current()]).read_text(encoding="utf-8"))
    if code is None:
        for section in found.values():
            click.echo(section.partition("\n")[0])
        return
    section = found.get(normalised(code), "")
    if not section:
        click.echo(f"mpdt: {unknown(code, list(found))}", err=True)
        sys.exit(USAGE_ERROR)
    click.echo(section)


def sections(page: str) -> dict[str, str]:
    """Each rude edit's part of the page, by its code, as Markdown without the heading's marks."""
    starts = [*HEADING.finditer(page)]
    ends = [one.start() for one in starts[1:]] + [len(page)]
    return {one[1]: page[one.start() : end].removeprefix("## ").strip() for one, end in zip(starts, ends, strict=True)}


def normalised(code: str) -> str:
    """``12`` and ``mpdt12`` mean MPDT012."""
    number = code.strip().upper().removeprefix("MPDT")
    return f"MPDT{int(number):03}" if number.isdecimal() else code.strip().upper()


def unknown(code: str, known: list[str]) -> str:
    """The sentence, with the closest code that exists."""
    close = difflib.get_close_matches(normalised(code), known, n=1, cutoff=0.5)
    if close:
        return _("There is no rude edit {code!r}. Did you mean {close}?", code=code, close=close[0])
    return _("There is no rude edit {code!r}. 'mpdt explain' lists all of them.", code=code)
