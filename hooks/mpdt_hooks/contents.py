"""Lists, tables and objects that were filled with what acts differently now, and who goes through them on import. Pure.

``COMMANDS = []``, ``@command`` on a function, and ``HELP = [c() for c in COMMANDS]``: no chain of names leads from the
last to the function. What a decorator, a hook of a base or a store puts somewhere is told from the names that it uses.
Whoever fills a container does not thereby go through it.
"""

from __future__ import annotations

import builtins
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace

from mpdt_hooks.affected import Affected
from mpdt_hooks.called_at_once import bound_to_objects, definitions, is_metaclass, makers
from mpdt_hooks.graph import Graph, Name
from mpdt_hooks.initialised import MAKERS
from mpdt_hooks.invoked import ADDING, HANDED, SET, SET_ON
from mpdt_hooks.names import OWN, PATH, STORED, is_own
from mpdt_hooks.outline import Statement, StatementKind
from mpdt_hooks.uses import Application, Uses

_OBJECTS = (StatementKind.CLASS, StatementKind.BIND, StatementKind.BLOCK, StatementKind.EFFECT)
_DEFINITIONS = (StatementKind.CLASS, StatementKind.FUNCTION)
_HOOKS = ("__init_subclass__",)
_META_HOOKS = ("__init_subclass__", "__new__", "__init__", "__prepare__")
_MADE_OF = frozenset(
    {"list", "dict", "set", "deque", "defaultdict", "OrderedDict", "Counter", "WeakSet", "WeakValueDictionary"}
)
_ADDING = frozenset({*(f".{method}" for method in ADDING), ".__setitem__", SET_ON})
_HANDING = frozenset({HANDED, SET_ON})
_CHANGING = ADDING | {"remove", "discard", "pop", "popitem", "popleft", "clear", "sort", "reverse"}
_USERS = frozenset(dir(builtins)) - {"isinstance", "issubclass", "id", "type", "callable", "hasattr", "super"}


@dataclass(slots=True)
class Contents:
    """The containers, by the names that they were bound to first, that hold something which acts differently."""

    graph: Graph
    holding: frozenset[Name]
    reset: frozenset[Name] = frozenset()  # what is bound, or has attributes that are set, by new statements
    alike: frozenset[str] = frozenset()  # what new statements call that define nothing: who calls the same fills, too
    _homes: dict[Name, frozenset[Name]] = field(default_factory=dict)

    def are_gone_through(self, module: str, uses: Uses) -> bool:
        """Whether running a statement may call, or look into, what such a container holds."""
        filled = {name.partition(".")[0] for name in uses.fills}
        names = {name for name in uses.behaves if name.partition(".")[0] not in filled}
        for call in uses.applied:
            makes_decorator = call.thrown and call.stored
            if call.decorates or makes_decorator or call.callee.partition(".")[0] in filled:
                continue
            if call.callee in _USERS or not call.callee:
                names |= {*call.passed, *call.made} - {""}
            elif call.callee not in self.alike and not self._is_kept(module, call):
                names.add(call.callee)
        names |= {name for name in uses.reads if "." in name and self._is_computed(module, name)}
        read = [name for name in uses.reads if name not in self.alike] if self.reset else []
        if any(not self.reset.isdisjoint(self._reached(module, name)) for name in read):
            return True
        return any(not self.holding.isdisjoint(self._reached(module, name)) for name in names)

    def _is_computed(self, module: str, name: str) -> bool:
        """Whether a property of an object of the plugin's own is asked for: ``lazy.commands``."""
        owner, _, attribute = name.rpartition(".")
        made = [one for where, binder in bound_to_objects(self.graph, module, owner) for one in _made_by(where, binder)]
        found = (self.graph.statement_of_class(where, callee) for where, callee in made)
        family = self.graph.family(one for one in found if one is not None)
        return any(
            child.kind is StatementKind.FUNCTION and attribute in child.binds and child.uses.applied
            for _, one in family
            for child in one.children
        )

    def _is_kept(self, module: str, call: Application) -> bool:
        """Whether a call only makes an instance, which is there already, or adds to an object of a library's."""
        if self.graph.statement_of_class(module, call.callee) is not None:
            return call.stored or call.thrown
        bound = list(bound_to_objects(self.graph, module, call.callee)) if call.thrown and "." in call.callee else []
        return bool(bound) and all(one.kind in _OBJECTS and not self._is_ours(where, one) for where, one in bound)

    def _is_ours(self, module: str, maker: Statement) -> bool:
        """Whether a class of the plugin's may have made the object, or is it: its methods are told by ``only_kept``."""
        made = (self.graph.statement_of_class(module, call.callee) for call in maker.uses.applied if call.callee)
        return maker.kind is StatementKind.CLASS or any(one is not None for one in made)

    def are_used_to_make(self, module: str, cls: Statement) -> bool:
        """Whether making an instance of a class may call, or look into, what such a container holds."""
        family = list(self.graph.family([(module, cls)]))
        pending, done = {*MAKERS}, set[str]()
        while pending:
            name = pending.pop()
            done.add(name)
            for where, one in family:
                for child in one.children if where in self.graph.views else ():
                    if name not in child.binds or child.kind is not StatementKind.FUNCTION:
                        continue
                    used = [n for n in child.uses.deferred if n.rpartition(".")[2] not in ADDING]
                    if any(not self.holding.isdisjoint(self._reached(where, n)) for n in used):
                        return True
                    pending |= {n.removeprefix(OWN).partition(".")[0] for n in used if is_own(n)} - done
        return False

    def _reached(self, module: str, name: str) -> frozenset[Name]:
        found = self._homes.get((module, name))
        if found is None:
            found = self._homes[(module, name)] = frozenset(_objects_behind(self.graph, [(module, name)]))
        return found


