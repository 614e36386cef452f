"""Objects that keep what they are handed, by each way in which plugins write one, under each edit of who hands or asks.

A registry is filled by decorators, which act where a definition stands, and by calls, which act where the call stands;
who asks it on import has to find what a fresh process has put there by then, in that order.
"""

from __future__ import annotations

import re

import pytest

from mpdt_hooks import Outcome
from tests.engine.products import check_all
from tests.harness import Workspace

KEEPERS = {
    "a list of a class": """
class K:
    all = []
    @classmethod
    def on(cls, f):
        cls.all.append(f)
        return f
    @classmethod
    def get(cls): return len(cls.all)
""",
    "a list of an instance": """
class Keeper:
    def __init__(self): self.all = []
    def on(self, f):
        self.all.append(f)
        return f
    def get(self): return len(self.all)
K = Keeper()
""",
    "a list of the module": """
ALL = []
class K:
    @staticmethod
    def on(f):
        ALL.append(f)
        return f
    @staticmethod
    def get(): return len(ALL)
""",
    "a list in a closure": """
def make():
    all_ = []
    def on(f):
        all_.append(f)
        return f
    def get(): return len(all_)
    on.on, on.get = on, get
    return on
K = make()
""",
    "functions of the module as static methods": """
ALL = []
def put(f):
    ALL.append(f)
    return f
def got(): return len(ALL)
class K:
    on, get = staticmethod(put), staticmethod(got)
""",
    "functions as attributes of an instance": """
ALL = []
def put(f):
    ALL.append(f)
    return f
def got(): return len(ALL)
class Namespace: pass
K = Namespace()
K.on = put
K.get = got
""",
}
WRAPS = """
import functools
def dec(fn):
    @functools.wraps(fn)
    def wrapper(*args): return fn(*args)
    return wrapper
"""
BARE = WRAPS.replace("    @functools.wraps(fn)\n", "")
R = "@K.on\ndef r(x): return x\n"
R2 = "@K.on\ndef r2(x): return x\n"
F = "def f(x): return x\n"
CALL = "K.on(f)\n"
HAD = "had = K.get()\n"
HAD_STR = "had = str(K.get())\n"
UNDER_DEC = ("@K.on\n", "@K.on\n@dec\n")
UNDECORATED = R.removeprefix("@K.on\n")

# What is done: before, afterwards; what follows the keeper in its file.
EDITS = {
    "asked on import, not by a function": ("def had():\n    return K.get()\n" + R, HAD + R),
    "asked anew, above": (R, HAD + R),
    "asked anew, below": (R, R + HAD),
    "asked by a statement that did not": ("had = str(1)\n" + R, HAD_STR + R),
    "the same above a call": (F + "had = str(1)\n" + CALL, F + HAD_STR + CALL),
    "asked in another way, above a call": (F + HAD_STR + CALL, F + HAD_STR.replace("\n", " + 'x'\n") + CALL),
    "asked in another way, between call and decorator": (F + CALL + HAD + R, F + CALL + HAD_STR + R),
    "asked later": (HAD + R, R + HAD),
    "asked earlier": (R + HAD, HAD + R),
    "a definition, above a call": (F + CALL, F + R2 + CALL),
    "a definition, above another": (F + R, F + R2 + R),
    "a definition, below another": (R, R + R2),
    "a call, above a definition": (F + R, F + CALL + R),
    "a call, above another": (F + UNDECORATED + "K.on(r)\n", F + CALL + UNDECORATED + "K.on(r)\n"),
    "definitions change places": (R + R2, R2 + R),
    "a definition, above who asks": (HAD, R + HAD),
    "a definition, below who asks": (HAD, HAD + R),
    "a second definition, above who asks": (R + HAD, R + R2 + HAD),
    "a definition, above who asks when called": (
        R + "def had(): return K.get()\n",
        R + R2 + "def had(): return K.get()\n",
    ),
    "a definition goes, above who asks": (R + HAD, HAD),
    "a decorator, above who asks": (UNDECORATED + HAD, R + HAD),
    "wrapped definitions": tuple(WRAPS + one.replace(*UNDER_DEC) for one in (R, R2 + R)),
    "wrapped definitions, without wraps": tuple(BARE + one.replace(*UNDER_DEC) for one in (R, R2 + R)),
    "methods": (
        "class Z:\n    @K.on\n    def b(self): pass\n",
        "class Z:\n    @K.on\n    def a(self): pass\n    @K.on\n    def b(self): pass\n",
    ),
    "classes": ("@K.on\nclass A: pass\n", "@K.on\nclass B: pass\n@K.on\nclass A: pass\n"),
}
# What a keeper does with what it keeps, when it is handed something.
LOOKS = {
    "calls the first and has the result in its place": "ALL[0] = do(ALL[0])",
    "the same with a slice": "ALL[0:1] = [do(ALL[0])]",
    "calls all": "for one in ALL: do(one)",
    "has the result of a function that calls": "SEEN.append(do(ALL[-1]))",
    "has the results of all": "SEEN.append([do(one) for one in ALL])",
    "maps": "SEEN.extend(map(do, ALL))",
    "takes out": "ALL.append(do(ALL.pop()))",
    "calls": "SEEN.append(ALL[-1]())",
    "hands all": "SEEN.append(do(*ALL))",
    "by a slice": "SEEN.append(do(ALL[-1:][0]))",
    "by a name": "one = ALL[-1]; SEEN.append(do(one))",
    "tells what is said of it": "SEEN.append(ALL[-1].__doc__)",
    "by an iterator": "SEEN.append(next(iter(ALL))())",
}
DO = """
SEEN = []
def do(f):
    try:
        return f()
    except Exception as error:
        return type(error).__name__
"""
HANDED = {
    "decorated, another body": ("@K.on\ndef r(x=1):\n    return 1\n", "@K.on\ndef r(x=1):\n    return 2\n"),
    "decorated, another signature": ("@K.on\ndef r(x):\n    return 1\n", "@K.on\ndef r(x=1):\n    return 1\n"),
    "by a call": ("def r(x=1):\n    return 1\nK.on(r)\n", "def r(x=1):\n    return 2\nK.on(r)\n"),
}
STORES = {
    "f": "append(f)",
    "its docstring": "append(f.__doc__)",
    "its name": "append(f.__name__)",
    "a lambda": "append(lambda: f)",
    "f in front": "insert(0, f)",
}


