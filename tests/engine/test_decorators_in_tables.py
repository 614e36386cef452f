"""Decorators without a name: looked up in a table, given by a call, written as a lambda, or bound in the class body."""

from __future__ import annotations

import pytest

from tests.engine.edits import Row, check, table
from tests.harness import Workspace

ROWS = r"""
=== dict on a method | must=truth
def build(f): return "!" + f.__name__
def command(f):
    f.path = build(f)
    return f
D = {"c": command}
class P:
    @D["c"]
    def ping(self): return 1
~~~ "!" => "?"
=== dict, the decorator itself | must=truth
def command(f):
    f.path = "!" + f.__name__
    return f
D = {"c": command}
@D["c"]
def ping(): return 1
~~~ "!" => "?"
=== dict, the decorator itself on a method | must=truth
def command(f):
    f.path = "!" + f.__name__
    return f
D = {"c": command}
class P:
    @D["c"]
    def ping(self): return 1
~~~ "!" => "?"
=== from a list | must=truth
def build(f): return "!" + f.__name__
def command(f):
    f.path = build(f)
    return f
D = [command]
@D[0]
def ping(): return 1
~~~ "!" => "?"
=== getattr | must=truth
import types
def build(f): return "!" + f.__name__
def command(f):
    f.path = build(f)
    return f
NS = types.SimpleNamespace(command=command)
@NS.command
def ping(): return 1
~~~ "!" => "?"
=== the result of a call of a call | must=truth
def build(f): return "!" + f.__name__
def command():
    def outer(x):
        def inner(f):
            f.path = build(f)
            return f
        return inner
    return outer
@command()(1)
def ping(): return 1
~~~ "!" => "?"
=== conditional expression | must=truth
def build(f): return "!" + f.__name__
def command(f):
    f.path = build(f)
    return f
def other(f): return f
@(command if True else other)
def ping(): return 1
~~~ "!" => "?"
=== class from a dict | must=truth
def build(c): return "!" + c.__name__
def mark(c):
    c.path = build(c)
    return c
D = {"c": mark}
@D["c"]
class P: pass
~~~ "!" => "?"
=== a lambda around it | must=truth
def build(f): return "!" + f.__name__
def command(f):
    f.path = build(f)
    return f
@(lambda f: command(f))
def ping(): return 1
~~~ "!" => "?"
=== dict in another module | must=truth
from b import D
@D["c"]
def ping(): return 1
--- b.py
def build(f): return "!" + f.__name__
def command(f):
    f.path = build(f)
    return f
D = {"c": command}
~~~ "!" => "?"
=== dict in another module by the module | must=truth
import b
class P:
    @b.D["c"]
    def ping(self): return 1
--- b.py
def build(f): return "!" + f.__name__
def command(f):
    f.path = build(f)
    return f
D = {"c": command}
~~~ "!" => "?"
=== dict with a call | must=truth
def build(f): return "!" + f.__name__
def command(x):
    def deco(f):
        f.path = build(f)
        return f
    return deco
D = {"c": command}
@D["c"](1)
def ping(): return 1
~~~ "!" => "?"
=== attribute of a call | must=truth
class App:
    def __init__(self): self.n = 1
    def command(self, f):
        f.path = build(f)
        return f
def build(f): return "!" + f.__name__
def app(): return App()
@app().command
def ping(): return 1
~~~ "!" => "?"
=== dict filled later | must=truth
def build(f): return "!" + f.__name__
D = {}
def command(f):
    f.path = build(f)
    return f
D["c"] = command
@D["c"]
def ping(): return 1
~~~ "!" => "?"
=== match on a class body name | must=truth
def build(f): return "!" + f.__name__
def command(f):
    f.path = build(f)
    return f
class P:
    D = {"c": command}
    @D["c"]
    def ping(self): return 1
~~~ "!" => "?"
=== decorator in a class body | must=truth
def build(f): return "!" + f.__name__
class P:
    def command(f):
        f.path = build(f)
        return f
    @command
    def ping(self): return 1
~~~ "!" => "?"
=== wrapper from a dict | must=truth
def helper(): return 1
def deco(f):
    def wrapper(*a): return helper() + f()
    return wrapper
D = {"c": deco}
@D["c"]
def f(): return 1
X = f()
~~~ def helper(): return 1 => def helper(): return 2
"""


@pytest.mark.parametrize("row", table(ROWS))
def test_a_decorator_without_a_name(ws: Workspace, row: Row) -> None:
    check(ws, row)
