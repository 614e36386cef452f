"""Only what is said of a function differs: who calls it is left alone, who looks at it is not."""

from __future__ import annotations

import pytest

from mpdt_hooks import Outcome
from tests.harness import Workspace

LOOKS = {
    "its docstring": "X = f.__doc__",
    "its annotations": "X = f.__annotations__",
    "getattr": "X = getattr(f, '__doc__')",
    "a library": "import inspect\nX = inspect.getdoc(f), str(inspect.signature(f))",
    "type hints": "import typing\nX = typing.get_type_hints(f)",
    "a function of ours": "def look(g): return g.__doc__, str(g.__annotations__)\nX = look(f)",
    "a function that knows it": "def look(): return f.__doc__, str(f.__annotations__)\nX = look()",
    "a function that knows one that knows it": "def look(): return f.__doc__, str(f.__annotations__)\n"
    "def again(): return look()\nX = again()",
    "a function that hands it on": "def look(g): return g.__doc__, str(g.__annotations__)\n"
    "def again(): return look(f)\nX = again()",
    "a function that is given what returns it": "def get(): return f\ndef look(g): return g.__doc__\nX = look(get())",
    "a list": "ALL = [f]\nX = [g.__doc__ for g in ALL]",
    "a list that a function goes through": "ALL = [f]\ndef look(): return [g.__doc__ for g in ALL]\nX = look()",
    "another name": "g = f\nX = g.__doc__",
    "another name, handed on": "g = f\nimport inspect\nX = inspect.getdoc(g)",
    "a method of a class": "import inspect\nX = inspect.getdoc(C.m), C.m.__annotations__",
    "all of a class": "X = {k: (v.__doc__, str(v.__annotations__)) for k, v in vars(C).items() if callable(v)}",
    "a function that is handed the class": "def look(c): return c.m.__doc__, str(c.m.__annotations__)\nX = look(C)",
    "a function that makes an instance": "def look(o): return o.m.__doc__\ndef make(): return look(C())\nX = make()",
    "an instance": "O = C()\nX = O.m.__doc__",
    "an instance that is handed on": "def look(o): return o.m.__doc__\nO = C()\nX = look(O)",
    "a subclass": "class D(C): pass\nX = D.m.__doc__",
    "a subclass that is handed on": "def look(c): return c.m.__doc__\nclass D(C): pass\nX = look(D)",
    "a default": "def look(g=f): return g.__doc__\nX = look()",
    "a class attribute": "class D:\n    g = f\nX = D.g.__doc__",
    "a class attribute that is handed on": "def look(c): return c.g.__doc__\nclass D:\n    g = f\nX = look(D)",
    "a namespace": "X = globals()['f'].__doc__",
    "a whole namespace": "X = [v.__doc__ for v in list(globals().values()) if callable(v)]",
    "a wrapper": "import functools\n@functools.wraps(f)\ndef g(): return f()\nX = g.__doc__",
    "a decorator": "def deco(g):\n    g.seen = f.__doc__\n    return g\n@deco\ndef h(): pass",
    "a class decorator": "def deco(c):\n    c.seen = c.m.__doc__\n    return c\n@deco\nclass D(C): pass",
    "a cache": "import functools\n@functools.cache\ndef look(): return f.__doc__\nlook()",
}
CALLS = {
    "at once": "X = [f()]",
    "through a function": "def g(): return f()\nX = [g()]",
    "through a method": "class D:\n    def m(self): return f()\nX = [D().m()]",
    "as a decorator with arguments": "def g(h): return h\ndef make(): return g\nX = [f()]\n@make()\ndef h(): pass",
}
VERSIONS = [
    ("def f(a=1):\n    'One.'\n    return a\n", "def f(a=1):\n    'Two.'\n    return a\n"),
    ("def f(a=1):\n    'One.'\n    return a\n", "def f(a: int = 1) -> int:\n    'One.'\n    return a\n"),
    ("def f(a=1):\n    b = a\n    return b\n", "def f(a: 'int' = 1):\n    'One.'\n    b: int = a\n    return b\n"),
]
CLASSES = (
    "class C:\n    def m(self):\n        'One.'\n        return 1\n",
    "class C:\n    def m(self) -> int:\n        'Two.'\n        return 1\n",
)
STATE = "STATE = []\n"


@pytest.mark.parametrize("version", range(len(VERSIONS)))
@pytest.mark.parametrize("looks", LOOKS)
def test_who_looks_is_told(ws: Workspace, looks: str, version: int) -> None:
    old, new = (VERSIONS[version][i] + CLASSES[i] + LOOKS[looks] + "\n" for i in (0, 1))
    ws["a.py"] = old
    ws.start("a")
    ws.truthful({"a.py": new})
    ws.truthful({"a.py": old})


@pytest.mark.parametrize("looks", LOOKS)
def test_who_looks_from_another_module_is_told(ws: Workspace, looks: str) -> None:
    old, new = (VERSIONS[2][i] + CLASSES[i] for i in (0, 1))
    ws.write({"a.py": "from b import C, f\n" + LOOKS[looks] + "\n", "b.py": old})
    ws.start("a")
    ws.truthful({"b.py": new})
    ws.truthful({"b.py": old})


@pytest.mark.parametrize("version", range(len(VERSIONS)))
@pytest.mark.parametrize("calls", CALLS)
def test_who_calls_is_left_alone(ws: Workspace, calls: str, version: int) -> None:
    old, new = (VERSIONS[version][i] + CALLS[calls] + "\n" for i in (0, 1))
    ws["a.py"] = old
    a = ws.start("a")
    before = vars(a)["X"]
    assert ws.truthful({"a.py": new}).outcome is Outcome.PATCHED
    assert vars(a)["X"] is before


def test_annotations_of_local_variables_change_nothing(ws: Workspace) -> None:
    old = "def f():\n    a = []\n    return a\nX = f()\nprint_ = str\nstr(f())\n"
    ws["a.py"] = old
    a = ws.start("a")
    before = vars(a)["X"]
    assert ws.truthful({"a.py": old.replace("a = []", "a: list[int] = []")}).outcome is Outcome.PATCHED
    assert vars(a)["X"] is before


def test_annotations_inside_of_functions_that_are_made_are_another_result(ws: Workspace) -> None:
    old = "def f():\n    def g(a): return a\n    return g\nX = f().__annotations__\n"
    ws["a.py"] = old
    ws.start("a")
    ws.truthful({"a.py": old.replace("g(a)", "g(a: int)")})
