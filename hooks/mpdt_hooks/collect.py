"""Syntax tree -> the names that a statement binds, evaluates, depends on by behaviour, and leaves for later. Pure."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterable
from dataclasses import replace

from mpdt_hooks.fills import added_to, is_own_namespace, is_rebound, named_by, stored_into
from mpdt_hooks.free_names import FreeNames, free_names
from mpdt_hooks.invoked import invoked, invoked_within
from mpdt_hooks.lazily_made import lazily_made
from mpdt_hooks.names import (
    ALL_NAMES,
    ANY_MODULE,
    MODULE_LOOKUPS,
    NAMESPACE,
    OWN_NAMES,
    STORED,
    Imported,
    constant_text,
    dotted,
    imported_by,
    lambda_name,
    namespace_owner,
    texts_in,
    whole,
    written_out,
)
from mpdt_hooks.uses import ITEM, Application, Uses
from mpdt_hooks.written import label_of, text_names

# Of ``typing``, and often seen: no class of the plugin's, with a method of its own.
TYPING = frozenset(
    {"Optional", "Union", "List", "Dict", "Callable", "Literal", "Annotated", "Any", "Type", "Tuple", "Set", "Iterable"}
    | {"Iterator", "Sequence", "Mapping", "Awaitable", "Coroutine", "ClassVar", "Generic", "Protocol", "Generator"}
)
_ATTRIBUTES = frozenset({"setattr", "delattr"})
_NAMESPACE_CALLS = frozenset({"globals", "locals", "vars", "dir"})
_NAMESPACE_WRITERS = frozenset(
    {"update", "setdefault", "pop", "popitem", "clear", "__setitem__", "__delitem__", "__ior__"}
)


def uses_of(node: ast.stmt, lazy_annotations: bool = False, *, in_class: bool = False) -> Uses:
    """The uses of one statement of a module or class body; PEP 563 leaves a function's annotations unread."""
    collector = _Collector(lazy_annotations, in_class=in_class)
    collector.visit(node)
    collector.labels = label_of(node) is not None
    collector.displays = _displays(node)
    if ANY_MODULE in collector.called_on and isinstance(node, ast.For | ast.If | ast.Try):
        collector.forgettexts_in(text_names(node))
    return collector.result()


def uses_of_class(head: ast.ClassDef, members: Iterable[Uses], lazy_annotations: bool = False) -> Uses:
    """The uses of a class statement's head alone; what its members use, now or later, is deferred."""
    collector = _Collector(lazy_annotations)
    collector.class_head(head)
    for uses in members:
        collector.take_up(FreeNames(frozenset(uses.deferred), frozenset(uses.checked), called=frozenset(uses.called)))
        collector.looked |= set(uses.reads) - set(uses.called)
        collector.called_on |= set(uses.reads)
    return collector.result()


def _displays(node: ast.stmt) -> bool:
    match node:
        case ast.Assign(targets=[ast.Name()], value=value) | ast.AnnAssign(target=ast.Name(), value=value):
            displays = ast.List | ast.Tuple | ast.Set | ast.Dict | ast.ListComp | ast.SetComp | ast.DictComp
            return isinstance(value, displays)
    return False


def is_type_checking(test: ast.expr) -> bool:
    """Whether a condition is ``TYPE_CHECKING``."""
    return dotted(test).rpartition(".")[2] == "TYPE_CHECKING"


def _sorted(names: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted(set(names)))


