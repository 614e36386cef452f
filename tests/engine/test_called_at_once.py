"""What calls a definition at once, while it is made: decorator, base's hook, metaclass. New code is not enough."""

from __future__ import annotations

import pytest

from tests.engine.edits import Row, check, table
from tests.harness import Workspace

ROWS = """
=== a decorator that calls what it decorates | must=structural
def marked(f):
    f.result = f()
    return f
@marked
def g(): return 1
--->
def marked(f):
    f.result = f()
    return f
@marked
def g(): return 2
=== a decorator that calls what it decorates, and keeps it elsewhere | must=structural
OUT = []
def marked(f):
    OUT.append(f())
    return f
@marked
def g(): return 1
--->
OUT = []
def marked(f):
    OUT.append(f())
    return f
@marked
def g(): return 2
=== a decorator that calls a helper of what it decorates | must=structural
def helper(): return 1
def marked(f):
    f.result = f()
    return f
@marked
def g(): return helper()
--->
def helper(): return 2
def marked(f):
    f.result = f()
    return f
@marked
def g(): return helper()
=== a class's decorator calls a method of it, that calls a helper | must=structural
def helper(): return 1
def marked(cls):
    cls.result = cls().more()
    return cls
@marked
class C:
    def more(self): return helper()
--->
def helper(): return 2
def marked(cls):
    cls.result = cls().more()
    return cls
@marked
class C:
    def more(self): return helper()
=== a class's decorator reads an attribute | must=structural
def marked(cls):
    cls.result = cls.n + 1
    return cls
@marked
class C:
    n = 1
--->
def marked(cls):
    cls.result = cls.n + 1
    return cls
@marked
class C:
    n = 2
=== a hook of a base reads an attribute | must=structural
class Base:
    def __init_subclass__(cls): cls.m = cls.n + 1
class C(Base):
    n = 1
--->
class Base:
    def __init_subclass__(cls): cls.m = cls.n + 1
class C(Base):
    n = 2
=== a hook of a base calls a class method of the class | must=structural
class Base:
    def __init_subclass__(cls): cls.m = cls.get()
class C(Base):
    @classmethod
    def get(cls): return 1
--->
class Base:
    def __init_subclass__(cls): cls.m = cls.get()
class C(Base):
    @classmethod
    def get(cls): return 2
=== a hook of a base calls a class method of the class, that calls a helper | must=structural
def helper(): return 1
class Base:
    def __init_subclass__(cls): cls.m = cls.get()
class C(Base):
    @classmethod
    def get(cls): return helper()
--->
def helper(): return 2
class Base:
    def __init_subclass__(cls): cls.m = cls.get()
class C(Base):
    @classmethod
    def get(cls): return helper()
=== a metaclass calls a class method of the class | must=structural
class Meta(type):
    def __init__(cls, name, bases, space):
        super().__init__(name, bases, space)
        cls.m = cls.get()
class C(metaclass=Meta):
    @classmethod
    def get(cls): return 1
--->
class Meta(type):
    def __init__(cls, name, bases, space):
        super().__init__(name, bases, space)
        cls.m = cls.get()
class C(metaclass=Meta):
    @classmethod
    def get(cls): return 2
=== a metaclass calls a function in the namespace | must=structural
class Meta(type):
    def __new__(meta, name, bases, space):
        space["m"] = space["get"]()
        return super().__new__(meta, name, bases, space)
class C(metaclass=Meta):
    def get(): return 1
--->
class Meta(type):
    def __new__(meta, name, bases, space):
        space["m"] = space["get"]()
        return super().__new__(meta, name, bases, space)
class C(metaclass=Meta):
    def get(): return 2
=== a descriptor calls what it is given | must=structural
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
=== a descriptor is told its owner, and calls a method of it | must=structural code=MPDT009
class Eager:
    def __set_name__(self, cls, name): self.value = cls.get()
    def __get__(self, one, cls): return self.value
class C:
    x = Eager()
    @staticmethod
    def get(): return 1
--->
class Eager:
    def __set_name__(self, cls, name): self.value = cls.get()
    def __get__(self, one, cls): return self.value
class C:
    x = Eager()
    @staticmethod
    def get(): return 2
=== a method called in the class body
class C:
    def get(n): return n
    X = get(1)
--->
class C:
    def get(n): return n + 1
    X = get(1)
=== a decorator of the class itself
class C:
    def twice(f): return lambda self: f(self) * 2
    @twice
    def get(self): return 1
--->
class C:
    def twice(f): return lambda self: f(self) * 3
    @twice
    def get(self): return 1
"""


@pytest.mark.parametrize("row", table(ROWS))
def test_what_is_called_while_it_is_made(ws: Workspace, row: Row) -> None:
    check(ws, row)
