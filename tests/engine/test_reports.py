"""What a report says: kinds of change, lines, timings, and the same as plain JSON."""

from __future__ import annotations

import json

import pytest

from mpdt_hooks import LiveReloader, Outcome, ReloadReport
from tests.harness import Workspace, explain

BEFORE = """
LIMIT = 1
def f():
    return 1

def moved():
    return 1

def gone(): return 1
class C:
    x = LIMIT
    def m(self): return 1
"""
AFTER = """
LIMIT = 2
def f():
    # more

    return 2

def moved():
    return 1

def new(): return 1
class C:
    x = LIMIT
    def m(self): return 2
    def n(self): return 2
"""


def patched(ws: Workspace) -> ReloadReport:
    ws["a.py"] = BEFORE
    ws.start("a")
    return ws.expect_patched({"a.py": AFTER})


def test_changes_name_definitions_and_their_lines(ws: Workspace) -> None:
    report = patched(ws)
    told = {(str(change.kind), change.ref.qualname) for change in report.changes}
    assert told >= {("changed", "f"), ("moved", "moved"), ("removed", "gone"), ("added", "new")}
    assert {name for kind, name in told if kind in ("changed", "added")} >= {"C.m", "C.n"}
    assert all(change.ref.module == "a" for change in report.changes)
    lines = {change.ref.qualname: (change.first, change.last) for change in report.changes}
    assert lines["f"] == (2, 5)
    assert lines["new"] == (10, 10)


def test_a_constant_that_changed_and_what_ran_again_for_it(ws: Workspace) -> None:
    report = patched(ws)
    assert "LIMIT" in {change.ref.qualname for change in report.changes}
    assert any(str(change.kind) == "re-run" for change in report.changes) or "C" in {
        change.ref.qualname for change in report.changes
    }


def test_a_change_is_told_once(ws: Workspace) -> None:
    report = patched(ws)
    names = [change.ref for change in report.changes]
    assert len(names) == len(set(names))


def test_nothing_else_is_told(ws: Workspace) -> None:
    ws["a.py"] = "def f(): return 1\ndef g(): return 1\nX = 1\n"
    ws.start("a")
    report = ws.expect_patched({"a.py": "def f(): return 2\ndef g(): return 1\nX = 1\n"})
    assert [(change.kind, change.ref.qualname) for change in report.changes] == [("changed", "f")]


def test_the_files_of_a_report(ws: Workspace) -> None:
    ws["a.py"], ws["b.py"] = "import b\nX = 1\n", "Y = 1\n"
    ws.start("a")
    report = ws.expect_patched({"b.py": "Y = 2\n"})
    assert ws.path("b.py") in report.files


def test_timings_by_phase(ws: Workspace) -> None:
    report = patched(ws)
    assert set(report.timings) == {"read", "compile", "classify", "plan", "apply", "verify"}
    assert all(ms >= 0 for ms in report.timings.values())


@pytest.mark.parametrize(
    ("edit", "outcome"),
    [
        ("X = 1\n", Outcome.UNCHANGED),
        ("X = 2\n", Outcome.PATCHED),
        ("X = 1\nprint()\n", Outcome.STRUCTURAL),
        ("X = \n", Outcome.REJECTED),
        ("X = 1 // 0\n", Outcome.REJECTED),
    ],
)
def test_every_outcome_is_plain_json(ws: Workspace, edit: str, outcome: Outcome) -> None:
    ws["a.py"] = "X = 1\n"
    ws.start("a")
    report = ws.truthful({"a.py": edit})
    assert report.outcome is outcome, explain(report)
    told = json.loads(json.dumps(report.to_json()))
    assert told["outcome"] == str(outcome)
    assert (told["error"] is not None) == (outcome is Outcome.REJECTED)
    assert bool(told["rude_edits"]) == (outcome is Outcome.STRUCTURAL)


def test_only_the_files_that_are_told_are_looked_at(ws: Workspace) -> None:
    ws["a.py"], ws["b.py"] = "import b\nX = 1\n", "Y = 1\n"
    a = ws.start("a")
    ws["a.py"], ws["b.py"] = "import b\nX = 2\n", "Y = 2\n"
    report = ws.reload(ws.path("a.py"))
    assert report.outcome is Outcome.PATCHED, explain(report)
    assert (a.X, a.b.Y) == (2, 1)
    assert ws.reload(ws.path("b.py")).outcome is Outcome.PATCHED
    assert a.b.Y == 2


