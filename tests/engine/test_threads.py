"""Threads that read while a patch is applied never see it half done; ``refresh()`` is called from many at once."""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from mpdt_hooks import Outcome
from tests.harness import Workspace, explain


@contextmanager
def reading(read: Callable[[], object], threads: int = 2) -> Iterator[list[object]]:
    """What threads saw that is not None, while the block ran; of each thread the first."""
    seen: list[object] = []
    stop = threading.Event()

    def run() -> None:
        while not stop.is_set():
            got = read()
            if got is not None:
                seen.append(got)
                return

    workers = [threading.Thread(target=run, name=f"reader {n}") for n in range(threads)]
    for worker in workers:
        worker.start()
    try:
        yield seen
    finally:
        stop.set()
        for worker in workers:
            worker.join()


def source(count: int, version: int) -> str:
    return "".join(f"def f{n}(): return {version}\n" for n in range(count))


def torn(functions: list[Any]) -> Callable[[], object]:
    """Reads the last and then the first: new then old is possible only if a patch is seen half done."""
    first, last = functions[0], functions[-1]

    def read() -> object:
        late, early = last(), first()
        return (late, early) if late > early else None

    return read


def torn_downwards(functions: list[Any]) -> Callable[[], object]:
    first, last = functions[0], functions[-1]

    def read() -> object:
        early, late = first(), last()
        return (early, late) if early > late else None

    return read


@pytest.mark.parametrize("direction", [torn, torn_downwards])
def test_no_torn_read_of_two_hundred_functions(ws: Workspace, direction: Any) -> None:
    ws["a.py"] = source(200, 1)
    a = ws.start("a")
    functions = [vars(a)[f"f{n}"] for n in range(200)]
    # A plain loop is torn thousands of times in each try; a machine under load may take the lock away once in a while.
    for attempt in range(3):
        with reading(direction(functions)) as seen:
            for version in range(2 + 6 * attempt, 8 + 6 * attempt):
                ws["a.py"] = source(200, version)
                report = ws.reload()
                assert report.outcome is Outcome.PATCHED, explain(report)
        if not seen:
            break
    assert seen == []


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_no_torn_read_of_two_thousand_functions(ws: Workspace) -> None:
    ws["a.py"] = source(2000, 1)
    a = ws.start("a")
    functions = [vars(a)[f"f{n}"] for n in range(2000)]
    with reading(torn(functions), threads=4) as seen:
        for version in range(2, 102):
            ws["a.py"] = source(2000, version)
            assert ws.reload().outcome is Outcome.PATCHED
    assert seen == []


def test_new_code_never_runs_with_old_defaults(ws: Workspace) -> None:
    ws["a.py"] = "def f(x=1): return x, 1\n"
    a = ws.start("a")

    def read() -> object:
        default, code = a.f()
        return None if default == code else (default, code)

    with reading(read) as seen:
        for version in range(2, 17):
            ws["a.py"] = f"def f(x={version}): return x, {version}\n"
            assert ws.reload().outcome is Outcome.PATCHED
    assert seen == []


def test_a_removed_keyword_default_is_never_missed(ws: Workspace) -> None:
    ws["a.py"] = "def f(*, x=1): return x\n"
    a = ws.start("a")

    def read() -> object:
        try:
            return None if a.f() in (1, 2) else "another value"
        except TypeError as error:
            return str(error)

    with reading(read) as seen:
        for _ in range(6):
            ws["a.py"] = "def f(): return 2\n"
            assert ws.reload().outcome is Outcome.PATCHED
            ws["a.py"] = "def f(*, x=1): return x\n"
            assert ws.reload().outcome is Outcome.PATCHED
    assert seen == []


def test_a_constant_and_its_readers_change_together(ws: Workspace) -> None:
    many = "".join(f"N{n} = LIMIT + {n}\n" for n in range(150))  # for the patch to last longer than a usual turn
    text = f"LIMIT = {{0}}\n{many}DOUBLE = LIMIT * 2\nclass C:\n    x = LIMIT\n    def m(self, y=LIMIT): return y\n"
    ws["a.py"] = text.format(1)
    a = ws.start("a")
    names, cls = vars(a), a.C
    c = cls()

    def read() -> object:
        before = names["LIMIT"]
        got = (names["DOUBLE"] // 2, cls.x, c.m())
        return None if names["LIMIT"] != before or got == (before,) * 3 else (before, got)

    for attempt in range(3):  # as above: such a patch is one turn of 50 ms, which a busy machine may cut short
        with reading(read) as seen:
            for version in range(2 + 10 * attempt, 12 + 10 * attempt):
                ws["a.py"] = text.format(version)
                report = ws.reload()
                assert report.outcome is Outcome.PATCHED, explain(report)
        if not seen:
            break
    assert seen == []


def test_an_attribute_of_a_class_is_never_missing(ws: Workspace) -> None:
    text = "class C:\n    x = {0}\n    def m(self): return {0}\n    @property\n    def p(self): return {0}\n"
    ws["a.py"] = text.format(1)
    a = ws.start("a")
    c = a.C()

    def read() -> object:
        try:
            return None if c.x and c.m() and c.p else "empty"
        except AttributeError as error:
            return str(error)

    with reading(read) as seen:
        for version in range(2, 12):
            ws["a.py"] = text.format(version)
            assert ws.reload().outcome is Outcome.PATCHED
    assert seen == []


def test_refreshes_from_many_threads(ws: Workspace) -> None:
    ws["a.py"] = source(50, 1)
    a = ws.start("a")
    ws["a.py"] = source(50, 2)
    outcomes: list[str] = []
    workers = [threading.Thread(target=lambda: outcomes.append(ws.reload().outcome)) for _ in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert sorted(outcomes) == ["patched", "unchanged", "unchanged", "unchanged"]
    assert a.f49() == 2


def test_the_switch_interval_is_restored(ws: Workspace) -> None:
    ws["a.py"] = "X = 1\ndef f(): return 1\n"
    ws.start("a")
    before = sys.getswitchinterval()
    ws.expect_patched({"a.py": "X = 1\ndef f(): return 2\n"})
    assert sys.getswitchinterval() == before
    ws.expect_rejected({"a.py": "X = no_such_name\ndef f(): return 3\n"})
    assert sys.getswitchinterval() == before
