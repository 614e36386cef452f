"""Registries in all the forms that plugins give them, under each edit of who registers or asks.

Each form is three texts: what decorates a definition, what registers by a call, and the registry, with ``get()`` that
tells something of it. The edits are made at the top level, in a module that imports the registry, and in a class body.
"""

from __future__ import annotations

from collections.abc import Iterator
from textwrap import indent

import pytest

from mpdt_hooks import Outcome
from tests.engine.products import check_all
from tests.harness import Workspace

IMPORTS = "import bisect, collections, functools, inspect, itertools, types, weakref\n"
ENTRY = """class Entry:
    def __init__(self, f): self.f = f; self.name = f.__name__
    def __repr__(self): return self.name
"""


def plain(registry: str, keep: str, tells: str = "len(ALL)") -> tuple[str, str, str]:
    return "@on\n", "on(f)\n", f"{registry}def on(f):\n    {keep}\n    return f\ndef get(): return {tells}\n"


def keyed(registry: str, keep: str, tells: str) -> tuple[str, str, str]:
    inner = f"    def deco(f):\n        {keep}\n        return f\n    return deco\n"
    return "@on('a')\n", "on('a')(f)\n", f"{registry}def on(key):\n{inner}def get(): return {tells}\n"


def written(text: str) -> tuple[str, str, str]:
    return "@on\n", "on(f)\n", text


