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


LOOKED_AT = table(r"""
=== a method of an object, a method is added
from b import manager
@manager.register
class Handler:
    name = "x"
    def run(self): return 1
--- b.py
class Manager:
    def __init__(self): self.all = {}
    def register(self, one):
        self.all[one.name] = one
        return one
manager = Manager()
~~~ return 1 => return 1\n    def stop(self): return 2
>>> "stop" in dir(Handler)
=== a function, a method is added
from b import register
@register
class Handler:
    name = "x"
    def run(self): return 1
--- b.py
ALL = {}
def register(one):
    ALL[one.name] = one
    return one
~~~ return 1 => return 1\n    def stop(self): return 2
=== a function, another attribute changes
from b import register
@register
class Handler:
    name = "x"
    version = 1
    def run(self): return 1
--- b.py
ALL = {}
def register(one):
    ALL[one.name] = one
    return one
~~~ version = 1 => version = 2
>>> Handler.version == 2
=== a function, the attribute that it looks at changes | must=structural
from b import register
@register
class Handler:
    name = "x"
--- b.py
ALL = {}
def register(one):
    ALL[one.name] = one
    return one
~~~ name = "x" => name = "y"
=== one with arguments, a method is added
from b import register
@register("x", priority=2)
class Handler:
    level = 1
    def run(self): return 1
--- b.py
ALL = {}
def register(name, priority=0):
    "Keeps the class."
    def keep(one):
        ALL[name] = (priority + one.level, one)
        return one
    return keep
~~~ return 1 => return 1\n    def stop(self): return 2
=== one with arguments, what it looks at changes | must=structural
from b import register
@register("x", priority=2)
class Handler:
    level = 1
    def run(self): return 1
--- b.py
ALL = {}
def register(name, priority=0):
    def keep(one):
        ALL[name] = (priority + one.level, one)
        return one
    return keep
~~~ level = 1 => level = 2
=== what it looks at comes from a base, and is hidden now | must=structural
from b import register
class Base:
    name = "b"
@register
class Handler(Base):
    def run(self): return 1
--- b.py
ALL = {}
def register(one):
    ALL[one.name] = one
    return one
~~~ return 1 => return 1\n    name = "h"
=== what it looks at comes from a base, and changes there | must=truth
from b import register
class Base:
    name = "b"
@register
class Handler(Base):
    def run(self): return 1
R = __import__("b").ALL.get("b")
--- b.py
ALL = {}
def register(one):
    ALL[one.name] = one
    return one
~~~ name = "b" => name = "h"
=== it goes through all members | must=structural
from b import register
@register
class Handler:
    def run(self): return 1
--- b.py
ALL = {}
def register(one):
    ALL[one.__name__] = [name for name in vars(one) if name[0] != "_"]
    return one
~~~ return 1 => return 1\n    def stop(self): return 2
=== it asks whether there is a method | must=structural
from b import register
@register
class Handler:
    def run(self): return 1
--- b.py
ALL = {}
def register(one):
    ALL[one.__name__] = hasattr(one, "stop")
    return one
~~~ return 1 => return 1\n    def stop(self): return 2
=== it makes an instance | must=structural
from b import register
@register
class Handler:
    def run(self): return 1
--- b.py
ALL = {}
def register(one):
    ALL[one.__name__] = one()
    return one
~~~ return 1 => return 1\n    def __init__(self): self.x = 2
=== it hands the class on | must=structural
from b import register
@register
class Handler:
    def run(self): return 1
--- b.py
ALL = {}
def note(one): ALL[one.__name__] = len(dir(one))
def register(one):
    note(one)
    return one
~~~ return 1 => return 1\n    def stop(self): return 2
=== it gives back another class | must=structural
from b import register
@register
class Handler:
    name = "x"
    def run(self): return 1
--- b.py
ALL = {}
def register(one):
    class Other(one): pass
    ALL[one.name] = Other
    return Other
~~~ return 1 => return 1\n    def stop(self): return 2
=== it calls a method | must=structural
from b import register
@register
class Handler:
    @classmethod
    def key(cls): return cls.name + "!"
    name = "x"
--- b.py
ALL = {}
def register(one):
    ALL[one.key()] = one
    return one
~~~ name = "x" => name = "y"
=== it sets what the class gets itself now | must=structural
from b import register
@register
class Handler:
    name = "x"
--- b.py
def register(one):
    one.tag = one.name.upper()
    return one
~~~ name = "x" => name = "x"\n    tag = "mine"
=== it sets an attribute from one that stays
from b import register
@register
class Handler:
    name = "x"
    size = 1
--- b.py
def register(one):
    one.tag = one.name.upper()
    return one
~~~ size = 1 => size = 2
>>> Handler.tag == "X"
=== the bases change | must=structural
from b import register
class Base: pass
@register
class Handler:
    name = "x"
--- b.py
ALL = {}
def register(one):
    ALL[one.name] = one
    return one
~~~ class Handler: => class Handler(Base):
=== a table of the plugin's own looks into it | must=structural
from b import register
@register
class Handler:
    def run(self): return 1
--- b.py
class Table(dict):
    def __setitem__(self, key, one): super().__setitem__(key, len(dir(one)))
ALL = Table()
def register(one):
    ALL[one.__name__] = one
    return one
~~~ return 1 => return 1\n    def stop(self): return 2
=== a list of the plugin's own looks into it | must=structural
from b import register
@register
class Handler:
    name = "x"
    def run(self): return 1
--- b.py
class Table(list):
    def append(self, one): super().append(len(dir(one)))
ALL = Table()
def register(one):
    one.tag = one.name
    ALL.append(one)
    return one
~~~ return 1 => return 1\n    def stop(self): return 2
""")


@pytest.mark.parametrize("row", LOOKED_AT)
def test_a_decorator_that_looks_at_members_by_name(ws: Workspace, row: Row) -> None:
    """What it has not looked at is nothing to it."""
    check(ws, row)
