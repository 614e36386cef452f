"""A name that a function mentions need not matter for what the function does: what is only annotated, checked for,
or kept in a list. Each way is patched in place beside its opposite, where the name does matter."""

from __future__ import annotations

import pytest

from tests.engine.edits import Row, check, table
from tests.harness import Workspace

ANNOTATIONS = """
=== an inner function's annotation, which PEP 563 leaves unread | keep=a:get
from __future__ import annotations
SEEN = []
class App:
    def run(self): return 1
def setup(f):
    def wrapper(self: App) -> App:
        return f(self)
    SEEN.append(f.__name__)
    return wrapper
@setup
def get(self): return self.run()
--->
from __future__ import annotations
SEEN = []
class App:
    def run(self): return 2
def setup(f):
    def wrapper(self: App) -> App:
        return f(self)
    SEEN.append(f.__name__)
    return wrapper
@setup
def get(self): return self.run()
>>> get(App()) == 2
>>> SEEN == ["get"]
=== an inner function's annotation that is evaluated
def inner():
    def read(x: LIMIT): return x
    return read.__annotations__["x"]
LIMIT = 1
X = inner()
--->
def inner():
    def read(x: LIMIT): return x
    return read.__annotations__["x"]
LIMIT = 2
X = inner()
>>> X == 2
=== a local variable's annotation, which is never evaluated
LIMIT = 1
RUNS = []
def read():
    x: LIMIT = 3
    RUNS.append(x)
    return x
read()
--->
LIMIT = 2
RUNS = []
def read():
    x: LIMIT = 3
    RUNS.append(x)
    return x
read()
>>> RUNS == [3]
=== an annotation in the body of a class in a function, which is evaluated
LIMIT = 1
def make():
    class Inner:
        x: LIMIT = 3
    return Inner.__annotations__["x"]
X = make()
--->
LIMIT = 2
def make():
    class Inner:
        x: LIMIT = 3
    return Inner.__annotations__["x"]
X = make()
>>> X == 2
=== a name that a class in a function binds too
LIMIT = 1
def make():
    class Inner:
        LIMIT = 3
    return LIMIT
X = make()
--->
LIMIT = 2
def make():
    class Inner:
        LIMIT = 3
    return LIMIT
X = make()
>>> X == 2
=== the annotation of a variable that an acting statement fills
class Base:
    def show(self): return 1
known: dict[int, type[Base]] = {}
def fill():
    known[1] = None
fill()
--->
class Base:
    def show(self): return 2
known: dict[int, type[Base]] = {}
def fill():
    known[1] = None
fill()
>>> Base().show() == 2
=== a value beside an annotation that an acting statement reads | must=structural code=MPDT001
class Base:
    def show(self): return 1
known: Base = Base()
OUT = []
def fill():
    OUT.append(known.show())
fill()
--->
class Base:
    def show(self): return 2
known: Base = Base()
OUT = []
def fill():
    OUT.append(known.show())
fill()
"""

