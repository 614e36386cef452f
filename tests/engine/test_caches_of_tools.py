"""A tool that remembers code objects until it is told of a patch, as a debugger does, makes no edit rude."""

from __future__ import annotations

import importlib
import sys
from pathlib import Path

import pytest

from mpdt_hooks import LiveReloader, Outcome


@pytest.mark.parametrize("known", [True, False], ids=["known", "unknown"])
def test_a_tools_cache_of_code_objects(tmp_path: Path, known: bool) -> None:
    file = tmp_path / "looked_at.py"
    file.write_text("def f():\n    return 1\n")
    cache: dict[object, object] = {}
    reloader = LiveReloader(tmp_path, is_cache=(lambda container: container is cache) if known else None)
    with reloader.install():
        module = importlib.import_module("looked_at")
        try:
            cache[module.f.__code__] = [object()]  # tracked by the garbage collector, so that a scan finds it
            file.write_text("def f():\n    return 2\n")
            report = reloader.refresh([file])
            assert report.outcome is (Outcome.PATCHED if known else Outcome.STRUCTURAL), report
            assert [edit.code for edit in report.rude_edits] == ([] if known else ["MPDT021"])
            assert module.f() == (2 if known else 1)
        finally:
            del sys.modules["looked_at"]
