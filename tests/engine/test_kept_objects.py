"""An instance is kept, though a fresh process would make it otherwise: what is computed from it is not told as live.

Who names it is refused before anything runs. Who only might reach it is watched while it runs: a library that is handed
a function may call it at once, or never.
"""

from __future__ import annotations

import sys

import pytest

from tests.engine.edits import Row, check, table
from tests.harness import Workspace

OLD = """
class A:
    def __init__(self): self.x = 1
    def get(self): return self.x
K = A()
"""
NEW = OLD.replace("1", "2")

NOT_REACHED = """
=== a library is handed a class that would read it, and does not call it
def read(): return K.x
class Info:
    def load(self): return read()
from functools import partial
import operator
wrap = operator.methodcaller("load", Info)
=== a library is handed a function that would read it
def read(): return K.x
from operator import methodcaller
later = methodcaller("call", read)
=== a class is made, whose method would read it
class Info:
    def __init__(self, read): self.n = 5
    def load(self): return K.x
info = [Info(None)]
first = info[0].n
=== a decorator of ours keeps what would read it
def decorate(f):
    f.marked = True
    return f
def make(): return K.x
class Tool:
    @decorate
    def run(self, default=make): return default()
"""

REACHED = """
=== a library calls what it is handed
def read(n): return K.x + n
X = sorted([3, 1], key=read)
Y = list(map(read, [1]))
=== a function is called that calls one that reads it
def read(): return K.x
def ask(): return read()
class Info:
    def __init__(self): self.n = ask()
X = Info().n
=== a lambda that stands in a table
TABLE = [lambda: K.x]
def ask(): return TABLE[0]()
X = ask()
=== a method of the class reads it, through a list
LIST = [K]
def ask(): return LIST[0].get()
X = ask()
=== what a function gave before
def current(): return K
NOW = current()
def ask(): return NOW.x
X = ask()
=== a closure has it
def keep(one):
    def read(): return one.x
    return read
READ = keep(K)
def ask(): return READ()
X = ask()
=== a default has it
def read(one=K): return one.x
def ask(): return read()
X = ask()
=== a method of it is called by a library that has it
import operator
CALLED = operator.methodcaller("get")
def ask(): return CALLED(K)
X = ask()
=== it is found in the module by a name that is made when it is needed
def ask(): return globals()["K"].x
X = ask()
=== a class has it
class Holder:
    one = K
def ask(): return Holder.one.x
X = ask()
=== a generator reads it
def each():
    yield K.x
def ask(): return next(each())
X = ask()
=== another thread's function is handed over, and called in this one
import functools
def read(): return K.x
X = functools.reduce(lambda a, b: a + b, (f() for f in [read]), 0)
=== a statement of a class body
def ask(): return K.x
class Other:
    v = ask()
=== a name of the class body
class Other:
    one = K
    v = one.x
"""


def _rows(text: str, must: str) -> str:
    rows = []
    for row in text.strip().removeprefix("===").split("\n==="):
        name, _, body = row.partition("\n")
        rows.append(f"=== {name.strip()} | {must}{OLD}{body.strip()}\n--->{NEW}{body.strip()}")
    return "\n".join(rows)


@pytest.mark.parametrize("row", table(_rows(REACHED, "must=structural code=MPDT023")))
def test_who_reaches_it_is_refused(ws: Workspace, row: Row) -> None:
    check(ws, row)


@pytest.mark.parametrize("row", table(_rows(NOT_REACHED, "must=patched")))
def test_who_does_not_reach_it_is_patched(ws: Workspace, row: Row) -> None:
    check(ws, row)


def test_a_profiler_that_runs_is_left_alone(ws: Workspace) -> None:
    ws.write({"a.py": f"{OLD}def read(n): return K.x + n\nX = sorted([3, 1], key=read)\n"})
    ws.start("a")
    events: list[str] = []

    def profile(*_: object) -> None:
        events.append("")

    sys.setprofile(profile)
    try:
        ws.truthful({"a.py": f"{NEW}def read(n): return K.x + n\nX = sorted([3, 1], key=read)\n"})
        assert sys.getprofile() is profile
    finally:
        sys.setprofile(None)
    assert events
