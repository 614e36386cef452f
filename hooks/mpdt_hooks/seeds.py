"""What the edits themselves call for: the names that they change, what they run, delete and rule out."""

from __future__ import annotations

from mpdt_hooks import rude
from mpdt_hooks.affected import MEMBER_MAKERS
from mpdt_hooks.bodies import is_enum, note_fields, refuse_told
from mpdt_hooks.classify import Edit, EditKind, SourceDelta
from mpdt_hooks.described import looks_at_itself
from mpdt_hooks.draft import ClassWork, Draft
from mpdt_hooks.followed import inherits_before
from mpdt_hooks.graph import Graph
from mpdt_hooks.model import Change, ChangeKind, DefRef
from mpdt_hooks.names import LAMBDA
from mpdt_hooks.outline import Statement, StatementKind
from mpdt_hooks.planned import Gone, Undecorated
from mpdt_hooks.rebound import seed_moved, seed_moved_member
from mpdt_hooks.sentence import said
from mpdt_hooks.together import filled_names, fills_own

_HOOKS = frozenset({"__init_subclass__", "__set_name__", "__prepare__", "__class_getitem__", "__mro_entries__"})


def seed(draft: Draft, delta: SourceDelta) -> None:
    """Take up one file's edits."""
    kept = _imported_as_before(draft, delta)
    if kept:
        draft.reordered.add(delta.module)
    for edit in delta.edits:
        _note(draft, delta.module, "", edit)
        _seed_edit(draft, delta.module, edit, kept)
    # A statement that is removed and one that is added may bind one name: it is deleted only if none is left.
    bound = draft.graph.binders(delta.module)
    for edit in delta.edits:
        before = draft.before.bound_by(delta.module, edit.old) if edit.old else ()
        after = edit.new.binds if edit.new else ()
        for name in set(before) - set(after) - kept:
            draft.affected.add_value(delta.module, name)
            if name in bound:
                draft.rerun_binders(delta.module, name)
            elif f"{delta.module}.{name}" not in draft.graph.views:  # the import system binds a package's submodules
                draft.deletes[(delta.module, name)] = None
    _seed_star_imports(draft, delta.module)


def _imported_as_before(draft: Draft, delta: SourceDelta) -> frozenset[str]:
    """Names that an import brought, and another one brings from the same place now: imports were sorted or merged."""
    before, after = (
        {
            one
            for edit in delta.edits
            if (statement := edit.old if old else edit.new) is not None and statement.kind is StatementKind.IMPORT
            for one in statement.uses.imports
            if one.name != "*"
        }
        for old in (True, False)
    )
    names = {one.bound for one in before & after} | {name for module, name in draft.same if module == delta.module}
    if not names:
        return frozenset()
    graphs = (draft.before, draft.graph)
    return frozenset(name for name in names if all(len(g.binders(delta.module).get(name, ())) == 1 for g in graphs))


def _seed_star_imports(draft: Draft, module: str) -> None:
    """Names that a star import brought and that it no longer brings, or brings now; also from star to star."""
    before, pending, seen = draft.before, [module], {module}
    while pending:
        source = pending.pop()
        for importer in draft.order:
            for _, one in draft.graph.imports_of(importer):
                if one.name != "*" or draft.graph.imported_module(importer, one) != source:
                    continue
                old, new = (set(graph.public_names(importer, one)) for graph in (before, draft.graph))
                for name in old ^ new:
                    _seed_star_name(draft, importer, name)
                if old != new and importer not in seen:
                    seen.add(importer)
                    pending.append(importer)


def _seed_star_name(draft: Draft, importer: str, name: str) -> None:
    draft.affected.add_value(importer, name)
    if name in draft.graph.binders(importer):
        draft.rerun_binders(importer, name)
    elif f"{importer}.{name}" not in draft.graph.views:  # else its import has bound it, too
        draft.deletes[(importer, name)] = None


def _seed_edit(draft: Draft, module: str, edit: Edit, kept: frozenset[str]) -> None:
    statement = edit.statement
    match edit.kind:
        case EditKind.BODY:
            _seed_lambdas(draft, module, edit)
            for name in statement.binds:
                if edit.nested_only:
                    draft.affected.add_product(module, name)
                else:
                    draft.affected.add_behaviour(module, name)
        case EditKind.CLASS:
            _refuse_hidden(draft, module, edit)
            _seed_class(draft, module, (edit.index,), statement.name, edit)
            _add_changed(draft, module, statement.name, edit)
        case EditKind.REMOVED:
            _note_gone(draft, module, "", statement)
            _seed_subclass(draft, module, statement, gone=True)
            if statement.kind is StatementKind.EFFECT:
                draft.refuse(rude.EFFECT, module, statement, said("A statement that acts was removed."))
            if statement is draft.old.views[module].outline.statements[0] and statement.kind is StatementKind.STRING:
                draft.deletes[(module, "__doc__")] = None
                draft.affected.add_value(module, "__doc__")
        case EditKind.REORDERED:
            _seed_reordered(draft, module, edit)
        case EditKind.SHAPE | EditKind.ADDED:
            _seed_run(draft, module, edit, kept)


