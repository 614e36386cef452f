"""The names that a function reads from outside of it when it is called, from its syntax tree alone. Pure."""

from __future__ import annotations

import ast
import sys
from dataclasses import dataclass, replace
from typing import TypeGuard

from mpdt_hooks.names import (
    ALL_NAMES,
    ANY_MODULE,
    ANY_OWN,
    GIVEN,
    HELD,
    MEMBERS,
    MODULE_LOOKUPS,
    NAMESPACE,
    OWN,
    PATH,
    SAID,
    SPECIAL,
    STORED,
    Imported,
    dotted,
    imported_by,
    texts_in,
    whole,
    written_out,
)
from mpdt_hooks.wrapped import decorators, keepers, only_wrapped

Function = ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda
CALLING_OR_BINDING = (
    *(ast.Call, ast.Assign, ast.AnnAssign, ast.NamedExpr, ast.For, ast.comprehension, ast.Attribute, ast.Subscript),
    *(ast.FormattedValue, ast.UnaryOp, ast.withitem, ast.Starred, ast.Await, ast.BinOp, ast.Compare, ast.If),
    *(ast.IfExp, ast.While, ast.AugAssign, ast.Global, ast.Nonlocal, ast.Match, ast.ExceptHandler),
)

_LOOKING = (
    *(ast.Attribute, ast.Assign, ast.Call, ast.Compare, ast.FormattedValue, ast.For, ast.comprehension, ast.Subscript),
    *(ast.withitem, ast.BinOp, ast.UnaryOp, ast.Starred, ast.Await, ast.If, ast.While, ast.IfExp, ast.BoolOp),
)
# Builtins that call, or look into, what they are handed; and those that tell nothing of its members.
_USERS = frozenset(
    {"map", "filter", "sorted", "min", "max", "sum", "any", "all", "list", "tuple", "set", "dict", "frozenset", "str"}
    | {"repr", "int", "float", "bool", "bytes", "len", "iter", "next", "enumerate", "zip", "reversed", "format"}
)
_TELLING = frozenset({"type", "id", "isinstance", "issubclass", "super", "hash", "callable", "hasattr", "getattr"})


@dataclass(frozen=True, slots=True)
class FreeNames:
    """What a function reads, the functions in it included.

    checked: those of the names that it only hands to ``isinstance`` and ``issubclass``, catches, or compares by ``is``:
    which objects they are matters, and not what their methods do.
    called: those that it only calls: what is said of them (a docstring) does not matter.
    wrapped: those that only functions in it read, which it makes and returns: they run later.
    wrapped_twice: those of them that only functions in these read, which these make and return.
    wrapped_by: what decorates such functions: if it is the plugin's own, it may call them at once.
    """

    names: frozenset[str]
    checked: frozenset[str]
    wrapped: frozenset[str] = frozenset()
    wrapped_twice: frozenset[str] = frozenset()
    wrapped_by: frozenset[str] = frozenset()
    called: frozenset[str] = frozenset()
    has_inner: bool = False  # whether there are functions in it
    nodes: tuple[ast.AST, ...] = ()  # what in it binds names, calls or uses; of functions in it nothing
    imports: tuple[ast.Import | ast.ImportFrom, ...] = ()  # of functions in it, too


def free_names(function: Function, *, lazy_annotations: bool) -> FreeNames:
    """The names that a function reads from outside of it when it is called. PEP 563 leaves annotations unread."""
    found = _read(function, lazy_annotations, frozenset())
    once = only_wrapped(function) if found.has_inner else []
    if not once:
        return found
    now = _read(function, lazy_annotations, frozenset(map(id, once))).names
    twice = [inner for one in once for inner in only_wrapped(one)]
    soon = _read(function, lazy_annotations, frozenset(map(id, twice))).names if twice else found.names
    by = frozenset(decorators([*once, *twice]) | keepers(function))
    return replace(found, wrapped=found.names - now, wrapped_twice=found.names - soon, wrapped_by=by)


def _read(function: Function, lazy_annotations: bool, left_out: frozenset[int]) -> FreeNames:
    reader = _Reader(function, lazy_annotations, left_out)
    reader.read(list(function.body) if isinstance(function.body, list) else [function.body])
    return reader.result()


