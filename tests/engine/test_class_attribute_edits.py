"""Class attributes, and who depends on them."""

from __future__ import annotations

import pytest

from tests.engine.edits import Row, check, table
from tests.harness import Workspace

ROWS = table("""
=== a value | keep=a:C
class C:
    x = 1
c = C()
--->
class C:
    x = 2
c = C()
>>> C.x == 2 and c.x == 2

=== a value that another attribute reads
class C:
    x = 1
    y = x + 1
--->
class C:
    x = 5
    y = x + 1
>>> C.y == 6

=== a value that a default reads
class C:
    x = 1
    def m(self, n=x): return n
--->
class C:
    x = 2
    def m(self, n=x): return n
>>> C().m() == 2

=== a value that a module constant reads
class C:
    x = 1
Y = C.x + 1
--->
class C:
    x = 2
Y = C.x + 1
>>> Y == 3

=== a value a subclass inherits
class B:
    x = 1
class C(B): ...
--->
class B:
    x = 2
class C(B): ...
>>> C.x == 2

=== a value a subclass's body reads
class B:
    x = 1
class C(B):
    y = B.x
--->
class B:
    x = 2
class C(B):
    y = B.x
>>> C.y == 2

=== a list, not touched, kept | keep=a:C
class C:
    seen = []
    x = 1
--->
class C:
    seen = []
    x = 2
>>> C.x == 2

=== a mutable attribute filled by the program is kept
class C:
    seen = []
    x = 1
<<< C.seen.append(1)
--->
class C:
    seen = []
    x = 2
>>> C.x == 2 and C.seen == [1]

=== an attribute that shadows a base's, removed
class B:
    x = 1
class C(B):
    x = 2
--->
class B:
    x = 1
class C(B): ...
>>> C.x == 1

=== a private attribute
class C:
    __x = 1
    def m(self): return self.__x
--->
class C:
    __x = 2
    def m(self): return self.__x
>>> C().m() == 2

=== a chain of assignments
class C:
    a = b = 1
--->
class C:
    a = b = 2
>>> (C.a, C.b) == (2, 2)

=== a tuple of targets
class C:
    a, b = 1, 2
--->
class C:
    a, b = 3, 4
>>> (C.a, C.b) == (3, 4)

=== a table of functions of the class
class C:
    def m(self): return 1
    table = {"m": m}
--->
class C:
    def m(self): return 2
    table = {"m": m}
>>> C.table["m"](None) == 2

=== an alias of a method
class C:
    def m(self): return 1
    n = m
c = C()
--->
class C:
    def m(self): return 2
    n = m
c = C()
>>> c.n() == 2

=== an instance's own value wins, and is kept | keep=a:c
class C:
    x = 1
c = C()
<<< c.x = 7
--->
class C:
    x = 2
c = C()
>>> c.x == 7 and C().x == 2

=== an attribute made by a call | must=truth
def make(): return [1]
class C:
    x = make()
--->
def make(): return [2]
class C:
    x = make()
>>> C.x == [2]

=== an `if` in a class body | must=truth
class C:
    if True:
        x = 1
--->
class C:
    if True:
        x = 2
>>> C.x == 2

=== a loop in a class body | must=truth
class C:
    for i in range(2):
        x = i
--->
class C:
    for i in range(3):
        x = i
>>> C.x == 2

=== a bare call in a class body | must=structural
log = []
class C:
    x = 1
--->
log = []
class C:
    log.append(1)
    x = 1

=== __doc__ assigned
class C:
    __doc__ = "one"
--->
class C:
    __doc__ = "two"
>>> C.__doc__ == "two"

=== __match_args__
class C:
    __match_args__ = ("x",)
--->
class C:
    __match_args__ = ("x", "y")
>>> C.__match_args__ == ("x", "y")
""")


NESTED = table("""
=== a value in a nested class, which the outer one reads | must=structural code=MPDT011
LIMIT = 1
class A:
    class B:
        x = LIMIT
    w = B.x
~~~ LIMIT = 1 => LIMIT = 2

=== both are edited | must=structural code=MPDT011
class A:
    class B:
        x = 1
    w = [B.x]
~~~ x = 1 => x = 2
~~~ [B.x] => [B.x, 0]

=== a default reads it, two classes further in | must=structural code=MPDT011
class A:
    class B:
        class C:
            x = 1
    def m(self, n=B.C.x): return n
~~~ x = 1 => x = 2

=== another attribute of it is read, and from outside
class A:
    class B:
        x = 1
        y = 5
    w = [B.y, 1]
    u = B
class D:
    w = A.B.x
~~~ x = 1 => x = 2
~~~ [B.y, 1] => [B.y, 2]
>>> A.w == [5, 2] and D.w == 2
""")


@pytest.mark.parametrize("row", NESTED)
def test_what_a_class_body_reads_of_a_nested_class(ws: Workspace, row: Row) -> None:
    check(ws, row)


@pytest.mark.parametrize("row", ROWS)
def test_an_edit_of_a_class_attribute_is_patched(ws: Workspace, row: Row) -> None:
    check(ws, row)