def _seed_lambdas(draft: Draft, module: str, edit: Edit) -> None:
    """Lambdas that calls are handed, and may call at once: these act differently."""
    old, new = ({n for call in one.uses.applied for n in call.passed} if one else set() for one in (edit.old, edit.new))
    for name in new - old:
        if name.startswith(LAMBDA):
            draft.affected.add_behaviour(module, name)


def _refuse_hidden(draft: Draft, module: str, edit: Edit) -> None:
    """A class whose name is bound again: what is found by the name is not what was edited."""
    if any(place > edit.index for place in draft.graph.binders(module).get(edit.statement.name, ())):
        what = said("{name} is bound to something else further down.", name=edit.statement.name)
        draft.refuse(rude.NOT_UNIQUE, module, edit.statement, what)


def _add_changed(draft: Draft, module: str, name: str, edit: Edit) -> None:
    """Who looks at it sees a difference, and, unless it is only described otherwise, who calls it, too."""
    if edit.redescribed:
        draft.affected.add_description(module, name)
    if not edit.described or (edit.kind is EditKind.CLASS and _looks_at_itself(draft.graph, module, edit.statement)):
        draft.affected.add_behaviour(module, name)


def _looks_at_itself(graph: Graph, module: str, cls: Statement) -> bool:
    """Whether a class, or one that inherits from it, may look at what is said of its members when it is called."""
    lookers = (
        (where, one)
        for where, view in graph.views.items()
        for one in view.outline.statements
        if one.kind is StatementKind.CLASS
    )
    own = list(graph.family([(module, cls)]))
    if any(looks_at_itself(one) for _, one in own):
        return True
    return any(
        looks_at_itself(one) and any(base is cls for _, base in graph.family([(where, one)])) for where, one in lookers
    )


def _seed_run(draft: Draft, module: str, edit: Edit, kept: frozenset[str]) -> None:
    statement = edit.statement
    if edit.kind is EditKind.ADDED:
        draft.added.add((module, edit.index))
    if edit.old is not None:
        _note_gone(draft, module, "", edit.old, edit.new)
    if statement.kind is StatementKind.INERT:
        return
    if statement.kind is StatementKind.STRING:
        if edit.index == 0:
            draft.reruns.setdefault(module, set()).add(0)
            draft.affected.add_value(module, "__doc__")
        return
    if StatementKind.EFFECT in (statement.kind, edit.old.kind if edit.old else None):
        if (module, edit.index) in draft.repeatable:
            draft.rerun(module, edit.index)
            return
        is_new = edit.kind is EditKind.ADDED
        if edit.old is not None and edit.old.kind is statement.kind:
            draft.acting[(module, edit.index)] = edit.old
        what = said("A statement that acts was added.") if is_new else said("A statement that acts was changed.")
        draft.refuse(rude.EFFECT, module, statement, what)
        return
    draft.rerun(module, edit.index)
    _seed_subclass(draft, module, statement, gone=False)
    identity_kept = statement.kind is StatementKind.FUNCTION and edit.old is not None and not edit.decorators
    for name in draft.graph.bound_by(module, statement):
        if identity_kept:
            _add_changed(draft, module, name, edit)
        elif name not in edit.kept_binds and name not in kept:
            draft.affected.add_value(module, name)


def _seed_subclass(draft: Draft, module: str, statement: Statement, *, gone: bool) -> None:
    """Where somebody asks for ``__subclasses__()``, a class that comes or goes is a change of its bases."""
    if statement.kind is not StatementKind.CLASS or not any(v.lists_subclasses for v in draft.graph.views.values()):
        return
    for base in statement.uses.reads:
        if draft.graph.statement_of_class(module, base) is None:
            continue
        if gone:  # it is listed until the garbage collector has come by
            what = said(
                "Class {name} goes, and {base}.__subclasses__() would list it for a while.",
                name=statement.name,
                base=base,
            )
            draft.refuse(rude.CLASS_HOOK, module, statement, what)
        draft.act_differently(module, base)
    places = [i for i, one in enumerate(draft.graph.views[module].outline.statements) if one is statement]
    bases = [found[1] for base in statement.uses.reads if (found := draft.graph.statement_of_class(module, base))]
    if not gone and any(inherits_before(draft.graph, module, place, bases) for place in places):
        what = said("Class {name} comes before others that __subclasses__() lists already.", name=statement.name)
        draft.refuse(rude.ORDER, module, statement, what)


