"""Code that runs while it is replaced: it is listed, it ends as it began, and its next call is the new code."""

from __future__ import annotations

import asyncio
import contextlib
import threading
from collections.abc import Iterator
from typing import Any

from mpdt_hooks import Outcome, ReloadReport, RunningKind
from tests.harness import Workspace, explain


def running(report: ReloadReport) -> set[tuple[str, str]]:
    return {(str(item.what), item.ref.qualname) for item in report.still_running}


def test_a_suspended_generator_is_listed_and_ends_as_it_began(ws: Workspace) -> None:
    ws["a.py"] = "def g():\n    yield 1\n    yield 'old'\n"
    a = ws.start("a")
    live = a.g()
    assert next(live) == 1
    report = ws.expect_patched({"a.py": "def g():\n    yield 1\n    yield 'new'\n"})
    assert (RunningKind.GENERATOR, "g") in running(report)
    assert next(live) == "old"
    assert list(a.g()) == [1, "new"]


def test_a_finished_generator_is_not_listed(ws: Workspace) -> None:
    ws["a.py"] = "def g():\n    yield 1\n"
    a = ws.start("a")
    held = a.g()
    assert list(held) == [1]
    report = ws.expect_patched({"a.py": "def g():\n    yield 2\n"})
    assert report.still_running == ()


def test_a_generator_of_other_code_is_not_listed(ws: Workspace) -> None:
    ws["a.py"] = "def g():\n    yield 1\ndef f(): return 1\n"
    a = ws.start("a")
    live = a.g()
    next(live)
    report = ws.expect_patched(ws.replace("a.py", "return 1", "return 2"))
    assert report.still_running == ()


def test_code_that_only_moved_meanwhile_is_listed_when_another_version_comes(ws: Workspace) -> None:
    ws["a.py"] = "def g():\n    yield 1\n    yield 'old'\n"
    a = ws.start("a")
    live = a.g()
    assert next(live) == 1
    assert ws.expect_patched({"a.py": "# moved\ndef g():\n    yield 1\n    yield 'old'\n"}).still_running == ()
    report = ws.expect_patched({"a.py": "# moved\ndef g():\n    yield 1\n    yield 'new'\n"})
    assert running(report) == {(RunningKind.GENERATOR, "g")}
    assert next(live) == "old"


def test_what_runs_the_first_version_is_listed_with_the_third(ws: Workspace) -> None:
    ws["a.py"] = "def g():\n    yield 1\ndef other(): return 1\n"
    a = ws.start("a")
    live = a.g()
    assert next(live) == 1
    for number in (2, 3):
        report = ws.expect_patched({"a.py": f"def g():\n    yield {number}\ndef other(): return 1\n"})
        assert running(report) == {(RunningKind.GENERATOR, "g")}
    assert list(live) == []
    assert ws.expect_patched({"a.py": "def g():\n    yield 4\ndef other(): return 1\n"}).still_running == ()


def test_nothing_runs(ws: Workspace) -> None:
    ws["a.py"] = "def f(): return 1\n"
    ws.start("a")
    assert ws.expect_patched({"a.py": "def f(): return 2\n"}).still_running == ()


async def settle() -> None:
    for _ in range(5):
        await asyncio.sleep(0)


@contextlib.contextmanager
def cancelled(*tasks: asyncio.Task[Any]) -> Iterator[None]:
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()


def test_a_loop_in_a_task_is_listed_by_the_tasks_name(ws: Workspace) -> None:
    ws["a.py"] = """
        import asyncio
        log = []
        async def work():
            log.append("old")
        async def loop(gate):
            while True:
                await gate.wait()
                gate.clear()
                await work()
                log.append("loop")
        """
    a = ws.start("a")

    async def main() -> None:
        gate = asyncio.Event()
        task = asyncio.create_task(a.loop(gate), name="the worker")
        with cancelled(task):
            gate.set()
            await settle()
            assert a.log == ["old", "loop"]
            edit = ws["a.py"].replace('"old"', '"new"').replace('"loop"', '"LOOP"')
            report = ws.expect_patched({"a.py": edit}, keep=("a:log",))
            assert [(r.what, r.ref.qualname, r.name) for r in report.still_running] == [
                (RunningKind.TASK, "loop", "the worker")
            ]
            gate.set()
            await settle()
            assert a.log[2:] == ["new", "loop"]

    asyncio.run(main())


