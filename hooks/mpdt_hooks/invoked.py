"""What a function calls of what it is handed, while it is called itself: ``f()``, ``cls.get()``. Pure.

A decorator that only wraps a function, or keeps it, has the function's new code by itself; one that has called it holds
a result of the old code. So does a hook or a metaclass that has called a method of the class which it was told of.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from typing import TypeAlias

from mpdt_hooks.names import dotted

ITSELF = "()"  # what is handed over is called
ANYTHING = "*()"  # something that is got from it is called, and it cannot be told what
LOOKED = ":"  # begins the name of an attribute that is looked at: a property is called by that
IMPLICIT = "__*__"  # an operator or a builtin uses it: a special method is called
HANDED = ">"  # begins the name of a function that it is handed on to
SET = "__setattr__"  # ends such a name: it is stored as an attribute, or under a ``global`` or ``nonlocal`` name
SET_ON = "="  # it is stored as an attribute of something else that is handed over
UNKNOWN = "?"  # something that is not told by the names which the function reads is called: ``self.hooks[0].run()``
ADDING = frozenset({"append", "add", "insert", "extend", "update", "setdefault", "appendleft"})
_BINDING = (ast.Assign, ast.AnnAssign, ast.NamedExpr, ast.For, ast.comprehension, ast.Match, ast.ExceptHandler)
_Function: TypeAlias = ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda

# Texts and the like: calling their methods calls nothing of the plugin's.
_PLAIN = frozenset({"__name__", "__qualname__", "__module__", "__doc__", "__annotations__", "__code__"})
_TEXTS = frozenset({"__name__", "__qualname__", "__module__"})
# Builtins, and functions of the standard library, that call what they are handed.
_CALLERS = frozenset(
    {"map", "filter", "sorted", "min", "max", "reduce", "functools.reduce", "asyncio.run", "re.sub", "re.subn", "run"}
)
_HIDDEN = frozenset({"eval", "exec", "locals"})  # they reach what is handed over without its name
# Builtins whose answers are plain.
TELLING = frozenset({"hasattr", "isinstance", "issubclass", "callable", "len", "id", "repr", "str", "bool", "hash"})
# Methods of containers and texts, which call nothing of the plugin's unless it has such a method itself.
_PLAIN_METHODS = ADDING | {"get", "items", "keys", "values", "pop", "copy", "remove", "discard", "clear", "index"}
_PLAIN_METHODS |= {"debug", "info", "warning", "error", "critical", "exception", "log"}  # of a logger
_PLAIN_METHODS |= {"format", "join", "split", "strip", "lower", "upper", "startswith", "endswith", "replace", "lstrip"}
_KEEPING = ADDING | {"__setitem__", SET}
# Builtins that use special methods of what they are handed.
_USING = frozenset(
    {"str", "repr", "len", "bool", "hash", "format", "print", "iter", "next", "list", "tuple", "set", "dict", "sum"}
    | {"int", "float", "bytes", "abs", "round", "reversed", "any", "all", "enumerate", "zip", "vars", "dir"}
)


def invoked(function: _Function, nodes: Sequence[ast.AST] | None = None) -> set[str]:
    """What the function calls of its parameters when it is called: ``ITSELF``, ``.method``, ``>who`` gets it.

    ``nodes``: the calls in it and what binds names, of a function that has no others in it. An object's own methods,
    called on ``self``, are not meant; nor are a class's own, of a class method.
    """
    arguments = function.args
    every = [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs, arguments.vararg, arguments.kwarg]
    parameters = {one.arg for one in every if one is not None} - {"self", _class_of(function)}
    if not parameters:
        return set()
    if nodes is None:
        nodes = _with_called_functions(function)
    handed = _handed(parameters, nodes)
    kept = handed | _wrappers(handed, nodes)
    outer = {name for node in nodes if isinstance(node, ast.Global | ast.Nonlocal) for name in node.names}
    given = {
        name for node in nodes for name in (*_hands_on(node, handed, kept), *_stores(node, parameters, kept, outer))
    }
    keepers = {name.removeprefix(HANDED).rpartition(".")[0] for name in given if name.rpartition(".")[2] in _KEEPING}
    keepers -= {""}
    if keepers:
        handed = _handed(handed.union(_had_from(keepers, nodes)), nodes)
        had = handed | keepers | _wrappers(handed, nodes)
        given |= {name for node in nodes for name in _hands_on(node, handed, had)}
    bound = {one.id for node in nodes if isinstance(node, _BINDING) for one in _targets(node)} - handed
    plain = {id(node.func) for node in nodes if isinstance(node, ast.Call) and _is_plain_method(node.func)}
    found = (
        name
        for node in nodes
        for name in (
            *_calls(node, parameters, handed),
            *_uses(node, handed),
            *_goes_through(node, keepers),
            *_hides(node, bound, plain),
        )
    )
    return given.union(found)


def _class_of(function: _Function) -> str:
    """The name that a class method has for its class; "" of any other function."""
    decorators = [] if isinstance(function, ast.Lambda) else [dotted(one) for one in function.decorator_list]
    arguments = [*function.args.posonlyargs, *function.args.args]
    return arguments[0].arg if arguments and "classmethod" in decorators else ""


def invoked_within(function: ast.FunctionDef | ast.AsyncFunctionDef) -> set[str]:
    """The same of the functions in it together, one level down: a decorator with arguments returns such a one.

    Of a class in it, the methods, and theirs: it may return an object.
    """
    nodes = list(_run(function.body))
    classes = [one for one in nodes if isinstance(one, ast.ClassDef)]
    methods = [one for cls in classes for one in cls.body if isinstance(one, ast.FunctionDef | ast.AsyncFunctionDef)]
    inner = [one for one in nodes if isinstance(one, ast.FunctionDef | ast.AsyncFunctionDef)]
    found = {name for one in inner for name in invoked(one)}
    return found.union(*(invoked_within(one) for one in methods))


def _run(body: Sequence[ast.AST]) -> Iterator[ast.AST]:
    """The nodes that run when a body does: not those of the functions in it, but their decorators and defaults."""
    pending = list(body)
    while pending:
        node = pending.pop()
        yield node
        if isinstance(node, _Function):
            pending += [one for one in (*node.args.defaults, *node.args.kw_defaults) if one is not None]
            pending += [] if isinstance(node, ast.Lambda) else node.decorator_list
        else:
            pending.extend(ast.iter_child_nodes(node))


def _with_called_functions(function: _Function) -> list[ast.AST]:
    """What runs when the function is called: the bodies of the functions in it that it calls by name, too."""
    nodes = list(_run([function.body] if isinstance(function, ast.Lambda) else function.body))
    seen: set[str] = set()
    while True:
        called = {dotted(node.func) for node in nodes if isinstance(node, ast.Call)} - seen
        more = [one for one in nodes if isinstance(one, ast.FunctionDef | ast.AsyncFunctionDef) and one.name in called]
        if not more:
            return nodes
        seen |= called
        nodes += [node for one in more for node in _run(one.body)]


def _handed(parameters: set[str], nodes: Sequence[ast.AST]) -> set[str]:
    """The parameters, and the names that are bound to what is got from them."""
    handed = set(parameters)
    binding = [node for node in nodes if isinstance(node, _BINDING)]
    while True:
        more = {name for node in binding for name in _bound_from(node, handed)} - handed
        if not more:
            return handed
        handed |= more


def _bound_from(node: ast.AST, handed: set[str]) -> Iterator[str]:
    match node:
        case ast.Assign(targets=targets, value=value) if _is_from(value, handed):
            parts = [one for target in targets for one in ast.walk(target)]
            yield from (one.id for one in parts if isinstance(one, ast.Name) and one.id != "self")
            yield from (dotted(one) for one in targets if isinstance(one, ast.Attribute) and dotted(one))
        case (
            ast.AnnAssign(target=ast.Name(id=name), value=value) | ast.NamedExpr(target=ast.Name(id=name), value=value)
        ):
            if value is not None and _is_from(value, handed):
                yield name
        case ast.For(target=target, iter=iterable) | ast.comprehension(target=target, iter=iterable):
            if _is_from(iterable, handed):
                yield from (one.id for one in ast.walk(target) if isinstance(one, ast.Name))
        case ast.Match(subject=subject, cases=cases) if _is_from(subject, handed):
            patterns = [part for one in cases for part in ast.walk(one.pattern)]
            yield from (one.name for one in patterns if isinstance(one, ast.MatchAs | ast.MatchStar) and one.name)
            yield from (one.rest for one in patterns if isinstance(one, ast.MatchMapping) and one.rest)
        case ast.ExceptHandler(name=str() as name):  # it may have been raised with anything
            yield name


def _is_from(node: ast.expr, handed: set[str]) -> bool:
    """Whether an expression's value is, or may hold, something that was got from what is handed over."""
    match node:
        case ast.Name(id=name):
            return name in handed
        case ast.Attribute(value=value, attr=attr):
            return attr not in _PLAIN and (_is_from(value, handed) or dotted(node) in handed)
        case (
            ast.Subscript(value=value) | ast.Starred(value=value) | ast.Await(value=value) | ast.NamedExpr(value=value)
        ):
            return _is_from(value, handed)
        case ast.Call(func=func) if dotted(func) in TELLING:
            return False
        case ast.Call(func=func, args=args, keywords=keywords):
            values = (func, *args, *(keyword.value for keyword in keywords))
            return any(_is_from(one, handed) for one in values)
        case ast.Tuple(elts=parts) | ast.List(elts=parts) | ast.Set(elts=parts) | ast.BoolOp(values=parts):
            return any(_is_from(part, handed) for part in parts)
        case ast.IfExp(body=body, orelse=orelse):
            return _is_from(body, handed) or _is_from(orelse, handed)
        case ast.Dict(values=values):
            return any(_is_from(value, handed) for value in values)
        case ast.Lambda(body=body):
            return _mentions(body, handed)
    return False


