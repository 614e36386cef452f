"""A statement that acts only by filling a container of its module depends on much: would it fill in what is there?"""

from __future__ import annotations

import pytest

from tests.engine.edits import Row, check, table
from tests.harness import Workspace

HEAD = """
from b import helper
class Base:
    code = None
    def m(self): return helper()
class One(Base):
    code = 1
class Two(One):
    code = 2
TABLE: dict[int, type] = {}
"""
FILL = """
def fill():
    for one in list(globals().values()):
        if isinstance(one, type) and issubclass(one, Base) and one.code is not None:
            TABLE[one.code] = one
fill()
del fill
def copy(): return dict(TABLE)
"""
B = """
--- b.py
LIMIT = 1
def helper(): return LIMIT
"""


def _row(name: str, text: str, old: str, new: str, must: str, options: str = "") -> str:
    return f"=== {name} | must={must} {options}\n{text}\n~~~ {old} => {new}\n"


PATCHED = {
    "a function that the classes call": ("def helper(): return LIMIT", "def helper(): return LIMIT + 1"),
    "a constant behind it": ("LIMIT = 1", "LIMIT = 2"),
    "a method": ("return helper()", "return helper() + 1"),
    "a name above it": ("TABLE:", "def more(): return 1\\nTABLE:"),
    "the order of names": ("class Base:", "def more(): return 1\\nclass Base:"),
    "what stands below": ("dict(TABLE)", "dict(TABLE, x=1)"),
}
REFUSED = {
    "the key of a class": ("code = 2", "code = 3"),
    "the order of classes that say one key": ("code = 2", "code = 1"),
    "a class comes first": ("class Two", "class Zero(Base):\\n    code = 0\\nclass Two"),
    "a class comes": ("TABLE:", "class Three(Base):\\n    code = 3\\nTABLE:"),
    "a key goes": ("code = 1", "code = None"),
    "what it fills first": ("= {}\\ndef fill", "= {0: Base}\\ndef fill"),
}


@pytest.mark.parametrize("what", PATCHED)
def test_what_it_fills_in_is_there(ws: Workspace, what: str) -> None:
    old, new = PATCHED[what]
    text = _row(what, HEAD.strip() + FILL + B.strip(), old, new, "patched", "keep=a:TABLE,a:One")
    check(ws, table(text)[0].values[0])


@pytest.mark.parametrize("what", REFUSED)
def test_what_it_fills_in_is_not_there(ws: Workspace, what: str) -> None:
    old, new = REFUSED[what]
    text = _row(what, HEAD.strip() + FILL + B.strip(), old, new, "structural")
    check(ws, table(text)[0].values[0])