CHECKS = """
=== a function that acts on import checks for a class whose method is edited
import b
from b import Error
class Missing(Error): code = 404
KNOWN = {}
def find():
    for one in list(globals().values()):
        try:
            if issubclass(one, Error) and one is not Error:
                KNOWN[one.code] = one
        except TypeError:
            pass
find()
--- b.py
class Error(Exception):
    def text(self): return 1
--->
--- b.py
class Error(Exception):
    def text(self): return 2
>>> Error().text() == 2
>>> KNOWN == {404: Missing}
=== it calls a method of the class beside | must=structural code=MPDT001
class Error(Exception):
    def text(self): return 1
KNOWN = []
def find(one):
    if isinstance(one, Error):
        KNOWN.append(Error.text(one))
find(Error())
--->
class Error(Exception):
    def text(self): return 2
KNOWN = []
def find(one):
    if isinstance(one, Error):
        KNOWN.append(Error.text(one))
find(Error())
=== the class answers by itself who belongs to it | must=structural code=MPDT001
class Meta(type):
    def __instancecheck__(cls, one): return one == 1
class Odd(metaclass=Meta): pass
FOUND = []
def find(one):
    if isinstance(one, Odd): FOUND.append(one)
find(1)
find(2)
--->
class Meta(type):
    def __instancecheck__(cls, one): return one == 2
class Odd(metaclass=Meta): pass
FOUND = []
def find(one):
    if isinstance(one, Odd): FOUND.append(one)
find(1)
find(2)
=== a base answers who belongs to it | must=structural code=MPDT001
import abc
class Sized(abc.ABC):
    @classmethod
    def __subclasshook__(cls, other): return other is int
class Big(Sized): pass
FOUND = []
def find(one):
    if isinstance(one, Sized): FOUND.append(one)
find(1)
find("")
--->
import abc
class Sized(abc.ABC):
    @classmethod
    def __subclasshook__(cls, other): return other is str
class Big(Sized): pass
FOUND = []
def find(one):
    if isinstance(one, Sized): FOUND.append(one)
find(1)
find("")
=== a protocol asks for another method | must=structural
import typing
@typing.runtime_checkable
class Goes(typing.Protocol):
    def go(self): ...
class Car:
    def go(self): return 1
FOUND = []
def find(one):
    if isinstance(one, Goes): FOUND.append(one)
find(Car())
--->
import typing
@typing.runtime_checkable
class Goes(typing.Protocol):
    def go(self): ...
    def stop(self): ...
class Car:
    def go(self): return 1
FOUND = []
def find(one):
    if isinstance(one, Goes): FOUND.append(one)
find(Car())
=== a class has another base | must=structural code=MPDT001
class Error(Exception): pass
class Other(Exception): pass
class Missing(Error): pass
FOUND = []
def find(one):
    if issubclass(one, Error): FOUND.append(one)
find(Missing)
--->
class Error(Exception): pass
class Other(Exception): pass
class Missing(Other): pass
FOUND = []
def find(one):
    if issubclass(one, Error): FOUND.append(one)
find(Missing)
=== isinstance is the module's own | must=structural code=MPDT001
class Error(Exception):
    def text(self): return 1
FOUND = []
def isinstance(one, cls): return cls.text(one)
def find(one):
    FOUND.append(isinstance(one, Error))
find(Error())
--->
class Error(Exception):
    def text(self): return 2
FOUND = []
def isinstance(one, cls): return cls.text(one)
def find(one):
    FOUND.append(isinstance(one, Error))
find(Error())
=== the name that is checked for is another class now | must=structural code=MPDT001
class A(Exception): pass
class B(Exception): pass
Wanted = A
FOUND = []
def find():
    try:
        raise B
    except Wanted:
        FOUND.append(1)
    except Exception:
        FOUND.append(2)
find()
--->
class A(Exception): pass
class B(Exception): pass
Wanted = B
FOUND = []
def find():
    try:
        raise B
    except Wanted:
        FOUND.append(1)
    except Exception:
        FOUND.append(2)
find()
"""

DISPLAYS = """
=== a copy of a list whose items are kept
class Shown:
    def __init__(self, n=1): self.n = n
    def show(self): return 1
def helper(): return 1
class Tool:
    def __init__(self): self.n = helper()
tool = Tool()
LIST = [Shown(), Shown(2)]
class Config:
    items = LIST[:]
--->
class Shown:
    def __init__(self, n=1): self.n = n
    def show(self): return 2
def helper(): return 2
class Tool:
    def __init__(self): self.n = helper()
tool = Tool()
LIST = [Shown(), Shown(2)]
class Config:
    items = LIST[:]
>>> Config.items[0].show() == 2
>>> Config.items == LIST
=== a copy of what a class of ours gives
class Many:
    def __getitem__(self, place): return [1]
MANY = Many()
class Config:
    items = MANY[:]
--->
class Many:
    def __getitem__(self, place): return [2]
MANY = Many()
class Config:
    items = MANY[:]
>>> Config.items == [2]
=== a copy of a list that is made again
def two(): return 2
LIST = [two(), 1]
COPY = LIST[:]
--->
def two(): return 3
LIST = [two(), 1]
COPY = LIST[:]
>>> COPY == [3, 1]
=== one of two names for what a call gives
def pair(): return [1], [2]
[LEFT, RIGHT] = pair()
COPY = LEFT[:]
--->
def pair(): return [3], [2]
[LEFT, RIGHT] = pair()
COPY = LEFT[:]
>>> COPY == [3]
"""

