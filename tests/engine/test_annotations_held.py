"""The annotations of a class are a dict that others may hold, and look into on import."""

from __future__ import annotations

import pytest

from mpdt_hooks import Outcome
from tests.harness import Workspace

HEADS = ("", "import dataclasses\n@dataclasses.dataclass\n")
OLD = "class D:\n    f1: int = 1\n"
NEW = (
    "class D:\n    f2: int = 1\n",
    "class D:\n    f1: str = 1\n",
    "class D:\n    f1: int = 1\n    f2: int = 1\n",
    "class D:\n    f2: int = 1\n    f1: int = 1\n",
    "class D:\n    f1 = 1\n",
)
HOLDERS = (
    "obs = D.__annotations__",
    "obs = [D.__annotations__]",
    "obs = sorted(D.__annotations__)",
    "obs = len(D.__annotations__)",
    "obs = dict(D.__annotations__)",
    "obs = vars(D)['__annotations__']",
    "obs = getattr(D, '__annotations__')",
    "A = D\nobs = A.__annotations__",
    "import typing\nobs = typing.get_type_hints(D)",
    "import inspect\nobs = inspect.get_annotations(D)",
    "class E:\n    a = D.__annotations__",
    "def obs(a=D.__annotations__): return a",
    "class E(D):\n    __annotations__ = D.__annotations__",
)


@pytest.mark.parametrize("holder", HOLDERS)
@pytest.mark.parametrize("head", HEADS)
def test_who_holds_them_is_told_truthfully(ws: Workspace, head: str, holder: str) -> None:
    for number, new in enumerate(NEW):
        for there, before, after in (("there", OLD, new), ("back", new, OLD)):
            own = Workspace(ws.root / f"{there}{number}", ws._server)
            try:
                own["a.py"] = f"{head}{before}{holder}\n"
                if "vars(" in holder and ":" not in before.replace("class D:", ""):
                    continue  # a class without annotations has none in its namespace
                own.start("a")
                own.truthful({"a.py": f"{head}{after}{holder}\n"})
            finally:
                own.close()


@pytest.mark.parametrize("new", NEW)
@pytest.mark.parametrize("head", HEADS)
def test_the_dict_that_somebody_holds_has_the_new_ones(ws: Workspace, head: str, new: str) -> None:
    ws["a.py"] = f"{head}{OLD}obs = D.__annotations__\n"
    held = ws.start("a").obs
    assert ws.truthful({"a.py": f"{head}{new}obs = D.__annotations__\n"}).outcome is Outcome.PATCHED
    assert list(held) == [line.split(":")[0].strip() for line in new.splitlines()[1:] if ":" in line]


@pytest.mark.parametrize("heir", [False, True])
@pytest.mark.parametrize("holder", ["obs = D.__doc__", "obs = [D.__match_args__]", "class S:\n    d = D.__doc__"])
@pytest.mark.parametrize("new", NEW)
def test_what_a_dataclass_makes_of_its_fields(ws: Workspace, new: str, holder: str, heir: bool) -> None:
    below = "@dataclasses.dataclass\nclass E(D):\n    e: int = 3\n" if heir else ""
    text = below + holder.replace("D.", "E." if heir else "D.") + "\n"
    ws["a.py"] = HEADS[1] + OLD + text
    ws.start("a")
    ws.truthful({"a.py": HEADS[1] + new + text})
