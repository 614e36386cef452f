"""Values that code computed at import, through methods, properties, operators and members of edited classes."""

from __future__ import annotations

import pytest

from tests.engine.edits import Row, check, table
from tests.harness import Workspace

THROUGH_CLASSES = table("""
=== a method called at import | must=truth
class C:
    def m(self): return 1
X = C().m()
--->
class C:
    def m(self): return 2
X = C().m()
>>> X == 2

=== a class method called at import | must=truth
class C:
    @classmethod
    def make(cls): return [1]
X = C.make()
--->
class C:
    @classmethod
    def make(cls): return [2]
X = C.make()
>>> X == [2]

=== a property read at import | must=truth
class C:
    @property
    def p(self): return 1
X = C().p
--->
class C:
    @property
    def p(self): return 2
X = C().p
>>> X == 2

=== an attribute that __init__ sets | must=truth
class C:
    def __init__(self): self.x = 1
X = C().x
--->
class C:
    def __init__(self): self.x = 2
X = C().x
>>> X == 2

=== __str__ | must=truth
class C:
    def __str__(self): return "one"
X = f"{C()}"
--->
class C:
    def __str__(self): return "two"
X = f"{C()}"
>>> X == "two"

=== __iter__ | must=truth
class C:
    def __iter__(self): return iter([1])
X = [*C()]
--->
class C:
    def __iter__(self): return iter([2])
X = [*C()]
>>> X == [2]

=== __add__ | must=truth
class C:
    def __add__(self, other): return 1
X = C() + 1
--->
class C:
    def __add__(self, other): return 2
X = C() + 1
>>> X == 2

=== __getattr__ | must=truth
class C:
    def __getattr__(self, name): return 1
X = C().anything
--->
class C:
    def __getattr__(self, name): return 2
X = C().anything
>>> X == 2

=== __enter__ | must=truth
class C:
    def __enter__(self): return 1
    def __exit__(self, *_): ...
with C() as X: pass
--->
class C:
    def __enter__(self): return 2
    def __exit__(self, *_): ...
with C() as X: pass
>>> X == 2

=== __class_getitem__ | must=truth
class C:
    def __class_getitem__(cls, item): return 1
X = C[int]
--->
class C:
    def __class_getitem__(cls, item): return 2
X = C[int]
>>> X == 2

=== a base's method in another file | must=truth
from b import B
class D(B): ...
X = D().m()
--- b.py
class B:
    def m(self): return 1
--->
--- b.py
class B:
    def m(self): return 2
>>> X == 2

=== a table keyed by an attribute of classes | must=truth
class A:
    name = "a"
class B:
    name = "b"
TABLE = {cls.name: cls for cls in (A, B)}
--->
class A:
    name = "z"
class B:
    name = "b"
TABLE = {cls.name: cls for cls in (A, B)}
>>> TABLE == {"z": A, "b": B}

=== a constant read from a settings object | must=truth
class Settings:
    limit = 1
settings = Settings()
LIMIT = settings.limit
--->
class Settings:
    limit = 2
settings = Settings()
LIMIT = settings.limit
>>> LIMIT == 2

=== a constant read from another module's settings object | must=truth
from b import settings
class C:
    limit = settings.limit
    def m(self, n=settings.limit): return n
--- b.py
class Settings:
    limit = 1
settings = Settings()
--->
--- b.py
class Settings:
    limit = 2
settings = Settings()
>>> C.limit == 2 and C().m() == 2

=== instances of edited classes in a list | keep=a:items
class A:
    def m(self): return 1
class B(A): ...
items = [A(), B()]
--->
class A:
    def m(self): return 2
class B(A): ...
items = [A(), B()]
>>> [item.m() for item in items] == [2, 2]

=== an instance made from a changed constant | must=truth
LIMIT = 1
class C:
    def __init__(self, n): self.n = n
c = C(LIMIT)
def get(): return c.n
--->
LIMIT = 2
class C:
    def __init__(self, n): self.n = n
c = C(LIMIT)
def get(): return c.n
>>> get() == 2

=== a member of an edited enum | must=truth
import enum
class E(enum.Enum):
    A = 1
X = E.A.value
Y = {E.A: "a"}
--->
import enum
class E(enum.Enum):
    A = 5
X = E.A.value
Y = {E.A: "a"}
>>> X == 5 and Y[E.A] == "a" and Y[E(5)] == "a"

=== a field's default of an edited dataclass | must=truth
from dataclasses import dataclass
@dataclass(frozen=True)
class P:
    x: int = 1
X = P().x
--->
from dataclasses import dataclass
@dataclass(frozen=True)
class P:
    x: int = 2
X = P().x
>>> X == 2

=== a subclass check | must=truth
class A: ...
class B(A): ...
X = issubclass(B, A)
--->
class A: ...
class B: ...
X = issubclass(B, A)
>>> X is False

=== names of a class's members | must=truth
class C:
    a = 1
X = [n for n in vars(C) if not n.startswith("_")]
--->
class C:
    a = 1
    b = 2
X = [n for n in vars(C) if not n.startswith("_")]
>>> X == ["a", "b"]

=== fields of a dataclass | must=truth
import dataclasses
@dataclasses.dataclass
class P:
    x: int = 1
X = [f.name for f in dataclasses.fields(P)]
--->
import dataclasses
@dataclasses.dataclass
class P:
    x: int = 1
    y: int = 1
X = [f.name for f in dataclasses.fields(P)]
>>> X == ["x", "y"]

=== a function's own attributes | must=truth
import inspect
def f(a): ...
X = list(inspect.signature(f).parameters)
--->
import inspect
def f(a, b): ...
X = list(inspect.signature(f).parameters)
>>> X == ["a", "b"]

=== a function's docstring | must=truth
def f():
    'one'
X = f.__doc__
--->
def f():
    'two'
X = f.__doc__
>>> X == "two"

=== a function's line | must=truth
def f(): ...
X = f.__code__.co_firstlineno
--->
# moved
def f(): ...
X = f.__code__.co_firstlineno
>>> X == 2
""")


@pytest.mark.parametrize("row", THROUGH_CLASSES)
def test_a_value_follows_the_class_that_made_it(ws: Workspace, row: Row) -> None:
    check(ws, row)
