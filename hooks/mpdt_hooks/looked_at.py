"""Which members of a class do a hook or a metaclass look at? Told from their source, where they look by name.

``if "regex" in cls.__dict__: cls.compiled = compile(cls.regex)`` sees two members; what else the class gets is nothing
to it. Who goes through the members, or hands the class on, sees all.
"""

from __future__ import annotations

import abc
import ast
import inspect
from collections.abc import Iterator, Mapping
from types import FunctionType
from typing import Any

from mpdt_hooks.inert import displayed, function_node, is_plain_object
from mpdt_hooks.live import resolve
from mpdt_hooks.names import dotted, texts_in
from mpdt_hooks.static import unwrapped

_LABELS = frozenset({"__name__", "__qualname__", "__module__"})
_STORES = frozenset({"append", "add", "setdefault", "insert", "appendleft"})
_LOOKS = frozenset({"getattr", "hasattr", "setattr", "delattr"})
_CHECKS = frozenset({"issubclass", "isinstance"})
_MAKERS = frozenset({"__new__", "__init__", "__init_subclass__"})
_OF_DICTS = frozenset({"get", "setdefault", "pop"})
_GOES_THROUGH = frozenset({"dir", "getmembers", "mro", "__mro__"})
_WHOLE = frozenset({"locals", "eval", "exec", "dir", "globals"})


def seen_by_hook(hook: Any) -> frozenset[str] | None:
    """The names of the members that an ``__init_subclass__`` looks at or sets; None: it may look at any."""
    function = unwrapped(hook)
    node = _node_of(function)
    return None if node is None else _seen(node, function.__globals__, class_at=0, space_at=None)


def seen_by_decorator(decorator: Any, *, called: bool) -> frozenset[str] | None:
    """The names of the members that a class decorator, which gives back the class, looks at or sets; None: any.

    ``called``: the decorator stands there with arguments, and what it returns decorates.
    """
    function = unwrapped(decorator)
    node = _node_of(function)
    if node is not None and called:
        node = _returned_function(node)
    class_at = 1 if not called and inspect.ismethod(decorator) else 0
    if node is None or len(node.args.args) <= class_at or node.args.posonlyargs:
        return None
    given_back = [one.value for one in ast.walk(node) if isinstance(one, ast.Return)]
    subject = node.args.args[class_at].arg
    if not given_back or not all(isinstance(one, ast.Name) and one.id == subject for one in given_back):
        return None
    return _seen(node, function.__globals__, class_at=class_at, space_at=None)


def _returned_function(node: ast.FunctionDef) -> ast.FunctionDef | None:
    """The function which one that does nothing else defines and returns."""
    match node.body:
        case [*before, ast.FunctionDef() as inner, ast.Return(value=ast.Name(id=name))] if inner.name == name:
            return inner if all(isinstance(one, ast.Expr) for one in before) and not inner.decorator_list else None
    return None


def goes_through_inherited(hook: Any) -> bool:
    """Whether an ``__init_subclass__`` may go through the members that a class has from its bases, too."""
    node = _node_of(unwrapped(hook))
    used = (getattr(one, "id", getattr(one, "attr", "")) for one in ast.walk(node)) if node is not None else ()
    return not _GOES_THROUGH.isdisjoint(used)


def seen_by_metaclass(metaclass: type) -> frozenset[str] | None:
    """The names of the members that a metaclass looks at or sets while it makes a class; None: it may look at any."""
    seen: set[str] = set()
    for one in metaclass.__mro__:
        if one in (type, object, abc.ABCMeta):
            continue
        own = vars(one)
        if "__prepare__" in own:
            return None
        makers = [(own.get("__new__"), None), (own.get("__init__"), 0)]
        for maker, class_at in makers:
            if maker is None:
                continue
            function = unwrapped(maker)
            node = _node_of(function)
            names = None if node is None else _seen(node, function.__globals__, class_at=class_at, space_at=3)
            if names is None:
                return None
            seen |= names
    return frozenset(seen)


def is_plain(cls: type, name: str) -> bool:
    """Whether looking at a member gives a value, and not a method that would look at others when it is called."""
    value = inspect.getattr_static(cls, name, None)
    return not hasattr(type(value), "__get__")


def _node_of(function: Any) -> ast.FunctionDef | None:
    return function_node(function.__code__) if isinstance(function, FunctionType) else None


def _seen(
    node: ast.FunctionDef, around: Mapping[str, Any], *, class_at: int | None, space_at: int | None
) -> frozenset[str] | None:
    arguments = [one.arg for one in (*node.args.posonlyargs, *node.args.args)]
    if any(place is not None and place >= len(arguments) for place in (class_at, space_at)):
        return None
    classes = set() if class_at is None else {arguments[class_at]}
    spaces = set() if space_at is None else {arguments[space_at]}
    for one in ast.walk(node):
        match one:
            case ast.Assign(targets=[ast.Name(id=name)], value=ast.Call(func=ast.Attribute(attr="__new__"))):
                classes.add(name)
    return _Look(node, classes, spaces, around).names()


