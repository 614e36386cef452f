"""Is what a statement reads, when it runs again, as it was when its module was imported?

A list may have been filled since, by a statement further down or by the program as it ran; a global may have been set,
an instance may have another state. A fresh process reads what was there at that place of the import. What differs from
what the source spells out, or is written to by something in the source, is state that has changed, or may have. What a
library's objects hold is not looked into.
"""

from __future__ import annotations

import ast
import collections
import dis
import functools
import sys
from collections.abc import Collection, Iterable, Iterator, Mapping
from importlib.util import resolve_name
from types import CodeType, FunctionType, ModuleType
from typing import Any

from mpdt_hooks.codes import walk
from mpdt_hooks.handed_over import Handing, handings
from mpdt_hooks.inert import function_node
from mpdt_hooks.live import own_attributes, resolve
from mpdt_hooks.names import Imported
from mpdt_hooks.outline import Statement, StatementKind
from mpdt_hooks.planned import PatchPlan
from mpdt_hooks.spelled import (
    CONSTANTS,
    CONTAINERS,
    Written,
    is_constant,
    is_spelled,
    set_on_self,
    value_of,
    written_in,
)
from mpdt_hooks.static import noted, unwrapped
from mpdt_hooks.steady import writes
from mpdt_hooks.tracker import SourceRevision
from mpdt_hooks.uses import Uses

_MAKERS = frozenset({"__init__", "__new__", "__post_init__", "model_post_init", "__setstate__", "__set_name__"})
_FILLING = frozenset({"append", "add", "insert", "extend", "update", "appendleft", "remove", "discard", "clear"})
_MISSING: Any = object()


