"""Statements of a class body that can only run together: what binds one name, what fills what another made. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator

from mpdt_hooks.outline import Statement, StatementKind


def fills_own(cls: Statement, place: int) -> bool:
    """Whether a statement of a class body does nothing but bind, and add to what the body has made just before.

    That is a list, set or dict which is written out, or a function; no other statement may bind its name.
    """
    child = cls.children[place]
    if child.kind is not StatementKind.EFFECT or not child.uses.fills:
        return False
    return all(_is_made_for(cls, place, filled) for filled in child.uses.fills)


def _is_made_for(cls: Statement, place: int, filled: str) -> bool:
    name, _, attribute = filled.partition(".")
    makers = [i for i, child in enumerate(cls.children) if name in child.binds]
    if len(makers) != 1 or makers[0] >= place:
        return False
    maker = cls.children[makers[0]]
    if attribute:
        return maker.kind is StatementKind.FUNCTION and not any(call.decorates for call in maker.uses.applied)
    return maker.kind is StatementKind.BIND and maker.uses.displays


def filled_names(child: Statement) -> set[str]:
    """The names of a class body whose objects the statement fills."""
    return {filled.partition(".")[0] for filled in child.uses.fills}


def filled_functions(cls: Statement, run: Collection[int]) -> Iterator[str]:
    """The methods of which one of these statements sets an attribute: made again, they have none."""
    for i in run:
        yield from (filled.partition(".")[0] for filled in cls.children[i].uses.fills if "." in filled)


def together(cls: Statement, run: Collection[int]) -> set[int]:
    """The places of all statements that have to run where these do.

    Those that bind a name with them (parts of one property, overloads); those that fill what they make, and make what
    they fill; and those that bind a name that they read and that changes within the body: the class has only the last.
    """
    binders = Counter(name for child in cls.children for name in set(child.binds))
    names: set[str] = set()
    for i in run:
        child = cls.children[i]
        reads = {name.partition(".")[0] for name in child.uses.reads}
        names |= {*child.binds, *filled_names(child), *(name for name in reads if binders[name] > 1)}
    return {i for i, child in enumerate(cls.children) if names.intersection(child.binds) or names & filled_names(child)}
