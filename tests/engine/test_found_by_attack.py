"""Edits that were once told as live and were not, found by attacking the engine: each stands for its class."""

from __future__ import annotations

import pytest

from tests.engine.edits import Row, check, table
from tests.harness import Workspace

REGISTRIES = """
=== a call that registers is made with another argument | must=structural code=MPDT001
REG = []
def register(n):
    REG.append(n)
    return n
X = register("a")
Y = register("c")
--->
REG = []
def register(n):
    REG.append(n)
    return n
X = register("b")
Y = register("c")
=== a call that registers goes | must=structural code=MPDT001
REG = []
def register(n):
    REG.append(n)
    return n
X = register("a")
Y = register("c")
--->
REG = []
def register(n):
    REG.append(n)
    return n
Y = register("c")
=== a call that registers comes before another | must=structural code=MPDT011
REG = []
def register(n):
    REG.append(n)
    return n
Y = register("c")
--->
REG = []
def register(n):
    REG.append(n)
    return n
X = register("b")
Y = register("c")
=== a call that registers comes last
REG = []
def register(n):
    REG.append(n)
    return n
Y = register("c")
--->
REG = []
def register(n):
    REG.append(n)
    return n
Y = register("c")
X = register("b")
>>> REG == ["c", "b"]
=== an instance goes that its class keeps | must=structural code=MPDT001
class Conf:
    all = []
    def __init__(self): self.all.append(self)
X = Conf()
Y = Conf()
--->
class Conf:
    all = []
    def __init__(self): self.all.append(self)
Y = Conf()
=== an instance goes that nobody keeps
class Conf:
    def __init__(self, a): self.a = [a]
X = Conf(1)
Y = Conf(2)
--->
class Conf:
    def __init__(self, a): self.a = [a]
Y = Conf(2)
>>> "X" not in globals()
=== a registered function comes between others
REG = []
def reg(f):
    REG.append(f)
    return f
@reg
def a(): return 1
@reg
def c(): return 3
--->
REG = []
def reg(f):
    REG.append(f)
    return f
@reg
def a(): return 1
@reg
def b(): return 2
@reg
def c(): return 3
>>> [f() for f in REG] == [1, 2, 3]
=== a function registered by name, in another module, comes between others
from registry import COMMANDS, command
@command("a")
def a(): return 1
@command("c")
def c(): return 3
--- registry.py
COMMANDS = {}
def command(name):
    def note(f):
        COMMANDS[name] = f
        return f
    return note
--->
from registry import COMMANDS, command
@command("a")
def a(): return 1
@command("b")
def b(): return 2
@command("c")
def c(): return 3
>>> list(COMMANDS) == ["a", "b", "c"]
=== a registered name comes before others | must=structural code=MPDT011
NAMES = []
def reg(f):
    NAMES.append(f.__name__)
    return f
@reg
def c(): return 3
--->
NAMES = []
def reg(f):
    NAMES.append(f.__name__)
    return f
@reg
def b(): return 2
@reg
def c(): return 3
=== a class that a hook keeps comes between others
class Base:
    known = []
    def __init_subclass__(cls): Base.known.append(cls)
class A(Base): pass
class C(Base): pass
--->
class Base:
    known = []
    def __init_subclass__(cls): Base.known.append(cls)
class A(Base): pass
class B(Base): pass
class C(Base): pass
>>> [c.__name__ for c in Base.known] == ["A", "B", "C"]
=== a class that a hook keeps goes | must=structural code=MPDT009
class Base:
    known = {}
    def __init_subclass__(cls): Base.known[cls.__name__] = cls
class A(Base): pass
class B(Base): pass
--->
class Base:
    known = {}
    def __init_subclass__(cls): Base.known[cls.__name__] = cls
class A(Base): pass
=== a class that a hook keeps is renamed | must=structural code=MPDT009
class Base:
    known = {}
    def __init_subclass__(cls): Base.known[cls.__name__] = cls
class A(Base): pass
--->
class Base:
    known = {}
    def __init_subclass__(cls): Base.known[cls.__name__] = cls
class B(Base): pass
=== a class that a hook only marks goes
class Base:
    def __init_subclass__(cls, **kw):
        super().__init_subclass__(**kw)
        cls.mark = 1
class A(Base): pass
class B(Base): pass
--->
class Base:
    def __init_subclass__(cls, **kw):
        super().__init_subclass__(**kw)
        cls.mark = 1
class A(Base): pass
>>> "B" not in globals()
=== what a hook calls changes | must=structural code=MPDT009
def tag(): return 1
class Base:
    def __init_subclass__(cls): cls.tag = tag()
class C(Base): pass
--->
def tag(): return 2
class Base:
    def __init_subclass__(cls): cls.tag = tag()
class C(Base): pass
=== a descriptor goes that has told others its name | must=structural code=MPDT009
REG = []
class Field:
    def __set_name__(self, owner, name): REG.append(name)
class M:
    a = Field()
    b = Field()
--->
REG = []
class Field:
    def __set_name__(self, owner, name): REG.append(name)
class M:
    a = Field()
=== a descriptor comes that tells others its name | must=structural code=MPDT009
REG = []
class Field:
    def __set_name__(self, owner, name): REG.append(name)
class M:
    a = Field()
--->
REG = []
class Field:
    def __set_name__(self, owner, name): REG.append(name)
class M:
    b = Field()
    a = Field()
=== a descriptor that sets an attribute of its owner goes | must=structural code=MPDT009
class Field:
    def __set_name__(self, owner, name): setattr(owner, "_" + name, 1)
class M:
    a = Field()
    b = Field()
--->
class Field:
    def __set_name__(self, owner, name): setattr(owner, "_" + name, 1)
class M:
    a = Field()
=== descriptors that keep their own name come and go
class Field:
    def __set_name__(self, owner, name): self.name = name
class M:
    a = Field()
    b = Field()
--->
class Field:
    def __set_name__(self, owner, name): self.name = name
class M:
    a = Field()
    c = Field()
>>> (M.a.name, M.c.name, hasattr(M, "b")) == ("a", "c", False)
=== what __set_name__ does changes | must=structural code=MPDT009
class Field:
    def __set_name__(self, owner, name): self.name = name
class M:
    a = Field()
--->
class Field:
    def __set_name__(self, owner, name): self.name = name.upper()
class M:
    a = Field()
=== what __set_name__ reads changes | must=structural code=MPDT009
TAG = 1
class Field:
    def __set_name__(self, owner, name): self.tag = TAG
class M:
    a = Field()
--->
TAG = 2
class Field:
    def __set_name__(self, owner, name): self.tag = TAG
class M:
    a = Field()
"""

