"""Which interpreter runs the plugin, and whether it can."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from mpdt.dev.errors import StartError
from mpdt.dev.platform import python_of_environment
from mpdt.language import _

OLDEST = (3, 11)
SIMULATED_CORE_NEEDS = ("pydantic", "tomlkit")
PROBE_TIMEOUT = 20.0
# Runs on any Python 3, and on Python 2 as far as the version.
PROBE = """
import json, sys
from importlib.util import find_spec
missing = [name for name in sys.argv[1:] if find_spec(name) is None]
print(json.dumps({"version": list(sys.version_info[:3]), "missing": missing}))
"""


@dataclass(frozen=True, slots=True)
class Interpreter:
    """``origin`` says why it was chosen, for a person."""

    path: Path
    origin: str


@dataclass(frozen=True, slots=True)
class Findings:
    """What an interpreter said of itself."""

    version: tuple[int, int, int]
    missing: tuple[str, ...]


def own_interpreter() -> Interpreter:
    """The one that runs mpdt."""
    return Interpreter(Path(sys.executable), _("mpdt's own"))


def choose(plugin: Path, asked: str | None, environment: Mapping[str, str] = os.environ) -> Interpreter:
    """``--python``, else ``$VIRTUAL_ENV``, else the plugin's ``.venv``, else mpdt's own.

    Raises StartError if the one asked for does not exist.
    """
    if asked is not None:
        return Interpreter(resolve(asked), "--python")
    active = environment.get("VIRTUAL_ENV")
    if active:
        python = python_of_environment(Path(active))
        if python.is_file():
            return Interpreter(python, "$VIRTUAL_ENV")
    python = python_of_environment(plugin / ".venv")
    if python.is_file():
        return Interpreter(python, _("the plugin's .venv"))
    return own_interpreter()


def resolve(asked: str) -> Path:
    """A path, a folder that is a virtual environment, or a command on PATH."""
    path = Path(asked).expanduser()
    if path.is_dir():
        path = python_of_environment(path)
    if path.is_file():
        return Path(os.path.abspath(path))  # noqa: PTH100 - resolve() would follow a venv's link to its base
    found = shutil.which(asked)
    if found is None:
        raise StartError(
            _("There is no interpreter {asked!r}. Give --python the path of a python of 3.11 or later.", asked=asked)
        )
    return Path(found)


def is_own(interpreter: Interpreter) -> bool:
    """Is it mpdt's own? By the unresolved path: two virtual environments link to one base interpreter."""
    own = own_interpreter().path
    if interpreter.path == own:
        return True
    return interpreter.path.parent == own.parent and interpreter.path.resolve() == own.resolve()


def probe(
    interpreter: Interpreter,
    run: Callable[..., subprocess.CompletedProcess[str]] = subprocess.run,
    needs: Sequence[str] = SIMULATED_CORE_NEEDS,
) -> Findings:
    """What the interpreter says of itself. Raises StartError if it does not run."""
    try:
        done = run(
            [str(interpreter.path), "-c", PROBE, *needs],
            capture_output=True,
            text=True,
            encoding="utf-8",
            errors="replace",
            timeout=PROBE_TIMEOUT,
            stdin=subprocess.DEVNULL,
            check=False,
        )
        found = json.loads(done.stdout.strip().splitlines()[-1])
        return Findings(tuple(found["version"]), tuple(found["missing"]))
    except (OSError, subprocess.TimeoutExpired, ValueError, IndexError, KeyError, TypeError):
        raise StartError(
            _(
                "{path} ({origin}) does not run as a Python interpreter. Give --python the path of a "
                "python of 3.11 or later.",
                path=interpreter.path,
                origin=interpreter.origin,
            )
        ) from None


def refusal(interpreter: Interpreter, findings: Findings) -> str | None:
    """Why the interpreter cannot run the plugin, as a sentence that says what to do; None if it can."""
    shown = f"{interpreter.path} ({interpreter.origin})"
    if findings.version[:2] < OLDEST:
        version = ".".join(map(str, findings.version))
        return _(
            "{shown} is Python {version}; mpdt needs 3.11 or later. Choose another with --python.",
            shown=shown,
            version=version,
        )
    if findings.missing:
        names = _(" and ").join(findings.missing)
        install = f"{interpreter.path} -m pip install {' '.join(findings.missing)}"
        return _(
            "{shown} has no {names}, which the simulated core needs. Install it there "
            "({install}), or choose another with --python.",
            shown=shown,
            names=names,
            install=install,
        )
    return None


def check(interpreter: Interpreter, needs: Sequence[str] = SIMULATED_CORE_NEEDS) -> None:
    """Raises StartError if the interpreter cannot run the plugin. mpdt's own needs no asking."""
    if is_own(interpreter):
        return
    sentence = refusal(interpreter, probe(interpreter, needs=needs))
    if sentence is not None:
        raise StartError(sentence)
