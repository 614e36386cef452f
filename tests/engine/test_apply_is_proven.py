"""Apply is all or nothing, and proven: a step that fails or silently does nothing never yields a false ``patched``."""

from __future__ import annotations

import importlib
import inspect
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import Any

import pytest

import mpdt_hooks
from mpdt_hooks import Outcome, ReloadReport, oracle
from tests.harness import Workspace, explain

ENGINE = str(Path(mpdt_hooks.__file__).parent)
NO_STEPS = ("__init__", "__enter__", "__exit__", "load")
STEPS = ("patcher", "_jurigged", "graft", "classes", "fields", "forward")

BEFORE = {
    "a.py": """
        import functools
        from b import LIMIT, helper
        seen = []
        def deco(f):
            @functools.wraps(f)
            def wrapper(*a): return f(*a)
            return wrapper
        def gone(): return 0
        def f(x=LIMIT): return x, helper()
        @deco
        def g(x: int = 1): return x
        @functools.lru_cache
        def h(x): return x
        class C:
            size = LIMIT
            old = 1
            def m(self): return 1
            @property
            def p(self): return 1
            @staticmethod
            def s(): return 1
        """,
    "b.py": """
        from dataclasses import dataclass
        LIMIT = 1
        EXTRA = [LIMIT]
        def helper(): return 1
        @dataclass
        class P:
            x: int = 1
        """,
}
AFTER = {
    "a.py": """
        import functools, json
        from b import LIMIT, helper
        seen = []
        def deco(f):
            @functools.wraps(f)
            def wrapper(*a): return 'w', f(*a)
            return wrapper
        def added(): return 0
        def f(x=LIMIT, *, y=2): return x, y, helper()
        @deco
        def g(x: str = 2): return x, x
        @functools.lru_cache
        def h(x): return x + 1
        class C:
            size = LIMIT
            new = 2
            def m(self): return 2
            @property
            def p(self): return 2
            @staticmethod
            def s(): return 2
            def n(self): return 3
        """,
    "b.py": """
        from dataclasses import dataclass
        LIMIT = 2
        EXTRA = [LIMIT]
        def helper(): return 2
        @dataclass
        class P:
            x: int = 1
            y: int = 2
        """,
}


class Injected(Exception):
    """The failure that a test puts into the engine."""


@pytest.fixture
def plugin(ws: Workspace) -> Workspace:
    ws.write(BEFORE)
    ws.start("a")
    return ws


def try_refresh(ws: Workspace) -> ReloadReport | None:
    try:
        return ws.reload()
    except (Injected, KeyboardInterrupt):
        return None


def check_all_or_nothing(ws: Workspace, before: oracle.Description, report: ReloadReport | None, where: str) -> bool:
    """True if nothing has changed, False if everything has; anything between fails."""
    now = ws.describe()
    left = oracle.differences(now, before)
    if not left:
        assert report is None or report.outcome is not Outcome.PATCHED, f"{where}: patched, but nothing has changed"
        return True
    missing = oracle.differences(now, ws.fresh())
    assert not missing, f"{where}: {report and report.outcome}: neither old nor new:\n  " + "\n  ".join(missing[:8])
    assert report is None or report.outcome is Outcome.PATCHED, f"{where}: {explain(report)}, but all has changed"
    return False


def reset(ws: Workspace) -> None:
    ws.write(BEFORE)
    assert ws.reload().outcome is Outcome.PATCHED
    ws.write(AFTER)


def engine_code(name: str) -> bool:
    return name.startswith(ENGINE) and not name.endswith("oracle.py")


class LineTracer:
    """Raises at one line of the engine, the first time that it is reached after ``patcher.apply`` was entered."""

    def __init__(self, target: tuple[str, int] | None, error: type[BaseException]) -> None:
        self.target, self.error = target, error
        self.lines: dict[tuple[str, int], None] = {}
        self.depth = 0

    def calls(self, frame: FrameType, event: str, arg: Any) -> Any:
        code = frame.f_code
        if code.co_name == "apply" and code.co_filename.endswith("patcher.py"):
            self.depth += 1
            return self.outermost
        return self.inside if self.depth and engine_code(code.co_filename) else None

    def outermost(self, frame: FrameType, event: str, arg: Any) -> Any:
        if event == "return":
            self.depth -= 1
        return self.inside(frame, event, arg) and self.outermost

    def inside(self, frame: FrameType, event: str, arg: Any) -> Any:
        place = (Path(frame.f_code.co_filename).name, frame.f_lineno)
        if event == "line":
            self.lines[place] = None
            if place == self.target:
                self.target = None
                raise self.error(f"injected at {place}")
        return self.inside


@contextmanager
def traced(target: tuple[str, int] | None, error: type[BaseException] = Injected) -> Iterator[LineTracer]:
    tracer, before = LineTracer(target, error), sys.gettrace()
    sys.settrace(tracer.calls)
    try:
        yield tracer
    finally:
        sys.settrace(before)


