"""Dataclasses are redone on the same class, and old instances get the defaults of new fields."""

from __future__ import annotations

import pytest

from tests.engine.edits import Row, check, table
from tests.harness import Workspace

DATACLASSES = table("""
=== a field added, with a live instance | keep=a:P,a:p
from dataclasses import dataclass
@dataclass
class P:
    x: int = 1
p = P()
--->
from dataclasses import dataclass
@dataclass
class P:
    x: int = 1
    y: int = 2
p = P()
>>> P(3, 4).y == 4 and repr(P()) == "P(x=1, y=2)"
>>> p.y == 2 and p == P()

=== a field with a factory added | keep=a:P
from dataclasses import dataclass, field
@dataclass
class P:
    x: int = 1
--->
from dataclasses import dataclass, field
@dataclass
class P:
    x: int = 1
    tags: list = field(default_factory=list)
>>> P().tags == [] and P().tags is not P().tags

=== a field removed | keep=a:P
from dataclasses import dataclass
@dataclass
class P:
    x: int = 1
    y: int = 2
--->
from dataclasses import dataclass
@dataclass
class P:
    x: int = 1
>>> repr(P()) == "P(x=1)" and not hasattr(P, "y")

=== a default changed
from dataclasses import dataclass
@dataclass
class P:
    x: int = 1
--->
from dataclasses import dataclass
@dataclass
class P:
    x: int = 5
>>> P().x == 5 and P.x == 5

=== a default that is an instance of an edited dataclass
from dataclasses import dataclass
@dataclass(frozen=True)
class S:
    x: int = 1
@dataclass
class P:
    s: S = S()
--->
from dataclasses import dataclass
@dataclass(frozen=True)
class S:
    x: int = 2
@dataclass
class P:
    s: S = S()
>>> P().s.x == 2

=== a default argument that is an instance of an edited dataclass
from dataclasses import dataclass
@dataclass(frozen=True)
class S:
    x: int = 1
def f(s=S()): return s.x
--->
from dataclasses import dataclass
@dataclass(frozen=True)
class S:
    x: int = 2
def f(s=S()): return s.x
>>> f() == 2

=== a type changed
from dataclasses import dataclass
@dataclass
class P:
    x: int = 1
--->
from dataclasses import dataclass
@dataclass
class P:
    x: str = "a"
>>> P().x == "a" and P.__dataclass_fields__["x"].type is str

=== the order of fields
from dataclasses import dataclass
@dataclass
class P:
    x: int = 1
    y: int = 2
--->
from dataclasses import dataclass
@dataclass
class P:
    y: int = 2
    x: int = 1
>>> repr(P(7)) == "P(y=7, x=1)"

=== a method of a dataclass | keep=a:P,a:P.area
from dataclasses import dataclass
@dataclass
class P:
    x: int = 1
    def area(self): return 1
p = P()
--->
from dataclasses import dataclass
@dataclass
class P:
    x: int = 1
    def area(self): return 2
p = P()
>>> p.area() == 2

=== __post_init__ added
from dataclasses import dataclass
@dataclass
class P:
    x: int = 1
--->
from dataclasses import dataclass
@dataclass
class P:
    x: int = 1
    def __post_init__(self): self.x += 1
>>> P().x == 2

=== an own __repr__ added, then generated no more
from dataclasses import dataclass
@dataclass
class P:
    x: int = 1
--->
from dataclasses import dataclass
@dataclass
class P:
    x: int = 1
    def __repr__(self): return "mine"
>>> repr(P()) == "mine"

=== an own __repr__ removed, then generated again
from dataclasses import dataclass
@dataclass
class P:
    x: int = 1
    def __repr__(self): return "mine"
--->
from dataclasses import dataclass
@dataclass
class P:
    x: int = 1
>>> repr(P()) == "P(x=1)"

=== frozen: a field added
from dataclasses import dataclass
@dataclass(frozen=True)
class P:
    x: int = 1
--->
from dataclasses import dataclass
@dataclass(frozen=True)
class P:
    x: int = 1
    y: int = 2
>>> P().y == 2 and hash(P(1, 2))

=== an inherited field
from dataclasses import dataclass
@dataclass
class B:
    x: int = 1
@dataclass
class C(B):
    y: int = 2
--->
from dataclasses import dataclass
@dataclass
class B:
    x: int = 1
    z: int = 3
@dataclass
class C(B):
    y: int = 2
>>> repr(C()) == "C(x=1, z=3, y=2)"

=== order=True | must=truth
from dataclasses import dataclass
@dataclass
class P:
    x: int = 1
--->
from dataclasses import dataclass
@dataclass(order=True)
class P:
    x: int = 1
>>> P(1) < P(2)

=== frozen=True | must=truth
from dataclasses import dataclass
@dataclass
class P:
    x: int = 1
--->
from dataclasses import dataclass
@dataclass(frozen=True)
class P:
    x: int = 1
>>> hash(P())

=== the decorator added | must=truth
from dataclasses import dataclass
class P:
    x: int = 1
--->
from dataclasses import dataclass
@dataclass
class P:
    x: int = 1
>>> repr(P()) == "P(x=1)"

=== the decorator removed | must=truth
from dataclasses import dataclass
@dataclass
class P:
    x: int = 1
--->
from dataclasses import dataclass
class P:
    x: int = 1
>>> "__init__" not in vars(P)

=== slots: a field added | must=truth
from dataclasses import dataclass
@dataclass(slots=True)
class P:
    x: int = 1
--->
from dataclasses import dataclass
@dataclass(slots=True)
class P:
    x: int = 1
    y: int = 2
>>> P().y == 2

=== slots: a method's body | must=truth
from dataclasses import dataclass
@dataclass(slots=True)
class P:
    x: int = 1
    def m(self): return 1
p = P()
--->
from dataclasses import dataclass
@dataclass(slots=True)
class P:
    x: int = 1
    def m(self): return 2
p = P()
>>> p.m() == 2

=== a default that is a constant
from dataclasses import dataclass
LIMIT = 1
@dataclass
class P:
    x: int = LIMIT
--->
from dataclasses import dataclass
LIMIT = 2
@dataclass
class P:
    x: int = LIMIT
>>> P().x == 2
""")


@pytest.mark.parametrize("row", DATACLASSES)
def test_a_dataclass_is_redone(ws: Workspace, row: Row) -> None:
    check(ws, row)