class AsImported:
    """Answers for one plan. ``bound``: what the plan binds again, by module and dotted name: that is as in a fresh
    process. ``revisions``: all modules as they will be."""

    def __init__(self, revisions: Mapping[str, SourceRevision], bound: Collection[tuple[str, str]]) -> None:
        self._revisions = revisions
        self._bound = bound
        self._open: set[tuple[str, str, bool]] = set()
        self._called: list[tuple[FunctionType, bool]] = []  # and whether what it gives is only kept
        self._is_kept = False
        self._within: dict[str, frozenset[tuple[str, str]]] = {}

    def changed(
        self,
        module: str,
        statement: Statement,
        place: Statement,
        cls: str = "",
        called: Iterable[Any] = (),
        *,
        is_elsewhere: bool = False,
    ) -> str:
        """The first name that a statement reads and that leads to state which has changed, or may have; "" if none.
        ``place``: the statement of the module, if it stands in a class; ``cls``: that class's qualified name;
        ``called``: what else is called by it; ``is_elsewhere``: it has run elsewhere, and does not run again."""
        self._module, self._statement, self._place, self._is_elsewhere = module, statement, place, is_elsewhere
        self._open.clear()
        self._is_kept = False
        for function in called:
            self._call(unwrapped(function))
        if statement.kind is StatementKind.IMPORT:
            found = (one for one in statement.uses.imports if not one.lazy and one.name not in ("", "*"))
            return next((one.name for one in found if self._has_changed(self._home(module, one), one.name, False)), "")
        for name, content in _reads(statement.uses):
            self._is_kept = name in _kept_results(statement.uses)
            if self._has_changed(module, name, content) or (
                cls and self._has_changed(module, f"{cls}.{name}", content)
            ):
                return name
        self._is_kept = False
        seen: set[tuple[CodeType, bool]] = set()
        while self._called:  # not by recursion: chains of functions are long
            function, is_kept = self._called.pop()
            if (function.__code__, is_kept) not in seen:
                seen.add((function.__code__, is_kept))
                name = next(self._changed_in(function, is_kept), "")
                if name:
                    self._called.clear()
                    return name
        return ""

    def _has_changed(self, module: str, name: str, content: bool) -> bool:
        """``content``: it is looked into."""
        key = (module, name, content)
        names = vars(sys.modules.get(module, self))
        head, _, rest = name.partition(".")
        if key in self._open or module not in self._revisions:
            return False
        self._open.add(key)
        if (module, head) in self._bound:
            return not rest and content and self._new_reads_changed(module, self._binders(module, head))
        if head not in names:
            return False
        value = names[head]
        for target, inner in self._imported(module, head):
            return self._has_changed(target, f"{inner}.{rest}" if rest else inner, content)
        if issubclass(type(value), ModuleType):
            return bool(rest) and self._has_changed(value.__name__, rest, content)
        makers = self._binders(module, head)
        bound = any(one.kind in (StatementKind.BIND, StatementKind.BLOCK) for one in makers)
        if bound and self._is_bound_since(module, head, makers, value):
            return True
        return self._holds_other(module, head, value, rest.split(".") if rest else [], content, makers)

    def _new_reads_changed(self, module: str, makers: Iterable[Statement]) -> bool:
        """Whether a function that the plan makes, and that is called, reads state which has changed."""
        functions = (one for one in makers if one.kind is StatementKind.FUNCTION)
        read = (one for function in functions for one in function.uses.deferred)
        named = (one for one in read if one[:1].isidentifier() and one.rpartition(".")[2] not in _FILLING)
        return any(self._has_changed(module, one, True) for one in named)

    def _imported(self, module: str, name: str) -> Iterator[tuple[str, str]]:
        """Where a name comes from, if an import of a tracked module alone binds it."""
        makers = self._binders(module, name)
        found = [
            one for maker in makers for one in maker.uses.imports if one.bound == name and one.name not in ("", "*")
        ]
        if len(makers) == len(found) == 1:
            home = self._home(module, found[0])
            if home in self._revisions and f"{home}.{found[0].name}" not in self._revisions:
                yield home, found[0].name

    def _binders(self, module: str, name: str) -> list[Statement]:
        outline = self._revisions[module].outline
        return [] if outline is None else [one for one in outline.statements if name in one.binds]

    def _is_bound_since(self, module: str, name: str, makers: list[Statement], value: Any) -> bool:
        """Whether a name may lead to another value than what its statements bound it to."""
        constant = is_constant(self._value_by(module, makers), value)
        if constant is not None:
            return not constant
        return name in self._written.declared or self._is_stored(self._names_of(module), name)

    def _names_of(self, module: str) -> set[str]:
        """The names by which the plugin's modules know a module."""
        found = {module.rpartition(".")[2]}
        for where, revision in self._revisions.items():
            for statement in revision.outline.statements if revision.outline is not None else ():
                for one in statement.uses.imports:
                    home = self._home(where, one)
                    if module in (home if not one.name else "", f"{home}.{one.name}"):
                        found.add(one.bound)
        return found

    def _is_stored(self, owners: Iterable[str], attribute: str) -> bool:
        """Whether somebody sets an attribute of what goes by one of these names."""
        written = self._written
        return attribute in written.by_text or any((owner, attribute) in written.stored for owner in owners)

    @functools.cached_property
    def _written(self) -> Written:
        return written_in(revision.source for revision in self._revisions.values())

    def _holds_other(
        self, module: str, name: str, value: Any, rest: list[str], content: bool, makers: list[Statement]
    ) -> bool:
        """Whether what a name leads to from a value holds something else. ``makers``: what bound the name."""
        for attribute in rest:
            if type(value) in CONTAINERS:  # ``TABLE.items()``
                content = content or attribute not in _FILLING
                break
            is_class = issubclass(type(value), type)
            owner = value if is_class else type(value)
            held = vars(value).get(attribute) if type(value) is FunctionType else None
            if type(held) is FunctionType or type(held) in CONTAINERS:
                module, name, value, makers = value.__module__, attribute, held, []
                continue
            if owner.__module__ not in self._revisions or type(value) is FunctionType:
                return False
            qualname = f"{value.__qualname__}.{attribute}" if is_class else ""
            if is_class and (owner.__module__, qualname) in self._bound:
                return content and self._new_reads_changed(owner.__module__, self._members(value, attribute))
            if is_class and attribute == "__subclasses__":
                return not self._is_filled_above(type.__subclasses__(value))
            found = _attribute(value, attribute)
            if found is _MISSING:
                return False
            if not is_class and self._is_state(value, name, attribute, found):
                return True
            if is_class and not self._is_own_method(value, attribute, found):
                makers = self._members(owner, attribute)
                if self._is_attribute_set(owner, makers, attribute, found):
                    return True
            elif type(found) is property:
                self._call(found.fget)
            elif not self._is_method(found):
                makers = []
            module, name, value = owner.__module__, attribute, found
        return content and self._content_differs(module, name, value, makers)

    def _content_differs(self, module: str, name: str, value: Any, makers: list[Statement]) -> bool:
        if type(value) in CONTAINERS:
            spelled = is_spelled(self._value_by(module, makers), value, vars(sys.modules[module]))
            differs = name in self._written.filled if spelled is None else not spelled
            return differs and not self._is_filled_above(value)
        function = _undecorated(value)
        if type(function) is FunctionType:
            self._call(function)
            return False
        if issubclass(type(value), type):
            for one in value.__mro__:
                for maker in sorted(_MAKERS):
                    self._call(unwrapped(vars(one).get(maker)))
            return False
        return type(value).__module__ in self._revisions and self._changes_itself(value, name)

    def _call(self, function: Any, *, is_kept: bool = False) -> None:
        """What a function of the plugin's reads when it is called is looked at later."""
        if self._is_ours(function):
            self._called.append((function, self._is_kept or is_kept))

    def _is_ours(self, function: Any) -> bool:
        """Whether a function stands in a file of the plugin's: ``dataclass`` and Enum give a class others."""
        if type(function) is not FunctionType or function.__module__ not in self._revisions:
            return False
        return function.__code__.co_filename == self._revisions[function.__module__].file

    def _changed_in(self, function: FunctionType, is_kept: bool) -> Iterator[str]:
        """What has changed of what a function reads when it is called; what it only gives back is kept, perhaps."""
        module = function.__module__
        yield from self._changed_in_closure(function)
        for code in self._codes(function):
            yield from self._changed_of_own_class(function, code)
            for name, is_given in sorted(_globals_read(code).items()):
                if self._has_changed(module, name, not (is_given and is_kept)):
                    yield name
                value: Any = vars(sys.modules[module]).get(name)
                if issubclass(type(value), ModuleType):
                    yield from self._changed_of_module(value.__name__, code)
                if type(value) is FunctionType and name in self._written.owners and _may_ask_for(code, vars(value)):
                    yield name
                if issubclass(type(value), type) and value.__module__ in self._revisions:
                    yield from self._changed_of_class(value, module, name, code)
            for home in _imports_when_called(code, self._package(module)):
                yield from self._changed_of_module(home, code)

    def _changed_of_class(
        self, cls: type, module: str, name: str, code: CodeType, *, calls: bool = True
    ) -> Iterator[str]:
        """What has changed of the attributes of a class, known there by a name, that code may ask it for.

        ``calls``: its methods are looked at as well.
        """
        for found in (_attribute(cls, one) for one in code.co_names if calls):
            if self._is_method(found):
                self._call(found.fget if type(found) is property else unwrapped(found), is_kept=True)
        if "__subclasses__" in code.co_names and not self._is_filled_above(type.__subclasses__(cls)):
            yield f"{name}.__subclasses__"
        used = [one for one in code.co_names if one in vars(cls) and not self._is_own_method(cls, one, vars(cls)[one])]
        yield from (f"{name}.{one}" for one in used if self._has_changed(module, f"{name}.{one}", True))

    def _changed_of_own_class(self, function: FunctionType, code: CodeType) -> Iterator[str]:
        """The same of the class in which a method stands, and of those below it: it is asked through ``cls``."""
        owner = resolve(function.__qualname__.rpartition(".")[0], vars(sys.modules[function.__module__]))
        pending = [owner] if issubclass(type(owner), type) else []
        of_class = type(_attribute(owner, function.__name__)) is classmethod if pending else False
        while pending:
            cls = pending.pop()
            if cls.__module__ in self._revisions and cls.__module__ in sys.modules:
                yield from self._changed_of_class(cls, cls.__module__, cls.__qualname__, code, calls=of_class)
            pending += type.__subclasses__(cls)

    def _changed_in_closure(self, function: FunctionType) -> Iterator[str]:
        """The names of what a function holds from around it, and that others may have filled or bound again."""
        around = function.__qualname__.partition(".<locals>")[0]
        for name, cell in zip(function.__code__.co_freevars, function.__closure__ or (), strict=True):
            try:
                held = cell.cell_contents
            except ValueError:  # not filled yet
                continue
            if type(held) is FunctionType:
                self._call(held)
            elif issubclass(type(held), type):  # ``__class__``, of ``super()``
                continue
            elif type(held).__module__ in self._revisions:
                if self._changes_itself(held, name):
                    yield f"{around}.{name}"
            elif type(held) in CONTAINERS and self._is_filled_above(held):
                continue
            elif (around, name) in self._changed_within(function.__module__):
                yield f"{around}.{name}"

    def _changed_within(self, module: str) -> frozenset[tuple[str, str]]:
        """The outermost function and the name of what functions in it may change, or bind again (``nonlocal``)."""
        if module not in self._within:
            codes = [one for one in walk(self._revisions[module].code) if one.co_freevars]
            self._within[module] = frozenset(
                (code.co_qualname.partition(".<locals>")[0], name)
                for code in codes
                for name in (code.co_freevars if writes(code) else _bound_for_others(code))
            )
        return self._within[module]

    def _changed_of_module(self, module: str, code: CodeType) -> Iterator[str]:
        """What has changed of a module of the plugin's that code names, or imports when it is called."""
        if module in self._revisions and module in sys.modules:
            used = [one for one in dict.fromkeys(code.co_names) if one in vars(sys.modules[module])]
            yield from (f"{module}.{one}" for one in used if self._has_changed(module, one, True))

    def _codes(self, function: FunctionType) -> list[CodeType]:
        """The function's code and that of the functions in it, as the files have them now."""
        code = function.__code__
        file = self._revisions[function.__module__].code
        found = [one for one in walk(file) if one.co_qualname == code.co_qualname] or [code]
        return [inner for one in found for inner in walk(one)]

    def _members(self, cls: type, name: str) -> list[Statement]:
        """The statements of a class body that bind a name."""
        found = [one for one in self._binders(cls.__module__, cls.__qualname__) if one.kind is StatementKind.CLASS]
        return [child for one in found for child in one.children if name in child.binds]

    def _is_attribute_set(self, cls: type, makers: list[Statement], name: str, value: Any) -> bool:
        if not self._is_elsewhere and self._is_made_above(value) and not self._is_handed_over_later(value):
            return False
        constant = is_constant(self._value_by(cls.__module__, makers), value) if type(value) in CONSTANTS else None
        return self._is_stored(("cls", "__class__", cls.__name__), name) if constant is None else not constant

    def _value_by(self, module: str, makers: list[Statement]) -> ast.expr | None:
        return value_of(makers[0], self._revisions[module].lines()) if len(makers) == 1 else None

    def _is_state(self, value: Any, name: str, attribute: str, found: Any) -> bool:
        """Whether an attribute of an instance may be another than what it was made with; a method may look at all."""
        spelled = list(self._spelled_attributes(type(value), attribute))
        if spelled and all(isinstance(one, ast.Constant) for one in spelled):
            texts = {(type(one.value), repr(one.value)) for one in spelled if isinstance(one, ast.Constant)}
            return (type(found), repr(found) if type(found) in CONSTANTS else "") not in texts
        return self._changes_itself(value, name)

    def _spelled_attributes(self, cls: type, name: str) -> Iterator[ast.expr | None]:
        """What a class's initialisers, and its body, set an attribute of its instances to; None for what is
        computed."""
        for base in cls.__mro__:
            if base.__module__ not in self._revisions:
                continue
            for member in self._members(base, name):
                yield self._value_by(base.__module__, [member])
            makers: Iterator[Any] = (vars(base).get(maker) for maker in sorted(_MAKERS))
            for maker in filter(self._is_ours, makers):
                node = function_node(maker.__code__)
                yield from set_on_self(node, name) if node is not None else (None,)

    def _changes_itself(self, value: Any, name: str) -> bool:
        """Whether an instance's state may be another than what it was made with: somebody sets what is its own."""
        classes = [one for one in type(value).__mro__ if one.__module__ in self._revisions]
        functions = ((key, unwrapped(one)) for cls in classes for key, one in vars(cls).items())
        if any(self._is_ours(one) and writes(one.__code__) for key, one in functions if key not in _MAKERS):
            return True
        return name in self._written.owners or name in self._written.filled

    def _is_method(self, value: Any) -> bool:
        return type(unwrapped(value)) is FunctionType or type(value) in (property, functools.cached_property)

    def _is_own_method(self, cls: type, name: str, value: Any) -> bool:
        """Whether an attribute is a method that a body defines, and nobody sets."""
        return self._is_method(value) and not self._is_stored(("cls", "__class__", cls.__name__), name)

    def _is_filled_above(self, value: Any, depth: int = 2) -> bool:
        """Whether a container holds only functions and classes, all of which are made above the statement: what
        decorators and hooks have put there, and no call further down."""
        if self._is_elsewhere:
            return not value
        is_table = isinstance(value, collections.abc.Mapping)
        for key, item in list(value.items()) if is_table else [(one, one) for one in value]:
            if depth and type(item) in (list, dict, set, tuple):
                if not item or not self._is_filled_above(item, depth - 1):
                    return False
                continue
            is_above = self._is_made_above(item) or self._is_made_above(key)
            if not is_above or any(self._is_handed_over_later(one) for one in (item, key)):
                return False
        return True

    @functools.cached_property
    def _handings(self) -> Mapping[int, Iterable[Handing]]:
        return handings(self._revisions)

    def _is_handed_over_later(self, value: Any) -> bool:
        """Whether a call that has not run when the statement does, or a function, may have put it there."""
        handed = [one for key in {id(value), id(_undecorated(value))} for one in self._handings.get(key, ())]
        handed = [one for one in handed if one.when_called or one.statement is not self._statement]
        return any(
            one.when_called
            or (
                one.statement.first > self._place.first
                if one.module == self._module
                else not self._is_run_before(one.module)
            )
            for one in handed
        )

    def _is_made_above(self, value: Any) -> bool:
        value = _undecorated(value)
        is_class = issubclass(type(value), type)
        if not (is_class or type(value) is FunctionType) or value.__module__ not in self._revisions:
            return False
        if "<locals>" in value.__qualname__:
            return False
        if not is_class and not self._is_ours(value):
            return False
        if value.__module__ != self._module:
            return self._is_run_before(value.__module__)
        found = self._binders(self._module, value.__qualname__.partition(".")[0]) if is_class else []
        lines = [one.first for one in found] if is_class else [value.__code__.co_firstlineno]
        return bool(lines) and max(lines) < self._place.first

    def _is_run_before(self, module: str) -> bool:
        """Whether another module has run when the statement does."""
        outline = self._revisions[self._module].outline
        statements = () if outline is None else outline.statements
        above = self._imported_by(self._module, [one for one in statements if one.first < self._place.first])
        if module in above:
            return True
        below = self._imported_by(self._module, [one for one in statements if one.first >= self._place.first])
        order = list(self._revisions)
        return module not in below and order.index(module) < order.index(self._module)

    def _imported_by(self, module: str, statements: Iterable[Statement]) -> set[str]:
        """The tracked modules that these statements of a module import, and what those import, and so on."""
        found: set[str] = set()
        pending = [(module, one) for one in statements]
        while pending:
            where, statement = pending.pop()
            for one in statement.uses.imports:
                home = self._home(where, one)
                for name in () if one.lazy else (home, f"{home}.{one.name}"):
                    if name in self._revisions and name not in found:
                        found.add(name)
                        outline = self._revisions[name].outline
                        pending += [(name, inner) for inner in outline.statements] if outline is not None else []
        return found

    def _package(self, module: str) -> str:
        return module if self._revisions[module].is_package else module.rpartition(".")[0]

    def _home(self, module: str, imported: Imported) -> str:
        package = self._package(module)
        return resolve_name("." * imported.level + imported.module, package) if imported.level else imported.module


