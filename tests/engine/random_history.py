"""A random program under the engine, and a history of random edits of it, each held to the contract."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable

from hypothesis import strategies as st

from mpdt_hooks import Outcome, oracle
from tests.engine.generator import MODULES, Draw, Program, draw_edit
from tests.harness import Workspace, explain

_PACKAGE = "pack"
_MODULE = rf"(?:{'|'.join(MODULES)})\d*"


def live_through(
    workspace: Workspace,
    program: Program,
    draw: Draw,
    edits: int,
    note: Callable[[str], object],
    told: Counter[Outcome],
    *,
    package: bool = False,
) -> None:
    """Import the program and make random edits; state that it has is changed in between.

    An edit that was refused is taken back. With ``package`` the modules import each other relatively. Raises
    AssertionError where a report is not true.
    """
    placed = _in_package if package else dict
    started = placed(program.files()) | ({f"{_PACKAGE}/__init__.py": ""} if package else {})
    note(_show("program", started))
    workspace.write(started)
    try:
        workspace.start(*(f"{_PACKAGE}.{module}" if package else module for module in program.modules))
    except Exception:  # noqa: BLE001 - a random program may be wrong: then there is nothing to edit
        return
    for serial in range(edits):
        if draw(st.integers(0, 1)):
            _use_state(workspace)
        what, after, written = draw_edit(draw, program, serial)
        if not written:
            continue
        files = placed(written)
        note(_show(f"edit {serial}: {what}", files))
        sources, before = workspace.sources(), workspace.snapshot()
        report = workspace.truthful(files)
        note(explain(report))
        told[report.outcome] += 1
        if report.outcome in (Outcome.PATCHED, Outcome.UNCHANGED):
            program = after
        else:
            workspace.write({file: sources.get(file) for file in files})
            workspace.check(workspace.reload(), before)


def _in_package(files: dict[str, str]) -> dict[str, str]:
    return {f"{_PACKAGE}/{name}": _relative(source) for name, source in files.items()}


def _relative(source: str) -> str:
    source = re.sub(rf"\bfrom ({_MODULE}) import", r"from .\1 import", source)
    source = re.sub(rf"\bimport ({_MODULE})\b", r"from . import \1", source)
    return re.sub(rf"import_module\('({_MODULE})'\)", rf"import_module('{_PACKAGE}.\1')", source)


def _use_state(workspace: Workspace) -> None:
    for module in oracle.modules_under(workspace.root).values():
        for name, value in list(vars(module).items()):
            if name.startswith("sta_") and isinstance(value, list):
                value.append("used")
            elif name.startswith("sta_") and isinstance(value, dict):
                value["used"] = 1


def _show(title: str, files: dict[str, str]) -> str:
    return "\n".join([f"=== {title}", *(f"--- {name}\n{source}" for name, source in files.items())])
