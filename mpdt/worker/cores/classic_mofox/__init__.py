"""The classic MoFox-Core: the real one, in whose process and on whose loop this runs. Nothing of it is imported before
it is up.
"""

from mpdt.worker.cores.classic_mofox.core import MODULE, ClassicCore, tells
from mpdt.worker.cores.classic_mofox.visiting import visit

__all__ = ["MODULE", "ClassicCore", "tells", "visit"]
