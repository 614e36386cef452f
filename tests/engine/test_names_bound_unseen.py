"""Names that a statement binds where an outline does not see it: through ``globals()``, ``setattr``, ``exec``."""

from __future__ import annotations

import pytest

from tests.engine.edits import Row, check, table
from tests.harness import Workspace

ROWS = r"""
=== globals update by keyword | must=truth
def impl(): return 1
globals().update(run=impl)
def call(): return run()
X = call()
~~~ return 1 => return 2
=== globals update by dict | must=truth
def impl(): return 1
globals().update({"run": impl})
def call(): return run()
X = call()
~~~ return 1 => return 2
=== vars | must=truth
def impl(): return 1
vars()["run"] = impl
def call(): return run()
X = call()
~~~ return 1 => return 2
=== locals | must=truth
def impl(): return 1
locals()["run"] = impl
def call(): return run()
X = call()
~~~ return 1 => return 2
=== exec | must=truth
def impl(): return 1
exec("run = impl")
def call(): return run()
X = call()
~~~ return 1 => return 2
=== alias of globals | must=truth
def impl(): return 1
g = globals()
g["run"] = impl
def call(): return run()
X = call()
~~~ return 1 => return 2
=== alias of own module | must=truth
import sys
def impl(): return 1
me = sys.modules[__name__]
me.run = impl
def call(): return run()
X = call()
~~~ return 1 => return 2
=== loop binds by names | must=truth
def make(n):
    return lambda: n + "1"
for n in ("a1", "b1"):
    globals()[n] = make(n)
def call(): return a1()
X = call()
~~~ n + "1" => n + "2"
=== a function that writes globals | must=truth
def impl(): return 1
def setup(): globals()["run"] = impl
setup()
def call(): return run()
X = call()
~~~ return 1 => return 2
=== attribute of another module that it does not bind | must=truth
import b
def impl(): return 1
b.run = impl
X = b.call()
--- b.py
def call(): return run()
~~~ return 1 => return 2
=== setattr on another module | must=truth
import b
def impl(): return 1
setattr(b, "run", impl)
X = b.call()
--- b.py
def call(): return run()
~~~ return 1 => return 2
=== vars of another module | must=truth
import b
def impl(): return 1
vars(b)["run"] = impl
X = b.call()
--- b.py
def call(): return run()
~~~ return 1 => return 2
=== dict of another module | must=truth
import b
def impl(): return 1
b.__dict__["run"] = impl
X = b.call()
--- b.py
def call(): return run()
~~~ return 1 => return 2
=== dict update of another module | must=truth
import b
def impl(): return 1
b.__dict__.update(run=impl)
X = b.call()
--- b.py
def call(): return run()
~~~ return 1 => return 2
=== setdefault | must=truth
def impl(): return 1
globals().setdefault("run", impl)
def call(): return run()
X = call()
~~~ return 1 => return 2
=== setitem | must=truth
def impl(): return 1
globals().__setitem__("run", impl)
def call(): return run()
X = call()
~~~ return 1 => return 2
=== exec in a namespace of its own | must=truth
def impl(): return 1
NS = {"impl": impl}
exec("def run(): return impl()", NS)
X = NS["run"]()
~~~ return 1 => return 2
=== eval | must=truth
def impl(): return 1
X = eval("impl()")
~~~ return 1 => return 2
=== eval in a function | must=truth
def impl(): return 1
def call(): return eval("impl()")
X = call()
~~~ return 1 => return 2
=== locals in a class body | must=truth
def impl(self): return 1
class C:
    locals()["run"] = impl
X = C().run()
~~~ return 1 => return 2
=== vars in a class body loop | must=truth
def make(n):
    return lambda self: n + "1"
class C:
    for n in ("a1", "b1"):
        vars()[n] = make(n)
X = C().a1()
~~~ n + "1" => n + "2"
=== imported from a module that binds through globals | must=truth
from b import run
X = run()
--- b.py
def impl(): return 1
globals()["run"] = impl
~~~ return 1 => return 2
=== through a module that binds through globals | must=truth
import b
X = b.run()
--- b.py
def impl(): return 1
globals()["run"] = impl
~~~ return 1 => return 2
=== star import of it | must=truth
from b import *
X = run()
--- b.py
def impl(): return 1
globals()["run"] = impl
~~~ return 1 => return 2
=== global statement in a function that is called | must=truth
def impl(): return 1
def setup():
    global run
    run = impl
setup()
def call(): return run()
X = call()
~~~ return 1 => return 2
=== dict of own module | must=truth
import sys
def impl(): return 1
sys.modules[__name__].__dict__["run"] = impl
def call(): return run()
X = call()
~~~ return 1 => return 2
=== import oneself | must=truth
import a as me
def impl(): return 1
me.run = impl
def call(): return run()
X = call()
~~~ return 1 => return 2
=== a name that is there is wrapped through globals | must=truth
def wrap(f):
    return lambda: f() + 1
def run(): return 1
for n in ["run"]:
    globals()[n] = wrap(globals()[n])
X = run()
~~~ f() + 1 => f() + 2
=== the value is computed when it is bound | must=truth
def impl(): return 1
globals()["VALUE"] = impl()
X = VALUE
~~~ return 1 => return 2
=== a function that is handed globals | must=truth
def impl(): return 1
def install(ns): ns["run"] = impl
install(globals())
def call(): return run()
X = call()
~~~ return 1 => return 2
=== own value through globals | must=truth
LIMIT = 1
globals()["COPY"] = LIMIT
X = COPY
~~~ LIMIT = 1 => LIMIT = 2
=== in a comprehension | must=truth
def make(n):
    return lambda: n + "1"
globals().update({n: make(n) for n in ("a1", "b1")})
def call(): return a1()
X = call()
~~~ n + "1" => n + "2"
=== builtins | must=truth
import builtins
def impl(): return 1
builtins.run_of_k1 = impl
def call(): return run_of_k1()
X = call()
~~~ return 1 => return 2
=== dunder setattr | must=truth
import sys
def impl(): return 1
sys.modules[__name__].__setattr__("run", impl)
def call(): return run()
X = call()
~~~ return 1 => return 2
=== function's globals | must=truth
def impl(): return 1
impl.__globals__["run"] = impl
def call(): return run()
X = call()
~~~ return 1 => return 2
=== a partial of setattr | must=truth
import sys, functools
def impl(): return 1
put = functools.partial(setattr, sys.modules[__name__])
put("run", impl)
def call(): return run()
X = call()
~~~ return 1 => return 2
=== a function of ours that sets on the module of the function | must=truth
import sys
def export(f):
    setattr(sys.modules[f.__module__], "run", f)
    return f
@export
def impl(): return 1
def call(): return run()
X = call()
~~~ return 1 => return 2
=== in try | must=truth
def impl(): return 1
try:
    globals()["run"] = impl
except KeyError: pass
def call(): return run()
X = call()
~~~ return 1 => return 2
=== in a with | must=truth
import contextlib
def impl(): return 1
with contextlib.suppress(KeyError):
    globals()["run"] = impl
def call(): return run()
X = call()
~~~ return 1 => return 2
=== in a match | must=truth
def impl(): return 1
match 1:
    case 1: globals()["run"] = impl
def call(): return run()
X = call()
~~~ return 1 => return 2
=== a name made at run time | must=truth
def impl(): return 1
KEY = "run"
globals()[KEY] = impl
def call(): return run()
X = call()
~~~ return 1 => return 2
=== a module under a name made at run time | must=truth
import importlib
for n in ["b"]:
    globals()[n + "1"] = importlib.import_module(n)
X = b1.f()
--- b.py
def f(): return 1
~~~ return 1 => return 2
=== a table of functions | must=truth
def impl(): return 1
def other(): return 3
for n, f in (("run", impl), ("walk", other)):
    globals()[n] = f
def call(): return run()
X = call()
~~~ return 1 => return 2
=== exec of a text made at run time | must=truth
def impl(): return 1
exec("%s = impl" % "run")
def call(): return run()
X = call()
~~~ return 1 => return 2
=== a name made at run time, used in a class body | must=truth
def impl(): return 1
KEY = "run"
globals()[KEY] = impl
class C:
    x = run()
~~~ return 1 => return 2
"""


@pytest.mark.parametrize("row", table(ROWS))
def test_a_name_bound_unseen(ws: Workspace, row: Row) -> None:
    check(ws, row)
