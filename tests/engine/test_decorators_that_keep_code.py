"""Decorators that note the code of what they decorate (``internal_code.add(f.__code__)``): it follows the function."""

from __future__ import annotations

import pytest

from tests.engine.edits import Row, check, table
from tests.harness import Workspace

ROWS = table("""
=== another default | keep=a:CODES,a:g
CODES = set()
def internal(f):
    CODES.add(f.__code__)
    return f
@internal
def g(x=1): return x
~~~ x=1 => x=2
>>> g() == 2 and CODES == {g.__code__}

=== another body and signature of a method | keep=a:CODES,a:C
CODES = []
def internal(f):
    '''Marks it.'''
    CODES.append(f.__code__)
    return f
class C:
    @internal
    def m(self, x): return x
    @internal
    def n(self): return 1
~~~ m(self, x): return x => m(self, x: int, y=1): return x + y
>>> C().m(1) == 2 and CODES == [C.m.__code__, C.n.__code__]

=== of two functions that are alike | keep=a:CODES
CODES = []
def internal(f):
    CODES.append(f.__code__)
    return f
@internal
def g(x=1): return x
@internal
def h(x=1): return x
~~~ g(x=1) => g(x=2)
>>> CODES == [g.__code__, h.__code__] and CODES[0] is g.__code__

=== with arguments | keep=a:CODES
CODES = set()
def internal(name):
    def mark(f):
        CODES.add(f.__code__)
        return f
    return mark
@internal("x")
def g(x=1): return x
~~~ x=1 => x=2
>>> CODES == {g.__code__}

=== what is in the code | must=structural
NAMES = set()
def internal(f):
    NAMES.add(f.__code__.co_varnames)
    return f
@internal
def g(x=1): return x
~~~ x=1 => y=1

=== an object that makes something of it | must=structural
class Lines:
    def __init__(self): self.all = []
    def add(self, code): self.all.append(code.co_consts)
LINES = Lines()
def internal(f):
    LINES.add(f.__code__)
    return f
@internal
def g(x=1): return 1
~~~ (x=1): return 1 => (x=2): return 2

=== a container that is nowhere to be found | must=structural
def internal(f, kept=[]):
    kept.append(f.__code__)
    return f
@internal
def g(x=1): return 1
~~~ (x=1): return 1 => (x=2): return 2

=== the code of another function | must=structural
CODES = set()
def helper(): return 1
def internal(f):
    CODES.add(f.__code__)
    helper.last = f.__code__.co_consts
    return f
@internal
def g(x=1): return 1
~~~ (x=1): return 1 => (x=2): return 2
""")


@pytest.mark.parametrize("row", ROWS)
def test_code_that_a_decorator_keeps(ws: Workspace, row: Row) -> None:
    check(ws, row)
