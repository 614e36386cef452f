"""What a plan consists of: the statements to run again, the classes to work on, the names to delete. Values only."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields

from mpdt_hooks.graph import Name
from mpdt_hooks.links import BrokenLink
from mpdt_hooks.model import Change, RudeEdit
from mpdt_hooks.outline import Statement
from mpdt_hooks.uses import Application


@dataclass(frozen=True, slots=True)
class ClassPlan:
    """What is done to one live class. ``path`` leads to its statement: places in the bodies, outermost first."""

    module: str
    path: tuple[int, ...]
    qualname: str
    run: tuple[int, ...]  # children to run in the scope of the live class
    delete: tuple[str, ...]
    header: bool
    fields: bool  # annotations or, in an Enum, members differ
    members: bool  # anything but code differs
    hooks: bool  # __init_subclass__ or the like differs
    marks: bool  # the arguments of its decorators differ, or there are more of them
    line: int
    nested: tuple[ClassPlan, ...]
    decorators: tuple[tuple[int, DecoratorUse], ...]  # of the children to run
    added: tuple[int, ...] = ()  # of those that are new: what they do elsewhere they do for the first time
    heirs: tuple[Name, ...] = ()  # TypedDicts that have copied its keys, and are made again

    @property
    def is_idle(self) -> bool:
        """Whether only code differs, which goes to its holders without a plan."""
        work = (getattr(self, one.name) for one in fields(self) if one.name not in _WHICH)
        return not any(work) and all(inner.is_idle for inner in self.nested)


# Say which class, or more of what is in another; all else is work.
_WHICH = frozenset({"module", "path", "qualname", "line", "nested", "added", "heirs"})


@dataclass(frozen=True, slots=True)
class Run:
    """A statement of a module to be run, or a class to be worked on."""

    module: str
    index: int
    class_plan: ClassPlan | None = None
    decorators: DecoratorUse | None = None
    stars: tuple[str, ...] = ()  # modules of which the statement imports all names
    added: bool = False  # it, or a member of the class, is new: what it does elsewhere it does for the first time
    followed: bool = False  # and others, which a fresh process runs after it, have done the same already


@dataclass(frozen=True, slots=True)
class DecoratorUse:
    """A decorated function that is made again. ``fresh``: it, or its decoration, is new, so all of it runs.

    Otherwise a decorator that only notes its argument has done so already and is left out.
    """

    decorators: tuple[str, ...]
    fresh: bool
    differs: bool  # a decorator acts differently: what it left before would stay
    changed: frozenset[str] = frozenset()  # names in the statement that give something else now
    acting: frozenset[str] = frozenset()  # names that its calls are handed, and that act differently


@dataclass(frozen=True, slots=True)
class Undecorated:
    """A definition that goes, or changes its decorators: what the old decorators did elsewhere would stay."""

    module: str
    qualname: str
    line: int
    decorators: tuple[Application, ...]


@dataclass(frozen=True, slots=True)
class Handed:
    """A decorated definition that acts differently and is not made again."""

    module: str
    qualname: str
    line: int
    decorator: str  # the innermost one


@dataclass(frozen=True, slots=True)
class Gone:
    """A definition or binding that goes: what making it did elsewhere would stay. ``calls``: what it called."""

    module: str
    qualname: str
    line: int
    calls: tuple[Application, ...]
    is_class: bool


@dataclass(frozen=True, slots=True)
class Doubts:
    """Statements that may call what matters: they are watched as they run.

    ``statements``: module and index. ``readers``: definitions that matter if they are called: module, qualified name.
    ``kept``: names that are bound to objects which matter if anybody is handed them.
    """

    statements: frozenset[tuple[str, int]] = frozenset()
    readers: frozenset[Name] = frozenset()
    kept: frozenset[Name] = frozenset()


@dataclass(frozen=True, slots=True)
class Acting:
    """A statement that acts, and would have to do so again. ``before``: its older version, if it is another."""

    module: str
    index: int
    before: Statement | None


@dataclass(frozen=True, slots=True)
class PatchPlan:
    runs: tuple[Run, ...]
    deletes: tuple[Name, ...]
    changes: tuple[Change, ...]
    rude_edits: tuple[RudeEdit, ...]
    broken: BrokenLink | None
    caches: tuple[Name, ...]  # definitions that keep results, which may now be others
    undecorated: tuple[Undecorated, ...]
    redecorated: frozenset[Name]
    ghosts: tuple[str, ...]  # modules that nothing imports any more
    differing: frozenset[Name]  # decorated functions made again because a decorator acts differently
    values: frozenset[Name]  # names that will be bound to something else; who reads them runs again
    gone: tuple[Gone, ...]
    kept: tuple[tuple[str, int], ...]  # statements that made instances of classes that are made otherwise now
    doubts: Doubts = Doubts()
    remade: tuple[tuple[str, int], ...] = ()  # of those that are kept: made instances that would be made otherwise
    asked: bool = False  # whether a hook that ``isinstance`` asks acts differently: its answers are kept
    handed: tuple[Handed, ...] = ()
    moved: tuple[tuple[str, tuple[int, ...]], ...] = ()  # statements that stand elsewhere, members of classes too
    displaced: tuple[str, ...] = ()  # modules that a fresh process runs in another order
    order: Mapping[tuple[str, int], int] = field(default_factory=dict)  # of all statements, if any of them runs
    acting: tuple[Acting, ...] = ()
    dependent: tuple[tuple[str, int], ...] = ()  # statements that act, and were refused only as dependents
