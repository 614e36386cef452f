"""A save that is announced is compiled ahead; what the refresh then says rests on the file alone."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from mpdt_hooks import Outcome, refresh
from tests.harness import Workspace


@pytest.fixture
def compiled(monkeypatch: pytest.MonkeyPatch) -> list[bytes]:
    sources: list[bytes] = []
    real = refresh.compile_source

    def compile_source(revision: Any, source: bytes) -> Any:
        sources.append(source)
        return real(revision, source)

    monkeypatch.setattr(refresh, "compile_source", compile_source)
    return sources


@pytest.fixture
def path(ws: Workspace) -> Path:
    ws["a.py"] = "def f(): return 1\n"
    ws.start("a")
    return ws.root / "a.py"


def test_an_announced_save_is_compiled_once(ws: Workspace, path: Path, compiled: list[bytes]) -> None:
    path.write_text("def f(): return 2\n")
    ws.reloader.expect([path])
    assert len(compiled) == 1
    ws.expect_patched({"a.py": "def f(): return 2\n"})
    assert len(compiled) == 1
    assert ws.run("a", "f()") == 2


def test_a_save_after_the_announced_one_wins(ws: Workspace, path: Path, compiled: list[bytes]) -> None:
    path.write_text("def f(): return 2\n")
    ws.reloader.expect([path])
    ws.expect_patched({"a.py": "def f(): return 3\n"})
    assert len(compiled) == 2
    assert ws.run("a", "f()") == 3


def test_what_was_compiled_ahead_serves_one_refresh(ws: Workspace, path: Path, compiled: list[bytes]) -> None:
    for value in (2, 1, 2, 1):
        text = f"def f(): return {value}\n"
        path.write_text(text)
        ws.reloader.expect([path])
        ws.expect_patched({"a.py": text})
        assert ws.run("a", "f()") == value
    assert len(compiled) == 4


@pytest.mark.parametrize("text", ["def f(:\n", "\0", "# coding: nowhere\n"])
def test_an_announced_save_that_does_not_compile_is_rejected_by_the_refresh(
    ws: Workspace, path: Path, text: str
) -> None:
    path.write_text(text)
    ws.reloader.expect([path])
    report = ws.reloader.refresh()
    assert report.outcome is Outcome.REJECTED
    assert report.error is not None
    assert ws.run("a", "f()") == 1


def test_an_announced_file_that_is_gone_or_unknown_is_nobodys_error(ws: Workspace, path: Path) -> None:
    ws.reloader.expect([path.with_name("new.py")])
    path.unlink()
    ws.reloader.expect([path])
    assert ws.run("a", "f()") == 1
