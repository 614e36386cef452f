"""A live class brought to what its new statement says: the same class object, the members that the file has."""

from __future__ import annotations

import abc
import ast
import dataclasses
import dis
import functools
import sys
import typing
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from types import CodeType, FunctionType
from typing import Any, Generic, NoReturn, Protocol

from mpdt_hooks import rude
from mpdt_hooks.answers import forget_answers
from mpdt_hooks.bases import CannotRebase, evaluated_bases, family, rebase
from mpdt_hooks.codes import CodePair
from mpdt_hooks.decorators import strip_noted
from mpdt_hooks.fields import (
    CannotRegenerate,
    holders_of,
    holds,
    is_dataclass,
    is_enum,
    is_generated_anew,
    is_model,
    own_annotations,
    rebuild_users,
    regenerate_dataclass,
    regenerate_enum,
    regenerate_model,
)
from mpdt_hooks.graft import Grafts
from mpdt_hooks.inert import is_inert
from mpdt_hooks.live import functions_in, mangled, raw_lookup, resolve
from mpdt_hooks.looked_at import goes_through_inherited, is_plain, seen_by_decorator, seen_by_hook, seen_by_metaclass
from mpdt_hooks.marks import CannotMark, mark, marked_attributes
from mpdt_hooks.model import DefRef
from mpdt_hooks.names import dotted, texts_in
from mpdt_hooks.outline import Outline, Statement, StatementKind
from mpdt_hooks.planned import ClassPlan
from mpdt_hooks.refusal import Refused
from mpdt_hooks.sentence import Sentence, said
from mpdt_hooks.stage import CodeIndex, Stage, compile_class, compile_inner_class, make_class
from mpdt_hooks.static import module_of
from mpdt_hooks.traces import counts, leaves_traces, tells_others
from mpdt_hooks.tracker import SourceRevision
from mpdt_hooks.typed_containers import (
    is_named_tuple,
    is_typed_dict,
    regenerate_named_tuple,
    regenerate_typed_dict,
)
from mpdt_hooks.undo import UndoLog

_PLAIN_METACLASSES = (type, abc.ABCMeta, type(Protocol), type(Generic))


