"""A statement hands a library what an edit is far behind of. Does the library call it at once? A rehearsal tells.

Every row has a statement that acts on the result, so that without a rehearsal the edit is refused.
"""

from __future__ import annotations

import cProfile

import pytest

from mpdt_hooks import Outcome
from tests.engine.edits import Row, check, table
from tests.harness import Workspace, explain

HEAD = """
import functools, operator
OUT = []
LIMIT = 5
def helper(): return 1
class Info:
    limit = 1
    def load(self): return helper()
one = Info()
"""
EDITS = {
    "body": HEAD.replace("return 1", "return 2"),
    "value": HEAD.replace("LIMIT = 5", "LIMIT = 6"),
    "both": HEAD.replace("return 1", "return 2").replace(
        "    def load", "    def __call__(self): return 7\n    def load"
    ),
    "attribute": HEAD.replace("return 1", "return 2").replace("limit = 1", "limit = 2"),
    "base": HEAD.replace("return 1", "return 2").replace(
        "class Info:", "class Base:\n    def __call__(self): ...\nclass Info(Base):"
    ),
    "member": HEAD.replace("    def load", "    def __call__(self): return 7\n    def load"),
}

SETTLED = """
=== body: a library keeps a class, and does not call it | keep=a:wrap
wrap = operator.methodcaller("load", Info)
OUT.append(type(wrap))
=== body: a function of ours is called, another branch of which would use it | keep=a:made
def make(cls, now=False): return cls().load() if now else [cls]
made = operator.call(make, Info) if hasattr(operator, "call") else make(Info)
OUT.append(type(made))
=== value: a function that reads the value is only kept | keep=a:wrap
def read(): return LIMIT
wrap = operator.methodcaller("load", read)
OUT.append(type(wrap))
=== both: a library keeps a class, and another class has another member | keep=a:wrap
class Other:
    def load(self): return helper() if helper else Info()
wrap = operator.methodcaller("load", Other)
OUT.append(type(wrap))
=== attribute: a library keeps a class, and another class has another attribute | keep=a:wrap
class Other:
    def load(self): return helper() if helper else Info()
wrap = operator.methodcaller("load", Other)
OUT.append(type(wrap))
"""

CALLED = """
=== both: an instance of the class is asked whether it can be called
def ask(n, flag=True): return callable(one) if flag else helper()
made = list(map(ask, [1]))
OUT.append(type(made))
=== base: an instance of the class is asked whether it can be called
def ask(n, flag=True): return callable(one) if flag else helper()
made = list(map(ask, [1]))
OUT.append(type(made))
=== both: an instance of a subclass is asked whether it can be called
class Sub(Info): pass
def ask(n, flag=True): return callable(Sub()) if flag else helper()
made = list(map(ask, [1]))
OUT.append(type(made))
=== both: an instance in a list is asked whether it can be called
LIST = [Info()]
def ask(n, flag=True): return callable(LIST[0]) if flag else helper()
made = list(map(ask, [1]))
OUT.append(type(made))
=== both: an instance that a function gave is asked whether it can be called
def give(): return Info()
two = give()
def ask(n, flag=True): return callable(two) if flag else helper()
made = list(map(ask, [1]))
OUT.append(type(made))
=== both: an instance that a closure has is asked whether it can be called
def keep(this):
    def ask(n, flag=True): return callable(this) if flag else helper()
    return ask
ask = keep(one)
made = list(map(ask, [1]))
OUT.append(type(made))
=== attribute: an attribute of an instance is read
def ask(n, flag=True): return one.limit if flag else helper()
made = list(map(ask, [1]))
OUT.append(type(made))
=== attribute: an attribute of the class is read
def ask(n, flag=True): return Info.limit if flag else helper()
made = list(map(ask, [1]))
OUT.append(type(made))
=== body: what is made of it is used by others, and may be in another state
wrap = operator.methodcaller("load", Info)
other = operator.methodcaller("load", wrap)
OUT.append(type(other))
=== body: a library calls it at once
made = list(map(Info.load, [Info()]))
OUT.append(type(made))
=== body: a result that was kept hides who is called
@functools.lru_cache
def cached(n): return helper() + n
made = list(map(cached, [1]))
OUT.append(type(made))
=== body: a lambda calls it
made = list(map(lambda n: helper() + n, [1]))
OUT.append(type(made))
=== body: a generator calls it
def each():
    yield helper()
made = list(iter(each()))
OUT.append(type(made))
=== value: a function that reads the value is called
def read(n): return LIMIT + n
made = list(map(read, [1]))
OUT.append(type(made))
=== value: a default has the value
def read(n, limit=LIMIT): return limit + n
made = list(map(read, [1]))
OUT.append(type(made))
=== value: a method reads the value through another name
ALIAS = LIMIT
class Reader:
    def read(self): return ALIAS
made = list(map(Reader.read, [Reader()]))
OUT.append(type(made))
=== member: a library asks whether it can be called
made = list(map(callable, [Info()]))
OUT.append(type(made))
=== body: it fails when it is run again
import os
def once():
    if os.environ.pop("MPDT_ONCE", "1") == "0": raise ValueError
    os.environ["MPDT_ONCE"] = "0"
    return helper
made = list(map(lambda f: f() and helper(), [once]))
OUT.append(type(made))
=== body: it changes a list of the plugin's
SEEN = []
made = list(map(SEEN.append, [Info]))
OUT.append(type(made))
"""