ATTRIBUTES_OF_CLASSES = """
=== a text of a class, of which a method is edited
import re
class Version:
    TEXT = "a+"
    def parse(self): return 1
RULE = re.compile(Version.TEXT)
KEPT = Version()
class Holder:
    def __init__(self): self.version = Version().parse()
holder = Holder()
--->
import re
class Version:
    TEXT = "a+"
    def parse(self): return 2
RULE = re.compile(Version.TEXT)
KEPT = Version()
class Holder:
    def __init__(self): self.version = Version().parse()
holder = Holder()
>>> KEPT.parse() == 2
=== an attribute that is computed from another of the class
class Version:
    A = 1
    B = A + 1
def read(n): return n
X = read(Version.B)
--->
class Version:
    A = 2
    B = A + 1
def read(n): return n
X = read(Version.B)
>>> X == 3
=== an attribute that is an object of ours
class Tool:
    def show(self): return 1
class Version:
    TOOL = Tool()
    def other(self): return 1
def read(tool): return tool.show()
X = read(Version.TOOL)
--->
class Tool:
    def show(self): return 2
class Version:
    TOOL = Tool()
    def other(self): return 1
def read(tool): return tool.show()
X = read(Version.TOOL)
>>> X == 2
=== an attribute that a base's hook makes something of | must=truth
class Base:
    def __init_subclass__(cls): cls.TEXT = cls.TEXT + cls.more(cls)
    def more(self): return "1"
class Version(Base):
    TEXT = "a"
def read(text): return text
X = read(Version.TEXT)
--->
class Base:
    def __init_subclass__(cls): cls.TEXT = cls.TEXT + cls.more(cls)
    def more(self): return "2"
class Version(Base):
    TEXT = "a"
def read(text): return text
X = read(Version.TEXT)
=== an attribute that a decorator makes something of | must=truth
def marked(cls):
    cls.TEXT = cls.TEXT + cls().more()
    return cls
@marked
class Version:
    TEXT = "a"
    def more(self): return "1"
def read(text): return text
X = read(Version.TEXT)
--->
def marked(cls):
    cls.TEXT = cls.TEXT + cls().more()
    return cls
@marked
class Version:
    TEXT = "a"
    def more(self): return "2"
def read(text): return text
X = read(Version.TEXT)
=== a member of an Enum, of which a method is edited
import enum
class Color(enum.Enum):
    RED = 1
    def show(self): return "r"
def read(color): return color.show()
X = read(Color.RED)
--->
import enum
class Color(enum.Enum):
    RED = 1
    def show(self): return "R"
def read(color): return color.show()
X = read(Color.RED)
>>> X == "R"
=== an attribute that is set from outside | must=truth
class Tool:
    def show(self): return 1
class Version:
    TOOL = None
Version.TOOL = Tool()
def read(tool): return tool.show()
X = read(Version.TOOL)
--->
class Tool:
    def show(self): return 2
class Version:
    TOOL = None
Version.TOOL = Tool()
def read(tool): return tool.show()
X = read(Version.TOOL)
=== an attribute that is inherited from a class with a hook of attributes | must=truth
class Meta(type):
    def __getattribute__(cls, name):
        return 1 if name == "TEXT" else super().__getattribute__(name)
class Version(metaclass=Meta):
    TEXT = 0
def read(text): return text
X = read(Version.TEXT)
--->
class Meta(type):
    def __getattribute__(cls, name):
        return 2 if name == "TEXT" else super().__getattribute__(name)
class Version(metaclass=Meta):
    TEXT = 0
def read(text): return text
X = read(Version.TEXT)
"""

