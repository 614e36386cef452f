"""Classes that register themselves, in the forms that plugins give that, under each edit of a class or of who asks.

A hook, a metaclass or a decorator is told of each class, and does one of these things with it. ``get()`` tells
something of what was kept. The edits are made in the same module and in one that imports the registry.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.engine.products import check_all
from tests.harness import Workspace

IMPORTS = "import abc, collections, enum, functools, itertools, weakref\n"
HEADS = {
    "hook": (
        "Base",
        "",
        """class Base:
    tag = None
    def __init_subclass__(cls, **kw):
        super().__init_subclass__(**kw)
        DO
""",
    ),
    "metaclass": (
        "metaclass=Meta",
        "",
        """class Meta(type):
    def __new__(m, n, b, ns):
        cls = super().__new__(m, n, b, ns)
        DO
        return cls
""",
    ),
    "metaclass's init": (
        "metaclass=Meta",
        "",
        """class Meta(type):
    def __init__(cls, n, b, ns):
        super().__init__(n, b, ns)
        DO
""",
    ),
    "decorator": ("", "@reg\n", "def reg(cls):\n    DO\n    return cls\n"),
    "decorator with arguments": (
        "",
        "@reg('k')\n",
        "def reg(key):\n    def inner(cls):\n        DO\n        return cls\n    return inner\n",
    ),
}
GIVEN = {"hook": "Base, get", "metaclass": "Meta, get", "metaclass's init": "Meta, get"}

# What is done with a class, what is told of it, and where it is kept.
FORMS = {
    "list": ("ALL.append(cls)", "[c.__name__ for c in ALL]", "ALL = []\n"),
    "dict name": ("ALL[cls.__name__] = cls", "list(ALL)", "ALL = {}\n"),
    "dict tag": ("ALL[cls.tag if hasattr(cls,'tag') else None] = cls", "[str(k) for k in ALL]", "ALL = {}\n"),
    "dict vars": ("ALL[vars(cls).get('tag')] = cls", "[str(k) for k in ALL]", "ALL = {}\n"),
    "setdefault": ("ALL.setdefault('x', cls)", "[c.__name__ for c in ALL.values()]", "ALL = {}\n"),
    "name only": ("ALL.append(cls.__name__)", "ALL[:]", "ALL = []\n"),
    "members": ("ALL.extend(n for n in vars(cls) if n[0] != '_')", "ALL[:]", "ALL = []\n"),
    "methods": ("ALL.append(sorted(n for n, v in vars(cls).items() if callable(v)))", "ALL[:]", "ALL = []\n"),
    "instance": ("ALL.append(cls())", "[type(c).__name__ for c in ALL]", "ALL = []\n"),
    "call": ("ALL.append(cls().m())", "ALL[:]", "ALL = []\n"),
    "index": ("cls.index = len(ALL); ALL.append(cls)", "[c.index for c in ALL]", "ALL = []\n"),
    "last": ("global LAST; LAST = cls", "LAST.__name__ if LAST else 0", "LAST = None\n"),
    "first": ("ALL or ALL.append(cls)", "[c.__name__ for c in ALL]", "ALL = []\n"),
    "doc": ("ALL.append(cls.__doc__)", "ALL[:]", "ALL = []\n"),
    "mro": ("ALL.append([c.__name__ for c in cls.__mro__])", "ALL[:]", "ALL = []\n"),
    "set attr": ("cls.extra = cls.__name__ + 'x'", "1", ""),
    "set method": ("cls.extra = lambda self: cls.__name__", "1", ""),
    "annot": ("ALL.append(list(vars(cls).get('__annotations__', {})))", "ALL[:]", "ALL = []\n"),
    "counter": ("cls.n = next(N)", "1", "N = itertools.count()\n"),
    "weak": ("ALL.add(cls)", "len(ALL)", "ALL = weakref.WeakSet()\n"),
    "sorted": ("ALL.append(cls); ALL.sort(key=lambda c: c.__name__)", "[c.__name__ for c in ALL]", "ALL = []\n"),
    "base attr": ("Base.last = cls", "Base.last.__name__ if Base.last else 0", "class Base: last = None\n"),
}
A = """DECOclass A(BASE):
    'd'
    tag = 'a'
    def m(self): return 1
