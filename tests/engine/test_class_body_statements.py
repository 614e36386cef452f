"""Statements of a class body that belong together: a list and the loop that fills it, a method and its attributes."""

from __future__ import annotations

import pytest

from mpdt_hooks.undo import same_content
from tests.engine.edits import Row, check, table
from tests.harness import Workspace

ROWS = table("""
=== the table that a loop reads | keep=a:C,a:c
TABLE = {"1": "[a]", "2": "[b]"}
class C:
    names = []
    for text in TABLE.values():
        part = text.strip("[]")
        if part:
            names.append(part)
    def get(self): return self.names
c = C()
--->
TABLE = {"1": "[a]", "2": "[c]", "3": "[d]"}
class C:
    names = []
    for text in TABLE.values():
        part = text.strip("[]")
        if part:
            names.append(part)
    def get(self): return self.names
c = C()
>>> c.get() == ["a", "c", "d"] and C.text == "[d]"

=== the table is empty now: the loop binds nothing | keep=a:C
TABLE = ["a"]
class C:
    names = []
    for text in TABLE:
        names.append(text)
--->
TABLE = []
class C:
    names = []
    for text in TABLE:
        names.append(text)
>>> C.names == [] and not hasattr(C, "text")

=== another table module | keep=a:C
from b import TABLE
class C:
    "Names."
    size = 1
    names = []
    for text in TABLE:
        names.append(text)
    first = names[0]
--- b.py
TABLE = ["a"]
--->
--- b.py
TABLE = ["b"]
>>> C.names == ["b"] and C.first == "b"

=== the list is annotated | keep=a:C
from typing import ClassVar
class C:
    names = []
    for text in "ab":
        names.append(text)
--->
from typing import ClassVar
class C:
    names: ClassVar[list] = []
    for text in "ab":
        names.append(text)
>>> C.names == ["a", "b"]

=== the loop changes | keep=a:C
class C:
    names = {}
    for text in "ab":
        names[text] = 1
--->
class C:
    names = {}
    for text in "abc":
        names[text] = 2
    names["d"] = 3
>>> C.names == {"a": 2, "b": 2, "c": 2, "d": 3}

=== the loop goes | keep=a:C
class C:
    names = ["x"]
    for text in "ab":
        names.append(text)
--->
class C:
    names = ["x"]
>>> C.names == ["x"] and not hasattr(C, "text")

=== list and loop go | keep=a:C
class C:
    names = ["x"]
    for text in "ab":
        names.append(text)
    def f(self): return 1
--->
class C:
    def f(self): return 1
>>> not hasattr(C, "names")

=== the loop is moved into another list | keep=a:C
class C:
    one = []
    two = []
    for text in "ab":
        one.append(text)
--->
class C:
    one = []
    two = []
    for text in "ab":
        two.append(text)
>>> (C.one, C.two) == ([], ["a", "b"])

=== two loops with one name | keep=a:C
ONE, TWO = "a", "b"
class C:
    one = []
    two = []
    for text in ONE:
        one.append(text)
    for text in TWO:
        two.append(text)
    del text
--->
ONE, TWO = "xy", "b"
class C:
    one = []
    two = []
    for text in ONE:
        one.append(text)
    for text in TWO:
        two.append(text)
    del text
>>> (C.one, C.two) == (["x", "y"], ["b"]) and not hasattr(C, "text")

=== what is made of the list in between | keep=a:C
KEYS = "ab"
class C:
    names = []
    names.extend(KEYS)
    size = len(names)
    names.append("end")
    alias = names
--->
KEYS = "abc"
class C:
    names = []
    names.extend(KEYS)
    size = len(names)
    names.append("end")
    alias = names
>>> C.names == ["a", "b", "c", "end"] and C.size == 3 and C.alias is C.names

=== a method's attribute changes | keep=a:C,a:C.f
class C:
    def f(self): return 1
    f.help = "a"
--->
class C:
    def f(self): return 1
    f.help = "b"
>>> C.f.help == "b"

=== a method's attributes go | keep=a:C,a:C.f
class C:
    def f(self):
        "Doc."
    f.help = "a"
    f.__doc__ = str.join.__doc__
--->
class C:
    def f(self):
        "Doc."
>>> C.f.__doc__ == "Doc." and not hasattr(C.f, "help")

=== a method with a set docstring has other annotations | keep=a:C,a:C.f
class C:
    def f(self, x: int) -> "C": return x
    f.__doc__ = str.join.__doc__
    g = f
--->
class C:
    def f(self, x: str) -> "Self": return x
    f.__doc__ = str.join.__doc__
    g = f
>>> C.f.__doc__ == str.join.__doc__ and C.g is C.f and C.f.__annotations__["x"] is str

=== a condition around a method's attribute | keep=a:C,a:C.f
SHORT = True
class C:
    def f(self): return 1
    if SHORT:
        f.short = "s"
--->
SHORT = False
class C:
    def f(self): return 1
    if SHORT:
        f.short = "s"
>>> not hasattr(C.f, "short")

=== methods made by name, and something else of the module | keep=a:C
VERSION = "1"
def wrapper(name):
    def wrapped(self): return name
    return wrapped
class C:
    for method in ("one", "two"):
        locals()[method] = wrapper(method)
    del method
--->
VERSION = "2"
def wrapper(name):
    def wrapped(self): return name
    return wrapped
class C:
    for method in ("one", "two"):
        locals()[method] = wrapper(method)
    del method
>>> C().two() == "two"

=== another method made by name | keep=a:C
def wrapper(name):
    def wrapped(self): return name
    return wrapped
class C:
    for method in ("one", "two"):
        locals()[method] = wrapper(method)
    del method
--->
def wrapper(name):
    def wrapped(self): return name
    return wrapped
class C:
    for method in ("one", "three"):
        locals()[method] = wrapper(method)
    del method
>>> C().three() == "three" and not hasattr(C, "two") and not hasattr(C, "method")

=== methods made by name, then each by itself | keep=a:C
def wrapper(name):
    def wrapped(self): return name
    return wrapped
class C:
    for method in ("one", "two"):
        locals()[method] = wrapper(method)
    del method
--->
def wrapper(name):
    def wrapped(self): return name
    return wrapped
class C:
    one = wrapper("one")
    two = wrapper("zwei")
>>> C().two() == "zwei" and not hasattr(C, "method")

=== what fills a list stands elsewhere | keep=a:C
class C:
    names = []
    names.append("a")
    names.append("b")
--->
class C:
    names = []
    names.append("b")
    names.append("a")
>>> C.names == ["b", "a"]

=== a helper that the body deletes | keep=a:C
K = 1
class C:
    unit = 2
    x = unit * K
    del unit
--->
K = 3
class C:
    unit = 2
    x = unit * K
    del unit
>>> C.x == 6 and not hasattr(C, "unit")

=== a name that the body binds twice | keep=a:C
K = 1
class C:
    unit = 1
    x = unit * K
    unit = 5
--->
K = 3
class C:
    unit = 1
    x = unit * K
    unit = 5
>>> (C.x, C.unit) == (3, 5)
""")

