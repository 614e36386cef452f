"""Containers that decorators, hooks and stores have filled, and what is computed on import from what they hold."""

from __future__ import annotations

import pytest

from tests.engine.edits import Row, check, table
from tests.harness import Workspace

ROWS = r"""
=== item stored and called | must=truth
D = {}
def impl(): return 1
D["c"] = impl
X = str(D["c"]())
~~~ return 1 => return 2
=== appended and called | must=truth
L = []
def impl(): return 1
L.append(impl)
X = str(L[0]())
~~~ return 1 => return 2
=== appended and called in a function | must=truth
L = []
def impl(): return 1
L.append(impl)
def run(): return [f() for f in L]
X = str(run())
~~~ return 1 => return 2
=== registered by a function of ours | must=truth
L = []
def register(f): L.append(f)
def impl(): return 1
register(impl)
def run(): return [f() for f in L]
X = str(run())
~~~ return 1 => return 2
=== registered by a decorator | must=truth
L = []
def register(f):
    L.append(f)
    return f
@register
def impl(): return 1
def run(): return [f() for f in L]
X = str(run())
~~~ return 1 => return 2
=== registered in another module | must=truth
from b import register, run
@register
def impl(): return 1
X = str(run())
--- b.py
L = []
def register(f):
    L.append(f)
    return f
def run(): return [f() for f in L]
~~~ return 1 => return 2
=== update | must=truth
D = {}
def impl(): return 1
D.update(c=impl)
def run(): return D["c"]()
X = str(run())
~~~ return 1 => return 2
=== a method of an object of ours | must=truth
class App:
    def __init__(self): self.fs = []
    def add(self, f):
        self.fs.append(f)
        return f
    def run(self): return [f() for f in self.fs]
app = App()
@app.add
def impl(): return 1
X = str(app.run())
~~~ return 1 => return 2
=== attribute of an instance | must=truth
class App: pass
app = App()
def impl(): return 1
app.fn = impl
def run(): return app.fn()
X = str(run())
~~~ return 1 => return 2
=== subclasses registered by init_subclass | must=truth
class Base:
    subs = []
    def __init_subclass__(cls): Base.subs.append(cls)
class A(Base):
    def name(self): return "a"
X = str([c().name() for c in Base.subs])
~~~ return "a" => return "b"
=== the same in a function | must=truth
class Base:
    subs = []
    def __init_subclass__(cls): Base.subs.append(cls)
class A(Base):
    def name(self): return "a"
def names(): return [c().name() for c in Base.subs]
X = str(names())
~~~ return "a" => return "b"
=== subclasses builtin | must=truth
class Base: pass
class A(Base):
    def name(self): return "a"
def names(): return [c().name() for c in Base.__subclasses__()]
X = str(names())
~~~ return "a" => return "b"
=== extend | must=truth
L = []
def impl(): return 1
L.extend([impl])
X = str([f() for f in L])
~~~ return 1 => return 2
=== augmented | must=truth
L = []
def impl(): return 1
L += [impl]
X = str([f() for f in L])
~~~ return 1 => return 2
=== heap | must=truth
import heapq
L = []
def impl(): return 1
heapq.heappush(L, impl)
X = str([f() for f in L])
~~~ return 1 => return 2
=== singledispatch register | must=truth
import functools
@functools.singledispatch
def show(x): return "o"
@show.register(int)
def show_int(x): return "i"
X = str(show(1))
~~~ return "i" => return "j"
=== a signal of a class of ours | must=truth
class Signal:
    def __init__(self): self.fs = []
    def connect(self, f): self.fs.append(f)
    def send(self): return [f() for f in self.fs]
sig = Signal()
def impl(): return 1
sig.connect(impl)
X = str(sig.send())
~~~ return 1 => return 2
=== class attribute dict filled from outside | must=truth
class Reg:
    fs = {}
def impl(): return 1
Reg.fs["a"] = impl
X = str(Reg.fs["a"]())
~~~ return 1 => return 2
=== abc register | must=truth
import abc
class P(abc.ABC): pass
class A:
    def name(self): return "a"
P.register(A)
X = str([c for c in (A,) if issubclass(c, P)][0]().name())
~~~ return "a" => return "b"
=== decorator with arguments | must=truth
L = {}
def register(name):
    def deco(f):
        L[name] = f
        return f
    return deco
@register("a")
def impl(): return 1
def run(n): return L[n]()
X = str(run("a"))
~~~ return 1 => return 2
=== class decorator registers | must=truth
L = {}
def register(c):
    L[c.__name__] = c
    return c
@register
class A:
    def name(self): return "a"
def run(): return [c().name() for c in L.values()]
X = str(run())
~~~ return "a" => return "b"
=== methods registered in the class | must=truth
L = []
def register(f):
    L.append(f)
    return f
class A:
    @register
    def name(self): return "a"
def run(): return [f(None) for f in L]
X = str(run())
~~~ return "a" => return "b"
=== helper of what is registered | must=truth
L = []
def helper(): return 1
def register(f):
    L.append(f)
    return f
@register
def impl(): return helper()
def run(): return [f() for f in L]
X = str(run())
~~~ return 1 => return 2
=== handed on twice | must=truth
L = []
def add(f): L.append(f)
def register(f):
    add(f)
    return f
@register
def impl(): return 1
X = str([f() for f in L])
~~~ return 1 => return 2
=== a manager that reads the registry stays
L = []
def register(f):
    L.append(f)
    return f
@register
def impl(): return 1
class Manager:
    def __init__(self): self.n = 0
    def run(self): return [f() for f in L]
manager = Manager()
~~~ return 1 => return 2
>>> manager.run() == [2]
=== other commands are left alone
L = []
def register(f):
    L.append(f)
    return f
@register
def impl(): return 1
@register
def other(): return 3
NAMES = ("a", "b")
~~~ return 1 => return 2
>>> [f() for f in L] == [2, 3]
=== an own app with routes
class App:
    def __init__(self): self.fs = []
    def add(self, f):
        self.fs.append(f)
        return f
    def include(self, other): self.fs += other.fs
    def run(self): return [f() for f in self.fs]
app = App()
sub = App()
@sub.add
def impl(): return 1
app.include(sub)
def main(): return app.run()
~~~ return 1 => return 2
>>> main() == [2]
=== a handler table by class attribute filled in a loop | must=truth
def one(): return 1
class Reg:
    fs = {}
for f in (one,):
    Reg.fs[f.__name__] = f
X = str(Reg.fs["one"]())
~~~ return 1 => return 2
=== a decorator method of a class filled | must=truth
class Reg:
    fs = []
    @classmethod
    def add(cls, f):
        cls.fs.append(f)
        return f
@Reg.add
def one(): return 1
X = str([f() for f in Reg.fs])
~~~ return 1 => return 2
=== a nested registry object | must=truth
class Reg:
    def __init__(self): self.fs = []
    def __call__(self, f):
        self.fs.append(f)
        return f
reg = Reg()
@reg
def one(): return 1
X = str([f() for f in reg.fs])
~~~ return 1 => return 2
=== imported registry gone through by an importer | must=truth
import b
@b.reg
def one(): return 1
X = str(b.run())
--- b.py
fs = []
def reg(f):
    fs.append(f)
    return f
def run(): return [f() for f in fs]
~~~ return 1 => return 2
=== a default of a function from a registry | must=truth
fs = []
def reg(f):
    fs.append(f)
    return f
@reg
def one(): return 1
def show(x=fs[0]()): return x
~~~ return 1 => return 2
=== a class attribute from a registry | must=truth
fs = []
def reg(f):
    fs.append(f)
    return f
@reg
def one(): return 1
class C:
    x = str([f() for f in fs])
~~~ return 1 => return 2
=== a decorator argument from a registry | must=truth
fs = []
def reg(f):
    fs.append(f)
    return f
@reg
def one(): return 1
def tag(n):
    def deco(f):
        f.tag = n
        return f
    return deco
@tag(fs[0]())
def two(): return 2
~~~ return 1 => return 2
"""


@pytest.mark.parametrize("row", table(ROWS))
def test_a_container_gone_through(ws: Workspace, row: Row) -> None:
    check(ws, row)
