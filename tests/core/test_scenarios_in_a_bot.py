"""``mpdt test --core``: the example's scenarios in copies of a real bot."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from core_kit import ECHO, files

pytestmark = [pytest.mark.core, pytest.mark.timeout(560)]


def test_the_examples_scenarios_pass_in_the_bot_and_leave_it_alone(
    serve: Callable[..., Any], neo: Path, neo_python: str, tmp_path: Path
) -> None:
    dev = serve(ECHO, "--core", str(neo), "--python", neo_python, answers=("agree", "decline"))
    dev.ready()
    dev.close()  # the licence has been agreed to
    before = files(neo)
    done = subprocess.run(
        [sys.executable, "-m", "mpdt", "test", str(ECHO), "--core", str(neo), "--python", neo_python, "--json"],
        env={**os.environ, "TMPDIR": str(tmp_path)},
        capture_output=True,
        check=False,
        text=True,
        timeout=500,
    )
    results = json.loads(done.stdout)["results"]
    assert [result["outcome"] for result in results] == ["passed"] * 5, results
    assert files(neo) == before
    assert list(tmp_path.glob("mpdt-test-*")) == []
