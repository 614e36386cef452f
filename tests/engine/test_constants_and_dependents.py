"""A changed constant runs again what depends on it, here and in the modules that import it, and nothing else."""

from __future__ import annotations

import pytest

from tests.engine.edits import Row, check, table
from tests.harness import Workspace

HERE = table("""
=== a constant
A = 1
--->
A = 2
>>> A == 2

=== 1 becomes 1.0
A = 1
--->
A = 1.0
>>> type(A) is float

=== 0 becomes False
A = 0
--->
A = False
>>> A is False

=== a derived constant
A = 1
B = A + 1
C = [B]
--->
A = 2
B = A + 1
C = [B]
>>> (B, C) == (3, [3])

=== a default argument | keep=a:f
A = 1
def f(x=A): return x
--->
A = 2
def f(x=A): return x
>>> f() == 2

=== a keyword default
A = 1
def f(*, x=A): return x
--->
A = 2
def f(*, x=A): return x
>>> f() == 2

=== a method's default | keep=a:C,a:C.m
A = 1
class C:
    def m(self, x=A): return x
--->
A = 2
class C:
    def m(self, x=A): return x
>>> C().m() == 2

=== a class attribute | keep=a:C
A = 1
class C:
    x = A
--->
A = 2
class C:
    x = A
>>> C.x == 2

=== a decorator's argument
def tag(n):
    def mark(f):
        f.tag = n
        return f
    return mark
A = 1
@tag(A)
def f(): ...
--->
def tag(n):
    def mark(f):
        f.tag = n
        return f
    return mark
A = 2
@tag(A)
def f(): ...
>>> f.tag == 2

=== an annotation
A = int
def f(x: A): ...
--->
A = str
def f(x: A): ...
>>> f.__annotations__ == {"x": str}

=== a lambda in a table that depends
A = 1
T = {"a": lambda: A, "b": A}
--->
A = 2
T = {"a": lambda: A, "b": A}
>>> T["a"]() == 2 and T["b"] == 2

=== a function that a constant calls
def make(): return 1
A = make()
--->
def make(): return 2
A = make()
>>> A == 2

=== a function called by a function that a constant calls | must=truth
def inner(): return 1
def make(): return inner()
A = make()
--->
def inner(): return 2
def make(): return inner()
A = make()
>>> A == 2

=== a body that reads a constant needs nothing
A = 1
def f(): return A
--->
A = 2
def f(): return A
>>> f() == 2

=== a base class chosen by a constant | must=truth
class X: x = 1
class Y: x = 2
Base = X
class C(Base): ...
--->
class X: x = 1
class Y: x = 2
Base = Y
class C(Base): ...
>>> C.x == 2

=== order matters: a name bound twice
A = 1
B = A
A = 2
--->
A = 5
B = A
A = 2
>>> (A, B) == (2, 5)

=== an augmented assignment
A = 1
A += 1
--->
A = 2
A += 1
>>> A == 3

=== a list that later statements extend | must=truth
A = [1]
A += [2]
--->
A = [0]
A += [2]
>>> A == [0, 2]

=== a tuple of targets
A, B = 1, 2
--->
A, B = 3, 4
>>> (A, B) == (3, 4)

=== a starred target
A, *B = 1, 2, 3
--->
A, *B = 4, 5, 6
>>> (A, B) == (4, [5, 6])

=== a walrus
B = (A := 1) + 1
--->
B = (A := 2) + 1
>>> (A, B) == (2, 3)

=== a comprehension
A = 2
B = [i * A for i in range(3)]
--->
A = 3
B = [i * A for i in range(3)]
>>> B == [0, 3, 6]

=== a type changed
A = 1
--->
A = {"a": (1, [2])}
>>> A == {"a": (1, [2])}

=== an f-string
A = 1
B = f"{A}!"
--->
A = 2
B = f"{A}!"
>>> B == "2!"

=== del
A = 1
B = 2
del B
--->
A = 1
B = 2
>>> B == 2

=== del added
A = 1
B = 2
--->
A = 1
B = 2
del B
>>> "B" not in globals()

=== __all__
A = 1
__all__ = ["A"]
--->
A = 1
B = 2
__all__ = ["A", "B"]
>>> __all__ == ["A", "B"]

=== a regular expression
import re
P = re.compile("a")
def f(s): return P.match(s)
--->
import re
P = re.compile("b")
def f(s): return P.match(s)
>>> f("b")
""")

KEPT = table("""
=== a list beside an edited function | keep=a:seen
seen = []
def f(): return 1
<<< seen.append(1)
--->
seen = []
def f(): return 2
>>> seen == [1] and f() == 2

=== a dict beside a changed constant | keep=a:cache
A = 1
cache = {}
<<< cache.update(k=1)
--->
A = 2
cache = {}
>>> cache == {"k": 1}

=== a counter
count = 0
def up():
    global count
    count += 1
<<< up()
<<< up()
--->
count = 0
def up():
    global count
    count += 2
>>> up() or count == 4

=== an instance of an edited class | keep=a:app
class App:
    def __init__(self): self.n = 0
    def m(self): return 1
app = App()
<<< app.n = 5
--->
class App:
    def __init__(self): self.n = 0
    def m(self): return 2
app = App()
>>> app.n == 5 and app.m() == 2

=== a lock and a logger | keep=a:lock,a:log
import threading, logging
lock = threading.Lock()
log = logging.getLogger(__name__)
def f(): return 1
--->
import threading, logging
lock = threading.Lock()
log = logging.getLogger(__name__)
def f(): return 2
>>> f() == 2

=== a changed initialiser makes it anew
cache = {}
<<< cache.update(k=1)
--->
cache = {"fresh": 1}
>>> cache == {"fresh": 1}

=== an object that depends is made anew
size = 1
buffer = [0] * size
<<< buffer.append(9)
--->
size = 2
buffer = [0] * size
>>> buffer == [0, 0]

=== an initialiser that only moved | keep=a:cache
def f(): return 1
cache = {}
<<< cache.update(k=1)
--->
# one
# two
def f(): return 1
cache = {}
>>> cache == {"k": 1}

=== an initialiser that was reformatted | must=truth keep=a:cache
cache = {"a": 1}
<<< cache.update(k=1)
--->
cache = {
    "a": 1,
}
>>> cache == {"a": 1, "k": 1}
""")


@pytest.mark.parametrize("row", HERE)
def test_dependents_in_the_module_follow(ws: Workspace, row: Row) -> None:
    check(ws, row)


@pytest.mark.parametrize("row", KEPT)
def test_what_does_not_depend_is_kept(ws: Workspace, row: Row) -> None:
    check(ws, row)
