"""Functions and bound methods that somebody keeps (``bus.on(f)``, ``self.handlers = {"run": self.run}``).

Each leads to one function for good. Where its name leads to another one now, or to none, because one was added below or
above, taken away, renamed, decorated, or made static, it would go on with what a fresh process would not call.
"""

from __future__ import annotations

import gc
import sys
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import _lru_cache_wrapper, lru_cache
from types import CodeType, FunctionType, MethodType
from typing import Any

from mpdt_hooks import rude
from mpdt_hooks.bases import family
from mpdt_hooks.codes import walk
from mpdt_hooks.forward import FORWARD
from mpdt_hooks.live import own_attributes, raw_lookup
from mpdt_hooks.model import DefRef
from mpdt_hooks.moved_away import SUSPENDED, are_held
from mpdt_hooks.outline import Statement, StatementKind
from mpdt_hooks.patcher import is_class_body
from mpdt_hooks.planned import ClassPlan, PatchPlan
from mpdt_hooks.refusal import Refused
from mpdt_hooks.sentence import said
from mpdt_hooks.static import module_of, unwrapped
from mpdt_hooks.tracker import SourceRevision
from mpdt_hooks.transaction import Transaction

_IN_ANOTHER = "<"  # of ``<locals>`` and ``<lambda>``: no name leads to what is called so


@dataclass(frozen=True, slots=True)
class Member:
    """What a name leads to in a class, or in one below it, which may be something else after the patch."""

    plan: ClassPlan
    cls: type
    name: str
    raw: Any


@dataclass(frozen=True, slots=True)
class Named:
    """What a function statement has bound, and the patch may bind to something else."""

    module: str
    name: str
    line: int
    value: Any


@dataclass(frozen=True, slots=True)
class Code:
    """Of a lambda or inner function that the new version has not got."""

    module: str
    code: CodeType


@dataclass(frozen=True, slots=True)
class Held:
    """What may go, and somebody holds."""

    functions: tuple[Named, ...]
    members: tuple[Member, ...]
    codes: tuple[Code, ...]

    @classmethod
    def before(cls, transaction: Transaction, plan: PatchPlan, revisions: Mapping[str, SourceRevision]) -> Held:
        """Asked before the patch is prepared: references are counted, and nothing of ours may hold a function."""
        return cls(
            _held_functions(plan, transaction.old, revisions), _held_members(plan, revisions), _held_codes(transaction)
        )

    def check(self, revisions: Mapping[str, SourceRevision]) -> None:
        """Raises Refused if anybody would go on with what is no more. Asked when the patch has been carried out."""
        _check_functions(self.functions, revisions)
        _check_methods(self.members, revisions)
        _check_codes(self.codes, revisions)


def _held_functions(
    plan: PatchPlan, old: Mapping[str, SourceRevision], revisions: Mapping[str, SourceRevision]
) -> tuple[Named, ...]:
    """The functions that may be others after the patch, and that more than names of the plugin lead to.

    ``old``: the edited modules as they were.
    """
    wanted = {*plan.deletes}
    for run in plan.runs:
        if run.class_plan is None:
            wanted.update((run.module, name) for name in _statement(run.module, run.index, revisions).binds)
    places = [(module, name, line) for module, name in sorted(wanted) if (line := _line(module, name, old, revisions))]
    if not places:
        return ()
    known = Counter(id(value) for module in revisions for value in _names(module).values())
    return tuple(
        Named(module, name, line, _names(module)[name])
        for module, name, line in places
        if type(_names(module).get(name)) in (FunctionType, _lru_cache_wrapper)
        and sys.getrefcount(_names(module)[name]) > known[id(_names(module)[name])] + 1  # the argument itself
    )


def _check_functions(functions: Sequence[Named], revisions: Mapping[str, SourceRevision]) -> None:
    """Raises Refused if anybody holds a function that its name no longer leads to."""
    named = {id(value) for module in revisions for value in _names(module).values()} if functions else set()
    for one in functions:
        if id(one.value) not in named and not _is_forwarded(one.value) and are_held([one.value]):
            raise _refused(one.module, one.name, revisions[one.module], one.line)


def _held_members(plan: PatchPlan, revisions: Mapping[str, SourceRevision]) -> tuple[Member, ...]:
    """The methods that may be others after the patch, and that more than their class holds."""
    return tuple(
        Member(work, cls, name, _lookup(cls, name))
        for run in plan.runs
        if run.class_plan is not None
        for work, statement in _flat(run.class_plan, _statement(run.module, run.index, revisions))
        for cls, name in _members(work, statement)
        if module_of(unwrapped(_lookup(cls, name))) in revisions  # ``staticmethod(len)`` is everybody's
        if _references(cls, name) > _ALONE[type(_lookup(cls, name))]
    )


def _check_methods(members: Sequence[Member], revisions: Mapping[str, SourceRevision]) -> None:
    """Raises Refused if anybody holds a bound method, or a static one, that its class has no longer by that name, or if
    a method that no class has any more is suspended."""
    others = [one for one in members if _is_another(one.raw, _lookup(one.cls, one.name))]
    if not others:
        return
    named = {id(value) for module in revisions for value in _names(module).values()}
    bound = [one for one in gc.get_referrers(*(unwrapped(one.raw) for one in others)) if type(one) is MethodType]
    for member in others:
        function = unwrapped(member.raw)
        stale = [one for one in bound if one.__func__ is function and member.cls in (type(one.__self__), one.__self__)]
        is_static = type(member.raw) is staticmethod
        if id(function) not in named and (is_static or not _is_member(member, function)):
            stale.append(function)
        if stale and are_held(stale):
            name = f"{member.cls.__qualname__}.{member.name}"
            raise _refused(member.plan.module, name, revisions[member.plan.module], member.plan.line)


