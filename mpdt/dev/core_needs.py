"""The packages that a bot asks for, which of them its interpreter has not got, and the command that installs them."""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from mpdt.dev.interpreter import Interpreter, is_own
from mpdt.dev.platform import python_of_environment
from mpdt.dev.real_core import RealCore

PROJECT, PLAIN = "pyproject.toml", "requirements.txt"
NAME = re.compile(r"^[A-Za-z0-9][A-Za-z0-9._-]*")
TIMEOUT = 20.0
# By the distribution's name, or by the module of that name; versions are pip's to compare.
PROBE = """
import json, sys
from importlib import metadata
from importlib.util import find_spec

def is_there(name):
    try:
        metadata.distribution(name)
    except metadata.PackageNotFoundError:
        return find_spec(name.replace("-", "_").split(".")[0]) is not None
    return True

print(json.dumps([name for name in sys.argv[1:] if not is_there(name)]))
"""


def wanted(core: RealCore) -> dict[str, str]:
    """The requirements that the bot's folder states, by the package's name; empty if none can be read.

    Those for some platforms only (``; sys_platform == ...``) are left out: pip judges them.
    """
    try:
        project = tomllib.loads((core.folder / PROJECT).read_text(encoding="utf-8-sig")).get("project", {})
        stated = project.get("dependencies", []) if isinstance(project, dict) else []
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError):
        stated = []
    if not stated:
        try:
            stated = (core.folder / PLAIN).read_text(encoding="utf-8-sig").splitlines()
        except (OSError, UnicodeDecodeError):
            return {}
    lines = [line.partition(" #")[0].strip() for line in stated if isinstance(line, str)]
    return {match[0]: line for line in lines if ";" not in line and (match := NAME.match(line))}


def missing(
    core: RealCore, interpreter: Interpreter, run: Callable[..., subprocess.CompletedProcess[str]] = subprocess.run
) -> tuple[str, ...]:
    """The requirements that the interpreter has not got; empty too if it cannot say."""
    requirements = wanted(core)
    try:
        done = run(
            [str(interpreter.path), "-c", PROBE, *requirements],
            capture_output=True,
            text=True,
            encoding="utf-8",
            errors="replace",
            timeout=TIMEOUT,
            stdin=subprocess.DEVNULL,
            check=False,
        )
        return tuple(requirements[name] for name in json.loads(done.stdout.strip().splitlines()[-1]))
    except (OSError, subprocess.TimeoutExpired, ValueError, IndexError, KeyError, TypeError):
        return ()


def installing(
    core: RealCore, interpreter: Interpreter, lacking: Sequence[str], environment: Mapping[str, str] = os.environ
) -> str:
    """The command that installs them where ``mpdt dev --core`` looks, as one types it.

    A bot without an environment of its own gets one: the libraries of a bot have no business among mpdt's.
    """
    uv = shutil.which("uv", path=environment.get("PATH")) is not None
    if is_own(interpreter) and interpreter.origin != "--python":
        if uv and (core.folder / "uv.lock").is_file():
            return shlex.join(["uv", "sync", "--project", str(core.folder)])
        folder = core.folder / ".venv"
        make = shlex.join([sys.executable, "-m", "venv", str(folder)])
        return f"{make} && {pip(python_of_environment(folder), tuple(wanted(core).values()), uv=False)}"
    return pip(interpreter.path, lacking, uv=uv)


def pip(python: Path, requirements: Sequence[str], *, uv: bool) -> str:
    """An environment that uv made has no pip in it."""
    tool = ["uv", "pip", "install", "--python", str(python)] if uv else [str(python), "-m", "pip", "install"]
    return shlex.join([*tool, *requirements])
