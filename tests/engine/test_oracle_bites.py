"""The oracle sees each aspect of a program: one thing is changed in a live module, and reported."""

from __future__ import annotations

import sys
from types import ModuleType
from typing import Any

import pytest

from mpdt_hooks import oracle
from tests.harness import Workspace

PROGRAM = '''
"""The module's docstring."""
from __future__ import annotations
import abc, enum, functools, json, re, typing
from dataclasses import dataclass, field

LIMIT = 1
RATIO = 1.0
NAMES = ["a", {"b": (1, 2)}, {3, 4}]
PATTERN = re.compile("x+")
table = {"double": lambda x: x * 2}

def logged(prefix):
    def decorate(function):
        @functools.wraps(function)
        def wrapper(*args):
            return prefix, function(*args)
        return wrapper
    return decorate

@logged("p")
def wrapped(x):
    return x

def plain(a, b=2, *, c: int = 3) -> str:
    """doc"""
    def inner():
        return a
    try:
        return inner()
    except ValueError:
        return "no"

@functools.lru_cache(maxsize=8)
def cached(x):
    return x

twice = functools.partial(plain, 1, c=4)

class Base(abc.ABC):
    @abc.abstractmethod
    def must(self): ...

class Other(Base): ...

class Model(Base):
    """class doc"""
    kind = "model"
    size: int = 1

    def must(self):
        return 1

    @property
    def area(self):
        return 2

    @staticmethod
    def make():
        return Model()

    @classmethod
    def named(cls):
        return cls

    @functools.cached_property
    def lazy(self):
        return 3

@dataclass
class Point:
    x: int = 0
    tags: list = field(default_factory=list)

class Colour(enum.Enum):
    RED = 1
    BLUE = 2

class Slotted:
    __slots__ = ("a", "b")

class Memo:
    def __init__(self, function):
        self.function = function

@Memo
def memoised():
    return 1

model = Model()
method = model.must
T = typing.TypeVar("T", bound=Model)
either = typing.Union[Model, Point]
'''


def in_code(a: ModuleType, **changes: Any) -> None:
    a.plain.__code__ = a.plain.__code__.replace(**changes)


def nested(a: ModuleType) -> Any:
    return next(const for const in a.plain.__code__.co_consts if hasattr(const, "co_code"))


def set_nested(a: ModuleType, **changes: Any) -> None:
    consts = [const.replace(**changes) if const is nested(a) else const for const in a.plain.__code__.co_consts]
    in_code(a, co_consts=tuple(consts))


def new_twin(a: ModuleType, name: str) -> Any:
    old = vars(a)[name]
    twin = type(old)(old.__code__, old.__globals__, old.__name__, old.__defaults__, old.__closure__)
    twin.__kwdefaults__, twin.__annotations__, twin.__doc__ = (
        old.__kwdefaults__,
        old.__annotations__,
        old.__doc__,
    )
    return twin


def free(function: Any, name: str) -> Any:
    return function.__closure__[function.__code__.co_freevars.index(name)]


def stale_globals(a: Any) -> None:
    old = a.plain
    a.plain = type(old)(old.__code__, dict(old.__globals__), old.__name__, old.__defaults__, old.__closure__)
    a.plain.__kwdefaults__, a.plain.__annotations__ = old.__kwdefaults__, old.__annotations__
    a.twice = __import__("functools").partial(a.plain, 1, c=4)


