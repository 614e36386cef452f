"""Whatever held the old objects holds the new behaviour: references of every kind, and state that is kept."""

from __future__ import annotations

import copy
import functools
import gc
import pickle
import types
import weakref
from collections.abc import Iterator
from typing import Any

import pytest

from tests.harness import Workspace

CLASS = """
class C:
    def __init__(self): self.n = 0
    def m(self): return 1
    @classmethod
    def k(cls): return 1
    @staticmethod
    def s(): return 1
    @property
    def p(self): return 1

def f(x=1): return x
"""
NEW = CLASS.replace("return 1", "return 2").replace("x=1", "x=2")


def edited(ws: Workspace) -> None:
    ws.expect_patched({"a.py": NEW}, keep=("a:C", "a:C.m", "a:C.k", "a:C.s", "a:f"))


def started(ws: Workspace) -> Any:
    ws["a.py"] = CLASS
    return ws.start("a")


def test_a_live_instance(ws: Workspace) -> None:
    a = started(ws)
    c = a.C()
    c.n = 7
    edited(ws)
    assert (c.m(), c.k(), c.s(), c.p, c.n) == (2, 2, 2, 2, 7)
    assert isinstance(c, a.C)
    assert type(c) is a.C


def test_bound_methods_in_a_list(ws: Workspace) -> None:
    a = started(ws)
    held = [a.C().m, a.C.k, a.C.s, a.f]
    edited(ws)
    assert [call() for call in held] == [2, 2, 2, 2]


def test_partials(ws: Workspace) -> None:
    a = started(ws)
    held = [functools.partial(a.f), functools.partial(a.C().m), functools.partialmethod(a.f).func]
    edited(ws)
    assert [call() for call in held] == [2, 2, 2]


def test_weak_references_stay_alive(ws: Workspace) -> None:
    a = started(ws)
    c = a.C()
    held: list[Any] = [weakref.ref(a.f), weakref.ref(a.C), weakref.ref(c), weakref.WeakMethod(c.m)]
    edited(ws)
    assert all(ref() is not None for ref in held)
    assert held[3]()() == 2


def test_registries_keyed_by_class_and_function(ws: Workspace) -> None:
    a = started(ws)
    registry = {a.C: "class", a.f: "function", (a.C, "m"): "pair"}
    weak = weakref.WeakKeyDictionary({a.C: 1, a.f: 2})
    edited(ws)
    assert registry[a.C] == "class"
    assert registry[a.f] == "function"
    assert registry[a.C, "m"] == "pair"
    assert weak[a.C] == 1
    assert weak[a.f] == 2


def test_a_pickle_across_a_patch(ws: Workspace) -> None:
    a = started(ws)
    c = a.C()
    c.n = 9
    data = pickle.dumps([c, a.f, a.C])
    edited(ws)
    again, function, cls = pickle.loads(data)
    assert (again.n, again.m(), function, cls) == (9, 2, a.f, a.C)
    assert pickle.loads(pickle.dumps(c)).m() == 2
    assert copy.deepcopy(c).m() == 2


def test_what_a_patch_adds_can_be_pickled(ws: Workspace) -> None:
    ws["pkg/__init__.py"] = ""
    ws["pkg/a.py"] = "X = 1\n"
    ws.start("pkg.a")
    ws.expect_patched({"pkg/a.py": "X = 1\nclass D:\n    class E:\n        x = 1\ndef g(): return 1\n"})
    a = ws.get("pkg.a:")
    assert pickle.loads(pickle.dumps([a.D, a.D.E, a.g])) == [a.D, a.D.E, a.g]
    assert type(pickle.loads(pickle.dumps(a.D.E()))) is a.D.E


def test_a_name_bound_elsewhere_in_the_process(ws: Workspace) -> None:
    a = started(ws)
    from_here, method = a.f, a.C.m
    edited(ws)
    assert from_here is a.f
    assert method is a.C.m


def test_a_subclass_outside_the_plugin(ws: Workspace) -> None:
    a = started(ws)
    outside: Any = type("Outside", (a.C,), {"extra": lambda self: super(outside, self).m()})
    edited(ws)
    assert outside().extra() == 2


def test_a_subclass_outside_follows_abstract_methods(ws: Workspace) -> None:
    ws["a.py"] = "import abc\nclass B(abc.ABC):\n    def m(self): return 1\n"
    a = ws.start("a")
    outside: Any = type("Outside", (a.B,), {})
    outside()
    report = ws.truthful({"a.py": "import abc\nclass B(abc.ABC):\n    @abc.abstractmethod\n    def m(self): ...\n"})
    if report.outcome == "patched":
        assert outside.__abstractmethods__ == {"m"}


def test_closures_keep_what_they_captured(ws: Workspace) -> None:
    ws["a.py"] = """
        def counter(start):
            n = start
            def up(by=1):
                nonlocal n
                n += by
                return n
            return up
        """
    a = ws.start("a")
    first, second = a.counter(0), a.counter(100)
    first(), second(), second()
    ws.expect_patched(ws.replace("a.py", "return n\n", "return 'n', n\n"))
    assert first() == ("n", 2)
    assert second() == ("n", 103)
    assert a.counter(5)() == ("n", 6)