NAMES, VALUES = "[one.__name__ for one in ALL]", "[one.__name__ for one in ALL.values()]"
FORMS = {
    "dict name": plain("ALL = {}\n", "ALL[f.__name__] = f", "sorted(ALL)"),
    "dict name list": plain("ALL = {}\n", "ALL[f.__name__] = f", "list(ALL)"),
    "dict name first": plain("ALL = {}\n", "ALL[f.__name__] = f", "[*ALL][0] if ALL else 0"),
    "dict key": keyed("ALL = {}\n", "ALL[key] = f", "ALL['a'].__name__ if ALL else 0"),
    "dict setdefault list": keyed(
        "ALL = {}\n", "ALL.setdefault(key, []).append(f)", "[one.__name__ for one in ALL.get('a', ())]"
    ),
    "defaultdict": keyed(
        "ALL = collections.defaultdict(list)\n", "ALL[key].append(f)", "[one.__name__ for one in ALL['a']]"
    ),
    "setdefault": keyed("ALL = {}\n", "ALL.setdefault(key, f)", VALUES),
    "set": plain("ALL = set()\n", "ALL.add(f)", "sorted(one.__name__ for one in ALL)"),
    "deque": plain("ALL = collections.deque()\n", "ALL.append(f)", NAMES),
    "weakset": plain("ALL = weakref.WeakSet()\n", "ALL.add(f)", "len(ALL)"),
    "tuple": plain("ALL = ()\n", "global ALL; ALL += (f,)", "len(ALL)"),
    "list rebound": plain("ALL = []\n", "global ALL; ALL = ALL + [f]", "len(ALL)"),
    "entry": plain("ALL = []\n" + ENTRY, "ALL.append(Entry(f))", "[one.name for one in ALL]"),
    "entry repr": plain("ALL = []\n" + ENTRY, "ALL.append(Entry(f))", "repr(ALL)"),
    "pair": plain("ALL = []\n", "ALL.append((f.__name__, f))", "[n for n, _ in ALL]"),
    "pairlen": plain("ALL = []\n", "ALL.append((len(ALL), f))", "[n for n, _ in ALL]"),
    "dictentry": plain("ALL = []\n", "ALL.append({'name': f.__name__, 'fn': f})", "[one['name'] for one in ALL]"),
    "sorted": plain("ALL = []\n", "ALL.append(f); ALL.sort(key=lambda one: one.__name__)", NAMES),
    "reversed": plain("ALL = []\n", "ALL.append(f); ALL.reverse()", NAMES),
    "bisect": plain("ALL = []\n", "bisect.insort(ALL, f.__name__)", "ALL[:]"),
    "counter": plain("N = itertools.count()\n", "f.n = next(N)", "1"),
    "global counter": plain("N = 0\n", "global N; N += 1; f.n = N", "N"),
    "len counter": plain("ALL = []\n", "f.n = len(ALL); ALL.append(f)", "len(ALL)"),
    "attr": plain("", "f.cmd = f.__name__", "1"),
    "fnattr": written(
        """def on(f):
    on.all = [*getattr(on, 'all', ()), f]
    return f
def get(): return len(getattr(on, 'all', ()))
"""
    ),
    "callable object": written(
        """class On:
    def __init__(self): self.all = []
    def __call__(self, f):
        self.all.append(f)
        return f
on = On()
def get(): return len(on.all)
"""
    ),
    "class attr": written(
        """class Reg:
    all = []
    @classmethod
    def add(cls, f): cls.all.append(f)
def on(f):
    Reg.add(f)
    return f
def get(): return len(Reg.all)
"""
    ),
    "sub class attr": written(
        """class Base:
    all = []
    @classmethod
    def add(cls, f): cls.all.append(f)
    @classmethod
    def count(cls): return len(cls.all)
class Reg(Base):
    all = []
def on(f):
    Reg.add(f)
    return f
def get(): return Reg.count()
"""
    ),
    "instance by class attr": written(
        """class Reg:
    all = []
    def add(self, f):
        self.all.append(f)
        return f
    def count(self): return len(self.all)
r0 = Reg()
on = r0.add
get = r0.count
"""
    ),
    "last": plain("LAST = None\n", "global LAST; LAST = f", "LAST.__name__ if LAST else 0"),
    "last attr": plain("class S: last = None\n", "S.last = f", "S.last.__name__ if S.last else 0"),
    "first": plain("FIRST = []\n", "FIRST or FIRST.append(f)", "FIRST[0].__name__ if FIRST else 0"),
    "dup": written(
        """ALL = {}
def on(f):
    if f.__name__ in ALL: raise KeyError(f)
    ALL[f.__name__] = f
    return f
def get(): return list(ALL)
"""
    ),
    "replace": written(
        """ALL = {}
def on(f):
    ALL[f.__name__] = f
    def w(*a): return f(*a)
    return w
def get(): return list(ALL)
"""
    ),
    "returns none": written(
        """ALL = []
def on(f): ALL.append(f)
def get(): return len(ALL)
"""
    ),
    "returns entry": written(
        "ALL = []\n"
        + ENTRY
        + """def on(f):
    e = Entry(f)
    ALL.append(e)
    return e
def get(): return len(ALL)
"""
    ),
    "partial": plain("ALL = []\n", "ALL.append(functools.partial(f, 1))", "len(ALL)"),
    "method of": plain("ALL = []\n", "ALL.append(types.MethodType(f, 1))", "len(ALL)"),
    "code": plain("ALL = []\n", "ALL.append(f.__code__.co_name)", "ALL[:]"),
    "defaults": plain("ALL = []\n", "ALL.append(f.__defaults__)", "ALL[:]"),
    "sig": plain("ALL = []\n", "ALL.append(str(inspect.signature(f)))", "ALL[:]"),
    "doc": plain("ALL = []\n", "ALL.append(f.__doc__)", "ALL[:]"),
    "yes": plain("ALL = []\n", "ALL.append(callable(f))", "ALL[:]"),
}

