"""The deciding modules are gated by mutants: tests that pass whatever the code says are worth nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests import mutation


@pytest.mark.slow
@pytest.mark.timeout(0)
def test_the_mutants_of_the_deciding_modules_die(tmp_path: Path) -> None:
    assert mutation.main(["--folder", str(tmp_path / "mutants")]) == 0


def test_a_module_below_its_bar_is_told() -> None:
    found = {"plan": {"a": True, "b": False}, "classify": {"a": True}}
    assert mutation.judge(found, {"plan": 50, "classify": 100}) == []
    assert [text.partition(":")[0] for text in mutation.judge(found, {"plan": 51, "classify": 100})] == ["plan"]


def test_a_module_without_a_bar_has_to_kill_all() -> None:
    assert mutation.judge({"links": {"a": True, "b": False}}, {})


def test_of_the_planner_every_tenth_mutant_is_tried() -> None:
    planner = mutation.groups()["planner"]
    assert all((mutation.ROOT / "hooks" / "mpdt_hooks" / f"{module}.py").is_file() for module in planner.modules)
    found = {
        "plan": {"a__mutmut_5": True, "a__mutmut_6": False},
        "order": {"b__mutmut_15": False},
        "links": {"c_5": True},
    }
    assert planner.of(found) == {"a__mutmut_5": True, "b__mutmut_15": False}
    assert "mpdt_hooks.seeds.*5" in planner.patterns()
    assert mutation.groups(tenth=3)["planner"].of(found) == {}
    assert mutation.groups()["classify"].patterns() == ["mpdt_hooks.classify.*"]
