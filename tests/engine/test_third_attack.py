"""Edits that were told as live and were not, found by a third attack: what instances take from their class."""

from __future__ import annotations

import pytest

from tests.engine.edits import Row, check, table
from tests.harness import Workspace

INSTANCES = r"""
=== init collects handlers | must=structural
class Bot:
    def __init__(self):
        self.handlers = {n: getattr(self, n) for n in dir(self) if n.startswith("on_")}
    def on_a(self): return 1
bot = Bot()
NAMES = sorted(bot.handlers)
~~~ def on_a(self): return 1 => def on_a(self): return 1\n    def on_b(self): return 2
=== inherited init collects | must=structural
from b import Base
class Bot(Base):
    def on_a(self): return 1
bot = Bot()
NAMES = sorted(bot.handlers)
--- b.py
class Base:
    def __init__(self):
        self.handlers = {n: m for n, m in vars(type(self)).items() if n.startswith("on_")}
~~~ def on_a(self): return 1 => def on_a(self): return 1\n    def on_b(self): return 2
=== init reads a signature of methods | must=structural
import inspect
class Bot:
    def __init__(self):
        self.sigs = [str(inspect.signature(m)) for n, m in inspect.getmembers(self) if n.startswith("on_")]
    def on_a(self, x=1): return 1
bot = Bot()
NAMES = list(bot.sigs)
~~~ x=1 => x=2
=== init calls all | must=structural
class Bot:
    def __init__(self):
        self.got = [getattr(self, n)() for n in dir(self) if n.startswith("on_")]
    def on_a(self): return 1
bot = Bot()
N = sum(bot.got)
~~~ return 1 => return 2
=== function collects of instance | must=structural
def names(o): return [n for n in dir(o) if n.startswith("on_")]
class Bot:
    def __init__(self): self.names = names(self)
    def on_a(self): return 1
bot = Bot()
N = len(bot.names)
~~~ def on_a(self): return 1 => def on_a(self): return 1\n    def on_b(self): return 2
=== init calls through table of strings | must=structural
class Bot:
    steps = ("one",)
    def __init__(self):
        self.out = [getattr(self, s)() for s in self.steps]
    def one(self): return 1
    def two(self): return 2
bot = Bot()
OUT = list(bot.out)
~~~ ("one",) => ("one", "two")
=== init reads a class attribute | must=structural
class Bot:
    prefix = "!"
    def __init__(self): self.p = self.prefix * 2
bot = Bot()
P = bot.p
~~~ prefix = "!" => prefix = "?"
=== init reads a class attribute of type | must=structural
class Bot:
    prefix = "!"
    def __init__(self): self.p = type(self).prefix * 2
bot = Bot()
P = bot.p
~~~ prefix = "!" => prefix = "?"
=== init reads a class attribute of subclass | must=structural
class Base:
    prefix = "!"
    def __init__(self): self.p = self.prefix * 2
class Bot(Base):
    prefix = "#"
bot = Bot()
P = bot.p
~~~ prefix = "#" => prefix = "?"
=== init calls super with property | must=structural
class Base:
    @property
    def name(self): return "b"
    def __init__(self): self.n = self.name.upper()
class Bot(Base):
    @property
    def name(self): return "bot"
bot = Bot()
N = bot.n
~~~ "bot" => "bott"
=== init uses abstract hook overridden | must=structural
import abc
class Base(abc.ABC):
    def __init__(self): self.n = self.build()
    @abc.abstractmethod
    def build(self): ...
class Bot(Base):
    def build(self): return 1
bot = Bot()
N = bot.n
~~~ return 1 => return 2
=== init hook overridden in other module, passed through a var | must=structural
from b import Base
class Bot(Base):
    def build(self): return 1
bots = [Bot(), Bot()]
N = [x.n for x in bots]
--- b.py
class Base:
    def __init__(self):
        maker = self.build
        self.n = maker()
~~~ return 1 => return 2
=== init with class attribute table | must=structural
class Form:
    fields = {"a": 1}
    def __init__(self):
        for k, v in self.fields.items(): setattr(self, k, v)
f = Form()
A = f.a
~~~ {"a": 1} => {"a": 2}
=== pydantic lambda factory | must=structural
from pydantic import BaseModel, Field
class C(BaseModel):
    a: list = Field(default_factory=lambda: [1])
c = C()
A = list(c.a)
~~~ [1] => [2]
=== dataclass lambda factory | must=structural
import dataclasses
@dataclasses.dataclass
class C:
    a: list = dataclasses.field(default_factory=lambda: [1])
c = C()
A = list(c.a)
~~~ [1] => [2]
=== callable class attr hook | must=structural
class Bot:
    make = lambda self: 1
    def __init__(self): self.n = self.make()
bot = Bot()
N = bot.n
~~~ lambda self: 1 => lambda self: 2
=== new with table | must=structural
class Bot:
    kinds = {"a": 1}
    def __new__(cls):
        self = super().__new__(cls)
        self.k = cls.kinds["a"]
        return self
bot = Bot()
K = bot.k
~~~ {"a": 1} => {"a": 2}
=== a method that is only kept
class Loop:
    def __init__(self, step): self.step = step
class Bot:
    name = "b"
    def __init__(self): self.loop = Loop(self.step)
    def step(self): return 1
bot = Bot()
X = bot.name
~~~ return 1 => return 2
=== a method that init does not touch
class Bot:
    name = "b"
    def __init__(self): self.n = len(self.name)
    def step(self): return 1
bot = Bot()
X = bot.n
~~~ return 1 => return 2
=== a method stored under another name
class Bot:
    def __init__(self):
        self.handler = self.step
        self.n = 1
    def step(self): return 1
bot = Bot()
X = bot.n
~~~ return 1 => return 2
=== an attribute of the instance
class Bot:
    def __init__(self):
        self.n = 1
        self.m = self.n + 1
    def step(self): return self.n
bot = Bot()
X = bot.m
~~~ return self.n => return self.n + 1
=== registers itself, body edited
ALL = []
class Bot:
    def __init__(self):
        ALL.append(self)
        self.n = 1
    def step(self): return self.n
bot = Bot()
X = bot.n
~~~ return self.n => return self.n + 1
=== the name of its class
class Bot:
    def __init__(self): self.label = type(self).__name__.lower()
    def step(self): return 1
bot = Bot()
X = bot.label
~~~ return 1 => return 2
"""

