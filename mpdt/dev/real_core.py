"""A real core's folder: which kind it is, what starts it, and which interpreter has its libraries."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from mpdt.dev.errors import StartError
from mpdt.dev.interpreter import Interpreter, own_interpreter, resolve
from mpdt.dev.platform import python_of_environment
from mpdt.language import _

SIMULATED = "simulated"
ENVIRONMENTS = (".venv", "venv")
UV_TIMEOUT = 30.0


class CoreKind(StrEnum):
    """The value is what ``core`` says in events."""

    NEO_MOFOX = "neo-mofox"
    CLASSIC = "classic"


# Where each kind keeps the manager of its plugins, and the program that starts it.
LAYOUTS: dict[CoreKind, tuple[str, str]] = {
    CoreKind.NEO_MOFOX: ("src/core/managers/plugin_manager.py", "main.py"),
    CoreKind.CLASSIC: ("src/plugin_system/core/plugin_manager.py", "bot.py"),
}


@dataclass(frozen=True, slots=True)
class RealCore:
    folder: Path
    kind: CoreKind
    entry: Path

    @property
    def plugins(self) -> Path:
        """The folder that the core itself looks for plugins in."""
        return self.folder / "plugins"


def find_core(path: str) -> RealCore:
    """The core in that folder. Raises StartError if there is none, or not the program that starts it."""
    folder = Path(os.path.abspath(Path(path).expanduser()))  # noqa: PTH100 - links are kept: a core may be one
    if not folder.is_dir():
        raise StartError(_("There is no folder {path}. Give --core the folder of a bot.", path=folder))
    for kind, (manager, entry) in LAYOUTS.items():
        if (folder / manager).is_file():
            if not (folder / entry).is_file():
                raise StartError(_("{folder} lacks {entry}, which starts the bot.", folder=folder, entry=entry))
            return RealCore(folder, kind, folder / entry)
    raise StartError(
        _(
            "{folder} is no bot: it has neither {neo} (Neo-MoFox) nor {classic} (MoFox-Core).",
            folder=folder,
            neo=LAYOUTS[CoreKind.NEO_MOFOX][0],
            classic=LAYOUTS[CoreKind.CLASSIC][0],
        )
    )


def core_interpreter(
    core: RealCore,
    asked: str | None,
    environment: Mapping[str, str] = os.environ,
    run: Callable[..., subprocess.CompletedProcess[str]] = subprocess.run,
) -> Interpreter:
    """``--python``, else the core's ``.venv`` or ``venv``, else what ``uv run`` takes there, else ``$VIRTUAL_ENV``,
    else mpdt's own. Raises StartError if the one asked for does not exist.
    """
    if asked is not None:
        return Interpreter(resolve(asked), "--python")
    for name in ENVIRONMENTS:
        python = python_of_environment(core.folder / name)
        if python.is_file():
            return Interpreter(python, f"the core's {name}")
    found = of_uv(core, environment, run)
    if found is not None:
        return found
    active = environment.get("VIRTUAL_ENV")
    if active and python_of_environment(Path(active)).is_file():
        return Interpreter(python_of_environment(Path(active)), "$VIRTUAL_ENV")
    return own_interpreter()


def of_uv(
    core: RealCore, environment: Mapping[str, str], run: Callable[..., subprocess.CompletedProcess[str]]
) -> Interpreter | None:
    """The environment that ``uv run`` uses in the core's folder, if uv and that environment are there.

    ``uv python find`` answers without making one: nothing in the core's folder changes.
    """
    uv = shutil.which("uv", path=environment.get("PATH"))
    if uv is None or not (core.folder / "pyproject.toml").is_file():
        return None
    try:
        done = run(
            [uv, "python", "find", "--project", str(core.folder)],
            cwd=core.folder,
            capture_output=True,
            text=True,
            timeout=UV_TIMEOUT,
            stdin=subprocess.DEVNULL,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    python = Path(done.stdout.strip())
    is_environment = (python.parent.parent / "pyvenv.cfg").is_file()
    return Interpreter(python, "uv run") if done.returncode == 0 and is_environment else None


MISSING = re.compile(r"ModuleNotFoundError: No module named '([^']+)'")


def why_not_up(core: RealCore, interpreter: Interpreter, how: str, output: Sequence[str]) -> str:
    """Why the bot ended before it was up, as far as its last lines tell; they follow the sentence."""
    missing = next((found[1] for line in reversed(output) if (found := MISSING.search(line))), None)
    if missing is not None:
        return _(
            "The bot in {folder} needs '{module}', which {python} ({origin}) has not got: install what the bot "
            "requires there, or choose its interpreter with --python.",
            folder=core.folder,
            module=missing,
            python=interpreter.path,
            origin=interpreter.origin,
        )
    return _(
        "The bot in {folder} did not come up ({how}) Start it once without mpdt, and answer what it asks: "
        "`cd {folder} && {python} {entry}`. Its last lines follow.",
        folder=core.folder,
        how=how,
        python=interpreter.path,
        entry=core.entry.name,
    )


LEVEL = re.compile(r"\b(DEBUG|INFO|WARNING|ERROR|CRITICAL)\b")


def said_level(line: str) -> str:
    """The level that a bot's line names near its beginning. Bots write all of their log to one stream or the other."""
    found = LEVEL.search(line[:80])
    return found[1] if found else "INFO"
