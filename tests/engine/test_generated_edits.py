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

from mpdt_hooks import Outcome
from tests.engine.generator import draw_program
from tests.engine.random_history import live_through
from tests.harness import ForkServer, Workspace

TOLD: Counter[Outcome] = Counter()
_FOLDERS = count()
_CHECKS = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.function_scoped_fixture]


@pytest.fixture(autouse=True)
def quiet() -> Iterator[None]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # what generated code compares and escapes is its own affair
        yield


def run(data: st.DataObject, folder: Path, server: ForkServer, most: int) -> None:
    workspace = Workspace(folder / f"program{next(_FOLDERS)}", server)
    path = list(sys.path)
    try:
        live_through(workspace, draw_program(data.draw), data.draw, data.draw(st.integers(3, most)), note, TOLD)
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
