"""Looks into live objects without running a line of their code: no property, no ``__getattr__``, no ``__repr__``.

Everything goes through the descriptors and methods of the built-in types themselves (``dict.items(value)``, never
``value.items()``): a subclass's overrides, a metaclass and a lying ``__class__`` are not asked.
"""

from __future__ import annotations

import asyncio
import collections
import datetime
import decimal
import enum
import pathlib
import types
import uuid
from itertools import islice
from typing import Any

from mpdt.language import _

_MRO: Any = type.__dict__["__mro__"]
_NAMESPACE: Any = type.__dict__["__dict__"]
_NAME: Any = type.__dict__["__qualname__"]
_MODULE_NAMES: Any = vars(types.ModuleType)["__dict__"]

CUT = 2000  # characters that are looked at of a text, however few of them are shown
RETRIES = 5
TEXTS: tuple[type, ...] = (str, bytes, bytearray)
NUMBERS: tuple[type, ...] = (float, complex, bool, type(None), type(Ellipsis), type(NotImplemented), range)
# Their repr calls nothing that a plugin could have put there.
KNOWN: tuple[type, ...] = (
    *(datetime.date, datetime.timedelta, datetime.timezone, decimal.Decimal, uuid.UUID),
    *(pathlib.PosixPath, pathlib.WindowsPath, pathlib.PurePosixPath, pathlib.PureWindowsPath),
)
MAPPINGS: tuple[type, ...] = (dict,)
SEQUENCES: tuple[type, ...] = (list, tuple, collections.deque)
SETS: tuple[type, ...] = (set, frozenset)


def mro(cls: type) -> tuple[type, ...]:
    found: tuple[type, ...] = _MRO.__get__(cls)
    return found


def namespace(cls: type) -> Any:
    """The class's own names, past a metaclass."""
    return _NAMESPACE.__get__(cls)


def class_name(cls: type) -> str:
    """``module.Qualname``; a built-in's name alone."""
    name = plain(_NAME.__get__(cls))
    module = namespace(cls).get("__module__")
    return name if type(module) is not str or module == "builtins" else f"{module}.{name}"


def plain(text: Any) -> str:
    """The text as an exact ``str``: a subclass's ``__format__`` is not asked."""
    found: str = str.__getitem__(text, slice(None))
    return str.__str__(found)


def type_name(value: object) -> str:
    return class_name(type(value))


def base_of(value: object, kinds: tuple[type, ...]) -> type | None:
    """The first of the built-in kinds that the value's class derives from."""
    known = mro(type(value))
    return next((kind for kind in kinds if kind in known), None)


def is_class(value: object) -> bool:
    return type in mro(type(value))


def is_module(value: object) -> bool:
    return types.ModuleType in mro(type(value))


def has_fields(value: object) -> bool:
    """Has it attributes of its own that say something? Functions, tasks and the like are told in words."""
    return defined_text(value) is None


def hides(value: object) -> bool:
    """Is it something that a secret's name is to hide: a text or number, and not an object or container?"""
    kind = type(value)
    return base_of(value, (*TEXTS, int, float)) is not None and kind is not bool and not is_empty(value)


def is_empty(value: object) -> bool:
    return base_of(value, TEXTS) is not None and length(value) == 0


def is_enum_member(value: object) -> bool:
    return enum.Enum in mro(type(value))


def instance_dict(value: object) -> dict[str, Any]:
    """A copy of the object's ``__dict__``: the real one, also where a class has put a property in its place."""
    if is_module(value):
        found = _MODULE_NAMES.__get__(value)
        return copied(found)
    for cls in mro(type(value)):
        entry = namespace(cls).get("__dict__")
        if type(entry) is types.GetSetDescriptorType:
            found = entry.__get__(value)
            return copied(found) if base_of(found, MAPPINGS) else {}
    return {}


def copied(found: dict[Any, Any]) -> dict[str, Any]:
    return {name: item for name, item in pairs(found) if type(name) is str}


def slots(value: object) -> dict[str, Any]:
    """What is kept in ``__slots__``, the base classes' first."""
    found: dict[str, Any] = {}
    for cls in reversed(mro(type(value))):
        if namespace(cls).get("__module__") == "builtins":
            continue
        for name, member in list(namespace(cls).items()):
            if type(member) is types.MemberDescriptorType and name not in ("__dict__", "__weakref__"):
                try:
                    found[name] = member.__get__(value)
                except (AttributeError, TypeError):  # never set; or of another layout
                    continue
    return found


