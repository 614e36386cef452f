"""The reloaders, each behind the same two steps: be there before the import; bring these files live now.

Imported in child processes only: one contestant a process, so that none sees another's hooks. Each is driven as its
own users drive it, without its watcher: ``refresh`` is the work between the watcher's event and the new code.
"""

from __future__ import annotations

import contextlib
import importlib
import importlib.util
import io
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Protocol

NAMES = ("mpdt", "jurigged", "autoreload", "hmr", "importlib.reload")
NEEDS = {"mpdt": "jurigged", "jurigged": "jurigged", "autoreload": "IPython", "hmr": "reactivity"}


def missing(name: str) -> str | None:
    """The distribution that the contestant lacks in this interpreter, or None."""
    needed = NEEDS.get(name)
    if needed is None or importlib.util.find_spec(needed) is not None:
        return None
    return {"IPython": "ipython", "reactivity": "hmr"}.get(needed, needed)


class Refused(Exception):
    """The contestant said, by name, that it cannot bring this edit live; nothing was changed."""


class Rejected(Exception):
    """The contestant said that the new code is broken."""


class Contestant(Protocol):
    def install(self, folder: Path) -> None: ...

    def imported(self, modules: Sequence[str]) -> None:
        """After the program's modules were imported, in this order."""

    def refresh(self, changed: Sequence[Path]) -> None:
        """Raises Refused, Rejected, or what the contestant raises."""


class Mpdt:
    def __init__(self) -> None:
        self.reloader: Any = None
        self.report: Any = None

    def install(self, folder: Path) -> None:
        from mpdt_hooks import LiveReloader

        self.reloader = LiveReloader(folder, cache=folder.parent / "bytecode")
        self.reloader.install()

    def imported(self, modules: Sequence[str]) -> None:
        self.reloader.warm()

    def refresh(self, changed: Sequence[Path]) -> None:
        self.report = report = self.reloader.refresh(changed)
        if report.outcome == "structural":
            raise Refused(", ".join(f"{edit.code} {edit.reason}" for edit in report.rude_edits))
        if report.outcome == "rejected":
            raise Rejected(report.error.type)


class Jurigged:
    def __init__(self) -> None:
        self.failures: list[Exception] = []

    def install(self, folder: Path) -> None:
        from jurigged.register import registry

        self.registry = registry
        self.registry.auto_register(filter=lambda path: str(path).startswith(str(folder)))
        self.registry.set_logger(self._log)

    def _log(self, event: object) -> None:
        if isinstance(event, Exception):
            self.failures.append(event)

    def imported(self, modules: Sequence[str]) -> None:
        for module in modules:  # it reads a file at its first edit: that is not to be counted
            file = sys.modules[module].__file__
            assert file is not None
            self.registry.get(file)

    def refresh(self, changed: Sequence[Path]) -> None:
        self.failures.clear()
        for path in changed:
            file = self.registry.get(str(path))
            if file is not None:
                file.refresh()
        if self.failures:
            raise self.failures[0]


class Autoreload:
    def install(self, folder: Path) -> None:
        from IPython.core.history import HistoryManager
        from IPython.core.interactiveshell import InteractiveShell

        HistoryManager.enabled = False
        shell = InteractiveShell.instance()
        shell.run_line_magic("load_ext", "autoreload")
        shell.run_line_magic("autoreload", "2")
        self.shell = shell
        self.reloader = shell.magics_manager.registry["AutoreloadMagics"]._reloader

    def imported(self, modules: Sequence[str]) -> None:
        # It notes the modification times after each cell.
        with contextlib.redirect_stdout(io.StringIO()):
            self.shell.run_cell("pass")

    def refresh(self, changed: Sequence[Path]) -> None:
        told = io.StringIO()
        with contextlib.redirect_stdout(told), contextlib.redirect_stderr(told):
            self.reloader.check()
        if "failed" in told.getvalue():
            raise Rejected(told.getvalue().strip().splitlines()[-1][:200])


class Hmr:
    def install(self, folder: Path) -> None:
        from reactivity.hmr.core import BaseReloader

        self.entry = folder.parent / "hmr_entry.py"
        self.BaseReloader = BaseReloader
        self.includes = [str(folder)]
        self.reloader: Any = None

    def run(self, modules: Sequence[str]) -> None:
        """The program's entry point, which hmr has to run itself."""
        from reactivity.hmr.core import HMR_CONTEXT

        self.entry.write_text("".join(f"import {name}\n" for name in modules), encoding="utf-8")
        self.reloader = self.BaseReloader(str(self.entry), [*self.includes, str(self.entry)])
        self.effect = HMR_CONTEXT.effect(self.reloader.run_entry_file)

    def imported(self, modules: Sequence[str]) -> None:
        self.modules = modules

    def refresh(self, changed: Sequence[Path]) -> None:
        told = io.StringIO()
        with contextlib.redirect_stderr(told):
            self.reloader.on_changes({path.resolve() for path in changed})
            for name in self.modules:  # it works when it is asked, and not before
                for attribute in list(vars(sys.modules[name])):
                    getattr(sys.modules[name], attribute, None)
        if told.getvalue():
            raise Rejected(told.getvalue().strip().splitlines()[-1][:200])


class ImportlibReload:
    def install(self, folder: Path) -> None:
        self.modules: Sequence[str] = ()

    def imported(self, modules: Sequence[str]) -> None:
        self.modules = modules

    def refresh(self, changed: Sequence[Path]) -> None:
        files = {str(path) for path in changed}
        for name in self.modules:
            if sys.modules[name].__file__ in files:
                importlib.reload(sys.modules[name])


MAKERS: dict[str, Callable[[], Contestant]] = {
    "mpdt": Mpdt,
    "jurigged": Jurigged,
    "autoreload": Autoreload,
    "hmr": Hmr,
    "importlib.reload": ImportlibReload,
}


def start(name: str, folder: Path, modules: Sequence[str]) -> Contestant:
    """The contestant, with the program's modules imported under it. ``folder`` is what it tracks."""
    # Bytecode checked by time and size takes two saves within a second for one: a fault of importlib's that the
    # contestants share, and not what is compared here. The engine has caches of its own.
    sys.dont_write_bytecode = True
    contestant = MAKERS[name]()
    contestant.install(folder)
    if str(folder) not in sys.path:
        sys.path.insert(0, str(folder))
    if isinstance(contestant, Hmr):
        contestant.run(modules)
    for module in modules:
        importlib.import_module(module)
    contestant.imported(modules)
    return contestant
