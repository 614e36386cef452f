"""One save that touches several files: what moves from one to another, what comes, what goes, and who has it still."""

from __future__ import annotations

import pytest

from tests.engine.edits import Row, check, table
from tests.harness import Workspace

HELD = table(r"""
=== a function that a list holds | must=structural
--- a.py
import b
KEPT = []
def f(): return 1
<<< KEPT.append(f)
--- b.py
def g(): return 10
--->
--- a.py
import b
from b import f
KEPT = []
--- b.py
def g(): return 10
def f(): return 2
>>> KEPT[0]() == 2

=== a class, and a list holds an instance | must=structural
--- a.py
import b
KEPT = []
class C:
    def m(self): return 1
<<< KEPT.append(C())
--- b.py
Y = 1
--->
--- a.py
import b
from b import C
KEPT = []
--- b.py
Y = 1
class C:
    def m(self): return 2
>>> KEPT[0].m() == 2
>>> isinstance(KEPT[0], C)

=== an Enum, and a table holds a member | must=structural
--- a.py
from enum import Enum
import b
class E(Enum):
    A = 1
STATE = {}
def g(): return STATE["x"] is E.A
<<< STATE["x"] = E.A
--- b.py
Y = 1
--->
--- a.py
import b
from b import E
STATE = {}
def g(): return STATE["x"] is E.A
--- b.py
from enum import Enum
Y = 1
class E(Enum):
    A = 1
>>> g()

=== its file is renamed, and a list holds an instance | must=structural
--- a.py
from old import B
KEPT = []
<<< KEPT.append(B())
--- old.py
class B:
    k = 1
--->
--- a.py
from new import B
KEPT = []
--- old.py gone
--- new.py
class B:
    k = 2
>>> KEPT[0].k == 2

=== a class, and an object that is kept holds an instance | must=structural
--- a.py
from b import Z
class In: pass
class Out:
    def __init__(self): self.i = In()
o = Out()
--- b.py
Z = 1
--->
--- a.py
from b import Z, In
class Out:
    def __init__(self): self.i = In()
o = Out()
--- b.py
Z = 1
class In: pass
>>> isinstance(o.i, In)

=== a model, and one that is kept holds an instance | must=structural
--- a.py
from pydantic import BaseModel
from b import Z
class In(BaseModel):
    x: int = 1
class Out(BaseModel):
    i: In = In()
o = Out()
--- b.py
Z = 1
--->
--- a.py
from pydantic import BaseModel
from b import Z, In
class Out(BaseModel):
    i: In = In()
o = Out()
--- b.py
from pydantic import BaseModel
Z = 1
class In(BaseModel):
    x: int = 1
>>> Out(i=In()).i == In() and isinstance(o.i, In)

=== a class that others inherit from
--- a.py
import b, c
class C:
    def m(self): return 1
import d
--- b.py
Y = 1
--- c.py
Z = 1
--- d.py
from a import C
class D(C): pass
d = D()
--->
--- a.py
import b, c
from b import C
import d
--- b.py
Y = 1
class C:
    def m(self): return 2
>>> d.d.m() == 2 and isinstance(d.d, C)

=== a base, and a list holds an instance of the subclass
--- a.py
from b import Z
KEPT = []
class B:
    def m(self): return 1
class C(B): pass
<<< KEPT.append(C())
--- b.py
Z = 1
--->
--- a.py
from b import Z, B
KEPT = []
class C(B): pass
--- b.py
Z = 1
class B:
    def m(self): return 2
>>> KEPT[0].m() == 2 and isinstance(KEPT[0], B)

=== a class whose instances are made anew
--- a.py
from b import Z
class In: pass
def make(): return In()
L = [make(), make()]
--- b.py
Z = 1
--->
--- a.py
from b import Z, In
def make(): return In()
L = [make(), make()]
--- b.py
Z = 1
class In: pass
>>> all(isinstance(i, In) for i in L)

=== an Enum that is a key
--- a.py
from enum import Enum
import b
class E(Enum):
    A = 1
T = {E.A: "a"}
def g(x=E.A): return x is E.A
--- b.py
Y = 1
--->
--- a.py
import b
from b import E
T = {E.A: "a"}
def g(x=E.A): return x is E.A
--- b.py
from enum import Enum
Y = 1
class E(Enum):
    A = 1
>>> g() and E.A in T

=== an exception
--- a.py
import b
class Oops(Exception): pass
def g():
    try: b.h()
    except Oops: return 1
--- b.py
def h():
    import a
    raise a.Oops
--->
--- a.py
import b
from b import Oops
def g():
    try: b.h()
    except Oops: return 1
--- b.py
class Oops(Exception): pass
def h():
    raise Oops
>>> g() == 1

=== a function in a table
--- a.py
from b import Z
def f(): return 1
T = {"f": f}
--- b.py
Z = 1
--->
--- a.py
from b import Z, f
T = {"f": f}
--- b.py
Z = 1
def f(): return 2
>>> T["f"]() == 2

=== a function that an object's attribute holds | must=structural
--- a.py
from b import Z
class H: pass
h = H()
def f(): return 1
<<< h.cb = f
--- b.py
Z = 1
--->
--- a.py
from b import Z, f
class H: pass
h = H()
--- b.py
Z = 1
def f(): return 2
>>> h.cb() == 2

=== a class, and a list holds its static method | must=structural
--- a.py
from b import Z
L = []
class H:
    @staticmethod
    def m(): return 1
<<< L.append(H.m)
--- b.py
Z = 1
--->
--- a.py
from b import Z, H
L = []
--- b.py
Z = 1
class H:
    @staticmethod
    def m(): return 2
>>> L[0]() == 2

=== a cached function that a list holds | must=structural
--- a.py
import functools
from b import Z
L = []
@functools.lru_cache
def f(): return 1
<<< L.append(f)
--- b.py
Z = 1
--->
--- a.py
from b import Z, f
L = []
--- b.py
import functools
Z = 1
@functools.lru_cache
def f(): return 2
>>> L[0]() == 2

=== a lambda that a list holds | must=structural
--- a.py
from b import Z
L = []
f = lambda: 1
<<< L.append(f)
--- b.py
Z = 1
--->
--- a.py
from b import Z, f
L = []
--- b.py
Z = 1
f = lambda: 2
>>> L[0]() == 2

=== a sentinel that a list holds | must=structural
--- a.py
from b import Z
L = []
MISSING = object()
def g(): return L[0] is MISSING
<<< L.append(MISSING)
--- b.py
Z = 1
--->
--- a.py
from b import Z, MISSING
L = []
def g(): return L[0] is MISSING
--- b.py
Z = 1
MISSING = object()
>>> g()

=== a generator function, and one is suspended | must=structural
--- a.py
from b import Z
L = []
def f():
    yield 1
    yield 2
<<< L.append(f())
<<< next(L[0])
--- b.py
Z = 1
--->
--- a.py
from b import Z, f
L = []
--- b.py
Z = 1
def f():
    yield 1
    yield 3
>>> next(L[0]) in (2, 3)

=== a class that gets another name, and a list holds an instance | must=structural
--- a.py
L = []
class C:
    def m(self): return 1
<<< L.append(C())
--->
--- a.py
L = []
class D:
    def m(self): return 2
C = D
>>> isinstance(L[0], C)

=== a nested class, and a list holds an instance | must=structural
--- a.py
L = []
class O:
    class C:
        def m(self): return 1
<<< L.append(O.C())
--->
--- a.py
L = []
class C:
    def m(self): return 2
class O:
    C = C
>>> isinstance(L[0], O.C)

=== into a try | must=structural
--- a.py
from b import Z
L = []
class C:
    def m(self): return 1
<<< L.append(C())
--- b.py
Z = 1
--->
--- a.py
try:
    from b import Z, C
except ImportError:
    class C:
        def m(self): return 1
L = []
--- b.py
Z = 1
class C:
    def m(self): return 2
>>> isinstance(L[0], C) and L[0].m() == 2

=== out of an if | must=structural
--- a.py
from b import Z
L = []
if Z:
    class C:
        def m(self): return 1
<<< L.append(C())
--- b.py
Z = 1
--->
--- a.py
from b import Z, C
L = []
--- b.py
Z = 1
class C:
    def m(self): return 2
>>> isinstance(L[0], C) and L[0].m() == 2

=== a class in annotations, which typing remembers
--- a.py
from typing import Optional
from b import Z
class T:
    x = 1
def f(t: Optional[T] = None, u: Optional["T"] = None): return t
def h(t: list[T]): return 1
class U:
    y: Optional[T] = None
--- b.py
Z = 1
--->
--- a.py
from typing import Optional
from b import Z, T
def f(t: Optional[T] = None, u: Optional["T"] = None): return t
def h(t: list[T]): return 1
class U:
    y: Optional[T] = None
--- b.py
Z = 1
class T:
    x = 2

=== a protocol
--- a.py
from typing import Protocol, runtime_checkable
from b import Z
@runtime_checkable
class P(Protocol):
    def m(self): ...
class C:
    def m(self): return 1
c = C()
X = isinstance(c, P)
--- b.py
Z = 1
--->
--- a.py
from b import Z, P
class C:
    def m(self): return 1
c = C()
X = isinstance(c, P)
--- b.py
from typing import Protocol, runtime_checkable
Z = 1
@runtime_checkable
class P(Protocol):
    def m(self): ...
>>> X
""")

