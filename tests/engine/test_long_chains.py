"""Functions that call each other in a row: of the first everybody depends."""

from __future__ import annotations

import sys

import pytest

from mpdt_hooks import Outcome, affected
from tests.harness import Workspace


@pytest.mark.parametrize("length", [200, 400])
def test_a_chain_of_functions_is_followed(ws: Workspace, length: int) -> None:
    chain = "".join(f"def f{n}(x):\n    return f{(n + 1) % length}(x) if x > {n} else x\n" for n in range(1, length))
    text = f"def f0(x):\n    return x\n{chain}X = [f1(0)]\n"
    ws["a.py"] = text
    ws.start("a")
    before = sys.getrecursionlimit()
    ws.expect_patched({"a.py": text.replace("    return x\n", "    return x + 1\n", 1)})
    assert ws.run("a", f"f0({length})") == length + 1
    assert sys.getrecursionlimit() == before


def test_what_is_further_down_than_is_followed_is_taken_to_differ(
    ws: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(affected, "DEEPEST", 20)
    length = 40
    chain = "".join(f"def f{n}(x): return x if x < 1 else f{n + 1}(x)\n" for n in range(length))
    text = f"{chain}def f{length}(x): return x\ndef other(): return 1\nX = [f0(0)]\nY = [f0(1)]\n"
    ws["a.py"] = text
    ws.start("a")
    report = ws.truthful({"a.py": text.replace(f"def f{length}(x): return x", f"def f{length}(x): return [x]")})
    assert report.outcome is Outcome.PATCHED
    assert ws.truthful({"a.py": text}).outcome is Outcome.PATCHED
