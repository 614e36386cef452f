"""Definitions that are no longer where they were: whoever holds the old function or class, or an instance, is stuck.

A name that only moves to another file is made there anew. What was kept of the old one in a list, on an instance or in
a task would go on with code that no file has.
"""

from __future__ import annotations

import gc
import sys
from collections import deque
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import _lru_cache_wrapper, partial
from pathlib import Path
from types import AsyncGeneratorType, CoroutineType, FrameType, FunctionType, GeneratorType, ModuleType
from typing import Any

from mpdt_hooks import rude
from mpdt_hooks.live import own_attributes
from mpdt_hooks.model import DefRef
from mpdt_hooks.outline import Statement, StatementKind
from mpdt_hooks.refusal import Refused
from mpdt_hooks.sentence import said
from mpdt_hooks.static import module_of, noted, unwrapped
from mpdt_hooks.tracker import SourceRevision

_BINDS = (StatementKind.BIND, StatementKind.BLOCK)
_DEFINES = (StatementKind.FUNCTION, StatementKind.CLASS, StatementKind.BLOCK)
_STATE = (list, dict, set, object, deque, partial, _lru_cache_wrapper)  # what is told apart by its identity, or filled
SUSPENDED = (CoroutineType, GeneratorType, AsyncGeneratorType)
_LOOPS = ("asyncio", "_asyncio", "uvloop")  # what is scheduled there is held by a loop that no namespace may name
_ENOUGH = 5000  # holders of holders, after which somebody is taken to hold it


@dataclass(frozen=True, slots=True)
class Away:
    """Something that its module no longer makes, as it was."""

    module: str
    name: str
    path: Path
    line: int
    value: Any

    @property
    def is_class(self) -> bool:
        return issubclass(type(self.value), type)

    def parts(self) -> list[Any]:
        """It, and the functions of a class: who holds one of them holds it, too."""
        own = map(unwrapped, vars(self.value).values()) if self.is_class else ()
        return [self.value, *(one for one in own if type(one) is FunctionType and module_of(one) == self.module)]


def moved_away(
    old: Mapping[str, SourceRevision],
    new: Mapping[str, SourceRevision],
    dropped: Mapping[str, SourceRevision],
    defined: Collection[str],
    tracked: Collection[str],
) -> tuple[Away, ...]:
    """What moves, or is a class and goes. ``old`` and ``new``: edited modules. ``dropped``: modules that go.
    ``defined``: names that these modules, or new ones, bind from now on, but by imports."""
    found: list[Away] = []
    for module, revision in (*old.items(), *dropped.items()):
        outline = new[module].outline if module in new and module not in dropped else None
        statements = outline.statements if outline is not None else ()
        imported = {one.bound for statement in statements for one in statement.uses.imports if not one.lazy}
        for one in _made_by(module, revision, tracked):
            is_definition = one.is_class or type(one.value) is FunctionType
            kinds = _DEFINES if is_definition else (*_DEFINES, StatementKind.BIND)
            if one.name in _names(statements, kinds) - imported:
                continue
            if one.name in defined or one.is_class or (is_definition and module in dropped):
                found.append(one)
    return tuple(found)


def _names(statements: Iterable[Statement], kinds: Collection[StatementKind], prefix: str = "") -> set[str]:
    """The names that statements of these kinds bind, those of nested classes dotted."""
    found: set[str] = set()
    for one in statements:
        if one.kind in kinds and (not prefix or one.kind is StatementKind.CLASS):
            found |= {f"{prefix}{name}" for name in (*one.binds, one.name) if name}
        if one.kind is StatementKind.CLASS:
            found |= _names(one.children, kinds, f"{prefix}{one.name}.")
    return found


def _made_by(module: str, revision: SourceRevision, tracked: Collection[str]) -> Iterator[Away]:
    assert revision.outline is not None
    for statement in revision.outline.statements:
        if statement.kind not in (*_DEFINES, *_BINDS):
            continue
        for name in sorted(_names([statement], (*_DEFINES, *_BINDS))):
            value = _found(module, name)
            if _moves(module, value, tracked):
                yield Away(module, name, revision.path, statement.first, value)


def _found(module: str, name: str) -> Any:
    """What a dotted name of a module leads to, through classes; None if it leads nowhere."""
    head, *rest = name.split(".")
    value = own_attributes(sys.modules.get(module)).get(head)
    for part in rest:
        value = vars(value).get(part) if issubclass(type(value), type) else None
    return value


def _moves(module: str, value: Any, tracked: Collection[str]) -> bool:
    """Whether it matters which object of its kind this is, and the module has made it."""
    if issubclass(type(value), FunctionType | type):
        return module_of(value) == module
    return type(value) in _STATE or module_of(value) in tracked


def check_moved_away(away: Sequence[Away], tracked: Collection[str]) -> None:
    """Raises Refused if anything but the engine holds one of them. Asked when the patch has been carried out.

    What a module names, it still makes: by another name (``Base = Two`` was ``Base = One``).
    """
    if not away:
        return
    named = {id(value) for module in tracked for value in list(own_attributes(sys.modules.get(module)).values())}
    away = [one for one in away if id(one.value) not in named and _found(one.module, one.name) is not one.value]
    values = [part for one in away for part in one.parts()]
    if not values or not are_held(values):
        return
    one = next((one for one in away if are_held(one.parts())), away[0])
    ref = DefRef(one.module, one.name)
    if one.is_class:
        what = said("{name} is no longer defined here, and instances, subclasses or holders live on.", name=one.name)
        raise Refused(rude.rude_edit(rude.REPLACED, ref, one.path, one.line, what))
    what = said("{name} is no longer defined here, and something holds it still.", name=one.name)
    raise Refused(rude.rude_edit(rude.PROOF, ref, one.path, one.line, what))


def are_held(values: list[Any]) -> bool:
    """Whether a namespace, a suspended frame or an event loop leads to one of these values.

    What is only held by the undo log, or by itself in a circle, is not: it goes when the transaction holds.
    """
    namespaces = {
        id(vars(mod)) for name, mod in list(sys.modules.items()) if isinstance(mod, ModuleType) and not _is_ours(name)
    }
    seen = {id(value) for value in values} | {id(values)}
    level = values
    own: list[object] = []  # kept, so that nobody else gets their ids
    while level:
        # A tuple of our own: from CPython 3.13 on the one that a call makes is found, too (Modules/gcmodule.c).
        asked = tuple(level)
        holders = gc.get_referrers(*asked)
        own += [asked, level, holders]
        level = []
        seen |= {id(own), id(level), *map(id, own[-3:])}
        for one in holders:
            if id(one) in seen or _lets_go(one):
                continue
            if id(one) in namespaces or _is_running(one):
                return True
            seen.add(id(one))
            level.append(one)
        if len(seen) > _ENOUGH:
            return True
    return False


def _is_ours(module: object) -> bool:
    return isinstance(module, str) and module.partition(".")[0] == "mpdt_hooks"


def _lets_go(holder: object) -> bool:
    """Whether it is the engine's, or one of the caches of ``typing``: those are asked for what is written only."""
    if isinstance(holder, FrameType):
        return _is_ours(holder.f_globals.get("__name__"))
    if isinstance(holder, _lru_cache_wrapper):
        return getattr(holder, "__module__", "") == "typing"
    if isinstance(holder, FunctionType):
        return _is_ours(holder.__module__)
    return _is_ours(noted(type(holder), "__module__"))


def _is_running(holder: object) -> bool:
    if type(holder) in SUSPENDED:
        return True
    home = noted(type(holder), "__module__")
    return isinstance(home, str) and home.partition(".")[0] in _LOOPS
