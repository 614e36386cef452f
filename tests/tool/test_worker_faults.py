"""What may go wrong at each stage of a reload: the last good version serves, the next save is live."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.tool.worker_kit import REPOSITORY, WorkerProcess, edit, make_plugin, write

CODE = """
import asyncio
from src.app.plugin_system.api.send_api import send_text
from src.app.plugin_system.base import BaseCommand, BasePlugin, cmd_route, register_plugin


def decorate(function):
    return function


class ProbeCommand(BaseCommand):
    command_name = "probe"

    @cmd_route()
    @decorate
    async def handle(self):
        self.plugin.seen += 1
        await send_text(f"one {self.plugin.seen}", stream_id=self.stream_id)
        return True, ""


@register_plugin
class ProbePlugin(BasePlugin):
    plugin_name = "probe"

    def __init__(self, config=None):
        super().__init__(config)
        self.seen = 0

    def get_components(self):
        return [ProbeCommand]

    def mpdt_save_state(self):
        return "state"

    def mpdt_restore_state(self, state, schema):
        self.restored = state

    async def on_plugin_loaded(self):
        self.task = asyncio.create_task(self.run(), name="run")

    async def on_plugin_unloaded(self):
        self.task.cancel()

    async def run(self):
        await asyncio.Event().wait()


class Awkward:
    def __reduce_ex__(self, protocol):
        raise SystemExit