def test_a_task_whose_inner_coroutine_is_replaced_is_listed(ws: Workspace) -> None:
    ws["a.py"] = """
        async def inner(gate):
            await gate.wait()
            return "old"
        async def outer(gate):
            return await inner(gate)
        """
    a = ws.start("a")

    async def main() -> None:
        gate = asyncio.Event()
        task = asyncio.create_task(a.outer(gate), name="nested")
        await settle()
        report = ws.expect_patched(ws.replace("a.py", "old", "new"))
        assert {(r.ref.qualname, r.name) for r in report.still_running} >= {("inner", "nested")}
        gate.set()
        assert await task == "old"
        assert await a.outer(gate) == "new"

    asyncio.run(main())


def test_a_coroutine_that_has_not_begun(ws: Workspace) -> None:
    ws["a.py"] = "async def f():\n    return 'old'\n"
    a = ws.start("a")
    waiting = a.f()
    ws.expect_patched(ws.replace("a.py", "old", "new"))
    assert asyncio.run(waiting) == "old"
    assert asyncio.run(a.f()) == "new"


def test_an_async_generator(ws: Workspace) -> None:
    ws["a.py"] = "async def g():\n    yield 1\n    yield 'old'\n"
    a = ws.start("a")

    async def main() -> list[Any]:
        live = a.g()
        first = await anext(live)
        report = ws.expect_patched(ws.replace("a.py", "old", "new"))
        assert "g" in {item.ref.qualname for item in report.still_running}
        return [first, await anext(live), [item async for item in a.g()]]

    assert asyncio.run(main()) == [1, "old", [1, "new"]]


def test_a_frame_on_the_stack_below_the_refresh(ws: Workspace) -> None:
    ws["a.py"] = "def f(call):\n    call()\n    return 'old'\n"
    a = ws.start("a")
    reports: list[ReloadReport] = []

    def edit() -> None:
        reports.append(ws.expect_patched(ws.replace("a.py", "old", "new")))

    assert a.f(edit) == "old"
    assert a.f(lambda: None) == "new"
    assert (RunningKind.FRAME, "f") in running(reports[0])


def test_a_thread_is_listed_by_its_name(ws: Workspace) -> None:
    ws["a.py"] = "def f(began, gate):\n    began.set()\n    gate.wait()\n    return 'old'\n"
    a = ws.start("a")
    began, gate, results = threading.Event(), threading.Event(), []
    thread = threading.Thread(target=lambda: results.append(a.f(began, gate)), name="the helper")
    thread.start()
    try:
        assert began.wait(10)
        report = ws.expect_patched(ws.replace("a.py", "old", "new"))
        assert (RunningKind.THREAD, "f", "the helper") in {
            (r.what, r.ref.qualname, r.name) for r in report.still_running
        }
    finally:
        gate.set()
        thread.join()
    assert results == ["old"]
    assert a.f(began, gate) == "new"


def test_a_refresh_from_within_plugin_code(ws: Workspace) -> None:
    """A plugin's own command may ask for a refresh; the frame that asked goes on."""
    ws["a.py"] = "def f(reload):\n    report = reload()\n    return report, 1\n"
    a = ws.start("a")
    ws["a.py"] = ws["a.py"].replace("report, 1", "report, 2")
    report, value = a.f(ws.reload)
    assert report.outcome is Outcome.PATCHED, explain(report)
    assert value == 1


def test_recursion_in_flight(ws: Workspace) -> None:
    ws["a.py"] = "def f(n, call):\n    if n == 2: call()\n    return ['old'] + (f(n - 1, call) if n else [])\n"
    a = ws.start("a")
    got = a.f(3, lambda: ws.expect_patched(ws.replace("a.py", "old", "new")))
    assert got == ["old", "old", "new", "new"]
