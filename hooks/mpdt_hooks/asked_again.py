"""``manager = get_manager()``: does asking again give the object that is there? Pure.

It does where the function only makes the object, and keeps it (``lazily_made.py``), and would make it as it was: the
same as of ``manager = Manager()``, which nobody runs again for an edit of a method.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol

from mpdt_hooks.graph import Graph, Name
from mpdt_hooks.lazily_made import ITS_CLASS, TABLE, TRUTH
from mpdt_hooks.names import STORED, is_own
from mpdt_hooks.outline import Statement, StatementKind
from mpdt_hooks.uses import Application

_DEPTH = 8  # of imports
# Decorators that leave to the function what it gives. Of a cache each object comes out as it went in.
_FAITHFUL = frozenset({"classmethod", "staticmethod", "lru_cache", "cache", "functools.lru_cache", "functools.cache"})


class Differs(Protocol):
    """What ``affected.Affected`` knows."""

    graph: Graph
    values: set[Name]
    behaviours: set[Name]

    def acts_differently(self, module: str, name: str) -> bool: ...
    def value_changed(self, module: str, name: str) -> bool: ...
    def is_ours(self, module: str, name: str) -> bool: ...
    def is_made_otherwise(self, module: str, statement: Statement) -> bool: ...


def gives_what_it_gave(affected: Differs, module: str, call: Application) -> bool:
    """Whether a call, whose result is only bound, gives the very object, though something of that acts differently.

    What it is handed is the caller's to look at.
    """
    if not call.stored or call.thrown or call.decorates:
        return False
    found = _function(affected.graph, module, call.callee)
    return found is not None and makes_as_before(affected, *found)


def makes_as_before(affected: Differs, module: str, cls: Statement | None, function: Statement) -> bool:
    """Whether a function only makes objects and keeps them, and would make them as they were. ``cls``: around it."""
    makes = function.uses.makes
    if not makes:
        return False
    decorators = [call.callee for call in function.uses.applied if call.decorates]
    if any(one not in _FAITHFUL or affected.is_ours(module, one) for one in decorators):
        return False
    qualname = f"{cls.name}.{function.name}" if cls is not None else function.name
    if (
        affected.is_ours(module, "hasattr")
        or (module, qualname) in affected.behaviours
        or affected.value_changed(module, qualname)
    ):
        return False
    classes = {name for name in makes if not name.endswith(STORED)}
    marked = {name for name in makes if name.endswith(TABLE) or name == TRUTH}
    tables = {name.removesuffix(TABLE) for name in makes if name.endswith(TABLE)}
    places = {name.removesuffix(STORED) for name in makes if name.endswith(STORED) and name not in marked}
    return (
        all(_is_made_as_before(affected, module, cls, name, asks_truth=TRUTH in makes) for name in classes)
        and all(_is_plain_table(affected, module, function, name) for name in tables)
        and not any(affected.value_changed(module, name) for name in (*places, *tables))
        and not any(_is_other(affected, module, name) for name in _used(function, classes, places | tables))
    )


def _used(function: Statement, classes: set[str], places: set[str]) -> Iterator[str]:
    """What the function uses beside what it makes, and where it keeps that."""
    heads = {name.partition(".")[0] for name in classes}
    for name in (*function.uses.deferred, *function.uses.reads):
        plain = name.removesuffix(STORED)
        if not is_own(name) and plain not in classes | places | heads:
            yield name


def _is_other(affected: Differs, module: str, name: str) -> bool:
    return affected.value_changed(module, name) or affected.acts_differently(module, name)


def _is_made_as_before(affected: Differs, module: str, cls: Statement | None, name: str, *, asks_truth: bool) -> bool:
    graph = affected.graph
    found = graph.statement_of_class(module, name) if name != ITS_CLASS else None if cls is None else (module, cls)
    if found is None or affected.value_changed(module, name if name != ITS_CLASS else found[1].name):
        return False
    where, made = found
    is_known = graph.class_at(where, [made.name]) is made and len(graph.binders(where).get(made.name, ())) == 1
    return (
        is_known
        and graph.is_plain(where, made)
        and not (asks_truth and _has_truth(graph, where, made))
        and not affected.is_made_otherwise(where, made)
    )


def _has_truth(graph: Graph, module: str, cls: Statement) -> bool:
    """Whether a class says by itself which of its instances are true."""
    return any(
        child.name in ("__bool__", "__len__") for _, one in graph.family([(module, cls)]) for child in one.children
    )


def _is_plain_table(affected: Differs, module: str, function: Statement, name: str) -> bool:
    """Whether a name is bound to a written-out table, and to no other by any function."""
    statements = affected.graph.views[module].outline.statements
    places = affected.graph.binders(module).get(name, ())
    if len(places) != 1 or not statements[places[0]].uses.displays or statements[places[0]].uses.applied:
        return False
    return not any(f"{name}{STORED}" in one.uses.deferred for one in statements)


def _function(graph: Graph, module: str, name: str) -> tuple[str, Statement | None, Statement] | None:
    """The one function that a name leads to, with its module and the class around it."""
    for _ in range(_DEPTH):
        if module not in graph.views:
            return None
        owner, _, method = name.rpartition(".")
        found = graph.statement_of_class(module, owner) if owner else None
        if found is not None:
            makers = [child for child in found[1].children if method in child.binds]
            is_method = len(makers) == 1 and makers[0].kind is StatementKind.FUNCTION
            return (*found, makers[0]) if is_method else None
        statements = graph.views[module].outline.statements
        places = graph.binders(module).get(name.partition(".")[0], ())
        if len(places) != 1:
            return None
        statement = statements[places[0]]
        if statement.kind is StatementKind.FUNCTION:
            return (module, None, statement) if not owner else None
        targets = graph.targets(module, name) if statement.kind is StatementKind.IMPORT else ()
        if len(targets) != 1:
            return None
        module, name = targets[0]
    return None
