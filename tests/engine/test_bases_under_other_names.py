"""Classes whose bases are bound by no class statement: in a try, by a call, in a table."""

from __future__ import annotations

import pytest

from tests.engine.edits import Row, check, table
from tests.harness import Workspace

ROWS = r"""
=== base in an if | must=truth
import abc
class Plain(abc.ABC):
    @classmethod
    def __subclasshook__(cls, o): return o is int
if True:
    Base = Plain
class Big(Base): pass
def check(x): return issubclass(int, Big)
X = check(1)
~~~ o is int => o is str
=== base by a conditional expression | must=truth
class Plain:
    def get(self): return 1
class Other:
    def get(self): return 1
Base = Plain if len("a") else Other
class Big(Base): pass
X = Big().get()
~~~ class Plain:\n    def get(self): return 1 => class Plain:\n    def get(self): return 2
=== base by try, a method | must=truth
class Plain:
    def get(self): return 1
try:
    Base = Plain
except NameError:
    Base = object
class Big(Base): pass
def run(): return Big().get()
X = run()
~~~ return 1 => return 2
=== base by try, a class attribute | must=truth
class Plain:
    kind = "a"
try:
    Base = Plain
except NameError:
    Base = object
class Big(Base): pass
X = Big.kind
~~~ "a" => "b"
=== base by a call | must=truth
class Plain:
    kind = "a"
def base(): return Plain
class Big(base()): pass
X = Big.kind
~~~ "a" => "b"
=== base by a call, method | must=truth
class Plain:
    def get(self): return 1
def base(): return Plain
class Big(base()): pass
X = Big().get()
~~~ return 1 => return 2
=== base by a subscript | must=truth
class Plain:
    kind = "a"
BASES = {"p": Plain}
class Big(BASES["p"]): pass
X = Big.kind
~~~ "a" => "b"
=== base by a loop variable | must=truth
class Plain:
    kind = "a"
for Base in (Plain,): pass
class Big(Base): pass
X = Big.kind
~~~ "a" => "b"
=== star bases | must=truth
class Plain:
    kind = "a"
BASES = (Plain,)
class Big(*BASES): pass
X = Big.kind
~~~ "a" => "b"
=== base imported in try | must=truth
try:
    from b import Plain as Base
except ImportError:
    Base = object
class Big(Base): pass
def run(): return Big.kind
X = run()
--- b.py
class Plain:
    kind = "a"
~~~ "a" => "b"
=== type call | must=truth
class Plain:
    kind = "a"
Big = type("Big", (Plain,), {})
X = Big.kind
~~~ "a" => "b"
=== types.new_class | must=truth
import types
class Plain:
    def get(self): return 1
Big = types.new_class("Big", (Plain,))
X = Big().get()
~~~ return 1 => return 2
=== mro entries | must=truth
class Real:
    kind = "a"
class Fake:
    def __mro_entries__(self, bases): return (Real,)
class Big(Fake()): pass
X = Big.kind
~~~ "a" => "b"
=== hook in try base, asked by except | must=truth
import abc
class Plain(abc.ABC):
    @classmethod
    def __subclasshook__(cls, o): return o is int
try:
    Base = Plain
except NameError:
    Base = object
class Big(Base): pass
X = issubclass(int, Big)
~~~ o is int => o is str
=== base by walrus | must=truth
class Plain:
    kind = "a"
(Base := Plain)
class Big(Base): pass
X = Big.kind
~~~ "a" => "b"
=== class in try | must=truth
try:
    class Plain:
        kind = "a"
except NameError: pass
class Big(Plain): pass
X = Big.kind
~~~ "a" => "b"
=== alias of alias, init | must=truth
class Plain:
    def __init__(self): self.x = 1
Mid = Plain
Base = Mid
class Big(Base): pass
K = Big()
X = K.x
~~~ self.x = 1 => self.x = 2
=== base by try, init | must=truth
class Plain:
    def __init__(self): self.x = 1
try:
    Base = Plain
except NameError:
    Base = object
class Big(Base): pass
K = Big()
X = K.x
~~~ self.x = 1 => self.x = 2
=== base by an attribute of an object | must=truth
class Ns: pass
class Plain:
    kind = "a"
Ns.Base = Plain
class Big(Ns.Base): pass
X = Big.kind
~~~ "a" => "b"
=== nested class as a base | must=truth
class Ns:
    class Plain:
        kind = "a"
class Big(Ns.Plain): pass
X = Big.kind
~~~ "a" => "b"
=== init_subclass through a try base | must=truth
class Plain:
    seen = []
    def __init_subclass__(cls): cls.v = cls.get()
try:
    Base = Plain
except NameError:
    Base = object
class Big(Base):
    @classmethod
    def get(cls): return 1
X = Big.v
~~~ return 1 => return 2
"""


@pytest.mark.parametrize("row", table(ROWS))
def test_a_base_under_another_name(ws: Workspace, row: Row) -> None:
    check(ws, row)
