"""Edits that were told as live and were not, found by a fourth attack: what plugins do on every day."""

from __future__ import annotations

import pytest

from tests.engine.edits import Row, check, table
from tests.harness import Workspace

REGISTER = """
R = {}
def register(name):
    def deco(f):
        R[name] = f
        return f
    return deco
"""
ON = """
R = {}
def on(name, rule=None):
    def deco(f):
        f.rule = rule
        R[name] = f
        return f
    return deco
"""

# A decorator that only notes what it decorates is not run again, unless what it notes it with is something else now.
NOTED_WITH = table(
    r"""
=== the constant of a key | must=structural code=MPDT007
from b import register, R
from c import PREFIX
@register(PREFIX + "ping")
def ping(): return 1
--- b.py
REGISTER
--- c.py
PREFIX = "/"
~~~ "/" => "!"
=== the key itself, by a module | must=structural code=MPDT007
from b import register, R
import c
@register(c.NAME)
def ping(): return 1
--- b.py
REGISTER
--- c.py
NAME = "/"
~~~ "/" => "!"
=== a key that a function gives | must=structural code=MPDT007
from b import register, R
from c import name
@register(name("ping"))
def ping(): return 1
--- b.py
REGISTER
--- c.py
def name(x): return "/" + x
~~~ "/" => "!"
=== a key from a table | must=structural code=MPDT007
from b import register, R
from c import NAMES
@register(NAMES["ping"])
def ping(): return 1
--- b.py
REGISTER
--- c.py
NAMES = {"ping": "/"}
~~~ "/" => "!"
=== a method of an app | must=structural code=MPDT007
from b import app
from c import PREFIX
@app.route(f"{PREFIX}x")
def x(): return 1
ROUTES = app.routes
--- b.py
class App:
    def __init__(self): self.routes = {}
    def route(self, path):
        def deco(f):
            self.routes[path] = f
            return f
        return deco
app = App()
--- c.py
PREFIX = "/"
~~~ "/" => "!"
=== an attribute of the function in a list | must=structural code=MPDT007
from b import reg, R
from c import PRIO
@reg(prio=PRIO)
def x(): return 1
--- b.py
R = []
def reg(prio):
    def deco(f):
        f.prio = prio
        R.append(f)
        return f
    return deco
--- c.py
PRIO = 1
~~~ PRIO = 1 => PRIO = 2
=== of a method, a constant of its class | must=structural code=MPDT007
from b import register, R
class Bot:
    PREFIX = "/"
    @register(PREFIX + "x")
    def x(self): return 1
--- b.py
REGISTER
~~~ "/" => "!"
=== of a method, a constant of another file | must=structural code=MPDT007
from b import register, R
from c import PREFIX
class Bot:
    @register(PREFIX + "x")
    def x(self): return 1
--- b.py
REGISTER
--- c.py
PREFIX = "/"
~~~ "/" => "!"
=== a function that makes the key | must=structural code=MPDT007
from b import on, R
from c import key
@on(key)
def x(): return 1
--- b.py
R = {}
def on(key):
    def deco(f):
        R[key()] = f
        return f
    return deco
--- c.py
def key(): return "k"
~~~ "k" => "kk"
=== a function that is only kept | keep=a:x
from b import on, R
from c import rule
@on("x", rule=rule)
def x(): return 1
--- b.py
ON
--- c.py
def rule(): return 1
~~~ return 1 => return 2
>>> R["x"].rule() == 2
=== a lambda that reads the constant | keep=a:x
from b import on, R
from c import LIMIT
@on("x", rule=lambda: LIMIT)
def x(): return 1
--- b.py
ON
--- c.py
LIMIT = 1
~~~ LIMIT = 1 => LIMIT = 2
>>> R["x"].rule() == 2
=== a default beside the key | keep=a:x
from b import register, R
from c import N
@register("x")
def x(n=N): return n
--- b.py
REGISTER
--- c.py
N = 1
~~~ N = 1 => N = 2
>>> R["x"]() == 2
=== a decorator that keeps it nowhere | keep=a:x
from b import mark
from c import PREFIX
@mark(PREFIX + "x")
def x(): return 1
--- b.py
def mark(name):
    def deco(f):
        f.name = name
        return f
    return deco
--- c.py
PREFIX = "/"
~~~ "/" => "!"
>>> x.name == "!x"
""".replace("REGISTER", REGISTER.strip()).replace("ON\n", ON.strip() + "\n")
)

# ``functools.singledispatch`` keeps its implementations where no name leads to them, and most are called ``_``.
DISPATCHED = table(
    r"""
=== a second implementation of one name | keep=a:_
from functools import singledispatch
@singledispatch
def show(x): return "base"
@show.register
def _(x: int): return "int"
~~~ return "int" => return "int"\n@show.register\ndef _(x: str): return "str"
>>> (show(1), show("x"), show(None)) == ("int", "str", "base")
=== another one above it | keep=a:_
from functools import singledispatch
@singledispatch
def show(x): return "base"
@show.register
def _(x: int): return "int"
~~~ return "base" => return "base"\n@show.register\ndef _(x: str): return "str"
>>> (show(1), show("x"), show(None)) == ("int", "str", "base")
=== bodies of both
from functools import singledispatch
@singledispatch
def show(x): return "base"
@show.register
def _(x: int): return "int"
@show.register
def _(x: str): return "str"
~~~ return "int" => return "int2"
~~~ return "str" => return "str2"
>>> (show(1), show("x"), show(None)) == ("int2", "str2", "base")
=== in a class
from functools import singledispatchmethod
class C:
    @singledispatchmethod
    def show(self, x): return "base"
    @show.register
    def _(self, x: int): return "int"
c = C()
~~~ return "int" => return "int"\n    @show.register\n    def _(self, x: str): return "str"
>>> (c.show(1), c.show("x"), c.show(None)) == ("int", "str", "base")
=== in another file, by its module
import b
@b.show.register
def _(x: int): return "int"
--- b.py
from functools import singledispatch
@singledispatch
def show(x): return "base"
~~~ return "int" => return "int2"\n@b.show.register\ndef _(x: str): return "str"
>>> (b.show(1), b.show("x"), b.show(None)) == ("int2", "str", "base")
=== taken back when a later statement raises | must=rejected error=ZeroDivisionError
from functools import singledispatch
@singledispatch
def show(x): return show.dispatch(type(x)) and "base"
<<< show(1)
~~~ and "base" => and "base"\n@show.register\ndef _i(x: int): return "int"\nX = 1 / 0
"""
)


@pytest.mark.parametrize("row", [*NOTED_WITH, *DISPATCHED])
def test_a_fourth_attack(ws: Workspace, row: Row) -> None:
    check(ws, row)
