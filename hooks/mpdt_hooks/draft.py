"""One plan in the making: what has been found out so far, and what any part of the planner adds to it."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import InitVar, dataclass, field
from pathlib import Path

from mpdt_hooks import rude
from mpdt_hooks.affected import Affected
from mpdt_hooks.graph import Graph, Name
from mpdt_hooks.model import Change, ChangeKind, DefRef, RudeEdit
from mpdt_hooks.outline import Statement, StatementKind
from mpdt_hooks.planned import Gone, Undecorated
from mpdt_hooks.sentence import Sentence, said


@dataclass(slots=True)
class ClassWork:
    """What is to be done to one class so far; ``ClassPlan`` says what the parts mean."""

    run: set[int] = field(default_factory=set)
    delete: set[str] = field(default_factory=set)
    header: bool = False
    fields: bool = False
    members: bool = False
    hooks: bool = False
    marks: bool = False
    added: set[int] = field(default_factory=set)
    heirs: set[Name] = field(default_factory=set)


@dataclass(frozen=True, slots=True)
class Running:
    """A statement that runs again; ``index``: its place in the module, or that of the outermost class around it."""

    module: str
    index: int
    statement: Statement
    cls: Statement | None = None
    qualname: str = ""  # of the class


@dataclass(slots=True)
class Draft:
    """One plan in the making: edits seed it, dependents are added until nothing new depends on what changed."""

    graph: Graph
    old: Graph  # the changed modules as they were
    paths: Mapping[str, Path]
    order: Sequence[str]  # modules in the order in which they were imported; the graph has those that will be, too
    affected: Affected = field(init=False)
    before: Graph = field(init=False)  # all modules, the changed ones as they were
    refusals: dict[tuple[str, str, int], RudeEdit] = field(default_factory=dict)
    reruns: dict[str, set[int]] = field(default_factory=dict)
    classes: dict[tuple[str, tuple[int, ...]], ClassWork] = field(default_factory=dict)
    deletes: dict[Name, None] = field(default_factory=dict)
    changes: list[Change] = field(default_factory=list)
    undecorated: list[Undecorated] = field(default_factory=list)
    redecorated: set[Name] = field(default_factory=set)  # decorated otherwise than before, or new
    added: set[tuple[str, int]] = field(default_factory=set)  # statements that are new
    gone: list[Gone] = field(default_factory=list)
    candidates: list[tuple[str, int, Statement]] = field(default_factory=list)
    moved: list[tuple[str, tuple[int, ...]]] = field(default_factory=list)  # what stands elsewhere, members too
    reordered: set[str] = field(default_factory=set)  # modules of which statements have changed places
    differing: set[Name] = field(default_factory=set)  # made again because a decorator acts differently
    known: set[str] = field(default_factory=set)  # identifiers through which something may depend on a change
    settled: Collection[tuple[str, int]] = ()  # statements that have been rehearsed, and give what they gave
    repeatable: Collection[tuple[str, int]] = ()  # statements that act, and may do so again
    same: Collection[Name] = ()  # names that a new import binds to the very object that they are bound to
    acting: dict[tuple[str, int], Statement | None] = field(default_factory=dict)  # refused; what it was, if it differs
    dependent: set[tuple[str, int]] = field(default_factory=set)  # statements that act, refused only as dependents
    remade: list[tuple[str, int]] = field(default_factory=list)  # made instances that would be made otherwise now
    filled: set[tuple[str, int]] = field(default_factory=set)  # made instances out of what a container holds
    rehearsable: set[tuple[str, int]] = field(default_factory=set)  # what matters for them is only what they call

    narrowed: frozenset[tuple[str, int]] | None = None  # the statements that may depend on what changed, if known
    known_before: InitVar[Graph | None] = None

    def __post_init__(self, known_before: Graph | None) -> None:
        self.affected = Affected(self.graph, edited=frozenset(self.old.views))
        there = {module: self.graph.views[module] for module in self.order}
        self.before = known_before or Graph({**there, **self.old.views})

    def touched(self) -> frozenset[tuple[str, int]]:
        """The statements, by module and index, with which anything has been done: run, worked on, or refused."""
        found = {(module, index) for module, places in self.reruns.items() for index in places}
        found |= {(module, path[0]) for module, path in self.classes}
        refused: dict[str, set[int]] = {}
        for _, module, line in self.refusals:
            refused.setdefault(module, set()).add(line)
        return frozenset(found) | {
            (module, index)
            for module, lines in refused.items()
            if module in self.graph.views  # else its file goes
            for index, one in enumerate(self.graph.views[module].outline.statements)
            if any(one.first <= line <= one.last for line in lines)
        }

    def new_statements(self) -> Iterator[tuple[str, Statement]]:
        """Those of the modules, and of the bodies of classes that are there; also what is decorated otherwise."""
        for module, places in self.reruns.items():
            for place in places:
                statement = self.graph.views[module].outline.statements[place]
                if (module, place) in self.added or (module, statement.name) in self.redecorated:
                    yield module, statement
        for (module, path), work in self.classes.items():
            cls, qualname = self.statement(module, path), self.qualname(module, path)
            for place in work.run:
                if place in work.added or (module, f"{qualname}.{cls.children[place].name}") in self.redecorated:
                    yield module, cls.children[place]

    def statement(self, module: str, path: tuple[int, ...]) -> Statement:
        """The class statement to which places in bodies lead, outermost first."""
        statement = self.graph.views[module].outline.statements[path[0]]
        for place in path[1:]:
            statement = statement.children[place]
        return statement

    def qualname(self, module: str, path: tuple[int, ...]) -> str:
        return ".".join(self.statement(module, path[:length]).name for length in range(1, len(path) + 1))

    def rerun(self, module: str, index: int) -> bool:
        """Run a statement again; False if that was known."""
        done = self.reruns.setdefault(module, set())
        if index in done:
            return False
        done.add(index)
        return True

    def rerun_binders(self, module: str, name: str) -> bool:
        """Run everything again that binds a name: the last one counts; False if that was known."""
        added = False
        for place in self.graph.binders(module).get(name, ()):
            statement = self.graph.views[module].outline.statements[place]
            if statement.kind in (StatementKind.EFFECT, StatementKind.CLASS) and not statement.uses.labels:
                if place not in self.reruns.get(module, ()):
                    what = said("The name {name} is bound in several places, and what binds it changed.", name=name)
                    self.refuse(rude.NOT_UNIQUE, module, statement, what)
                continue
            if self.rerun(module, place):
                added = True
                for bound in statement.binds:
                    self.affected.add_value(module, bound)
                    if len(self.graph.binders(module).get(bound, ())) > 1:
                        self.rerun_binders(module, bound)
        return added

    def rebase(self, module: str, path: tuple[int, ...], qualname: str, bases: set[str]) -> None:
        """The class and its old and new bases act differently: what is inherited, and who is whose subclass."""
        self.classes.setdefault((module, path), ClassWork()).header = True
        self.affected.add_rebased(module, qualname)
        self.known.update(qualname.split("."))
        self.affected.add_behaviour(module, qualname.partition(".")[0])
        for base in bases:
            self.act_differently(module, base)

    def act_differently(self, module: str, name: str) -> None:
        """What a name is bound to acts differently, here and in the modules that it comes from."""
        self.affected.add_behaviour(module, name)
        for target, inner in self.graph.targets(module, name):
            self.affected.add_behaviour(target, inner)

    def running(self) -> Iterator[Running]:
        """All statements that run again, those of class bodies last."""
        for module, places in self.reruns.items():
            for place in places:
                yield Running(module, place, self.graph.views[module].outline.statements[place])
        for (module, path), work in self.classes.items():
            cls = self.statement(module, path)
            for place in work.run:
                yield Running(module, path[0], cls.children[place], cls, self.qualname(module, path))

    def note_run(self, module: str, prefix: str, statement: Statement) -> None:
        name = (prefix + (statement.name or ", ".join(statement.binds))).removesuffix(".")
        self.changes.append(Change(ChangeKind.RE_RUN, DefRef(module, name), statement.first, statement.last))

    def refuse(self, kind: rude.RudeKind, module: str, statement: Statement, what: Sentence) -> None:
        name = statement.name or (statement.binds[0] if statement.binds else "")
        key = (kind.code, module, statement.first)
        ref = DefRef(module, name)
        self.refusals.setdefault(key, rude.rude_edit(kind, ref, self.paths[module], statement.first, what))