@dataclass(frozen=True, slots=True)
class ClassPatch:
    """One class statement's changes, compiled and checked against the live class."""

    plan: ClassPlan
    statement: Statement
    node: ast.ClassDef
    revision: SourceRevision
    code: CodeType | None  # the planned statements, in the scope of the live class
    made: Mapping[str, CodeType]  # whole statements of Enums and models, by qualified name
    outlines: Mapping[str, Outline]  # of the tracked modules
    text: str

    @property
    def tracked(self) -> tuple[str, ...]:
        return tuple(self.outlines)

    def classes(self) -> Iterator[type]:
        """The live classes that are worked on, nested ones too."""
        for plan, _, _ in _flat(self.plan, self.statement, self.node):
            yield raw_lookup(self.plan.module, plan.qualname)

    def apply(self, undo: UndoLog, grafts: Grafts) -> None:
        """Run what is to be run, then set, delete and finish. Raises Refused, or what the plugin's code raises."""
        module = self.plan.module
        plans = list(_flat(self.plan, self.statement, self.node))
        classes = {plan.qualname: raw_lookup(module, plan.qualname) for plan, _, _ in plans}
        once = {p.qualname: _bound_once(s) for p, s, _ in plans}
        stage = Stage(classes, {p.qualname: _unbound(p, s, self.revision) for p, s, _ in plans}, once, grafts)
        names = vars(sys.modules[module])
        undo.namespace(names)
        if self.code is not None:
            grafts.running(self.code)
            stage.run(self.code, names)
        self._forget_answers([classes[plan.qualname] for plan, _, _ in plans if plan.members or plan.header], undo)
        for plan, statement, node in reversed(plans):  # nested classes first: fields refer to them
            cls = classes[plan.qualname]
            if plan.header:
                _rebase(cls, plan, node, self.revision, undo)
            bound = stage.bound.get(plan.qualname, {})
            told = _set_members(cls, plan, statement, bound, undo, grafts, self.tracked)
            if told:
                what = said("__set_name__ of {name}.{member} tells others of it.", name=plan.qualname, member=told)
                _refuse(rude.CLASS_HOOK, plan, self.revision, what)
            _finish(cls, statement, bound, undo)
            if plan.fields or plan.members:
                try:
                    self._regenerate(cls, plan, statement, node, names, undo)
                except CannotRegenerate as error:
                    what = said(
                        "The fields of class {qualname} differ, and {error}.",
                        qualname=plan.qualname,
                        error=error.args[0],
                    )
                    _refuse(rude.MADE_BY_METACLASS, plan, self.revision, what)
            if plan.marks:
                mark(cls, node.decorator_list, _names_around(plan), undo)

    def _forget_answers(self, classes: Sequence[type], undo: UndoLog) -> None:
        """Also when all is undone: what ran meanwhile may have asked."""
        if classes:
            asked = [one for cls in classes for one in family(cls)]
            undo.add(lambda: forget_answers(asked, self.tracked))
            forget_answers(asked, self.tracked)

    def _regenerate(
        self,
        cls: type,
        plan: ClassPlan,
        statement: Statement,
        node: ast.ClassDef,
        names: dict[str, Any],
        undo: UndoLog,
    ) -> None:
        own = names_bound_in(statement)
        if statement.children[0].kind is StatementKind.STRING:
            own.add("__doc__")
        spaces = (vars(sys.modules[one]) for one in self.tracked if one in sys.modules)
        if is_dataclass(cls):
            regenerate_dataclass(cls, own, _dataclass_decorator(node, names), undo)
            rebuild_users(cls, spaces, undo)
        elif plan.qualname in self.made:
            names[_LIVE] = cls
            try:
                made = make_class(
                    self.made[plan.qualname], _classes_around(plan), names, plan.qualname.rpartition(".")[2]
                )
            finally:
                del names[_LIVE]
            if is_enum(cls):
                regenerate_enum(cls, made, undo)
            elif is_named_tuple(cls):
                self._check_lookers(cls)
                regenerate_named_tuple(cls, made, own, undo)
            elif is_typed_dict(cls):
                self._check_lookers(cls)
                regenerate_typed_dict(cls, made, plan.heirs, self._written_bases, undo)
            else:
                regenerate_model(cls, made, spaces, undo)
                return
            rebuild_users(cls, spaces, undo)

    def _check_lookers(self, cls: type) -> None:
        """A decorator that was handed a function or class with an annotation of the class may have looked into it."""
        spaces = [vars(sys.modules[one]) for one in self.tracked if one in sys.modules]
        known = {id(cls): cls, **holders_of(cls, spaces)}
        texts = {one.__name__ for one in known.values()}
        for module, outline in self.outlines.items():
            names = vars(sys.modules[module]) if module in sys.modules else {}
            for prefix, statement in _decorated(outline.statements):
                try:
                    value = raw_lookup(module, prefix + statement.name)
                except LookupError:
                    continue
                annotated = [value] if isinstance(value, type) else functions_in(value)
                notes = (note for one in annotated for note in own_annotations(one).values())
                if not any(holds(note, known.keys(), texts) for note in notes):
                    continue
                for call in statement.uses.applied:
                    if call.decorates and not _is_known_decorator(resolve(call.callee, names)):
                        what = said(
                            "@{decorator} of {name} may have looked at them",
                            decorator=call.callee or "...",
                            name=statement.name,
                        )
                        raise CannotRegenerate(what)

    def _written_bases(self, cls: type) -> list[Any] | None:
        """What the names in the head of a tracked top-level class statement lead to, if it made the class."""
        outline = self.outlines.get(cls.__module__)
        for statement in outline.statements if outline is not None else ():
            if statement.kind is StatementKind.CLASS and statement.name == cls.__qualname__:
                names = vars(sys.modules[cls.__module__])
                return [resolve(name, names) for name in statement.uses.reads]
        return None


