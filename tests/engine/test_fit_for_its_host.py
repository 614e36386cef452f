"""The host has the last word on a patch, and a file that is being written is waited for."""

from __future__ import annotations

import os
import threading
from pathlib import Path

import pytest

from mpdt_hooks.model import Outcome
from mpdt_hooks.tracker import FILL, read_source
from tests.harness import Workspace


def test_what_the_host_refuses_is_undone_and_structural(ws: Workspace) -> None:
    ws["a.py"] = "LIMIT = 1\n\ndef f():\n    return LIMIT\n\nclass C:\n    pass\n"
    mod = ws.start("a")
    f, C, seen = mod.f, mod.C, []

    def fits() -> str | None:
        seen.append((mod.LIMIT, f(), hasattr(mod, "C")))
        return None if hasattr(mod, "C") else "The class C is gone."

    assert ws.reloader is not None
    ws.reloader._fits = fits
    ws["a.py"] = "LIMIT = 2\n\ndef f():\n    return LIMIT * 10\n"
    report = ws.reload()
    assert report.outcome is Outcome.STRUCTURAL
    (edit,) = report.rude_edits
    assert (edit.code, edit.reason.startswith("The class C is gone. ")) == ("MPDT090", True)
    assert seen == [(2, 20, False)]  # it was asked about the patched module
    assert (mod.LIMIT, f(), mod.C is C) == (1, 1, True)
    ws["a.py"] = "LIMIT = 2\n\ndef f():\n    return LIMIT * 10\n\nclass C:\n    pass\n"
    assert ws.reload().outcome is Outcome.PATCHED
    assert (mod.LIMIT, f(), mod.C is C) == (2, 20, True)


def test_a_file_that_was_truncated_a_moment_ago_is_waited_for(ws: Workspace) -> None:
    ws["a.py"] = "count = 0\n\ndef f():\n    return 1\n"
    mod = ws.start("a")
    mod.count = 5
    with ws.path("a.py").open("w") as file:
        filler = threading.Timer(FILL / 4, lambda: (file.write("count = 0\n\ndef f():\n    return 2\n"), file.flush()))
        filler.start()
        report = ws.reload()
        filler.join()
    assert report.outcome is Outcome.PATCHED
    assert (mod.count, mod.f()) == (5, 2)  # what was in the file was never taken for gone


@pytest.mark.parametrize("age", [0, 3600], ids=["new", "old"])
def test_a_file_that_is_empty_is_empty(tmp_path: Path, age: int) -> None:
    path = tmp_path / "a.py"
    path.touch()
    os.utime(path, (path.stat().st_mtime - age,) * 2)
    assert read_source(str(path)) == b""
