"""Does making a definition, or calling a function, leave something in the plugin's objects? Told from the source.

``traceless.py`` asks for proof of the opposite, because a decorator that runs again must be known to be harmless. Here
evidence is looked for, in the plugin's own functions: what a library does is its own affair.
"""

from __future__ import annotations

import ast
import inspect
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from types import FunctionType, MethodType, ModuleType
from typing import Any

from mpdt_hooks.inert import function_node
from mpdt_hooks.names import dotted

_DEPTH = 6  # of calls that are followed
_MAKERS = ("__new__", "__init__", "__post_init__", "model_post_init")
CHANGES = frozenset(
    {"append", "add", "insert", "extend", "update", "setdefault", "appendleft", "pop", "popitem", "popleft"}
    | {"remove", "discard", "clear", "sort", "reverse", "register", "__setitem__", "__setattr__"}
)
# Functions of ``bisect``, ``heapq`` and ``random`` that change the list which they are handed.
SORTERS = frozenset(
    {"insort", "insort_left", "insort_right", "heappush", "heappop", "heapreplace", "heapify", "shuffle"}
)
_DISPLAYS = (ast.Dict, ast.List, ast.Set, ast.DictComp, ast.ListComp, ast.SetComp, ast.Constant, ast.JoinedStr)
_COPYING = frozenset({"list", "dict", "set", "sorted", "bytearray"})
_TYPED = frozenset({"dict", "Dict", "list", "List", "set", "Set"})
_PLAIN = frozenset({"str", "bytes", "int", "float", "bool", "complex"})
_Def = ast.FunctionDef | ast.AsyncFunctionDef


def is_seen(cls: type, modules: Collection[str]) -> bool:
    """Whether something of the plugin's may have noted a class when it was made: a hook of a base, or its metaclass."""
    for base in cls.__mro__[1:]:
        hook = getattr(vars(base).get("__init_subclass__"), "__func__", None)
        if isinstance(hook, FunctionType) and leaves_traces(hook, modules, own=1):
            return True
    makers = (getattr(type(cls), name, None) for name in ("__new__", "__init__"))
    return any(isinstance(one, FunctionType) and leaves_traces(one, modules, own=1) for one in makers)


def is_counted(cls: type, modules: Collection[str]) -> bool:
    """Whether making a class has moved something on that gives the next one another."""
    hook = getattr(getattr(cls, "__init_subclass__", None), "__func__", None)
    makers = (hook, *(getattr(type(cls), name, None) for name in ("__new__", "__init__")))
    return any(isinstance(one, FunctionType) and counts(one, modules) for one in makers)


def tells_others(descriptor: Any, modules: Collection[str]) -> bool:
    """Whether ``__set_name__`` of a descriptor does more than to set attributes of the descriptor."""
    hook = getattr(type(descriptor), "__set_name__", None)
    return isinstance(hook, FunctionType) and leaves_traces(hook, modules, own=1)


def leaves_traces(
    value: Any,
    modules: Collection[str],
    *,
    own: int = 0,
    alone: bool = False,
    within: bool = False,
    depth: int = _DEPTH,
    owner: type | None = None,
) -> bool:
    """Whether calling it stores something in an object that it has not made.

    ``own``: how many arguments are its own. ``alone``: it is handed nothing that anybody else has, only constants.
    ``within``: what it returns is called, too: a decorator with arguments.
    """
    if issubclass(type(value), type):
        found = [one for one in (getattr(value, name, None) for name in _MAKERS) if isinstance(one, FunctionType)]
        return any(leaves_traces(one, modules, own=1, alone=alone, depth=depth, owner=value) for one in found)
    function: Any = value.__func__ if isinstance(value, MethodType) else value
    if hasattr(type(function), "cache_parameters"):  # of ``lru_cache``
        function = function.__wrapped__
    if not isinstance(function, FunctionType) and type(value).__module__ in modules:
        function = vars(type(value)).get("__call__")  # an object of the plugin's
    if not isinstance(function, FunctionType) or function.__module__ not in modules or not depth:
        return False
    if function.__code__.co_filename.startswith("<"):  # generated, as by ``dataclass``
        return False
    node = function_node(function.__code__)
    if node is None:
        return False
    executed = tuple(executed_by(node))
    if within:
        executed += tuple(inner for one in executed if isinstance(one, _Def) for inner in executed_by(one))
    if owner is not None and any(_changes_class(one, owner) for one in executed):
        return True
    local = made_here(executed) | {argument.arg for argument in [*node.args.posonlyargs, *node.args.args][:own]}
    local |= arguments_of(node) if alone else set()
    changing = without_copies(node, executed, function, owner)
    return any(_is_trace(one, function, local, modules, depth) for one in changing)


