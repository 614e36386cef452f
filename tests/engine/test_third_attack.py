"""Edits that were told as live and were not, found by a third attack: what instances take from their class."""

from __future__ import annotations

import sys
import textwrap

import pytest

from mpdt_hooks import Outcome
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

=== factory function
class Bot:
    prefix = "!"
    def __init__(self): self.p = self.prefix * 2
def make(): return Bot()
bot = make()
P = bot.p
~~~ prefix = "!" => prefix = "?"
=== dict comprehension of instances
class Bot:
    prefix = "!"
    def __init__(self, n): self.p = self.prefix + n
bots = {n: Bot(n) for n in ("a", "b")}
P = bots["a"].p
~~~ prefix = "!" => prefix = "?"
=== class attribute from a module constant | must=structural
from b import PREFIX
class Bot:
    prefix = PREFIX
    def __init__(self): self.p = self.prefix * 2
bot = Bot()
P = bot.p
--- b.py
PREFIX = "!"
~~~ PREFIX = "!" => PREFIX = "?"
=== chained call
class Bot:
    prefix = "!"
    def __init__(self): self.p = 1
    def setup(self):
        self.p = self.prefix * 2
        return self
bot = Bot().setup()
P = bot.p
~~~ prefix = "!" => prefix = "?"
=== class holds its instance | must=structural
class Bot:
    prefix = "!"
    def __init__(self): self.p = self.prefix * 2
Bot.default = Bot()
P = Bot.default.p
~~~ prefix = "!" => prefix = "?"
=== instance in class body
class Bot:
    prefix = "!"
    def __init__(self): self.p = self.prefix * 2
class App:
    bot = Bot()
    title = bot.p
~~~ prefix = "!" => prefix = "?"
=== dataclass with class attribute | must=structural
import dataclasses
@dataclasses.dataclass
class C:
    n: int = 1
    scale = 2
    def __post_init__(self): self.v = self.n * self.scale
c = C()
V = c.v
~~~ scale = 2 => scale = 3
=== dataclass property default | must=structural
import dataclasses
@dataclasses.dataclass
class C:
    n: int = 1
    @property
    def twice(self): return self.n * 2
    def __post_init__(self): self.v = self.twice
c = C()
V = c.v
~~~ self.n * 2 => self.n * 3
=== pydantic validator on an instance kept | must=structural
from pydantic import BaseModel, field_validator
class C(BaseModel):
    n: int = 1
    @field_validator("n")
    @classmethod
    def up(cls, v): return v + 1
c = C(n=3)
V = c.n
~~~ v + 1 => v + 2
=== pydantic model validator | must=structural
from pydantic import BaseModel, model_validator
class C(BaseModel):
    n: int = 1
    @model_validator(mode="after")
    def up(self):
        self.n = self.n + 1
        return self
c = C(n=3)
V = c.n
~~~ self.n + 1 => self.n + 2
=== descriptor's code | must=structural
class Typed:
    def __init__(self, default): self.default = default
    def __get__(self, o, t=None): return self if o is None else self.default * 1
class C:
    a = Typed(1)
    def __init__(self): self.b = self.a + 1
c = C()
V = c.b
~~~ self.default * 1 => self.default * 5
=== mixin method by name from a table | must=structural
class Mixin:
    def one(self): return 1
    def two(self): return 2
class C(Mixin):
    TABLE = {"a": "one", "b": "two"}
    def __init__(self): self.v = {k: getattr(self, n)() for k, n in self.TABLE.items()}
c = C()
V = c.v["b"]
~~~ return 2 => return 3
=== init in a base of a base in another file | must=structural
from b import Mid
class C(Mid):
    label = "c"
c = C()
V = c.text
--- b.py
from d import Base
class Mid(Base):
    label = "m"
--- d.py
class Base:
    label = "b"
    def __init__(self): self.text = f"<{self.label}>"
~~~ label = "c" => label = "cc"
=== label of the middle taken away | must=structural
from b import Mid
class C(Mid):
    label = "c"
