"""Broken code is rejected with its place, and not one name has changed; mended, it is patched."""

from __future__ import annotations

import pytest

from tests.harness import Workspace

BEFORE = """
LIMIT = 1
seen = []

def f(x=LIMIT):
    return x

class C:
    size = LIMIT

    def m(self):
        return 1
"""
NEW = BEFORE.replace("LIMIT = 1", "LIMIT = 2").replace("return x", "return x, 2").replace("return 1", "return 2")

SYNTAX = {
    "a missing colon": ("def g()\n    return 1\n", "SyntaxError", 2),
    "an open bracket": ("g = (1,\n", "SyntaxError", 2),
    "an open string": ("g = 'abc\n", "SyntaxError", 2),
    "a duplicate argument": ("def g(a, a): ...\n", "SyntaxError", 2),
    "a return outside": ("return 1\n", "SyntaxError", 2),
    "a break outside": ("break\n", "SyntaxError", 2),
    "a nonlocal at the top": ("nonlocal g\n", "SyntaxError", 2),
    "a late global": ("def g():\n    LIMIT = 1\n    global LIMIT\n", "SyntaxError", 4),
    "await outside async": ("def g():\n    await f()\n", "SyntaxError", 3),
    "an assignment to a call": ("f() = 1\n", "SyntaxError", 2),
    "a bad indentation": ("def g():\n  x = 1\n x = 2\n", "IndentationError", 4),
    "tabs mixed with blanks": ("if 1:\n\tx = 1\n        y = 2\n", "TabError", 4),
    "a keyword as a name": ("class = 1\n", "SyntaxError", 2),
    "an unknown future": ("from __future__ import no_such_feature\n", "SyntaxError", 1),
}


@pytest.mark.parametrize("kind", SYNTAX)
def test_a_syntax_error_is_rejected_where_it_is(ws: Workspace, kind: str) -> None:
    text, error, line = SYNTAX[kind]
    ws["a.py"] = BEFORE
    ws.start("a")
    report = ws.expect_rejected({"a.py": f"X = 1\n{text}" if line > 1 else text}, error, file="a.py", line=line)
    assert report.error is not None
    assert report.error.message
    ws.expect_patched({"a.py": NEW}, keep=("a:f", "a:C", "a:C.m", "a:seen"))
    assert ws.run("a", "f(), C().m(), C.size") == ((2, 2), 2, 2)


TOP_LEVEL = {
    "NameError": ("BROKEN = no_such_name\n", "NameError"),
    "ZeroDivisionError": ("BROKEN = 1 // 0\n", "ZeroDivisionError"),
    "ImportError": ("from json import no_such_name\n", "ImportError"),
    "ModuleNotFoundError": ("import no_such_module\n", "ModuleNotFoundError"),
    "raise": ("raise RuntimeError('on purpose')\n", "RuntimeError"),
    "raise in an if": ("if LIMIT:\n    raise RuntimeError('on purpose')\n", "RuntimeError"),
    "SystemExit": ("raise SystemExit(3)\n", "SystemExit"),
    "KeyboardInterrupt": ("raise KeyboardInterrupt\n", "KeyboardInterrupt"),
    "SystemExit in a value": ("import sys\nBROKEN = sys.exit(1)\n", "SystemExit"),
    "an assertion": ("assert LIMIT == 99, 'limit'\n", "AssertionError"),
    "a default argument": ("def g(x=no_such_name): ...\n", "NameError"),
    "an annotation": ("def g(x: no_such_name): ...\n", "NameError"),
    "a decorator that is not there": ("@no_such_name\ndef g(): ...\n", "NameError"),
    "a decorator that raises": ("def bad(f): raise ValueError('no')\n@bad\ndef g(): ...\n", "ValueError"),
    "a class body": ("class D:\n    x = no_such_name\n", "NameError"),
    "a base that is not there": ("class D(no_such_name): ...\n", "NameError"),
    "a base that cannot be": ("class D(bool): ...\n", "TypeError"),
    "an impossible mro": ("class A: ...\nclass D(A, object, A): ...\n", "TypeError"),
    "__init_subclass__": (
        "class A:\n    def __init_subclass__(cls): raise ValueError('no')\nclass D(A): ...\n",
        "ValueError",
    ),
    "__set_name__": (
        "class F:\n    def __set_name__(self, owner, name): raise ValueError('no')\nclass D:\n    x = F()\n",
        None,
    ),
    "a metaclass": (
        "class M(type):\n    def __new__(*a): raise ValueError('no')\nclass D(metaclass=M): ...\n",
        "ValueError",
    ),
    "a comprehension": ("BROKEN = [1 // n for n in (1, 0)]\n", "ZeroDivisionError"),
    "recursion without end": ("def g(): return g()\nBROKEN = g()\n", "RecursionError"),
    "an unpacking": ("BROKEN, MORE = 1, 2, 3\n", "ValueError"),
    "a name of the old code": ("BROKEN = OLD_NAME\n", "NameError"),
}


@pytest.mark.parametrize("kind", TOP_LEVEL)
def test_an_error_at_the_top_level_changes_nothing(ws: Workspace, kind: str) -> None:
    text, error = TOP_LEVEL[kind]
    ws["a.py"] = "OLD_NAME = 1\n" + BEFORE if "OLD_NAME" in text else BEFORE
    ws.start("a")
    ws.expect_rejected({"a.py": NEW + text}, error, file="a.py")
    ws.expect_patched({"a.py": NEW}, keep=("a:f", "a:C", "a:C.m", "a:seen"))
    assert ws.run("a", "f(), C().m(), C.size") == ((2, 2), 2, 2)


