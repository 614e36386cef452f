"""``mpdt dev --audit``: after each patch a fresh interpreter imports the plugin aside, and what differs is said.

Only what the patch is answerable for: state that running the plugin has made differs from a fresh import too. A place
that differed before the patch counts only if a fresh interpreter has something else there now than it had then.
"""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from mpdt.language import _
from mpdt.worker.cores import Log

NAME = "mpdt.audit"
SHOWN = 5  # differences; more are counted
LIMIT = 60.0  # seconds for the fresh interpreter
FRESH_MODULE = "mpdt.worker.fresh"

Description = dict[str, Any]


def fresh_command(arguments: Sequence[str] = tuple(sys.orig_argv)) -> list[str]:
    """How this worker was started, with the module that describes a fresh import in the worker's place."""
    own = "mpdt.worker"
    if own not in arguments:
        return [sys.executable, "-m", FRESH_MODULE]
    return [FRESH_MODULE if one == own else one for one in arguments]


class FreshComparison:
    """Compares one loaded plugin with a fresh interpreter; the fresh ones run in a thread, one after the other.

    ``tell`` gets the sentences. ``describe`` is called where no plugin code runs: on the plugin's loop.
    """

    def __init__(self, folder: Path, core: str, tell: Log, command: Sequence[str] | None = None) -> None:
        self._folder = folder
        self._core = core
        self._tell = tell
        self._command = list(command or fresh_command())
        self._pool = ThreadPoolExecutor(1, thread_name_prefix="mpdt-audit")
        self._fresh: Description | None = None  # of the version that was last compared
        self._before: Description = {"modules": {}}

    def loaded(self, modules: Sequence[str]) -> None:
        """Another version was loaded as a whole: what the next patch is compared against."""
        self._pool.submit(self._take, tuple(modules), digest(modules))

    def before_patch(self) -> None:
        """Remember the live process; on the plugin's loop."""
        self._before = self._describe()

    def after_patch(self, modules: Sequence[str]) -> None:
        """Compare; on the plugin's loop. What is found is told when the fresh interpreter is done."""
        live, before = self._describe(), self._before
        self._pool.submit(self._compare, tuple(modules), before, live, digest(modules))

    def wait(self) -> None:
        """Until nothing is being compared."""
        self._pool.submit(int).result()

    def close(self) -> None:
        """Waits for the comparisons under way, and ends the thread."""
        self._pool.shutdown()

    def _describe(self) -> Description:
        from mpdt_hooks import oracle

        return oracle.describe(self._folder)

    def _take(self, modules: tuple[str, ...], files: str) -> None:
        found = self._safely(lambda: self._fresh_description(modules))
        self._fresh = found if digest(modules) == files else None
        if self._fresh is not None:
            self._tell("DEBUG", NAME, _("The next patch is compared with a fresh interpreter."))

    def _compare(self, modules: tuple[str, ...], before: Description, live: Description, files: str) -> None:
        from mpdt_hooks import oracle

        started = time.monotonic()
        previous, self._fresh = self._fresh, self._safely(lambda: self._fresh_description(modules))
        if self._fresh is None:
            return
        if previous is None or digest(modules) != files:
            self._tell("INFO", NAME, _("Not compared: the files changed meanwhile. The next patch is."))
            return
        ran = oracle.changed_state(previous, before)
        edited = oracle.changed_state(previous, self._fresh)
        found = oracle.differences(live, self._fresh, ran - edited, there=False)
        if found and (again := self._safely(lambda: self._fresh_description(modules))) is not None:
            # What is another at each import (a time, a random number) is neither the edit's nor the patch's.
            by_chance = oracle.changed_state(self._fresh, again)
            found = oracle.differences(live, self._fresh, (ran - edited) | by_chance, there=False)
        took = f"{(time.monotonic() - started) * 1000:.0f} ms"
        if found:
            more = "\n  " + _("and {count} more", count=len(found) - SHOWN) if len(found) > SHOWN else ""
            places = "\n  ".join(found[:SHOWN])
            self._tell(
                "WARNING",
                NAME,
                _(
                    "A restart would behave differently ({took}):\n  {places}{more}",
                    took=took,
                    places=places,
                    more=more,
                ),
            )
        else:
            self._tell("INFO", NAME, _("A fresh interpreter has the same ({took}).", took=took))

    def _safely(self, work: Callable[[], Description]) -> Description | None:
        from mpdt_hooks.oracle import FreshImportError

        try:
            return work()
        except FreshImportError as error:
            kind, message, *_rest = error.args
            self._tell(
                "WARNING",
                NAME,
                _("A restart would fail: a fresh import raised {kind}: {message}", kind=kind, message=message),
            )
        except (OSError, subprocess.TimeoutExpired) as error:
            self._tell("WARNING", NAME, _("Not compared: the fresh interpreter could not be run: {error}", error=error))
        return None

    def _fresh_description(self, modules: tuple[str, ...]) -> Description:
        from mpdt_hooks import oracle

        asked = {
            "root": str(self._folder),
            "imports": modules,
            "path": [str(self._folder.parent)],
            "core": self._core,
            "package": package_of(modules[0], self._folder) if modules else "",
        }
        done = subprocess.run(
            self._command,
            input=json.dumps(asked) + "\n",
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            encoding="utf-8",
            env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1"},
            timeout=LIMIT,
            check=False,
        )
        return oracle.result(done.stdout)


def package_of(module: str, folder: Path) -> str:
    """The name that the folder is imported as, where the core has one of its own for it; else empty."""
    parts = module.split(".")
    for depth in range(2, len(parts)):
        name = ".".join(parts[:depth])
        if str(folder) in (getattr(sys.modules.get(name), "__path__", None) or ()):
            return name
    return ""


def digest(modules: Sequence[str]) -> str:
    """Of the files that these live modules were loaded from, as they are on disk now."""
    seen = hashlib.blake2b(digest_size=16)
    for name in modules:
        file = getattr(sys.modules.get(name), "__file__", None)
        try:
            seen.update(Path(file).read_bytes() if file else b"")
        except OSError:
            seen.update(b"\0")
    return seen.hexdigest()
