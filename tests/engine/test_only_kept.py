"""A top-level call that only hands something to the plugin's own: it has kept the very object that has new code now."""

from __future__ import annotations

import pytest

from tests.engine import edits
from tests.engine.edits import Row, table
from tests.harness import Workspace

# Where the call has looked into it, called it, or would do something else now, the edit must be told from that.
HANDED = table(
    r"""
=== register function subscript
HANDLERS = {}
def register(name, f): HANDLERS[name] = f
def hello(event): return 1
register("x", hello)
~~~ return 1 => return 2
=== register function append
HANDLERS = []
def register(name, f): HANDLERS.append((name, f))
def hello(event): return 1
register("x", hello)
~~~ return 1 => return 2
=== register function setdefault append
HANDLERS = {}
def register(name, f): HANDLERS.setdefault(name, []).append(f)
def hello(event): return 1
register("x", hello)
~~~ return 1 => return 2
=== bus subscript
class Bus:
    def __init__(self): self.handlers = {}
    def on(self, name, handler): self.handlers[name] = handler
bus = Bus()
def hello(event): return 1
bus.on("x", hello)
~~~ return 1 => return 2
=== bus append
class Bus:
    def __init__(self): self.handlers = []
    def on(self, name, handler): self.handlers.append(handler)
bus = Bus()
def hello(event): return 1
bus.on("x", hello)
~~~ return 1 => return 2
=== bus append, defaultdict
from collections import defaultdict
class Bus:
    def __init__(self): self.handlers = defaultdict(list)
    def on(self, name, handler): self.handlers[name].append(handler)
bus = Bus()
def hello(event): return 1
bus.on("x", hello)
~~~ return 1 => return 2
=== bus in another file
from b import bus
def hello(event): return 1
bus.on("x", hello)
--- b.py
class Bus:
    def __init__(self): self.handlers = {}
    def on(self, name, handler): self.handlers[name] = handler
    def emit(self, name, event): return self.handlers[name](event)
bus = Bus()
~~~ return 1 => return 2
=== bus emits | must=truth
from b import bus
def hello(event): return 1
bus.on("x", hello)
bus.emit("x", 1)
--- b.py
class Bus:
    def __init__(self): self.handlers = {}
    def on(self, name, handler): self.handlers[name] = handler
    def emit(self, name, event): return self.handlers[name](event)
bus = Bus()
~~~ return 1 => return 2
=== bus's own method edited
from b import bus
def hello(event): return 1
bus.on("x", hello)
--- b.py
class Bus:
    def __init__(self): self.handlers = {}
    def on(self, name, handler): self.handlers[name] = handler
    def emit(self, name, event): return self.handlers[name](event)
bus = Bus()
~~~ return self.handlers[name](event) => return self.handlers[name](event) or 0
=== register class
from b import register
class Handler:
    name = "x"
    def run(self): return 1
register(Handler)
--- b.py
HANDLERS = {}
def register(cls): HANDLERS[cls.name] = cls
~~~ return 1 => return 2
=== register class instance
from b import register
class Handler:
    name = "x"
    def run(self): return 1
register(Handler())
--- b.py
HANDLERS = {}
def register(one): HANDLERS[one.name] = one
~~~ return 1 => return 2
=== register class instance with manager
from b import manager
class Handler:
    name = "x"
    def run(self): return 1
manager.register(Handler())
--- b.py
class Manager:
    def __init__(self): self.all = {}
    def register(self, one): self.all[one.name] = one
manager = Manager()
~~~ return 1 => return 2
=== register method added with manager
from b import manager
class Handler:
    name = "x"
    def run(self): return 1
manager.register(Handler)
--- b.py
class Manager:
    def __init__(self): self.all = {}
    def register(self, one): self.all[one.name] = one
manager = Manager()
~~~ return 1 => return 1\n    def stop(self): return 2
=== decorator class body edit
from b import manager
@manager.register
class Handler:
    name = "x"
    def run(self): return 1
--- b.py
class Manager:
    def __init__(self): self.all = {}
    def register(self, one):
        self.all[one.name] = one
        return one
manager = Manager()
~~~ return 1 => return 2
=== plain decorator with arg class method added
from b import register
@register("x")
class Handler:
    def run(self): return 1
--- b.py
ALL = {}
def register(name):
    def wrap(one):
        one.key = name
        ALL[name] = one
        return one
    return wrap
~~~ return 1 => return 1\n    def stop(self): return 2
=== handler signature with plain registry
from b import command
@command("ping")
def ping(event): return 1
--- b.py
ALL = {}
def command(name):
    def wrap(f):
        ALL[name] = f
        return f
    return wrap
~~~ ping(event) => ping(event, extra=None)
=== async handler signature with bus
from b import bus
@bus.on("ping")
async def ping(event): return 1
--- b.py
class Bus:
    def __init__(self): self.all = {}
    def on(self, name):
        def wrap(f):
            self.all[name] = f
            return f
        return wrap
bus = Bus()
~~~ ping(event) => ping(event, extra=None)
=== async handler signature with bus setdefault append
from b import bus
@bus.on("ping")
async def ping(event): return 1
--- b.py
class Bus:
    def __init__(self): self.all = {}
    def on(self, name):
        def wrap(f):
            self.all.setdefault(name, []).append(f)
            return f
        return wrap
bus = Bus()
~~~ ping(event) => ping(event, extra=None)
=== priorities
from b import bus
@bus.on("ping", priority=1)
async def ping(event): return 1
@bus.on("ping", priority=2)
async def pong(event): return 1
--- b.py
class Bus:
    def __init__(self): self.all = []
    def on(self, name, priority=0):
        def wrap(f):
            self.all.append((priority, name, f))
            self.all.sort(key=lambda one: one[0])
            return f
        return wrap
bus = Bus()
~~~ return 1 => return 2
=== emit thrown after decorator | must=truth
class Bus:
    def __init__(self): self.handlers = {}; self.log = []
    def on(self, name):
        def wrap(f):
            self.handlers[name] = f
            return f
        return wrap
    def emit(self, name, event): self.log.append(self.handlers[name](event))
bus = Bus()
@bus.on("x")
def hello(event): return 1
bus.emit("x", 1)
~~~ return 1 => return 2
=== emit stored after decorator
class Bus:
    def __init__(self): self.handlers = {}; self.log = []
    def on(self, name):
        def wrap(f):
            self.handlers[name] = f
            return f
        return wrap
    def emit(self, name, event): return self.handlers[name](event)
bus = Bus()
@bus.on("x")
def hello(event): return 1
R = bus.emit("x", 1)
~~~ return 1 => return 2
=== emit thrown by function after decorator | must=truth
HANDLERS = {}
LOG = []
def on(name):
    def wrap(f):
        HANDLERS[name] = f
        return f
    return wrap
def emit(name, event): LOG.append(HANDLERS[name](event))
@on("x")
def hello(event): return 1
emit("x", 1)
~~~ return 1 => return 2
=== emit thrown other file | must=truth
from b import bus
@bus.on("x")
def hello(event): return 1
import c
--- b.py
class Bus:
    def __init__(self): self.handlers = {}; self.log = []
    def on(self, name):
        def wrap(f):
            self.handlers[name] = f
            return f
        return wrap
    def emit(self, name, event): self.log.append(self.handlers[name](event))
bus = Bus()
--- c.py
from b import bus
bus.emit("x", 1)
~~~ return 1 => return 2
=== wrapper object calls at once | must=truth
class once:
    def __init__(self, f):
        self.f = f
        self.value = self.f()
    def __call__(self): return self.value
@once
def hello(): return 1
R = hello()
~~~ return 1 => return 2
=== wrapper object calls at once, other attr | must=truth
class once:
    def __init__(self, f):
        self.f = f
        self.value = self.f()
@once
def hello(): return 1
~~~ return 1 => return 2
>>> hello.value == 2
=== registers and flushes in a loop | must=truth
ALL = []
LOG = []
def on(f):
    ALL.append(f)
    for one in ALL: LOG.append(one())
    return f
@on
def hello(): return 1
@on
def other(): return 3
R = list(LOG)
~~~ return 1 => return 2
=== registers and sorts by a call | must=truth
ALL = []
def on(f):
    ALL.append(f)
    ALL.sort(key=lambda one: one())
    return f
@on
def hello(): return 1
@on
def other(): return 3
R = [one.__name__ for one in ALL]
~~~ return 1 => return 4
=== registers and calls the first | must=truth
ALL = []
FIRST = []
def on(f):
    ALL.append(f)
    FIRST.append(ALL[0]())
    return f
@on
def hello(): return 1
@on
def other(): return 3
R = tuple(FIRST)
~~~ return 1 => return 4
=== effect registers and flushes in a loop | must=truth
ALL = []
LOG = []
def on(f):
    ALL.append(f)
    for one in ALL: LOG.append(one())
def hello(): return 1
def other(): return 3
on(hello)
on(other)
R = list(LOG)
~~~ return 1 => return 2
=== effect registers and flush is another | must=truth
ALL = []
LOG = []
def flush():
    for one in ALL: LOG.append(one())
def on(f):
    ALL.append(f)
    flush()
def hello(): return 1
def other(): return 3
on(hello)
on(other)
R = list(LOG)
~~~ return 1 => return 2
=== effect registers and own flush is another | must=truth
class Bus:
    def __init__(self): self.all = []; self.log = []
    def flush(self):
        for one in self.all: self.log.append(one())
    def on(self, f):
        self.all.append(f)
        self.flush()
bus = Bus()
def hello(): return 1
def other(): return 3
bus.on(hello)
bus.on(other)
R = list(bus.log)
~~~ return 1 => return 2
=== effect keeps a result | must=truth
ALL = []
def on(f): ALL.append(f())
def hello(): return 1
on(hello)
R = ALL[0]
~~~ return 1 => return 2
=== effect keeps a name
ALL = {}
def on(f): ALL[f.__name__] = f
def hello(): return 1
on(hello)
R = ALL["hello"]()
~~~ return 1 => return 2
=== effect keeps a docstring | must=truth
ALL = {}
def on(f): ALL[f.__name__] = f.__doc__
def hello():
    "one"
on(hello)
R = ALL["hello"]
~~~ "one" => "two"
=== effect keeps docstring by getdoc | must=truth
import inspect
ALL = {}
def on(f): ALL[f.__name__] = inspect.getdoc(f)
def hello():
    "one"
on(hello)
R = ALL["hello"]
~~~ "one" => "two"
=== effect keeps signature | must=truth
import inspect
ALL = {}
def on(f): ALL[f.__name__] = str(inspect.signature(f))
def hello(a): return 1
on(hello)
R = ALL["hello"]
~~~ hello(a) => hello(a, b=1)
=== effect keeps, docstring changes
ALL = {}
def on(f): ALL[f.__name__] = f
def hello():
    "one"
    return 1
on(hello)
R = ALL["hello"].__doc__
~~~ "one" => "two"
=== effect keeps, signature changes
ALL = {}
def on(f): ALL[f.__name__] = f
def hello(a=1): return a
on(hello)
R = ALL["hello"]()
~~~ a=1 => a=2
=== effect keeps code | must=truth
ALL = {}
def on(f): ALL[f.__name__] = f.__code__
def hello(): return 1
on(hello)
R = ALL["hello"].co_consts
~~~ return 1 => return 2
=== effect keeps defaults | must=truth
ALL = {}
def on(f): ALL[f.__name__] = f.__defaults__
def hello(a=1): return a
on(hello)
R = ALL["hello"]
~~~ a=1 => a=2
=== effect keeps class attribute | must=truth
ALL = {}
def on(c): ALL[c.__name__] = c.size
class C:
    size = 1
on(C)
R = ALL["C"]
~~~ size = 1 => size = 2
=== effect keeps inherited class attribute | must=truth
ALL = {}
def on(c): ALL[c.__name__] = c.size
class B:
    size = 1
class C(B): pass
on(C)
R = ALL["C"]
~~~ size = 1 => size = 2
=== effect keeps class attribute by getattr | must=truth
ALL = {}
def on(c): ALL[c.__name__] = getattr(c, "size")
class C:
    size = 1
on(C)
R = ALL["C"]
~~~ size = 1 => size = 2
=== effect keeps vars of class | must=truth
ALL = {}
def on(c): ALL[c.__name__] = sorted(n for n in vars(c) if n[0] != "_")
class C:
    size = 1
on(C)
R = tuple(ALL["C"])
~~~ size = 1 => size = 1\n    def run(self): return 1
=== effect keeps an instance | must=truth
ALL = {}
def on(c): ALL[c.__name__] = c()
class C:
    def __init__(self): self.x = 1
on(C)
R = ALL["C"].x
~~~ self.x = 1 => self.x = 2
=== effect keeps a handed instance, init changes | must=truth
ALL = []
def on(c): ALL.append(c)
class C:
    def __init__(self): self.x = 1
on(C())
R = ALL[0].x
~~~ self.x = 1 => self.x = 2
=== effect keeps a handed instance, method is called | must=truth
ALL = []
def on(c): ALL.append(c.run())
class C:
    def run(self): return 1
on(C())
R = ALL[0]
~~~ return 1 => return 2
=== effect keeps a handed instance, property is read | must=truth
ALL = []
def on(c): ALL.append(c.run)
class C:
    @property
    def run(self): return 1
on(C())
R = ALL[0]
~~~ return 1 => return 2
=== effect keeps a handed instance by its hash | must=truth
ALL = {}
def on(c): ALL[c] = 1
class C:
    def __init__(self, n): self.n = n
    def __eq__(self, o): return self.n == o.n
    def __hash__(self): return hash(self.n)
on(C(1))
on(C(2))
R = len(ALL)
~~~ return hash(self.n) => return 0
=== effect in another file
import b
import c
R = b.ALL["hello"]()
--- b.py
ALL = {}
def on(f): ALL[f.__name__] = f
--- c.py
from b import on
def hello(): return 1
on(hello)
~~~ return 1 => return 2
=== effect that keeps is edited to call | must=truth
ALL = {}
def on(f): ALL[f.__name__] = f
def hello(): return 1
on(hello)
R = len(ALL)
~~~ = f\n => = f()\n
=== bus method on itself edited | must=truth
class Bus:
    def __init__(self): self.all = {}
    def on(self, n, f): self.all[n] = f
    def get(self, n): return self.all[n]
bus = Bus()
def hello(): return 1
bus.on("a", hello)
~~~ self.all[n] = f => self.all[n + n] = f
=== bus method on calls edited helper | must=truth
class Bus:
    def __init__(self): self.all = {}
    def key(self, n): return n
    def on(self, n, f): self.all[self.key(n)] = f
bus = Bus()
def hello(): return 1
bus.on("a", hello)
~~~ return n => return n + n
=== bus method on reads edited attribute | must=truth
class Bus:
    prefix = "a"
    def __init__(self): self.all = {}
    def on(self, n, f): self.all[self.prefix + n] = f
bus = Bus()
def hello(): return 1
bus.on("a", hello)
~~~ prefix = "a" => prefix = "b"
=== bus method on reads edited constant | must=truth
PREFIX = "a"
class Bus:
    def __init__(self): self.all = {}
    def on(self, n, f): self.all[PREFIX + n] = f
bus = Bus()
def hello(): return 1
bus.on("a", hello)
~~~ PREFIX = "a" => PREFIX = "b"
=== bus of a subclass whose on is overridden later | must=truth
class Base:
    def __init__(self): self.all = {}
    def on(self, n, f): self.all[n] = f
class Bus(Base):
    def get(self): return 1
bus = Bus()
def hello(): return 1
bus.on("a", hello)
~~~ def get(self): return 1 => def get(self): return 1\n    def on(self, n, f): self.all[n] = f()
=== bus of a subclass other method | must=truth
class Base:
    def __init__(self): self.all = {}
    def on(self, n, f): self.all[n] = f
class Bus(Base):
    def get(self): return 1
bus = Bus()
def hello(): return 1
bus.on("a", hello)
~~~ return 1 => return 2
=== table of own class | must=truth
class Store(dict):
    def __setitem__(self, k, v): super().__setitem__(k, v())
ALL = Store()
def on(f): ALL[f.__name__] = f
def hello(): return 1
on(hello)
R = ALL["hello"]
~~~ return 1 => return 2
=== table of own class in an attribute | must=truth
class Store(dict):
    def __setitem__(self, k, v): super().__setitem__(k, v())
class Bus:
    def __init__(self): self.all = Store()
    def on(self, f): self.all[f.__name__] = f
bus = Bus()
def hello(): return 1
bus.on(hello)
R = bus.all["hello"]
~~~ return 1 => return 2
=== own append | must=truth
class Store:
    def __init__(self): self.l = []
    def append(self, f): self.l.append(f())
ALL = Store()
def on(f): ALL.append(f)
def hello(): return 1
on(hello)
R = tuple(ALL.l)
~~~ return 1 => return 2
=== own append in a table | must=truth
class Store:
    def __init__(self): self.l = []
    def append(self, f): self.l.append(f())
ALL = {"x": Store()}
def on(f): ALL["x"].append(f)
def hello(): return 1
on(hello)
R = tuple(ALL["x"].l)
~~~ return 1 => return 2
=== handed partial | must=truth
from functools import partial
ALL = []
def on(f): ALL.append(f)
def hello(a): return a
on(partial(hello, 1))
R = ALL[0]()
~~~ return a => return a + 1
=== handed lambda
ALL = []
def on(f): ALL.append(f)
def hello(a): return a
on(lambda: hello(1))
R = ALL[0]()
~~~ return a => return a + 1
=== handed bound method | must=truth
ALL = []
def on(f): ALL.append(f)
class C:
    def run(self): return 1
c = C()
on(c.run)
R = ALL[0]()
~~~ return 1 => return 2
=== handed list of functions
ALL = []
def on(fs): ALL.extend(fs)
def hello(): return 1
on([hello])
R = ALL[0]()
~~~ return 1 => return 2
=== callback called by a library at once | must=truth
import re
ALL = []
def on(f): ALL.append(re.sub("a", f, "aa"))
def hello(m): return "1"
on(hello)
R = ALL[0]
~~~ return "1" => return "2"
=== keeps a call of a library with it | must=truth
from concurrent.futures import ThreadPoolExecutor
ALL = []
def on(f):
    with ThreadPoolExecutor(1) as pool:
        ALL.append(pool.submit(f).result())
def hello(): return "1"
on(hello)
R = ALL[0]
~~~ return "1" => return "2"
=== decorator keeps, docstring changes
ALL = {}
def on(f):
    ALL[f.__name__] = f
    return f
@on
def hello():
    "one"
    return 1
R = ALL["hello"].__doc__
~~~ "one" => "two"
=== decorator keeps, default changes
ALL = {}
def on(f):
    ALL[f.__name__] = f
    return f
@on
def hello(a=1):
    return a
R = ALL["hello"].__defaults__
~~~ a=1 => a=2
=== hook keeps, docstring changes
ALL = {}
class B:
    def __init_subclass__(cls): ALL[cls.__name__] = cls
class C(B):
    "one"
R = ALL["C"].__doc__
~~~ "one" => "two"
=== hook keeps, attribute changes
ALL = {}
class B:
    def __init_subclass__(cls): ALL[cls.__name__] = cls
class C(B):
    n = 1
R = ALL["C"].n
~~~ n = 1 => n = 2
=== bus method edited, other registered
class Bus:
    def __init__(self): self.all = {}
    def on(self, n, f): self.all[n] = f
    def get(self, n): return self.all[n]
bus = Bus()
def hello(): return 1
bus.on("a", hello)
~~~ return self.all[n] => return self.all.get(n)
=== bus method added
class Bus:
    def __init__(self): self.all = {}
    def on(self, n, f): self.all[n] = f
bus = Bus()
def hello(): return 1
bus.on("a", hello)
~~~ def on(self, n, f): => def get(self, n): return self.all[n]\n    def on(self, n, f):
=== bus in other file, method edited, registered by several
from b import bus
import c
def hello(): return 1
bus.on("a", hello)
--- b.py
class Bus:
    def __init__(self): self.all = {}
    def on(self, n, f):
        "Keeps it."
        if n in self.all: raise ValueError(n)
        self.all[n] = f
    def get(self, n): return self.all[n]
bus = Bus()
--- c.py
from b import bus
class C:
    def run(self): return 1
bus.on("c", C())
bus.on("d", C().run)
~~~ return self.all[n] => return self.all.get(n)
=== register asks hasattr | must=truth
ALL = []
def on(c):
    if hasattr(c, "stop"): ALL.append(c)
class C:
    def run(self): return 1
on(C)
R = len(ALL)
~~~ return 1 => return 1\n    def stop(self): return 1
=== register asks callable | must=truth
ALL = []
def on(c):
    if callable(c): ALL.append(c)
class C:
    def run(self): return 1
on(C())
R = len(ALL)
~~~ return 1 => return 1\n    def __call__(self): return 1
=== register asks a protocol | must=truth
from typing import Protocol, runtime_checkable
ALL = []
@runtime_checkable
class P(Protocol):
    def stop(self): ...
def on(c):
    if isinstance(c, P): ALL.append(c)
class C:
    def run(self): return 1
on(C())
R = len(ALL)
~~~ return 1 => return 1\n    def stop(self): return 1
=== register logs
import logging
logger = logging.getLogger("x")
ALL = {}
def on(n, c):
    if n in ALL: raise ValueError(f"{n} is there")
    logger.debug("registered %s", n)
    ALL[n] = c
def run(): return 1
on("x", run)
~~~ return 1 => return 2
=== register counts with len
ALL = {}
ORDER = []
def on(n, c):
    ORDER.append((len(ALL), n))
    ALL[n] = c
def run(): return 1
on("x", run)
~~~ return 1 => return 2
"""
)