def _held_codes(transaction: Transaction) -> tuple[Code, ...]:
    """The code of lambdas and inner functions that goes, of which functions or suspended frames live."""
    kept = {id(code) for revision in transaction.new.values() for code in walk(revision.code)}
    kept |= {id(pair.old) for pairs in transaction.pairs.values() for pair in pairs}
    return tuple(
        Code(module, codes[place])
        for module, revision in transaction.old.items()
        if module in transaction.new
        for codes in (walk(revision.code),)
        for place in range(1, len(codes))
        if id(codes[place]) not in kept and _IN_ANOTHER in codes[place].co_qualname
        if _holders(codes, place) > _UNUSED and not is_class_body(codes[place])
    )


def _check_codes(codes: Sequence[Code], revisions: Mapping[str, SourceRevision]) -> None:
    """Raises Refused if functions or suspended frames of code that no file has are held."""
    if not codes:
        return
    running = (FunctionType, *SUSPENDED)
    holders = [one for one in gc.get_referrers(*(one.code for one in codes)) if type(one) in running]
    if not holders or not are_held(holders):
        return
    one = next((one for one in codes if any(_code_of(holder) is one.code for holder in holders)), codes[0])
    raise _refused(one.module, one.code.co_qualname, revisions[one.module], one.code.co_firstlineno)


def _code_of(holder: Any) -> Any:
    names = ("__code__", "cr_code", "gi_code", "ag_code")
    return next((getattr(holder, name) for name in names if hasattr(holder, name)), None)


def _refused(module: str, name: str, revision: SourceRevision, line: int) -> Refused:
    what = said("{name} is another one now, or none, and something holds the old one still.", name=name)
    return Refused(rude.rude_edit(rude.HELD, DefRef(module, name), revision.path, line, what))


def _is_member(member: Member, function: Any) -> bool:
    """Whether a class of the family has it still, by whatever name."""
    classes = (*member.cls.__mro__, *family(member.cls))
    return any(unwrapped(value) is function for one in classes for value in vars(one).values())


def _statement(module: str, index: int, revisions: Mapping[str, SourceRevision]) -> Statement:
    outline = revisions[module].outline
    assert outline is not None
    return outline.statements[index]


def _flat(plan: ClassPlan, statement: Statement) -> Iterator[tuple[ClassPlan, Statement]]:
    yield plan, statement
    for inner in plan.nested:
        yield from _flat(inner, statement.children[inner.path[-1]])


def _members(plan: ClassPlan, statement: Statement) -> Iterator[tuple[type, str]]:
    try:
        top = raw_lookup(plan.module, plan.qualname)
    except LookupError:
        return
    if not isinstance(top, type):
        return
    names = {*plan.delete, *(name for place in plan.run for name in statement.children[place].binds)}
    for cls in family(top):
        every = {name for one in cls.__mro__[:-1] for name in vars(one)} if plan.header else names
        yield from ((cls, name) for name in sorted(every) if type(_lookup(cls, name)) in _ALONE)


def _lookup(cls: type, name: str) -> Any:
    return next((vars(one)[name] for one in cls.__mro__ if name in vars(one)), None)


def _is_another(before: Any, after: Any) -> bool:
    if type(before) is type(after) and unwrapped(before) is unwrapped(after):
        return False
    return not _is_forwarded(unwrapped(before))


def _is_forwarded(function: Any) -> bool:
    """Whether it leads on to the new one."""
    return FORWARD in own_attributes(function)


def _names(module: str) -> dict[str, Any]:
    return own_attributes(sys.modules.get(module))


def _line(
    module: str, name: str, old: Mapping[str, SourceRevision], revisions: Mapping[str, SourceRevision]
) -> int | None:
    """Where a function statement alone had bound a name; None if anything else had."""
    revision = old.get(module) or revisions[module]
    assert revision.outline is not None
    makers = [one for one in revision.outline.statements if name in one.binds]
    return makers[-1].first if makers and makers[-1].kind is StatementKind.FUNCTION else None


def _references(cls: type, name: str) -> int:
    return sys.getrefcount(unwrapped(_lookup(cls, name)))


class _Sample:
    """Its methods are held by nothing but itself."""

    def plain(self) -> None: ...

    @staticmethod
    def static() -> None: ...

    @classmethod
    def of_class(cls) -> None: ...

    cached = lru_cache(plain)


_ALONE = {type(_lookup(_Sample, name)): _references(_Sample, name) for name in ("static", "of_class", "cached")}
_ALONE[FunctionType] = _ALONE[type(_Sample.cached)]


def _holders(codes: Sequence[CodeType], place: int) -> int:
    return sys.getrefcount(codes[place])


_UNUSED = _holders(walk(compile("lambda: 0", "<calibration>", "eval", dont_inherit=True)), 1)