class _Collector(ast.NodeVisitor):
    def __init__(self, lazy_annotations: bool, *, in_class: bool = False) -> None:
        self.lazy_annotations = lazy_annotations
        self.in_class = in_class
        self.loops: dict[str, tuple[str, ...]] = {}  # the texts that names of loops stand for
        self.fills: set[str] = set()
        self.acts_elsewhere = False  # in another way than by filling
        self.binds: list[str] = []
        self.reads: set[str] = set()
        self.certain: set[str] = set()  # those that are read in what is evaluated in any case
        self.doubtful = 0  # how many parts that may not be evaluated are around
        self.wrapped: frozenset[str] = frozenset()
        self.wrapped_twice: frozenset[str] = frozenset()
        self.wrapped_by: frozenset[str] = frozenset()
        self.invokes: set[str] = set()
        self.invokes_within: set[str] = set()
        self.typed: set[str] = set()  # read in annotations of variables
        self.behaves: set[str] = set()
        self.applied: list[Application] = []
        self.called_on: set[str] = set()  # names that are used later, in any way
        self.checked: set[str] = set()  # names that are looked up later to check for a class
        self.hidden: list[set[str]] = []  # targets of the comprehensions around
        self.named: set[str] = set()  # bound by ``:=``, before what follows in the statement
        self.imports: list[Imported] = []
        self.annotates: list[str] = []
        self.guards = 0
        self.acts = False
        self.called: set[int] = set()  # calls whose result, or an item of it, is called
        self.keys: set[str] = set()
        self.items: set[str] = set()
        self.exports: tuple[str, ...] = ()
        self.labels = False
        self.displays = False
        self.looked_up: set[int] = set()  # calls whose result is not gone through
        self.only_called: set[str] = set()
        self.looked: set[str] = set()  # names that are used in another way than to be called
        self.makes: tuple[str, ...] = ()

    def result(self) -> Uses:
        return Uses(
            tuple(dict.fromkeys(self.binds)),
            _sorted(self.reads | self.typed),
            _sorted(self.behaves),
            tuple(dict.fromkeys(self.applied)),
            _sorted(self.called_on | self.checked),
            tuple(self.imports),
            tuple(self.annotates),
            self.acts,
            _sorted(self.keys),
            self.exports,
            _sorted(self.items),
            self.labels,
            _sorted(self.checked - self.called_on),
            self.displays,
            _sorted(self.typed - self.reads),
            _sorted(self.invokes),
            _sorted(self.invokes_within),
            _sorted(self.wrapped),
            _sorted(self.wrapped_twice),
            _sorted(self.wrapped_by),
            () if self.acts_elsewhere else _sorted(self.fills),
            _sorted(self.only_called - self.looked),
            _sorted(self.reads - self.certain - self.typed),
            self.makes,
        )

    def take_up(self, free: FreeNames) -> None:
        """What a function in the statement reads when it is called."""
        self.wrapped = free.wrapped - self.called_on - self.checked  # of several functions, only the last one's
        self.wrapped_twice = free.wrapped_twice - self.called_on - self.checked
        self.wrapped_by = free.wrapped_by
        self.called_on |= free.names - free.checked
        self.only_called |= free.called
        self.looked |= free.names - free.called
        self.checked |= free.checked

    def forgettexts_in(self, texts: set[str]) -> None:
        """What the statement itself binds to names of modules, and not to modules, acts as it did."""
        for names in (self.reads, self.typed):
            names -= {name for name in names if name.partition(".")[0] in texts and name not in texts}
        self.behaves = {name for name in self.behaves if name.partition(".")[0] not in texts}
        self.keys -= texts
        for place, call in enumerate(self.applied):
            callee = "" if call.callee.partition(".")[0] in texts else call.callee
            passed = tuple(name for name in call.passed if name not in texts)
            self.applied[place] = replace(call, callee=callee, passed=passed)

    # -- statements

    def visit_FunctionDef(self, node: ast.FunctionDef | ast.AsyncFunctionDef) -> None:
        self.binds.append(node.name)
        self._decorators(node)
        for default in (*node.args.defaults, *(d for d in node.args.kw_defaults if d is not None)):
            self._plain(default)
        for annotation in () if self.lazy_annotations else _annotations(node):
            self._type(annotation)
        self._body(node)

    def visit_AsyncFunctionDef(self, node: ast.AsyncFunctionDef) -> None:
        self.visit_FunctionDef(node)

    def visit_ClassDef(self, node: ast.ClassDef) -> None:
        self.class_head(node)
        inner = _Collector(self.lazy_annotations, in_class=True)
        for child in node.body:
            inner.visit(child)
        own = set(inner.binds)
        self.reads |= {name for name in inner.reads | inner.typed if name.partition(".")[0] not in own}
        self.behaves |= {name for name in inner.behaves if name.partition(".")[0] not in own}
        self.keys |= {name for name in inner.keys if name.partition(".")[0] not in own}
        self.items |= {name for name in inner.items if name.partition(".")[0] not in own}
        self.applied += [
            Application(
                a.callee if a.callee.partition(".")[0] not in own else "",
                tuple(name for name in a.passed if name.partition(".")[0] not in own),
                a.stored,
                a.thrown,
                a.decorates,
                a.called,
                tuple(name for name in a.made if name.partition(".")[0] not in own),
            )
            for a in inner.applied
        ]
        self.called_on |= inner.called_on
        self.only_called |= inner.only_called
        self.looked |= inner.looked
        self.checked |= inner.checked
        self.imports += inner.imports
        if inner.acts:
            self._acts()

    def class_head(self, node: ast.ClassDef) -> None:
        self.binds.append(node.name)
        self._decorators(node)
        for base in node.bases:
            self._type(base)
        for keyword in node.keywords:
            self.visit(keyword.value)

    def _body(self, node: ast.FunctionDef | ast.AsyncFunctionDef) -> None:
        free = free_names(node, lazy_annotations=self.lazy_annotations)
        self.take_up(free)
        self.makes = () if free.has_inner else lazily_made(node)
        self.invokes.update(invoked(node, None if free.has_inner else free.nodes))
        self.invokes_within.update(invoked_within(node) if free.has_inner else ())
        for statement in free.imports:
            self.imports += imported_by(statement, guarded=True, lazy=True)

    def _decorators(self, node: ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) -> None:
        for decorator in node.decorator_list:
            if isinstance(decorator, ast.Call):  # a library keeps what it is handed here
                self._call(decorator, stored=True, thrown=True)
            else:
                self._plain(decorator)
            called = isinstance(decorator, ast.Call)
            applied = decorator.func if isinstance(decorator, ast.Call) else decorator
            name = dotted(applied)
            behind = () if name else _sorted(_loads(applied) - _parameters(applied))
            self.applied.append(Application(name, behind, stored=True, decorates=True, called=called))

    def visit_Import(self, node: ast.Import | ast.ImportFrom) -> None:
        imported = imported_by(node, guarded=self.guards > 0, lazy=False)
        self.imports += imported
        self.binds += [one.bound for one in imported if one.name != "*"]

    visit_ImportFrom = visit_Import

    def visit_Assign(self, node: ast.Assign) -> None:
        self.looked_up.add(id(node.value))
        unpacked = any(isinstance(target, ast.Tuple | ast.List) for target in node.targets)
        if unpacked and isinstance(node.value, ast.Call) and dotted(node.value.func):  # of an instance items are taken
            self.items.add(dotted(node.value.func))
        if unpacked and isinstance(node.value, ast.Name | ast.Attribute):
            self.visit(node.value)
        else:
            self._plain(node.value)
        if [dotted(target) for target in node.targets] == ["__all__"]:
            self.exports = texts_in(node.value)
        if len(node.targets) == 1 and isinstance(node.targets[0], ast.Name):
            self.imports += _dynamic_import(node.value, node.targets[0].id, guarded=self.guards > 0)
        for target in node.targets:
            self._target(target)

    def visit_AnnAssign(self, node: ast.AnnAssign) -> None:
        elsewhere, self.reads = self.reads, set()
        self._type(node.annotation)
        self.typed |= self.reads
        self.reads = elsewhere
        if node.value is not None:
            self._plain(node.value)
            self._target(node.target)
        elif not isinstance(node.target, ast.Name):
            self.visit(node.target)
        if isinstance(node.target, ast.Name) and node.simple:
            self.annotates.append(node.target.id)

    def visit_AugAssign(self, node: ast.AugAssign) -> None:
        self.visit(node.value)
        if isinstance(node.target, ast.Name):
            self._read(node.target.id, behaves=True)
        self._target(node.target)

    def visit_TypeAlias(self, node: ast.AST) -> None:
        name = getattr(node, "name", None)
        if isinstance(name, ast.Name):
            self.binds.append(name.id)
        value = getattr(node, "value", None)
        if isinstance(value, ast.expr):
            self.called_on |= _loads(value)

    def visit_Delete(self, node: ast.Delete) -> None:
        for target in node.targets:
            self._target(target)

    def visit_If(self, node: ast.If) -> None:
        if is_type_checking(node.test):  # false in a process that runs
            for child in node.orelse:
                self.visit(child)
        else:
            self.generic_visit(node)

    def visit_For(self, node: ast.For | ast.AsyncFor) -> None:
        if isinstance(node.iter, ast.Tuple | ast.List):  # what is done with them is told by the loop's name
            self._plain(node.iter)
        else:
            self.visit(node.iter)
        self._gone_through(node.iter)
        self._target(node.target)
        around = self.loops
        if isinstance(node.target, ast.Name) and not is_rebound(node.target.id, node.body):
            self.loops = {**around, node.target.id: texts_in(node.iter)}
        for child in node.body:
            self.visit(child)
        self.loops = around
        for child in node.orelse:
            self.visit(child)

    def visit_With(self, node: ast.With | ast.AsyncWith) -> None:
        self._acts()
        for item in node.items:
            self.visit(item.context_expr)
            if item.optional_vars is not None:
                self._target(item.optional_vars)
        for child in node.body:
            self.visit(child)

    def visit_Try(self, node: ast.Try | ast.TryStar) -> None:
        self.guards += 1
        for child in node.body:
            self.visit(child)
        self.guards -= 1
        for handler in node.handlers:
            self.visit(handler)
        for child in (*node.orelse, *node.finalbody):
            self.visit(child)

    visit_TryStar = visit_Try

    def visit_ExceptHandler(self, node: ast.ExceptHandler) -> None:
        if node.type is not None:
            self._plain(node.type)
        for child in node.body:
            self.visit(child)

    def visit_Expr(self, node: ast.Expr) -> None:
        if not isinstance(node.value, ast.Constant):
            self._acts(added_to(node.value))
        if isinstance(node.value, ast.Call):
            self._call(node.value, stored=False, thrown=True)
        else:
            self.visit(node.value)

    def visit_MatchAs(self, node: ast.MatchAs) -> None:
        if node.name is not None:
            self.binds.append(node.name)
        self.generic_visit(node)

    def visit_MatchStar(self, node: ast.MatchStar) -> None:
        if node.name is not None:
            self.binds.append(node.name)

    def visit_MatchMapping(self, node: ast.MatchMapping) -> None:
        if node.rest is not None:
            self.binds.append(node.rest)
        self.generic_visit(node)

    def _target(self, node: ast.expr) -> None:
        match node:
            case ast.Name():
                self.binds.append(node.id)
            case ast.Tuple() | ast.List():
                for element in node.elts:
                    self._target(element)
            case ast.Starred():
                self._target(node.value)
            case ast.Subscript() if self.in_class and is_own_namespace(node.value):
                names = named_by(node.slice, self.loops)
                self.binds += names
                self.visit(node.slice)
                if not names:
                    self._acts()
            case ast.Attribute() | ast.Subscript():  # ``C.x = y`` takes the identity of C
                self._acts(stored_into(node))
                owner = namespace_owner(node.value) if isinstance(node, ast.Subscript) else None
                if isinstance(node, ast.Subscript) and owner is not None and constant_text(node.slice):
                    self._stores(owner, constant_text(node.slice))
                    return
                self._plain(node.value)
                if isinstance(node, ast.Attribute):
                    self._stores_attribute(node.value, node.attr)
                    return
                self.visit(node.slice)
                if owner is not None:
                    self._stores(owner, None)
            case _:
                self._acts()
                self.visit(node)

    def _acts(self, filled: str = "") -> None:
        """It does more than bind. ``filled``: it only adds to what this names, or stores into it."""
        self.acts = True
        if filled:
            self.fills.add(filled)
        else:
            self.acts_elsewhere = True

    def _stores_attribute(self, owner: ast.expr, attribute: str | None) -> None:
        """``C.x = 1`` has the last word on ``C.x``, whatever the class says of it; ``None``: on some attribute."""
        self._stores(dotted(owner), attribute)

    def _stores(self, owner: str, name: str | None) -> None:
        """The same of a name in a namespace: ``globals()["x"] = 1``. "": of this module, or nobody knows of what."""
        self._read(f"{owner}.{name or NAMESPACE}{STORED}".removeprefix("."), behaves=False)

    def _writes_names(self, node: ast.Call) -> bool:
        """Whether a call binds names in a namespace, and all of them are written out: ``globals().update(x=1)``."""
        match node:
            case ast.Call(func=ast.Attribute(value=space, attr=attr)) if attr in _NAMESPACE_WRITERS:
                if (owner := namespace_owner(space)) is not None and not (self.in_class and is_own_namespace(space)):
                    self._acts()
                    names = _names_written(node, attr)
                    for name in names:
                        self._stores(owner, name)
                    return None not in names
        return False

    def _stores_by_call(self, node: ast.Call) -> None:
        """``m.__setattr__("x", 1)``, ``exec("x = 1")``."""
        match node:
            case ast.Call(func=ast.Attribute(value=owner, attr="__setattr__" | "__delattr__"), args=[name, *_]):
                self._stores_attribute(owner, constant_text(name))
                if len(node.args) > 2:  # ``type.__setattr__(C, "x", 1)``
                    self._stores_attribute(name, constant_text(node.args[1]))
            case ast.Call(func=ast.Name(id="exec" | "eval" as how), args=[source, *spaces]) if all(
                namespace_owner(space) == "" for space in spaces
            ):
                self._executes(how, source)

    def _executes(self, how: str, source: ast.expr) -> None:
        """Text that runs among the module's names: it is read if it is written out, else it may use any of them."""
        body = written_out(source, how)
        if body is None:
            self._read(NAMESPACE, behaves=True)
            if how == "exec":
                self._acts()
                self._stores("", None)
            return
        bound = len(self.binds)
        for statement in body:
            self.visit(statement)
        names, self.binds = self.binds[bound:], self.binds[:bound]
        if names:
            self._acts()
        for name in names:
            self._stores("", name)

    # -- expressions

    def _read(self, name: str, *, behaves: bool, called: bool = False) -> None:
        if any(name.partition(".")[0] in targets for targets in (*self.hidden, self.named)):
            return
        name = whole(name)
        self.reads.add(name)
        if not self.doubtful:
            self.certain.add(name)
        (self.only_called if called else self.looked).add(name)
        if behaves:
            self.behaves.add(name)
        if name == "sys.modules":
            self._any_module(behaves)

    def _any_module(self, behaves: bool) -> None:
        """A module is looked up by a name that is made at run time, and looked into, now or by who uses the result."""
        if behaves:
            self.reads.add(ANY_MODULE)
            self.behaves.add(ANY_MODULE)
        else:
            self.called_on.add(ANY_MODULE)

    def _plain(self, node: ast.expr) -> None:
        """A position where a name is only stored, so that its identity matters and not what it does."""
        match node:
            case ast.Name():
                self._read(node.id, behaves=False)
            case ast.Attribute() if dotted(node):
                self._read(dotted(node), behaves=False)
            case ast.Tuple() | ast.List() | ast.Set():
                for element in node.elts:
                    self._plain(element)
                    if isinstance(node, ast.Set):
                        self._hashes(element)
            case ast.Dict():
                for key, item in zip(node.keys, node.values, strict=True):
                    if key is None:  # ``**``: gone through
                        self.visit(item)
                    else:
                        self._plain(key)
                        self._plain(item)
                for key in node.keys:
                    self._hashes(key)
            case ast.Call():
                self._call(node, stored=True)
            case ast.Subscript() if (name := dotted(node.value)) and not self.hidden:
                self._read(name, behaves=False)
                self.items.add(name)
                self._key(node.slice)
            case _:
                self.visit(node)

    def _hashes(self, node: ast.expr | None) -> None:
        """Where an instance is a key, or in a set, it matters how its class compares."""
        if isinstance(node, ast.Tuple):
            for element in node.elts:
                self._hashes(element)
        name = dotted(node.func) if isinstance(node, ast.Call) else dotted(node) if node is not None else ""
        if name:
            self._read(f"{name}.__eq__", behaves=False)
            self._read(f"{name}.__hash__", behaves=False)

    def _type(self, node: ast.expr) -> None:
        """A type expression: ``Box[int] | None`` takes the identity of its parts and nothing else."""
        match node:
            case ast.Subscript():
                self._type(node.value)
                self._type(node.slice)
                if (name := dotted(node.value)).rpartition(".")[2][:1].isupper() and name not in TYPING:
                    self._read(sys.intern(f"{name}.{ITEM}"), behaves=False)
            case ast.BinOp(op=ast.BitOr()):
                self._type(node.left)
                self._type(node.right)
            case ast.Tuple() | ast.List():
                for element in node.elts:
                    self._type(element)
            case _:
                self._plain(node)

    def visit_Name(self, node: ast.Name) -> None:
        if isinstance(node.ctx, ast.Load):
            self._read(node.id, behaves=True)

    def visit_Attribute(self, node: ast.Attribute) -> None:
        name = dotted(node)
        if isinstance(node.value, ast.Subscript) and isinstance(node.value.value, ast.Call):
            self.called.add(id(node.value.value))  # globals()["f"].__doc__
        if name:
            self._read(name, behaves=True)
        else:
            self.visit(node.value)

    def visit_Subscript(self, node: ast.Subscript) -> None:
        if self.in_class and is_own_namespace(node.value) and isinstance(node.slice, ast.Constant):
            self._read(str(node.slice.value), behaves=True)  # ``locals()["LIMIT"]``
            return
        self.looked_up.add(id(node.value))
        self.visit(node.value)
        self._key(node.slice)

    def _key(self, node: ast.expr) -> None:
        match node:
            case ast.Name() | ast.Attribute() if name := dotted(node):
                self._read(name, behaves=False)
                if not any(name.partition(".")[0] in targets for targets in self.hidden):
                    self.keys.add(name)
            case ast.Tuple() | ast.List():
                for element in node.elts:
                    self._key(element)
            case _:
                self.visit(node)

    def visit_BoolOp(self, node: ast.BoolOp) -> None:
        self.visit(node.values[0])
        self._perhaps(node.values[1:])

    def visit_IfExp(self, node: ast.IfExp) -> None:
        self.visit(node.test)
        self._perhaps([node.body, node.orelse])

    def visit_Compare(self, node: ast.Compare) -> None:
        self.visit(node.left)
        self.visit(node.comparators[0])
        self._perhaps(node.comparators[1:])

    def visit_Assert(self, node: ast.Assert) -> None:
        self.visit(node.test)
        self._perhaps([] if node.msg is None else [node.msg])

    def _perhaps(self, nodes: Iterable[ast.expr]) -> None:
        self.doubtful += 1
        for node in nodes:
            self.visit(node)
        self.doubtful -= 1

    def visit_NamedExpr(self, node: ast.NamedExpr) -> None:
        self.visit(node.value)
        self.binds.append(node.target.id)
        self.named.add(node.target.id)

    def visit_Lambda(self, node: ast.Lambda) -> None:
        for default in (*node.args.defaults, *(d for d in node.args.kw_defaults if d is not None)):
            self._plain(default)
        self.take_up(free_names(node, lazy_annotations=self.lazy_annotations))
        self.invokes.update(invoked(node))

    def visit_Call(self, node: ast.Call) -> None:
        self._call(node, stored=False)

    def _call(self, node: ast.Call, *, stored: bool, thrown: bool = False) -> None:
        callee = dotted(node.func).removesuffix(".__call__")
        if isinstance(node.func, ast.Subscript) and isinstance(node.func.value, ast.Call):
            self.called.add(id(node.func.value))  # globals()["f"]()
        if callee:
            self._read(callee, behaves=False, called=True)
        elif not self._writes_names(node):
            self.visit(node.func)
        self._stores_by_call(node)
        if self.in_class and callee in _NAMESPACE_CALLS - {"globals"} and not node.args:
            self._read(OWN_NAMES, behaves=id(node) not in self.looked_up)  # else an item is taken
        elif callee in _NAMESPACE_CALLS and not node.args:
            self._read(NAMESPACE, behaves=id(node) in self.called)
            if id(node) not in self.looked_up:
                self._read(ALL_NAMES, behaves=False)
        if callee in _ATTRIBUTES and node.args and isinstance(node.args[0], ast.Subscript):
            # An item's attribute: which object it is matters, not what it does.
            self.looked_up.add(id(node.args[0].value))
            self._plain(node.args[0].value)
            self._key(node.args[0].slice)
            for argument in node.args[1:]:
                self._plain(argument)
            if len(node.args) > 1:
                self._stores_attribute(node.args[0], constant_text(node.args[1]))
            return
        if callee in _ATTRIBUTES and len(node.args) > 1:
            self._stores_attribute(node.args[0], constant_text(node.args[1]))
        if callee in MODULE_LOOKUPS and not thrown:
            self._any_module(behaves=not stored)
        if callee == "next" and node.args and dotted(node.args[0]):  # what it gives it gives once
            self._acts()
        passed = set() if callee else self._called_at_once(node.func)
        arguments = (*node.args, *(keyword.value for keyword in node.keywords))
        for argument in arguments:
            passed |= self._argument(argument)
        made = _sorted(_made(arguments))
        if any(callee.partition(".")[0] in targets for targets in self.hidden):  # the comprehension's, not the module's
            callee = ""
        self.applied.append(Application(callee, _sorted(passed), stored, thrown, made=made))

    def _called_at_once(self, func: ast.expr) -> set[str]:
        """The names that the lambdas in what is called read or are handed: ``(lambda: LIMIT)()``."""
        found: set[str] = set()
        for node in ast.walk(func):
            if isinstance(node, ast.Lambda):
                found |= {lambda_name(node), *free_names(node, lazy_annotations=self.lazy_annotations).names}
                for default in (*node.args.defaults, *(one for one in node.args.kw_defaults if one is not None)):
                    found |= _loads(default)
        return found

    def _argument(self, node: ast.expr) -> set[str]:
        """The names that a call is handed, through displays too; other expressions are evaluated before it."""
        match node:
            case ast.Name() | ast.Attribute() if name := dotted(node):
                self._read(name, behaves=False)
                return {name} if not any(name.partition(".")[0] in t for t in self.hidden) else set()
            case ast.Lambda():
                self.visit(node)
                return {lambda_name(node), *free_names(node, lazy_annotations=self.lazy_annotations).names}
            case ast.Tuple() | ast.List() | ast.Set():
                return set().union(*(self._argument(element) for element in node.elts))
            case ast.Dict():
                items = [item for item in (*node.keys, *node.values) if item is not None]
                return set().union(*(self._argument(item) for item in items))
            case ast.Starred():
                return self._argument(node.value)
            case ast.Call():  # a module that is handed on (``getattr(import_module(name), "x")``) is looked into
                self._call(node, stored=dotted(node.func) not in MODULE_LOOKUPS)
                return set()
            case _:
                self.visit(node)
                return _lambdas_in(node)

    def _gone_through(self, iterable: ast.expr) -> None:
        """Whatever goes through a display of lambdas may call them."""
        if found := _lambdas_in(iterable):
            self.applied.append(Application("", _sorted(found)))

    def _comprehension(self, node: ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp) -> None:
        self.visit(node.generators[0].iter)
        self._gone_through(node.generators[0].iter)
        self.hidden.append({n for g in node.generators for n in _stores(g.target)})
        self.doubtful += 1
        for i, generator in enumerate(node.generators):
            if i:
                self.visit(generator.iter)
            for condition in generator.ifs:
                self.visit(condition)
        for element in (node.key, node.value) if isinstance(node, ast.DictComp) else (node.elt,):
            if isinstance(element, ast.Call) and dotted(element.func) in MODULE_LOOKUPS:
                self._call(element, stored=True)
            else:
                self.visit(element)
        self.doubtful -= 1
        self.hidden.pop()

    visit_ListComp = visit_SetComp = visit_DictComp = visit_GeneratorExp = _comprehension