c = C()
V = c.text
--- b.py
class Base:
    label = "b"
    def __init__(self): self.text = f"<{self.label}>"
class Mid(Base):
    label = "m"
~~~     label = "c" =>     other = "c"
=== base swapped | must=structural
class A:
    def __init__(self): self.n = 1
class B:
    def __init__(self): self.n = 2
class C(A): pass
c = C()
N = c.n
~~~ class C(A) => class C(B)
=== own class name attribute | must=structural
class C:
    scale = 2
    def __init__(self, n): self.n = n * C.scale
c = C(1)
N = c.n
~~~ scale = 2 => scale = 3
=== __class__ attribute | must=structural
class C:
    scale = 2
    def __init__(self, n): self.n = n * __class__.scale
c = C(1)
N = c.n
~~~ scale = 2 => scale = 3
=== super attribute | must=structural
class B:
    scale = 2
class C(B):
    scale = 9
    def __init__(self, n): self.n = n * super().scale
c = C(1)
N = c.n
~~~ scale = 2 => scale = 3
=== self under another name | must=structural
class C:
    scale = 2
    def __init__(self, n):
        me = self
        me.n = n * me.scale
c = C(1)
N = c.n
~~~ scale = 2 => scale = 3
=== a function that is handed self | must=structural
def scaled(o): return o.scale * 2
class C:
    scale = 2
    def __init__(self): self.n = scaled(self)
c = C()
N = c.n
~~~ scale = 2 => scale = 3
=== a function handed self calls a method | must=structural
def scaled(o): return o.get() * 2
class C:
    def get(self): return 2
    def __init__(self): self.n = scaled(self)
c = C()
N = c.n
~~~ return 2 => return 3
=== another object handed self calls a method | must=structural
class Helper:
    def __init__(self, owner): self.v = owner.get()
class C:
    def get(self): return 2
    def __init__(self): self.h = Helper(self)
c = C()
N = c.h.v
~~~ return 2 => return 3
=== operators in init | must=structural
class C:
    def __len__(self): return 2
    def __init__(self): self.n = len(self)
c = C()
N = c.n
~~~ return 2 => return 3
=== str of itself | must=structural
class C:
    def __str__(self): return "2"
    def __init__(self): self.n = f"{self}!"
c = C()
N = c.n
~~~ return "2" => return "3"
=== iterates itself | must=structural
class C:
    def __iter__(self): return iter([2])
    def __init__(self): self.n = [x for x in self]
c = C()
N = c.n[0]
~~~ iter([2]) => iter([3])
=== subscript of itself | must=structural
class C:
    def __getitem__(self, k): return 2
    def __init__(self): self.n = self["x"]
c = C()
N = c.n
~~~ return 2 => return 3
=== calls itself | must=structural
class C:
    def __call__(self): return 2
    def __init__(self): self.n = self()
c = C()
N = c.n
~~~ return 2 => return 3
=== setattr hook | must=structural
class C:
    def __setattr__(self, k, v): object.__setattr__(self, k, v * 2)
    def __init__(self): self.n = 1
c = C()
N = c.n
~~~ v * 2 => v * 3
=== getattr hook in init | must=structural
class C:
    def __getattr__(self, k): return 2
    def __init__(self): self.n = self.missing
c = C()
N = c.n
~~~ return 2 => return 3
=== context manager of itself | must=structural
class C:
    def __enter__(self): self.n = 2
    def __exit__(self, *a): pass
    def __init__(self):
        with self: pass
c = C()
N = c.n
~~~ self.n = 2 => self.n = 3
=== hands itself to a library and to a function that keeps it
import weakref
ALL = []
def note(o): ALL.append(o)
class Bot:
    def __init__(self):
        note(self)
        self.ref = weakref.ref(self)
        self.n = 1
    def step(self): return 1
bot = Bot()
X = bot.n
~~~ return 1 => return 2
=== a helper that keeps its owner
class Helper:
    def __init__(self, owner): self.owner = owner
class Bot:
    def __init__(self): self.helper = Helper(self)
    def step(self): return 1
