"""What the planner remembers changes none of its answers: they are those of one that finds everything out each time."""

from __future__ import annotations

import pytest

from mpdt_hooks.affected import Affected
from mpdt_hooks.graph import Graph
from mpdt_hooks.kept_objects import Held
from mpdt_hooks.plan import Planner
from tests.engine.plans import Case, _view, cases, planned, planner_of, shown
from tests.engine.test_plans import PLANS

SOURCE = "def f():\n    return 1\n\n\ndef g():\n    return f()\n"


def remember_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Affected, "value_changed", lambda self, m, n, depth=8: self._value_changed(m, n, depth))
    monkeypatch.setattr(Affected, "_forget", lambda self: (self._acting.clear(), self._not_acting.clear()))
    monkeypatch.setattr(Held, "leads", lambda self, m, n, depth=8: self._leads(m, n, depth))
    monkeypatch.setattr(Graph, "targets", lambda self, m, n: tuple(self._find_targets(m, n)))
    monkeypatch.setattr(Graph, "class_at", lambda self, m, path: self._find_class_at(m, path))
    monkeypatch.setattr(Graph, "statement_of_class", lambda self, m, n, depth=8: self._find_class(m, n, depth))


@pytest.mark.parametrize("case", cases(PLANS))
def test_a_planner_that_remembers_nothing_plans_the_same(case: Case, monkeypatch: pytest.MonkeyPatch) -> None:
    remember_nothing(monkeypatch)
    assert planned(case) == list(case.plan)


@pytest.mark.parametrize("case", cases(PLANS))
def test_a_plan_that_follows_another_is_the_one_that_is_made_from_nothing(case: Case) -> None:
    first, deltas = planner_of(case)
    first.plan(deltas)
    again = [(module, index) for module, places in first.reruns.items() for index in places]
    for settled in ([], *([one] for one in again), again):
        second = first.again(settled)
        whole = Planner(first.graph, first.old, first.paths, first.order, settled=settled)
        assert shown(second, second.plan(deltas)) == shown(whole, whole.plan(deltas))


def test_what_acts_differently_stays_so_and_what_does_not_is_asked_again(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[tuple[str, str]] = []
    find_out = Affected._acts_differently

    def spy(self: Affected, module: str, name: str) -> bool:
        asked.append((module, name))
        return find_out(self, module, name)

    monkeypatch.setattr(Affected, "_acts_differently", spy)
    affected = Affected(Graph({"a": _view("a.py", SOURCE, ("a",))}))
    assert not affected.acts_differently("a", "g")
    affected.add_behaviour("a", "f")
    assert affected.acts_differently("a", "g")
    affected.add_behaviour("a", "other")
    before = len(asked)
    assert affected.acts_differently("a", "g")
    assert len(asked) == before