"""
B = "DECOclass B(BASE):\n    def m(self): return 9\n"
C = "DECOclass C(BASE):\n    tag = 'c'\n    def m(self): return 3\n"
P = "class P:\n    tag = 'p'\n    def m(self): return 0\n"
S = "class S(A):\n    def s(self): return 1\n"
H, Z = "had = get()\n", "    def z(self): pass\n"
AS_LIST, AS_TUPLE, MADE = "had = [get()]\n", "had = (get(),)\n", "a = A()\n"
REGISTERED = P.replace("class P:", "DECOclass P(BASE):")
EDITS = {
    "added above": (C, A + C),
    "added below": (C, C + A),
    "removed": (A + C, C),
    "removed last": (A + C, A),
    "added above had": (H, A + H),
    "added below had": (H, H + A),
    "had anew above": (A, H + A),
    "had anew below": (A, A + H),
    "had changed": ("had = str(1)\n" + A, "had = str(get())\n" + A),
    "had between": (A + AS_LIST + C, A + AS_TUPLE + C),
    "swap": (A + C, C + A),
    "move had up": (A + H + C, H + A + C),
    "move had down": (H + A, A + H),
    "body": (A + H, A.replace("return 1", "return 2") + H),
    "attribute": (A + H, A.replace("'a'", "'b'") + H),
    "attribute added": (A + H, A + "    z = 1\n" + H),
    "method added": (A + H, A + Z + H),
    "method removed": (A + Z + H, A + H),
    "doc": (A + H, A.replace("'d'", "'e'") + H),
    "renamed": (A + H, A.replace("class A", "class Q") + H),
    "annotated": (A + H, A + "    z: int = 1\n" + H),
    "subclass added": (A, A + "class S(A): pass\n"),
    "body of a subclass": (A + S + H, A + S.replace("return 1", "return 2") + H),
    "attribute of a base": (A + S + H, A.replace("'a'", "'b'") + S + H),
    "becomes registered": (P + H, REGISTERED + H),
    "no longer": (REGISTERED + H, P + H),
    "middle": (A + C, A + B + C),
    "middle had": (A + C + H, A + B + C + H),
    "constant": tuple(f"X = {n}\n" + A.replace("'a'", "X") + H for n in (1, 2)),
    "static": (A + H, A.replace("def m(self)", "@staticmethod\n    def m()") + H),
    "instance above": (A + MADE + C, C + A + MADE),
}


def placed(head: str, form: str, edit: str, place: int) -> tuple[dict[str, str], dict[str, str]]:
    base, decorator, told = HEADS[head]
    does, tells, kept = FORMS[form]
    registry = f"{IMPORTS}{kept}{told.replace('DO', does)}def get(): return {tells}\n"
    bases = f"({base})" if base else ""
    before, after = (text.replace("DECO", decorator).replace("(BASE)", bases) for text in EDITS[edit])
    if place == 0:
        return {"a.py": registry + before}, {"a.py": registry + after}
    given = f"from k import {GIVEN.get(head, 'reg, get')}\n"
    return {"k.py": registry, "a.py": given + before}, {"a.py": given + after}


def check(ws: Workspace, form: str, places: Iterator[tuple[str, str, int]]) -> None:
    """Who asks a registry is asked again at each edit of what is in it."""
    cases = ((f"{head}, {edit}, place {place}", *placed(head, form, edit, place)) for head, edit, place in places)
    check_all(ws, cases, nothing_in_vain=False)


@pytest.mark.parametrize("form", FORMS)
def test_every_edit_is_told_truthfully(ws: Workspace, form: str) -> None:
    """Each edit under one of the heads, in one of the places; in the slow test under all, in both."""
    heads, first = list(HEADS), list(FORMS).index(form)
    check(ws, form, ((heads[(first + n) % len(heads)], edit, (first + n) % 2) for n, edit in enumerate(EDITS)))


@pytest.mark.slow
@pytest.mark.parametrize("form", FORMS)
def test_every_edit_is_told_truthfully_under_every_head(ws: Workspace, form: str) -> None:
    check(ws, form, ((head, edit, place) for head in HEADS for edit in EDITS for place in range(2)))


@pytest.mark.parametrize("head", ["", "another"])
def test_who_lists_subclasses(ws: Workspace, head: str) -> None:
    registry = "class Base: tag = None\ndef get(): return [c.__name__ for c in Base.__subclasses__()]\n"
    given, files = ("from k import Base, get\n", {"k.py": registry}) if head else (registry, {})
    cases = []
    for edit, texts in EDITS.items():
        before, after = (given + text.replace("DECO", "").replace("BASE", "Base") for text in texts)
        cases.append((edit, files | {"a.py": before}, {"a.py": after}))
    check_all(ws, cases, nothing_in_vain=False)
