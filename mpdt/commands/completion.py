"""``mpdt completion SHELL``: what makes the shell complete commands, options and files."""

from __future__ import annotations

import os

import click
from click.shell_completion import (
    CompletionItem,
    ShellComplete,
    add_completion_class,
    get_completion_class,
    split_arg_string,
)

from mpdt.commands.translated import TranslatedHelp

PROGRAM = "mpdt"
VARIABLE = "_MPDT_COMPLETE"  # by which click recognises that it is asked for completions
SHELLS = ("bash", "zsh", "fish", "powershell")


@add_completion_class
class PowerShellComplete(ShellComplete):
    """click knows bash, zsh and fish; PowerShell asks with the words in variables, and wants one answer a line."""

    name = "powershell"
    source_template = """\
Register-ArgumentCompleter -Native -CommandName %(prog_name)s -ScriptBlock {
    param($word, $ast, $position)
    $env:%(complete_var)s = "powershell_complete"
    $env:COMP_WORDS = $ast.ToString().Substring(0, [Math]::Min($position, $ast.ToString().Length))
    $env:COMP_WORD = $word
    %(prog_name)s | ForEach-Object {
        $kind, $value, $help = $_ -split "`t", 3
        if ($kind -eq "plain") {
            if (-not $help) { $help = $value }
            [System.Management.Automation.CompletionResult]::new($value, $value, "ParameterValue", $help)
        } else {
            Get-ChildItem -Path "$word*" -Directory:($kind -eq "dir") -ErrorAction SilentlyContinue |
                ForEach-Object { [System.Management.Automation.CompletionResult]::new($_.Name) }
        }
    }
    Remove-Item Env:%(complete_var)s, Env:COMP_WORDS, Env:COMP_WORD
}
"""

    def get_completion_args(self) -> tuple[list[str], str]:
        words = split_arg_string(os.environ["COMP_WORDS"])
        incomplete = os.environ["COMP_WORD"]
        arguments = words[1:]
        if incomplete and arguments and arguments[-1] == incomplete:
            arguments.pop()
        return arguments, incomplete

    def format_completion(self, item: CompletionItem) -> str:
        return f"{item.type}\t{item.value}\t{item.help or ''}"


@click.command("completion", cls=TranslatedHelp, short_help="Print a shell's completion script.")
@click.argument("shell", type=click.Choice(SHELLS))
@click.pass_context
def completion_command(ctx: click.Context, shell: str) -> None:
    """Print the script by which SHELL completes mpdt's commands, options and files.

    bash, zsh: eval "$(mpdt completion bash)" in the shell's start file. fish: mpdt completion fish | source.
    PowerShell: mpdt completion powershell | Out-String | Invoke-Expression, in the profile.
    """
    kind = get_completion_class(shell)
    assert kind is not None
    completer = kind(ctx.find_root().command, {}, PROGRAM, VARIABLE)
    # Not ``source()``: for bash that runs bash to look at its version, which needs no shell of this machine otherwise.
    click.echo(completer.source_template % completer.source_vars())
