"""The oracle: what was imported a moment ago equals a fresh interpreter, and a description is plain data."""

from __future__ import annotations

import json
import re
import sys
from typing import Any

import pytest

from mpdt_hooks import oracle
from tests.engine.test_oracle_bites import PROGRAM
from tests.harness import Workspace

PROGRAMS = {
    "everything": PROGRAM,
    "sets in another order": "S = {'b', 'a', 'c', frozenset({'x', 'y'})}\nD = {k: 1 for k in 'abc'}",
    "a cycle": "a = []\na.append(a)\nb = {'a': a, 'b': None}\nb['b'] = b",
    "a single dispatch": """
        import functools, abc, collections.abc
        @functools.singledispatch
        def show(x): return 1
        @show.register
        def _(x: int): return 2
        @show.register(collections.abc.Mapping)
        def _(x): return 3
        class C:
            @functools.singledispatchmethod
            def m(self, x): return 1
        """,
    "a context manager": """
        import contextlib
        @contextlib.contextmanager
        def cm(x=1):
            yield x
        """,
    "pydantic models": """
        from pydantic import BaseModel, Field, field_validator
        class Inner(BaseModel):
            x: int = 1
            tags: list[str] = Field(default_factory=list, description="d")
            @field_validator("x")
            @classmethod
            def positive(cls, value): return value
        class Outer(BaseModel):
            inner: Inner = Field(default_factory=Inner)
        live = Outer()
        """,
    "named tuples, typed dicts, protocols, generics": """
        import typing, collections
        class P(typing.NamedTuple):
            x: int = 1
        Q = collections.namedtuple("Q", "a b", defaults=[1])
        class D(typing.TypedDict, total=False):
            x: int
        @typing.runtime_checkable
        class Proto(typing.Protocol):
            def f(self) -> int: ...
        T = typing.TypeVar("T")
        class G(typing.Generic[T]):
            item: T
        """,
    "enums of every kind": """
        import enum
        class A(enum.IntEnum):
            X = 1
            Y = enum.auto()
        class F(enum.Flag):
            R = enum.auto()
            W = enum.auto()
            RW = R | W
        class S(enum.StrEnum):
            A = "a"
            def shout(self): return self.upper()
        """,
    "dataclasses of every kind": """
        from dataclasses import dataclass, field, KW_ONLY
        @dataclass(frozen=True, order=True, slots=True)
        class A:
            x: int
            _: KW_ONLY
            y: list = field(default_factory=list, compare=False)
        @dataclass
        class B:
            a: A = A(1)
            def __post_init__(self): pass
        """,
    "plain values": """
        import datetime, decimal, pathlib, uuid, fractions, logging, threading, collections, operator
        import types, weakref
        D = datetime.timedelta(1), decimal.Decimal("1.0"), fractions.Fraction(1, 3), uuid.UUID(int=1)
        HERE = pathlib.Path(__file__).parent
        log = logging.getLogger(__name__)
        lock = threading.Lock()
        Q = collections.deque([1], maxlen=3), collections.Counter("ab"), collections.OrderedDict(a=1)
        get = operator.itemgetter(1)
        N = float("nan"), -0.0, 1j, b"x", 1 << 2000, ..., NotImplemented, range(3)
        view = types.MappingProxyType({"a": 1})
        class C: pass
        ref = weakref.ref(C)
        append = [].append
        """,
    "closures that share a variable": """
        def make():
            count = 0
            def up():
                nonlocal count
                count += 1
                return count
            def down():
                nonlocal count
                count -= 1
                return count
            return up, down
        up, down = make()
        """,
    "descriptors and metaclasses": """
        class Field:
            def __set_name__(self, owner, name): self.name = name
        class Meta(type):
            def __new__(meta, name, bases, space, **kw): return super().__new__(meta, name, bases, space)
        class A(metaclass=Meta):
            x = Field()
            def __init_subclass__(cls, **kw): cls.tag = kw
            class Inner: y = 1
        class B(A, tag=1):
            def m(self): return super().m()
        local = (lambda: type("L", (), {"x": 1}))()
        """,
    "a dataclass whose docstring shows where a default is": """
        import dataclasses, functools
        def f(): ...
        @dataclasses.dataclass
        class C:
            hook: object = f
            other: object = functools.cache(f)
        """,
}
if sys.version_info >= (3, 12):
    PROGRAMS["type parameters"] = """
        type Alias[T] = list[T]
        def first[T: int](items: list[T]) -> T: return items[0]
        class Box[T]:
            def get(self) -> T: ...
        """


