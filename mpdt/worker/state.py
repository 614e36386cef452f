"""The plugin's own data, carried from one version to the next.

Built-in data is copied, so that a version that fails spoils nothing of the one that stays. Objects of the plugin's own
classes are made anew, field by field, of the class that has their name in the new version. Values of other classes that
mean the same to every version (dates, paths, numbers) go over as they are; other objects only where the plugin names
them in ``__mpdt_keep__``.
"""

from __future__ import annotations

import collections
import dataclasses
import datetime
import decimal
import enum
import fractions
import pathlib
import re
import types
import uuid
from collections.abc import Callable, Mapping
from types import ModuleType
from typing import Any

from mpdt.language import _

ATOMS = (type(None), bool, int, float, complex, str, bytes)
VALUES: tuple[type, ...] = (
    *(datetime.datetime, datetime.date, datetime.time, datetime.timedelta, datetime.timezone),
    *(decimal.Decimal, fractions.Fraction, uuid.UUID, re.Pattern, range, types.EllipsisType),
    *(pathlib.PurePath, enum.Enum),
)
MISSING = object()


class NotCarried(Exception):
    """A value that cannot go over; the text names its class."""


class Carrier:
    """Copies values for another version; one for all values of a plugin, so that what is shared stays shared.

    ``modules`` are the new version's, ``is_own`` says whether a class is the old version's. ``by_reference`` collects
    the foreign objects that went over themselves.
    """

    def __init__(self, modules: Mapping[str, ModuleType], is_own: Callable[[type], bool]) -> None:
        self._modules = modules
        self._is_own = is_own
        self._foreign = False
        self._memo: dict[int, Any] = {}
        self._alive: list[Any] = []  # ids in the memo must not be used again
        self.by_reference: list[Any] = []

    def carry(self, value: Any, *, foreign: bool) -> Any:
        """The value as the new version is to have it; ``foreign`` objects are allowed or not. Raises NotCarried."""
        self._foreign = foreign
        before = set(self._memo)
        try:
            return self._carry(value)
        except BaseException:
            # What was made half must not be found by a value that shares it.
            self._memo = {key: made for key, made in self._memo.items() if key in before}
            raise

    def _carry(self, value: Any) -> Any:
        kind = type(value)
        if kind in ATOMS:
            return value
        if id(value) in self._memo:
            return self._memo[id(value)]
        self._alive.append(value)
        if self._is_own(kind):
            return self._remade(value)
        if isinstance(value, type | types.FunctionType) and self._is_own_definition(value):
            return self._found(value.__module__, value.__qualname__)
        container = self._container(value)
        if container is not MISSING:
            return container
        if isinstance(value, VALUES):
            return value
        if not self._foreign:
            raise NotCarried(f"{kind.__module__}.{kind.__qualname__}")
        self.by_reference.append(value)
        self._memo[id(value)] = value
        return value

    def _is_own_definition(self, value: Any) -> bool:
        return value.__module__ in self._modules

    def _container(self, value: Any) -> Any:
        kind = type(value)
        result: Any
        if kind in (list, set, collections.deque):
            result = collections.deque(maxlen=value.maxlen) if kind is collections.deque else kind()
            self._memo[id(value)] = result
            add = result.add if kind is set else result.append
            for item in list(value):
                add(self._carry(item))
            return result
        if kind in (dict, collections.OrderedDict, collections.Counter, collections.defaultdict):
            is_default = kind is collections.defaultdict
            result = collections.defaultdict(self._carry_factory(value.default_factory)) if is_default else kind()
            self._memo[id(value)] = result
            for key, item in list(value.items()):
                result[self._carry(key)] = self._carry(item)
            return result
        if kind in (tuple, frozenset):
            return kind(self._carry(item) for item in value)
        if kind is bytearray:
            return bytearray(value)
        return MISSING

    def _carry_factory(self, factory: Any) -> Any:
        if factory is None or (isinstance(factory, type) and not self._is_own(factory)):
            return factory
        return self._found(getattr(factory, "__module__", ""), getattr(factory, "__qualname__", repr(factory)))

    def _found(self, module: str, qualname: str) -> Any:
        found: Any = self._modules.get(module)
        for part in qualname.split("."):
            found = getattr(found, part, None)
        if found is None:
            raise NotCarried(_("{module}.{qualname}, which is gone", module=module, qualname=qualname))
        return found

    def _remade(self, value: Any) -> Any:
        old = type(value)
        new = self._found(old.__module__, old.__qualname__)
        if not isinstance(new, type):
            raise NotCarried(
                _("{module}.{qualname}, which is no class any more", module=old.__module__, qualname=old.__qualname__)
            )
        if isinstance(value, enum.Enum):
            if value.name not in getattr(new, "__members__", {}):
                raise NotCarried(_("{qualname}.{name}, which is gone", qualname=old.__qualname__, name=value.name))
            return new.__members__[value.name]  # type: ignore[attr-defined]
        if isinstance(value, tuple) or issubclass(new, BaseException):
            raise NotCarried(f"{old.__module__}.{old.__qualname__}")
        result = new.__new__(new)
        self._memo[id(value)] = result
        items = fields_of(value)
        carried = {name: self._carry(item) for name, item in items.items()}
        for name, item in {**defaults_of(new, carried), **without_removed(new, old, carried)}.items():
            set_field(result, name, item)
        return result


def fields_of(value: Any) -> dict[str, Any]:
    """An object's attributes, also those in slots; what pydantic keeps beside them is kept too."""
    found = dict(getattr(value, "__dict__", {}))
    for cls in type(value).__mro__:
        slots = vars(cls).get("__slots__", ())
        for name in [slots] if isinstance(slots, str) else slots:
            if name not in ("__dict__", "__weakref__") and hasattr(value, name):
                found[name] = getattr(value, name)
    return found


def defaults_of(new: type, carried: Mapping[str, Any]) -> dict[str, Any]:
    """What fields that the old version had not got start with. Raises NotCarried if one has no default."""
    defaults: dict[str, Any] = {}
    for one in dataclasses.fields(new) if dataclasses.is_dataclass(new) else ():
        if one.name in carried or not one.init:
            continue
        if one.default is not dataclasses.MISSING:
            defaults[one.name] = one.default
        elif one.default_factory is not dataclasses.MISSING:
            defaults[one.name] = one.default_factory()
        else:
            raise NotCarried(
                _("{qualname}, whose new field {name} has no default", qualname=new.__qualname__, name=one.name)
            )
    for name, one in getattr(new, "model_fields", {}).items():
        if name not in carried:
            if one.is_required():
                raise NotCarried(
                    _("{qualname}, whose new field {name} has no default", qualname=new.__qualname__, name=name)
                )
            defaults[name] = one.get_default(call_default_factory=True, validated_data={})
    return defaults


def without_removed(new: type, old: type, carried: Mapping[str, Any]) -> dict[str, Any]:
    """Fields that the class no longer declares stay behind; so do slots that it no longer has."""
    gone: set[str] = set()
    if dataclasses.is_dataclass(new) and dataclasses.is_dataclass(old):
        gone = {one.name for one in dataclasses.fields(old)} - {one.name for one in dataclasses.fields(new)}
    gone |= getattr(old, "model_fields", {}).keys() - getattr(new, "model_fields", {}).keys()
    has_dict = bool(getattr(new, "__dictoffset__", 0))
    return {name: item for name, item in carried.items() if name not in gone and (has_dict or hasattr(new, name))}


def set_field(target: Any, name: str, value: Any) -> None:
    """Past a frozen dataclass's or a model's own ``__setattr__``: nothing is to be validated or refused."""
    object.__setattr__(target, name, value)
