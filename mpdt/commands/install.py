"""``mpdt install --dev`` and ``mpdt uninstall``: a bot loads the plugin from where it is developed, by a link."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from mpdt.commands.dev import USAGE_ERROR, find_plugin
from mpdt.commands.translated import TranslatedHelp
from mpdt.config import ConfigError, load
from mpdt.dev.errors import StartError
from mpdt.dev.installed import install, uninstall
from mpdt.dev.real_core import RealCore, find_core
from mpdt.language import _


def core_of(plugin: Path, given: str | None) -> RealCore:
    """The bot that is meant: ``--core``, or the setting. Raises StartError."""
    core = load(plugin, {"core": given}).config.core
    if not core:
        raise StartError(_("Say which bot: --core PATH, or `core` in [tool.mpdt]."))
    return find_core(core)


@click.command("install", cls=TranslatedHelp, short_help="Link a plugin into a bot.")
@click.argument("path", default=".", metavar="[PLUGIN]")
@click.option("--dev", "dev", is_flag=True, help="By a link: what is edited is what the bot loads.")
@click.option("--core", default=None, metavar="PATH", help="The folder of the bot.")
def install_command(path: str, dev: bool, core: str | None) -> None:
    """Put a link to PLUGIN (the current folder by default) into the bot's plugin folder.

    Doing it again changes nothing. 'mpdt uninstall' takes the link away.
    """
    try:
        if not dev:
            raise StartError(_("Say --dev: mpdt installs by a link, and copies nothing into a bot."))
        plugin = find_plugin(path)
        link, fresh = install(plugin, core_of(plugin, core))
        done = _("{place} leads to {plugin} now.", place=link.place, plugin=link.plugin)
        already = _("{place} leads to {plugin} already.", place=link.place, plugin=link.plugin)
        click.echo(done if fresh else already)
    except (StartError, ConfigError) as error:
        click.echo(f"mpdt: {error}", err=True)
        sys.exit(USAGE_ERROR)


@click.command("uninstall", cls=TranslatedHelp, short_help="Take a plugin's link out of a bot.")
@click.argument("path", default=".", metavar="[PLUGIN]")
@click.option("--core", default=None, metavar="PATH", help="The folder of the bot.")
def uninstall_command(path: str, core: str | None) -> None:
    """Take the link to PLUGIN (the current folder by default) out of the bot's plugin folder. PLUGIN is untouched."""
    try:
        plugin = find_plugin(path)
        link = uninstall(plugin, core_of(plugin, core))
        click.echo(_("{place} is gone; {plugin} is as it was.", place=link.place, plugin=link.plugin))
    except (StartError, ConfigError) as error:
        click.echo(f"mpdt: {error}", err=True)
        sys.exit(USAGE_ERROR)
