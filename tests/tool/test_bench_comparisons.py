"""``python -m benchmarks``: what is not live is called wrong, what is not installed is skipped by name."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from benchmarks import compare, contestants, ratios, results
from benchmarks.catalogue import EDITS
from benchmarks.children import REPOSITORY, environment, run

# Each edit is a process of its own, and a fresh interpreter beside it.
pytestmark = pytest.mark.timeout(300)
ASKED = {"contestant": "mpdt", "functions": 5, "repeats": 2, "warm_up": 1}


def sample(live: bool) -> dict[str, Any]:
    return {"refresh": 2.0, "compile": 1.0, "live": live, "error": None, "phases": {}}


@pytest.mark.parametrize("kind", ["body", "moved"])
def test_each_edit_is_looked_for_in_the_live_process(kind: str) -> None:
    found = run("benchmarks.measure_edits", {**ASKED, "kind": kind}, within=60)
    assert [one["live"] for one in found["small"]] == [True, True]
    assert all(one["refresh"] > 0 and one["compile"] > 0 for one in found["small"])


def test_an_edit_that_is_not_live_has_no_ratio() -> None:
    assert ratios.live_median([sample(True), sample(True)], ratios.over_compile) == 2.0
    assert ratios.live_median([sample(True), sample(False)], ratios.over_compile) == "wrong: 1 of 2 not live"
    row = ratios.Ratio("body", "an edit", 1.5, "x", {"mpdt": "wrong: 1 of 2 not live"})
    assert not row.is_reached
    text = results.ratio_tables([row.to_json()])
    assert "wrong: 1 of 2 not live" in text
    assert "**missed**" in text


SABOTAGED = """
from mpdt_hooks import LiveReloader, Outcome, ReloadReport
LiveReloader.refresh = lambda self, changed=None: ReloadReport(Outcome.PATCHED)
from benchmarks.{module} import main
main()
"""


def sabotaged(module: str, parameters: dict[str, Any]) -> Any:
    """The child's answer when the engine says that it patched, and does nothing."""
    command = [sys.executable, "-c", SABOTAGED.format(module=module), json.dumps(parameters)]
    done = subprocess.run(command, capture_output=True, text=True, env=environment(), check=True, cwd=REPOSITORY)
    return json.loads(done.stdout.splitlines()[-1])


def test_an_engine_that_lies_is_seen() -> None:
    found = sabotaged("measure_edits", {**ASKED, "kind": "body"})
    assert [one["live"] for one in found["small"]] == [False, False]
    found = sabotaged("measure_catalogue", {"contestant": "mpdt", "edit": "method body"})
    assert found["verdict"] == "wrong"


@pytest.mark.parametrize(
    ("edit", "verdict"),
    [("method body", "right"), ("a call at the top level", "refused"), ("SyntaxError", "kept")],
)
def test_the_oracle_judges_the_edits_of_the_catalogue(edit: str, verdict: str) -> None:
    found = run("benchmarks.measure_catalogue", {"contestant": "mpdt", "edit": edit}, within=60)
    assert found["verdict"] == verdict, found["detail"]


def test_every_edit_of_the_catalogue_has_its_own_name_and_changes_something() -> None:
    assert len({one.name for one in EDITS}) == len(EDITS)
    assert all(one.after() != one.base for one in EDITS)


def test_what_is_not_installed_is_skipped_by_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(contestants.importlib.util, "find_spec", lambda name: None)
    standings = compare.compare(edits=())
    assert {one.name: one.skipped for one in standings if one.skipped} == {
        "mpdt": "jurigged is not installed",
        "jurigged": "jurigged is not installed",
        "autoreload": "ipython is not installed",
        "hmr": "hmr is not installed",
    }
    assert "skipped: hmr is not installed" in results.compare_tables([one.to_json() for one in standings])


def test_the_command_writes_markdown_and_json(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "benchmarks", "--quick", "--only", "saves", "--output", str(tmp_path)]
    done = subprocess.run(command, capture_output=True, text=True, env=environment(), check=False, cwd=REPOSITORY)
    assert done.returncode == 0, done.stderr
    (path,) = tmp_path.glob("*.json")
    document = json.loads(path.read_text(encoding="utf-8"))
    assert set(document["machine"]) == {"cpu", "cores", "system", "python"}
    mine = document["saves"][0]
    assert (mine["failure"], mine["saves"], mine["lost"]) == (None, 6, 0)
    assert mine["phases"]["patched"] == 6
    text = (tmp_path / "RESULTS.md").read_text(encoding="utf-8")
    assert "| mpdt dev --patch-live |" in text
    assert str(tmp_path) not in text + path.read_text(encoding="utf-8")


def test_an_unknown_part_is_refused() -> None:
    command = [sys.executable, "-m", "benchmarks", "--only", "nothing"]
    done = subprocess.run(command, capture_output=True, text=True, env=environment(), check=False, cwd=REPOSITORY)
    assert done.returncode == 2
    assert "There is no part 'nothing'" in done.stderr
