"""Edits that were told as live and were not, found by a fifth attack: chains of commits in plugins of several files."""

from __future__ import annotations

import pytest

from tests.engine.edits import Row, check, table
from tests.harness import Workspace

# An instance is kept, and making it would now leave something in objects that are not its own (imprints.py).
MAKING_ACTS = table(
    """
=== it notes itself in a list of its module | must=structural code=MPDT001
REG = []
class P:
    def __init__(self): self.x = 1
p = P()
~~~ self.x = 1 => self.x = 1; REG.append(self)
=== what __init__ calls sets a name of the module | must=structural code=MPDT001
LAST = None
class P:
    def __init__(self): self.setup()
    def setup(self):
        pass
p = P()
~~~         pass =>         global LAST\\n        LAST = self
=== what it calls fills a table | must=structural code=MPDT001
COUNT = {}
class P:
    def __init__(self): self.setup()
    def setup(self): pass
p = P()
~~~ pass => COUNT["x"] = 1
=== it counts on in its class | must=structural code=MPDT001
class P:
    total = 0
    def __init__(self): self.x = 1
p = P()
~~~ self.x = 1 => self.x = 1; type(self).total += 1
=== a base does | must=structural code=MPDT001
from b import Base
class P(Base):
    def __init__(self): super().__init__()
p = P()
--- b.py
ALL = {}
class Base:
    def __init__(self): pass
~~~ pass => ALL[type(self).__name__] = self
=== an object that it keeps is told | must=structural code=MPDT001
from b import bus
class P:
    def __init__(self):
        self.bus = bus
        self.x = 1
p = P()
--- b.py
class Bus:
    def __init__(self): self.subs = {}
    def subscribe(self, topic, one): self.subs.setdefault(topic, []).append(one)
bus = Bus()
~~~ self.x = 1 => self.bus.subscribe("x", self)
=== a factory of another file begins to keep what it made | must=structural code=MPDT001
from b import get_store
class P:
    def __init__(self): self.store = get_store()
p = P()
--- b.py
_store = None
class Store: pass
def get_store():
    return Store()
~~~     return Store() =>     global _store\\n    if _store is None: _store = Store()\\n    return _store
=== the name that it keeps it in comes with the edit | must=structural code=MPDT001
from b import get_store
class P:
    def __init__(self): self.store = get_store()
p = P()
--- b.py
class Store: pass
def get_store():
    return Store()
~~~ def get_store():\\n    return Store() => _s = []\\ndef get_store():\\n    _s.append(Store())\\n    return _s[-1]
=== only the object itself is made otherwise | keep=a:p
class P:
    def __init__(self): self.x = 1
p = P()
~~~ self.x = 1 => self.x = 2; self.seen = []; self.seen.append(1)
=== it is handed on, and nobody keeps it | keep=a:p
class P:
    def __init__(self): self.x = 1
def look(p): return p.x
p = P()
~~~ self.x = 1 => self.x = 1; self.y = look(self)
"""
)

# What a docstring or annotations say is read of the functions and classes in a container, too.
SAID_OF_WHAT_IS_KEPT = table(
    """
=== the docstring of a method, through a table that a hook of a base fills
from b import TOOLS
def schema(cls): return {"doc": cls.run.__doc__}
SCHEMAS = [schema(one) for one in TOOLS.values()]
--- b.py
TOOLS = {}
class Tool:
    def __init_subclass__(cls): TOOLS[cls.__name__] = cls
class Roll(Tool):
    def run(self):
        "Roll."
~~~ "Roll." => "Roll dice."
>>> SCHEMAS == [{"doc": "Roll dice."}]
=== annotations, through a list that a decorator fills
import inspect
from b import TOOLS
PARAMETERS = [list(map(str, inspect.signature(one).parameters.values())) for one in TOOLS]
--- b.py
TOOLS = []
def tool(f):
    TOOLS.append(f)
    return f
@tool
def search(q: str): return q
~~~ q: str => q: bytes
>>> PARAMETERS == [["q: bytes"]]
"""
)