class _Reader:
    """Walks through one function's body; the functions in it have readers of their own."""

    def __init__(self, function: Function, lazy_annotations: bool, left_out: frozenset[int]) -> None:
        self.function = function
        self.lazy = lazy_annotations
        self.left_out = left_out  # functions, by id, whose bodies are not read
        arguments = function.args
        self.local = {a.arg for a in (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs)}
        self.local |= {a.arg for a in (arguments.vararg, arguments.kwarg) if a is not None}
        self.outer: set[str] = set()
        self.names: set[str] = set()
        self.checked: set[str] = set()
        self.called: set[str] = set()
        self.imported: dict[str, str] = {}  # local name -> path
        self.methods: set[str] = set()
        self.has_inner = False
        self.nodes: list[ast.AST] = []
        self.imports: list[ast.Import | ast.ImportFrom] = []

    def result(self) -> FreeNames:
        self.local -= self.outer
        if "globals" in self.local:
            self.names -= {NAMESPACE, ALL_NAMES}
        if {"isinstance", "issubclass"} & self.local:
            self.names |= self.checked
        every = self._from_outside(self.names | self.checked | self.called)
        checked = every - self._from_outside(self.names | self.called) - self.methods
        called = every - self._from_outside(self.names | self.checked)
        names = frozenset(every | self.methods)
        imports = tuple(sorted(self.imports, key=lambda node: (node.lineno, node.col_offset)))
        return FreeNames(
            names,
            frozenset(checked),
            called=frozenset(called),
            has_inner=self.has_inner,
            nodes=tuple(self.nodes),
            imports=imports,
        )

    def _from_outside(self, names: set[str]) -> set[str]:
        used = [name.partition(".") for name in names if name.partition(".")[0] in self.imported]
        paths = {f"{self.imported[head]}.{rest}" if rest else self.imported[head] for head, _, rest in used}
        return {name for name in names if name.partition(".")[0] not in self.local} | paths

    def read(self, pending: list[ast.AST]) -> None:
        while pending:
            current = pending.pop()
            if isinstance(current, CALLING_OR_BINDING):
                self.nodes.append(current)
            if isinstance(current, _LOOKING):
                self._note_looks(current)
            match current:
                case ast.Name():
                    (self.names if isinstance(current.ctx, ast.Load) else self.local).add(current.id)
                case ast.Attribute(attr=attr, ctx=ast.Store()) if _is_class(current.value):
                    self.methods.add(sys.intern(OWN + attr + STORED))
                    pending.append(current.value)
                case ast.Attribute(value=ast.Call(func=ast.Name(id="type"), args=[ast.Name(id="self")]), attr=attr):
                    self.methods.add(sys.intern(OWN + attr))
                    self.names.add("type")
                case ast.Attribute() if name := dotted(current):
                    self.names |= {whole(name), ANY_MODULE} if name.startswith("sys.modules") else {whole(name)}
                    if own := _own(name):
                        self.methods.add(sys.intern(OWN + own))
                case ast.Compare(left=left, ops=[ast.In() | ast.NotIn()], comparators=[ast.Attribute() as among]) if (
                    dotted(among) == "sys.modules"
                ):
                    self.names.add("sys")  # whether a module is loaded
                    pending.append(left)
                case ast.Call() if (rest := self._call(current)) is not None:
                    pending += rest
                case ast.Call(func=func) if (name := dotted(func).removesuffix(".__call__")) and not name.startswith(
                    "sys.modules"
                ):
                    self.called.add(whole(name))
                    if own := _own(name):
                        self.methods.add(sys.intern(OWN + own))
                    given = [*current.args, *(keyword.value for keyword in current.keywords)]
                    if name in _USERS and any(map(_is_itself, given)):
                        self.methods.add(SPECIAL)
                    pending += given if name in _USERS else [one for one in given if not self._hands_on(one, name)]
                case ast.Assign(targets=targets, value=ast.Attribute() as value) if not any(
                    isinstance(one, ast.Name) for one in targets
                ) and self._hands_on(value):
                    pending += targets
                case ast.Expr(value=ast.Call(func=func, args=args)) if dotted(func) in MODULE_LOOKUPS:
                    pending += args  # the module is loaded, and not looked into
                case ast.Subscript(value=ast.Call(func=ast.Name(id="globals"), args=[])):
                    self.names.add(NAMESPACE)
                    pending.append(current.slice)
                case ast.AnnAssign():  # a function's own annotations are not evaluated
                    pending += [current.target, *([current.value] if current.value is not None else ())]
                case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.Lambda():
                    pending += self._function(current)
                case ast.ClassDef():
                    pending += self._class(current)
                case ast.Compare(ops=ops) if all(isinstance(op, ast.Is | ast.IsNot) for op in ops):
                    pending += [rest for one in (current.left, *current.comparators) for rest in self._check(one)]
                case ast.ExceptHandler():
                    if current.name:
                        self.local.add(current.name)
                    pending += [*current.body, *self._check(current.type)]
                case _:
                    self._names_bound(current)
                    pending.extend(ast.iter_child_nodes(current))

    def _names_bound(self, node: ast.AST) -> None:
        match node:
            case ast.Import() | ast.ImportFrom():
                self.imports.append(node)
                found = imported_by(node, guarded=True, lazy=True)
                self.local |= {one.bound for one in found}
                self.imported |= {one.bound: _path(one) for one in found}
            case ast.Global():
                self.outer |= set(node.names)
                self.names |= {*node.names, *(name + STORED for name in node.names)}

    def _call(self, node: ast.Call) -> list[ast.AST] | None:
        """What is left to read of a call that is more than its parts; None for any other call."""
        match node:
            case ast.Call(func=ast.Name(id="isinstance" | "issubclass" as called), args=[value, classes], keywords=[]):
                self.names.add(called)
                return [value, *self._check(classes)]
            case ast.Call(func=ast.Name(id="getattr"), args=[ast.Name(id="self" | "cls"), key, *_]):
                match key:
                    case ast.Constant(value=str() as text):
                        self.methods.add(sys.intern(OWN + text))
                    case _:
                        self.methods.add(ANY_OWN)
            case ast.Call(func=ast.Name(id="globals"), args=[]):  # the others are a function's own names, in a function
                self.names |= {"globals", NAMESPACE, ALL_NAMES}
                return []
            case ast.Call(func=ast.Name(id="eval" | "exec" as how), args=[source]):
                run = written_out(source, how)
                self.names |= {NAMESPACE} if run is None else _loaded(run)
            case ast.Call(func=func, args=args) if dotted(func) in MODULE_LOOKUPS:
                spelled = _spelled(args[0], self.function) if args else ()
                self.names |= {f"{PATH}{one}" for one in spelled} or {ANY_MODULE}
        return None

    def _note_looks(self, node: ast.AST) -> None:
        """Take up what is said of something, an attribute by ``super()``, and operators on the first argument."""
        match node:
            case ast.Attribute(value=value, attr=attr):
                if attr in SAID or (isinstance(value, ast.Call) and dotted(value.func) == "super"):
                    self.methods.add(sys.intern(OWN + attr))
            case ast.Assign(value=value):
                if _is_itself(value) and any(isinstance(one, ast.Name) for one in node.targets):
                    self.methods.add(ANY_OWN)
            case ast.Call(func=func):
                if _is_itself(func):
                    self.methods.add(OWN + "__call__")
            case ast.Compare(ops=ops) if all(isinstance(op, ast.Is | ast.IsNot) for op in ops):
                pass
            case _:
                if any(map(_is_itself, ast.iter_child_nodes(node))):
                    self.methods.add(SPECIAL)

    def _hands_on(self, value: ast.expr, callee: str = "") -> bool:
        """Take up an attribute of the first argument that is only kept, or handed on, or that argument itself."""
        match value:
            case ast.Name(id="self" | "cls") | ast.Call(func=ast.Name(id="type"), args=[ast.Name(id="self")]):
                if callee not in _TELLING:
                    self.methods |= {MEMBERS, sys.intern(GIVEN + callee)}
                return False
            case ast.Attribute() if own := _own(dotted(value)):
                self.methods.add(sys.intern(HELD + own))
                return True
        return False

    def _check(self, classes: ast.expr | None) -> list[ast.expr]:
        """Take up the classes of a check that are written out, and return what else stands there."""
        match classes:
            case None:
                return []
            case ast.Name() | ast.Attribute() if name := dotted(classes):
                self.checked.add(name)
                return []
            case ast.Tuple(elts=parts):
                return [rest for part in parts for rest in self._check(part)]
            case ast.BinOp(left=left, op=ast.BitOr(), right=right):
                return [*self._check(left), *self._check(right)]
        return [classes]

    def _function(self, node: Function) -> list[ast.AST]:
        """A function in the function: its names count, for it may be called; decorators and defaults are read now."""
        self.has_inner = True
        if id(node) not in self.left_out:
            inner = _read(node, self.lazy, self.left_out)
            self.names |= inner.names - inner.checked - inner.called
            self.called |= inner.called
            self.checked |= inner.checked
            self.imports += inner.imports
        arguments = node.args
        now: list[ast.AST] = [one for one in (*arguments.defaults, *arguments.kw_defaults) if one is not None]
        if isinstance(node, ast.Lambda):
            return now
        self.local.add(node.name)
        now += node.decorator_list
        if not self.lazy:
            now += [one for one in (*_annotations(arguments), node.returns) if one is not None]
        return now

    def _class(self, node: ast.ClassDef) -> list[ast.AST]:
        """A class in the function. What its body binds is not the function's."""
        self.local.add(node.name)
        body = _Reader(self.function, self.lazy, self.left_out)
        annotated = [one.annotation for one in node.body if isinstance(one, ast.AnnAssign)]
        body.read([*node.body, *([] if self.lazy else annotated)])
        self.has_inner |= body.has_inner
        self.names |= body.names
        self.called |= body.called
        self.checked |= body.checked
        self.nodes += body.nodes
        self.imports += body.imports
        self.imported |= body.imported
        self.methods |= body.methods
        return [*node.decorator_list, *node.bases, *(keyword.value for keyword in node.keywords)]


