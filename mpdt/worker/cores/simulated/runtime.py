"""What the simulated core holds while it is initialised, and how the API's functions find it."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from mpdt.language import _
from mpdt.worker.cores import Log, Manifest
from mpdt.worker.errors import WorkerError
from mpdt.worker.monitor import Monitor

if TYPE_CHECKING:
    from mpdt.worker.cores.simulated.components import BasePlugin
    from mpdt.worker.cores.simulated.config import BaseConfig
    from mpdt.worker.cores.simulated.events import EventBus, EventManager
    from mpdt.worker.cores.simulated.models import ChatStream
    from mpdt.worker.cores.simulated.tasks import TaskManager
    from mpdt.worker.cores.simulated.types import PermissionLevel

Kept = TypeVar("Kept")

PLATFORM = "mpdt"
BOT_ID = "mpdt-bot"
BOT_NAME = "Bot"


@dataclass
class Registrations:
    """All that one version of the plugin has registered: dropped as a whole, put back as a whole."""

    bus: EventBus
    event_manager: EventManager
    tasks: TaskManager
    plugin_classes: dict[str, type[BasePlugin]] = field(default_factory=dict)
    plugins: dict[str, BasePlugin] = field(default_factory=dict)
    manifests: dict[str, Manifest] = field(default_factory=dict)
    listed: dict[str, type[Any]] = field(default_factory=dict)  # what the plugin listed, before it is registered
    components: dict[str, type[Any]] = field(default_factory=dict)
    configs: dict[str, BaseConfig] = field(default_factory=dict)
    levels: dict[str, PermissionLevel] = field(default_factory=dict)
    prefixes: list[str] = field(default_factory=lambda: ["/"])
    kept: dict[Any, Any] = field(default_factory=dict)  # what is made when it is first asked for


@dataclass
class Runtime:
    """The running core. ``home`` stands for the bot's working folder, ``data`` for the folder ``data`` in it:
    databases and documents, which outlive the worker.

    ``model`` is laid over ``[tool.mpdt.llm]``: what a scenario says of the model's answers.
    """

    home: Path
    folder: Path  # the plugin's
    data: Path
    log: Log
    registrations: Registrations
    model: Mapping[str, Any] = field(default_factory=dict)
    monitor: Monitor = field(default_factory=Monitor)
    streams: dict[str, ChatStream] = field(default_factory=dict)

    def stored(self, path: str | Path) -> Path:
        """Where a path of the bot's lies: ``data/x`` in the data folder; what is absolute stays."""
        parts = Path(path).parts
        return self.data.joinpath(*parts[1:]) if parts[:1] == ("data",) else self.home / path


_current: list[Runtime] = []


def enter(runtime: Runtime) -> None:
    _current[:] = [runtime]


def leave() -> None:
    _current.clear()


def current() -> Runtime:
    """The running core. Raises WorkerError outside one."""
    if not _current:
        raise WorkerError(_("The simulated core is not running: its API works only inside `mpdt dev`."))
    return _current[0]


def registrations() -> Registrations:
    return current().registrations


def kept(make: Callable[[], Kept]) -> Kept:
    """The one that belongs to this version of the plugin, made when it is first asked for."""
    known = registrations().kept
    if make not in known:
        known[make] = make()
    found: Kept = known[make]
    return found


def log(level: str, logger: str, message: str) -> None:
    """To the developer; to standard error where no core runs (a thread that outlived it)."""
    if _current:
        _current[0].log(level, logger, message)
    else:
        sys.stderr.write(f"{level} {logger}: {message}\n")
