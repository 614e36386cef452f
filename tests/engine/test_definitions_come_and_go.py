"""Functions, methods, classes, constants and imports that are added and deleted: no ghosts, nothing missing."""

from __future__ import annotations

import pytest

from tests.engine.edits import Row, check, table
from tests.harness import Workspace

ADDED = table("""
=== a function
def f(): return 1
--->
def f(): return g()
def g(): return 2
>>> f() == 2

=== a function before another
def f(): return 1
--->
def g(): return 2
def f(): return g()
>>> f() == 2

=== an async function
def f(): return 1
--->
def f(): return 1
async def g(): return 2
>>> g.__name__ == "g"

=== a decorated function
import functools
def f(): return 1
--->
import functools
def f(): return 1
@functools.lru_cache
def g(): return 2
>>> g() == 2

=== a class
def f(): return 1
--->
def f(): return 1
class C:
    x = 1
    def m(self): return self.x
>>> C().m() == 1

=== a class and its subclass
def f(): return 1
--->
def f(): return 1
class B:
    def m(self): return 1
class C(B):
    def m(self): return super().m() + 1
>>> C().m() == 2

=== a method
class C:
    def a(self): return 1
c = C()
--->
class C:
    def a(self): return self.b()
    def b(self): return 2
c = C()
>>> c.a() == 2

=== a method that uses super()
class B:
    def m(self): return 1
class C(B): ...
c = C()
--->
class B:
    def m(self): return 1
class C(B):
    def m(self): return super().m() + 1
c = C()
>>> c.m() == 2

=== a static and a class method and a property
class C: ...
c = C()
--->
class C:
    @staticmethod
    def s(): return 1
    @classmethod
    def k(cls): return cls
    @property
    def p(self): return 2
c = C()
>>> c.s() == 1 and c.k() is C and c.p == 2

=== a class attribute
class C:
    a = 1
c = C()
--->
class C:
    a = 1
    b = a + 1
c = C()
>>> c.b == 2

=== an annotated class attribute
class C:
    a: int = 1
--->
class C:
    a: int = 1
    b: str
    c: str = "x"
>>> C.__annotations__ == {"a": int, "b": str, "c": str} and C.c == "x"

=== a nested class
class C: ...
--->
class C:
    class D:
        x = 1
>>> C.D.__qualname__ == "C.D"

=== a constant
A = 1
--->
A = 1
B = A + 1
>>> B == 2

=== a constant that a function reads
def f(): return 1
--->
LIMIT = 3
def f(): return LIMIT
>>> f() == 3

=== an annotated constant
A: int = 1
--->
A: int = 1
B: str = "x"
>>> __annotations__ == {"A": int, "B": str}

=== an import
def f(): return 1
--->
import json
def f(): return json.dumps([1])
>>> f() == "[1]"

=== an import from, aliased
def f(): return 1
--->
from json import dumps as show, loads
def f(): return show(loads("1"))
>>> f() == "1"

=== an import of a submodule
def f(): return 1
--->
import os.path
def f(): return os.path.join("a", "b")
>>> f().startswith("a")

=== an import and a function and a constant
def f(): return 1
--->
import json
SEP = json.dumps(",")
def f(): return g() + SEP
def g(): return SEP
>>> f() == SEP * 2

=== a docstring of the module
A = 1
--->
'''The module.'''
A = 1
>>> __doc__ == "The module."

=== a docstring of a class
class C: ...
--->
class C:
    '''The class.'''
>>> C.__doc__ == "The class."

=== to an empty module
--- a.py
pass
--->
X = 1
def f(): return X
class C: ...
>>> f() == 1
""")

REMOVED = table("""
=== a function
def f(): return 1
def g(): return 2
--->
def f(): return 1
>>> "g" not in globals()

=== a class
class C: ...
class D: ...
--->
class C: ...
>>> "D" not in globals()

=== a method
class C:
    def a(self): return 1
    def b(self): return 2
c = C()
--->
class C:
    def a(self): return 1
c = C()
>>> not hasattr(c, "b")

=== a method that overrode another
class B:
    def m(self): return 1
class C(B):
    def m(self): return 2
c = C()
--->
class B:
    def m(self): return 1
class C(B): ...
c = C()
>>> c.m() == 1

=== a static method, a class method, a property
class C:
    @staticmethod
    def s(): return 1
    @classmethod
    def k(cls): return cls
    @property
    def p(self): return 2
c = C()
--->
class C: ...
c = C()
>>> not [n for n in "skp" if hasattr(c, n)]

=== a class attribute
class C:
    a = 1
    b = 2
--->
class C:
    a = 1
>>> not hasattr(C, "b")

=== an annotated class attribute
class C:
    a: int = 1
    b: str = "x"
--->
class C:
    a: int = 1
>>> C.__annotations__ == {"a": int} and not hasattr(C, "b")

=== all annotations of a class
class C:
    a: int = 1
--->
class C:
    a = 1
>>> C.__dict__.get("__annotations__", {}) == {}

=== a nested class
class C:
    class D: ...
--->
class C: ...
>>> not hasattr(C, "D")

=== a constant
A = 1
B = 2
--->
A = 1
>>> "B" not in globals()

=== an annotated constant
A: int = 1
B: str = "x"
--->
A: int = 1
>>> __annotations__ == {"A": int}

=== an import
import json
import os
def f(): return 1
--->
import os
def f(): return 1
>>> "json" not in globals()

=== one name of an import from
from json import dumps, loads
--->
from json import dumps
>>> "loads" not in globals()

=== a docstring of the module
'''The module.'''
A = 1
--->
A = 1
>>> __doc__ is None

=== a docstring of a class
class C:
    '''The class.'''
--->
class C: ...
>>> C.__doc__ is None

=== everything
import json
A = 1
def f(): return A
class C: ...
--->
pass
>>> not [n for n in ("json", "A", "f", "C") if n in globals()]

=== a deleted name that a body still reads
def f(): return g()
def g(): return 2
--->
def f(): return g()
>>> "g" not in globals()
""")


@pytest.mark.parametrize("row", ADDED)
def test_what_is_added_is_there(ws: Workspace, row: Row) -> None:
    check(ws, row)


@pytest.mark.parametrize("row", REMOVED)
def test_what_is_removed_is_gone(ws: Workspace, row: Row) -> None:
    check(ws, row)
