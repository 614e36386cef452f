"""Two definitions of one name: the last one counts, wherever the one was that they are both paired with."""

from __future__ import annotations

import pytest

from tests.engine.edits import Row, check, table
from tests.harness import Workspace

ROWS = table("""
=== a second definition comes before the method | keep=a:C,a:C.f
class C:
    def f(self): return 1
c = C()
--->
class C:
    def f(self): return 0
    def g(self): return self.f()
    def f(self): return 2
c = C()
>>> c.g() == 2

=== the same definition comes once more | keep=a:C,a:C.f
class C:
    def f(self):
        return 1
--->
class C:
    def f(self):
        return 1
    x = 1
    def f(self):
        return 1
>>> C().f() == 1

=== the first of two methods goes | keep=a:C,a:C.f
class C:
    def f(self): return 0
    def f(self): return 1
--->
class C:
    def f(self): return 3
>>> C().f() == 3

=== overloads come before a function | keep=a:f
def f(x=None, default=None):
    return x
def g(): return f(1)
--->
from typing import overload
@overload
def f(x: None) -> None: ...
@overload
def f(x: int) -> int: ...
def f(x=None, *, default=2):
    return x or default
def g(): return f()
>>> g() == 2

=== overloads come before a method | keep=a:C,a:C.f
class C:
    def f(self, x): return x
--->
from typing import overload
class C:
    @overload
    def f(self, x: None) -> None: ...
    @overload
    def f(self, x: int) -> int: ...
    def f(self, x=3): return x
>>> C().f() == 3
""")


@pytest.mark.parametrize("row", ROWS)
def test_the_last_definition_counts(ws: Workspace, row: Row) -> None:
    check(ws, row)
