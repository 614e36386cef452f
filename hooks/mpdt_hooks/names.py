"""How the names that source uses are spelled in an outline: dotted as in the source, with marks of our own. Pure."""

from __future__ import annotations

import ast
import zlib
from dataclasses import dataclass

# Stand among the names that are read. The first: whatever name of the module, looked up in ``globals()`` or its kin.
# The second: which names there are, and in which order.
# The third: whatever module, found by a name that is made at run time (``sys.modules[name]``, ``import_module(name)``).
# ``PATH`` begins a dotted path that a function imports by itself (``::config.LIMIT``, ``::..config.LIMIT``).
NAMESPACE = "*"
ALL_NAMES = "**"
ANY_MODULE = "***"
OWN_NAMES = "****"  # the names of a class, looked into by a statement of its body (``locals()``)
PATH = "::"
OWN = "."  # begins the name of what a method calls, or looks at, of its first argument: ``.setup``
HELD = ".."  # begins the name of what it only keeps, or hands on, of that: ``self.loop = Loop(self.step)``
ANY_OWN = "..*"  # any of it, by a name that is made at run time: ``getattr(self, name)``
SPECIAL = "..__"  # an operator or a builtin uses it: ``len(self)``, ``for one in self``
GIVEN = "..>"  # begins the name of who it is handed to: ``Loop(self)``
LAMBDA = "<lambda "  # begins the name that a lambda has where a call is handed it, made of what it says
MEMBERS = "..+"  # it is handed on, or its members are gone through: ``dir(self)``, ``register(self)``
STORED = "="  # ends a name that is not read but stored to from outside: ``C.x = 1``
SAID = frozenset({"__doc__", "__annotations__", "__signature__"})  # what is said of a function or class
HEAP = frozenset({"gc.get_objects", "gc.get_referrers"})  # give objects that nobody need have named
MODULE_LOOKUPS = frozenset({"importlib.import_module", "import_module", "__import__"})


def is_own(name: str) -> bool:
    """Whether a name is that of what a method calls, or looks at, of its first argument."""
    return name.startswith(OWN) and not name.startswith(HELD)


@dataclass(frozen=True, slots=True)
class Imported:
    """One name of an import statement: ``from module import name as bound``, or ``import module as bound``."""

    module: str
    level: int
    name: str  # "" for ``import module``
    bound: str
    guarded: bool  # inside ``try``: a failure may be provided for
    lazy: bool  # inside a function: runs when that is called


def dotted(node: ast.expr) -> str:
    """``a.b.c`` of a plain attribute chain, else ""."""
    parts: list[str] = []
    current: ast.expr = node
    while isinstance(current, ast.Attribute):
        parts.append(current.attr)
        current = current.value
    if not isinstance(current, ast.Name):
        return ""
    parts.append(current.id)
    return ".".join(reversed(parts))


def whole(name: str) -> str:
    """``a.__dict__.get`` looks into all that ``a`` has: ``a.__dict__``. Any other dotted name as it is."""
    owner, found, _ = name.partition(".__dict__.")
    return f"{owner}.__dict__" if found else name


def lambda_name(node: ast.Lambda) -> str:
    """The name of a lambda that a call is handed: another one for another text."""
    return f"{LAMBDA}{zlib.crc32(ast.dump(node).encode()):x}>"


def imported_by(node: ast.Import | ast.ImportFrom, *, guarded: bool, lazy: bool) -> list[Imported]:
    if isinstance(node, ast.Import):
        return [Imported(a.name, 0, "", a.asname or a.name.partition(".")[0], guarded, lazy) for a in node.names]
    return [Imported(node.module or "", node.level, a.name, a.asname or a.name, guarded, lazy) for a in node.names]


def texts_in(node: ast.expr) -> tuple[str, ...]:
    """The strings in a written-out list or tuple; nothing if it is another expression."""
    items = node.elts if isinstance(node, ast.List | ast.Tuple) else []
    texts = [item.value for item in items if isinstance(item, ast.Constant) and isinstance(item.value, str)]
    return tuple(texts) if len(texts) == len(items) else ()


def constant_text(node: ast.expr | None) -> str | None:
    """The text that an expression spells out, else None."""
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else None


def namespace_owner(node: ast.expr) -> str | None:
    """Of an expression that gives a namespace, as a dotted name whose it is; "" for this module, or if it has no name.

    ``globals()``, ``vars(config)``, ``config.__dict__``, ``sys.modules[name].__dict__``. None for any other expression.
    """
    match node:
        case ast.Call(func=ast.Name(id="globals" | "locals" | "vars"), args=[], keywords=[]):
            return ""
        case ast.Call(func=ast.Name(id="vars"), args=[owner], keywords=[]):
            return dotted(owner)
        case ast.Attribute(value=owner, attr="__dict__"):
            return dotted(owner)
        case ast.Attribute(attr="__globals__"):
            return ""
    return None


def written_out(source: ast.expr, how: str) -> list[ast.stmt] | None:
    """What ``exec`` or ``eval`` would run, if it is handed a constant; None if nobody knows before it does."""
    text = constant_text(source)
    if text is None:
        return None
    try:
        return ast.parse(text.strip() if how == "eval" else text).body
    except SyntaxError:
        return []