def _seed_reordered(draft: Draft, module: str, edit: Edit) -> None:
    statement = edit.statement
    draft.reordered.add(module)
    if statement.kind is StatementKind.EFFECT:
        draft.refuse(rude.ORDER, module, statement, said("A statement that acts stands elsewhere in the file."))
    seed_moved(draft, module, edit.index, statement)


def _seed_class(draft: Draft, module: str, path: tuple[int, ...], qualname: str, edit: Edit) -> None:
    work = draft.classes.setdefault((module, path), ClassWork())
    new, old = edit.new, edit.old
    assert new is not None
    assert old is not None
    if edit.header:
        draft.rebase(module, path, qualname, {*new.uses.reads, *old.uses.reads})
    if edit.keywords:
        draft.refuse(
            rude.BASES,
            module,
            new,
            said("The keywords or type parameters of class {qualname} differ.", qualname=qualname),
        )
    if edit.decorators:
        kept = {call.callee for call in new.uses.applied if call.decorates}
        if any(call.decorates and call.callee not in kept for call in old.uses.applied):
            what = said("The decorators of class {qualname} differ.", qualname=qualname)
            draft.refuse(rude.CLASS_DECORATOR, module, new, what)
        work.marks = True
    for inner in edit.inner:
        _note(draft, module, f"{qualname}.", inner)
        _seed_member(draft, module, path, qualname, inner, work, old)
    if is_enum(draft.graph, module, qualname):  # of two members of one value the first counts, and ``auto`` counts on
        changed = [inner for inner in edit.inner if _moves_members(inner)]
        first = min((_place_of(new, inner.new) for inner in changed), default=len(new.children))  # -1 where one goes
        for child in new.children[first + 1 :]:
            for name in child.binds if child.kind is StatementKind.BIND else ():
                draft.affected.add_value(module, f"{qualname}.{name}")
    docstring = old.children[0] if old.children[0].kind is StatementKind.STRING else None
    if docstring and any(inner.kind is EditKind.REMOVED and inner.old is docstring for inner in edit.inner):
        work.delete.add("__doc__")
        work.fields = True  # a dataclass says what its fields are, then
        draft.affected.add_value(module, f"{qualname}.__doc__")
    bound = {name for child in new.children for name in child.binds}
    for inner in edit.inner:
        before = inner.old.binds if inner.old else ()
        after = inner.new.binds if inner.new else ()
        for name in set(before) - set(after):
            draft.affected.add_value(module, f"{qualname}.{name}")
            work.members = True
            if name in bound:
                work.run |= {i for i, child in enumerate(new.children) if name in child.binds}
            else:
                work.delete.add(name)


def _moves_members(edit: Edit) -> bool:
    return edit.kind is not EditKind.BODY and edit.statement.kind in (StatementKind.BIND, StatementKind.BLOCK)


def _seed_member(
    draft: Draft,
    module: str,
    path: tuple[int, ...],
    qualname: str,
    edit: Edit,
    work: ClassWork,
    before: Statement,  # the class as it was
) -> None:
    statement = edit.statement
    if statement.name in _HOOKS:
        work.hooks = True
        if statement.name == "__set_name__":
            refuse_told(draft, module, qualname, statement)
    if edit.kind is EditKind.BODY:
        _seed_lambdas(draft, module, edit)
        for name in statement.binds:
            draft.affected.add_behaviour(module, f"{qualname}.{name}")
        work.fields |= statement.name in MEMBER_MAKERS and is_enum(draft.graph, module, qualname)
        return
    annotated = any(s is not None and s.uses.annotates for s in (edit.old, edit.new))
    work.fields |= annotated or statement.kind in (StatementKind.BIND, StatementKind.BLOCK)
    if annotated:
        note_fields(draft, module, path)
    if edit.old is not None and _was_filled_elsewhere(before, edit.old):
        what = said("Class {qualname} has added to an object that its body had not made.", qualname=qualname)
        draft.refuse(rude.CLASS_EFFECT, module, statement, what)
    if statement.kind is StatementKind.STRING and edit.index and _has_fields(draft.statement(module, path)):
        work.members = True  # pydantic may take it for the description of a field
    if edit.kind is EditKind.CLASS:
        _seed_class(draft, module, (*path, edit.index), f"{qualname}.{statement.name}", edit)
        _add_changed(draft, module, f"{qualname}.{statement.name}", edit)
        return
    if edit.kind is EditKind.REORDERED:
        if statement.kind is StatementKind.EFFECT and not _seed_fill(draft, module, path, qualname, edit, work, before):
            what = said("A statement that acts, in the body of class {qualname}, stands elsewhere.", qualname=qualname)
            draft.refuse(rude.ORDER, module, statement, what)
        seed_moved_member(draft, module, path, qualname, work, edit.index)
        return
    acts = StatementKind.EFFECT in {s.kind for s in (edit.old, edit.new) if s is not None}
    if acts and not _seed_fill(draft, module, path, qualname, edit, work, before):
        what = said("A statement that acts, in the body of class {qualname}, differs.", qualname=qualname)
        draft.refuse(rude.CLASS_EFFECT, module, statement, what)
        return
    if edit.old is not None:
        _note_gone(draft, module, f"{qualname}.", edit.old, edit.new)
    if edit.kind is EditKind.REMOVED:
        work.members |= statement.kind not in (StatementKind.INERT, StatementKind.STRING)
        return
    if statement.kind is StatementKind.INERT:
        return
    if statement.kind is StatementKind.STRING:
        if edit.index == 0:
            work.run.add(0)
            draft.affected.add_value(module, f"{qualname}.__doc__")
        return
    work.members = True
    work.run.add(edit.index)
    if edit.kind is EditKind.ADDED:
        work.added.add(edit.index)
    for name in statement.binds:
        draft.affected.add_value(module, f"{qualname}.{name}")


