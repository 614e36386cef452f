"""``mpdt bridge install`` and ``mpdt bridge remove``: the way into a bot that mpdt does not start."""

from __future__ import annotations

import sys
from collections.abc import Callable
from functools import wraps
from typing import Any

import click

from mpdt.commands.config import TranslatedGroup
from mpdt.commands.dev import USAGE_ERROR
from mpdt.commands.translated import TranslatedHelp
from mpdt.dev.bridges import install, remove
from mpdt.dev.errors import StartError
from mpdt.dev.loopback import meeting_place
from mpdt.dev.real_core import find_core
from mpdt.language import _, later

DEFAULT_URL = "ws://127.0.0.1:8091"


def refusing(command: Callable[..., None]) -> Callable[..., None]:
    """A StartError is its sentence and exit status 2."""

    @wraps(command)
    def run(**options: Any) -> None:
        try:
            command(**options)
        except StartError as error:
            click.echo(f"mpdt: {error}", err=True)
            sys.exit(USAGE_ERROR)

    return run


@click.group("bridge", cls=TranslatedGroup, short_help="Put a bridge into a bot that runs by itself, or take it out.")
def bridge_command() -> None:
    """A bot with a bridge in it connects to 'mpdt dev PLUGIN --attach URL', and does nothing while there is none."""


@bridge_command.command("install", cls=TranslatedHelp, short_help=later("Put the bridge into a bot's plugin folder."))
@click.option("--core", required=True, metavar="PATH", help="The folder of the bot.")
@click.option("--url", default=DEFAULT_URL, metavar="URL", help="Where the bot looks for mpdt. [ws://127.0.0.1:8091]")
@refusing
def install_command(core: str, url: str) -> None:
    """Put the bridge into the bot's plugin folder. The bot has to be started anew after it.

    Doing it again changes nothing, but that another --url is taken over. 'mpdt bridge remove' takes the bridge out.
    """
    place = meeting_place(url, "--url")
    done = install(find_core(core), place.url)
    if done.change == "same":
        click.echo(_("The bridge is in {place} already.", place=done.place))
    else:
        click.echo(_("The bridge is in {place} now.", place=done.place))
        click.echo(_("Start the bot anew, and then: mpdt dev PLUGIN --attach {url}", url=place.url))


@bridge_command.command("remove", cls=TranslatedHelp, short_help=later("Take the bridge out of a bot's plugin folder."))
@click.option("--core", required=True, metavar="PATH", help="The folder of the bot.")
@refusing
def remove_command(core: str) -> None:
    """Take the bridge out of the bot's plugin folder. A bot that runs keeps it until it is started anew."""
    click.echo(_("{place} is gone.", place=remove(find_core(core))))
