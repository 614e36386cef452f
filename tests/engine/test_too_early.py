"""A class that comes to stand before what its body needs: a fresh process fails there, or may."""

from __future__ import annotations

import pytest

from mpdt_hooks import Outcome
from tests.engine.edits import Row, check, table
from tests.harness import Workspace

NEEDS = {
    "an assignment": "x = needed",
    "a default": "def f(self, a=needed): pass",
    "an if": "if needed: x = 1",
    "a loop": "for i in needed: pass",
    "a call": "str(needed)",
    "a comprehension": "x = [i for i in needed]",
    "an assert": "assert needed",
    "a nested class": "class Inner:\n        x = needed",
    "an if of a nested class": "class Inner:\n        if needed: x = 1",
    "a nested class beside a name of its own": "needed = 1\n    class Inner:\n        x = needed",
    "an if of a nested class beside a name of its own": "needed = 1\n    class Inner:\n        if needed: x = 1",
}
NEEDS_NOT = {
    "a method": "def f(self): return needed",
    "a name of its own": "needed = 1\n    x = needed",
    "a name of its own in an if": "needed = 1\n    if needed: x = 2",
    "a nested class with a name of its own": "class Inner:\n        needed = 1\n        x = needed",
}


def versions(body: str) -> tuple[str, str]:
    needed, cls = "needed = (1, 2)\n", f"class C:\n    {body}\n"
    return needed + cls, cls + needed


@pytest.mark.parametrize("what", NEEDS)
def test_a_class_moves_before_what_it_needs(ws: Workspace, what: str) -> None:
    before, after = versions(NEEDS[what])
    ws["a.py"] = before
    ws.start("a")
    assert ws.truthful({"a.py": after}).outcome is not Outcome.PATCHED


@pytest.mark.parametrize("what", NEEDS_NOT)
def test_a_class_moves_before_what_only_its_calls_need(ws: Workspace, what: str) -> None:
    before, after = versions(NEEDS_NOT[what])
    ws["a.py"] = before
    ws.start("a")
    assert ws.truthful({"a.py": after}).outcome in (Outcome.PATCHED, Outcome.UNCHANGED)


LATER = table("""
=== a field is annotated with a class further down, and annotations are not read
from __future__ import annotations
from dataclasses import dataclass, field
@dataclass
class Stack:
    n: int = 0
@dataclass
class Trace:
    stacks: list[Stack]
~~~ n: int = 0 => n: int = 0\\n    more: list[Trace] = field(default_factory=list)
>>> Stack().more == []

=== a field's factory makes what is further down
from dataclasses import dataclass, field
@dataclass
class Stack:
    n: int = 0
class Trace: pass
~~~ n: int = 0 => n: int = 0\\n    more: object = field(default_factory=lambda: Trace())
>>> type(Stack().more) is Trace

=== a method of a decorated class uses what is further down
from dataclasses import dataclass
@dataclass
class Stack:
    n: int = 0
    def m(self): return 1
class Trace: pass
~~~ return 1 => return Trace()
>>> type(Stack().m()) is Trace

=== a cached function uses what is further down
from functools import lru_cache
@lru_cache(4096)
def length(text): return len(text)
--->
from functools import lru_cache
@lru_cache(4096)
def length(text, extra=1): return _length(text, extra)
def _length(text, extra): return len(text) + extra
>>> length("ab") == 3

=== a default is made by what calls a lambda that uses what is further down | must=structural
def call(f): return f()
def g(x=call(lambda: 1)): return x
needed = 2
~~~ lambda: 1 => lambda: needed
""")


@pytest.mark.parametrize("row", LATER)
def test_what_is_further_down_is_needed_later(ws: Workspace, row: Row) -> None:
    check(ws, row)


PERHAPS = table("""
=== comp elem | must=truth
der = 1
X = [n * der for n in range(0)]
--->
X = [n * der for n in range(0)]
der = 1
=== comp cond | must=truth
der = 1
X = [n for n in range(0) if der]
--->
X = [n for n in range(0) if der]
der = 1
=== and | must=truth
der = 1
X = 0 and der
--->
X = 0 and der
der = 1
=== ifexp | must=truth
der = 1
X = 1 if 1 else der
--->
X = 1 if 1 else der
der = 1
=== removed comp
der = 1
X = [n * der for n in range(0)]
--->
X = [n * der for n in range(0)]
=== removed and
der = 1
X = 0 and der
--->
X = 0 and der
=== removed ifexp
der = 1
X = 1 if 1 else der
--->
X = 1 if 1 else der
=== removed other file ifexp
import b
X = 1 if 1 else b.der
--- b.py
der = 1
--->
import b
X = 1 if 1 else b.der
--- b.py
other = 1
=== chained comparison | must=truth
der = 1
X = 2 < 1 < der
--->
X = 2 < 1 < der
der = 1
=== assert at top | must=truth
der = 1
assert True, der
--->
assert True, der
der = 1
=== default in comp | must=truth
der = 1
def f(x=[der for _ in range(0)]): return x
--->
def f(x=[der for _ in range(0)]): return x
der = 1
=== class body comp | must=truth
der = 1
class C:
    x = [der for _ in range(0)]
    y = 0 and der
--->
class C:
    x = [der for _ in range(0)]
    y = 0 and der
der = 1
=== decorator ifexp | must=truth
der = 1
@(der if 0 else staticmethod)
def f(): return 1
--->
@(der if 0 else staticmethod)
def f(): return 1
der = 1
=== match | must=truth
der = 1
match 1:
    case 2: X = der
    case _: X = 0
--->
match 1:
    case 2: X = der
    case _: X = 0
der = 1
""")


@pytest.mark.parametrize("row", PERHAPS)
def test_what_may_not_be_evaluated_is_no_mistake(ws: Workspace, row: Row) -> None:
    """A fresh process imports these: what cannot be told is refused, and not rejected."""
    check(ws, row)