def _decorated(statements: Iterable[Statement], prefix: str = "") -> Iterator[tuple[str, Statement]]:
    """The decorated functions and classes in a body, and in the classes in it."""
    for statement in statements:
        if any(call.decorates for call in statement.uses.applied):
            yield prefix, statement
        yield from _decorated(statement.children, f"{prefix}{statement.name}.")


def _is_known_decorator(decorator: Any) -> bool:
    """Whether a decorator looks into no annotation: it only notes its argument, or the standard library has it."""
    return is_inert(decorator) or module_of(decorator).partition(".")[0] in sys.stdlib_module_names


def _is_typed_container(cls: type) -> bool:
    return is_named_tuple(cls) or is_typed_dict(cls)


def _rebase(cls: type, plan: ClassPlan, node: ast.ClassDef, revision: SourceRevision, undo: UndoLog) -> None:
    try:
        written = evaluated_bases(node, _names_around(plan))
        rebase(cls, written, undo)
    except CannotRebase as error:
        _refuse(
            rude.BASES,
            plan,
            revision,
            said("The bases of class {qualname} differ, and {error}.", qualname=plan.qualname, error=error.args[0]),
        )


def _names_around(plan: ClassPlan) -> dict[str, Any]:
    """What a class statement's head sees: of a nested class's, the names in the body around it too."""
    names = dict(vars(sys.modules[plan.module]))
    outer = plan.qualname.rpartition(".")[0]
    return names | dict(vars(raw_lookup(plan.module, outer))) if outer else names


def _check_marks(cls: type, plan: ClassPlan, node: ast.ClassDef, revision: SourceRevision, known: Set[str]) -> None:
    try:
        attributes = marked_attributes(cls, node.decorator_list, _names_around(plan))
    except CannotMark as error:
        what = said(
            "The decorators of class {qualname} differ, and {error}.", qualname=plan.qualname, error=error.args[0]
        )
        _refuse(rude.CLASS_DECORATOR, plan, revision, what)
    if attributes & known:
        what = said(
            "The decorators of class {qualname} differ, and the plugin reads what they set.", qualname=plan.qualname
        )
        _refuse(rude.CLASS_DECORATOR, plan, revision, what)


def _bound_once(statement: Statement) -> set[str]:
    """The names that exactly one statement of the body binds: what is bound first is what stays."""
    bound = [mangled(statement.name, name) for child in statement.children for name in child.binds]
    return {name for name in bound if bound.count(name) == 1}


def _unbound(plan: ClassPlan, statement: Statement, revision: SourceRevision) -> list[str]:
    """Names that a fresh class body has not bound yet when the planned statements run: ``x = x`` reads the module."""
    children = statement.children
    first: dict[str, int] = {}
    for place, child in enumerate(children):
        for name in child.binds:
            first.setdefault(name, place)
    hidden = {*plan.delete, *(name for place in plan.run for name in children[place].binds)}
    for place in plan.run:
        for name in _heads(children[place].uses.reads):
            if first.get(name, -1) <= place:
                continue
            if any(name in _heads(children[later].uses.reads) for later in plan.run if later > first[name]):
                what = said(
                    "Class {qualname} binds {name} between statements that read it.", qualname=plan.qualname, name=name
                )
                _refuse(rude.ORDER, plan, revision, what)
            hidden.add(name)
    return [mangled(statement.name, name) for name in hidden]


def _heads(names: Iterable[str]) -> set[str]:
    return {name.partition(".")[0] for name in names}


_LIVE = "__mpdt_live__"


