"""Names that a module binds more than once: what runs in between, or moves there, finds what stood there."""

from __future__ import annotations

import pytest

from tests.engine.edits import Row, check, table
from tests.harness import Workspace

ROWS = r"""
=== a name bound again by an import below its reader
--- top.py
con = 4
from middle import con; imp = con
def reg(x, *, k=con):
    return x
--- middle.py
def con(x): return x
--->
--- top.py
con = 4
def reg(x, *, k=con):
    return x
from middle import con; imp = con
--- middle.py
def con(x): return x
>>> reg.__kwdefaults__ == {"k": 4}
=== a name bound again by a plain import below its reader
--- top.py
con = 4
from middle import con
def reg(x, *, k=con):
    return x
--- middle.py
def con(x): return x
--->
--- top.py
con = 4
def reg(x, *, k=con):
    return x
from middle import con
--- middle.py
def con(x): return x
>>> reg.__kwdefaults__ == {"k": 4}
=== a name bound again below its reader
con = 4
con = 5
def reg(x, *, k=con):
    return x
--->
con = 4
def reg(x, *, k=con):
    return x
con = 5
>>> reg.__kwdefaults__ == {"k": 4}
=== a name bound again in if below its reader
con = 4
if 1:
    con = 5
def reg(x, *, k=con):
    return x
--->
con = 4
def reg(x, *, k=con):
    return x
if 1:
    con = 5
>>> reg.__kwdefaults__ == {"k": 4}
=== a function that is read, bound again by an import
--- top.py
def con(): return 4
from middle import con
r = con()
--- middle.py
def con(): return 5
--->
--- top.py
def con(): return 4
r = con()
from middle import con
--- middle.py
def con(): return 5
>>> r == 4
=== reader between binders edited
con = 4
def reg(x, *, k=con): return x
con = 5
~~~ (x, *, k=con) => (x, y=1, *, k=con)
=== reader between binders, value edited
con = 4
r = con + 1
con = 5
~~~ r = con + 1 => r = con + 2
=== first binder edited
con = 4
r = con + 1
con = 5
~~~ con = 4 => con = 6
=== last binder edited
con = 4
r = con + 1
con = 5
~~~ con = 5 => con = 6
=== value through a function, edited
def get(): return con
con = 4
r = get()
con = 5
~~~ r = get() => r = get() + 1
=== value through a function, first edited
def get(): return con
con = 4
r = get()
con = 5
~~~ con = 4 => con = 7
=== value through a function, function edited
def get(): return con
con = 4
r = get()
con = 5
~~~ return con => return con + 1
=== value through a function, moved
def get(): return con
con = 4
con = 5
r = get()
--->
def get(): return con
con = 4
r = get()
con = 5
=== class attribute between, edited
con = 4
class C:
    x = con
con = 5
~~~ x = con => x = con + 1
=== class attribute between, moved
con = 4
con = 5
class C:
    x = con
--->
con = 4
class C:
    x = con
con = 5
=== decorator bound twice, function edited | must=structural
def deco(f): return (1, f())
@deco
def h(): return 1
def deco(f): return (2, f())
@deco
def g(): return 1
~~~ return 1 => return 3
=== decorator bound twice, function moved | must=structural
def deco(f): return (1, f())
def deco(f): return (2, f())
@deco
def h(): return 1
--->
def deco(f): return (1, f())
@deco
def h(): return 1
def deco(f): return (2, f())
=== base bound twice, class moved | must=structural
class B:
    x = 1
class B:
    x = 2
class C(B): pass
y = C.x
--->
class B:
    x = 1
class C(B): pass
class B:
    x = 2
y = C.x
=== deleted name, reader moved above
con = 4
r = con
con = 5
s = con
--->
con = 4
r = con
s = con
con = 5
=== augmented
n = 1
r = n
n += 1
--->
n = 1
n += 1
r = n
=== augmented back
n = 1
n += 1
r = n
--->
n = 1
r = n
n += 1
=== filled list | must=structural
l = []
n = len(l)
l.append(1)
--->
l = []
l.append(1)
n = len(l)
=== loop variable
x = 1
r = x
for x in range(3): pass
--->
x = 1
for x in range(3): pass
r = x
=== with two modules
--- top.py
from middle import con
r = con
from other import con
--- middle.py
con = 1
--- other.py
con = 2
--->
--- top.py
from middle import con
from other import con
r = con
--- middle.py
con = 1
--- other.py
con = 2
=== imported value of one of two
--- top.py
from middle import con
r = con
from other import con
--- middle.py
con = 1
--- other.py
con = 2
~~~ con = 1 => con = 7
=== method bound twice in class
class C:
    x = 1
    y = x
    x = 2
--->
class C:
    x = 1
    x = 2
    y = x
=== method bound twice in class, and a reader of what reads it
class C:
    x = 1
    y = x
    x = 2
z = C.y
--->
class C:
    x = 1
    x = 2
    y = x
z = C.y
>>> z == 2
=== method bound twice in class, back, and a reader of what reads it
class C:
    x = 1
    x = 2
    y = x
z = C.y
--->
class C:
    x = 1
    y = x
    x = 2
z = C.y
>>> z == 1
=== class member between edited
class C:
    x = 1
    y = x
    x = 2
~~~ y = x => y = x + 1
=== import moved above reader
--- top.py
import middle
r = middle.con
import other as middle
--- middle.py
con = 1
--- other.py
con = 2
--->
--- top.py
import middle
import other as middle
r = middle.con
--- middle.py
con = 1
--- other.py
con = 2
=== deferred read at call
def con(): return 4
def get(): return con()
r = get()
def con(): return 5
--->
def con(): return 4
def get(): return con()
def con(): return 5
r = get()
=== builtin shadowed below
r = len([1])
def len(x): return 7
--->
def len(x): return 7
r = len([1])
=== builtin shadowed above | must=structural
def len(x): return 7
r = len([1])
--->
r = len([1])
def len(x): return 7
=== added binder below reader, then reader edited
con = 4
def reg(k=con): return 1
--->
con = 4
def reg(k=con): return 1
con = 5
=== del between
con = 4
r = con
del con
con = 5
--->
con = 4
del con
con = 5
r = con
=== builtin shadowed below, reader edited | must=structural
r = len([1])
def len(x): return 7
~~~ len([1]) => len([1, 2])
=== builtin shadowed below, read by a function | must=structural
def count(x): return len(x)
r = count([1])
def len(x): return 7
~~~ count([1]) => count([1, 2])
=== class body calls, between
def get(): return con
con = 4
class C:
    x = get()
con = 5
~~~ x = get() => x = get() + 1
=== dataclass default between, edited
from dataclasses import dataclass
con = 4
@dataclass
class C:
    x: int = con
con = 5
~~~ x: int = con => x: int = con + 1
=== field added to a class between
con = 4
class C:
    y = con
con = 5
~~~ y = con => y = con\n    z = con
=== loop variable used by a function made in it
fs = []
for n in range(3):
    fs.append(lambda n=n: n)
r = [f() for f in fs]
for n in range(5): pass
~~~ r = [f() => r = [f() + 1
=== try import twice
try:
    import json as j
except ImportError:
    j = None
has = j is not None
j = 1
~~~ has = j => kept = j
=== a rebound name in a method called
con = 4
class C:
    def get(self): return con
r = C().get()
con = 5
~~~ return con => return con + 1
=== logger bound twice, effects | must=structural
import logging
log = logging.getLogger("a")
log.setLevel(10)
log = logging.getLogger("b")
~~~ setLevel(10) => setLevel(20)
=== nested class moved
class C:
    x = 1
    class D:
        y = 2
    x = 3
    z = x
--->
class C:
    x = 1
    z = x
    class D:
        y = 2
    x = 3
>>> C.z == 1
=== a chain of names bound twice
a = 1
b = a
a = 2
c = b
b = a
d = c
~~~ c = b => c = b + 1
=== plain functions swapped
def f(): return 1
def g(): return 2
~~~ def f(): return 1\ndef g(): return 2 => def g(): return 2\ndef f(): return 1
=== the first of two functions of one name is kept | must=structural
def f(x=9): return x
--->
def f(x=9): return x
kept = f
def f(x=1): return x, 1
=== the first of two functions of one name is kept in a table, and the second is edited | must=structural
def f(x=9): return x
TABLE = {"f": f}
def f(x=1): return x, 1
~~~ (x=1): return x, 1 => (x=2): return x, 1
=== the first of two functions of one name is called
def f(x=9): return x
r = f()
def f(x=1): return x, 1
~~~ (x=1): return x, 1 => (x=2): return x, 1
>>> r == 9 and f() == (2, 1)
"""


