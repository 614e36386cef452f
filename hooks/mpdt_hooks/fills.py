"""Statements that only add to an object, or store into it, that the body around them has just made. Pure.

``names = []`` and ``for one in TABLE: names.append(one)`` make one value, ``def f(): ...`` and ``f.help = "h"`` one
function: they run again together, from a fresh object.
"""

from __future__ import annotations

import ast
from collections.abc import Mapping

# Methods of lists, dicts and sets that change them and hand nothing on.
_ADDING = frozenset(
    {"append", "extend", "insert", "add", "update", "setdefault", "remove", "discard", "sort", "reverse", "clear"}
)
_OWN_NAMESPACE = frozenset({"locals", "vars"})
# What the class statement itself puts into its namespace, or looks for in it.
_SPECIAL = frozenset({"__doc__", "__annotations__", "__classcell__", "__module__", "__qualname__", "__type_params__"})


def added_to(node: ast.expr) -> str:
    """The name of what a bare expression adds to (``x`` of ``x.append(1)``), else ""."""
    match node:
        case ast.Call(func=ast.Attribute(value=ast.Name(id=name), attr=method)) if method in _ADDING:
            return name
    return ""


def stored_into(target: ast.expr) -> str:
    """What the target of an assignment stores into: ``x`` of ``x[key]``, ``f.help`` of ``f.help``, else "".

    Of the attributes that a function has by itself only its docstring: the others say what it is.
    """
    match target:
        case ast.Subscript(value=ast.Name(id=name)):
            return name
        case ast.Attribute(value=ast.Name(id=name), attr=attribute):
            own = attribute.startswith("__") and attribute.endswith("__") and attribute != "__doc__"
            return "" if own else f"{name}.{attribute}"
    return ""


def is_own_namespace(node: ast.expr) -> bool:
    """Whether an expression of a class body gives the names of the class: ``locals()``."""
    match node:
        case ast.Call(func=ast.Name(id=called), args=[], keywords=[]):
            return called in _OWN_NAMESPACE
    return False


def named_by(key: ast.expr, loops: Mapping[str, tuple[str, ...]]) -> tuple[str, ...]:
    """The names that ``locals()[key] = value`` binds in a class body, as far as it is written out what they are.

    ``loops``: the texts that names of loops stand for.
    """
    match key:
        case ast.Constant(value=str() as text):
            texts: tuple[str, ...] = (text,)
        case ast.Name(id=name):
            texts = loops.get(name, ())
        case _:
            return ()
    # A private name would be mangled in the source, and is not in a text.
    odd = any(text in _SPECIAL or (text.startswith("__") and not text.endswith("__")) for text in texts)
    return () if odd else texts


def is_rebound(name: str, body: list[ast.stmt]) -> bool:
    """Whether a loop's body binds the loop's name to something else."""
    stores = (node for statement in body for node in ast.walk(statement) if isinstance(node, ast.Name))
    return any(node.id == name and not isinstance(node.ctx, ast.Load) for node in stores)