# A lambda that a call is handed, or that is gone through, may be called at once: what came of it is made again.
LAMBDAS = table(
    """
=== a key
X = sorted([1, 2], key=lambda one: one)
~~~ one: one => one: -one
>>> X == [2, 1]
=== folded
from functools import reduce
X = reduce(lambda a, b: a + b, [1, 2, 3])
~~~ a + b => a * b + 1
>>> X == 10
=== a function of ours
from b import call
X = call(lambda: 1)
--- b.py
def call(f): return f()
~~~ lambda: 1 => lambda: 2
>>> X == 2
=== an instance of ours is looked into
class Box:
    def __init__(self, f): self.value = f()
X = Box(lambda: 1).value
~~~ lambda: 1 => lambda: 2
>>> X == 2
=== a function that an instance of ours is handed, which is looked into
class Box:
    def __init__(self, f): self.value = f()
def f(): return 1
X = Box(f).value
~~~ return 1 => return 2
>>> X == 2
=== called by itself
X = (lambda: 1)()
~~~ lambda: 1 => lambda: 2
>>> X == 2
=== in a default
def f(x=max([1, 2], key=lambda one: one)): return x
~~~ one: one => one: -one
>>> f() == 1
=== in a class body
class C:
    x = tuple(map(lambda one: one + 1, (1, 2)))
~~~ one + 1 => one + 2
>>> C.x == (3, 4)
=== in a condition
if max([1, 2], key=lambda one: one) == 2:
    X = 1
else:
    X = 2
~~~ one: one => one: -one
>>> X == 2
=== chosen by a condition
X = sorted([1, 2], key=(lambda one: one) if True else None)
~~~ one: one => one: -one
>>> X == [2, 1]
=== gone through by a comprehension
X = [f() for f in [lambda: 1, lambda: 2]]
~~~ lambda: 2 => lambda: 3
>>> X == [1, 3]
=== gone through by a loop
for _f in [lambda: 1]: X = _f()
~~~ lambda: 1 => lambda: 2
>>> X == 2
=== a partial that is called
from functools import partial
X = partial(lambda a: a + 1, 1)()
~~~ a + 1 => a + 2
>>> X == 3
=== what a decorator calls at once | must=structural code=MPDT007
def on(rule):
    def deco(f):
        f.rule = rule(1)
        return f
    return deco
@on(lambda one: one + 1)
def f(): return 1
~~~ one + 1 => one + 2
=== in a table of a class body, called from there
class C:
    t = {"a": lambda: 1}
    x = t["a"]()
~~~ lambda: 1 => lambda: 2
>>> C.x == 2
=== in a list of a class body, gone through by a comprehension, and by a loop
class C:
    t = [lambda: 1]
    x = [f() for f in t]
    for f in t: y = f()
~~~ lambda: 1 => lambda: 2
>>> C.x == [2] and C.y == 2
=== in a table of a nested class
class C:
    class D:
        t = {"a": lambda: 1}
    x = D.t["a"]()
~~~ lambda: 1 => lambda: 2
>>> C.x == 2
=== only kept by a partial | keep=a:X
from functools import partial
X = partial(lambda a: a + 1, 1)
~~~ a + 1 => a + 2
>>> X() == 3
=== only kept by an instance | keep=a:X
class Box:
    def __init__(self, f): self.f = f
X = Box(lambda: 1)
~~~ lambda: 1 => lambda: 2
>>> X.f() == 2
=== stored in another file's table, and called from there | must=structural code=MPDT001
from b import T
T["x"] = lambda: 1
X = T["x"]()
--- b.py
T = {}
~~~ lambda: 1 => lambda: 2
"""
)

# A function that is handed to what only keeps it has its new code there (only_kept.py).
KEPT_BY_CALLS = table(
    """
=== a function puts it into a table
from b import register, R
def f(): return 1
register("f", f)
--- b.py
R = {}
def register(name, f): R[name] = f
~~~ return 1 => return 2
>>> R["f"]() == 2
=== a lambda
from b import register, R
register("f", lambda: 1)
--- b.py
R = {}
def register(name, f): R[name] = f
~~~ lambda: 1 => lambda: 2
>>> R["f"]() == 2
=== a method of an object
from b import app
def f(): return 1
app.add(f)
--- b.py
class App:
    def __init__(self): self.all = []
    def add(self, f): self.all.append(f)
app = App()
~~~ return 1 => return 2
>>> app.all[0]() == 2
=== a list of another file
from b import ALL
def f(): return 1
ALL.append(f)
--- b.py
ALL = []
~~~ return 1 => return 2
>>> ALL[0]() == 2
=== somebody goes through the table
from b import register, R
def f(): return 1
register("f", f)
X = [one() for one in R.values()]
--- b.py
R = {}
def register(name, f): R[name] = f
~~~ return 1 => return 2
>>> X == [2]
=== it is called at once | must=structural code=MPDT001
from b import register, R
def f(): return 1
register(f)
--- b.py
R = []
def register(f): R.append(f())
~~~ return 1 => return 2
=== what it calls next goes through the list | must=structural code=MPDT001
from b import register
def f(): return 1
register(f)
--- b.py
R = []
DONE = []
def run():
    for one in R: DONE.append(one())
def register(f):
    R.append(f)
    run()
~~~ return 1 => return 2
=== the method that it calls next goes through the list | must=structural code=MPDT001
from b import app
def f(): return 1
app.add(f)
--- b.py
class App:
    def __init__(self): self.all = []; self.done = []
    def run(self): self.done = [one() for one in self.all]
    def add(self, f):
        self.all.append(f)
        self.run()
app = App()
~~~ return 1 => return 2
=== the list is one of our own, and calls it | must=structural code=MPDT001
from b import register
def f(): return 1
register(f)
--- b.py
class Calls(list):
    def append(self, f): super().append(f())
R = Calls()
def register(f): R.append(f)
~~~ return 1 => return 2
=== its docstring is looked at | must=structural code=MPDT001
from b import register
def f():
    "one"
register(f)
--- b.py
R = []
def register(f): R.append(f.__doc__)
~~~ "one" => "two"
"""
)