bot = Bot()
helper = bot.helper
X = helper.owner is bot
~~~ return 1 => return 2
=== the same, a method that nobody has called comes
class Helper:
    def __init__(self, owner): self.name = owner.name
class Bot:
    name = "b"
    def __init__(self): self.helper = Helper(self)
    def step(self): return 1
bot = Bot()
X = bot.helper.name
~~~ return 1 => return 2
=== a router of an app
class Router:
    def __init__(self): self.routes = {}
    def add(self, p, f): self.routes[p] = f
class App:
    def __init__(self):
        self.router = Router()
        self.router.add("/", self.index)
    def index(self): return 1
app = App()
router = app.router
~~~ return 1 => return 2
>>> router.routes["/"]() == 2
"""

MADE_AGAIN = r"""
=== post_init that checks | must=structural
import dataclasses
@dataclasses.dataclass
class C:
    limit: int = 1
    def __post_init__(self):
        if self.limit < 0: raise ValueError("negative")
c = C()
~~~ limit: int = 1 => limit: int = -1
=== init that checks a class attribute | must=structural
class C:
    limit = 1
    def __init__(self):
        if self.limit < 0: raise ValueError("negative")
c = C()
~~~ limit = 1 => limit = -1
=== init body that raises | must=structural
class C:
    def __init__(self): self.a = int("1")
c = C()
~~~ int("1") => int("x")
=== a helper that raises | must=structural
def parse(): return int("1")
class C:
    def __init__(self): self.a = parse()
c = C()
~~~ int("1") => int("x")
=== a name that is not there | must=structural
class C:
    def __init__(self): self.a = 1
c = C()
~~~ self.a = 1 => self.a = missing
=== pydantic validator | must=structural
from pydantic import BaseModel, field_validator
class C(BaseModel):
    a: int = 1
    @field_validator("a")
    @classmethod
    def up(cls, v):
        if v > 2: raise ValueError("big")
        return v
c = C(a=2)
~~~ v > 2 => v > 1
=== pydantic constraint | must=structural
from pydantic import BaseModel, Field
class C(BaseModel):
    a: int = Field(1, le=5)
c = C(a=4)
~~~ le=5 => le=3
=== pydantic type | must=structural
from pydantic import BaseModel
class C(BaseModel):
    a: int = 1
c = C(a=4)
~~~ a: int = 1 => a: list = []
=== a lock beside | must=structural
import threading
class C:
    limit = 1
    def __init__(self):
        self.lock = threading.Lock()
        if self.limit < 0: raise ValueError("negative")
c = C()
~~~ limit = 1 => limit = -1
=== fine as it is
class C:
    limit = 1
    def __init__(self):
        if self.limit < 0: raise ValueError("negative")
c = C()
~~~ limit = 1 => limit = 2
=== only one | must=structural
class C:
    one = None
    def __init__(self):
        if C.one is not None: raise RuntimeError("only one")
        C.one = self
        self.n = 1
c = C()
~~~ self.n = 1 => self.n = 2
=== keeps a connection
import socket
class C:
    def __init__(self):
        self.sock = socket.socket()
        self.sock.close()
        self.n = 1
c = C()
~~~ self.n = 1 => self.n = 2
=== logger and state
import logging, threading, asyncio, re, collections
class C:
    def __init__(self):
        self.log = logging.getLogger("y13")
        self.lock = threading.RLock()
        self.q = asyncio.Queue()
        self.rx = re.compile("a+")
        self.d = collections.defaultdict(list)
        self.n = 1
c = C()
~~~ self.n = 1 => self.n = 2
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


