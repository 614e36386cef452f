"""The other tools, in a virtual environment of their own: ``--peers`` makes it, and runs the benchmarks in it."""

from __future__ import annotations

import os
import subprocess
import sys
import tomllib
import venv
from collections.abc import Sequence
from pathlib import Path

from benchmarks.children import REPOSITORY, environment

PEERS = ("ipython", "uvicorn", "watchfiles")
NEWER_PEERS = ("hmr",)  # for Python 3.12 and later


def default_folder() -> Path:
    """In the user's cache, one for each version of Python."""
    base = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    return base / "mpdt" / f"benchmark-peers-{sys.implementation.cache_tag}"


def requirements(version: tuple[int, int]) -> list[str]:
    """mpdt's own dependencies, jurigged among them, and the peers."""
    project = tomllib.loads((REPOSITORY / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    return [*project["dependencies"], *PEERS, *(NEWER_PEERS if version >= (3, 12) else ())]


def python_in(folder: Path) -> Path:
    return folder / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")


def run_with_peers(folder: Path, arguments: Sequence[str]) -> int:
    """The exit status of the benchmarks, run by the environment's interpreter; it is made if it is not there."""
    python = python_in(folder)
    if not python.is_file():
        print(f"Making a virtual environment with the peers in {folder} ...", file=sys.stderr)
        venv.create(folder, with_pip=True)
    install = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    done = subprocess.run([*install, *requirements(sys.version_info[:2])], check=False)
    if done.returncode != 0:
        print("The peers could not be installed; run without --peers to measure what is there.", file=sys.stderr)
        return done.returncode
    return subprocess.run([str(python), "-m", "benchmarks", *arguments], env=environment(), check=False).returncode