KEPT_STATE = """
=== a value is read from an instance that would be made otherwise | must=structural code=MPDT023
class A:
    def __init__(self): self.x = 1
O = A()
V = O.x
--->
class A:
    def __init__(self): self.x = 2
O = A()
V = O.x
=== a value is computed by a function from an instance that would be made otherwise | must=structural code=MPDT023
class A:
    def __init__(self): self.x = 1
O = A()
def get(): return O.x
V = get()
--->
class A:
    def __init__(self): self.x = 2
O = A()
def get(): return O.x
V = get()
=== a default is read from an instance of another module | must=structural code=MPDT023
from b import O
class C:
    def m(self, v=O.x): return v
--- b.py
class A:
    def __init__(self, x=1): self.x = x
O = A()
--->
--- b.py
class A:
    def __init__(self, x=2): self.x = x
O = A()
=== what __init__ calls on itself changes | must=structural code=MPDT023
class A:
    def __init__(self): self.setup()
    def setup(self): self.x = 1
O = A()
V = O.x
--->
class A:
    def __init__(self): self.setup()
    def setup(self): self.x = 2
O = A()
V = O.x
=== a field's default changes, and a value is read from an instance | must=structural code=MPDT023
import dataclasses
@dataclasses.dataclass
class A:
    x: int = 1
O = A()
V = O.x
--->
import dataclasses
@dataclasses.dataclass
class A:
    x: int = 2
O = A()
V = O.x
=== a kept result of an instance is read | must=structural code=MPDT023
import functools
class A:
    @functools.cached_property
    def x(self): return 1
O = A()
V = O.x
--->
import functools
class A:
    @functools.cached_property
    def x(self): return 2
O = A()
V = O.x
=== a value comes from a method that changes | keep=a:O
class A:
    def __init__(self): self.x = 1
    def get(self): return self.x
O = A()
V = O.get()
--->
class A:
    def __init__(self): self.x = 1
    def get(self): return self.x + 1
O = A()
V = O.get()
>>> V == 2
=== a value comes from a method of an instance in an instance | keep=a:O
class In:
    def v(self): return 1
class Out:
    def __init__(self): self.i = In()
O = Out()
V = O.i.v()
--->
class In:
    def v(self): return 2
class Out:
    def __init__(self): self.i = In()
O = Out()
V = O.i.v()
>>> V == 2
=== __init__ changes, and nothing is computed from the instance | keep=a:O
class A:
    def __init__(self): self.x = 1
O = A()
def f(): return O.x
--->
class A:
    def __init__(self): self.x = 2
O = A()
def f(): return O.x
>>> (f(), A().x) == (1, 2)
=== an instance that is kept could not be made again: an argument | must=structural code=MPDT023
class A:
    def __init__(self): self.x = 1
O = A()
--->
class A:
    def __init__(self, x): self.x = x
O = A()
=== an instance that is kept could not be made again: an abstract method | must=structural code=MPDT023
import abc
class A(abc.ABC):
    def m(self): return 1
O = A()
--->
import abc
class A(abc.ABC):
    @abc.abstractmethod
    def m(self): return 1
O = A()
=== instances in a set get another equality
class B:
    def __init__(self, v): self.v = v
S = {B(1), B(1)}
--->
class B:
    def __init__(self, v): self.v = v
    def __eq__(self, o): return self.v == o.v
    def __hash__(self): return 1
S = {B(1), B(1)}
>>> len(S) == 1
=== instances in a set lose their hash | must=rejected error=TypeError
class B: pass
S = {B()}
--->
class B:
    def __eq__(self, o): return self is o
S = {B()}
=== a default's instance would be made otherwise
class S:
    def __init__(self): self.v = 1
def f(s=S()): return s.v
--->
class S:
    def __init__(self): self.v = 2
def f(s=S()): return s.v
>>> f() == 2
=== a function sets a name of its module | must=structural code=MPDT001
COUNT = 0
def bump():
    global COUNT
    COUNT = 5
X = bump()
Y = COUNT
--->
COUNT = 0
def bump():
    global COUNT
    COUNT = 6
X = bump()
Y = COUNT
=== a function that sets a name of its module is no longer called | must=structural code=MPDT001
COUNT = 0
def bump():
    global COUNT
    COUNT = 5
    return COUNT
X = bump(), COUNT
--->
COUNT = 0
def bump():
    global COUNT
    COUNT = 5
    return COUNT
X = COUNT
=== a cache of the module's own was filled on import | must=structural code=MPDT001
CACHE = {}
def f(x):
    if x not in CACHE: CACHE[x] = x + 1
    return CACHE[x]
X = f(1)
--->
CACHE = {}
def f(x):
    if x not in CACHE: CACHE[x] = x + 2
    return CACHE[x]
X = f(1)
=== a cache in a closure was filled on import | must=structural code=MPDT001
def memo(f):
    kept = {}
    def w(x):
        if x not in kept: kept[x] = f(x)
        return kept[x]
    return w
@memo
def f(x): return x + 1
X = f(1)
--->
def memo(f):
    kept = {}
    def w(x):
        if x not in kept: kept[x] = f(x)
        return kept[x]
    return w
@memo
def f(x): return x + 2
X = f(1)
=== an iterator was used on import | must=structural code=MPDT001
import itertools
ids = itertools.count()
A = next(ids)
B = next(ids)
--->
import itertools
ids = itertools.count()
A = next(ids) + 10
B = next(ids)
=== a cached function was called on import
import functools
def h(): return 1
@functools.lru_cache
def f(x): return x + h()
X = f(1)
--->
import functools
def h(): return 2
@functools.lru_cache
def f(x): return x + h()
X = f(1)
>>> X == 3
=== a cache under another name
from functools import cache as memo
LIMIT = 1
@memo
def f(): return LIMIT
<<< f()
--->
from functools import cache as memo
LIMIT = 2
@memo
def f(): return LIMIT
>>> f() == 2
=== a cached method calls another one
import functools
class C:
    def h(self): return 1
    @functools.lru_cache
    def m(self): return self.h()
O = C()
<<< O.m()
--->
import functools
class C:
    def h(self): return 2
    @functools.lru_cache
    def m(self): return self.h()
O = C()
>>> O.m() == 2
=== a cached function in a function
import functools
def make():
    @functools.cache
    def inner(x): return x + 1
    return inner
F = make()
<<< F(1)
--->
import functools
def make():
    @functools.cache
    def inner(x): return x + 2
    return inner
F = make()
>>> F(1) == 3
"""