class _Look:
    """One function, the names in it that stand for the class, and those that stand for its namespace.

    ``around``: the names of its module.
    """

    def __init__(self, node: ast.FunctionDef, classes: set[str], spaces: set[str], around: Mapping[str, Any]) -> None:
        self._around = around
        self._body = [inner for statement in node.body for inner in ast.walk(statement)]
        self._classes, self._spaces = classes, spaces
        self._loops = {
            one.target.id: texts_in(one.iter)
            for one in self._body
            if isinstance(one, ast.For) and isinstance(one.target, ast.Name)
        }
        self._told: set[int] = set()  # places where a name of the class or namespace stands and is understood
        self._odd = False

    def names(self) -> frozenset[str] | None:
        seen = {name for one in self._body for name in self._look(one)}
        mentions = (one for one in self._body if isinstance(one, ast.Name))
        understood = all(id(one) in self._told for one in mentions if one.id in self._classes or one.id in self._spaces)
        return frozenset(seen) if understood and not self._odd else None

    def _look(self, node: ast.AST) -> Iterator[str]:
        match node:
            case ast.Name(id=name) if name in _WHOLE:
                self._odd = True
            case ast.Attribute(value=ast.Call(func=ast.Name(id="super")), attr=attr) if attr not in _MAKERS:
                self._odd = True
            case ast.Attribute(value=value, attr=attr) if self._is_class(value):
                if attr in _LABELS:
                    self._tell(value)
                elif attr == "__doc__" or not attr.startswith("__"):
                    self._tell(value)
                    yield attr
            case ast.Call(func=ast.Name(id=called), args=[value, key, *_]) if called in _LOOKS and self._is_class(
                value
            ):
                yield from self._by_key(value, key)
            case ast.Call(func=ast.Name(id=called), args=[value, asked]) if called in _CHECKS and self._has_no_say(
                asked
            ):
                self._tell(value)
            case ast.Call(func=ast.Attribute(value=owner, attr=attr), args=arguments) if attr in _MAKERS or (
                attr in _STORES and is_plain_object(owner, self._around)
            ):
                # Kept in a registry, or handed to what makes the class.
                for one in (part for argument in arguments for part in displayed(argument)):
                    self._tell(one)
                if attr in _OF_DICTS:
                    yield from self._in_space(node)
            case ast.Call():
                yield from self._in_space(node)
            case ast.Subscript(value=space, slice=key):
                yield from self._by_key(self._space(space), key)
            case ast.Compare(left=left, ops=[ast.In() | ast.NotIn()], comparators=[space]):
                self._tell(left)
                yield from self._by_key(self._space(space), left)
            case ast.Compare(left=left, ops=[ast.Is() | ast.IsNot() | ast.Eq() | ast.NotEq()], comparators=[right]):
                self._tell(left)
                self._tell(right)
            case ast.Assign(targets=targets, value=value):
                if any(self._is_container(target) for target in targets):
                    for one in displayed(value):
                        self._tell(one)
                if (
                    isinstance(value, ast.Call)
                    and isinstance(value.func, ast.Attribute)
                    and value.func.attr == "__new__"
                ):
                    for target in targets:
                        self._tell(target)
            case ast.Return(value=ast.expr() as value):
                self._tell(value)

    def _is_container(self, target: ast.expr) -> bool:
        return isinstance(target, ast.Subscript) and is_plain_object(target.value, self._around)

    def _in_space(self, node: ast.Call) -> Iterator[str]:
        match node:
            case ast.Call(func=ast.Attribute(value=space, attr=attr), args=[key, *_]) if attr in _OF_DICTS:
                yield from self._by_key(self._space(space), key)

    def _by_key(self, owner: ast.expr | None, key: ast.expr) -> Iterator[str]:
        """The members that an owner's name and a key lead to, where it is written out what the key is."""
        match key:
            case ast.Constant(value=str() as text):
                texts: tuple[str, ...] = (text,)
            case ast.Name(id=name):
                texts = self._loops.get(name, ())
            case _:
                texts = ()
        if owner is not None and texts:
            self._tell(owner)
            yield from texts

    def _space(self, node: ast.expr) -> ast.expr | None:
        """The name whose namespace an expression is: ``ns``, ``cls.__dict__``, ``vars(cls)``."""
        match node:
            case ast.Name(id=name) if name in self._spaces:
                return node
            case ast.Attribute(value=value, attr="__dict__") if self._is_class(value):
                return value
            case ast.Call(func=ast.Name(id="vars"), args=[value]) if self._is_class(value):
                return value
        return None

    def _has_no_say(self, asked: ast.expr) -> bool:
        """Whether only bases decide who belongs to a class: no hook of its own (PEP 3119), no Protocol (PEP 544)."""
        if isinstance(asked, ast.Tuple):
            return all(map(self._has_no_say, asked.elts))
        cls = resolve(dotted(asked), self._around)
        if not issubclass(type(cls), type):
            return False
        own = (vars(one) for one in cls.__mro__ if one is not object)
        return type(cls) in (type, abc.ABCMeta) and not any("__subclasshook__" in names for names in own)

    def _is_class(self, node: ast.expr) -> bool:
        return isinstance(node, ast.Name) and node.id in self._classes

    def _tell(self, node: ast.expr) -> None:
        self._told.add(id(node))