DOCSTRINGS = r"""
=== method docs by class helper
class Commands:
    def start(self):
        "Start."
    def stop(self):
        "Stop."
    @classmethod
    def help(cls): return {n: m.__doc__ for n, m in vars(cls).items() if not n.startswith("_")}
HELP = Commands.help()
~~~ "Stop." => "Stop it."
=== class doc through a base's init_subclass | must=structural
class Base:
    def __init_subclass__(cls, **kw):
        cls.help = (cls.__doc__ or "").strip()
class C(Base):
    "One."
    def f(self): return 1
~~~ "One." => "Two."
=== class decorator reads the docstring | must=structural
HELP = {}
def command(cls):
    HELP[cls.__name__] = cls.__doc__
    return cls
@command
class C:
    "One."
    def f(self): return 1
~~~ "One." => "Two."
=== class decorator with arguments reads it | must=structural
def command(name):
    def deco(cls):
        cls.usage = f"{name}: {cls.__doc__}"
        return cls
    return deco
@command("c")
class C:
    "One."
~~~ "One." => "Two."
=== metaclass reads it | must=structural
class M(type):
    def __init__(cls, n, b, ns):
        cls.usage = ns.get("__doc__", "").upper()
class C(metaclass=M):
    "One."
~~~ "One." => "Two."
=== docstring removed, hook | must=structural
class Base:
    def __init_subclass__(cls): cls.usage = cls.__doc__ or "none"
class C(Base):
    "One."
    x = 1
~~~     "One."\n    x = 1 =>     x = 1
=== docstring added | must=structural
class Base:
    def __init_subclass__(cls): cls.usage = cls.__doc__ or "none"
class C(Base):
    x = 1
~~~     x = 1 =>     "One."\n    x = 1
=== dataclass docstring removed and added
import dataclasses
@dataclasses.dataclass
class C:
    "One."
    a: int = 1
D = C.__doc__
~~~     "One."\n    a: int = 1 =>     a: int = 1
=== dataclass docstring added
import dataclasses
@dataclasses.dataclass
class C:
    a: int = 1
D = C.__doc__
~~~     a: int =>     "Two."\n    a: int
=== enum docstring
import enum
class M(enum.Enum):
    "One."
    A = 1
D = M.__doc__
~~~ "One." => "Two."
=== f-string docstring set after
class C:
    x = 3
    __doc__ = f"x is {x}"
D = C.__doc__
~~~ x = 3 => x = 4
=== instance reads type docs in init | must=structural
class Base:
    def __init__(self): self.help = type(self).__doc__
class C(Base):
    "One."
c = C()
H = c.help
~~~ "One." => "Two."
=== self helper by instance
class Commands:
    def start(self):
        "Start."
    def help(self): return [getattr(self, n).__doc__ for n in dir(self) if n.startswith("s")]
C = Commands()
HELP = C.help()
~~~ "Start." => "Go."
=== inherited helper
class Base:
    @classmethod
    def help(cls): return {n: m.__doc__ for n, m in vars(cls).items() if n.startswith("s")}
class Commands(Base):
    def start(self):
        "Start."
HELP = Commands.help()
~~~ "Start." => "Go."
=== helper of the instance in another module
from b import Base
class Commands(Base):
    def start(self):
        "Start."
one = Commands()
HELP = one.help()
--- b.py
class Base:
    def help(self): return {n: getattr(self, n).__doc__ for n in dir(self) if n.startswith("s")}
~~~ "Start." => "Go."
=== init that goes through its methods | must=structural
class Base:
    def __init__(self):
        self.docs = {n: getattr(self, n).__doc__ for n in dir(self) if n.startswith("s")}
class Commands(Base):
    def start(self):
        "Start."
one = Commands()
HELP = sorted(one.docs.items())
~~~ "Start." => "Go."
=== init reads annotations of its methods | must=structural
import inspect
class Base:
    def __init__(self):
        self.sigs = {n: str(inspect.signature(m)) for n, m in inspect.getmembers(self, inspect.ismethod) if n[0] != "_"}
class Commands(Base):
    def start(self, q): return q
one = Commands()
N = dict(one.sigs)
~~~ (self, q) => (self, q: int)
=== classmethod by annotations of self
class Model:
    a: int = 1
    @classmethod
    def fields(cls): return list(cls.__annotations__)
F = Model.fields()
~~~ a: int = 1 => a: int = 1\n    b: int = 2
=== same, method only
REG = {}
class Base:
    name = ""
    def __init_subclass__(cls, **kw):
        super().__init_subclass__(**kw)
        if cls.name: REG[cls.name] = cls
class A(Base):
    name = "a"
    def go(self): return 1
~~~ return 1 => return 2
>>> REG["a"]().go() == 2
=== model docstring with field descriptions by attribute docs
from pydantic import BaseModel, ConfigDict
class C(BaseModel):
    model_config = ConfigDict(use_attribute_docstrings=True)
    a: int = 1
    "the a"
S = C.model_json_schema()
~~~ the a => the A
=== total ordering
import functools
@functools.total_ordering
class C:
    "One."
    def __lt__(self, o): return True
    def __eq__(self, o): return True
~~~ "One." => "Two."
=== own inert decorator
R = []
def reg(cls):
    R.append(cls)
    return cls
@reg
class C:
    "One."
    x = 1
~~~ "One." => "Two."
=== unittest skip
import unittest
@unittest.skip("no")
class C(unittest.TestCase):
    "One."
    def test(self): pass
~~~ "One." => "Two."
=== decorated, method and docstring | must=structural
def deco(c):
    c.seen = sorted(n for n in vars(c) if n[0] != "_")
    return c
@deco
class C:
    "One."
    def a(self): return 1
~~~ "One." => "Two."
~~~ def a(self): return 1 => def a(self): return 1\n    def b(self): return 1
"""