CLASS_BODIES = '''
=== what a class body makes of a method that is made again
import functools
class C:
    def a(self, x=1): return x
    def b(self): return 2
    TABLE = {"a": a, "b": b}
    LIST = [a]
    p = functools.partialmethod(a, 3)
--->
import functools
class C:
    def a(self, x=5): return x
    def b(self): return 2
    TABLE = {"a": a, "b": b}
    LIST = [a]
    p = functools.partialmethod(a, 3)
>>> C.TABLE["a"] is C.a is C.LIST[0]
>>> C().p() == 3
=== the docstrings of functions in a block
if 1:
    def f(x):
        """one"""
        return x
else:
    def f(x): return x
--->
if 2:
    def f(x):
        """two"""
        return x
else:
    def f(x):
        """three"""
        return x
>>> f.__doc__ == "two"
=== a branch of a class body is no longer taken
FLAG = True
class C:
    if FLAG:
        def m(self): return 1
    else:
        def n(self): return 2
--->
FLAG = False
class C:
    if FLAG:
        def m(self): return 1
    else:
        def n(self): return 2
>>> (hasattr(C, "m"), C().n()) == (False, 2)
=== a class body that binds a name of the module | must=structural code=MPDT013
class A:
    global G
    G = 1
H = G
--->
class A:
    global G
    G = 3
H = G
=== __init__ of an Enum
import enum
class P(enum.Enum):
    A = 1, "one"
    B = 2, "two"
    def __init__(self, n, label): self.label = label
<<< P.A
--->
import enum
class P(enum.Enum):
    A = 1, "one"
    B = 2, "two"
    def __init__(self, n, label): self.label = label + "!"
>>> (P.A.label, P.B.label) == ("one!", "two!")
=== what __init__ of an Enum calls | keep=a:P.A
import enum
def label(text): return text
class P(enum.Enum):
    A = 1, "one"
    def __init__(self, n, text): self.label = label(text)
--->
import enum
def label(text): return text.upper()
class P(enum.Enum):
    A = 1, "one"
    def __init__(self, n, text): self.label = label(text)
>>> P.A.label == "ONE"
=== the function that singledispatch falls back on
import functools
@functools.singledispatch
def f(x, y=1): return "base", y
@f.register
def _i(x: int, y=1): return "int", y
<<< f(1)
--->
import functools
@functools.singledispatch
def f(x, y=2): return "base", y
@f.register
def _i(x: int, y=1): return "int", y
>>> (f("a"), f(1)) == (("base", 2), ("int", 1))
=== a package binds a submodule's name to something else
import pkg
X = pkg.sub
--- pkg/__init__.py
from . import sub
--- pkg/sub.py
v = 1
--->
--- pkg/__init__.py
from . import sub
sub = 5
>>> X == 5
=== a star import goes
from b import *
X = 1
--- b.py
p = 1
--->
X = 1
>>> "p" not in globals()
=== the only import of a submodule goes, and it is reached through its package | must=structural code=MPDT016
import pkg
import b
X = pkg.sub.v
--- pkg/__init__.py
--- pkg/sub.py
v = 1
--- b.py
import pkg.sub
--->
--- b.py
x = 1
'''