def lines_of_apply(ws: Workspace) -> list[tuple[str, int]]:
    ws.write(AFTER)
    with traced(None) as tracer:
        report = ws.reload()
    assert report.outcome is Outcome.PATCHED, explain(report)
    reset(ws)
    return list(tracer.lines)


@pytest.mark.parametrize(
    ("error", "step"),
    [
        pytest.param(Injected, 29, id="an error at each 29th line"),
        pytest.param(KeyboardInterrupt, 53, id="an interrupt at each 53rd line"),
        pytest.param(Injected, 1, id="an error at each line", marks=pytest.mark.slow),
        pytest.param(KeyboardInterrupt, 1, id="an interrupt at each line", marks=pytest.mark.slow),
    ],
)
def test_a_failure_in_apply_leaves_everything_as_it_was(plugin: Workspace, error: type, step: int) -> None:
    lines = lines_of_apply(plugin)
    assert len(lines) > 50, "apply was not found"
    before = plugin.describe()
    for place in lines[::step]:
        with traced(place, error):
            report = try_refresh(plugin)
        if not check_all_or_nothing(plugin, before, report, f"{error.__name__} at {place}"):
            reset(plugin)
    assert plugin.reload().outcome is Outcome.PATCHED
    assert oracle.differences(plugin.describe(), plugin.fresh()) == ()


def is_step(value: object) -> bool:
    """A function that is called for what it does; a generator or a constructor that returns None proves nothing."""
    return inspect.isfunction(value) and not inspect.isgeneratorfunction(value) and value.__name__ not in NO_STEPS


def functions_of_steps() -> dict[str, tuple[Any, str, Callable[..., Any]]]:
    """Every function and method of the modules that touch live objects."""
    found: dict[str, tuple[Any, str, Callable[..., Any]]] = {}
    for module_name in STEPS:
        try:
            module = importlib.import_module(f"mpdt_hooks.{module_name}")
        except ImportError:
            continue
        for name, value in vars(module).items():
            if is_step(value) and value.__module__ == module.__name__:
                found[f"{module_name}.{name}"] = (module, name, value)
            elif inspect.isclass(value) and value.__module__ == module.__name__:
                methods = {key: item for key, item in vars(value).items() if is_step(item)}
                found |= {f"{module_name}.{name}.{key}": (value, key, item) for key, item in methods.items()}
    return found


def replace_everywhere(monkeypatch: pytest.MonkeyPatch, owner: Any, name: str, old: Any, new: Any) -> None:
    monkeypatch.setattr(owner, name, new)
    for module in [module for key, module in sys.modules.items() if key.startswith("mpdt_hooks")]:
        for key, value in list(vars(module).items()):
            if value is old:
                monkeypatch.setattr(module, key, new)


@pytest.mark.parametrize("step", functions_of_steps())
@pytest.mark.parametrize("how", ["nothing", pytest.param("raises", marks=pytest.mark.slow)])
def test_a_sabotaged_step_is_never_reported_as_patched(
    plugin: Workspace, monkeypatch: pytest.MonkeyPatch, step: str, how: str
) -> None:
    owner, name, old = functions_of_steps()[step]

    def sabotaged(*args: Any, **kwargs: Any) -> Any:
        if how == "raises":
            raise Injected
        return None

    before = plugin.describe()
    with monkeypatch.context() as patch:
        replace_everywhere(patch, owner, name, old, sabotaged)
        plugin.write(AFTER)
        try:
            report = plugin.reload()
        except Exception:  # noqa: BLE001 - a step that returns nothing may break the next with anything
            report = None
    check_all_or_nothing(plugin, before, report, f"{step}: {how}")


def test_a_function_whose_code_something_else_replaced_is_not_a_false_success(plugin: Workspace) -> None:
    f = plugin.get("a:f")
    f.__code__ = (lambda x=1: "foreign").__code__
    plugin.write(plugin.replace("a.py", "return x, helper()", "return 'mine'"))
    report = plugin.reload()
    assert plugin.run("a", "f()") == ("mine" if report.outcome == "patched" else "foreign")


def test_a_patch_that_runs_plugin_code_is_not_called_atomic(ws: Workspace) -> None:
    """Statements run in place, in a fresh process's order, so that what they call is new: no one moment for threads."""
    ws["a.py"] = "LIMIT = 1\ndef f(): return LIMIT\nX = f()\n"
    ws.start("a")
    assert not ws.expect_patched(ws.replace("a.py", "1", "2")).atomic
    assert ws.run("a", "X") == 2
    assert (
        ws.expect_patched(ws.replace("a.py", "def f(): return LIMIT", "def f(): return (lambda: LIMIT)()")).atomic
        is False
    )
    assert ws.expect_patched(ws.replace("a.py", "LIMIT = 2", "# moved\nLIMIT = 2")).atomic


def test_a_method_s_new_body_is_one_moment_for_all_threads(ws: Workspace) -> None:
    ws["a.py"] = "class C:\n    class Inner:\n        def g(self): return 1\n    def f(self): return 1\n"
    ws.start("a")
    assert ws.expect_patched(ws.replace("a.py", "return 1", "return 2")).atomic
