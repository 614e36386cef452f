"""``globals()``, ``locals()``, ``vars()``, ``dir()``: a statement that takes all names depends on all of them."""

from __future__ import annotations

import pytest

from tests.harness import Workspace

RELABEL = """
from api import *
from api import __all__

__locals = locals()
for __name in __all__:
    setattr(__locals[__name], "__module__", "front")
"""
API = """
__all__ = ["stream"]

def stream(): return 1
"""


def test_a_loop_over_the_namespace_has_relabelled_the_function_that_is_made_again(ws: Workspace) -> None:
    """httpx/__init__.py."""
    ws["api.py"] = API
    ws["front.py"] = RELABEL
    ws.start("front")
    ws.expect_patched({"api.py": API.replace("return 1", "return 2")})
    edited = API.replace(
        "def stream(): return 1", "import contextlib\n\n@contextlib.contextmanager\ndef stream(): yield 1"
    )
    ws.expect_patched({"api.py": edited})
    assert ws.run("front", "stream.__module__") == "front"


def test_a_private_name_of_a_module_with_an_all_is_none_that_a_star_import_brings(ws: Workspace) -> None:
    ws["api.py"] = "import json\n" + API
    ws["front.py"] = RELABEL
    ws.start("front")
    ws.expect_patched({"api.py": "import json, ast\nHELP = 1\n" + API})
    ws.expect_patched({"api.py": API.replace('["stream"]', '["stream", "more"]') + "def more(): pass\n"})
    assert ws.run("front", "more.__module__") == "front"


@pytest.mark.parametrize("use", ["globals()['f']()", "SPACE['f']()", "call(SPACE['f'])", "[SPACE[n]() for n in ['f']]"])
def test_a_function_that_is_looked_up_and_called(ws: Workspace, use: str) -> None:
    text = f"def f(): return 1\ndef call(g): return g()\nSPACE = globals()\nX = {use}\n"
    ws["a.py"] = text
    ws.start("a")
    ws.truthful({"a.py": text.replace("return 1", "return 2")})


@pytest.mark.parametrize("call", ["globals()", "locals()", "vars()"])
def test_what_is_looked_up_in_the_namespace_is_looked_up_again(ws: Workspace, call: str) -> None:
    ws["a.py"] = f"LIMIT = 1\nTWICE = {call}['LIMIT'] * 2\n"
    ws.start("a")
    ws.expect_patched({"a.py": f"LIMIT = 5\nTWICE = {call}['LIMIT'] * 2\n"})
    assert ws.run("a", "TWICE") == 10


@pytest.mark.parametrize("call", ["globals()", "vars()", "dir()"])
def test_a_list_of_the_names_when_a_name_comes_or_goes(ws: Workspace, call: str) -> None:
    """A live namespace has the names that stand further down, too: the list cannot be made again in it."""
    text = f"pub1 = 1\ndef pub2(): pass\n__all__ = sorted(n for n in {call} if n.startswith('pub'))\npub9 = 1\n"
    ws["a.py"] = text
    ws.start("a")
    ws.expect_rude({"a.py": "def pub3(): pass\n" + text}, "MPDT011")
    ws.expect_rude({"a.py": text.replace("pub1 = 1", "pub1 = 2")}, "MPDT011")
    ws.expect_patched({"a.py": text.replace("pass", "return 1")})


@pytest.mark.parametrize(
    "listing", ["NAMES = sorted(globals())\n", "def names(): return sorted(globals())\nNAMES = names()\n"]
)
def test_a_name_that_would_stand_elsewhere_in_a_fresh_namespace(ws: Workspace, listing: str) -> None:
    text = "A = 1\nB = 2\ndef f(): return 1\n" + listing
    ws["a.py"] = text
    ws.start("a")
    ws.expect_rude({"a.py": text.replace("B = 2", "C = 3\nB = 2")}, "MPDT011")
    ws.expect_rude({"a.py": text.replace("A = 1\nB = 2\n", "B = 2\nA = 1\n")}, "MPDT011")
    ws.expect_rude({"a.py": text.replace("A = 1\n", "")}, "MPDT011")
    ws.truthful({"a.py": text.replace("return 1", "return 2")})


def test_a_function_that_lists_the_names_when_it_is_called(ws: Workspace) -> None:
    text = "A = 1\ndef names(): return [n for n in globals() if n.isupper()]\n"
    ws["a.py"] = text
    ws.start("a")
    ws.expect_patched({"a.py": text + "LATER = 1\n"})
    assert ws.run("a", "names()") == ["A", "LATER"]
    ws.expect_rude({"a.py": "FIRST = 1\n" + text + "LATER = 1\n"}, "MPDT011")


def test_a_function_that_looks_into_globals_gives_another_result(ws: Workspace) -> None:
    text = "LIMIT = 1\ndef find(name): return globals()[name]\nFOUND = find('LIMIT')\n"
    ws["a.py"] = text
    ws.start("a")
    ws.expect_patched({"a.py": text.replace("LIMIT = 1", "LIMIT = 2")})
    assert ws.run("a", "FOUND") == 2


def test_a_class_body_that_looks_into_its_own_names(ws: Workspace) -> None:
    text = "class C:\n    LIMIT = 1\n    TWICE = locals()['LIMIT'] * 2\n"
    ws["a.py"] = text
    ws.start("a")
    ws.expect_patched({"a.py": text.replace("LIMIT = 1", "LIMIT = 2")})
    assert ws.run("a", "C.TWICE") == 4


def test_a_dispatch_table_made_from_globals_has_the_new_functions(ws: Workspace) -> None:
    text = "def on_a(): return 1\nTABLE = {n: f for n, f in list(globals().items()) if n.startswith('on_')}\n"
    ws["a.py"] = text
    ws.start("a")
    ws.expect_patched({"a.py": text.replace("return 1", "return 2")}, keep=("a:TABLE",))
    assert ws.run("a", "TABLE['on_a']()") == 2
    ws.expect_rude({"a.py": "def on_b(): return 3\n" + text.replace("return 1", "return 2")})


def test_names_that_come_by_a_star_import_and_did_not_change_are_not_new_values(ws: Workspace) -> None:
    ws["api.py"] = "LIMIT = 1\nOTHER = [0]\n"
    ws["front.py"] = "from api import *\nSTATE = [OTHER]\nTWICE = LIMIT * 2\n"
    ws.start("front")
    ws.expect_patched({"api.py": "LIMIT = 2\nOTHER = [0]\n"}, keep=("front:STATE", "front:OTHER"))
    assert ws.run("front", "TWICE") == 4
