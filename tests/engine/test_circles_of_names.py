"""Names that are made from each other, in circles: the planner follows each once, and comes to an end."""

from __future__ import annotations

import pytest

from mpdt_hooks.early import early_anywhere
from mpdt_hooks.graph import Graph, ModuleView
from mpdt_hooks.outline import outline
from tests.engine.edits import Row, check, table
from tests.harness import Workspace

PARTS_OF_EACH_OTHER = """
def make(): return left.one.go() or right.two.go()
left = make() if LATE else right.first
right = left.second
LATE = 1
"""

CIRCLES = """
=== names that are bound from parts of each other
class Node:
    def __init__(self): self.child = self
    def go(self): return 1
left = Node()
right = left.child
left = right.child if left else right.child.child
def use(): return left.child.go() + right.child.go()
RESULT = use()
--->
class Node:
    def __init__(self): self.child = self
    def go(self): return 2
left = Node()
right = left.child
left = right.child if left else right.child.child
def use(): return left.child.go() + right.child.go()
RESULT = use()
"""


def test_what_is_needed_early_is_found_in_the_end() -> None:
    """It once made longer and longer names, until memory was full."""
    graph = Graph({"m": ModuleView("m", False, outline(PARTS_OF_EACH_OTHER))})
    assert early_anywhere(graph, "m") == {"LATE", "right"}


@pytest.mark.parametrize("row", table(CIRCLES))
def test_an_edit_comes_to_an_end(ws: Workspace, row: Row) -> None:
    check(ws, row)