PYDANTIC = """
=== a TypeAdapter of a model
from pydantic import BaseModel, TypeAdapter
class Cfg(BaseModel):
    a: int = 1
TA = TypeAdapter(list[Cfg])
--->
from pydantic import BaseModel, TypeAdapter
class Cfg(BaseModel):
    a: int = 1
    b: int = 2
TA = TypeAdapter(list[Cfg])
>>> TA.validate_python([{"b": "7"}])[0].b == 7
=== validate_call of a model | must=structural code=MPDT006
from pydantic import BaseModel, validate_call
class Cfg(BaseModel):
    a: int = 1
@validate_call
def f(c: Cfg): return c
--->
from pydantic import BaseModel, validate_call
class Cfg(BaseModel):
    a: int = 1
    b: int = 2
@validate_call
def f(c: Cfg): return c
=== an Enum in a model
import enum
from pydantic import BaseModel
class E(enum.Enum):
    A = "a"
class M(BaseModel):
    e: E = E.A
--->
import enum
from pydantic import BaseModel
class E(enum.Enum):
    A = "a"
    B = "b"
class M(BaseModel):
    e: E = E.A
>>> M(e="b").e is E.B
=== a dataclass in a model
import dataclasses
from pydantic import BaseModel
@dataclasses.dataclass
class D:
    a: int = 1
class M(BaseModel):
    d: D = dataclasses.field(default_factory=D)
--->
import dataclasses
from pydantic import BaseModel
@dataclasses.dataclass
class D:
    a: int = 1
    b: int = 2
class M(BaseModel):
    d: D = dataclasses.field(default_factory=D)
>>> M(d={"b": 3}).d.b == 3
=== a generic model with classes made from it | must=structural code=MPDT006
from typing import Generic, TypeVar
from pydantic import BaseModel
T = TypeVar("T")
class Box(BaseModel, Generic[T]):
    v: T
class M(BaseModel):
    b: Box[int]
--->
from typing import Generic, TypeVar
from pydantic import BaseModel
T = TypeVar("T")
class Box(BaseModel, Generic[T]):
    v: T
    w: int = 3
class M(BaseModel):
    b: Box[int]
=== computed fields, private attributes and validators of a model
from pydantic import BaseModel, computed_field, PrivateAttr, model_validator
class M(BaseModel):
    a: int = 1
    _p: int = PrivateAttr(default=1)
    @computed_field
    @property
    def d(self) -> int: return self.a
OLD = [M()]
--->
from pydantic import BaseModel, computed_field, PrivateAttr, model_validator
class M(BaseModel):
    a: int = 1
    _p: int = PrivateAttr(default=2)
    _q: int = PrivateAttr(default=3)
    @computed_field
    @property
    def d(self) -> int: return self.a + 1
    @model_validator(mode="after")
    def check(self):
        self.a += 10
        return self
OLD = [M()]
>>> M().model_dump() == {"a": 11, "d": 12}
>>> M()._q == 3
=== the first private attribute of a model that has instances
from pydantic import BaseModel
class M(BaseModel):
    a: int = 1
OLD = M()
def old(): return OLD._q
--->
from pydantic import BaseModel
class M(BaseModel):
    a: int = 1
    _q: int = 4
OLD = M()
def old(): return OLD._q
>>> old() == 4
=== model_post_init comes
from pydantic import BaseModel
class M(BaseModel):
    a: int = 0
--->
from pydantic import BaseModel
class M(BaseModel):
    a: int = 0
    def model_post_init(self, context): self.a = 2
>>> M().a == 2
=== a class variable of a model
from typing import ClassVar
from pydantic import BaseModel
class M(BaseModel):
    k: ClassVar[int] = 1
    a: int = 1
--->
from typing import ClassVar
from pydantic import BaseModel
class M(BaseModel):
    k: ClassVar[int] = 2
    a: int = 1
>>> (M.k, list(M.model_fields)) == (2, ["a"])
=== a method of a RootModel
from pydantic import RootModel
class R(RootModel[list[int]]):
    def first(self): return self.root[0]
--->
from pydantic import RootModel
class R(RootModel[list[int]]):
    def first(self): return self.root[-1]
    def last(self): return self.root[-1]
>>> (R([1, 2]).first(), R([1]).last()) == (2, 1)
"""

