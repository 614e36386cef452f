"""Which decorators keep nothing of what they are given: told from their source, and wrong in no case."""

from __future__ import annotations

import pytest

from mpdt_hooks import Outcome
from tests.harness import Workspace

LEAVES = {
    "returned by a registry": "def deco(f): return KEEP.add(f)",
    "kept by an assignment": "def deco(f):\n    got = KEEP.add(f)\n    return f",
    "kept in a parameter": "def make(table):\n    def deco(f):\n        table.append(f)\n        return f\n    return deco\n"
    "deco = make(LIST)",
    "kept in a parameter's item": "def make(table):\n    def deco(f):\n        table[f.__name__] = f\n        return f\n"
    "    return deco\ndeco = make(DICT)",
    "kept through a name of its own": "def deco(f):\n    table = DICT\n    table[f.__name__] = f\n    return f",
    "kept by a comprehension": "def deco(f):\n    [KEEP.add(f) for _ in '1']\n    return f",
    "kept by a condition": "def deco(f):\n    if KEEP.add(f): pass\n    return f",
    "kept by a default": "def deco(f):\n    def inner(g=KEEP.add(f)): return g\n    return f",
    "kept by a lambda that is called": "def deco(f): return (lambda g: KEEP.add(g))(f)",
    "kept by an inner function that is called": "def deco(f):\n    def inner(): return KEEP.add(f)\n    return inner()",
    "kept by a helper": "def helper(f): return KEEP.add(f)\ndef deco(f): return helper(f)",
    "kept by a decorator inside": "def note(f): return KEEP.add(f)\ndef deco(f):\n    @note\n    def inner(): return f()\n"
    "    return inner",
    "kept by a class": "class deco:\n    def __init__(self, f):\n        self.f = f\n        KEEP.add(self)\n"
    "    def __call__(self): return self.f()",
    "kept by __new__": "class deco:\n    def __new__(cls, f): return KEEP.add(f)",
    "kept by a base's __init__": "class Base:\n    def __init__(self, f): self.f = KEEP.add(f)\n"
    "class deco(Base):\n    def __init__(self, f): super().__init__(f)\n    def __call__(self): return self.f()",
    "counted": "def deco(f):\n    COUNT[0] += 1\n    return f",
    "counted with a call": "import itertools\nNUMBERS = itertools.count()\ndef deco(f):\n    f.number = next(NUMBERS)\n"
    "    return f",
    "set on another function": "def other(): pass\ndef deco(f):\n    other.last = f\n    return f",
    "set on another function under a name": "def other(): pass\ndef deco(f):\n    g = other\n    g.last = f\n    return f",
    "kept by an operator": "class Sink:\n    def __lshift__(self, f):\n        KEEP.add(f)\n        return f\nSINK = Sink()\n"
    "def deco(f): return SINK << f",
    "kept by an item": "class Sink:\n    def __getitem__(self, f):\n        return KEEP.add(f)\nSINK = Sink()\n"
    "def deco(f): return SINK[f]",
    "kept by a property": "class Sink:\n    @property\n    def last(self): pass\n    @last.setter\n    def last(self, f):\n"
    "        KEEP.add(f)\nSINK = Sink()\ndef deco(f):\n    sink = SINK\n    sink.last = f\n    return f",
    "kept by a with statement": "import contextlib\n@contextlib.contextmanager\ndef keeping(f):\n    KEEP.add(f)\n    yield\n"
    "def deco(f):\n    with keeping(f):\n        return f",
}
COMMON = """
class Keep:
    def __init__(self): self.all = []
    def add(self, f):
        self.all.append(f)
        return f
KEEP = Keep()
LIST = []
DICT = {}
COUNT = [0]
"""
USE = "\n@deco\ndef f(a=1): return 1\ndef g(): return 1\n"


@pytest.mark.parametrize("body", LEAVES.values(), ids=LEAVES)
def test_what_a_decorator_keeps_is_never_overlooked(ws: Workspace, body: str) -> None:
    text = COMMON + body + USE
    ws["a.py"] = text
    ws.start("a")
    ws.truthful({"a.py": text.replace("a=1", "a=2")})
    ws.truthful({"a.py": text})
    ws.truthful({"a.py": text.replace("\n@deco", "")})
    ws.truthful({"a.py": text})
    ws.truthful({"a.py": text.replace("\n@deco\ndef f(a=1): return 1", "")})
    ws.truthful({"a.py": text})
    ws.truthful({"a.py": text.replace("def f(a", "def h(a")})


KEEPS_NOTHING = {
    "flask's setupmethod": "import functools, typing as t\ndef deco(f):\n    f_name = f.__name__\n"
    "    def wrapper(*args, **kwargs):\n        print(f_name)\n        return f(*args, **kwargs)\n"
    "    return t.cast('F', functools.update_wrapper(wrapper, f))",
    "wraps": "import functools\ndef deco(f):\n    @functools.wraps(f)\n    def wrapper(*args, **kwargs):\n"
    "        KEEP.all.clear()\n        return f(*args, **kwargs)\n    return wrapper",
    "with arguments": "import functools\ndef make(n: int):\n    def outer(f):\n        @functools.wraps(f)\n"
    "        def wrapper(*args, **kwargs): return f(*args, **kwargs) * n\n        return wrapper\n    return outer\n"
    "deco = make(2)",
    "an attribute": "def deco(f):\n    f.marked = True\n    return f",
    "inspected": "import inspect, functools\ndef deco(f):\n    if inspect.iscoroutinefunction(f):\n"
    "        raise TypeError\n    names = list(inspect.signature(f).parameters)\n    @functools.wraps(f)\n"
    "    def wrapper(*args): return names, f(*args)\n    return wrapper",
    "a helper": "def helper(f):\n    def wrapper(*args): return f(*args)\n    return wrapper\ndef deco(f): return helper(f)",
}


