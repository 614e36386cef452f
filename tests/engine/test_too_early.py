"""A class that comes to stand before what its body needs: a fresh process fails there, or may."""

from __future__ import annotations

import pytest

from mpdt_hooks import Outcome
from tests.harness import Workspace

NEEDS = {
    "an assignment": "x = needed",
    "a default": "def f(self, a=needed): pass",
    "an if": "if needed: x = 1",
    "a loop": "for i in needed: pass",
    "a call": "str(needed)",
    "a comprehension": "x = [i for i in needed]",
    "an assert": "assert needed",
    "a nested class": "class Inner:\n        x = needed",
    "an if of a nested class": "class Inner:\n        if needed: x = 1",
    "a nested class beside a name of its own": "needed = 1\n    class Inner:\n        x = needed",
    "an if of a nested class beside a name of its own": "needed = 1\n    class Inner:\n        if needed: x = 1",
}
NEEDS_NOT = {
    "a method": "def f(self): return needed",
    "a name of its own": "needed = 1\n    x = needed",
    "a name of its own in an if": "needed = 1\n    if needed: x = 2",
    "a nested class with a name of its own": "class Inner:\n        needed = 1\n        x = needed",
}


def versions(body: str) -> tuple[str, str]:
    needed, cls = "needed = (1, 2)\n", f"class C:\n    {body}\n"
    return needed + cls, cls + needed


@pytest.mark.parametrize("what", NEEDS)
def test_a_class_moves_before_what_it_needs(ws: Workspace, what: str) -> None:
    before, after = versions(NEEDS[what])
    ws["a.py"] = before
    ws.start("a")
    assert ws.truthful({"a.py": after}).outcome is not Outcome.PATCHED


@pytest.mark.parametrize("what", NEEDS_NOT)
def test_a_class_moves_before_what_only_its_calls_need(ws: Workspace, what: str) -> None:
    before, after = versions(NEEDS_NOT[what])
    ws["a.py"] = before
    ws.start("a")
    assert ws.truthful({"a.py": after}).outcome in (Outcome.PATCHED, Outcome.UNCHANGED)
