"""A function whose free variables change cannot take the new code: who holds the old one is forwarded, and told."""

from __future__ import annotations

import asyncio
import functools
import gc
import inspect
import weakref
from typing import Any

import pytest

from mpdt_hooks import Outcome, ReloadReport
from tests.harness import Workspace, explain

BEFORE = """
class B:
    def m(self, x=1): return x
    async def co(self): return 1
    def gen(self): yield 1
    async def agen(self): yield 1
    @classmethod
    def k(cls): return 1
    @property
    def p(self): return 1
class C(B):
    def m(self, x=1): return x
    async def co(self): return 1
    def gen(self): yield 1
    async def agen(self): yield 1
    @classmethod
    def k(cls): return 1
    @property
    def p(self): return 1
"""

GAINS = {
    "a method": ("    def m(self, x=1): return x\n", "    def m(self, x=1): return super().m(x), 'new'\n", (1, "new")),
    "a coroutine": (
        "    async def co(self): return 1\n",
        "    async def co(self): return await super().co(), 'new'\n",
        (1, "new"),
    ),
    "a generator": (
        "    def gen(self): yield 1\n",
        "    def gen(self): yield from super().gen(); yield 'new'\n",
        [1, "new"],
    ),
    "an asynchronous generator": (
        "    async def agen(self): yield 1\n",
        "    async def agen(self):\n        async for x in super().agen(): yield x\n        yield 'new'\n",
        [1, "new"],
    ),
}
NAMES = {"a method": "m", "a coroutine": "co", "a generator": "gen", "an asynchronous generator": "agen"}


async def collected(items: Any) -> list[Any]:
    return [item async for item in items]


def outcome_of(call: Any) -> Any:
    got = call()
    if inspect.iscoroutine(got):
        return asyncio.run(got)
    if inspect.isasyncgen(got):
        return asyncio.run(collected(got))
    return list(got) if inspect.isgenerator(got) else got


def last(text: str, old: str, new: str) -> str:
    head, _, tail = text.rpartition(old)
    return head + new + tail


def gained(ws: Workspace, kind: str) -> ReloadReport:
    old, new, _ = GAINS[kind]
    report = ws.truthful({"a.py": last(ws["a.py"], old, new)}, replaced=(f"a:C.{NAMES[kind]}",))
    if kind == "an asynchronous generator" and report.outcome is Outcome.STRUCTURAL:
        pytest.skip("what is sent into an asynchronous generator cannot be forwarded truthfully: refused")
    assert report.outcome is Outcome.PATCHED, explain(report)
    return report


@pytest.mark.parametrize("kind", GAINS)
def test_the_name_has_the_new_code(ws: Workspace, kind: str) -> None:
    ws["a.py"] = BEFORE
    a = ws.start("a")
    c = a.C()
    gained(ws, kind)
    assert outcome_of(getattr(c, NAMES[kind])) == GAINS[kind][2]


@pytest.mark.parametrize("kind", GAINS)
def test_who_held_the_old_one_gets_the_new_code_and_is_listed(ws: Workspace, kind: str) -> None:
    ws["a.py"] = BEFORE
    a = ws.start("a")
    name = NAMES[kind]
    function = vars(a.C)[name]
    bound, partial = getattr(a.C(), name), functools.partial(function, a.C())
    kinds = [check(function) for check in (inspect.iscoroutinefunction, inspect.isgeneratorfunction)]
    report = gained(ws, kind)
    assert outcome_of(bound) == GAINS[kind][2]
    assert outcome_of(partial) == GAINS[kind][2]
    assert [check(function) for check in (inspect.iscoroutinefunction, inspect.isgeneratorfunction)] == kinds
    if function is not vars(a.C)[name]:
        assert f"C.{name}" in {ref.qualname for ref in report.forwarded}


def test_a_forwarder_shows_the_new_signature_and_line(ws: Workspace) -> None:
    ws["a.py"] = BEFORE
    a = ws.start("a")
    held = a.C.m
    new = "    def m(self, x=1, *, y=2): return super().m(x), y\n"
    ws.truthful({"a.py": last("# moved\n" + ws["a.py"], "    def m(self, x=1): return x\n", new)}, replaced=("a:C.m",))
    assert list(inspect.signature(held).parameters) == ["self", "x", "y"]
    assert held.__code__.co_firstlineno == a.C.m.__code__.co_firstlineno
    assert held(a.C(), 5, y=6) == (5, 6)


def test_a_forwarder_is_forwarded_again(ws: Workspace) -> None:
    ws["a.py"] = BEFORE
    a = ws.start("a")
    held = a.C.m
    gained(ws, "a method")
    second = a.C.m
    ws.truthful({"a.py": BEFORE}, replaced=("a:C.m",))
    third = a.C.m
    ws.truthful({"a.py": last(BEFORE, "return x", "return super().m(x), 'again'")}, replaced=("a:C.m",))
    for function in (held, second, third, a.C.m):
        assert function(a.C()) == (1, "again")


def test_a_forwarder_follows_a_body_edit(ws: Workspace) -> None:
    ws["a.py"] = BEFORE
    a = ws.start("a")
    held = a.C.m
    gained(ws, "a method")
    ws.truthful(ws.replace("a.py", "'new'", "'newer'"))
    assert held(a.C()) == (1, "newer")


def test_nothing_leaks_when_nobody_holds_the_old_one(ws: Workspace) -> None:
    ws["a.py"] = BEFORE
    a = ws.start("a")
    old = weakref.ref(a.C.m)
    gained(ws, "a method")
    gc.collect()
    assert old() is None or old() is a.C.m
    module = weakref.ref(a)
    del a
    ws.close()
    ws._handle = None
    del ws.reloader
    gc.collect()
    ws.reloader = None
    assert module() is None


def test_class_methods_and_properties(ws: Workspace) -> None:
    ws["a.py"] = BEFORE
    a = ws.start("a")
    bound, c = a.C.k, a.C()
    text = last(
        last(BEFORE, "def k(cls): return 1", "def k(cls): return super().k(), 'new'"),
        "def p(self): return 1",
        "def p(self): return super().p, 'new'",
    )
    report = ws.truthful({"a.py": text}, replaced=("a:C.k", "a:C.p"))
    assert report.outcome is Outcome.PATCHED, explain(report)
    assert (a.C.k(), c.p) == ((1, "new"), (1, "new"))
    assert bound() == (1, "new")
