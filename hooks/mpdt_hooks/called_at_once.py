"""Definitions whose makers call them at once: a decorator that calls what it decorates, a hook that calls a method.

The maker holds a result of the code that it has called. If that code acts differently, new code in the definition is
not enough. Pure.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator

from mpdt_hooks.affected import Affected
from mpdt_hooks.graph import Graph, Name
from mpdt_hooks.invoked import ADDING, ANYTHING, HANDED, IMPLICIT, ITSELF, LOOKED
from mpdt_hooks.names import STORED
from mpdt_hooks.outline import Statement, StatementKind
from mpdt_hooks.uses import Application

_DEPTH = 6  # of functions that hand on what they are handed
_HOOKS = ("__init_subclass__", "__new__", "__init__")


def is_called_by_decorator(affected: Affected, module: str, name: str, statement: Statement) -> bool:
    """Whether a decorator of a function has called it, and the function acts differently. ``name``: dotted."""
    calls = [call for call in statement.uses.applied if call.decorates]
    if not any({ITSELF, ANYTHING} & _invoked_by(affected.graph, module, call, statement) for call in calls):
        return False
    return (module, name) in affected.behaviours or affected.uses_differ(module, statement.uses)


def maker_that_called(affected: Affected, module: str, qualname: str, cls: Statement) -> str:
    """The decorator, hook or metaclass that has called a method of a class which acts differently now; "" if none."""
    for call in (one for one in cls.uses.applied if one.decorates):
        if is_stale(affected, module, qualname, cls, _invoked_by(affected.graph, module, call, cls)):
            return f"@{call.callee}"
    for where, owner, hook in _hooks(affected.graph, module, cls):
        if is_stale(affected, module, qualname, cls, _followed(affected.graph, where, hook.uses.invokes)):
            return f"{owner}.{hook.name}"
    return ""


def _hooks(graph: Graph, module: str, cls: Statement) -> Iterator[tuple[str, str, Statement]]:
    """The functions that are told of a class when it is made: module, class, function."""
    for where, base in makers(graph, module, cls):
        names = _hooks_of(graph, where, base)
        yield from ((where, base.name, child) for child in base.children if child.name in names)
    for call in (call for child in cls.children for call in child.uses.applied if call.callee):
        found = graph.statement_of_class(module, call.callee)
        for child in found[1].children if found is not None else ():
            if found is not None and child.name == "__set_name__":
                yield found[0], found[1].name, child


def makers(graph: Graph, module: str, cls: Statement, depth: int = 8) -> Iterator[tuple[str, Statement]]:
    """The tracked bases of a class, and its metaclass, and theirs."""
    for base in cls.uses.reads if depth else ():
        for found in graph.classes_behind(module, base):
            yield found
            yield from makers(graph, *found, depth - 1)


def _hooks_of(graph: Graph, module: str, base: Statement) -> tuple[str, ...]:
    """What of a base or metaclass is called when a class is made: of a base, only ``__init_subclass__``."""
    return _HOOKS if is_metaclass(graph, module, base) else _HOOKS[:1]


def is_metaclass(graph: Graph, module: str, base: Statement) -> bool:
    """Whether a class inherits from ``type``, as far as the names of its bases tell."""
    names = (name for _, one in ((module, base), *makers(graph, module, base)) for name in one.uses.reads)
    return any(name.rpartition(".")[2] in ("type", "ABCMeta", "EnumMeta") for name in names)


def is_stale(affected: Affected, module: str, qualname: str, cls: Statement, invoked: set[str]) -> bool:
    """Whether something that is called of a class, or of an instance of it, acts differently."""
    if not invoked:
        return False
    if ITSELF in invoked and affected.is_made_otherwise(module, cls):
        return True
    if _has_stale_method(affected, module, qualname, cls, invoked):
        return True
    bases = makers(affected.graph, module, cls)
    return any(_has_stale_method(affected, where, base.name, base, invoked) for where, base in bases)


def _has_stale_method(affected: Affected, module: str, qualname: str, cls: Statement, invoked: set[str]) -> bool:
    own = {bound for child in cls.children for bound in child.binds}
    for child in cls.children:
        if child.kind is not StatementKind.FUNCTION or not _is_invoked(child, invoked):
            continue
        if (module, f"{qualname}.{child.name}") in affected.behaviours:
            return True
        if affected.uses_differ(module, child.uses, qualname, own):
            return True
    return False


def _is_invoked(method: Statement, invoked: set[str]) -> bool:
    if ANYTHING in invoked or f".{method.name}" in invoked:
        return True
    if LOOKED + method.name in invoked:  # a plain method is only got by that
        return any(call.decorates for call in method.uses.applied)
    is_special = method.name.startswith("__") and method.name.endswith("__") and method.name not in _HOOKS
    return (IMPLICIT in invoked and is_special) or (ITSELF in invoked and method.name == "__call__")


def _invoked_by(graph: Graph, module: str, call: Application, decorated: Statement) -> set[str]:
    """What a decorator calls of what it decorates; one without a name may be anything that the statement names."""
    if call.callee:
        return _invoked_in(graph, module, call.callee, within=call.called, depth=_DEPTH)
    givers = (one.callee for one in decorated.uses.applied if not one.decorates)
    if any(_is_function(graph, module, one) for one in givers):  # ``@get_bus().on``
        return {ANYTHING}
    names = decorated.uses.reads if decorated.kind is StatementKind.FUNCTION else ()
    return {found for name in names for found in _invoked_in(graph, module, name, within=call.called, depth=_DEPTH)}


def _invoked_in(graph: Graph, module: str, name: str, *, within: bool, depth: int) -> set[str]:
    found: set[str] = set()
    pending = deque([(module, name, within, depth)])
    seen: set[tuple[str, str, bool]] = set()
    while pending:  # breadth first: each name once, by the shortest way
        where, one, inner, left = pending.popleft()
        if (where, one, inner) in seen or not left or where not in graph.views:
            continue
        seen.add((where, one, inner))
        for home, invoked in _invoked_by_name(graph, where, one, within=inner):
            found |= set(invoked)
            found |= {ANYTHING for callee in invoked if _adds_to_what_is_ours(graph, home, callee)}
            pending += [(home, n.removeprefix(HANDED), False, left - 1) for n in invoked if n.startswith(HANDED)]
    return found


def _adds_to_what_is_ours(graph: Graph, module: str, callee: str) -> bool:
    """Whether ``X.append`` may be a method of the plugin's own that cannot be found by the name ``X``."""
    method = callee.rpartition(".")[2]
    if not callee.startswith(HANDED) or method not in ADDING or method not in graph.methods():
        return False
    return not any(True for _ in definitions(graph, module, callee.removeprefix(HANDED)))


