"""Enums are redone on the same class, and members keep their identity."""

from __future__ import annotations

import pytest

from tests.engine.edits import Row, check, table
from tests.harness import Workspace

ENUMS = table("""
=== a member added | keep=a:E
import enum
class E(enum.Enum):
    A = 1
held = {E.A: "a"}
--->
import enum
class E(enum.Enum):
    A = 1
    B = 2
held = {E.A: "a"}
>>> E.B.value == 2 and list(E) == [E.A, E.B] and E(2) is E.B and held[E.A] == "a"

=== a member added in front | keep=a:E
import enum
class E(enum.Enum):
    B = 2
--->
import enum
class E(enum.Enum):
    A = 1
    B = 2
>>> list(E) == [E.A, E.B]

=== a member removed | keep=a:E
import enum
class E(enum.Enum):
    A = 1
    B = 2
--->
import enum
class E(enum.Enum):
    A = 1
>>> list(E) == [E.A] and not hasattr(E, "B")

=== a member's value | must=truth
import enum
class E(enum.Enum):
    A = 1
--->
import enum
class E(enum.Enum):
    A = 2
>>> E(2) is E.A and E.A.value == 2

=== a member renamed | must=truth
import enum
class E(enum.Enum):
    A = 1
--->
import enum
class E(enum.Enum):
    B = 1
>>> E(1) is E.B and not hasattr(E, "A")

=== auto() in front | must=truth
import enum
class E(enum.Enum):
    A = enum.auto()
    B = enum.auto()
--->
import enum
class E(enum.Enum):
    Z = enum.auto()
    A = enum.auto()
    B = enum.auto()
>>> [m.value for m in E] == [1, 2, 3]

=== an alias added
import enum
class E(enum.Enum):
    A = 1
--->
import enum
class E(enum.Enum):
    A = 1
    B = 1
>>> E.B is E.A and list(E) == [E.A]

=== a method of an enum | keep=a:E,a:E.m
import enum
class E(enum.Enum):
    A = 1
    def m(self): return 1
--->
import enum
class E(enum.Enum):
    A = 1
    def m(self): return 2
>>> E.A.m() == 2

=== a method added to an enum
import enum
class E(enum.Enum):
    A = 1
--->
import enum
class E(enum.Enum):
    A = 1
    def m(self): return 2
>>> E.A.m() == 2

=== an IntEnum
import enum
class E(enum.IntEnum):
    A = 1
--->
import enum
class E(enum.IntEnum):
    A = 1
    B = 2
>>> E.B > E.A and E.B + 1 == 3

=== a StrEnum
import enum
class E(enum.StrEnum):
    A = "a"
--->
import enum
class E(enum.StrEnum):
    A = "a"
    B = enum.auto()
>>> E.B == "b"

=== a Flag
import enum
class E(enum.Flag):
    R = 1
    W = 2
--->
import enum
class E(enum.Flag):
    R = 1
    W = 2
    X = 4
>>> (E.R | E.X).value == 5

=== an enum with __init__ | must=truth
import enum
class E(enum.Enum):
    A = (1, "x")
    def __init__(self, n, s): self.s = s
--->
import enum
class E(enum.Enum):
    A = (1, "x")
    B = (2, "y")
    def __init__(self, n, s): self.s = s
>>> E.B.s == "y"
""")


@pytest.mark.parametrize("row", ENUMS)
def test_an_enum_keeps_its_members(ws: Workspace, row: Row) -> None:
    check(ws, row)
