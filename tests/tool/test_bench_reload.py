"""``mpdt bench-reload``: it runs, it verifies, and what is not live is printed as wrong."""

from __future__ import annotations

import ast
import json
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from mpdt.bench import child, measure
from mpdt.bench.edits import SourceFile, make_edits
from mpdt.bench.measure import Effort
from mpdt.bench.model import EditKind, Program, Row, Sample, Way
from mpdt.bench.programs import write_plugin
from mpdt.bench.svg import draw
from mpdt.bench.table import tables
from mpdt.protocol import Operation

REPOSITORY = Path(__file__).parents[2]
# Dozens of worker processes are started in turn: seconds, but minutes on a machine that is busy.
pytestmark = pytest.mark.timeout(300)
EXAMPLE = REPOSITORY / "examples" / "echo_plugin"
# In the worker, the engine says that it patched, and does nothing.
SABOTAGE = """
import mpdt_hooks
mpdt_hooks.LiveReloader.refresh = lambda self, changed=None: mpdt_hooks.ReloadReport(mpdt_hooks.Outcome.PATCHED)
"""


def bench(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "mpdt", "bench-reload", *arguments]
    path = os.pathsep.join([str(REPOSITORY), str(REPOSITORY / "hooks")])
    environment = {**os.environ, "PYTHONPATH": path}
    return subprocess.run(command, capture_output=True, text=True, timeout=280, check=False, env=environment)


def rows_of(done: subprocess.CompletedProcess[str]) -> dict[tuple[str, str], dict[str, Any]]:
    return {(row["edit"], row["way"]): row for row in json.loads(done.stdout)["rows"]}


def test_generated_plugins_are_measured_and_every_edit_is_verified(tmp_path: Path) -> None:
    svg = tmp_path / "bars.svg"
    done = bench("--quick", "--json", "--svg", str(svg))
    assert done.returncode == 0, done.stderr
    rows = rows_of(done)
    assert set(rows) == {(str(kind), str(way)) for kind in EditKind for way in Way}
    assert all(row["wrong"] == 0 and row["runs"] > 0 and row["p50"] > 0 and not row["skipped"] for row in rows.values())
    for kind in EditKind:
        rude = kind is EditKind.RUDE
        assert rows[str(kind), "patch-live"]["outcomes"] == ("reloaded" if rude else "patched")
        assert rows[str(kind), "full reload"]["outcomes"] == "reloaded"
        assert rows[str(kind), "restart"]["outcomes"] == "restarted"
    assert rows["rude", "patch-live"]["detail"].startswith("MPDT")
    drawing = svg.read_text(encoding="utf-8")
    assert drawing.count("<rect") == 1 + len(rows)
    assert "WRONG" not in drawing


def test_a_given_plugin_is_measured_on_a_copy(tmp_path: Path) -> None:
    before = {path: path.read_bytes() for path in EXAMPLE.rglob("*.py")}
    done = bench(str(EXAMPLE), "--quick", "--restarts", "0")
    assert done.returncode == 0, done.stderr
    assert {path: path.read_bytes() for path in EXAMPLE.rglob("*.py")} == before
    assert "echo_plugin" in done.stdout
    assert "patched" in done.stdout
    assert "WRONG" not in done.stdout


def test_an_engine_that_lies_is_printed_as_wrong(tmp_path: Path) -> None:
    folder = tmp_path / "lying_plugin"
    write_plugin(folder, 10)
    path = folder / "plugin.py"
    path.write_text(path.read_text(encoding="utf-8") + SABOTAGE, encoding="utf-8")
    done = bench(str(folder), "--quick", "--restarts", "0", "--json")
    assert done.returncode == 1
    assert json.loads(done.stdout)["verified"] is False
    assert {way for _, way in rows_of(done)} == {"patch-live", "full reload"}
    for (kind, way), row in rows_of(done).items():
        if way == "patch-live":
            assert row["wrong"] == row["runs"] > 0, kind
            assert (row["p50"], row["p95"]) == (None, None)
            assert "not live" in row["detail"]
        else:
            assert row["wrong"] == 0, (kind, way)


