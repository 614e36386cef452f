"""Definitions that a library, a lambda or a builtin calls at once, as a decorator or when it is handed them."""

from __future__ import annotations

import pytest

from tests.engine.edits import Row, check, table
from tests.harness import Workspace

ROWS = r"""
=== operator.call | must=truth
import operator
def helper(): return 1
def call_it(f): return operator.call(f)
@call_it
def f(): return helper()
~~~ return 1 => return 2
=== methodcaller on a plain function | must=truth
import operator
@operator.methodcaller("__call__")
def f(): return 5
~~~ return 5 => return 6
=== methodcaller with helper | must=truth
import operator
def helper(): return 1
@operator.methodcaller("__call__")
def f(): return helper()
~~~ return 1 => return 2
=== the library's over wraps | must=truth
import functools, operator
def helper(): return 1
def deco(f):
    @functools.wraps(f)
    def wrapper(*a): return helper()
    return wrapper
@operator.methodcaller("__call__")
@deco
def f(): return 5
~~~ return 1 => return 2
=== a lambda calls | must=truth
def helper(): return 1
@(lambda f: f())
def f(): return helper()
~~~ return 1 => return 2
=== map over | must=truth
import functools
def helper(): return 1
@(lambda f: list(map(lambda g: g(), [f])))
def f(): return helper()
X = 1
~~~ return 1 => return 2
=== next of a generator function | must=truth
def helper(): return 1
@list
@(lambda f: f())
def f():
    yield helper()
~~~ return 1 => return 2
=== as property of a module object | must=truth
import types
def helper(): return 1
@types.MappingProxyType
@dict
@(lambda f: f())
def f(): return {"a": helper()}
~~~ return 1 => return 2
=== functools.reduce over functions | must=truth
import functools
def one(x): return x + 1
X = functools.reduce(lambda a, f: f(a), [one, one], 0)
~~~ x + 1 => x + 2
=== call by asyncio.run decorator | must=truth
import asyncio
def helper(): return 1
@asyncio.run
@(lambda f: f())
async def f(): return helper()
~~~ return 1 => return 2
=== lambda bound | must=truth
def helper(): return 1
now = lambda f: f()
@now
def f(): return helper()
~~~ return 1 => return 2
=== atexit and threading timers keep | must=truth
import atexit
def helper(): return 1
@atexit.register
def f(): return helper()
atexit.unregister(f)
~~~ return 1 => return 2
=== class decorated by a library that calls | must=truth
import operator
@operator.methodcaller("__call__")
class C:
    def __init__(self): self.x = 1
X = C.x
~~~ self.x = 1 => self.x = 2
=== class decorated by a lambda that makes one | must=truth
@(lambda cls: cls())
class C:
    def __init__(self): self.x = 1
X = C.x
~~~ self.x = 1 => self.x = 2
=== class decorated by a function of ours that makes one | must=truth
def single(cls): return cls()
@single
class C:
    x = 1
    def get(self): return 1
X = C.get()
~~~ def get(self): return 1 => def get(self): return 2
=== method with a library decorator that calls | must=truth
import operator
class C:
    @operator.methodcaller("__call__")
    def f(): return 5
X = C.f
~~~ return 5 => return 6
=== the same, its helper | must=truth
import operator
def helper(): return 1
class C:
    @operator.methodcaller("__call__")
    def f(): return helper()
X = C.f
~~~ return 1 => return 2
=== decorated by type | must=truth
def helper(): return 1
@(lambda f: type("T", (), {"v": f()}))
def f(): return helper()
X = f.v
~~~ return 1 => return 2
=== a context manager instance decorates | must=truth
import contextlib
def helper(): return 1
@contextlib.contextmanager
def cm():
    yield helper()
@cm()
def f(): return 1
X = f()
~~~ return 1\n@context => return 2\n@context
=== thread pool | must=truth
from concurrent.futures import ThreadPoolExecutor
def helper(): return 1
def f(): return helper()
with ThreadPoolExecutor(1) as pool:
    X = pool.submit(f).result()
~~~ return 1 => return 2
=== partial of methodcaller | must=truth
import operator
now = operator.methodcaller("__call__")
def helper(): return 1
@now
def f(): return helper()
~~~ return 1 => return 2
=== functools.cached_property reading now | must=truth
import functools
def helper(): return 1
class C:
    @functools.cached_property
    def v(self): return helper()
ONE = C()
X = ONE.v
~~~ return 1 => return 2
=== dataclass default factory called by us | must=truth
import dataclasses
def make(): return [1]
@dataclasses.dataclass
class D:
    xs: list = dataclasses.field(default_factory=make)
X = D().xs
~~~ return [1] => return [2]
=== enum unique and members by a function | must=truth
import enum
def value(n): return n
class E(enum.Enum):
    A = value(1)
X = E.A.value
~~~ return n => return n + 1
=== total ordering compare at import | must=truth
import functools
@functools.total_ordering
class V:
    def __init__(self, n): self.n = n
    def __eq__(self, o): return self.n == o.n
    def __lt__(self, o): return self.n < o.n
X = V(1) > V(2)
~~~ self.n < o.n => self.n > o.n
"""


@pytest.mark.parametrize("row", table(ROWS))
def test_what_calls_at_once(ws: Workspace, row: Row) -> None:
    check(ws, row)
