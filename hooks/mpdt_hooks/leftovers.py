"""What an edit would leave behind: cached results, globals that calls have set, modules that nothing imports."""

from __future__ import annotations

from collections.abc import Iterator

from mpdt_hooks import rude
from mpdt_hooks.affected import CHECKS
from mpdt_hooks.asked_again import makes_as_before
from mpdt_hooks.draft import Draft
from mpdt_hooks.graph import Graph, Name
from mpdt_hooks.model import DefRef
from mpdt_hooks.names import OWN, PATH, STORED, is_own
from mpdt_hooks.outline import Statement, StatementKind
from mpdt_hooks.planned import Handed
from mpdt_hooks.sentence import said

_KEEPING = frozenset({"staticmethod", "classmethod", "property", "abstractmethod", "overload", "override"})


def ghosts(draft: Draft) -> Iterator[str]:
    """Modules that a fresh process would not load: their last import is gone."""
    if all(draft.old.imports_alike(draft.graph, module) for module in draft.old.views):
        return
    roots = draft.before.roots()
    for module in sorted(draft.before.reachable(roots) - draft.graph.reachable(roots)):
        _check_name_left(draft, module)
        for statement in draft.graph.views[module].outline.statements if module in draft.graph.views else ():
            decorated = any(call.decorates for call in statement.uses.applied)
            if statement.kind is StatementKind.EFFECT or decorated:
                what = said("Module {module} is no longer imported.", module=module)
                draft.refuse(rude.MODULE_GONE, module, statement, what)
            _check_subclass(draft, module, statement)
        if module in draft.graph.views:
            _check_ghost(draft, module)
            yield module


def _check_subclass(draft: Draft, module: str, statement: Statement) -> None:
    """A class of a module that goes is among the ``__subclasses__()`` of its base until the garbage collector comes."""
    if statement.kind is not StatementKind.CLASS or not any(v.lists_subclasses for v in draft.graph.views.values()):
        return
    for base in statement.uses.reads:
        if draft.graph.statement_of_class(module, base) is not None:
            what = said(
                "Class {name} goes, and {base}.__subclasses__() would list it for a while.",
                name=statement.name,
                base=base,
            )
            draft.refuse(rude.CLASS_HOOK, module, statement, what)


def _check_name_left(draft: Draft, gone: str) -> None:
    """A module that had its package's name for itself, which is what the package binds again: that has run long ago."""
    package, _, name = gone.rpartition(".")
    if package in draft.graph.views and draft.graph.defines(package, name):
        for place in draft.graph.binders(package)[name]:
            statement = draft.graph.views[package].outline.statements[place]
            what = said("It binds the name of module {module}, which goes.", module=gone)
            draft.refuse(rude.ORDER, package, statement, what)


def _check_ghost(draft: Draft, gone: str) -> None:
    """A module that nobody imports any more, but that somebody still reaches through its package."""
    for module in draft.order:
        for statement in draft.graph.views[module].outline.statements if module != gone else ():
            for name in statement.uses.reads:
                if any(target == gone for target, _ in draft.graph.targets(module, name)):
                    what = said("It reaches module {module}, which is no longer imported.", module=gone)
                    draft.refuse(rude.MODULE_GONE, module, statement, what)


def answers_differ(draft: Draft) -> bool:
    """Whether a hook that ``isinstance`` asks acts differently: what it told abstract classes they keep."""
    return any(
        _has_other_hook(draft, module, "", statement)
        for module in draft.order
        for statement in draft.graph.views[module].outline.statements
        if statement.kind is StatementKind.CLASS
    )


def _has_other_hook(draft: Draft, module: str, prefix: str, cls: Statement) -> bool:
    return any(
        _has_other_hook(draft, module, f"{prefix}{cls.name}.", child)
        if child.kind is StatementKind.CLASS
        else not CHECKS.isdisjoint(child.binds) and _acts_differently(draft, module, f"{prefix}{cls.name}.{n}", child)
        for child in cls.children
        for n in child.binds[:1]
    )


