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

# What somebody keeps leads to one function for good, whatever its name leads to later.
HELD = table(r"""
=== a bound method that __init__ kept, and the class gains an override | must=structural code=MPDT025
from b import Base
class C(Base): pass
c = C()
--- b.py
class Base:
    def __init__(self): self.cb = self.run
    def run(self): return "base"
~~~ class C(Base): pass => class C(Base):\n    def run(self): return "c"
=== the class loses its override | must=structural code=MPDT025
from b import Base
class C(Base):
    def run(self): return "c"
    def other(self): return 1
c = C()
--- b.py
class Base:
    def __init__(self): self.cb = self.run
    def run(self): return "base"
~~~     def run(self): return "c"\n    def other =>     def other
=== a mixin gains what another base has | must=structural code=MPDT025
from b import Base, Mixin
class C(Mixin, Base): pass
KEPT = []
<<< KEPT.append(C().run)
--- b.py
class Base:
    def run(self): return "base"
class Mixin:
    x = 1
~~~ x = 1 => x = 1\n    def run(self): return "mixin"
=== the bases change | must=structural code=MPDT025
from b import Base, Mixin
class C(Base): pass
KEPT = []
<<< KEPT.append(C().run)
--- b.py
class Base:
    def run(self): return "base"
class Mixin:
    def run(self): return "mixin"
~~~ class C(Base): pass => class C(Mixin, Base): pass
=== a bound method that another object was handed | must=structural code=MPDT025
from b import Base, Bus
bus = Bus()
class C(Base):
    x = 1
c = C(bus)
--- b.py
class Bus:
    def __init__(self): self.handlers = []
    def on(self, handler): self.handlers.append(handler)
class Base:
    def __init__(self, bus): bus.on(self.run)
    def run(self): return "base"
~~~ x = 1 => x = 1\n    def run(self): return "c"
=== the method is renamed | must=structural code=MPDT025
class C:
    def run(self): return 1
    def all(self): return self.run()
KEPT = []
<<< KEPT.append(C().run)
~~~ run( => run2(
=== the method becomes a class method | must=structural code=MPDT025
class C:
    def run(self): return 1
KEPT = []
<<< KEPT.append(C().run)
~~~     def run(self) =>     @classmethod\n    def run(cls)
=== a static method that is a built-in's becomes one of its own
class C:
    size = staticmethod(len)
~~~ size = staticmethod(len) => @staticmethod\n    def size(x): return 5
>>> C.size("ab") == 5
=== a static method that is a function of the module becomes a built-in's
def one(x): return 1
class C:
    size = staticmethod(one)
~~~ staticmethod(one) => staticmethod(len)
>>> C.size("ab") == 2
=== a static method becomes a plain one | must=structural code=MPDT025
class C:
    def __init__(self): self.cb = self.run
    @staticmethod
    def run(x): return x
c = C()
~~~     @staticmethod\n    def run(x): return x =>     def run(self, x): return x
=== the method is decorated | must=structural code=MPDT025
def deco(f): return lambda self: ("d", f(self))
class C:
    def run(self): return 1
KEPT = []
<<< KEPT.append(C().run)
~~~     def run =>     @deco\n    def run
=== a partial of a bound method | must=structural code=MPDT025
from functools import partial
class C:
    def run(self, x): return x
KEPT = []
<<< KEPT.append(partial(C().run, 1))
~~~ run( => run2(
=== a function that goes | must=structural code=MPDT025
def f(): return 1
def g(): return 2
KEPT = []
<<< KEPT.append(f)
~~~ def f(): return 1\ndef g => def g
=== a function that is decorated | must=structural code=MPDT025
def deco(f): return lambda: ("d", f())
def f(): return 1
KEPT = []
<<< KEPT.append(f)
~~~ def f => @deco\ndef f
=== a function that loses its decorator | must=structural code=MPDT025
def deco(f): return lambda: ("d", f())
@deco
def f(): return 1
KEPT = []
<<< KEPT.append(f)
~~~ @deco\ndef f => def f
=== a function that becomes a class | must=structural code=MPDT025
from b import f
KEPT = []
<<< KEPT.append(f)
--- b.py
def f(): return 1
~~~ def f(): return 1 => class f: pass

=== nobody keeps the method | keep=a:c
class Base:
    def run(self): return "base"
class C(Base):
    x = 1
c = C()
<<< c.run()
~~~ x = 1 => x = 1\n    def run(self): return "c"
>>> c.run() == "c"
=== one of another class is kept | keep=a:KEPT
class Base:
    def run(self): return "base"
class C(Base):
    x = 1
class D(Base): pass
KEPT = []
<<< KEPT.append(D().run)
~~~ x = 1 => x = 1\n    def run(self): return "c"
>>> KEPT[0]() == "base" and C().run() == "c"
=== its body is another, and its default | keep=a:KEPT
class C:
    def run(self, x=1): return x
KEPT = []
<<< KEPT.append(C().run)
~~~ x=1): return x => x=2): return x + 1
>>> KEPT[0]() == 3
=== super() comes: the old function leads on to the new one | keep=a:KEPT
class Base:
    def run(self): return 1
class C(Base):
    def run(self): return 2
KEPT = []
<<< KEPT.append(C().run)
~~~ return 2 => return super().run() + 2
>>> KEPT[0]() == 3
=== what the module itself makes of the method is made again
class Base:
    def run(self): return "base"
class C(Base):
    x = 1
c = C()
TABLE = {"run": c.run}
~~~ x = 1 => x = 1\n    def run(self): return "c"
>>> TABLE["run"]() == "c"
=== nobody keeps the function that is decorated
def deco(f): return lambda: ("d", f())
def f(): return 1
def g(): return f()
TABLE = {"f": f}
<<< g()
~~~ def f => @deco\ndef f
>>> TABLE["f"]() == g() == ("d", 1)
""")

