"""The click group. A command's module is imported when the command is run, and for nothing less."""

from __future__ import annotations

import importlib
import os
from collections.abc import MutableMapping
from typing import Any

import click

from mpdt import __version__, language
from mpdt.commands.translated import CHOSEN_LANGUAGE, TranslatedHelp
from mpdt.language import Later, later, translated

COMPLETE_VARIABLE = "_MPDT_COMPLETE"  # click's: a shell asks for completions

# name -> (module, attribute, the line that ``mpdt --help`` shows)
COMMANDS: dict[str, tuple[str, str, Later]] = {
    "dev": ("mpdt.commands.dev", "dev_command", later("Serve a plugin folder; a saved edit is live.")),
    "send": ("mpdt.commands.send", "send_command", later("Send a message to the plugin of a running 'mpdt dev'.")),
    "call": ("mpdt.commands.call", "call_command", later("Call a tool, action, service ... of a running 'mpdt dev'.")),
    "fire": ("mpdt.commands.call", "fire_command", later("Publish an event to the plugin of a running 'mpdt dev'.")),
    "test": ("mpdt.commands.test", "test_command", later("Play a plugin's scenarios once; for CI.")),
    "init": ("mpdt.commands.init", "init_command", later("Write a new plugin, with a test and editor settings.")),
    "config": ("mpdt.commands.config", "config_command", later("Show each setting and where it comes from.")),
    "doctor": ("mpdt.commands.doctor", "doctor_command", later("Look whether this machine can serve a plugin.")),
    "explain": ("mpdt.commands.explain", "explain_command", later("Print what a rude edit is, by its code.")),
    "schema": ("mpdt.commands.schema", "schema_command", later("Print the JSON Schema of the events of --json.")),
    "completion": ("mpdt.commands.completion", "completion_command", later("Print a shell's completion script.")),
    "install": ("mpdt.commands.install", "install_command", later("Link a plugin into a bot.")),
    "uninstall": ("mpdt.commands.install", "uninstall_command", later("Take a plugin's link out of a bot.")),
    "bridge": (
        "mpdt.commands.bridge",
        "bridge_command",
        later("Put a bridge into a bot that runs by itself, or take it out."),
    ),
    "bench-reload": (
        "mpdt.commands.bench_reload",
        "bench_reload_command",
        later("Measure patch, full reload and process restart."),
    ),
}


def readers_language() -> str:
    """``MPDT_LANG``, else the user's settings, else the locale, else what Windows' menus speak, else English."""
    from mpdt.config import users_language
    from mpdt.dev.platform import ui_language, ui_language_id

    found = users_language() or language.of_locale(os.environ) or language.normalised(ui_language(ui_language_id()))
    return found or language.ENGLISH


class LazyGroup(TranslatedHelp, click.Group):
    """A group whose commands are known by name and one line of help until one is called."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        language.choose_by(readers_language)
        try:
            return super().parse_args(ctx, list(args))
        except click.UsageError:
            # Only now is the language worth a look at the user's settings; the error is made again, in its words.
            language.lend_to_libraries()
            return super().parse_args(ctx, args)

    def _main_shell_completion(
        self, ctx_args: MutableMapping[str, Any], prog_name: str, complete_var: str | None = None
    ) -> None:
        if COMPLETE_VARIABLE in os.environ:
            import mpdt.commands.completion  # noqa: F401 - so that click knows PowerShell
        super()._main_shell_completion(ctx_args, prog_name, complete_var)

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        language.lend_to_libraries()
        entry = COMMANDS.get(cmd_name)
        if entry is None:
            return None
        module, attribute, _line = entry
        command = getattr(importlib.import_module(module), attribute)
        assert isinstance(command, click.Command)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section(translated("Commands")):
            formatter.write_dl([(name, translated(line)) for name, (_module, _attribute, line) in COMMANDS.items()])


def use(ctx: click.Context, parameter: click.Parameter, value: str | None) -> str | None:
    """``--lang``, or ``MPDT_LANG``: spoken from here on. Any name of a locale will do."""
    if value is None:
        return None
    found = language.normalised(value)
    if found is None:
        known = ", ".join(language.LANGUAGES)
        raise click.BadParameter(language._("mpdt speaks {languages}, not {name!r}.", languages=known, name=value))
    language.use(found)
    ctx.meta[CHOSEN_LANGUAGE] = found
    return found


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, "-V", "--version", prog_name="mpdt", message="%(prog)s %(version)s")
@click.option(
    "--lang",
    envvar=language.VARIABLE,
    metavar="LANG",
    is_eager=True,
    expose_value=False,
    callback=use,
    help="The language that mpdt speaks: en or zh_CN. [as the locale]",
)
def main() -> None:
    """A development server for plugins of the MoFox / MaiBot family of chatbots."""
