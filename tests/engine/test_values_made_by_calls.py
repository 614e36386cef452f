"""Values that code computed at import, through functions, methods, properties and operators that are edited."""

from __future__ import annotations

import pytest

from tests.engine.edits import Row, check, table
from tests.harness import Workspace

THROUGH_FUNCTIONS = table("""
=== a constant that the called function reads
LIMIT = 1
def make(): return LIMIT
X = make()
--->
LIMIT = 2
def make(): return LIMIT
X = make()
>>> X == 2

=== a constant two calls away | must=truth
LIMIT = 1
def inner(): return LIMIT
def make(): return [inner()]
X = make()
--->
LIMIT = 2
def inner(): return LIMIT
def make(): return [inner()]
X = make()
>>> X == [2]

=== a constant of another module that its function reads | must=truth
from b import make
X = make()
--- b.py
LIMIT = 1
def make(): return LIMIT
--->
--- b.py
LIMIT = 2
def make(): return LIMIT
>>> X == 2

=== a function of another module, through the module | must=truth
import b
X = b.make()
--- b.py
def make(): return 1
--->
--- b.py
def make(): return 2
>>> X == 2

=== a function of a third module | must=truth
from b import make
X = make()
--- b.py
from c import inner
def make(): return inner()
--- c.py
def inner(): return 1
--->
--- c.py
def inner(): return 2
>>> X == 2

=== a default of the called function
def make(n=1): return n
X = make()
--->
def make(n=2): return n
X = make()
>>> X == 2

=== the decorator of the called function | must=truth
def twice(f): return lambda: f() * 2
@twice
def make(): return 1
X = make()
--->
def twice(f): return lambda: f() * 3
@twice
def make(): return 1
X = make()
>>> X == 3

=== a lambda of a table, called | must=truth
T = {"a": lambda: 1}
X = T["a"]()
--->
T = {"a": lambda: 2}
X = T["a"]()
>>> X == 2

=== a function passed to a call | must=truth
def key(x): return x
X = sorted([2, 1], key=key)
--->
def key(x): return -x
X = sorted([2, 1], key=key)
>>> X == [2, 1]

=== a comprehension that calls | must=truth
def make(n): return n
X = [make(n) for n in range(3)]
--->
def make(n): return n * 2
X = [make(n) for n in range(3)]
>>> X == [0, 2, 4]

=== a bare call that sets a global | must=truth
def load(): return 1
def init():
    global CONFIG
    CONFIG = load()
CONFIG = None
init()
--->
def load(): return 2
def init():
    global CONFIG
    CONFIG = load()
CONFIG = None
init()
>>> CONFIG == 2

=== a helper that only runs later
def later(): return 1
def make(): return later
X = make()
--->
def later(): return 2
def make(): return later
X = make()
>>> X() == 2

=== an exception's message | must=truth
def check():
    raise ValueError("one")
try:
    check()
except ValueError as error:
    TEXT = str(error)
--->
def check():
    raise ValueError("two")
try:
    check()
except ValueError as error:
    TEXT = str(error)
>>> TEXT == "two"
""")


@pytest.mark.parametrize("row", THROUGH_FUNCTIONS)
def test_a_value_follows_what_its_call_reads(ws: Workspace, row: Row) -> None:
    check(ws, row)


CALLED_AT_ONCE = (
    "(lambda: V)()", "(lambda x: x + V)(1)", "(lambda: f())()", "(f if 1 else g)()", "[lambda: V][0]()",
    "{'a': lambda: V}['a']()", "(lambda: lambda: V)()()", "(h := lambda: V)()", "(lambda x=V: x)()",
    "(lambda: [V for _ in range(2)])()", "(lambda g: g())(f)", "(lambda g: g())(lambda: V)", "(f or g)()",
    "f.__call__()", "(lambda: V).__call__()", "[*(lambda: [V])()]", "(lambda: (yield V))().__next__()",
    "(lambda: f)()()", "(lambda *, k=f: k())()", "apply((lambda: f)())", "(apply)(lambda: apply(f))",
    "(lambda: D())().x",    "f'{(lambda: V)()}'", "getattr(f, '__call__')()",
)  # fmt: skip


@pytest.mark.parametrize("called", CALLED_AT_ONCE)
def test_a_function_without_a_name_that_is_called_at_once(ws: Workspace, called: str) -> None:
    source = (
        "V = 1\ndef f(): return V\ndef g(): return 0\ndef apply(fn): return fn()\nclass D: x = V\n"
        + f"who = {called}\n"
    )
    ws["a.py"] = source
    a = ws.start("a")
    before = a.who
    ws.expect_patched({"a.py": source.replace("V = 1", "V = 2")})
    assert a.who != before
