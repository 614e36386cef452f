"""What calls a definition at once, while it is made: decorator, base's hook, metaclass. New code is not enough."""

from __future__ import annotations

import pytest

from tests.engine.edits import Row, check, table
from tests.harness import Workspace

ROWS = """
=== a decorator that calls what it decorates | must=structural
def marked(f):
    f.result = f()
    return f
@marked
def g(): return 1
--->
def marked(f):
    f.result = f()
    return f
@marked
def g(): return 2
=== a decorator that calls what it decorates, and keeps it elsewhere | must=structural
OUT = []
def marked(f):
    OUT.append(f())
    return f
@marked
def g(): return 1
--->
OUT = []
def marked(f):
    OUT.append(f())
    return f
@marked
def g(): return 2
=== a decorator that calls a helper of what it decorates | must=structural
def helper(): return 1
def marked(f):
    f.result = f()
    return f
@marked
def g(): return helper()
--->
def helper(): return 2
def marked(f):
    f.result = f()
    return f
@marked
def g(): return helper()
=== a class's decorator calls a method of it, that calls a helper | must=structural
def helper(): return 1
def marked(cls):
    cls.result = cls().more()
    return cls
@marked
class C:
    def more(self): return helper()
--->
def helper(): return 2
def marked(cls):
    cls.result = cls().more()
    return cls
@marked
class C:
    def more(self): return helper()
=== a class's decorator reads an attribute | must=structural
def marked(cls):
    cls.result = cls.n + 1
    return cls
@marked
class C:
    n = 1
--->
def marked(cls):
    cls.result = cls.n + 1
    return cls
@marked
class C:
    n = 2
=== a hook of a base reads an attribute | must=structural
class Base:
    def __init_subclass__(cls): cls.m = cls.n + 1
class C(Base):
    n = 1
--->
class Base:
    def __init_subclass__(cls): cls.m = cls.n + 1
class C(Base):
    n = 2
=== a hook of a base calls a class method of the class | must=structural
class Base:
    def __init_subclass__(cls): cls.m = cls.get()
class C(Base):
    @classmethod
    def get(cls): return 1
--->
class Base:
    def __init_subclass__(cls): cls.m = cls.get()
class C(Base):
    @classmethod
    def get(cls): return 2
=== a hook of a base calls a class method of the class, that calls a helper | must=structural
def helper(): return 1
class Base:
    def __init_subclass__(cls): cls.m = cls.get()
class C(Base):
    @classmethod
    def get(cls): return helper()
--->
def helper(): return 2
class Base:
    def __init_subclass__(cls): cls.m = cls.get()
class C(Base):
    @classmethod
    def get(cls): return helper()
=== a metaclass calls a class method of the class | must=structural
class Meta(type):
    def __init__(cls, name, bases, space):
        super().__init__(name, bases, space)
        cls.m = cls.get()
class C(metaclass=Meta):
    @classmethod
    def get(cls): return 1
--->
class Meta(type):
    def __init__(cls, name, bases, space):
        super().__init__(name, bases, space)
        cls.m = cls.get()
class C(metaclass=Meta):
    @classmethod
    def get(cls): return 2
=== a metaclass calls a function in the namespace | must=structural
class Meta(type):
    def __new__(meta, name, bases, space):
        space["m"] = space["get"]()
        return super().__new__(meta, name, bases, space)
class C(metaclass=Meta):
    def get(): return 1
--->
class Meta(type):
    def __new__(meta, name, bases, space):
        space["m"] = space["get"]()
        return super().__new__(meta, name, bases, space)
class C(metaclass=Meta):
    def get(): return 2
=== a descriptor calls what it is given | must=structural
class Eager:
    def __init__(self, f): self.value = f(None)
    def __get__(self, one, cls): return self.value
class C:
    @Eager
    def get(self): return 1
--->
class Eager:
    def __init__(self, f): self.value = f(None)
    def __get__(self, one, cls): return self.value
class C:
    @Eager
    def get(self): return 2
=== a descriptor is told its owner, and calls a method of it | must=structural code=MPDT009
class Eager:
    def __set_name__(self, cls, name): self.value = cls.get()
    def __get__(self, one, cls): return self.value
class C:
    x = Eager()
    @staticmethod
    def get(): return 1
--->
class Eager:
    def __set_name__(self, cls, name): self.value = cls.get()
    def __get__(self, one, cls): return self.value
class C:
    x = Eager()
    @staticmethod
    def get(): return 2
=== a method called in the class body
class C:
    def get(n): return n
    X = get(1)
--->
class C:
    def get(n): return n + 1
    X = get(1)
=== a decorator of the class itself
class C:
    def twice(f): return lambda self: f(self) * 2
    @twice
    def get(self): return 1
--->
class C:
    def twice(f): return lambda self: f(self) * 3
    @twice
    def get(self): return 1
"""