@pytest.mark.parametrize("row", HANDED)
def test_what_is_handed_over_on_import(ws: Workspace, row: Row) -> None:
    edits.check(ws, row)


# The ways in which it comes to be called on import.
CALLED = table(
    r"""
=== a bus that a function makes calls at once | must=truth
def make():
    class Bus:
        def __init__(self): self.all = []
        def on(self, f): self.all.append(f())
    return Bus()
bus = make()
def hello(): return 1
bus.on(hello)
R = bus.all[0]
~~~ return 1 => return 2
=== a bus that a function gives calls at once | must=truth
class Bus:
    def __init__(self): self.all = []
    def on(self, f): self.all.append(f())
_bus = Bus()
def get(): return _bus
bus = get()
def hello(): return 1
bus.on(hello)
R = bus.all[0]
~~~ return 1 => return 2
=== get().on calls at once | must=truth
class Bus:
    def __init__(self): self.all = []
    def on(self, f): self.all.append(f())
_bus = Bus()
def get(): return _bus
def hello(): return 1
get().on(hello)
R = _bus.all[0]
~~~ return 1 => return 2
=== one of two classes | must=truth
class A:
    def __init__(self): self.all = []
    def on(self, f): self.all.append(f)
class B(A):
    def on(self, f): self.all.append(f())
bus = A() if 0 else B()
def hello(): return 1
bus.on(hello)
R = str(bus.all[0])
~~~ return 1 => return 2
=== bound in two places | must=truth
class A:
    def __init__(self): self.all = []
    def on(self, f): self.all.append(f)
class B(A):
    def on(self, f): self.all.append(f())
bus = A()
bus = B()
def hello(): return 1
bus.on(hello)
R = str(bus.all[0])
~~~ return 1 => return 2
=== on is set on the instance | must=truth
class A:
    def __init__(self): self.all = []
    def on(self, f): self.all.append(f)
bus = A()
bus.on = lambda f: bus.all.append(f())
def hello(): return 1
bus.on(hello)
R = str(bus.all[0])
~~~ return 1 => return 2
=== on is set on the class | must=truth
class A:
    def __init__(self): self.all = []
    def on(self, f): self.all.append(f)
A.on = lambda self, f: self.all.append(f())
bus = A()
def hello(): return 1
bus.on(hello)
R = str(bus.all[0])
~~~ return 1 => return 2
=== on is set in init | must=truth
class A:
    def __init__(self):
        self.all = []
        self.on = lambda f: self.all.append(f())
    def on(self, f): self.all.append(f)
bus = A()
def hello(): return 1
bus.on(hello)
R = str(bus.all[0])
~~~ return 1 => return 2
=== on by getattr | must=truth
class A:
    def __init__(self): self.all = []
    def __getattr__(self, n): return lambda f: self.all.append(f())
bus = A()
def hello(): return 1
bus.on(hello)
R = str(bus.all[0])
~~~ return 1 => return 2
=== on is inherited and overridden in a subclass that is used | must=truth
class A:
    def __init__(self): self.all = []
    def on(self, f): self.keep(f)
    def keep(self, f): self.all.append(f)
class B(A):
    def keep(self, f): self.all.append(f())
bus = B()
def hello(): return 1
bus.on(hello)
R = str(bus.all[0])
~~~ return 1 => return 2
=== function is decorated | must=truth
import functools
def now(g):
    @functools.wraps(g)
    def inner(f): return g(f())
    return inner
ALL = []
@now
def on(f): ALL.append(f)
def hello(): return 1
on(hello)
R = ALL[0]
~~~ return 1 => return 2
=== function is bound twice | must=truth
ALL = []
def on(f): ALL.append(f)
def on(f): ALL.append(f())
def hello(): return 1
on(hello)
R = ALL[0]
~~~ return 1 => return 2
=== function is bound again by assignment | must=truth
ALL = []
def on(f): ALL.append(f)
on = (lambda f: ALL.append(f()))
def hello(): return 1
on(hello)
R = ALL[0]
~~~ return 1 => return 2
=== function in an if | must=truth
ALL = []
if 1:
    def on(f): ALL.append(f())
else:
    def on(f): ALL.append(f)
def hello(): return 1
on(hello)
R = ALL[0]
~~~ return 1 => return 2
=== a generator that calls | must=truth
ALL = []
def on(f): ALL.extend(g() for g in [f])
def hello(): return 1
on(hello)
R = ALL[0]
~~~ return 1 => return 2
=== a comprehension that calls | must=truth
ALL = []
def on(f): ALL.extend([g() for g in (f,)])
def hello(): return 1
on(hello)
R = ALL[0]
~~~ return 1 => return 2
=== a match that calls | must=truth
ALL = []
def on(f):
    match f:
        case g: ALL.append(g())
def hello(): return 1
on(hello)
R = ALL[0]
~~~ return 1 => return 2
=== a with that calls | must=truth
import contextlib
ALL = []
@contextlib.contextmanager
def using(f): yield f()
def on(f):
    with using(f) as v: ALL.append(v)
def hello(): return 1
on(hello)
R = ALL[0]
~~~ return 1 => return 2
=== a star call | must=truth
ALL = []
def on(*fs): ALL.append(fs[0]())
def hello(): return 1
on(hello)
R = ALL[0]
~~~ return 1 => return 2
=== kwargs call | must=truth
ALL = []
def on(**fs):
    for k, f in fs.items(): ALL.append(f())
def hello(): return 1
on(x=hello)
R = ALL[0]
~~~ return 1 => return 2
=== an except that calls | must=truth
ALL = []
def on(f):
    try: raise ValueError(f)
    except ValueError as e: ALL.append(e.args[0]())
def hello(): return 1
on(hello)
R = ALL[0]
~~~ return 1 => return 2
=== a nested function that calls | must=truth
ALL = []
def on(f):
    def inner(): return f()
    ALL.append(inner())
def hello(): return 1
on(hello)
R = ALL[0]
~~~ return 1 => return 2
=== a lambda that is called | must=truth
ALL = []
def on(f):
    g = lambda: f()
    ALL.append(g())
def hello(): return 1
on(hello)
R = ALL[0]
~~~ return 1 => return 2
=== by a local partial | must=truth
import functools
ALL = []
def on(f):
    g = functools.partial(f)
    ALL.append(g())
def hello(): return 1
on(hello)
R = ALL[0]
~~~ return 1 => return 2
=== by a dict of locals | must=truth
ALL = []
def on(f):
    d = {"a": f}
    ALL.append(d["a"]())
def hello(): return 1
on(hello)
R = ALL[0]
~~~ return 1 => return 2
=== by a global that it sets | must=truth
ALL = []
CUR = None
def on(f):
    global CUR
    CUR = f
    ALL.append(CUR())
def hello(): return 1
on(hello)
R = ALL[0]
~~~ return 1 => return 2
=== by an attribute that it sets | must=truth
ALL = []
class S: pass
S = S()
def on(f):
    S.cur = f
    ALL.append(S.cur())
def hello(): return 1
on(hello)
R = ALL[0]
~~~ return 1 => return 2
=== by an attribute of itself | must=truth
class Bus:
    def __init__(self): self.all = []
    def on(self, f):
        self.cur = f
        self.all.append(self.cur())
bus = Bus()
def hello(): return 1
bus.on(hello)
R = bus.all[0]
~~~ return 1 => return 2
=== by locals | must=truth
ALL = []
def on(f): ALL.append(locals()["f"]())
def hello(): return 1
on(hello)
R = ALL[0]
~~~ return 1 => return 2
=== by eval | must=truth
ALL = []
def on(f): ALL.append(eval("f()"))
def hello(): return 1
on(hello)
R = ALL[0]
~~~ return 1 => return 2
=== await in asyncio.run | must=truth
import asyncio
ALL = []
async def on(f): ALL.append(await f())
async def hello(): return 1
asyncio.run(on(hello))
R = ALL[0]
~~~ return 1 => return 2
=== for loop calls | must=truth
ALL = []
def hello(): return 1
def bye(): return 3
for f in (hello, bye): ALL.append(f())
R = ALL[0]
~~~ return 1 => return 2
=== for loop reads doc | must=truth
ALL = []
def hello():
    "a"
def bye(): return 3
for f in (hello, bye): ALL.append(f.__doc__)
R = ALL[0]
~~~ "a" => "b"
=== for loop on a bus that calls | must=truth
ALL = []
def on(f): ALL.append(f())
def hello(): return 1
def bye(): return 3
for f in (hello, bye): on(f)
R = ALL[0]
~~~ return 1 => return 2
=== for loop over a table of functions, handed | must=truth
ALL = []
def on(f): ALL.append(f())
def hello(): return 1
T = [hello]
for f in T: on(f)
R = ALL[0]
~~~ return 1 => return 2
=== for loop over classes whose attribute is looked at | must=truth
ALL = {}
def on(c): ALL[c.name] = c
class A:
    name = "a"
class B:
    name = "b"
for c in (A, B): on(c)
R = sorted(ALL)
~~~ name = "a" => name = "x"
"""
)