PROTOCOLS = r"""
=== hook with protocol check | must=structural
from typing import Protocol, runtime_checkable
@runtime_checkable
class Closable(Protocol):
    def close(self): ...
CLOSABLE = []
class Base:
    def __init_subclass__(cls, **kw):
        if issubclass(cls, Closable): CLOSABLE.append(cls)
class A(Base):
    def go(self): return 1
~~~ return 1 => return 1\n    def close(self): return 2
=== hook with subclasshook | must=structural
import abc
class Closable(abc.ABC):
    @classmethod
    def __subclasshook__(cls, C): return any("close" in vars(b) for b in C.__mro__)
CLOSABLE = []
class Base:
    def __init_subclass__(cls, **kw):
        if issubclass(cls, Closable): CLOSABLE.append(cls)
class A(Base):
    def go(self): return 1
~~~ return 1 => return 1\n    def close(self): return 2
"""

REGISTRIES = r"""
=== registry in one file, read below
R = []
def reg(f):
    R.append(f)
    return f
@reg
def one(): return 1
@reg
def two(): return 2
ALL = ",".join(f.__name__ for f in R)
FIRST = R[0].__name__
~~~ @reg\ndef two => @reg\ndef mid(): return 9\n@reg\ndef two
>>> ALL == "one,mid,two"
=== registry dict in one file, read below
R = {}
def reg(f):
    R[f.__name__] = f
    return f
@reg
def two(): return 2
ALL = ",".join(R)
~~~ @reg\ndef two => @reg\ndef mid(): return 9\n@reg\ndef two
=== classes by hook, read below
R = []
class Base:
    def __init_subclass__(cls): R.append(cls)
class A(Base): pass
class C(Base): pass
ALL = ",".join(c.__name__ for c in R)
~~~ class C(Base) => class B(Base): pass\nclass C(Base)
>>> ALL == "A,B,C"
=== list of names only | must=structural
R = []
def reg(f):
    R.append(f.__name__)
    return f
@reg
def one(): return 1
@reg
def two(): return 2
ALL = str(R)
~~~ @reg\ndef two => @reg\ndef mid(): return 9\n@reg\ndef two
=== names in another module | must=structural
import reg
import b
import c
ALL = ",".join(getattr(h, "__name__", h) for h in reg.HANDLERS)
--- reg.py
HANDLERS = []
def handler(f):
    HANDLERS.append(f.__name__)
    return f
--- b.py
from reg import handler
@handler
def hb(): return 1
--- c.py
from reg import handler
@handler
def hc(): return 1
~~~ def hb(): return 1 => def hb(): return 1\n@handler\ndef hb2(): return 2
=== instances in another module | must=structural
import reg
import b
import c
ALL = ",".join(h.f.__name__ for h in reg.HANDLERS)
--- reg.py
HANDLERS = []
class H:
    def __init__(self, f): self.f = f
def handler(f):
    HANDLERS.append(H(f))
    return f
--- b.py
from reg import handler
@handler
def hb(): return 1
--- c.py
from reg import handler
@handler
def hc(): return 1
~~~ def hb(): return 1 => def hb(): return 1\n@handler\ndef hb2(): return 2
=== classes by hook in two modules
import base
import b
import c
ALL = ",".join(x.__name__ for x in base.R)
--- base.py
R = []
class Base:
    def __init_subclass__(cls): R.append(cls)
--- b.py
from base import Base
class B(Base): pass
--- c.py
from base import Base
class C(Base): pass
~~~ class B(Base): pass => class B(Base): pass\nclass B2(Base): pass
=== subclasses order | must=structural
import base
import b
import c
ALL = ",".join(x.__name__ for x in base.Base.__subclasses__())
--- base.py
class Base: pass
--- b.py
from base import Base
class B(Base): pass
--- c.py
from base import Base
class C(Base): pass
~~~ class B(Base): pass => class B(Base): pass\nclass B2(Base): pass
=== registry object's dict in two modules
import reg
import b
import c
ALL = ",".join(reg.app.routes)
--- reg.py
class App:
    def __init__(self): self.routes = {}
    def route(self, path):
        def deco(f):
            self.routes[path] = f
            return f
        return deco
app = App()
--- b.py
from reg import app
@app.route("/b")
def hb(): return 1
--- c.py
from reg import app
@app.route("/c")
def hc(): return 1
~~~ def hb(): return 1 => def hb(): return 1\n@app.route("/b2")\ndef hb2(): return 2
=== priority sorted registry | must=structural
R = []
def reg(prio):
    def deco(f):
        R.append((prio, f.__name__))
        R.sort()
        return f
    return deco
@reg(2)
def one(): return 1
@reg(3)
def three(): return 2
ALL = str(R)
~~~ @reg(3) => @reg(1)\ndef mid(): return 9\n@reg(3)
=== enum-like counter in decorator | must=structural
import itertools
N = itertools.count()
def reg(f):
    f.no = next(N)
    return f
@reg
def one(): return 1
@reg
def two(): return 2
~~~ @reg\ndef two => @reg\ndef mid(): return 9\n@reg\ndef two
=== a counter in a class | must=structural
class Field:
    count = 0
    def __init__(self):
        Field.count += 1
        self.order = Field.count
class Form:
    a = Field()
    b = Field()
O = Form.a.order, Form.b.order
~~~     b = Field() =>     m = Field()\n    b = Field()
=== new handler on top, event by name
HANDLERS = {}
def on(event):
    def deco(f):
        HANDLERS.setdefault(event, []).append(f)
        return f
    return deco
@on("a")
def one(): return 1
@on("a")
def two(): return 2
NAMES = str({k: [f.__name__ for f in v] for k, v in HANDLERS.items()})
~~~ @on("a")\ndef two => @on("a")\ndef mid(): return 9\n@on("a")\ndef two
=== new handler in nested list across modules
import reg
import b
import c
--- reg.py
HANDLERS = {}
def on(event):
    def deco(f):
        HANDLERS.setdefault(event, []).append(f)
        return f
    return deco
--- b.py
from reg import on
@on("a")
def hb(): return 1
--- c.py
from reg import on
@on("a")
def hc(): return 1
~~~ def hb(): return 1 => def hb(): return 1\n@on("a")\ndef hb2(): return 2
=== plain append by a new module imported between | must=structural
import reg
import b
import d
--- reg.py
ALL = []
--- b.py
import reg
reg.ALL.append("b")
--- c.py
import reg
reg.ALL.append("c")
--- d.py
import reg
reg.ALL.append("d")
~~~ import b\nimport d => import b\nimport c\nimport d
=== new module with decorators imported between | must=structural
import reg
import b
import d
NAMES = ",".join(f.__name__ for f in reg.ALL)
--- reg.py
ALL = []
def on(f):
    ALL.append(f)
    return f
--- b.py
from reg import on
@on
def hb(): return 1
--- d.py
from reg import on
@on
def hd(): return 1
~~~ import b\nimport d => import b\nimport c\nimport d
~~~ --- d.py => --- c.py\nfrom reg import on\n@on\ndef hc(): return 1\n--- d.py
=== a new module that registers, read below | must=structural
import reg
import b
NAMES = ",".join(f.__name__ for f in reg.ALL)
--- reg.py
ALL = []
def on(f):
    ALL.append(f)
    return f
--- b.py
from reg import on
@on
def hb(): return 1
~~~ import b => import b\nimport c
~~~ --- b.py => --- c.py\nfrom reg import on\n@on\ndef hc(): return 1\n--- b.py
=== a new module that registers nothing
import b
NAMES = b.V
--- b.py
V = 1
~~~ import b => import b\nimport c
~~~ V = 1 => V = 1\n--- c.py\nW = [1]\nW.append(2)\ndef f(): return 1
>>> c.W == [1, 2]
=== another module in place of one | must=structural
from b import x
L = [x]
--- b.py
x = 1
ALL = []
~~~ from b import x => from c import x
~~~ ALL = [] => ALL = []\n--- c.py\nimport b\nx = 2\nb.ALL.append(x)
"""

