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


@pytest.mark.parametrize("row", [*MAKING_ACTS, *SAID_OF_WHAT_IS_KEPT])
def test_the_answer_is_true(ws: Workspace, row: Row) -> None:
    check(ws, row)
