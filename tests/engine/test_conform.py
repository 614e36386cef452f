"""jurigged is what puts code into live functions, and objects with ``__conform__`` are told."""

from __future__ import annotations

import gc
import sys
from types import CodeType
from typing import Any

from mpdt_hooks import Outcome
from tests.harness import Workspace, explain

LISTENER = """
class Listener:
    def __init__(self, function):
        self.function = function
        self.__code__ = function.__code__
        self.told = []

    def __conform__(self, code):
        self.told.append(code)
        if code is not None:
            self.__code__ = code

def f(): return 1
"""


def test_an_object_with_conform_is_told_the_new_code(ws: Workspace) -> None:
    ws["a.py"] = LISTENER
    a = ws.start("a")
    listener = a.Listener(a.f)
    ws.expect_patched(ws.replace("a.py", "return 1", "return 2"))
    assert listener.told == [a.f.__code__]
    assert isinstance(listener.told[0], CodeType)


def test_it_is_not_told_of_other_functions(ws: Workspace) -> None:
    ws["a.py"] = LISTENER + "def g(): return 5\n"
    a = ws.start("a")
    listener = a.Listener(a.f)
    ws.expect_patched(ws.replace("a.py", "return 5", "return 6"))
    assert listener.told == []


def test_it_is_told_once_a_patch(ws: Workspace) -> None:
    ws["a.py"] = LISTENER
    a = ws.start("a")
    listener = a.Listener(a.f)
    for value in (2, 3):
        ws.expect_patched({"a.py": LISTENER.replace("return 1", f"return {value}")})
    assert len(listener.told) == 2


def test_jurigged_does_the_patching(ws: Workspace, monkeypatch: Any) -> None:
    ws["a.py"] = "def f(): return 1\n"
    a = ws.start("a")
    registry = sys.modules["codefind"].__dict__["code_registry"]
    conformed: list[Any] = []
    real = registry.conform

    def conform(old: Any, new: Any, **options: Any) -> Any:
        conformed.append(new)
        return real(old, new, **options)

    monkeypatch.setattr(registry, "conform", conform)
    ws.expect_patched({"a.py": "def f(): return 2\n"})
    assert a.f() == 2
    assert a.f.__code__ in conformed


def test_jurigged_has_no_finder_and_learns_nothing_that_lasts(ws: Workspace) -> None:
    ws["a.py"] = "def f(): return 0\n"
    a = ws.start("a")
    assert not any(type(finder).__module__.startswith("jurigged") for finder in sys.meta_path)
    for value in range(1, 6):
        ws["a.py"] = f"def f(): return {value}\n"
        report = ws.reload()
        assert report.outcome is Outcome.PATCHED, explain(report)
    registry = sys.modules["codefind"].__dict__["code_registry"]
    for table in ("functions", "codes", "currcodes", "backcodes"):
        assert not getattr(registry, table), table
    assert a.f() == 5


def test_old_code_is_freed(ws: Workspace) -> None:
    ws["a.py"] = "def f():\n    def inner(): return 'marker-0'\n    return inner\n"
    ws.start("a")
    for value in range(1, 20):
        ws["a.py"] = f"def f():\n    def inner(): return 'marker-{value}'\n    return inner\n"
        assert ws.reload().outcome is Outcome.PATCHED
    gc.collect()
    assert sum(is_marked(item) for item in gc.get_objects()) <= 3


def is_marked(item: object) -> bool:
    return isinstance(item, tuple) and any(isinstance(part, str) and part.startswith("marker-") for part in item[:4])
