"""Watches a statement that runs again: does it reach an instance that is kept, and would be made otherwise?

The plan knows who could read such an instance. Only a run tells whether one of those is called: a library that is
handed a class, say, may call it at once or never.
"""

from __future__ import annotations

import collections
import inspect
import re
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from types import FrameType, MappingProxyType
from typing import Any

from mpdt_hooks.kept_objects import LAMBDA
from mpdt_hooks.static import module_of, unwrapped
from mpdt_hooks.steady import Steadiness, globals_read, writes

_OF_THREADS = frozenset({"_thread", "_queue"})
_PLAIN: frozenset[Any] = frozenset(
    {
        str,
        bytes,
        bytearray,
        int,
        float,
        complex,
        bool,
        tuple,
        list,
        dict,
        set,
        frozenset,
        range,
        slice,
        type(None),
        object,
    }
    | {type, super, property, staticmethod, classmethod, re.Pattern, re.Match, type({}.keys()), type({}.values())}
    | {type({}.items()), MappingProxyType, collections.deque, collections.OrderedDict, collections.defaultdict}
)
_ACTING = frozenset({"open", "exec", "eval", "compile", "input", "print", "breakpoint", "__import__"})
# Modules written in C of which no function acts on anything but what it is handed.
_COMPUTING = frozenset(
    {"_sre", "re", "math", "cmath", "operator", "_operator", "functools", "_functools", "itertools", "_collections"}
    | {"collections", "_abc", "_json", "_struct", "marshal", "_bisect", "_heapq", "_weakref", "unicodedata", "binascii"}
    | {"_typing", "_stat", "_string", "_md5", "_sha1", "_sha2", "_sha256", "_blake2", "_hashlib", "_statistics"}
)


# What gives another answer each time, and changes nothing.
_TELLING = frozenset(
    {"time.time", "time.time_ns", "time.monotonic", "time.monotonic_ns", "time.perf_counter", "_thread.allocate_lock"}
)


@dataclass(slots=True)
class Watch:
    """Tells whether somebody who matters is called.

    ``files``: the module of each tracked file. ``readers``: definitions that matter, and classes all of whose methods
    do. ``kept``: objects that matter if anybody is handed them; of a class, its instances too. ``steadiness``: nothing
    is called that could act on the world outside, and no code of the plugin that reads what may have been otherwise on
    import, or writes.
    """

    files: Mapping[str, str]
    readers: frozenset[tuple[str, str]]
    kept: list[Any]
    steadiness: Steadiness | None = None
    aside: dict[str, Any] | None = None  # names of code that may write: what it writes is known
    seen: str = ""  # who was called, in words; "" if nobody was

    def called(self, frame: FrameType, event: str, called: object) -> None:
        """The profile function: https://docs.python.org/3/library/sys.html#sys.setprofile"""
        if frame.f_globals.get("__name__", "").startswith("mpdt_hooks."):  # our own calls
            return
        if event == "c_call":
            self._look_at_builtin(called)
        elif event == "call" and frame.f_code.co_flags & inspect.CO_OPTIMIZED:  # not the body of a class
            self._look_at(frame)

    def _look_at_builtin(self, called: object) -> None:
        if self.steadiness is not None and not _is_harmless(called):
            self._stop(getattr(called, "__qualname__", "") or type(called).__name__)
        elif type(getattr(called, "__self__", None)).__module__ in _OF_THREADS:  # what another thread does is not seen
            self.seen = self.seen or "another thread"

    def _look_at(self, frame: FrameType) -> None:
        code = frame.f_code
        module = self.files.get(code.co_filename)
        outermost = code.co_qualname.partition(".<locals>")[0]
        values = list(frame.f_locals.values())
        if module is not None and not self.readers.isdisjoint((module, name) for name in _spellings(outermost)):
            self.seen = self.seen or f"{module}:{outermost}"
        elif any(_is_of(value, one) for value in values for one in self.kept):
            self.seen = self.seen or code.co_qualname
        if self.steadiness is None:
            return
        if module is not None and not self._is_steady(frame, module, values):
            self._stop(f"{module}:{outermost}")
        if module is None and any(map(self._is_the_plugins, values)) and writes(code):  # a host's registry, say
            self._stop(code.co_qualname)

    def _is_the_plugins(self, value: Any) -> bool:
        return module_of(unwrapped(value)) in self.files.values()

    def _is_steady(self, frame: FrameType, module: str, values: list[Any]) -> bool:
        assert self.steadiness is not None
        if frame.f_globals is self.aside:
            return True
        if writes(frame.f_code):
            return False
        if any(map(self.steadiness.was_there, values)):
            return False
        space = frame.f_globals
        names = [name for name in globals_read(frame.f_code) if name in space]
        return all(self.steadiness.is_steady(module, name, space[name]) for name in names)

    def _stop(self, who: str) -> None:
        self.seen = self.seen or who
        raise Guarded(who)


