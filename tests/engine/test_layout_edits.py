"""Definitions laid out over several lines, several on one line, and made several at a time."""

from __future__ import annotations

import pytest

from tests.engine.edits import Row, check, table
from tests.harness import Workspace

ROWS = table("""
=== a wrapped function's signature
import functools, inspect
def deco(f):
    @functools.wraps(f)
    def w(*a, **k): return f(*a, **k)
    return w
@deco
def f(x): return x
--->
import functools, inspect
def deco(f):
    @functools.wraps(f)
    def w(*a, **k): return f(*a, **k)
    return w
@deco
def f(x, y=2): return x + y
>>> f(1) == 3 and list(inspect.signature(f).parameters) == ["x", "y"]

=== a function's attribute set by a decorator
def command(name):
    def mark(f):
        f.__command__ = name
        return f
    return mark
class C:
    @command("a")
    def m(self): return 1
--->
def command(name):
    def mark(f):
        f.__command__ = name
        return f
    return mark
class C:
    @command("b")
    def m(self): return 2
>>> C.m.__command__ == "b" and C().m() == 2

=== a marked method is added
def command(name):
    def mark(f):
        f.__command__ = name
        return f
    return mark
class C:
    @command("a")
    def m(self): return 1
c = C()
--->
def command(name):
    def mark(f):
        f.__command__ = name
        return f
    return mark
class C:
    @command("a")
    def m(self): return 1
    @command("b")
    def n(self): return 2
c = C()
>>> c.n.__command__ == "b" and c.n() == 2

=== multi-line decorators and arguments
def tag(**k):
    def mark(f):
        f.tags = k
        return f
    return mark
@tag(
    a=1,
    b=2,
)
def f(
    x=1,
    *,
    y=2,
):
    return x, y
--->
def tag(**k):
    def mark(f):
        f.tags = k
        return f
    return mark
@tag(
    a=1,
    b=3,
)
def f(
    x=1,
    # more
    *,
    y=5,
):
    return x, y
>>> f.tags == {"a": 1, "b": 3} and f() == (1, 5)

=== semicolons
x = 1; y = 2; f = lambda: x + y
--->
x = 1; y = 5; f = lambda: x * y
>>> f() == 5

=== a multi-line string grows
text = '''
one
'''
def f(): return text
--->
text = '''
one
two
'''
def f(): return text
>>> "two" in f() and f.__code__.co_firstlineno == 5

=== a conditional expression of functions
import sys
f = (lambda: 1) if sys.version_info else (lambda: 0)
--->
import sys
f = (lambda: 2) if sys.version_info else (lambda: 0)
>>> f() == 2

=== a comprehension of closures
fs = [lambda x=i: x for i in range(3)]
--->
fs = [lambda x=i: x * 2 for i in range(3)]
>>> [f() for f in fs] == [0, 2, 4]

=== functions made by a loop in a factory
def make():
    out = []
    for i in range(2):
        def f(i=i): return i
        out.append(f)
    return out
fs = make()
--->
def make():
    out = []
    for i in range(2):
        def f(i=i): return i + 10
        out.append(f)
    return out
fs = make()
>>> [f() for f in fs] == [10, 11]
""")


@pytest.mark.parametrize("row", ROWS)
def test_an_edit_is_patched_however_the_code_is_laid_out(ws: Workspace, row: Row) -> None:
    check(ws, row)
