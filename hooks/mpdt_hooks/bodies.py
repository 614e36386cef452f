"""Class statements that depend on what changed: their heads, what their bodies run, and who was told of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, replace

from mpdt_hooks import rude
from mpdt_hooks.affected import KEEPERS, MEMBER_MAKERS, Affected
from mpdt_hooks.called_at_once import is_called_by_decorator, maker_that_called
from mpdt_hooks.draft import ClassWork, Draft
from mpdt_hooks.graph import Graph, Name
from mpdt_hooks.names import OWN_NAMES
from mpdt_hooks.outline import Statement, StatementKind
from mpdt_hooks.sentence import said
from mpdt_hooks.together import filled_functions, fills_own, together

_TYPED_DICTS = frozenset({"TypedDict"})
# They keep what they are handed, and call it later.
_KEEPING = KEEPERS | {"property", "cached_property", "partialmethod", "singledispatchmethod"}
_KEEPING |= {"classmethod", "staticmethod"}
_MADE_OF_FIELDS = ("__doc__", "__match_args__")  # by ``dataclass``, and looked at as values
_CONTAINERS = frozenset({"NamedTuple", "TypedDict"})
_TABLES = (
    "_fields", "_field_defaults", "__annotations__", "__match_args__", "__required_keys__", "__optional_keys__",
    "__readonly_keys__", "__mutable_keys__", "__total__",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Siblings:
    """The statements of a class body, by the names that they bind."""

    binders: Mapping[str, Sequence[Statement]]

    @classmethod
    def of(cls, statement: Statement | None) -> Siblings:
        binders: defaultdict[str, list[Statement]] = defaultdict(list)
        for child in statement.children if statement is not None else ():
            for name in child.binds:
                binders[name].append(child)
        return cls(dict(binders))

    def are_looked_into(self, affected: Affected, module: str, qualname: str, one: Statement) -> bool:
        """Whether one looks into, or calls, what an assignment in the body made, and that acts differently."""
        uses = one.uses
        passed = (name for call in uses.applied for name in (call.callee, *call.passed, *call.made))
        looked = (*(name for name in uses.reads if "." in name), *uses.behaves, *passed)
        heads = {name.partition(".")[0] for name in looked} & self.binders.keys()
        if any((module, f"{qualname}.{name}") in affected.behaviours for name in self._bound_here(looked, one)):
            return True
        return any(
            affected.uses_differ(module, child.uses, qualname, self.binders.keys())
            for head in heads
            for child in self.binders[head]
            if child is not one and (child.kind is StatementKind.BIND or _is_called(one, child))
        )

    def _bound_here(self, names: Iterable[str], one: Statement) -> Iterator[str]:
        """Those of the names that lead to what another assignment, or a nested class, has bound: not to an instance."""
        for name in names:
            makers = [child for child in self.binders.get(name.partition(".")[0], ()) if child is not one]
            if any(child.kind is StatementKind.BIND or (child.children and "." in name) for child in makers):
                yield name


def close_class(draft: Draft, module: str, path: tuple[int, ...], statement: Statement, qualname: str) -> bool:
    """Add what depends on a change in a class and its nested ones; whether anything was added."""
    changed = _close_class_head(draft, module, path, statement, qualname)
    changed |= _close_heir(draft, module, path, statement, qualname)
    _close_makers(draft, module, statement, qualname)
    changed |= _close_inherited_makers(draft, module, path, statement)
    siblings = Siblings.of(draft.graph.class_at(module, qualname.split(".")))
    before: set[str] = set()  # what the class has bound before this child
    calls = [call for child in statement.children for call in child.uses.applied]
    used = {name.partition(".")[0] for call in calls for name in (call.callee, *call.passed, *call.made)}
    for i, child in enumerate(statement.children):
        if child.name in ("__init_subclass__", "__set_name__"):
            changed |= _close_hook(draft, module, path, qualname, child)
        before.update(statement.children[i - 1].binds if i else ())
        work = draft.classes.get((module, path))
        if work is not None and i in work.run:
            continue
        if work is None and draft.known.isdisjoint(child.mentions):
            continue
        decorated = any(call.decorates for call in child.uses.applied)
        if child.kind is StatementKind.BIND or decorated or child.name in used:
            draft.known.update(child.binds)
        if child.kind is StatementKind.CLASS:
            changed |= close_class(draft, module, (*path, i), child, f"{qualname}.{child.name}")
            continue
        if child.kind in (StatementKind.INERT, StatementKind.STRING):
            continue
        if child.name in MEMBER_MAKERS and _makes_other_members(draft, module, qualname, child):
            work = draft.classes.setdefault((module, path), ClassWork())
            changed |= not work.fields
            work.fields = True
        called = child.kind is StatementKind.FUNCTION and is_called_by_decorator(
            draft.affected, module, f"{qualname}.{child.name}", child
        )
        if called or _member_depends(draft, module, qualname, siblings, before, child):
            changed = True
            rerun_member(draft, module, path, qualname, i, child)
            draft.note_run(module, f"{qualname}.", child)
    return changed


def _close_class_head(draft: Draft, module: str, path: tuple[int, ...], statement: Statement, qualname: str) -> bool:
    """Bases by other names, or names that lead elsewhere now, are evaluated when the patch is applied."""
    uses = statement.uses
    ours = [call.callee for call in uses.applied if call.decorates and draft.affected.is_ours(module, call.callee)]
    if ours and any(draft.affected.described(module, name) for name in uses.reads if name not in ours):
        what = said("@{name} may have read what is said of a method that the class inherits.", name=ours[0])
        draft.refuse(rude.CLASS_DECORATOR, module, statement, what)
        return False
    if not draft.affected.needs_rerun(module, uses):
        return False
    work = draft.classes.get((module, path))
    if work is not None and work.header:
        return False
    marks = work is not None and work.marks  # then their arguments are evaluated again
    applied = tuple(replace(call, passed=(), made=()) if marks else call for call in uses.applied)
    decorators = {name for call in applied for name in (call.callee, *call.passed)}
    plain = replace(uses, reads=tuple(sorted(decorators - {""})), applied=applied)
    if draft.affected.needs_rerun(module, plain):
        what = said("What class {qualname} is made with (a base, a keyword or a decorator) changes.", qualname=qualname)
        draft.refuse(rude.BASES, module, statement, what)
        return False
    draft.rebase(module, path, qualname, set(uses.reads))
    return True


def _close_heir(draft: Draft, module: str, path: tuple[int, ...], statement: Statement, qualname: str) -> bool:
    """A TypedDict has copied the keys of its bases: with other keys in one, it is made again."""
    changed = False
    for name in statement.uses.reads:
        base = draft.graph.statement_of_class(module, name)
        if base is None or not draft.graph.descends(*base, _TYPED_DICTS):
            continue
        where, cls = base
        places = draft.graph.binders(where)[cls.name]
        work = draft.classes.get((where, (places[0],)))
        if work is None or not work.fields or (module, qualname) in work.heirs:
            continue
        work.heirs.add((module, qualname))
        own = draft.classes.setdefault((module, path), ClassWork())
        own.fields = own.members = changed = True
        draft.known.update(qualname.split("."))
        draft.affected.add_behaviour(module, qualname.partition(".")[0])
    return changed


def _close_makers(draft: Draft, module: str, statement: Statement, qualname: str) -> None:
    maker = maker_that_called(draft.affected, module, qualname, statement)
    if maker:
        kind = rude.CLASS_DECORATOR if maker.startswith("@") else rude.CLASS_HOOK
        what = said("{maker} has called a method of class {name}, which changes.", maker=maker, name=qualname)
        draft.refuse(kind, module, statement, what)


def _close_hook(draft: Draft, module: str, path: tuple[int, ...], qualname: str, hook: Statement) -> bool:
    """A hook that calls something that acts differently now: what it made of the classes it saw is stale."""
    others = [name for name in hook.uses.deferred if name.partition(".")[0] != qualname]
    if not any(draft.affected.acts_differently(module, name) for name in others):
        return False
    if hook.name == "__set_name__":
        refuse_told(draft, module, qualname, hook)
        return False
    work = draft.classes.setdefault((module, path), ClassWork())
    changed = not work.hooks
    work.hooks = True  # whether it has seen any is known where they are
    return changed


def refuse_told(draft: Draft, module: str, qualname: str, hook: Statement) -> None:
    """``__set_name__`` of a descriptor's class acts differently: descriptors that are there were told before."""
    for user in draft.order:
        for statement in draft.graph.views[user].outline.statements:
            for child in statement.children:
                found = (draft.graph.statement_of_class(user, call.callee) for call in child.uses.applied)
                if any(one is not None and (one[0], one[1].name) == (module, qualname) for one in found):
                    what = said(
                        "{name}.__set_name__ acts differently, and class {user} was told before.",
                        name=qualname,
                        user=statement.name,
                    )
                    draft.refuse(rude.CLASS_HOOK, module, hook, what)