def contents(
    affected: Affected, statements: Iterable[tuple[str, int, Statement]], added: Iterable[tuple[str, Statement]] = ()
) -> Contents:
    """What was filled with something that acts differently, by these statements, or is filled by new ones."""
    graph = affected.graph
    holding = {home for module, _, one in statements for home in _filled(affected, module, one)}
    new = list(added)
    for module, one in new:
        holding.update(_filled_anew(graph, module, one))
    told = (found for module, one in new for found in _told_of(graph, module, one))
    reset = {home for where, function in told for home in _set_by(graph, where, function)}
    alike = {call.callee for _, one in new if one.kind not in _DEFINITIONS for call in one.uses.applied}
    return Contents(graph, frozenset(holding), frozenset(reset), frozenset(alike))


def _told_of(graph: Graph, module: str, one: Statement) -> list[tuple[str, Statement]]:
    """The functions that run when a statement does: what it calls, decorators, the hooks of a class's bases."""
    called = [(module, call.callee) for call in one.uses.applied if call.callee]
    told = [found for home, name in called for found in definitions(graph, home, name)]
    for where, base in makers(graph, module, one) if one.kind is StatementKind.CLASS else ():
        hooks = _META_HOOKS if is_metaclass(graph, where, base) else _HOOKS
        told += [(where, child) for child in base.children if child.name in hooks]
    return told


def _filled_anew(graph: Graph, module: str, one: Statement) -> Iterator[Name]:
    """The containers that a new statement may put something into: all that a definition's decorators and hooks reach,
    and what calls in others change."""
    told = _told_of(graph, module, one)
    names = [(module, call.callee) for call in one.uses.applied if call.callee] if one.kind in _DEFINITIONS else []
    if one.kind is StatementKind.CLASS:
        hooks = (*_HOOKS, *_META_HOOKS)
        names += [(where, used) for where, hook in told if hook.name in hooks for used in hook.uses.deferred]
    for where, function in told:
        yield from (*_set_by(graph, where, function), *_changed_by(graph, where, function))
    for where, name in set(_objects_behind(graph, names)):
        statements = graph.views[where].outline.statements
        bound = [statements[place] for place in graph.binders(where).get(name, ())]
        bound += [child for one in bound for child in one.children if child.kind is StatementKind.BIND]
        if any(one.uses.displays or any(call.callee in _MADE_OF for call in one.uses.applied) for one in bound):
            yield where, name


def _set_by(graph: Graph, module: str, function: Statement) -> Iterator[Name]:
    """What calling it sets: names of a ``global`` statement, and what has an attribute that is set."""
    uses = function.uses
    named = {one.removesuffix(STORED) for one in uses.deferred if one.endswith(STORED)}
    handed = (one for one in (*uses.invokes, *uses.invokes_within) if one.startswith(HANDED))
    named |= {one.removeprefix(HANDED).rpartition(".")[0] for one in handed if one.endswith(f".{SET}")}
    yield from _homes(graph, module, named)


def _changed_by(graph: Graph, module: str, function: Statement) -> Iterator[Name]:
    """What calling it adds something to, or takes something out of."""
    uses = function.uses
    named = {one.rpartition(".")[0] for one in uses.deferred if one.rpartition(".")[2] in _CHANGING}
    handed = (one for one in (*uses.invokes, *uses.invokes_within) if one.startswith(HANDED))
    named |= {one.removeprefix(HANDED).rpartition(".")[0] for one in handed if one.endswith(".__setitem__")}
    yield from _homes(graph, module, named)


