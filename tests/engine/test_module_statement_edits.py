"""Statements of a module that are more than a definition: conditions, try, loops, hooks, effects."""

from __future__ import annotations

import pytest

from mpdt_hooks import Outcome
from tests.engine.edits import Row, check, table
from tests.harness import Workspace

CONDITIONS = table("""
=== an `if` around a function
import sys
if sys.version_info > (3,):
    def f(): return 1
else:
    def f(): return 0
--->
import sys
if sys.version_info > (3,):
    def f(): return 2
else:
    def f(): return 0
>>> f() == 2

=== a condition that turns
DEBUG = False
if DEBUG:
    def f(): return 1
else:
    def f(): return 2
--->
DEBUG = True
if DEBUG:
    def f(): return 1
else:
    def f(): return 2
>>> f() == 1

=== a condition that turns, and a name goes
DEBUG = True
if DEBUG:
    extra = 1
--->
DEBUG = False
if DEBUG:
    extra = 1
>>> "extra" not in globals()

=== try/except ImportError, the name found
try:
    import json as j
except ImportError:
    j = None
--->
try:
    import no_such_module as j
except ImportError:
    j = None
>>> j is None

=== try/except ImportError, a function within
try:
    import no_such_module
except ImportError:
    def f(): return 1
--->
try:
    import no_such_module
except ImportError:
    def f(): return 2
>>> f() == 2

=== TYPE_CHECKING
from typing import TYPE_CHECKING
if TYPE_CHECKING:
    import decimal
def f(x: "decimal.Decimal"): return 1
--->
from typing import TYPE_CHECKING
if TYPE_CHECKING:
    import fractions
def f(x: "fractions.Fraction"): return 2
>>> f(1) == 2

=== a loop that makes functions | must=truth
fs = []
for i in range(2):
    def f(i=i): return i
    fs.append(f)
--->
fs = []
for i in range(2):
    def f(i=i): return i + 1
    fs.append(f)
>>> [g() for g in fs] == [1, 2]

=== a loop that makes names | must=truth
for name in "ab":
    globals()[name] = name
--->
for name in "abc":
    globals()[name] = name
>>> c == "c"

=== a with statement | must=truth
import contextlib
with contextlib.suppress(ValueError):
    X = 1
--->
import contextlib
with contextlib.suppress(ValueError):
    X = 2
>>> X == 2

=== module __getattr__
def __getattr__(name): return 1
--->
def __getattr__(name): return 2
>>> __import__("a").whatever == 2

=== module __getattr__ added
X = 1
--->
X = 1
def __getattr__(name): return name
>>> __import__("a").whatever == "whatever"

=== module __dir__ removed
def __dir__(): return ["x"]
X = 1
--->
X = 1
>>> "X" in dir(__import__("a"))

=== __name__ == "__main__"
def f(): return 1
if __name__ == "__main__":
    f()
--->
def f(): return 2
if __name__ == "__main__":
    f()
    print("more")
>>> f() == 2

=== an assert | must=truth
A = 1
assert A
--->
A = 2
assert A
>>> A == 2
""")

EFFECTS = table("""
=== a bare call added | must=structural
log = []
def f(): return 1
--->
log = []
def f(): return 1
log.append(1)

=== a bare call changed | must=structural
log = []
log.append(1)
--->
log = []
log.append(2)

=== a bare call removed | must=structural
log = []
log.append(1)
--->
log = []

=== a bare call whose argument depends | must=structural
log = []
PORT = 1
def start(port): log.append(port)
start(PORT)
--->
log = []
PORT = 2
def start(port): log.append(port)
start(PORT)

=== a bare call beside an edited function | keep=a:log
log = []
def start(): log.append(1)
start()
def f(): return 1
--->
log = []
def start(): log.append(1)
start()
def f(): return 2
>>> log == [1] and f() == 2

=== a bare call that only moved | keep=a:log
log = []
log.append(1)
def f(): return 1
--->
# moved
log = []

log.append(1)
def f(): return 1
>>> log == [1]

=== a bare call of an edited function | must=truth
log = []
def start(): log.append(1)
start()
--->
log = []
def start(): log.append(2)
start()

=== an item stored | must=truth
table = {}
table["a"] = 1
--->
table = {}
table["a"] = 2
>>> table == {"a": 2}

=== an attribute stored | must=truth
class C: ...
C.x = 1
--->
class C: ...
C.x = 2
>>> C.x == 2

=== a method attached from outside | must=truth
class C: ...
def m(self): return 1
C.m = m
--->
class C: ...
def m(self): return 2
C.m = m
>>> C().m() == 2

=== an await-less coroutine at the top | must=truth
import asyncio
async def main(): return 1
X = asyncio.run(main())
--->
import asyncio
async def main(): return 2
X = asyncio.run(main())
>>> X == 2
""")


@pytest.mark.parametrize("row", CONDITIONS)
def test_conditional_definitions_follow(ws: Workspace, row: Row) -> None:
    check(ws, row)