def _wrappers(handed: set[str], nodes: Sequence[ast.AST]) -> set[str]:
    """The names of the functions in it that have something which is handed over, and of those that have them."""
    inner = [node for node in nodes if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]
    found: set[str] = set()
    while True:
        more = {one.name for one in inner if any(_mentions(part, handed | found) for part in one.body)} - found
        if not more:
            return found
        found |= more


def _mentions(node: ast.AST, names: set[str]) -> bool:
    """Whether one of the names is in an expression, other than to be asked for a text or the like."""
    pending = [node]
    while pending:
        one = pending.pop()
        match one:
            case ast.Name(id=name) if name in names:
                return True
            case ast.Attribute() if dotted(one) in names:
                return True
            case ast.Attribute(value=ast.Name(), attr=attr) if attr in _PLAIN:
                continue
            case ast.Call(func=func) if dotted(func) in TELLING:
                continue
        pending.extend(ast.iter_child_nodes(one))
    return False


def _had_from(keepers: set[str], nodes: Sequence[ast.AST]) -> Iterator[str]:
    """The names that are bound to what comes from containers into which the function has put something."""
    for node in nodes:
        match node:
            case ast.For(target=target, iter=source) | ast.comprehension(target=target, iter=source):
                targets = [target]
            case ast.Assign(targets=targets, value=source):
                pass
            case _:
                continue
        if _names_one(source, keepers):
            yield from (one.id for target in targets for one in ast.walk(target) if isinstance(one, ast.Name))