@pytest.mark.parametrize("row", table(ROWS))
def test_a_name_is_bound_again(ws: Workspace, row: Row) -> None:
    check(ws, row)


@pytest.mark.parametrize(
    "below",
    [
        "class C:\n    b = 1",
        "def C(): return 1",
        "C = 5",
        "class D: pass\nC = D",
        "class C(C):\n    b = 1",
        "if 1:\n    C = 3",
        "for C in [1]: pass",
        "from math import pi as C",
        "class E:\n    b = 1\nC, E = E, C",
    ],
)
def test_a_class_that_is_kept_while_its_name_is_bound_again(ws: Workspace, below: str) -> None:
    source = f"class C:\n    def m(self): return 1\nkept = C\n{below}\n"
    ws["a.py"] = source
    a = ws.start("a")
    report = ws.truthful({"a.py": source.replace("return 1", "return 2", 1)})
    assert report.outcome in ("structural", "patched")
    assert a.kept().m() == (2 if report.outcome == "patched" else 1)
    report = ws.truthful({"a.py": source.replace("return 1", "return 2\n    def n(self): return 3", 1)})
    assert report.outcome == "patched" or not hasattr(a.kept, "n")


def test_a_decorated_method_goes_whose_classs_name_is_bound_again(ws: Workspace) -> None:
    source = "import functools\nclass C:\n    @functools.cache\n    def m(self): return 1\n    x = 1\nC = 5\n"
    ws["a.py"] = source
    ws.start("a")
    ws.truthful({"a.py": source.replace("    @functools.cache\n    def m(self): return 1\n", "")})
