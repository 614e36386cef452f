"""What an object takes from its classes while it is made: does that differ? Pure.

``__init__`` reads ``self.prefix`` and calls ``self.setup()``, which may be of a base, or of a class below; it hands
itself on to who does the same.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol

from mpdt_hooks.graph import Graph, Name
from mpdt_hooks.names import ANY_OWN, GIVEN, HELD, MEMBERS, OWN, SPECIAL
from mpdt_hooks.outline import Statement, StatementKind
from mpdt_hooks.uses import Application, Uses

MAKERS = ("__init__", "__new__", "__post_init__", "model_post_init")
# Python calls these for any attribute that is set, or not found.
_ALWAYS = ("__setattr__", "__getattr__", "__getattribute__")
_CHECKING = frozenset({"validator", "field_validator", "model_validator", "root_validator"})


class Differs(Protocol):
    """What ``affected.Affected`` knows."""

    graph: Graph
    values: set[Name]
    behaviours: set[Name]
    rebased: set[Name]

    def uses_differ(self, module: str, uses: Uses, cls: str = "", own: frozenset[str] = frozenset()) -> bool: ...
    def gives_otherwise(self, module: str, name: str, depth: int) -> bool: ...
    def checks_differently(self, module: str, name: str) -> bool: ...


def initialises_differently(affected: Differs, module: str, statement: Statement, depth: int) -> bool:
    """Whether what makes an instance does something else, with what it calls and looks at of the instance."""
    family = list(affected.graph.family([(module, statement)]))
    if any((where, cls.name) in affected.rebased for where, cls in family):
        return True
    binding: dict[str, list[tuple[str, Statement, Statement]]] = {}
    for where, cls in family:
        for child in cls.children:
            for name in child.binds:
                binding.setdefault(name, []).append((where, cls, child))
    others = set(_members_among(affected.values, family))
    checks = {child.name for _, cls in family for child in cls.children if _checks_instances(child)}
    pending, seen = [*MAKERS, *_ALWAYS, *checks], set[str]()
    while pending:
        used = pending.pop()
        if used in seen:
            continue
        seen.add(used)
        if used in (ANY_OWN, MEMBERS, SPECIAL):
            if _members_differ(affected, family, used):
                return True
            continue
        if used.startswith(GIVEN):
            pending += _used_by(affected.graph, used)
            continue
        member = used.removeprefix(HELD)
        if member in others:
            return True
        for where, cls, child in binding.get(member, ()):
            if child.kind is not StatementKind.FUNCTION:
                if _binds_differently(affected, where, cls, child, member):
                    return True
            elif member == used or any(_is_asked(call) for call in child.uses.applied):
                if _runs_differently(affected, where, cls.name, child, depth):
                    return True
                pending += _uses_of_itself(where, cls, child)
    return False


def _checks_instances(child: Statement) -> bool:
    """Whether a library calls it for every instance: pydantic's validators."""
    return any(call.callee.rpartition(".")[2] in _CHECKING for call in child.uses.applied if call.decorates)


def _is_asked(call: Application) -> bool:
    """Whether a decorator makes something that is called when it is looked at: a property."""
    return call.decorates and call.callee not in ("staticmethod", "classmethod")


def _members_differ(affected: Differs, family: list[tuple[str, Statement]], used: str) -> bool:
    names = affected.values if used == MEMBERS else affected.values | affected.behaviours
    members = _members_among(names, family)
    return any(used != SPECIAL or (one.startswith("__") and one not in MAKERS) for one in members)


def _members_among(names: set[Name], family: list[tuple[str, Statement]]) -> Iterator[str]:
    """The members of these classes that are among changed names."""
    classes = {(where, cls.name) for where, cls in family}
    parts = ((where, *name.rpartition(".")) for where, name in names)
    yield from (member for where, owner, _, member in parts if (where, owner) in classes)


def _binds_differently(affected: Differs, module: str, cls: Statement, child: Statement, member: str) -> bool:
    own = frozenset(name for one in cls.children for name in one.binds)
    return (module, f"{cls.name}.{member}") in affected.behaviours or affected.uses_differ(
        module, child.uses, cls.name, own
    )


def _runs_differently(affected: Differs, module: str, cls: str, method: Statement, depth: int) -> bool:
    """Whether a method of a class has new code, or finds something else outside of the class."""
    uses = method.uses
    if (module, f"{cls}.{method.name}") in affected.behaviours:
        return True
    others = [n for n in uses.deferred if n.partition(".")[0] not in (cls, "__class__") and n not in uses.checked]
    if depth and any(affected.gives_otherwise(module, one, depth - 1) for one in others):
        return True
    return any(affected.checks_differently(module, one) for one in uses.checked)


def _uses_of_itself(module: str, cls: Statement, method: Statement) -> Iterator[str]:
    """What a method uses of its object or class, by their names and through its first argument."""
    for name in method.uses.deferred:
        head, _, rest = name.partition(".")
        if name.startswith(GIVEN):  # as that module spells it
            yield f"{name}\n{module}"
        elif name.startswith(HELD):
            yield name
        elif name.startswith(OWN):
            yield name.removeprefix(OWN)
        elif head in (cls.name, "__class__") and rest:
            yield rest.partition(".")[0]


def _used_by(graph: Graph, given: str) -> Iterator[str]:
    """What a function uses of what it is handed, as if that were its own: ``Loop(self)`` calls ``owner.start()``."""
    name, _, module = given.removeprefix(GIVEN).partition("\n")
    pending, seen = [(module, name)], set[Name]()
    while pending:
        where, one = pending.pop()
        if (where, one) in seen or where not in graph.views:
            continue
        seen.add((where, one))
        pending += graph.targets(where, one)
        for place in graph.binders(where).get(one, ()):
            for function in _called(graph.views[where].outline.statements[place]):
                for used in function.uses.invokes:
                    if used.startswith(">"):
                        pending.append((where, used[1:]))
                    else:
                        yield _as_own(used)


def _called(statement: Statement) -> Iterator[Statement]:
    """The functions that calling a definition calls."""
    if statement.kind is StatementKind.FUNCTION:
        yield statement
    yield from (child for child in statement.children if child.name in MAKERS)


def _as_own(used: str) -> str:
    """``invoked`` of an argument, in the marks for an object's own."""
    match used[:1], used[1:]:
        case (":" | ".", member):
            return member
        case _ if used == "__*__":
            return SPECIAL
    return ANY_OWN