def without_copies(
    node: _Def, executed: Sequence[ast.AST], function: FunctionType, owner: type | None
) -> Iterator[ast.AST]:
    """The nodes of what a function executes, without those that only change a copy which it has made."""
    copies, plain = _copies(node, executed), _plain_copies(node, executed, function, owner)
    in_place = {id(one.target) for one in executed if isinstance(one, ast.AugAssign) and not _is_text(one.value)}
    yield from (
        one
        for one in executed
        if not _changes_only(one, plain) and not (_changes_only(one, copies) and id(one) not in in_place)
    )


def counts(value: Any, modules: Collection[str], depth: int = _DEPTH) -> bool:
    """Whether calling it moves something on that gives the next caller another: a counter. Functions in it count."""
    if issubclass(type(value), type):
        hook = getattr(value, "__init_subclass__", None)
        makers = [*(getattr(value, name, None) for name in _MAKERS), getattr(hook, "__func__", None)]
        return any(isinstance(one, FunctionType) and counts(one, modules, depth) for one in makers)
    function: Any = value.__func__ if isinstance(value, MethodType) else value
    if not isinstance(function, FunctionType) or function.__module__ not in modules or not depth:
        return False
    node = function_node(function.__code__)
    for one in ast.walk(node) if node is not None else ():
        match one:
            case ast.AugAssign(target=ast.Attribute()) | ast.Global():
                return True
            case ast.Call(func=ast.Name(id="next"), args=[ast.Name(id=name)]) if name in function.__globals__:
                return True
            case ast.Call(func=ast.Name(id="next"), args=[ast.Attribute()]):
                return True
            case ast.Call(func=func):
                called = resolved(dotted(func), function)
                if called is not function and counts(called, modules, depth - 1):
                    return True
    return False


def _changes_class(node: ast.AST, owner: type) -> bool:
    """``self.all.append(self)`` where ``all`` is the class's."""
    match node:
        case ast.Call(func=ast.Attribute(value=ast.Attribute(value=ast.Name(), attr=name), attr=attr)):
            return attr in CHANGES and inspect.getattr_static(owner, name, None) is not None
        case ast.Subscript(value=ast.Attribute(value=ast.Name(), attr=name), ctx=ast.Store() | ast.Del()):
            return inspect.getattr_static(owner, name, None) is not None
    return False


def _is_trace(node: ast.AST, function: FunctionType, local: set[str], modules: Collection[str], depth: int) -> bool:
    match node:
        case ast.Global() | ast.Nonlocal():
            return True
        case (
            ast.Attribute(value=base, ctx=ast.Store() | ast.Del())
            | ast.Subscript(value=base, ctx=ast.Store() | ast.Del())
        ):
            return root_of(base) not in local
        case ast.Assign(targets=[ast.Attribute(attr="__dict__")]):  # it shares its state with whose that is
            return True
        case ast.Call(func=ast.Name(id="setattr"), args=[target, *_]):
            return root_of(target) not in local
        case ast.Call(func=func, args=[target, *_]) if dotted(func).rpartition(".")[2] in SORTERS:
            return root_of(target) not in local
        case ast.Call(func=ast.Attribute(value=base, attr=attr)) if (
            attr in CHANGES
            and root_of(base) not in local
            and not isinstance(resolved(dotted(base), function), ModuleType)
        ):
            return True
        case ast.Call(func=func):
            called = resolved(dotted(func), function)
            return called is not function and leaves_traces(called, modules, depth=depth - 1)
    return False


def root_of(node: ast.expr) -> str:
    """The name with which a chain of attributes, items and calls begins; "" if it begins with something else."""
    while isinstance(node, ast.Attribute | ast.Subscript | ast.Call):
        node = node.func if isinstance(node, ast.Call) else node.value
    return node.id if isinstance(node, ast.Name) else ""


def resolved(name: str, function: FunctionType) -> Any:
    head, *rest = name.split(".") if name else [""]
    names = dict(zip(function.__code__.co_freevars, function.__closure__ or (), strict=True))
    try:
        value = names[head].cell_contents if head in names else function.__globals__.get(head)
    except ValueError:  # not bound yet
        return None
    for part in rest:
        if value is None:
            return None
        owner = value if isinstance(value, ModuleType | type) else type(value)
        value = inspect.getattr_static(owner, part, None)
        value = getattr(value, "__func__", value)
    return value


def made_here(executed: Iterable[ast.AST]) -> set[str]:
    """Names that the function binds to what it makes itself alone: displays, comprehensions, functions."""
    made = {one.name for one in executed if isinstance(one, _Def | ast.ClassDef)}
    return made | bound_only_to(executed, lambda value: isinstance(value, _DISPLAYS))


def arguments_of(node: _Def) -> set[str]:
    """The parameters; a default that is no constant is there before the call."""
    given = node.args
    last = given.defaults and [*given.posonlyargs, *given.args][-len(given.defaults) :]
    defaults = [*zip(last or (), given.defaults, strict=True), *zip(given.kwonlyargs, given.kw_defaults, strict=True)]
    kept = {one.arg for one, default in defaults if default is not None and not isinstance(default, ast.Constant)}
    every = [*given.posonlyargs, *given.args, *given.kwonlyargs, *filter(None, (given.vararg, given.kwarg))]
    return {one.arg for one in every} - kept