def told(ws: Workspace, keeper: str, store: str, edit: str) -> Outcome:
    kept = KEEPERS[keeper].replace("append(f)", STORES[store])
    before, after = EDITS[edit]
    ws["a.py"] = kept + before
    ws.start("a")
    return ws.truthful({"a.py": kept + after}).outcome


@pytest.mark.parametrize("store", STORES)
@pytest.mark.parametrize("keeper", KEEPERS)
def test_every_edit_is_told_truthfully(ws: Workspace, keeper: str, store: str) -> None:
    for number, edit in enumerate(EDITS):
        with_own_folder = Workspace(ws.root / str(number), ws._server)
        try:
            assert told(with_own_folder, keeper, store, edit) in (Outcome.PATCHED, Outcome.STRUCTURAL), edit
        except AssertionError as error:
            raise AssertionError(f"{edit}: {error}") from None
        finally:
            with_own_folder.close()


@pytest.mark.parametrize("look", LOOKS)
@pytest.mark.parametrize("keeper", KEEPERS)
def test_what_a_keeper_does_with_what_it_keeps(ws: Workspace, keeper: str, look: str) -> None:
    stores = re.search(r"^( +)(\S+)\.append\(f\)\n", KEEPERS[keeper], re.MULTILINE)
    assert stores is not None
    line = f"{stores[1]}{LOOKS[look].replace('ALL', stores[2])}\n"
    kept = DO + KEEPERS[keeper].replace(stores[0], stores[0] + line)
    cases = ((title, {"a.py": kept + before}, {"a.py": kept + after}) for title, (before, after) in HANDED.items())
    check_all(ws, cases)


@pytest.mark.parametrize("keeper", ["a list of a class", "a list of the module", "a list in a closure"])
@pytest.mark.parametrize(
    "edit",
    [
        "asked anew, below",
        "a definition, above a call",
        "a definition, above another",
        "a definition, below another",
        "a definition, above who asks",
        "a definition, above who asks when called",
        "a definition, below who asks",
        "wrapped definitions",
        "wrapped definitions, without wraps",
        "methods",
        "classes",
    ],
)
def test_what_is_put_in_order_is_patched(ws: Workspace, keeper: str, edit: str) -> None:
    assert told(ws, keeper, "f", edit) is Outcome.PATCHED


def test_a_handler_that_the_program_registered_is_not_there_in_a_fresh_process(ws: Workspace) -> None:
    source = KEEPERS["a list of the module"] + F + HAD_STR + "def set_up():\n    K.on(f)\n"
    ws["a.py"] = source
    ws.start("a").set_up()
    ws.expect_rude(ws.replace("a.py", HAD_STR, HAD_STR.replace("\n", " + 'x'\n")), "MPDT024")


def test_modules_that_register_by_calls_are_in_the_order_of_their_imports(ws: Workspace) -> None:
    ws["keeper.py"] = KEEPERS["a list of the module"]
    ws["early.py"] = "from keeper import K\n" + F
    ws["late.py"] = "from keeper import K\nfrom early import f\n" + CALL
    ws["a.py"] = "import early, late\n"
    ws.start("a")
    ws.truthful({"early.py": "from keeper import K\n" + F + R2})