def _lambdas_in(node: ast.expr) -> set[str]:
    """The names of the lambdas anywhere in an expression that may call them."""
    return {lambda_name(one) for one in ast.walk(node) if isinstance(one, ast.Lambda)}


def _names_written(node: ast.Call, method: str) -> list[str | None]:
    """The names that a method of a namespace binds; None stands for any."""
    if method != "update":
        return [constant_text(node.args[0]) if node.args else None]
    names: list[str | None] = [keyword.arg for keyword in node.keywords]
    for argument in node.args:
        names += [constant_text(key) for key in argument.keys] if isinstance(argument, ast.Dict) else [None]
    return names


def _made(arguments: Iterable[ast.expr]) -> set[str]:
    """The names of what is called for the arguments of a call, through displays too."""
    found: set[str] = set()
    pending = list(arguments)
    while pending:
        match pending.pop():
            case ast.Call(func=func):
                found.add(dotted(func))
            case ast.Starred(value=value):
                pending.append(value)
            case ast.Tuple(elts=parts) | ast.List(elts=parts) | ast.Set(elts=parts):
                pending += parts
            case ast.Dict(keys=keys, values=values):
                pending += [one for one in (*keys, *values) if one is not None]
    return found - {""}


def _dynamic_import(node: ast.expr, bound: str, *, guarded: bool) -> list[Imported]:
    """``importlib.import_module("a.b")`` as the import statement that binds the same."""
    match node:
        case ast.Call(func=func, args=[ast.Constant(value=str() as name), *_]):
            if dotted(func) in ("importlib.import_module", "import_module"):
                module = name.lstrip(".")
                parent, _, last = module.rpartition(".")
                level = len(name) - len(module)
                if parent or level:
                    return [Imported(parent, level, last, bound, guarded, False)]
                return [Imported(module, 0, "", bound, guarded, False)]
    return []


def _annotations(node: ast.FunctionDef | ast.AsyncFunctionDef) -> list[ast.expr]:
    arguments = node.args
    every = [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs]
    every += [a for a in (arguments.vararg, arguments.kwarg) if a is not None]
    found = [a.annotation for a in every if a.annotation is not None]
    return [*found, node.returns] if node.returns is not None else found


def _parameters(node: ast.AST) -> set[str]:
    """What the lambdas below call their parameters."""
    return {one.arg for one in ast.walk(node) if isinstance(one, ast.arg)}


def _stores(node: ast.AST) -> set[str]:
    return {n.id for n in ast.walk(node) if isinstance(n, ast.Name)}


def _loads(node: ast.AST) -> set[str]:
    """The dotted names loaded anywhere below."""
    names: set[str] = set()
    pending = [node]
    while pending:
        current = pending.pop()
        if isinstance(current, ast.Attribute) and (name := dotted(current)):
            names.add(name)
        elif isinstance(current, ast.Name):
            if isinstance(current.ctx, ast.Load):
                names.add(current.id)
        else:
            pending.extend(ast.iter_child_nodes(current))
    return names
