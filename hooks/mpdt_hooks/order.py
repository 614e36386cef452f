"""What a statement finds bound when it runs: a fresh process may not have bound it yet, or in another order."""

from __future__ import annotations

from mpdt_hooks import rude
from mpdt_hooks.draft import Draft
from mpdt_hooks.early import early_anywhere, early_reads
from mpdt_hooks.graph import Graph, Name
from mpdt_hooks.names import ALL_NAMES, ANY_MODULE
from mpdt_hooks.outline import Statement, StatementKind
from mpdt_hooks.sentence import said


def check_namespaces(draft: Draft) -> None:
    """Who goes through a live namespace sees names that a fresh one has not bound yet, and new names last."""
    readers = [
        (module, statement)
        for module, view in draft.graph.views.items()
        for statement in view.outline.statements
        if ALL_NAMES in statement.uses.reads or ALL_NAMES in statement.uses.deferred
    ]
    if not readers:
        return
    for module, statement in readers:
        if module not in draft.before.views or _is_called_aside(draft, module, statement):  # it comes with this edit
            continue
        old, new = (list(graph.binders(module)) for graph in (draft.before, draft.graph))
        if [n for n in old if n in new] + [n for n in new if n not in old] != new:
            what = said(
                "It goes through the names of its module, which would stand in another order in a fresh process."
            )
            draft.refuse(rude.ORDER, module, statement, what)
    for module, places in draft.reruns.items():
        for statement in (draft.graph.views[module].outline.statements[place] for place in places):
            if any(_goes_through_names(draft.graph, module, name, set()) for name in statement.uses.reads):
                what = said(
                    "It goes through the names of a module, and a fresh process would not have bound all of them."
                )
                draft.refuse(rude.ORDER, module, statement, what)


def _is_called_aside(draft: Draft, module: str, function: Statement) -> bool:
    """Whether all that calls a function is done once more aside, where names stand in a fresh process's order."""
    callers = [
        (where, index)
        for where, view in draft.graph.views.items()
        for index, one in enumerate(view.outline.statements)
        if one is not function and function.name in one.mentions
    ]
    is_function = function.kind is StatementKind.FUNCTION
    return is_function and bool(callers) and all(one in draft.settled and one[0] == module for one in callers)


def _goes_through_names(graph: Graph, module: str, name: str, seen: set[Name]) -> bool:
    """Whether using what a name leads to may list a namespace."""
    if name == ALL_NAMES:
        return True
    if (module, name) in seen or module not in graph.views:
        return False
    seen.add((module, name))
    if any(_goes_through_names(graph, *target, seen) for target in graph.targets(module, name)):
        return True
    statements = graph.views[module].outline.statements
    return any(
        _goes_through_names(graph, module, used, seen)
        for place in graph.binders(module).get(name.partition(".")[0], ())
        for used in statements[place].uses.deferred
    )


def check_submodule_names(draft: Draft) -> None:
    """A package's own name that is a submodule's, too: whichever comes last in a fresh process has it."""
    views = draft.graph.views
    for one in draft.running():
        if one.cls is not None or one.statement.kind is StatementKind.IMPORT:
            continue
        for name in one.statement.binds:
            submodule = f"{one.module}.{name}"
            if submodule in views and not _is_loaded_before(draft.graph, one.module, one.index, name):
                what = said("It binds the name of module {module}, which may be imported after it.", module=submodule)
                draft.refuse(rude.ORDER, one.module, one.statement, what)
    _check_names_given_up(draft)
    _check_names_taken(draft)


def _check_names_taken(draft: Draft) -> None:
    """A name that the package binds, and that a submodule takes which is imported for the first time: who has read the
    name has what it was."""
    views = draft.graph.views
    taken = {
        (package, name): module
        for module in views.keys() - set(draft.order)
        for package, _, name in (module.rpartition("."),)
        if package in draft.order and draft.graph.defines(package, name)
    }
    for (package, name), module in taken.items():
        for place in draft.graph.binders(package)[name]:
            statement = views[package].outline.statements[place]
            is_run = place in draft.reruns.get(package, ()) or statement.uses.imports
            if not is_run and _is_loaded_before(draft.graph, package, place, name):
                what = said("It binds the name of module {module}, which may be imported after it.", module=module)
                draft.refuse(rude.ORDER, package, statement, what)
    for module in draft.order if taken else ():
        for index, statement in enumerate(views[module].outline.statements):
            if index in draft.reruns.get(module, ()):
                continue
            for name in (*statement.uses.reads, *(one.bound for one in statement.uses.imports)):
                found = next((taken[one] for one in draft.graph.targets(module, name) if one in taken), None)
                found = found or taken.get((module, name))
                if found and name not in statement.binds[: 0 if statement.uses.imports else None]:
                    what = said("It has read a name that is module {module}'s from now on.", module=found)
                    draft.refuse(rude.ORDER, module, statement, what)


def _check_names_given_up(draft: Draft) -> None:
    """A name that is a submodule's again: what the package bound is there still, and an import would find that."""
    views = draft.graph.views
    for package, old in draft.old.views.items():
        if package not in views or not views[package].is_package:
            continue
        for name, places in draft.old.binders(package).items():
            submodule = f"{package}.{name}"
            if submodule in views and draft.old.defines(package, name) and not draft.graph.defines(package, name):
                what = said("It bound the name of module {module}, which is that module's again.", module=submodule)
                draft.refuse(rude.ORDER, package, old.outline.statements[places[-1]], what)