def _with_live_classes(node: ast.ClassDef) -> ast.ClassDef:
    """The statement with the classes in it taken from the live class, where they are and have instances."""
    body: list[ast.stmt] = []
    for child in node.body:
        if isinstance(child, ast.ClassDef):
            value = ast.Attribute(ast.Name(_LIVE, ast.Load()), child.name, ast.Load())
            assign = ast.Assign([ast.Name(child.name, ast.Store())], value)
            body.append(ast.fix_missing_locations(ast.copy_location(assign, child)))
        else:
            body.append(child)
    fields = {name: getattr(node, name) for name in node._fields if hasattr(node, name)}
    return ast.copy_location(ast.ClassDef(**{**fields, "body": body}), node)


def _classes_around(plan: ClassPlan) -> list[type]:
    """The classes in which a nested class stands, outermost first."""
    parts = plan.qualname.split(".")
    return [raw_lookup(plan.module, ".".join(parts[:end])) for end in range(1, len(parts))]


def _dataclass_decorator(node: ast.ClassDef, names: dict[str, Any]) -> Callable[[type], Any]:
    for decorator in node.decorator_list:
        callee = decorator.func if isinstance(decorator, ast.Call) else decorator
        if resolve(dotted(callee), names) is dataclasses.dataclass:
            made: Callable[[type], Any] = eval(compile(ast.Expression(decorator), "<decorator>", "eval"), names)
            return made
    raise CannotRegenerate(said("its decorator is not dataclasses.dataclass"))


def prepare_class(
    plan: ClassPlan,
    statement: Statement,
    node: ast.ClassDef,
    revision: SourceRevision,
    index: CodeIndex,
    tracked: Mapping[str, SourceRevision],
) -> ClassPatch:
    """Check that every class of the plan can take its changes; compile its statements. Raises Refused."""
    names = vars(sys.modules[plan.module])
    made: dict[str, CodeType] = {}
    for inner, inner_statement, inner_node in _flat(plan, statement, node):
        try:
            cls = raw_lookup(inner.module, inner.qualname)
        except LookupError:
            cls = None
        if not isinstance(cls, type):
            _refuse(rude.REPLACED, inner, revision, said("{qualname} is no class any more.", qualname=inner.qualname))
        _check(cls, inner, inner_statement, inner_node, names, revision, tuple(tracked))
        if inner.marks:
            _check_marks(cls, inner, inner_node, revision, _mentioned_in(tracked))
        by_fields = inner.fields and (is_enum(cls) or _is_typed_container(cls))
        if by_fields or (inner.members and is_model(cls)):
            made[inner.qualname] = compile_inner_class(
                _with_live_classes(inner_node), inner.qualname, str(revision.path), revision.code, index
            )
        scope = {**names, **vars(cls)}
        _check_calls(inner, inner_statement, scope, revision, tracked)
        for place, use in inner.decorators:
            child = inner_node.body[place]
            ref = DefRef(inner.module, f"{inner.qualname}.{inner_statement.children[place].name}")
            if not is_enum(cls) and not is_model(cls):
                strip_noted(child, use, scope, ref, revision.path)
    plan = _with_all_fields(plan, statement)
    code = compile_class(node, plan, str(revision.path), revision.code, index)
    text = f"{revision.path.name}:{statement.first}: class {plan.qualname}"
    outlines = {module: one.outline for module, one in tracked.items() if one.outline is not None}
    return ClassPatch(plan, statement, node, revision, code, made, outlines, text)


def _check_calls(
    plan: ClassPlan,
    statement: Statement,
    scope: Mapping[str, Any],
    revision: SourceRevision,
    tracked: Mapping[str, SourceRevision],
) -> None:
    """A function that keeps something in the plugin's objects kept it when the body ran for the first time."""
    for place in plan.added:
        later = {call.callee for child in statement.children[place + 1 :] for call in child.uses.applied}
        for call in statement.children[place].uses.applied:
            if call.callee in later and counts(resolve(call.callee, scope), tracked):
                what = said(
                    "The body of class {name} counts with {function}, before others that have counted already.",
                    name=plan.qualname,
                    function=call.callee,
                )
                _refuse(rude.ORDER, plan, revision, what)
    for place in set(plan.run) - set(plan.added):
        child = statement.children[place]
        if child.kind not in (StatementKind.BIND, StatementKind.BLOCK, StatementKind.EFFECT):
            continue
        for call in child.uses.applied:
            if call.callee and leaves_traces(resolve(call.callee, scope), tracked):
                what = said(
                    "The body of class {name} would call {function}() again, which changes an object that is kept.",
                    name=plan.qualname,
                    function=call.callee,
                )
                _refuse(rude.CLASS_EFFECT, plan, revision, what)