@pytest.mark.parametrize("program", PROGRAMS)
def test_what_was_just_imported_equals_a_fresh_interpreter(ws: Workspace, program: str) -> None:
    ws["a.py"] = PROGRAMS[program]
    ws.start("a")
    assert oracle.differences(ws.describe(), ws.fresh()) == ()


@pytest.mark.parametrize("program", PROGRAMS)
def test_a_description_is_plain_data_without_addresses(ws: Workspace, program: str) -> None:
    ws["a.py"] = PROGRAMS[program]
    ws.start("a")
    first, second = ws.describe(), ws.describe()
    text = json.dumps(first)
    assert json.loads(text) == first
    assert oracle.differences(first, second) == ()
    assert re.findall(r"0x(?!100000)[0-9a-f]{6,}", text) == []


def test_modules_are_described_by_name_in_packages_too(ws: Workspace) -> None:
    ws["pkg/__init__.py"] = "from . import a"
    ws["pkg/a.py"] = "from .sub.b import f"
    ws["pkg/sub/b.py"] = "def f(): return 1"
    ws.start("pkg")
    live = ws.describe()
    assert list(live["modules"]) == ["pkg", "pkg.a", "pkg.sub", "pkg.sub.b"]
    assert live["modules"]["pkg.a"]["names"]["f"] == {"<kind>": "reference", "to": "pkg.sub.b:f"}
    assert oracle.differences(live, ws.fresh()) == ()


def test_another_interpreter_says_the_same_as_the_fork_server(ws: Workspace) -> None:
    ws["a.py"] = "print('noise')\ndef f(x=1): return x"
    ws.start("a")
    assert oracle.differences(oracle.fresh(ws.root, ["a"]), ws.fresh()) == ()


def test_a_fresh_import_that_fails_says_with_what(ws: Workspace) -> None:
    ws["a.py"] = "raise SystemExit('enough')"
    with pytest.raises(oracle.FreshImportError) as caught:
        oracle.fresh(ws.root, ["a"])
    assert caught.value.args[:2] == ("SystemExit", "enough")


def test_a_stale_cache_of_bytecode_is_not_read(ws: Workspace) -> None:
    ws["a.py"] = "X = 1"
    ws.start("a")
    cache = ws.root / "__pycache__" / f"a.{sys.implementation.cache_tag}.pyc"
    cache.parent.mkdir(exist_ok=True)
    import py_compile

    py_compile.compile(
        str(ws.path("a.py")),
        cfile=str(cache),
        invalidation_mode=py_compile.PycInvalidationMode.UNCHECKED_HASH,
    )
    ws["a.py"] = "X = 2"
    assert oracle.fresh(ws.root, ["a"])["modules"]["a"]["names"]["X"] == 2


def test_state_that_is_kept_may_differ_but_must_be_there(ws: Workspace) -> None:
    ws["a.py"] = "CACHE = {}\nCOUNT = 0\nNAMES = []"
    a: Any = ws.start("a")
    fresh = ws.describe()
    a.CACHE["k"], a.COUNT = 1, 5
    kept = oracle.changed_state(fresh, ws.describe())
    assert kept == {"a:CACHE", "a:COUNT"}
    a.CACHE["l"] = 2
    assert oracle.differences(ws.describe(), fresh, kept) == ()
    a.NAMES.append(1)
    assert len(oracle.differences(ws.describe(), fresh, kept)) == 1
    del vars(a)["COUNT"]
    assert len(oracle.differences(ws.describe(), fresh, kept)) == 2
