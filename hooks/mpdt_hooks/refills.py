"""A statement that acts only by filling a container which its module writes out: would it fill in what is there?

    HANDLERS = {}
    def find_handlers():
        for one in globals().values(): ...: HANDLERS[one.name] = one
    find_handlers()

It depends on much, and seldom on an edit. After the patch it is done once more, aside: in a copy of the names that a
fresh process has bound by then, with the container written out anew, and with the functions that it calls made in the
copy. If that gives the very objects that the live container holds, nothing has to be done; else the patch is undone.
Nothing that lives is touched meanwhile: all stores are known from the source, and what else is called is watched.
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from types import FunctionType, ModuleType
from typing import Any

from mpdt_hooks.kept_objects import named_now
from mpdt_hooks.outline import Statement, StatementKind, parse_statement
from mpdt_hooks.stage import compile_statement, index_codes
from mpdt_hooks.steady import Steadiness
from mpdt_hooks.tracker import SourceRevision
from mpdt_hooks.watch import Watch, watching

# Methods of lists, dicts and sets that change them.
_CHANGING = frozenset(
    {"append", "extend", "insert", "add", "update", "setdefault", "remove", "discard", "sort", "reverse", "clear"}
    | {"pop", "popitem"}
)
_DISPLAYS = (ast.Dict, ast.List, ast.Set)
_EMPTY = frozenset({"dict", "list", "set"})
_ACTS = (
    *(ast.Global, ast.Nonlocal, ast.Import, ast.ImportFrom, ast.Await, ast.Yield, ast.YieldFrom, ast.ClassDef),
    *(ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda, ast.With, ast.AsyncWith, ast.AugAssign, ast.Delete),
)
_CONTAINERS = (dict, list, set)


@dataclass(frozen=True, slots=True)
class Refill:
    """What is run aside. ``runs``: places of what makes the containers, of functions, and of what fills, in order."""

    module: str
    index: int  # of the statement that was asked about
    containers: frozenset[str]
    runs: tuple[int, ...]


def refill_of(revision: SourceRevision, index: int) -> Refill | None:
    """What to run aside for a statement that acts, at its place in the module; None if it does anything but fill."""
    assert revision.outline is not None
    look = _Look(revision, revision.outline.statements)
    asked = look.of(index)
    if asked is None:
        return None
    containers, functions = asked
    fillers = [index]
    for place, statement in enumerate(look.statements):
        if place == index or (containers | functions.keys()).isdisjoint(statement.mentions):
            continue
        if statement.kind is StatementKind.FUNCTION or place in functions.values():
            continue
        if statement.kind in (StatementKind.EFFECT, StatementKind.BLOCK):
            other = look.of(place)
            if other is None or not other[0] <= containers or not other[1].items() <= functions.items():
                return None
            fillers.append(place)
        elif any(_changed(node) != "" for node in _executed(look.node(place))):
            return None
    makers = {look.maker(name) for name in containers}
    return Refill(revision.module, index, containers, tuple(sorted({*makers, *functions.values(), *fillers})))


@dataclass(slots=True)
class _Look:
    """Reads the statements of one module."""

    revision: SourceRevision
    statements: tuple[Statement, ...]

    def node(self, place: int) -> ast.stmt:
        return parse_statement(self.statements[place], self.revision.lines())

    def binders(self, name: str) -> list[int]:
        return [place for place, one in enumerate(self.statements) if name in one.binds]

    def maker(self, name: str) -> int:
        """The place of the one statement that binds a name, if it writes out a container; else -1."""
        places = self.binders(name)
        if len(places) != 1 or self.statements[places[0]].kind is not StatementKind.BIND:
            return -1
        node = self.node(places[0])
        value = node.value if isinstance(node, ast.Assign | ast.AnnAssign) else None
        match value:
            case ast.Call(func=ast.Name(id=called), args=[], keywords=[]) if called in _EMPTY:
                return places[0]
        return places[0] if isinstance(value, _DISPLAYS) else -1

    def function(self, name: str, before: int) -> int:
        """The place of a plain function of the module that is bound when the statement at ``before`` runs; else -1."""
        places = self.binders(name)
        made = [place for place in places if place < before]
        if len(made) != 1 or self.statements[made[0]].kind is not StatementKind.FUNCTION:
            return -1
        node = self.node(made[0])
        plain = isinstance(node, ast.FunctionDef) and not node.decorator_list
        return made[0] if plain and isinstance(node, ast.FunctionDef) and not _takes_anything(node) else -1

    def of(self, index: int) -> tuple[frozenset[str], dict[str, int]] | None:
        """The containers that a statement fills, and the functions that it calls to do so, by place."""
        statement, node = self.statements[index], self.node(index)
        if statement.kind is not StatementKind.EFFECT or statement.binds:
            return None
        functions: dict[str, int] = {}
        match node:
            case ast.Expr(value=ast.Call(func=ast.Name(id=name), args=[], keywords=[])) if (
                place := self.function(name, index)
            ) >= 0:
                functions[name] = place
        filled = set[str]()
        for part in (node, *(self.node(place) for place in functions.values())):
            body = part.body if isinstance(part, ast.FunctionDef) else [part]
            own = {one.id for one in ast.walk(part) if isinstance(one, ast.Name) and not isinstance(one.ctx, ast.Load)}
            for one in (inner for top in body for inner in ast.walk(top)):
                if isinstance(one, _ACTS):
                    return None
                changed = _changed(one)
                if changed == "":
                    continue
                if changed is None or changed in own or not 0 <= self.maker(changed) < index:
                    return None
                filled.add(changed)
        return (frozenset(filled), functions) if filled else None


def _executed(statement: ast.stmt) -> Iterator[ast.AST]:
    """The nodes that run when a statement does, without the bodies of functions."""
    pending: list[ast.AST] = [statement]
    while pending:
        node = pending.pop()
        yield node
        if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            pending.extend(ast.iter_child_nodes(node))


def _takes_anything(node: ast.FunctionDef) -> bool:
    given = node.args
    return bool([*given.posonlyargs, *given.args, *given.kwonlyargs, *filter(None, (given.vararg, given.kwarg))])


def _changed(node: ast.AST) -> str | None:
    """The name of what a node changes or stores into; "" if it changes nothing, None if that has no name."""
    match node:
        case (
            ast.Subscript(value=base, ctx=ast.Store() | ast.Del())
            | ast.Attribute(value=base, ctx=ast.Store() | ast.Del())
        ):
            is_item = isinstance(node, ast.Subscript) and isinstance(base, ast.Name)
            return base.id if is_item and isinstance(base, ast.Name) else None
        case ast.Call(func=ast.Attribute(value=base, attr=attr)) if attr in _CHANGING:
            return base.id if isinstance(base, ast.Name) else None
        case ast.Call(func=ast.Name(id="setattr" | "delattr" | "exec" | "eval")):
            return None
    return ""


def fills_otherwise(refill: Refill, revisions: Mapping[str, SourceRevision]) -> bool:
    """Whether what is run aside gives other objects than the live containers hold, or that cannot be told."""
    revision = revisions[refill.module]
    live = vars(sys.modules[refill.module])
    assert revision.outline is not None
    statements = revision.outline.statements
    steadiness = Steadiness(revisions)
    aside = {name: value for name, value in live.items() if name.startswith("__") and name.endswith("__")}
    aside["__annotations__"] = {}
    files = {str(one.path): module for module, one in revisions.items()}
    watch = Watch(files, frozenset(), [], steadiness, aside)
    index = index_codes(revision.code)
    last = refill.runs[-1]
    if not is_told(refill, revisions, steadiness):
        return True
    for place, statement in enumerate(statements[: last + 1]):
        if place not in refill.runs:
            aside.update({name: live[name] for name in statement.binds if name in live})
            continue
        node = parse_statement(statement, revision.lines())
        code = compile_statement(node, str(revision.path), revision.code, index)
        try:
            with watching(watch):
                exec(code, aside)
        except BaseException:  # noqa: BLE001 - the plugin's code, or what keeps it from acting
            return True
    if watch.seen:
        return True
    return not all(_holds_the_same(live.get(name), aside.get(name)) for name in refill.containers)


def is_told(refill: Refill, revisions: Mapping[str, SourceRevision], steadiness: Steadiness | None = None) -> bool:
    """Whether the names that are bound by then are known, and are what they were on import."""
    outline = revisions[refill.module].outline
    assert outline is not None
    statements, live = outline.statements, vars(sys.modules[refill.module])
    steadiness = steadiness or Steadiness(revisions)
    last = refill.runs[-1]
    before = {name for one in statements[: last + 1] for name in one.binds}
    later = {name for one in statements[last + 1 :] for name in one.binds}
    made = {name for place in refill.runs for name in statements[place].binds}
    stars = any(one.name == "*" for statement in statements for one in statement.uses.imports)
    if stars or (before & later) - made:
        return False
    heads = {name.partition(".")[0] for place in refill.runs for name in _read(statements[place])}
    wants_all = not heads.isdisjoint({"globals", "locals", "vars"})
    known = [name for name in sorted(before - made) if name in live and (wants_all or name in heads)]
    if any(_has_a_state_of_its_own(live[name], revisions) for name in known):
        return False
    return all(steadiness.is_steady(refill.module, name, live[name]) for name in known)


def _has_a_state_of_its_own(value: Any, tracked: Collection[str]) -> bool:
    """Whether what a name leads to has attributes that may have been set since: modules and functions have."""
    if issubclass(type(value), ModuleType):
        return value.__name__ in tracked
    return type(value) is FunctionType and not vars(value).keys() <= {"__wrapped__"}


def _read(statement: Statement) -> Iterator[str]:
    yield from named_now(statement.uses)
    yield from statement.uses.deferred
    yield from statement.mentions


def _holds_the_same(mine: Any, other: Any) -> bool:
    """Whether two containers hold the same objects in the same order; plain values are compared by value."""
    if type(mine) is not type(other) or type(mine) not in _CONTAINERS or len(mine) != len(other):
        return False
    if isinstance(mine, set):
        return {id(one) for one in mine} == {id(one) for one in other} or (_all_plain(mine) and mine == other)
    if isinstance(mine, dict):
        pairs = zip([*mine, *mine.values()], [*other, *other.values()], strict=True)
    else:
        pairs = zip(mine, other, strict=True)
    return all(_is_same(a, b) for a, b in pairs)


def _all_plain(values: Collection[Any]) -> bool:
    return all(type(one) in (str, bytes, int, float, bool, type(None)) for one in values)


def _is_same(mine: Any, other: Any) -> bool:
    if mine is other:
        return True
    if type(mine) is tuple and type(other) is tuple and len(mine) == len(other):
        return all(map(_is_same, mine, other))
    return type(mine) is type(other) and _all_plain((mine,)) and repr(mine) == repr(other)
