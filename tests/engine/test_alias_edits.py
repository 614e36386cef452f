"""A name that is bound to something else that is there: nothing is put into what it was bound to."""

from __future__ import annotations

import pytest

from tests.harness import Workspace

DECORATED = """
import contextlib, functools
def deco(fn):
    @functools.wraps(fn)
    def wrapper(*given): return fn(*given)
    return wrapper
def plain(fn):
    def wrapper(*given): return fn(*given)
    return wrapper
@{deco}
def f(): return 1
@{deco}
def g(): return 2
"""
DECORATORS = ["deco", "plain", "functools.cache", "contextlib.contextmanager", "functools.singledispatch"]
ALIASES = {
    "an assignment": ("h = f\n", "h = g\n"),
    "an import": ("from b import f as h\n", "from b import g as h\n"),
    "an attribute": ("import b\nh = b.f\n", "import b\nh = b.g\n"),
    "a class attribute": ("class C:\n    h = f\n", "class C:\n    h = g\n"),
    "two at once": ("h, i = f, g\n", "h, i = g, f\n"),
    "a display": ("h = [f]\n", "h = [g]\n"),
    "a conditional": ("h = f if f else g\n", "h = g if f else f\n"),
    "an if": ("if f: h = f\nelse: h = g\n", "if f: h = g\nelse: h = f\n"),
    "an annotated assignment": ("h: object = f\n", "h: object = g\n"),
    "a call that gives what it is handed": (
        "def same(x): return x\nh = same(f)\n",
        "def same(x): return x\nh = same(g)\n",
    ),
    "a static method": ("class C:\n    h = staticmethod(f)\n", "class C:\n    h = staticmethod(g)\n"),
    "a new wrapper of it": ("h = plain(f)\n", "h = plain(g)\n"),
}


@pytest.mark.parametrize("decorator", DECORATORS)
@pytest.mark.parametrize("alias", ALIASES)
def test_an_alias_of_another(ws: Workspace, alias: str, decorator: str) -> None:
    text = DECORATED.replace("{deco}", decorator)
    before, after = ALIASES[alias]
    ws.write({"b.py": text, "a.py": ("" if "b" in before.split() or "import b" in before else text) + before})
    ws.start("a", "b")
    first = "" if "b" in before.split() or "import b" in before else text
    ws.truthful({"a.py": first + after})
    ws.truthful({"a.py": first + before})


@pytest.mark.parametrize("decorator", DECORATORS)
def test_an_alias_follows_a_name(ws: Workspace, decorator: str) -> None:
    """Found by random edits: the old wrapper stayed under the alias, with the new one's contents."""
    text = DECORATED.replace("{deco}", decorator)
    ws.write({"b.py": text, "a.py": "import b\nh = b.f\n"})
    ws.start("a")
    renamed = text.replace("def f(): return 1", "def other(): return 1")
    ws.truthful({"b.py": renamed, "a.py": "import b\nh = b.other\n"})
    ws.truthful({"b.py": text, "a.py": "from b import f as h\n"})


@pytest.mark.parametrize("hides", ["from b import *", "from b import C", "from b import D as C", "import b as C"])
def test_a_class_that_an_import_hides(ws: Workspace, hides: str) -> None:
    """Found by random edits: the edit went into the class that had come to have the name."""
    text = f"class C:\n    def m(self): return 1\n    x = 1\n{hides}\n"
    ws.write({"b.py": "class C:\n    def m(self): return 3\n    x = 3\nclass D: pass\n", "a.py": text})
    ws.start("a")
    ws.truthful({"a.py": text.replace("return 1", "return 2")})
    ws.truthful({"a.py": text.replace("x = 1", "x = 2")})