def _targets(node: ast.AST) -> Iterator[ast.Name]:
    """The names that a node binds."""
    targets = getattr(node, "targets", [getattr(node, "target", None)])
    names = (one for target in targets if target for one in ast.walk(target) if isinstance(one, ast.Name))
    yield from (one for one in names if isinstance(one.ctx, ast.Store))


def _is_plain_method(func: ast.expr) -> bool:
    return isinstance(func, ast.Attribute) and func.attr in _PLAIN_METHODS


def _hides(node: ast.AST, bound: set[str], plain: set[int]) -> Iterator[str]:
    """A call, or an attribute that may be a property, of something that the function has got from somewhere.

    ``bound``: the names that it binds; ``plain``: the attributes that are methods of containers and the like.
    """
    match node:
        case ast.Call(func=ast.Name(id=name)) if name in bound:
            yield UNKNOWN
        case ast.Call(func=ast.Call() | ast.Subscript() | ast.IfExp() | ast.BoolOp() | ast.NamedExpr()):
            yield UNKNOWN
        case ast.Call(func=ast.Attribute() as looked) | (ast.Attribute(ctx=ast.Load()) as looked):
            name = dotted(looked.value)
            head = name.partition(".")[0]
            is_got = not name or head in bound or (head in ("self", "cls") and "." in name)
            if is_got and id(looked) not in plain:
                yield UNKNOWN


