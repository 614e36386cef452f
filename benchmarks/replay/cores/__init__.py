"""Importing one of these modules makes the simulated core of that flavour importable, as the worker does."""

from __future__ import annotations

import tempfile
from pathlib import Path

from mpdt.worker.cores.simulated import importer, runtime
from mpdt.worker.cores.simulated.core import new_registrations
from mpdt.worker.cores.simulated.flavours import Flavour


def enter(flavour: Flavour) -> None:
    """The core runs from here to the end of the process, with a home that a plugin may look into."""
    folder = Path(tempfile.gettempdir()) / "mpdt-replay" / "home"
    home = folder / ".mpdt"
    home.mkdir(parents=True, exist_ok=True)
    runtime.enter(runtime.Runtime(home, folder, home / "data", lambda *_: None, new_registrations()))
    importer.install(flavour, folder)