def _invoked_by_name(graph: Graph, module: str, name: str, *, within: bool) -> Iterator[tuple[str, tuple[str, ...]]]:
    kinds = {statement.kind for _, statement in bound_to_objects(graph, module, name)}
    is_made = not kinds <= {StatementKind.FUNCTION, StatementKind.CLASS}
    for where, statement in definitions(graph, module, name):
        uses = statement.uses
        both = (*uses.invokes, *uses.invokes_within)
        yield where, both if is_made else uses.invokes_within if within else uses.invokes


def _followed(graph: Graph, module: str, invoked: tuple[str, ...], depth: int = _DEPTH) -> set[str]:
    """The same with what the functions call that it is handed on to."""
    found = set(invoked)
    for name in invoked:
        if name.startswith(HANDED):
            found |= _invoked_in(graph, module, name.removeprefix(HANDED), within=False, depth=depth)
    return found


def definitions(graph: Graph, module: str, name: str, depth: int = 8) -> Iterator[tuple[str, Statement]]:
    """The functions that calling a dotted name runs first, as far as it leads to tracked ones."""
    pending = deque([(module, name, depth)])
    seen: set[Name] = set()
    while pending:  # breadth first: each name once, by the shortest way
        where, one, left = pending.popleft()
        if (where, one) in seen or not left:
            continue
        seen.add((where, one))
        head, _, rest = one.partition(".")
        for place in graph.binders(where).get(head, ()):
            statement = graph.views[where].outline.statements[place]
            match statement.kind:
                case StatementKind.IMPORT:
                    continue
                case StatementKind.CLASS:
                    wanted = {rest} if rest else {"__init__", "__new__", "__call__"}
                    yield from ((where, child) for child in statement.children if child.name in wanted)
                    others = (child for child in statement.children if rest in child.binds and child.name != rest)
                    pending += [(where, inner, left - 1) for child in others for inner in _made_of(child, "")]
                case StatementKind.FUNCTION | StatementKind.BLOCK if not rest:
                    yield where, statement
                case StatementKind.BIND if statement.uses.invokes and not rest:  # ``mark = lambda f: ...``
                    yield where, statement
                    pending += [(where, inner, left - 1) for inner in _made_of(statement, rest)]
                case _:  # an alias, a table, or an object, by the class that it is made from
                    pending += [(where, inner, left - 1) for inner in _made_of(statement, rest)]
                    if rest and any(_is_function(graph, where, call.callee) for call in statement.uses.applied):
                        yield from graph.methods_called(rest.partition(".")[0])  # which class it gives is not told
        if rest:
            pending += [(home, inner, left - 1) for home, inner in _stored_as(graph, one)]
        targets = graph.targets(where, one)
        pending += [(target, inner, left - 1) for target, inner in targets if inner and target in graph.views]


def _stored_as(graph: Graph, name: str) -> Iterator[Name]:
    """What is set as an attribute of that name, on whatever: ``put`` of ``bus.on = put``."""
    attribute = name.rpartition(".")[2]
    for module, statement in graph.storers(attribute):
        if any(one.endswith(f".{attribute}{STORED}") for one in statement.uses.reads):
            yield from ((module, one) for one in statement.uses.reads if not one.endswith(STORED))


def _is_function(graph: Graph, module: str, name: str) -> bool:
    """Whether a name leads to a function of the plugin's, and to no class."""
    return bool(name) and any(one.kind is StatementKind.FUNCTION for _, one in bound_to_objects(graph, module, name))


def bound_to_objects(graph: Graph, module: str, name: str) -> Iterator[tuple[str, Statement]]:
    """The statements that bound a name to an object, through imports."""
    pending, seen = [(module, name)], set[Name]()
    while pending:
        where, one = pending.pop()
        if (where, one) in seen or where not in graph.views:
            continue
        seen.add((where, one))
        pending += graph.targets(where, one)
        statements = graph.views[where].outline.statements
        for place in graph.binders(where).get(one.partition(".")[0], ()):
            if statements[place].kind is not StatementKind.IMPORT:
                yield where, statements[place]


def _made_of(statement: Statement, attribute: str) -> Iterator[str]:
    for call in statement.uses.applied:
        if call.callee:
            yield from (f"{call.callee}.{attribute or '__call__'}", call.callee)
        yield from call.passed
    yield from statement.uses.reads