def _homes(graph: Graph, module: str, names: Iterable[str]) -> Iterator[Name]:
    for head in {one.partition(".")[0] for one in names} - {""}:
        for home, maker in bound_to_objects(graph, module, head):
            yield from ((home, bound) for bound in (maker.binds or (maker.name,)))


def filled_again(graph: Graph, places: Iterable[tuple[str, int]]) -> frozenset[tuple[str, int]]:
    """Those of the new statements that bind what a call gives which also fills something, and that others of their
    module follow which fill the same: ``a = fill(1)`` above ``fill(2)``."""
    found = set()
    for module, index in places:
        statements = graph.views[module].outline.statements
        if statements[index].kind not in (StatementKind.BIND, StatementKind.BLOCK):
            continue
        homes = set(_filled_anew(graph, module, statements[index]))
        if homes and any(_may_reach(graph, module, one, homes) for one in statements[index + 1 :]):
            found.add((module, index))
    return frozenset(found)


def _may_reach(graph: Graph, module: str, statement: Statement, homes: set[Name]) -> bool:
    if statement.kind not in (*_OBJECTS, StatementKind.FUNCTION):
        return False
    if statement.kind is StatementKind.FUNCTION and not statement.uses.applied:
        return False
    names = {*statement.uses.reads, *(call.callee for call in statement.uses.applied)} - {""}
    return not homes.isdisjoint(_objects_behind(graph, [(module, name) for name in names])) or any(
        _may_reach(graph, module, child, homes) for child in statement.children
    )


def _filled(affected: Affected, module: str, one: Statement) -> Iterator[Name]:
    """The containers that a statement has put something into which acts differently."""
    graph = affected.graph
    if one.kind is StatementKind.EFFECT:
        named = (*one.uses.reads, *one.uses.deferred)
        if any(affected.acts_differently(module, name) or affected.described(module, name) for name in named):
            for call in (call for call in one.uses.applied if call.thrown and call.callee):
                yield from _filled_by(graph, module, call.callee)
        for name in {name.partition(".")[0] for name in one.uses.reads if name[:1].isidentifier()}:
            if affected.uses_differ(module, _without(one.uses, name)):
                yield from _containers(graph, module, name)
        return
    if one.kind is StatementKind.CLASS:
        for child in one.children:
            if child.kind is StatementKind.FUNCTION and _differs(affected, module, f"{one.name}.{child.name}", child):
                yield from _filled_by_decorators(graph, module, child)
    if one.kind not in (StatementKind.CLASS, StatementKind.FUNCTION):
        return
    if one.kind is StatementKind.FUNCTION and not any(call.decorates for call in one.uses.applied):
        return  # nobody was handed it: most of a package need not be asked whether it differs
    if not _differs(affected, module, one.name, one):
        return
    yield from _filled_by_decorators(graph, module, one)
    if one.kind is StatementKind.CLASS:
        for where, base in makers(graph, module, one):
            wanted = _META_HOOKS if is_metaclass(graph, where, base) else _HOOKS
            hooks = [child for child in base.children if child.name in wanted]
            handed = {callee for hook in hooks for callee in hook.uses.invokes if callee.startswith(HANDED)}
            for callee in handed:
                yield from _filled_by(graph, where, callee.removeprefix(HANDED))
            if hooks or any(view.lists_subclasses for view in graph.views.values()):
                yield where, base.name


def _differs(affected: Affected, module: str, name: str, one: Statement) -> bool:
    if any((module, name) in names for names in (affected.behaviours, affected.values)):
        return True
    return affected.described(module, name) or affected.uses_differ(module, one.uses)


def _without(uses: Uses, name: str) -> Uses:
    return replace(
        uses,
        reads=tuple(n for n in uses.reads if n.partition(".")[0] != name),
        applied=tuple(call for call in uses.applied if call.callee.partition(".")[0] != name),
    )


def _filled_by_decorators(graph: Graph, module: str, one: Statement) -> Iterator[Name]:
    for call in (call for call in one.uses.applied if call.decorates):
        for name in (call.callee,) if call.callee else call.passed:
            is_class = graph.class_at(module, name.split(".")[:1]) is not None  # ``@Request.application``
            yield from _filled_by(graph, module, name, is_object=not is_class)


