"""Attributes that a class computes when they are read off it: descriptors under any name."""

from __future__ import annotations

import pytest

from tests.engine.edits import Row, check, table
from tests.harness import Workspace

ROWS = r"""
=== descriptor as a decorator, its get helper | must=truth
def helper(f): return f(None) + "1"
class lazy:
    def __init__(self, f): self.f = f
    def __get__(self, o, t): return helper(self.f)
class C:
    @lazy
    def name(cls): return "a"
X = C.name
~~~ + "1" => + "2"
=== the body of get | must=truth
class lazy:
    def __init__(self, f): self.f = f
    def __get__(self, o, t): return self.f(t) + "1"
class C:
    @lazy
    def name(cls): return "a"
X = C.name
~~~ + "1" => + "2"
=== descriptor of a base under an alias | must=truth
class Base:
    def __init__(self, f): self.f = f
    def __get__(self, o, t): return self.f(t)
class lazy(Base): pass
prop = lazy
class C:
    @prop
    def name(cls): return "a"
X = C.name
~~~ return "a" => return "b"
=== descriptor from another module | must=truth
from b import classproperty
class C:
    @classproperty
    def name(cls): return "a"
X = C.name
--- b.py
class classproperty:
    def __init__(self, f): self.f = f
    def __get__(self, o, t): return self.f(t)
~~~ return "a" => return "b"
=== decorator function that gives a descriptor | must=truth
class D:
    def __init__(self, f): self.f = f
    def __get__(self, o, t): return self.f(t)
def classproperty(f): return D(f)
class C:
    @classproperty
    def name(cls): return "a"
X = C.name
~~~ return "a" => return "b"
=== descriptor assigned | must=truth
class D:
    def __init__(self, f): self.f = f
    def __get__(self, o, t): return self.f(t)
class C:
    def _name(cls): return "a"
    name = D(_name)
X = C.name
~~~ return "a" => return "b"
=== descriptor assigned with a lambda | must=truth
class D:
    def __init__(self, f): self.f = f
    def __get__(self, o, t): return self.f(t)
class C:
    name = D(lambda cls: "a")
X = C.name
~~~ "a" => "b"
=== classmethod and property stacked | must=truth
import sys
class C:
    @classmethod
    def make(cls): return "a"
    name = property(lambda self: self.make())
X = C().name
~~~ return "a" => return "b"
=== in a function | must=truth
class D:
    def __init__(self, f): self.f = f
    def __get__(self, o, t): return self.f(t)
class C:
    @D
    def name(cls): return "a"
def read(): return C.name
X = read()
~~~ return "a" => return "b"
=== inherited | must=truth
class D:
    def __init__(self, f): self.f = f
    def __get__(self, o, t): return self.f(t)
class B:
    @D
    def name(cls): return "a"
class C(B): pass
X = C.name
~~~ return "a" => return "b"
=== a default of a method | must=truth
class D:
    def __init__(self, f): self.f = f
    def __get__(self, o, t): return self.f(t)
class C:
    @D
    def name(cls): return "a"
def show(x=C.name): return x
~~~ return "a" => return "b"
=== as a class attribute of another | must=truth
class D:
    def __init__(self, f): self.f = f
    def __get__(self, o, t): return self.f(t)
class C:
    @D
    def name(cls): return "a"
class E:
    label = C.name
~~~ return "a" => return "b"
=== getattr with a text | must=truth
class D:
    def __init__(self, f): self.f = f
    def __get__(self, o, t): return self.f(t)
class C:
    @D
    def name(cls): return "a"
X = getattr(C, "name")
~~~ return "a" => return "b"
=== by a library | must=truth
import types
class C:
    @classmethod
    @property
    def old(cls): return "a"
X = C.__dict__["old"]
~~~ return "a" => return "b"
=== a metaclass property | must=truth
class M(type):
    @property
    def name(cls): return "a"
class C(metaclass=M): pass
X = C.name
~~~ return "a" => return "b"
=== what the descriptor's function calls | must=truth
def helper(): return "a"
class D:
    def __init__(self, f): self.f = f
    def __get__(self, o, t): return self.f(t)
class C:
    @D
    def name(cls): return helper()
X = C.name
~~~ return "a" => return "b"
=== set from outside | must=truth
class D:
    def __init__(self, f): self.f = f
    def __get__(self, o, t): return self.f(t)
class C: pass
def name(cls): return "a"
C.name = D(name)
X = C.name
~~~ return "a" => return "b"
=== get by setattr on the descriptor class | must=truth
class D:
    def __init__(self, f): self.f = f
D.__get__ = lambda self, o, t: self.f(t)
class C:
    @D
    def name(cls): return "a"
X = C.name
~~~ return "a" => return "b"
=== nested class | must=truth
class D:
    def __init__(self, f): self.f = f
    def __get__(self, o, t): return self.f(t)
class O:
    class C:
        @D
        def name(cls): return "a"
X = O.C.name
~~~ return "a" => return "b"
=== in a dict | must=truth
class D:
    def __init__(self, f): self.f = f
    def __get__(self, o, t): return self.f(t)
class C:
    @D
    def name(cls): return "a"
T = {"n": C.name, "o": (C.name,)}
~~~ return "a" => return "b"
"""


@pytest.mark.parametrize("row", table(ROWS))
def test_a_computed_attribute(ws: Workspace, row: Row) -> None:
    check(ws, row)