READS = table(r"""
=== a table that has been filled | must=structural
--- a.py
import c
X = 1
<<< c.STATE["k"] = 5
--- c.py
STATE = {"k": 1}
--->
--- a.py
import c
import b
X = 1
--- b.py
from c import STATE
V = STATE["k"]
>>> b.V == 1

=== a module's attribute that has been set | must=structural
--- a.py
import c
X = 1
<<< c.MODE = "fast"
--- c.py
MODE = "slow"
--->
--- a.py
import c
import b
X = 1
--- b.py
import c
V = c.MODE
>>> b.V == "slow"

=== what a function gives | must=structural
--- a.py
import c
X = 1
<<< c.STATE["k"] = 5
--- c.py
STATE = {"k": 1}
def get(): return STATE["k"]
--->
--- a.py
import c
import b
X = 1
--- b.py
from c import get
V = get()
>>> b.V == 1

=== an attribute of an instance | must=structural
--- a.py
import c
X = 1
<<< c.S.k = 5
--- c.py
class T:
    def __init__(self): self.k = 1
S = T()
--->
--- a.py
import c
import b
X = 1
--- b.py
from c import S
V = S.k
>>> b.V == 1

=== an attribute of a class | must=structural
--- a.py
import c
X = 1
<<< c.T.k = 5
--- c.py
class T:
    k = 1
--->
--- a.py
import c
import b
X = 1
--- b.py
from c import T
V = T.k
class U(T):
    j = T.k
>>> b.V == 1

=== the length of a list, for a default | must=structural
--- a.py
import c
X = 1
<<< c.STATE.append(1)
--- c.py
STATE = []
--->
--- a.py
import c
import b
X = 1
--- b.py
from c import STATE
def f(n=len(STATE)): return n
>>> b.f() == 0

=== by a module that it imports | must=structural
--- a.py
import c
X = 1
<<< c.STATE.append(1)
--- c.py
STATE = []
--->
--- a.py
import c
import d
X = 1
--- d.py
import e
--- e.py
import c
N = len(c.STATE)
>>> d.e.N == 0

=== a counter | must=structural
--- a.py
import c
X = 1
<<< c.nxt()
--- c.py
N = 0
def nxt():
    global N
    N += 1
    return N
--->
--- a.py
import c
import b
X = 1
--- b.py
from c import nxt
ID = nxt()
>>> b.ID == 1

=== by a module that a function has imported | must=structural
--- a.py
import c
def g():
    import b
    return b.V
X = 1
<<< c.STATE.append(1)
<<< g()
--- b.py
import c
V = len(c.STATE)
--- c.py
STATE = []
--->
--- a.py
import c
import b
def g():
    return b.V
X = 1
>>> b.V == 0

=== a name that becomes a submodule's | must=structural
--- a.py
import p
X = p.c
--- p/__init__.py
K = 1
c = 5
--- p/c.py
K = 1
--->
--- p/__init__.py
K = 1
c = 5
import p.c
>>> X.K == 1
=== an import that was not found, in another file | must=structural
--- a.py
try:
    import fast as impl
except ImportError:
    import slow as impl
X = impl.f()
--- slow.py
def f(): return 1
--->
--- a.py
try:
    import fast as impl
except ImportError:
    import slow as impl
X = impl.f() + 1
--- fast.py
def f(): return 10
=== it takes a name that the package binds further down | must=structural
--- p/__init__.py
from .c import X
d = 3
def g(): return d
--- p/c.py
X = 1
--->
--- p/c.py
X = 1
import p.d
--- p/d.py
K = 1

=== it fails, and that is provided for
--- a.py
X = 1
--->
--- a.py
try:
    import b
except ZeroDivisionError:
    b = None
X = 2
--- b.py
import c
1 / 0
--- c.py
K = 1

=== through a lambda of its own | must=structural
--- a.py
import c
X = 1
<<< c.LOG.append(1); c.Base.count = 3
--- c.py
LOG = []
def size(): return len(LOG)
def deco(f):
    f.place = len(LOG)
    return f
class Base:
    count = 0
    def __init_subclass__(cls): cls.place = Base.count
--->
--- a.py
import c
import b
X = 1
--- b.py
from c import size
L = lambda: size()
V = L()

=== through a function that imports | must=structural
--- a.py
import c
X = 1
<<< c.LOG.append(1); c.Base.count = 3
--- c.py
LOG = []
def size(): return len(LOG)
def deco(f):
    f.place = len(LOG)
    return f
class Base:
    count = 0
    def __init_subclass__(cls): cls.place = Base.count
--->
--- a.py
import c
import b
X = 1
--- b.py
def g():
    from c import size
    return size()
V = g()

=== through a class of its own | must=structural
--- a.py
import c
X = 1
<<< c.LOG.append(1); c.Base.count = 3
--- c.py
LOG = []
def size(): return len(LOG)
def deco(f):
    f.place = len(LOG)
    return f
class Base:
    count = 0
    def __init_subclass__(cls): cls.place = Base.count
--->
--- a.py
import c
import b
X = 1
--- b.py
import c
class K:
    def __init__(self): self.v = len(c.LOG)
V = K().v

=== through a decorator | must=structural
--- a.py
import c
X = 1
<<< c.LOG.append(1); c.Base.count = 3
--- c.py
LOG = []
def size(): return len(LOG)
def deco(f):
    f.place = len(LOG)
    return f
class Base:
    count = 0
    def __init_subclass__(cls): cls.place = Base.count
--->
--- a.py
import c
import b
X = 1
--- b.py
from c import deco
@deco
def f(): return 1

=== through a hook | must=structural
--- a.py
import c
X = 1
<<< c.LOG.append(1); c.Base.count = 3
--- c.py
LOG = []
def size(): return len(LOG)
def deco(f):
    f.place = len(LOG)
    return f
class Base:
    count = 0
    def __init_subclass__(cls): cls.place = Base.count
--->
--- a.py
import c
import b
X = 1
--- b.py
from c import Base
class Q(Base): pass
""")

