"""NamedTuples and TypedDicts: what ``typing`` makes of their fields, taken over by the live class.

Neither has a memory layout of its own: a NamedTuple's instances are tuples, a TypedDict's are dicts.
"""

from __future__ import annotations

import gc
from collections.abc import Callable, Collection, Iterator, Sequence, Set
from typing import Any

from mpdt_hooks.fields import CannotRegenerate, instances_of
from mpdt_hooks.graph import Name
from mpdt_hooks.live import raw_lookup
from mpdt_hooks.sentence import said
from mpdt_hooks.undo import UndoLog

# What collections.namedtuple and typing.NamedTuple put into the class (Lib/collections/__init__.py, Lib/typing.py).
_OF_TUPLES = (
    "_fields", "_field_defaults", "__new__", "_make", "_replace", "__replace__", "__repr__", "_asdict",
    "__getnewargs__", "__match_args__", "__annotations__",
)  # fmt: skip
_OF_DICTS = (
    "__annotations__", "__required_keys__", "__optional_keys__", "__readonly_keys__", "__mutable_keys__", "__total__",
    "__closed__", "__extra_items__",
)  # fmt: skip


def is_named_tuple(cls: type) -> bool:
    """Whether a class statement with the base NamedTuple made the class."""
    own = vars(cls)
    bases = own.get("__orig_bases__", ())
    return "_field_defaults" in own and any(getattr(one, "__name__", "") == "NamedTuple" for one in bases)


def is_typed_dict(cls: type) -> bool:
    return "__total__" in vars(cls) and "__required_keys__" in vars(cls)


def regenerate_named_tuple(cls: Any, made: Any, own: Set[str], undo: UndoLog) -> None:
    """Take over the fields of ``made``, which the new statement makes. ``own``: the names that its body binds.

    A tuple that lives keeps the items that it was made with: with other fields, or defaults, there must be none.
    """
    differs = made._fields != cls._fields or not _are_alike(made._field_defaults, cls._field_defaults)
    if differs and next(instances_of(cls), None) is not None:
        raise CannotRegenerate(said("there are instances, which cannot get other items"))
    undo.class_namespace(cls)
    for name in cls._fields:
        if name not in made._fields and name not in own and name in vars(cls):
            type.__delattr__(cls, name)
    for name in made._fields:
        type.__setattr__(cls, name, vars(made)[name])
    _take_over(cls, made, [name for name in _OF_TUPLES if name == "__annotations__" or name not in own])
    if "__doc__" not in own:
        cls.__doc__ = made.__doc__


def _are_alike(some: dict[str, Any], others: dict[str, Any]) -> bool:
    """Whether two tables of defaults hold the same: constants by value, anything else by identity."""
    return some.keys() == others.keys() and all(_is_alike(value, others[name]) for name, value in some.items())


def _is_alike(value: Any, other: Any) -> bool:
    plain = (int, float, str, bytes, bool, type(None))
    return value is other or (type(value) is type(other) and type(value) in plain and repr(value) == repr(other))


def regenerate_typed_dict(
    cls: Any, made: Any, heirs: Collection[Name], written_bases: Callable[[type], Sequence[Any] | None], undo: UndoLog
) -> None:
    """Take over the keys of ``made``, which the new statement makes.

    A TypedDict that inherits from it holds a copy of its keys: ``heirs`` are those that are made again, too.
    ``written_bases``: what is written in the head of another one's statement, None if that is not known.
    """
    for one in _heirs_of(cls, written_bases):
        if (one.__module__, one.__qualname__) not in heirs:
            raise CannotRegenerate(said("{subclass} has copied its keys", subclass=one.__qualname__))
    undo.class_namespace(cls)
    _take_over(cls, made, _OF_DICTS)


def _take_over(cls: type, made: type, names: Collection[str]) -> None:
    for name in names:
        if name in vars(made):
            type.__setattr__(cls, name, vars(made)[name])


def _is_bound(cls: type) -> bool:
    """Whether the class is where its name says: else nobody has it any more; what a function made may be anywhere."""
    if "<locals>" in cls.__qualname__:
        return True
    try:
        return raw_lookup(cls.__module__, cls.__qualname__) is cls
    except LookupError:
        return False


def _heirs_of(cls: Any, written_bases: Callable[[type], Sequence[Any] | None]) -> Iterator[Any]:
    """The TypedDicts that inherit, or may have inherited, from one: it is no base class of theirs.

    CPython 3.12 and later note it in ``__orig_bases__``; else, where no source tells, whoever has all its keys may be
    one. What has its name is it, as an earlier patch made it again.
    """
    keys = vars(cls)["__annotations__"]
    for one in gc.get_referrers(type(cls)):
        if type(one) is not type(cls) or (one.__module__, one.__qualname__) == (cls.__module__, cls.__qualname__):
            continue
        if not _is_bound(one):
            continue
        bases = vars(one).get("__orig_bases__") or written_bases(one)
        if bases is not None:
            if any(base is cls or getattr(base, "__origin__", None) is cls for base in bases):
                yield one
        elif all(vars(one).get("__annotations__", {}).get(name) is note for name, note in keys.items()):
            yield one
