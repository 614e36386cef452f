"""Measurements run in child processes; each ends with one line of JSON on its standard output."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

REPOSITORY = Path(__file__).resolve().parent.parent
LIMIT = 900.0


class ChildFailed(Exception):
    """A measuring process ended badly; its last line of error is the sentence."""


def environment(extra: Mapping[str, str] | None = None) -> dict[str, str]:
    """The children's: this checkout is importable, and nothing asks for colours or history."""
    path = os.pathsep.join([str(REPOSITORY), str(REPOSITORY / "hooks")])
    inherited = {key: value for key, value in os.environ.items() if key != "PYTHONDONTWRITEBYTECODE"}
    return {**inherited, "PYTHONPATH": path, "PYTHONHASHSEED": "0", **(extra or {})}


def run(module: str, parameters: Mapping[str, Any], *, within: float = LIMIT) -> Any:
    """What the child measured. Raises ChildFailed."""
    command = [sys.executable, "-m", module, json.dumps(parameters)]
    try:
        done = subprocess.run(
            command, capture_output=True, text=True, env=environment(), timeout=within, check=False, cwd=REPOSITORY
        )
    except subprocess.TimeoutExpired:
        raise ChildFailed(f"it took longer than {within:g} s") from None
    lines = done.stdout.strip().splitlines()
    if done.returncode != 0 or not lines:
        raise ChildFailed((done.stderr.strip().splitlines() or [f"exit code {done.returncode}"])[-1])
    return json.loads(lines[-1])


def parameters() -> dict[str, Any]:
    """In the child: what it is to measure."""
    found: dict[str, Any] = json.loads(sys.argv[1])
    return found


def answer(result: Any) -> None:
    print(json.dumps(result), flush=True)
