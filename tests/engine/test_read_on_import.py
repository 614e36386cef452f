"""What a module reads of its own definitions on import: models, signatures, annotations, hooks of the library."""

from __future__ import annotations

import pytest

from tests.engine.edits import Row, check, table
from tests.harness import Workspace

ROWS = r"""
=== pydantic field validator read at import | must=truth
import pydantic
def clean(v): return v + "1"
class M(pydantic.BaseModel):
    x: str = "a"
    @pydantic.field_validator("x")
    @classmethod
    def check(cls, v): return clean(v)
X = M(x="b").x
~~~ + "1" => + "2"
=== pydantic validator body | must=truth
import pydantic
class M(pydantic.BaseModel):
    x: str = "a"
    @pydantic.field_validator("x")
    @classmethod
    def check(cls, v): return v + "1"
X = M(x="b").x
~~~ + "1" => + "2"
=== pydantic model config | must=truth
import pydantic
class M(pydantic.BaseModel):
    model_config = pydantic.ConfigDict(extra="allow")
    x: str = "a"
X = str(M(x="b", y="c").model_dump())
~~~ "allow" => "ignore"
=== pydantic computed field | must=truth
import pydantic
class M(pydantic.BaseModel):
    x: str = "a"
    @pydantic.computed_field
    @property
    def y(self) -> str: return self.x + "1"
m = M()
X = str(m.model_dump())
~~~ + "1" => + "2"
=== pydantic default factory | must=truth
import pydantic
def make(): return "a"
class M(pydantic.BaseModel):
    x: str = pydantic.Field(default_factory=make)
X = M().x
~~~ return "a" => return "b"
=== pydantic annotated validator | must=truth
import pydantic, typing
def up(v): return v + "1"
T = typing.Annotated[str, pydantic.AfterValidator(up)]
class M(pydantic.BaseModel):
    x: T = "a"
X = M(x="b").x
~~~ + "1" => + "2"
=== pydantic schema | must=truth
import pydantic
class M(pydantic.BaseModel):
    "a"
    x: str = "a"
X = str(M.model_json_schema())
~~~ x: str = "a" => x: str = "b"
=== pydantic nested model's default changes | must=truth
import pydantic
class In(pydantic.BaseModel):
    x: str = "a"
class M(pydantic.BaseModel):
    i: In = In()
X = str(M().model_dump())
~~~ x: str = "a" => x: str = "b"
=== pydantic type adapter | must=truth
import pydantic
class In(pydantic.BaseModel):
    x: str = "a"
TA = pydantic.TypeAdapter(In)
X = TA.validate_python({}).x
~~~ x: str = "a" => x: str = "b"
=== pydantic validator of a type adapter in a function | must=truth
import pydantic
class In(pydantic.BaseModel):
    x: str = "a"
    @pydantic.field_validator("x")
    @classmethod
    def check(cls, v): return v + "1"
TA = pydantic.TypeAdapter(In)
def read(): return TA.validate_python({"x": "z"}).x
X = read()
~~~ + "1" => + "2"
=== contextvar default | must=truth
import contextvars
def make(): return 1
V = contextvars.ContextVar("V", default=make())
X = V.get()
~~~ return 1 => return 2
=== contextvar set at import | must=truth
import contextvars
def make(): return 1
V = contextvars.ContextVar("V")
V.set(make())
X = V.get()
~~~ return 1 => return 2
=== module getattr read here | must=truth
from b import VALUE
X = VALUE
--- b.py
def __getattr__(n):
    if n == "VALUE": return 1
    raise AttributeError(n)
~~~ return 1 => return 2
=== module dir | must=truth
import b
X = str([n for n in dir(b) if not n.startswith("_")])
--- b.py
def __dir__(): return ["one"]
~~~ "one" => "two"
=== type hints read at import | must=truth
import typing
class A: pass
def f(x: int = 1) -> A: return A()
X = str(typing.get_type_hints(f)["x"])
~~~ x: int => x: str
=== annotations read at import | must=truth
class C:
    x: int = 1
X = str(sorted(C.__annotations__))
~~~ x: int = 1 => x: int = 1\n    y: int = 2
=== annotations of a function by a function | must=truth
def f(x: int): return x
def show(g): return str(g.__annotations__)
X = show(f)
~~~ x: int => x: str
=== signature read at import | must=truth
import inspect
def f(x, y=1): return x
X = str(inspect.signature(f))
~~~ y=1 => y=2
=== signature of a class | must=truth
import inspect
class C:
    def __init__(self, x, y=1): pass
X = str(inspect.signature(C))
~~~ y=1 => y=2
=== signature read by a decorator | must=truth
import inspect
def deco(f):
    f.sig = str(inspect.signature(f))
    return f
@deco
def f(x, y=1): return x
~~~ y=1 => y=2
=== signature read by a class decorator of a method | must=truth
import inspect
def deco(c):
    c.sig = str(inspect.signature(c.run))
    return c
@deco
class C:
    def run(self, y=1): return y
~~~ y=1 => y=2
=== source read at import | must=truth
import inspect
def f(): return 1
X = inspect.getsource(f)
~~~ return 1 => return 2
=== doc read at import | must=truth
def f():
    "a"
X = f.__doc__
~~~ "a" => "b"
=== doc of a method by help table | must=truth
class C:
    def f(self):
        "a"
    def g(self):
        "g"
X = str({n: v.__doc__ for n, v in vars(C).items() if callable(v)})
~~~ "a" => "b"
=== co_consts | must=truth
def f(): return 17
X = str(f.__code__.co_consts)
~~~ 17 => 18
=== defaults | must=truth
def f(x=1): return x
X = str(f.__defaults__)
~~~ x=1 => x=2
=== a module class | must=truth
import sys, types
class Mod(types.ModuleType):
    @property
    def v(self): return 1
sys.modules[__name__].__class__ = Mod
X = sys.modules[__name__].v
~~~ return 1 => return 2
=== conditional import | must=truth
try:
    import b_missing as impl
except ImportError:
    import b as impl
X = impl.f()
--- b.py
def f(): return 1
~~~ return 1 => return 2
=== import in a function called at import | must=truth
def load():
    import b
    return b.f()
X = load()
--- b.py
def f(): return 1
~~~ return 1 => return 2
=== generator made at import | must=truth
def gen():
    yield 1
    yield 2
G = gen()
X = next(G)
~~~ yield 1 => yield 5
=== generator consumed in a for | must=truth
def gen():
    yield 1
X = str(list(gen()))
~~~ yield 1 => yield 5
=== generator expression over a function | must=truth
def f(n): return n + 1
G = (f(n) for n in (1, 2))
X = sum(G)
~~~ n + 1 => n + 2
=== a thread at import | must=truth
import threading
OUT = []
def work(): OUT.append(1)
t = threading.Thread(target=work)
t.start()
t.join()
X = OUT[0]
~~~ append(1) => append(2)
=== get from a thread's class | must=truth
import threading
class T(threading.Thread):
    def run(self): self.out = 1
t = T()
t.start()
t.join()
X = t.out
~~~ self.out = 1 => self.out = 2
=== asyncio run | must=truth
import asyncio
async def f(): return 1
X = asyncio.run(f())
~~~ return 1 => return 2
=== functools reduce over methods | must=truth
import functools
class C:
    def f(self, x): return x + 1
c = C()
X = functools.reduce(lambda a, m: m(a), [c.f, c.f], 0)
~~~ x + 1 => x + 2
=== operator attrgetter | must=truth
import operator
class C:
    @property
    def v(self): return 1
X = operator.attrgetter("v")(C())
~~~ return 1 => return 2
=== str format with attribute | must=truth
class C:
    @property
    def v(self): return 1
c = C()
X = "{c.v}".format(c=c)
~~~ return 1 => return 2
=== percent format | must=truth
class C:
    def __str__(self): return "a"
c = C()
X = "%s" % c
~~~ "a" => "b"
=== json default | must=truth
import json
class C: pass
def enc(o): return "a"
X = json.dumps(C(), default=enc)
~~~ "a" => "b"
=== copy hook | must=truth
import copy
class C:
    def __init__(self): self.n = 1
    def __copy__(self):
        c = C()
        c.n = 5
        return c
X = copy.copy(C()).n
~~~ c.n = 5 => c.n = 6
=== pickle reduce | must=truth
import pickle
class C:
    def __reduce__(self): return (str, ("a",))
X = pickle.loads(pickle.dumps(C()))
~~~ "a" => "b"
=== chain map and default dict | must=truth
import collections
def make(): return 1
D = collections.defaultdict(make)
X = D["a"]
~~~ return 1 => return 2
=== mapping proxy by missing | must=truth
class D(dict):
    def __missing__(self, k): return k + "1"
d = D()
X = d["a"]
~~~ + "1" => + "2"
=== format_map | must=truth
class D(dict):
    def __missing__(self, k): return k + "1"
X = "{a}".format_map(D())
~~~ + "1" => + "2"
=== slots and properties by a loop | must=truth
class C:
    pass
def mk(n): return property(lambda self: n + "1")
for n in ("a", "b"):
    setattr(C, n, mk(n))
X = C().a
~~~ + "1" => + "2"
"""


@pytest.mark.parametrize("row", table(ROWS))
def test_what_is_read_on_import(ws: Workspace, row: Row) -> None:
    check(ws, row)


KNOWN = r"""
=== a callback of a weak reference, called by del | must=truth
import weakref
class A: pass
LOG = []
def cb(r): LOG.append(1)
a = A()
r = weakref.ref(a, cb)
del a
X = LOG[0]
~~~ append(1) => append(2)
"""


@pytest.mark.xfail(strict=True, reason="who is called when an object dies is not followed")
@pytest.mark.parametrize("row", table(KNOWN))
def test_what_is_known_to_be_wrong(ws: Workspace, row: Row) -> None:
    check(ws, row)
