"""Other bases for a live class, where Python can give them to it: the same class object, with the new inheritance.

``type.__bases__`` can be set (Objects/typeobject.c, type_set_bases): the method resolution orders of the class and of
those below it follow. What no assignment can do is refused: another metaclass or layout, hooks that want to see it.
"""

from __future__ import annotations

import abc
import ast
import types
import typing
from collections.abc import Iterator, Mapping
from typing import Any

from mpdt_hooks.fields import is_dataclass, is_enum, is_generated_anew, is_model
from mpdt_hooks.inert import does_nothing
from mpdt_hooks.sentence import said
from mpdt_hooks.undo import UndoLog

_MISSING: Any = object()
_PLAIN_METACLASSES = (type, abc.ABCMeta)
_INERT_HOOKS = frozenset({"builtins", "abc"})


class CannotRebase(Exception):
    """Says why; the argument is the end of a sentence."""


def evaluated_bases(node: ast.ClassDef, names: Mapping[str, Any]) -> tuple[Any, ...]:
    """What the expressions in the class statement's head give now. Raises what they raise."""
    if any(isinstance(base, ast.Starred) for base in node.bases):
        raise CannotRebase(said("they are made by a *"))
    compiled = (compile(ast.Expression(base), "<bases>", "eval", dont_inherit=True) for base in node.bases)
    return tuple(eval(code, {}, dict(names)) for code in compiled)


def rebase(cls: type, written: tuple[Any, ...], undo: UndoLog) -> None:
    """Give the class these bases. Raises CannotRebase; the undo log takes back what it has done by then."""
    before = vars(cls).get("__orig_bases__", _MISSING)
    if before is not _MISSING and _are_the_same(tuple(before), written):
        return  # by another name: what makes NamedTuple and TypedDict of them is no base of the class
    new = types.resolve_bases(written) or (object,)
    same = _are_the_same(new, cls.__bases__)
    if before is not _MISSING or new != (written or (object,)):
        if not same:
            raise CannotRebase(said("a generic base differs"))
        _parameterize(cls, written, undo)
    if same:
        return
    _check(cls, new)
    old = cls.__bases__
    hooks = [_hooks(one) for one in family(cls)]
    try:
        cls.__bases__ = new
    except TypeError as error:
        raise CannotRebase(said("Python does not allow it: {error}", error=str(error))) from None
    undo.add(lambda: setattr(cls, "__bases__", old))
    if hooks != [_hooks(one) for one in family(cls)]:
        raise CannotRebase(said("their __init_subclass__ would be called in another order"))


def _are_the_same(bases: tuple[Any, ...], others: tuple[Any, ...]) -> bool:
    return len(bases) == len(others) and all(one is other for one, other in zip(bases, others, strict=True))


def _parameterize(cls: type, written: tuple[Any, ...], undo: UndoLog) -> None:
    """The same bases with other type arguments.

    Only where the class has no type parameters, or as many of the same kinds: else ``C[int]`` stands somewhere,
    evaluated long ago, for which a fresh process may raise.
    """
    if is_model(cls) or is_generated_anew(cls):
        raise CannotRebase(said("a generic base differs"))
    held = getattr(cls, "__parameters__", ())
    undo.class_namespace(cls)
    if types.resolve_bases(written) != written:
        type.__setattr__(cls, "__orig_bases__", written)
    elif "__orig_bases__" in vars(cls):
        type.__delattr__(cls, "__orig_bases__")
    if issubclass(cls, typing.Generic):
        after = cls.__mro__[cls.__mro__.index(typing.Generic) + 1 :]
        if any("__init_subclass__" in vars(one) for one in after if one is not object):
            raise CannotRebase(said("a generic base differs"))
        vars(typing.Generic)["__init_subclass__"].__get__(None, cls)()  # sets __parameters__
    if held and not _take_the_same(held, getattr(cls, "__parameters__", ())):
        raise CannotRebase(said("a generic base differs"))


def _take_the_same(parameters: tuple[Any, ...], others: tuple[Any, ...]) -> bool:
    """Whether a generic class takes the same arguments with either parameters: bounds are not checked at run time."""
    if parameters == others:
        return True
    if any(getattr(one, "has_default", bool)() for one in (*parameters, *others)):  # PEP 696
        return False
    return [type(one) for one in parameters] == [type(one) for one in others]


def _check(cls: type, new: tuple[Any, ...]) -> None:
    if not all(issubclass(type(base), type) for base in new):
        raise CannotRebase(said("a base is no class"))
    if any(type(base) not in _PLAIN_METACLASSES for base in (*new, cls)):
        raise CannotRebase(said("a metaclass takes part"))
    wanted = abc.ABCMeta if any(type(base) is abc.ABCMeta for base in new) else type
    if type(cls) is not wanted:
        raise CannotRebase(said("they call for another metaclass"))
    changed = {*cls.__mro__[1:]} ^ {one for base in new for one in base.__mro__}
    for base in changed:
        if _acts_on_subclasses(base):
            raise CannotRebase(said("{base}.__init_subclass__ sees its subclasses", base=base.__name__))
        if "__slots__" in vars(base) and base.__module__ not in _INERT_HOOKS and vars(base)["__slots__"]:
            raise CannotRebase(said("{base} has slots", base=base.__name__))
    for one in (*family(cls), *changed):
        if is_dataclass(one) or is_enum(one) or is_model(one) or is_generated_anew(one):
            raise CannotRebase(said("the fields of {base} are inherited", base=one.__name__))


def _hooks(cls: type) -> list[type]:
    return [base for base in cls.__mro__[1:] if _acts_on_subclasses(base)]


def _acts_on_subclasses(base: type) -> bool:
    """Whether the hook of a base does anything: what it only notes, it has noted of the old bases' subclasses."""
    hook = vars(base).get("__init_subclass__")
    return hook is not None and base.__module__ not in _INERT_HOOKS and not does_nothing(hook)


def family(cls: type) -> Iterator[type]:
    """The class and all below it, base classes first."""
    pending, seen = [cls], set()
    while pending:
        current = pending.pop(0)
        if current not in seen:
            seen.add(current)
            yield current
            pending += type.__subclasses__(current)
