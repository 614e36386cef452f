"""Other names of one object: each is the same object still, and is bound anew with the first."""

from __future__ import annotations

import pytest

from tests.engine.edits import Row, check, table
from tests.harness import Workspace

ROWS = table("""
=== an alias of a function
def f(): return 1
g = f
--->
def f(): return 2
g = f
>>> g is f and g() == 2

=== an alias of a class
class C:
    x = 1
D = C
--->
class C:
    x = 2
D = C
>>> D is C and D.x == 2

=== an alias of a method
class C:
    def m(self): return 1
m = C.m
--->
class C:
    def m(self): return 2
m = C.m
>>> m is C.m and m(None) == 2

=== a decorator added under an alias | must=truth
import functools
def f(): return 1
g = f
table = [f]
--->
import functools
@functools.lru_cache
def f(): return 1
g = f
table = [f]
>>> g is f and table[0] is f and f.cache_info()

=== a decorator removed under an alias | must=truth
import functools
@functools.lru_cache
def f(): return 1
g = f
table = [f]
--->
import functools
def f(): return 1
g = f
table = [f]
>>> g is f and table[0] is f and not hasattr(f, "cache_info")

=== a decorator added to what another file imports | must=truth
from b import f
def g(): return f()
--- b.py
import functools
def f(): return 1
--->
--- b.py
import functools
@functools.lru_cache
def f(): return 2
>>> f is __import__("b").f and g() == 2 and f.cache_info()

=== the alias is pointed elsewhere
def f(): return 1
def g(): return 2
h = f
--->
def f(): return 1
def g(): return 2
h = g
>>> h is g and h() == 2

=== the first name goes, the alias stays | must=truth
def f(): return 1
g = f
del f
--->
def f(): return 2
g = f
del f
>>> g() == 2

=== two names swap
def f(): return 1
def g(): return 2
f, g = g, f
--->
def f(): return 1
def g(): return 3
f, g = g, f
>>> (f(), g()) == (3, 1)

=== a class attribute that is a module's function
def helper(self): return 1
class C:
    run = helper
--->
def helper(self): return 2
class C:
    run = helper
>>> C().run() == 2 and C.run is helper

=== a module's function that is a class's method
class C:
    def m(self): return 1
run = C().m
--->
class C:
    def m(self): return 2
run = C().m
>>> run() == 2

=== a list shared by two names | keep=a:a,a:b
a = []
b = a
def f(): return 1
<<< a.append(1)
--->
a = []
b = a
def f(): return 2
>>> a is b and b == [1]

=== a list shared by two modules | must=truth
from b import shared
mine = shared
--- b.py
shared = [1]
--->
--- b.py
shared = [2]
>>> mine is shared and shared is __import__("b").shared and shared == [2]

=== the same function under two modules' tables
from b import handlers, f
handlers["f"] = f
--- b.py
handlers = {}
def f(): return 1
--->
--- b.py
handlers = {}
def f(): return 2
>>> handlers["f"] is f and f() == 2

=== a union of classes
class A: ...
class B: ...
Either = A | B
--->
class A:
    x = 1
class B: ...
Either = A | B
>>> isinstance(A(), Either)

=== a generic alias of a class
class A: ...
Many = list[A]
--->
class A:
    x = 1
Many = list[A]
>>> Many.__args__ == (A,)
""")


@pytest.mark.parametrize("row", ROWS)
def test_aliases_follow(ws: Workspace, row: Row) -> None:
    check(ws, row)