def handed(draft: Draft) -> Iterator[Handed]:
    """The decorated functions and methods that act differently and are not made again: a decorator may have called
    them."""
    for module, index, statement in draft.candidates:
        if index not in draft.reruns.get(module, ()):
            yield from _handed_in(draft, module, (index,), "", statement)


def _handed_in(draft: Draft, module: str, path: tuple[int, ...], prefix: str, one: Statement) -> Iterator[Handed]:
    qualname = f"{prefix}{one.name}"
    if one.kind is StatementKind.CLASS:
        work = draft.classes.get((module, path))
        for i, child in enumerate(one.children):
            if work is None or i not in work.run:
                yield from _handed_in(draft, module, (*path, i), f"{qualname}.", child)
    decorators = [call.callee for call in one.uses.applied if call.decorates]
    if one.kind is StatementKind.FUNCTION and set(decorators) - _KEEPING and _is_other(draft, module, qualname, one):
        yield Handed(module, qualname, one.first, decorators[-1])


def _is_other(draft: Draft, module: str, qualname: str, function: Statement) -> bool:
    return (module, qualname) in draft.affected.behaviours or draft.affected.uses_differ(module, function.uses)


def caches(draft: Draft) -> Iterator[Name]:
    """Functions and methods under a decorator that keeps results, if they act differently now."""
    affected = draft.affected
    if not (affected.values or affected.behaviours or affected.products or affected.descriptions or draft.changes):
        return
    for module in draft.order:
        for statement in draft.graph.views[module].outline.statements:
            if _keeps_results(draft.graph, module, statement) and _acts_differently(
                draft, module, statement.name, statement
            ):
                yield (module, statement.name)
            for child in statement.children:
                if _keeps_results(draft.graph, module, child):
                    name = f"{statement.name}.{child.name}"
                    methods = {f"{statement.name}{used}" for used in child.uses.deferred if is_own(used)}
                    if _acts_differently(draft, module, name, child) or any(
                        draft.affected.acts_differently(module, method) for method in methods
                    ):
                        yield (module, name)


def _keeps_results(graph: Graph, module: str, statement: Statement) -> bool:
    """Whether it is a function under a decorator like ``lru_cache``, by whatever name that was imported."""
    if statement.kind is not StatementKind.FUNCTION:
        return False
    statements = graph.views[module].outline.statements
    for callee in (call.callee for call in statement.uses.applied if call.decorates):
        places = graph.binders(module).get(callee.partition(".")[0], ())
        imported = (one.name for place in places for one in statements[place].uses.imports if one.bound == callee)
        if any("cache" in name for name in (callee, *imported)):
            return True
    return False


def _acts_differently(draft: Draft, module: str, name: str, statement: Statement) -> bool:
    if any(change.ref == DefRef(module, name) for change in draft.changes):
        return True
    if makes_as_before(draft.affected, module, None, statement):  # what the cache holds is the object that is there
        return False
    uses = statement.uses
    return any(draft.affected.acts_differently(module, used) for used in (*uses.deferred, *uses.reads))


def check_global_stores(draft: Draft) -> None:
    """A function that a statement calls again sets a name of its module (``global``), which others have read."""
    for module, places in draft.reruns.items():
        for place in places:
            statement = draft.graph.views[module].outline.statements[place]
            calls = [call for call in statement.uses.applied if call.callee and not call.decorates]
            if any(_sets_a_global(draft.graph, module, call.callee, set()) for call in calls):
                what = said("It calls a function that sets a name of its module.")
                draft.refuse(rude.EFFECT, module, statement, what)


def _sets_a_global(graph: Graph, module: str, name: str, seen: set[Name]) -> bool:
    if (module, name) in seen or module not in graph.views or name.startswith((OWN, PATH)):
        return False
    seen.add((module, name))
    if any(_sets_a_global(graph, *target, seen) for target in graph.targets(module, name)):
        return True
    statements = graph.views[module].outline.statements
    for place in graph.binders(module).get(name.partition(".")[0], ()):
        if statements[place].kind not in (StatementKind.FUNCTION, StatementKind.CLASS):
            continue
        for used in statements[place].uses.deferred:
            if (used.endswith(STORED) and not used.startswith(OWN)) or _sets_a_global(graph, module, used, seen):
                return True
    return False
