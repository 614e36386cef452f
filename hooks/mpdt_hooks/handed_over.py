"""Functions and classes that a call hands to others: ``bus.on(handler)`` puts one where the call stands.

What a decorator or a hook notes is noted where the definition stands; what is handed over later comes later.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from types import FunctionType
from typing import Any

from mpdt_hooks.live import names_in_class, resolve
from mpdt_hooks.outline import Statement, StatementKind
from mpdt_hooks.static import module_of, unwrapped
from mpdt_hooks.tracker import SourceRevision

_CONTAINERS = (list, tuple, set, frozenset, dict)
# Classes have many uses in functions; what counts is that one is an argument. Told from the text.
_CALL = re.compile(rb"(\w+)\(([^()\n]*)\)")
_ARGUMENT = re.compile(r"(?<![\w.])([^\W\d]\w*)\s*(?=[,)]|$)")
_ASKING = frozenset({b"isinstance", b"issubclass", b"cast", b"except"})
_DEFINING = (StatementKind.FUNCTION, StatementKind.CLASS)


@dataclass(frozen=True, slots=True)
class Handing:
    """``when_called``: it stands in a function, and may have been done at any time."""

    module: str
    statement: Statement
    when_called: bool


def handings(revisions: Mapping[str, SourceRevision]) -> dict[int, list[Handing]]:
    """Where the functions and classes of the plugin's are handed over, by the id of each that is."""
    found: dict[int, list[Handing]] = {}
    for module, revision in revisions.items():
        names = vars(sys.modules[module]) if module in sys.modules else {}
        arguments = _arguments(revision.source)
        for top in revision.outline.statements if revision.outline is not None else ():
            for statement, around in _with_members(top, ""):
                seen = names_in_class(around, names)
                for value in _definitions([resolve(name, seen) for name in _handed(statement)], statement.kind):
                    found.setdefault(id(value), []).append(Handing(module, statement, False))
                for name in _handed_when_called(statement):
                    for value in _definitions([resolve(name, seen)], statement.kind):
                        if not issubclass(type(value), type) or name in arguments:
                            found.setdefault(id(value), []).append(Handing(module, statement, True))
    return found


def places_of_calls(revisions: Mapping[str, SourceRevision]) -> dict[int, tuple[str, int] | None]:
    """Module and line of the one call on import that hands a function or class to the plugin's own, by its id; None if
    they are several, or a decorator or hook may have done it as well."""
    noted = set()
    for module, revision in revisions.items():
        names = vars(sys.modules[module]) if module in sys.modules else {}
        for top in revision.outline.statements if revision.outline is not None else ():
            for one, around in _with_members(top, ""):
                if one.kind in _DEFINING:
                    value = unwrapped(resolve(one.name, names_in_class(around, names)))
                    bases = value.__mro__[1:] if issubclass(type(value), type) else ()
                    is_told = any(base.__module__ in revisions for base in bases)  # a hook may have noted it
                    if is_told or any(call.decorates for call in one.uses.applied):
                        noted.add(id(value))
    found: dict[int, tuple[str, int] | None] = {}
    for value, handed in handings(revisions).items():
        calls = [one for one in handed if not one.when_called and _is_to_ours(one, revisions)]
        places = {(one.module, one.statement.first) for one in calls}
        if places:
            found[value] = places.pop() if len(places) == 1 and value not in noted else None
    return found


def _arguments(source: bytes) -> set[str]:
    """The names that stand alone as arguments of calls, but of those that only ask what something is."""
    calls = (
        arguments.decode("utf-8", "replace") for callee, arguments in _CALL.findall(source) if callee not in _ASKING
    )
    return {name for text in calls for name in _ARGUMENT.findall(text)}


def _is_to_ours(handing: Handing, revisions: Mapping[str, SourceRevision]) -> bool:
    """Whether a statement calls anything of the plugin's, or adds to a container; ``type(name, (), {})`` does not."""
    names = vars(sys.modules[handing.module])
    for call in handing.statement.uses.applied:
        called = unwrapped(resolve(call.callee, names)) if call.callee else None
        owner = resolve(call.callee.rpartition(".")[0], names) if "." in call.callee else None
        if called is None or module_of(called) in revisions or issubclass(type(owner), _CONTAINERS):
            return True
    return False


def _with_members(statement: Statement, around: str) -> Iterator[tuple[Statement, str]]:
    """A statement and what stands in it, if it is a class, each with the qualified name of the class around it."""
    yield statement, around
    inner = f"{around}.{statement.name}".lstrip(".")
    for child in statement.children:
        yield from _with_members(child, inner)


def _handed(statement: Statement) -> set[str]:
    """The names that a statement hands to calls when it runs; all that it reads where a loop may do it."""
    calls = [call for call in statement.uses.applied if not call.decorates or call.called]
    if statement.kind in (StatementKind.EFFECT, StatementKind.BLOCK) and statement.uses.applied:
        return {*statement.uses.reads} - {*statement.uses.called, *(call.callee for call in statement.uses.applied)}
    return {name for call in calls for name in call.passed}


def _handed_when_called(statement: Statement) -> set[str]:
    uses = statement.uses
    return {*uses.deferred} - {*uses.called, *uses.checked, *uses.typed}


def _definitions(values: Iterable[Any], kind: StatementKind) -> Iterator[Any]:
    """Those that are functions or classes, and those in containers that a loop may go through."""
    for value in values:
        if issubclass(type(value), _CONTAINERS) and kind in (StatementKind.EFFECT, StatementKind.BLOCK):
            inside = [*value, *value.values()] if issubclass(type(value), dict) else value
            yield from (unwrapped(one) for one in inside if _is_definition(one))
        elif _is_definition(value):
            yield unwrapped(value)


def _is_definition(value: Any) -> bool:
    return issubclass(type(unwrapped(value)), type | FunctionType)