def _goes_through(node: ast.AST, keepers: set[str]) -> Iterator[str]:
    """What it calls of what such containers hold: ``ALL[0]()``, ``ALL.sort(key=...)``."""
    if not keepers or not isinstance(node, ast.Call):
        return
    if _calls_what_it_gets(dotted(node.func)) and any(_mentions(one, keepers) for one in node.args):
        yield ANYTHING
    if isinstance(node.func, ast.Subscript | ast.Call) and _names_one(node.func, keepers):
        yield ANYTHING
    for key in (one.value for one in node.keywords if one.arg == "key" and _names_one(node, keepers)):
        if isinstance(key, ast.Lambda):
            yield from (ANYTHING for one in ast.walk(key.body) if isinstance(one, ast.Call))
        else:
            yield HANDED + dotted(key) if dotted(key) else ANYTHING


def _names_one(node: ast.AST, names: set[str]) -> bool:
    return any(dotted(one) in names for one in ast.walk(node) if isinstance(one, ast.Name | ast.Attribute))


def _stores(node: ast.AST, parameters: set[str], kept: set[str], outer: set[str]) -> Iterator[str]:
    """``TABLE[name] = f`` hands it on to what the table is; so does ``STATE.current = f``."""
    targets: list[ast.expr]
    match node:
        case ast.Assign(targets=targets, value=value):
            pass
        case ast.AugAssign(value=value) | ast.NamedExpr(value=value) | ast.AnnAssign(value=ast.expr() as value):
            targets = [node.target]
        case ast.Call(func=ast.Name(id="setattr"), args=[base, _, value]):
            targets = [ast.Attribute(base, "", ast.Store())]
        case _:
            return
    if _mentions(value, kept):
        for target in (part for one in targets for part in ast.walk(one)):
            yield from _stored_in(target, parameters, outer)


def _stored_in(target: ast.AST, parameters: set[str], outer: set[str]) -> Iterator[str]:
    match target:
        case ast.Subscript(value=base, ctx=ast.Store()):
            yield from _kept_by(dotted(base), "__setitem__", ".__setitem__", parameters)
        case ast.Attribute(value=base, ctx=ast.Store()):
            yield from _kept_by(dotted(base), SET, SET_ON, parameters)
        case ast.Name(id=name) if name in outer:
            yield f"{HANDED}{name}.{SET}"


def _kept_by(base: str, method: str, of_parameter: str, parameters: set[str]) -> Iterator[str]:
    if base:
        yield of_parameter if base.partition(".")[0] in parameters else f"{HANDED}{base}.{method}"


