"""Statements that do nothing but make entries in the host's registers, each under a name: they may run again.

    def init_prompts():
        Prompt("You are {name}.", "greeting")

    init_prompts()

A host says of its function or class that a call makes one entry, in place of the one of that name, and does nothing
else: its attribute ``__mpdt_declares__``, called with the same arguments, gives the name (None: the call is no such).
Entries are found by their names. A statement runs again if it makes all the entries that its older version made, in
the same order, and others at most after them.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable, Iterator, Mapping
from types import FunctionType
from typing import Any

from mpdt_hooks.live import resolve
from mpdt_hooks.names import dotted
from mpdt_hooks.outline import Statement, StatementKind, parse_statement
from mpdt_hooks.static import noted, unwrapped
from mpdt_hooks.tracker import SourceRevision

_Entry = tuple[str, Any]  # how the source spells what is called, and the name of the entry
_UNKNOWN: Any = object()


def makes_the_same_entries(
    before: tuple[SourceRevision, Statement], after: tuple[SourceRevision, Statement], names: Mapping[str, Any]
) -> bool:
    """Whether running the newer statement replaces all that the older one has done. ``names``: the live module's."""
    old, new = (_entries(revision, statement, names) for revision, statement in (before, after))
    return old is not None and new is not None and new[: len(old)] == old


def are_declared_later(
    after: tuple[SourceRevision, Statement],
    names: Mapping[str, Any],
    others: Iterable[tuple[SourceRevision, Statement, Mapping[str, Any]]],
) -> bool:
    """Whether one of the other acting statements may make an entry of these names: it has the last word in a fresh
    process. The order of entries of different names is not looked at."""
    own = {key for _, key in _entries(*after, names) or ()}
    for revision, statement, around in others:
        entries = _entries(revision, statement, around)
        if entries is None and _may_declare(statement, around):
            return True
        if not own.isdisjoint(key for _, key in entries or ()):
            return True
    return False


def _may_declare(statement: Statement, names: Mapping[str, Any]) -> bool:
    """Whether a statement calls what makes entries, by itself or through functions."""
    pending = [resolve(call.callee, names) for call in statement.uses.applied if call.callee]
    seen: set[int] = set()
    while pending:
        value = unwrapped(pending.pop())
        if value is None or id(value) in seen:
            continue
        seen.add(id(value))
        if noted(value, "__mpdt_declares__") is not None:
            return True
        if type(value) is FunctionType:
            pending += [value.__globals__.get(name) for name in value.__code__.co_names]
    return False


def run_once_more(revision: SourceRevision, statement: Statement, names: dict[str, Any]) -> None:
    """Put back the entries of an older version. Raises what they raise."""
    node = parse_statement(statement, revision.lines())
    exec(compile(ast.Module([node], []), str(revision.path), "exec", dont_inherit=True), names)


def _entries(revision: SourceRevision, statement: Statement, names: Mapping[str, Any]) -> list[_Entry] | None:
    """What a statement makes, in order; None if it may do anything else."""
    node = parse_statement(statement, revision.lines())
    match node:
        case ast.Expr(value=ast.Call(func=ast.Name(id=name), args=[], keywords=[])) if (
            body := _body(revision, name)
        ) is not None:
            made = [_entry(one, names) for one in body]
        case _:
            made = [_entry(node, names)]
    return None if None in made else list(dict.fromkeys(one for one in made if one is not None))


def _body(revision: SourceRevision, name: str) -> list[ast.stmt] | None:
    """The statements of the module's only function of that name, if it is plain and takes nothing."""
    outline = revision.outline
    assert outline is not None
    found = [one for one in outline.statements if name in one.binds]
    if [one.kind for one in found] != [StatementKind.FUNCTION]:
        return None
    node = parse_statement(found[0], revision.lines())
    if not isinstance(node, ast.FunctionDef) or node.decorator_list or ast.dump(node.args) != _NO_ARGUMENTS:
        return None
    return [one for one in node.body if not isinstance(one, ast.Pass | ast.Expr) or not _is_constant(one)]


_NO_ARGUMENTS = ast.dump(ast.arguments([], [], None, [], [], None, []))


def _is_constant(statement: ast.stmt) -> bool:
    return isinstance(statement, ast.Pass) or isinstance(getattr(statement, "value", None), ast.Constant)


def _entry(statement: ast.stmt, names: Mapping[str, Any]) -> _Entry | None:
    match statement:
        case ast.Expr(value=ast.Call(func=func, args=args, keywords=keywords)) if name := dotted(func):
            naming: Callable[..., Any] | None = noted(resolve(name, names), "__mpdt_declares__")
            values = list(_values((*args, *(keyword.value for keyword in keywords)), names))
            labels = [keyword.arg for keyword in keywords]
            if naming is None or len(values) != len(args) + len(labels) or None in labels:
                return None
            try:
                key = naming(*values[: len(args)], **dict(zip(map(str, labels), values[len(args) :], strict=True)))
            except TypeError:  # these are no arguments for it
                return None
            return None if key is None or key is _UNKNOWN else (name, key)
    return None


def _values(arguments: tuple[ast.expr, ...], names: Mapping[str, Any]) -> Iterator[Any]:
    """What is written out, and a stand-in for a text by name; nothing for an argument that may do something."""
    for argument in arguments:
        match argument:
            case ast.Constant(value=value):
                yield value
            case ast.Name(id=name) if isinstance(names.get(name), str | int | float | None):
                yield _UNKNOWN
