"""Long functions, many constants, deep nesting, and files of many definitions."""

from __future__ import annotations

import pytest

from mpdt_hooks import Outcome
from tests.harness import Workspace, explain


def long_function(value: int) -> str:
    """Over 255 constants and names, jumps over 64 KiB: every operand needs EXTENDED_ARG."""
    lines = [f"    x{n} = {n * 7 + value}" for n in range(600)]
    lines += [f"    if x{n} < 0: return {n}" for n in range(600)]
    return "def f():\n" + "\n".join(lines) + "\n    return x599\n"


def test_a_function_of_a_thousand_lines(ws: Workspace) -> None:
    ws["a.py"] = long_function(0)
    a = ws.start("a")
    ws.expect_patched({"a.py": long_function(1)}, keep=("a:f",))
    assert a.f() == 599 * 7 + 1


def nested(depth: int, value: int) -> str:
    text = ""
    for level in range(depth):
        text += "    " * level + f"def f{level}():\n"
    text += "    " * depth + f"return {value}\n"
    for level in reversed(range(1, depth)):
        text += "    " * level + f"return f{level}\n"
    return text


def test_functions_nested_eighteen_deep(ws: Workspace) -> None:
    ws["a.py"] = nested(18, 1)
    a = ws.start("a")
    ws.expect_patched({"a.py": nested(18, 2)}, keep=("a:f0",))
    got = a.f0
    for _ in range(18):
        got = got()
    assert got == 2


def test_many_names_of_one_kind(ws: Workspace) -> None:
    """Lambdas have one name; they are paired by their order."""
    ws["a.py"] = "T = [\n" + "".join(f"    lambda: {n},\n" for n in range(100)) + "]\n"
    a = ws.start("a")
    ws.expect_patched(ws.replace("a.py", "lambda: 50,", "lambda: 5000,"))
    assert [f() for f in a.T] == [5000 if n == 50 else n for n in range(100)]


@pytest.mark.parametrize("at", [0, 50, 99])
def test_a_lambda_inserted_among_many(ws: Workspace, at: int) -> None:
    rows = [f"    lambda: {n},\n" for n in range(100)]
    ws["a.py"] = "T = [\n" + "".join(rows) + "]\n"
    ws.start("a")
    rows.insert(at, "    lambda: 'new',\n")
    ws.expect_patched({"a.py": "T = [\n" + "".join(rows) + "]\n"})
    assert ws.run("a", f"T[{at}]()") == "new"
    assert ws.run("a", "T[100]()") == 99 if at < 100 else True


def test_a_class_of_many_methods(ws: Workspace) -> None:
    text = "class C:\n" + "".join(f"    def m{n}(self): return {n}\n" for n in range(300))
    ws["a.py"] = text
    a = ws.start("a")
    c = a.C()
    ws.expect_patched({"a.py": text.replace("return 150\n", "return -150\n")}, keep=("a:C.m150", "a:C"))
    assert c.m150() == -150


def test_a_hundred_files_of_one_save(ws: Workspace) -> None:
    for n in range(100):
        ws[f"pkg/m{n}.py"] = f"from .m{n + 1} import X as Y\nX = Y + 1\n" if n < 99 else "X = 1\n"
    ws["pkg/__init__.py"] = ""
    first = ws.start("pkg.m0")
    for n in range(100):
        ws[f"pkg/m{n}.py"] = (ws[f"pkg/m{n}.py"] + "def f(): return X\n").replace("X = 1\n", "X = 1000\n")
    report = ws.truthful({})
    assert report.outcome is Outcome.PATCHED, explain(report)
    assert first.X == 1099
    assert first.f() == 1099


def test_an_attribute_of_a_huge_literal(ws: Workspace) -> None:
    table = {f"key {n}": (n, [n], {"v": n}) for n in range(3000)}
    ws["a.py"] = f"TABLE = {table!r}\ndef f(): return TABLE['key 5']\n"
    a = ws.start("a")
    ws.expect_patched(ws.replace("a.py", "'key 5': (5,", "'key 5': (55,"))
    assert a.f() == (55, [5], {"v": 5})


@pytest.mark.slow
def test_a_file_of_twenty_thousand_lines(ws: Workspace) -> None:
    text = "".join(f"def f{n}(x):\n    y = x + {n}\n    return y\n\n" for n in range(5000))
    ws["a.py"] = text
    a = ws.start("a")
    ws.expect_patched({"a.py": text.replace("x + 2500\n", "x + 25000\n")}, keep=("a:f2500",))
    assert a.f2500(0) == 25000
    ws.expect_patched({"a.py": "# moved\n" + text})
    assert a.f4999.__code__.co_firstlineno == 4 * 4999 + 2
