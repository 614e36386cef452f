"""Hooks and metaclasses that look at members by name: a class may get others. Who may look at any sees all."""

from __future__ import annotations

import pytest

from tests.engine.edits import Row, check, table
from tests.harness import Workspace

HOOKS = {
    "a member in the namespace": 'if "regex" in cls.__dict__ and "all" not in cls.__dict__: cls.all = "/" in cls.regex',
    "a registry by an attribute": "REG[cls.name] = cls",
    "a registry by getattr": 'REG.setdefault(getattr(cls, "name", None) or cls.__name__, cls)',
    "a list of the class": "cls.all_of_them.append(cls)",
    "a check": "if issubclass(cls, Base) and cls is not Base: REG[cls.__name__] = cls",
    "names that are written out": 'for one in ("name", "regex"): setattr(cls, one, getattr(cls, one, ""))',
    "vars": 'cls.label = "name" in vars(cls)',
}
MAY_SEE = {
    "all members": "REG[cls.__name__] = list(vars(cls))",
    "dir": "REG[cls.__name__] = dir(cls)",
    "a method": "cls.setup()",
    "a method that is looked up": "REG[cls.__name__] = cls.setup",
    "handed on": "note(cls)",
    "another name": "c = cls; REG[c.__name__] = sorted(vars(c))",
    "a name that is computed": "REG[cls.__name__] = getattr(cls, cls.name, None)",
    "the new member itself": 'REG[cls.__name__] = hasattr(cls, "more")',
    "annotations": "REG[cls.__name__] = dict(cls.__annotations__)",
    "a property of the class": "REG[cls.__name__] = cls.count",
    "super": "super().collect(cls.name)",
    "eval": "REG[cls.__name__] = eval('sorted(vars(cls))')",
    "locals": "REG[cls.__name__] = sorted(vars(locals()['cls']))",
}
PROGRAM = """
REG = {}
def note(cls): REG[cls.__name__] = sorted(vars(cls))
class Count:
    def __get__(self, one, cls): return len(vars(cls))
class Root:
    @classmethod
    def collect(cls, name): REG[name] = sorted(vars(cls))
class Base(Root):
    name = regex = "base"
    all_of_them = []
    count = Count()
    def __init_subclass__(cls):
        HOOK
    @classmethod
    def setup(cls): REG[cls.__name__] = sorted(vars(cls))
class C(Base):
    name = "c"
    regex = "/x"
    y: int = 1
    def get(self): return 1
"""


def edited(hook: str) -> tuple[str, str]:
    before = PROGRAM.replace("HOOK", hook)
    return before, before.replace("return 1", "return self.more(2)") + "    def more(self, x=1): return x\n"


@pytest.mark.parametrize("hook", HOOKS.values(), ids=HOOKS)
def test_a_class_gets_another_method(ws: Workspace, hook: str) -> None:
    before, after = edited(hook)
    ws["a.py"] = before
    ws.start("a")
    ws.expect_patched({"a.py": after.lstrip()}, keep=["a:C", "a:Base"])
    assert ws.run("a", "C().get()") == 2


@pytest.mark.parametrize("hook", HOOKS.values(), ids=HOOKS)
def test_what_the_hook_looks_at_is_refused(ws: Workspace, hook: str) -> None:
    before, _ = edited(hook)
    ws["a.py"] = before
    ws.start("a")
    edit = {"a.py": before.lstrip().replace('"/x"', '"x"').replace('name = "c"', 'name = "d"')}
    if "regex" in hook or "name" in hook.replace("__name__", ""):
        ws.expect_rude(edit, "MPDT009")
    else:
        ws.expect_patched(edit, keep=["a:C"])


@pytest.mark.parametrize("hook", MAY_SEE.values(), ids=MAY_SEE)
def test_who_may_look_at_any_sees_all(ws: Workspace, hook: str) -> None:
    before, after = edited(hook)
    ws["a.py"] = before
    ws.start("a")
    ws.expect_rude({"a.py": after.lstrip()}, "MPDT009")


