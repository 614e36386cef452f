"""What one statement does with names: the values that an outline is made of. Pure.

Names are dotted where the source is (``config.TIMEOUT``): the graph finds out what the first part is.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass

from mpdt_hooks.names import OWN, PATH, Imported

ITEM = "__class_getitem__"


@dataclass(frozen=True, slots=True)
class Application:
    """A call that runs with the statement: what is called, and the names handed to it (it may call them)."""

    callee: str  # dotted, or "" where it is no plain name
    passed: tuple[str, ...]
    stored: bool = False  # its result is only stored: nothing looks into it
    thrown: bool = False  # its result is thrown away
    decorates: bool = False
    called: bool = False  # of a decorator: it has arguments, and what it returns decorates
    # Of a decorator without a name (``@TABLE["x"]``) ``passed`` are the names in it.
    made: tuple[str, ...] = ()  # callees whose results are handed to it: it may call those, too


@dataclass(frozen=True, slots=True)
class Uses:
    """What one statement does with names.

    binds: names that it binds or deletes in its own scope.
    reads: names evaluated when it runs.
    behaves: those of them whose behaviour matters, not only whose identity: operands, iterables, what is looked into.
    items: names of which an item is taken, and only stored (``x = TABLE[KEY]``).
    keys: names in subscripts (``TABLE[KEY]``, ``Box[Item]``), which matter by identity if they are classes.
    exports: the names in ``__all__ = [...]``, if it is written out, or those of a ``global`` statement.
    applied: calls that it makes.
    deferred: names that the functions in it read when they are called.
    checked: those of them that are only handed to ``isinstance`` and the like (``FreeNames``).
    called: names that it, and the functions in it, only call: what is said of them (a docstring) does not matter.
    imports: what it imports, in the functions in it too.
    annotates: names that it puts into ``__annotations__``.
    acts: whether it does anything but bind: a thrown-away call, a store into an object, ``with``.
    fills: what it adds to or stores into, if it acts in no other way: ``x`` of ``x.append(1)`` and ``x[k] = v``,
        ``f.help`` of ``f.help = "h"`` (``fills.py``).
    labels: whether all that it does beside is to set one attribute on each of the module's exports (``label_of``).
    wrapped: those of what is deferred that only functions in a function read, which it makes and returns.
    wrapped_twice: the same, one level further in.
    wrapped_by: what decorates those functions: if it is the plugin's own, it may call them at once.
    typed: those names that it reads only in the annotation of a variable: what is bound does not come from them.
    invokes: what the functions that it defines call of what they are handed (``invoked``).
    invokes_within: the same of the functions in those.
    perhaps: those names that it reads only in what may not be evaluated: ``x`` of ``a and x``, of ``[x for _ in ()]``.
    makes: of a function that only makes an object, keeps it and gives it: the class, and where (``lazily_made.py``).
    displays: whether it binds one name to a written-out list, tuple, set or dict, or a comprehension.
    """

    binds: tuple[str, ...] = ()
    reads: tuple[str, ...] = ()
    behaves: tuple[str, ...] = ()
    applied: tuple[Application, ...] = ()
    deferred: tuple[str, ...] = ()
    imports: tuple[Imported, ...] = ()
    annotates: tuple[str, ...] = ()
    acts: bool = False
    keys: tuple[str, ...] = ()
    exports: tuple[str, ...] = ()
    items: tuple[str, ...] = ()
    labels: bool = False
    checked: tuple[str, ...] = ()
    displays: bool = False
    typed: tuple[str, ...] = ()
    invokes: tuple[str, ...] = ()
    invokes_within: tuple[str, ...] = ()
    wrapped: tuple[str, ...] = ()
    wrapped_twice: tuple[str, ...] = ()
    wrapped_by: tuple[str, ...] = ()
    fills: tuple[str, ...] = ()
    called: tuple[str, ...] = ()
    perhaps: tuple[str, ...] = ()
    makes: tuple[str, ...] = ()

    @property
    def is_inert(self) -> bool:
        """Whether running it evaluates, calls and imports nothing, as of most functions."""
        return not (self.reads or self.behaves or self.applied or self.imports or self.keys or self.items)


NO_USES = Uses()


def mentioned(uses: Uses) -> tuple[str, ...]:
    """The identifiers in all that a statement uses: every part of every dotted name, and what it imports."""
    names = {*uses.reads, *uses.behaves, *(name for name in uses.deferred if not name.startswith(OWN))}
    for call in uses.applied:
        names.add(call.callee)
        names.update(call.passed)
    for one in uses.imports:
        names |= {one.name, one.bound, one.module}
    return tuple({sys.intern(part) for name in names for part in name.lstrip(PATH).split(".")} - {""})