R, R2, F = "@ONdef r(x=1): return x\n", "@ONdef r2(x=1): return x\n", "def f(x=1): return x\n"
M, U = "@ONdef m(x): pass\n", "def r(x=1): return x\n"
CALL, HAD, AS_LIST, AS_TUPLE = "CALL", "had = get()\n", "had = [get()]\n", "had = (get(),)\n"
EDITS = {
    "added above": (R, R2 + R),
    "added below": (R, R + R2),
    "added above call": (F + CALL, F + R2 + CALL),
    "added above had": (HAD, R + HAD),
    "added below had": (HAD, HAD + R),
    "had anew above": (R, HAD + R),
    "had anew below": (R, R + HAD),
    "had changed above": ("had = str(1)\n" + R, "had = str(get())\n" + R),
    "had changed above call": (F + AS_LIST + CALL, F + AS_TUPLE + CALL),
    "had between": (R + AS_LIST + R2, R + AS_TUPLE + R2),
    "removed": (R + R2, R2),
    "removed had": (R + HAD, HAD),
    "swap": (R + R2, R2 + R),
    "decorator added": (U + HAD, R + HAD),
    "decorator removed": (R + HAD, U + HAD),
    "body": (R + HAD, R.replace("return x", "return 2") + HAD),
    "default": (R + HAD, R.replace("x=1", "x=2") + HAD),
    "doc": (R + HAD, R.replace("return x", "\n    'd'\n    return x") + HAD),
    "sig": (R + HAD, R.replace("x=1", "x=1, y=2") + HAD),
    "renamed": (R + HAD, R.replace("def r(", "def q(") + HAD),
    "async": (R, R.replace("def ", "async def ")),
    "call default": (F + CALL, F.replace("x=1", "x=2") + CALL),
    "call body": (F + CALL + HAD, F.replace("return x", "return 5") + CALL + HAD),
    "middle": (R + R2, R + M + R2),
    "middle had": (R + R2 + HAD, R + M + R2 + HAD),
    "move had up": (R + HAD + R2, HAD + R + R2),
    "move had down": (HAD + R, R + HAD),
    "const before": (R, "C = 1\n" + R),
    "dep": tuple(f"C = {n}\n" + R.replace("x=1", "x=C") + HAD for n in (1, 2)),
}


def placed(form: str, edit: str, place: int) -> tuple[dict[str, str], dict[str, str]]:
    decorates, calls, registry = FORMS[form]
    before, after = (text.replace("@ON", decorates).replace("CALL", calls) for text in EDITS[edit])
    if place == 0:
        return {"a.py": IMPORTS + registry + before}, {"a.py": IMPORTS + registry + after}
    if place == 1:
        head = "from k import on, get\n"
        return {"k.py": IMPORTS + registry, "a.py": head + before}, {"a.py": head + after}
    body = IMPORTS + registry + "class Z:\n"
    return {"a.py": body + indent(before, "    ")}, {"a.py": body + indent(after, "    ")}


def check(ws: Workspace, form: str, places: Iterator[tuple[str, int]]) -> None:
    check_all(ws, ((f"{edit}, place {place}", *placed(form, edit, place)) for edit, place in places))


@pytest.mark.parametrize("form", FORMS)
def test_every_edit_is_told_truthfully(ws: Workspace, form: str) -> None:
    """Each edit in one of the places; in all of them in the slow test."""
    first = list(FORMS).index(form)
    check(ws, form, ((edit, (first + number) % 3) for number, edit in enumerate(EDITS)))


@pytest.mark.slow
@pytest.mark.parametrize("form", FORMS)
def test_every_edit_is_told_truthfully_wherever_it_is_made(ws: Workspace, form: str) -> None:
    check(ws, form, ((edit, place) for edit in EDITS for place in range(3)))


# Of two of one key the last one counts, and a new one above is not the last; whose an empty list is, nobody knows.
EVERY_DAY = [
    (form, edit)
    for form in ("dict name", "dict key", "defaultdict", "class attr")
    for edit in ("added above", "added below", "added above had", "body", "default", "doc")
    if (form, edit) not in (("dict key", "added above"), ("defaultdict", "added above had"))
]


@pytest.mark.parametrize(("form", "edit"), EVERY_DAY)
def test_what_plugins_do_every_day_is_patched(ws: Workspace, form: str, edit: str) -> None:
    before, after = placed(form, edit, 0)
    ws.write(before)
    ws.start("a")
    assert ws.truthful(after).outcome is Outcome.PATCHED