ENUMS = r"""
=== enum by missing through function
import enum
class A(enum.Enum):
    X = 1
    Y = 2
    @classmethod
    def _missing_(cls, v): return cls.X
def get(v): return A(v).name
V = get(5)
~~~ return cls.X => return cls.Y
=== enum by missing via helper
import enum
def fallback(cls): return cls.X
class A(enum.Enum):
    X = 1
    Y = 2
    @classmethod
    def _missing_(cls, v): return fallback(cls)
V = A(5)
~~~ return cls.X => return cls.Y
=== flag boundary missing
import enum
class P(enum.StrEnum):
    A = "a"
    B = "b"
    @classmethod
    def _missing_(cls, v):
        for m in cls:
            if m.value == v.lower(): return m
ALL = {P("A"): 1}
DEF = P("B")
~~~ m.value == v.lower() => m.value == "a"
=== enum looked up, method edited
import enum
class M(enum.Enum):
    A = 1
    def text(self): return "a"
X = [M(1)]
~~~ return "a" => return "b"
=== enum value looked up that changes
import enum
class M(enum.Enum):
    A = 1
    B = 2
X = M(1).name
Y = M["B"].value
~~~ A = 1\n    B = 2 => A = 2\n    B = 1
=== enum value looked up in a function
import enum
class M(enum.Enum):
    A = 1
    B = 2
def get(v=1): return M(v)
X = get().name
~~~ A = 1\n    B = 2 => A = 2\n    B = 1
"""

LAZY_MODULES = r"""
=== lazy getattr module
import pkg
X = pkg.thing
--- pkg/__init__.py
def __getattr__(name):
    if name == "thing":
        from .x import thing
        return thing
    raise AttributeError(name)
--- pkg/x.py
thing = 1
~~~ thing = 1 => thing = 2
=== module getattr by from import
from pkg import thing
X = thing
--- pkg/__init__.py
def __getattr__(name):
    if name == "thing":
        from .x import thing
        return thing
    raise AttributeError(name)
--- pkg/x.py
thing = 1
~~~ thing = 1 => thing = 2
=== lazy table by importlib
import pkg
X = pkg.run()
--- pkg/__init__.py
import importlib
_LAZY = {"run": ".x"}
def __getattr__(name):
    if name in _LAZY:
        return getattr(importlib.import_module(_LAZY[name], __name__), name)
    raise AttributeError(name)
--- pkg/x.py
def run(): return 1
~~~ return 1 => return 2
=== lazy table by constants
import pkg
X = pkg.LIMIT
--- pkg/__init__.py
import importlib
_LAZY = {"LIMIT": ".x"}
def __getattr__(name):
    if name in _LAZY:
        return getattr(importlib.import_module(_LAZY[name], __name__), name)
    raise AttributeError(name)
--- pkg/x.py
LIMIT = 1
~~~ LIMIT = 1 => LIMIT = 2
=== getattr with constant
import b
X = b.OLD
--- b.py
NEW = 1
def __getattr__(n):
    if n == "OLD": return NEW
    raise AttributeError(n)
~~~ NEW = 1 => NEW = 2
=== from import of such
from b import OLD
X = OLD + 1
--- b.py
NEW = 1
def __getattr__(n):
    if n == "OLD": return NEW
    raise AttributeError(n)
~~~ NEW = 1 => NEW = 2
"""


@pytest.mark.parametrize("row", table(INSTANCES))
def test_what_an_instance_takes_from_its_class_is_told(ws: Workspace, row: Row) -> None:
    check(ws, row)


@pytest.mark.parametrize("row", table(ENUMS))
def test_who_looks_a_member_up_is_told(ws: Workspace, row: Row) -> None:
    check(ws, row)


@pytest.mark.parametrize("row", table(LAZY_MODULES))
def test_what_a_module_gives_by_a_function_is_told(ws: Workspace, row: Row) -> None:
    check(ws, row)