def _filled_by(graph: Graph, module: str, name: str, *, is_object: bool = True, depth: int = 6) -> Iterator[Name]:
    """The containers that what a name leads to puts something into which it is handed."""
    if not depth:
        return
    owner, _, method = name.rpartition(".")
    if owner and method == SET:
        yield from ((where, owner.partition(".")[0]) for where, _ in bound_to_objects(graph, module, owner))
    elif owner and is_object:  # ``@app.command``
        yield from _containers(graph, module, owner)
    for where, one in bound_to_objects(graph, module, name):
        if one.kind is StatementKind.BIND and any(_has_a_state(graph, where, call.callee) for call in one.uses.applied):
            yield from ((where, bound) for bound in one.binds)
    for where, function in definitions(graph, module, name):
        if not is_object and any(one in _ADDING or one.startswith(f"{HANDED}cls.") for one in function.uses.invokes):
            yield from _containers(graph, module, owner)  # ``cls.all.append(f)``
        for callee in {*function.uses.invokes, *function.uses.invokes_within}:
            if callee.startswith(HANDED):
                yield from _filled_by(graph, where, callee.removeprefix(HANDED), depth=depth - 1)


def _has_a_state(graph: Graph, module: str, maker: str) -> bool:
    """Whether what a name makes may keep what it is handed: ``@registry``, which has ``__call__``, or a closure."""
    if graph.statement_of_class(module, maker) is not None:
        return True
    made_in = (function.uses.invokes_within for _, function in definitions(graph, module, maker) if maker)
    return any(not _HANDING.isdisjoint(name[:1] for name in found) for found in made_in)


def _objects_behind(graph: Graph, names: Iterable[Name]) -> Iterator[Name]:
    """The objects that evaluating or calling these names may lead to, through the functions that they name."""
    pending, seen = list(names), set[Name]()
    while pending:
        module, name = pending.pop()
        if (module, name) in seen or module not in graph.views or name.startswith(OWN) or name.endswith(STORED):
            continue
        seen.add((module, name))
        if name.startswith(PATH):
            target = graph.path_target(module, name)
            pending += [] if target is None else [target]
            continue
        pending += graph.targets(module, name)
        head, _, rest = name.partition(".")
        for place in graph.binders(module).get(head, ()):
            statement = graph.views[module].outline.statements[place]
            match statement.kind:
                case StatementKind.FUNCTION:
                    if rest or any(call.decorates for call in statement.uses.applied):  # ``@show.register(int)``
                        yield module, head
                    pending += [(module, used) for used in (() if rest else statement.uses.deferred)]
                case StatementKind.CLASS:
                    if rest:
                        yield module, head
                    wanted = rest.partition(".")[0]
                    for where, cls in graph.family([(module, statement)]):
                        members = (child for child in cls.children if not rest or wanted in child.binds)
                        for child in members:
                            pending += [(where, used) for used in child.uses.deferred]
                            if rest and child.kind is StatementKind.BIND:  # ``on = staticmethod(put)``
                                pending += [(where, used) for used in child.uses.reads]
                case StatementKind.BIND | StatementKind.BLOCK | StatementKind.EFFECT:
                    yield module, head
                    first = rest.partition(".")[0]  # only the first attribute: names must not grow in a circle
                    if not statement.uses.applied:  # an alias
                        used_names = [f"{n}.{first}" if first and "." not in n else n for n in statement.uses.reads]
                        pending += [(module, used) for used in used_names]
                    elif first:
                        pending += [(where, f"{callee}.{first}") for where, callee in _made_by(module, statement)]


def _made_by(module: str, statement: Statement) -> Iterator[Name]:
    """What a binding calls for the object that it keeps, by its name."""
    yield from ((module, call.callee) for call in statement.uses.applied if call.stored and call.callee)


def _containers(graph: Graph, module: str, name: str) -> Iterator[Name]:
    """Where a name was bound to a container, or to an object of the plugin's own: a library's is its affair."""
    for where, one in bound_to_objects(graph, module, name):
        calls = [call.callee for call in one.uses.applied]
        match one.kind:
            case StatementKind.CLASS:
                yield where, one.name
            case StatementKind.FUNCTION if any("singledispatch" in callee for callee in calls):
                yield where, one.name
            case StatementKind.BIND if (calls or one.uses.displays or one.uses.reads) and all(  # else it is a constant
                callee.rpartition(".")[2] in _MADE_OF or graph.statement_of_class(where, callee) is not None
                for callee in calls
            ):
                yield from ((where, bound) for bound in one.binds)
