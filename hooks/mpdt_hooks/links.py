"""Do the names that the new files want exist when they want them? Pure.

Checked before anything is touched: new code that cannot work is rejected, and the old version serves on.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from mpdt_hooks.affected import BUILTIN_NAMES
from mpdt_hooks.graph import Graph, Name
from mpdt_hooks.outline import Statement, StatementKind
from mpdt_hooks.sentence import Sentence, said
from mpdt_hooks.uses import NO_USES


@dataclass(frozen=True, slots=True)
class BrokenLink:
    """New code that cannot work: an import of a name that is gone, or a name read before it is bound."""

    module: str
    path: Path
    line: int
    type: str
    message: str


def broken_links(
    graph: Graph, old: Graph, paths: Mapping[str, Path], order: Sequence[str], gone: Collection[Name]
) -> Iterator[BrokenLink]:
    """Imports of names that are ``gone``, and in the edited modules names that are read before they are bound."""
    for module in order:
        for index, one in graph.imports_of(module):
            target = graph.imported_module(module, one)
            if one.lazy or one.guarded or (target, one.name) not in gone:
                continue
            if f"{target}.{one.name}" in graph.views or "__getattr__" in graph.binders(target):
                continue
            line = graph.views[module].outline.statements[index].first
            message = f"cannot import name {one.name!r} from {target!r} ({paths[target]})"
            yield BrokenLink(module, paths[module], line, "ImportError", message)
    for module in old.views:
        if module in graph.views:
            yield from _read_too_early(graph, module, paths[module])


def new_circles(graph: Graph, old: Graph) -> Iterator[tuple[str, Statement, Sentence]]:
    """New circles of imports: what works here, where all is imported, may fail in a fresh process."""
    known = {(m, t, n) for m, _, t, n in Graph({**graph.views, **old.views}).unfinished_imports()}
    for module, index, target, name in graph.unfinished_imports():
        if (module, target, name) not in known:
            what = said(
                "The import of {name} from {target}, which is half-way through its own import, may fail.",
                name=name,
                target=target,
            )
            yield module, graph.views[module].outline.statements[index], what


def _read_too_early(graph: Graph, module: str, path: Path) -> Iterator[BrokenLink]:
    binders = graph.binders(module)
    outline = graph.views[module].outline
    for index, statement in enumerate(outline.statements):
        if statement.kind in (StatementKind.BLOCK, StatementKind.INERT, StatementKind.EFFECT):
            continue
        for name in _reads_at_once(statement, outline.lazy_annotations):
            places = binders.get(name)
            if places and places[0] >= index and name not in BUILTIN_NAMES and name not in statement.uses.annotates:
                if places[0] == index and statement.kind is not StatementKind.BIND:
                    continue
                if _may_come_by_star(graph, module, index, name):
                    continue
                message = f"name {name!r} is not defined"
                yield BrokenLink(module, path, statement.first, "NameError", message)


def _may_come_by_star(graph: Graph, module: str, index: int, name: str) -> bool:
    """Whether an ``import *`` further up may bind a name: one of a library may bind any."""
    stars = [
        graph.imported_module(module, one)
        for place, one in graph.imports_of(module)
        if one.name == "*" and place < index
    ]
    return any(target not in graph.views or graph.defines(target, name) for target in stars)


def _reads_at_once(statement: Statement, lazy_annotations: bool) -> set[str]:
    if lazy_annotations and statement.uses.annotates:
        return set()
    names = _read_for_certain(statement)
    own: set[str] = set()
    for child in statement.children:
        looks_later = lazy_annotations and child.uses.annotates
        if looks_later or child.kind is StatementKind.BLOCK:
            own |= set(child.binds)
            continue
        names |= _read_for_certain(child) - own
        if child.kind is StatementKind.CLASS:  # its body does not see what the class around it binds
            names |= _reads_at_once(replace(child, uses=NO_USES), lazy_annotations)
        own |= set(child.binds)
    return names


def _read_for_certain(statement: Statement) -> set[str]:
    perhaps = statement.uses.perhaps
    return {name.partition(".")[0] for name in statement.uses.reads if name not in perhaps}
