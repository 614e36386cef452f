"""The fields of NamedTuples and TypedDicts: what is made of them is taken over by the live class."""

from __future__ import annotations

import pytest

from tests.engine.edits import Row, check, table
from tests.harness import Workspace

ROWS = table("""
=== a key comes | keep=a:D,a:f
from typing import TypedDict
class D(TypedDict):
    a: int
def f(x: D) -> D: return x
--->
from typing import TypedDict
class D(TypedDict):
    a: int
    b: str
def f(x: D) -> D: return x
>>> D.__annotations__ == {"a": int, "b": str} and D.__required_keys__ == {"a", "b"}

=== a key goes, another is no longer required | keep=a:D
from typing import NotRequired, TypedDict
class D(TypedDict, total=False):
    "Doc."
    a: int
    b: str
--->
from typing import NotRequired, Required, TypedDict
class D(TypedDict, total=False):
    "Another doc."
    b: Required[str]
>>> D.__required_keys__ == {"b"} and D.__optional_keys__ == set() and D.__doc__ == "Another doc."

=== the annotation of a key is a text, and the keys change places | keep=a:D
from typing import TypedDict
class D(TypedDict):
    a: "int"
    b: "D"
--->
from typing import TypedDict
class D(TypedDict):
    b: "list[D]"
    a: "int"
>>> list(D.__annotations__) == ["b", "a"]

=== those that inherit keys | keep=a:B,a:H,a:G
from typing import TypedDict
class B(TypedDict):
    a: int
class H(B, total=False):
    c: str
class G(H):
    "Doc."
--->
from typing import TypedDict
class B(TypedDict):
    a: str
    b: int
class H(B, total=False):
    c: str
class G(H):
    "Doc."
>>> list(G.__annotations__) == ["a", "b", "c"] and G.__annotations__["a"] is str
>>> H.__required_keys__ == {"a", "b"} and H.__optional_keys__ == {"c"}

=== those that inherit keys in another module | keep=a:H,b:B
from b import B
class H(B):
    c: str
--- b.py
from typing import TypedDict
class B(TypedDict):
    a: int
--->
--- b.py
from typing import TypedDict
class B(TypedDict):
    a: int
    b: int
>>> list(H.__annotations__) == ["a", "b", "c"]

=== the docstring of one that inherits keys | keep=a:H
from typing import TypedDict
class B(TypedDict):
    a: int
class H(B):
    "Doc."
    c: str
--->
from typing import TypedDict
class B(TypedDict):
    a: int
class H(B):
    "Another doc."
    c: str
>>> list(H.__annotations__) == ["a", "c"]

=== another one with the same keys is none that inherits | keep=a:B,a:C
from typing import TypedDict
class B(TypedDict):
    a: int
class C(TypedDict):
    a: int
    c: str
--->
from typing import TypedDict
class B(TypedDict):
    a: int
    b: int
class C(TypedDict):
    a: int
    c: str
>>> list(C.__annotations__) == ["a", "c"]

=== what an annotation names is another type now | keep=a:D
from typing import TypedDict
KIND = int
class D(TypedDict):
    a: KIND
--->
from typing import TypedDict
KIND = str
class D(TypedDict):
    a: KIND
>>> D.__annotations__ == {"a": str}

=== a generic one | keep=a:D
from typing import Generic, TypedDict, TypeVar
T = TypeVar("T")
class D(TypedDict, Generic[T]):
    a: T
--->
from typing import Generic, TypedDict, TypeVar
T = TypeVar("T")
class D(TypedDict, Generic[T]):
    a: T
    b: list[T]
>>> list(D.__annotations__) == ["a", "b"]

=== a pydantic model with a field of it, also through others | keep=a:D,a:M,a:N
from dataclasses import dataclass
from typing_extensions import TypedDict
from pydantic import BaseModel
class D(TypedDict):
    a: int
class E(TypedDict):
    d: D
@dataclass
class F:
    d: "E"
class M(BaseModel):
    d: D
class N(BaseModel):
    f: F
def keys(model, value):
    try:
        return model.model_validate(value) and "ok"
    except ValueError as error:
        return [one["loc"][-1] for one in error.errors()]
--->
from dataclasses import dataclass
from typing_extensions import TypedDict
from pydantic import BaseModel
class D(TypedDict):
    a: int
    b: int
class E(TypedDict):
    d: D
@dataclass
class F:
    d: "E"
class M(BaseModel):
    d: D
class N(BaseModel):
    f: F
def keys(model, value):
    try:
        return model.model_validate(value) and "ok"
    except ValueError as error:
        return [one["loc"][-1] for one in error.errors()]
>>> keys(M, {"d": {"a": 1}}) == ["b"] and keys(M, {"d": {"a": 1, "b": 2}}) == "ok"
>>> keys(N, {"f": {"d": {"d": {"a": 1}}}}) == ["b"]

=== a field of a NamedTuple that nobody has made | keep=a:P,a:make
from typing import NamedTuple
class P(NamedTuple):
    x: int
    y: int = 1
    def sum(self): return self.x + self.y
def make(): return P(1)
--->
from typing import NamedTuple
class P(NamedTuple):
    x: int
    y: int = 1
    z: int = 2
    def sum(self): return self.x + self.y + self.z
def make(): return P(1)
>>> make() == (1, 1, 2) and make().sum() == 4 and P(1, 2, 3)._asdict() == {"x": 1, "y": 2, "z": 3}
>>> repr(P(1)) == "P(x=1, y=1, z=2)" and P.__match_args__ == ("x", "y", "z") and P(1)._replace(x=2).x == 2

=== a field goes, and one becomes a method | keep=a:P
from typing import NamedTuple
class P(NamedTuple):
    "Doc."
    x: int
    y: int
    z: int = 1
--->
from typing import NamedTuple
class P(NamedTuple):
    x: int
    def y(self): return 7
>>> P._fields == ("x",) and P(1).y() == 7 and not hasattr(P, "z") and P.__doc__ == "P(x,)"

=== the annotation of a NamedTuple's field, with instances | keep=a:P,a:p
from typing import NamedTuple
class P(NamedTuple):
    x: int
    y: "int" = 1
p = P(1)
--->
from typing import NamedTuple
class P(NamedTuple):
    x: str
    y: "str" = 1
p = P(1)
>>> P.__annotations__["x"] is str and P.__new__.__annotations__["x"] is str

=== what is read of a NamedTuple on import | keep=a:P
from typing import NamedTuple
class P(NamedTuple):
    a: int
FIELDS = P._fields
HEAD = ",".join(P._fields)
--->
from typing import NamedTuple
class P(NamedTuple):
    a: int
    b: int = 2
FIELDS = P._fields
HEAD = ",".join(P._fields)
>>> FIELDS == ("a", "b") and HEAD == "a,b"

=== what is read of a TypedDict on import | keep=a:D
from typing import TypedDict
class D(TypedDict):
    a: int
NOTES = D.__annotations__
REQUIRED = D.__required_keys__
--->
from typing import TypedDict
class D(TypedDict):
    a: int
    b: int
NOTES = D.__annotations__
REQUIRED = D.__required_keys__
>>> NOTES is D.__annotations__ and REQUIRED == {"a", "b"}

=== a class below a NamedTuple | keep=a:P,a:Q
from typing import NamedTuple
class P(NamedTuple):
    x: int
class Q(P):
    def twice(self): return self.x * 2
--->
from typing import NamedTuple
class P(NamedTuple):
    x: int
    y: int = 2
class Q(P):
    def twice(self): return self.x * 2
>>> Q(1) == (1, 2) and Q(3).twice() == 6

=== a default of a NamedTuple goes | keep=a:P
from typing import NamedTuple
class P(NamedTuple):
    x: int
    y: int = 1
--->
from typing import NamedTuple
class P(NamedTuple):
    x: int
    y: int
>>> P._field_defaults == {} and P.__new__.__defaults__ is None or P.__new__.__defaults__ == ()

=== a method and a constant of a NamedTuple with instances | keep=a:P,a:p
from typing import NamedTuple
class P(NamedTuple):
    x: int
    LIMIT = 1
    def get(self): return self.x
p = P(1)
--->
from typing import NamedTuple
class P(NamedTuple):
    x: int
    LIMIT = 2
    def get(self): return self.x + 1
    def more(self): return 3
p = P(1)
>>> p.get() == 2 and p.more() == 3 and p.LIMIT == 2
""")

