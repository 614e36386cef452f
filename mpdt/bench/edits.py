"""Places in a plugin's sources where an edit of each kind can be made, and the edits. Pure but for ``read``."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from mpdt.bench.model import Check, Edit, EditKind

SEVERAL = 5  # files of the edit that touches several
MARKERS = 770_000  # marker numbers count on from here; none is a small integer that code holds anyway
PLAIN_NUMBERS = (int, float)

Function = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True, slots=True)
class SourceFile:
    """One file of a plugin that is loaded."""

    path: str
    module: str
    source: bytes
    tree: ast.Module

    @property
    def lines(self) -> list[str]:
        return self.source.decode("utf-8-sig").splitlines(keepends=True)

    @property
    def functions(self) -> list[tuple[str, Function]]:
        """Functions and methods by qualified name, nested ones left out."""
        return list(definitions(self.tree.body, ""))


def definitions(body: Iterable[ast.stmt], prefix: str) -> Iterator[tuple[str, Function]]:
    for node in body:
        if isinstance(node, Function):
            yield prefix + node.name, node
        elif isinstance(node, ast.ClassDef):
            yield from definitions(node.body, f"{prefix}{node.name}.")


def read(folder: Path, modules: Iterable[str]) -> list[SourceFile]:
    """The files of the loaded modules. One that is no UTF-8 Python is left out: it is not edited."""
    found = []
    for module in modules:
        parts = module.split(".")[1:]
        for path in (folder.joinpath(*parts, "__init__.py"), folder.joinpath(*parts).with_suffix(".py")):
            try:
                source = path.read_bytes()
                tree = ast.parse(source)
            except (OSError, SyntaxError, ValueError):
                continue
            found.append(SourceFile(path.relative_to(folder).as_posix(), module, source, tree))
    return found


def make_edits(files: list[SourceFile], number: int) -> dict[EditKind, Edit]:
    """The ``number``-th edit of each kind that these sources have a place for."""
    by_size = sorted(files, key=lambda file: (-len(file.functions), file.path))
    bodies = [edit for file in by_size if (edit := edit_body(file, number)) is not None]
    found: dict[EditKind, Edit | None] = {
        EditKind.BODY: bodies[0] if bodies else None,
        EditKind.CONSTANT: edit_constant(files, number),
        EditKind.MOVED: first_of(move_lines(file, number) for file in by_size),
        EditKind.METHOD: first_of(add_method(file, number) for file in by_size),
        EditKind.SEVERAL: joined(bodies[:SEVERAL]) if len(bodies) > 1 else None,
        EditKind.RUDE: first_of(call_something(file, number) for file in by_size),
    }
    return {kind: edit for kind, edit in found.items() if edit is not None}


def first_of(edits: Iterable[Edit | None]) -> Edit | None:
    return next((edit for edit in edits if edit is not None), None)


def joined(edits: list[Edit]) -> Edit:
    sources = tuple(source for edit in edits for source in edit.sources)
    return Edit(EditKind.SEVERAL, sources, tuple(check for edit in edits for check in edit.checks))


def with_lines(file: SourceFile, at: int, *new: str) -> bytes:
    """The source with lines put in before the line ``at`` (from 1)."""
    lines = file.lines
    if lines and not lines[-1].endswith("\n"):
        lines[-1] += "\n"
    return "".join([*lines[: at - 1], *(f"{line}\n" for line in new), *lines[at - 1 :]]).encode()


def indented(file: SourceFile, node: ast.stmt) -> str | None:
    """The white space before a statement; None if something else stands before it on its line."""
    before = file.lines[node.lineno - 1][: node.col_offset]
    return None if before.strip() else before


def edit_body(file: SourceFile, number: int) -> Edit | None:
    """A constant assigned in the first function that has no decorator (which could hide its code)."""
    marker = MARKERS + number
    for qualname, node in file.functions:
        first = node.body[1] if ast.get_docstring(node, clean=False) is not None and node.body[1:] else node.body[0]
        space = indented(file, first)
        docstring_only = first is node.body[0] and ast.get_docstring(node) is not None
        if node.decorator_list or docstring_only or space is None or first.lineno == node.lineno:
            continue
        source = with_lines(file, first.lineno, f"{space}_mpdt_bench = {marker}")
        return Edit(EditKind.BODY, ((file.path, source),), (Check(file.module, qualname, marker),))
    return None


def edit_constant(files: list[SourceFile], number: int) -> Edit | None:
    """Another value for the numeric constant on which most depends."""
    found: tuple[int, SourceFile, ast.Assign, list[Check]] | None = None
    for file in files:
        for node in file.tree.body:
            if is_constant(node) and isinstance(node, ast.Assign):
                name = ast.unparse(node.targets[0])
                checks = dependents(files, file, name)
                if name.isupper() and (found is None or len(checks) > found[0]):
                    found = (len(checks), file, node, checks)
    if found is None:
        return None
    _, file, node, checks = found
    assert isinstance(node.value, ast.Constant)
    value = node.value.value
    assert isinstance(value, PLAIN_NUMBERS)
    changed = value + number if isinstance(value, int) else round(value + number / 1024, 6)
    name = ast.unparse(node.targets[0])
    lines = file.source.decode().splitlines(keepends=True)
    text = f"{name} = {changed!r}\n"
    source = "".join([*lines[: node.lineno - 1], text, *lines[node.lineno :]]).encode()
    own = Check(file.module, expression=f"{name} == {changed!r}")
    return Edit(EditKind.CONSTANT, ((file.path, source),), (own, *checks))


def is_constant(node: ast.stmt) -> bool:
    """``NAME = 3`` on a line of its own."""
    return (
        isinstance(node, ast.Assign)
        and len(node.targets) == 1
        and isinstance(node.targets[0], ast.Name)
        and isinstance(node.value, ast.Constant)
        and type(node.value.value) in PLAIN_NUMBERS
        and node.lineno == node.end_lineno
    )


def dependents(files: list[SourceFile], home: SourceFile, name: str) -> list[Check]:
    """What has to follow the constant: assignments beside it, and names that other modules import it by."""
    checks = []
    for node in home.tree.body:
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name) and is_plain(node.value, name):
            text = f"{ast.unparse(node.targets[0])} == ({ast.unparse(node.value)})"
            checks.append(Check(home.module, expression=text))
    for file in files:
        for node in file.tree.body:
            if isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[-1] == home.module.split(".")[-1]:
                checks += [
                    Check(file.module, expression=f"{one.asname or name} == modules[{home.module!r}].{name}")
                    for one in node.names
                    if one.name == name
                ]
    return checks


def is_plain(value: ast.expr, name: str) -> bool:
    """Arithmetic that reads the name: evaluated again, it gives the same and does nothing."""
    allowed = (ast.BinOp, ast.UnaryOp, ast.Constant, ast.Name, ast.operator, ast.unaryop, ast.expr_context)
    nodes = list(ast.walk(value))
    reads = any(isinstance(node, ast.Name) and node.id == name for node in nodes)
    return reads and all(isinstance(node, allowed) for node in nodes)


def move_lines(file: SourceFile, number: int) -> Edit | None:
    """Comment lines before the first statement; the last function tells whether its lines followed."""
    plain = [qualname for qualname, node in file.functions if not node.decorator_list]
    if not plain:
        return None
    source = with_lines(file, file.tree.body[0].lineno, *["# moved by mpdt bench-reload"] * number)
    return Edit(EditKind.MOVED, ((file.path, source),), (Check(file.module, plain[-1]),))


def add_method(file: SourceFile, number: int) -> Edit | None:
    for node in file.tree.body:
        if not isinstance(node, ast.ClassDef) or node.decorator_list or node.bases:
            continue
        space = indented(file, node.body[0])
        if space and node.end_lineno is not None:
            name, marker = f"mpdt_bench_{number}", MARKERS + number
            new = ("", f"{space}def {name}(self):", f"{space * 2}return {marker}")
            source = with_lines(file, node.end_lineno + 1, *new)
            check = Check(file.module, f"{node.name}.{name}", marker)
            return Edit(EditKind.METHOD, ((file.path, source),), (check,))
    return None


def call_something(file: SourceFile, number: int) -> Edit | None:
    """A bare call at the top level: it cannot be patched truthfully."""
    marker = MARKERS + number
    end = len(file.lines) + 1
    source = with_lines(file, end, f"MPDT_BENCH = {marker}", "len('a call for its effect')")
    check = Check(file.module, expression=f"MPDT_BENCH == {marker}")
    return Edit(EditKind.RUDE, ((file.path, source),), (check,))


def originals(files: Iterable[SourceFile], edit: Edit) -> Mapping[str, bytes]:
    """The sources that an edit replaces."""
    touched = {path for path, _ in edit.sources}
    return {file.path: file.source for file in files if file.path in touched}
