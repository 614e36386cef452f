"""Modules that an edit makes the plugin import for the first time, beside what else it changes."""

from __future__ import annotations

import pytest

from tests.engine.edits import Row, check, table
from tests.harness import Workspace

ROWS = table(r"""
=== by a file that was there
--- a.py
from c import f
X = f()
--- b.py
from c import f
--- c.py
def f(): return 1
--->
--- a.py
from b import f
X = f()
--- c.py
def f(): return 2
>>> X == 2

=== by a new file
--- a.py
from c import f
X = f()
--- c.py
def f(): return 1
--->
--- a.py
from b import f
X = f()
--- b.py
from c import f
--- c.py
def f(): return 2
>>> X == 2

=== by a new file, unchanged
--- a.py
from c import f
X = f()
--- c.py
def f(): return 1
--->
--- a.py
from b import f
X = f()
--- b.py
from c import f
>>> X == 1

=== by a new file's import in a function
--- a.py
from c import f
X = f()
--- c.py
def f(): return 1
--->
--- a.py
from b import f
X = f()
--- b.py
def f():
    import c
    return c.f()
>>> X == 1

=== it reads what changes
--- a.py
from c import X
Y = X
--- c.py
X = 1
--->
--- a.py
from b import Z
from c import X
Y = X
--- b.py
from c import X
Z = X
--- c.py
X = 2
>>> Z == 2

=== a function of its own reads what changes
--- a.py
from c import X
Y = X
--- c.py
X = 1
--->
--- a.py
from b import Z
from c import X
Y = X
--- b.py
def g():
    import c
    return c.X
Z = g()
--- c.py
X = 2
>>> Z == 2

=== it inherits from what changes
--- a.py
from c import X
Y = X
--- c.py
class X:
    a = 1
--->
--- a.py
from b import Z
from c import X
Y = X
--- b.py
from c import X
class Z(X):
    z = X.a
--- c.py
class X:
    a = 2
    def n(self): pass
>>> Z.z == 2 and Z().n() is None

=== it needs a name that is new
--- a.py
from c import X
Y = X
--- c.py
X = 1
--->
--- a.py
from b import Z
from c import X
Y = X
--- b.py
from c import N
Z = N
--- c.py
X = 1
N = 2
>>> Z == 2

=== it does without a name that goes | must=truth
--- a.py
from c import X
Y = X
--- c.py
X = 1
N = 2
--->
--- a.py
from b import Z
from c import X
Y = X
--- b.py
try:
    from c import N as Z
except ImportError:
    Z = 0
--- c.py
X = 1

=== it asks for an attribute that goes | must=truth
--- a.py
from c import X
Y = X
--- c.py
X = 1
N = 2
--->
--- a.py
from b import Z
from c import X
Y = X
--- b.py
import c
Z = getattr(c, "N", 0)
--- c.py
X = 1

=== one after another
--- a.py
from c import X
Y = X
--- c.py
X = 1
--->
--- a.py
from b import Z
Y = Z
--- b.py
from d import Z
--- d.py
from e import W
Z = W + 1
--- e.py
import c
W = c.X
--- c.py
X = 2
>>> Y == 3

=== through a star
--- a.py
from c import X
Y = X
--- c.py
X = 1
--->
--- a.py
from b import *
Y = X
--- b.py
from c import *
Z = X
--- c.py
X = 2
>>> Z == Y == 2

=== a submodule of a package that is there
--- p/__init__.py
from .c import X
--- p/c.py
X = 1
--->
--- p/__init__.py
from .b import Z
from .c import X
--- p/b.py
from .c import X
Z = X
--- p/c.py
X = 2
>>> Z == 2

=== a package within a package, whose files name each other
--- p/__init__.py
from .c import X
--- p/c.py
X = 1
--->
--- p/__init__.py
from .q import Z
from .c import X
--- p/q/__init__.py
from .r import Z
--- p/q/r.py
from ..c import X
from . import s
Z = X + s.S
--- p/q/s.py
from p.c import X as S
--- p/c.py
X = 2
>>> Z == 4

=== a folder without an __init__.py
--- a.py
from c import X
--- c.py
X = 1
--->
--- a.py
from n.m import Z
from c import X
--- n/m.py
from c import X
Z = X
--- c.py
X = 2
>>> Z == 2

=== a class is moved into a file of its own, and changes what it inherits
--- a.py
from base import B
class C(B):
    def m(self): return self.n()
c = C()
--- base.py
class B:
    def n(self): return 1
--->
--- a.py
from own import C
c = C()
--- own.py
from base import B
class C(B):
    def m(self): return self.n() + self.k
--- base.py
class B:
    k = 5
    def n(self): return 2
>>> c.m() == 7

=== constants are moved into a file of their own
--- a.py
from c import f
LIMIT = 1
X = f(LIMIT)
--- c.py
def f(n): return n
--->
--- a.py
from c import f
from limits import LIMIT
X = f(LIMIT)
--- limits.py
LIMIT = 2
--- c.py
from limits import LIMIT
def f(n): return n + LIMIT
>>> X == 4

=== a decorator of an edited file, used by the new one | must=truth
--- a.py
from reg import REG, add
@add
def one(): return 1
--- reg.py
REG = {}
def add(f):
    REG[f.__name__] = f
    return f
--->
--- a.py
from reg import REG, add
import more
@add
def one(): return 1
--- more.py
from reg import add
@add
def two(): return 2
--- reg.py
REG = {}
def add(f):
    REG[f.__name__.upper()] = f
    return f

=== it goes the other way round, for functions only
--- a.py
X = 1
--->
--- a.py
import b
X = 2
Y = 3
--- b.py
import a
def f(): return a.X + a.Y
>>> b.f() == 5

=== it goes the other way round, and reads at once | must=structural
--- a.py
X = 1
--->
--- a.py
import b
X = 2
--- b.py
import a
Z = getattr(a, "X", 0)

=== a function that is called now imports it | must=truth
--- a.py
from c import X
def g():
    from b import Z
    return Z
--- b.py
from c import X
Z = X
--- c.py
X = 1
--->
--- a.py
from c import X
def g():
    from b import Z
    return Z
Y = g()
--- c.py
X = 2

=== a function of a file that is not edited imports it | must=truth
--- a.py
from c import X
from d import g
--- b.py
from c import X
Z = X
--- c.py
X = 1
--- d.py
def g():
    from b import Z
    return Z
--->
--- a.py
from c import X
from d import g
Y = g()
--- c.py
X = 2

=== a name spelled at run time imports it | must=truth
--- a.py
import importlib
from c import X
NAMES = []
for name in NAMES: importlib.import_module(name)
--- b.py
from c import X
Z = X
--- c.py
X = 1
--->
--- a.py
import importlib
from c import X
NAMES = ["b"]
for name in NAMES: importlib.import_module(name)
--- c.py
X = 2

=== import_module
--- a.py
import importlib
from c import X
--- c.py
X = 1
--->
--- a.py
import importlib
b = importlib.import_module("b")
from c import X
--- b.py
from c import X
Z = X
--- c.py
X = 2
>>> b.Z == 2

=== a file is renamed, and what it reads changes
--- a.py
from b import Z
--- b.py
from c import X
Z = X
--- c.py
X = 1
--->
--- a.py
from new import Z
--- b.py gone
--- new.py
from c import X
Z = X
--- c.py
X = 2
>>> Z == 2

=== it cannot be parsed | must=rejected
--- a.py
X = 1
--->
--- a.py
from b import Z
X = 1
--- b.py
def (

=== it makes another one be imported earlier | must=truth
--- a.py
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
--- a.py
LOG = []
import b
import c
import d
--- b.py
import d

=== it reads an Enum that gains a member
--- a.py
from c import E
--- c.py
from enum import Enum
class E(Enum):
    A = 1
--->
--- a.py
from c import E
from b import Z
--- b.py
from c import E
Z = {one: one.name for one in E}
--- c.py
from enum import Enum
class E(Enum):
    A = 1
    B = 2
>>> Z[E.B] == "B"

=== it makes an instance of a class that gains a field
--- a.py
from c import D
d = D(1)
--- c.py
from dataclasses import dataclass
@dataclass
class D:
    x: int
--->
--- a.py
from c import D
from b import E
d = D(1)
--- b.py
from c import D
E = D(1).y
--- c.py
from dataclasses import dataclass
@dataclass
class D:
    x: int
    y: int = 7
>>> E == 7

=== it calls a function that is edited, and one that is not
--- a.py
from c import f, g
--- c.py
def f(): return 1
def g(): return f()
--->
--- a.py
from c import f, g
from b import X
--- b.py
from c import f, g
X = f() + g()
--- c.py
def f(): return 2
def g(): return f()
>>> X == 4

=== it fills a list between two others | must=structural
--- a.py
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
--- a.py
LOG = []
import c
import b
import d
--- b.py
from a import LOG
LOG.append("b")

=== it fills a list after the others | must=truth
--- a.py
LOG = []
import c
--- c.py
from a import LOG
LOG.append("c")
--->
--- a.py
LOG = []
import c
import b
--- b.py
from a import LOG
LOG.append("b")

=== it registers by a decorator between two others | must=structural
--- a.py
import c
import d
--- reg.py
REG = []
def add(f):
    REG.append(f)
    return f
--- c.py
from reg import add
@add
def f(): return 1
--- d.py
from reg import add
@add
def g(): return 2
--->
--- a.py
import c
import b
import d
--- b.py
from reg import add
@add
def h(): return 3

=== it sets what one that is there reads, and stands above it | must=structural
--- a.py
import c
--- conf.py
OPT = {}
--- c.py
from conf import OPT
X = OPT.get("x", 0)
--->
--- a.py
import b
import c
--- b.py
from conf import OPT
OPT["x"] = 1

=== it sets what one that is there reads, and stands below it | must=truth
--- a.py
import c
--- conf.py
OPT = {}
--- c.py
from conf import OPT
X = OPT.get("x", 0)
--->
--- a.py
import c
import b
--- b.py
from conf import OPT
OPT["x"] = 1

=== it sets an attribute of a module that one that is there reads | must=structural
--- a.py
import c
--- conf.py
DEBUG = False
--- c.py
import conf
X = 1 if conf.DEBUG else 0
--->
--- a.py
import b
import c
--- b.py
import conf
conf.DEBUG = True

=== it subclasses, and the list of subclasses is read by one below it | must=structural
--- a.py
import c
--- base.py
class B: pass
--- c.py
from base import B
N = len(B.__subclasses__())
--->
--- a.py
import b
import c
--- b.py
from base import B
class D(B): pass

=== the package has a name like it, and it reads what changes
--- p/__init__.py
b = 0
from .c import X
--- p/c.py
X = 1
--->
--- p/__init__.py
b = 0
from .b import Z
from .c import X
--- p/b.py
from .c import X
Z = X
--- p/c.py
X = 2
>>> Z == 2

=== a function becomes a module | must=truth
--- p/__init__.py
from .c import X
def b(): return 1
--- p/c.py
X = 1
--- p/u.py
from p import b
--->
--- p/__init__.py
from .c import X
from . import b
--- p/b.py
from .c import X
Z = X
--- p/c.py
X = 2
>>> b.Z == 2

=== a function becomes a module, for another one | must=truth
--- p/__init__.py
from .c import X
def b(): return 1
--- p/c.py
X = 1
--- p/u.py
from p import b
--->
--- p/__init__.py
from .c import X
from . import u
--- p/u.py
from p import b
Y = b.Z
--- p/b.py
from .c import X
Z = X
--- p/c.py
X = 2

=== a function becomes a module, for all others | must=truth
--- a.py
import p
from p import b
from p.c import X
--- p/__init__.py
def b(): return 1
--- p/c.py
X = 1
--->
--- a.py
import p
from p import b
from p.c import X
Y = b.Z
--- p/__init__.py
--- p/b.py
from .c import X
Z = X
--- p/c.py
X = 2
>>> Y == 2

=== a class becomes a module that is there | must=truth
--- p/__init__.py
from .b import Z
class c: pass
--- p/b.py
Z = 1
--- p/c.py
X = 1
--->
--- p/__init__.py
from .b import Z
from . import c
W = c.X

=== a constant becomes a module that is there and loaded | must=truth
--- p/__init__.py
from .c import X
c = 5
--- p/c.py
X = 1
--->
--- p/__init__.py
from .c import X
from . import c

=== a constant becomes a module that is there and loaded, by deletion | must=truth
--- p/__init__.py
from .c import X
c = 5
--- p/c.py
X = 1
--->
--- p/__init__.py
from .c import X

=== two of them import each other
--- a.py
X = 1
--->
--- a.py
import b
X = 2
--- b.py
import d
Y = 1
def g(): return d.Z
--- d.py
import b
Z = 2
W = getattr(b, "Y", 0)
>>> b.d.W == 0 and b.g() == 2

=== it looks for what comes further down, by sys.modules | must=structural
--- a.py
def f(): return 1
--->
--- a.py
import b
def f(): return 1
--- b.py
import sys
Y = hasattr(sys.modules["a"], "f")

=== it asks whether what comes further down is there | must=structural
--- a.py
def f(): return 1
--->
--- a.py
import b
def f(): return 1
--- b.py
import a
Y = a.f() if hasattr(a, "f") else 0

=== it does without what comes further down | must=structural
--- a.py
def f(): return 1
--->
--- a.py
import b
def f(): return 1
--- b.py
try:
    from a import f
except ImportError:
    def f(): return 0
Y = f()

=== it makes a class of an edited base, which notes its subclasses | must=truth
--- a.py
from c import Base, REG
class A(Base): pass
--- c.py
REG = []
class Base:
    def __init_subclass__(cls, **k): REG.append(cls.__name__)
--->
--- a.py
from c import Base, REG
from b import B
class A(Base): pass
--- b.py
from c import Base
class B(Base): pass
--- c.py
REG = []
class Base:
    def __init_subclass__(cls, **k): REG.append(cls.__name__)
    def m(self): return 1

=== what a class and its instance are moved to
--- a.py
class C:
    def m(self): return 1
c = C()
--->
--- a.py
from b import C
c = C()
--- b.py
class C:
    def m(self): return 2
>>> c.m() == 2

=== what a decorator is moved to | must=truth
--- a.py
def d(f):
    def w(): return f() + 1
    return w
@d
def g(): return 1
X = g()
--->
--- a.py
from b import d
@d
def g(): return 1
X = g()
--- b.py
def d(f):
    def w(): return f() + 2
    return w

=== and it goes again: what a star brought from it
--- a.py
from b import *
Y = X
--- b.py
from c import *
Z = X
--- c.py
X = 1
--->
--- a.py
from c import X
Y = X
--- b.py gone
>>> "Z" not in globals()

=== and it goes again: the package has its name | must=structural
--- p/__init__.py
b = 0
from .b import Z
--- p/b.py
Z = 1
--->
--- p/__init__.py
b = 0
--- p/b.py gone

=== its last import goes: the package has its name | must=structural
--- p/__init__.py
b = 0
from .b import Z
--- p/b.py
Z = 1
--->
--- p/__init__.py
b = 0

=== it goes through its own names
--- a.py
X = 1
--->
--- a.py
from b import ALL, Y
X = 2
--- b.py
from c import *
Y = 1
ALL = sorted(name for name in globals() if name.isupper())
def names(): return [n for n in vars()]
--- c.py
Z = 3
>>> ALL == ["Y", "Z"]

""")


@pytest.mark.parametrize("row", ROWS)
def test_what_is_imported_for_the_first_time_finds_the_edit(ws: Workspace, row: Row) -> None:
    check(ws, row)