# What a module does before ``X = 1``, what is added to it in an edit that fails further down, and what is true after
# the edit has been mended: of everything there is one.
FAILURES = {
    "an object of the plugin's": (
        """
        class App:
            def __init__(self): self.routes, self.n = {}, 0
            def on(self, f):
                self.routes[f.__name__] = f
                self.n += 1
                return f
        app = App()
        @app.on
        def one(): return 1
        """,
        "@app.on\ndef two(): return 2",
        "(list(app.routes), app.n) == (['one', 'two'], 2)",
    ),
    "an object in an object": (
        """
        class Bus:
            def __init__(self): self.heard = []
        class App:
            def __init__(self): self.bus = Bus()
            def on(self, f):
                self.bus.heard.append(f)
                return f
        app = App()
        @app.on
        def one(): return 1
        """,
        "@app.on\ndef two(): return 2",
        "app.bus.heard == [one, two]",
    ),
    "an attribute of a class": (
        """
        class App:
            n = 0
            @classmethod
            def on(cls, f):
                cls.n += 1
                return f
        @App.on
        def one(): return 1
        """,
        "@App.on\ndef two(): return 2",
        "App.n == 2",
    ),
    "containers of collections": (
        """
        import collections
        O, D, N = collections.OrderedDict(), collections.deque(), collections.Counter()
        L = collections.defaultdict(list)
        def on(f):
            O[f.__name__] = f
            D.append(f)
            N["all"] += 1
            L["all"].append(f)
            return f
        @on
        def one(): return 1
        """,
        "@on\ndef two(): return 2",
        "(list(O), list(D), N['all'], L['all']) == (['one', 'two'], [one, two], 2, [one, two])",
    ),
    "containers of the plugin's": (
        """
        import collections
        class T(dict):
            def update(self, *_): raise RuntimeError
        class O(collections.OrderedDict): pass
        class L(list): pass
        class D(collections.deque): pass
        class S(set): pass
        t, o, l, d, s = T(), O(), L(), D(), S()
        def on(f):
            t[f.__name__] = o[f.__name__] = f
            l.append(f)
            d.append(f)
            s.add(f)
            return f
        @on
        def one(): return 1
        """,
        "@on\ndef two(): return 2",
        "(list(t), list(o), l, list(d), len(s)) == (['one', 'two'], ['one', 'two'], [one, two], [one, two], 2)",
    ),
}


