"""What decorators and hooks keep somewhere, and who has it from there on import: no chain of names leads to it."""

from __future__ import annotations

import pytest

from tests.engine import edits
from tests.engine.edits import Row, table
from tests.harness import Workspace

KEPT = table("""
=== decorator stores in attribute of object | must=truth
class State:
    current = None
STATE = State()
def mark(f):
    STATE.current = f
    return f
@mark
def hello(): return 1
R = STATE.current()
~~~ return 1 => return 2
=== decorator stores in attribute of class
class State:
    current = None
def mark(f):
    State.current = f
    return f
@mark
def hello(): return 1
R = State.current()
~~~ return 1 => return 2
=== decorator stores in global | must=truth
CURRENT = None
def mark(f):
    global CURRENT
    CURRENT = f
    return f
@mark
def hello(): return 1
R = CURRENT()
~~~ return 1 => return 2
=== decorator stores in attribute of module | must=truth
import b
@b.mark
def hello(): return 1
R = b.get()
--- b.py
import sys
CURRENT = None
def mark(f):
    sys.modules[__name__].CURRENT = f
    return f
def get(): return CURRENT()
~~~ return 1 => return 2
=== decorator of object stores in attribute | must=truth
class Bus:
    current = None
    def mark(self, f):
        self.current = f
        return f
bus = Bus()
@bus.mark
def hello(): return 1
R = bus.current()
~~~ return 1 => return 2
=== decorator stores in function attribute
def mark(f):
    mark.current = f
    return f
@mark
def hello(): return 1
R = mark.current()
~~~ return 1 => return 2
=== decorator stores in closure cell
def maker():
    current = None
    def mark(f):
        nonlocal current
        current = f
        return f
    def get(): return current()
    return mark, get
mark, get = maker()
@mark
def hello(): return 1
R = get()
~~~ return 1 => return 2
=== hook stores in global | must=truth
CURRENT = None
class Base:
    def __init_subclass__(cls):
        global CURRENT
        CURRENT = cls
class One(Base):
    def run(self): return 1
R = CURRENT().run()
~~~ return 1 => return 2
=== decorator stores by setattr
class State: pass
STATE = State()
def mark(f):
    setattr(STATE, f.__name__, f)
    return f
@mark
def hello(): return 1
R = STATE.hello()
~~~ return 1 => return 2
=== decorator stores in globals | must=truth
def mark(f):
    globals()["CURRENT"] = f
    return f
@mark
def hello(): return 1
R = CURRENT()
~~~ return 1 => return 2
=== classmethod decorator stores attribute
class Reg:
    current = None
    @classmethod
    def mark(cls, f):
        cls.current = f
        return f
@Reg.mark
def hello(): return 1
R = Reg.current()
~~~ return 1 => return 2
=== classmethod decorator stores item
class Reg:
    all = {}
    @classmethod
    def mark(cls, f):
        cls.all[f.__name__] = f
        return f
@Reg.mark
def hello(): return 1
R = Reg.all["hello"]()
~~~ return 1 => return 2
=== staticmethod decorator stores item
class Reg:
    all = {}
    @staticmethod
    def mark(f):
        Reg.all[f.__name__] = f
        return f
@Reg.mark
def hello(): return 1
R = Reg.all["hello"]()
~~~ return 1 => return 2
=== closure list
def maker():
    items = []
    def mark(f):
        items.append(f)
        return f
    def get(): return sum(i() for i in items)
    return mark, get
mark, get = maker()
@mark
def hello(): return 1
R = get()
~~~ return 1 => return 2
=== closure list as one name
def maker():
    items = []
    def mark(f):
        items.append(f)
        return f
    mark.items = items
    return mark
mark = maker()
@mark
def hello(): return 1
R = sum(i() for i in mark.items)
~~~ return 1 => return 2
=== decorator with arguments stores in global | must=truth
CURRENT = None
def mark(n):
    def deco(f):
        global CURRENT
        CURRENT = f
        return f
    return deco
@mark(1)
def hello(): return 1
R = CURRENT()
~~~ return 1 => return 2
=== decorator hands on to one that stores | must=truth
CURRENT = None
def keep(f):
    global CURRENT
    CURRENT = f
def mark(f):
    keep(f)
    return f
@mark
def hello(): return 1
R = CURRENT()
~~~ return 1 => return 2
=== decorator stores a pair | must=truth
CURRENT = None
def mark(f):
    global CURRENT
    CURRENT = (f.__name__, f)
    return f
@mark
def hello(): return 1
R = CURRENT[1]()
~~~ return 1 => return 2
=== decorator stores a lambda around it | must=truth
CURRENT = None
def mark(f):
    global CURRENT
    CURRENT = lambda: f()
    return f
@mark
def hello(): return 1
R = CURRENT()
~~~ return 1 => return 2
=== decorator stores a def around it | must=truth
CURRENT = None
def mark(f):
    global CURRENT
    def inner(): return f()
    CURRENT = inner
    return f
@mark
def hello(): return 1
R = CURRENT()
~~~ return 1 => return 2
=== decorator appends a def around it | must=truth
ALL = []
def mark(f):
    def inner(): return f()
    ALL.append(inner)
    return f
@mark
def hello(): return 1
R = [one() for one in ALL]
~~~ return 1 => return 2
=== decorator appends an object around it | must=truth
ALL = []
class Entry:
    def __init__(self, f): self.f = f
def mark(f):
    ALL.append(Entry(f))
    return f
@mark
def hello(): return 1
R = [one.f() for one in ALL]
~~~ return 1 => return 2
=== augmented | must=truth
ALL = ()
def mark(f):
    global ALL
    ALL += (f,)
    return f
@mark
def hello(): return 1
R = [one() for one in ALL]
~~~ return 1 => return 2
=== augmented list | must=truth
ALL = []
def mark(f):
    global ALL
    ALL += [f]
    return f
@mark
def hello(): return 1
R = [one() for one in ALL]
~~~ return 1 => return 2
=== union | must=truth
ALL = {}
def mark(f):
    global ALL
    ALL = {**ALL, f.__name__: f}
    return f
@mark
def hello(): return 1
R = ALL["hello"]()
~~~ return 1 => return 2
=== walrus
ALL = {}
def mark(f):
    ALL.update({f.__name__: (g := f)})
    return g
@mark
def hello(): return 1
R = ALL["hello"]()
~~~ return 1 => return 2
=== a class gives functions of the module by other names
kept = []
def put(f):
    kept.append(f)
    return f
def last(): return kept[-1]() if kept else 0
class bus:
    on, get = staticmethod(put), staticmethod(last)
had = bus.get()
--->
kept = []
def put(f):
    kept.append(f)
    return f
def last(): return kept[-1]() if kept else 0
class bus:
    on, get = staticmethod(put), staticmethod(last)
@bus.on
def f(): return 1
had = bus.get()
=== a class gives a function of the module that calls what it keeps | must=truth
kept = []
def put(f):
    kept.append(f())
    return f
class bus:
    on = staticmethod(put)
@bus.on
def f(): return 1
~~~ return 1 => return 2
""")


@pytest.mark.parametrize("row", KEPT)
def test_what_was_kept_is_had_from_there(ws: Workspace, row: Row) -> None:
    edits.check(ws, row)
