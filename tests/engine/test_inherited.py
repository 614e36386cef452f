"""What comes from a base class, at import time: attributes, answers of isinstance, lists of subclasses."""

from __future__ import annotations

from collections.abc import Iterable

import pytest

from mpdt_hooks import Outcome
from tests.engine.edits import Row, check, table
from tests.harness import Workspace

ROWS = table("""
=== an attribute read through a class below
class A:
    x = 1
class C(A): ...
y = C.x
def f(a=C.x): return a
class D(C):
    z = C.x + 1
--->
class A:
    x = 2
class C(A): ...
y = C.x
def f(a=C.x): return a
class D(C):
    z = C.x + 1
>>> (y, f(), D.z) == (2, 2, 3)

=== an attribute read through two modules
from b import A
class C(A): ...
y = C.x
class D(C):
    z = C.x
--- b.py
class A:
    x = 1
--->
from b import A
class C(A): ...
y = C.x
class D(C):
    z = C.x
--- b.py
class A:
    x = 2
>>> y == D.z == 2

=== an attribute that the class has itself
class A:
    x = 1
class C(A):
    x = 5
y = [C.x]
--->
class A:
    x = 2
class C(A):
    x = 5
y = [C.x]
>>> y == [5]

=== an attribute of a nested class below
class A:
    x = 1
class Outer:
    class C(A): ...
y = Outer.C.x
--->
class A:
    x = 2
class Outer:
    class C(A): ...
y = Outer.C.x
>>> y == 2

=== the order of resolution | must=truth
class Z: ...
class A(Z): ...
class B(Z): ...
class C(A): ...
class D(C): ...
orders = C.__mro__, C.mro(), C.__bases__, D.__mro__
answers = isinstance(C(), B), issubclass(D, B)
--->
class Z: ...
class A(Z): ...
class B(Z): ...
class C(B): ...
class D(C): ...
orders = C.__mro__, C.mro(), C.__bases__, D.__mro__
answers = isinstance(C(), B), issubclass(D, B)

=== an attribute through a class whose base has another base | must=truth
class Z: ...
class A(Z):
    x = 1
class B(Z):
    x = 2
class C(A): ...
class D(C): ...
y = D.x
def f(a=D().x): return a
--->
class Z: ...
class A(Z):
    x = 1
class B(Z):
    x = 2
class C(B): ...
class D(C): ...
y = D.x
def f(a=D().x): return a

=== whether there is an attribute
class A:
    x = 1
class C(A): ...
has, gets = hasattr(C, "x"), getattr(C, "x", None)
--->
class A:
    y = 1
class C(A): ...
has, gets = hasattr(C, "x"), getattr(C, "x", None)
>>> not has and gets is None

=== an answer of isinstance
from collections.abc import Iterable
class A:
    def m(self): return 1
a = A()
is_iterable = isinstance(a, Iterable)
--->
from collections.abc import Iterable
class A:
    def __iter__(self): return iter(())
a = A()
is_iterable = isinstance(a, Iterable)
>>> is_iterable

=== a class comes, and is listed
class A: ...
class C(A): ...
names = [one.__name__ for one in A.__subclasses__()]
--->
class A: ...
class C(A): ...
class D(A): ...
names = [one.__name__ for one in A.__subclasses__()]
>>> names == ["C", "D"]

=== a class comes, and is listed by a class method elsewhere
from b import A
class C(A): ...
names = ' '.join(A.names())
--- b.py
class A:
    @classmethod
    def names(cls): return [one.__name__ for one in cls.__subclasses__()]
--->
from b import A
class C(A): ...
class D(A): ...
names = ' '.join(A.names())
>>> names == "C D"

=== a class goes, and is listed | must=structural code=MPDT009
class A: ...
class C(A): ...
class D(A): ...
names = [one.__name__ for one in A.__subclasses__()]
--->
class A: ...
class C(A): ...
names = [one.__name__ for one in A.__subclasses__()]

=== a class goes, and nobody lists it
class A: ...
class C(A): ...
class D(A): ...
--->
class A: ...
class C(A): ...
""")


@pytest.mark.parametrize("row", ROWS)
def test_what_is_inherited(ws: Workspace, row: Row) -> None:
    check(ws, row)


@pytest.mark.parametrize("comes", [True, False])
def test_what_isinstance_has_answered_before_the_edit(ws: Workspace, comes: bool) -> None:
    without = "class A:\n    def m(self): return 1\nclass C(A): ...\na = C()\n"
    having = "class A:\n    def __iter__(self): return iter(())\nclass C(A): ...\na = C()\n"
    before, after = (without, having) if comes else (having, without)
    ws["a.py"] = before
    a = ws.start("a")
    assert isinstance(a.a, Iterable) is not comes
    ws.write({"a.py": after})
    assert ws.reload().outcome is Outcome.PATCHED
    assert isinstance(a.a, Iterable) is comes
