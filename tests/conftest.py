"""Shared leak checks: whatever a test starts or installs is gone when it ends."""

from __future__ import annotations

import asyncio
import inspect
import os
import sys
import threading
import time
from collections.abc import AsyncIterator, Iterator
from functools import cache
from pathlib import Path

import pytest
import pytest_asyncio

# A relative entry would mean another folder to a worker, which starts in the plugin's: it would run another mpdt.
if "PYTHONPATH" in os.environ:
    os.environ["PYTHONPATH"] = os.pathsep.join(map(os.path.abspath, os.environ["PYTHONPATH"].split(os.pathsep)))

# Tests compare sentences; whoever runs them may speak another language.
os.environ["MPDT_LANG"] = "en"

GRACE = 2.0  # seconds that a thread which was told to end may take


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The engine's tests last: the others hold the long files, which wait, and would be left over at the end."""
    items.sort(key=lambda item: "engine" in item.path.parts)


@pytest.fixture(autouse=True)
def no_leaks(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Threads, meta-path entries, path entries and modules of temporary folders must not outlive a test."""
    base = tmp_path_factory.getbasetemp().resolve()
    if inspect.iscoroutinefunction(getattr(request, "function", None)):
        request.getfixturevalue("no_leaked_tasks")
    threads = set(threading.enumerate())
    finders, hooks, path = list(sys.meta_path), list(sys.path_hooks), list(sys.path)
    variables = environment()
    yield
    leaks = [f"thread {thread.name!r}" for thread in lasting(threads)]
    leaks += [f"meta-path entry {finder!r}" for finder in sys.meta_path if finder not in finders]
    leaks += [f"path hook {hook!r}" for hook in sys.path_hooks if hook not in hooks]
    leaks += [f"sys.path entry {entry!r}" for entry in sys.path if entry not in path]
    leaks += [f"module {name!r}" for name in modules_below(base)]
    leaks += [f"environment variable {name!r}" for name, _ in environment() ^ variables]
    sys.meta_path[:] = finders
    sys.path[:] = path
    for name in modules_below(base):
        del sys.modules[name]
    if leaks:
        pytest.fail("The test left behind: " + ", ".join(leaks), pytrace=False)


def environment() -> frozenset[tuple[str, str]]:
    """The environment variables, without the one in which pytest says what runs."""
    return frozenset((name, value) for name, value in os.environ.items() if name != "PYTEST_CURRENT_TEST")


@pytest_asyncio.fixture
async def no_leaked_tasks() -> AsyncIterator[None]:
    """No task but the fixture's own may run when an asynchronous test has ended."""
    yield
    deadline = time.monotonic() + GRACE
    while left := others():
        if time.monotonic() > deadline:
            pytest.fail("The test left tasks behind: " + ", ".join(repr(task) for task in left), pytrace=False)
        await asyncio.wait(left, timeout=deadline - time.monotonic())


def others() -> set[asyncio.Task[object]]:
    return asyncio.all_tasks() - {asyncio.current_task()}  # type: ignore[arg-type]


def lasting(before: set[threading.Thread]) -> list[threading.Thread]:
    deadline = time.monotonic() + GRACE
    for thread in set(threading.enumerate()) - before:
        thread.join(max(0.0, deadline - time.monotonic()))
    return [thread for thread in threading.enumerate() if thread not in before]


def modules_below(base: Path) -> list[str]:
    files = [(name, getattr(module, "__file__", None)) for name, module in list(sys.modules.items())]
    return [name for name, file in files if file and lies_below(str(file), base)]


@cache
def lies_below(file: str, base: Path) -> bool:
    """Remembered: of the more than a thousand modules of a test process each path takes 0.1 ms to resolve."""
    return Path(file).resolve().is_relative_to(base)