@pytest.mark.parametrize("body", KEEPS_NOTHING.values(), ids=KEEPS_NOTHING)
def test_a_decorator_that_keeps_nothing_runs_again(ws: Workspace, body: str) -> None:
    text = COMMON + body + USE
    ws["a.py"] = text
    ws.start("a")
    ws.expect_patched({"a.py": text.replace("a=1", "a=2")})
    ws.expect_patched({"a.py": text.replace("\n@deco\ndef f(a=1): return 1", "")})


def test_a_function_under_a_class_may_go(ws: Workspace) -> None:
    deco = "class deco:\n    def __init__(self, f):\n        self.f = f\n        self.name = f.__name__\n"
    text = COMMON + deco + "    def __call__(self, *args): return self.f(*args)\n" + USE
    ws["a.py"] = text
    ws.start("a")
    ws.expect_patched({"a.py": text.replace("return 1", "return 2")})
    ws.expect_patched({"a.py": text.replace("\n@deco\ndef f(a=1): return 1", "").replace("return 1", "return 2")})


def test_a_method_of_a_registry_is_no_class_of_the_decorator(ws: Workspace) -> None:
    text = COMMON.replace("f):\n        self.all", "f):\n        self.last = f\n        self.all") + USE.replace(
        "@deco", "@KEEP.add"
    )
    ws["a.py"] = text
    ws.start("a")
    ws.truthful({"a.py": text.replace("a=1", "a=2")})
    ws.truthful({"a.py": text.replace("\n@KEEP.add\ndef f(a=1): return 1", "")})


def test_a_class_method_as_a_decorator(ws: Workspace) -> None:
    """werkzeug.wrappers.Request.application."""
    text = """
import functools
class Request:
    @classmethod
    def application(cls, f):
        @functools.wraps(f)
        def application(*args):
            return f(*args[:-2], cls(), *args[-2:])
        return application
    @classmethod
    def kept(cls, f):
        cls.last = f
        return f
@Request.application
def one(a=1): return 1
@Request.kept
def two(a=1): return 1
"""
    ws["a.py"] = text
    ws.start("a")
    ws.expect_patched({"a.py": text.replace("def one(a=1)", "def one(a=2)")})
    ws.expect_patched({"a.py": text.replace("@Request.application\ndef one(a=1): return 1\n", "")})
    ws.truthful({"a.py": text.replace("def two(a=1)", "def two(a=2)")})
    ws.truthful({"a.py": text.replace("@Request.kept\ndef two(a=1): return 1\n", "")})


def test_a_class_that_calls_its_builtin_base(ws: Workspace) -> None:
    """werkzeug.utils.cached_property."""
    text = """
class cached(property):
    def __init__(self, fget, name=None, doc=None):
        super().__init__(fget, doc=doc)
        self.name = name or fget.__name__
        self.slot_name = f"_cache_{self.name}"
        self.__module__ = fget.__module__

    def __set_name__(self, owner, name):
        self.name = name

class Request:
    @cached
    def host(self) -> str:
        "The host."
        return "a"

    @cached
    def port(self): return 1
"""
    ws["a.py"] = text
    ws.start("a")
    ws.expect_patched({"a.py": text.replace("-> str", "-> object")})
    ws.expect_patched({"a.py": text.replace("The host.", "The name of the host.")})
    ws.expect_patched({"a.py": text.replace("    @cached\n    def port(self): return 1\n", "")})


def test_the_source_of_a_decorator_is_that_of_the_code_that_lives(ws: Workspace) -> None:
    """By the lines of the old file something harmless stands in the new one where the decorator stood."""
    keeps = "def deco(f): return KEEP.add(f)\n"
    harmless = "def same(f): return f\n"
    ws["a.py"] = COMMON + keeps + USE
    ws.start("a")
    ws.truthful({"a.py": COMMON + harmless + keeps + USE.replace("a=1", "a=2")})
    ws.truthful({"a.py": COMMON + harmless + keeps + USE.replace("@deco\ndef f(a=1): return 1", "")})


def test_a_decorator_that_moves_with_the_edit_is_still_read(ws: Workspace) -> None:
    text = "import functools\ndef deco(f):\n    @functools.wraps(f)\n    def w(*a): return f(*a)\n    return w\n"
    text += "class C:\n    @deco\n    def m(self, a=1): return a\n"
    ws["a.py"] = text
    ws.start("a")
    ws.expect_patched({"a.py": "import os\n\n\nX = 1\n" + text.replace("a=1", "a=2")})
    assert ws.run("a", "C().m()") == 2


GUARD = """
import functools
def guarded(allowed, message):
    def decorate(f):
        {keep}
        @functools.wraps(f)
        def check(*args): return f(*args) if allowed(*args) else message
        return check
    return decorate
def require(node):
    def allowed(*args): return node
    return guarded(allowed, 'no')
@require(1)
def f(a=1): return 1
def g(): return 1
"""


@pytest.mark.parametrize("keep", ["pass", "KEEP.add(f)"])
def test_a_decorator_that_another_function_makes(ws: Workspace, keep: str) -> None:
    """A core's ``require_permission(node)`` returns what ``guarded(allowed)`` returns."""
    text = COMMON + GUARD.format(keep=keep)
    ws["a.py"] = text
    ws.start("a")
    for new in (text.replace("a=1", "a=2"), text.replace("@require(1)\ndef f(a=1): return 1\n", "")):
        report = ws.truthful({"a.py": new})
        assert (report.outcome is Outcome.PATCHED) == (keep == "pass")