WRAPPERS = """
=== a wrapper uses a helper that is edited | keep=a:f
def helper(): return 1

import functools
SEEN = []
def deco(f):
    SEEN.append(f)
    @functools.wraps(f)
    def wrapper(*args):
        return helper() + f(*args)
    return wrapper
@deco
def f(): return 7
--->
def helper(): return 2

import functools
SEEN = []
def deco(f):
    SEEN.append(f)
    @functools.wraps(f)
    def wrapper(*args):
        return helper() + f(*args)
    return wrapper
@deco
def f(): return 7
>>> f() == 9
>>> len(SEEN) == 1
=== a wrapper of a decorator with arguments | keep=a:f
def helper(): return 1

SEEN = []
def deco(n):
    def inner(f):
        SEEN.append(f)
        def wrapper(*args):
            return helper() + n
        return wrapper
    return inner
@deco(5)
def f(): return 7
--->
def helper(): return 2

SEEN = []
def deco(n):
    def inner(f):
        SEEN.append(f)
        def wrapper(*args):
            return helper() + n
        return wrapper
    return inner
@deco(5)
def f(): return 7
>>> f() == 7
>>> len(SEEN) == 1
=== what a decorator with arguments gives calls a helper | must=truth
def helper(): return 1

def deco(n):
    def inner(f):
        f.mark = helper() + n
        return f
    return inner
@deco(5)
def f(): return 7
--->
def helper(): return 2

def deco(n):
    def inner(f):
        f.mark = helper() + n
        return f
    return inner
@deco(5)
def f(): return 7
>>> f.mark == 7
=== the wrapper is called at once | must=truth
def helper(): return 1

def deco(f):
    def wrapper(*args):
        return helper()
    f.mark = wrapper()
    return f
@deco
def f(): return 7
--->
def helper(): return 2

def deco(f):
    def wrapper(*args):
        return helper()
    f.mark = wrapper()
    return f
@deco
def f(): return 7
>>> f.mark == 2
=== the wrapper is handed to a function that calls it | must=truth
def helper(): return 1

OUT = []
def note(f): OUT.append(f())
def deco(f):
    def wrapper(*args):
        return helper()
    note(wrapper)
    return wrapper
@deco
def f(): return 7
--->
def helper(): return 2

OUT = []
def note(f): OUT.append(f())
def deco(f):
    def wrapper(*args):
        return helper()
    note(wrapper)
    return wrapper
@deco
def f(): return 7
=== the wrapper is kept under another name, and called | must=truth
def helper(): return 1

def deco(f):
    def wrapper(*args):
        return helper()
    other = wrapper
    f.mark = other()
    return f
@deco
def f(): return 7
--->
def helper(): return 2

def deco(f):
    def wrapper(*args):
        return helper()
    other = wrapper
    f.mark = other()
    return f
@deco
def f(): return 7
>>> f.mark == 2
=== another function in the decorator calls the wrapper | must=truth
def helper(): return 1

def deco(f):
    def wrapper(*args):
        return helper()
    def again():
        return wrapper()
    f.mark = again()
    return f
@deco
def f(): return 7
--->
def helper(): return 2

def deco(f):
    def wrapper(*args):
        return helper()
    def again():
        return wrapper()
    f.mark = again()
    return f
@deco
def f(): return 7
>>> f.mark == 2
=== a decorator of the wrapper calls it | must=truth
def helper(): return 1

def eager(f):
    f.mark = f()
    return f
def deco(f):
    @eager
    def wrapper(*args):
        return helper()
    return wrapper
@deco
def f(): return 7
--->
def helper(): return 2

def eager(f):
    f.mark = f()
    return f
def deco(f):
    @eager
    def wrapper(*args):
        return helper()
    return wrapper
@deco
def f(): return 7
>>> f.mark == 2
=== a lambda that is called at once | must=truth
def helper(): return 1

def deco(f):
    f.mark = (lambda: helper())()
    return f
@deco
def f(): return 7
--->
def helper(): return 2

def deco(f):
    f.mark = (lambda: helper())()
    return f
@deco
def f(): return 7
>>> f.mark == 2
=== a wrapper is a default of another, which is called | must=truth
def helper(): return 1

def deco(f):
    def wrapper(*args):
        return helper()
    def again(call=wrapper):
        return call()
    f.mark = again()
    return f
@deco
def f(): return 7
--->
def helper(): return 2

def deco(f):
    def wrapper(*args):
        return helper()
    def again(call=wrapper):
        return call()
    f.mark = again()
    return f
@deco
def f(): return 7
>>> f.mark == 2
"""


@pytest.mark.parametrize("row", table(WRAPPERS))
def test_what_only_a_wrapper_uses(ws: Workspace, row: Row) -> None:
    check(ws, row)


@pytest.mark.parametrize("row", table(ANNOTATIONS))
def test_what_is_only_annotated(ws: Workspace, row: Row) -> None:
    check(ws, row)


@pytest.mark.parametrize("row", table(CHECKS))
def test_what_is_only_checked_for(ws: Workspace, row: Row) -> None:
    check(ws, row)


@pytest.mark.parametrize("row", table(DISPLAYS))
def test_what_is_only_held(ws: Workspace, row: Row) -> None:
    check(ws, row)


@pytest.mark.parametrize("row", table(ATTRIBUTES_OF_CLASSES))
def test_one_attribute_of_a_class(ws: Workspace, row: Row) -> None:
    check(ws, row)
