"""Whatever program and whatever edit: the report is true, and the next edit's is too.

The harness holds each report to the contract; an edit that was refused is taken back, and the history goes on in the
same process. A failure prints the shrunk program and edits.
"""

from __future__ import annotations

import sys
import warnings
from collections import Counter
from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, note, settings
from hypothesis import strategies as st

from mpdt_hooks import Outcome, oracle
from tests.engine.generator import Program, draw_edit, programs
from tests.harness import ForkServer, Workspace, explain

TOLD: Counter[str] = Counter()
_FOLDERS = count()
_CHECKS = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.function_scoped_fixture]


@pytest.fixture(autouse=True)
def quiet() -> Iterator[None]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # what generated code compares and escapes is its own affair
        yield


def live_through(data: st.DataObject, workspace: Workspace, program: Program, edits: int) -> None:
    """Import the program and make random edits; state that it has is changed in between."""
    workspace.write(program.files())
    try:
        workspace.start(*program.modules)
    except Exception:  # noqa: BLE001 - a random program may be wrong: then there is nothing to edit
        return
    note(_show("program", program.files()))
    for serial in range(edits):
        if data.draw(st.booleans(), label="use state"):
            _use_state(workspace)
        what, after, files = draw_edit(data.draw, program, serial)
        if not files:
            continue
        note(_show(f"edit {serial}: {what}", files))
        sources, before = workspace.sources(), workspace.snapshot()
        report = workspace.truthful(files)
        note(explain(report))
        TOLD[report.outcome] += 1
        if report.outcome in (Outcome.PATCHED, Outcome.UNCHANGED):
            program = after
        else:
            workspace.write({file: sources.get(file) for file in files})
            workspace.check(workspace.reload(), before)


def _use_state(workspace: Workspace) -> None:
    for module in oracle.modules_under(workspace.root).values():
        for name, value in list(vars(module).items()):
            if name.startswith("sta_") and isinstance(value, list):
                value.append("used")
            elif name.startswith("sta_") and isinstance(value, dict):
                value["used"] = 1


def _show(title: str, files: dict[str, str]) -> str:
    return "\n".join([f"=== {title}", *(f"--- {name}\n{source}" for name, source in files.items())])


def run(data: st.DataObject, folder: Path, server: ForkServer, most: int) -> None:
    workspace = Workspace(folder / f"program{next(_FOLDERS)}", server)
    path = list(sys.path)
    try:
        live_through(data, workspace, data.draw(programs(), label="program"), data.draw(st.integers(3, most)))
    finally:
        workspace.close()
        sys.path[:] = path


@pytest.mark.timeout(400)
@settings(max_examples=40, derandomize=True, deadline=None, database=None, suppress_health_check=_CHECKS)
@given(data=st.data())
def test_random_edits_are_told_truthfully(data: st.DataObject, tmp_path: Path, server: ForkServer) -> None:
    run(data, tmp_path, server, 8)


@pytest.mark.slow
@pytest.mark.timeout(0)
@settings(
    max_examples=2_000,
    deadline=None,
    database=None,
    suppress_health_check=_CHECKS,
    phases=(Phase.generate, Phase.shrink),
)
@given(data=st.data())
def test_ten_thousand_random_edits_are_told_truthfully(data: st.DataObject, tmp_path: Path, server: ForkServer) -> None:
    run(data, tmp_path, server, 12)