def _is_itself(node: ast.AST) -> bool:
    return isinstance(node, ast.Name) and node.id in ("self", "cls")


def _own(name: str) -> str:
    """The attribute of the first argument by which a dotted name begins: ``x`` of ``self.x.y``, of ``cls.x``."""
    head, _, rest = name.partition(".")
    if head not in ("self", "cls"):
        return ""
    return rest.removeprefix("__class__.").partition(".")[0]


def _annotations(arguments: ast.arguments) -> list[ast.expr | None]:
    every = [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs, arguments.vararg, arguments.kwarg]
    return [one.annotation for one in every if one is not None]


def _spelled(name: ast.expr, function: ast.AST) -> tuple[str, ...]:
    """The modules that a lookup in a function can find, if they are written out; nothing if they are not.

    ``import_module("a.b")``, and ``import_module(name)`` where ``for name in ("a", "b")`` alone binds the name.
    """
    match name:
        case ast.Constant(value=str() as text):
            found: tuple[str, ...] = (text,)
        case ast.Name(id=wanted):
            loops = [one for one in ast.walk(function) if isinstance(one, ast.For) and _is_name(one.target, wanted)]
            stores = [one for one in ast.walk(function) if _is_name(one, wanted) and isinstance(one.ctx, ast.Store)]
            found = texts_in(loops[0].iter) if len(loops) == len(stores) == 1 else ()
        case _:
            found = ()
    return () if any(not one or one.startswith(".") for one in found) else found


def _is_class(node: ast.expr) -> bool:
    """Whether an expression seems to give a class, by how it is spelled: ``cls``, ``type(self)``, ``Manager``."""
    match node:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name in ("cls", "klass", "__class__") or name.lstrip("_")[:1].isupper()
        case ast.Call(func=ast.Name(id="type"), args=[_]):
            return True
    return False


def _loaded(body: list[ast.stmt]) -> set[str]:
    """The names that text which is executed may read."""
    nodes = (node for statement in body for node in ast.walk(statement))
    return {node.id for node in nodes if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)}


def _is_name(node: ast.AST, name: str) -> TypeGuard[ast.Name]:
    return isinstance(node, ast.Name) and node.id == name


def _path(one: Imported) -> str:
    """The path that an import in a function binds: ``::a`` by ``import a.b``, ``::..a.b`` by ``from ..a import b``."""
    if not one.name:
        return PATH + (one.module if one.bound != one.module.partition(".")[0] else one.bound)
    return PATH + "." * one.level + (f"{one.module}.{one.name}" if one.module else one.name)