def fields(value: object) -> list[tuple[str, Any]]:
    """The object's own attributes; Python's and pydantic's bookkeeping is left out."""
    found = {**slots(value), **instance_dict(value)}
    return [(name, item) for name, item in found.items() if not (name.startswith("__") and name.endswith("__"))]


def class_fields(cls: type) -> list[tuple[str, Any]]:
    return [(name, item) for name, item in list(namespace(cls).items()) if not name.startswith("__")]


def module_fields(module: object) -> list[tuple[str, Any]]:
    """A module's globals without what every module has, and without what it imports as modules."""
    return [
        (name, item)
        for name, item in instance_dict(module).items()
        if not name.startswith("__") and types.ModuleType not in mro(type(item))
    ]


def unchanged(read: Any) -> Any:
    """What ``read`` returns; again, if another thread of the plugin's changed the container meanwhile."""
    for _again in range(RETRIES - 1):
        try:
            return read()
        except RuntimeError:
            continue
    return read()


def pairs(value: Any, start: int = 0, stop: int | None = None) -> list[tuple[Any, Any]]:
    """A dict's entries, also a subclass's, of which only those between the two positions."""
    found: list[tuple[Any, Any]] = unchanged(lambda: list(islice(dict.items(value), start, stop)))
    return found


def items(value: Any, start: int = 0, stop: int | None = None) -> list[Any]:
    """The elements of a list, tuple, deque or set, also of a subclass, between the two positions."""
    kind: Any = base_of(value, SEQUENCES + SETS)
    found: list[Any] = unchanged(lambda: list(islice(kind.__iter__(value), start, stop)))
    return found


def length(value: Any) -> int | None:
    kind: Any = base_of(value, MAPPINGS + SEQUENCES + SETS + TEXTS)
    return None if kind is None else int(kind.__len__(value))


def text_of(value: Any, limit: int) -> str | None:
    """The value in words, ``limit`` characters at most; None where only its fields can say what it is."""
    kind = type(value)
    if is_enum_member(value):
        name = instance_dict(value).get("_name_")
        return f"{class_name(kind)}.{name if type(name) is str else '?'}"
    text: Any = base_of(value, TEXTS)
    if text is not None:
        head = text.__getitem__(value, slice(0, CUT))
        return shortened(text.__repr__(head), limit, length(value) or 0)
    if base_of(value, (int,)) and kind is not bool:
        return number(value, limit)
    if base_of(value, (float,)):
        return float.__repr__(value)
    if kind in NUMBERS:
        return shortened(repr(value), limit)
    if kind is datetime.datetime or kind is datetime.time:
        zone = value.tzinfo  # a plugin's own class of time zones would be asked for its name
        return (
            repr(value) if zone is None or type(zone) is datetime.timezone else value.replace(tzinfo=None).isoformat()
        )
    if kind in KNOWN:
        return shortened(repr(value), limit)
    return defined_text(value)


def number(value: Any, limit: int) -> str:
    """An integer; of a huge one its size, for its digits would take long (and Python refuses beyond 4,300)."""
    bits = int.bit_length(value)
    return shortened(int.__repr__(value), limit) if bits < 4000 else _("an integer of {bits:,} bits", bits=bits)


def defined_text(value: Any) -> str | None:
    """Where functions, methods, classes, tasks and coroutines are defined or stand."""
    kind = type(value)
    if kind is types.FunctionType:
        return f"{plain(value.__qualname__)} at {value.__code__.co_filename}:{value.__code__.co_firstlineno}"
    if kind is types.MethodType:
        return defined_text(value.__func__)
    if kind in (types.BuiltinFunctionType, types.WrapperDescriptorType, types.MethodDescriptorType):
        return plain(value.__qualname__)
    if is_class(value):
        return class_name(value)
    if is_module(value):
        name = instance_dict(value).get("__name__")
        return name if type(name) is str else None
    if kind is types.CoroutineType:
        return f"{plain(value.__qualname__)} at {value.cr_code.co_filename}:{value.cr_code.co_firstlineno}"
    if kind in (types.GeneratorType, types.AsyncGeneratorType):
        return plain(value.__qualname__)
    if kind is asyncio.Task:
        return f"{plain(value.get_name())}, {'done' if value.done() else 'running'}"
    return None


def shortened(text: str, limit: int, whole: int = 0) -> str:
    if len(text) <= limit and whole <= CUT:
        return text
    return text[: limit - 1] + "…"