"""

# stage: what is put in place of what, and the error's type
REJECTED = {
    "compile": ("self.seen = 0", "self.seen = = 0", "SyntaxError"),
    "null byte": ("self.seen = 0", "self.seen = '\0'", "SyntaxError"),
    "import": ("def decorate", "import nonesuch\n\ndef decorate", "ModuleNotFoundError"),
    "import interrupts": ("def decorate", "raise KeyboardInterrupt\n\ndef decorate", "KeyboardInterrupt"),
    "import recurses": ("def decorate", "def f(): f()\nf()\n\ndef decorate", "RecursionError"),
    "decorator": ("    return function", "    return function.nothing", "AttributeError"),
    "class body": ('plugin_name = "probe"', 'plugin_name = "probe"\n    other = 1 / 0', "ZeroDivisionError"),
    "no plugin": ("@register_plugin\n", "# none\n", "WorkerError"),
    "constructor": ("self.seen = 0", "self.seen = 0\n        raise LookupError('no')", "LookupError"),
    "component list": ("return [ProbeCommand]", "return [ProbeCommand, undefined]", "NameError"),
    "restore hook": ("self.restored = state", "raise OSError('no')", "OSError"),
    "restore hook exits": ("self.restored = state", "raise SystemExit", "SystemExit"),
    "load hook": ("self.task = asyncio", "1 / 0\n        self.task = asyncio", "ZeroDivisionError"),
    "load hook exits": ("self.task = asyncio", "raise SystemExit\n        self.task = asyncio", "SystemExit"),
    "load hook after a task": ('name="run")', 'name="run")\n        raise ValueError', "ValueError"),
    "load hook is cancelled": ('name="run")', 'name="run")\n        raise asyncio.CancelledError', "CancelledError"),
}
SURVIVED = {  # faults of the version that goes: told, and no reason to keep it
    "unload hook": ("self.task.cancel()", "1 / 0"),
    "unload hook exits": ("self.task.cancel()", "raise SystemExit"),
    "save hook exits": ('return "state"', "raise SystemExit"),
    "save hook hangs": (
        'def mpdt_save_state(self):\n        return "state"',
        "async def mpdt_save_state(self):\n        await asyncio.Event().wait()",
    ),
    "saved object exits": ('return "state"', "return Awkward()"),
    "save hook": ('return "state"', "return 1 / 0"),
    "task swallows its cancellation once": (
        "await asyncio.Event().wait()",
        "try:\n            await asyncio.Event().wait()\n        except asyncio.CancelledError:\n            pass",
    ),
    "task fails when cancelled": (
        "await asyncio.Event().wait()",
        "try:\n            await asyncio.Event().wait()\n        finally:\n            1 / 0",
    ),
}


class Live:
    def __init__(self, worker: WorkerProcess, folder: Path) -> None:
        self.worker = worker
        self.folder = folder

    def reload(self) -> dict[str, object]:
        return self.worker.ask("reload", files=[str(self.folder / "plugin.py")])


@pytest.fixture
def live(tmp_path: Path) -> Iterator[Live]:
    folder = make_plugin(tmp_path, {"plugin.py": CODE})
    with WorkerProcess(environment={"XDG_CACHE_HOME": str(tmp_path / "cache")}) as worker:
        assert worker.ask("load", path=str(folder), core="simulated")["loaded"]
        yield Live(worker, folder)


@pytest.mark.parametrize("stage", REJECTED)
def test_a_new_version_that_fails_is_rejected(live: Live, stage: str) -> None:
    old, new, kind = REJECTED[stage]
    assert live.worker.say("/probe") == ["one 1"]
    edit(live.folder, old, new)
    report = live.worker.ask("reload", files=[])
    assert (report["outcome"], report["error"]["type"]) == ("rejected", kind)
    assert live.worker.say("/probe") == ["one 2"]
    state = live.worker.ask("state")
    assert [task["name"] for task in state["tasks"]] == ["run"]
    assert [one["name"] for one in state["components"]] == ["probe"]
    edit(live.folder, new, old)
    edit(live.folder, "one {self", "two {self")
    assert live.reload()["outcome"] == "reloaded"
    assert live.worker.say("/probe") == ["two 3"]


@pytest.mark.parametrize("stage", SURVIVED)
def test_an_old_version_that_fails_is_replaced_all_the_same(live: Live, stage: str) -> None:
    edit(live.folder, *SURVIVED[stage])
    assert live.reload()["outcome"] == "reloaded"
    assert live.worker.say("/probe") == ["one 1"]
    edit(live.folder, "one {self", "two {self")
    report = live.reload()
    assert (report["outcome"], report["restart"]) == ("reloaded", None)
    assert live.worker.say("/probe") == ["two 2"]


def test_a_version_that_fails_early_does_not_disturb_the_old_one(live: Live) -> None:
    """Until its load hook runs, the old version is not unloaded."""
    before = live.worker.ask("state")["tasks"]
    edit(live.folder, "self.task.cancel()", "print('unloaded')")
    edit(live.folder, "self.seen = 0", "self.seen = 1 / 0")
    assert live.reload()["outcome"] == "rejected"
    assert live.worker.ask("state")["tasks"] == before
    assert not live.worker.logs or all("unloaded" not in line["message"] for line in live.worker.logs)


def test_a_blocked_loop_is_reported_with_its_stack_and_again_when_it_turns(live: Live) -> None:
    edit(
        live.folder,
        "        self.plugin.seen += 1",
        "        __import__('time').sleep(1.8)\n        self.plugin.seen += 1",
    )
    live.reload()
    assert live.worker.say("/probe") == ["one 1"]
    blocked = live.worker.wait_for_log(f"at {live.folder / 'plugin.py'}:17 in ProbeCommand.handle")["message"]
    assert blocked.startswith("The plugin blocks its loop for 1.")
    assert "sleep(1.8)" in blocked
    assert "turns again" in live.worker.wait_for_log("turns again")["message"]


# Takes until it is told to go on, for then it was spoken of, however busy the machine is; and long enough for the loop
# to be found blocked.
SLOW = "import os, time\nwhile not os.path.exists(os.environ['GO_ON']):\n    time.sleep(0.01)\ntime.sleep(0.7)\n"
SLOW_HOOK = (
    "import os\n        while not os.path.exists(os.environ['GO_ON']):\n            await asyncio.sleep(0.01)\n        "
)
# What the simulated core itself imports: on a cold disk pydantic alone takes as long.
SLOW_PYDANTIC = (
    SLOW + "import sys\nsys.path.remove(__file__.rpartition('/')[0])\ndel sys.modules['pydantic']\nimport pydantic\n"
)


@pytest.mark.parametrize(
    ("module", "old", "new", "said"),
    [
        pytest.param(
            "half_slow", "import asyncio", "import asyncio, half_slow", "half_slow is being imported.", id="a library"
        ),
        pytest.param("pydantic", "", "", "pydantic is being imported.", id="the core's"),
        pytest.param(
            "x",
            "import asyncio",
            "import asyncio\nfrom . import slow",
            "probe_plugin.slow is being imported.",
            id="its own",
        ),
        pytest.param(
            "x",
            "self.task =",
            SLOW_HOOK + "self.task =",
            "it waits for on_plugin_loaded.",
            id="a hook",
        ),
    ],
)
def test_while_it_loads_only_that_is_said(tmp_path: Path, module: str, old: str, new: str, said: str) -> None:
    """A slow import blocks the loop, but nobody has to mend that."""
    folder = make_plugin(tmp_path, {"plugin.py": CODE.replace(old, new, 1), "slow.py": SLOW})
    library = tmp_path / "library"
    write(library, {"slow_library.py": SLOW, f"{module}.py": "import slow_library\n"})
    if module == "pydantic":
        write(library, {"pydantic.py": SLOW_PYDANTIC})
    path = os.pathsep.join([str(REPOSITORY), str(REPOSITORY / "hooks"), str(library)])
    go_on = tmp_path / "go_on"
    environment = {"XDG_CACHE_HOME": str(tmp_path / "cache"), "PYTHONPATH": path, "GO_ON": str(go_on)}
    with WorkerProcess(environment=environment) as worker:
        asked = worker.send("load", path=str(folder), core="simulated")
        while f"Still loading: {said}" not in [line["message"] for line in worker.logs]:
            worker.read()
        go_on.touch()
        response = worker.receive(asked)
        assert response.result is not None
        assert response.result["loaded"], response
        # Before it gets that far, a busy machine is elsewhere, and says where.
        lines = [line["message"] for line in worker.logs if not line["message"].startswith("Still loading")]
        assert not [line for line in lines if "loop" in line]


def test_a_change_that_waits_says_on_what(live: Live) -> None:
    edit(live.folder, "self.task.cancel()", "await asyncio.sleep(1.9)")
    live.reload()
    assert live.reload()["outcome"] == "reloaded"
    assert live.worker.wait_for_log("still waits for on_plugin_unloaded")


def test_how_it_performs_since_the_last_change_and_before(live: Live) -> None:
    for _ in range(3):
        live.worker.say("/probe")
    live.reload()
    live.worker.say("/probe")
    performance = live.worker.ask("state")["performance"]
    now, before = (performance[period]["probe:command:probe"] for period in ("handlers", "before"))
    assert (now["calls"], now["errors"], before["calls"]) == (1, 0, 3)
    assert 0 < before["p50"] <= before["p95"]
    assert set(performance["last_change"]["timings"]) >= {"compile", "build", "unload", "load"}
    assert performance["memory"] > 10_000_000