@pytest.mark.parametrize("row", table(INSTANCES))
def test_what_an_instance_takes_from_its_class_is_told(ws: Workspace, row: Row) -> None:
    check(ws, row)


@pytest.mark.parametrize("row", table(MADE_AGAIN))
def test_an_object_that_could_not_be_made_again_is_refused(ws: Workspace, row: Row) -> None:
    check(ws, row)


@pytest.mark.parametrize("row", table(ENUMS))
def test_who_looks_a_member_up_is_told(ws: Workspace, row: Row) -> None:
    check(ws, row)


@pytest.mark.parametrize("row", table(LAZY_MODULES))
def test_what_a_module_gives_by_a_function_is_told(ws: Workspace, row: Row) -> None:
    check(ws, row)


@pytest.mark.parametrize("row", table(DOCSTRINGS))
def test_who_looks_at_what_a_class_says_is_told(ws: Workspace, row: Row) -> None:
    check(ws, row)


@pytest.mark.parametrize("row", table(PROTOCOLS))
def test_a_hook_that_asks_by_members_has_seen_them(ws: Workspace, row: Row) -> None:
    check(ws, row)


@pytest.mark.parametrize("row", table(REGISTRIES))
def test_what_is_added_in_the_middle_stands_there(ws: Workspace, row: Row) -> None:
    check(ws, row)


