"""What runs at another moment of the import than in a fresh process: moved registrations, imports in another order."""

from __future__ import annotations

import pytest

from tests.engine.edits import Row, check, table
from tests.harness import Workspace

ROWS = r"""
=== registered functions swapped | must=structural
REG = []
def reg(f):
    REG.append(f.__name__)
    return f
@reg
def a(): pass
@reg
def b(): pass
--->
REG = []
def reg(f):
    REG.append(f.__name__)
    return f
@reg
def b(): pass
@reg
def a(): pass
=== registered functions swapped, objects | must=structural
REG = []
def reg(f):
    REG.append(f)
    return f
@reg
def a(): pass
@reg
def b(): pass
--->
REG = []
def reg(f):
    REG.append(f)
    return f
@reg
def b(): pass
@reg
def a(): pass
=== registered moved over reader | must=structural
REG = []
def reg(f):
    REG.append(f)
    return f
n = len(REG)
@reg
def b(): pass
--->
REG = []
def reg(f):
    REG.append(f)
    return f
@reg
def b(): pass
n = len(REG)
=== registered added over reader
REG = []
def reg(f):
    REG.append(f)
    return f
n = len(REG)
--->
REG = []
def reg(f):
    REG.append(f)
    return f
@reg
def b(): pass
n = len(REG)
=== registered classes by hook moved over reader | must=structural
class Base:
    all = []
    def __init_subclass__(cls): Base.all.append(cls)
n = len(Base.all)
class B(Base): pass
--->
class Base:
    all = []
    def __init_subclass__(cls): Base.all.append(cls)
class B(Base): pass
n = len(Base.all)
=== call that counts moved over another | must=structural
import itertools
ids = itertools.count()
def new(): return next(ids)
a = new()
b = new()
--->
import itertools
ids = itertools.count()
def new(): return next(ids)
b = new()
a = new()
=== instances that count moved | must=structural
class Item:
    n = 0
    def __init__(self):
        Item.n += 1
        self.id = Item.n
a = Item()
b = Item()
--->
class Item:
    n = 0
    def __init__(self):
        Item.n += 1
        self.id = Item.n
b = Item()
a = Item()
=== instance counted added above | must=structural
class Item:
    n = 0
    def __init__(self):
        Item.n += 1
        self.id = Item.n
b = Item()
--->
class Item:
    n = 0
    def __init__(self):
        Item.n += 1
        self.id = Item.n
a = Item()
b = Item()
=== instance counted edited | must=structural
class Item:
    n = 0
    def __init__(self, x):
        Item.n += 1
        self.id = Item.n
a = Item(1)
b = Item(2)
~~~ Item(1) => Item(3)
=== imports swapped, one fills | must=structural
--- top.py
import base
import one
import two
--- base.py
L = []
--- one.py
import base
base.L.append(1)
--- two.py
import base
n = len(base.L)
--->
--- top.py
import base
import two
import one
--- base.py
L = []
--- one.py
import base
base.L.append(1)
--- two.py
import base
n = len(base.L)
=== import removed that fills | must=structural
--- top.py
import base
import one
n = len(base.L)
--- base.py
L = []
--- one.py
import base
base.L.append(1)
--->
--- top.py
import base
n = len(base.L)
--- base.py
L = []
--- one.py
import base
base.L.append(1)
=== import of a loaded module moves over reader | must=structural
--- top.py
import base
n = len(base.L)
import one
--- base.py
L = []
--- one.py
import base
base.L.append(1)
--->
--- top.py
import base
import one
n = len(base.L)
--- base.py
L = []
--- one.py
import base
base.L.append(1)
=== setting changed in module by another, reader in third edited | must=structural
--- top.py
import conf
import setter
import reader
--- conf.py
DEBUG = False
--- setter.py
import conf
conf.DEBUG = True
--- reader.py
import conf
level = "d" if conf.DEBUG else "i"
~~~ else "i" => else "info"
=== setting changed, reader before | must=structural
--- top.py
import conf
import reader
import setter
--- conf.py
DEBUG = False
--- setter.py
import conf
conf.DEBUG = True
--- reader.py
import conf
level = "d" if conf.DEBUG else "i"
~~~ else "i" => else "info"
=== import added that fills, above a reader | must=structural
--- top.py
import base
n = len(base.L)
--- base.py
L = []
--- one.py
import base
base.L.append(1)
--->
--- top.py
import base
import one
n = len(base.L)
--- base.py
L = []
--- one.py
import base
base.L.append(1)
=== import added that fills, below a reader | must=structural
--- top.py
import base
n = len(base.L)
--- base.py
L = []
--- one.py
import base
base.L.append(1)
--->
--- top.py
import base
n = len(base.L)
import one
--- base.py
L = []
--- one.py
import base
base.L.append(1)
=== import added that registers, above a reader | must=structural
--- top.py
import base
n = sorted(base.REG)
--- base.py
REG = {}
def reg(f):
    REG[f.__name__] = f
    return f
--- one.py
import base
@base.reg
def a(): pass
--->
--- top.py
import base
import one
n = sorted(base.REG)
--- base.py
REG = {}
def reg(f):
    REG[f.__name__] = f
    return f
--- one.py
import base
@base.reg
def a(): pass
=== import added in another that registers, above a reader | must=structural
--- top.py
import base, mid
n = sorted(base.REG)
--- mid.py
X = 1
--- base.py
REG = {}
def reg(f):
    REG[f.__name__] = f
    return f
--- one.py
import base
@base.reg
def a(): pass
--->
--- top.py
import base, mid
n = sorted(base.REG)
--- mid.py
import one
X = 1
--- base.py
REG = {}
def reg(f):
    REG[f.__name__] = f
    return f
--- one.py
import base
@base.reg
def a(): pass
=== enum alias inserted
import enum
class E(enum.Enum):
    A = 1
    B = 2
x = E.A.name
--->
import enum
class E(enum.Enum):
    Z = 1
    A = 1
    B = 2
x = E.A.name
=== setting set by an import that is added | must=structural
--- top.py
import conf
level = "d" if conf.DEBUG else "i"
--- conf.py
DEBUG = False
--- setter.py
import conf
conf.DEBUG = True
--->
--- top.py
import conf
import setter
level = "d" if conf.DEBUG else "i"
--- conf.py
DEBUG = False
--- setter.py
import conf
conf.DEBUG = True
=== enum aliases moved
import enum
class E(enum.Enum):
    A = 1
    B = 1
--->
import enum
class E(enum.Enum):
    B = 1
    A = 1
=== auto enum reorder
import enum
class E(enum.Enum):
    A = enum.auto()
    B = enum.auto()
--->
import enum
class E(enum.Enum):
    B = enum.auto()
    A = enum.auto()
=== auto enum insert
import enum
class E(enum.Enum):
    A = enum.auto()
    B = enum.auto()
x = E.B.value
--->
import enum
class E(enum.Enum):
    A = enum.auto()
    C = enum.auto()
    B = enum.auto()
x = E.B.value
=== dataclass field order
from dataclasses import dataclass
@dataclass
class D:
    a: int = 1
    b: int = 2
d = D()
--->
from dataclasses import dataclass
@dataclass
class D:
    b: int = 2
    a: int = 1
d = D()
=== dict order by moved entries
def a(): pass
def b(): pass
T = {"a": a, "b": b}
--->
def b(): pass
def a(): pass
T = {"a": a, "b": b}
=== lru cache state
import functools
n = 0
@functools.lru_cache
def f(): return n + 1
r = f()
<<< f()
~~~ r = f() => r = f() + 1
=== a lambda that a library calls at once, moved above what it needs | must=structural
def f(x): return x
X = sorted([0, 4], key=lambda x: bool(f))
--->
X = sorted([0, 4], key=lambda x: bool(f))
def f(x): return x
=== a function that a library calls at once, moved above what it needs | must=structural
def g(x): return x
def f(x): return g(x)
X = sorted([0, 4], key=f)
--->
def f(x): return g(x)
X = sorted([0, 4], key=f)
def g(x): return x
=== a lambda that a library calls in the end | must=structural
def g(x): return x
X = list(map(lambda a: g(a), [1]))
--->
X = list(map(lambda a: g(a), [1]))
def g(x): return x
=== a lambda that a library calls in a class body | must=structural
def g(x): return x
class C:
    X = sorted([1, 2], key=lambda a: g(a))
--->
class C:
    X = sorted([1, 2], key=lambda a: g(a))
def g(x): return x
=== a lambda that a library calls for a default | must=structural
def g(x): return x
def f(a=sorted([1, 2], key=lambda a: g(a))): return a
--->
def f(a=sorted([1, 2], key=lambda a: g(a))): return a
def g(x): return x
=== a lambda that is only kept
def g(x): return x
X = dict(k=1, f=lambda: g(1))
--->
def g(x): return x
Y = 1
X = dict(k=1, f=lambda: g(2))
=== a lambda that reduces | must=structural
import functools
def g(x): return x
X = functools.reduce(lambda a, b: g(a), [1, 2])
--->
import functools
X = functools.reduce(lambda a, b: g(a), [1, 2])
def g(x): return x
=== imports in another order, whose modules fill one list | must=structural
LOG = []
import c
import d
--- c.py
from a import LOG
LOG.append("c")
--- d.py
from a import LOG
LOG.append("d")
--->
LOG = []
import d
import c
=== imports in another order, whose modules fill one dict by hand | must=structural
LOG = {}
import c
import d
--- c.py
from a import LOG
LOG["c"] = 1
--- d.py
from a import LOG
LOG["d"] = 2
--->
LOG = {}
import d
import c
=== imports in another order, whose modules call what fills a list | must=structural
LOG = []
def add(x): LOG.append(x)
import c
import d
--- c.py
import a
a.add("c")
--- d.py
import a
a.add("d")
--->
LOG = []
def add(x): LOG.append(x)
import d
import c
=== imports in another order, whose modules count in a loop | must=structural
LOG = []
import c
import d
--- c.py
from a import LOG
for x in "ab": LOG.append(x)
--- d.py
from a import LOG
for x in "cd":
    LOG.append(x)
--->
LOG = []
import d
import c
=== imports in another order, whose modules add up | must=structural
LOG = []
import c
import d
--- c.py
import a
a.LOG += ["c"]
--- d.py
import a
a.LOG += ["d"]
--->
LOG = []
import d
import c
=== imports in another order, whose modules only print
import c
import d
--- c.py
print("c")
L = []
L.append(1)
--- d.py
import logging
logging.getLogger("d").setLevel(10)
M = []
M.append(2)
--->
import d
import c
"""


@pytest.mark.parametrize("row", table(ROWS))
def test_at_another_moment(ws: Workspace, row: Row) -> None:
    check(ws, row)