def bound_by(plan: PatchPlan, revisions: Mapping[str, SourceRevision]) -> set[tuple[str, str]]:
    """What a plan binds, by module and dotted name; what it deletes too."""
    found = set(plan.deletes)
    for run in plan.runs:
        outline = revisions[run.module].outline
        assert outline is not None
        statement = outline.statements[run.index]
        if run.class_plan is None:
            found |= {(run.module, name) for name in statement.binds}
        else:
            children = (statement.children[place] for place in run.class_plan.run)
            found |= {(run.module, f"{statement.name}.{name}") for child in children for name in child.binds}
    return found


def _reads(uses: Uses) -> Iterator[tuple[str, bool]]:
    """The names that a statement evaluates when it runs, and whether it looks into them. What decorates is the
    decorator's affair."""
    looked = {*uses.behaves, *uses.items, *uses.keys}
    calls = [call for call in uses.applied if not call.decorates and not (call.thrown and call.stored)]
    looked |= {name for call in calls for name in (call.callee, *call.passed, *call.made)}
    decorators = {name for call in uses.applied if call not in calls for name in (call.callee, *call.passed)}
    for name in dict.fromkeys((*uses.reads, *uses.behaves, *uses.items, *uses.keys, *sorted(looked - {""}))):
        if name not in uses.typed and name not in decorators and name[:1].isidentifier():
            yield name, name in looked


