"""``mpdt call`` and ``mpdt fire``: components and events of the plugin of a running ``mpdt dev``, by hand."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from typing import Any

import click

from mpdt.commands.send import SendError, keep, send, server, show, told
from mpdt.commands.translated import TranslatedHelp
from mpdt.language import _

KINDS = ("tool", "action", "agent", "service", "schedule", "route", "chatter", "prompt", "adapter")


def parsed(text: str) -> dict[str, Any]:
    """The arguments. Raises SendError if they are no JSON object."""
    try:
        value = json.loads(text)
    except ValueError as error:
        raise SendError(
            _('The arguments are not JSON: {error}. An example: \'{{"city": "x"}}\'', error=error)
        ) from None
    if not isinstance(value, dict):
        raise SendError(_("The arguments must be a JSON object, with a name for each."))
    return value


def ask(kind: str, name: str, arguments: str, path: str | None, scenario: str | None) -> None:
    """Ask, and print replies and result; exit status 1 if the plugin's code raised."""
    with told():
        run = server(path)
        answer = send(run, {"kind": kind, "name": name, "arguments": parsed(arguments)}, "/api/call")
        show(answer)
        if scenario is not None:
            keep(run, scenario, answer)
        error = answer.get("error")
        if error is None:
            click.echo(json.dumps(answer.get("result"), ensure_ascii=False, indent=2))
            return
        click.echo(failure(error), err=True)
    sys.exit(1)


def failure(error: Mapping[str, Any]) -> str:
    """The traceback, which begins in the plugin; without one, type and message."""
    return str(error.get("traceback") or f"{error['type']}: {error['message']}").rstrip()


@click.command("call", cls=TranslatedHelp, short_help="Call a tool, action, service ... of a running 'mpdt dev'.")
@click.argument("kind", type=click.Choice(KINDS))
@click.argument("name")
@click.argument("arguments", default="{}")
@click.option("--plugin", "path", default=None, help="The plugin folder, if several 'mpdt dev' run.")
@click.option("--save", "scenario", default=None, metavar="NAME", help="Save call and result in the scenario NAME.")
def call_command(kind: str, name: str, arguments: str, path: str | None, scenario: str | None) -> None:
    """Call the component NAME with ARGUMENTS, a JSON object that is checked against its schema.

    A service is called as NAME.method; a route as its router, with {"path", "method", "query", "body"}; a schedule
    is fired by its task's name.
    """
    ask(kind, name, arguments, path, scenario)


@click.command("fire", cls=TranslatedHelp, short_help="Publish an event to the plugin of a running 'mpdt dev'.")
@click.argument("event")
@click.argument("parameters", default="{}")
@click.option("--plugin", "path", default=None, help="The plugin folder, if several 'mpdt dev' run.")
@click.option("--save", "scenario", default=None, metavar="NAME", help="Save call and result in the scenario NAME.")
def fire_command(event: str, parameters: str, path: str | None, scenario: str | None) -> None:
    """Publish EVENT with PARAMETERS, a JSON object; print what the handlers decided."""
    ask("event", event, parameters, path, scenario)