def _mentioned_in(tracked: Mapping[str, SourceRevision]) -> set[str]:
    """Every identifier that a statement of the tracked modules uses, or binds in a class."""
    pending = [one for revision in tracked.values() if revision.outline for one in revision.outline.statements]
    found: set[str] = set()
    for statement in pending:
        found |= {*statement.mentions, *(name for child in statement.children for name in child.binds)}
        pending += statement.children
    return found


def _with_all_fields(plan: ClassPlan, statement: Statement) -> ClassPlan:
    """A dataclass is made from all its field statements; an Enum and a model are made from the whole statement."""
    cls = raw_lookup(plan.module, plan.qualname)
    run = set(plan.run)
    if (plan.fields or plan.members) and is_dataclass(cls):
        run |= {i for i, child in enumerate(statement.children) if child.uses.annotates}
    if plan.fields and is_enum(cls):
        run -= {i for i, child in enumerate(statement.children) if child.kind is StatementKind.BIND}
    nested = tuple(_with_all_fields(inner, statement.children[inner.path[-1]]) for inner in plan.nested)
    return replace(plan, run=tuple(sorted(run)), nested=nested)


def _flat(
    plan: ClassPlan, statement: Statement, node: ast.ClassDef
) -> Iterator[tuple[ClassPlan, Statement, ast.ClassDef]]:
    yield plan, statement, node
    for inner in plan.nested:
        place = inner.path[-1]
        inner_node = node.body[place]
        assert isinstance(inner_node, ast.ClassDef)
        yield from _flat(inner, statement.children[place], inner_node)


def _refuse(kind: rude.RudeKind, plan: ClassPlan, revision: SourceRevision, what: Sentence) -> NoReturn:
    ref = DefRef(plan.module, plan.qualname)
    raise Refused(rude.rude_edit(kind, ref, revision.path, plan.line, what))


