"""What gives the names of a module their first values: it tells which live state an edit touched."""

import ast
import re
import types
from collections.abc import Iterator, Mapping
from pathlib import Path


def initialisers(module: types.ModuleType) -> dict[str, str]:
    """By dotted name the text of what gives it its first value; for definitions that of their decorators."""
    try:
        tree = ast.parse(Path(str(module.__file__)).read_bytes())
    except (OSError, SyntaxError, ValueError):
        return {}
    found: dict[str, str] = {}
    for name, node in _bindings(tree, ""):
        parts = (
            node.decorator_list if isinstance(node, ast.FunctionDef | ast.ClassDef | ast.AsyncFunctionDef) else [node]
        )
        text = "\n".join(ast.dump(part) for part in parts)
        found[name] = f"{found[name]}\n{text}" if name in found else text
    return found


def _bindings(node: ast.AST, prefix: str) -> Iterator[tuple[str, ast.AST]]:
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            yield prefix + child.name, child
            declared = (one for one in ast.walk(child) if isinstance(one, ast.Global))
            yield from ((name, one) for one in declared for name in one.names)
            if isinstance(child, ast.ClassDef):
                yield from _bindings(child, f"{prefix}{child.name}.")
        elif isinstance(child, ast.ImportFrom) and child.names[0].name == "*":
            yield "*", child
        elif isinstance(child, ast.stmt):
            for name in ast.walk(child):
                if isinstance(name, ast.Name) and isinstance(name.ctx, ast.Store):
                    yield prefix + name.id, child
                elif prefix and (filled := _filled(name)):  # in a class body a loop may make part of a list
                    yield prefix + filled, child
            yield from _bindings(child, prefix)


def _filled(node: ast.AST) -> str:
    match node:
        case ast.Expr(value=ast.Call(func=ast.Attribute(value=ast.Name(id=name)))):
            return name
        case ast.Subscript(value=ast.Name(id=name), ctx=ast.Store()):
            return name
    return ""


def is_literal(dump: str) -> bool:
    """Nothing that this reads can change: an empty or constant list, dict or set, bound once."""
    reads = "Load()" in re.sub(r"(List|Tuple)\(elts=\[(Constant\([^()]*\)(, )?)*\], ctx=Load\(\)\)", "", dump)
    return dump.startswith(("Assign(", "AnnAssign(")) and dump.count("\n") == 0 and not reads


def same_initialiser(place: str, before: Mapping[str, str], after: Mapping[str, str]) -> bool:
    while place not in before and re.search(r"[.\[]", place.partition(":")[2]):
        place = re.sub(r"[.\[][^.\[]*$", "", place)
    return before.get(place) == after.get(place)
