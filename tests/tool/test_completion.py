"""``mpdt completion``: a real bash completes; the other shells' scripts ask mpdt the way that it answers."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

BIN = Path(sys.executable).parent
ENVIRONMENT = {**os.environ, "PATH": f"{BIN}{os.pathsep}{os.environ['PATH']}"}


def script(shell: str) -> str:
    command = [sys.executable, "-m", "mpdt", "completion", shell]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


@pytest.mark.skipif(shutil.which("bash") is None, reason="no bash here")
@pytest.mark.parametrize(
    ("words", "expected"), [("mpdt expl", "explain"), ("mpdt dev --patch", "--patch-live"), ("mpdt config s", "show")]
)
def test_bash_completes(words: str, expected: str) -> None:
    number = len(words.split()) - 1
    program = (
        f"{script('bash')}\nCOMP_WORDS=({words}); COMP_CWORD={number}; _mpdt_completion mpdt; echo ${{COMPREPLY[@]}}"
    )
    done = subprocess.run(["bash", "-c", program], env=ENVIRONMENT, capture_output=True, text=True, timeout=60)
    assert expected in done.stdout.split(), done.stderr


@pytest.mark.parametrize(
    ("shell", "variables"),
    [
        ("zsh", {"COMP_WORDS": "mpdt expl", "COMP_CWORD": "1"}),
        ("fish", {"COMP_WORDS": "mpdt expl", "COMP_CWORD": "expl"}),
        ("powershell", {"COMP_WORDS": "mpdt expl", "COMP_WORD": "expl"}),
    ],
)
def test_what_the_other_shells_ask_is_answered(shell: str, variables: dict[str, str]) -> None:
    text = script(shell)
    assert "_MPDT_COMPLETE" in text
    assert all(name in text for name in variables)
    environment = {**ENVIRONMENT, **variables, "_MPDT_COMPLETE": f"{shell}_complete"}
    done = subprocess.run(["mpdt"], env=environment, capture_output=True, text=True, timeout=60)
    assert "explain" in done.stdout
    assert "Print what a rude edit is" in done.stdout
