"""Every pair of statements that read or change a module's state: the first is added, removed, or changes places.

In the module, and in the body of a class. One in eight of the pairs here, all of them in the slow test.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product
from textwrap import indent

import pytest

from tests.harness import Workspace

STATE = """import itertools, contextlib
L = []
D = {}
N = itertools.count()
G = 0
class S:
    x = None
    all = []
def fill(v):
    L.append(v)
    return v
def size(): return len(L)
def put(k, v): D[k] = v
def got(k): return D.get(k, 0)
def setx(v): S.x = v; return v
def getx(): return S.x
def bump():
    global G
    G += 1
    return G
def seen(): return G
def deco(f):
    L.append(f.__name__)
    return f
@contextlib.contextmanager
def ctx():
    L.append('in')
    yield len(L)
class Thing:
    made = 0
    def __init__(self, v=0):
        Thing.made += 1
        self.v = v
        self.n = len(L)
    def add(self, v): self.v += v; return self
T0 = Thing(1)
"""
STATEMENTS = {
    "fill": "a? = fill(1)",
    "size": "b? = size()",
    "append": "L.append(2)",
    "item": "D['k'] = 1",
    "dict": "c? = dict(D)",
    "got": "c? = got('k')",
    "put": "put('k', 3)",
    "setx": "S.x = 5",
    "readx": "d? = S.x",
    "getx": "d? = getx()",
    "callsetx": "e? = setx(7)",
    "next": "n? = next(N)",
    "default": "def f?(x=size()): return x",
    "class": "class C?:\n    n = size()\n    def m(self): return 1",
    "deco": "@deco\ndef g?(): return 1",
    "loop": "for i? in range(2): L.append(i?)",
    "if": "if size(): h? = 1\nelse: h? = 2",
    "with": "with ctx() as w?: pass",
    "aug": "L += [1]",
    "rebind": "L = [*L, 3]",
    "del": "D.pop('k', None)",
    "two": "x? = y? = size()",
    "try": "try: t? = D['k']\nexcept KeyError: t? = 0",
    "lam": "l? = lambda: size()",
    "setattr": "setattr(S, 'x', 1)",
    "bump": "p? = bump()",
    "seen": "q? = seen()",
    "bumpx": "bump()",
    "inst": "o? = Thing(2)",
    "instn": "o? = Thing(2).n",
    "made": "m? = Thing.made",
    "tadd": "T0.add(2)",
    "tv": "v? = T0.v",
    "comp": "z? = [x for x in L]",
    "copy": "z? = list(L)",
    "alias": "z? = L",
    "len": "z? = len(L)",
    "str": "z? = f'{L}'",
    "clsall": "S.all.append(1)",
    "readall": "r? = len(S.all)",
    "plain": "k? = 3",
    "func": "def u?(): return size()",
    "pairs": "s? = sorted(D.items())",
    "sort": "L.sort(key=str)",
    "in": "y? = 'k' in D",
    "defglobal": "def w?():\n    return L[-1:]\nr? = w?()",
}
EDITS = {
    "swapped": (lambda one, other: one + other, lambda one, other: other + one),
    "added": (lambda one, other: other, lambda one, other: one + other),
    "removed": (lambda one, other: one + other, lambda one, other: other),
}
NOT_IN_CLASSES = ("aug", "rebind")  # a class body's own name is another one


def pairs(first: str) -> Iterator[tuple[str, str, bool]]:
    """The second statement, the edit, and whether it is made in a class body."""
    for other, edit, in_class in product(STATEMENTS, EDITS, (False, True)):
        if not in_class or (edit != "removed" and not {first, other} & {*NOT_IN_CLASSES}):
            yield other, edit, in_class


def check(ws: Workspace, first: str, chosen: Iterator[tuple[str, str, bool]]) -> None:
    wrong = []
    for number, (other, edit, in_class) in enumerate(chosen):
        texts = STATEMENTS[first].replace("?", "1") + "\n", STATEMENTS[other].replace("?", "2") + "\n"
        before, after = (made(*texts) for made in EDITS[edit])
        if in_class:
            before, after = (f"class Z:\n{indent(text, '    ')}    zz = 1\n" for text in (before, after))
        own = Workspace(ws.root / str(number), ws._server)
        own.nothing_is_made_in_vain = False
        try:
            own["a.py"] = STATE + before
            own.start("a")
            own.truthful({"a.py": STATE + after})
        except AssertionError as error:
            wrong.append(f"{first} and {other}, {edit}{', in a class' * in_class}: {error}")
        finally:
            own.close()
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("first", STATEMENTS)
def test_a_pair_in_eight_is_told_truthfully(ws: Workspace, first: str) -> None:
    place = list(STATEMENTS).index(first)
    check(ws, first, (pair for number, pair in enumerate(pairs(first)) if (number + place) % 8 == 0))


@pytest.mark.slow
@pytest.mark.parametrize("first", STATEMENTS)
def test_every_pair_is_told_truthfully(ws: Workspace, first: str) -> None:
    check(ws, first, pairs(first))
