"""Bases, metaclasses, slots and the classes that Python itself makes specially: patched truthfully, or refused."""

from __future__ import annotations

import pytest

from tests.engine.edits import Row, check, table
from tests.harness import Workspace

ROWS = table("""
=== the first base | must=truth
class A:
    x = 1
class C: ...
--->
class A:
    x = 1
class C(A): ...
>>> C.x == 1

=== a base of another layout | must=truth
class C: ...
--->
class C(dict): ...
>>> C() == {}

=== an exception's base | must=truth
class E(ValueError): ...
--->
class E(KeyError): ...
>>> issubclass(E, KeyError) and not issubclass(E, ValueError)

=== a metaclass added | must=truth
class M(type):
    tag = 1
class C: ...
--->
class M(type):
    tag = 1
class C(metaclass=M): ...
>>> type(C) is M

=== the metaclass's method | must=truth
class M(type):
    def tag(cls): return 1
class C(metaclass=M): ...
--->
class M(type):
    def tag(cls): return 2
class C(metaclass=M): ...
>>> C.tag() == 2

=== the metaclass's __new__ | must=truth
class M(type):
    def __new__(m, name, bases, space):
        return super().__new__(m, name, bases, {**space, "tag": 1})
class C(metaclass=M): ...
--->
class M(type):
    def __new__(m, name, bases, space):
        return super().__new__(m, name, bases, {**space, "tag": 2})
class C(metaclass=M): ...
>>> C.tag == 2

=== a class keyword | must=truth
class B:
    def __init_subclass__(cls, tag=0): cls.tag = tag
class C(B, tag=1): ...
--->
class B:
    def __init_subclass__(cls, tag=0): cls.tag = tag
class C(B, tag=2): ...
>>> C.tag == 2

=== slots added | must=truth
class C:
    def __init__(self): self.x = 1
--->
class C:
    __slots__ = ("x",)
    def __init__(self): self.x = 1
>>> not hasattr(C(), "__dict__")

=== a slot added | must=truth
class C:
    __slots__ = ("x",)
--->
class C:
    __slots__ = ("x", "y")
>>> [c for c in [C()] if setattr(c, "y", 1) or c.y]

=== the slots change places | keep=a:C,a:D,a:c
import copy
class B: ...
class C(B):
    __slots__ = ("x", "y", "__z")
    def __init__(self, x): self.x = x
class D(C):
    __slots__ = ("w",)
c = C(1)
<<< copy.copy(c), copy.copy(D(1))
--->
import copy
class B: ...
class C(B):
    __slots__ = ("__z", "y", "x")
    def __init__(self, x): self.x = x
class D(C):
    __slots__ = ("w",)
c = C(1)
>>> not any("__slotnames__" in vars(one) for one in (C, D))
>>> C.__slots__ == ("__z", "y", "x") and c.x == 1 and copy.copy(D(2)).x == 2

=== one slot is another | must=structural code=MPDT003
class C:
    __slots__ = ("x", "y")
--->
class C:
    __slots__ = ("x", "z")

=== slots that are computed | must=structural code=MPDT003
NAMES = ("x", "y")
class C:
    __slots__ = NAMES
--->
NAMES = ("y", "x")
class C:
    __slots__ = NAMES

=== what a hook uses changes, and it has seen no class | keep=a:B
def check(cls):
    return cls.__name__
class B:
    def __init_subclass__(cls):
        cls.label = check(cls)
--->
def check(cls):
    return cls.__name__.upper()
class B:
    def __init_subclass__(cls):
        cls.label = check(cls)
>>> type("X", (B,), {}).label == "X"

=== what a hook uses changes, and it has seen a class | must=structural code=MPDT009
def check(cls):
    return cls.__name__
class B:
    def __init_subclass__(cls):
        cls.label = check(cls)
class C(B): ...
--->
def check(cls):
    return cls.__name__.lower()
class B:
    def __init_subclass__(cls):
        cls.label = check(cls)
class C(B): ...

=== a method of a class with slots
class C:
    __slots__ = ("x",)
    def m(self): return 1
c = C()
--->
class C:
    __slots__ = ("x",)
    def m(self): return 2
c = C()
>>> c.m() == 2

=== a NamedTuple's field | must=truth
import typing
class P(typing.NamedTuple):
    x: int = 1
--->
import typing
class P(typing.NamedTuple):
    x: int = 1
    y: int = 2
>>> P() == (1, 2)

=== a NamedTuple's method | must=truth
import typing
class P(typing.NamedTuple):
    x: int = 1
    def m(self): return 1
p = P()
--->
import typing
class P(typing.NamedTuple):
    x: int = 1
    def m(self): return 2
p = P()
>>> p.m() == 2

=== a namedtuple by call | must=truth
import collections
P = collections.namedtuple("P", "a")
--->
import collections
P = collections.namedtuple("P", "a b")
>>> P._fields == ("a", "b")

=== a TypedDict's key | must=truth
import typing
class D(typing.TypedDict):
    a: int
--->
import typing
class D(typing.TypedDict):
    a: int
    b: str
>>> D.__required_keys__ == {"a", "b"}

=== a Protocol's method | must=truth
import typing
@typing.runtime_checkable
class P(typing.Protocol):
    def a(self): ...
class C:
    def a(self): ...
--->
import typing
@typing.runtime_checkable
class P(typing.Protocol):
    def a(self): ...
    def b(self): ...
class C:
    def a(self): ...
>>> not isinstance(C(), P)

=== a Protocol's method's body | must=truth
import typing
class P(typing.Protocol):
    def a(self): return 1
class C(P): ...
--->
import typing
class P(typing.Protocol):
    def a(self): return 2
class C(P): ...
>>> C().a() == 2

=== a Generic's parameters | must=truth
import typing
T = typing.TypeVar("T")
K = typing.TypeVar("K")
class G(typing.Generic[T]): ...
--->
import typing
T = typing.TypeVar("T")
K = typing.TypeVar("K")
class G(typing.Generic[T, K]): ...
>>> G[int, str]

=== a method of a Generic
import typing
T = typing.TypeVar("T")
class G(typing.Generic[T]):
    def m(self) -> T: return 1
g = G[int]()
--->
import typing
T = typing.TypeVar("T")
class G(typing.Generic[T]):
    def m(self) -> T: return 2
g = G[int]()
>>> g.m() == 2

=== a TypeVar's bound | must=truth
import typing
T = typing.TypeVar("T", bound=int)
def f(x: T) -> T: return x
--->
import typing
T = typing.TypeVar("T", bound=str)
def f(x: T) -> T: return x
>>> T.__bound__ is str and f.__annotations__["x"] is T

=== a nested class's attribute
class C:
    class D:
        x = 1
d = C.D()
--->
class C:
    class D:
        x = 2
d = C.D()
>>> d.x == 2

=== a nested class's base | must=truth
class A:
    x = 1
class C:
    class D: ...
--->
class A:
    x = 1
class C:
    class D(A): ...
>>> C.D.x == 1

=== a class made by a function | must=truth
def make(n):
    class C:
        x = n
        def m(self): return 1
    return C
A, B = make(1), make(2)
--->
def make(n):
    class C:
        x = n
        def m(self): return 2
    return C
A, B = make(1), make(2)
>>> A().m() == 2 and B.x == 2

=== a class made by type() | must=truth
def hello(self): return 1
C = type("C", (), {"hello": hello})
--->
def hello(self): return 2
C = type("C", (), {"hello": hello})
>>> C().hello() == 2

=== a subclass in another file gets the new base | must=truth
from b import C
class D(C): ...
--- b.py
class A:
    x = 1
class B:
    x = 2
class C(A): ...
--->
--- b.py
class A:
    x = 1
class B:
    x = 2
class C(B): ...
>>> D.x == 2
""")


@pytest.mark.parametrize("row", ROWS)
def test_a_class_gets_another_shape(ws: Workspace, row: Row) -> None:
    check(ws, row)
