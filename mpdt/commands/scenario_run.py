"""A round of scenarios, as ``mpdt test`` and ``mpdt dev`` play it."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from mpdt.commands.scenario_stages import Stages
from mpdt.scenarios.model import Result, Scenario, summary
from mpdt.scenarios.play import play


async def run(
    plugin: Path,
    scenarios: list[Scenario],
    stages: Stages,
    tell: Callable[[Result], object] = lambda result: None,
) -> dict[str, Any]:
    """The summary. Also if it is cancelled, no stage is left."""
    began = time.perf_counter()
    try:
        results = await play(scenarios, stages.open, tell)
    finally:
        await stages.close()
    return summary(results, plugin, (time.perf_counter() - began) * 1000)
