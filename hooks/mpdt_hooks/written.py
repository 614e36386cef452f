"""Loops and blocks whose effect is written out: labels of a module's exports, names that are bound to texts. Pure."""

from __future__ import annotations

import ast

from mpdt_hooks.names import dotted, texts_in

NAMESPACE_CALLS = frozenset({"globals", "locals", "vars"})


def label_of(node: ast.stmt) -> str | None:
    """The attribute that a loop gives to what its names lead to: ``for n in __all__: setattr(locals()[n], "a", "b")``.

    None for any other statement. The names are those in one list, and may be picked by how they begin or end.
    """
    match node:
        case ast.For(target=ast.Name(id=name), iter=ast.Name(), body=[inner], orelse=[]):
            if isinstance(inner, ast.If) and not inner.orelse and len(inner.body) == 1 and _picks(inner.test, name):
                inner = inner.body[0]
            match inner:
                case ast.Expr(
                    ast.Call(
                        func=ast.Name(id="setattr"),
                        args=[
                            ast.Subscript(value=space, slice=ast.Name(id=key)),
                            ast.Constant(value=str() as attribute),
                            ast.Constant() | ast.Name(id="__name__"),
                        ],
                        keywords=[],
                    )
                ) if key == name and _is_namespace(space):
                    return attribute
    return None


def _is_namespace(node: ast.expr) -> bool:
    match node:
        case ast.Name():
            return True
        case ast.Call(func=ast.Name(id=called), args=[], keywords=[]):
            return called in NAMESPACE_CALLS
    return False


def _picks(test: ast.expr, name: str) -> bool:
    """Whether a condition looks at nothing but the text of a name."""
    match test:
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            return _picks(operand, name)
        case ast.BoolOp(values=values):
            return all(_picks(value, name) for value in values)
        case ast.Call(func=ast.Attribute(value=ast.Name(id=of), attr=method), args=[ast.Constant()], keywords=[]):
            return of == name and method in ("startswith", "endswith")
        case ast.Compare(left=ast.Name(id=of), ops=[ast.Eq() | ast.NotEq()], comparators=[ast.Constant()]):
            return of == name
    return False


def text_names(node: ast.stmt) -> set[str]:
    """The names that a block binds to texts only: ``for name in list(sys.modules)``, ``key = module.__name__``."""
    values: dict[str, list[ast.expr | None]] = {}
    stored = {id(one): one.id for one in ast.walk(node) if isinstance(one, ast.Name) and isinstance(one.ctx, ast.Store)}
    for inner in ast.walk(node):
        match inner:
            case ast.Assign(targets=[ast.Name() as target], value=value):
                values.setdefault(target.id, []).append(value)
                stored.pop(id(target))
            case ast.For(target=ast.Name() as target, iter=iterable):
                values.setdefault(target.id, []).append(None if _gives_texts(iterable) else iterable)
                stored.pop(id(target))
    texts = set(values) - set(stored.values())
    while True:
        wrong = {name for name in texts if not all(_is_text_of(value, texts) for value in values[name])}
        if not wrong:
            return texts
        texts -= wrong


_TEXT_METHODS = frozenset({"replace", "strip", "lower", "upper", "removeprefix", "removesuffix", "format"})


def _gives_texts(iterable: ast.expr) -> bool:
    match iterable:
        case ast.Call(func=ast.Name(id="list" | "tuple" | "sorted" | "set"), args=[inner], keywords=[]):
            return _gives_texts(inner)
        case ast.Attribute():
            return dotted(iterable) == "sys.modules"
    return bool(texts_in(iterable))


def _is_text_of(value: ast.expr | None, texts: set[str]) -> bool:
    match value:
        case None | ast.JoinedStr() | ast.Constant(value=str()) | ast.Attribute(attr="__name__"):
            return True
        case ast.Call(func=ast.Attribute(value=ast.Name(id=name), attr=method)):
            return name in texts and method in _TEXT_METHODS
    return False
