"""Neo-MoFox: the real one, in whose process and on whose loop this runs. Nothing of it is imported before it is up."""

from mpdt.worker.cores.neo_mofox.core import MODULE, NeoCore, tells
from mpdt.worker.cores.neo_mofox.visiting import visit

__all__ = ["MODULE", "NeoCore", "tells", "visit"]
