"""The body of a decorated function is edited: the wrapper is kept, what it wraps is the new code."""

from __future__ import annotations

import pytest

from tests.engine.edits import Row, check, table
from tests.harness import Workspace

BODIES = table("""
=== a registry comes, and registers a function that was there
def f(x): return x + 6
--->
KEPT = {}
SEEN = []
def reg(fn):
    KEPT.setdefault(fn.__name__, fn)
    SEEN.append(fn)
    return fn
@reg
def f(x): return x + 0
>>> KEPT["f"] is f and SEEN == [f] and f(1) == 1
=== a registry that is a class comes, and registers functions that were there
def f(x): return x + 6
def g(x): return x
--->
class Registry:
    all = []
    def __init__(self): self.names = {}
    def __call__(self, fn):
        self.all.append(fn)
        self.names[fn.__name__] = fn
        return fn
registry = Registry()
@registry
def f(x): return x + 0
@registry
def g(x): return x
>>> Registry.all == [f, g] and registry.names == {"f": f, "g": g}
=== wraps | keep=a:f
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
    def wrapper(*a): return "w", f(*a)
    return wrapper
@deco
def f(): return 2
>>> f() == ("w", 2) and f.__wrapped__() == 2

=== without wraps
def deco(f):
    def wrapper(*a): return "w", f(*a)
    return wrapper
@deco
def f(): return 1
--->
def deco(f):
    def wrapper(*a): return "w", f(*a)
    return wrapper
@deco
def f(): return 2
>>> f() == ("w", 2)

=== a wraps wrapper's docstring
import functools
def deco(f):
    @functools.wraps(f)
    def wrapper(*a): return "w", f(*a)
    return wrapper
@deco
def f():
    'one'
--->
import functools
def deco(f):
    @functools.wraps(f)
    def wrapper(*a): return "w", f(*a)
    return wrapper
@deco
def f():
    'two'
>>> f.__doc__ == "two" and f.__wrapped__.__doc__ == "two"

=== a wraps wrapper's annotations
import functools
def deco(f):
    @functools.wraps(f)
    def wrapper(*a): return f(*a)
    return wrapper
@deco
def f(x: int): ...
--->
import functools
def deco(f):
    @functools.wraps(f)
    def wrapper(*a): return f(*a)
    return wrapper
@deco
def f(x: str): ...
>>> f.__annotations__ == {"x": str}

=== stacked, with arguments
import functools
def times(n):
    def deco(f):
        @functools.wraps(f)
        def wrapper(): return f() * n
        return wrapper
    return deco
@times(2)
@times(3)
def f(): return 1
--->
import functools
def times(n):
    def deco(f):
        @functools.wraps(f)
        def wrapper(): return f() * n
        return wrapper
    return deco
@times(2)
@times(3)
def f(): return 2
>>> f() == 12

=== a class-based decorator | keep=a:f
class Memo:
    def __init__(self, f): self.f = f
    def __call__(self): return self.f()
@Memo
def f(): return 1
--->
class Memo:
    def __init__(self, f): self.f = f
    def __call__(self): return self.f()
@Memo
def f(): return 2
>>> f() == 2

=== lru_cache: stale results are dropped
import functools
@functools.lru_cache
def f(x): return x
<<< f(1)
--->
import functools
@functools.lru_cache
def f(x): return x + 1
>>> f(1) == 2

=== cache on a method
import functools
class C:
    @functools.cache
    def m(self): return 1
c = C()
<<< c.m()
--->
import functools
class C:
    @functools.cache
    def m(self): return 2
c = C()
>>> c.m() == 2

=== contextmanager
import contextlib
@contextlib.contextmanager
def cm(): yield 1
--->
import contextlib
@contextlib.contextmanager
def cm(): yield 2
>>> cm().__enter__() == 2

=== singledispatch: an implementation
import functools
@functools.singledispatch
def show(x): return "any"
@show.register
def _(x: int): return "int"
--->
import functools
@functools.singledispatch
def show(x): return "any"
@show.register
def _(x: int): return "INT"
>>> show(1) == "INT" and show("") == "any"

=== singledispatch: the function itself
import functools
@functools.singledispatch
def show(x): return "any"
@show.register
def _(x: int): return "int"
--->
import functools
@functools.singledispatch
def show(x): return "ANY"
@show.register
def _(x: int): return "int"
>>> show(1) == "int" and show("") == "ANY"

=== a decorator that registers: no duplicate
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
def f(): return 2
>>> len(handlers) == 1 and handlers[0] is f and f() == 2

=== a decorator that registers by name, with an argument
routes = {}
def route(path):
    def register(f):
        routes[path] = f
        return f
    return register
@route("/a")
def f(): return 1
--->
routes = {}
def route(path):
    def register(f):
        routes[path] = f
        return f
    return register
@route("/a")
def f(): return 2
>>> routes["/a"]() == 2 and routes == {"/a": f}

=== a default of a registered function
handlers = []
def register(f):
    handlers.append(f)
    return f
@register
def f(x=1): return x
--->
handlers = []
def register(f):
    handlers.append(f)
    return f
@register
def f(x=2): return x
>>> [h() for h in handlers] == [2]

=== a decorated method | keep=a:C.m
import functools
def deco(f):
    @functools.wraps(f)
    def wrapper(*a): return "w", f(*a)
    return wrapper
class C:
    @deco
    def m(self): return 1
c = C()
--->
import functools
def deco(f):
    @functools.wraps(f)
    def wrapper(*a): return "w", f(*a)
    return wrapper
class C:
    @deco
    def m(self): return 2
c = C()
>>> c.m() == ("w", 2)

=== a decorated class's method
def mark(cls):
    cls.marked = True
    return cls
@mark
class C:
    def m(self): return 1
--->
def mark(cls):
    cls.marked = True
    return cls
@mark
class C:
    def m(self): return 2
>>> C().m() == 2 and C.marked

=== the state of a decorator's closure is kept
def counted(f):
    n = 0
    def wrapper():
        nonlocal n
        n += 1
        return n, f()
    return wrapper
@counted
def f(): return 1
<<< f()
<<< f()
--->
def counted(f):
    n = 0
    def wrapper():
        nonlocal n
        n += 1
        return n, f()
    return wrapper
@counted
def f(): return 2
>>> f() == (3, 2)
""")


@pytest.mark.parametrize("row", BODIES)
def test_the_body_of_a_decorated_function_is_patched(ws: Workspace, row: Row) -> None:
    check(ws, row)
