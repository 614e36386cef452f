"""``mpdt schema``: the JSON Schema of what ``mpdt dev --json`` prints."""

from __future__ import annotations

import click

from mpdt.commands.packaged import packaged
from mpdt.commands.translated import TranslatedHelp

SCHEMA = "events.schema.json"


@click.command("schema", cls=TranslatedHelp, short_help="Print the JSON Schema of the events of --json.")
def schema_command() -> None:
    """Print the JSON Schema of the events that 'mpdt dev --json' prints, one a line."""
    click.echo(packaged(SCHEMA).read_text(encoding="utf-8").rstrip())
