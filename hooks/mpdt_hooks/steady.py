"""Is what a run finds now what a fresh process found at that time? Told of values, classes and code objects.

A rehearsal runs after everything else has run: a cache may be filled, a flag set, an iterator used up. It tells
something only where nothing of that kind is read or written.
"""

from __future__ import annotations

import ast
import collections
import dis
import functools
import gc
import re
import textwrap
from collections.abc import Callable, Iterable, Mapping
from types import BuiltinFunctionType, CodeType, FunctionType, ModuleType
from typing import Any

from mpdt_hooks.live import parts_of
from mpdt_hooks.names import STORED
from mpdt_hooks.outline import Statement, StatementKind
from mpdt_hooks.tracker import SourceRevision

_CONSTANTS = (str, bytes, int, float, complex, bool, type(None), type(...), re.Pattern)
_CALLABLES = (FunctionType, BuiltinFunctionType, ModuleType, type(functools.lru_cache(int)))
_CONTAINERS = (list, dict, set, bytearray, collections.deque, collections.defaultdict, collections.Counter)
_MAKERS = frozenset({"__init__", "__post_init__", "model_post_init"})
_STORES = frozenset({"STORE_GLOBAL", "DELETE_GLOBAL", "DELETE_ATTR", "STORE_SUBSCR", "DELETE_SUBSCR", "STORE_SLICE"})
_CHANGES = frozenset(
    {"append", "add", "insert", "extend", "update", "setdefault", "appendleft", "pop", "popitem", "popleft"}
    | {"remove", "discard", "clear", "sort", "reverse", "register", "setattr", "delattr", "__setattr__", "__dict__"}
)
# What Python, NamedTuple, Enum and ABC give to a class.
_GENERATED = re.compile(r"__.*|_abc_.*|_fields?(_defaults)?|_[a-z0-9_]+_")  # _value2member_map_
_MISSING: Any = object()


@functools.lru_cache(maxsize=4096)
def writes(code: CodeType) -> bool:
    """Whether running a code object may change something that it has not made; an initialiser sets what is its own."""
    if not _CHANGES.isdisjoint(code.co_names):
        return True
    found = list(dis.get_instructions(code))
    if not _STORES.isdisjoint(one.opname for one in found):
        return True
    own = code.co_varnames[:1] if code.co_name in _MAKERS else ("",)  # no name: any attribute that is set
    return any(
        one.opname == "STORE_ATTR" and _names_loaded(before)[-1:] != own
        for before, one in zip([None, *found], found, strict=False)
    )


def _names_loaded(instruction: dis.Instruction | None) -> tuple[str, ...]:
    """The local names that it loads: CPython 3.13 loads two at once."""
    if instruction is None or not instruction.opname.startswith("LOAD_FAST"):
        return ()
    return instruction.argval if isinstance(instruction.argval, tuple) else (instruction.argval,)


@functools.lru_cache(maxsize=4096)
def globals_read(code: CodeType) -> frozenset[str]:
    """The names of its module that a code object reads."""
    found = dis.get_instructions(code)
    return frozenset(str(one.argval) for one in found if one.opname in ("LOAD_GLOBAL", "LOAD_NAME"))


@functools.lru_cache(maxsize=4096)
def _rebinds(code: CodeType) -> bool:
    """Whether it binds a name that a closure shares."""
    return any(one.opname == "STORE_DEREF" for one in dis.get_instructions(code))


def forget_codes() -> None:
    """Let go of the code objects that have been looked into: else they look as if somebody unknown held them."""
    writes.cache_clear()
    globals_read.cache_clear()
    _rebinds.cache_clear()


