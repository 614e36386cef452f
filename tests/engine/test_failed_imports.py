"""A file that could not be imported because a library is not there, and that is edited."""

from __future__ import annotations

import sys

import pytest

from mpdt_hooks import Outcome
from tests.harness import Workspace

USER = "try:\n    from . import extra\nexcept ImportError:\n    extra = None\nX = 1\n"
EXTRA = (
    '"""What it is."""\nimport json\nfrom mpdt_not_there import (\n    reactor,\n)\nimport enum\n\ndef f(): return 1\n'
)
FAILS_AGAIN = {
    "a function": ("return 1", "return 2"),
    "what never runs": ("def f()", "print('never')\ndef f()"),
    "its docstring": ("What it is.", "What it was."),
    "an import below": ("import enum", "import enum, ast"),
    "an import above goes": ("import json\n", ""),
    "an import of what is there above": (
        "import json\n",
        "import json\nfrom collections.abc import Sequence\nimport sys\n",
    ),
    "only spaces": ("(\n    reactor,\n)", "(reactor)"),
}
MAY_NOT_FAIL = {
    "the import goes": ("from mpdt_not_there import (\n    reactor,\n)\n", ""),
    "another library": ("mpdt_not_there", "json"),
    "a call above": ("import json\n", "import json\nprint('on import')\n"),
    "another import above": ("import json\n", "import json\nimport mpdt_not_there_either\n"),
    "an import above of a name that is not there": (
        "import json\n",
        "import json\nfrom collections.abc import Nothing\n",
    ),
    "an import above of a module of its own": ("import json\n", "import json\nfrom pkg.other import X\n"),
    "a star import above": ("import json\n", "import json\nfrom json import *\n"),
    "it is tried now": (
        "from mpdt_not_there import (\n    reactor,\n)\n",
        "try:\n    from mpdt_not_there import reactor\nexcept ImportError:\n    pass\n",
    ),
    "it does not compile": ("return 1", "return ("),
    "an exit above": ("import json\n", "import json\nraise RuntimeError\n"),
}


def start(ws: Workspace) -> None:
    ws.write({"pkg/__init__.py": "", "pkg/a.py": USER, "pkg/extra.py": EXTRA, "pkg/other.py": "X = 1\n"})
    ws.start("pkg.a", "pkg.other")


@pytest.mark.parametrize("what", FAILS_AGAIN)
def test_it_fails_again(ws: Workspace, what: str) -> None:
    start(ws)
    ws.write(ws.replace("pkg/extra.py", *FAILS_AGAIN[what]))
    assert ws.reload(ws.path("pkg/extra.py")).outcome is Outcome.UNCHANGED
    ws.write({"pkg/a.py": USER.replace("X = 1", "X = 2"), **ws.replace("pkg/extra.py", "f()", "g()")})
    report = ws.reload(ws.path("pkg/extra.py"), ws.path("pkg/a.py"))
    assert report.outcome is Outcome.PATCHED
    assert ws.truthful({}).outcome is Outcome.UNCHANGED


@pytest.mark.parametrize("what", MAY_NOT_FAIL)
def test_it_may_not_fail(ws: Workspace, what: str) -> None:
    start(ws)
    ws.write(ws.replace("pkg/extra.py", *MAY_NOT_FAIL[what]))
    report = ws.reload(ws.path("pkg/extra.py"))
    assert [edit.code for edit in report.rude_edits] == ["MPDT020"]


def test_the_library_is_there_now(ws: Workspace) -> None:
    start(ws)
    ws.write({"mpdt_not_there.py": "reactor = 1\n", **ws.replace("pkg/extra.py", "return 1", "return 2")})
    report = ws.reload(ws.path("pkg/extra.py"))
    assert [edit.code for edit in report.rude_edits] == ["MPDT020"]


def test_another_module_of_the_plugins_has_failed(ws: Workspace) -> None:
    """That one may be mended; what would come then is not known."""
    ws.write({"pkg/__init__.py": "", "pkg/a.py": USER, "pkg/extra.py": "from . import deep\n", "pkg/deep.py": EXTRA})
    ws.start("pkg.a")
    ws["pkg/extra.py"] = "from . import deep\nX = 1\n"
    report = ws.reload(ws.path("pkg/extra.py"))
    assert [edit.code for edit in report.rude_edits] == ["MPDT020"]


def test_it_has_been_imported_since(ws: Workspace) -> None:
    start(ws)
    ws["mpdt_not_there.py"] = "reactor = 1\n"
    exec("from pkg import extra", {})
    assert ws.reloader is not None
    ws.write(ws.replace("pkg/extra.py", "return 1", "return 2"))
    assert ws.reload(ws.path("pkg/extra.py")).outcome is Outcome.PATCHED
    assert sys.modules["pkg.extra"].f() == 2