@pytest.mark.parametrize("kind", ["NameError", "SystemExit", "a decorator that raises", "a class body"])
def test_an_error_in_the_second_of_two_files_leaves_the_first_alone(ws: Workspace, kind: str) -> None:
    text, error = TOP_LEVEL[kind]
    ws["a.py"] = "import b\nX = 1\ndef f(): return 1\n"
    ws["b.py"] = BEFORE
    ws.start("a", "b")
    ws.expect_rejected({"a.py": "import b\nX = 2\ndef f(): return 2\n", "b.py": NEW + text}, error, file="b.py")
    ws.expect_patched({"a.py": "import b\nX = 2\ndef f(): return 2\n", "b.py": NEW})


@pytest.mark.parametrize("broken", ["a.py", "b.py"])
def test_a_syntax_error_in_one_of_two_files_leaves_the_other_alone(ws: Workspace, broken: str) -> None:
    ws["a.py"] = "import b\nX = 1\n"
    ws["b.py"] = "Y = 1\n"
    ws.start("a")
    good = {"a.py": "import b\nX = 2\n", "b.py": "Y = 2\n"}
    ws.expect_rejected(good | {broken: "X = = 1\n"}, "SyntaxError", file=broken, line=1)
    ws.expect_patched(good)


def test_what_ran_before_a_failure_is_told(ws: Workspace) -> None:
    ws["a.py"] = "X = 1\n"
    ws.start("a")
    effect = ws.root / "written.txt"
    new = f"import pathlib\nX = pathlib.Path({str(effect)!r}).write_text('x')\nY = no_such_name\n"
    report = ws.expect_rejected({"a.py": new}, "NameError", file="a.py", line=3)
    if effect.exists():
        assert any("write_text" in statement for statement in report.ran_before_failure)
    else:
        assert report.ran_before_failure == ()


def test_the_traceback_shows_the_line_that_failed(ws: Workspace) -> None:
    ws["a.py"] = "X = 1\n"
    ws.start("a")
    report = ws.expect_rejected({"a.py": "def make():\n    return 1 // 0\n\nX = make()\n"}, "ZeroDivisionError")
    assert report.error is not None
    assert "return 1 // 0" in report.error.traceback
    assert "X = make()" in report.error.traceback
    assert "mpdt_hooks" not in report.error.traceback.splitlines()[-1]


def test_the_same_broken_file_is_rejected_again(ws: Workspace) -> None:
    ws["a.py"] = "X = 1\n"
    ws.start("a")
    broken = {"a.py": "X = no_such_name\n"}
    first = ws.truthful(broken)
    again = ws.reload()
    assert first.outcome == again.outcome == "rejected"


def test_a_statement_that_failed_once_is_tried_again_when_the_cause_is_gone(ws: Workspace) -> None:
    ws["a.py"] = "X = 1\n"
    ws["b.py"] = "Y = 1\n"
    ws.start("a", "b")
    ws.truthful({"a.py": "from b import Z\nX = Z\n"})
    ws.expect_patched({"b.py": "Y = 1\nZ = 5\n"})
    assert ws.run("a", "X") == 5


def test_a_failure_during_a_decorators_run_does_not_register(ws: Workspace) -> None:
    ws["a.py"] = """
        handlers = []
        def register(f):
            handlers.append(f)
            return f
        @register
        def f(): return 1
        """
    ws.start("a")
    ws.expect_rejected({"a.py": ws["a.py"] + "@register\ndef g(): return 2\nX = no_such_name\n"}, "NameError")
    assert ws.run("a", "handlers == [f]")


@pytest.mark.parametrize("where", ["", "class C:\n    "])
def test_an_implementation_that_was_registered_before_a_failure_is_not(ws: Workspace, where: str) -> None:
    head, kind = ("", "singledispatch") if not where else ("class C:\n", "singledispatchmethod")
    lines = [f"@functools.{kind}", f"def show({'self, ' * bool(head)}x): return 'any'"]
    more = ["@show.register", f"def _({'self, ' * bool(head)}x: int): return 'int'"]
    indent = "    " * bool(head)
    before = "import functools\n" + head + "".join(f"{indent}{line}\n" for line in lines)
    after = before + "".join(f"{indent}{line}\n" for line in more)
    ws["a.py"] = before
    a = ws.start("a")
    show = a.C().show if head else a.show
    assert show(1) == "any"
    ws.expect_rejected({"a.py": f"{after}X = no_such_name\n"}, "NameError")
    assert show(1) == "any"
    ws.truthful({"a.py": after})


def test_an_import_whose_name_a_star_binds_again_is_proven(ws: Workspace) -> None:
    ws.write({"pkg/__init__.py": "from .base import x, y\nfrom .middle import *\n", "pkg/base.py": "x = 0\ny = 0\n"})
    ws["pkg/middle.py"] = "x = 3\n"
    ws.start("pkg")
    ws.expect_patched({"pkg/base.py": "x = 1\ny = 1\n"})
    assert (ws.get("pkg:x"), ws.get("pkg:y")) == (3, 1)
