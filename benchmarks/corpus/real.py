"""Does the real core import the plugin? Its own ``src`` is on the path; nothing of it is started."""

from __future__ import annotations

import os
import subprocess
import tempfile
from pathlib import Path

from benchmarks.corpus.worker import GUARD

DEADLINE = 120.0
IMPORT = """
import importlib, os, sys
core, folder = sys.argv[1:]
sys.path[:0] = [core, os.path.dirname(folder)]
try:
    importlib.import_module(os.path.basename(folder) + ".plugin")
    said = "imported"
except BaseException as error:
    said = f"{type(error).__name__}: {error}"
print("mpdt:" + " ".join(said.split())[:300], flush=True)
os._exit(0)
"""


def refusal(core: Path, folder: Path, python: str) -> str | None:
    """The real core's error; None if it imports the plugin, or does not say in time."""
    with tempfile.TemporaryDirectory() as home:
        try:
            done = subprocess.run(
                [python, "-c", IMPORT, str(core), str(folder)],
                cwd=home,
                env={**os.environ, "PYTHONPATH": str(GUARD)},
                stdin=subprocess.DEVNULL,
                capture_output=True,
                timeout=DEADLINE,
                check=False,
                text=True,
            )
        except subprocess.TimeoutExpired:
            return None
    said = [line.removeprefix("mpdt:") for line in done.stdout.splitlines() if line.startswith("mpdt:")]
    return said[-1] if said and said[-1] != "imported" else None