def _copies(node: _Def, executed: Iterable[ast.AST]) -> set[str]:
    """Names of containers that each call makes anew, of things that it has not made: ``**extra``, ``list(given)``."""
    made = bound_only_to(executed, _makes_container)
    keywords = node.args.kwarg.arg if node.args.kwarg is not None else ""
    return made | ({keywords} if keywords and not _is_bound(keywords, executed) else set())


def _makes_container(value: ast.expr) -> bool:
    """``list(given)``, ``[0] * size``, ``bytearray(2) + rest``: a new one, whatever is in it."""
    match value:
        case ast.Call(func=func):
            return dotted(func) in _COPYING
        case ast.BinOp(left=left, op=ast.Mult() | ast.Add()):
            return isinstance(left, ast.List) or _makes_container(left)
    return False


def _plain_copies(
    node: _Def, executed: Iterable[ast.AST], function: FunctionType, owner: type | None
) -> Collection[str]:
    """Names of copies of what is said to hold text or numbers only: ``colors.copy()`` of a ``colors: dict[str, str]``.

    Nothing in such a copy can be changed in place.
    """
    arguments = [*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs]
    said = {one.arg: one.annotation for one in arguments}

    def holds_plain_values(value: ast.expr) -> bool:
        match value:
            case ast.IfExp(body=one, orelse=other):
                return holds_plain_values(one) and holds_plain_values(other)
            case ast.BoolOp(values=parts):
                return all(map(holds_plain_values, parts))
            case ast.Name(id=name):
                return name in said and not _is_bound(name, executed) and _says_plain_values(said[name])
            case ast.Call(func=ast.Attribute(value=ast.Name(id="self" | "cls"), attr=name)) if owner is not None:
                found = inspect.getattr_static(owner, name, None)
                called = getattr(found, "__func__", found)
            case ast.Call(func=func):
                called = resolved(dotted(func), function)
            case _:
                return False
        definition = function_node(called.__code__) if isinstance(called, FunctionType) else None
        return definition is not None and _says_plain_values(definition.returns)

    def is_copy(value: ast.expr) -> bool:
        match value:
            case ast.Call(func=ast.Attribute(value=copied, attr="copy"), args=[], keywords=[]):
                return holds_plain_values(copied)
        return False

    return bound_only_to(executed, is_copy)


def _says_plain_values(annotation: ast.expr | None) -> bool:
    """``dict[str, int]``, ``list[str] | None``: a container of what cannot be changed."""
    match annotation:
        case ast.BinOp(left=left, op=ast.BitOr(), right=ast.Constant(value=None)):
            return _says_plain_values(left)
        case ast.Subscript(value=ast.Name(id=name), slice=inner) if name in _TYPED:
            return all(isinstance(one, ast.Name) and one.id in _PLAIN for one in getattr(inner, "elts", [inner]))
    return False


def _is_text(value: ast.expr) -> bool:
    """Whether it is a text or number, so that nothing can be extended in place with it."""
    return isinstance(value, ast.Constant | ast.JoinedStr)


def _changes_only(node: ast.AST, copies: Collection[str]) -> bool:
    """``extra.pop("name")``, ``given[0] = 1``: the copy itself is changed, and nothing in it."""
    match node:
        case ast.Call(func=ast.Attribute(value=ast.Name(id=name))):
            return name in copies
        case ast.Subscript(value=ast.Name(id=name), ctx=ast.Store() | ast.Del()):
            return name in copies
    return False


def bound_only_to(executed: Iterable[ast.AST], fits: Callable[[ast.expr], bool]) -> set[str]:
    made, other = set[str](), list[ast.AST]()
    for one in executed:
        match one:
            case ast.Assign(targets=targets, value=value) if fits(value):
                made |= {target.id for target in targets if isinstance(target, ast.Name)}
            case ast.AnnAssign(target=ast.Name(id=name), value=ast.expr() as value) if fits(value):
                made.add(name)
            case _:
                other.append(one)
    return {name for name in made if not _is_bound(name, other)}


def _is_bound(name: str, executed: Iterable[ast.AST]) -> bool:
    """Whether a statement, a loop or the like binds a name."""
    for one in executed:
        match one:
            case ast.Assign(targets=targets):
                bound: list[ast.expr] = targets
            case ast.AnnAssign(target=target) | ast.For(target=target) | ast.NamedExpr(target=target):
                bound = [target]
            case ast.withitem(optional_vars=ast.expr() as target):
                bound = [target]
            case _:
                continue
        names = (part for target in bound for part in ast.walk(target) if isinstance(part, ast.Name))
        if any(one.id == name and isinstance(one.ctx, ast.Store) for one in names):
            return True
    return False


def executed_by(node: _Def) -> Iterator[ast.AST]:
    pending: list[ast.AST] = list(node.body)
    while pending:
        current = pending.pop()
        yield current
        if not isinstance(current, _Def | ast.Lambda):
            pending.extend(ast.iter_child_nodes(current))
