"""Instances that a class gives again, or that are noted somewhere while they are made."""

from __future__ import annotations

import pytest

from tests.engine.edits import Row, check, table
from tests.harness import Workspace

ROWS = r"""
=== singleton by new, another attribute name | must=truth
class A:
    _one = None
    def __new__(cls, *args):
        if cls._one is None: cls._one = object.__new__(cls)
        return cls._one
    def __init__(self): self.x = 1
K = A()
X = A._one.x
~~~ self.x = 1 => self.x = 2
=== singleton in a dict of the module | must=truth
ONES = {}
class A:
    def __new__(cls):
        if "a" not in ONES: ONES["a"] = super().__new__(cls)
        return ONES["a"]
    def __init__(self): self.x = 1
K = A()
def read(): return ONES["a"].x
X = read()
~~~ self.x = 1 => self.x = 2
=== init registers itself in the class | must=truth
class A:
    ones = []
    def __init__(self):
        self.x = 1
        A.ones.append(self)
K = A()
def read(): return A.ones[0].x
X = read()
~~~ self.x = 1 => self.x = 2
=== init registers itself through cls of type | must=truth
class A:
    ones = []
    def __init__(self):
        self.x = 1
        type(self).ones.append(self)
K = A()
X = [one.x for one in A.ones]
~~~ self.x = 1 => self.x = 2
=== registers itself in another module | must=truth
import b
class A:
    def __init__(self):
        self.x = 1
        b.register(self)
K = A()
X = b.first().x
--- b.py
ALL = []
def register(one): ALL.append(one)
def first(): return ALL[0]
~~~ self.x = 1 => self.x = 2
=== a metaclass call gives what was there | must=truth
class M(type):
    ones = {}
    def __call__(cls):
        if cls not in M.ones: M.ones[cls] = super().__call__()
        return M.ones[cls]
class A(metaclass=M):
    def __init__(self): self.x = 1
K = A()
X = A().x
~~~ self.x = 1 => self.x = 2
=== a classmethod get | must=truth
class A:
    one = None
    @classmethod
    def get(cls):
        if cls.one is None: cls.one = cls()
        return cls.one
    def __init__(self): self.x = 1
K = A.get()
X = A.get().x
~~~ self.x = 1 => self.x = 2
=== a function with a global | must=truth
ONE = None
class A:
    def __init__(self): self.x = 1
def get():
    global ONE
    if ONE is None: ONE = A()
    return ONE
K = get()
X = get().x
~~~ self.x = 1 => self.x = 2
=== a cached function | must=truth
import functools
class A:
    def __init__(self): self.x = 1
@functools.lru_cache
def get(): return A()
K = get()
X = get().x
~~~ self.x = 1 => self.x = 2
=== weak set | must=truth
import weakref
ALL = weakref.WeakSet()
class A:
    def __init__(self):
        self.x = 1
        ALL.add(self)
K = A()
X = [one.x for one in ALL]
~~~ self.x = 1 => self.x = 2
=== setstate in a mixin new | must=truth
class Single:
    _inst = {}
    def __new__(cls, *a, **k):
        if cls not in cls._inst: cls._inst[cls] = super().__new__(cls)
        return cls._inst[cls]
class A(Single):
    def __init__(self): self.x = 1
K = A()
def read(): return Single._inst[A].x
X = read()
~~~ self.x = 1 => self.x = 2
=== a borg | must=truth
class A:
    shared = {}
    def __init__(self):
        self.__dict__ = A.shared
        self.x = 1
K = A()
X = A.shared["x"]
~~~ self.x = 1 => self.x = 2
=== gc finds it | must=truth
import gc
class A:
    def __init__(self): self.x = 1
K = A()
X = [o.x for o in gc.get_objects() if type(o) is A]
~~~ self.x = 1 => self.x = 2
=== helper sets it | must=truth
class A:
    def __init__(self): setup(self)
def setup(one):
    A.one = one
    one.x = 1
K = A()
X = A.one.x
~~~ one.x = 1 => one.x = 2
=== new with a bare name read in a function two steps away | must=truth
class A:
    inst = None
    def __new__(cls):
        if cls.inst is None: cls.inst = super().__new__(cls)
        return cls.inst
    def __init__(self): self.x = 1
K = A()
def current(): return A.inst
def read(): return current().x
X = {"x": read()}
~~~ self.x = 1 => self.x = 2
=== the same by module attribute access | must=truth
import b
X = b.A.inst.x
--- b.py
class A:
    inst = None
    def __new__(cls):
        if cls.inst is None: cls.inst = super().__new__(cls)
        return cls.inst
    def __init__(self): self.x = 1
K = A()
~~~ self.x = 1 => self.x = 2
=== setattr on cls | must=truth
class A:
    def __new__(cls):
        one = super().__new__(cls)
        setattr(cls, "inst", one)
        return one
    def __init__(self): self.x = 1
K = A()
def read(): return A.inst.x
X = read()
~~~ self.x = 1 => self.x = 2
=== post_init stores it | must=truth
import dataclasses
CURRENT = []
@dataclasses.dataclass
class A:
    x: int = 1
    def __post_init__(self):
        self.y = 1
        CURRENT.append(self)
K = A()
X = CURRENT[0].y
~~~ self.y = 1 => self.y = 2
"""


@pytest.mark.parametrize("row", table(ROWS))
def test_an_instance_that_was_there(ws: Workspace, row: Row) -> None:
    check(ws, row)
