"""Watches a statement that runs again: does it reach an instance that is kept, and would be made otherwise?

The plan knows who could read such an instance. Only a run tells whether one of those is called: a library that is
handed a class, say, may call it at once or never.
"""

from __future__ import annotations

import inspect
import sys
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from types import FrameType
from typing import Any

from mpdt_hooks.kept_objects import LAMBDA


@dataclass(slots=True)
class Watch:
    """``files``: the module of each tracked file. ``readers``: definitions that read a kept instance by name."""

    files: Mapping[str, str]
    readers: Collection[tuple[str, str]]
    kept: list[Any]
    seen: str = ""  # who reached a kept instance, in words; "" if nobody did

    def called(self, frame: FrameType, event: str, _: object) -> None:
        """The profile function: https://docs.python.org/3/library/sys.html#sys.setprofile"""
        code = frame.f_code
        if event != "call" or self.seen or not code.co_flags & inspect.CO_OPTIMIZED:  # not the body of a class
            return
        module = self.files.get(code.co_filename)
        outermost = code.co_qualname.partition(".<locals>")[0]
        if module is not None and ({(module, outermost), (module, _as_lambda(outermost))} & set(self.readers)):
            self.seen = f"{module}:{outermost}"
        elif any(value is one for value in frame.f_locals.values() for one in self.kept):
            self.seen = code.co_qualname


def _as_lambda(qualname: str) -> str:
    """A lambda, or a comprehension, that stands in a statement: it has no name to be found by."""
    owner, _, last = qualname.rpartition(".")
    if not last.startswith("<"):
        return qualname
    return f"{owner}.{LAMBDA}" if owner else LAMBDA


@contextmanager
def watching(watch: Watch | None) -> Iterator[None]:
    """While the block runs, who is called in this thread is looked at. A profiler that runs is put back afterwards."""
    if watch is None:
        yield
        return
    before = sys.getprofile()
    sys.setprofile(watch.called)
    try:
        yield
    finally:
        sys.setprofile(before)
