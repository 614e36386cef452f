"""A new function, wrapper or descriptor put into the old one, so that whoever holds the old one has the new.

Only what one statement has made, and makes again: a name that is bound to something else that is there (``h = f``, then
``h = g``) leaves f as it is.
"""

from __future__ import annotations

import functools
from collections.abc import Collection, Iterable, Iterator, Mapping
from pathlib import Path
from types import CellType, CodeType, FunctionType
from typing import Any

from mpdt_hooks import rude
from mpdt_hooks.dispatchers import DISPATCHER
from mpdt_hooks.live import functions_in
from mpdt_hooks.model import DefRef
from mpdt_hooks.refusal import Refused
from mpdt_hooks.sentence import said
from mpdt_hooks.undo import UndoLog

_LRU_WRAPPER = functools._lru_cache_wrapper


class Grafts:
    """The grafts of one transaction: which new object went into which old one."""

    def __init__(
        self,
        undo: UndoLog,
        redecorated: Collection[tuple[str, str]] = (),
        differing: Collection[tuple[str, str]] = (),
        later: Iterable[tuple[FunctionType, CodeType]] = (),
    ) -> None:
        """``later``: old functions that have their old code still, each with its new one."""
        self._undo = undo
        self._later = {id(function): code for function, code in later}
        self._own: frozenset[int] = frozenset()  # the code objects of the statement that runs
        self._redecorated = redecorated
        self._differing = differing
        self._into: dict[int, Any] = {}
        self._taken: set[int] = set()  # the old objects that new ones went into
        self._kept: list[Any] = []

    def replacement(self, value: Any) -> Any:
        """The old object that the new ``value`` went into, or the value itself."""
        return self._into.get(id(value), value)

    def is_made_again(self, function: FunctionType) -> bool:
        """Whether a new function went into this one."""
        return id(function) in self._taken

    def functions(self) -> list[FunctionType]:
        """The new functions that went into old ones."""
        return [value for value in self._kept if type(value) is FunctionType]

    def __bool__(self) -> bool:
        return bool(self._into)

    def running(self, code: CodeType) -> None:
        """What is made from now on, the code of one statement makes."""
        self._own = frozenset(map(id, _codes_in(code)))

    def _is_the_same_again(self, old: Any, new: Any) -> bool:
        """Whether both consist of one definition of the statement that runs, or the old one of another by that name."""
        was: set[Any] = set()
        for one in functions_in(old):
            code = self._later.get(id(one), one.__code__)
            was |= {id(code), _name_of(code)} - {None}
        made = (one.__code__ for one in functions_in(new) if id(one.__code__) in self._own)
        return any(id(code) in was or _name_of(code) in was for code in made)

    def graft(self, old: Any, new: Any) -> Any:
        """What the name is to be bound to: the old object with the new content where it can take it, else the new."""
        if old is new:
            return old
        known = self._into.get(id(new))
        if known is not None:
            return known
        if type(old) is not type(new) or not self._is_the_same_again(old, new):
            return new
        if type(new) is FunctionType:
            return self._function(old, new)
        if type(new) in (staticmethod, classmethod):
            func = self.graft(old.__func__, new.__func__)
            own = {key: self.replacement(value) for key, value in vars(new).items()}
            return new if func is new.__func__ else around(func, new, own)
        if type(new) is property:
            fget, fset, fdel = (self.graft(getattr(old, p), getattr(new, p)) for p in ("fget", "fset", "fdel"))
            return property(fget, fset, fdel, new.__doc__)
        if type(new) is functools.cached_property:
            new.func = self.graft(old.func, new.func)
            return new
        if type(new) is _LRU_WRAPPER and old.cache_parameters() == new.cache_parameters():
            return self._lru(old, new)
        return new

    def _lru(self, old: Any, new: Any) -> Any:
        if self.graft(old.__wrapped__, new.__wrapped__) is not old.__wrapped__:
            return new
        self._undo.attributes(old)
        self._note(new, old)
        vars(old).update({key: self.replacement(value) for key, value in vars(new).items()})
        old.__doc__ = new.__doc__
        old.cache_clear()
        return old

    def _dispatcher(self, old: FunctionType, new: FunctionType) -> FunctionType:
        """What ``singledispatch`` made keeps its implementations in its closure: only the function in it is other."""
        if self.graft(vars(old)["__wrapped__"], vars(new)["__wrapped__"]) is not vars(old)["__wrapped__"]:
            return new
        self._note(new, old)
        self._undo.function(old)
        old.__doc__, old.__annotations__ = new.__doc__, new.__annotations__
        return old

    def _function(self, old: FunctionType, new: FunctionType) -> FunctionType:
        if old.__code__ is new.__code__ is DISPATCHER:
            return self._dispatcher(old, new)
        if old.__globals__ is not new.__globals__ or old.__code__.co_qualname != new.__code__.co_qualname:
            return new
        if old.__code__.co_freevars != new.__code__.co_freevars:
            return new
        self._note(new, old)
        self._undo.function(old)
        docstring_before = docstring_of(self._undo.code_before(old))
        labels = _labels(old)
        # A thread that has the old code must not miss a default, nor one that has the new code.
        if len(new.__defaults__ or ()) >= len(old.__defaults__ or ()):
            old.__defaults__ = new.__defaults__
        old.__kwdefaults__ = {**(old.__kwdefaults__ or {}), **(new.__kwdefaults__ or {})}
        for before, after in zip(old.__closure__ or (), new.__closure__ or (), strict=True):
            self._cell(before, after)
        self._undo.conform(old, new.__code__)
        old.__defaults__ = new.__defaults__
        old.__kwdefaults__ = new.__kwdefaults__
        old.__annotations__ = new.__annotations__
        is_wrapper = "<locals>" in new.__code__.co_qualname
        if is_wrapper:  # ``functools.wraps`` may have come or gone
            for label in ("__name__", "__qualname__", "__module__"):
                if getattr(old, label) == labels.get(label):  # else another statement has set it since
                    setattr(old, label, getattr(new, label))
            if "__wrapped__" not in vars(new):
                vars(old).pop("__wrapped__", None)
        redecorated = (new.__module__, new.__qualname__) in self._redecorated
        set_by_decorator = is_wrapper or new.__doc__ != docstring_of(new.__code__)
        if (
            not is_wrapper
            and not redecorated
            and "__wrapped__" in vars(new)
            and new.__doc__ is None
            and old.__doc__ != docstring_before
        ):
            raise _has_attributes(new)  # ``@wraps(f)`` has copied a docstring that is gone, or another statement set it
        if redecorated or set_by_decorator or old.__doc__ == docstring_before:
            old.__doc__ = new.__doc__  # else another statement has set it since
        _copy_type_parameters(new, old)
        fresh = {key: self.replacement(value) for key, value in vars(new).items()}
        if (new.__module__, new.__qualname__) in self._differing and vars(old).keys() - fresh.keys():
            raise _has_attributes(new)
        if redecorated:  # what only the old decorators set; else attributes may come from elsewhere (``f.help = 1``)
            vars(old).clear()
        vars(old).update(fresh)
        return old

    def _cell(self, before: CellType, after: CellType) -> None:
        try:
            value = after.cell_contents
        except ValueError:
            return
        try:
            held = before.cell_contents
        except ValueError:
            self._undo.cell(before)
            before.cell_contents = value
            return
        if issubclass(type(held), type) and issubclass(type(value), type) and held.__qualname__ == value.__qualname__:
            return  # ``__class__``: the live class stays
        merged = self.graft(held, value)
        if merged is not held:
            self._undo.cell(before)
            before.cell_contents = merged

    def _note(self, new: Any, old: Any) -> None:
        self._into[id(new)] = old
        self._taken.add(id(old))
        self._kept.append(new)