CONFIG = """
from pydantic import BaseModel, Field
class Config(BaseModel):
    class General(BaseModel):
        limit: int = 10
    general: General = Field(default_factory=General)
config = Config()
"""
HANDLERS = """
HANDLERS = []
def on(handler):
    HANDLERS.append(handler)
    return handler
"""

# A kept object would be made otherwise: its fields' defaults are nested classes, or it has looked into a registry.
MADE_OTHERWISE = table(
    r"""
=== a section inside of the class | must=structural code=MPDT023
from b import config
LIMIT = config.general.limit
--- b.py
CONFIG
~~~ = 10 => = 11
=== a section inside of the class, of a dataclass two deep | must=structural code=MPDT023
from dataclasses import dataclass, field
@dataclass
class C:
    @dataclass
    class D:
        @dataclass
        class E:
            limit: int = 10
        e: E = field(default_factory=E)
    d: D = field(default_factory=D)
c = C()
LIMIT = c.d.e.limit
~~~ = 10 => = 11
=== a section inside of the class, and nobody reads it on import | keep=b:config
from b import config
def limit(): return config.general.limit
--- b.py
CONFIG
~~~ = 10 => = 11
=== it has called what a registry holds | must=structural code=MPDT023
from b import HANDLERS, on
@on
def ping(): return "ping"
class Manager:
    def __init__(self): self.load()
    def load(self): self.names = [one() for one in HANDLERS]
manager = Manager()
NAMES = manager.names
--- b.py
HANDLERS
~~~ return "ping" => return "pong"
=== an attribute of a class in a registry, through a function | must=structural code=MPDT023
from b import HANDLERS, on
@on
class Ping:
    tag = "ping"
def tags(): return [one.tag for one in HANDLERS]
class Manager:
    def __init__(self): self.names = tags()
manager = Manager()
NAMES = tuple(manager.names)
--- b.py
HANDLERS
~~~ tag = "ping" => tag = "pong"
=== what the registry holds cannot be made any more | must=structural code=MPDT023
from b import ALL, Base
class One(Base):
    def run(self): return 1
class Manager:
    def __init__(self): self.one = ALL["One"]()
manager = Manager()
--- b.py
from abc import ABC, abstractmethod
ALL = {}
class Base(ABC):
    def __init_subclass__(cls): ALL[cls.__name__] = cls
    def stop(self): pass
~~~     def stop =>     @abstractmethod\n    def stop
=== a new object is looked into, whose base looks into the registry
from b import HANDLERS, on
@on
def ping(): return "ping"
class Manager:
    def __init__(self): self.names = [one() for one in HANDLERS]
class Special(Manager): pass
NAMES = "".join(Special().names)
--- b.py
HANDLERS
~~~ return "ping" => return "pong"
>>> NAMES == "pong"
=== a property of a kept object does
from b import HANDLERS, on
@on
def ping(): return "ping"
class Manager:
    @property
    def names(self): return [one() for one in HANDLERS]
manager = Manager()
NAMES = "".join(manager.names)
--- b.py
HANDLERS
~~~ return "ping" => return "pong"
>>> NAMES == "pong"
=== a loop in a class body does
from b import HANDLERS, on
@on
def ping(): return "ping"
class Manager:
    for one in HANDLERS: last = one()
    del one
--- b.py
HANDLERS
~~~ return "ping" => return "pong"
>>> Manager.last == "pong"
=== nobody computes anything from it | keep=a:manager
from b import HANDLERS, on
@on
def ping(): return "ping"
class Manager:
    def __init__(self): self.table = {one.__name__: one for one in HANDLERS}
manager = Manager()
def run(): return manager.table["ping"]()
--- b.py
HANDLERS
~~~ return "ping" => return "pong"
>>> run() == "pong"
=== it looks into the registry later | keep=a:manager
from b import HANDLERS, on
@on
def ping(): return "ping"
class Manager:
    def __init__(self): self.names = []
    def all(self): return [one() for one in HANDLERS]
manager = Manager()
NAMES = manager.names
--- b.py
HANDLERS
~~~ return "ping" => return "pong"
>>> manager.all() == ["pong"]
""".replace("CONFIG\n", CONFIG).replace("\nHANDLERS\n", f"\n{HANDLERS}")
)

# What another decorator has put into a dataclass stays when its fields are generated again.
DATACLASSES = table(
    """
=== total_ordering, and another default
from dataclasses import dataclass
from functools import total_ordering
@total_ordering
@dataclass
class C:
    w: int = 1
    def __lt__(self, other): return self.w < other.w
~~~ w: int = 1 => w: int = 2
>>> C(3) >= C()
"""
)


ROWS = [*MAKING_ACTS, *SAID_OF_WHAT_IS_KEPT, *LAMBDAS, *KEPT_BY_CALLS, *DATACLASSES, *MADE_OTHERWISE]


@pytest.mark.parametrize("row", ROWS)
def test_the_answer_is_true(ws: Workspace, row: Row) -> None:
    check(ws, row)
