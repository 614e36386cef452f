"""Acting statements that only make named entries in the host's registers: they may run again, and be taken back."""

from __future__ import annotations

import importlib
import sys
from typing import Any

import pytest

from mpdt_hooks import Outcome
from tests.harness import Workspace

HOST = """
PROMPTS = {}
class Prompt:
    def __init__(self, text, name=None):
        PROMPTS[name] = text
Prompt.__mpdt_declares__ = lambda text, name=None: name
def unmarked(text, name): PROMPTS[name] = text
"""
IN_A_FUNCTION = """from a_host import Prompt, unmarked
def init():
    'Register.'
    Prompt('Hello {name}', 'greeting')
    Prompt('Bye', name='farewell')
init()
class C:
    def m(self): return 1
"""
BARE = "from a_host import Prompt\nPrompt('Hello {name}', 'greeting')\ndef f(): return 1\n"


@pytest.fixture
def prompts(ws: Workspace) -> dict[str, str]:
    """The host's register: the oracle compares it, too."""
    ws.write({"a_host.py": HOST, "p/__init__.py": ""})
    sys.path.insert(0, str(ws.root))
    found: dict[str, str] = importlib.import_module("a_host").PROMPTS
    sys.path.remove(str(ws.root))
    return found


def start(ws: Workspace, text: str) -> Any:
    ws["p/a.py"] = text
    return ws.start("p.a", root=ws.root / "p")


def test_a_text_in_the_function(ws: Workspace, prompts: dict[str, str]) -> None:
    a = start(ws, IN_A_FUNCTION)
    kept = a.C
    ws.expect_patched({"p/a.py": IN_A_FUNCTION.replace("Hello", "Good day")})
    assert prompts == {"greeting": "Good day {name}", "farewell": "Bye"}
    assert a.C is kept


def test_a_text_in_a_bare_call(ws: Workspace, prompts: dict[str, str]) -> None:
    start(ws, BARE)
    ws.expect_patched({"p/a.py": BARE.replace("Hello", "Good day")})
    assert prompts == {"greeting": "Good day {name}"}


def test_a_constant_that_is_declared(ws: Workspace, prompts: dict[str, str]) -> None:
    text = IN_A_FUNCTION.replace("'Hello {name}'", "HELLO").replace("def init", "HELLO = 'Hello'\ndef init")
    start(ws, text)
    ws.expect_patched({"p/a.py": text.replace("'Hello'", "'Good day'")})
    assert prompts["greeting"] == "Good day"


def test_one_more(ws: Workspace, prompts: dict[str, str]) -> None:
    start(ws, IN_A_FUNCTION)
    ws.expect_patched({"p/a.py": IN_A_FUNCTION.replace("init()\nclass", "    Prompt('Hm', 'doubt')\ninit()\nclass")})
    assert prompts == {"greeting": "Hello {name}", "farewell": "Bye", "doubt": "Hm"}


OTHERWISE = {
    "one more before another": ("    Prompt('Bye'", "    Prompt('Hm', 'doubt')\n    Prompt('Bye'"),
    "one fewer": ("    Prompt('Bye', name='farewell')\n", ""),
    "another name": ("'greeting'", "'welcome'"),
    "a name that is computed": ("'greeting'", "'greet' + 'ing'"),
    "a name that is looked up": ("'greeting'", "WHO"),
    "no name": (", 'greeting'", ""),
    "a call that is not marked": ("    Prompt('Hello", "    unmarked('Hello"),
    "a text that is computed": ("'Hello {name}'", "str(1)"),
    "something else beside": ("    Prompt('Bye'", "    print()\n    Prompt('Bye'"),
    "an argument": ("def init():", "def init(a=1):"),
    "a wrong argument": ("name='farewell'", "called='farewell'"),
    "starred arguments": ("'Hello {name}', 'greeting'", "*('Hello', 'greeting')"),
}