@dataclass(slots=True)
class Guard:
    """Stops whatever could act on the world outside, or write to what was there: only whether the rest raises is asked.

    More is let through than by a ``Watch``, as it need not give the same each time.
    """

    def called(self, frame: FrameType, event: str, called: object) -> None:
        if frame.f_globals.get("__name__", "").startswith("mpdt_hooks."):
            return
        if event == "c_call":
            name = f"{getattr(called, '__module__', '')}.{getattr(called, '__name__', '')}"
            owner = type(getattr(called, "__self__", None)).__module__
            if name not in _TELLING and owner != "pydantic_core._pydantic_core" and not _is_harmless(called):
                raise Guarded(name)
        elif event == "call" and frame.f_code.co_flags & inspect.CO_OPTIMIZED and writes(frame.f_code):
            raise Guarded(frame.f_code.co_qualname)


class Guarded(BaseException):
    """Raised in place of a call that could act on the world outside: the plugin is not meant to catch it."""


def _is_harmless(function: object) -> bool:
    """Whether a function written in C only computes."""
    owner = getattr(function, "__self__", None)
    if owner is None:  # a method, looked up in its class
        owner = getattr(function, "__objclass__", None)
    if any(type(owner) is one or owner is one for one in _PLAIN):
        return True
    module = getattr(function, "__module__", None) or getattr(owner, "__name__", "")
    if module == "builtins":
        return getattr(function, "__name__", "") not in _ACTING
    return module in _COMPUTING


def _spellings(qualname: str) -> Iterator[str]:
    """By what names a definition may be known: its own, that of a lambda in a statement, those of its classes."""
    parts = qualname.split(".")
    if parts[-1].startswith("<"):  # a comprehension, like a lambda, has no name to be found by
        parts[-1] = LAMBDA
    yield from (".".join(parts[:length]) for length in range(1, len(parts) + 1))


def _is_of(value: Any, one: Any) -> bool:
    return value is one or (issubclass(type(one), type) and one in type(value).__mro__)


@contextmanager
def watching(watch: Watch | None) -> Iterator[None]:
    """While the block runs, who is called in this thread is looked at. A profiler that runs is put back afterwards."""
    if watch is None:
        yield
        return
    resume = pause_profiler()
    sys.setprofile(watch.called)
    try:
        yield
    finally:
        resume()


def pause_profiler() -> Callable[[], None]:
    """Make room for a profile function of our own. What comes back puts a profiler that ran in its place again.

    Up to CPython 3.11 ``sys.getprofile()`` may give cProfile's, which is no function (Modules/_lsprof.c): put back as
    one, it would raise TypeError at the next call, whoever makes it.
    """
    before: Any = sys.getprofile()
    if before is None or callable(before):
        return lambda: sys.setprofile(before)
    before.disable()
    resume: Callable[[], None] = before.enable
    return resume
