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
    if not makes or not _is_as_it_was(affected, module, cls, function):
        return False
    classes = {name for name in makes if not name.endswith(STORED)}
    tables = {name.removesuffix(TABLE) for name in makes if name.endswith(TABLE)}
    places = {name.removesuffix(STORED) for name in makes if name.endswith(STORED)} - {
        one.removesuffix(STORED) for one in (TRUTH, *(name + TABLE for name in tables))
    }
    made = [_class(affected.graph, module, cls, name) for name in classes]
    return (
        all(one is not None and _is_made_as_before(affected, *one, asks_truth=TRUTH in makes) for one in made)
        and all(_is_plain_table(affected.graph, module, name) for name in tables)
        and all(_is_plain_place(affected.graph, module, cls, name, classes) for name in places)
        and not any(affected.value_changed(module, name) for name in (*classes, *places, *tables))
        and not any(_is_other(affected, module, name) for name in _used(function, {*classes, *places, *tables}))
    )


def _is_as_it_was(affected: Differs, module: str, cls: Statement | None, function: Statement) -> bool:
    """Whether the function is as it was, and neither a decorator nor a metaclass has a say in what it gives."""
    qualname = f"{cls.name}.{function.name}" if cls is not None else function.name
    decorators = [call.callee for call in function.uses.applied if call.decorates]
    return not (
        any(one not in _FAITHFUL or affected.is_ours(module, one) for one in decorators)
        or affected.is_ours(module, "hasattr")
        or (module, qualname) in affected.behaviours
        or affected.value_changed(module, qualname)
        or (cls is not None and not _is_plain(affected.graph, module, cls))
    )


def _used(function: Statement, own: set[str]) -> Iterator[str]:
    """What the function uses beside what it makes, and where it keeps that."""
    for name in (*function.uses.deferred, *function.uses.reads):
        if not is_own(name) and name.removesuffix(STORED) not in own:
            yield name


def _is_other(affected: Differs, module: str, name: str) -> bool:
    return affected.value_changed(module, name) or affected.acts_differently(module, name)


def _class(graph: Graph, module: str, cls: Statement | None, name: str) -> tuple[str, Statement] | None:
    if name == ITS_CLASS:
        return (module, cls) if cls is not None else None
    return graph.statement_of_class(module, name)


def _is_made_as_before(affected: Differs, module: str, cls: Statement, *, asks_truth: bool) -> bool:
    members = {child.name for _, one in affected.graph.family([(module, cls)]) for child in one.children}
    if asks_truth and not members.isdisjoint(("__bool__", "__len__")):  # it says by itself which instances are true
        return False
    return _is_plain(affected.graph, module, cls) and not affected.is_made_otherwise(module, cls)


def _is_plain(graph: Graph, module: str, cls: Statement) -> bool:
    """Whether a class is bound once, at the top level, and is what its statement says."""
    is_known = graph.class_at(module, [cls.name]) is cls and len(graph.binders(module).get(cls.name, ())) == 1
    return is_known and graph.is_plain(module, cls)


def _is_plain_table(graph: Graph, module: str, name: str) -> bool:
    """Whether a name is bound to a written-out table, and to no other by any function."""
    makers = list(_makers(graph, module, name))
    if len(makers) != 1 or not makers[0].uses.displays or makers[0].uses.applied:
        return False
    return not any(f"{name}{STORED}" in one.uses.deferred for one in graph.views[module].outline.statements)


def _is_plain_place(graph: Graph, module: str, cls: Statement | None, name: str, classes: set[str]) -> bool:
    """Whether a name of the module, or an attribute of a class, begins as a constant, if it is bound at first."""
    owner, _, attribute = name.rpartition(".")
    if not owner and not name.startswith(ITS_CLASS):
        return all(_binds_constant(one) for one in _makers(graph, module, name))
    found = _class(graph, module, cls, owner or ITS_CLASS) if not owner or owner in classes else None
    members = (child for _, one in graph.family([found]) for child in one.children) if found is not None else ()
    return found is not None and all(_binds_constant(one) for one in members if attribute in one.binds)


def _makers(graph: Graph, module: str, name: str) -> Iterator[Statement]:
    statements = graph.views[module].outline.statements
    yield from (statements[place] for place in graph.binders(module).get(name, ()))


def _binds_constant(statement: Statement) -> bool:
    uses = statement.uses
    return statement.kind is StatementKind.BIND and not uses.applied and set(uses.reads) <= set(uses.typed)


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