REFUSED = table("""
=== it adds to a list of the module | must=structural code=MPDT013
ALL = []
class C:
    for text in "ab":
        ALL.append(text)
--->
ALL = []
class C:
    for text in "abc":
        ALL.append(text)

=== the list is also that of another name | must=structural code=MPDT013
ALL = []
class C:
    names = ALL
    for text in "ab":
        names.append(text)
--->
ALL = []
class C:
    names = ALL
    for text in "abc":
        names.append(text)

=== the list was that of the module | must=structural code=MPDT013
ALL = []
class C:
    names = ALL
    names.append(1)
--->
ALL = []
class C:
    names = []
    names.append(1)

=== the list of the module, before the body has one of its own | must=structural code=MPDT013
names = []
class C:
    names.append(1)
    names = ["x"]
--->
names = []
class C:
    names.append(2)
    names = ["x"]

=== a list that is bound twice | must=structural code=MPDT013
ALL = []
class C:
    names = []
    names = ALL
    names.append(1)
--->
ALL = []
class C:
    names = []
    names = ALL
    names.append(2)

=== the lists of another table | must=structural code=MPDT013
TABLES = [[], []]
class C:
    for table in TABLES:
        table.append(1)
--->
TABLES = [[], []]
class C:
    for table in TABLES:
        table.append(2)

=== it adds, and acts | must=structural code=MPDT013
LOG = []
class C:
    names = []
    for text in "ab":
        names.append(text)
        print(text)
--->
LOG = []
class C:
    names = []
    for text in "abc":
        names.append(text)
        print(text)

=== the list is handed on | must=structural code=MPDT013
KEPT = []
class C:
    names = []
    names.append(1)
    KEPT.append(names)
--->
KEPT = []
class C:
    names = []
    names.append(2)
    KEPT.append(names)

=== the module adds to it later | must=structural code=MPDT001
class C:
    names = []
    names.append(1)
C.names.append(3)
--->
class C:
    names = []
    names.append(2)
C.names.append(3)

=== the loop calls what keeps something | must=structural code=MPDT013
SEEN = []
def note(text):
    SEEN.append(text)
    return text
class C:
    names = []
    for text in "ab":
        names.append(note(text))
--->
SEEN = []
def note(text):
    SEEN.append(text)
    return text
class C:
    names = []
    for text in "abc":
        names.append(note(text))

=== an attribute calls what keeps something | must=structural code=MPDT013
SEEN = []
def note(text):
    SEEN.append(text)
    return text
class C:
    x = note("a")
--->
SEEN = []
def note(text):
    SEEN.append(text)
    return text + "!"
class C:
    x = note("a")

=== the attribute of a function of the module | must=structural code=MPDT013
def f(): ...
class C:
    f.help = "a"
--->
def f(): ...
class C:
    f.help = "b"

=== the attribute of a decorated method | must=structural code=MPDT013
import functools
class C:
    @functools.lru_cache
    def f(self): ...
    f.help = "a"
--->
import functools
class C:
    @functools.lru_cache
    def f(self): ...
    f.help = "b"

=== what a function is by itself | must=structural code=MPDT013
class C:
    def f(self): ...
    f.__code__ = (lambda self: 1).__code__
--->
class C:
    def f(self): ...
    f.__code__ = (lambda self: 2).__code__

=== names made from names | must=structural code=MPDT013
WORDS = ("a", "b")
class C:
    for word in WORDS:
        locals()["get_" + word] = word
--->
WORDS = ("a", "c")
class C:
    for word in WORDS:
        locals()["get_" + word] = word

=== the names of the body | must=structural code=MPDT011
class C:
    x = 1
    names = sorted(locals())
    z = 1
--->
class C:
    x = 1
    y = 1
    names = sorted(locals())
    z = 1

=== a dataclass's body | must=structural code=MPDT013
from dataclasses import dataclass
@dataclass
class C:
    x: int = 1
    names = []
    names.append(1)
--->
from dataclasses import dataclass
@dataclass
class C:
    x: int = 1
    names = []
    names.append(2)

=== a name of the module | must=structural code=MPDT013
class C:
    global text
    names = []
    for text in "ab":
        names.append(text)
--->
class C:
    global text
    names = []
    for text in "abc":
        names.append(text)

=== what acts stands elsewhere | must=structural code=MPDT011
LOG = []
class C:
    x = 1
    LOG.append("a")
    LOG.append("b")
--->
LOG = []
class C:
    x = 1
    LOG.append("b")
    LOG.append("a")

=== another loop that acts has the same name | must=structural code=MPDT013
KEYS = "ab"
class C:
    names = []
    for text in KEYS:
        names.append(text)
    for text in "x":
        print(text)
--->
KEYS = "abc"
class C:
    names = []
    for text in KEYS:
        names.append(text)
    for text in "x":
        print(text)
""")


@pytest.mark.parametrize("row", ROWS)
def test_they_run_together(ws: Workspace, row: Row) -> None:
    check(ws, row)


@pytest.mark.parametrize("row", REFUSED)
def test_what_else_they_do_is_refused(ws: Workspace, row: Row) -> None:
    check(ws, row)


def test_a_set_and_its_copy_in_another_order_hold_the_same() -> None:
    some, copied = {8, 0}, {0, 8}
    assert list(some) != list(copied)
    assert same_content(some, copied)
    assert not same_content(some, {8, 1})
