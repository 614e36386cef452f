"""An edit of a method is patched, and instances that live have it; first depth."""

from __future__ import annotations

import pytest

from tests.engine.edits import Row, check, table
from tests.harness import Workspace

METHODS = table("""
=== body | keep=a:C,a:C.m,a:c
class C:
    def m(self): return 1
c = C()
--->
class C:
    def m(self): return 2
c = C()
>>> c.m() == 2

=== signature and default
class C:
    def m(self, x=1): return x
c = C()
--->
class C:
    def m(self, y, *, x=2): return x, y
c = C()
>>> c.m(1) == (2, 1)

=== a default from class scope
class C:
    SIZE = 1
    def m(self, x=SIZE): return x
--->
class C:
    SIZE = 1
    def m(self, x=SIZE + 1): return x
>>> C().m() == 2

=== an annotation from class scope
class C:
    class Inner: ...
    def m(self, x: int): ...
--->
class C:
    class Inner: ...
    def m(self, x: Inner) -> Inner: ...
>>> C.m.__annotations__ == {"x": C.Inner, "return": C.Inner}

=== docstring
class C:
    def m(self):
        'one'
--->
class C:
    def m(self):
        'two'
>>> C.m.__doc__ == "two"

=== async method
import asyncio
class C:
    async def m(self): return 1
--->
import asyncio
class C:
    async def m(self): return 2
>>> asyncio.run(C().m()) == 2

=== generator method
class C:
    def m(self): yield 1
--->
class C:
    def m(self): yield 2
>>> list(C().m()) == [2]

=== static method | keep=a:C.m
class C:
    @staticmethod
    def m(): return 1
--->
class C:
    @staticmethod
    def m(x=2): return x
>>> C.m() == 2 and C().m() == 2

=== static method's docstring
class C:
    @staticmethod
    def m():
        'one'
--->
class C:
    @staticmethod
    def m():
        'two'
>>> vars(C)["m"].__doc__ == "two"

=== class method | keep=a:C.m
class C:
    @classmethod
    def m(cls): return 1
--->
class C:
    @classmethod
    def m(cls): return 2, cls
>>> C.m() == (2, C)

=== property getter
class C:
    @property
    def p(self): return 1
c = C()
--->
class C:
    @property
    def p(self): return 2
c = C()
>>> c.p == 2

=== property setter's body
class C:
    @property
    def p(self): return self._p
    @p.setter
    def p(self, value): self._p = value
--->
class C:
    @property
    def p(self): return self._p
    @p.setter
    def p(self, value): self._p = value + 1
<<< C().p = 1
>>> [c for c in [C()] if setattr(c, "p", 1) or c.p == 2]

=== property getter's docstring
class C:
    @property
    def p(self):
        'one'
--->
class C:
    @property
    def p(self):
        'two'
>>> C.p.__doc__ == "two"

=== a private name
class C:
    def __init__(self): self.__x = 1
    def m(self): return self.__x
c = C()
--->
class C:
    def __init__(self): self.__x = 1
    def m(self): return self.__x + 1
c = C()
>>> c.m() == 2

=== super() in an edited method
class B:
    def m(self): return 1
class C(B):
    def m(self): return super().m()
c = C()
--->
class B:
    def m(self): return 1
class C(B):
    def m(self): return super().m() + 1
c = C()
>>> c.m() == 2

=== __init__ with a live instance | keep=a:c
class C:
    def __init__(self): self.x = 1
c = C()
--->
class C:
    def __init__(self):
        self.x = 1
        self.y = 2
c = C()
>>> C().y == 2

=== a nested function in a method
class C:
    def m(self):
        def g(): return self, 1
        return g()[1]
--->
class C:
    def m(self):
        def g(): return self, 2
        return g()[1]
>>> C().m() == 2

=== a method of a nested class
class C:
    class D:
        def m(self): return 1
d = C.D()
--->
class C:
    class D:
        def m(self): return 2
d = C.D()
>>> d.m() == 2

=== a method in a subclass of an edited class
class A:
    def m(self): return 1
class B(A):
    def n(self): return self.m()
b = B()
--->
class A:
    def m(self): return 2
class B(A):
    def n(self): return self.m() + 1
b = B()
>>> b.n() == 3

=== a dunder's body
class C:
    def __call__(self): return 1
    def __len__(self): return 1
c = C()
--->
class C:
    def __call__(self): return 2
    def __len__(self): return 2
c = C()
>>> c() == 2 and len(c) == 2

=== an overload
import typing
@typing.overload
def f(x: int) -> int: ...
@typing.overload
def f(x: str) -> str: ...
def f(x): return x
--->
import typing
@typing.overload
def f(x: int) -> int: ...
@typing.overload
def f(x: str) -> str: ...
def f(x): return x, x
>>> f(1) == (1, 1)

=== an overload's stub | must=truth
import typing
@typing.overload
def f(x: int) -> int: ...
@typing.overload
def f(x: str) -> str: ...
def f(x): return x
--->
import typing
@typing.overload
def f(x: int) -> int: ...
@typing.overload
def f(x: bytes) -> bytes: ...
def f(x): return x
>>> len(typing.get_overloads(f)) == 2

=== a method moved within its class
class C:
    def a(self): return 1
    def b(self): return 2
c = C()
--->
class C:
    def b(self): return 2
    def a(self): return 1
c = C()
>>> (c.a(), c.b()) == (1, 2)

=== a lambda as a class attribute
class C:
    m = lambda self: 1
--->
class C:
    m = lambda self: 2
>>> C().m() == 2
""")


@pytest.mark.parametrize("row", METHODS)
def test_an_edit_of_a_method_is_patched(ws: Workspace, row: Row) -> None:
    check(ws, row)
