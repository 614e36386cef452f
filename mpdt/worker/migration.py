"""Which of a version's data goes over to the next one, and how it gets there.

An attribute goes over if it changed since the constructor and the new constructor still starts from the same value: an
edited start value is to be seen. What the plugin names in ``__mpdt_keep__`` goes over also unchanged.
"""

from __future__ import annotations

import enum
import hashlib
import sys
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from types import ModuleType
from typing import Any

from mpdt.worker.state import ATOMS, VALUES, Carrier, fields_of

KEEP = "__mpdt_keep__"
CORE_ATTRIBUTES = frozenset({"config"})  # set by the core at each load
DEPTH = 12  # how deep a value is looked into, to see whether it changed


@dataclass(frozen=True, slots=True)
class State:
    """What a version holds: attributes by name, kept globals by ``module:name``.

    ``initial`` has the marks of the values that they started with, ``hook`` what the plugin's own hook returned.
    """

    values: Mapping[str, Any] = field(default_factory=dict)
    initial: Mapping[str, str] = field(default_factory=dict)
    kept: frozenset[str] = frozenset()
    hook: Any = None
    schema: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Carried:
    """``names`` went over, ``lost`` could not; ``foreign`` are the objects that went over themselves."""

    names: tuple[str, ...] = ()
    lost: tuple[str, ...] = ()
    foreign: tuple[Any, ...] = ()
    hook: Any = None
    schema: Mapping[str, Any] = field(default_factory=dict)


def mark(value: Any) -> str:
    """A short text that differs if the value does. What cannot be looked into is marked by its class."""
    return hashlib.blake2b(repr(outline(value, DEPTH)).encode("utf-8", "backslashreplace"), digest_size=12).hexdigest()


def outline(value: Any, depth: int) -> Any:
    kind = type(value)
    if kind in ATOMS:
        return value
    if depth == 0:
        return kind.__qualname__
    if isinstance(value, enum.Enum):
        return kind.__qualname__, value.name
    if isinstance(value, VALUES):
        return str(value)
    if isinstance(value, Mapping):
        return kind.__qualname__, [(outline(key, depth - 1), outline(one, depth - 1)) for key, one in value.items()]
    if isinstance(value, set | frozenset):
        return kind.__qualname__, sorted(repr(outline(one, depth - 1)) for one in value)
    if kind.__module__ in ("builtins", "collections") and isinstance(value, Iterable):
        return kind.__qualname__, [outline(one, depth - 1) for one in value]
    fields = fields_of(value) if kind.__module__ not in sys.stdlib_module_names else {}
    return kind.__qualname__, [(name, outline(one, depth - 1)) for name, one in sorted(fields.items())]


def own(modules: Mapping[str, ModuleType]) -> Callable[[type], bool]:
    """Is a class the plugin's? By its module's package, for the module itself may be gone in the new version."""
    packages = frozenset(name.partition(".")[0] for name in modules)
    return lambda cls: cls.__module__.partition(".")[0] in packages


def attributes(instance: object) -> dict[str, Any]:
    """The attributes that may go over: all, or those that the class names in ``__mpdt_keep__``."""
    named = kept_names(getattr(type(instance), KEEP, None))
    found = getattr(instance, "__dict__", {})
    return {
        name: value for name, value in found.items() if name not in CORE_ATTRIBUTES and (named is None or name in named)
    }


def kept_names(names: Any) -> frozenset[str] | None:
    if names is None:
        return None
    return frozenset([names] if isinstance(names, str) else [str(name) for name in names])


def kept_globals(modules: Mapping[str, ModuleType]) -> dict[str, Any]:
    """The module globals named in ``__mpdt_keep__``, by ``module:name``."""
    return {
        f"{module_name}:{name}": vars(module)[name]
        for module_name, module in modules.items()
        for name in sorted(kept_names(vars(module).get(KEEP)) or ())
        if name in vars(module)
    }


def held(instance: object, modules: Mapping[str, ModuleType]) -> dict[str, Any]:
    return {**attributes(instance), **kept_globals(modules)}


def marks(instance: object, modules: Mapping[str, ModuleType]) -> dict[str, str]:
    """Taken right after the constructor: what the values start with."""
    found = {}
    for name, value in held(instance, modules).items():
        try:
            found[name] = mark(value)
        except Exception:  # noqa: BLE001 - iterating over a value of the plugin's runs its code
            found[name] = type(value).__qualname__
    return found


def collect(instance: object, modules: Mapping[str, ModuleType], initial: Mapping[str, str], hook: Any) -> State:
    """The present state of a version, uncopied."""
    values = held(instance, modules)
    named = kept_names(getattr(type(instance), KEEP, None)) or frozenset()
    kept = named | kept_globals(modules).keys()
    return State(values, initial, frozenset(kept), hook, schema_of(instance, values))


def schema_of(instance: object, values: Mapping[str, Any]) -> dict[str, Any]:
    """What the old version was: its version, and the classes of its values by name."""
    classes = {name: f"{type(value).__module__}.{type(value).__qualname__}" for name, value in values.items()}
    return {"version": str(getattr(instance, "plugin_version", "")), "values": classes}


def migrate(state: State, instance: object, modules: Mapping[str, ModuleType]) -> Carried:
    """Give a fresh version the state of another; its own hook is not called here."""
    fresh = held(instance, modules)
    start = marks(instance, modules)
    carrier = Carrier(modules, own(modules))
    names, lost = [], []
    for name, value in state.values.items():
        if not is_wanted(name, value, state, fresh.keys(), start):
            continue
        try:
            carried = carrier.carry(value, foreign=name in state.kept)
        except Exception:  # noqa: BLE001 - making an object anew, and hashing it, runs the plugin's code
            lost.append(name)
            continue
        place(name, carried, instance, modules)
        names.append(name)
    try:
        hook = carrier.carry(state.hook, foreign=True) if state.hook is not None else None
    except Exception:  # noqa: BLE001 - as above
        hook = None
        lost.append("mpdt_save_state")
    return Carried(tuple(names), tuple(lost), tuple(carrier.by_reference), hook, state.schema)


def is_wanted(name: str, value: Any, state: State, fresh: Iterable[str], start: Mapping[str, str]) -> bool:
    if name not in state.initial:
        return name not in fresh and ":" not in name
    if name not in fresh or start.get(name) != state.initial[name]:
        return False
    try:
        return name in state.kept or mark(value) != state.initial[name]
    except Exception:  # noqa: BLE001 - as in ``marks``
        return True


def place(name: str, value: Any, instance: object, modules: Mapping[str, ModuleType]) -> None:
    module, is_global, attribute = name.rpartition(":")
    if is_global:
        setattr(modules[module], attribute, value)
    else:
        object.__setattr__(instance, attribute, value)