def _kept_results(uses: Uses) -> set[str]:
    """What is called, and what it gives is only bound to a name or put into a display."""
    used = {name for call in uses.applied for name in call.made}
    used |= {call.callee for call in uses.applied if not call.stored or call.decorates}
    return {call.callee for call in uses.applied} - used


def _globals_read(code: CodeType) -> dict[str, bool]:
    """The names of its module that code reads, and whether it only gives them back (``return X``).

    Those that it only fills are left out: ``X.append(v)``, ``X[k] = v``.
    """
    instructions = list(dis.get_instructions(code))
    found: dict[str, bool] = {}
    for place, one in enumerate(instructions):
        if one.opname in ("LOAD_GLOBAL", "LOAD_NAME") and not _is_filling(instructions[place + 1 :]):
            is_given = instructions[place + 1].opname == "RETURN_VALUE"
            found[str(one.argval)] = found.get(str(one.argval), True) and is_given
    return found


def _may_ask_for(code: CodeType, attributes: Collection[str]) -> bool:
    return any(one in attributes for one in (*code.co_names, *code.co_consts) if isinstance(one, str))


def _bound_for_others(code: CodeType) -> Iterator[str]:
    instructions = dis.get_instructions(code)
    return (str(one.argval) for one in instructions if one.opname == "STORE_DEREF" and one.argval in code.co_freevars)


