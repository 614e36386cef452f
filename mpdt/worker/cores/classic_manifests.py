"""What is known of a classic plugin before its code runs, read from its files."""

from __future__ import annotations

import ast
import json
from pathlib import Path
from typing import Any

from mpdt.language import _
from mpdt.worker.cores import Manifest
from mpdt.worker.errors import WorkerError

MANIFEST = "_manifest.json"


def read_manifest(folder: Path) -> Manifest:
    """From ``_manifest.json``, or the literal values of ``__plugin_meta__``. Raises WorkerError if it is broken."""
    path = folder / MANIFEST
    entry = folder / "plugin.py"
    if not path.exists():
        values = declared(folder / "__init__.py")
        wanted = values.get("python_dependencies")
        listed = tuple(str(one) for one in wanted) if isinstance(wanted, list) else ()
        return Manifest(folder.name, str(values.get("version", "1.0.0")), entry, folder, needs=listed)
    try:
        data = json.loads(path.read_text(encoding="utf-8-sig"))
    except ValueError as error:
        line = error.lineno if isinstance(error, json.JSONDecodeError) else None
        raise WorkerError(_("{path} is not JSON: {error}", path=path, error=error), path, line) from None
    missing = [name for name in ("name", "version") if name not in data] if isinstance(data, dict) else ["name"]
    if missing:
        raise WorkerError(
            _("{path} lacks {names}; the core would not load the plugin.", path=path, names=", ".join(missing)), path, 1
        )
    wanted = data.get("python_dependencies")
    listed = tuple(requirement(one) for one in wanted) if isinstance(wanted, list) else ()
    return Manifest(str(data["name"]), str(data["version"]), entry, folder, needs=listed)


def requirement(entry: Any) -> str:
    if isinstance(entry, dict):
        return f"{entry.get('install_name') or entry.get('package_name')}{entry.get('version') or ''}"
    return str(entry)


def declared(path: Path) -> dict[str, Any]:
    """The keywords of the file's ``PluginMetadata(...)`` that are literals; nothing is run."""
    try:
        tree = ast.parse(path.read_bytes())
    except (OSError, SyntaxError, ValueError):  # importing it will say it
        return {}
    found: dict[str, Any] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and ast.unparse(node.func).endswith("PluginMetadata"):
            for keyword in node.keywords:
                if keyword.arg is not None and is_literal(keyword.value):
                    found[keyword.arg] = ast.literal_eval(keyword.value)
    return found


def is_literal(node: ast.expr) -> bool:
    try:
        ast.literal_eval(node)
    except (ValueError, TypeError):
        return False
    return True


def plugin_names(path: Path) -> list[str]:
    """The literal ``plugin_name`` of each class in the file; nothing is run."""
    try:
        tree = ast.parse(path.read_bytes())
    except (OSError, SyntaxError, ValueError):
        return []
    found = []
    for node in ast.walk(tree):
        for one in node.body if isinstance(node, ast.ClassDef) else ():
            target = one.targets[0] if isinstance(one, ast.Assign) else getattr(one, "target", None)
            value = getattr(one, "value", None)
            if isinstance(target, ast.Name) and target.id == "plugin_name" and isinstance(value, ast.Constant):
                found.append(str(value.value))
    return found
