"""A package's ``__init__.py`` that comes or goes, while its modules live."""

from __future__ import annotations

import sys

import pytest

from mpdt_hooks import Outcome
from tests.engine.edits import Row, check, table
from tests.harness import Workspace

MODULE = "X = 1\ndef f(): return X\nclass C: pass\n"

COMES = table("""
=== empty
--- pkg/a.py
def f(): return 1
--->
--- pkg/__init__.py
>>> f() == 1

=== a docstring, constants, a function | keep=pkg.a:f
--- pkg/a.py
def f(): return 1
--->
--- pkg/__init__.py
'''What it is.'''
from pathlib import Path
NAME: str = Path(__file__).name
def g(): return NAME
>>> f() == 1 and __import__("pkg").g() == "__init__.py" and __import__("pkg").__doc__

=== what it imports of its own | keep=pkg.a:C
--- pkg/a.py
class C: pass
def f(): return 1
--->
--- pkg/__init__.py
from .a import C, f
__all__ = ["C", "f"]
>>> __import__("pkg").C is C

=== an edit beside it
--- pkg/a.py
LIMIT = 1
def f(): return LIMIT
--->
--- pkg/__init__.py
from .a import f
--- pkg/a.py
LIMIT = 2
def f(): return LIMIT
>>> __import__("pkg").f() == 2

=== a module that it is the first to import
--- pkg/a.py
def f(): return 1
--- pkg/b.py
def g(): return 2
--->
--- pkg/__init__.py
from .b import g
>>> __import__("pkg").g() == 2

=== a package within a package
--- pkg/__init__.py
from .sub import a
--- pkg/sub/a.py
def f(): return 1
--->
--- pkg/sub/__init__.py
Y = 2
>>> a.f() == 1 and sub.Y == 2

=== what a module below it needs, with it
--- pkg/a.py
def f(): return 1
--->
--- pkg/__init__.py
NAME = "x"
--- pkg/a.py
from . import NAME
def f(): return NAME
>>> f() == "x"

=== a circle of imports | must=structural
--- pkg/a.py
def f(): return 1
--->
--- pkg/__init__.py
from .a import f
NAME = "x"
--- pkg/a.py
from . import NAME
def f(): return NAME

=== it acts | must=structural code=MPDT001
--- pkg/a.py
def f(): return 1
--->
--- pkg/__init__.py
print("on import")

=== it does not compile | must=rejected error=SyntaxError
--- pkg/a.py
def f(): return 1
--->
--- pkg/__init__.py
def f(:

=== it raises | must=rejected error=ZeroDivisionError
--- pkg/a.py
def f(): return 1
--->
--- pkg/__init__.py
X = 1 / 0

=== it takes the name of a module below it | must=structural code=MPDT011
--- pkg/a.py
def f(): return 1
--->
--- pkg/__init__.py
a = 1
""")

NAMES = table("""
=== a package's name is that of a module, which is imported later | must=structural code=MPDT011
--- pkg/__init__.py
def b(): return 1
from .a import f
--- pkg/a.py
def f(): return 1
--->
--- pkg/__init__.py
def a(): return 1
from .a import f

=== it is imported before
--- pkg/__init__.py
from .a import f
--- pkg/a.py
def f(): return 1
--->
--- pkg/__init__.py
from .a import f
def a(): return 2
>>> a() == 2 and f() == 1

=== what it is made of changes, and it was imported before
--- pkg/__init__.py
from .a import f
N = 1
a = N + 1
--- pkg/a.py
def f(): return 1
--->
--- pkg/__init__.py
from .a import f
N = 2
a = N + 1
>>> a == 3
""")


@pytest.mark.parametrize("row", COMES)
def test_it_comes(ws: Workspace, row: Row) -> None:
    check(ws, row)


def start(ws: Workspace, init: str) -> None:
    ws["pkg/__init__.py"] = init
    ws["pkg/a.py"] = MODULE
    ws.start("pkg", "pkg.a")


@pytest.mark.parametrize("init", ["", "'''Text.'''\nNAME = 'x'\n", "def g(): return 1\nclass K: pass\n"])
def test_it_goes(ws: Workspace, init: str) -> None:
    start(ws, init)
    cls, package = sys.modules["pkg.a"].C, sys.modules["pkg"]
    report = ws.truthful({"pkg/__init__.py": None})
    assert report.outcome is Outcome.PATCHED
    assert sys.modules["pkg"] is package
    assert sys.modules["pkg.a"].C is cls
    assert not {"NAME", "g", "K"} & vars(package).keys()


