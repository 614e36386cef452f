"""Edits of code that holds functions and classes in awkward places."""

from __future__ import annotations

import pytest

from tests.engine.edits import Row, check, table
from tests.harness import Workspace

HOLDERS = table("""
=== a bound method kept in a constant
class C:
    def m(self): return 1
c = C()
call = c.m
--->
class C:
    def m(self): return 2
c = C()
call = c.m
>>> call() == 2

=== a function in a tuple in a dict
def f(): return 1
T = {"a": (f, [f])}
--->
def f(): return 2
T = {"a": (f, [f])}
>>> T["a"][0]() == 2 and T["a"][1][0] is f

=== a function in a frozen set
def f(): return 1
S = frozenset({f})
--->
def f(): return 2
S = frozenset({f})
>>> [g() for g in S] == [2]

=== a lambda as a default
def f(key=lambda x: x): return key(1)
--->
def f(key=lambda x: x + 1): return key(1)
>>> f() == 2

=== a lambda in a decorator's argument
def by(key):
    def deco(f):
        return lambda x: key(f(x))
    return deco
@by(lambda x: x)
def f(x): return x
--->
def by(key):
    def deco(f):
        return lambda x: key(f(x))
    return deco
@by(lambda x: x + 10)
def f(x): return x
>>> f(1) == 11

=== a function as another's attribute
def f(): return 1
def g(): return 1
f.helper = g
--->
def f(): return 1
def g(): return 2
f.helper = g
>>> f.helper() == 2

=== a partial of a function
import functools
def f(x): return x
g = functools.partial(f, 1)
--->
import functools
def f(x): return x + 1
g = functools.partial(f, 1)
>>> g() == 2

=== a partial's argument
import functools
def f(x): return x
g = functools.partial(f, 1)
--->
import functools
def f(x): return x
g = functools.partial(f, 2)
>>> g() == 2

=== property() by call
class C:
    def _get(self): return 1
    p = property(_get)
c = C()
--->
class C:
    def _get(self): return 2
    p = property(_get)
c = C()
>>> c.p == 2

=== a property of lambdas
class C:
    p = property(lambda self: 1)
--->
class C:
    p = property(lambda self: 2)
>>> C().p == 2

=== staticmethod() by call
class C:
    def _s(): return 1
    s = staticmethod(_s)
--->
class C:
    def _s(): return 2
    s = staticmethod(_s)
>>> C.s() == 2

=== partialmethod
import functools
class C:
    def m(self, x): return x
    n = functools.partialmethod(m, 1)
--->
import functools
class C:
    def m(self, x): return x + 1
    n = functools.partialmethod(m, 1)
>>> C().n() == 2

=== singledispatchmethod
import functools
class C:
    @functools.singledispatchmethod
    def m(self, x): return "any"
    @m.register
    def _(self, x: int): return "int"
--->
import functools
class C:
    @functools.singledispatchmethod
    def m(self, x): return "ANY"
    @m.register
    def _(self, x: int): return "INT"
>>> (C().m(1), C().m("")) == ("INT", "ANY")

=== a decorated property
import functools
def deco(f):
    @functools.wraps(f)
    def w(self): return f(self), "w"
    return w
class C:
    @property
    @deco
    def p(self): return 1
--->
import functools
def deco(f):
    @functools.wraps(f)
    def w(self): return f(self), "w"
    return w
class C:
    @property
    @deco
    def p(self): return 2
>>> C().p == (2, "w")

=== a class method under a decorator of one's own
def deco(f):
    def w(*a): return f(*a), "w"
    return w
class C:
    @classmethod
    @deco
    def k(cls): return 1
--->
def deco(f):
    def w(*a): return f(*a), "w"
    return w
class C:
    @classmethod
    @deco
    def k(cls): return 2
>>> C.k() == (2, "w")

=== a generator's context manager, held
import contextlib
@contextlib.contextmanager
def cm(x=1): yield x
class C:
    cm = staticmethod(cm)
--->
import contextlib
@contextlib.contextmanager
def cm(x=2): yield x
class C:
    cm = staticmethod(cm)
>>> C.cm().__enter__() == 2

=== lru_cache over a static method
import functools
class C:
    @staticmethod
    @functools.lru_cache(maxsize=None)
    def s(x): return x
<<< C.s(1)
--->
import functools
class C:
    @staticmethod
    @functools.lru_cache(maxsize=None)
    def s(x): return x + 1
>>> C.s(1) == 2

=== total_ordering
import functools
@functools.total_ordering
class C:
    def __init__(self, x): self.x = x
    def __eq__(self, o): return self.x == o.x
    def __lt__(self, o): return self.x < o.x
--->
import functools
@functools.total_ordering
class C:
    def __init__(self, x): self.x = x
    def __eq__(self, o): return self.x == o.x
    def __lt__(self, o): return self.x > o.x
>>> C(2) < C(1) and C(1) >= C(2)

=== a closure in a class attribute
def make(n):
    def m(self): return n
    return m
class C:
    m = make(1)
--->
def make(n):
    def m(self): return n
    return m
class C:
    m = make(2)
>>> C().m() == 2

=== the factory of a class attribute
def make(n):
    def m(self): return n
    return m
class C:
    m = make(1)
--->
def make(n):
    def m(self): return n, "new"
    return m
class C:
    m = make(1)
>>> C().m() == (1, "new")

=== one closure of two shares a variable
def make():
    n = 0
    def up():
        nonlocal n
        n += 1
        return n
    def get(): return n
    return up, get
up, get = make()
<<< up()
--->
def make():
    n = 0
    def up():
        nonlocal n
        n += 10
        return n
    def get(): return n
    return up, get
up, get = make()
>>> up() == 11 and get() == 11
""")


@pytest.mark.parametrize("row", HOLDERS)
def test_code_in_awkward_places_is_new(ws: Workspace, row: Row) -> None:
    check(ws, row)
