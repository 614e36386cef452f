"""Nothing runs again that need not, and nothing is searched for that is known."""

from __future__ import annotations

import gc
import sys
import tracemalloc
from collections.abc import Iterator
from types import ModuleType
from typing import Any

import pytest

from mpdt_hooks import Outcome
from tests.harness import Workspace, explain

COUNTED = """
from a_counter import count
import b
FIRST = count("first")
LIMIT = 1
DERIVED = count("derived", LIMIT)
class C:
    x = count("class")
    def m(self, y=count("default")): return 1
    def n(self): return 1
@count
def decorated(): return 1
table = {"k": count("table")}
def f(): return 1
"""


@pytest.fixture
def runs(ws: Workspace) -> Iterator[list[Any]]:
    """What was counted since the last look."""
    counted: list[Any] = []
    module = ModuleType("a_counter")

    def count(what: Any, *given: Any) -> Any:
        counted.append(what if isinstance(what, str) else what.__name__)
        return what if callable(what) else given and given[0]

    module.__dict__["count"] = count
    sys.modules["a_counter"] = module
    ws["a.py"], ws["b.py"] = COUNTED, "from a_counter import count\nB = count('b')\ndef g(): return 1\n"
    ws.start("a")
    assert len(counted) == 7
    counted.clear()
    yield counted
    del sys.modules["a_counter"]


EDITS = {
    "a body": ("def f(): return 1", "def f(): return 2", []),
    "a method's body": ("def n(self): return 1", "def n(self): return 2", []),
    "a comment on top": ("from a_counter", "# moved\nfrom a_counter", []),
    "an added function": ("def f(): return 1", "def f(): return 1\ndef new(): return 1", []),
    "an added import": ("import b\n", "import b, json\n", []),
    "a constant that one statement reads": ("LIMIT = 1", "LIMIT = 2", ["derived"]),
    "an initialiser": ('FIRST = count("first")', 'FIRST = count("again")', ["again"]),
}


def without_the_oracle(ws: Workspace, old: str, new: str) -> None:
    assert old in ws["a.py"]
    ws["a.py"] = ws["a.py"].replace(old, new)
    report = ws.reload()
    assert report.outcome is Outcome.PATCHED, explain(report)


@pytest.mark.parametrize("kind", EDITS)
def test_only_what_changed_and_what_depends_on_it_runs(ws: Workspace, runs: list[Any], kind: str) -> None:
    old, new, expected = EDITS[kind]
    without_the_oracle(ws, old, new)
    assert runs == expected


def test_an_edit_of_another_file_runs_nothing_here(ws: Workspace, runs: list[Any]) -> None:
    ws["b.py"] = ws["b.py"].replace("return 1", "return 2")
    assert ws.reload().outcome is Outcome.PATCHED
    assert runs == []


def test_a_rejected_edit_runs_nothing_before_its_syntax_is_known(ws: Workspace, runs: list[Any]) -> None:
    ws["a.py"], ws["b.py"] = COUNTED.replace('"first"', '"again"'), "def g(: return\n"
    assert ws.reload().outcome is Outcome.REJECTED
    assert runs == []


def test_a_refused_edit_runs_nothing(ws: Workspace, runs: list[Any]) -> None:
    ws["a.py"] = COUNTED.replace('"first"', '"again"') + "count('effect')\n"
    assert ws.reload().outcome is Outcome.STRUCTURAL
    assert runs == []


@pytest.fixture
def scans(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The searches of the heap, by name."""
    found: list[str] = []
    for name in ("get_objects", "get_referrers", "collect"):
        real = getattr(gc, name)

        def counted(*given: Any, name: str = name, real: Any = real, **more: Any) -> Any:
            found.append(name)
            return real(*given, **more)

        monkeypatch.setattr(gc, name, counted)
    return found


SOURCE = "import functools\n" + "".join(f"def f{n}(x={n}):\n    def g(): return x\n    return g\n" for n in range(50))
SOURCE += "class C:\n" + "".join(f"    def m{n}(self): return super().__hash__()\n" for n in range(20))


@pytest.mark.parametrize("text", [SOURCE.replace("return x", "return x, 1"), "# moved\n" + SOURCE, SOURCE + "X = 1\n"])
def test_a_patch_scans_nothing(ws: Workspace, scans: list[str], text: str) -> None:
    ws["a.py"] = SOURCE
    ws.start("a")
    ws["a.py"] = text
    report = ws.reload()
    assert report.outcome is Outcome.PATCHED, explain(report)
    assert scans == []


def test_unknown_holders_cost_one_scan_for_all(ws: Workspace, scans: list[str]) -> None:
    ws["a.py"] = SOURCE
    a = ws.start("a")
    held = [vars(a)[f"f{n}"]() for n in range(50)]
    ws["a.py"] = SOURCE.replace("return x", "return x, 1")
    report = ws.reload()
    assert report.outcome is Outcome.PATCHED, explain(report)
    assert held[7]() == (7, 1)
    assert scans.count("get_referrers") <= 1
    assert "get_objects" not in scans
    assert "collect" not in scans


@pytest.mark.slow
def test_five_thousand_patches_leave_nothing_behind(ws: Workspace) -> None:
    ws["a.py"] = "def f(): return 0\n"
    ws.start("a")

    def patch(times: range) -> None:
        for value in times:
            ws["a.py"] = f"def f(): return {value}\n"
            assert ws.reload().outcome is Outcome.PATCHED
            ws.reports.clear()

    patch(range(1, 200))
    tracemalloc.start()
    try:
        gc.collect()
        before = tracemalloc.get_traced_memory()[0]
        patch(range(200, 5200))
        gc.collect()
        assert tracemalloc.get_traced_memory()[0] - before < 1_000_000
    finally:
        tracemalloc.stop()