def _name_of(code: CodeType) -> tuple[str, str] | None:
    named = not code.co_name.startswith("<")
    return (code.co_filename, code.co_qualname) if named else None


def _codes_in(code: CodeType) -> Iterator[CodeType]:
    yield code
    for inner in code.co_consts:
        if isinstance(inner, CodeType):
            yield from _codes_in(inner)


def _has_attributes(function: FunctionType) -> Refused:
    what = said("{name} has attributes that its decorators, or others, have set.", name=function.__qualname__)
    code, ref = function.__code__, DefRef(function.__module__, function.__qualname__)
    return Refused(rude.rude_edit(rude.DECORATOR, ref, Path(code.co_filename), code.co_firstlineno, what))


def _labels(function: FunctionType) -> dict[str, Any]:
    """The names that a function has by itself, or from ``functools.wraps``."""
    code, wrapped = function.__code__, vars(function).get("__wrapped__")
    own = {"__name__": code.co_name, "__qualname__": code.co_qualname, "__module__": function.__globals__["__name__"]}
    return {label: getattr(wrapped, label, value) for label, value in own.items()}


def docstring_of(code: Any) -> str | None:
    """The docstring that ``def`` gives a function of this code (Objects/funcobject.c, PyFunction_NewWithQualName)."""
    first = code.co_consts[0] if code.co_consts else None
    return first if isinstance(first, str) else None


def with_closure(function: FunctionType, code: Any, cells: tuple[CellType, ...]) -> FunctionType:
    """A copy of a function with other code and cells, everything else taken over."""
    copy = FunctionType(code, function.__globals__, function.__name__, function.__defaults__, cells)
    copy.__kwdefaults__ = function.__kwdefaults__
    copy.__annotations__ = function.__annotations__
    if function.__doc__ != docstring_of(function.__code__):  # somebody has set it since
        copy.__doc__ = function.__doc__
    copy.__qualname__ = function.__qualname__
    copy.__module__ = function.__module__
    _copy_type_parameters(function, copy)
    vars(copy).update(vars(function))
    return copy


def _copy_type_parameters(source: FunctionType, target: FunctionType) -> None:
    """PEP 695: functions have type parameters from CPython 3.12 on."""
    parameters = getattr(source, "__type_params__", None)
    if parameters is not None:
        setattr(target, "__type_params__", parameters)  # noqa: B010


def around(func: Any, like: Any, attributes: Mapping[str, Any]) -> Any:
    """A static or class method of the kind of ``like``. One that ``type.__new__`` made has no copied attributes."""
    made = type(like)(func)
    vars(made).clear()
    vars(made).update(attributes)
    return made