def _is_loaded_before(graph: Graph, package: str, index: int, name: str) -> bool:
    submodule = f"{package}.{name}"
    for place, one in graph.imports_of(package):
        target = graph.imported_module(package, one)
        if place < index and not one.lazy and ((target, one.name) == (package, name) or target == submodule):
            return True
    order = list(graph.run_order())
    loaded = [place for place, (module, _) in enumerate(order) if module == submodule]
    return bool(loaded) and loaded[-1] < order.index((package, index))


def displaced(draft: Draft) -> tuple[str, ...]:
    """The modules that a fresh process runs in another order than it did before, all between the first and the last;
    and those that only functions imported until now."""
    importing = [
        one for one in draft.old.views if one in draft.graph.views and not draft.old.imports_alike(draft.graph, one)
    ]
    importing += [one for one, path in draft.moved if draft.statement(one, path).uses.imports]
    if not importing:
        return ()
    old, new = (dict.fromkeys(module for module, _ in graph.run_order()) for graph in (draft.before, draft.graph))
    before, after = [one for one in old if one in new], [one for one in new if one in old]
    differing = [place for place, pair in enumerate(zip(before, after, strict=True)) if pair[0] != pair[1]]
    moved = after[differing[0] : differing[-1] + 1] if differing else []
    eager = draft.graph.run_at_once().intersection(draft.order) - draft.before.run_at_once()
    return tuple(dict.fromkeys((*importing, *moved, *sorted(eager))))


def check_nested_reads(draft: Draft) -> None:
    """What runs in a class body reads a nested class, whose attributes are set only when all of the body has run."""
    for one in draft.running():
        if one.cls is None:
            continue
        nested = {child.name for child in one.cls.children if child.kind is StatementKind.CLASS}
        for name in (*one.statement.uses.reads, *one.statement.uses.behaves):
            parts = name.split(".")
            read = {(one.module, ".".join((one.qualname, *parts[:length]))) for length in range(2, len(parts) + 1)}
            if parts[0] in nested and read & draft.affected.values:
                what = said("It needs {name}, which the same patch sets later.", name=name)
                draft.refuse(rude.ORDER, one.module, one.statement, what)


def check_early_reads(draft: Draft) -> None:
    """What runs on import, or what it calls, reads a name that a fresh process has not bound by then."""
    touched = {(module, index) for module, index, _ in draft.candidates}
    for module in draft.old.views:
        if module not in draft.graph.views:
            continue
        binders, gone = draft.graph.binders(module), {name for where, name in draft.deletes if where == module}
        for place, statement in enumerate(draft.graph.views[module].outline.statements):
            if statement.kind is StatementKind.FUNCTION and statement.uses.is_inert:
                continue
            again = place in draft.reruns.get(module, ())  # if it misses what is gone, it says so itself
            if module not in draft.reordered and not again and (module, place) not in touched:
                continue
            early = early_reads(draft.graph, module, place, () if again else gone)
            for name in sorted(early - _early_before(draft, module, statement)) if early else ():
                if name in binders:
                    what = said("It needs {name}, which is bound further down.", name=name)
                else:
                    what = said("It needs {name}, which is gone.", name=name)
                draft.refuse(rude.ORDER, module, statement, what)


def check_coming(draft: Draft) -> None:
    """What is imported for the first time reads a module that a fresh process has not imported to its end by then."""
    views = draft.graph.views
    if len(draft.order) == len(views):
        return
    places = {place: number for number, place in enumerate(draft.graph.run_order())}
    for module in views.keys() - set(draft.order):
        statements = views[module].outline.statements
        for statement in statements:
            if ANY_MODULE in statement.uses.reads or ANY_MODULE in statement.uses.behaves:
                what = said(
                    "It goes through the names of a module, and a fresh process would not have bound all of them."
                )
                draft.refuse(rude.ORDER, module, statement, what)
        for index, one in draft.graph.imports_of(module):
            target = draft.graph.imported_module(module, one)
            if one.lazy or target not in draft.order or (not one.guarded and one.name):
                continue
            last = places.get((target, len(views[target].outline.statements) - 1), -1)
            if last > places[module, index] and any(_needs_now(one.bound, statement) for statement in statements):
                what = said(
                    "The import of {name} from {target}, which is half-way through its own import, may fail.",
                    name=one.name or one.bound,
                    target=target,
                )
                draft.refuse(rude.ORDER, module, statements[index], what)


def _needs_now(name: str, statement: Statement) -> bool:
    """Whether a statement reads what an import bound, or may call a function that does."""
    if statement.kind in (StatementKind.IMPORT, StatementKind.FUNCTION) and not statement.uses.applied:
        return False
    heads = {read.partition(".")[0] for read in (*statement.uses.reads, *statement.uses.behaves)}
    return name in heads or bool(statement.uses.applied) or any(_needs_now(name, one) for one in statement.children)


def _early_before(draft: Draft, module: str, statement: Statement) -> set[str]:
    """The names that the statement read so early before: it does not always need them.

    What a decorator or hook reads may well be read by what it returns, so any other statement's will do.
    """
    if statement.kind in (StatementKind.FUNCTION, StatementKind.CLASS):
        return early_anywhere(draft.before, module)
    own = [place for name in statement.binds for place in draft.before.binders(module).get(name, ())]
    return early_reads(draft.before, module, own[0]) if own else set()