HOOKS_OF_BASES = """
=== a class moves from a base that notes its subclasses to another | must=structural code=MPDT005
seen = []
class A:
    def __init_subclass__(cls): seen.append(cls)
class D(A):
    a = 7
--->
seen = []
class A:
    def __init_subclass__(cls): seen.append(cls)
told = []
class B:
    def __init_subclass__(cls): told.append(cls)
class D(B):
    a = 1
=== a class gets a base that marks its subclasses | must=structural code=MPDT005
class A:
    def __init_subclass__(cls): cls.mark = 1
class B: pass
class D(B): pass
--->
class A:
    def __init_subclass__(cls): cls.mark = 1
class B: pass
class D(B, A): pass
=== two bases that note change places | must=structural code=MPDT005
seen = []
class A:
    def __init_subclass__(cls): seen.append("A")
class B:
    def __init_subclass__(cls): seen.append("B")
class D(A, B): pass
--->
seen = []
class A:
    def __init_subclass__(cls): seen.append("A")
class B:
    def __init_subclass__(cls): seen.append("B")
class D(B, A): pass
=== a base that only passes the call on comes
class A:
    def __init_subclass__(cls, **given):
        "Nothing."
        super().__init_subclass__(**given)
    def f(self): return 1
class O: pass
class D(O): pass
--->
class A:
    def __init_subclass__(cls, **given):
        "Nothing."
        super().__init_subclass__(**given)
    def f(self): return 1
class O: pass
class D(O, A): pass
>>> D().f() == 1
"""