LEFT = table(r"""
=== by a call that is kept | must=structural
--- a.py
import base
import b
--- base.py
ALL = {}
def reg(x):
    ALL[x] = 1
    return x
--- b.py
from base import reg
X = reg("b")
--->
--- a.py
import base
>>> base.ALL == {}

=== by += | must=structural
--- a.py
import base
import b
--- base.py
ALL = []
--- b.py
from base import ALL
ALL += [1]
--->
--- a.py
import base
>>> base.ALL == []

=== in a comprehension | must=structural
--- a.py
import base
import b
--- base.py
ALL = []
--- b.py
from base import ALL
X = [ALL.append(i) for i in range(2)]
--->
--- a.py
import base
>>> base.ALL == []

=== in a class body | must=structural
--- a.py
import base
import b
--- base.py
ALL = []
--- b.py
from base import ALL
class C:
    ALL.append(1)
--->
--- a.py
import base
>>> base.ALL == []

=== by a call in a class body | must=structural
--- a.py
import base
import b
--- base.py
ALL = []
def reg(x):
    ALL.append(x)
    return x
--- b.py
from base import reg
class C:
    x = reg(1)
--->
--- a.py
import base
>>> base.ALL == []

=== by a descriptor's __set_name__ | must=structural
--- a.py
import base
import b
--- base.py
ALL = []
class D:
    def __set_name__(self, o, n): ALL.append(n)
--- b.py
from base import D
class C:
    x = D()
--->
--- a.py
import base
>>> base.ALL == []

=== by an instance that notes itself | must=structural
--- a.py
import base
import b
--- base.py
ALL = []
class D:
    def __init__(self): ALL.append(self)
--- b.py
from base import D
d = D()
--->
--- a.py
import base
>>> base.ALL == []

=== by setdefault | must=structural
--- a.py
import base
import b
--- base.py
ALL = {}
--- b.py
from base import ALL
X = ALL.setdefault("b", [])
--->
--- a.py
import base
>>> base.ALL == {}

=== by a default | must=structural
--- a.py
import base
import b
--- base.py
ALL = []
def reg(x):
    ALL.append(x)
    return x
--- b.py
from base import reg
def f(x=reg(1)): return x
--->
--- a.py
import base
>>> base.ALL == []

=== by a base that a call makes | must=structural
--- a.py
import base
import b
--- base.py
ALL = []
def reg(x):
    ALL.append(x)
    return object
--- b.py
from base import reg
class C(reg(1)): pass
--->
--- a.py
import base
>>> base.ALL == []

=== by __init_subclass__ | must=structural
--- a.py
import base
import b
--- base.py
class B:
    ALL = []
    def __init_subclass__(cls): B.ALL.append(cls)
--- b.py
from base import B
class C(B): pass
--->
--- a.py
import base

=== in __subclasses__() | must=structural
--- a.py
import base
import b
def g(): return [c.__name__ for c in base.B.__subclasses__()]
--- base.py
class B: pass
--- b.py
from base import B
class C(B): pass
--->
--- a.py
import base
def g(): return [c.__name__ for c in base.B.__subclasses__()]
>>> g() == []

=== nothing
--- a.py
import b
T = [b.f]
--- b.py
def f(): return 1
--->
--- a.py
T = []

=== in a folder of which nothing is left
--- a.py
from n.x import f
X = f()
--- n/x.py
def f(): return 1
--->
--- a.py
from m.x import f
X = f()
--- n/x.py gone
--- m/x.py
def f(): return 2
>>> X == 2
""")

