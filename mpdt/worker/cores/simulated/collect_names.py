"""Collects which public names the real core's modules have, into ``names.json``.

Run by a developer, on a checkout of Neo-MoFox, or of MoFox-Core with ``classic``:
``python -m mpdt.worker.cores.simulated.collect_names CHECKOUT [classic]``. Only names, and where they come from,
are kept. At run time the table decides between "the real core has this, we do not simulate it" (a stand-in)
and "no such name" (an ImportError, as in the real core).
"""

from __future__ import annotations

import ast
import json
import sys
from collections.abc import Iterator
from pathlib import Path

TABLES = {"neo": "names.json", "classic": "classic/names.json"}


def module_name(root: Path, path: Path) -> str:
    parts = path.relative_to(root).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def statements(body: list[ast.stmt]) -> Iterator[ast.stmt]:
    """Top-level statements, those under ``if`` and ``try`` included, those under TYPE_CHECKING not."""
    for node in body:
        if isinstance(node, ast.If):
            if "TYPE_CHECKING" not in ast.unparse(node.test):
                yield from statements(node.body)
            yield from statements(node.orelse)
        elif isinstance(node, ast.Try):
            yield from statements(node.body)
        else:
            yield node


def imported(node: ast.ImportFrom, package: str) -> Iterator[tuple[str, str]]:
    """Pairs of the bound name and the ``module:name`` it comes from, for imports within the core."""
    base = node.module or ""
    if node.level:
        parents = package.split(".")
        base = ".".join([*parents[: len(parents) - node.level + 1], *([base] if base else [])])
    if base == "src" or base.startswith("src."):
        for alias in node.names:
            if alias.name == "*":
                continue
            yield alias.asname or alias.name, f"{base}:{alias.name}"


def names_of(path: Path, module: str) -> dict[str, str]:
    """Each name the module binds: "" for its own, ``module:name`` for one that it passes on."""
    package = module if path.name == "__init__.py" else module.rpartition(".")[0]
    found: dict[str, str] = {}
    for node in statements(ast.parse(path.read_bytes()).body):
        match node:
            case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
                found[node.name] = ""
            case ast.Assign():
                found.update({target.id: "" for target in node.targets if isinstance(target, ast.Name)})
            case ast.AnnAssign(target=ast.Name(id=name)):
                found[name] = ""
            case ast.ImportFrom():
                found.update(imported(node, package))
    return {name: origin for name, origin in sorted(found.items()) if not name.startswith("__")}


def collect(checkout: Path) -> dict[str, dict[str, str]]:
    source = checkout / "src"
    files = sorted(path for path in source.rglob("*.py") if path.relative_to(source).parts[0] != "plugins")
    table = {name: names_of(path, name) for path in files for name in [module_name(checkout, path)]}
    for name in list(table):
        while "." in name:  # folders without __init__.py are packages too
            name = name.rpartition(".")[0]
            table.setdefault(name, {})
    return dict(sorted(table.items()))


def main() -> None:
    table = collect(Path(sys.argv[1]))
    lines = [f"  {json.dumps(module)}: {json.dumps(names, ensure_ascii=False)}" for module, names in table.items()]
    flavour = sys.argv[2] if len(sys.argv) > 2 else "neo"
    Path(__file__).with_name("names.json").parent.joinpath(TABLES[flavour]).write_text(
        "{\n" + ",\n".join(lines) + "\n}\n", encoding="utf-8"
    )


if __name__ == "__main__":
    main()