# The ways in which people register things.
REGISTERED = table(
    r"""
=== loop registers classes
ALL = {}
def register(c): ALL[c.__name__] = c
class A:
    def run(self): return 1
class B:
    def run(self): return 1
for cls in (A, B):
    register(cls)
~~~ return 1 => return 2
=== loop registers with manager
class M:
    def __init__(self): self.all = {}
    def register(self, c): self.all[c.__name__] = c
m = M()
class A:
    def run(self): return 1
class B:
    def run(self): return 1
for cls in [A, B]:
    m.register(cls)
~~~ return 1 => return 2
=== loop registers instances | must=truth
class M:
    def __init__(self): self.all = {}
    def register(self, c): self.all[c.name] = c
m = M()
class A:
    name = "a"
    def run(self): return 1
class B:
    name = "b"
    def run(self): return 1
for cls in [A, B]:
    m.register(cls())
~~~ return 1 => return 2
=== register_all list
ALL = {}
def register_all(cs):
    for c in cs: ALL[c.__name__] = c
class A:
    def run(self): return 1
register_all([A])
~~~ return 1 => return 2
=== subscript store
HANDLERS = {}
def hello(): return 1
HANDLERS["x"] = hello
~~~ return 1 => return 2
=== update
HANDLERS = {}
def hello(): return 1
HANDLERS.update(x=hello, y=hello)
~~~ return 1 => return 2
=== append
HANDLERS = []
def hello(): return 1
HANDLERS.append(hello)
~~~ return 1 => return 2
=== attribute store | must=truth
class S: pass
s = S()
def hello(): return 1
s.handler = hello
~~~ return 1 => return 2
=== class attribute store
class S: pass
def hello(): return 1
S.handler = hello
~~~ return 1 => return 2
=== get_bus().on | must=truth
class Bus:
    def __init__(self): self.all = {}
    def on(self, n, f): self.all[n] = f
_bus = Bus()
def get_bus(): return _bus
def hello(): return 1
get_bus().on("x", hello)
~~~ return 1 => return 2
=== get_bus() bound to a name | must=truth
class Bus:
    def __init__(self): self.all = {}
    def on(self, n, f): self.all[n] = f
_bus = Bus()
def get_bus(): return _bus
bus = get_bus()
def hello(): return 1
bus.on("x", hello)
~~~ return 1 => return 2
=== singleton class method instance | must=truth
class Bus:
    _i = None
    def __init__(self): self.all = {}
    @classmethod
    def instance(cls):
        if cls._i is None: cls._i = cls()
        return cls._i
    def on(self, n, f): self.all[n] = f
def hello(): return 1
Bus.instance().on("x", hello)
~~~ return 1 => return 2
=== classmethod register | must=truth
class Reg:
    all = {}
    @classmethod
    def add(cls, n, f): cls.all[n] = f
def hello(): return 1
Reg.add("x", hello)
~~~ return 1 => return 2
=== chain | must=truth
class Reg:
    def __init__(self): self.all = {}
    def add(self, n, f):
        self.all[n] = f
        return self
def hello(): return 1
reg = Reg()
reg.add("x", hello).add("y", hello)
~~~ return 1 => return 2
=== chained construction
class Reg:
    def __init__(self): self.all = {}
    def add(self, n, f):
        self.all[n] = f
        return self
def hello(): return 1
reg = Reg().add("x", hello).add("y", hello)
~~~ return 1 => return 2
=== registered lambda
class Reg:
    def __init__(self): self.all = {}
    def add(self, n, f): self.all[n] = f
def hello(): return 1
reg = Reg()
reg.add("x", lambda e: hello())
~~~ return 1 => return 2
=== register if main
class Reg:
    def __init__(self): self.all = {}
    def add(self, n, f): self.all[n] = f
def hello(): return 1
reg = Reg()
DEBUG = False
if DEBUG:
    reg.add("x", hello)
~~~ return 1 => return 2
=== try register
class Reg:
    def __init__(self): self.all = {}
    def add(self, n, f): self.all[n] = f
def hello(): return 1
reg = Reg()
try:
    reg.add("x", hello)
except ValueError:
    pass
~~~ return 1 => return 2
=== handler with kw
class Reg:
    def __init__(self): self.all = {}
    def add(self, n, *, handler, priority=1): self.all[n] = (priority, handler)
def hello(): return 1
reg = Reg()
reg.add("x", handler=hello, priority=3)
~~~ return 1 => return 2
=== object handed with handler inside
class Cmd:
    def __init__(self, n, f): self.n, self.f = n, f
class Reg:
    def __init__(self): self.all = {}
    def add(self, c): self.all[c.n] = c
def hello(): return 1
reg = Reg()
reg.add(Cmd("x", hello))
~~~ return 1 => return 2
=== dataclass handed with handler inside
from dataclasses import dataclass
@dataclass
class Cmd:
    n: str
    f: object
class Reg:
    def __init__(self): self.all = {}
    def add(self, c): self.all[c.n] = c
def hello(): return 1
reg = Reg()
reg.add(Cmd("x", hello))
~~~ return 1 => return 2
=== async check | must=truth
import asyncio
class Reg:
    def __init__(self): self.all = {}
    def add(self, n, f):
        if not asyncio.iscoroutinefunction(f): raise TypeError(n)
        self.all[n] = f
async def hello(): return 1
reg = Reg()
reg.add("x", hello)
~~~ return 1 => return 2
=== library register
import atexit
def hello(): return 1
atexit.register(hello)
atexit.unregister(hello)
~~~ return 1 => return 2
=== signal connect style
class Signal:
    def __init__(self): self.slots = []
    def connect(self, slot):
        if slot not in self.slots: self.slots.append(slot)
on_message = Signal()
def hello(e): return 1
on_message.connect(hello)
~~~ return 1 => return 2
=== main guarded
def main(): return 1
if __name__ == "__main__":
    main()
~~~ return 1 => return 2
=== setup function that registers all
REG = {}
def hello(): return 1
def setup():
    REG["x"] = hello
    REG["y"] = bye
def bye(): return 3
setup()
~~~ return 1 => return 2
=== setup function on bus | must=truth
class Bus:
    def __init__(self): self.all = {}
    def on(self, n, f): self.all[n] = f
bus = Bus()
def hello(): return 1
def setup():
    bus.on("x", hello)
setup()
~~~ return 1 => return 2
=== setup function on bus given | must=truth
class Bus:
    def __init__(self): self.all = {}
    def on(self, n, f): self.all[n] = f
bus = Bus()
def hello(): return 1
def setup(b):
    b.on("x", hello)
setup(bus)
~~~ return 1 => return 2
"""
)

