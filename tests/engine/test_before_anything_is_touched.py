"""What the contract says of plugin code that must run: before anything live is touched, on shadow objects."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from types import ModuleType
from typing import Any

import pytest

from mpdt_hooks import Outcome
from tests.harness import Workspace

RUNS_IN_PLACE = "statements run in place, in a fresh process's order; contract 10 says on shadow objects"
BEFORE = "LIMIT = 1\ndef f(): return 1\nclass C:\n    def m(self): return 1\n    x = LIMIT\n"

STATEMENTS = {
    "an initialiser": "look = look()\n",
    "a decorator": "@look\ndef g(): ...\n",
    "a class body": "class D:\n    x = look()\n",
    "a default": "def g(x=look()): ...\n",
    "__init_subclass__": "class D:\n    def __init_subclass__(cls): look()\nclass E(D): ...\n",
}


@pytest.fixture
def seen(ws: Workspace) -> Iterator[list[Any]]:
    """What plugin code saw of the live module each time that it looked."""
    ws["a.py"] = BEFORE
    a: Any = ws.start("a")
    found: list[Any] = []
    probe = ModuleType("a_probe")

    def look(*given: Any) -> Any:
        found.append((a.LIMIT, a.f(), a.C().m(), a.C.x))
        return given and given[0]

    probe.__dict__["look"] = look
    sys.modules["a_probe"] = probe
    yield found
    del sys.modules["a_probe"]


@pytest.mark.xfail(reason=RUNS_IN_PLACE, strict=True)
@pytest.mark.parametrize("kind", STATEMENTS)
def test_plugin_code_sees_the_old_version_whole(ws: Workspace, seen: list[Any], kind: str) -> None:
    report = ws.truthful({"a.py": BEFORE.replace("1", "2") + "from a_probe import look\n" + STATEMENTS[kind]})
    if report.outcome is Outcome.PATCHED:
        assert set(seen) == {(1, 1, 1, 1)}


@pytest.mark.parametrize("kind", STATEMENTS)
def test_plugin_code_that_then_fails_leaves_the_old_version_whole(ws: Workspace, seen: list[Any], kind: str) -> None:
    new = BEFORE.replace("1", "2") + "from a_probe import look\n" + STATEMENTS[kind] + "BROKEN = no_such_name\n"
    ws.expect_rejected({"a.py": new}, "NameError")
    assert ws.run("a", "LIMIT, f(), C().m(), C.x") == (1, 1, 1, 1)


def test_a_link_that_breaks_is_seen_before_any_code_runs(ws: Workspace, seen: list[Any]) -> None:
    """A removed name that another file still imports: read, compiled, planned and refused; nothing was executed."""
    ws["b.py"] = "from a import f\n"
    __import__("b")
    ws.started.append("b")
    new = "from a_probe import look\nlook = look()\nLIMIT = 2\nclass C:\n    x = LIMIT\n    def m(self): return 2\n"
    report = ws.expect_rejected({"a.py": new}, "ImportError", file="b.py")
    assert seen == []
    assert report.ran_before_failure == ()
