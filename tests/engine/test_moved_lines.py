"""Line numbers match the file: of what was edited, and of what only moved."""

from __future__ import annotations

import inspect
import linecache
import sys
import traceback
from typing import Any

import pytest

from mpdt_hooks import Outcome
from tests.harness import Workspace

BEFORE = """
import functools

def deco(f):
    @functools.wraps(f)
    def wrapper(*a):
        return f(*a)
    return wrapper

def fails():
    raise ValueError("here")

@deco
@deco
def decorated():
    raise ValueError("decorated")

class C:
    @property
    def p(self):
        raise ValueError("p")

    @staticmethod
    def s():
        def inner():
            raise ValueError("inner")
        return inner()

table = {"key": lambda: 1 // 0}

async def coroutine():
    raise ValueError("async")

def generator():
    yield
    raise ValueError("generator")
"""


def last_line(call: Any) -> tuple[int, str]:
    try:
        call()
    except (ValueError, ZeroDivisionError) as error:
        frame = traceback.extract_tb(error.__traceback__)[-1]
        return frame.lineno or 0, frame.line or ""
    raise AssertionError("nothing was raised")


def step(coroutine: Any) -> None:
    try:
        coroutine.send(None)
    finally:
        coroutine.close()


def calls(a: Any) -> dict[str, Any]:
    return {
        "fails": a.fails,
        "decorated": a.decorated,
        "property": lambda: a.C().p,
        "inner": a.C.s,
        "lambda": a.table["key"],
        "coroutine": lambda: step(a.coroutine()),
        "generator": lambda: list(a.generator()),
    }


@pytest.mark.parametrize("added", ["# one line\n", "# " + "x" * 90 + "\n" * 300, "import os\n\n", "X = 1\n"])
def test_tracebacks_show_the_lines_of_the_file(ws: Workspace, added: str) -> None:
    ws["a.py"] = BEFORE
    a = ws.start("a")
    before = {name: last_line(call) for name, call in calls(a).items()}
    ws.expect_patched({"a.py": added + ws["a.py"]}, keep=("a:fails", "a:C", "a:table"))
    lines = added.count("\n")
    for name, call in calls(a).items():
        number, text = last_line(call)
        assert (number, text) == (before[name][0] + lines, before[name][1]), name
        assert ws["a.py"].splitlines()[number - 1].strip() == text


def test_inspect_finds_the_source_of_what_moved(ws: Workspace) -> None:
    ws["a.py"] = BEFORE
    a = ws.start("a")
    sources = {name: inspect.getsource(vars(a)[name]) for name in ("fails", "C", "deco", "coroutine")}
    ws.expect_patched({"a.py": "# one\n# two\n" + ws["a.py"]})
    for name, source in sources.items():
        assert inspect.getsource(vars(a)[name]) == source
    assert inspect.getsourcelines(a.decorated.__wrapped__)[0][0] == "@deco\n"
    assert inspect.getsourcelines(a.fails)[1] == 11


def test_a_moved_line_within_a_function(ws: Workspace) -> None:
    ws["a.py"] = "def f():\n    return 1 // 0\n"
    a = ws.start("a")
    ws.expect_patched({"a.py": "def f():\n    # moved\n\n    return 1 // 0\n"})
    assert last_line(a.f) == (4, "return 1 // 0")


def test_moving_up_and_down_again(ws: Workspace) -> None:
    ws["a.py"] = BEFORE
    ws.start("a")
    original = ws["a.py"]
    for text in ("# 1\n" + original, original, "# 1\n# 2\n# 3\n" + original, original):
        ws.expect_patched({"a.py": text}, keep=("a:fails", "a:C"))


def test_moved_columns(ws: Workspace) -> None:
    """``python -X no_debug_ranges`` apart, carets in a traceback come from the position table."""
    ws["a.py"] = "def f(): return 1 // 0\n"
    a = ws.start("a")
    ws.expect_patched({"a.py": "def f(): return     1 // 0\n"})
    assert (1, 1, 20, 26) in set(a.f.__code__.co_positions())


def test_linecache_is_fresh(ws: Workspace) -> None:
    ws["a.py"] = "def f():\n    return 1 // 0\n"
    a = ws.start("a")
    assert last_line(a.f)[1] == "return 1 // 0"
    ws.expect_patched({"a.py": "def f():\n    return 2 // 0\n"})
    assert linecache.getline(str(ws.path("a.py")), 2) == "    return 2 // 0\n"
    assert last_line(a.f) == (2, "return 2 // 0")


def test_a_class_that_moved_says_where_it_is(ws: Workspace) -> None:
    ws["a.py"] = "class C:\n    x = 1\n"
    a = ws.start("a")
    report = ws.truthful({"a.py": "# moved\nclass C:\n    x = 1\n"})
    assert report.outcome is not Outcome.STRUCTURAL
    if sys.version_info >= (3, 13):
        assert report.outcome is Outcome.PATCHED
        assert a.C.__firstlineno__ == 2


def test_lines_of_everything_when_one_body_grows(ws: Workspace) -> None:
    ws["a.py"] = BEFORE
    a = ws.start("a")
    ws.expect_patched(ws.replace("a.py", '    raise ValueError("here")', '    x = 1\n    raise ValueError("there")'))
    assert last_line(a.fails) == (11, 'raise ValueError("there")')
    assert last_line(a.decorated)[1] == 'raise ValueError("decorated")'


def test_a_report_names_what_moved_and_where_it_is(ws: Workspace) -> None:
    ws["a.py"] = "def f():\n    return 1\n"
    ws.start("a")
    report = ws.expect_patched({"a.py": "# moved\ndef f():\n    return 1\n"})
    moved = [change for change in report.changes if change.ref.qualname == "f"]
    assert [(change.kind, change.first, change.last) for change in moved] == [("moved", 2, 3)]