def _makes_other_members(draft: Draft, module: str, qualname: str, maker: Statement) -> bool:
    """Whether a method that runs for every member of an Enum calls something that acts differently now."""
    return is_enum(draft.graph, module, qualname) and any(
        draft.affected.acts_differently(module, name) for name in maker.uses.deferred
    )


def _close_inherited_makers(draft: Draft, module: str, path: tuple[int, ...], cls: Statement) -> bool:
    """An Enum whose members are made by methods of a base, which act differently: its members are made again."""
    bases = (one for base in cls.uses.reads for one in draft.graph.classes_behind(module, base))
    if not draft.graph.is_enum(module, cls) or not draft.affected.methods_differ(bases, MEMBER_MAKERS):
        return False
    work = draft.classes.setdefault((module, path), ClassWork())
    changed, work.fields = not work.fields, True
    return changed


def note_fields(draft: Draft, module: str, path: tuple[int, ...]) -> None:
    """What ``dataclass`` makes of the fields of a class, and of those that inherit them, is another value now."""
    cls, qualname = draft.statement(module, path), draft.qualname(module, path)
    heirs = [
        (where, one.name)
        for where, view in draft.graph.views.items()
        for one in view.outline.statements
        if one.kind is StatementKind.CLASS
        and any(call.decorates for call in one.uses.applied)
        and any(base is cls for _, base in draft.graph.family([(where, one)]))
    ]
    own = [(module, qualname)] if any(call.decorates for call in cls.uses.applied) else []
    for where, name in dict.fromkeys((*own, *heirs)):
        for made in _MADE_OF_FIELDS:
            draft.affected.add_value(where, f"{name}.{made}")