@pytest.mark.parametrize("what", OTHERWISE)
def test_anything_else_is_refused_before_it_runs(ws: Workspace, prompts: dict[str, str], what: str) -> None:
    a = start(ws, "WHO = 'greeting'\n" + IN_A_FUNCTION)
    before = dict(prompts)
    report = ws.truthful({"p/a.py": "WHO = 'greeting'\n" + IN_A_FUNCTION.replace(*OTHERWISE[what])})
    assert report.outcome is Outcome.STRUCTURAL
    assert [edit.code for edit in report.rude_edits] == ["MPDT001"]
    assert prompts == before
    assert a.C().m() == 1


def test_what_is_declared_by_other_code_now_is_refused(ws: Workspace, prompts: dict[str, str]) -> None:
    start(ws, IN_A_FUNCTION)
    new = IN_A_FUNCTION.replace("import Prompt, unmarked", "import Prompt as Old, unmarked as Prompt")
    assert ws.truthful({"p/a.py": new}).outcome is Outcome.STRUCTURAL
    assert prompts == {"greeting": "Hello {name}", "farewell": "Bye"}


@pytest.mark.parametrize("text", [IN_A_FUNCTION, BARE])
def test_entries_are_put_back_when_a_later_statement_fails(ws: Workspace, prompts: dict[str, str], text: str) -> None:
    start(ws, text)
    before = dict(prompts)
    ws.expect_rejected({"p/a.py": text.replace("Hello", "Good day") + "BROKEN = [][0]\n"}, "IndexError")
    assert prompts == before


def test_a_statement_that_was_not_there_before_is_refused(ws: Workspace, prompts: dict[str, str]) -> None:
    """more_itertools.recipes: it stands far below where the old file ends."""
    start(ws, "def init(): return 1\n")
    new = "def init(): return 2\n" + "\n" * 9 + "if init():\n    init()\nstr(init())\n"
    assert ws.truthful({"p/a.py": new}).outcome is Outcome.STRUCTURAL


HEAD = "from a_host import Prompt\n"
LATER = {
    "the same name below": "Prompt('Hello', 'greeting')\nPrompt('Welcome', 'greeting')\n",
    "a function below": "Prompt('Hello', 'greeting')\ndef init():\n    Prompt('Welcome', 'greeting')\ninit()\n",
    "a function that is called twice": "def init():\n    Prompt('Hello', 'greeting')\ninit()\n"
    "Prompt('Welcome', 'greeting')\n",
    "a loop below": "Prompt('Hello', 'greeting')\nfor text in ('Welcome',):\n    Prompt(text, 'greeting')\n",
    "another module": "Prompt('Hello', 'greeting')\nfrom p import b\n",
    "a function of another module": "Prompt('Hello', 'greeting')\nfrom p.b import init\ninit()\n",
}


@pytest.mark.parametrize("what", LATER)
def test_who_declares_the_same_later_has_the_last_word(ws: Workspace, prompts: dict[str, str], what: str) -> None:
    ws["p/b.py"] = HEAD + "def init():\n    Prompt('Welcome', 'greeting')\ninit()\n"
    start(ws, HEAD + LATER[what])
    assert prompts == {"greeting": "Welcome"}
    report = ws.truthful({"p/a.py": HEAD + LATER[what].replace("Hello", "Good day")})
    assert report.outcome is Outcome.STRUCTURAL
    assert prompts == {"greeting": "Welcome"}


def test_one_more_that_is_declared_further_down(ws: Workspace, prompts: dict[str, str]) -> None:
    text = IN_A_FUNCTION + "Prompt('Hm', 'doubt')\n"
    start(ws, text)
    report = ws.truthful({"p/a.py": text.replace("init()\nclass", "    Prompt('Oh', 'doubt')\ninit()\nclass")})
    assert report.outcome is Outcome.STRUCTURAL
    assert prompts["doubt"] == "Hm"


def test_who_declares_the_same_before_is_no_matter(ws: Workspace, prompts: dict[str, str]) -> None:
    text = HEAD + "Prompt('Welcome', 'greeting')\nPrompt('Hello', 'greeting')\nPrompt('Bye', 'farewell')\nstr(1)\n"
    start(ws, text)
    ws.expect_patched({"p/a.py": text.replace("Hello", "Good day")})
    assert prompts == {"greeting": "Good day", "farewell": "Bye"}
