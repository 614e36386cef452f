"""``src.*`` of the classic MoFox-Core, simulated, for plugins whose history is replayed."""

from benchmarks.replay.cores import enter
from mpdt.worker.cores.simulated.flavours import Flavour

enter(Flavour.CLASSIC)
