"""Other bases for a class that lives: where Python can give them to it, the same class and instances have them."""

from __future__ import annotations

import pytest

from tests.engine.edits import Row, check, table
from tests.harness import Workspace

ROWS = table("""
=== a mixin before the base | keep=a:C,a:c
class M:
    def hello(self): return 1
class B: ...
class C(B): ...
c = C()
--->
class M:
    def hello(self): return 1
class B: ...
class C(M, B): ...
c = C()
>>> c.hello() == 1 and C.__mro__[1] is M and C in M.__subclasses__()

=== a mixin gone | keep=a:C,a:c
class M:
    def hello(self): return 1
class B: ...
class C(M, B): ...
c = C()
--->
class M:
    def hello(self): return 1
class B: ...
class C(B): ...
c = C()
>>> not hasattr(c, "hello") and C not in M.__subclasses__()

=== another base, with super() in a method and a class below | keep=a:C,a:D,a:d
class A:
    def m(self): return "A"
class B:
    def m(self): return "B"
class C(A):
    def m(self): return "C" + super().m()
class D(C):
    def m(self): return "D" + super().m()
d = D()
--->
class A:
    def m(self): return "A"
class B:
    def m(self): return "B"
class C(B):
    def m(self): return "C" + super().m()
class D(C):
    def m(self): return "D" + super().m()
d = D()
>>> d.m() == "DCB"

=== the same base by another name | keep=a:C,a:c
import typing
class C(typing.Hashable):
    def __hash__(self): return 1
c = C()
--->
from typing import Hashable
class C(Hashable):
    def __hash__(self): return 1
c = C()
>>> hash(c) == 1

=== a TypedDict and a NamedTuple, by another name | keep=a:T,a:N,a:n
import typing
class T(typing.TypedDict):
    x: int
class N(typing.NamedTuple):
    x: int
n = N(1)
--->
from typing import NamedTuple, TypedDict
class T(TypedDict):
    'Said.'
    x: int
class N(NamedTuple):
    x: int
    def twice(self): return self.x * 2
n = N(1)
>>> T.__doc__ == "Said." and n.twice() == 2

=== a generic base by another name | keep=a:C,a:c
import typing
class C(typing.List[int]): ...
c = C()
--->
from typing import List
class C(List[int]):
    def m(self): return 1
c = C()
>>> c.m() == 1

=== type arguments come, with a type variable | keep=a:C,a:D,a:d
from typing import Generic, TypeVar
T = TypeVar("T")
U = TypeVar("U")
class B(Generic[T]): ...
class C(B): ...
class D(C): ...
d = D()
--->
from typing import Generic, TypeVar
T = TypeVar("T")
U = TypeVar("U")
class B(Generic[T]): ...
class C(B[U]): ...
class D(C): ...
d = D()
>>> C.__parameters__ == (U,) and D.__parameters__ == () and C[int].__origin__ is C

=== type arguments go | keep=a:C
from typing import Generic, TypeVar
T = TypeVar("T")
class B(Generic[T]): ...
class C(B[int]): ...
--->
from typing import Generic, TypeVar
T = TypeVar("T")
class B(Generic[T]): ...
class C(B): ...
>>> "__orig_bases__" not in vars(C) and C.__parameters__ == ()

=== type arguments of a built-in class come | keep=a:C,a:c
class C(dict): ...
c = C()
--->
class C(dict[str, int]): ...
c = C()
>>> C.__orig_bases__ == (dict[str, int],)

=== a class that stops being generic, and was used so | must=structural code=MPDT005
from typing import Generic, TypeVar
T = TypeVar("T")
class B(Generic[T]): ...
class C(B[T]): ...
def f(x: C[int]): ...
--->
from typing import Generic, TypeVar
T = TypeVar("T")
class B(Generic[T]): ...
class C(B[str]): ...
def f(x: C[int]): ...

=== a hook after the generic base | must=structural code=MPDT005
from typing import Generic, TypeVar
T = TypeVar("T")
seen = []
class Hooked:
    def __init_subclass__(cls): seen.append(cls.__name__)
class B(Generic[T], Hooked): ...
class C(B): ...
--->
from typing import Generic, TypeVar
T = TypeVar("T")
seen = []
class Hooked:
    def __init_subclass__(cls): seen.append(cls.__name__)
class B(Generic[T], Hooked): ...
class C(B[int]): ...

=== a base that is new, with a member | keep=a:C,a:c
class B: ...
class C(B):
    def m(self): return 1
c = C()
--->
class B: ...
class New:
    x = 5
class C(New, B):
    def m(self): return self.x
c = C()
>>> c.m() == 5

=== an abstract method comes with the base | keep=a:C
import abc
class A(abc.ABC): ...
class B(abc.ABC):
    @abc.abstractmethod
    def must(self): ...
class C(A): ...
class D(C): ...
--->
import abc
class A(abc.ABC): ...
class B(abc.ABC):
    @abc.abstractmethod
    def must(self): ...
class C(B): ...
class D(C): ...
>>> C.__abstractmethods__ == D.__abstractmethods__ == {"must"}

=== what isinstance has answered before | keep=a:C,a:c
import abc
class A(abc.ABC): ...
class B(abc.ABC): ...
class C(A): ...
c = C()
<<< answers = isinstance(c, A), isinstance(c, B)
--->
import abc
class A(abc.ABC): ...
class B(abc.ABC): ...
class C(B): ...
c = C()
>>> isinstance(c, B) and not isinstance(c, A)

=== the base's name leads to another class | keep=a:C,a:c
class One:
    x = 1
class Two:
    x = 2
Base = One
class C(Base): ...
c = C()
--->
class One:
    x = 1
class Two:
    x = 2
Base = Two
class C(Base): ...
c = C()
>>> c.x == 2

=== a base imported from elsewhere | keep=a:C,a:c
from b import One as Base
class C(Base): ...
c = C()
--- b.py
class One:
    x = 1
class Two:
    x = 2
--->
from b import Two as Base
class C(Base): ...
c = C()
>>> c.x == 2

=== a nested class | keep=a:Outer.C
class Outer:
    class A:
        x = 1
    class B:
        x = 2
    class C(A): ...
--->
class Outer:
    class A:
        x = 1
    class B:
        x = 2
    class C(B): ...
>>> Outer.C.x == 2

=== an exception's base | must=truth
class E(ValueError): ...
--->
class E(KeyError): ...
>>> issubclass(E, KeyError)

=== a dataclass | must=structural code=MPDT005
from dataclasses import dataclass
class A: ...
class B: ...
@dataclass
class C(A):
    x: int = 1
--->
from dataclasses import dataclass
class A: ...
class B: ...
@dataclass
class C(B):
    x: int = 1

=== a base whose hook sees its subclasses | must=structural code=MPDT005
seen = []
class A: ...
class B:
    def __init_subclass__(cls): seen.append(dir(cls))
class C(A): ...
--->
seen = []
class A: ...
class B:
    def __init_subclass__(cls): seen.append(dir(cls))
class C(B): ...

=== a metaclass comes with the base | must=structural code=MPDT005
import abc
class A: ...
class B(abc.ABC): ...
class C(A): ...
--->
import abc
class A: ...
class B(abc.ABC): ...
class C(B): ...

=== another argument of a generic base of the library | keep=a:C
from collections.abc import Callable, MutableMapping
from typing import Any
class Mixin: ...
class C(Mixin, dict[str, int]): ...
--->
from collections.abc import Callable, MutableMapping
from typing import Any
class Mixin: ...
class C(Mixin, dict[str, Any]): ...
>>> C.__orig_bases__ == (Mixin, dict[str, Any])

=== another parameter of a generic base | must=truth
from typing import Generic, TypeVar
T = TypeVar("T")
class B(Generic[T]): ...
class C(B[int]): ...
--->
from typing import Generic, TypeVar
T = TypeVar("T")
class B(Generic[T]): ...
class C(B[str]): ...
>>> C.__orig_bases__ == (B[str],)

=== another type variable of the class itself | must=patched keep=a:B,a:b
from typing import AnyStr, Generic, TypeVar
T = TypeVar("T")
class B(Generic[T]): ...
class D(B[int]): ...
b = B()
def f(x: B[int]): ...
--->
from typing import AnyStr, Generic, TypeVar
class B(Generic[AnyStr]): ...
class D(B[int]): ...
b = B()
def f(x: B[int]): ...
>>> (B.__parameters__, B.__orig_bases__) == ((AnyStr,), (Generic[AnyStr],))
>>> str(B[int]) == "a.B[int]"

=== another type variable of a protocol | must=patched keep=a:P,a:p
from typing import AnyStr, Protocol, TypeVar
T = TypeVar("T", str, bytes, covariant=True)
class P(Protocol[T]):
    def loads(self) -> T: ...
class C(P[str]): ...
p = C()
--->
from typing import AnyStr, Protocol, TypeVar
class P(Protocol[AnyStr]):
    def loads(self) -> AnyStr: ...
class C(P[str]): ...
p = C()
>>> (P.__parameters__, C.__parameters__) == ((AnyStr,), ())

=== one type variable more | must=structural code=MPDT005
from typing import Generic, TypeVar
T = TypeVar("T")
U = TypeVar("U")
class B(Generic[T]): ...
def f(x: B[int]): ...
--->
from typing import Generic, TypeVar
T = TypeVar("T")
U = TypeVar("U")
class B(Generic[T, U]): ...
def f(x: B[int]): ...

=== a parameter specification in place of a type variable | must=structural code=MPDT005
from typing import Generic, ParamSpec, TypeVar
T = TypeVar("T")
P = ParamSpec("P")
class B(Generic[T]): ...
--->
from typing import Generic, ParamSpec, TypeVar
T = TypeVar("T")
P = ParamSpec("P")
class B(Generic[P]): ...

=== an alias with the old type variable | must=truth
from typing import Generic, TypeVar
T = TypeVar("T")
U = TypeVar("U")
class B(Generic[T]): ...
X = B[T]
class D(B[T]): ...
Y = X[int], D[int]
--->
from typing import Generic, TypeVar
T = TypeVar("T")
U = TypeVar("U")
class B(Generic[U]): ...
X = B[T]
class D(B[T]): ...
Y = X[int], D[int]

=== a generic base comes | must=truth
from typing import Generic, TypeVar
T = TypeVar("T")
class B: ...
class C(B): ...
--->
from typing import Generic, TypeVar
T = TypeVar("T")
class B: ...
class C(B, Generic[T]): ...
>>> C.__parameters__ == (T,)

=== a base with slots | must=truth
class A:
    __slots__ = ()
class B:
    __slots__ = ("x",)
class C(A):
    __slots__ = ()
--->
class A:
    __slots__ = ()
class B:
    __slots__ = ("x",)
class C(B):
    __slots__ = ()
>>> C.x

=== a decorator that looked at the class | must=truth
def names(cls):
    cls.names = sorted(n for n in dir(cls) if n.startswith("x"))
    return cls
class A:
    xa = 1
class B:
    xb = 1
@names
class C(A): ...
--->
def names(cls):
    cls.names = sorted(n for n in dir(cls) if n.startswith("x"))
    return cls
class A:
    xa = 1
class B:
    xb = 1
@names
class C(B): ...
>>> C.names == ["xb"]

=== a table made from the subclasses | must=truth
class A: ...
class B: ...
class C(A): ...
table = [one.__name__ for one in B.__subclasses__()]
--->
class A: ...
class B: ...
class C(B): ...
table = [one.__name__ for one in B.__subclasses__()]
>>> table == ["C"]

=== an attribute that was looked up through the base | must=truth
class A:
    x = 1
class B:
    x = 2
class C(A): ...
y = C.x
def f(a=C.x): return a
--->
class A:
    x = 1
class B:
    x = 2
class C(B): ...
y = C.x
def f(a=C.x): return a
>>> y == 2 and f() == 2

=== an inconsistent order | must=truth
class A: ...
class B(A): ...
class C(B): ...
--->
class A: ...
class B(A): ...
class C(A, B): ...
""")


@pytest.mark.parametrize("row", ROWS)
def test_an_edit_of_bases(ws: Workspace, row: Row) -> None:
    check(ws, row)


def test_bases_are_set_back_when_a_later_statement_fails(ws: Workspace) -> None:
    text = "class A:\n    x = 1\nclass B:\n    x = 2\nclass C(A): ...\nLIMIT = 1\n"
    ws["a.py"] = text
    a = ws.start("a")
    edited = text.replace("C(A)", "C(B)")
    ws.expect_rejected({"a.py": edited.replace("LIMIT = 1", "LIMIT = 1 / 0")}, "ZeroDivisionError")
    assert a.C.x == 1
    assert a.C.__bases__ == (a.A,)
    assert a.C not in a.B.__subclasses__()
