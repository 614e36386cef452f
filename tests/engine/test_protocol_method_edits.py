"""A subtler edit of a method: super(), protocols, descriptors, abstract methods."""

from __future__ import annotations

import pytest

from tests.engine.edits import Row, check, table
from tests.harness import Workspace

DEEPER = table("""
=== super() gained
class B:
    def m(self): return 1
class C(B):
    def m(self): return 5
c = C()
--->
class B:
    def m(self): return 1
class C(B):
    def m(self): return super().m() + 1
c = C()
>>> c.m() == 2

=== super() lost
class B:
    def m(self): return 1
class C(B):
    def m(self): return super().m()
c = C()
--->
class B:
    def m(self): return 1
class C(B):
    def m(self): return 7
c = C()
>>> c.m() == 7

=== __class__ gained in a static method
class C:
    @staticmethod
    def m(): return 1
--->
class C:
    @staticmethod
    def m(): return __class__
>>> C.m() is C

=== __eq__ added, and its __hash__
class C: ...
c = C()
--->
class C:
    def __eq__(self, other): return True
c = C()
>>> c == 1 and C.__hash__ is None

=== __eq__ removed, and its __hash__
class C:
    def __eq__(self, other): return True
c = C()
--->
class C: ...
c = C()
>>> c != 1 and hash(c)

=== __call__ and __iter__ added
class C: ...
c = C()
--->
class C:
    def __call__(self): return 1
    def __iter__(self): return iter([1])
c = C()
>>> c() == 1 and list(c) == [1]

=== __getattr__ added
class C: ...
c = C()
--->
class C:
    def __getattr__(self, name): return name
c = C()
>>> c.anything == "anything"

=== an abstract method added to a class with subclasses
import abc
class B(abc.ABC): ...
class C(B): ...
--->
import abc
class B(abc.ABC):
    @abc.abstractmethod
    def m(self): ...
class C(B):
    def m(self): return 1
>>> C().m() == 1 and B.__abstractmethods__ == {"m"}

=== an abstract method removed
import abc
class B(abc.ABC):
    @abc.abstractmethod
    def m(self): ...
    @abc.abstractmethod
    def n(self): ...
class C(B):
    def n(self): return 1
--->
import abc
class B(abc.ABC):
    @abc.abstractmethod
    def n(self): ...
class C(B):
    def n(self): return 1
>>> C().n() == 1 and not C.__abstractmethods__

=== cached_property's body
import functools
class C:
    @functools.cached_property
    def p(self): return 1
--->
import functools
class C:
    @functools.cached_property
    def p(self): return 2
>>> C().p == 2

=== cached_property added
import functools
class C: ...
c = C()
--->
import functools
class C:
    @functools.cached_property
    def p(self): return 2
c = C()
>>> c.p == 2

=== a property setter added
class C:
    @property
    def p(self): return 1
c = C()
--->
class C:
    @property
    def p(self): return 1
    @p.setter
    def p(self, value): self.q = value
c = C()
>>> [c for c in [C()] if setattr(c, "p", 4) or c.q == 4]

=== a property setter removed
class C:
    @property
    def p(self): return 1
    @p.setter
    def p(self, value): self.q = value
--->
class C:
    @property
    def p(self): return 1
>>> C.p.fset is None

=== a method becomes a property | must=truth
class C:
    def p(self): return 1
c = C()
--->
class C:
    @property
    def p(self): return 1
c = C()
>>> c.p == 1

=== a method becomes static | must=truth
class C:
    def m(self): return 1
c = C()
--->
class C:
    @staticmethod
    def m(): return 2
c = C()
>>> c.m() == 2

=== a static becomes a class method | must=truth
class C:
    @staticmethod
    def m(): return 1
--->
class C:
    @classmethod
    def m(cls): return cls
>>> C.m() is C

=== __init_subclass__'s body | must=truth
class B:
    def __init_subclass__(cls): cls.tag = 1
class C(B): ...
--->
class B:
    def __init_subclass__(cls): cls.tag = 2
class C(B): ...
>>> C.tag == 2

=== a descriptor with __set_name__ added
class F:
    def __set_name__(self, owner, name): self.name = name
    def __get__(self, obj, cls): return self.name
class C:
    a = F()
c = C()
--->
class F:
    def __set_name__(self, owner, name): self.name = name
    def __get__(self, obj, cls): return self.name
class C:
    a = F()
    b = F()
c = C()
>>> c.b == "b"

=== a descriptor's own method
class F:
    def __get__(self, obj, cls): return 1
class C:
    a = F()
c = C()
--->
class F:
    def __get__(self, obj, cls): return 2
class C:
    a = F()
c = C()
>>> c.a == 2
""")


@pytest.mark.parametrize("row", DEEPER)
def test_a_subtler_edit_of_a_method_is_patched(ws: Workspace, row: Row) -> None:
    check(ws, row)
