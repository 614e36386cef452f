"""SourceDelta + graph -> PatchPlan, or rude edits. Pure.

The plan names what is run again, what is deleted, and which classes are worked on. New code for functions needs no
plan: every code object that differs from its older version goes to its holders.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field, replace
from pathlib import Path

from mpdt_hooks import rude
from mpdt_hooks.called_at_once import is_called_by_decorator, maker_that_called
from mpdt_hooks.classify import Edit, EditKind, SourceDelta
from mpdt_hooks.early import early_anywhere, early_reads
from mpdt_hooks.graph import Affected, Graph, Name
from mpdt_hooks.kept_objects import LAMBDA, Held, held_by_values
from mpdt_hooks.links import broken_links, new_circles
from mpdt_hooks.model import Change, ChangeKind, DefRef, RudeEdit
from mpdt_hooks.names import ALL_NAMES, ANY_MODULE, NAMESPACE, OWN, PATH, STORED
from mpdt_hooks.outline import Statement, StatementKind
from mpdt_hooks.planned import ClassPlan, DecoratorUse, Doubts, Gone, PatchPlan, Run, Undecorated
from mpdt_hooks.sentence import Sentence, said
from mpdt_hooks.uses import Uses

_ENUMS = frozenset({"Enum", "IntEnum", "StrEnum", "ReprEnum", "Flag", "IntFlag"})
_MEMBER_MAKERS = frozenset({"__init__", "__new__", "_generate_next_value_"})  # run for every member of an Enum
_HOOKS = frozenset({"__init_subclass__", "__set_name__", "__prepare__", "__class_getitem__", "__mro_entries__"})


@dataclass(slots=True)
class _ClassWork:
    run: set[int] = field(default_factory=set)
    delete: set[str] = field(default_factory=set)
    header: bool = False
    fields: bool = False
    members: bool = False
    hooks: bool = False
    marks: bool = False


@dataclass(frozen=True, slots=True)
class _Running:
    """A statement that runs again; ``index``: its place in the module, or that of the outermost class around it."""

    module: str
    index: int
    statement: Statement
    cls: Statement | None = None
    qualname: str = ""  # of the class


@dataclass(slots=True)
class Planner:
    """One plan in the making: edits seed it, dependents are added until nothing new depends on what changed."""

    graph: Graph
    old: Graph  # the changed modules as they were
    paths: Mapping[str, Path]
    order: Sequence[str]  # modules in the order in which they were imported
    affected: Affected = field(init=False)
    before: Graph = field(init=False)  # all modules, the changed ones as they were
    refusals: dict[tuple[str, str, int], RudeEdit] = field(default_factory=dict)
    reruns: dict[str, set[int]] = field(default_factory=dict)
    classes: dict[tuple[str, tuple[int, ...]], _ClassWork] = field(default_factory=dict)
    deletes: dict[Name, None] = field(default_factory=dict)
    changes: list[Change] = field(default_factory=list)
    undecorated: list[Undecorated] = field(default_factory=list)
    redecorated: set[Name] = field(default_factory=set)  # decorated otherwise than before, or new
    added: set[tuple[str, int]] = field(default_factory=set)  # statements that are new
    gone: list[Gone] = field(default_factory=list)
    candidates: list[tuple[str, int, Statement]] = field(default_factory=list)
    reordered: set[str] = field(default_factory=set)  # modules of which statements have changed places
    differing: set[Name] = field(default_factory=set)  # made again because a decorator acts differently
    known: set[str] = field(default_factory=set)  # identifiers through which something may depend on a change
    settled: Collection[tuple[str, int]] = ()  # statements that have been rehearsed, and give what they gave
    remade: list[tuple[str, int]] = field(default_factory=list)  # made instances that would be made otherwise now
    rehearsable: set[tuple[str, int]] = field(default_factory=set)  # what matters for them is only what they call

    def __post_init__(self) -> None:
        self.affected = Affected(self.graph, edited=frozenset(self.old.views))
        self.before = Graph({**self.graph.views, **self.old.views})

    # -- seeds: what the edits themselves call for

    def seed(self, delta: SourceDelta) -> None:
        """Take up one file's edits."""
        for edit in delta.edits:
            self._note(delta.module, "", edit)
            self._seed_edit(delta.module, edit)
        # A statement that is removed and one that is added may bind one name: it is deleted only if none is left.
        bound = self.graph.binders(delta.module)
        for edit in delta.edits:
            before = self.before.bound_by(delta.module, edit.old) if edit.old else ()
            after = edit.new.binds if edit.new else ()
            for name in set(before) - set(after):
                self.affected.add_value(delta.module, name)
                if name in bound:
                    self._rerun_binders(delta.module, name)
                elif f"{delta.module}.{name}" not in self.graph.views:  # the import system binds a package's submodules
                    self.deletes[(delta.module, name)] = None
        self._seed_star_imports(delta.module)

    def _seed_star_imports(self, module: str) -> None:
        """Names that a star import brought and that it no longer brings, or brings now."""
        before = self.before
        for importer in self.order:
            for _, one in self.graph.imports_of(importer):
                if one.name == "*" and self.graph.imported_module(importer, one) == module:
                    old, new = (set(graph.public_names(importer, one)) for graph in (before, self.graph))
                    for name in old ^ new:
                        self.affected.add_value(importer, name)
                        if name in self.graph.binders(importer):
                            self._rerun_binders(importer, name)
                        else:
                            self.deletes[(importer, name)] = None

    def _seed_edit(self, module: str, edit: Edit) -> None:
        statement = edit.statement
        match edit.kind:
            case EditKind.BODY:
                for name in statement.binds:
                    if edit.nested_only:
                        self.affected.add_product(module, name)
                    else:
                        self.affected.add_behaviour(module, name)
            case EditKind.CLASS:
                self._seed_class(module, (edit.index,), statement.name, edit)
                self.affected.add_behaviour(module, statement.name)
            case EditKind.REMOVED:
                self._note_gone(module, "", statement)
                self._seed_subclass(module, statement, gone=True)
                if statement.kind is StatementKind.EFFECT:
                    self._refuse(rude.EFFECT, module, statement, said("A statement that acts was removed."))
                if statement is self.old.views[module].outline.statements[0] and statement.kind is StatementKind.STRING:
                    self.deletes[(module, "__doc__")] = None
                    self.affected.add_value(module, "__doc__")
            case EditKind.REORDERED:
                self._seed_reordered(module, edit)
            case EditKind.SHAPE | EditKind.ADDED:
                self._seed_run(module, edit)

    def _note_gone(self, module: str, prefix: str, statement: Statement, new: Statement | None = None) -> None:
        """What made the definition may have noted it elsewhere, and stays there. ``new``: calls that it still makes."""
        is_class = statement.kind is StatementKind.CLASS
        still = {call.callee for call in new.uses.applied} if new is not None else set()
        made = (call for call in statement.uses.applied if call.callee and not call.decorates)
        calls = tuple(call for call in made if call.callee not in still)
        if is_class or (calls and statement.kind in (StatementKind.BIND, StatementKind.BLOCK)):
            name = prefix + (statement.name or ", ".join(statement.binds))
            self.gone.append(Gone(module, name, 1, calls, is_class))

    def _seed_run(self, module: str, edit: Edit) -> None:
        statement = edit.statement
        if edit.kind is EditKind.ADDED:
            self.added.add((module, edit.index))
        if edit.old is not None:
            self._note_gone(module, "", edit.old, edit.new)
        if statement.kind is StatementKind.INERT:
            return
        if statement.kind is StatementKind.STRING:
            if edit.index == 0:
                self.reruns.setdefault(module, set()).add(0)
                self.affected.add_value(module, "__doc__")
            return
        if StatementKind.EFFECT in (statement.kind, edit.old.kind if edit.old else None):
            is_new = edit.kind is EditKind.ADDED
            what = said("A statement that acts was added.") if is_new else said("A statement that acts was changed.")
            self._refuse(rude.EFFECT, module, statement, what)
            return
        self._rerun(module, edit.index)
        self._seed_subclass(module, statement, gone=False)
        identity_kept = statement.kind is StatementKind.FUNCTION and edit.old is not None and not edit.decorators
        for name in self.graph.bound_by(module, statement):
            if identity_kept:
                self.affected.add_behaviour(module, name)
            elif name not in edit.kept_binds:
                self.affected.add_value(module, name)

    def _seed_subclass(self, module: str, statement: Statement, *, gone: bool) -> None:
        """Where somebody asks for ``__subclasses__()``, a class that comes or goes is a change of its bases."""
        if statement.kind is not StatementKind.CLASS or not any(v.lists_subclasses for v in self.graph.views.values()):
            return
        for base in statement.uses.reads:
            if self.graph.statement_of_class(module, base) is None:
                continue
            if gone:  # it is listed until the garbage collector has come by
                what = said(
                    "Class {name} goes, and {base}.__subclasses__() would list it for a while.",
                    name=statement.name,
                    base=base,
                )
                self._refuse(rude.CLASS_HOOK, module, statement, what)
            self._act_differently(module, base)

    def _act_differently(self, module: str, name: str) -> None:
        self.affected.add_behaviour(module, name)
        for target, inner in self.graph.targets(module, name):
            self.affected.add_behaviour(target, inner)

    def _seed_reordered(self, module: str, edit: Edit) -> None:
        statement = edit.statement
        self.reordered.add(module)
        if statement.kind is StatementKind.EFFECT:
            self._refuse(rude.ORDER, module, statement, said("A statement that acts stands elsewhere in the file."))
        binders = self.graph.binders(module)
        for name in statement.binds:
            if len(binders.get(name, ())) > 1:
                self._rerun_binders(module, name)
                self.affected.add_value(module, name)

    def _seed_class(self, module: str, path: tuple[int, ...], qualname: str, edit: Edit) -> None:
        work = self.classes.setdefault((module, path), _ClassWork())
        new, old = edit.new, edit.old
        assert new is not None
        assert old is not None
        if edit.header:
            self._rebase(module, path, qualname, {*new.uses.reads, *old.uses.reads})
        if edit.keywords:
            self._refuse(
                rude.BASES,
                module,
                new,
                said("The keywords or type parameters of class {qualname} differ.", qualname=qualname),
            )
        if edit.decorators:
            kept = {call.callee for call in new.uses.applied if call.decorates}
            if any(call.decorates and call.callee not in kept for call in old.uses.applied):
                what = said("The decorators of class {qualname} differ.", qualname=qualname)
                self._refuse(rude.CLASS_DECORATOR, module, new, what)
            work.marks = True
        for inner in edit.inner:
            self._note(module, f"{qualname}.", inner)
            self._seed_member(module, path, qualname, inner, work)
        docstring = old.children[0] if old.children[0].kind is StatementKind.STRING else None
        if docstring and any(inner.kind is EditKind.REMOVED and inner.old is docstring for inner in edit.inner):
            work.delete.add("__doc__")
            self.affected.add_value(module, f"{qualname}.__doc__")
        bound = {name for child in new.children for name in child.binds}
        for inner in edit.inner:
            before = inner.old.binds if inner.old else ()
            after = inner.new.binds if inner.new else ()
            for name in set(before) - set(after):
                self.affected.add_value(module, f"{qualname}.{name}")
                work.members = True
                if name in bound:
                    work.run |= {i for i, child in enumerate(new.children) if name in child.binds}
                else:
                    work.delete.add(name)

    def _seed_member(self, module: str, path: tuple[int, ...], qualname: str, edit: Edit, work: _ClassWork) -> None:
        statement = edit.statement
        if statement.name in _HOOKS:
            work.hooks = True
            if statement.name == "__set_name__":
                self._refuse_told(module, qualname, statement)
        if edit.kind is EditKind.BODY:
            for name in statement.binds:
                self.affected.add_behaviour(module, f"{qualname}.{name}")
            work.fields |= statement.name in _MEMBER_MAKERS and self._is_enum(module, qualname)
            return
        annotated = any(s is not None and s.uses.annotates for s in (edit.old, edit.new))
        work.fields |= annotated or statement.kind in (StatementKind.BIND, StatementKind.BLOCK)
        if edit.kind is EditKind.CLASS:
            self._seed_class(module, (*path, edit.index), f"{qualname}.{statement.name}", edit)
            self.affected.add_behaviour(module, f"{qualname}.{statement.name}")
            return
        if edit.kind is EditKind.REORDERED:
            binders = [
                i for i, c in enumerate(self._statement(module, path).children) if set(c.binds) & set(statement.binds)
            ]
            if len(binders) > 1:
                work.run |= set(binders)
            return
        if StatementKind.EFFECT in {s.kind for s in (edit.old, edit.new) if s is not None}:
            what = said("A statement that acts, in the body of class {qualname}, differs.", qualname=qualname)
            self._refuse(rude.CLASS_EFFECT, module, statement, what)
            return
        if edit.old is not None:
            self._note_gone(module, f"{qualname}.", edit.old, edit.new)
        if edit.kind is EditKind.REMOVED:
            work.members |= statement.kind not in (StatementKind.INERT, StatementKind.STRING)
            return
        if statement.kind is StatementKind.INERT:
            return
        if statement.kind is StatementKind.STRING:
            if edit.index == 0:
                work.run.add(0)
                self.affected.add_value(module, f"{qualname}.__doc__")
            return
        work.members = True
        work.run.add(edit.index)
        for name in statement.binds:
            self.affected.add_value(module, f"{qualname}.{name}")

    def _refuse_told(self, module: str, qualname: str, hook: Statement) -> None:
        """``__set_name__`` of a descriptor's class acts differently: descriptors that are there were told before."""
        for user in self.order:
            for statement in self.graph.views[user].outline.statements:
                for child in statement.children:
                    found = (self.graph.statement_of_class(user, call.callee) for call in child.uses.applied)
                    if any(one is not None and (one[0], one[1].name) == (module, qualname) for one in found):
                        what = said(
                            "{name}.__set_name__ acts differently, and class {user} was told before.",
                            name=qualname,
                            user=statement.name,
                        )
                        self._refuse(rude.CLASS_HOOK, module, hook, what)

    # -- dependents, until nothing is added

    def close(self) -> None:
        """Add every statement that depends on what changed, in all modules."""
        candidates = self.candidates = self._candidates()
        changed = True
        while changed:
            changed = False
            for module, index, statement in candidates:
                changed |= self._close_statement(module, index, statement)
            for (module, path), work in list(self.classes.items()):
                changed |= self._close_binders(module, path, work)

    def _candidates(self) -> list[tuple[str, int, Statement]]:
        """The statements that may depend on what changed: a chain of identifiers leads from each to a changed name.

        Most of a package has nothing to do with an edit; this look at it costs a hundredth of the exact one.
        """
        seeds = {*self.affected.values, *self.affected.behaviours, *self.affected.rebased, *self.affected.products}
        known = {name.partition(".")[0] for _, name in seeds}
        known |= {part for module, _ in seeds for part in module.split(".")}  # who is handed a whole module
        known |= {NAMESPACE, ALL_NAMES, ANY_MODULE, "__subclasses__", "__code__"}
        places = [
            (module, index, statement)
            for module in self.order
            for index, statement in enumerate(self.graph.views[module].outline.statements)
        ]
        mentioning: defaultdict[str, list[int]] = defaultdict(list)
        for number, (_, _, statement) in enumerate(places):
            for name in {*statement.mentions, *statement.binds}:  # two that bind one name run together
                mentioning[name].append(number)
        found: set[int] = set()
        pending = list(known)
        while pending:
            for number in mentioning.pop(pending.pop(), ()):
                if number not in found:
                    found.add(number)
                    more = _leads_on(places[number][2])
                    pending += more
                    known.update(more)
        self.known |= known | {part for _, name in seeds for part in name.split(".")}
        again = {(module, index) for module, indexes in self.reruns.items() for index in indexes}
        return [
            (module, index, statement)
            for number, (module, index, statement) in enumerate(places)
            if number in found or (module, index) in again or (module, (index,)) in self.classes
        ]

    def _close_statement(self, module: str, index: int, statement: Statement) -> bool:
        done = self.reruns.get(module, ())
        if index in done:
            binders = self.graph.binders(module)
            shared = [n for n in self.graph.bound_by(module, statement) if len(binders.get(n, ())) > 1]
            return any(self._rerun_binders(module, name) for name in shared)
        match statement.kind:
            case StatementKind.INERT | StatementKind.STRING:
                return False
            case StatementKind.CLASS:
                return self._close_class(module, (index,), statement, statement.name, frozenset())
            case StatementKind.EFFECT:
                if not self.affected.needs_rerun(module, statement.uses):
                    return False
                if not statement.uses.labels:
                    self._refuse(rude.EFFECT, module, statement, said("A statement that acts depends on what changed."))
                    return False
        is_function = statement.kind is StatementKind.FUNCTION
        called = is_function and is_called_by_decorator(self.affected, module, statement.name, statement)
        if (module, index) in self.settled:
            return False
        if not called and not self.affected.needs_rerun(module, statement.uses, default=is_function):
            return False
        if statement.kind is StatementKind.BIND:
            self.rehearsable.add((module, index))
        self._rerun(module, index)
        self._note_run(module, "", statement)
        for name in self.graph.bound_by(module, statement):
            if statement.kind is StatementKind.FUNCTION:
                self.affected.add_behaviour(module, name)
            elif statement.kind is not StatementKind.IMPORT or self._import_value_changed(module, statement, name):
                self.affected.add_value(module, name)
        return True

    def _import_value_changed(self, module: str, statement: Statement, name: str) -> bool:
        """Of ``from m import a, b``, and of ``from m import *``, only the names that m changed are other values."""
        return any(
            self._star_value_changed(self.graph.imported_module(module, one), name)
            if one.name == "*"
            else one.bound == name and self.affected._import_differs(module, one)
            for one in statement.uses.imports
        )

    def _star_value_changed(self, target: str, name: str) -> bool:
        if self.affected.value_changed(target, name):
            return True
        unknown = "__all__" in self.graph.binders(target) and not self.graph.exports(target)
        return unknown and self.affected.value_changed(target, "__all__")

    def _close_class(
        self, module: str, path: tuple[int, ...], statement: Statement, qualname: str, outer: frozenset[str]
    ) -> bool:
        changed = self._close_class_head(module, path, statement, qualname)
        self._close_makers(module, statement, qualname)
        own = frozenset(name for child in statement.children for name in child.binds)
        before: set[str] = set()  # what the class has bound before this child
        for i, child in enumerate(statement.children):
            if child.name in ("__init_subclass__", "__set_name__"):
                self._close_hook(module, qualname, child)
            before.update(statement.children[i - 1].binds if i else ())
            work = self.classes.get((module, path))
            if work is not None and i in work.run:
                continue
            if work is None and self.known.isdisjoint(child.mentions):
                continue
            if child.kind is StatementKind.BIND or any(call.decorates for call in child.uses.applied):
                self.known.update(child.binds)
            if child.kind is StatementKind.CLASS:
                changed |= self._close_class(module, (*path, i), child, f"{qualname}.{child.name}", own)
                continue
            if child.kind in (StatementKind.INERT, StatementKind.STRING):
                continue
            if child.name in _MEMBER_MAKERS and self._makes_other_members(module, qualname, child):
                work = self.classes.setdefault((module, path), _ClassWork())
                changed |= not work.fields
                work.fields = True
            called = child.kind is StatementKind.FUNCTION and is_called_by_decorator(
                self.affected, module, f"{qualname}.{child.name}", child
            )
            if called or self._member_depends(module, qualname, before, child):
                changed = True
                self._rerun_member(module, path, qualname, i, child)
        return changed

    def _close_makers(self, module: str, statement: Statement, qualname: str) -> None:
        maker = maker_that_called(self.affected, module, qualname, statement)
        if maker:
            kind = rude.CLASS_DECORATOR if maker.startswith("@") else rude.CLASS_HOOK
            what = said("{maker} has called a method of class {name}, which changes.", maker=maker, name=qualname)
            self._refuse(kind, module, statement, what)

    def _member_depends(self, module: str, qualname: str, own: Set[str], child: Statement) -> bool:
        """Whether a statement of a class body depends on what changed. ``own``: what the class has bound before it."""
        values = self.affected.values
        cls = self.graph.class_at(module, qualname.split("."))
        if cls is not None and self._looks_into_sibling(self.affected, _Running(module, 0, child, cls, qualname)):
            return True
        for name in (*child.uses.reads, *child.uses.behaves):
            head = name.partition(".")[0]
            # A name of the class and of the module: which one is read depends on the place (``x = x``).
            if head in own and (module, f"{qualname}.{head}") in values and head not in child.binds:
                return True
            if head in own and head not in child.binds:
                continue
            if self.affected.value_changed(module, name):
                return True
        for call in child.uses.applied:
            inner = f"{qualname}.{call.callee}"
            if call.callee not in own:
                continue
            if (module, inner) in self.affected.behaviours and self.graph.class_at(module, inner.split(".")) is None:
                return True
            if any(m == module and n.startswith(f"{inner}.") for m, n in values):
                return True
        outside = [call for call in child.uses.applied if not call.callee or call.callee.partition(".")[0] not in own]
        return (
            any(self.affected._result_differs(module, call, default=True) for call in outside)
            or any(
                self.affected.acts_differently(module, name)
                for name in child.uses.behaves
                if name.partition(".")[0] not in own
            )
            or any(self.affected.is_another_key(module, n) for n in child.uses.keys if n.partition(".")[0] not in own)
            or any(
                self.affected.gives_other_items(module, name, subscript=True)
                for name in child.uses.items
                if name.partition(".")[0] not in own
            )
        )

    def _looks_into_sibling(self, affected: Affected, one: _Running) -> bool:
        """Whether it looks into, or calls, what an assignment in the class body made, and that acts differently."""
        assert one.cls is not None
        uses = one.statement.uses
        passed = (name for call in uses.applied for name in (call.callee, *call.passed, *call.made))
        looked = {name for name in (*(name for name in uses.reads if "." in name), *uses.behaves, *passed) if name}
        heads = {name.partition(".")[0] for name in looked}
        own = {name for child in one.cls.children for name in child.binds}
        return any(
            affected.uses_differ(one.module, child.uses, one.qualname, own)
            for child in one.cls.children
            if heads.intersection(child.binds) and child is not one.statement
            if child.kind is StatementKind.BIND or _is_called(one.statement, child)
        )

    def _close_hook(self, module: str, qualname: str, hook: Statement) -> None:
        """A hook that calls something that acts differently now: what it made of the classes it saw is stale."""
        others = [name for name in hook.uses.deferred if name.partition(".")[0] != qualname]
        if not any(self.affected.acts_differently(module, name) for name in others):
            return
        if hook.name == "__set_name__":
            self._refuse_told(module, qualname, hook)
        else:
            what = said("What {name}.__init_subclass__ uses changes, and it has seen classes.", name=qualname)
            self._refuse(rude.CLASS_HOOK, module, hook, what)

    def _makes_other_members(self, module: str, qualname: str, maker: Statement) -> bool:
        """Whether a method that runs for every member of an Enum calls something that acts differently now."""
        return any(self.affected.acts_differently(module, name) for name in maker.uses.deferred) and self._is_enum(
            module, qualname
        )

    def _is_enum(self, module: str, qualname: str, depth: int = 8) -> bool:
        """Whether a class is an Enum, as far as the names of its bases tell."""
        statement = self.graph.class_at(module, qualname.split("."))
        if statement is None or not depth:
            return False
        for base in statement.uses.reads:
            if base.rpartition(".")[2] in _ENUMS:
                return True
            found = self.graph.statement_of_class(module, base)
            if found is not None and self._is_enum(found[0], found[1].name, depth - 1):
                return True
        return False

    def _close_class_head(self, module: str, path: tuple[int, ...], statement: Statement, qualname: str) -> bool:
        """Bases by other names, or names that lead elsewhere now, are evaluated when the patch is applied."""
        uses = statement.uses
        if not self.affected.needs_rerun(module, uses):
            return False
        work = self.classes.get((module, path))
        if work is not None and work.header:
            return False
        marks = work is not None and work.marks  # then their arguments are evaluated again
        applied = tuple(replace(call, passed=(), made=()) if marks else call for call in uses.applied)
        decorators = {name for call in applied for name in (call.callee, *call.passed)}
        plain = replace(uses, reads=tuple(sorted(decorators - {""})), applied=applied)
        if self.affected.needs_rerun(module, plain):
            what = said(
                "What class {qualname} is made with (a base, a keyword or a decorator) changes.", qualname=qualname
            )
            self._refuse(rude.BASES, module, statement, what)
            return False
        self._rebase(module, path, qualname, set(uses.reads))
        return True

    def _rebase(self, module: str, path: tuple[int, ...], qualname: str, bases: set[str]) -> None:
        """The class and its old and new bases act differently: what is inherited, and who is whose subclass."""
        self.classes.setdefault((module, path), _ClassWork()).header = True
        self.affected.rebased.add((module, qualname))
        self.known.update(qualname.split("."))
        self.affected.add_behaviour(module, qualname.partition(".")[0])
        for base in bases:
            self._act_differently(module, base)

    def _rerun_member(self, module: str, path: tuple[int, ...], qualname: str, index: int, child: Statement) -> None:
        if child.kind is StatementKind.EFFECT:
            what = said(
                "A statement that acts, in the body of class {qualname}, depends on what changed.", qualname=qualname
            )
            self._refuse(rude.CLASS_EFFECT, module, child, what)
        work = self.classes.setdefault((module, path), _ClassWork())
        work.run.add(index)
        work.members = True
        work.fields |= bool(child.uses.annotates) or child.kind is StatementKind.BIND
        self._note_run(module, f"{qualname}.", child)
        self.known.update(qualname.split("."), child.binds)
        self.affected.add_behaviour(module, qualname.partition(".")[0])
        for name in child.binds:
            self.affected.add_value(module, f"{qualname}.{name}")

    def _close_binders(self, module: str, path: tuple[int, ...], work: _ClassWork) -> bool:
        """Parts of one property, or overloads, are made together."""
        children = self._statement(module, path).children
        names = {name for i in work.run for name in children[i].binds}
        more = {i for i, child in enumerate(children) if names & set(child.binds)} - work.run
        work.run |= more
        return bool(more)

    def _rerun(self, module: str, index: int) -> bool:
        done = self.reruns.setdefault(module, set())
        if index in done:
            return False
        done.add(index)
        return True

    def _rerun_binders(self, module: str, name: str) -> bool:
        added = False
        for place in self.graph.binders(module).get(name, ()):
            statement = self.graph.views[module].outline.statements[place]
            if statement.kind in (StatementKind.EFFECT, StatementKind.CLASS) and not statement.uses.labels:
                if place not in self.reruns.get(module, ()):
                    what = said("The name {name} is bound in several places, and what binds it changed.", name=name)
                    self._refuse(rude.NOT_UNIQUE, module, statement, what)
                continue
            if self._rerun(module, place):
                added = True
                for bound in statement.binds:
                    self.affected.add_value(module, bound)
                    if len(self.graph.binders(module).get(bound, ())) > 1:
                        self._rerun_binders(module, bound)
        return added

    # -- the result

    def finish(self) -> PatchPlan:
        self._check_namespaces()
        self._check_global_stores()
        self._check_early_reads()
        kept, doubts = self._kept_instances()
        gone = {name for name in self.deletes if name[1] not in self.graph.binders(name[0])}
        broken = next(broken_links(self.graph, self.old, self.paths, self.order, gone), None)
        if not all(self.old.imports_alike(self.graph, module) for module in self.old.views):
            for module, statement, what in new_circles(self.graph, self.old):
                self._refuse(rude.ORDER, module, statement, what)
        ghosts = tuple(self._ghosts())
        runs = tuple(self._runs())
        return PatchPlan(
            runs,
            tuple(self.deletes),
            tuple(self.changes),
            tuple(self.refusals.values()),
            broken,
            tuple(self._caches()),
            tuple(self.undecorated),
            frozenset(self.redecorated),
            ghosts,
            frozenset(self.differing),
            frozenset(self.affected.values),
            tuple(self.gone),
            kept,
            doubts,
            self._rehearsals(doubts),
            tuple(self.remade),
        )

    def _check_early_reads(self) -> None:
        """What runs on import, or what it calls, reads a name that a fresh process has not bound by then."""
        touched = {(module, index) for module, index, _ in self.candidates}
        for module in self.old.views:
            if module not in self.graph.views:
                continue
            binders, gone = self.graph.binders(module), {name for where, name in self.deletes if where == module}
            for place, statement in enumerate(self.graph.views[module].outline.statements):
                again = place in self.reruns.get(module, ())  # if it misses what is gone, it says so itself
                if module not in self.reordered and not again and (module, place) not in touched:
                    continue
                early = early_reads(self.graph, module, place, () if again else gone)
                for name in sorted(early - self._early_before(module, statement)) if early else ():
                    if name in binders:
                        what = said("It needs {name}, which is bound further down.", name=name)
                    else:
                        what = said("It needs {name}, which is gone.", name=name)
                    self._refuse(rude.ORDER, module, statement, what)

    def _early_before(self, module: str, statement: Statement) -> set[str]:
        """The names that the statement read so early before: it does not always need them.

        What a decorator or hook reads may well be read by what it returns, so any other statement's will do.
        """
        if statement.kind in (StatementKind.FUNCTION, StatementKind.CLASS):
            return early_anywhere(self.before, module)
        own = [place for name in statement.binds for place in self.before.binders(module).get(name, ())]
        return early_reads(self.before, module, own[0]) if own else set()

    def _check_global_stores(self) -> None:
        """A function that a statement calls again sets a name of its module (``global``), which others have read."""
        for module, places in self.reruns.items():
            for place in places:
                statement = self.graph.views[module].outline.statements[place]
                calls = [call for call in statement.uses.applied if call.callee and not call.decorates]
                if any(self._sets_a_global(module, call.callee, set()) for call in calls):
                    what = said("It calls a function that sets a name of its module.")
                    self._refuse(rude.EFFECT, module, statement, what)

    def _sets_a_global(self, module: str, name: str, seen: set[Name]) -> bool:
        if (module, name) in seen or module not in self.graph.views or name.startswith((OWN, PATH)):
            return False
        seen.add((module, name))
        if any(self._sets_a_global(*target, seen) for target in self.graph.targets(module, name)):
            return True
        statements = self.graph.views[module].outline.statements
        for place in self.graph.binders(module).get(name.partition(".")[0], ()):
            if statements[place].kind not in (StatementKind.FUNCTION, StatementKind.CLASS):
                continue
            for used in statements[place].uses.deferred:
                if used.endswith(STORED) or self._sets_a_global(module, used, seen):
                    return True
        return False

    def _kept_instances(self) -> tuple[tuple[tuple[str, int], ...], Doubts]:
        """Statements that made instances which stay as they are, though a new one would hold something else.

        And those that may read one while they run: who names one is refused.
        """
        kept: list[tuple[str, int]] = []
        makers: set[tuple[str, int]] = set()
        stale = Affected(self.graph)
        for module, index, statement in self.candidates:
            if index in self.reruns.get(module, ()):
                continue
            calls = [call.callee for call in statement.uses.applied if call.stored and call.callee]
            made = [one for one in (self.graph.statement_of_class(module, name) for name in calls) if one is not None]
            if any(self.affected.acts_differently(where, cls.name) for where, cls in made):
                kept.append((module, index))
            if (module, index) in self.settled or not any(self.affected.is_made_otherwise(*one) for one in made):
                continue
            self.remade.append((module, index))
            if statement.kind is StatementKind.BIND and not any(self.affected.keeps_old_results(*one) for one in made):
                makers.add((module, index))
            for name in statement.binds:
                stale.add_behaviour(module, name)
        doubts = self._doubts(stale) if stale.behaviours else Doubts()
        if doubts.statements:
            self.rehearsable |= makers
        return tuple(kept), doubts

    def _doubts(self, stale: Affected) -> Doubts:
        running = list(self._statements_to_run())
        inside = {one for one in running if one.cls is not None and self._looks_into_sibling(stale, one)}
        running = [one for one in running if one in inside or stale.needs_rerun(one.module, one.statement.uses)]
        if not running:
            return Doubts()
        again = {(module, index) for module, places in self.reruns.items() for index in places}
        held = held_by_values(stale, stale.behaviours, again)
        for one in running:
            if one in inside or held.is_named(one.module, one.statement.uses):
                what = said("It is computed from an object that is kept as it is, and would be made otherwise.")
                self._refuse(rude.KEPT_OBJECT, one.module, one.statement, what)
        places = frozenset((one.module, one.index) for one in running)
        return Doubts(places, held.readers(), frozenset(stale.behaviours))

    def _rehearsals(self, doubts: Doubts) -> Doubts:
        """The statements that run again only because of what they call, or hand on: a run would tell if it matters."""
        if not self.rehearsable:
            return Doubts()
        again = {(module, index) for module, places in self.reruns.items() for index in places}
        classes = self._classes_with_other_members()
        stale = Affected(self.graph)
        for module, name in classes:
            stale.add_behaviour(module, name)
        held = held_by_values(stale, {*self.affected.values, *doubts.kept, *classes}, again)
        places = {
            (module, index)
            for module, index in self.rehearsable
            if not self._names_a_change(held, module, self.graph.views[module].outline.statements[index].uses)
        }
        if not places:
            return Doubts()
        changed = {(one.ref.module, name) for one in self.changes for name in one.ref.qualname.split(", ")}
        lambdas = {(module, f"{name.rpartition('.')[0]}.{LAMBDA}".lstrip(".")) for module, name in changed}
        readers = held.readers() | doubts.readers | changed | lambdas | classes
        return Doubts(frozenset(places), readers, doubts.kept | classes)

    def _classes_with_other_members(self) -> frozenset[Name]:
        """Top-level classes that have other members or bases now, or inherit from such: that shows in no call."""
        found = {(module, name.partition(".")[0]) for module, name in self.affected.values if "." in name}
        found |= {(module, name.partition(".")[0]) for module, name in self.affected.rebased}
        held = Held(self.graph, found)
        classes = [
            (module, statement)
            for module, view in self.graph.views.items()
            for statement in view.outline.statements
            if found and statement.kind is StatementKind.CLASS
        ]
        while True:
            more = {
                (module, statement.name)
                for module, statement in classes
                if any(held.leads(module, base) for base in statement.uses.reads)
            } - held.names
            if not more:
                return frozenset(held.names)
            held.names |= more

    def _names_a_change(self, held: Held, module: str, uses: Uses) -> bool:
        without_calls = replace(uses, applied=())
        return held.is_named(module, uses) or self.affected.needs_rerun(module, without_calls)

    def _statements_to_run(self) -> Iterator[_Running]:
        for module, places in self.reruns.items():
            for place in places:
                yield _Running(module, place, self.graph.views[module].outline.statements[place])
        for (module, path), work in self.classes.items():
            cls = self._statement(module, path)
            for place in work.run:
                yield _Running(module, path[0], cls.children[place], cls, self._qualname(module, path))

    def _check_namespaces(self) -> None:
        """Who goes through a live namespace sees names that a fresh one has not bound yet, and new names last."""
        readers = {
            module: statement
            for module, view in self.graph.views.items()
            for statement in view.outline.statements
            if ALL_NAMES in statement.uses.reads or ALL_NAMES in statement.uses.deferred
        }
        if not readers:
            return
        before = self.before
        for module, statement in readers.items():
            old, new = (list(graph.binders(module)) for graph in (before, self.graph))
            if [n for n in old if n in new] + [n for n in new if n not in old] != new:
                what = said(
                    "It goes through the names of its module, which would stand in another order in a fresh process."
                )
                self._refuse(rude.ORDER, module, statement, what)
        for module, places in self.reruns.items():
            for statement in (self.graph.views[module].outline.statements[place] for place in places):
                if any(self._goes_through_names(module, name, set()) for name in statement.uses.reads):
                    what = said(
                        "It goes through the names of a module, and a fresh process would not have bound all of them."
                    )
                    self._refuse(rude.ORDER, module, statement, what)

    def _goes_through_names(self, module: str, name: str, seen: set[Name]) -> bool:
        """Whether using what a name leads to may list a namespace."""
        if name == ALL_NAMES:
            return True
        if (module, name) in seen or module not in self.graph.views:
            return False
        seen.add((module, name))
        if any(self._goes_through_names(*target, seen) for target in self.graph.targets(module, name)):
            return True
        statements = self.graph.views[module].outline.statements
        return any(
            self._goes_through_names(module, used, seen)
            for place in self.graph.binders(module).get(name.partition(".")[0], ())
            for used in statements[place].uses.deferred
        )

    def _ghosts(self) -> Iterator[str]:
        """Modules that a fresh process would not load: their last import is gone."""
        if all(self.old.imports_alike(self.graph, module) for module in self.old.views):
            return
        before = self.before
        roots = before.roots()
        for module in sorted(before.reachable(roots) - self.graph.reachable(roots)):
            for statement in self.graph.views[module].outline.statements if module in self.graph.views else ():
                decorated = any(call.decorates for call in statement.uses.applied)
                if statement.kind is StatementKind.EFFECT or decorated:
                    what = said("Module {module} is no longer imported.", module=module)
                    self._refuse(rude.MODULE_GONE, module, statement, what)
            if module in self.graph.views:
                self._check_ghost(module)
                yield module

    def _check_ghost(self, gone: str) -> None:
        """A module that nobody imports any more, but that somebody still reaches through its package."""
        for module in self.order:
            for statement in self.graph.views[module].outline.statements if module != gone else ():
                for name in statement.uses.reads:
                    if any(target == gone for target, _ in self.graph.targets(module, name)):
                        what = said("It reaches module {module}, which is no longer imported.", module=gone)
                        self._refuse(rude.MODULE_GONE, module, statement, what)

    def _caches(self) -> Iterator[Name]:
        """Functions and methods under a decorator that keeps results, if they act differently now."""
        if not (self.affected.values or self.affected.behaviours or self.affected.products or self.changes):
            return
        for module in self.order:
            for statement in self.graph.views[module].outline.statements:
                if self._keeps_results(module, statement) and self._acts_differently(module, statement.name, statement):
                    yield (module, statement.name)
                for child in statement.children:
                    if self._keeps_results(module, child):
                        name = f"{statement.name}.{child.name}"
                        methods = {f"{statement.name}{used}" for used in child.uses.deferred if used.startswith(OWN)}
                        if self._acts_differently(module, name, child) or any(
                            self.affected.acts_differently(module, method) for method in methods
                        ):
                            yield (module, name)

    def _keeps_results(self, module: str, statement: Statement) -> bool:
        """Whether it is a function under a decorator like ``lru_cache``, by whatever name that was imported."""
        if statement.kind is not StatementKind.FUNCTION:
            return False
        statements = self.graph.views[module].outline.statements
        for callee in (call.callee for call in statement.uses.applied if call.decorates):
            places = self.graph.binders(module).get(callee.partition(".")[0], ())
            imported = (one.name for place in places for one in statements[place].uses.imports if one.bound == callee)
            if any("cache" in name for name in (callee, *imported)):
                return True
        return False

    def _acts_differently(self, module: str, name: str, statement: Statement) -> bool:
        if any(change.ref == DefRef(module, name) for change in self.changes):
            return True
        uses = statement.uses
        return any(self.affected.acts_differently(module, used) for used in (*uses.deferred, *uses.reads))

    def _runs(self) -> Iterator[Run]:
        tops = {(module, path[0]) for module, path in self.classes}
        wanted = tops | {(module, index) for module, places in self.reruns.items() for index in places}
        modules = {module for module, _ in wanted}
        order = self._run_order() if len(modules) > 1 else sorted(wanted)
        for module, index in order:
            if (module, index) in wanted:
                if (module, index) in tops and index not in self.reruns.get(module, ()):
                    class_plan = self._class_plan(module, (index,), "")
                    if not class_plan.is_idle:
                        yield Run(module, index, class_plan)
                else:
                    statement = self.graph.views[module].outline.statements[index]
                    stars = tuple(
                        self.graph.imported_module(module, one) for one in statement.uses.imports if one.name == "*"
                    )
                    added = (module, index) in self.added
                    yield Run(module, index, None, self._decorator_use(module, "", statement), stars, added)

    def _run_order(self) -> Iterator[tuple[str, int]]:
        """The order of a fresh process. What functions import when they are called may make a module import a name
        from one that is not that far yet; this process shows that it was, so they did not import it then."""
        disproved = next(self.graph.unfinished_imports(), None) is not None
        return self.graph.run_order(by_calls=not disproved)

    def _decorator_use(self, module: str, prefix: str, statement: Statement) -> DecoratorUse | None:
        applied = [call for call in statement.uses.applied if call.decorates]
        if statement.kind is not StatementKind.FUNCTION or not applied:
            return None
        fresh = (module, prefix + statement.name) in self.redecorated
        differs = any(
            self.affected.value_changed(module, call.callee)
            or self.affected.decorates_differently(module, call.callee, called=call.called)
            or (call.called and self.affected.gives_others(module, call.callee))
            for call in applied
            if call.callee
        ) or is_called_by_decorator(self.affected, module, prefix + statement.name, statement)
        if differs:
            self.differing.add((module, prefix + statement.name))
        return DecoratorUse(tuple(call.callee for call in applied), fresh, differs)

    def _class_plan(self, module: str, path: tuple[int, ...], prefix: str) -> ClassPlan:
        statement = self._statement(module, path)
        work = self.classes.get((module, path), _ClassWork())
        qualname = prefix + statement.name
        inner = sorted(
            {
                p[: len(path) + 1]
                for m, p in self.classes
                if m == module and p[: len(path)] == path and len(p) > len(path)
            }
        )
        return ClassPlan(
            module,
            path,
            qualname,
            tuple(sorted(work.run)),
            tuple(sorted(work.delete)),
            work.header,
            work.fields,
            work.members,
            work.hooks,
            work.marks,
            statement.first,
            tuple(self._class_plan(module, p, f"{qualname}.") for p in inner if p[-1] not in work.run),
            tuple(
                (i, use)
                for i in sorted(work.run)
                if (use := self._decorator_use(module, f"{qualname}.", statement.children[i])) is not None
            ),
        )

    def _qualname(self, module: str, path: tuple[int, ...]) -> str:
        return ".".join(self._statement(module, path[:length]).name for length in range(1, len(path) + 1))

    def _statement(self, module: str, path: tuple[int, ...]) -> Statement:
        statement = self.graph.views[module].outline.statements[path[0]]
        for place in path[1:]:
            statement = statement.children[place]
        return statement

    def _refuse(self, kind: rude.RudeKind, module: str, statement: Statement, what: Sentence) -> None:
        name = statement.name or (statement.binds[0] if statement.binds else "")
        key = (kind.code, module, statement.first)
        ref = DefRef(module, name)
        self.refusals.setdefault(key, rude.rude_edit(kind, ref, self.paths[module], statement.first, what))

    def _note_decorators(self, module: str, prefix: str, edit: Edit) -> None:
        old = edit.old
        if edit.decorators or old is None:
            self.redecorated.add((module, prefix + edit.statement.name))
        if old is not None and (edit.kind is EditKind.REMOVED or edit.decorators):
            decorators = tuple(call for call in old.uses.applied if call.decorates)
            if decorators:
                line = edit.new.first if edit.new else 1
                self.undecorated.append(Undecorated(module, prefix + old.name, line, decorators))

    def _note(self, module: str, prefix: str, edit: Edit) -> None:
        self._note_decorators(module, prefix, edit)
        kinds = {
            EditKind.ADDED: ChangeKind.ADDED,
            EditKind.REMOVED: ChangeKind.REMOVED,
            EditKind.REORDERED: ChangeKind.MOVED,
        }
        if edit.kind is EditKind.CLASS and not edit.header:
            return  # its members say what changed
        statement = edit.statement
        name = statement.name or ", ".join(statement.binds or statement.uses.annotates)
        kind = kinds.get(edit.kind, ChangeKind.CHANGED)
        self.changes.append(
            Change(kind, DefRef(module, prefix + name if name else prefix[:-1]), statement.first, statement.last)
        )

    def _note_run(self, module: str, prefix: str, statement: Statement) -> None:
        name = (prefix + (statement.name or ", ".join(statement.binds))).removesuffix(".")
        self.changes.append(Change(ChangeKind.RE_RUN, DefRef(module, name), statement.first, statement.last))


def _is_called(statement: Statement, definition: Statement) -> bool:
    """Whether a statement of a class body calls a decorated function of it: a plain one's body is looked at anyway."""
    decorated = any(call.decorates for call in definition.uses.applied)
    calls = (call for call in statement.uses.applied if not call.decorates)
    return decorated and any(call.callee == definition.name for call in calls)


def _leads_on(statement: Statement) -> list[str]:
    """The identifiers through which others may depend on a statement: what it binds, or sets from outside."""
    stored = (name for name in statement.uses.reads if name.endswith(STORED))
    return [*statement.binds, *(part for name in stored for part in name.removesuffix(STORED).split("."))]


def make_plan(
    deltas: Sequence[SourceDelta],
    graph: Graph,
    old: Graph,
    paths: Mapping[str, Path],
    order: Sequence[str],
    settled: Collection[tuple[str, int]] = (),
) -> PatchPlan:
    """The plan for one transaction. With ``rude_edits`` or ``broken`` nothing of it may be carried out.

    ``settled``: statements, by module and index, of which is known that they give what they gave.
    """
    planner = Planner(graph, old, paths, order, settled=settled)
    for delta in deltas:
        planner.seed(delta)
    planner.close()
    return planner.finish()