def is_enum(graph: Graph, module: str, qualname: str) -> bool:
    """Whether a class is an Enum, as far as the names of its bases tell."""
    statement = graph.class_at(module, qualname.split("."))
    return statement is not None and graph.is_enum(module, statement)


def _member_depends(
    draft: Draft, module: str, qualname: str, siblings: Siblings, own: Set[str], child: Statement
) -> bool:
    """Whether a statement of a class body depends on what changed. ``own``: what the class has bound before it."""
    values = draft.affected.values
    if OWN_NAMES in child.uses.reads and _has_other_members(draft, module, qualname):
        return True
    if siblings.are_looked_into(draft.affected, module, qualname, child):
        return True
    for name in (*child.uses.reads, *child.uses.behaves):
        head = name.partition(".")[0]
        # A name of the class and of the module: which one is read depends on the place (``x = x``).
        if head in own and head not in child.binds and _is_of_values(values, module, qualname, name):
            return True
        if head in own and head not in child.binds:
            continue
        if draft.affected.value_changed(module, name):
            return True
    if _decorated_by_sibling(draft.affected, module, qualname, siblings, child):
        return True
    for call in child.uses.applied:
        inner = f"{qualname}.{call.callee}"
        if call.callee not in own:
            continue
        if (module, inner) in draft.affected.behaviours and draft.graph.class_at(module, inner.split(".")) is None:
            return True
        if any(m == module and n.startswith(f"{inner}.") for m, n in values):
            return True
    if _handed_sibling(draft.affected, module, qualname, siblings, own, child):
        return True
    outside = [call for call in child.uses.applied if not call.callee or call.callee.partition(".")[0] not in own]
    return (
        any(draft.affected._result_differs(module, call, default=True) for call in outside)
        or any(
            draft.affected.acts_differently(module, name)
            for name in child.uses.behaves
            if name.partition(".")[0] not in own
        )
        or any(draft.affected.is_another_key(module, n) for n in child.uses.keys if n.partition(".")[0] not in own)
        or any(
            draft.affected.gives_other_items(module, name, subscript=True)
            for name in child.uses.items
            if name.partition(".")[0] not in own
        )
    )


def _handed_sibling(
    affected: Affected, module: str, qualname: str, siblings: Siblings, own: Set[str], child: Statement
) -> bool:
    """Whether it calls what the body bound before, and that acts differently, or hands it to a call, which may call it
    at once: ``ORDER = sorted(NAMES, key=_rank)``."""
    for call in child.uses.applied:
        if call.callee.rpartition(".")[2] in _KEEPING or (call.decorates and not call.called):
            continue
        for name in (call.callee, *call.passed, *call.made):
            head = name.partition(".")[0]
            if head not in own or head in child.binds:
                continue
            if (module, f"{qualname}.{name}") in affected.behaviours:
                return True
            # An instance of a nested class with other methods is the instance that is there.
            makers = (one for one in siblings.binders.get(head, ()) if one.kind is not StatementKind.CLASS)
            if any(affected.uses_differ(module, one.uses, qualname, siblings.binders.keys()) for one in makers):
                return True
    return False


