"""What a call returned has its new code by itself; what was computed with it has to be computed again."""

from __future__ import annotations

import pytest

from tests.engine.edits import Row, check, table
from tests.harness import Workspace

ROWS = table("""
=== a class's decorator with an argument sets another attribute | must=truth
def label(text):
    def mark(cls):
        cls.text = text
        return cls
    return mark
@label("a")
class C: ...
--->
def label(text):
    def mark(cls):
        cls.other = text
        return cls
    return mark
@label("a")
class C: ...

=== a function's decorator with an argument sets another attribute | must=truth
def label(text):
    def mark(f):
        f.text = text
        return f
    return mark
@label("a")
def f(): ...
--->
def label(text):
    def mark(f):
        f.other = text
        return f
    return mark
@label("a")
def f(): ...

=== the result called at once
def outer():
    def inner(): return 1
    return inner
X = outer()()
--->
def outer():
    def inner(): return 2
    return inner
X = outer()()

=== a partial that is called at once
import functools
def f(x, y=9): return x + 7
r = functools.partial(f, 8)()
kept = functools.partial(f, 8)
~~~ x + 7 => x + 4
>>> (r, kept()) == (12, 12)
=== the result kept, and called
def outer():
    def inner(): return 1
    return inner
f = outer()
X = f()
--->
def outer():
    def inner(): return 2
    return inner
f = outer()
X = f()

=== nested in a decorator with arguments, from another module | must=truth
from b import label
class A:
    @label("a")
    def f(self): ...
--- b.py
def label(text):
    def mark(f):
        f.text = text
        return f
    return mark
--->
--- b.py
def label(text):
    def mark(f):
        f.other = text
        return f
    return mark

=== nested, in a list
def outer():
    def inner(): return 1
    return [inner]
X = [f() for f in outer()]
--->
def outer():
    def inner(): return 2
    return [inner]
X = [f() for f in outer()]

=== nested, of a plain decorator: what a call of the decorated gave | keep=a:f
def deco(g):
    def wrapper(): return g() + 1
    return wrapper
@deco
def f(): return 1
X = f()
--->
def deco(g):
    def wrapper(): return g() + 2
    return wrapper
@deco
def f(): return 1
X = f()
>>> X == 3

=== nested, handed to a call
def outer():
    def inner(x): return x
    return inner
X = list(map(outer(), [1, 2]))
--->
def outer():
    def inner(x): return x + 1
    return inner
X = list(map(outer(), [1, 2]))
>>> X == [2, 3]

=== an instance handed to a call
class M:
    def go(self): return 1
def run(m): return m.go()
X = run(M())
--->
class M:
    def go(self): return 2
def run(m): return m.go()
X = run(M())
>>> X == 2

=== an instance handed to a call, in a display, in a class
class M:
    def go(self): return 1
def run(ms): return [m.go() for m in ms]
class C:
    x = run([M()])
--->
class M:
    def go(self): return 2
def run(ms): return [m.go() for m in ms]
class C:
    x = run([M()])
>>> C.x == [2]

=== a plain decorator sets another attribute | must=truth
def deco(f):
    f.tag = 1
    return f
@deco
def f(): return 1
--->
def deco(f):
    f.other = 1
    return f
@deco
def f(): return 1

=== a plain decorator sets another value | keep=a:f
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

=== nested, kept only | keep=a:f,a:table
def outer():
    def inner(): return 1
    return inner
f = outer()
table = {"f": f}
--->
def outer():
    def inner(): return 2
    return inner
f = outer()
table = {"f": f}
>>> table["f"]() == 2

=== nested, called through another name
def outer():
    def inner(*a): return 1
    g = inner
    return g()
X = outer()
--->
def outer():
    def inner(*a): return 2
    g = inner
    return g()
X = outer()
>>> X in (2, [2, 2])

=== nested, called from a table
def outer():
    def inner(*a): return 1
    table = {"a": inner}
    return table["a"]()
X = outer()
--->
def outer():
    def inner(*a): return 2
    table = {"a": inner}
    return table["a"]()
X = outer()
>>> X in (2, [2, 2])

=== nested, called in a comprehension
def outer():
    def inner(*a): return 1
    return [f() for f in (inner, inner)]
X = outer()
--->
def outer():
    def inner(*a): return 2
    return [f() for f in (inner, inner)]
X = outer()
>>> X in (2, [2, 2])

=== nested, called as a decorator
def outer():
    def inner(*a): return 1
    @inner
    def other(): ...
    return other
X = outer()
--->
def outer():
    def inner(*a): return 2
    @inner
    def other(): ...
    return other
X = outer()
>>> X in (2, [2, 2])

=== nested, called in an attribute that is called
def outer():
    def inner(*a): return 1
    inner.me = inner
    return inner.me()
X = outer()
--->
def outer():
    def inner(*a): return 2
    inner.me = inner
    return inner.me()
X = outer()
>>> X in (2, [2, 2])

=== nested in a class in a function
def outer():
    class K:
        def m(self): return 1
    return K().m()
X = outer()
--->
def outer():
    class K:
        def m(self): return 2
    return K().m()
X = outer()
>>> X == 2

=== an instance that a display goes through
class M:
    def keys(self): return ["a"]
    def __getitem__(self, key): return 1
X = {**M()}
--->
class M:
    def keys(self): return ["b"]
    def __getitem__(self, key): return 2
X = {**M()}
>>> X == {"b": 2}

=== nested, called inside of another function
def outer():
    def inner(): return 1
    return inner
def twice(): return outer()() * 2
X = twice()
--->
def outer():
    def inner(): return 2
    return inner
def twice(): return outer()() * 2
X = twice()
>>> X == 4
""")


@pytest.mark.parametrize("row", ROWS)
def test_what_was_computed_with_a_result_is_computed_again(ws: Workspace, row: Row) -> None:
    check(ws, row)
