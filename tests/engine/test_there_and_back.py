"""Every edit of the tables taken back, and made again: an undo in the editor is an edit like another."""

from __future__ import annotations

import importlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from mpdt_hooks import Outcome
from tests.engine.edits import Must, Row, module_of
from tests.harness import Workspace, explain


def all_rows() -> Iterator[Any]:
    for path in sorted(Path(__file__).parent.glob("test_*.py")):
        if path.stem == Path(__file__).stem or "table(" not in path.read_text("utf-8"):
            continue
        for value in vars(importlib.import_module(f"tests.engine.{path.stem}")).values():
            for parameter in value if isinstance(value, list) else ():
                row = getattr(parameter, "values", [None])[0]
                if isinstance(row, Row) and row.must not in (Must.REJECT, Must.REFUSE):
                    yield pytest.param(row, id=f"{path.stem.removeprefix('test_')}: {row.id}", marks=parameter.marks)


@pytest.mark.slow
@pytest.mark.parametrize("row", list(all_rows()))
def test_an_edit_is_taken_back_and_made_again(ws: Workspace, row: Row) -> None:
    ws.write(row.before)
    ws.start(module_of(next(iter(row.before))))
    if ws.truthful(row.after, replaced=row.replaced).outcome is Outcome.STRUCTURAL:
        pytest.skip("a reload")
    back = {file: row.before.get(file) for file in row.after}
    for edit in (back, row.after, back):
        report = ws.truthful(edit, replaced=row.replaced)
        if report.outcome is Outcome.STRUCTURAL:
            pytest.skip("a reload")
        assert report.outcome in (Outcome.PATCHED, Outcome.UNCHANGED), explain(report)
