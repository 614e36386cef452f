"""``mpdt config show``: each setting and where it comes from."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import click

from mpdt.commands.dev import USAGE_ERROR
from mpdt.commands.translated import TranslatedHelp
from mpdt.config import ConfigError, Setting, layers, merge, origins
from mpdt.language import _, translated


class TranslatedGroup(TranslatedHelp, click.Group):
    """A group whose help is in the reader's language."""

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section(translated("Commands")):
            formatter.write_dl([(name, translated(one.short_help or "")) for name, one in self.commands.items()])


@click.group("config", cls=TranslatedGroup, short_help="Show each setting and where it comes from.")
def config_command() -> None:
    """Settings: [tool.mpdt] of the plugin's pyproject, then the user's file, then MPDT_*, then options."""


@config_command.command("show", cls=TranslatedHelp, short_help="Show each setting and where it comes from.")
@click.argument("path", default=".", metavar="[PATH]")
@click.option("--json", "as_json", is_flag=True, help="One JSON document on standard output.")
def show_command(path: str, as_json: bool) -> None:
    """Show each setting that 'mpdt dev PATH' would have, and where it comes from."""
    folder = Path(path).expanduser()
    if not folder.is_dir():
        click.echo("mpdt: " + _("There is no folder {path}. Give the path of a plugin folder.", path=path), err=True)
        sys.exit(USAGE_ERROR)
    try:
        found = layers(folder.resolve())
        merged = merge(found)
        settings = origins(found)
    except ConfigError as error:
        click.echo(f"mpdt: {error}", err=True)
        sys.exit(USAGE_ERROR)
    for warning in merged.warnings:
        click.echo(f"mpdt: {warning}", err=True)
    if as_json:
        shown = {one.name: {"value": one.value, "from": one.place or None} for one in settings}
        click.echo(json.dumps(shown, ensure_ascii=True, indent=2))
    else:
        click.echo("\n".join(lines(settings)))


def lines(settings: tuple[Setting, ...]) -> list[str]:
    """A table: name, value, place."""
    names = max(len(one.name) for one in settings)
    values = max(len(shown(one)) for one in settings)
    return [f"{one.name:{names}}  {shown(one):{values}}  {one.place or _('the default')}".rstrip() for one in settings]


def shown(setting: Setting) -> str:
    """The value as it is written in TOML; a dash where there is none."""
    value = setting.value
    return "-" if value is None else json.dumps(value, ensure_ascii=False)
