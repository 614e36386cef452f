"""Fixtures of the engine's tests: a workspace a test, and nothing left behind by any."""

from __future__ import annotations

import gc
import os
import sys
import threading
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

HERE = Path(__file__).resolve()
if str(HERE.parents[2]) not in sys.path:  # with a bare ``pytest`` the repository is not importable
    sys.path.insert(0, str(HERE.parents[2]))

from mpdt_hooks import Outcome  # noqa: E402
from tests.engine.edits import TALLY, Must  # noqa: E402
from tests.harness import ForkServer, Workspace  # noqa: E402


@pytest.fixture(scope="session", autouse=True)
def cache_folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Bytecode of the tests' modules stays out of the user's cache."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CACHE_HOME", str(tmp_path_factory.mktemp("cache")))
        patch.setenv("LOCALAPPDATA", str(tmp_path_factory.mktemp("localappdata")))
        yield


@pytest.fixture(scope="session")
def server() -> Iterator[ForkServer]:
    server = ForkServer("pydantic", "asyncio", "dataclasses", "enum", "logging", "typing")
    yield server
    server.close()


@pytest.fixture
def ws(tmp_path: Path, server: ForkServer, no_leaks: None) -> Iterator[Workspace]:
    workspace = Workspace(tmp_path / "plugins", server)
    yield workspace
    workspace.close()


@pytest.fixture(autouse=True)
def no_leaks(tmp_path: Path) -> Iterator[None]:
    """Set up first and torn down last, so that it sees what every other fixture left.

    In place of the fixture of this name for all tests, which resolves the paths of all loaded modules (0.15 s).
    """
    before = _process_state(str(tmp_path))
    yield
    after = _process_state(str(tmp_path))
    for what, value in before.items():
        assert after[what] == value, f"the test left something behind in {what}"


def _process_state(folder: str) -> dict[str, object]:
    return {
        "threads": sorted(thread.name for thread in threading.enumerate()),
        "sys.meta_path": [repr(type(finder)) if not isinstance(finder, type) else finder for finder in sys.meta_path],
        "sys.path": list(sys.path),
        "sys.path_hooks": list(sys.path_hooks),
        "sys.modules": sorted(name for name, module in list(sys.modules.items()) if _lies_under(module, folder)),
        "the switch interval": sys.getswitchinterval(),
        "the garbage collector": (gc.isenabled(), gc.get_threshold(), gc.get_debug()),
        "the tracer": (sys.gettrace(), sys.getprofile()),
        "the environment": {name: value for name, value in os.environ.items() if name != "PYTEST_CURRENT_TEST"},
    }


def _lies_under(module: object, folder: str) -> bool:
    file = getattr(module, "__file__", None)
    return isinstance(file, str) and file.startswith(folder)


Tally = list[tuple[str, list[str]]]  # edits of good code: which, and the rude edits that it was refused for
_told: Tally = []  # by the processes of pytest-xdist


def tally() -> Tally:
    """What became of the tables' edits in this process."""
    return [
        (row.id, [edit.code for edit in report.rude_edits] if report.outcome is Outcome.STRUCTURAL else [])
        for row, report in TALLY
        if row.must not in (Must.REJECT, Must.REFUSE)
    ]


def pytest_sessionfinish(session: pytest.Session) -> None:
    output = getattr(session.config, "workeroutput", None)
    if output is not None:
        output["tally"] = tally()


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    _told.extend((one, list(codes)) for one, codes in getattr(node, "workeroutput", {}).get("tally", ()))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """How many edits of the tables were patched in place, and what the others were refused for."""
    rows = [*tally(), *_told]
    if not rows:
        return
    refused = [(one, codes) for one, codes in rows if codes]
    share = 100 * (1 - len(refused) / len(rows))
    terminalreporter.write_line(f"edits of good code: {len(rows)}, of these in place {share:.1f} %")
    for code, count in Counter(codes[0] for _, codes in refused).most_common():
        ids = [one for one, codes in refused if codes[0] == code]
        terminalreporter.write_line(f"  {code} {count}: " + "; ".join(ids))
