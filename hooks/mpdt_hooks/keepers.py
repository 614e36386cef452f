"""Does a function of the plugin's only keep the functions that it is handed? Pure.

``register("ping", ping)`` puts ``ping`` into a table: who calls it from there calls its new code. So an edit of
``ping`` is none of that call, unless ``register`` calls what it is handed, looks into it, or calls others who may.
"""

from __future__ import annotations

from collections.abc import Iterator

from mpdt_hooks.graph import Graph, Name
from mpdt_hooks.invoked import HANDED, IMPLICIT
from mpdt_hooks.names import HELD, OWN
from mpdt_hooks.outline import Statement, StatementKind

_ADDING = frozenset({"append", "add", "insert", "extend", "update", "setdefault", "appendleft", "__setitem__"})
_Found = tuple[str, Statement, Statement | None]  # the module, a function, and the class that it is a method of


def only_keeps(graph: Graph, module: str, name: str) -> bool:
    """Whether all functions that a name may lead to do no more with functions than to put them somewhere."""
    owner, _, last = name.rpartition(".")
    if owner and last in _ADDING and _is_written_out(graph, module, owner):
        return True
    found = list(_functions(graph, module, name))
    return bool(found) and all(_puts_away(graph, *one) for one in found)


def _is_written_out(graph: Graph, module: str, name: str) -> bool:
    """Whether a name leads to a list, set or table that its statement writes out."""
    for where, one in ((module, name), *graph.targets(module, name)):
        statements = graph.views[where].outline.statements if where in graph.views and one else ()
        makers = [statements[place] for place in graph.binders(where).get(one, ())] if statements else []
        if makers and all(maker.uses.displays and not maker.uses.applied for maker in makers):
            return True
    return False


def _adds(graph: Graph, module: str, name: str) -> bool:
    """Whether a method only adds to a container: one of the plugin's own of that name may do more."""
    owner, _, last = name.rpartition(".")
    if last not in _ADDING or not owner:
        return False
    classes = (one for view in graph.views.values() for one in view.outline.statements)
    return _is_written_out(graph, module, owner) or not any(
        child.name == last for one in classes if one.kind is StatementKind.CLASS for child in one.children
    )


def _functions(graph: Graph, module: str, name: str) -> Iterator[_Found]:
    pending, seen = [(module, name)], set[Name]()
    while pending:
        where, one = pending.pop()
        if (where, one) in seen or where not in graph.views:
            continue
        seen.add((where, one))
        pending += graph.targets(where, one)
        head, _, method = one.partition(".")
        for place in graph.binders(where).get(head, ()):
            statement = graph.views[where].outline.statements[place]
            if statement.kind is StatementKind.FUNCTION and not method:
                yield where, statement, None
            elif statement.kind is StatementKind.BIND and method and len(statement.uses.applied) == 1:
                yield from _methods(graph, where, statement.uses.applied[0].callee, method)


def _methods(graph: Graph, module: str, cls: str, method: str) -> Iterator[_Found]:
    found = graph.statement_of_class(module, cls)
    for where, one in graph.family([found]) if found is not None else ():
        yield from ((where, child, one) for child in one.children if child.name == method)


def _puts_away(graph: Graph, module: str, function: Statement, cls: Statement | None) -> bool:
    uses = function.uses
    if function.kind is not StatementKind.FUNCTION or uses.applied or not uses.invokes:
        return False  # without ``invokes`` it does nothing with it, or hides what it does
    if not all(one == IMPLICIT or _adds(graph, module, one.removeprefix(HANDED)) for one in uses.invokes):
        return False
    own = {name.lstrip(HELD).partition(".")[0] for name in uses.deferred if name.startswith(OWN)}
    members = [child for _, one in graph.family([(module, cls)]) for child in one.children] if cls is not None else []
    if any(not own.isdisjoint(child.binds) and child.kind is not StatementKind.BIND for child in members):
        return False
    called = (name for name in uses.called if name.rpartition(".")[2] not in _ADDING)
    return not any(name in graph.binders(module) for name in (one.partition(".")[0] for one in called))
