"""Modules that are handed on or looked into whole, names that functions import, and what ``__getattr__`` gives."""

from __future__ import annotations

import pytest

from tests.engine.edits import Row, check, table
from tests.harness import Workspace

ROWS = """
=== a module looked into depends through a function
--- top.py
import middle
who = vars(middle).get("lazy")
--- middle.py
def get():
    import importlib
    return importlib.import_module("base").out
lazy = get()
--- base.py
out = 1
~~~ out = 1 => out = 2
>>> who == 2
=== a module looked into depends plainly
--- top.py
import middle
who = vars(middle).get("lazy")
--- middle.py
from base import out
lazy = out
--- base.py
out = 1
~~~ out = 1 => out = 2
>>> who == 2
=== getattr on a module
import config
X = getattr(config, "LIMIT")
--- config.py
LIMIT = 1
--->
--- config.py
LIMIT = 2
>>> X == 2
=== vars and __dict__ of a module
import config
X = vars(config)["LIMIT"]
Y = config.__dict__["LIMIT"]
--- config.py
LIMIT = 1
--->
--- config.py
LIMIT = 2
>>> (X, Y) == (2, 2)
=== a module handed to a function
import config
def take(m): return m.LIMIT
X = take(config)
--- config.py
LIMIT = 1
--->
--- config.py
LIMIT = 2
>>> X == 2
=== a package of which a module changes, handed to a function
import pkg
def take(m): return m.config.LIMIT
X = take(pkg)
--- pkg/__init__.py
from . import config
--- pkg/config.py
LIMIT = 1
--->
--- pkg/config.py
LIMIT = 2
>>> X == 2
=== a module in a table
import one, two
ALL = {"one": one, "two": two}
def go(name): return ALL[name].LIMIT
X = go("one")
--- one.py
LIMIT = 1
--- two.py
LIMIT = 1
--->
--- one.py
LIMIT = 2
>>> X == 2
=== a module handed on, of which nothing changes but another module | keep=a:X
import config, other
def take(m): return [m]
X = take(config)
def g(): return other.LIMIT
--- config.py
LIMIT = 1
--- other.py
LIMIT = 1
--->
--- other.py
LIMIT = 2
>>> g() == 2
=== one name of a module is used, and another changes | keep=a:X
import config
X = [config.NAME]
--- config.py
LIMIT = 1
NAME = "n"
--->
--- config.py
LIMIT = 2
NAME = "n"
=== a function imports a name
def helper():
    from config import LIMIT
    return LIMIT
X = helper()
--- config.py
LIMIT = 1
--->
--- config.py
LIMIT = 2
>>> X == 2
=== a function imports a name, and another one changes | keep=a:X
def helper():
    from config import NAME
    return [NAME]
X = helper()
--- config.py
LIMIT = 1
NAME = "n"
--->
--- config.py
LIMIT = 2
NAME = "n"
=== a function imports a module under another name
def helper():
    import pkg.config as settings
    return settings.LIMIT
X = helper()
--- pkg/__init__.py
--- pkg/config.py
LIMIT = 1
--->
--- pkg/config.py
LIMIT = 2
>>> X == 2
=== a function imports a submodule by its full name
def helper():
    import pkg.config
    return pkg.config.LIMIT
X = helper()
--- pkg/__init__.py
--- pkg/config.py
LIMIT = 1
--->
--- pkg/config.py
LIMIT = 2
>>> X == 2
=== a function imports relatively
from pkg.main import X
--- pkg/__init__.py
--- pkg/main.py
def helper():
    from .config import LIMIT
    return LIMIT
X = helper()
--- pkg/config.py
LIMIT = 1
--->
--- pkg/config.py
LIMIT = 2
>>> X == 2
=== a cached function imports a name
import functools
@functools.cache
def f():
    from config import LIMIT
    return LIMIT
--- config.py
LIMIT = 1
<<< f()
--->
--- config.py
LIMIT = 2
>>> f() == 2
=== import_module in a function
import importlib
def helper(): return importlib.import_module("config").LIMIT
X = helper()
--- config.py
LIMIT = 1
--->
--- config.py
LIMIT = 2
>>> X == 2
=== import_module and __import__ in an expression
import importlib
X = importlib.import_module("config").LIMIT
Y = __import__("config").LIMIT
--- config.py
LIMIT = 1
--->
--- config.py
LIMIT = 2
>>> (X, Y) == (2, 2)
=== sys.modules
import sys, config
X = sys.modules["config"].LIMIT
--- config.py
LIMIT = 1
--->
--- config.py
LIMIT = 2
>>> X == 2
=== modules that are imported by name and not looked into | keep=a:X
import importlib
for _name in ("config",):
    importlib.import_module(_name)
X = []
--- config.py
LIMIT = 1
--->
--- config.py
LIMIT = 2
=== the docstring of the module, as a value
'''Doc one.'''
HELP = __doc__
def usage(): return __doc__.upper()
LOUD = usage()
--->
'''Doc two.'''
HELP = __doc__
def usage(): return __doc__.upper()
LOUD = usage()
>>> (HELP, LOUD) == ("Doc two.", "DOC TWO.")
=== the docstring of the module goes
'''Doc one.'''
HELP = __doc__
--->
HELP = __doc__
>>> HELP is None
=== the docstring of another module
import b
HELP = b.__doc__
--- b.py
'''Doc one.'''
--->
--- b.py
'''Doc two.'''
>>> HELP == "Doc two."
=== the docstring of a class
class C:
    'one'
HELP = C.__doc__
--->
class C:
    'two'
HELP = C.__doc__
>>> HELP == "two"
=== a name that __getattr__ gives, imported
from b import name
--- b.py
def __getattr__(n):
    if n == "name": return 1
    raise AttributeError(n)
--->
--- b.py
def __getattr__(n):
    if n == "name": return 2
    raise AttributeError(n)
>>> name == 2
=== a name that __getattr__ gives from a constant
import b
X = b.name
--- b.py
LIMIT = 1
def __getattr__(n):
    if n == "name": return LIMIT
    raise AttributeError(n)
--->
--- b.py
LIMIT = 2
def __getattr__(n):
    if n == "name": return LIMIT
    raise AttributeError(n)
>>> X == 2
=== a name comes beside __getattr__
import b
X = b.name
--- b.py
def __getattr__(n):
    if n == "name": return 1
    raise AttributeError(n)
--->
--- b.py
name = 5
def __getattr__(n):
    if n == "name": return 1
    raise AttributeError(n)
>>> X == 5
=== __getattr__ goes | must=rejected error=AttributeError
import b
X = b.name
--- b.py
def __getattr__(n):
    if n == "name": return 1
    raise AttributeError(n)
--->
--- b.py
def other(n): pass
=== what a mapping pattern leaves over
given = {"a": 1, "b": 2}
match given:
    case {"a": x, **rest}:
        pass
Y = rest
--->
given = {"a": 1, "b": 3}
match given:
    case {"a": x, **rest}:
        pass
Y = rest
>>> Y == rest == {"b": 3}
=== a mapping pattern leaves nothing over any more
given = {"a": 1, "b": 2}
match given:
    case {"a": x, **rest}:
        pass
--->
given = {"a": 1, "b": 2}
match given:
    case {"a": x}:
        pass
>>> "rest" not in globals()
"""