AGAIN = table(r"""
=== a function reads a module's attribute | must=structural
--- a.py
import c
K = 1
def f(): return len(c.LOG) + K
V = f()
<<< c.LOG.append(1)
--- c.py
LOG = []
def add(x): LOG.append(x)
--->
--- a.py
import c
K = 2
def f(): return len(c.LOG) + K
V = f()
>>> V == 2

=== a function imports it | must=structural
--- a.py
import c
K = 1
def f():
    from c import LOG
    return len(LOG) + K
V = f()
<<< c.LOG.append(1)
--- c.py
LOG = []
def add(x): LOG.append(x)
--->
--- a.py
import c
K = 2
def f():
    from c import LOG
    return len(LOG) + K
V = f()
>>> V == 2

=== a property reads it | must=structural
--- a.py
from c import h
K = 1
V = h.p + K
<<< h; __import__("c").LOG.append(1)
--- c.py
LOG = []
class H:
    @property
    def p(self): return len(LOG)
h = H()
def add(x): LOG.append(x)
--->
--- a.py
from c import h
K = 2
V = h.p + K
>>> V == 2
""")


@pytest.mark.parametrize("row", HELD)
def test_who_holds_a_definition_that_moves_is_not_left_with_the_old_one(ws: Workspace, row: Row) -> None:
    check(ws, row)


@pytest.mark.parametrize("row", READS)
def test_a_module_that_comes_reads_what_a_fresh_process_has(ws: Workspace, row: Row) -> None:
    check(ws, row)


@pytest.mark.parametrize("row", LEFT)
def test_what_a_module_that_goes_has_left_is_seen(ws: Workspace, row: Row) -> None:
    check(ws, row)


@pytest.mark.parametrize("row", AGAIN)
def test_what_runs_again_reads_what_another_module_had_on_import(ws: Workspace, row: Row) -> None:
    check(ws, row)
