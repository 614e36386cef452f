"""The question of the planner that all others stand on: does a name lead to something that acts differently?

Answers are remembered, and names lead to each other in circles: an answer must not depend on what was asked before.
"""

from __future__ import annotations

import random
from itertools import permutations

import pytest

from mpdt_hooks.affected import Affected
from mpdt_hooks.graph import Graph, ModuleView
from mpdt_hooks.outline import outline
from tests.engine.edits import Row, check, table
from tests.harness import Workspace

EDITS = """
=== a call of what calls itself through another, after a question that changes nothing
def a(n):
    return b(n) + c()

def b(n):
    return a(n - 1) if n else 0

def c():
    return 1

TABLE = {a: 1}
T = TABLE[a]
Y = b(1)
--->
def a(n):
    return b(n) + c()

def b(n):
    return a(n - 1) if n else 0

def c():
    return 2

TABLE = {a: 1}
T = TABLE[a]
Y = b(1)
>>> Y == 2
"""


@pytest.mark.parametrize("row", table(EDITS))
def test_an_answer_in_a_circle(ws: Workspace, row: Row) -> None:
    check(ws, row)


def _graph(calls: dict[str, tuple[str, ...]]) -> Graph:
    lines = [f"def {name}():\n    return [{', '.join(f'{one}()' for one in called)}]" for name, called in calls.items()]
    return Graph({"m": ModuleView("m", False, outline("\n".join(lines)))})


def _reaches(calls: dict[str, tuple[str, ...]], start: str, goal: str) -> bool:
    seen, pending = set(), [start]
    while pending:
        name = pending.pop()
        if name == goal:
            return True
        if name not in seen:
            seen.add(name)
            pending += calls[name]
    return False


def _disagreements(calls: dict[str, tuple[str, ...]], changed: str, asked: tuple[str, ...]) -> list[str]:
    affected = Affected(_graph(calls))
    affected.add_behaviour("m", changed)
    return [name for name in asked if affected.acts_differently("m", name) != _reaches(calls, name, changed)]


def test_whatever_was_asked_before() -> None:
    calls = {"a": ("b", "d", "c"), "b": ("a",), "d": ("b", "e"), "e": ("d",), "c": (), "z": ("e",)}
    for changed in calls:
        for asked in permutations(calls):
            assert not _disagreements(calls, changed, asked), (changed, asked)


@pytest.mark.parametrize("seed", range(60))
def test_on_graphs_made_at_random(seed: int) -> None:
    rng = random.Random(seed)
    names = [f"f{number}" for number in range(rng.randint(2, 12))]
    calls = {name: tuple(rng.sample(names, rng.randint(0, min(3, len(names))))) for name in names}
    for changed in names:
        asked = tuple(rng.sample(names, len(names)))
        assert not _disagreements(calls, changed, asked), (calls, changed, asked)