@pytest.mark.parametrize("row", table(ROWS))
def test_what_is_called_while_it_is_made(ws: Workspace, row: Row) -> None:
    check(ws, row)


WAYS = table(
    """
=== chained construction calls
class Reg:
    def __init__(self): self.all = {}
    def add(self, n, f):
        self.all[n] = f()
        return self
def hello(): return 1
reg = Reg().add("x", hello).add("y", hello)
R = reg.all["x"]
~~~ return 1 => return 2
=== given construction calls
class Reg:
    def __init__(self): self.all = {}
    def add(self, n, f):
        self.all[n] = f()
        return self
def make(): return Reg()
def hello(): return 1
reg = make().add("x", hello)
R = reg.all["x"]
~~~ return 1 => return 2
=== deco match | must=truth
LOG = []
def on(f):
    match f:
        case g: LOG.append(g())
    return f
@on
def hello(): return 1
R = LOG[0]
~~~ return 1 => return 2
=== deco except | must=truth
LOG = []
def on(f):
    try: raise ValueError(f)
    except ValueError as e: LOG.append(e.args[0]())
    return f
@on
def hello(): return 1
R = LOG[0]
~~~ return 1 => return 2
=== deco lambda | must=truth
LOG = []
def on(f):
    g = lambda: f()
    LOG.append(g())
    return f
@on
def hello(): return 1
R = LOG[0]
~~~ return 1 => return 2
=== deco locals | must=truth
LOG = []
def on(f):
    LOG.append(locals()["f"]())
    return f
@on
def hello(): return 1
R = LOG[0]
~~~ return 1 => return 2
=== lambda deco | must=truth
LOG = []
on = lambda f: (LOG.append(f()), f)[1]
@on
def hello(): return 1
R = LOG[0]
~~~ return 1 => return 2
=== deco bound twice | must=truth
LOG = []
def on(f): return f
def on(f):
    LOG.append(f())
    return f
@on
def hello(): return 1
R = LOG[0]
~~~ return 1 => return 2
=== deco of a made object | must=truth
LOG = []
def make():
    class Bus:
        def on(self, f):
            LOG.append(f())
            return f
    return Bus()
bus = make()
@bus.on
def hello(): return 1
R = LOG[0]
~~~ return 1 => return 2
=== deco of a given object | must=truth
LOG = []
class Bus:
    def on(self, f):
        LOG.append(f())
        return f
_bus = Bus()
def get(): return _bus
bus = get()
@bus.on
def hello(): return 1
R = LOG[0]
~~~ return 1 => return 2
=== deco of get() | must=truth
LOG = []
class Bus:
    def on(self, f):
        LOG.append(f())
        return f
_bus = Bus()
def get(): return _bus
@get().on
def hello(): return 1
R = LOG[0]
~~~ return 1 => return 2
=== class deco match | must=truth
LOG = []
def on(c):
    match c:
        case g: LOG.append(g().run())
    return c
@on
class C:
    def run(self): return 1
R = LOG[0]
~~~ return 1 => return 2
=== hook with locals | must=truth
LOG = []
class B:
    def __init_subclass__(cls): LOG.append(locals()["cls"]().run())
class C(B):
    def run(self): return 1
R = LOG[0]
~~~ return 1 => return 2
=== deco with arg, made object | must=truth
LOG = []
def make():
    class Bus:
        def on(self, n):
            def w(f):
                LOG.append(f())
                return f
            return w
    return Bus()
bus = make()
@bus.on("x")
def hello(): return 1
R = LOG[0]
~~~ return 1 => return 2
=== deco in a table | must=truth
LOG = []
def on(f):
    LOG.append(f())
    return f
T = {"on": on}
@T["on"]
def hello(): return 1
R = LOG[0]
~~~ return 1 => return 2
=== deco by import of an object | must=truth
from b import bus
@bus.on
def hello(): return 1
R = bus.log[0]
--- b.py
def make():
    class Bus:
        def __init__(self): self.log = []
        def on(self, f):
            self.log.append(f())
            return f
    return Bus()
bus = make()
~~~ return 1 => return 2
=== metaclass with match | must=truth
LOG = []
class M(type):
    def __init__(cls, n, b, d):
        super().__init__(n, b, d)
        match d:
            case {"run": g}: LOG.append(g(None))
class C(metaclass=M):
    def run(self): return 1
R = LOG[0]
~~~ return 1 => return 2
"""
)


@pytest.mark.parametrize("row", WAYS)
def test_by_ways_that_hide_the_call(ws: Workspace, row: Row) -> None:
    check(ws, row)