SET_FROM_OUTSIDE = """
=== a class attribute that a later statement sets | must=structural code=MPDT001
class C:
    x = 1
C.x = 3
--->
class C:
    x = 2
C.x = 3
=== a class attribute comes that a later statement sets | must=structural code=MPDT001
class C: pass
C.x = 3
--->
class C:
    x = 2
C.x = 3
=== a class attribute set by setattr | must=structural code=MPDT001
class C:
    x = 1
setattr(C, "x", 3)
--->
class C:
    x = 2
setattr(C, "x", 3)
=== a class attribute set under a computed name | must=structural code=MPDT001
class C:
    x = 1
for _name in "xy": setattr(C, _name, 3)
--->
class C:
    x = 2
for _name in "xy": setattr(C, _name, 3)
=== another class attribute than the one that a statement sets
class C:
    y = 1
C.x = 3
--->
class C:
    y = 2
C.x = 3
>>> (C.x, C.y) == (3, 2)
=== a method of a class that another statement gives an attribute
class C:
    def m(self): return 1
C.x = 3
--->
class C:
    def m(self): return 2
C.x = 3
>>> (C.x, C().m()) == (3, 2)
=== a class of another module | must=structural code=MPDT001
from b import C
C.x = 3
--- b.py
class C:
    x = 1
--->
--- b.py
class C:
    x = 2
=== a name of another module | must=structural code=MPDT001
import b
b.LIMIT = 7
--- b.py
LIMIT = 1
--->
--- b.py
LIMIT = 2
=== a name comes that another module sets | must=structural code=MPDT001
import b
b.LIMIT = 7
--- b.py
--->
--- b.py
LIMIT = 2
=== the defaults of a function | must=structural code=MPDT001
def f(a=1): return a
f.__defaults__ = (9,)
--->
def f(a=2): return a
f.__defaults__ = (9,)
=== the docstring of a function
def f():
    "one"
f.__doc__ = "three"
--->
def f():
    "two"
f.__doc__ = "three"
>>> f.__doc__ == "three"
=== the docstring of a class | must=structural code=MPDT001
class C:
    "one"
C.__doc__ = "three"
--->
class C:
    "two"
C.__doc__ = "three"
"""


@pytest.mark.parametrize("row", table(ROWS))
def test_what_is_reached_through_a_module(ws: Workspace, row: Row) -> None:
    check(ws, row)


@pytest.mark.parametrize("row", table(SET_FROM_OUTSIDE))
def test_a_statement_elsewhere_has_the_last_word(ws: Workspace, row: Row) -> None:
    check(ws, row)
