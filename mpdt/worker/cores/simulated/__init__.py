"""The embedded core: the ``src.*`` API that real plugins import, so that a plugin runs without a bot."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from mpdt.worker.cores import Log
from mpdt.worker.cores.simulated.core import SimulatedCore
from mpdt.worker.cores.simulated.flavours import Flavour, flavour_of

__all__ = ["SimulatedCore", "core_for"]


def core_for(
    folder: Path,
    log: Log,
    *,
    home: Path | None = None,
    data: Path | None = None,
    model: Mapping[str, Any] | None = None,
) -> SimulatedCore:
    """The core of the flavour that the plugin in the folder is written for; see ``Runtime``."""
    if flavour_of(folder) is Flavour.NEO:
        return SimulatedCore(log, folder, home=home, data=data, model=model)
    from mpdt.worker.cores.simulated.classic.core import ClassicCore

    return ClassicCore(log, folder, home=home, data=data, model=model)