@pytest.mark.parametrize(
    ("init", "module"),
    [
        ("print('on import')\n", MODULE),  # what it did cannot be taken back
        ("NAME = 1\n", "from . import NAME\n" + MODULE),  # somebody needs it
        ("NAME = 1\n", "import pkg\nX = pkg.NAME\n"),
    ],
)
def test_it_goes_and_cannot(ws: Workspace, init: str, module: str) -> None:
    ws["pkg/__init__.py"] = init
    ws["pkg/a.py"] = module
    ws.start("pkg", "pkg.a")
    before = ws.describe()
    del ws["pkg/__init__.py"]
    assert ws.reload().outcome in (Outcome.STRUCTURAL, Outcome.REJECTED)
    assert ws.describe() == before
    ws["pkg/__init__.py"] = init
    assert ws.reload(ws.path("pkg/__init__.py")).outcome is Outcome.UNCHANGED


def test_a_name_of_a_module_that_somebody_else_has_imported(ws: Workspace) -> None:
    start(ws, "NAME = 1\n")
    ws.expect_rude({"pkg/__init__.py": "NAME = 1\na = 2\n"}, "MPDT011")


def test_a_name_of_an_empty_module(ws: Workspace) -> None:
    ws["pkg/__init__.py"] = "NAME = 1\n"
    ws["pkg/a.py"] = ""
    ws.start("pkg", "pkg.a")
    ws.expect_rude({"pkg/__init__.py": "NAME = 1\na = 2\n"}, "MPDT011")


@pytest.mark.parametrize("row", NAMES)
def test_a_name_that_is_a_modules_too(ws: Workspace, row: Row) -> None:
    check(ws, row)


def test_it_goes_and_had_imported_what_somebody_needs(ws: Workspace) -> None:
    ws["pkg/__init__.py"] = "from .a import C\n"
    ws["pkg/a.py"] = MODULE
    ws.start("pkg.a")
    ws.expect_rude({"pkg/__init__.py": None}, "MPDT019")


def test_it_goes_with_its_modules(ws: Workspace) -> None:
    start(ws, "NAME = 1\n")
    ws.expect_rude({"pkg/__init__.py": None, "pkg/a.py": None}, "MPDT019")


def test_a_package_without_modules_goes(ws: Workspace) -> None:
    ws["pkg/__init__.py"] = "NAME = 1\n"
    ws["pkg/notes.txt"] = "kept"
    ws.start("pkg")
    ws.expect_rude({"pkg/__init__.py": None}, "MPDT019")


def test_it_comes_and_goes_and_comes(ws: Workspace) -> None:
    ws["pkg/a.py"] = MODULE
    ws.start("pkg.a")
    file = ws.path("pkg/__init__.py")
    for turn in range(3):
        ws["pkg/__init__.py"] = f"NAME = {turn}\n"
        assert ws.reload(file).outcome is Outcome.PATCHED
        assert turn == sys.modules["pkg"].NAME
        ws["pkg/__init__.py"] = f"NAME = {turn}\ndef g(): return NAME + 1\n"
        assert ws.reload(file).outcome is Outcome.PATCHED
        assert sys.modules["pkg"].g() == turn + 1
        del ws["pkg/__init__.py"]
        assert ws.reload(file).outcome is Outcome.PATCHED
        assert not hasattr(sys.modules["pkg"], "NAME")


def test_one_that_fails_leaves_a_namespace_that_can_be_made_a_package(ws: Workspace) -> None:
    ws["pkg/a.py"] = MODULE
    ws.start("pkg.a")
    before = ws.describe()
    file = ws.path("pkg/__init__.py")
    for wrong in ("X = 1 / 0\n", "def f(:\n", "print(1)\n"):
        ws["pkg/__init__.py"] = wrong
        assert ws.reload(file).outcome is not Outcome.PATCHED
        assert ws.describe() == before
        assert vars(sys.modules["pkg"]).get("__file__") is None
    ws["pkg/__init__.py"] = "NAME = 1\n"
    assert ws.reload(file).outcome is Outcome.PATCHED
    assert sys.modules["pkg"].NAME == 1
    assert sys.modules["pkg"].__file__ == str(file)


def test_a_new_module_below_is_found_afterwards(ws: Workspace) -> None:
    ws["pkg/a.py"] = "def f():\n    from . import late\n    return late.X\n"
    ws.start("pkg.a")
    ws["pkg/__init__.py"] = "NAME = 1\n"
    assert ws.reload(ws.path("pkg/__init__.py")).outcome is Outcome.PATCHED
    ws["pkg/late.py"] = "from . import NAME as X\n"
    assert sys.modules["pkg.a"].f() == 1


def test_a_namespace_of_two_folders_stays_one(ws: Workspace) -> None:
    ws["pkg/a.py"] = MODULE
    ws.start("pkg.a")
    ws["other/pkg/b.py"] = MODULE
    sys.path.append(str(ws.path("other")))
    try:
        assert len(list(sys.modules["pkg"].__path__)) == 2
        ws["other/pkg/__init__.py"] = "NAME = 1\n"
        report = ws.reload(ws.path("other/pkg/__init__.py"))
        assert report.outcome is not Outcome.PATCHED
    finally:
        sys.path.remove(str(ws.path("other")))
