"""The engine as MiniCore uses it: one tracker for each loaded version of the plugin."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable
from contextlib import suppress
from pathlib import Path
from typing import Any, Protocol

from mpdt.language import _, translated
from mpdt.worker.errors import WorkerError


class Report(Protocol):
    def to_json(self, look_up: Callable[[str], str] = ...) -> dict[str, Any]: ...


class Handle(Protocol):
    def uninstall(self) -> None: ...


class Tracker(Protocol):
    def install(self) -> Handle: ...

    def refresh(self, changed: Iterable[Path] | None = None) -> Report: ...

    def expect(self, changed: Iterable[Path]) -> None: ...

    def modules(self) -> tuple[str, ...]: ...

    def warm(self) -> None: ...


SafePoint = Callable[[Callable[[], None]], None]
MakeTracker = Callable[[Path], Tracker]


def live_reloader(
    safe_point: SafePoint,
    fits: Callable[[], str | None] | None = None,
    is_cache: Callable[[object], bool] | None = None,
) -> MakeTracker:
    """Makes the engine's trackers; the engine is imported with the first one."""

    def make(folder: Path) -> Tracker:
        try:
            from mpdt_hooks import LiveReloader
        except ImportError as error:
            raise WorkerError(
                _("The engine cannot be imported by {executable}: {error}.", executable=sys.executable, error=error)
            ) from error
        return LiveReloader(folder, safe_point=safe_point, fits=fits, is_cache=is_cache)

    return make


def preload() -> None:
    """Import the engine now. Where that fails, it fails again, with its sentence, when a tracker is made."""
    try:
        from mpdt_hooks import _jurigged, session  # noqa: F401
        from mpdt_hooks.errors import ReloadError
    except ImportError:
        return
    with suppress(ReloadError):
        _jurigged.load()


def install(tracker: Tracker) -> Handle:
    """Install the tracker. Raises WorkerError with its sentence if the patcher is missing or another one.

    ``sys.path`` stays as it was: in the bot, the folder above a plugin is on it only while the plugin is loaded.
    """
    from mpdt_hooks.errors import ReloadError
    from mpdt_hooks.sentence import told

    path = list(sys.path)
    try:
        return tracker.install()
    except ReloadError as error:
        raise WorkerError(told(error.args[0], translated)) from error
    finally:
        sys.path[:] = path