FORMS = table("""
=== a method of the container itself | keep=a:TABLE
def size(): return 1
class C:
    def m(self): return size()
TABLE = {1: 2}
TABLE.update((n.to_bytes(1, "big"), str(n)) for n in range(3) if C)
~~~ return 1 => return 2
>>> len(TABLE) == 4

=== two fillers, one after the other | keep=a:NAMES
def size(): return 1
class C:
    def m(self): return size()
class D(C): pass
NAMES = []
NAMES.append(C)
NAMES.insert(0, D)
~~~ return 1 => return 2

=== a function that only computes | keep=a:TABLE
def names(): return [str(n) for n in range(2)]
def other(): return 1
class C:
    def m(self): return other()
TABLE = {}
def fill():
    for one in names(): TABLE[one] = C
fill()
~~~ return 1 => return 2

=== a function that gives the same | keep=a:TABLE
def names(): return ["a", "b"]
TABLE = {}
def fill():
    for one in names(): TABLE[one] = one
fill()
~~~ ["a", "b"] => list("ab")

=== a function that gives others | must=structural
def names(): return ["a", "b"]
TABLE = {}
def fill():
    for one in names(): TABLE[one] = one
fill()
~~~ ["a", "b"] => ["b", "a"]

=== one number for another | must=structural
def limit(): return 1
TABLE = {}
def fill(): TABLE["x"] = limit()
fill()
~~~ return 1 => return True

=== an entry that is taken out again | keep=a:TABLE,a:A
def helper(): return 1
class A:
    def m(self): return helper()
class B(A): pass
missing = None
TABLE = {"a": A, "b": B}
if missing is None:
    TABLE.pop("b")
if helper is None:
    TABLE.pop("a")
~~~ return 1 => return 2
>>> TABLE == {"a": A}

=== an entry that is not taken out any more | must=structural
import b
def helper(): return 1
class A:
    def m(self): return helper()
missing = None
TABLE = {"a": A}
if missing is None:
    TABLE.pop("a")
--- b.py
X = 1
~~~ missing = None => missing = 1

=== the names of the module, for somebody else, too | must=structural
class A: code = 1
TABLE = {}
def fill():
    for name, one in list(globals().items()):
        if isinstance(one, type): TABLE[one.code] = one
fill()
def names(): return list(globals())
X = names()
~~~ class A: => def more(): return 1\\nclass A:

=== its own body, to the same end | keep=a:TABLE
class C: pass
TABLE = {}
def fill(): TABLE["x"] = C
fill()
~~~ ["x"] => ["".join("x")]

=== what it fills has been filled since | must=structural
def limit(): return 1
TABLE = {}
def fill(): TABLE["x"] = limit()
fill()
~~~ return 1 => return 1 + 0
<<< TABLE["y"] = 2

=== a result that is kept | must=structural
import functools
LIMIT = 1
@functools.lru_cache
def limit(): return LIMIT
TABLE = {}
def fill(): TABLE["x"] = limit()
fill()
~~~ LIMIT = 1 => LIMIT = 2

=== it prints | must=structural
def limit(): return 1
TABLE = {}
def fill():
    print("fill")
    TABLE["x"] = limit()
fill()
~~~ return 1 => return 0 + 1

=== it counts | must=structural
def limit(): return 1
TABLE, COUNT = {}, [0]
def fill():
    COUNT[0] += 1
    TABLE["x"] = limit()
fill()
~~~ return 1 => return 0 + 1

=== what it calls keeps something | must=structural
SEEN = []
def limit():
    SEEN.append(1)
    return 1
TABLE = {}
def fill(): TABLE["x"] = limit()
fill()
~~~ return 1 => return 0 + 1

=== a flag that has been set since hides it | must=structural
DONE = False
def begin():
    global DONE
    DONE = True
def wanted(): return False
TABLE = {}
def fill():
    if wanted() and not DONE: TABLE["x"] = 1
fill()
~~~ return False => return True
<<< begin()

=== a flag that was computed, and has been set since, hides it | must=structural
DONE = bool(0)
def begin():
    global DONE
    DONE = True
def wanted(): return False
TABLE = {}
def fill():
    if wanted() and not DONE: TABLE["x"] = 1
fill()
~~~ return False => return True
<<< begin()

=== a flag of another module that has been set since hides it | must=structural
--- a.py
import b
def wanted(): return False
TABLE = {}
def fill():
    if wanted() and not b.DONE: TABLE["x"] = 1
fill()
--- b.py
DONE = False
--->
--- a.py
import b
def wanted(): return True
TABLE = {}
def fill():
    if wanted() and not b.DONE: TABLE["x"] = 1
fill()
<<< b.DONE = True

=== a flag of a function that has been set since hides it | must=structural
def wanted(): return False
TABLE = {}
def fill():
    if wanted() and not hasattr(wanted, "done"): TABLE["x"] = 1
fill()
~~~ return False => return True
<<< wanted.done = True

=== a flag of a class that has been set since hides it | must=structural
class State:
    done = False
def wanted(): return False
TABLE = {}
def fill():
    if wanted() and not State.done: TABLE["x"] = 1
fill()
~~~ return False => return True
<<< State.done = True

=== a list that has been filled since hides it | must=structural
DONE = []
def wanted(): return False
TABLE = {}
def fill():
    if wanted() and not DONE: TABLE["x"] = 1
fill()
~~~ return False => return True
<<< DONE.append(1)

=== an object that is kept hides it | must=structural
class Settings:
    def __init__(self): self.limit = 1
settings = Settings()
TABLE = {}
def fill(): TABLE["x"] = settings.limit
fill()
~~~ self.limit = 1 => self.limit = 2

=== an object of another module that is kept hides it | must=structural
--- a.py
from b import limit
TABLE = {}
def fill(): TABLE["x"] = limit()
fill()
--- b.py
class Settings:
    def __init__(self): self.limit = 1
settings = Settings()
def limit(): return settings.limit
--->
--- b.py
class Settings:
    def __init__(self): self.limit = 2
settings = Settings()
def limit(): return settings.limit

=== it fills what another name leads to, too | must=truth
def limit(): return 1
TABLE = {}
OTHER = TABLE
def fill(): TABLE["x"] = limit()
fill()
OTHER["x"] = 1
~~~ return 1 => return 2

=== another statement fills it through a function | must=structural
def limit(): return 1
TABLE = {}
def put(key, value): TABLE[key] = value
def fill(): TABLE["x"] = limit()
fill()
put("y", 1)
~~~ return 1 => return 1 + 0

=== another module fills it | must=structural
--- a.py
def limit(): return 1
TABLE = {}
def fill(): TABLE["x"] = limit()
fill()
import b
--- b.py
import a
a.TABLE["x"] = 1
--->
--- a.py
def limit(): return 2
TABLE = {}
def fill(): TABLE["x"] = limit()
fill()
import b

=== it makes an object | must=structural
def limit(): return 1
class C:
    def m(self): return limit()
TABLE = {}
def fill(): TABLE["x"] = C()
fill()
~~~ return 1 => return 2

=== it raises now | must=truth
def limit(): return 1
TABLE = {}
def fill(): TABLE["x"] = limit()
fill()
~~~ return 1 => return 1 / 0
""")


@pytest.mark.parametrize("row", FORMS)
def test_forms_of_filling(ws: Workspace, row: Row) -> None:
    check(ws, row)