CHANGES: dict[str, tuple[Any, str]] = {
    "a name appears": (lambda a: setattr(a, "ghost", 1), "a:ghost"),
    "a name is gone": (lambda a: delattr(a, "LIMIT"), "a:LIMIT"),
    "1 becomes True": (lambda a: setattr(a, "LIMIT", True), "a:LIMIT"),
    "1.0 becomes 1": (lambda a: setattr(a, "RATIO", 1), "a:RATIO"),
    "a nested container": (lambda a: a.NAMES[1].update(b=(1, 3)), "a:NAMES"),
    "a set": (lambda a: a.NAMES[2].add(5), "a:NAMES"),
    "the order of a dict": (lambda a: a.NAMES[1].update(a=1), "a:NAMES"),
    "a pattern": (lambda a: setattr(a, "PATTERN", __import__("re").compile("y")), "a:PATTERN"),
    "a lambda in a table": (lambda a: a.table.update(double=lambda x: x * 3), "a:table"),
    "another module under a name": (lambda a: setattr(a, "json", __import__("ast")), "a:json"),
    "a stale module under a name": (lambda a: setattr(a, "json", ModuleType("json")), "a:json"),
    "the module's docstring": (lambda a: setattr(a, "__doc__", "stale"), "a:__doc__"),
    "the code": (lambda a: in_code(a, co_code=a.plain.__code__.co_code[:-2] + b"\x09\x00"), "a:plain.code"),
    "a constant of the code": (
        lambda a: in_code(a, co_consts=(*a.plain.__code__.co_consts, 9)),
        "a:plain.code",
    ),
    "the first line": (lambda a: in_code(a, co_firstlineno=99), "a:plain.code.co_firstlineno"),
    "the line table": (lambda a: in_code(a, co_linetable=b""), "a:plain.code.co_linetable"),
    "the exception table": (lambda a: in_code(a, co_exceptiontable=b""), "a:plain.code.co_exceptiontable"),
    "the flags": (lambda a: in_code(a, co_flags=3), "a:plain.code.co_flags"),
    "the code's qualname": (lambda a: in_code(a, co_qualname="x"), "a:plain.code.co_qualname"),
    "the file's name": (lambda a: in_code(a, co_filename=a.__file__ + "x"), "a:plain.code.file"),
    "a nested function's line": (lambda a: set_nested(a, co_firstlineno=1), "a:plain.code.consts"),
    "a nested function's name": (
        lambda a: set_nested(a, co_name="other", co_qualname="o"),
        "a:plain.code.consts",
    ),
    "defaults": (lambda a: setattr(a.plain, "__defaults__", (3,)), "a:plain.__defaults__"),
    "keyword defaults": (lambda a: a.plain.__kwdefaults__.update(c=4), "a:plain.__kwdefaults__"),
    "annotations": (lambda a: a.plain.__annotations__.update(c="str"), "a:plain.__annotations__"),
    "a docstring": (lambda a: setattr(a.plain, "__doc__", "x"), "a:plain.__doc__"),
    "a qualname": (lambda a: setattr(a.plain, "__qualname__", "x"), "a:plain.__qualname__"),
    "a function's attribute": (lambda a: setattr(a.plain, "tag", 1), "a:plain.__dict__.tag"),
    "the globals of a function": (stale_globals, "a:plain.globals are the module's"),
    "a twin under the name": (lambda a: setattr(a, "plain", new_twin(a, "plain")), "a:twice"),
    "the function in a wrapper": (
        lambda a: setattr(free(a.wrapped, "function"), "cell_contents", len),
        "a:wrapped",
    ),
    "the argument of a decorator": (
        lambda a: setattr(free(a.wrapped, "prefix"), "cell_contents", "q"),
        "a:wrapped",
    ),
    "a decorator's inner code": (
        lambda a: setattr(a.wrapped, "__code__", a.wrapped.__code__.replace(co_firstlineno=1)),
        "a:wrapped",
    ),
    "what a wrapper wraps": (
        lambda a: setattr(a.wrapped, "__wrapped__", a.plain),
        "a:wrapped.__dict__.__wrapped__",
    ),
    "the cache's size": (
        lambda a: setattr(a, "cached", __import__("functools").lru_cache(4)(a.cached.__wrapped__)),
        "a:cached",
    ),
    "the cached function": (lambda a: setattr(a.cached.__wrapped__, "__defaults__", (1,)), "a:cached"),
    "a partial's function": (
        lambda a: setattr(a, "twice", __import__("functools").partial(len, 1, c=4)),
        "a:twice",
    ),
    "a class attribute": (lambda a: setattr(a.Model, "kind", "x"), "a:Model.kind"),
    "a class attribute appears": (lambda a: setattr(a.Model, "ghost", 1), "a:Model.ghost"),
    "a class's docstring": (lambda a: setattr(a.Model, "__doc__", "x"), "a:Model.__doc__"),
    "a class's annotations": (
        lambda a: a.Model.__annotations__.update(more="int"),
        "a:Model.__annotations__",
    ),
    "a class's base": (lambda a: setattr(a.Model, "__bases__", (a.Other,)), "a:Model.__bases__"),
    "abstract methods": (lambda a: setattr(a.Base, "__abstractmethods__", frozenset()), "a:Base"),
    "a property's getter": (lambda a: setattr(a.Model, "area", property(lambda self: 3)), "a:Model.area"),
    "a property's docstring": (
        lambda a: setattr(a.Model, "area", property(a.Model.area.fget, doc="x")),
        "a:Model.area",
    ),
    "a static method": (lambda a: setattr(a.Model.make, "__doc__", "x"), "a:Model.make"),
    "a static becomes a plain method": (
        lambda a: setattr(a.Model, "make", vars(a.Model)["make"].__func__),
        "a:Model.make",
    ),
    "a class method": (
        lambda a: setattr(vars(a.Model)["named"].__func__, "__defaults__", (1,)),
        "a:Model.named",
    ),
    "a cached property": (lambda a: setattr(vars(a.Model)["lazy"], "func", len), "a:Model.lazy"),
    "a dataclass field": (lambda a: setattr(a.Point.__dataclass_fields__["x"], "default", 5), "a:Point"),
    "a generated method": (lambda a: setattr(a.Point.__init__, "__defaults__", (1, 2)), "a:Point.__init__"),
    "an enum's member": (lambda a: setattr(a.Colour.RED, "_value_", 7), "a:Colour"),
    "an enum's order": (lambda a: a.Colour._member_names_.reverse(), "a:Colour._member_names_"),
    "the function in a class-based decorator": (
        lambda a: setattr(a.memoised, "function", a.plain),
        "a:memoised",
    ),
    "an instance of another class": (lambda a: setattr(a, "model", a.Point()), "a:model"),
    "a bound method of another function": (lambda a: setattr(a, "method", a.Model.named), "a:method"),
    "a type variable": (lambda a: setattr(a, "T", __import__("typing").TypeVar("T", bound=a.Point)), "a:T"),
    "an alias of types": (lambda a: setattr(a, "either", a.Model | a.Colour), "a:either"),
}


@pytest.mark.parametrize("change", CHANGES)
def test_one_changed_aspect_is_reported(ws: Workspace, change: str) -> None:
    mutate, place = CHANGES[change]
    ws["a.py"] = PROGRAM
    ws.start("a")
    before = ws.describe()
    mutate(sys.modules["a"])
    found = oracle.differences(ws.describe(), before)
    assert any(line.startswith(place) for line in found), found
    assert len(found) < 40, found