SEVERAL_LAMBDAS = """
=== a table comes that has a lambda as the next table has
T = {"a": lambda x: x + 8, "b": lambda x: x + 1, "c": lambda x: x + 9}
--->
N = {"a": lambda x: x + 1, "b": lambda x: x + 7}
T = {"a": lambda x: x + 8, "b": lambda x: x + 1, "c": lambda x: x + 9}
>>> [f.__code__.co_firstlineno for f in T.values()] == [2, 2, 2]
=== a table comes that has a line as the next table has
T = {
    "a": lambda x: x + 1,
}
--->
N = {
    "a": lambda x: x + 1,
}
T = {
    "a": lambda x: x + 1,
}
>>> (N["a"].__code__.co_firstlineno, T["a"].__code__.co_firstlineno) == (2, 5)
=== two tables of lambdas change places
T = {"a": lambda x: x + 1}
U = {"a": lambda x: x + 2}
--->
U = {"a": lambda x: x + 2}
T = {"a": lambda x: x + 1}
>>> (T["a"](1), U["a"](1)) == (2, 3)
=== two lambdas change places
T = lambda x: x + 1
U = lambda x: x + 2
--->
U = lambda x: x + 2
T = lambda x: x + 1
>>> (T(1), U(1)) == (2, 3)
=== one table of lambdas goes, another comes
T = {"a": lambda x: x + 1}
U = {"a": lambda x: x + 2}
--->
U = {"a": lambda x: x + 2}
V = {"a": lambda x: x + 1}
>>> (V["a"](1), U["a"](1)) == (2, 3)
=== two tables of lambdas in a class change places
class C:
    T = {"a": lambda x: x + 1}
    U = {"a": lambda x: x + 2}
--->
class C:
    U = {"a": lambda x: x + 2}
    T = {"a": lambda x: x + 1}
>>> (C.T["a"](1), C.U["a"](1)) == (2, 3)
=== two lambdas in a function change places while made ones live
KEPT = []
def make():
    a = lambda: 1
    b = lambda: 2
    return a, b
<<< KEPT.extend(make())
--->
KEPT = []
def make():
    b = lambda: 2
    a = lambda: 1
    return a, b
>>> [f() for f in KEPT] == [1, 2]
=== lambdas of two tables get other bodies, and the tables change places
T = {"a": lambda x: x + 1}
U = {"a": lambda x: x + 2}
--->
U = {"a": lambda x: x + 4}
T = {"a": lambda x: x + 3}
>>> (T["a"](1), U["a"](1)) == (4, 5)
"""

