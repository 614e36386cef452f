"""Imports that are sorted anew, merged or split: a name that comes from where it came from is what it was."""

from __future__ import annotations

import pytest

from tests.engine.edits import Row, check, table
from tests.harness import Workspace

ROWS = table("""
=== a base and a decorator, whose names are sorted anew | keep=a:C,a:g
from json import JSONEncoder, dumps
from functools import wraps, lru_cache
class C(JSONEncoder):
    def m(self): return dumps(1)
@lru_cache
def g(): return 1
--->
from functools import lru_cache, wraps
from json import dumps, JSONEncoder
class C(JSONEncoder):
    def m(self): return dumps(2)
@lru_cache
def g(): return 1
>>> C().m() == "2"

=== a decorator of a class, whose name is sorted anew | keep=a:C
from functools import total_ordering, wraps
@total_ordering
class C:
    def __eq__(self, other): return True
    def __lt__(self, other): return False
--->
from functools import wraps, total_ordering
@total_ordering
class C:
    def __eq__(self, other): return True
    def __lt__(self, other): return True
>>> C() <= C()

=== a decorator of a class that comes from elsewhere | must=structural
--- a.py
from b import mark as deco, other
@deco
class C: pass
--- b.py
def mark(cls):
    cls.marks = [1]
    print(cls)
    return cls
def other(cls):
    cls.marks = [2]
    print(cls)
    return cls
--->
--- a.py
from b import other, other as deco
@deco
class C: pass

=== one import of several modules becomes several | keep=a:C
import json, enum
class C(json.JSONEncoder): x = 1
--->
import enum
import json
class C(json.JSONEncoder): x = 2
>>> C().x == 2

=== a class with slots, whose base comes in another statement | keep=a:C
from collections import OrderedDict, deque, UserDict
class C(UserDict):
    __slots__ = ("a",)
--->
from collections import deque, OrderedDict
from collections import UserDict
class C(UserDict):
    __slots__ = ("a",)
    x = 1
>>> C().x == 1

=== what acts with it does not act again | keep=a:KEPT
import sys, json
KEPT = []
KEPT.append(json)
def f(): return 1
--->
import json, sys
KEPT = []
KEPT.append(json)
def f(): return 2
>>> f() == 2 and KEPT == [json]

=== a name of a module of the plugin's own that changes, too
--- a.py
from b import LIMIT, f
X = LIMIT + 1
--- b.py
LIMIT = 1
def f(): return 1
--->
--- a.py
from b import f, LIMIT
X = LIMIT + 1
--- b.py
LIMIT = 2
def f(): return 1
>>> X == 3 and LIMIT == 2

=== a base that comes from elsewhere | must=structural
from collections import UserDict as Base, deque
class C(Base):
    __slots__ = ("a",)
--->
from collections import deque, UserList as Base
class C(Base):
    __slots__ = ("a",)

=== a name that comes from elsewhere
from os.path import join as name, split
X = name.__name__
--->
from os.path import split, basename as name
X = name.__name__
>>> X == "basename"

=== it is bound once more, before and after
from json import dumps, loads
dumps = 1
X = dumps
--->
dumps = 1
from json import loads, dumps
X = dumps
>>> X is __import__("json").dumps

=== it was bound once more
from json import dumps, loads
dumps = 1
X = dumps
--->
from json import loads, dumps
X = dumps
>>> X is __import__("json").dumps

=== it is bound once more now
from json import dumps, loads
X = dumps
--->
from json import loads, dumps
dumps = 1
X = dumps
>>> X == 1

=== it comes below what needs it | must=rejected
from json import dumps, loads
X = dumps(1)
def f(): return loads("1")
--->
from functools import wraps
X = dumps(1)
from json import loads, dumps
def f(): return loads("1")

=== it comes below a base that needs it | must=rejected
from collections import UserDict, deque
class C(UserDict): pass
--->
class C(UserDict): pass
from collections import deque, UserDict

=== it comes below a call of what needs it | must=structural
from json import dumps, loads
def f(): return dumps(1)
X = f()
--->
def f(): return dumps(1)
X = f()
from json import loads, dumps

=== it comes below what only its calls need
from json import dumps, loads
def f(): return dumps(1)
--->
def f(): return dumps(1)
from json import loads, dumps
>>> f() == "1"

=== it is gone, and the other one is not | must=structural
from json import JSONEncoder, dumps
class C(JSONEncoder): pass
--->
from json import dumps, loads
class C(JSONEncoder): pass

=== the same name of another package of the plugin's own
--- pkg/__init__.py
from .one import g, f
X = f()
from . import two
--- pkg/one.py
def f(): return 1
def g(): return 1
--- pkg/two.py
def f(): return 2
--->
--- pkg/__init__.py
from .two import f
from .one import g
X = f()
from . import two
>>> X == 2

=== the same object from another place | keep=a:C
try:
    from typing import Protocol, runtime_checkable
except ImportError:
    from typing_extensions import Protocol, runtime_checkable
@runtime_checkable
class C(Protocol):
    def m(self): ...
--->
from typing import Protocol, runtime_checkable
@runtime_checkable
class C(Protocol):
    def m(self): ...

=== the same object under another name | keep=a:C
import json.encoder
from json.encoder import JSONEncoder as Base
class C(Base):
    __slots__ = ("a",)
--->
import json.encoder
from json import JSONEncoder as Base
class C(Base):
    __slots__ = ("a",)
    x = 1
>>> C().x == 1

=== the same object from a module that the plugin has put it into | must=truth
import json
def f(): return 1
json.f_of_mine = f
X = f()
--->
import json
from json import f_of_mine as f
X = f()

=== the same object from another module of its own, which changes
--- a.py
from b import f
X = f()
--- b.py
from c import f
--- c.py
def f(): return 1
def g(): return 2
--->
--- a.py
from c import f
X = f()
--- c.py
g = 1
def f(): return 2
>>> X == 2

=== the same number from another place
from os import O_RDONLY as N
X = N + 1
--->
from stat import ST_MODE as N
X = N + 1
>>> X == 1

=== another object from another place
from os.path import join as f
X = f("a", "b")
--->
from os.path import basename as f
X = f("a/b")
>>> X == "b"

=== it is tried for now | must=truth
from json import dumps, loads
X = dumps(1)
--->
try:
    from json import loads, dumps
except ImportError:
    dumps = str
X = dumps(1)
""")


@pytest.mark.parametrize("row", ROWS)
def test_imports_that_are_sorted_anew(ws: Workspace, row: Row) -> None:
    check(ws, row)
