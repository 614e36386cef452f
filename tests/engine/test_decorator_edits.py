"""A decorator comes, goes or changes; what it registered is there once, and is the new code."""

from __future__ import annotations

import pytest

from tests.engine.edits import Row, check, table
from tests.harness import Workspace

DECORATORS = table("""
=== the decorator's own wrapper | must=patched
import functools
def deco(f):
    @functools.wraps(f)
    def wrapper(*a): return "w", f(*a)
    return wrapper
@deco
def f(): return 1
--->
import functools
def deco(f):
    @functools.wraps(f)
    def wrapper(*a): return "v", f(*a)
    return wrapper
@deco
def f(): return 1
>>> f() == ("v", 1)

=== the decorator's own body | must=truth
def deco(f):
    f.tag = 1
    return f
@deco
def f(): return 1
--->
def deco(f):
    f.tag = 2
    return f
@deco
def f(): return 1
>>> f.tag == 2

=== added
import functools
def f(): return 1
--->
import functools
@functools.lru_cache
def f(): return 1
>>> f() == 1 and f.cache_info()

=== removed
import functools
@functools.lru_cache
def f(): return 1
--->
import functools
def f(): return 1
>>> not hasattr(f, "cache_info")

=== its argument changed
import functools
def times(n):
    def deco(f):
        @functools.wraps(f)
        def wrapper(): return f() * n
        return wrapper
    return deco
@times(2)
def f(): return 1
--->
import functools
def times(n):
    def deco(f):
        @functools.wraps(f)
        def wrapper(): return f() * n
        return wrapper
    return deco
@times(3)
def f(): return 1
>>> f() == 3

=== another decorator | must=truth
def a_(f): f.tag = "a"; return f
def b_(f): f.tag = "b"; return f
@a_
def f(): return 1
--->
def a_(f): f.tag = "a"; return f
def b_(f): f.tag = "b"; return f
@b_
def f(): return 1
>>> f.tag == "b"

=== added, to a function that a closure holds | must=truth
import functools
def keep(f): return lambda: f()
def f(): return 1
g = keep(f)
--->
import functools
def keep(f): return lambda: f()
@functools.lru_cache
def f(): return 1
g = keep(f)
>>> f.cache_info() and g() == 1

=== a registered function removed | must=truth
handlers = []
def register(f):
    handlers.append(f)
    return f
@register
def f(): return 1
@register
def g(): return 2
--->
handlers = []
def register(f):
    handlers.append(f)
    return f
@register
def f(): return 1
>>> handlers == [f]

=== a registered function added | must=truth
handlers = []
def register(f):
    handlers.append(f)
    return f
@register
def f(): return 1
--->
handlers = []
def register(f):
    handlers.append(f)
    return f
@register
def f(): return 1
@register
def g(): return 2
>>> handlers == [f, g]

=== a registered function renamed | must=truth
handlers = {}
def register(f):
    handlers[f.__name__] = f
    return f
@register
def f(): return 1
--->
handlers = {}
def register(f):
    handlers[f.__name__] = f
    return f
@register
def g(): return 1
>>> handlers == {"g": g}

=== the register decorator removed | must=truth
handlers = []
def register(f):
    handlers.append(f)
    return f
@register
def f(): return 1
--->
handlers = []
def register(f):
    handlers.append(f)
    return f
def f(): return 1
>>> handlers == []

=== an implementation of singledispatch added | must=truth
import functools
@functools.singledispatch
def show(x): return "any"
--->
import functools
@functools.singledispatch
def show(x): return "any"
@show.register
def _(x: int): return "int"
>>> show(1) == "int"

=== an implementation of singledispatch removed | must=truth
import functools
@functools.singledispatch
def show(x): return "any"
@show.register
def _(x: int): return "int"
--->
import functools
@functools.singledispatch
def show(x): return "any"
>>> show(1) == "any"

=== staticmethod removed | must=truth
class C:
    @staticmethod
    def m(x=1): return x
--->
class C:
    def m(self, x=2): return x
>>> C().m() == 2
""")


@pytest.mark.parametrize("row", DECORATORS)
def test_a_decorator_comes_goes_or_changes(ws: Workspace, row: Row) -> None:
    check(ws, row)
