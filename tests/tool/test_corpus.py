"""``benchmarks.corpus``: what it drives, and how it tells a plugin's own doing from what the simulated core lacks."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from benchmarks.corpus.__main__ import shares
from benchmarks.corpus.arguments import command_lines
from benchmarks.corpus.real import PROBE
from benchmarks.corpus.trial import Failure, Trial, try_plugin
from tests.tool.worker_kit import REPOSITORY, make_plugin

BOT = REPOSITORY / "tests" / "standins" / "neo"
PLUGIN = """
from src.app.plugin_system.base import BasePlugin, BaseTool, register_plugin


class Lost(BaseTool):
    tool_name = "lost"
    tool_description = "Asks for what no core has."

    async def execute(self) -> tuple[bool, str]:
        from src.app.plugin_system.base import NothingLikeIt
        return True, NothingLikeIt


@register_plugin
class ProbePlugin(BasePlugin):
    plugin_name = "probe"

    def get_components(self):
        return [Lost]
"""


def test_a_plugin_that_works_passes_every_step() -> None:
    trial = try_plugin(REPOSITORY / "examples" / "echo_plugin", sys.executable)
    assert trial.failures == []
    assert set(trial.steps.values()) == {True}
    assert (trial.driven, trial.components, trial.replying, trial.commands) == (5, 5, 1, 1)


def test_a_commands_pattern_is_tried_with_a_text_that_it_matches() -> None:
    trial = try_plugin(REPOSITORY / "examples" / "classic_plugin", sys.executable)
    assert trial.failures == []
    assert trial.replying == trial.commands > 0
    schema = {"pattern": r"^/a\s(\d+)$", "example": "/a 1"}
    assert command_lines({"name": "a", "schema": schema}) == ["/a 1", "/a 1 test"]


def test_what_the_real_core_lacks_too_is_the_plugins_own_doing(tmp_path: Path) -> None:
    folder = make_plugin(tmp_path, {"plugin.py": PLUGIN})
    trial = try_plugin(folder, sys.executable)
    assert [(one.step, one.own) for one in trial.failures] == [("driven", None)]
    assert (trial.verdict("driven"), trial.verdict("loads"), trial.verdict("answers")) == ("ours", "passed", None)
    sentences = [trial.failures[0].sentence, "'BaseTool' object has no attribute 'to_schema'", "it fell over"]
    done = subprocess.run(
        [sys.executable, str(PROBE), str(BOT), str(folder), json.dumps(sentences)],
        cwd=tmp_path,
        capture_output=True,
        check=True,
        text=True,
    )
    answer = json.loads(done.stdout.splitlines()[-1].removeprefix("mpdt:"))
    assert (answer["core"], answer["plugin"]) == (None, None)
    assert answer["found"] == ["src.app.plugin_system.base has no 'NothingLikeIt'", None, None]


def test_no_plugin_is_left_out_of_the_shares() -> None:
    passed = Trial("a", "neo", {**dict.fromkeys(Trial("", "").steps, True), "answers": None})
    own, ours = Trial("b", "neo"), Trial("c", "neo")
    own.fail("imports", "x")
    own.failures[0].own = "the real core says x too"
    ours.fail("imports", "y")
    ours.failures.append(Failure("driven", "z", own="proven"))
    assert (own.verdict("driven"), ours.verdict("driven"), ours.verdict("loads")) == ("own", "own", "ours")
    line = next(one for one in shares([passed, own, ours]) if one.startswith("imports"))
    assert line.split() == ["imports", "1", "1", "1", "3", "33.3", "%", "50.0", "%"]
