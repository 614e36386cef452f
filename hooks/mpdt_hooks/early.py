"""Which names does a statement need while its module is being imported that are bound further down? Pure.

What runs is followed through the module's own functions and classes. Each may need a name or not (a branch, a function
inside of a function), so what was needed as early in the version before is no evidence.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator

from mpdt_hooks.affected import KEEPERS
from mpdt_hooks.graph import Graph
from mpdt_hooks.names import HELD, OWN
from mpdt_hooks.outline import Statement, StatementKind

_MAKERS = ("__init__", "__new__", "__post_init__", "model_post_init")
_TOLD = ("__init_subclass__",)
_PLACED = (*_MAKERS, "__set_name__")  # of what is made in a class body


def early_reads(graph: Graph, module: str, place: int, gone: Collection[str] = ()) -> set[str]:
    """Names that are ``gone`` or bound further down, and that a statement reads, or what it calls does."""
    statement, binders = graph.views[module].outline.statements[place], graph.binders(module)
    if statement.kind is StatementKind.IMPORT:
        return set()
    found = set(_read_perhaps(statement))
    pending = list(_run_at_once(graph, module, statement))
    seen: set[str] = set()
    while pending:
        called = pending.pop()
        if called not in seen:
            seen.add(called)
            needed = set(_needed_by(graph, module, called))
            found |= needed
            pending += needed
    heads = {name.partition(".")[0] for name in found}
    return {name for name in heads if name in gone or (name in binders and binders[name][0] > place)}


def early_anywhere(graph: Graph, module: str) -> set[str]:
    """The names that some statement of the module seems to need before they are bound."""
    places = range(len(graph.views[module].outline.statements))
    return {name for place in places for name in early_reads(graph, module, place)}


def _read_perhaps(statement: Statement) -> Iterator[str]:
    """What an ``if``, a loop or a call reads, also in a class body; what is read for certain is a broken link."""
    certain = statement.kind not in (StatementKind.BLOCK, StatementKind.EFFECT)
    yield from statement.uses.perhaps if certain else statement.uses.reads
    # Of a lambda that is handed to what is called, in a default too. The bodies of functions and methods run later.
    handed = [
        call for call in statement.uses.applied if not call.decorates and call.callee.rpartition(".")[2] not in KEEPERS
    ]
    if statement.kind is StatementKind.FUNCTION:
        yield from (name for call in handed for name in call.passed)
    elif handed and statement.kind is not StatementKind.CLASS:
        yield from statement.uses.deferred
    bound: set[str] = set()  # by the class, so far
    for child in statement.children:
        seen = () if child.kind is StatementKind.CLASS else bound  # a class in a class does not see its names
        yield from (name for name in _read_perhaps(child) if name.partition(".")[0] not in seen)
        bound.update(child.binds)


def _run_at_once(graph: Graph, module: str, statement: Statement) -> Iterator[str]:
    """What runs when the statement does, as dotted names: functions, classes, and methods of classes."""
    for call in statement.uses.applied:
        yield from (call.callee, *call.passed)
    if statement.kind is not StatementKind.CLASS:
        return
    yield from statement.uses.behaves  # a metaclass is called
    yield from (f"{base}.{hook}" for base in statement.uses.reads for hook in _TOLD)
    for child in statement.children:
        yield from _run_at_once(graph, module, child)
        yield from (f"{call.callee}.{hook}" for call in child.uses.applied if call.callee for hook in _PLACED)


def _needed_by(graph: Graph, module: str, name: str) -> Iterator[str]:
    """What using a dotted name may read: a function's or method's names, those of a class's making."""
    head, _, rest = name.partition(".")
    statements = graph.views[module].outline.statements
    for statement in (statements[place] for place in graph.binders(module).get(head, ())):
        match statement.kind:
            case StatementKind.FUNCTION if not rest:
                yield from statement.uses.deferred
            case StatementKind.CLASS:
                methods = (rest.partition(".")[0],) if rest else _MAKERS
                yield from _read_by_methods(graph, module, statement, methods)
            case StatementKind.BIND:  # an alias, or an instance of which a method is called
                first = rest.partition(".")[0]  # only the first attribute is looked up: names must not grow in a circle
                yield from (f"{made}.{first}" if first and "." not in made else made for made in statement.uses.reads)


def _read_by_methods(graph: Graph, module: str, cls: Statement, methods: tuple[str, ...]) -> Iterator[str]:
    """The names that methods of a class read, those that they call on themselves and inherited ones included."""
    family = list(_family(graph, module, cls))
    pending, seen = list(methods), set()
    while pending:
        wanted = pending.pop()
        if wanted in seen:
            continue
        seen.add(wanted)
        for child in (child for one in family for child in one.children if wanted in child.binds):
            for name in child.uses.deferred:
                if name.startswith(HELD):
                    continue
                if name.startswith(OWN):
                    pending.append(name.removeprefix(OWN))
                else:
                    yield name


def _family(graph: Graph, module: str, cls: Statement) -> Iterator[Statement]:
    """The class and the classes of its module that it inherits from."""
    pending, seen = [cls], set()
    statements = graph.views[module].outline.statements
    while pending:
        current = pending.pop()
        if current.first in seen:
            continue
        seen.add(current.first)
        yield current
        for base in current.uses.reads:
            found = (statements[place] for place in graph.binders(module).get(base, ()))
            pending += [one for one in found if one.kind is StatementKind.CLASS]