REFUSED = table("""
=== a field of a NamedTuple that lives | must=structural code=MPDT006
from typing import NamedTuple
class P(NamedTuple):
    x: int
p = P(1)
--->
from typing import NamedTuple
class P(NamedTuple):
    x: int
    y: int = 2
p = P(1)

=== an instance that the program has made | must=structural code=MPDT006
from typing import NamedTuple
HELD = []
class P(NamedTuple):
    x: int
<<< HELD.append(P(1))
--->
from typing import NamedTuple
HELD = []
class P(NamedTuple):
    y: int

=== another default of a NamedTuple that lives | must=structural code=MPDT006
from typing import NamedTuple
class P(NamedTuple):
    x: int = 1
p = P()
--->
from typing import NamedTuple
class P(NamedTuple):
    x: int = True
p = P()

=== a decorator that looks into what a function is annotated with | must=structural code=MPDT006
from typing import TypedDict, get_type_hints
class D(TypedDict):
    a: int
class E(TypedDict):
    d: D
def schema(f):
    f.keys = list(get_type_hints(f)["x"].__annotations__)
    return f
class C:
    @schema
    def f(self, x: "E"): ...
--->
from typing import TypedDict, get_type_hints
class D(TypedDict):
    a: int
    b: int
class E(TypedDict):
    d: D
def schema(f):
    f.keys = list(get_type_hints(f)["x"].__annotations__)
    return f
class C:
    @schema
    def f(self, x: "E"): ...

=== a class below a NamedTuple lives | must=structural code=MPDT006
from typing import NamedTuple
class P(NamedTuple):
    x: int
class Q(P):
    def f(self): return 1
q = Q(1)
--->
from typing import NamedTuple
class P(NamedTuple):
    x: int
    y: int = 2
class Q(P):
    def f(self): return 1
q = Q(1)

=== a TypedDict of a function has copied the keys | must=structural code=MPDT006
from typing import TypedDict
class B(TypedDict):
    a: int
def make():
    class H(B):
        c: str
    return H
KEPT = [make()]
--->
from typing import TypedDict
class B(TypedDict):
    a: int
    b: int
def make():
    class H(B):
        c: str
    return H
KEPT = [make()]

=== a TypedDict below it by another name | must=structural code=MPDT006
from typing import TypedDict
class B(TypedDict):
    a: int
Base = B
class H(Base):
    c: str
--->
from typing import TypedDict
class B(TypedDict):
    a: int
    b: int
Base = B
class H(Base):
    c: str

=== a slotted dataclass | must=structural code=MPDT006
from dataclasses import dataclass
@dataclass(slots=True)
class D:
    x: int
--->
from dataclasses import dataclass
@dataclass(slots=True)
class D:
    x: int
    y: int = 1
""")


@pytest.mark.parametrize("row", ROWS)
def test_they_are_made_again_in_place(ws: Workspace, row: Row) -> None:
    check(ws, row)


@pytest.mark.parametrize("row", REFUSED)
def test_what_holds_the_old_fields_rules_it_out(ws: Workspace, row: Row) -> None:
    check(ws, row)
