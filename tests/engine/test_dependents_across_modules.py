"""What another module imports by value, subclasses, wraps or re-exports follows an edit, in dependency order."""

from __future__ import annotations

import pytest

from tests.engine.edits import Row, check, table
from tests.harness import Workspace

ROWS = table("""
=== a function imported by name
from b import f
def g(): return f()
--- b.py
def f(): return 1
--->
--- b.py
def f(): return 2
>>> g() == 2

=== a function imported under another name
from b import f as h
def g(): return h()
--- b.py
def f(): return 1
--->
--- b.py
def f(): return 2
>>> g() == 2

=== a constant imported by value
from b import A
def g(): return A
--- b.py
A = 1
--->
--- b.py
A = 2
>>> A == 2 and g() == 2

=== a constant imported by value under another name
from b import A as B
C = B + 1
--- b.py
A = 1
--->
--- b.py
A = 2
>>> (B, C) == (2, 3)

=== a constant read through the module
import b
X = b.A + 1
--- b.py
A = 1
--->
--- b.py
A = 2
>>> X == 3

=== a default argument
from b import A
def f(x=A): return x
--- b.py
A = 1
--->
--- b.py
A = 2
>>> f() == 2

=== a class attribute
import b
class C:
    x = b.A
    def m(self, y=b.A): return y
--- b.py
A = 1
--->
--- b.py
A = 2
>>> C.x == 2 and C().m() == 2

=== a base class's method
from b import B
class C(B): ...
c = C()
--- b.py
class B:
    def m(self): return 1
--->
--- b.py
class B:
    def m(self): return 2
>>> c.m() == 2

=== a base class's new attribute
from b import B
class C(B): ...
--- b.py
class B: ...
--->
--- b.py
class B:
    x = 1
>>> C.x == 1

=== a decorator's argument from elsewhere
from b import A, tag
@tag(A)
def f(): ...
--- b.py
A = 1
def tag(n):
    def mark(f):
        f.tag = n
        return f
    return mark
--->
--- b.py
A = 2
def tag(n):
    def mark(f):
        f.tag = n
        return f
    return mark
>>> f.tag == 2

=== a chain of three modules
from b import B
C = B + 1
--- b.py
from c import A
B = A + 1
--- c.py
A = 1
--->
--- c.py
A = 5
>>> C == 7

=== a re-export
from b import A
--- b.py
from c import A
--- c.py
A = 1
--->
--- c.py
A = 2
>>> A == 2

=== a star import, a changed name
from b import *
X = A
--- b.py
A = 1
--->
--- b.py
A = 2
>>> X == 2

=== a star import, an added name
from b import *
--- b.py
A = 1
--->
--- b.py
A = 1
B = 2
>>> B == 2

=== a star import, a removed name
from b import *
--- b.py
A = 1
B = 2
--->
--- b.py
A = 1
>>> "B" not in globals()

=== a star import, __all__ changed
from b import *
--- b.py
__all__ = ["A"]
A = 1
B = 2
--->
--- b.py
__all__ = ["A", "B"]
A = 1
B = 2
>>> B == 2

=== a cycle
import b
def f(): return b.g()
A = 1
--- b.py
import a
def g(): return a.A
--->
import b
def f(): return b.g()
A = 2
--- b.py
import a
def g(): return a.A + 1
>>> f() == 3

=== an import within a function
def f():
    from b import A
    return A
<<< f()
--- b.py
A = 1
--->
--- b.py
A = 2
>>> f() == 2

=== importlib
import importlib
b = importlib.import_module("b")
X = b.A
--- b.py
A = 1
--->
--- b.py
A = 2
>>> X == 2

=== two files of one save, the caller first
from b import f
X = 1
def g(): return f()
--- b.py
def f(): return 1
--->
from b import f, h
X = 1
def g(): return f() + h()
--- b.py
def f(): return 2
def h(): return 3
>>> g() == 5

=== a star brings a new name, and one that is made anew
from b import *
use = pat
--- b.py
con = 1
pat = {"b": con}
--->
--- b.py
other = 2
pat = {"b": other}
>>> use is pat and use == {"b": 2}

=== a star brings a new name, and an object that is made anew
from b import *
use = [pat]
--- b.py
con = 1
pat = object() if con else 0
--->
--- b.py
other = 1
pat = object() if other else 0
>>> use[0] is pat

=== a star brings a new name, and nothing else is other
from b import *
use = [pat]
--- b.py
con = 1
pat = {"b": con}
--->
--- b.py
con = 1
other = 2
pat = {"b": con}
>>> use[0] is pat and other == 2

=== a name moves to another file
from b import f
--- b.py
def f(): return 1
--- c.py
pass
--->
from c import f
--- b.py
pass
--- c.py
def f(): return 2
>>> f() == 2

=== a removed import and the removed name
from b import f, g
--- b.py
def f(): return 1
def g(): return 1
--->
from b import f
--- b.py
def f(): return 1
>>> "g" not in globals()

=== a new module, imported at once
def f(): return 1
--->
import b
def f(): return b.g()
--- b.py
def g(): return 2
>>> f() == 2

=== a mutable thing of another module is kept
from b import seen
def f(): return 1
--- b.py
seen = []
A = 1
<<< seen.append(1)
--->
--- b.py
seen = []
A = 2
>>> seen == [1]
""")


@pytest.mark.parametrize("row", ROWS)
def test_dependents_in_other_modules_follow(ws: Workspace, row: Row) -> None:
    check(ws, row)


OTHERWISE = (
    "x = 8\ny = x",
    "x = 7\ny = x\nfrom math import pi as x",
    "y = 1\nfrom math import pi as x",
    "x = 7\ny = 1\nx = 5",
    "y = 1\ndef x(): pass",
    "x = 7\ny = x\nimport math as x",
    "x = 7\ny = 1\nif y: x = 3",
)


@pytest.mark.parametrize("package", ["", "pkg/"])
@pytest.mark.parametrize("source", OTHERWISE)
@pytest.mark.parametrize("import_", ["from {0}b import x", "import b\nx = b.x", "from {0}b import *"])
def test_an_import_gets_another_name_and_what_it_brought_is_another_value(
    ws: Workspace, import_: str, source: str, package: str
) -> None:
    old = import_.format("." * bool(package)) + "\nV = (x, 1)\n"
    if package:
        old = old.replace("import b\n", "from . import b\n")
    ws.write({f"{package}a.py": old, f"{package}b.py": "x = 6 + 1\n"})
    if package:
        ws["pkg/__init__.py"] = "from .a import *\n"
    ws.start(package.strip("/") or "a")
    ws.expect_patched({f"{package}a.py": old.replace("import x", "import x, y"), f"{package}b.py": f"{source}\n"})
