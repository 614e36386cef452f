"""A name becomes another thing, or a thing gets another name."""

from __future__ import annotations

import pytest

from tests.engine.edits import Row, check, table
from tests.harness import Workspace

REPLACED = table("""
=== a function renamed
def f(): return 1
--->
def g(): return 1
>>> g() == 1 and "f" not in globals() and g.__name__ == "g"

=== a method renamed
class C:
    def a(self): return 1
c = C()
--->
class C:
    def b(self): return 1
c = C()
>>> c.b() == 1 and not hasattr(c, "a") and C.b.__qualname__ == "C.b"

=== a class renamed | must=truth
class C: ...
--->
class D: ...
>>> D.__name__ == "D" and "C" not in globals()

=== a constant becomes a function
f = 1
--->
def f(): return 1
>>> f() == 1

=== a function becomes a constant | must=truth
def f(): return 1
--->
f = 1
>>> f == 1

=== a function becomes a class | must=truth replaced=a:f
def f(): return 1
--->
class f: ...
>>> isinstance(f, type)

=== a class becomes a function | must=truth replaced=a:C
class C: ...
--->
def C(): return 1
>>> C() == 1

=== an import becomes a function
from json import dumps
--->
def dumps(x): return x
>>> dumps(1) == 1

=== a class attribute becomes a method
class C:
    m = 1
c = C()
--->
class C:
    def m(self): return 1
c = C()
>>> c.m() == 1

=== an import changed
from os.path import join as j
--->
from os.path import basename as j
>>> j("a/b") == "b"

=== an alias changed
import json as j
--->
import os as j
>>> j.sep
""")


@pytest.mark.parametrize("row", REPLACED)
def test_a_name_becomes_another_thing(ws: Workspace, row: Row) -> None:
    check(ws, row)
