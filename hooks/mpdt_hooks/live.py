"""From definitions to live objects: who holds a function, what a name leads to, what is inside of a wrapper."""

from __future__ import annotations

import builtins
import functools
import gc
import sys
from collections import ChainMap
from collections.abc import Iterable, Iterator, Mapping
from types import CodeType, FunctionType, MethodType, ModuleType
from typing import Any

_LRU_WRAPPER = functools._lru_cache_wrapper
_CONTAINERS = (list, tuple, set, frozenset, dict)


def parts_of(value: Any) -> Iterator[Any]:
    """The objects directly inside of a wrapper, descriptor, closure or container in which functions are kept."""
    if issubclass(type(value), FunctionType):
        for cell in value.__closure__ or ():
            try:
                yield cell.cell_contents
            except ValueError:  # a cell that is not filled yet
                continue
        yield from value.__defaults__ or ()
        yield from (value.__kwdefaults__ or {}).values()
        yield from value.__dict__.values()
    elif issubclass(type(value), staticmethod | classmethod | MethodType):
        yield value.__func__
    elif issubclass(type(value), property):
        yield from (value.fget, value.fset, value.fdel)
    elif issubclass(type(value), functools.partial):
        yield value.func
        yield from value.args
        yield from value.keywords.values()
    elif issubclass(type(value), (functools.cached_property, functools.partialmethod)):
        yield value.func
    elif issubclass(type(value), functools.singledispatchmethod):
        yield value.func
        yield value.dispatcher
    elif issubclass(type(value), _LRU_WRAPPER):
        yield value.__wrapped__
    elif issubclass(type(value), dict):
        yield from value.values()
    elif issubclass(type(value), _CONTAINERS):
        yield from value
    else:
        # Wrappers of libraries (a command object, pydantic's validator proxies) keep the function in an attribute.
        if not issubclass(type(value), type | ModuleType):
            yield from own_attributes(value).values()


def own_attributes(value: Any) -> dict[str, Any]:
    """An object's ``__dict__``, past what its class makes of attribute access; empty if it has none.

    A proxy (werkzeug's LocalProxy) may raise anything when it is asked for an attribute; ``isinstance`` asks too, for
    ``__class__``, which is why this module looks at ``type(value)``.
    """
    try:
        own = object.__getattribute__(value, "__dict__")
    except AttributeError:
        return {}
    return own if type(own) is dict else {}


class Holders:
    """The functions that a module's namespace leads to, by the identity of the code that they run."""

    def __init__(self) -> None:
        self._functions: dict[int, list[FunctionType]] = {}
        self._told: dict[int, list[Any]] = {}
        self._seen: set[int] = set()
        self._kept: list[Any] = []  # temporaries must live, or another object gets their id

    def of(self, code: CodeType) -> list[FunctionType]:
        return self._functions.get(id(code), [])

    def told(self, code: CodeType) -> list[Any]:
        """Objects with ``__conform__`` that stand for the code."""
        return self._told.get(id(code), [])

    def add_definition(self, module: str, code: CodeType) -> None:
        """Look where the code's qualified name leads, and nowhere else."""
        *owners, name = code.co_qualname.split(".")
        if "<locals>" in owners:
            return
        try:
            value = raw_lookup(module, ".".join([*owners, mangled(owners[-1], name) if owners else name]))
        except LookupError:
            return
        self.add_namespace({name: value}, module)

    def add_namespace(self, names: dict[str, Any], module: str) -> None:
        """Walk what the names of a module lead to; classes only where this module defines them."""
        pending = list(names.values())
        depth = {id(value): 0 for value in pending}
        while pending:
            value = pending.pop()
            if id(value) in self._seen or issubclass(type(value), _ATOMS):
                continue
            self._seen.add(id(value))
            self._kept.append(value)
            if issubclass(type(value), type):
                if value.__module__ == module:
                    pending.extend(vars(value).values())
                continue
            if issubclass(type(value), ModuleType):
                continue
            level = depth.get(id(value), 0) + 1
            if issubclass(type(value), FunctionType):
                self._functions.setdefault(id(value.__code__), []).append(value)
                level = 0
            elif hasattr(type(value), "__conform__"):
                for inner in gc.get_referents(value):
                    if issubclass(type(inner), CodeType):
                        self._told.setdefault(id(inner), []).append(value)
            if level > 4 or (issubclass(type(value), _CONTAINERS) and len(value) > 10_000):
                continue
            for part in parts_of(value):
                depth.setdefault(id(part), level)
                pending.append(part)

    def add_unknown(self, codes: Iterable[CodeType]) -> list[Any]:
        """One scan of the heap for all of these codes; what holds one and is no function is returned."""
        wanted = {id(code): code for code in codes}
        others: list[Any] = []
        for holder in gc.get_referrers(*wanted.values()):
            if holder is wanted or holder is codes:
                continue
            if issubclass(type(holder), FunctionType):
                known = self._functions.setdefault(id(holder.__code__), [])
                if not any(holder is one for one in known):
                    known.append(holder)
            elif hasattr(type(holder), "__conform__"):
                for inner in gc.get_referents(holder):
                    told = self._told.setdefault(id(inner), [])
                    if id(inner) in wanted and not any(holder is one for one in told):
                        told.append(holder)
            else:
                others.append(holder)
        return others

    def forget(self) -> None:
        self.__init__()  # type: ignore[misc]


_ATOMS = (str, bytes, int, float, complex, bool, type(None), CodeType)


def raw_lookup(module: str, qualname: str) -> Any:
    """What a qualified name leads to, starting from ``sys.modules``, without binding descriptors.

    Raises LookupError if a part of the name is missing.
    """
    current: Any = sys.modules[module]
    for part in qualname.split("."):
        try:
            current = vars(current)[part]
        except (KeyError, TypeError):
            raise LookupError(f"{module}:{qualname}") from None
    return current


def resolve(name: str, names: Mapping[str, Any]) -> Any:
    """What a dotted name of the source leads to in a namespace, None if nothing."""
    head, *rest = name.split(".")
    value = names.get(head, getattr(builtins, head, None))
    for part in rest:
        try:
            value = getattr(value, part, None)
        except Exception:  # noqa: BLE001 - the plugin's object answers: a proxy without anything behind it raises
            return None
    return value


def names_in_class(qualname: str, names: Mapping[str, Any]) -> Mapping[str, Any]:
    """What the body of a class sees, by its qualified name: its own names before the module's."""
    cls = resolve(qualname, names) if qualname else None
    if not issubclass(type(cls), type):
        return names
    return ChainMap(vars(cls), names)  # type: ignore[arg-type]  # nothing is written to it


def mangled(class_name: str, name: str) -> str:
    """A private name is stored under its class's name (Doc/reference/expressions, private name mangling)."""
    owner = class_name.lstrip("_")
    private = name.startswith("__") and not name.endswith("__")
    return f"_{owner}{name}" if private and owner else name


def functions_in(value: Any, depth: int = 6) -> Iterator[FunctionType]:
    """The functions that a decorated definition consists of, itself included."""
    pending = [(value, depth)]
    seen: set[int] = set()
    while pending:
        current, left = pending.pop()
        if id(current) in seen or issubclass(type(current), (*_ATOMS, type, ModuleType)):
            continue
        seen.add(id(current))
        if issubclass(type(current), FunctionType):
            yield current
        if left:
            pending.extend((part, left - 1) for part in parts_of(current))