NEEDED_EARLY = """
=== a class and its instance come before what __init__ needs | must=structural code=MPDT011
K = -1
class C:
    def __init__(self): self.v = K
O = C()
--->
class C:
    def __init__(self): self.v = K
O = C()
K = -1
=== what a method needs that __init__ calls | must=structural code=MPDT011
K = -1
class C:
    def __init__(self): self.v = self.get()
    def get(self): return K
O = C()
--->
class C:
    def __init__(self): self.v = self.get()
    def get(self): return K
O = C()
K = -1
=== what an inherited __init__ needs | must=structural code=MPDT011
K = -1
class A:
    def __init__(self): self.v = K
class C(A): pass
O = C()
--->
class A:
    def __init__(self): self.v = K
class C(A): pass
O = C()
K = -1
=== what __post_init__ needs | must=structural code=MPDT011
import dataclasses
K = -1
@dataclasses.dataclass
class C:
    a: int = 1
    def __post_init__(self): self.a = K
O = C()
--->
import dataclasses
@dataclasses.dataclass
class C:
    a: int = 1
    def __post_init__(self): self.a = K
O = C()
K = -1
=== __init__ needs more than is bound by then | must=structural code=MPDT011
class C:
    def __init__(self): self.v = 1
O = C()
K = -1
--->
class C:
    def __init__(self): self.v = K
O = C()
K = -1
=== what __init__ needs, with another value | must=structural code=MPDT011
K = -1
class C:
    def __init__(self): self.v = K
O = C()
--->
class C:
    def __init__(self): self.v = K
O = C()
K = -2
=== a subclass comes before what __init_subclass__ needs | must=structural code=MPDT011
seen = []
class A:
    def __init_subclass__(cls): seen.append(cls)
class D(A): pass
--->
class A:
    def __init_subclass__(cls): seen.append(cls)
class D(A): pass
seen = []
=== a decorated function comes before what the decorator needs | must=structural code=MPDT011
K = 1
def dec(f):
    f.k = K
    return f
@dec
def f(): return 1
--->
def dec(f):
    f.k = K
    return f
@dec
def f(): return 1
K = 1
=== a class comes before what a call in its body needs | must=structural code=MPDT011
K = 1
def make(): return K
class C:
    a = make()
--->
def make(): return K
class C:
    a = make()
K = 1
=== a class comes before what __set_name__ needs | must=structural code=MPDT011
K = 1
class F:
    def __set_name__(self, owner, name): self.name = (name, K)
class C:
    a = F()
--->
class F:
    def __set_name__(self, owner, name): self.name = (name, K)
class C:
    a = F()
K = 1
=== a call of an instance's method comes before what it needs | must=structural code=MPDT011
K = 1
class C:
    def get(self): return K
O = C()
V = O.get()
--->
class C:
    def get(self): return K
O = C()
V = O.get()
K = 1
=== what __init__ needs goes | must=structural code=MPDT011
K = -1
class C:
    def __init__(self): self.v = K
O = C()
--->
class C:
    def __init__(self): self.v = K
O = C()
=== what __init_subclass__ needs goes | must=structural code=MPDT011
seen = []
class A:
    def __init_subclass__(cls): seen.append(cls)
class D(A): pass
--->
class A:
    def __init_subclass__(cls): seen.append(cls)
class D(A): pass
=== what only a method needs goes
K = -1
class C:
    def get(self): return K
O = C()
--->
class C:
    def get(self): return K
O = C()
=== what a wrapper needs is bound further down, as before
def dec(f):
    def wrapper(): return f(), K
    return wrapper
@dec
def f(): return 1
L = 1
K = 1
--->
def dec(f):
    def wrapper(): return f(), K
    return wrapper
@dec
def f(): return 1
@dec
def g(): return 2
K = 1
L = 1
>>> g() == (2, 1)
=== an instance whose methods need what is bound further down
class C:
    def __init__(self): self.v = 1
    def get(self): return K
O = C()
K = 1
L = 2
--->
class C:
    def __init__(self): self.v = 1
    def get(self): return K
L = 2
O = C()
K = 1
>>> O.get() == 1
"""