def _check(
    cls: type,
    plan: ClassPlan,
    statement: Statement,
    node: ast.ClassDef,
    names: dict[str, Any],
    revision: SourceRevision,
    tracked: Sequence[str],
) -> None:
    """Refuse what a class of this kind cannot take."""
    name = plan.qualname
    if plan.header and node.keywords:
        _refuse(
            rude.BASES, plan, revision, said("What class {name} is made with, beside keywords, differs.", name=name)
        )
    if plan.hooks and (cls.__subclasses__() or issubclass(cls, type)):
        _refuse(
            rude.CLASS_HOOK, plan, revision, said("Class {name} has another hook, and classes that it saw.", name=name)
        )
    is_said_otherwise = "__doc__" in plan.delete or any(_is_docstring(statement, i) for i in plan.run)
    if not plan.members and not plan.fields and not plan.header and not is_said_otherwise:
        return
    run = {bound for i in plan.run for bound in statement.children[i].binds}
    makes_it = is_enum(cls) or is_model(cls) or is_dataclass(cls) or is_generated_anew(cls)
    if makes_it and any(statement.children[i].kind is StatementKind.EFFECT for i in plan.run):
        what = said("The body of class {name}, which is made from it, acts.", name=name)
        _refuse(rude.CLASS_EFFECT, plan, revision, what)
    if "__slots__" in {*plan.delete, *run} and not _names_the_same_slots(cls, plan, statement, node):
        _refuse(rude.LAYOUT, plan, revision, said("The slots of class {name} differ.", name=name))
    if plan.fields and is_generated_anew(cls) and not _is_typed_container(cls):
        _refuse(rude.MADE_BY_METACLASS, plan, revision, said("The fields of class {name} differ.", name=name))
    run |= {"__doc__"} if is_said_otherwise else set()
    changed = {mangled(statement.name, one) for one in {*plan.delete, *run}}
    uses = {name for i in plan.run for name in _heads(statement.children[i].uses.reads)}
    is_plain_class = type(cls) in _PLAIN_METACLASSES or type(cls).__module__ in _KNOWN_METACLASSES
    if not is_plain_class and (plan.header or _may_see(seen_by_metaclass(type(cls)), cls, {*changed, *uses})):
        _refuse(
            rude.CLASS_HOOK,
            plan,
            revision,
            said("Class {name} is made by {metaclass}.", name=name, metaclass=type(cls).__name__),
        )
    for base in cls.__mro__[1:]:
        hook = vars(base).get("__init_subclass__")
        if hook is None or is_inert(hook) or base.__module__ in _INERT_HOOKS:
            continue
        if plan.header or _may_see(seen_by_hook(hook), cls, {*changed, *uses}):
            _refuse(
                rude.CLASS_HOOK,
                plan,
                revision,
                said("Class {name} is seen by {base}.__init_subclass__.", name=name, base=base.__name__),
            )
    _check_inherited(cls, plan, changed - {"__doc__"}, revision)  # no class inherits that
    for one in {*plan.delete, *run}:
        if tells_others(vars(cls).get(mangled(statement.name, one)), tracked):
            what = said("__set_name__ of {name}.{member} has told others of it.", name=name, member=one)
            _refuse(rude.CLASS_HOOK, plan, revision, what)
    for decorator in node.decorator_list:
        callee = dotted(decorator.func if isinstance(decorator, ast.Call) else decorator)
        value = resolve(callee, names)
        if value is functools.total_ordering and not {"__lt__", "__le__", "__gt__", "__ge__"} & {*run, *plan.delete}:
            continue  # it looks for these only
        if changed <= {"__doc__"} and not plan.header and _says_nothing(value):
            continue
        seen = seen_by_decorator(value, called=isinstance(decorator, ast.Call))
        if not is_inert(value) and (plan.header or _may_see(seen, cls, {*changed, *uses})):
            _refuse(
                rude.CLASS_DECORATOR,
                plan,
                revision,
                said("Class {name} is under @{decorator}.", name=name, decorator=callee or "..."),
            )


def _says_nothing(decorator: Any) -> bool:
    """Whether a class decorator has no use for what the class says of itself."""
    return module_of(decorator).partition(".")[0] in {*sys.stdlib_module_names, "attr", "attrs"}


def _is_docstring(statement: Statement, place: int) -> bool:
    return place == 0 and statement.children[place].kind is StatementKind.STRING


def _check_inherited(cls: type, plan: ClassPlan, changed: Set[str], revision: SourceRevision) -> None:
    """A hook has seen members of this class in classes below it: by name, or as it went through them."""
    hooks: dict[int, tuple[type, type, Any]] = {}
    for below in family(cls):
        for base in below.__mro__[1:] if below is not cls else ():
            hook = vars(base).get("__init_subclass__")
            if hook is not None and base.__module__ not in _INERT_HOOKS:
                hooks.setdefault(id(hook), (base, below, hook))
    for base, below, hook in hooks.values():
        named = seen_by_hook(hook)
        whole = changed if named is None and goes_through_inherited(hook) else frozenset()
        seen = changed & (whole if named is None else named)
        if seen:
            what = said(
                "{base}.__init_subclass__ has seen {member} in class {name}.",
                base=base.__name__,
                member=min(seen),
                name=below.__name__,
            )
            _refuse(rude.CLASS_HOOK, plan, revision, what)


