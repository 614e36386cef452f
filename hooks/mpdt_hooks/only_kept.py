"""Statements that act by a call of the plugin's own: ``bus.on("x", handler)``. Do they do the same with what changed?

A function that only keeps what it is handed has kept the very object that has new code now. What it calls, or looks at
by name, counts; so does what the function itself does, if it is another one now. Pure.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from dataclasses import replace

from mpdt_hooks.affected import Affected
from mpdt_hooks.called_at_once import bound_to_objects, definitions, is_stale
from mpdt_hooks.graph import Graph, Name
from mpdt_hooks.invoked import ADDING, ANYTHING, HANDED, IMPLICIT, LOOKED, SET, SET_ON, TELLING, UNKNOWN
from mpdt_hooks.names import LAMBDA, OWN, is_own
from mpdt_hooks.outline import Statement, StatementKind
from mpdt_hooks.uses import Application, Uses

_KEEPING = ADDING | {"__setitem__", SET}
_SAYING = frozenset({"debug", "info", "warning", "error", "critical", "exception", "log"})  # of a logger
_CHECKS = frozenset({"isinstance", "issubclass", "callable"})
_CHECKED = "isinstance()"
_HARMLESS = frozenset({SET_ON})
_DESCRIBING = ("__doc__", "__annotations__")
_BINDING_SELF = frozenset({"staticmethod", "classmethod"})


def without_what_is_only_kept(affected: Affected, module: str, uses: Uses) -> Uses:
    """The uses of a statement that acts, without its calls that do the same as before with what acts differently."""
    same = [
        call for call in uses.applied if call.thrown and call.callee and _does_the_same(affected, module, call, uses)
    ]
    if not same:
        return uses
    callees = {call.callee for call in same}
    return replace(
        uses,
        applied=tuple(call for call in uses.applied if call not in same),
        reads=tuple(dict.fromkeys(n.rpartition(".")[0] or n if n in callees else n for n in uses.reads)),
    )


def _does_the_same(affected: Affected, module: str, call: Application, uses: Uses) -> bool:
    seen = None if _operates_otherwise(affected) else _looked_into(affected.graph, module, call.callee)
    if seen is None or _goes_through_others(affected.graph, seen) or not _acts_as_before(affected, module, call.callee):
        return False
    callees = {one.callee for one in uses.applied}
    passed = {name for name in call.passed if name not in uses.binds}
    if len(passed) < len(call.passed):  # a loop's name stands for what the statement goes through
        passed |= {name for name in uses.reads if name not in callees and name not in uses.binds}
    return all(_is_only_kept(affected, module, name, seen) for name in passed) and all(
        _is_made_and_kept(affected, module, name, seen, uses) for name in call.made
    )


def _operates_otherwise(affected: Affected) -> bool:
    """Whether a special method acts differently: no name in a function tells that an operator calls it."""
    changed = {name.rpartition(".")[2] for _, name in affected.values | affected.behaviours if "." in name}
    return any(name.startswith("__") and name.endswith("__") for name in changed - {"__init__", "__doc__"})


def _looked_into(graph: Graph, module: str, callee: str) -> set[str] | None:
    """What a function, and those that it hands it on to, call of what they are handed; None if that cannot be told, or
    they call others of the plugin's, too: those may go through what is kept.
    """
    found: set[str] = set()
    pending, known = deque([(module, callee)]), set[Name]()
    while pending:
        where, name = pending.popleft()
        if (where, name) in known:
            continue
        known.add((where, name))
        owner, _, method = name.rpartition(".")
        if method in _KEEPING and _is_written_out(graph, where, owner):
            continue
        if not _is_bound_once(graph, where, name):
            return None
        functions = list(definitions(graph, where, name)) if where in graph.views else []
        if not functions and (name == callee or not _is_plain_call(graph, name)):
            return None
        if not functions:
            found |= {IMPLICIT} if method in _SAYING else {_CHECKED} if name in _CHECKS else set()
        for home, function in functions:
            handed = {one.removeprefix(HANDED) for one in function.uses.invokes if one.startswith(HANDED)}
            if function.kind is not StatementKind.FUNCTION or not _is_plain(function):
                return None
            if any(_is_another(graph, home, one, handed) for one in function.uses.deferred):
                return None
            found |= {one for one in function.uses.invokes if not one.startswith(HANDED)}
            pending += [(home, one) for one in handed]
    return found - _HARMLESS


def _is_bound_once(graph: Graph, module: str, name: str) -> bool:
    """Whether a name leads to one thing, and no function has made or given it: then its class is not known."""
    bound = list(bound_to_objects(graph, module, name))
    if len(bound) > 1:
        return False
    return not any(
        one.kind is StatementKind.BIND
        and call.callee
        and graph.statement_of_class(where, call.callee) is None
        and any(True for _ in definitions(graph, where, call.callee))
        for where, one in bound
        for call in one.uses.applied
    )


def _is_plain_call(graph: Graph, name: str) -> bool:
    """Whether a call of something that is not the plugin's only keeps what it gets, or says something of it."""
    owner, _, method = name.rpartition(".")
    if owner:
        return method in _KEEPING | _SAYING and method not in graph.methods()
    return method in TELLING - {"hasattr"} or method.endswith(("Error", "Exception"))


def _is_written_out(graph: Graph, module: str, name: str) -> bool:
    """Whether a name leads to a list, set or table that its statement writes out: ``HANDLERS = []``."""
    makers = [one for _, one in bound_to_objects(graph, module, name)] if name else []
    return bool(makers) and all(one.uses.displays and not one.uses.applied for one in makers)


