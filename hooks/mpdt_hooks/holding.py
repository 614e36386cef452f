"""Does something unknown hold this code object? Told from its reference count, without a look at the heap."""

from __future__ import annotations

import sys
from types import CodeType

from mpdt_hooks.codes import merge_codes

_SAMPLE = """
def outer():
    def inner():
        pass
    return inner
"""


class Calibration:
    """How many references a replaced code object has when every holder is known.

    The count depends on the Python version and on our own structures, so it is measured once, in the very structure
    in which it is used: a CodePair, its enclosing code's constants, and the functions that hold it.
    """

    def __init__(self) -> None:
        old = compile(_SAMPLE, "<calibration>", "exec", dont_inherit=True)
        new = compile("\n" + _SAMPLE, "<calibration>", "exec", dont_inherit=True)
        names: dict[str, object] = {}
        exec(old, names)
        self._base = 0
        for pair in merge_codes(old, new)[1]:
            if pair.old.co_name == "outer":
                while self.has_unknown_holder(pair.old, 1):
                    self._base += 1

    def has_unknown_holder(self, code: CodeType, known: int) -> bool:
        """Whether more than the ``known`` functions hold the code: a closure, a suspended frame, a wrapper."""
        return sys.getrefcount(code) - known > self._base
