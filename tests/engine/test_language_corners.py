"""Corners of the language: patterns, walrus, del, with, class hooks, Enums and dataclasses, each used on import."""

from __future__ import annotations

import pytest

from tests.engine.edits import Row, check, table
from tests.harness import Workspace

ROWS = r"""
=== match at module level calls | must=truth
def kind(): return "a"
match kind():
    case "a": X = 1
    case _: X = 2
~~~ return "a" => return "b"
=== match class pattern with match_args | must=truth
class P:
    __match_args__ = ("x",)
    def __init__(self, x): self.x = x
p = P(1)
match p:
    case P(1): X = "one"
    case _: X = "other"
~~~ self.x = x => self.x = x + 1
=== match with a guard | must=truth
def big(n): return n > 1
match 2:
    case n if big(n): X = "big"
    case _: X = "small"
~~~ n > 1 => n > 5
=== walrus in a comprehension | must=truth
def f(n): return n + 1
Y = str([z for n in (1, 2) if (z := f(n))])
X = z
~~~ n + 1 => n + 2
=== del of a name | must=truth
def f(): return 1
tmp = f()
X = tmp + 1
del tmp
~~~ return 1 => return 2
=== del added | must=truth
A = 1
B = 2
X = A
~~~ X = A => X = A\ndel A
=== del removed | must=truth
A = 1
X = A
del A
~~~ X = A\ndel A => X = A
=== with at module level binds | must=truth
import contextlib
def make(): return 1
@contextlib.contextmanager
def cm():
    yield make()
with cm() as X:
    pass
~~~ return 1 => return 2
=== try finally | must=truth
def f(): return 1
try:
    X = f()
finally:
    Y = 2
~~~ return 1 => return 2
=== try else | must=truth
def f(): return 1
try:
    X = f()
except ValueError:
    X = 0
else:
    Y = X + 1
~~~ return 1 => return 2
=== an exception's text | must=truth
def f(): raise ValueError("a")
try:
    f()
except ValueError as e:
    X = str(e)
~~~ "a" => "b"
=== star import with all changed | must=truth
from b import *
X = one()
--- b.py
__all__ = ["one"]
def one(): return two()
def two(): return 1
~~~ return 1 => return 2
=== star import of a star import | must=truth
from b import *
X = one()
--- b.py
from c import *
--- c.py
def one(): return 1
~~~ return 1 => return 2
=== nested class refers to outer by name | must=truth
class Outer:
    base = 1
    class Inner:
        def get(self): return Outer.base
X = Outer.Inner().get()
~~~ base = 1 => base = 2
=== property with a setter of a subclass | must=truth
class A:
    @property
    def x(self): return self._x
class B(A):
    @A.x.setter
    def x(self, v): self._x = v + 1
b = B()
b.x = 1
X = b.x
~~~ v + 1 => v + 2
=== property of the base in a subclass setter, getter changes | must=truth
class A:
    @property
    def x(self): return 1
class B(A):
    @A.x.setter
    def x(self, v): pass
X = B().x
~~~ return 1 => return 2
=== init_subclass with keywords | must=truth
class A:
    def __init_subclass__(cls, tag="x", **kw): cls.tag = tag + "1"
class B(A, tag="b"): pass
X = B.tag
~~~ tag + "1" => tag + "2"
=== init_subclass keyword is a constant | must=truth
TAG = "b"
class A:
    def __init_subclass__(cls, tag="x", **kw): cls.tag = tag
class B(A, tag=TAG): pass
X = B.tag
~~~ TAG = "b" => TAG = "c"
=== init_subclass default changes | must=truth
class A:
    def __init_subclass__(cls, tag="x", **kw): cls.tag = tag
class B(A): pass
X = B.tag
~~~ tag="x" => tag="y"
=== class getitem | must=truth
class A:
    def __class_getitem__(cls, k): return k + "1"
X = A["k"]
~~~ + "1" => + "2"
=== class getitem in an annotation | must=truth
class A:
    def __class_getitem__(cls, k): return k + "1"
def f(x: A["k"]): return x
~~~ + "1" => + "2"
=== class getitem as a base | must=truth
class A:
    def __class_getitem__(cls, k):
        return type("A1", (cls,), {"k": k + "1"})
class B(A["z"]): pass
X = B.k
~~~ + "1" => + "2"
=== set_name chain | must=truth
class D:
    def __set_name__(self, o, n): self.n = label(n)
def label(n): return n + "1"
class C:
    d = D()
X = C.d.n
~~~ + "1" => + "2"
=== set_name tells owner | must=truth
class D:
    def __set_name__(self, o, n): setattr(o, n + "_x", mk())
def mk(): return 1
class C:
    d = D()
X = C.d_x
~~~ return 1 => return 2
=== total ordering by a decorator of ours | must=truth
def order(cls):
    cls.__gt__ = lambda a, b: not a < b
    return cls
@order
class V:
    def __init__(self, n): self.n = n
    def __lt__(self, o): return self.n < o.n
X = V(1) > V(2)
~~~ self.n < o.n => self.n > o.n
=== partialmethod | must=truth
import functools
class C:
    def set(self, v): return v + 1
    up = functools.partialmethod(set, 1)
X = C().up()
~~~ v + 1 => v + 2
=== partialmethod argument | must=truth
import functools
N = 1
class C:
    def set(self, v): return v + 1
    up = functools.partialmethod(set, N)
X = C().up()
~~~ N = 1 => N = 2
=== cached property of a base | must=truth
import functools
class A:
    @functools.cached_property
    def v(self): return self.make()
class B(A):
    def make(self): return 1
one = B()
X = one.v
~~~ return 1 => return 2
=== enum generate next value | must=truth
import enum
class E(enum.Enum):
    def _generate_next_value_(name, start, count, last): return name + "1"
    A = enum.auto()
X = E.A.value
~~~ + "1" => + "2"
=== enum generate next value in a base | must=truth
import enum
class Base(enum.Enum):
    def _generate_next_value_(name, start, count, last): return name + "1"
class E(Base):
    A = enum.auto()
X = E.A.value
~~~ + "1" => + "2"
=== enum generate next value helper | must=truth
import enum
def value(n): return n + "1"
class Base(enum.Enum):
    def _generate_next_value_(name, start, count, last): return value(name)
class E(Base):
    A = enum.auto()
X = E.A.value
~~~ + "1" => + "2"
=== flag | must=truth
import enum
class F(enum.Flag):
    A = enum.auto()
    B = enum.auto()
    AB = A | B
X = F.AB.value
~~~ B = enum.auto()\n    AB => B = 8\n    AB
=== enum missing | must=truth
import enum
class E(enum.Enum):
    A = 1
    @classmethod
    def _missing_(cls, v): return cls.A
X = E(5).name
~~~ A = 1 => A = 1\n    B = 2
=== enum missing body | must=truth
import enum
class E(enum.Enum):
    A = 1
    B = 2
    @classmethod
    def _missing_(cls, v): return cls.A
X = E(5).name
~~~ return cls.A => return cls.B
=== enum init | must=truth
import enum
class E(enum.Enum):
    A = 1
    def __init__(self, n): self.label = f"{n}a"
X = E.A.label
~~~ {n}a => {n}b
=== enum property | must=truth
import enum
class E(enum.Enum):
    A = 1
    @property
    def label(self): return "a"
X = E.A.label
~~~ "a" => "b"
=== dataclass default factory | must=truth
import dataclasses
def make(): return 1
@dataclasses.dataclass
class D:
    x: int = dataclasses.field(default_factory=make)
d = D()
X = d.x
~~~ return 1 => return 2
=== post init | must=truth
import dataclasses
@dataclasses.dataclass
class D:
    x: int = 1
    def __post_init__(self): self.y = self.x + 1
Y = D().y
~~~ self.x + 1 => self.x + 2
=== dataclass inheritance field order | must=truth
import dataclasses
@dataclasses.dataclass
class A:
    x: int = 1
@dataclasses.dataclass
class B(A):
    y: int = 2
X = repr(B())
~~~ x: int = 1 => x: int = 5
=== dataclass replace and asdict | must=truth
import dataclasses
@dataclasses.dataclass
class A:
    x: int = 1
X = str(dataclasses.asdict(A()))
~~~ x: int = 1 => x: int = 1\n    z: int = 3
=== dataclass transform by own decorator | must=truth
import dataclasses
def model(cls): return dataclasses.dataclass(cls)
@model
class A:
    x: int = 1
X = repr(A())
~~~ x: int = 1 => x: int = 2
=== namedtuple defaults | must=truth
import collections
D = 1
P = collections.namedtuple("P", "x y", defaults=(D,))
X = P(0).y
~~~ D = 1 => D = 2
=== typing namedtuple method | must=truth
import typing
class P(typing.NamedTuple):
    x: int = 1
    def double(self): return self.x * 2
X = P().double()
~~~ * 2 => * 3
"""


@pytest.mark.parametrize("row", table(ROWS))
def test_a_corner_of_the_language(ws: Workspace, row: Row) -> None:
    check(ws, row)
