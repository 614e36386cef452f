"""Which live objects an edit had no reason to replace."""

from __future__ import annotations

import ast
import types
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

_DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
_SIMPLE = (int, float, complex, str, bytes, tuple, frozenset, bool, type(None), types.ModuleType)


@dataclass(frozen=True, slots=True)
class Binding:
    """What gives a module's name its value: the text of the statements, and the names that they read."""

    text: str
    reads: frozenset[str]


@lru_cache(4096)
def bindings(source: bytes) -> Mapping[str, Binding]:
    """By name. Of a definition only its decorators count: its body is patched where it is."""
    try:
        tree = ast.parse(source)
    except (SyntaxError, ValueError):
        return {}
    found: dict[str, Binding] = {}
    for node in tree.body:
        parts: list[ast.expr] | list[ast.stmt] = node.decorator_list if isinstance(node, _DEFINITIONS) else [node]
        text = "\n".join(ast.dump(part) for part in parts)
        reads = {one.id for part in parts for one in ast.walk(part) if isinstance(one, ast.Name)}
        for name in set(_bound(node)):
            old = found.get(name, Binding("", frozenset()))
            found[name] = Binding(old.text + text, old.reads | reads - {name})
    return found


def untouched(places: Collection[str], old: Mapping[str, bytes], new: Mapping[str, bytes]) -> set[str]:
    """Those of the places (``module:name``) that depend on nothing in which the sources by module differ."""
    dirty: set[str] = set()
    for module, source in new.items():
        was = old.get(module, b"")
        if was != source:
            before, after = bindings(was), bindings(source)
            dirty |= {name for name in {*before, *after} if before.get(name) != after.get(name)}
            dirty |= _redefined(was, source)
    found = set()
    for place in places:
        module, _, name = place.partition(":")
        names = bindings(new.get(module, b""))
        if name in names and not _reaches(name, names, dirty):
            found.add(place)
    return found


def _reaches(name: str, names: Mapping[str, Binding], dirty: set[str]) -> bool:
    seen, todo = set(), [name]
    while todo:
        one = todo.pop()
        if one in dirty:
            return True
        if one not in seen and one in names:
            seen.add(one)
            todo += names[one].reads
    return False


def _redefined(old: bytes, new: bytes) -> set[str]:
    """Functions and classes whose text differs: what calls them while it is made depends on them."""
    texts = _definitions(old), _definitions(new)
    return {name for name in {*texts[0], *texts[1]} if texts[0].get(name) != texts[1].get(name)}


@lru_cache(4096)
def _definitions(source: bytes) -> Mapping[str, str]:
    try:
        body = ast.parse(source).body
    except (SyntaxError, ValueError):
        return {}
    return {node.name: ast.dump(node) for node in body if isinstance(node, _DEFINITIONS)}


def _bound(node: ast.AST) -> Iterator[str]:
    """The names that a top-level statement binds; what functions and classes in it bind is their own affair."""
    if isinstance(node, _DEFINITIONS):
        yield node.name
    elif isinstance(node, ast.Import | ast.ImportFrom):
        for alias in node.names:
            yield (alias.asname or alias.name).partition(".")[0]
    elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
        yield node.id
    elif not isinstance(node, ast.Lambda):
        for child in ast.iter_child_nodes(node):
            yield from _bound(child)


def places(modules: Mapping[str, types.ModuleType]) -> dict[str, Any]:
    """What module-level names hold, and the members of classes that are at home there."""
    return {place: value for name, module in modules.items() for place, value in _names(name, module)}


def is_at_home(value: object, place: str) -> bool:
    definition = isinstance(value, types.FunctionType) or issubclass(type(value), type)
    return definition and f"{value.__module__}:{getattr(value, '__qualname__', '')}" == place


def is_object(value: object, place: str) -> bool:
    """A module-level object with an identity that a program may rely on: made here, not imported, not a plain value."""
    return "." not in place.partition(":")[2] and not isinstance(value, (*_SIMPLE, types.FunctionType, type))


def _names(prefix: str, owner: object) -> Iterator[tuple[str, Any]]:
    joint = ":" if isinstance(owner, types.ModuleType) else "."
    for name, value in list(vars(owner).items()):
        if not (name.startswith("__") and name.endswith("__")):
            place = prefix + joint + name
            yield place, value
            if issubclass(type(value), type) and is_at_home(value, place):
                yield from _names(place, value)
