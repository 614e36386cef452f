"""The embedded core: the ``src.*`` API that real plugins import, so that a plugin runs without a bot."""

from pathlib import Path

from mpdt.worker.cores import Log
from mpdt.worker.cores.simulated.core import HOME, SimulatedCore
from mpdt.worker.cores.simulated.flavours import Flavour, flavour_of

__all__ = ["SimulatedCore", "core_for"]


def core_for(folder: Path, log: Log) -> SimulatedCore:
    """The core of the flavour that the plugin in the folder is written for."""
    if flavour_of(folder) is Flavour.NEO:
        return SimulatedCore(log, folder / HOME)
    from mpdt.worker.cores.simulated.classic.core import ClassicCore

    return ClassicCore(log, folder / HOME)
