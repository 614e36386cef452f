"""Code of the less usual kinds: asynchronous, nested, mangled, generic, long."""

from __future__ import annotations

import pytest

from tests.engine.edits import Row, check, table
from tests.harness import Workspace

ROWS = table("""
=== an asynchronous context manager
import asyncio, contextlib
@contextlib.asynccontextmanager
async def cm(): yield 1
async def use():
    async with cm() as x: return x
--->
import asyncio, contextlib
@contextlib.asynccontextmanager
async def cm(): yield 2
async def use():
    async with cm() as x: return x
>>> asyncio.run(use()) == 2

=== an asynchronous decorator
import asyncio, functools
def deco(f):
    @functools.wraps(f)
    async def w(*a): return await f(*a), "w"
    return w
@deco
async def f(): return 1
--->
import asyncio, functools
def deco(f):
    @functools.wraps(f)
    async def w(*a): return await f(*a), "v"
    return w
@deco
async def f(): return 2
>>> asyncio.run(f()) == (2, "v")

=== an asynchronous comprehension
import asyncio
async def items():
    yield 1
async def f(): return [x async for x in items()]
--->
import asyncio
async def items():
    yield 1
async def f(): return [x + 1 async for x in items()]
>>> asyncio.run(f()) == [2]

=== __aenter__ and __aiter__ added
import asyncio
class C: ...
c = C()
async def use():
    async with c as x: return x
--->
import asyncio
class C:
    async def __aenter__(self): return 1
    async def __aexit__(self, *_): ...
c = C()
async def use():
    async with c as x: return x
>>> asyncio.run(use()) == 1

=== a local class with super()
def make():
    class B:
        def m(self): return 1
    class C(B):
        def m(self): return super().m()
    return C
--->
def make():
    class B:
        def m(self): return 1
    class C(B):
        def m(self): return super().m() + 1
    return C
>>> make()().m() == 2

=== a live instance of a local class | must=truth
def make():
    class C:
        def m(self): return 1
    return C
c = make()()
--->
def make():
    class C:
        def m(self): return 2
    return C
c = make()()
>>> c.m() == 2

=== three functions deep
def a():
    def b():
        def c(): return 1
        return c
    return b
--->
def a():
    def b():
        def c(): return 2
        return c
    return b
>>> a()()() == 2

=== a private name in a nested class
class A:
    class B:
        __x = 1
        def m(self): return self.__x
--->
class A:
    class B:
        __x = 2
        def m(self): return self.__x + 1
>>> A.B().m() == 3

=== a private method
class A:
    def __hidden(self): return 1
    def m(self): return self.__hidden()
a = A()
--->
class A:
    def __hidden(self): return 2
    def m(self): return self.__hidden()
a = A()
>>> a.m() == 2

=== a private method added and removed
class A:
    def __old(self): return 1
    def m(self): return self.__old()
a = A()
--->
class A:
    def __new(self): return 2
    def m(self): return self.__new()
a = A()
>>> a.m() == 2 and not hasattr(A, "_A__old")

=== a private class name with underscores
class _A:
    def __x(self): return 1
    def m(self): return self.__x()
--->
class _A:
    def __x(self): return 2
    def m(self): return self.__x()
>>> _A().m() == 2

=== a ligature in a name, which Python normalises
ﬁ = 1
def ﬂ(): return ﬁ
--->
ﬁ = 2
def ﬂ(): return ﬁ
>>> fl() == 2 and fi == 2

=== names beyond ASCII
配置 = 1
def 回复(名=配置): return 名
class 插件:
    def 运行(self): return 回复()
--->
配置 = 2
def 回复(名=配置): return 名
class 插件:
    def 运行(self): return 回复() + 1
>>> 插件().运行() == 3

=== a class attribute and a global of one name
x = 1
class C:
    x = x
    y = [x for _ in range(1)]
--->
x = 2
class C:
    x = x
    y = [x for _ in range(1)]
>>> C.x == 2 and C.y == [2]

=== a global and a local of one name
x = 1
def f():
    x = 5
    return x
Y = x
--->
x = 2
def f():
    x = 5
    return x
Y = x
>>> Y == 2 and f() == 5

=== a builtin shadowed
def f(): return len([1])
--->
def len(x): return 42
def f(): return len([1])
>>> f() == 42

=== a builtin no longer shadowed
def len(x): return 42
def f(): return len([1])
--->
def f(): return len([1])
>>> f() == 1

=== exception groups
def f():
    try:
        raise ExceptionGroup("g", [ValueError()])
    except* ValueError: return_ = 1
    return return_
--->
def f():
    try:
        raise ExceptionGroup("g", [ValueError()])
    except* ValueError: return_ = 2
    return return_
>>> f() == 2

=== a match on classes
class P:
    __match_args__ = ("x",)
    def __init__(self, x): self.x = x
def f(p):
    match p:
        case P(1): return "one"
        case _: return "other"
--->
class P:
    __match_args__ = ("x",)
    def __init__(self, x): self.x = x
def f(p):
    match p:
        case P(2): return "two"
        case _: return "other"
>>> f(P(2)) == "two"

=== star expressions and keyword arguments
def f(*a, **k): return g(*a, x=1, **k)
def g(*a, x): return a, x
--->
def f(*a, **k): return g(0, *a, x=2, **k)
def g(*a, x): return a, x
>>> f(1) == ((0, 1), 2)

=== a generator expression
def f(): return sum(x for x in range(3))
--->
def f(): return sum(x * 2 for x in range(3))
>>> f() == 6

=== chained comparison and conditional
def f(x): return 1 if 0 < x < 2 else 0
--->
def f(x): return 1 if 0 < x < 9 else 0
>>> f(5) == 1

=== a global statement in a nested function
n = 0
def f():
    def g():
        global n
        n += 1
    g()
--->
n = 0
def f():
    def g():
        global n
        n += 10
    g()
<<< f()
>>> n == 1 and (f() or n == 11)

=== lambdas with defaults in a class
class C:
    table = {"a": lambda self, x=1: x}
--->
class C:
    table = {"a": lambda self, x=2: x}
>>> C.table["a"](None) == 2

=== an exception class's attribute and message
class E(Exception):
    code = 1
    def __str__(self): return "one"
error = E()
--->
class E(Exception):
    code = 2
    def __str__(self): return "two"
error = E()
>>> error.code == 2 and str(error) == "two"

=== a typed namespace of strings
from __future__ import annotations
class C:
    x: Missing
    def m(self, y: AlsoMissing) -> Missing: return 1
--->
from __future__ import annotations
class C:
    x: Missing2
    def m(self, y: AlsoMissing) -> Missing2: return 2
>>> C().m(1) == 2 and C.__annotations__ == {"x": "Missing2"}

=== a static method called in the class body | must=truth
class C:
    @staticmethod
    def make(): return 1
    x = make()
--->
class C:
    @staticmethod
    def make(): return 2
    x = make()
>>> C.x == 2

=== a function called in the class body | must=truth
class C:
    def _make(): return 1
    x = _make()
--->
class C:
    def _make(): return 2
    x = _make()
>>> C.x == 2

=== del in a class body
class C:
    a = 1
    b = a
    del a
--->
class C:
    a = 2
    b = a
    del a
>>> C.b == 2 and not hasattr(C, "a")

=== a conditional method
class C:
    if True:
        def m(self): return 1
    else:
        def m(self): return 0
c = C()
--->
class C:
    if True:
        def m(self): return 2
    else:
        def m(self): return 0
c = C()
>>> c.m() == 2

=== a method defined twice
class C:
    def m(self): return 1
    def m(self): return 2
c = C()
--->
class C:
    def m(self): return 1
    def m(self): return 3
c = C()
>>> c.m() == 3

=== an attribute bound twice
class C:
    x = 1
    x = x + 1
--->
class C:
    x = 5
    x = x + 1
>>> C.x == 6
""")


@pytest.mark.parametrize("row", ROWS)
def test_unusual_code_is_patched(ws: Workspace, row: Row) -> None:
    check(ws, row)