# What it calls besides.
BESIDE = table(
    r"""
=== on runs a hook that was kept before | must=truth
class Bus:
    def __init__(self): self.all = []; self.hooks = []; self.log = []
    def hook(self, h): self.hooks.append(h)
    def on(self, f):
        self.all.append(f)
        self.log.append(self.hooks[0].run())
bus = Bus()
class H:
    def run(self): return 1
bus.hook(H())
def f(): pass
bus.on(f)
R = bus.log[0]
~~~ return 1 => return 2
=== on runs a hook in a global table | must=truth
HOOKS = {}
LOG = []
def on(f):
    LOG.append(HOOKS["a"].run())
class H:
    def run(self): return 1
HOOKS["a"] = H()
def f(): pass
on(f)
R = LOG[0]
~~~ return 1 => return 2
=== on asks a getter of a library | must=truth
import operator
HOOKS = {}
LOG = []
def on(f):
    LOG.append(operator.itemgetter("a")(HOOKS).run())
class H:
    def run(self): return 1
HOOKS["a"] = H()
def f(): pass
on(f)
R = LOG[0]
~~~ return 1 => return 2
=== on runs a hook object by name | must=truth
LOG = []
class H:
    def run(self): return 1
HOOK = H()
def on(f):
    LOG.append(HOOK.run())
def f(): pass
on(f)
R = LOG[0]
~~~ return 1 => return 2
=== on runs a hook object by attribute | must=truth
LOG = []
class H:
    def run(self): return 1
class Bus:
    def __init__(self): self.h = H()
    def on(self, f): LOG.append(self.h.run())
bus = Bus()
def f(): pass
bus.on(f)
R = LOG[0]
~~~ return 1 => return 2
=== on uses an operator of a hook object | must=truth
LOG = []
class H:
    def __len__(self): return 1
HOOK = H()
def on(f):
    LOG.append(len(HOOK))
def f(): pass
on(f)
R = LOG[0]
~~~ return 1 => return 2
"""
)


@pytest.mark.parametrize("row", [*CALLED, *REGISTERED, *BESIDE])
def test_how_it_is_handed_over(ws: Workspace, row: Row) -> None:
    edits.check(ws, row)