@pytest.mark.parametrize("row", EFFECTS)
def test_side_effects_are_refused_and_never_repeated(ws: Workspace, row: Row) -> None:
    check(ws, row)


LABELS = table("""
=== exports labelled, one more of them | keep=pkg:C,pkg.inner:f
--- pkg/__init__.py
from .inner import C, f
__all__ = ["C", "__title__", "f"]
__title__ = "pkg"
__locals = locals()
for __name in __all__:
    if not __name.startswith("__"):
        setattr(__locals[__name], "__module__", "pkg")
--- pkg/inner.py
class C: ...
class D: ...
def f(x=1): return x
--->
--- pkg/__init__.py
from .inner import C, D, f
__all__ = ["C", "D", "__title__", "f"]
__title__ = "pkg, again"
__locals = locals()
for __name in __all__:
    if not __name.startswith("__"):
        setattr(__locals[__name], "__module__", "pkg")
--- pkg/inner.py
class C: ...
class D: ...
def f(x=2): return x
>>> C.__module__ == D.__module__ == f.__module__ == "pkg" and f() == 2 and __name == "f"

=== exports labelled, a constant beside them | keep=a:C
__version__ = "1"
__all__ = ["C"]
class C: ...
for name in __all__:
    setattr(globals()[name], "__module__", "b")
--->
__version__ = "2"
__all__ = ["C"]
class C: ...
for name in __all__:
    setattr(globals()[name], "__module__", "b")
>>> C.__module__ == "b"

=== a label where the class has another one of its own | must=truth
class C: ...
class D: ...
__all__ = ["C", "D"]
for name in __all__:
    setattr(locals()[name], "label", "b")
--->
class C: ...
class D:
    label = "a"
__all__ = ["C", "D"]
for name in __all__:
    setattr(locals()[name], "label", "b")
>>> C.label == D.label == "b"

=== an export that goes with its class
--- pkg/__init__.py
from .inner import C, D
__all__ = ["C", "D"]
for name in __all__:
    setattr(locals()[name], "__module__", "pkg")
--- pkg/inner.py
class C: ...
class D: ...
--->
--- pkg/__init__.py
from .inner import C
__all__ = ["C"]
for name in __all__:
    setattr(locals()[name], "__module__", "pkg")
--- pkg/inner.py
class C: ...
>>> C.__module__ == "pkg"

=== an export that goes, and its class stays | must=structural code=MPDT001
--- pkg/__init__.py
from .inner import C, D
__all__ = ["C", "D"]
for name in __all__:
    setattr(locals()[name], "__module__", "pkg")
--- pkg/inner.py
class C: ...
class D: ...
--->
--- pkg/__init__.py
from .inner import C
__all__ = ["C"]
for name in __all__:
    setattr(locals()[name], "__module__", "pkg")
--- pkg/inner.py
class C: ...
class D: ...

=== another label | must=structural code=MPDT001
__all__ = ["C"]
class C: ...
for name in __all__:
    setattr(locals()[name], "__module__", "b")
--->
__all__ = ["C"]
class C: ...
for name in __all__:
    setattr(locals()[name], "__module__", "c")

=== an export that acts when it is labelled | must=structural code=MPDT001
seen = []
class Meta(type):
    def __setattr__(cls, name, value):
        seen.append(name)
        super().__setattr__(name, value)
class C(metaclass=Meta): ...
V = 1
__all__ = ["C"]
for name in __all__:
    setattr(locals()[name], "label", "b")
--->
seen = []
class Meta(type):
    def __setattr__(cls, name, value):
        seen.append(name)
        super().__setattr__(name, value)
class C(metaclass=Meta): ...
V = 2
__all__ = ["C"]
for name in __all__:
    setattr(locals()[name], "label", "b")

=== a label, and another thing | must=structural code=MPDT001
V = 1
seen = []
__all__ = ["V"]
for name in __all__:
    seen.append(locals()[name])
--->
V = 2
seen = []
__all__ = ["V"]
for name in __all__:
    seen.append(locals()[name])
""")


@pytest.mark.parametrize("row", LABELS)
def test_exports_are_labelled_again(ws: Workspace, row: Row) -> None:
    check(ws, row)


def test_labels_are_taken_back(ws: Workspace) -> None:
    """A statement after the loop raises: what was new in the list has no label, what had one has kept it."""
    ws["a.py"] = """
        class C: ...
        class D:
            label = "own"
        __all__ = ["C"]
        for name in __all__:
            setattr(locals()[name], "label", "b")
        X = 1
    """
    ws.start("a")
    edit = ws.replace("a.py", '["C"]', '["C", "D"]')
    report = ws.truthful({"a.py": edit["a.py"].replace("X = 1", "X = 1 / 0")})
    assert report.outcome is Outcome.REJECTED
    assert ws.run("a", "(C.label, D.label)") == ("b", "own")