LOOKED_UP = """
=== another table, looked up in a module by its name
def get():
    import importlib
    return importlib.import_module("b").T
X = get()
--- b.py
T = {"a": lambda x: x + 1}
--->
def get():
    import importlib
    return importlib.import_module("b").T
X = get()
Y = 1
--- b.py
T = {"a": lambda x: x + 2, "b": lambda x: x + 3}
>>> X is get() and X["b"](1) == 4
=== a function decorated otherwise, looked up in a module by its name
def get():
    import importlib
    return importlib.import_module("b").f
X = get()
--- b.py
import functools
@functools.lru_cache(maxsize=7)
def f(x): return x, 2
--->
def get():
    import importlib
    return importlib.import_module("b").f
X = get()
Y = 1
--- b.py
import functools
@functools.lru_cache
def f(x): return x, 6
>>> X is get() and X(1) == (1, 6)
=== a function with another body, looked up in a module by its name | keep=a:X
def get():
    import importlib
    return importlib.import_module("b").f
X = get()
--- b.py
def f(x): return x, 2
--->
def get():
    import importlib
    return importlib.import_module("b").f
X = get()
Y = 1
--- b.py
def f(x): return x, 6
>>> X is get() and X(1) == (1, 6)
"""


@pytest.mark.parametrize("row", table(REGISTRIES))
def test_what_others_were_told_of_a_definition(ws: Workspace, row: Row) -> None:
    check(ws, row)


@pytest.mark.parametrize("row", table(KEPT_STATE))
def test_what_is_computed_from_objects_that_are_kept(ws: Workspace, row: Row) -> None:
    check(ws, row)


@pytest.mark.parametrize("row", table(CLASS_BODIES))
def test_what_is_made_inside_of_a_class_or_package(ws: Workspace, row: Row) -> None:
    check(ws, row)


@pytest.mark.parametrize("row", table(PYDANTIC))
def test_what_pydantic_has_built_from_a_class(ws: Workspace, row: Row) -> None:
    check(ws, row)


@pytest.mark.parametrize("row", table(HOOKS_OF_BASES))
def test_what_hooks_of_bases_have_seen(ws: Workspace, row: Row) -> None:
    check(ws, row)


@pytest.mark.parametrize("row", table(SEVERAL_LAMBDAS))
def test_lambdas_of_which_there_are_several(ws: Workspace, row: Row) -> None:
    check(ws, row)


@pytest.mark.parametrize("row", table(NEEDED_EARLY))
def test_what_is_needed_before_it_is_bound(ws: Workspace, row: Row) -> None:
    check(ws, row)


@pytest.mark.parametrize("row", table(LOOKED_UP))
def test_what_is_looked_up_in_a_module(ws: Workspace, row: Row) -> None:
    check(ws, row)