def test_files_that_were_never_imported_are_unchanged(ws: Workspace) -> None:
    ws["a.py"], ws["other.py"] = "X = 1\n", "Y = (\n"
    ws.start("a")
    ws["data.json"] = "{}"
    for path in ("other.py", "data.json", "no_such_file.py"):
        assert ws.reload(ws.path(path)).outcome is Outcome.UNCHANGED
    assert ws.reload().outcome is Outcome.UNCHANGED


def test_a_deleted_file_that_nobody_imports_any_more(ws: Workspace) -> None:
    ws["a.py"], ws["b.py"] = "import b\nX = 1\n", "Y = 1\n"
    ws.start("a")
    report = ws.truthful({"a.py": "X = 1\n", "b.py": None})
    assert report.outcome in (Outcome.PATCHED, Outcome.STRUCTURAL), explain(report)


def test_a_file_that_vanishes_and_comes_back(ws: Workspace) -> None:
    ws["a.py"] = "def f(): return 1\n"
    a = ws.start("a")
    del ws["a.py"]
    first = ws.reload()
    assert first.outcome is not Outcome.PATCHED
    assert a.f() == 1
    ws["a.py"] = "def f(): return 2\n"
    assert ws.reload().outcome is Outcome.PATCHED
    assert a.f() == 2


def test_an_edit_and_its_revert_cancel_out(ws: Workspace) -> None:
    ws["a.py"] = "def f(): return 1\n"
    ws.start("a")
    ws["a.py"] = "def f(): return 2\n"
    ws["a.py"] = "def f(): return 1\n"
    assert ws.reload().outcome is Outcome.UNCHANGED


def test_a_refused_edit_is_told_again_until_it_is_taken_back(ws: Workspace) -> None:
    ws["a.py"] = "X = 1\n"
    ws.start("a")
    ws["a.py"] = "X = 1\nprint()\n"
    assert ws.reload().outcome is Outcome.STRUCTURAL
    assert ws.reload().outcome is Outcome.STRUCTURAL
    ws["a.py"] = "X = 2\n"
    report = ws.reload()
    assert report.outcome is Outcome.PATCHED, explain(report)
    assert ws.run("a", "X") == 2


def test_a_rude_edit_holds_back_the_whole_save(ws: Workspace) -> None:
    ws["a.py"], ws["b.py"] = "import b\ndef f(): return 1\n", "Y = 1\n"
    ws.start("a")
    ws.expect_rude({"a.py": "import b\ndef f(): return 2\n", "b.py": "Y = 2\nprint()\n"})
    assert ws.run("a", "f(), b.Y") == (1, 1)


def test_the_safe_point_is_where_a_patch_is_applied(ws: Workspace) -> None:
    ws["a.py"] = "def f(): return 1\n"
    a = ws.start("a")
    seen: list[int] = []

    def safe_point(apply: object) -> None:
        seen.append(a.f())
        apply()  # type: ignore[operator]
        seen.append(a.f())

    other = LiveReloader(ws.root, safe_point=safe_point)
    ws._handle.uninstall()
    ws._handle = other.install()
    for name in ("a",):
        del __import__("sys").modules[name]
    a = __import__("importlib").import_module("a")
    ws["a.py"] = "def f(): return 2\n"
    report = other.refresh()
    assert report.outcome is Outcome.PATCHED, explain(report)
    assert seen == [1, 2]


def test_no_safe_point_is_needed_when_nothing_changes(ws: Workspace) -> None:
    def safe_point(apply: object) -> None:
        raise AssertionError("nothing is to be applied")

    ws["a.py"] = "X = 1\n"
    other = LiveReloader(ws.root, safe_point=safe_point)
    ws._handle = other.install()
    __import__("a")
    ws["a.py"] = "X = 1  # a comment\n"
    assert other.refresh().outcome is Outcome.UNCHANGED
    ws["a.py"] = "X = \n"
    assert other.refresh().outcome is Outcome.REJECTED
