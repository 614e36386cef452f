"""The embedded core: the ``src.*`` API that real plugins import, so that a plugin runs without a bot."""

from mpdt.worker.cores.simulated.core import SimulatedCore

__all__ = ["SimulatedCore"]
