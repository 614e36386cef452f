"""What is planned for an edit: what runs again, what goes, what is refused. Pure, and so quick that it gates mutants."""

from __future__ import annotations

import pytest

from tests.engine.plans import Case, cases, planned

PLANS = r"""
=== nothing but a comment
X = 1
--->
# said
X = 1
==>
=== a function's body
def f(): return 1
def g(): return f()
--->
def f(): return 2
def g(): return f()
==>
changed a:f 1-1
=== a body, and what was computed with it
def f(): return 1
def g(): return f()
X = g()
Y = [X]
Z = 5
--->
def f(): return 2
def g(): return f()
X = g()
Y = [X]
Z = 5
==>
run a:X
run a:Y
another value a:X
another value a:Y
changed a:f 1-1
re-run a:X 3-3
re-run a:Y 4-4
=== a function that only differs in one that it does not call
def make():
    def inner(): return 1
    return inner
F = make()
--->
def make():
    def inner(): return 2
    return inner
F = make()
==>
changed a:make 1-3
=== a function that differs in one that it calls
def make():
    def inner(): return 1
    return inner()
F = make()
--->
def make():
    def inner(): return 2
    return inner()
F = make()
==>
run a:F
another value a:F
changed a:make 1-3
re-run a:F 4-4
=== a default
def f(a=1): return a
G = f
--->
def f(a=2): return a
G = f
==>
run a:f
changed a:f 1-1
=== a default that comes from a constant
N = 1
def f(a=N): return a
def g(a=1): return N
--->
N = 2
def f(a=N): return a
def g(a=1): return N
==>
run a:N
run a:f
another value a:N
changed a:N 1-1
re-run a:f 2-2
=== a constant through two modules
from b import LIMIT
X = LIMIT + 1
def f(): return LIMIT
--- b.py
from c import LIMIT
--- c.py
LIMIT = 1
OTHER = 2
--->
--- c.py
LIMIT = 3
OTHER = 2
==>
run c:LIMIT
run b:LIMIT
run a:LIMIT
run a:X
another value a:LIMIT
another value a:X
another value b:LIMIT
another value c:LIMIT
changed c:LIMIT 1-1
re-run a:X 2-2
re-run b:LIMIT 1-1
re-run a:LIMIT 1-1
=== one of two names that are imported
from b import ONE, TWO
X = ONE
Y = TWO
--- b.py
ONE = 1
TWO = 2
--->
--- b.py
ONE = 1
TWO = 3
==>
run b:TWO
run a:ONE, TWO
run a:Y
another value a:TWO
another value a:Y
another value b:TWO
changed b:TWO 2-2
re-run a:ONE, TWO 1-1
re-run a:Y 3-3
=== an attribute of an imported module
import b
import b as other
X = b.ONE
Y = other.ONE
Z = b.TWO
--- b.py
ONE = 1
TWO = 2
--->
--- b.py
ONE = 3
TWO = 2
==>
run b:ONE
run a:X
run a:Y
another value a:X
another value a:Y
another value b:ONE
changed b:ONE 1-1
re-run a:X 3-3
re-run a:Y 4-4
=== a name goes
X = 1
def f(): return 2
--->
X = 1
==>
delete a:f
another value a:f
removed a:f 2-2
=== a name that is imported elsewhere goes
from b import f
--- b.py
def f(): return 1
g = 2
--->
--- b.py
g = 2
==>
run a:f
delete b:f
reject a:1 a.py ImportError: cannot import name 'f' from 'b' (/plugin/b.py)
another value a:f
another value b:f
removed b:f 1-1
re-run a:f 1-1
=== a name goes that a guarded import tries
try:
    from b import f
except ImportError:
    f = None
--- b.py
def f(): return 1
g = 2
--->
--- b.py
g = 2
==>
run a:f
delete b:f
another value a:f
another value b:f
removed b:f 1-1
re-run a:f 1-4
=== a name is read before it is bound
X = 1
Y = 2
--->
Y = X
X = 1
==>
run a:Y
reject a:1 a.py NameError: name 'X' is not defined
another value a:Y
changed a:Y 1-1
=== a name that is not there at all
X = 1
--->
X = missing
==>
run a:X
another value a:X
changed a:X 1-1
=== a name that is bound twice
X = 1
X = 2
Y = X
--->
X = 1
X = 3
Y = X
==>
run a:X
run a:X
run a:Y
another value a:X
another value a:Y
changed a:X 2-2
re-run a:Y 3-3
=== one of two bindings goes
X = 1
Y = X
X = 2
--->
X = 1
Y = X
==>
run a:X
run a:Y
another value a:X
another value a:Y
removed a:X 3-3
re-run a:Y 2-2
=== a name that is bound by a call for its effect too
X = []
X.append(1)
Y = X
--->
X = [0]
X.append(1)
Y = X
==>
run a:X
run a:Y
refuse MPDT001 a:2 a.py A statement that acts depends on what changed.
another value a:X
another value a:Y
changed a:X 1-1
re-run a:Y 3-3
=== a statement that acts is added, changed and removed
print(1)
print(2)
X = 1
--->
print(1)
print(3)
print(4)
X = 1
==>
refuse MPDT001 a:2 a.py A statement that acts was changed.
refuse MPDT001 a:3 a.py A statement that acts was added.
decorated anew a:
changed a 2-2
added a 3-3
=== a statement that acts goes
X = 1
print(X)
--->
X = 1
==>
refuse MPDT001 a:2 a.py A statement that acts was removed.
removed a 2-2
=== a statement that acts depends on a constant
LIMIT = 1
print(LIMIT)
--->
LIMIT = 2
print(LIMIT)
==>
run a:LIMIT
refuse MPDT001 a:2 a.py A statement that acts depends on what changed.
another value a:LIMIT
changed a:LIMIT 1-1
=== a statement that acts moves
X = 1
print(2)
Y = 3
--->
print(2)
X = 1
Y = 3
==>
refuse MPDT011 a:1 a.py A statement that acts stands elsewhere in the file.
moved a 1-1
=== statements that do not depend on each other change places
X = 1
Y = 2
--->
Y = 2
X = 1
==>
moved a:Y 1-1
=== two bindings of one name change places
X = 1
Y = 0
X = 2
--->
X = 2
Y = 0
X = 1
==>
run a:X
run a:X
another value a:X
moved a:X 1-1
moved a:Y 2-2
=== the docstring of a module changes
'''one'''
HELP = __doc__
--->
'''two'''
HELP = __doc__
==>
run a:line 1
run a:HELP
another value a:HELP
another value a:__doc__
changed a 1-1
re-run a:HELP 2-2
=== the docstring of a module goes
'''one'''
X = 1
--->
X = 1
==>
delete a:__doc__
another value a:__doc__
removed a 1-1
=== the docstring of a module comes
X = 1
--->
'''one'''
X = 1
==>
run a:line 1 added
decorated anew a:
another value a:__doc__
added a 1-1
=== pass and constants are nothing
X = 1
--->
pass
...
X = 1
==>
decorated anew a:
added a 1-1
added a 2-2
=== a class changes a method, and an instance is there
class C:
    def m(self): return 1
O = C()
X = O.m()
--->
class C:
    def m(self): return 2
O = C()
X = O.m()
==>
run a:X
keep a:O
another value a:X
changed a:C.m 2-2
re-run a:X 4-4
=== members of a class come, go and change
class C:
    '''doc'''
    a = 1
    b = a
    def m(self, x=1): return x
    def n(self): return 2
--->
class C:
    a = 2
    b = a
    def m(self, x=2): return x
    def o(self): return 3
==>
class a:C:1 run a; run b; run m; run o; delete __doc__; delete n; fields; members
decorated anew a:C.o
another value a:C.__doc__
another value a:C.a
another value a:C.b
another value a:C.m
another value a:C.n
another value a:C.o
changed a:C.a 2-2
changed a:C.m 4-4
added a:C.o 5-5
removed a:C 2-2
removed a:C.n 6-6
re-run a:C.b 3-3
=== the docstring of a class
class C:
    '''one'''
    a = 1
HELP = C.__doc__
--->
class C:
    '''two'''
    a = 1
HELP = C.__doc__
==>
class a:C:1 run line 2
run a:HELP
another value a:C.__doc__
another value a:HELP
changed a:C 2-2
re-run a:HELP 4-4
=== a class attribute that comes from a constant, and one that does not
N = 1
class C:
    a = N
    b = 2
X = C.a
Y = C.b
--->
N = 2
class C:
    a = N
    b = 2
X = C.a
Y = C.b
==>
run a:N
class a:C:2 run a; fields; members
run a:X
another value a:C.a
another value a:N
another value a:X
changed a:N 1-1
re-run a:C.a 3-3
re-run a:X 5-5
=== a member that is bound twice, like a property and its setter
class C:
    @property
    def p(self): return 1
    @p.setter
    def p(self, v): pass
    q = 1
--->
class C:
    @property
    def p(self, x=2): return 1
    @p.setter
    def p(self, v): pass
    q = 1
==>
class a:C:1 run p[@property made again]; run p[@p.setter made again]; members
another value a:C.p
changed a:C.p 2-3
=== one of two members of a name goes
class C:
    @property
    def p(self): return 1
    @p.setter
    def p(self, v): pass
--->
class C:
    @property
    def p(self): return 1
==>
class a:C:1 run p[@property made again]; members
undecorate a:C.p:1 @p.setter
another value a:C.p
removed a:C.p 4-5
=== a member whose name hides one of the module
x = 1
class C:
    x = 5
    y = x
class D:
    y = x
--->
x = 2
class C:
    x = 5
    y = x
class D:
    y = x
==>
run a:x
class a:D:5 run y; fields; members
another value a:D.y
another value a:x
changed a:x 1-1
re-run a:D.y 6-6
=== annotations of a class
class C:
    a: int = 1
    b: int = 2
--->
class C:
    a: int = 3
    c: str
==>
class a:C:1 run a; run line 3; delete b; fields; members
decorated anew a:C.
another value a:C.a
another value a:C.b
changed a:C.a 2-2
added a:C.c 3-3
removed a:C.b 3-3
=== a nested class
class C:
    class D:
        x = 1
    y = D.x
--->
class C:
    class D:
        x = 2
    y = D.x
==>
class a:C:1 run y; fields; members
class a:C.D:2 run x; fields; members
refuse MPDT011 a:y:4 a.py It needs D.x, which the same patch sets later.
another value a:C.D.x
another value a:C.y
changed a:C.D.x 3-3
re-run a:C.y 4-4
=== a statement that acts in a class body
class C:
    print(1)
    x = 1
--->
class C:
    print(2)
    x = 1
==>
refuse MPDT013 a:2 a.py A statement that acts, in the body of class C, differs.
decorated anew a:C.
added a:C 2-2
removed a:C 2-2
=== a statement that acts in a class body depends on a constant
N = 1
class C:
    print(N)
--->
N = 2
class C:
    print(N)
==>
run a:N
class a:C:2 run line 3; members
refuse MPDT013 a:3 a.py A statement that acts, in the body of class C, depends on what changed.
another value a:N
changed a:N 1-1
re-run a:C 3-3
=== members change places
class C:
    def a(self): pass
    def b(self): pass
--->
class C:
    def b(self): pass
    def a(self): pass
==>
moved a:C.b 2-2
=== members of one name change places
class C:
    a = 1
    b = 2
    a = 3
--->
class C:
    a = 3
    b = 2
    a = 1
==>
class a:C:1 run a; run a; fields
another value a:C.a
moved a:C.a 2-2
moved a:C.b 3-3
=== what reads a name is bound between two that bind it
con = 1
def get(): return con
r = get()
con = 2
--->
con = 1
def get(): return con
r = get() + 1
con = 2
==>
run a:con
run a:r
run a:con
another value a:con
another value a:r
changed a:r 3-3
=== what reads a name moves over one that binds it
con = 1
con = 2
r = con
--->
con = 1
r = con
con = 2
==>
run a:con
run a:r
run a:con
another value a:con
another value a:r
moved a:r 2-2
re-run a:r 2-2
=== what reads a built-in stands above its namesake
r = len("a")
def len(x): return 7
--->
r = len("ab")
def len(x): return 7
==>
run a:r
refuse MPDT011 a:r:1 a.py It needs the built-in len, and the module binds that name further down.
another value a:r
changed a:r 1-1
=== a member moves over one that binds what it reads
class C:
    x = 1
    x = 2
    y = x
z = C.y
--->
class C:
    x = 1
    y = x
    x = 2
z = C.y
==>
class a:C:1 run x; run y; run x; fields
run a:z
another value a:C.x
another value a:C.y
another value a:z
moved a:C.y 3-3
re-run a:z 5-5
=== bases by another name
class A: pass
class B: pass
class C(A): x = 1
--->
class A: pass
class B: pass
class C(B): x = 1
==>
class a:C:3 header
changed a:C 3-3
=== the base that a name leads to is another one
from b import Base
class C(Base): pass
X = C.x
--- b.py
class One: x = 1
class Two: x = 2
Base = One
--->
--- b.py
class One: x = 1
class Two: x = 2
Base = Two
==>
run b:Base
run a:Base
class a:C:2 header
run a:X
another value a:Base
another value a:X
another value b:Base
changed b:Base 3-3
re-run a:Base 1-1
re-run a:X 3-3
=== an attribute that is inherited
from b import Base
class C(Base): pass
X = C.x
Y = C.y
--- b.py
class Base:
    x = 1
    y = 1
--->
--- b.py
class Base:
    x = 2
    y = 1
==>
class b:Base:1 run x; fields; members
run a:X
another value a:X
another value b:Base.x
changed b:Base.x 2-2
re-run a:X 3-3
=== keywords of a class
class Base:
    def __init_subclass__(cls, k=0): pass
class C(Base, k=1): pass
--->
class Base:
    def __init_subclass__(cls, k=0): pass
class C(Base, k=2): pass
==>
refuse MPDT005 a:C:3 a.py The keywords or type parameters of class C differ.
=== a keyword of a class comes from a constant
K = 1
class C(object, k=K): pass
--->
K = 2
class C(object, k=K): pass
==>
run a:K
refuse MPDT005 a:C:2 a.py What class C is made with (a base, a keyword or a decorator) changes.
another value a:K
changed a:K 1-1
=== decorators of a class
import dataclasses
@dataclasses.dataclass
class C:
    x: int = 1
--->
import dataclasses
@dataclasses.dataclass(frozen=True)
class C:
    x: int = 1
==>
class a:C:2 marks
undecorate a:C:2 @dataclasses.dataclass
decorated anew a:C
=== a class decorator acts differently
def mark(c):
    c.x = 1
    return c
@mark
class C: pass
--->
def mark(c):
    c.x = 2
    return c
@mark
class C: pass
==>
refuse MPDT005 a:C:4 a.py What class C is made with (a base, a keyword or a decorator) changes.
changed a:mark 1-3
=== hooks of classes change
class Field:
    def __set_name__(self, o, n): self.n = n
class Base:
    def __init_subclass__(cls): cls.n = 1
class C(Base):
    f = Field()
--->
class Field:
    def __set_name__(self, o, n): self.n = n + "_"
class Base:
    def __init_subclass__(cls): cls.n = 2
class C(Base):
    f = Field()
==>
class a:Field:1 hooks
class a:Base:3 hooks
refuse MPDT009 a:__set_name__:2 a.py Field.__set_name__ acts differently, and class C was told before.
changed a:Field.__set_name__ 2-2
changed a:Base.__init_subclass__ 4-4
=== what hooks use changes
N = 1
class Field:
    def __set_name__(self, o, n): self.n = N
class Base:
    def __init_subclass__(cls): cls.n = N
class C(Base):
    f = Field()
--->
N = 2
class Field:
    def __set_name__(self, o, n): self.n = N
class Base:
    def __init_subclass__(cls): cls.n = N
class C(Base):
    f = Field()
==>
run a:N
class a:Base:4 hooks
refuse MPDT009 a:__set_name__:3 a.py Field.__set_name__ acts differently, and class C was told before.
another value a:N
changed a:N 1-1
=== an Enum's __init__
import enum
class E(enum.Enum):
    A = 1
    def __init__(self, n): self.x = n
class F(E): pass
--->
import enum
class E(enum.Enum):
    A = 1
    def __init__(self, n): self.x = n + 1
class F(E): pass
==>
class a:E:2 fields
class a:F:5 fields
changed a:E.__init__ 4-4
=== what an Enum's __init__ calls, of an Enum of one's own
import enum
def label(n): return n
class Base(enum.Enum): pass
class E(Base):
    A = 1
    def __init__(self, n): self.x = label(n)
class Plain:
    def __init__(self, n): self.x = label(n)
--->
import enum
def label(n): return n + 1
class Base(enum.Enum): pass
class E(Base):
    A = 1
    def __init__(self, n): self.x = label(n)
class Plain:
    def __init__(self, n): self.x = label(n)
==>
class a:E:4 fields
changed a:label 2-2
=== a decorator of a function
from b import one, two
@one
def f(): pass
--- b.py
def one(f): return f
def two(f): return f
--->
from b import one, two
@two
def f(): pass
==>
run a:f [@two fresh]
undecorate a:f:2 @one
decorated anew a:f
another value a:f
changed a:f 2-3
=== a decorator's body
def deco(f): return f
@deco
def f(a=1): pass
X = f()
--->
def deco(f): return [f][0]
@deco
def f(a=1): pass
X = f()
==>
run a:f [@deco made again differing]
run a:X
decorated differently a:f
another value a:X
changed a:deco 1-1
re-run a:f 2-3
re-run a:X 4-4
=== a decorated function gets another default, and another one comes
def deco(f): return f
@deco
def f(a=1): pass
--->
def deco(f): return f
@deco
def f(a=2): pass
@deco
def g(): pass
==>
run a:f [@deco made again]
run a:g added [@deco fresh]
decorated anew a:g
another value a:g
changed a:f 2-3
added a:g 4-5
=== a decorated function and a decorated method go
def deco(f): return f
@deco
def f(): pass
class C:
    @deco
    def m(self): pass
    def n(self): pass
--->
def deco(f): return f
class C:
    def n(self): pass
==>
class a:C:2 delete m; members
delete a:f
undecorate a:C.m:1 @deco
undecorate a:f:1 @deco
another value a:C.m
another value a:f
removed a:C.m 5-6
removed a:f 2-3
=== a decorated method gets another default
import functools
class C:
    @functools.wraps(len)
    def m(self, a=1): return a
--->
import functools
class C:
    @functools.wraps(len)
    def m(self, a=2): return a
==>
class a:C:2 run m[@functools.wraps made again]; members
another value a:C.m
changed a:C.m 3-4
=== results that are kept
import functools
from functools import cache as memo
N = 1
@functools.lru_cache
def f(): return N
@memo
def g(): return f()
@functools.cache
def h(): return 1
class C:
    def k(self): return 1
    @functools.cache
    def m(self): return self.k()
    @functools.cache
    def n(self): return N
--->
import functools
from functools import cache as memo
N = 2
@functools.lru_cache
def f(): return N
@memo
def g(): return f()
@functools.cache
def h(): return 1
class C:
    def k(self): return 2
    @functools.cache
    def m(self): return self.k()
    @functools.cache
    def n(self): return N
==>
run a:N
forget the results of a:f
forget the results of a:g
forget the results of a:C.m
forget the results of a:C.n
another value a:N
changed a:N 3-3
changed a:C.k 11-11
=== an import comes and goes
import json
from os import path
--->
import json
import sys
==>
run a:sys added
delete a:path
decorated anew a:
another value a:path
another value a:sys
added a:sys 2-2
removed a:path 2-2
=== an import binds another thing
from b import f as g
X = g()
--- b.py
def f(): return 1
def h(): return 2
--->
from b import h as g
X = g()
==>
run a:g
run a:X
another value a:X
another value a:g
changed a:g 1-1
re-run a:X 2-2
=== one name of an import goes, the rest stays
from b import f, h
X = f()
--- b.py
def f(): return 1
def h(): return 2
--->
from b import f
X = f()
==>
run a:f
delete a:h
another value a:h
changed a:f 1-1
=== the last import of a module goes
import b
X = 1
--- b.py
Y = 1
--->
X = 1
==>
delete a:b
unload b
another value a:b
removed a:b 1-1
=== the last import of a module that acted goes
import b
X = 1
--- b.py
print(1)
@print
def f(): pass
--->
X = 1
==>
delete a:b
refuse MPDT016 b:1 b.py Module b is no longer imported.
refuse MPDT016 b:f:2 b.py Module b is no longer imported.
unload b
another value a:b
removed a:b 1-1
=== a module that nobody imports any more is reached through its package
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
==>
run b:x added
delete b:pkg
refuse MPDT016 a:X:3 a.py It reaches module pkg.sub, which is no longer imported.
decorated anew b:
unload pkg.sub
another value b:pkg
another value b:x
added b:x 1-1
removed b:pkg 1-1
=== a circle of imports comes
import b
X = 1
--- b.py
Y = 1
--->
--- b.py
from a import X
Y = 1
==>
run b:X added
refuse MPDT011 b:X:1 b.py The import of X from a, which is half-way through its own import, may fail.
decorated anew b:
another value b:X
added b:X 1-1
=== a star import of another list
from b import *
Y = p
--- b.py
__all__ = ["p", "q"]
p = 1
q = 2
r = 3
--->
--- b.py
__all__ = ["p", "r"]
p = 1
q = 2
r = 3
==>
run b:__all__
run a:line 1 all of b
delete a:q
another value a:q
another value a:r
another value b:__all__
changed b:__all__ 1-1
=== a star import, and a name of it changes
from b import *
Y = p
Z = q
--- b.py
p = 1
q = 2
_r = 3
--->
--- b.py
p = 5
q = 2
_r = 3
==>
run b:p
run a:line 1 all of b
run a:Y
another value a:Y
another value a:p
another value b:p
changed b:p 1-1
re-run a 1-1
re-run a:Y 2-2
=== a star import brings a name that the module binds too
from b import *
p = 5
--- b.py
p = 1
--->
--- b.py
q = 1
==>
run b:q added
run a:line 1 all of b
run a:p
delete b:p
decorated anew b:
another value a:p
another value a:q
another value b:p
another value b:q
added b:q 1-1
removed b:p 1-1
=== a list of exports that is computed
from b import *
Y = p
--- b.py
__all__ = ["p"] + []
p = 1
--->
--- b.py
__all__ = ["p"] + ["q"]
p = 1
q = 2
==>
run b:__all__
run b:q added
run a:line 1 all of b
decorated anew b:
another value a:q
another value b:__all__
another value b:q
changed b:__all__ 1-1
added b:q 3-3
=== a block
FLAG = 1
if FLAG:
    def f(): return 1
else:
    g = 2
--->
FLAG = 0
if FLAG:
    def f(): return 1
else:
    g = 2
==>
run a:FLAG
run a:f, g
another value a:FLAG
another value a:f
another value a:g
changed a:FLAG 1-1
re-run a:f, g 2-5
=== a loop
N = 3
for i in range(N):
    last = i
X = last
--->
N = 4
for i in range(N):
    last = i
X = last
==>
run a:N
run a:i, last
run a:X
another value a:N
another value a:X
another value a:i
another value a:last
changed a:N 1-1
re-run a:i, last 2-3
re-run a:X 4-4
=== the names of a module are gone through
X = 1
def f(): return sorted(globals())
--->
X = 1
Y = 2
def f(): return sorted(globals())
==>
run a:Y added
refuse MPDT011 a:f:3 a.py It goes through the names of its module, which would stand in another order in a fresh process.
decorated anew a:
another value a:Y
added a:Y 2-2
=== the names of a module are gone through when it is imported
N = 1
X = sorted(globals())
--->
N = 2
X = sorted(globals())
==>
run a:N
run a:X
refuse MPDT011 a:X:2 a.py It goes through the names of a module, and a fresh process would not have bound all of them.
another value a:N
another value a:X
changed a:N 1-1
re-run a:X 2-2
=== the subclasses of a class are listed
class Base: pass
class A(Base): pass
def f(): return Base.__subclasses__()
X = f()
--->
class Base: pass
class A(Base): pass
class B(Base): pass
def f(): return Base.__subclasses__()
X = f()
==>
run a:B added
run a:X
decorated anew a:B
another value a:B
another value a:X
added a:B 3-3
re-run a:X 5-5
=== a listed subclass goes
class Base: pass
class A(Base): pass
def f(): return Base.__subclasses__()
--->
class Base: pass
def f(): return Base.__subclasses__()
==>
delete a:A
refuse MPDT009 a:A:2 a.py Class A goes, and Base.__subclasses__() would list it for a while.
gone a:A class
another value a:A
removed a:A 2-2
=== an instance that would be made otherwise
class A:
    def __init__(self): self.x = 1
O = A()
X = O.x
def f(): return O.x
--->
class A:
    def __init__(self): self.x = 2
O = A()
X = O.x
def f(): return O.x
==>
run a:X
refuse MPDT023 a:X:4 a.py It is computed from an object that is kept as it is, and would be made otherwise.
keep a:O
watch a:X
for a:<lambda> a:f
another value a:X
changed a:A.__init__ 2-2
re-run a:X 4-4
rehearse a:O
unless it calls a:<lambda> a:A.<lambda> a:A.__init__ a:X a:f
unless it hands on a:O
=== an instance that would be made otherwise, and a member of a class
class A:
    def __init__(self): self.x = 1
O = A()
class B:
    v = O.x
--->
class A:
    def __init__(self): self.x = 2
O = A()
class B:
    v = O.x
==>
class a:B:4 run v; fields; members
refuse MPDT023 a:v:5 a.py It is computed from an object that is kept as it is, and would be made otherwise.
keep a:O
watch a:B
another value a:B.v
changed a:A.__init__ 2-2
re-run a:B.v 5-5
rehearse a:O
unless it calls a:A.<lambda> a:A.__init__ a:B a:B.<lambda> a:B.v
unless it hands on a:B a:O
=== an instance that would be made otherwise, and what only might read it
class A:
    def __init__(self): self.x = 1
O = A()
class B:
    def get(self): return O.x
def read(): return B().get()
X = print(read)
--->
class A:
    def __init__(self): self.x = 2
O = A()
class B:
    def get(self): return O.x
def read(): return B().get()
X = print(read)
==>
run a:X
keep a:O
watch a:X
for a:B.<lambda> a:B.get
another value a:X
changed a:A.__init__ 2-2
re-run a:X 7-7
=== a function that sets a name of its module
N = 0
def bump():
    global N
    N = 1
class K:
    def go(self): bump()
X = bump()
Y = K().go()
--->
N = 0
def bump():
    global N
    N = 2
class K:
    def go(self): bump()
X = bump()
Y = K().go()
==>
run a:X
run a:Y
refuse MPDT001 a:X:7 a.py It calls a function that sets a name of its module.
refuse MPDT001 a:Y:8 a.py It calls a function that sets a name of its module.
another value a:X
another value a:Y
changed a:bump 2-4
re-run a:X 7-7
re-run a:Y 8-8
rehearse a:X
rehearse a:Y
unless it calls a:<lambda> a:X a:Y a:bump
=== what made a binding may have kept it
def register(n): return n
X = register(1)
Y = len("a")
Z = 3
class C: pass
--->
def register(n): return n
==>
delete a:X
delete a:Y
delete a:Z
delete a:C
gone a:X register()
gone a:Y len()
gone a:C class
another value a:C
another value a:X
another value a:Y
another value a:Z
removed a:X 2-2
removed a:Y 3-3
removed a:Z 4-4
removed a:C 5-5
=== a function that gives something else, with a list
def f(): return 1
L = [f(), 2]
M = {"k": f}
N = list(map(f, []))
--->
def f(): return 2
L = [f(), 2]
M = {"k": f}
N = list(map(f, []))
==>
run a:L
run a:N
another value a:L
another value a:N
changed a:f 1-1
re-run a:L 2-2
re-run a:N 4-4
=== annotated names of a module
X: int = 1
Y: str
--->
X: int = 2
Z: str
==>
run a:X
run a:line 2 added
decorated anew a:
another value a:X
changed a:X 1-1
added a:Z 2-2
removed a:Y 2-2
=== a removed star import
from b import *
X = 1
--- b.py
p = 1
--->
X = 1
==>
delete a:p
unload b
another value a:p
removed a 1-1
=== a submodule's name goes from its package
import pkg
X = 1
--- pkg/__init__.py
from . import sub
Y = 1
--- pkg/sub.py
v = 1
--->
--- pkg/__init__.py
Y = 1
==>
unload pkg.sub
another value pkg:sub
removed pkg:sub 1-1
=== a class turns into a function
class C: pass
X = C()
--->
def C(): return 1
X = C()
==>
run a:C added
run a:X
decorated anew a:C
gone a:C class
another value a:C
another value a:X
added a:C 1-1
removed a:C 1-1
re-run a:X 2-2
=== future annotations come
def f(a: int): pass
class C:
    x: int = 1
--->
from __future__ import annotations
def f(a: int): pass
class C:
    x: int = 1
==>
run a:annotations added
run a:f
class a:C:3 run x; fields; members
decorated anew a:
another value a:C.x
another value a:annotations
added a:annotations 1-1
changed a:f 2-2
changed a:C.x 4-4
=== lambdas
F = lambda x: x
T = {"a": lambda: 1}
X = F(1)
--->
F = lambda x: x + 1
T = {"a": lambda: 2}
X = F(1)
==>
run a:X
another value a:X
changed a:F 1-1
changed a:T 2-2
re-run a:X 3-3
=== a class in a block
if True:
    class C:
        def m(self): return 1
O = C()
--->
if True:
    class C:
        def m(self): return 2
O = C()
==>
run a:O
another value a:O
changed a:C 1-3
re-run a:O 4-4
=== a name deleted at the top
X = 1
Y = X
del X
--->
X = 2
Y = X
del X
==>
run a:X
run a:Y
run a:X
another value a:X
another value a:Y
changed a:X 1-1
re-run a:Y 2-2
=== one statement moves below three others
A = 1
B = 2
C = 3
D = 4
--->
B = 2
C = 3
D = 4
A = 1
==>
moved a:A 4-4
=== two statements move to the front
A = 1
B = 2
C = 3
D = 4
E = 5
--->
D = 4
E = 5
A = 1
B = 2
C = 3
==>
moved a:D 1-1
moved a:E 2-2
=== two bindings of one name move apart
A = 1
B = 2
A = 3
C = 4
--->
B = 2
C = 4
A = 1
A = 3
==>
moved a:B 1-1
moved a:C 2-2
=== future annotations come, over every place of an annotation
def f(a: int): pass
def g() -> int: pass
async def h(a: int) -> str: pass
X: int = 1
class C:
    y: int = 1
    async def m(self) -> int: pass
def plain(): pass
--->
from __future__ import annotations
def f(a: int): pass
def g() -> int: pass
async def h(a: int) -> str: pass
X: int = 1
class C:
    y: int = 1
    async def m(self) -> int: pass
def plain(): pass
==>
run a:annotations added
run a:f
run a:g
run a:h
run a:X
class a:C:6 run y; run m; fields; members
decorated anew a:
another value a:C.m
another value a:C.y
another value a:X
another value a:annotations
added a:annotations 1-1
changed a:f 2-2
changed a:g 3-3
changed a:h 4-4
changed a:X 5-5
changed a:C.y 7-7
changed a:C.m 8-8
=== future annotations go
from __future__ import annotations
def g() -> int: pass
async def h(a: int): pass
def plain(): pass
--->
def g() -> int: pass
async def h(a: int): pass
def plain(): pass
==>
run a:g
run a:h
delete a:annotations
another value a:annotations
changed a:g 1-1
changed a:h 2-2
removed a:annotations 1-1
=== type parameters of a class | python=3.12
class C[T]:
    x = 1
--->
class C[T, U]:
    x = 1
==>
refuse MPDT005 a:C:1 a.py The keywords or type parameters of class C differ.
=== an import and a value of one name
import json as one
X = one
--->
one = 5
X = one
==>
run a:one added
run a:X
decorated anew a:
another value a:X
another value a:one
added a:one 1-1
removed a:one 1-1
re-run a:X 2-2
=== a function that differs in a lambda in it
def make():
    return lambda: 1
F = make()
--->
def make():
    return lambda: 2
F = make()
==>
run a:F
another value a:F
changed a:make 1-2
re-run a:F 3-3
=== a function that hands one in it to another
def make():
    def inner(): return 1
    return list(map(inner, [1]))
F = make()
--->
def make():
    def inner(): return 2
    return list(map(inner, [1]))
F = make()
==>
run a:F
another value a:F
changed a:make 1-3
re-run a:F 4-4
=== a function that hands one in it over by keyword
def make():
    def inner(x): return 1
    return sorted([1], key=inner)
F = make()
--->
def make():
    def inner(x): return 2
    return sorted([1], key=inner)
F = make()
==>
run a:F
another value a:F
changed a:make 1-3
re-run a:F 4-4
=== a name is bound further down than a loop that needs it
d = 1
n = 0
for i in range(1):
    n += d
--->
n = 0
for i in range(1):
    n += d
d = 1
==>
refuse MPDT011 a:i:2 a.py It needs d, which is bound further down.
moved a:d 4-4
=== a function's new body reads a name that is bound further down
def g(): return LATE
def f(): return 1
X = f()
LATE = 5
--->
def g(): return LATE
def f(): return g()
X = f()
LATE = 5
==>
run a:X
refuse MPDT011 a:X:3 a.py It needs LATE, which is bound further down.
another value a:X
changed a:f 2-2
re-run a:X 3-3
rehearse a:X
unless it calls a:<lambda> a:X a:f
=== loops that share a variable
a = 0
for i in range(1):
    a += 7
b = 0
for i in range(3):
    b += 1
C = b
--->
a = 0
for i in range(3):
    a += 4
b = 0
for i in range(3):
    b += 1
C = b
==>
run a:a
run a:i, a
run a:b
run a:i, b
run a:C
another value a:C
another value a:a
another value a:b
another value a:i
changed a:i, a 2-3
re-run a:C 7-7
=== a function in another module goes through its names, and is called by one that is called
from b import listing
LIMIT = 1
X = [LIMIT, *listing()]
--- b.py
def names(): return sorted(globals())
def listing(): return names()
--->
from b import listing
LIMIT = 2
X = [LIMIT, *listing()]
==>
run a:LIMIT
run a:X
refuse MPDT011 a:X:3 a.py It goes through the names of a module, and a fresh process would not have bound all of them.
another value a:LIMIT
another value a:X
changed a:LIMIT 2-2
re-run a:X 3-3
=== the same by the name of its module
import b
LIMIT = 1
X = [LIMIT, *b.listing()]
--- b.py
def names(): return sorted(globals())
def listing(): return names()
--->
import b
LIMIT = 2
X = [LIMIT, *b.listing()]
==>
run a:LIMIT
run a:X
refuse MPDT011 a:X:3 a.py It goes through the names of a module, and a fresh process would not have bound all of them.
another value a:LIMIT
another value a:X
changed a:LIMIT 2-2
re-run a:X 3-3
=== nobody who is called goes through names, though somebody could
import os
def names(): return sorted(globals())
def even(n): return n == 0 or odd(n - 1)
def odd(n): return n != 0 and even(n - 1)
LIMIT = 1
X = [even(LIMIT), os.sep, LIMIT]
--->
import os
def names(): return sorted(globals())
def even(n): return n == 0 or odd(n - 1)
def odd(n): return n != 0 and even(n - 1)
LIMIT = 2
X = [even(LIMIT), os.sep, LIMIT]
==>
run a:LIMIT
run a:X
another value a:LIMIT
another value a:X
changed a:LIMIT 5-5
re-run a:X 6-6
=== a statement stands before what it needs now
def f(): return LATE
LATE = 5
X = f()
--->
def f(): return LATE
X = f()
LATE = 5
==>
refuse MPDT011 a:X:2 a.py It needs LATE, which is bound further down.
moved a:X 2-2
=== statements that need nothing of each other change places
A = 1
B = 2
--->
B = 2
A = 1
==>
moved a:B 1-1
=== what made a kept instance needs a name that is gone
OLD = 1
class K:
    def __init__(self): self.v = OLD
k = K()
--->
class K:
    def __init__(self): self.v = OLD
k = K()
==>
delete a:OLD
refuse MPDT011 a:k:3 a.py It needs OLD, which is gone.
keep a:k
another value a:OLD
removed a:OLD 1-1
=== it needed the name as early before
def f(): return LATE
def g(): return 1
X = [f, g()]
Y = [f(), g()]
LATE = 5
--->
def f(): return LATE
def g(): return 2
X = [f, g()]
Y = [f(), g()]
LATE = 5
==>
run a:X
run a:Y
another value a:X
another value a:Y
changed a:g 2-2
re-run a:X 3-3
re-run a:Y 4-4
=== what a decorator returns needs a name that is bound further down, as before
def deco(f):
    def inner(): return LATE
    return inner
@deco
def a(): pass
LATE = 5
--->
def deco(f):
    def inner(): return LATE
    return inner
@deco
def a(): pass
@deco
def b(): pass
LATE = 5
==>
run a:b added [@deco fresh]
decorated anew a:b
another value a:b
added a:b 6-7
=== the first thing that needs a name that is bound further down
def f(): return LATE
LATE = 5
--->
def f(): return LATE
X = f()
LATE = 5
==>
run a:X added
refuse MPDT011 a:X:2 a.py It needs LATE, which is bound further down.
decorated anew a:
another value a:X
added a:X 2-2
=== a class body calls what needs a name that is bound further down
def f(): return LATE
class C:
    x = 1
LATE = 5
--->
def f(): return LATE
class C:
    x = f()
LATE = 5
==>
class a:C:2 run x; fields; members
refuse MPDT011 a:C:2 a.py It needs LATE, which is bound further down.
another value a:C.x
changed a:C.x 3-3
=== a class body looks into, and calls, what it has made
class H:
    def v(self): return 1
    w = 2
class C:
    h = H()
    x = h.v()
    y = h.w
    z = [h]
--->
class H:
    def v(self): return 3
    w = 2
class C:
    h = H()
    x = h.v()
    y = h.w
    z = [h]
==>
class a:C:4 run x; run y; fields; members
another value a:C.x
another value a:C.y
changed a:H.v 2-2
re-run a:C.x 6-6
re-run a:C.y 7-7
=== a class body calls, hands on and keys what acts differently outside of it
def f(): return 1
def g(): return 1
TABLE = {f: 1}
class C:
    a = f()
    b = [f]
    c = sorted([1], key=f)
    d = TABLE[f]
    e = g()
    def m(self, p=f()): return p
--->
def f(): return 2
def g(): return 1
TABLE = {f: 1}
class C:
    a = f()
    b = [f]
    c = sorted([1], key=f)
    d = TABLE[f]
    e = g()
    def m(self, p=f()): return p
==>
class a:C:4 run a; run c; run m; fields; members
another value a:C.a
another value a:C.c
another value a:C.m
changed a:f 1-1
re-run a:C.a 5-5
re-run a:C.c 7-7
re-run a:C.m 10-10
=== a class body calls a function of its own that is another one
class C:
    def make(n): return n
    x = make(1)
    y = x + 1
    z = 5
--->
class C:
    def make(n): return n + 1
    x = make(1)
    y = x + 1
    z = 5
==>
class a:C:1 run x; run y; fields; members
another value a:C.x
another value a:C.y
changed a:C.make 2-2
re-run a:C.x 3-3
re-run a:C.y 4-4
=== a class body's own function is decorated by one of its own
class C:
    def deco(f): return f
    @deco
    def m(self): return 1
    n = m
--->
class C:
    def deco(f):
        f.mark = 1
        return f
    @deco
    def m(self): return 1
    n = m
==>
class a:C:1 run m[@deco made again]; run n; fields; members
another value a:C.m
another value a:C.n
changed a:C.deco 2-4
re-run a:C.m 5-6
re-run a:C.n 7-7
=== a name of the class hides that of the module
X = 1
class C:
    X = 5
    y = X
    z = [X]
class D:
    y = X
    X = 5
--->
X = 2
class C:
    X = 5
    y = X
    z = [X]
class D:
    y = X
    X = 5
==>
run a:X
class a:D:6 run y; fields; members
another value a:D.y
another value a:X
changed a:X 1-1
re-run a:D.y 7-7
=== a nested class depends on what changed
LIMIT = 1
class A:
    class B:
        x = LIMIT
        class C:
            y = x = 3
            z = LIMIT + 1
    w = B.x
--->
LIMIT = 2
class A:
    class B:
        x = LIMIT
        class C:
            y = x = 3
            z = LIMIT + 1
    w = B.x
==>
run a:LIMIT
class a:A:2 run w; fields; members
class a:A.B:3 run x; fields; members
class a:A.B.C:5 run z; fields; members
refuse MPDT011 a:w:8 a.py It needs B.x, which the same patch sets later.
another value a:A.B.C.z
another value a:A.B.x
another value a:A.w
another value a:LIMIT
changed a:LIMIT 1-1
re-run a:A.B.x 4-4
re-run a:A.B.C.z 7-7
re-run a:A.w 8-8
=== a class body goes through its own names
class C:
    a = 1
    names = sorted(vars())
class D:
    a = 1
    names = sorted(vars())
--->
class C:
    a = 2
    names = sorted(vars())
class D:
    a = 1
    names = sorted(vars())
==>
class a:C:1 run a; run names; fields; members
refuse MPDT011 a:names:3 a.py It goes through the names of class C, which has all of them.
another value a:C.a
another value a:C.names
changed a:C.a 2-2
re-run a:C.names 3-3
=== hooks that call what changed, and one that calls only its own class
def note(n): return n
class D:
    def __set_name__(self, owner, name): note(name)
class E:
    def __set_name__(self, owner, name): E.seen(name)
    def seen(name): return name
class C:
    d = D()
    e = E()
--->
def note(n): return [n]
class D:
    def __set_name__(self, owner, name): note(name)
class E:
    def __set_name__(self, owner, name): E.seen(name)
    def seen(name): return name
class C:
    d = D()
    e = E()
==>
refuse MPDT009 a:__set_name__:3 a.py D.__set_name__ acts differently, and class C was told before.
changed a:note 1-1
=== a member's statement is reordered, another is bound twice
class C:
    a = 1
    b = 2
    c = 3
    a = 4
--->
class C:
    b = 2
    a = 1
    c = 3
    a = 4
==>
class a:C:1 fields
moved a:C.b 2-2
=== a statement that acts in a class body
class C:
    a = []
    a.append(1)
    b = 2
--->
class C:
    a = []
    a.append(2)
    b = 2
==>
class a:C:1 run a; run line 3; members
decorated anew a:C.
gone a:C. a.append()
another value a:C.a
added a:C 3-3
removed a:C 3-3
=== a name that is bound by a class and by a loop that acts
class A: pass
A = 1
print(A)
B = [A]
--->
class A: pass
A = 2
print(A)
B = [A]
==>
run a:A
run a:B
refuse MPDT002 a:A:1 a.py The name A is bound in several places, and what binds it changed.
refuse MPDT001 a:3 a.py A statement that acts depends on what changed.
another value a:A
another value a:B
changed a:A 2-2
re-run a:B 4-4
=== a name that is bound in three places, of which the first changes
A = 1
A, B = [A, 2]
A = [A]
C = B
--->
A = 5
A, B = [A, 2]
A = [A]
C = B
==>
run a:A
run a:A, B
run a:A
run a:C
another value a:A
another value a:B
another value a:C
changed a:A 1-1
re-run a:C 4-4
=== a star import with a written-out list that others compute
from b import *
X = one
--- b.py
__all__ = ["one"]
one = 1
two = 2
--->
from b import *
X = one
--- b.py
__all__ = ["one", "two"]
one = 1
two = 2
==>
run b:__all__
run a:line 1 all of b
another value a:two
another value b:__all__
changed b:__all__ 1-1
=== a star import whose list is computed
from b import *
X = one
--- b.py
__all__ = ["one"] + ["two"]
one = 1
two = 2
--->
from b import *
X = one
--- b.py
__all__ = ["one"] + ["three"]
one = 1
two = 2
==>
run b:__all__
run a:line 1 all of b
another value a:one
another value a:two
another value b:__all__
changed b:__all__ 1-1
re-run a 1-1
=== an Enum whose members are made by what changed
import enum
def double(n): return n * 2
class Colour(enum.Enum):
    RED = 1
    def __init__(self, n): self.n = double(n)
class Plain:
    def __init__(self, n): self.n = double(n)
--->
import enum
def double(n): return n * 3
class Colour(enum.Enum):
    RED = 1
    def __init__(self, n): self.n = double(n)
class Plain:
    def __init__(self, n): self.n = double(n)
==>
class a:Colour:3 fields
changed a:double 2-2
=== what is refused, with classes that have other members, and what inherits from them
import lib
class Base:
    def m(self): return 1
class Sub(Base): pass
class Other: pass
def uses(): return Sub()
def reads(): return LIMIT
LIMIT = 1
R = lib.make(Sub)
S = lib.make(Other, uses)
T = lib.make(reads)
print(LIMIT)
--->
import lib
class Base:
    def m(self): return 1
    def n(self): return 2
class Sub(Base): pass
class Other: pass
def uses(): return Sub()
def reads(): return LIMIT
LIMIT = 2
R = lib.make(Sub)
S = lib.make(Other, uses)
T = lib.make(reads)
print(LIMIT)
==>
class a:Base:2 run n; members
run a:LIMIT
run a:R
run a:S
run a:T
refuse MPDT001 a:13 a.py A statement that acts depends on what changed.
decorated anew a:Base.n
another value a:Base.n
another value a:LIMIT
another value a:R
another value a:S
another value a:T
added a:Base.n 4-4
changed a:LIMIT 9-9
re-run a:R 10-10
re-run a:S 11-11
re-run a:T 12-12
rehearse a:S
rehearse a:T
unless it calls a:<lambda> a:Base a:Base.<lambda> a:Base.n a:LIMIT a:R a:S a:Sub a:T a:reads a:uses
unless it hands on a:Base a:Sub
=== a base from elsewhere has another attribute
from b import Base
import lib
class Sub(Base): pass
R = lib.make(Sub)
print(Base.x)
--- b.py
class Base:
    x = 1
--->
from b import Base
import lib
class Sub(Base): pass
R = lib.make(Sub)
print(Base.x)
--- b.py
class Base:
    x = 2
==>
class b:Base:1 run x; fields; members
run a:R
refuse MPDT001 a:5 a.py A statement that acts depends on what changed.
another value a:R
another value b:Base.x
changed b:Base.x 2-2
re-run a:R 4-4
=== a kept instance, and a member of a class that is computed from it
class K:
    def __init__(self): self.v = 1
k = K()
class C:
    a = k.v
    b = [k]
    def m(self): return k
D = C.a
--->
class K:
    def __init__(self): self.v = 2
k = K()
class C:
    a = k.v
    b = [k]
    def m(self): return k
D = C.a
==>
class a:C:4 run a; fields; members
run a:D
refuse MPDT023 a:a:5 a.py It is computed from an object that is kept as it is, and would be made otherwise.
keep a:k
watch a:C
for a:C.<lambda> a:C.m
another value a:C.a
another value a:D
changed a:K.__init__ 2-2
re-run a:C.a 5-5
re-run a:D 8-8
rehearse a:k
unless it calls a:<lambda> a:C a:C.<lambda> a:C.a a:C.m a:D a:K.<lambda> a:K.__init__
unless it hands on a:C a:k
=== who makes instances gives one that is there
class Meta(type):
    def __call__(cls): return cls.one
class K(metaclass=Meta):
    def __init__(self): self.v = 1
class S:
    def __new__(cls): return cls.one
    def __init__(self): self.v = 1
k = K()
s = S()
X = [K().v, S().v]
--->
class Meta(type):
    def __call__(cls): return cls.one
class K(metaclass=Meta):
    def __init__(self): self.v = 2
class S:
    def __new__(cls): return cls.one
    def __init__(self): self.v = 2
k = K()
s = S()
X = [K().v, S().v]
==>
run a:X
refuse MPDT023 a:X:10 a.py It is computed from an object that is kept as it is, and would be made otherwise.
keep a:k
keep a:s
watch a:X
another value a:X
changed a:K.__init__ 4-4
changed a:S.__init__ 7-7
re-run a:X 10-10
=== statements of a class body that act differ, stand elsewhere, or go
import lib
class C:
    lib.note(1)
    a = 1
    lib.note(2)
--->
import lib
class C:
    a = 1
    lib.note(1)
    lib.note(3)
==>
class a:C:2 fields
refuse MPDT013 a:5 a.py A statement that acts, in the body of class C, differs.
decorated anew a:C.
moved a:C.a 3-3
added a:C 5-5
removed a:C 5-5
=== decorators of a class differ
@mark(1)
@other
class C:
    x = 1
@one
class D: pass
--->
@mark(2)
class C:
    x = 1
@two
class D: pass
==>
class a:C:1 marks
class a:D:4 marks
refuse MPDT010 a:C:1 a.py The decorators of class C differ.
refuse MPDT010 a:D:4 a.py The decorators of class D differ.
undecorate a:C:1 @mark @other
undecorate a:D:4 @one
decorated anew a:C
decorated anew a:D
=== bare strings and constants come
X = 1
--->
"said"
X = 1
5
"no docstring"
==>
run a:line 1 added
decorated anew a:
another value a:__doc__
added a 1-1
added a 3-3
added a 4-4
=== an overloaded definition, decorated, in a class
class C:
    @property
    def p(self): return 1
    @p.setter
    def p(self, v): pass
    def q(self): return 1
--->
class C:
    @property
    def p(self, x=1): return 1
    @p.setter
    def p(self, v): pass
    def q(self): return 1
==>
class a:C:1 run p[@property made again]; run p[@p.setter made again]; members
another value a:C.p
changed a:C.p 2-3
=== inner functions that are given back in displays
def make():
    def a(): return 1
    def b(): return 1
    return a, [b], {"k": a}
F = make()
--->
def make():
    def a(): return 2
    def b(): return 1
    return a, [b], {"k": a}
F = make()
==>
changed a:make 1-4
=== inner functions of which each is given back by a return of its own
def make(x):
    def a(): return 1
    def b(): return 1
    if x:
        return a
    return b
F = make(1)
--->
def make(x):
    def a(): return 2
    def b(): return 1
    if x:
        return a
    return b
F = make(1)
==>
changed a:make 1-6
=== an inner function that gets an attribute
def make():
    def a(): return 1
    a.label = "a"
    return a
F = make()
--->
def make():
    def a(): return 2
    a.label = "a"
    return a
F = make()
==>
changed a:make 1-4
=== an inner function that another inner one calls, later
def make():
    def a(): return 1
    def b(): return a()
    return b
F = make()
--->
def make():
    def a(): return 2
    def b(): return a()
    return b
F = make()
==>
changed a:make 1-4
=== an inner function that is called between others
def make():
    def a(): return 1
    v = a()
    def b(): return v
    return b
F = make()
--->
def make():
    def a(): return 2
    v = a()
    def b(): return v
    return b
F = make()
==>
run a:F
another value a:F
changed a:make 1-5
re-run a:F 6-6
=== an inner function that is the default of another
def make():
    def a(): return 1
    def b(x=a()): return x
    return b
F = make()
--->
def make():
    def a(): return 2
    def b(x=a()): return x
    return b
F = make()
==>
run a:F
another value a:F
changed a:make 1-4
re-run a:F 5-5
=== an inner function that decorates another
def make():
    def a(f): return f
    @a
    def b(): return 1
    return b
F = make()
--->
def make():
    def a(f): return 2
    @a
    def b(): return 1
    return b
F = make()
==>
run a:F
another value a:F
changed a:make 1-5
re-run a:F 6-6
=== inner functions that are reached by locals
def make():
    def a(): return 1
    return locals()
F = make()
--->
def make():
    def a(): return 2
    return locals()
F = make()
==>
run a:F
another value a:F
changed a:make 1-3
re-run a:F 4-4
=== inner functions that are reached by vars
def make():
    def a(): return 1
    return vars()["a"]()
F = make()
--->
def make():
    def a(): return 2
    return vars()["a"]()
F = make()
==>
run a:F
another value a:F
changed a:make 1-3
re-run a:F 4-4
=== inner functions that are reached by eval
def make():
    def a(): return 1
    return eval("a()")
F = make()
--->
def make():
    def a(): return 2
    return eval("a()")
F = make()
==>
run a:F
another value a:F
changed a:make 1-3
re-run a:F 4-4
=== inner functions that are reached by exec
def make():
    def a(): return 1
    exec("a()")
    return a
F = make()
--->
def make():
    def a(): return 2
    exec("a()")
    return a
F = make()
==>
run a:F
another value a:F
changed a:make 1-4
re-run a:F 5-5
=== only a method is described otherwise, of a class that is used
class C:
    def m(self):
        "One."
        return 1
    def n(self): return 2
X = C().n()
--->
class C:
    def m(self):
        "Two."
        return 1
    def n(self): return 2
X = C().n()
==>
class a:C:1 run m; members
another value a:C.m
changed a:C.m 2-4
=== only a method is described otherwise, of a decorated class that is used
def mark(c): return c
@mark
class C:
    def m(self):
        "One."
        return 1
    def n(self): return 2
X = C().n()
--->
def mark(c): return c
@mark
class C:
    def m(self):
        "Two."
        return 1
    def n(self): return 2
X = C().n()
==>
class a:C:2 run m; members
run a:X
another value a:C.m
another value a:X
changed a:C.m 4-6
re-run a:X 8-8
=== a method is described otherwise and another does other things
class C:
    def m(self):
        "One."
        return 1
    def n(self): return 2
X = C().n()
--->
class C:
    def m(self):
        "Two."
        return 1
    def n(self): return 3
X = C().n()
==>
class a:C:1 run m; members
run a:X
another value a:C.m
another value a:X
changed a:C.m 2-4
changed a:C.n 5-5
re-run a:X 6-6
=== a class and another statement are described otherwise
class C:
    def m(self):
        "One."
        return 1
X = C().n()
def f():
    "One."
--->
class C:
    def m(self):
        "Two."
        return 1
X = C().n()
def f():
    "Two."
==>
class a:C:1 run m; members
run a:f
another value a:C.m
changed a:C.m 2-4
changed a:f 6-7
=== a class is described otherwise, has another base, and is used
class A: pass
class B: pass
class C(A):
    def m(self):
        "One."
    def n(self): return 2
X = C().n()
Y = 1
--->
class A: pass
class B: pass
class C(B):
    def m(self):
        "Two."
    def n(self): return 2
X = C().n()
Y = 2
==>
class a:C:3 run m; header; members
run a:X
run a:Y
another value a:C.m
another value a:X
another value a:Y
changed a:C 3-6
changed a:C.m 4-5
changed a:Y 8-8
re-run a:X 7-7
=== a class is described otherwise, has another keyword, and is used
class C(A, key=1):
    def m(self):
        "One."
    def n(self): return 2
X = C().n()
Y = 1
--->
class C(A, key=2):
    def m(self):
        "Two."
    def n(self): return 2
X = C().n()
Y = 2
==>
class a:C:1 run m; members
run a:X
run a:Y
refuse MPDT005 a:C:1 a.py The keywords or type parameters of class C differ.
another value a:C.m
another value a:X
another value a:Y
changed a:C.m 2-3
changed a:Y 6-6
re-run a:X 5-5
=== a class is described otherwise, decorated, and used
def mark(c): return c
class C:
    def m(self):
        "One."
    def n(self): return 2
X = C().n()
Y = 1
--->
def mark(c): return c
@mark
class C:
    def m(self):
        "Two."
    def n(self): return 2
X = C().n()
Y = 2
==>
class a:C:2 run m; members; marks
run a:X
run a:Y
decorated anew a:C
another value a:C.m
another value a:X
another value a:Y
changed a:C.m 4-5
changed a:Y 8-8
re-run a:X 7-7
=== nothing in a class differs but a comment in it
class C:
    def m(self):
        # one
        return 1
    x = 1
--->
class C:
    def m(self):
        # two
        return 1
    x = 1
==>
=== an item that is stored and then called
D = {}
def impl(): return 1
D["c"] = impl
X = str(D["c"]())
--->
D = {}
def impl(): return 2
D["c"] = impl
X = str(D["c"]())
==>
run a:X
another value a:X
changed a:impl 2-2
re-run a:X 4-4
=== what it is made of changes, and it was imported before
--- pkg/__init__.py
from .a import f
N = 1
a = N + 1
--- pkg/a.py
def f(): return 1
--->
--- pkg/__init__.py
from .a import f
N = 2
a = N + 1
==>
run pkg:N
run pkg:a
another value pkg:N
another value pkg:a
changed pkg:N 2-2
re-run pkg:a 3-3
=== what acts stands elsewhere
LOG = []
class C:
    x = 1
    LOG.append("a")
    LOG.append("b")
--->
LOG = []
class C:
    x = 1
    LOG.append("b")
    LOG.append("a")
==>
refuse MPDT011 a:4 a.py A statement that acts, in the body of class C, stands elsewhere.
moved a:C 4-4
=== the lists of another table
TABLES = [[], []]
class C:
    for table in TABLES:
        table.append(1)
--->
TABLES = [[], []]
class C:
    for table in TABLES:
        table.append(2)
==>
refuse MPDT013 a:table:3 a.py Class C has added to an object that its body had not made.
changed a:C.table 3-4
=== a file goes, and with it a class that __subclasses__() lists
import base
import b
def g(): return [c.__name__ for c in base.B.__subclasses__()]
--- base.py
class B: pass
--- b.py
from base import B
class C(B): pass
--->
import base
def g(): return [c.__name__ for c in base.B.__subclasses__()]
==>
delete a:b
refuse MPDT009 b:C:2 b.py Class C goes, and B.__subclasses__() would list it for a while.
unload b
another value a:b
removed a:b 2-2
=== a default's instance would be made otherwise
class S:
    def __init__(self): self.v = 1
def f(s=S()): return s.v
--->
class S:
    def __init__(self): self.v = 2
def f(s=S()): return s.v
==>
run a:f
changed a:S.__init__ 2-2
re-run a:f 3-3
=== typed dicts of another module inherit keys
from b import B
class H(B):
    c: str
--- b.py
from typing import TypedDict
class B(TypedDict):
    a: int
--->
--- b.py
from typing import TypedDict
class B(TypedDict):
    a: int
    b: int
==>
class b:B:2 run line 4; fields; members
class a:H:2 fields; members
decorated anew b:B.
another value a:H.__annotations__
another value a:H.__match_args__
another value a:H.__mutable_keys__
another value a:H.__optional_keys__
another value a:H.__readonly_keys__
another value a:H.__required_keys__
another value a:H.__total__
another value a:H._field_defaults
another value a:H._fields
another value b:B.__annotations__
another value b:B.__match_args__
another value b:B.__mutable_keys__
another value b:B.__optional_keys__
another value b:B.__readonly_keys__
another value b:B.__required_keys__
another value b:B.__total__
another value b:B._field_defaults
another value b:B._fields
added b:B.b 4-4
=== a function that sets a name of its module is no longer called
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
==>
run a:X
gone a:X bump()
another value a:X
changed a:X 6-6
=== a constant becomes a module that is there and loaded, by deletion
--- p/__init__.py
from .c import X
c = 5
--- p/c.py
X = 1
--->
--- p/__init__.py
from .c import X
==>
refuse MPDT011 p:c:2 __init__.py It bound the name of module p.c, which is that module's again.
another value p:c
removed p:c 2-2
=== a class's decorator adds to two lists
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
==>
refuse MPDT010 a:C:4 a.py @deco has called a method of class C, which changes.
changed a:C.__add__ 6-6
=== a decorator of a method, in a class body
def build(f): return "!" + f.__name__
class P:
    def command(f):
        f.path = build(f)
        return f
    @command
    def ping(self): return 1
--->
def build(f): return "?" + f.__name__
class P:
    def command(f):
        f.path = build(f)
        return f
    @command
    def ping(self): return 1
==>
class a:P:2 run ping[@command made again]; members
another value a:P.ping
changed a:build 1-1
re-run a:P.ping 6-7
=== a constant in a section, where an instance of it is the default
from pydantic import BaseModel
LIMIT = 1
class C(BaseModel):
    class S(BaseModel):
        x: int = LIMIT
    s: S = S()
--->
from pydantic import BaseModel
LIMIT = 2
class C(BaseModel):
    class S(BaseModel):
        x: int = LIMIT
    s: S = S()
==>
run a:LIMIT
class a:C:3 run s; fields; members
class a:C.S:4 run x; fields; members
another value a:C.S.x
another value a:C.s
another value a:LIMIT
changed a:LIMIT 2-2
re-run a:C.S.x 5-5
re-run a:C.s 6-6
=== a class comes before others that __subclasses__() lists
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
--->
import base
import b
import c
ALL = ",".join(x.__name__ for x in base.Base.__subclasses__())
--- base.py
class Base: pass
--- b.py
from base import Base
class B(Base): pass
class B2(Base): pass
--- c.py
from base import Base
class C(Base): pass
==>
run b:B2 added
run a:ALL
refuse MPDT011 b:B2:3 b.py Class B2 comes before others that __subclasses__() lists already.
decorated anew b:B2
another value a:ALL
another value b:B2
added b:B2 3-3
re-run a:ALL 4-4
rehearse a:ALL
unless it calls a:<lambda> a:ALL b:<lambda> b:B2
=== a function's line
def f(): ...
X = f.__code__.co_firstlineno
--->
# moved
def f(): ...
X = f.__code__.co_firstlineno
==>
run a:X
another value a:X
re-run a:X 3-3
=== enum aliases moved
import enum
class E(enum.Enum):
    A = 1
    B = 1
--->
import enum
class E(enum.Enum):
    B = 1
    A = 1
==>
class a:E:2 fields
another value a:E.A
moved a:E.B 3-3
=== a list of a class, filled as the program ran
class C:
    names = []
    n = len(names)
--->
class C:
    names = []
    n = len(names) + 1
==>
class a:C:1 run n; fields; members
another value a:C.n
changed a:C.n 3-3
=== a NamedTuple's method
import typing
class P(typing.NamedTuple):
    x: int = 1
    def m(self): return 1
p = P()
--->
import typing
class P(typing.NamedTuple):
    x: int = 1
    def m(self): return 2
p = P()
==>
keep a:p
changed a:P.m 4-4
=== it comes below what only its calls need
from json import dumps, loads
def f(): return dumps(1)
--->
def f(): return dumps(1)
from json import loads, dumps
==>
run a:loads, dumps added
decorated anew a:
added a:loads, dumps 2-2
removed a:dumps, loads 1-1
=== class member between edited
class C:
    x = 1
    y = x
    x = 2
--->
class C:
    x = 1
    y = x + 1
    x = 2
==>
class a:C:1 run x; run y; run x; fields; members
another value a:C.x
another value a:C.y
changed a:C.y 3-3
re-run a:C.x 2-2
re-run a:C.x 4-4
=== a class attribute from a registry
fs = []
def reg(f):
    fs.append(f)
    return f
@reg
def one(): return 1
class C:
    x = str([f() for f in fs])
--->
fs = []
def reg(f):
    fs.append(f)
    return f
@reg
def one(): return 2
class C:
    x = str([f() for f in fs])
==>
class a:C:7 run x; fields; members
another value a:C.x
changed a:one 5-6
=== a function imports a name
def helper():
    from config import LIMIT
    return LIMIT
X = helper()
--- config.py
LIMIT = 1
--->
--- config.py
LIMIT = 2
==>
run config:LIMIT
run a:X
another value a:X
another value config:LIMIT
changed config:LIMIT 1-1
re-run a:X 4-4
=== a function's decorator with an argument sets another attribute
def label(text):
    def mark(f):
        f.text = text
        return f
    return mark
@label("a")
def f(): ...
--->
def label(text):
    def mark(f):
        f.other = text
        return f
    return mark
@label("a")
def f(): ...
==>
run a:f [@label made again differing]
decorated differently a:f
changed a:label 1-5
re-run a:f 6-7
=== a name made at run time, used in a class body
def impl(): return 1
KEY = "run"
globals()[KEY] = impl
class C:
    x = run()
--->
def impl(): return 2
KEY = "run"
globals()[KEY] = impl
class C:
    x = run()
==>
class a:C:4 run x; fields; members
refuse MPDT001 a:3 a.py A statement that acts depends on what changed.
another value a:C.x
changed a:impl 1-1
re-run a:C.x 5-5
=== a table of decorators that is filled later
def build(f): return "!" + f.__name__
D = {}
def command(f):
    f.path = build(f)
    return f
D["c"] = command
@D["c"]
def ping(): return 1
--->
def build(f): return "?" + f.__name__
D = {}
def command(f):
    f.path = build(f)
    return f
D["c"] = command
@D["c"]
def ping(): return 1
==>
run a:ping [@ made again differing]
decorated differently a:ping
changed a:build 1-1
re-run a:ping 7-8
=== a star whose module has an empty __all__ takes nothing away that another brought
import pkg
--- pkg/__init__.py
from .middle import *
from .top import *
--- pkg/middle.py
import json
__all__ = []
x = 6
--- pkg/top.py
import json
t = 1
--->
--- pkg/middle.py
import json
__all__ = []
x = 6
y = {}
==>
run pkg.middle:y added
run pkg:line 1 all of pkg.middle
decorated anew pkg.middle:
another value pkg.middle:y
added pkg.middle:y 4-4
re-run pkg 1-1
=== the wrapper is used by the class that it stands in
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
==>
class a:C:5 run v; fields; members
another value a:C.v
changed a:helper 1-1
re-run a:C.v 8-8
=== a package's name is that of a module, which is imported later
--- pkg/__init__.py
def b(): return 1
from .a import f
--- pkg/a.py
def f(): return 1
--->
--- pkg/__init__.py
def a(): return 1
from .a import f
==>
run pkg:a added
delete pkg:b
refuse MPDT011 pkg:a:1 __init__.py It binds the name of module pkg.a, which may be imported after it.
decorated anew pkg:a
another value pkg:a
another value pkg:b
added pkg:a 1-1
removed pkg:b 1-1
=== enum generate next value helper
import enum
def value(n): return n + "1"
class Base(enum.Enum):
    def _generate_next_value_(name, start, count, last): return value(name)
class E(Base):
    A = enum.auto()
X = E.A.value
--->
import enum
def value(n): return n + "2"
class Base(enum.Enum):
    def _generate_next_value_(name, start, count, last): return value(name)
class E(Base):
    A = enum.auto()
X = E.A.value
==>
class a:Base:3 fields
class a:E:5 fields
run a:X
another value a:X
changed a:value 2-2
re-run a:X 7-7
=== a decorator argument from a registry
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
--->
fs = []
def reg(f):
    fs.append(f)
    return f
@reg
def one(): return 2
def tag(n):
    def deco(f):
        f.tag = n
        return f
    return deco
@tag(fs[0]())
def two(): return 2
==>
refuse MPDT001 a:two:12 a.py A statement that acts goes through what holds something that changed.
changed a:one 5-6
=== a star brings a new name, and one that is made anew
from b import *
use = pat
--- b.py
con = 1
pat = {"b": con}
--->
--- b.py
other = 2
pat = {"b": other}
==>
run b:other added
run b:pat
run a:line 1 all of b
run a:use
delete b:con
delete a:con
decorated anew b:
another value a:con
another value a:other
another value a:pat
another value a:use
another value b:con
another value b:other
another value b:pat
added b:other 1-1
changed b:pat 2-2
removed b:con 1-1
re-run a:use 2-2
=== names that are bound from parts of each other
class Node:
    def __init__(self): self.child = self
    def go(self): return 1
left = Node()
right = left.child
left = right.child if left else right.child.child
def use(): return left.child.go() + right.child.go()
RESULT = use()
--->
class Node:
    def __init__(self): self.child = self
    def go(self): return 2
left = Node()
right = left.child
left = right.child if left else right.child.child
def use(): return left.child.go() + right.child.go()
RESULT = use()
==>
run a:left
run a:right
run a:left
run a:RESULT
another value a:RESULT
another value a:left
another value a:right
changed a:Node.go 3-3
re-run a:right 5-5
re-run a:left 6-6
re-run a:RESULT 8-8
=== a property of lambdas
class C:
    p = property(lambda self: 1)
--->
class C:
    p = property(lambda self: 2)
==>
class a:C:1 run p; fields; members
another value a:C.p
changed a:C.p 2-2
re-run a:C.p 2-2
=== dataclass docstring removed and added
import dataclasses
@dataclasses.dataclass
class C:
    "One."
    a: int = 1
D = C.__doc__
--->
import dataclasses
@dataclasses.dataclass
class C:
    a: int = 1
D = C.__doc__
==>
class a:C:2 delete __doc__; fields; members
run a:D
another value a:C.__doc__
another value a:D
removed a:C 4-4
re-run a:D 5-5
=== what fills a list stands elsewhere
class C:
    names = []
    names.append("a")
    names.append("b")
--->
class C:
    names = []
    names.append("b")
    names.append("a")
==>
class a:C:1 run names; run line 3; run line 4; members
another value a:C.names
moved a:C 3-3
re-run a:C 3-3
re-run a:C 4-4
=== a docstring of a class
class C: ...
--->
class C:
    '''The class.'''
==>
class a:C:1 run line 2
decorated anew a:C.
another value a:C.__doc__
added a:C 2-2
removed a:C 1-1
=== exports labelled, a constant beside them
__version__ = "1"
__all__ = ["C"]
class C: ...
for name in __all__:
    setattr(globals()[name], "__module__", "b")
--->
__version__ = "2"
__all__ = ["C"]
class C: ...
for name in __all__:
    setattr(globals()[name], "__module__", "b")
==>
run a:__version__
run a:name
another value a:__version__
another value a:name
changed a:__version__ 1-1
re-run a:name 4-5
=== the same name of another package of the plugin's own
--- pkg/__init__.py
from .one import g, f
X = f()
from . import two
--- pkg/one.py
def f(): return 1
def g(): return 1
--- pkg/two.py
def f(): return 2
--->
--- pkg/__init__.py
from .two import f
from .one import g
X = f()
from . import two
==>
run pkg:f added
run pkg:g
run pkg:X
decorated anew pkg:
another value pkg:X
another value pkg:f
added pkg:f 1-1
changed pkg:g 2-2
re-run pkg:X 3-3
=== a descriptor calls what it is given
class Eager:
    def __init__(self, f): self.value = f(None)
    def __get__(self, one, cls): return self.value
class C:
    @Eager
    def get(self): return 1
--->
class Eager:
    def __init__(self, f): self.value = f(None)
    def __get__(self, one, cls): return self.value
class C:
    @Eager
    def get(self): return 2
==>
class a:C:4 run get[@Eager made again differing]; members
decorated differently a:C.get
another value a:C.get
changed a:C.get 5-6
re-run a:C.get 5-6
=== another loop that acts has the same name
KEYS = "ab"
class C:
    names = []
    for text in KEYS:
        names.append(text)
    for text in "x":
        print(text)
--->
KEYS = "abc"
class C:
    names = []
    for text in KEYS:
        names.append(text)
    for text in "x":
        print(text)
==>
run a:KEYS
class a:C:2 run names; run text; run text; fields; members
refuse MPDT013 a:text:6 a.py A statement that acts, in the body of class C, depends on what changed.
another value a:C.names
another value a:C.text
another value a:KEYS
changed a:KEYS 1-1
re-run a:C.text 4-5
re-run a:C.names 3-3
=== it takes a name that the package binds further down
--- p/__init__.py
from .c import X
d = 3
def g(): return d
--- p/c.py
X = 1
--->
--- p/c.py
X = 1
import p.d
--- p/d.py
K = 1
==>
run p.c:p added
refuse MPDT011 p:d:2 __init__.py It binds the name of module p.d, which may be imported after it.
decorated anew p.c:
another value p.c:p
added p.c:p 2-2
=== a function becomes a module, for all others
import p
from p import b
from p.c import X
--- p/__init__.py
def b(): return 1
--- p/c.py
X = 1
--->
import p
from p import b
from p.c import X
Y = b.Z
--- p/__init__.py
--- p/b.py
from .c import X
Z = X
--- p/c.py
X = 2
==>
run p.c:X
run a:X
run a:Y added
refuse MPDT011 p:b:1 __init__.py It bound the name of module p.b, which is that module's again.
decorated anew a:
another value a:X
another value a:Y
another value p:b
another value p.c:X
added a:Y 4-4
removed p:b 1-1
changed p.c:X 1-1
re-run a:X 3-3
=== it looks for what comes further down, by sys.modules
def f(): return 1
--->
import b
def f(): return 1
--- b.py
import sys
Y = hasattr(sys.modules["a"], "f")
==>
run a:b added
refuse MPDT011 b:Y:2 b.py It goes through the names of a module, and a fresh process would not have bound all of them.
decorated anew a:
another value a:b
added a:b 1-1
=== it goes the other way round, and reads at once
X = 1
--->
import b
X = 2
--- b.py
import a
Z = getattr(a, "X", 0)
==>
run a:b added
run a:X
refuse MPDT011 b:a:1 b.py The import of a from a, which is half-way through its own import, may fail.
decorated anew a:
another value a:X
another value a:b
added a:b 1-1
changed a:X 2-2
=== it goes the other way round, for functions only
X = 1
--->
import b
X = 2
Y = 3
--- b.py
import a
def f(): return a.X + a.Y
==>
run a:b added
run a:X
run a:Y added
decorated anew a:
another value a:X
another value a:Y
another value a:b
added a:b 1-1
changed a:X 2-2
added a:Y 3-3
"""


@pytest.mark.parametrize("case", cases(PLANS))
def test_the_plan_of_an_edit(case: Case) -> None:
    assert planned(case) == list(case.plan)