# A statement that runs again finds what a fresh process finds, not what it has made of it before.
OWN_NAME = table(
    r"""
=== the docstring of the module
\"\"\"Doc.\"\"\"
from b import VERSION
__doc__ = f"{__doc__} {VERSION}"
--- b.py
VERSION = "1"
~~~ VERSION = "1" => VERSION = "2"
>>> __doc__ == "Doc. 2"
=== the docstring is another
\"\"\"Doc.\"\"\"
VERSION = "1"
__doc__ += VERSION
~~~ Doc => Docs
>>> __doc__ == "Docs.1"
=== a built-in
from b import N
def more(f, n): return lambda *a: f(*a) + n
len = more(len, N)
--- b.py
N = 1
~~~ N = 1 => N = 2
>>> len([1]) == 3
=== a built-in, and the statement itself is edited
def more(f, n): return lambda *a: f(*a) + n
len = more(len, 1)
~~~ more(len, 1) => more(len, 2)
>>> len([1]) == 3
=== a built-in's name that an import binds above
from b import max
max = [max, 1]
--- b.py
max = 1
~~~ max = 1 => max = 2
>>> max == [2, 1]
""".replace("\\", "")
)

# What a class body has bound is called by what it hands it to.
IN_CLASS_BODIES = table(r"""
=== a function handed to sorted and map
class C:
    def _rank(x): return x
    ORDER = sorted([1, 2, 3], key=_rank)
    TABLE = list(map(_rank, [1, 2]))
~~~ return x => return -x
>>> (C.ORDER, C.TABLE) == ([3, 2, 1], [-1, -2])
=== a lambda
class C:
    key = lambda x: -x
    ORDER = sorted([1, 2, 3], key=key)
~~~ -x => x
>>> C.ORDER == [1, 2, 3]
=== a function that calls one of another file
from b import rank
class C:
    def _rank(x): return rank(x)
    ORDER = sorted([1, 2, 3], key=_rank)
--- b.py
def rank(x): return x
~~~ return x => return -x
>>> C.ORDER == [3, 2, 1]
=== a function that is called, and calls one of another file
from b import rank
class C:
    def _rank(x): return rank(x)
    ONE = _rank(1)
--- b.py
def rank(x): return x
~~~ return x => return -x
>>> C.ONE == -1
=== an instance of a nested class stays
class C:
    class Inner:
        def run(self): return 1
    one = Inner()
KEPT = [C.one]
~~~ return 1 => return 2
>>> C.one is KEPT[0] and C.one.run() == 2
=== a function handed to a function of ours
def apply(function, x): return function(x)
class C:
    def _twice(x): return x * 2
    FOUR = apply(_twice, 2)
~~~ x * 2 => x * 3
>>> C.FOUR == 6
=== a key of a registry | must=structural code=MPDT007
R = {}
def register(key):
    def deco(f):
        R[key()] = f
        return f
    return deco
class C:
    def key(): return "k"
    @register(key)
    def x(self): return 1
~~~ "k" => "kk"
=== what is only kept | keep=a:c
from functools import partial
class C:
    def _get(self): return 1
    value = property(_get)
    make = partial(_get)
c = C()
~~~ return 1 => return 2
>>> c.value == 2 and C.make(None) == 2
""")


@pytest.mark.parametrize("row", [*NOTED_WITH, *DISPATCHED, *HELD, *OWN_NAME, *IN_CLASS_BODIES])
def test_a_fourth_attack(ws: Workspace, row: Row) -> None:
    check(ws, row)