class Steadiness:
    """Answers for one moment: nothing runs meanwhile. ``revisions``: the tracked modules."""

    def __init__(self, revisions: Mapping[str, SourceRevision]) -> None:
        self._revisions = revisions
        self._known: dict[tuple[str, str], bool] = {}
        self._instances = frozenset(id(one) for one in gc.get_objects() if type(one).__module__ in revisions)

    def was_there(self, value: Any) -> bool:
        """Whether it is an instance of a class of the plugin's that was there before: its state may be another."""
        return id(value) in self._instances and not issubclass(type(value), type | ModuleType | FunctionType)

    def is_steady(self, module: str, name: str, value: Any) -> bool:
        """Whether a module's name is bound to what it was bound to on import, as it was then."""
        key = (module, name)
        if key not in self._known:
            self._known[key] = self._is_steady(module, name, value)
        return self._known[key]

    def _is_steady(self, module: str, name: str, value: Any) -> bool:
        if issubclass(type(value), type):
            return value.__module__ not in self._revisions or self._is_steady_class(value)
        if type(value) in _CALLABLES:
            return type(value) is not FunctionType or not self._holds_a_state(value)
        statements = self._binders(module, name)
        if statements and all(one.kind is StatementKind.IMPORT for one in statements):
            homes = {one.module for statement in statements for one in statement.uses.imports if one.bound == name}
            if not any(one.level for statement in statements for one in statement.uses.imports):
                tracked = {known.partition(".")[0] for known in self._revisions}
                return all(home.partition(".")[0] not in tracked for home in homes)
            return type(value) in _CONSTANTS
        if len(statements) != 1 or self._is_set_by_calls(module, name):
            return False
        written = self._is_as_written(statements[0], self._revisions[module].lines, value)
        return written and (
            type(value) in _CONSTANTS or _is_literally(statements[0], self._revisions[module].lines, value)
        )

    def _holds_a_state(self, function: FunctionType) -> bool:
        """Whether a function, or one that it holds in its closure or an attribute, holds what may have changed."""
        pending, seen = [function], set[int]()
        while pending:
            one = pending.pop()
            seen.add(id(one))
            if one.__code__.co_freevars and _rebinds(one.__code__):
                return True
            for held in parts_of(one):
                if type(held) in _CONTAINERS or type(held).__module__ in self._revisions:
                    return True
                if type(held) is FunctionType and id(held) not in seen:
                    pending.append(held)
        return False

    def _is_set_by_calls(self, module: str, name: str) -> bool:
        """Whether a function of the module says ``global`` of the name."""
        outline = self._revisions[module].outline
        stored = name + STORED
        every = outline.statements if outline is not None else ()
        return any(stored in part.uses.deferred for one in every for part in (one, *one.children))

    def _binders(self, module: str, name: str) -> list[Statement]:
        outline = self._revisions[module].outline if module in self._revisions else None
        return [] if outline is None else [one for one in outline.statements if name in one.binds]

    def _is_steady_class(self, cls: type) -> bool:
        """Whether the attributes that its body spells out are what it says, and nobody has given it others."""
        found = [one for one in self._binders(cls.__module__, cls.__qualname__) if one.kind is StatementKind.CLASS]
        if len(found) != 1:
            return False
        own = {name: child for child in found[0].children for name in child.binds}
        given = {name: value for name, value in vars(cls).items() if name not in own and not _GENERATED.match(name)}
        if any(type(value) in (*_CONSTANTS, *_CONTAINERS) for value in given.values()):
            return False
        lines = self._revisions[cls.__module__].lines
        return all(self._is_as_written(child, lines, vars(cls).get(name, _MISSING)) for name, child in own.items())

    def _is_as_written(self, child: Statement, lines: Callable[[], list[str]], value: Any) -> bool:
        if child.kind is not StatementKind.BIND or type(value) not in (*_CONSTANTS, *_CONTAINERS):
            return True
        return _is_literally(child, lines, value) or (type(value) in _CONSTANTS and not _is_literal(child, lines))


def is_lazy(values: Iterable[Any]) -> bool:
    """Whether one of the values computes something only when it is gone through, or awaited."""
    return any(hasattr(type(value), "__next__") or hasattr(type(value), "__await__") for value in values)


def _literal(statement: Statement, lines: Callable[[], list[str]]) -> Any:
    text = textwrap.dedent("\n".join(lines()[statement.first - 1 : statement.last]))
    try:
        body = ast.parse(text).body
        value = getattr(body[0], "value", None) if len(body) == 1 else None
        return ast.literal_eval(value) if isinstance(value, ast.expr) else _MISSING
    except (ValueError, TypeError, SyntaxError, MemoryError, RecursionError):
        return _MISSING


def _is_literal(statement: Statement, lines: Callable[[], list[str]]) -> bool:
    return _literal(statement, lines) is not _MISSING


def _is_literally(statement: Statement, lines: Callable[[], list[str]], value: Any) -> bool:
    """Whether a value is still what its statement spells out: only builtin types are compared."""
    written = _literal(statement, lines)
    return written is not _MISSING and type(written) is type(value) and repr(written) == repr(value)