def _may_see(seen: Set[str] | None, cls: type, members: Set[str]) -> bool:
    """Whether what looks at these members of a class may see that others of them have changed, or has changed them."""
    return seen is None or not seen.isdisjoint(members) or not all(is_plain(cls, name) for name in seen)


def _names_the_same_slots(cls: type, plan: ClassPlan, statement: Statement, node: ast.ClassDef) -> bool:
    """Whether ``__slots__`` is written out, with the names that it had: Python sorts them (Objects/typeobject.c)."""
    places = [i for i in plan.run if "__slots__" in statement.children[i].binds]
    values = [child.value for i in places if isinstance(child := node.body[i], ast.Assign | ast.AnnAssign)]
    held = vars(cls).get("__slots__")
    if len(values) != 1 or values[0] is None or not isinstance(held, tuple | list):
        return False
    texts = texts_in(values[0])
    return len(texts) == len(held) == len(set(texts)) and set(texts) == set(held)


_INERT_HOOKS = frozenset(
    {"builtins", "typing", "enum", "abc", "pydantic.main", "pydantic.root_model", "typing_extensions"}
)
_KNOWN_METACLASSES = frozenset({"enum", "pydantic._internal._model_construction", "typing", "typing_extensions"})


def _set_members(
    cls: type,
    plan: ClassPlan,
    statement: Statement,
    bound: dict[str, Any],
    undo: UndoLog,
    grafts: Grafts,
    tracked: Sequence[str],
) -> str:
    """Bind and delete. Returns the name of a descriptor that cannot be added alone, else ""."""
    names: list[str] = []
    plan_fields = {name for child in statement.children for name in child.uses.annotates if child.binds}
    for i in plan.run:
        child = statement.children[i]
        names += [mangled(statement.name, name) for name in child.binds]
        if _is_docstring(statement, i) and "__doc__" in bound:
            names.append("__doc__")
    for name in dict.fromkeys(names):
        if is_model(cls) and name in plan_fields and not _is_class_variable(bound, name):
            continue
        if name not in bound:  # an ``if`` or ``try`` that binds something else this time
            if not is_enum(cls) and not is_model(cls):
                undo.delete_attribute(cls, name)
            continue
        new = as_type_makes_it(name, bound[name])
        if is_model(cls):
            new = getattr(new, "wrapped", new)  # pydantic's proxy around a validator is gone once the model is made
        old = vars(cls).get(name)
        value = grafts.graft(old, new) if old is not None else new
        if value is not old or name not in vars(cls):
            undo.set_attribute(cls, name, value)
        if name == "__slots__":  # copyreg keeps their names, in their order
            for one in family(cls):
                undo.delete_attribute(one, "__slotnames__")
        if value is new and hasattr(type(new), "__set_name__"):
            if tells_others(new, tracked):
                return name
            type(new).__set_name__(new, cls, name)
    for name in (mangled(statement.name, one) for one in plan.delete):
        if is_enum(cls) and name in cls._member_map_:  # type: ignore[attr-defined]
            continue  # regenerated as a whole
        if name == "__doc__":
            undo.set_attribute(cls, "__doc__", None)
        else:
            undo.delete_attribute(cls, name)
    return ""


def _is_class_variable(bound: Mapping[str, Any], name: str) -> bool:
    note = (bound.get("__annotations__") or {}).get(name)
    return "ClassVar" in (note if isinstance(note, str) else repr(note))


def names_bound_in(statement: Statement) -> set[str]:
    """The names in a class's namespace that its body binds, private ones as they are stored."""
    return {mangled(statement.name, name) for child in statement.children for name in child.binds}


def as_type_makes_it(name: str, value: Any) -> Any:
    """``type.__new__`` makes these plain functions static or class methods, in its own way (Objects/typeobject.c)."""
    if type(value) is FunctionType and name in ("__new__", "__init_subclass__", "__class_getitem__"):
        return vars(type("_", (), {name: value}))[name]
    return value


