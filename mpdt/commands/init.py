"""``mpdt init NAME``: a new plugin. It asks what it was not told, where there is a terminal to ask at."""

from __future__ import annotations

import shlex
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import click

from mpdt.commands.dev import USAGE_ERROR
from mpdt.commands.translated import TranslatedHelp
from mpdt.dev.errors import StartError
from mpdt.language import _
from mpdt.scaffold.template import Flavour, NewPlugin, Template, closest_name, files, is_package_name

GIT_TIMEOUT = 20.0


@click.command("init", cls=TranslatedHelp, short_help="Write a new plugin, with a test and editor settings.")
@click.argument("name", required=False)
@click.option("--flavour", type=click.Choice([*map(str, Flavour)]), default=None, help="The bot's kind. [neo]")
@click.option("--template", type=click.Choice([*map(str, Template)]), default=None, help="How much there is. [basic]")
@click.option("--author", default=None, help="Who writes it. [git's user.name]")
@click.option("--license", default=None, help="Its licence. [MIT]")
@click.option("--description", default=None, help="What it does, in a sentence.")
@click.option("--no-git", is_flag=True, help="Do not make a git repository.")
def init_command(name: str | None, no_git: bool, **options: str | None) -> None:
    """Write a new plugin into the folder NAME, which must not exist or be empty.

    It loads at once, has a scenario test, passes ruff and mypy, and VS Code can debug it. Nothing is ever written over.
    """
    try:
        plugin = described(name, options, ask=sys.stdin.isatty() and sys.stdout.isatty())
        folder = Path(plugin.name).absolute()
        write(plugin, folder)
        if not no_git:
            make_repository(folder)
    except StartError as error:
        click.echo(f"mpdt: {error}", err=True)
        sys.exit(USAGE_ERROR)
    click.echo(_("{folder} is written. Next:", folder=plugin.name))
    click.echo(f"cd {shlex.quote(plugin.name)} && mpdt dev --patch-live")


def described(name: str | None, options: dict[str, str | None], *, ask: bool) -> NewPlugin:
    """What is wanted: from the options, else asked for, else by default. Raises StartError."""

    def value(option: str, question: str, default: str, choices: list[str] | None = None) -> str:
        given = options.get(option)
        if given is not None or not ask:
            return default if given is None else given
        kind: Any = click.Choice(choices) if choices else str
        return str(click.prompt(question, default=default, type=kind, show_default=bool(default)))

    if name is None:
        if not ask:
            raise StartError(_("Give the new plugin a name: mpdt init NAME."))
        name = str(click.prompt(_("The plugin's name"), type=str))
    check_name(name)
    return NewPlugin(
        name,
        Flavour(value("flavour", _("The bot's kind"), Flavour.NEO, [*map(str, Flavour)])),
        Template(value("template", _("How much"), Template.BASIC, [*map(str, Template)])),
        value("author", _("Author"), git_user() or ""),
        value("license", _("Licence"), "MIT"),
        value("description", _("What it does"), "Greets people."),
    )


def check_name(name: str) -> None:
    """Raises StartError, with a name that can be used, if this one cannot."""
    if is_package_name(name):
        return
    close = closest_name(name)
    if close:
        raise StartError(
            _(
                "{name!r} cannot be a plugin's name, because Python cannot import it. {close!r} can.",
                name=name,
                close=close,
            )
        )
    raise StartError(
        _("{name!r} cannot be a plugin's name: it takes letters of ASCII, digits and underscores.", name=name)
    )


def write(plugin: NewPlugin, folder: Path) -> None:
    """Writes the plugin's files. Raises StartError, and writes nothing, where something is already."""
    if folder.is_symlink() or (folder.exists() and (not folder.is_dir() or any(folder.iterdir()))):
        raise StartError(_("{folder} is there already, and not empty; nothing was written.", folder=folder))
    try:
        for path, text in files(plugin).items():
            target = folder / path
            target.parent.mkdir(parents=True, exist_ok=True)
            with target.open("x", encoding="utf-8", newline="\n") as file:  # never over a file
                file.write(text)
    except OSError as error:
        raise StartError(_("{folder} cannot be written: {reason}.", folder=folder, reason=error.strerror)) from None


def git_user() -> str | None:
    """git's user.name."""
    done = git("config", "user.name")
    return done.stdout.strip() or None if done is not None and done.returncode == 0 else None


def make_repository(folder: Path) -> None:
    """A git repository in the folder, unless it lies in one."""
    inside = git("-C", str(folder.parent), "rev-parse", "--is-inside-work-tree")
    if inside is None:
        click.echo("mpdt: " + _("git is not here, so there is no repository."), err=True)
        return
    if inside.returncode == 0:
        return
    done = git("init", "--quiet", str(folder))
    if done is None or done.returncode != 0:
        why = "" if done is None else done.stderr.strip()
        click.echo("mpdt: " + _("git could not make a repository: {reason}", reason=why), err=True)


def git(*arguments: str) -> subprocess.CompletedProcess[str] | None:
    """git's answer; None where there is no git."""
    found = shutil.which("git")
    if found is None:
        return None
    try:
        return subprocess.run(
            [found, *arguments], capture_output=True, text=True, encoding="utf-8", timeout=GIT_TIMEOUT, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
