"""Edits that were told as live and were not, found by a second attack: hidden calls, old state, values gone through."""

from __future__ import annotations

import pytest

from tests.engine.edits import Row, check, table
from tests.harness import Workspace

ROWS = r"""
=== H11 a decorator by partial keeps commands | must=truth
import functools
COMMANDS = {}
def build(f, prefix): return prefix + f.__name__
def command(f, prefix="/"):
    f.path = build(f, prefix)
    return f
slash = functools.partial(command, prefix="!")
@slash
def ping(): return 1
--->
import functools
COMMANDS = {}
def build(f, prefix): return prefix * 2 + f.__name__
def command(f, prefix="/"):
    f.path = build(f, prefix)
    return f
slash = functools.partial(command, prefix="!")
@slash
def ping(): return 1
=== H12 the same on a method | must=truth
import functools
def build(f, prefix): return prefix + f.__name__
def command(f, prefix="/"):
    f.path = build(f, prefix)
    return f
slash = functools.partial(command, prefix="!")
class P:
    @slash
    def ping(self): return 1
--->
import functools
def build(f, prefix): return prefix * 2 + f.__name__
def command(f, prefix="/"):
    f.path = build(f, prefix)
    return f
slash = functools.partial(command, prefix="!")
class P:
    @slash
    def ping(self): return 1
=== H14 partial of an imported decorator | must=truth
import functools
from b import command
slash = functools.partial(command, prefix="!")
@slash
def ping(): return 1
--- b.py
def build(f, prefix): return prefix + f.__name__
def command(f, prefix="/"):
    f.path = build(f, prefix)
    return f
--->
import functools
from b import command
slash = functools.partial(command, prefix="!")
@slash
def ping(): return 1
--- b.py
def build(f, prefix): return prefix * 2 + f.__name__
def command(f, prefix="/"):
    f.path = build(f, prefix)
    return f
=== A16 decorator by partial, its helper | must=truth
import functools
def tag_of(tag): return tag + "1"
def mark(f, tag):
    f.tag = tag_of(tag)
    return f
made = functools.partial(mark, tag="x")
@made
def f(): return 1
--->
import functools
def tag_of(tag): return tag + "2"
def mark(f, tag):
    f.tag = tag_of(tag)
    return f
made = functools.partial(mark, tag="x")
@made
def f(): return 1
=== A17 decorator by partial, itself | must=truth
import functools
def mark(f, tag):
    f.tag = tag + "1"
    return f
made = functools.partial(mark, tag="x")
@made
def f(): return 1
--->
import functools
def mark(f, tag):
    f.tag = tag + "2"
    return f
made = functools.partial(mark, tag="x")
@made
def f(): return 1
=== A1 class decorator makes one and reads a property | must=truth
REG = {}
def register(cls):
    one = cls()
    REG[one.name] = cls
    return cls
@register
class Cmd:
    @property
    def name(self): return "a"
--->
REG = {}
def register(cls):
    one = cls()
    REG[one.name] = cls
    return cls
@register
class Cmd:
    @property
    def name(self): return "b"
=== H17 init_subclass reads a property of the class instance, by two modules | must=truth
from b import Plugin
class Ping(Plugin):
    @property
    def name(self): return "ping1"
--- b.py
REGISTRY = {}
class Plugin:
    def __init_subclass__(cls, **kw):
        super().__init_subclass__(**kw)
        REGISTRY[cls().name] = cls
--->
from b import Plugin
class Ping(Plugin):
    @property
    def name(self): return "ping2"
--- b.py
REGISTRY = {}
class Plugin:
    def __init_subclass__(cls, **kw):
        super().__init_subclass__(**kw)
        REGISTRY[cls().name] = cls
=== A2 init_subclass makes one and reads a property | must=truth
class Base:
    reg = {}
    def __init_subclass__(cls):
        one = cls()
        Base.reg[one.name] = 1
class Cmd(Base):
    @property
    def name(self): return "a"
--->
class Base:
    reg = {}
    def __init_subclass__(cls):
        one = cls()
        Base.reg[one.name] = 1
class Cmd(Base):
    @property
    def name(self): return "b"
=== A23 class decorator with arguments reads property | must=truth
def register(name):
    def deco(cls):
        cls.v = cls().get + name
        return cls
    return deco
@register("x")
class C:
    @property
    def get(self): return "1"
--->
def register(name):
    def deco(cls):
        cls.v = cls().get + name
        return cls
    return deco
@register("x")
class C:
    @property
    def get(self): return "2"
=== H18 set_name reads a property of owner | must=truth
class D:
    def __set_name__(self, owner, name): self.v = owner().label
class C:
    d = D()
    @property
    def label(self): return "a"
V = C.d.v
--->
class D:
    def __set_name__(self, owner, name): self.v = owner().label
class C:
    d = D()
    @property
    def label(self): return "b"
V = C.d.v
=== A3 init_subclass takes str of one | must=truth
class Base:
    def __init_subclass__(cls):
        cls.text = str(cls())
class Cmd(Base):
    def __str__(self): return "a"
--->
class Base:
    def __init_subclass__(cls):
        cls.text = str(cls())
class Cmd(Base):
    def __str__(self): return "b"
=== A4 init_subclass formats one | must=truth
class Base:
    def __init_subclass__(cls):
        cls.text = f"{cls()}"
class Cmd(Base):
    def __str__(self): return "a"
--->
class Base:
    def __init_subclass__(cls):
        cls.text = f"{cls()}"
class Cmd(Base):
    def __str__(self): return "b"
=== A5 class decorator takes len | must=truth
def register(cls):
    cls.n = len(cls())
    return cls
@register
class Cmd:
    def __len__(self): return 1
--->
def register(cls):
    cls.n = len(cls())
    return cls
@register
class Cmd:
    def __len__(self): return 2
=== A21 metaclass with kwargs namespace len | must=truth
class M(type):
    def __init__(cls, *args):
        cls.v = len(cls())
class C(metaclass=M):
    def __len__(self): return 1
--->
class M(type):
    def __init__(cls, *args):
        cls.v = len(cls())
class C(metaclass=M):
    def __len__(self): return 2
=== H19 decorator compares or formats | must=truth
def deco(cls):
    cls.text = "%s" % cls()
    return cls
@deco
class C:
    def __repr__(self): return "a"
--->
def deco(cls):
    cls.text = "%s" % cls()
    return cls
@deco
class C:
    def __repr__(self): return "b"
=== H20 decorator uses with | must=truth
def deco(cls):
    with cls() as v: cls.v = v
    return cls
@deco
class C:
    def __enter__(self): return 1
    def __exit__(self, *a): pass
--->
def deco(cls):
    with cls() as v: cls.v = v
    return cls
@deco
class C:
    def __enter__(self): return 2
    def __exit__(self, *a): pass
=== H21 decorator iterates | must=truth
def deco(cls):
    cls.v = [x for x in cls()]
    return cls
@deco
class C:
    def __iter__(self): return iter([1])
--->
def deco(cls):
    cls.v = [x for x in cls()]
    return cls
@deco
class C:
    def __iter__(self): return iter([2])
=== H22 class decorator adds two | must=truth
def deco(cls):
    cls.v = cls() + 1
    return cls
@deco
class C:
    def __add__(self, o): return 1
--->
def deco(cls):
    cls.v = cls() + 1
    return cls
@deco
class C:
    def __add__(self, o): return 2
=== H1 settings object in a class, a property read | must=truth
class Db:
    def __init__(self): self.host = "h"
    @property
    def url(self): return self.host + ":1"
class Settings:
    db = Db()
URL = Settings.db.url
--->
class Db:
    def __init__(self): self.host = "h"
    @property
    def url(self): return self.host + ":2"
class Settings:
    db = Db()
URL = Settings.db.url
=== H2 the same through a module | must=truth
import b
URL = b.Settings.db.url
--- b.py
class Db:
    def __init__(self): self.host = "h"
    @property
    def url(self): return self.host + ":1"
class Settings:
    db = Db()
--->
import b
URL = b.Settings.db.url
--- b.py
class Db:
    def __init__(self): self.host = "h"
    @property
    def url(self): return self.host + ":2"
class Settings:
    db = Db()
=== H4 nested classes | must=truth
class Db:
    @property
    def url(self): return "h:1"
class Outer:
    class Inner:
        db = Db()
URL = Outer.Inner.db.url
--->
class Db:
    @property
    def url(self): return "h:2"
class Outer:
    class Inner:
        db = Db()
URL = Outer.Inner.db.url
=== H5 classproperty of ours | must=truth
class classproperty:
    def __init__(self, f): self.f = f
    def __get__(self, o, t): return self.f(t)
class C:
    @classproperty
    def name(cls): return "a"
X = C.name
--->
class classproperty:
    def __init__(self, f): self.f = f
    def __get__(self, o, t): return self.f(t)
class C:
    @classproperty
    def name(cls): return "b"
X = C.name
=== G19 getattr of a class attribute instance | must=truth
class Conf:
    def __getattr__(self, n): return 1
class Holder:
    conf = Conf()
    def other(self): return 1
X = Holder.conf.value
--->
class Conf:
    def __getattr__(self, n): return 2
class Holder:
    conf = Conf()
    def other(self): return 1
X = Holder.conf.value
=== G20 descriptor in class, attribute rule | must=truth
def helper(): return 1
class Desc:
    def __get__(self, o, t): return helper()
class Holder:
    conf = Desc()
X = Holder.conf
--->
def helper(): return 2
class Desc:
    def __get__(self, o, t): return helper()
class Holder:
    conf = Desc()
X = Holder.conf
=== G10 monkeypatch of another module | must=truth
import b
def impl(): return 1
b.run = impl
X = b.call()
--- b.py
def run(): return 0
def call(): return run()
--->
import b
def impl(): return 2
b.run = impl
X = b.call()
--- b.py
def run(): return 0
def call(): return run()
=== G1 method set from outside, new instance | must=truth
def impl(self): return 1
class C: pass
C.run = impl
X = C().run()
--->
def impl(self): return 2
class C: pass
C.run = impl
X = C().run()
=== G2 method set from outside, called in a function | must=truth
def impl(self): return 1
class C: pass
C.run = impl
def get(): return C().run()
X = get()
--->
def impl(self): return 2
class C: pass
C.run = impl
def get(): return C().run()
X = get()
=== G3 setattr method from outside | must=truth
def impl(self): return 1
class C: pass
setattr(C, "run", impl)
one = C()
def call(o): return o.run()
X = call(one)
--->
def impl(self): return 2
class C: pass
setattr(C, "run", impl)
one = C()
def call(o): return o.run()
X = call(one)
=== G11 globals write | must=truth
def impl(): return 1
globals()["run"] = impl
def call(): return run()
X = call()
--->
def impl(): return 2
globals()["run"] = impl
def call(): return run()
X = call()
=== G12 setattr on own module | must=truth
import sys
def impl(): return 1
setattr(sys.modules[__name__], "run", impl)
def call(): return run()
X = call()
--->
import sys
def impl(): return 2
setattr(sys.modules[__name__], "run", impl)
def call(): return run()
X = call()
=== G6 instance registers itself by a method | must=truth
REG = {}
class C:
    def __init__(self): REG[self.name()] = 1
    def name(self): return "a"
c = C()
--->
REG = {}
class C:
    def __init__(self): REG[self.name()] = 1
    def name(self): return "b"
c = C()
=== G5 instance registers itself | must=truth
REG = {}
class C:
    def __init__(self): REG["a"] = 1
c = C()
--->
REG = {}
class C:
    def __init__(self): REG["b"] = 1
c = C()
=== G4 class counter in init | must=truth
class C:
    count = 0
    def __init__(self): C.count += 1
c = C()
--->
class C:
    count = 0
    def __init__(self): C.count += 2
c = C()
=== G7 class attribute counts in init, read | must=truth
class C:
    count = 0
    def __init__(self): type(self).count += step()
def step(): return 1
c = C()
X = C.count
--->
class C:
    count = 0
    def __init__(self): type(self).count += step()
def step(): return 2
c = C()
X = C.count
=== G8 current instance set from outside, given by a classmethod | must=truth
class A:
    def __init__(self): self.x = 1
class Holder:
    current = None
    @classmethod
    def get(cls): return cls.current
K = A()
Holder.current = K
X = Holder.get().x
--->
class A:
    def __init__(self): self.x = 2
class Holder:
    current = None
    @classmethod
    def get(cls): return cls.current
K = A()
Holder.current = K
X = Holder.get().x
=== G9 current instance made by new with singletons | must=truth
class A:
    inst = None
    def __new__(cls):
        if cls.inst is None: cls.inst = super().__new__(cls)
        return cls.inst
    def __init__(self): self.x = 1
K = A()
def read(): return A.inst.x
X = read()
--->
class A:
    inst = None
    def __new__(cls):
        if cls.inst is None: cls.inst = super().__new__(cls)
        return cls.inst
    def __init__(self): self.x = 2
K = A()
def read(): return A.inst.x
X = read()
=== G25 default factory | must=truth
import dataclasses
def make(): return [1]
@dataclasses.dataclass
class D:
    xs: list = dataclasses.field(default_factory=make)
d = D()
X = d.xs
Y = D().xs
--->
import dataclasses
def make(): return [2]
@dataclasses.dataclass
class D:
    xs: list = dataclasses.field(default_factory=make)
d = D()
X = d.xs
Y = D().xs
=== E1 own cache hides who is called | must=truth
CACHE = {}
def helper(k): return 1
def get(k):
    if k not in CACHE:
        CACHE[k] = helper(k)
    return CACHE[k]
made = list(map(get, ["a"]))
OUT = []
OUT.append(type(made))
--->
CACHE = {}
def helper(k): return 2
def get(k):
    if k not in CACHE:
        CACHE[k] = helper(k)
    return CACHE[k]
made = list(map(get, ["a"]))
OUT = []
OUT.append(type(made))
=== E9 a singleton | must=truth
class Manager:
    inst = None
    def __init__(self): self.n = helper()
    @classmethod
    def get(cls):
        if cls.inst is None:
            cls.inst = cls()
        return cls.inst
def helper(): return 1
def num(cls): return cls.get().n
made = list(map(num, [Manager]))
OUT = []
OUT.append(type(made))
--->
class Manager:
    inst = None
    def __init__(self): self.n = helper()
    @classmethod
    def get(cls):
        if cls.inst is None:
            cls.inst = cls()
        return cls.inst
def helper(): return 2
def num(cls): return cls.get().n
made = list(map(num, [Manager]))
OUT = []
OUT.append(type(made))
=== E3 cached_property hides | must=truth
import functools
def helper(): return 1
class Info:
    @functools.cached_property
    def v(self): return helper()
one = Info()
def get(o): return o.v
made = list(map(get, [one]))
OUT = []
OUT.append(type(made))
--->
import functools
def helper(): return 2
class Info:
    @functools.cached_property
    def v(self): return helper()
one = Info()
def get(o): return o.v
made = list(map(get, [one]))
OUT = []
OUT.append(type(made))
=== E2 attribute cache hides | must=truth
def helper(): return 1
class Info:
    def __init__(self): self.v = None
    def get(self):
        if self.v is None: self.v = helper()
        return self.v
one = Info()
made = list(map(Info.get, [one]))
OUT = []
OUT.append(type(made))
--->
def helper(): return 2
class Info:
    def __init__(self): self.v = None
    def get(self):
        if self.v is None: self.v = helper()
        return self.v
one = Info()
made = list(map(Info.get, [one]))
OUT = []
OUT.append(type(made))
=== E4 state that came later hides | must=truth
def helper(): return 1
class State:
    ready = False
def get(k): return 0 if State.ready else helper()
made = list(map(get, ["a"]))
State.ready = True
OUT = []
OUT.append(type(made))
--->
def helper(): return 2
class State:
    ready = False
def get(k): return 0 if State.ready else helper()
made = list(map(get, ["a"]))
State.ready = True
OUT = []
OUT.append(type(made))
=== E6 a lazy map | must=truth
def use(n): return n + 1
made = map(use, [1])
total = sum(made)
OUT = []
OUT.append(type(made))
--->
def use(n): return n + 2
made = map(use, [1])
total = sum(made)
OUT = []
OUT.append(type(made))
=== E5 an iterator that is used up | must=truth
SRC = iter([1, 2])
def use(n): return n + 1
made = list(map(use, SRC))
OUT = []
OUT.append(type(made))
--->
SRC = iter([1, 2])
def use(n): return n + 2
made = list(map(use, SRC))
OUT = []
OUT.append(type(made))
=== E7 a lazy map that a library goes through | must=truth
import collections
def use(n): return n + 1
made = map(use, [1])
OUT = []
list.extend(OUT, made)
--->
import collections
def use(n): return n + 2
made = map(use, [1])
OUT = []
list.extend(OUT, made)
=== D1 docstrings read through a function | must=truth
def helper():
    "one"
    return 1
def describe(f): return f.__doc__ or helper()
DOCS = list(map(describe, [helper]))
OUT = []
OUT.append(type(DOCS))
--->
def helper():
    "two"
    return 1
def describe(f): return f.__doc__ or helper()
DOCS = list(map(describe, [helper]))
OUT = []
OUT.append(type(DOCS))
=== E13 a class attribute that goes on | must=truth
class Count:
    n = 0
class Info:
    def load(self): return helper()
def helper(): return 1
def number(cls):
    Count.n += 1
    return 5 if cls else cls().load()
made = list(map(number, [Info]))
OUT = []
OUT.append(type(made))
--->
class Count:
    n = 0
class Info:
    def load(self): return helper()
def helper(): return 2
def number(cls):
    Count.n += 1
    return 5 if cls else cls().load()
made = list(map(number, [Info]))
OUT = []
OUT.append(type(made))
=== E11 an attribute of a function that goes on | must=truth
class Info:
    def load(self): return helper()
def helper(): return 1
def number(cls):
    number.n = getattr(number, "n", 0) + 1
    return 5 if cls else cls().load()
made = list(map(number, [Info]))
OUT = []
OUT.append(type(made))
--->
class Info:
    def load(self): return helper()
def helper(): return 2
def number(cls):
    number.n = getattr(number, "n", 0) + 1
    return 5 if cls else cls().load()
made = list(map(number, [Info]))
OUT = []
OUT.append(type(made))
=== E14 a set and a deque | must=truth
import collections
SEEN = set()
D = collections.deque()
class Info:
    def load(self): return helper()
def helper(): return 1
def number(cls):
    D.append(1)
    return 5 if cls else cls().load()
made = list(map(number, [Info]))
OUT = []
OUT.append(type(made))
--->
import collections
SEEN = set()
D = collections.deque()
class Info:
    def load(self): return helper()
def helper(): return 2
def number(cls):
    D.append(1)
    return 5 if cls else cls().load()
made = list(map(number, [Info]))
OUT = []
OUT.append(type(made))
=== E8 a failure of the watcher is swallowed | must=truth
import collections
SEEN = collections.Counter()
def helper(): return 1
def weigh(one):
    try:
        n = SEEN.get("x", 0)
    except Exception:
        n = 0
    return helper() + n
made = list(map(weigh, [1]))
OUT = []
OUT.append(type(made))
--->
import collections
SEEN = collections.Counter()
def helper(): return 2
def weigh(one):
    try:
        n = SEEN.get("x", 0)
    except Exception:
        n = 0
    return helper() + n
made = list(map(weigh, [1]))
OUT = []
OUT.append(type(made))
=== I13 kept instance, reached by a thread of its own | must=truth
import concurrent.futures
class A:
    def __init__(self): self.x = 1
K = A()
def read(): return K.x
def run(f):
    with concurrent.futures.ThreadPoolExecutor(1) as pool:
        return pool.submit(f).result()
X = run(read)
--->
import concurrent.futures
class A:
    def __init__(self): self.x = 2
K = A()
def read(): return K.x
def run(f):
    with concurrent.futures.ThreadPoolExecutor(1) as pool:
        return pool.submit(f).result()
X = run(read)
=== I18 the wrapper is used by the class it stands in | must=truth
def helper(): return 1
def deco(f):
    def wrapper(self): return helper()
    return wrapper
class C:
    @deco
    def m(self): return 5
    v = m(None)
--->
def helper(): return 2
def deco(f):
    def wrapper(self): return helper()
    return wrapper
class C:
    @deco
    def m(self): return 5
    v = m(None)
=== B9 property made and read | must=truth
def helper(): return 1
def deco(cls):
    def name(self): return helper()
    cls.name = property(name)
    cls.mark = cls().name
    return cls
@deco
class C: pass
--->
def helper(): return 2
def deco(cls):
    def name(self): return helper()
    cls.name = property(name)
    cls.mark = cls().name
    return cls
@deco
class C: pass
=== I23 wrapper stored under a class attribute, property read | must=truth
def helper(): return 1
def deco(cls):
    cls.name = property(lambda self: helper())
    cls.mark = cls().name
    return cls
@deco
class C: pass
--->
def helper(): return 2
def deco(cls):
    cls.name = property(lambda self: helper())
    cls.mark = cls().name
    return cls
@deco
class C: pass
=== B5 partial of wrapper called | must=truth
import functools
def helper(): return 1
def deco(f):
    def wrapper(): return helper()
    f.mark = functools.partial(wrapper)()
    return f
@deco
def f(): return 7
--->
import functools
def helper(): return 2
def deco(f):
    def wrapper(): return helper()
    f.mark = functools.partial(wrapper)()
    return f
@deco
def f(): return 7
=== B8 contextmanager run at once | must=truth
import contextlib
def helper(): return 1
def deco(f):
    def guard():
        yield helper()
    with contextlib.contextmanager(guard)() as v:
        f.mark = v
    return f
@deco
def f(): return 7
--->
import contextlib
def helper(): return 2
def deco(f):
    def guard():
        yield helper()
    with contextlib.contextmanager(guard)() as v:
        f.mark = v
    return f
@deco
def f(): return 7
=== I17 decorator under a library's that calls at once | must=truth
import functools, operator
def helper(): return 1
def deco(f):
    def wrapper(*a): return helper()
    return wrapper
@operator.methodcaller("__call__")
@deco
def f(): return 5
--->
import functools, operator
def helper(): return 2
def deco(f):
    def wrapper(*a): return helper()
    return wrapper
@operator.methodcaller("__call__")
@deco
def f(): return 5
=== B4 own coroutine calls | must=truth
def coroutine(f):
    f.first = f()
    return f
def helper(): return 1
def deco(f):
    @coroutine
    def wrapper(): return helper()
    return wrapper
@deco
def f(): return 7
--->
def coroutine(f):
    f.first = f()
    return f
def helper(): return 2
def deco(f):
    @coroutine
    def wrapper(): return helper()
    return wrapper
@deco
def f(): return 7
=== B1 own field calls | must=truth
def field(make): return make()
def helper(): return 1
X = field(helper)
--->
def field(make): return make()
def helper(): return 2
X = field(helper)
=== B2 own ref calls | must=truth
def helper(): return 1
def ref(make): return [make()]
X = ref(helper)
--->
def helper(): return 2
def ref(make): return [make()]
X = ref(helper)
=== F3 Protocol re-exported by the plugin | must=truth
import compat
from compat import Protocol as Proto, runtime_checkable
@runtime_checkable
class Goes(Proto):
    def go(self): ...
class Car:
    def go(self): return 1
def check(x): return isinstance(x, Goes)
X = check(Car())
--- compat.py
try:
    from typing import Protocol, runtime_checkable
except ImportError:
    Protocol = object
--->
import compat
from compat import Protocol as Proto, runtime_checkable
@runtime_checkable
class Goes(Proto):
    def go(self): ...
    def stop(self): ...
class Car:
    def go(self): return 1
def check(x): return isinstance(x, Goes)
X = check(Car())
--- compat.py
try:
    from typing import Protocol, runtime_checkable
except ImportError:
    Protocol = object
=== F1 Protocol by another name | must=truth
from typing import Protocol as P, runtime_checkable
@runtime_checkable
class Goes(P):
    def go(self): ...
class Car:
    def go(self): return 1
def check(x): return isinstance(x, Goes)
CAR = Car()
X = check(CAR)
--->
from typing import Protocol as P, runtime_checkable
@runtime_checkable
class Goes(P):
    def go(self): ...
    def stop(self): ...
class Car:
    def go(self): return 1
def check(x): return isinstance(x, Goes)
CAR = Car()
X = check(CAR)
=== F2 Protocol through an alias | must=truth
import typing as t
Proto = t.Protocol
@t.runtime_checkable
class Goes(Proto):
    def go(self): ...
class Car:
    def go(self): return 1
def check(x): return isinstance(x, Goes)
X = check(Car())
--->
import typing as t
Proto = t.Protocol
@t.runtime_checkable
class Goes(Proto):
    def go(self): ...
    def stop(self): ...
class Car:
    def go(self): return 1
def check(x): return isinstance(x, Goes)
X = check(Car())
=== F6 base by try | must=truth
class Hook:
    @classmethod
    def __subclasshook__(cls, other): return other is int
import abc
class Plain(abc.ABC):
    @classmethod
    def __subclasshook__(cls, other): return other is int
try:
    Base = Plain
except NameError:
    Base = object
class Big(Base): pass
def check(x): return isinstance(x, Plain) and issubclass(int, Big)
X = check(1)
--->
class Hook:
    @classmethod
    def __subclasshook__(cls, other): return other is int
import abc
class Plain(abc.ABC):
    @classmethod
    def __subclasshook__(cls, other): return other in (int, str) and False
try:
    Base = Plain
except NameError:
    Base = object
class Big(Base): pass
def check(x): return isinstance(x, Plain) and issubclass(int, Big)
X = check(1)
=== F7 hook set from outside | must=truth
class Meta(type): pass
def inst(cls, one): return one == 1
Meta.__instancecheck__ = inst
class Odd(metaclass=Meta): pass
def check(x): return isinstance(x, Odd)
X = check(1)
--->
class Meta(type): pass
def inst(cls, one): return one == 2
Meta.__instancecheck__ = inst
class Odd(metaclass=Meta): pass
def check(x): return isinstance(x, Odd)
X = check(1)
=== C2 list of a new instance | must=truth
class Bag:
    def __iter__(self): return iter([1])
X = list(Bag())
--->
class Bag:
    def __iter__(self): return iter([2])
X = list(Bag())
=== C3 dict of a new instance | must=truth
class Conf:
    def keys(self): return ["a"]
    def __getitem__(self, k): return 1
X = dict(Conf())
--->
class Conf:
    def keys(self): return ["a"]
    def __getitem__(self, k): return 2
X = dict(Conf())
=== C11 subclass of list with iter | must=truth
class Bag(list):
    def __iter__(self): return iter([1])
X = list(Bag([3]))
--->
class Bag(list):
    def __iter__(self): return iter([2])
X = list(Bag([3]))
=== C6 unpacking | must=truth
class Bag:
    def __iter__(self): return iter([1, 2])
BAG = Bag()
A, B = BAG
--->
class Bag:
    def __iter__(self): return iter([1, 3])
BAG = Bag()
A, B = BAG
=== C7 unpacking a new one | must=truth
class Bag:
    def __iter__(self): return iter([1, 2])
A, B = Bag()
--->
class Bag:
    def __iter__(self): return iter([1, 3])
A, B = Bag()
=== G32 for loop with unpacked instance | must=truth
class Pair:
    def __iter__(self): return iter([1, 2])
P = Pair()
(A, *B) = P
--->
class Pair:
    def __iter__(self): return iter([1, 3])
P = Pair()
(A, *B) = P
=== C1 alias of an iterable | must=truth
class Bag:
    def __iter__(self): return iter([1])
BAG = Bag()
ALIAS = BAG
X = list(ALIAS)
--->
class Bag:
    def __iter__(self): return iter([2])
BAG = Bag()
ALIAS = BAG
X = list(ALIAS)
=== C9 iterable across modules by alias | must=truth
import b
from b import ITEMS
X = tuple(ITEMS)
--- b.py
class Bag:
    def __iter__(self): return iter([1])
BAG = Bag()
ITEMS = BAG
--->
import b
from b import ITEMS
X = tuple(ITEMS)
--- b.py
class Bag:
    def __iter__(self): return iter([2])
BAG = Bag()
ITEMS = BAG
=== C10 try alias | must=truth
class Bag:
    def __iter__(self): return iter([1])
BAG = Bag()
try:
    ALIAS = BAG
except NameError:
    ALIAS = ()
X = set(ALIAS)
--->
class Bag:
    def __iter__(self): return iter([2])
BAG = Bag()
try:
    ALIAS = BAG
except NameError:
    ALIAS = ()
X = set(ALIAS)
=== C5 alias item | must=truth
class Bag:
    def __getitem__(self, k): return 1
BAG = Bag()
ALIAS = BAG
X = ALIAS["a"]
--->
class Bag:
    def __getitem__(self, k): return 2
BAG = Bag()
ALIAS = BAG
X = ALIAS["a"]
=== C12 item of conditional alias | must=truth
class Bag:
    def __getitem__(self, k): return 1
A1 = Bag()
A2 = A1
A3 = A2
X = A3["k"]
--->
class Bag:
    def __getitem__(self, k): return 2
A1 = Bag()
A2 = A1
A3 = A2
X = A3["k"]
=== C4 class attribute iterated | must=truth
class Bag:
    def __iter__(self): return iter([1])
class Holder:
    bag = Bag()
X = list(Holder.bag)
--->
class Bag:
    def __iter__(self): return iter([2])
class Holder:
    bag = Bag()
X = list(Holder.bag)
=== C8 dict keys of named instances | must=truth
class Key:
    def __init__(self, n): self.n = n
    def __hash__(self): return 1
    def __eq__(self, o): return False
K1 = Key(1)
K2 = Key(1)
T = {K1: 1, K2: 2}
N = len(T)
--->
class Key:
    def __init__(self, n): self.n = n
    def __hash__(self): return 1
    def __eq__(self, o): return True
K1 = Key(1)
K2 = Key(1)
T = {K1: 1, K2: 2}
N = len(T)
=== A13 decorator is an aliased function | must=truth
def now(f):
    f.mark = f()
    return f
alias = now
@alias
def f(): return 1
--->
def now(f):
    f.mark = f()
    return f
alias = now
@alias
def f(): return 2
=== A11 decorator from a dict | must=truth
def now(f):
    f.mark = f()
    return f
DECOS = {"now": now}
@DECOS["now"]
def f(): return 1
--->
def now(f):
    f.mark = f()
    return f
DECOS = {"now": now}
@DECOS["now"]
def f(): return 2
=== H16 decorators in a dict | must=truth
def build(f): return "!" + f.__name__
def command(f):
    f.path = build(f)
    return f
D = {"c": command}
@D["c"]
def ping(): return 1
--->
def build(f): return "?" + f.__name__
def command(f):
    f.path = build(f)
    return f
D = {"c": command}
@D["c"]
def ping(): return 1
=== A14 decorator of ours returned by a function | must=truth
def factory():
    def now(f):
        f.mark = f()
        return f
    return now
made = factory()
@made
def f(): return 1
--->
def factory():
    def now(f):
        f.mark = f()
        return f
    return now
made = factory()
@made
def f(): return 2
=== A15 decorator by partial calls | must=truth
import functools
def now(f, tag):
    f.mark = f()
    return f
made = functools.partial(now, tag=1)
@made
def f(): return 1
--->
import functools
def now(f, tag):
    f.mark = f()
    return f
made = functools.partial(now, tag=1)
@made
def f(): return 2
=== A6 decorator calls by copy_context().run | must=truth
import contextvars
def now(f):
    f.mark = contextvars.copy_context().run(f)
    return f
@now
def f(): return 1
--->
import contextvars
def now(f):
    f.mark = contextvars.copy_context().run(f)
    return f
@now
def f(): return 2
=== A7 decorator calls by a library (re.sub) | must=truth
import re
def now(f):
    f.mark = re.sub("a", f, "a")
    return f
@now
def f(m): return "1"
--->
import re
def now(f):
    f.mark = re.sub("a", f, "a")
    return f
@now
def f(m): return "2"
=== A8 decorator sorts a list by it | must=truth
def now(f):
    items = [1, 2]
    items.sort(key=f)
    f.mark = items
    return f
@now
def f(n): return n
--->
def now(f):
    items = [1, 2]
    items.sort(key=f)
    f.mark = items
    return f
@now
def f(n): return -n
=== A9 decorator calls by operator.methodcaller | must=truth
import operator
def now(cls):
    cls.mark = operator.methodcaller("get")(cls())
    return cls
@now
class C:
    def get(self): return 1
--->
import operator
def now(cls):
    cls.mark = operator.methodcaller("get")(cls())
    return cls
@now
class C:
    def get(self): return 2
=== A20 metaclass through namespace | must=truth
class M(type):
    def __new__(m, n, b, ns):
        ns["v"] = ns["get"].__func__()
        return super().__new__(m, n, b, ns)
class C(metaclass=M):
    @staticmethod
    def get(): return 1
--->
class M(type):
    def __new__(m, n, b, ns):
        ns["v"] = ns["get"].__func__()
        return super().__new__(m, n, b, ns)
class C(metaclass=M):
    @staticmethod
    def get(): return 2
"""


@pytest.mark.parametrize("row", table(ROWS))
def test_a_second_attack(ws: Workspace, row: Row) -> None:
    check(ws, row)