def _seed_fill(
    draft: Draft,
    module: str,
    path: tuple[int, ...],
    qualname: str,
    edit: Edit,
    work: ClassWork,
    before: Statement,
) -> bool:
    """What an edited statement of a class body fills, or filled, is made afresh; False if it acts in another way."""
    after = draft.statement(module, path)
    filled: set[str] = set()
    for cls, child, place in ((before, edit.old, _place_of(before, edit.old)), (after, edit.new, edit.index)):
        if child is not None and child.kind is StatementKind.EFFECT:
            if not fills_own(cls, place):
                return False
            filled |= set(child.uses.fills)
    for one in filled:
        name, _, attribute = one.partition(".")
        makers = {i for i, child in enumerate(after.children) if name in child.binds}
        if any(after.children[i].kind not in (StatementKind.BIND, StatementKind.FUNCTION) for i in makers):
            return False
        work.run |= makers
        draft.affected.add_value(module, f"{qualname}.{name}")
        if attribute:
            draft.redecorated.add((module, f"{qualname}.{name}"))
    work.members = True
    return True


def _has_fields(cls: Statement) -> bool:
    """Whether a class has a base, and annotated names."""
    return bool(cls.uses.reads) and any(child.uses.annotates for child in cls.children)


def _was_filled_elsewhere(cls: Statement, maker: Statement) -> bool:
    """Whether a statement of a class body filled what this one bound, though the body had not made it itself."""
    return any(
        filled_names(child).intersection(maker.binds) and not fills_own(cls, i) for i, child in enumerate(cls.children)
    )


def _place_of(cls: Statement, child: Statement | None) -> int:
    return next((i for i, one in enumerate(cls.children) if one is child), -1)


def _note(draft: Draft, module: str, prefix: str, edit: Edit) -> None:
    _note_decorators(draft, module, prefix, edit)
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
    draft.changes.append(
        Change(kind, DefRef(module, prefix + name if name else prefix[:-1]), statement.first, statement.last)
    )


def _note_decorators(draft: Draft, module: str, prefix: str, edit: Edit) -> None:
    old = edit.old
    if edit.decorators or old is None:
        draft.redecorated.add((module, prefix + edit.statement.name))
    if old is not None and (edit.kind is EditKind.REMOVED or edit.decorators):
        decorators = tuple(call for call in old.uses.applied if call.decorates)
        if decorators:
            line = edit.new.first if edit.new else 1
            draft.undecorated.append(Undecorated(module, prefix + old.name, line, decorators))


def _note_gone(draft: Draft, module: str, prefix: str, statement: Statement, new: Statement | None = None) -> None:
    """What made the definition may have noted it elsewhere, and stays there. ``new``: calls that it still makes."""
    is_class = statement.kind is StatementKind.CLASS
    still = {call.callee for call in new.uses.applied} if new is not None else set()
    made = (call for call in statement.uses.applied if call.callee and not call.decorates)
    calls = tuple(call for call in made if call.callee not in still)
    makes = statement.kind in (StatementKind.BIND, StatementKind.BLOCK) or statement.uses.fills
    if is_class or (calls and makes):
        name = prefix + (statement.name or ", ".join(statement.binds))
        draft.gone.append(Gone(module, name, 1, calls, is_class))