@pytest.mark.parametrize("what", FAILURES)
def test_what_a_failed_edit_did_is_taken_back(ws: Workspace, what: str) -> None:
    source, added, probe = FAILURES[what]
    source = textwrap.dedent(source)
    ws["a.py"] = f"{source}X = 1\n"
    ws.start("a")
    builtins = dict(vars(sys.modules["builtins"]))
    assert ws.truthful({"a.py": f"{source}{added}\nX = 1 / 0\n"}).outcome is Outcome.REJECTED
    assert vars(sys.modules["builtins"]) == builtins
    ws.expect_patched({"a.py": f"{source}{added}\nX = 2\n"})
    assert ws.run("a", probe)


@pytest.mark.parametrize("decorator", ["attr.s", "attr.define"])
def test_attrs_has_no_use_for_a_docstring(ws: Workspace, decorator: str) -> None:
    pytest.importorskip("attr")
    source = f"import attr\n@{decorator}\nclass C:\n    'One.'\n    a = attr.ib(default=1)\nD = C.__doc__\n"
    ws["a.py"] = source
    ws.start("a")
    ws.expect_patched({"a.py": source.replace("One.", "Two.")}, keep=["a:C"])  # attrs made its ``__hash__``, too


HOST = """
HEARD = []
class Bus:
    def __init__(self): self.current = None
BUS = Bus()
def subscribe(f):
    HEARD.append(f)
"""
SUBSCRIBES = {
    "to a function": "a_host.subscribe(self.on)",
    "to a list": "a_host.HEARD.append(self.on)",
    "to an object": "a_host.BUS.current = self",
    "to both": "a_host.BUS.current = a_host.subscribe(self)",
}
AFTERWARDS = {"nobody": "", "a statement": "X = bot.n\n", "a function": "def get(): return bot.n\nX = get()\n"}


@pytest.mark.parametrize("afterwards", AFTERWARDS)
@pytest.mark.parametrize("what", SUBSCRIBES)
def test_what_is_made_aside_reaches_no_host(ws: Workspace, what: str, afterwards: str) -> None:
    source = (
        "import a_host\nclass Bot:\n    def __init__(self):\n        self.n = 1\n"
        f"        {SUBSCRIBES[what]}\n    def on(self): return 1\nbot = Bot()\n{AFTERWARDS[afterwards]}"
    )
    ws.write({"a_host.py": HOST, "p/__init__.py": "", "p/a.py": source})
    bot = ws.start("p.a", root=ws.root / "p").bot
    host = sys.modules["a_host"]
    before = len(host.HEARD), host.BUS.current
    for old, new in (("self.n = 1", "self.n = 2"), ("return 1", "return 2"), ("def on(self)", "def on(self, a=1)")):
        ws.write({"p/a.py": source.replace(old, new)})
        ws.reload()
        assert (len(host.HEARD), host.BUS.current) == before
        assert ws.get("p.a:bot") is bot
