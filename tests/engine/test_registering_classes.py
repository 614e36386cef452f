"""Classes that decorators, bases and metaclasses register or look into when they are made."""

from __future__ import annotations

import pytest

from tests.engine.edits import Row, check, table
from tests.harness import Workspace

ROWS = table("""
=== a plugin class under a registering decorator | keep=a:P
plugins = {}
def register_plugin(cls):
    plugins[cls.__name__] = cls
    return cls
@register_plugin
class P:
    name = "p"
    def get(self): return [1]
--->
plugins = {}
def register_plugin(cls):
    plugins[cls.__name__] = cls
    return cls
@register_plugin
class P:
    name = "p"
    def get(self): return [2]
    def more(self): return 3
>>> plugins == {"P": P} and plugins["P"]().get() == [2] and P().more() == 3

=== a class attribute under a registering decorator | must=truth
plugins = {}
def register_plugin(cls):
    plugins[cls.name] = cls
    return cls
@register_plugin
class P:
    name = "p"
--->
plugins = {}
def register_plugin(cls):
    plugins[cls.name] = cls
    return cls
@register_plugin
class P:
    name = "q"
>>> plugins == {"q": P}

=== subclasses registered by __init_subclass__
class Base:
    kinds = []
    def __init_subclass__(cls): Base.kinds.append(cls)
class A(Base):
    def m(self): return 1
--->
class Base:
    kinds = []
    def __init_subclass__(cls): Base.kinds.append(cls)
class A(Base):
    def m(self): return 2
>>> Base.kinds == [A] and A().m() == 2

=== a subclass added that __init_subclass__ registers | must=truth
class Base:
    kinds = []
    def __init_subclass__(cls): Base.kinds.append(cls)
class A(Base): ...
--->
class Base:
    kinds = []
    def __init_subclass__(cls): Base.kinds.append(cls)
class A(Base): ...
class B(Base): ...
>>> Base.kinds == [A, B]

=== a metaclass that registers
class Meta(type):
    seen = []
    def __new__(m, name, bases, space):
        cls = super().__new__(m, name, bases, space)
        Meta.seen.append(cls)
        return cls
class A(metaclass=Meta):
    def m(self): return 1
--->
class Meta(type):
    seen = []
    def __new__(m, name, bases, space):
        cls = super().__new__(m, name, bases, space)
        Meta.seen.append(cls)
        return cls
class A(metaclass=Meta):
    def m(self): return 2
>>> Meta.seen == [A] and A().m() == 2

=== an attribute of a class that a metaclass registers | must=truth
class Meta(type):
    seen = []
    def __new__(m, name, bases, space):
        cls = super().__new__(m, name, bases, space)
        Meta.seen.append(cls)
        return cls
class A(metaclass=Meta):
    x = 1
--->
class Meta(type):
    seen = []
    def __new__(m, name, bases, space):
        cls = super().__new__(m, name, bases, space)
        Meta.seen.append(cls)
        return cls
class A(metaclass=Meta):
    x = 2
>>> Meta.seen == [A] and A.x == 2

=== ctypes-like: a class attribute that the metaclass reads | must=truth
class Meta(type):
    def __init__(cls, name, bases, space): cls.twice = space.get("x", 0) * 2
class A(metaclass=Meta):
    x = 1
--->
class Meta(type):
    def __init__(cls, name, bases, space): cls.twice = space.get("x", 0) * 2
class A(metaclass=Meta):
    x = 2
>>> A.twice == 4

=== __init_subclass__ that reads an attribute | must=truth
class Base:
    def __init_subclass__(cls): cls.twice = cls.x * 2
class A(Base):
    x = 1
--->
class Base:
    def __init_subclass__(cls): cls.twice = cls.x * 2
class A(Base):
    x = 2
>>> A.twice == 4

=== __set_name__ that counts
class F:
    count = 0
    def __set_name__(self, owner, name): F.count += 1
class C:
    a = F()
    def m(self): return 1
--->
class F:
    count = 0
    def __set_name__(self, owner, name): F.count += 1
class C:
    a = F()
    def m(self): return 2
>>> F.count == 1 and C().m() == 2
""")


@pytest.mark.parametrize("row", ROWS)
def test_a_class_is_registered_once_and_is_the_new_code(ws: Workspace, row: Row) -> None:
    check(ws, row)