def _is_another(graph: Graph, module: str, name: str, handed: set[str]) -> bool:
    """Whether a name that a function reads may be a function of the plugin's that gets nothing of what is handed."""
    if is_own(name):
        return not graph.methods().isdisjoint(name.removeprefix(OWN).split("."))
    return name not in handed and any(True for _ in definitions(graph, module, name))


def _goes_through_others(graph: Graph, seen: set[str]) -> bool:
    """Whether it may call something else than what it is handed: what is kept already."""
    looked = {one.removeprefix(LOOKED) for one in seen if one.startswith(LOOKED)}
    return bool({ANYTHING, UNKNOWN} & seen) or not graph.methods().isdisjoint(looked)


def _is_plain(function: Statement) -> bool:
    return all(call.callee in _BINDING_SELF for call in function.uses.applied if call.decorates)


def _is_only_kept(affected: Affected, module: str, name: str, seen: set[str]) -> bool:
    """Whether what a name leads to is the same to a function that looks into it so, though it acts differently."""
    described = affected.described(module, name)
    if not affected.acts_differently(module, name) and not described:
        return True
    if affected.value_changed(module, name) or ANYTHING in seen:
        return False
    if described and any(LOOKED + one in seen for one in _DESCRIBING):
        return False
    if name.startswith(LAMBDA) or affected.leads_to_function(module, name):
        return seen <= {IMPLICIT, _CHECKED, *(LOOKED + one for one in _DESCRIBING)}  # operators call nothing of it
    found = affected.graph.statement_of_class(module, name)
    return found is not None and _is_same_class(affected, *found, seen)


def _is_same_class(affected: Affected, module: str, cls: Statement, seen: set[str]) -> bool:
    if _CHECKED in seen or affected.graph.class_at(module, [cls.name]) is not cls:
        return False
    if is_stale(affected, module, cls.name, cls, seen):
        return False
    looked = (one.removeprefix(LOOKED) for one in seen if one.startswith(LOOKED))
    return not any(affected.value_changed(module, f"{cls.name}.{name}") for name in looked)


def _is_made_and_kept(affected: Affected, module: str, maker: str, seen: set[str], uses: Uses) -> bool:
    """The same of a new instance that is handed over: ``bus.add(Handler())``.

    What something else makes, ``partial(f, 1)``, is the same if nothing that the statement names acts differently.
    """
    found = affected.graph.statement_of_class(module, maker)
    if found is None:
        named = {maker, *uses.reads, *uses.deferred, *(name for call in uses.applied for name in call.passed)}
        return not any(affected.acts_differently(module, name) or affected.described(module, name) for name in named)
    where, cls = found
    if affected.is_made_otherwise(where, cls) or ANYTHING in seen:
        return False
    special = {f"{cls.name}.{name}" for name in ("__eq__", "__hash__", "__getattr__", "__getattribute__")}
    changed = affected.values | affected.behaviours
    return not any((where, name) in changed for name in special) and _is_same_class(affected, where, cls, seen)


def _acts_as_before(affected: Affected, module: str, callee: str) -> bool:
    """Whether calling it does what it did: of a method, whatever else has changed in its class."""
    if not affected.acts_differently(module, callee):
        return True
    owner, _, method = callee.rpartition(".")
    found = list(_classes_of(affected.graph, module, owner)) if owner and "." not in owner else []
    return len(found) == 1 and _method_acts_as_before(affected, *found[0], method)


def _classes_of(graph: Graph, module: str, name: str) -> Iterator[tuple[str, Statement]]:
    """The classes that a name's object may be of; a class for each statement that binds it."""
    for where, one in bound_to_objects(graph, module, name):
        found = [graph.statement_of_class(where, call.callee) for call in one.uses.applied if call.callee]
        if one.kind is StatementKind.BIND and len(found) == 1 and found[0] is not None:
            yield found[0]
        else:
            yield where, one  # which is none with the method


def _method_acts_as_before(affected: Affected, module: str, cls: Statement, method: str) -> bool:
    """Whether a method, those of its object that it calls, and what these use, are as they were."""
    family = list(affected.graph.family([(module, cls)]))
    changed = affected.values | affected.behaviours
    others = affected.values | affected.rebased
    if cls.kind is not StatementKind.CLASS or any((where, one.name) in others for where, one in family):
        return False
    if any(
        where == m and n.startswith(f"{one.name}.__") and n.endswith("__") for where, one in family for m, n in changed
    ):
        return False
    pending, done, seen_method = {method}, set[str](), False
    while pending:
        name = pending.pop()
        done.add(name)
        for where, one in family:
            if (where, f"{one.name}.{name}") in changed:
                return False
            own = {bound for child in one.children for bound in child.binds}
            for child in (child for child in one.children if name in child.binds):
                if child.kind is StatementKind.FUNCTION and (not _is_plain(child) or UNKNOWN in child.uses.invokes):
                    return False
                if affected.uses_differ(where, child.uses, one.name, own):
                    return False
                used = [n.removeprefix(OWN).split(".") for n in child.uses.deferred if is_own(n)]
                if any(part in affected.graph.methods() for parts in used for part in parts[1:]):
                    return False
                pending |= {parts[0] for parts in used} - done
                seen_method |= name == method and child.kind is StatementKind.FUNCTION
    return seen_method