def _imports_when_called(code: CodeType, package: str) -> Iterator[str]:
    """The modules that code imports: ``from c import LOG`` in a function."""
    instructions = list(dis.get_instructions(code))
    for place, one in enumerate(instructions):
        if one.opname == "IMPORT_NAME":  # its level and its list of names are loaded before (Python/compile.c)
            level = next((load.argval for load in instructions[max(place - 2, 0) : place] if load.argval), 0)
            name = str(one.argval)
            if not isinstance(level, int) or not level:
                yield name
            elif package.count(".") >= level - 1:
                yield resolve_name("." * level + name, package)


def _is_filling(following: list[dis.Instruction]) -> bool:
    """Whether what follows the load of a name puts something into what it leads to, and asks nothing of it."""
    for one in following:
        if one.opname in ("LOAD_METHOD", "LOAD_ATTR") and one is following[0]:
            return one.argval in _FILLING
        if one.opname == "STORE_SUBSCR":
            return one is not following[0]
        if not one.opname.startswith("LOAD_"):
            return False
    return False


def _undecorated(value: Any) -> Any:
    """The function of a method, or that which a wrapper says it wraps."""
    function = unwrapped(value)
    wrapped = noted(function, "__wrapped__") if not issubclass(type(function), type) else None
    return wrapped if type(wrapped) is FunctionType else function


def _attribute(value: Any, name: str) -> Any:
    """What an attribute is, without asking the object."""
    own = {} if issubclass(type(value), type) else own_attributes(value)
    if name in own:
        return own[name]
    cls = value if issubclass(type(value), type) else type(value)
    return next((vars(one)[name] for one in cls.__mro__ if name in vars(one)), _MISSING)