def _finish(cls: type, statement: Statement, bound: dict[str, Any], undo: UndoLog) -> None:
    own = names_bound_in(statement)
    _annotations(cls, statement, bound, undo)
    if "__eq__" in own and "__hash__" not in own:
        if vars(cls).get("__hash__", ...) is not None:
            undo.set_attribute(cls, "__hash__", None)
    elif "__hash__" not in own and vars(cls).get("__hash__", ...) is None and "__eq__" not in vars(cls):
        undo.delete_attribute(cls, "__hash__")  # where there is an ``__eq__``, a decorator has made both
    _abstract_methods(cls, undo)
    if "__protocol_attrs__" in vars(cls):  # CPython 3.12: what isinstance() looks for
        members = typing._get_protocol_attrs(cls)  # type: ignore[attr-defined]
        undo.set_attribute(cls, "__protocol_attrs__", members)
        if "__non_callable_proto_members__" in vars(cls):
            plain = {name for name in members if not callable(getattr(cls, name, None))}
            undo.set_attribute(cls, "__non_callable_proto_members__", plain)


def _annotations(cls: type, statement: Statement, bound: dict[str, Any], undo: UndoLog) -> None:
    if _is_typed_container(cls):
        return  # theirs are checked, and a TypedDict has those of its bases: as they are, or made again as a whole
    wanted = [mangled(statement.name, name) for child in statement.children for name in child.uses.annotates]
    held = vars(cls).get("__annotations__")
    fresh = dict(held or {})
    fresh.update(bound.get("__annotations__") or {})
    ordered = {name: fresh[name] for name in wanted if name in fresh}
    if held is None and not ordered:
        return
    if held is None:
        undo.set_attribute(cls, "__annotations__", ordered)
    elif list(held.items()) != list(ordered.items()):
        _refill(held, ordered, undo)
    if not ordered:
        undo.delete_attribute(cls, "__annotations__")


def _refill(held: dict[str, Any], ordered: dict[str, Any], undo: UndoLog) -> None:
    """In place, because others may hold the dict; seldom empty meanwhile, because other threads may look."""
    undo.container(held)
    for name in held.keys() - ordered.keys():
        del held[name]
    held.update(ordered)
    if list(held) != list(ordered):
        held.clear()
        held.update(ordered)


def _abstract_methods(cls: type, undo: UndoLog) -> None:
    """``__abstractmethods__`` of the class and of those below it, base classes first."""
    pending: list[Any] = [cls] if isinstance(cls, abc.ABCMeta) else []
    while pending:
        current = pending.pop(0)
        if isinstance(current, abc.ABCMeta):
            before = frozenset(getattr(current, "__abstractmethods__", ()))
            undo.add(lambda c=current, b=before: setattr(c, "__abstractmethods__", b))  # type: ignore[misc]
            abc.update_abstractmethods(current)  # type: ignore[arg-type]
        pending += current.__subclasses__()


def update_line_attributes(module: str, pairs: Sequence[CodePair], undo: UndoLog) -> None:
    """CPython 3.13 keeps a class's first line and the attributes that its methods assign in the class."""
    for pair in pairs:
        if "<locals>" in pair.new.co_qualname:
            continue
        try:
            cls = raw_lookup(module, pair.new.co_qualname)
        except LookupError:
            continue
        if not isinstance(cls, type):
            continue
        for name, value in _class_constants(pair.new):
            held = vars(cls).get(name)
            if name in vars(cls) and held != value and not (isinstance(value, tuple) and set(held or ()) == set(value)):
                undo.set_attribute(cls, name, value)


def _class_constants(code: CodeType) -> Iterator[tuple[str, Any]]:
    previous: Any = None
    for instruction in dis.get_instructions(code):
        if instruction.opname == "STORE_NAME" and instruction.argval in (
            "__firstlineno__",
            "__static_attributes__",
        ):
            yield instruction.argval, previous
        if instruction.opname != "EXTENDED_ARG":  # stands between the two in a body of over 255 names
            previous = instruction.argval
