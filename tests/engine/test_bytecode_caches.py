"""Bytecode is checked by content, never by time and size, and none lands in the plugin's folder."""

from __future__ import annotations

import importlib
import os
import py_compile
import sys

from mpdt_hooks import oracle
from tests.harness import Workspace

LONG_AGO = 1_700_000_000


def save(ws: Workspace, file: str, text: str) -> None:
    """A save that leaves size and time as they were, as two saves within a second may on coarse file systems."""
    ws[file] = text
    os.utime(ws.path(file), (LONG_AGO, LONG_AGO))


def again(ws: Workspace) -> None:
    """Import everything anew, as a full reload does."""
    for name in oracle.modules_under(ws.root):
        del sys.modules[name]
    importlib.invalidate_caches()


def test_two_saves_of_one_length_are_two_versions(ws: Workspace) -> None:
    save(ws, "a.py", "def f(): return 1\n")
    a = ws.start("a")
    for value in (2, 3, 4):
        save(ws, "a.py", f"def f(): return {value}\n")
        assert ws.reload().outcome == "patched"
        assert a.f() == value


def test_an_import_after_a_save_of_one_length_is_new(ws: Workspace) -> None:
    save(ws, "a.py", "X = 1\n")
    ws.start("a")
    for value in (2, 3):
        save(ws, "a.py", f"X = {value}\n")
        again(ws)
        module = importlib.import_module("a")
        assert value == module.X


def test_a_stale_pyc_in_the_folder_is_not_believed(ws: Workspace) -> None:
    save(ws, "a.py", "X = 1\n")
    py_compile.compile(str(ws.path("a.py")))
    save(ws, "a.py", "X = 2\n")
    module = ws.start("a")
    assert module.X == 2


def test_an_unchecked_pyc_is_not_believed(ws: Workspace) -> None:
    ws["a.py"] = "X = 1\n"
    py_compile.compile(str(ws.path("a.py")), invalidation_mode=py_compile.PycInvalidationMode.UNCHECKED_HASH)
    ws["a.py"] = "X = 2\n"
    module = ws.start("a")
    assert module.X == 2


def test_no_bytecode_lands_in_the_plugins_folder(ws: Workspace) -> None:
    ws["pkg/__init__.py"] = "from . import b\n"
    ws["pkg/b.py"] = "X = 1\n"
    ws.start("pkg")
    ws.expect_patched({"pkg/b.py": "X = 2\n"})
    assert not list(ws.root.rglob("*.pyc"))


def test_a_damaged_cache_is_as_good_as_none(ws: Workspace) -> None:
    ws["a.py"] = "X = 1\n"
    ws.start("a")
    caches = [
        os.path.join(folder, file) for folder, _, files in os.walk(os.environ["XDG_CACHE_HOME"]) for file in files
    ]
    for cache in caches:
        with open(cache, "r+b") as file:
            file.seek(16)
            file.write(b"damaged")
    again(ws)
    assert importlib.import_module("a").X == 1