def _rows(text: str, must: str) -> str:
    rows = []
    for row in text.strip().removeprefix("===").split("\n==="):
        name, _, body = row.partition("\n")
        title, _, options = name.partition("|")
        after = EDITS[title.strip().partition(":")[0]]
        rows.append(f"=== {title.strip()} | {must} {options.strip()}{HEAD}{body.strip()}\n--->{after}{body.strip()}")
    return "\n".join(rows)


def _edited(text: str) -> str:
    """The rows, in each of which the helper is edited."""
    heads, bodies = zip(*(row.split("\n", 1) for row in text.strip().removeprefix("===").split("\n===")), strict=True)
    rows = zip(heads, bodies, strict=True)
    return "\n".join(f"==={head}\n{body}\n--->\n{body.replace('return 1', 'return 2')}" for head, body in rows)


@pytest.mark.parametrize("row", table(_rows(SETTLED, "must=patched")))
def test_who_is_not_called_does_not_matter(ws: Workspace, row: Row) -> None:
    check(ws, row)


@pytest.mark.parametrize("row", table(_rows(CALLED, "must=structural")))
def test_who_is_called_is_refused(ws: Workspace, row: Row, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MPDT_ONCE", "1")  # a row sets it, and it is gone afterwards
    check(ws, row)


MAKERS = """
=== an object that is kept is made as it was | must=patched keep=a:K
def helper(): return 1
class Color:
    def parse(self): return 5
    def show(self): return Style().render()
class Style:
    def __init__(self): self.color = Color().parse()
    def render(self): return helper()
K = Style()
def null(): return K
TABLE = {"a": null()}
=== an object that is kept would be made otherwise | must=structural code=MPDT023
def helper(): return 1
class Color:
    def parse(self): return helper()
    def show(self): return Style().render()
class Style:
    def __init__(self): self.color = Color().parse()
    def render(self): return helper()
K = Style()
def null(): return K
TABLE = {"a": null().color}
"""


@pytest.mark.parametrize("row", table(_edited(MAKERS)))
def test_an_object_that_is_kept(ws: Workspace, row: Row) -> None:
    check(ws, row)


def test_a_rehearsal_does_nothing_outside(ws: Workspace) -> None:
    log = ws.root / "log.txt"
    source = f"""{HEAD}
def write(cls):
    with open({str(log)!r}, "a") as file:
        file.write("x")
    return cls().load() if not cls else cls
made = list(map(write, [Info]))
OUT.append(type(made))
"""
    ws.write({"a.py": source})
    ws.start("a")
    assert log.read_text() == "x"
    report = ws.truthful({"a.py": source.replace("return 1", "return 2")})
    assert str(report.outcome) == "structural"
    assert log.read_text() == "x"


ORDERS = """
=== a function that is called on import could import the module that reads what is made
import styles
from theme import D
--- theme.py
from styles import D
--- styles.py
def helper(load=False):
    if load:
        import theme
        return theme.D
    return 1
D = (helper(),)
--->
--- styles.py
def helper(load=False):
    if load:
        import theme
        return theme.D
    return 2
D = (helper(),)
>>> D is styles.D
>>> D == (2,)
"""


@pytest.mark.parametrize("row", table(ORDERS))
def test_the_order_of_a_fresh_process(ws: Workspace, row: Row) -> None:
    check(ws, row)


def test_a_profiler_that_runs_goes_on(ws: Workspace) -> None:
    """Up to CPython 3.11 it is no function, and so cannot be put back like one."""
    rest = 'wrap = operator.methodcaller("load", Info)\nOUT.append(type(wrap))\n'
    ws.write({"a.py": HEAD + rest})
    ws.start("a")
    called: list[str] = []
    profiler = cProfile.Profile()
    profiler.enable()
    ws.write({"a.py": EDITS["body"] + rest})
    try:
        report = ws.reload()
        after_the_refresh(called)
    finally:
        profiler.disable()
    assert report.outcome is Outcome.PATCHED, explain(report)
    assert called == ["it"]
    seen = {getattr(entry.code, "co_name", "") for entry in profiler.getstats()}
    assert {"reload", "after_the_refresh"} <= seen


def after_the_refresh(called: list[str]) -> None:
    called.append("it")