def test_a_plugin_that_does_not_load_is_refused(tmp_path: Path) -> None:
    (tmp_path / "plugin.py").write_text("1 / 0\n")
    done = bench(str(tmp_path), "--quick", "--restarts", "0")
    assert done.returncode == 2
    assert "ZeroDivisionError" in done.stderr


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["no_such_folder"], "There is no folder"),
        (["--functions", "ten"], "whole numbers"),
        (["--svg", "no_such_folder/x.svg"], "There is no folder"),
    ],
)
def test_what_cannot_be_measured_is_said(arguments: list[str], sentence: str) -> None:
    done = bench(*arguments)
    assert done.returncode == 2
    assert sentence in done.stderr


class LyingWorker:
    """Says that it patched; the live process has nothing of it."""

    async def request(
        self, operation: Operation, *, within: float | None = None, **parameters: Any
    ) -> Mapping[str, Any]:
        match operation:
            case Operation.LOAD:
                return {"loaded": True}
            case Operation.STATE:
                return {"modules": ["p.a"]}
            case Operation.MESSAGE:
                asked = json.loads(parameters["text"].removeprefix(measure.PROBE))
                return {"failed": asked.get("checks", [])}
            case _:
                return {"outcome": "patched"}

    async def stop(self) -> None:
        pass


async def test_an_unverified_edit_has_no_figures(tmp_path: Path) -> None:
    folder = tmp_path / "p"
    folder.mkdir()
    (folder / "a.py").write_text("LIMIT = 3\n\ndef f():\n    return LIMIT\n")
    worker = LyingWorker()

    async def start(folder: Path) -> LyingWorker:
        return worker

    rows = await measure.measure("p", {Way.PATCH: folder}, start, Effort(repeats=2, warm_up=1, restarts=1))
    body = next(row for row in rows if row.kind is EditKind.BODY)
    assert (body.wrong, len(body.samples)) == (3, 3)  # the warm-up's too
    assert body.percentile(0.5) is None
    several = next(row for row in rows if row.kind is EditKind.SEVERAL)
    assert several.skipped


def row(*samples: Sample) -> Row:
    return Row(Program("p", 1, 2, 1), 0, EditKind.BODY, Way.PATCH, samples)


def test_percentiles_are_by_nearest_rank() -> None:
    found = row(*(Sample(float(ms), "patched", True) for ms in range(1, 21)))
    assert (found.percentile(0.5), found.percentile(0.95)) == (10.0, 19.0)


def test_a_wrong_row_is_drawn_as_wrong() -> None:
    wrong = row(Sample(0.1, "patched", True), Sample(0.1, "patched", False))
    console = Console(width=120)
    with console.capture() as captured:
        for one in tables([wrong]):
            console.print(one)
    assert "WRONG: 1 of 2 not live" in captured.get()
    assert "0.1" not in captured.get()
    drawing = draw([wrong], "a machine")
    assert "WRONG: 1 of 2 not live" in drawing
    assert drawing.count("<rect") == 1  # the background, and no bar


def test_the_supervisor_and_the_child_agree_on_the_probe() -> None:
    assert measure.PROBE == child.PROBE


def source_file(source: str) -> SourceFile:
    return SourceFile("a.py", "p.a", source.encode(), ast.parse(source))


@pytest.mark.parametrize(
    "source",
    [
        '"""Docstring."""\nfrom __future__ import annotations\nLIMIT = 3\nTWICE = LIMIT * 2\n\n\nclass C:\n'
        '    def m(self):\n        """Docs."""\n        return 1\n\n\ndef f(): return 1\n\n\ndef g():\n    return 2',
        "LIMIT = 0.5\n\n\nclass C:\n\tdef m(self):\n\t\treturn 1\n",
    ],
    ids=["docstrings, one-liners, no final newline", "tabs"],
)
def test_every_edit_compiles_and_says_how_to_see_it(source: str) -> None:
    edits = make_edits([source_file(source)], 1)
    assert set(edits) == set(EditKind) - {EditKind.SEVERAL}
    for edit in edits.values():
        ((path, new),) = edit.sources
        assert path == "a.py"
        assert new.decode() != source
        compile(new, "a.py", "exec")
        assert edit.checks


def test_a_plugin_without_a_place_for_an_edit_has_no_such_edit() -> None:
    assert set(make_edits([source_file("import os\n")], 1)) == {EditKind.RUDE}
