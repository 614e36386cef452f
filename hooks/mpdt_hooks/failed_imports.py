"""Files that could not be imported because a library is not there: does another version fail in the same way?

``try: from . import extra``, and ``extra.py`` begins with an import of something that is not installed. Whatever is
edited below that import never runs, here or in a fresh process.
"""

from __future__ import annotations

import ast
import importlib
import importlib.util
import sys
import traceback
from collections.abc import Collection
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class FailedImport:
    """A version of a file, and what it could not import: the dotted name, and the line of the import."""

    source: bytes
    missing: str
    line: int


def failed_import(source: bytes, error: ModuleNotFoundError, file: str) -> FailedImport | None:
    """What a module's own code failed with; None if it was somebody else's import that failed."""
    frames = [(frame.f_code.co_filename, line) for frame, line in traceback.walk_tb(error.__traceback__)]
    own = [place for place, (name, _) in enumerate(frames) if name == file]
    if not error.name or len(own) != 1 or not all(name.startswith("<frozen ") for name, _ in frames[own[0] + 1 :]):
        return None
    return FailedImport(source, error.name, frames[own[0]][1])


def fails_as_before(failed: FailedImport, source: bytes, tracked: Collection[str]) -> bool:
    """Whether another version runs the same imports up to the one that failed, and that one cannot but fail again."""
    top = failed.missing.partition(".")[0]
    if top in {name.partition(".")[0] for name in tracked}:
        return False
    try:
        old, new = ast.parse(failed.source).body, ast.parse(source).body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False
    before = [one for one in old if one.lineno <= failed.line]
    if not before or not isinstance(before[-1], ast.Import | ast.ImportFrom):
        return False
    place = next((i for i, one in enumerate(new) if ast.dump(one) == ast.dump(before[-1])), -1)
    known = {ast.dump(one) for one in before}
    same = all(_is_text(one) or _is_import(one, known, tracked) for one in new[: place + 1])
    if place < 0 or not same:
        return False
    importlib.invalidate_caches()
    return importlib.util.find_spec(top) is None


def _is_text(node: ast.stmt) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)


def _is_import(node: ast.stmt, known: Collection[str], tracked: Collection[str]) -> bool:
    """Whether it is an import that was done before, or one of what a loaded library has: neither acts nor fails."""
    if not isinstance(node, ast.Import | ast.ImportFrom):
        return False
    if ast.dump(node) in known:
        return True
    wanted = [(one.name, "") for one in node.names]
    if isinstance(node, ast.ImportFrom):
        wanted = [(node.module or "", one.name) for one in node.names]
    level = getattr(node, "level", 0)
    return not level and all(
        module in sys.modules and module not in tracked and (not name or name in vars(sys.modules[module]))
        for module, name in wanted
    )
