"""The click group. A command's module is imported when the command is run, and for nothing less."""

from __future__ import annotations

import importlib

import click

from mpdt import __version__

# name -> (module, attribute, the line that ``mpdt --help`` shows)
COMMANDS: dict[str, tuple[str, str, str]] = {
    "dev": ("mpdt.commands.dev", "dev_command", "Serve a plugin folder; a saved edit is live."),
    "send": ("mpdt.commands.send", "send_command", "Send a message to the plugin of a running 'mpdt dev'."),
    "call": ("mpdt.commands.call", "call_command", "Call a tool, action, service ... of a running 'mpdt dev'."),
    "fire": ("mpdt.commands.call", "fire_command", "Publish an event to the plugin of a running 'mpdt dev'."),
    "test": ("mpdt.commands.test", "test_command", "Play a plugin's scenarios once; for CI."),
    "bench-reload": (
        "mpdt.commands.bench_reload",
        "bench_reload_command",
        "Measure patch, full reload and process restart.",
    ),
}


class LazyGroup(click.Group):
    """A group whose commands are known by name and one line of help until one is called."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        entry = COMMANDS.get(cmd_name)
        if entry is None:
            return None
        module, attribute, _ = entry
        command = getattr(importlib.import_module(module), attribute)
        assert isinstance(command, click.Command)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, line) for name, (_, _, line) in COMMANDS.items()])


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, "-V", "--version", prog_name="mpdt", message="%(prog)s %(version)s")
def main() -> None:
    """A development server for plugins of the MoFox / MaiBot family of chatbots."""