ROWS = table("""
=== a metaclass that looks by name | keep=a:Node,a:Name,a:Meta
class Meta(type):
    def __new__(mcs, name, bases, d):
        for attr in "fields", "attributes":
            storage = []
            storage.extend(getattr(bases[0] if bases else object, attr, ()))
            storage.extend(d.get(attr, ()))
            d[attr] = tuple(storage)
        d.setdefault("abstract", False)
        return type.__new__(mcs, name, bases, d)
class Node(metaclass=Meta):
    fields = ("a",)
    def find(self, x: int): return x
class Name(Node):
    fields = ("b",)
--->
class Meta(type):
    def __new__(mcs, name, bases, d):
        for attr in "fields", "attributes":
            storage = []
            storage.extend(getattr(bases[0] if bases else object, attr, ()))
            storage.extend(d.get(attr, ()))
            d[attr] = tuple(storage)
        d.setdefault("abstract", False)
        return type.__new__(mcs, name, bases, d)
class Node(metaclass=Meta):
    fields = ("a",)
    def find(self, x: int = 2): return x
    LIMIT = 3
class Name(Node):
    fields = ("b",)
>>> Name.fields == ("a", "b") and Name().find() == 2 and Name.LIMIT == 3

=== a metaclass that registers the class | keep=a:C,a:Meta
REG = {}
class Meta(type):
    def __new__(mcs, name, bases, ns):
        made = super().__new__(mcs, name, bases, ns)
        REG[made.label] = made
        return made
    def __init__(cls, name, bases, ns):
        super().__init__(name, bases, ns)
        cls.ready = True
class C(metaclass=Meta):
    label = "c"
--->
REG = {}
class Meta(type):
    def __new__(mcs, name, bases, ns):
        made = super().__new__(mcs, name, bases, ns)
        REG[made.label] = made
        return made
    def __init__(cls, name, bases, ns):
        super().__init__(name, bases, ns)
        cls.ready = True
class C(metaclass=Meta):
    label = "c"
    def get(self): return 1
>>> REG["c"]().get() == 1

=== the hook has seen an inherited member | must=structural code=MPDT009
class B:
    key = "a"
    def __init_subclass__(cls):
        cls.label = cls.key + "!"
class C(B): ...
--->
class B:
    key = "b"
    def __init_subclass__(cls):
        cls.label = cls.key + "!"
class C(B): ...

=== the hook has gone through what is inherited | must=structural code=MPDT009
class B:
    one = 1
    def __init_subclass__(cls):
        cls.names = [name for name in dir(cls) if not name.startswith("_")]
class C(B): ...
--->
class B:
    one = two = 1
    def __init_subclass__(cls):
        cls.names = [name for name in dir(cls) if not name.startswith("_")]
class C(B): ...

=== the hook goes through the members of the class alone
class B:
    one = 1
    def __init_subclass__(cls):
        cls.names = [name for name in vars(cls) if not name.startswith("_")]
class C(B): ...
--->
class B:
    one = two = 1
    def __init_subclass__(cls):
        cls.names = [name for name in vars(cls) if not name.startswith("_")]
class C(B): ...
>>> C.two == 1 and C.names == []

=== the hook would have seen what a second base has now | must=structural code=MPDT009
class M: ...
class B:
    key = "a"
    def __init_subclass__(cls):
        cls.label = cls.key + "!"
class C(M, B): ...
--->
class M:
    key = "m"
class B:
    key = "a"
    def __init_subclass__(cls):
        cls.label = cls.key + "!"
class C(M, B): ...

=== what the metaclass looks at | must=structural code=MPDT009
class Meta(type):
    def __new__(mcs, name, bases, ns):
        ns["size"] = len(ns["fields"])
        return super().__new__(mcs, name, bases, ns)
class C(metaclass=Meta):
    fields = ("a",)
--->
class Meta(type):
    def __new__(mcs, name, bases, ns):
        ns["size"] = len(ns["fields"])
        return super().__new__(mcs, name, bases, ns)
class C(metaclass=Meta):
    fields = ("a", "b")

=== a statement reads what the metaclass has made otherwise | must=structural code=MPDT009
K = 1
class Meta(type):
    def __new__(mcs, name, bases, ns):
        ns["fields"] = (*ns["fields"], "id")
        return super().__new__(mcs, name, bases, ns)
class C(metaclass=Meta):
    fields = ("a",)
    size = len(fields) * K
--->
K = 2
class Meta(type):
    def __new__(mcs, name, bases, ns):
        ns["fields"] = (*ns["fields"], "id")
        return super().__new__(mcs, name, bases, ns)
class C(metaclass=Meta):
    fields = ("a",)
    size = len(fields) * K

=== a metaclass that goes through all | must=structural code=MPDT009
class Meta(type):
    def __new__(mcs, name, bases, ns):
        ns["names"] = sorted(ns)
        return super().__new__(mcs, name, bases, ns)
class C(metaclass=Meta):
    x = 1
--->
class Meta(type):
    def __new__(mcs, name, bases, ns):
        ns["names"] = sorted(ns)
        return super().__new__(mcs, name, bases, ns)
class C(metaclass=Meta):
    x = 1
    y = 1

=== a metaclass with another namespace | must=structural code=MPDT009
class Names(dict):
    def __setitem__(self, name, value): super().__setitem__(name.lower(), value)
class Meta(type):
    @classmethod
    def __prepare__(mcs, name, bases): return Names()
    def __new__(mcs, name, bases, ns):
        return super().__new__(mcs, name, bases, dict(ns))
class C(metaclass=Meta):
    x = 1
--->
class Names(dict):
    def __setitem__(self, name, value): super().__setitem__(name.lower(), value)
class Meta(type):
    @classmethod
    def __prepare__(mcs, name, bases): return Names()
    def __new__(mcs, name, bases, ns):
        return super().__new__(mcs, name, bases, dict(ns))
class C(metaclass=Meta):
    x = 1
    Y = 1
""")


@pytest.mark.parametrize("row", ROWS)
def test_a_metaclass_looks_by_name_too(ws: Workspace, row: Row) -> None:
    check(ws, row)
