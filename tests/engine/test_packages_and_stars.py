"""Packages that star-import their modules: the name of a submodule may come back to the package through a star."""

from __future__ import annotations

import pytest

from tests.engine.edits import Row, check, table
from tests.harness import Workspace, explain

ROWS = table("""
=== a star whose module has an empty __all__ takes nothing away that another brought
import pkg
--- pkg/__init__.py
from .middle import *
from .top import *
--- pkg/middle.py
import json
__all__ = []
x = 6
--- pkg/top.py
import json
t = 1
--->
--- pkg/middle.py
import json
__all__ = []
x = 6
y = {}
>>> pkg.json.dumps(1) == "1" and not hasattr(pkg, "y")

=== a module no longer imports its neighbour, whose name a star had brought
import pkg
--- pkg/__init__.py
from .base import met
from .middle import *
--- pkg/base.py
met = 1
--- pkg/middle.py
from . import base
x = base.met
--->
--- pkg/middle.py
x = 1
>>> pkg.base.met == 1 and pkg.x == 1
""")

IMPORTS = (
    "from . import base",
    "from pkg import base",
    "import pkg.base as base",
    "from . import base as first\nbase = first",
    "import pkg.base\nbase = pkg.base",
)
LOOKS = (
    "base.v",
    "getattr(base, 'v', None)",
    "hasattr(base, 'v') and base.v",
    "vars(base).get('v')",
    "base.__dict__.get('v', 3)",
    "base.__dict__['v']",
    "(lambda: base.__dict__.get('v', 3))()",
    "(lambda: base.v)()",
)
PACKAGES = ("from . import base\nfrom .middle import *\n", "from . import base, middle\n")


@pytest.mark.parametrize("row", ROWS)
def test_stars(ws: Workspace, row: Row) -> None:
    check(ws, row)


@pytest.mark.parametrize("package", PACKAGES)
@pytest.mark.parametrize("import_", IMPORTS)
def test_a_module_that_looks_at_its_neighbour(ws: Workspace, import_: str, package: str) -> None:
    looks = "".join(f"who{n} = {look}\n" for n, look in enumerate(LOOKS))
    ws.write({"pkg/__init__.py": package, "pkg/base.py": "v = 1\n", "pkg/middle.py": f"{import_}\n{looks}"})
    ws.start("pkg")
    ws.expect_patched({"pkg/base.py": "v = 2\n"})
    assert [ws.get(f"pkg.middle:who{n}") for n in range(len(LOOKS))] == [2] * len(LOOKS)


@pytest.mark.parametrize("package", PACKAGES)
@pytest.mark.parametrize("import_", IMPORTS)
def test_a_module_that_looks_for_what_goes(ws: Workspace, import_: str, package: str) -> None:
    wanted = [look for look in LOOKS if "get" in look or "has" in look]
    looks = "".join(f"who{n} = {look}\n" for n, look in enumerate(wanted))
    ws.write({"pkg/__init__.py": package, "pkg/base.py": "v = 1\n", "pkg/middle.py": f"{import_}\n{looks}"})
    ws.start("pkg")
    ws.expect_patched({"pkg/base.py": "w = 1\n"})
    assert {ws.get(f"pkg.middle:who{n}") for n in range(len(wanted))} == {None, False, 3}


BASE = """
__all__ = ["v", "f", "C"]
v = 1
def f(): return v, 5
class C:
    k = v
    def m(self): return self.k, 7
"""
# How a package gives away what its module has, how another module gets it, what that makes of it, and the edits.
GIVEN = (
    "from .base import v, f, C",
    "from .base import *",
    "from . import base\nv, f, C = base.v, base.f, base.C",
    "from .base import v, f, C\nfrom .middle import *",
    "from . import base\nfrom .base import *\n__all__ = base.__all__ + ['extra']\nextra = 1",
    "import importlib\nbase = importlib.import_module('.base', __package__)\nv, f, C = base.v, base.f, base.C",
    "from .sub import *",
    "from . import sub\nv = sub.v; f = sub.f; C = sub.C",
    "def __getattr__(n):\n    import importlib\n    if n == '__all__': raise AttributeError(n)\n"
    "    return getattr(importlib.import_module('pkg.base'), n)",
    "for _n in ('v', 'f', 'C'):\n    globals()[_n] = getattr(__import__('pkg.base', fromlist=['x']), _n)",
)
TAKEN = (
    "from pkg import v, f, C",
    "import pkg\nv = pkg.v; f = pkg.f; C = pkg.C",
    "from pkg import *",
    "from . import v, f, C",
)
MADE = """
x = v, f(), C.k, C().m()
class E(C):
    z = v
y = E.z, E().m()
def g(y=v): return y, f()
w = g()
"""
EDITS = (
    ("v = 1", "v = 2"),
    ("5", "6"),
    ("7", "8"),
    ("def f()", "def h()"),
    ('"v", ', ""),
    ("class C:", "class D: j = 1\nclass C(D):"),
)


@pytest.mark.parametrize("taken", TAKEN)
@pytest.mark.parametrize("given", GIVEN)
def test_a_package_gives_away_what_its_module_has(ws: Workspace, given: str, taken: str) -> None:
    files = {"pkg/__init__.py": given, "pkg/base.py": BASE, "pkg/sub/__init__.py": "from ..base import *\n"}
    ws.write(
        {
            **files,
            "pkg/middle.py": f"{taken}\n{MADE}",
            "main.py": "import pkg, pkg.middle\nfrom pkg.middle import x\n",
        }
    )
    try:
        ws.start("main")
    except NameError:
        assert "__getattr__" in given  # no star asks for it
        assert "*" in taken
        return
    for old, new in EDITS[(GIVEN.index(given) + TAKEN.index(taken)) % 2 :: 2]:  # every other one, each in half the rows
        report = ws.truthful({"pkg/base.py": BASE.replace(old, new)})
        if report.outcome not in ("patched", "unchanged"):
            ws.write({"pkg/base.py": BASE})
        back = ws.truthful({"pkg/base.py": BASE})
        assert back.outcome in ("patched", "unchanged"), explain(back)