def _hands_on(node: ast.AST, handed: set[str], kept: set[str]) -> Iterator[str]:
    """Whom it hands what it was handed, or a function in it that has it."""
    if not isinstance(node, ast.Call):
        return
    callee = dotted(node.func)
    if not callee or callee.partition(".")[0] in handed or _calls_what_it_gets(callee):
        return
    if any(_mentions(one, kept) for one in (*node.args, *(keyword.value for keyword in node.keywords))):
        yield HANDED + callee


def _uses(node: ast.AST, handed: set[str]) -> Iterator[str]:
    """What is called without a call: properties, and special methods by operators, loops and ``with``."""
    match node:
        case ast.Attribute(value=value, attr=attr, ctx=ast.Load()):
            if attr not in _TEXTS | ADDING and _is_from(value, handed):
                yield LOOKED + attr
            return
        case ast.FormattedValue(value=value) | ast.UnaryOp(operand=value) | ast.withitem(context_expr=value):
            used = [value]
        case ast.For(iter=value) | ast.comprehension(iter=value) | ast.Starred(value=value) | ast.Await(value=value):
            used = [value]
        case ast.Subscript(value=value, slice=key):
            used = [value, key]
        case ast.BinOp(left=left, right=right):
            used = [left, right]
        case ast.Compare(left=left, ops=ops, comparators=others):
            used = [] if all(isinstance(op, ast.Is | ast.IsNot) for op in ops) else [left, *others]
        case ast.If(test=test) | ast.IfExp(test=test) | ast.While(test=test):
            used = [test]
        case ast.Call(func=func, args=args) if dotted(func) in _USING:
            used = list(args)
        case _:
            return
    if any(_is_from(one, handed) for one in used):
        yield IMPLICIT


def _calls(node: ast.AST, parameters: set[str], handed: set[str]) -> Iterator[str]:
    if not isinstance(node, ast.Call):
        return
    match node.func:
        case ast.Name(id=name) if name in handed:
            yield ITSELF if name in parameters else ANYTHING
        case ast.Attribute() if dotted(node.func) in handed:  # ``self.f()``, after ``self.f = f``
            yield ANYTHING
        case ast.Attribute(value=value, attr=attr) if not _added_to(node.func, handed) and _is_from(value, handed):
            yield ANYTHING if attr in ("__func__", "__call__", "__wrapped__", "__get__") else f".{attr}"
        case ast.Subscript() | ast.Call() if _is_from(node.func, handed):
            yield ANYTHING
    given = (*node.args, *(keyword.value for keyword in node.keywords))
    callee = dotted(node.func)
    if callee and callee.partition(".")[0] not in handed and any(_is_from(one, handed) for one in given):
        if _calls_what_it_gets(callee):
            yield ANYTHING
    elif not callee and not _is_super(node.func) and any(_is_from(one, handed) for one in given):
        yield ANYTHING if not (added := _added_to(node.func, handed)) else HANDED + added  # ``copy_context().run(f)``
    if callee in _HIDDEN:
        yield ANYTHING


def _added_to(func: ast.expr, handed: set[str]) -> str:
    """``X.append`` for ``X[k].append`` and ``X.setdefault(k, []).append``; "" for what does not add to a container."""
    match func:
        case ast.Attribute(value=ast.Subscript(value=owner), attr=attr) if attr in ADDING:
            pass
        case ast.Attribute(value=ast.Call(func=ast.Attribute(value=owner, attr="setdefault" | "get")), attr=attr) if (
            attr in ADDING
        ):
            pass
        case _:
            return ""
    name = dotted(owner)
    return f"{name}.{attr}" if name and name.partition(".")[0] not in handed else ""


def _calls_what_it_gets(callee: str) -> bool:
    return callee in _CALLERS or callee.endswith(".sort")


def _is_super(func: ast.expr) -> bool:
    return isinstance(func, ast.Attribute) and isinstance(func.value, ast.Call) and dotted(func.value.func) == "super"