def _is_of_values(values: Set[Name], module: str, qualname: str, name: str) -> bool:
    """Whether a name in a class, or one on the way to it (a nested class's), is another value."""
    parts = name.split(".")
    return any((module, ".".join((qualname, *parts[:length]))) in values for length in range(1, len(parts) + 1))


def _has_other_members(draft: Draft, module: str, qualname: str) -> bool:
    inside = f"{qualname}."
    return any(where == module and name.startswith(inside) for where, name in draft.affected.values)


def _decorated_by_sibling(affected: Affected, module: str, qualname: str, siblings: Siblings, child: Statement) -> bool:
    """Whether it is decorated by what the class body itself binds, a table of decorators too, which decorates
    differently now."""
    decorators = [call for call in child.uses.applied if call.decorates]
    own = siblings.binders.keys()
    for call in decorators:
        pending = [call.callee] if call.callee else list(call.passed)
        seen: set[str] = set()
        while pending:
            name = pending.pop()
            if name in seen or name.partition(".")[0] in child.binds:  # ``@x.setter``
                continue
            seen.add(name)
            if name not in own:
                if name not in (call.callee, *call.passed) and affected.decorates_differently(
                    module, name, called=call.called
                ):
                    return True
                continue
            for sibling in siblings.binders[name]:
                if sibling.kind is StatementKind.BIND:
                    pending += sibling.uses.reads
                elif (module, f"{qualname}.{name}") in affected.behaviours or affected.decorating_differs(
                    module, sibling.uses, called=call.called, cls=qualname, own=own
                ):
                    return True
    return False


def rerun_member(draft: Draft, module: str, path: tuple[int, ...], qualname: str, index: int, child: Statement) -> None:
    if child.kind is StatementKind.EFFECT and not fills_own(draft.statement(module, path), index):
        what = said(
            "A statement that acts, in the body of class {qualname}, depends on what changed.", qualname=qualname
        )
        draft.refuse(rude.CLASS_EFFECT, module, child, what)
    work = draft.classes.setdefault((module, path), ClassWork())
    work.run.add(index)
    work.members = True
    work.fields |= bool(child.uses.annotates) or child.kind is StatementKind.BIND
    if child.uses.annotates:
        note_fields(draft, module, path)
    draft.known.update(qualname.split("."), child.binds)
    draft.affected.add_behaviour(module, qualname.partition(".")[0])
    for name in child.binds:
        draft.affected.add_value(module, f"{qualname}.{name}")


def close_binders(draft: Draft, module: str, path: tuple[int, ...], work: ClassWork) -> bool:
    """Add the statements of a class body that have to run where others do; whether there were any."""
    cls, qualname = draft.statement(module, path), draft.qualname(module, path)
    more = together(cls, work.run) - work.run
    parts = {name for i in work.run for name in cls.children[i].binds}  # of a property, say: what makes it is noted
    for i in sorted(more):
        rerun_member(draft, module, path, qualname, i, cls.children[i])
        if parts.isdisjoint(cls.children[i].binds):
            draft.note_run(module, f"{qualname}.", cls.children[i])
    draft.redecorated |= {(module, f"{qualname}.{name}") for name in filled_functions(cls, work.run)}
    made = _close_tables(draft, module, qualname, cls) if work.fields else False
    for i in work.run:
        if OWN_NAMES in cls.children[i].uses.behaves:
            what = said("It goes through the names of class {qualname}, which has all of them.", qualname=qualname)
            draft.refuse(rude.ORDER, module, cls.children[i], what)
    return bool(more) or made


def _close_tables(draft: Draft, module: str, qualname: str, cls: Statement) -> bool:
    """What is made from a class's fields is another object: ``KEYS = Point._fields`` reads it."""
    if not draft.graph.descends(module, cls, _CONTAINERS):
        return False
    own = {name for child in cls.children for name in child.binds}
    tables = {f"{qualname}.{name}" for name in _TABLES if name not in own}
    new = [name for name in tables if (module, name) not in draft.affected.values]
    for name in new:
        draft.affected.add_value(module, name)
    return bool(new)


def _is_called(statement: Statement, definition: Statement) -> bool:
    """Whether a statement of a class body calls a decorated function of it: a plain one's body is looked at anyway."""
    decorated = any(call.decorates for call in definition.uses.applied)
    calls = (call for call in statement.uses.applied if not call.decorates)
    return decorated and any(call.callee == definition.name for call in calls)