def test_closures_in_a_list_that_outlive_their_factory(ws: Workspace) -> None:
    ws["a.py"] = """
        def make():
            def run(): return 1
            return run
        held = [make() for _ in range(3)]
        """
    a = ws.start("a")
    outside = [a.make() for _ in range(3)]
    report = ws.truthful(ws.replace("a.py", "return 1", "return 2"))
    if report.outcome == "patched":
        assert [run() for run in outside] == [2, 2, 2]
        assert [run() for run in a.held] == [2, 2, 2]


def test_closures_made_after_a_patch_are_patched_by_the_next(ws: Workspace) -> None:
    ws["a.py"] = "def make():\n    def run(): return 1\n    return run\n"
    a = ws.start("a")
    held = [a.make()]
    for value in (2, 3, 4):
        ws.expect_patched({"a.py": f"def make():\n    def run(): return {value}\n    return run\n"})
        held.append(a.make())
        assert [run() for run in held] == [value] * len(held)


def test_a_closure_that_gains_or_loses_a_variable(ws: Workspace) -> None:
    ws["a.py"] = "def make(x):\n    y = x\n    def run(): return x\n    return run\n"
    a = ws.start("a")
    held = a.make(1)
    report = ws.truthful({"a.py": "def make(x):\n    y = x\n    def run(): return x, y\n    return run\n"})
    assert a.make(2)() == ((2, 2) if report.outcome == "patched" else 2)
    if report.outcome == "patched":
        assert held() == 1  # it lives on with what it captured; the report says so
        assert "make.<locals>.run" in {ref.qualname for ref in report.forwarded} or report.still_running


def test_the_modules_counter_and_cache(ws: Workspace) -> None:
    ws["a.py"] = """
        count = 0
        cache = {}
        def hit(key):
            global count
            count += 1
            cache[key] = count
            return count
        """
    a = ws.start("a")
    cache = a.cache
    a.hit("x"), a.hit("y")
    ws.expect_patched(ws.replace("a.py", "return count", "return 'n', count"), keep=("a:cache",))
    assert a.hit("z") == ("n", 3)
    assert cache == {"x": 1, "y": 2, "z": 3}


def test_no_shadow_class_stays_among_the_subclasses(ws: Workspace) -> None:
    ws["a.py"] = "class B: ...\nclass C(B):\n    x = 1\n    def m(self): return 1\n"
    a = ws.start("a")
    ws.expect_patched(
        {"a.py": "class B: ...\nclass C(B):\n    x = 2\n    def m(self): return 2\n    def n(self): ...\n"}
    )
    gc.collect()
    assert a.B.__subclasses__() == [a.C]


def test_a_removed_class_is_collected(ws: Workspace) -> None:
    ws["a.py"] = "class B: ...\nclass C(B): ...\n"
    a = ws.start("a")
    ref = weakref.ref(a.C)
    ws.expect_patched({"a.py": "class B: ...\n"})
    gc.collect()
    assert ref() is None
    assert a.B.__subclasses__() == []


def test_a_hundred_patches_keep_one_function(ws: Workspace) -> None:
    ws["a.py"] = "def f(): return 0\n"
    a = ws.start("a")
    f = a.f
    for number in range(1, 101):
        ws["a.py"] = f"def f(): return {number}\n"
        assert ws.reload().outcome == "patched"
        assert a.f is f
        assert f() == number
    ws.expect_unchanged({})


def test_back_and_forth_between_names(ws: Workspace) -> None:
    ws["a.py"] = "def f(): return 1\n"
    a = ws.start("a")
    for name in ("g", "f", "g", "f"):
        ws.expect_patched({"a.py": f"def {name}(): return 1\n"})
        assert vars(a)[name]() == 1
    ws.expect_patched({"a.py": "X = 1\n"})
    ws.expect_patched({"a.py": "def f(): return 2\n"})
    assert a.f() == 2


@pytest.fixture
def frozen_heap() -> Iterator[None]:
    """A host may put its heap out of the collector's sight: copy-on-write after a fork, shorter collections."""
    yield
    gc.unfreeze()


@pytest.mark.usefixtures("frozen_heap")
def test_a_copy_that_only_the_heap_knows_when_the_host_has_frozen_it(ws: Workspace) -> None:
    ws["a.py"] = "def f(): return 1\n"
    a = ws.start("a")
    copied = types.FunctionType(a.f.__code__, vars(a))
    gc.freeze()
    ws.expect_patched({"a.py": "def f(): return 2\n"})
    assert copied() == 2


@pytest.mark.usefixtures("frozen_heap")
def test_a_holder_of_what_moves_when_the_host_has_frozen_the_heap(ws: Workspace) -> None:
    ws.write({"a.py": "import b\nkept = []\ndef f(): return 1\n", "b.py": "def g(): return 0\n"})
    a = ws.start("a")
    a.kept.append(a.f)
    gc.freeze()
    moved = {"a.py": "from b import f\nkept = []\n", "b.py": "def g(): return 0\ndef f(): return 1\n"}
    ws.expect_rude(moved, "MPDT012")
