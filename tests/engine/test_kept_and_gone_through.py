"""Calls that keep what they are handed, and calls that go through it or copy from it."""

from __future__ import annotations

import pytest

from tests.harness import Workspace


@pytest.mark.parametrize("kind", ["set", "list", "tuple", "frozenset", "sorted"])
def test_the_members_of_an_enum_in_a_collection(ws: Workspace, kind: str) -> None:
    """structlog/processors.py: ``_all_parameters = set(CallsiteParameter)``."""
    text = "from enum import IntEnum\nclass E(IntEnum):\n    A = 1\n    B = 2\n"
    text += f"ALL = {kind}(E)\nclass C:\n    every = {kind}(E)\n"
    ws["a.py"] = text
    ws.start("a")
    ws.expect_patched({"a.py": text.replace("    B = 2\n", "    X = 5\n    B = 2\n")})
    assert ws.run("a", "len(ALL), len(C.every)") == (3, 3)


def test_what_an_instance_gives_when_it_is_gone_through(ws: Workspace) -> None:
    text = "class Box:\n    def __iter__(self): return iter((1, 2))\nBOX = Box()\nALL = list(BOX)\n"
    ws["a.py"] = text
    ws.start("a")
    ws.expect_patched({"a.py": text.replace("(1, 2)", "(1, 2, 3)")}, keep=("a:BOX",))
    assert ws.run("a", "ALL") == [1, 2, 3]


def test_functions_in_a_collection_are_the_ones_that_were_there(ws: Workspace) -> None:
    text = "def f(): return 1\nclass C:\n    def m(self): return 1\n"
    text += "TABLE = [f, C]\nALL = list(TABLE)\nTWO = list([f, C])\n"
    ws["a.py"] = text
    ws.start("a")
    ws.expect_patched({"a.py": text.replace("return 1", "return 2")}, keep=("a:TABLE", "a:ALL", "a:TWO"))
    assert ws.run("a", "ALL[0]()") == 2


@pytest.mark.parametrize("how", ["property", "staticmethod", "classmethod"])
def test_a_docstring_that_a_descriptor_has_copied(ws: Workspace, how: str) -> None:
    text = f"class C:\n    def _g(self=None):\n        'one'\n        return 1\n    x = {how}(_g)\n"
    ws["a.py"] = text
    ws.start("a")
    ws.truthful({"a.py": text.replace("'one'", "'two'")})
    ws.truthful({"a.py": text.replace("'one'", "'two'").replace("return 1", "return 2")})


@pytest.mark.parametrize("how", ["property", "staticmethod", "classmethod"])
def test_a_docstring_that_a_descriptor_has_copied_from_a_function_of_the_module(ws: Workspace, how: str) -> None:
    """werkzeug.datastructures.cache_control."""
    text = f"def g(a=None):\n    'one'\n    return 1\nclass C:\n    x = {how}(g)\n"
    ws["a.py"] = text
    ws.start("a")
    ws.expect_patched({"a.py": text.replace("'one'", "'two'")})
    ws.expect_patched({"a.py": text.replace("'one'", "'three'").replace("return 1", "return 2")})


@pytest.mark.parametrize("name", ["__new__", "__init_subclass__", "__class_getitem__"])
def test_a_method_that_the_class_makes_static_or_a_class_method_by_its_name(ws: Workspace, name: str) -> None:
    """tomlkit/items.py, jinja2/environment.py."""
    call = "super().__new__(cls)" if name == "__new__" else "None"
    text = f"class C:\n    def {name}(cls, a: int = 1):\n        'doc'\n        return {call}\n"
    ws["a.py"] = text
    ws.start("a")
    ws.truthful({"a.py": text.replace("a: int = 1", "a: str = '2'")})
    ws.truthful({"a.py": text.replace("'doc'", "'another'")})


def test_a_type_expression_is_the_same_while_its_classes_are(ws: Workspace) -> None:
    """rich.console.RenderResult."""
    text = "from typing import Iterable, Union\nclass Segment:\n    def m(self): return 1\n"
    text += "Text = Union[str, Segment]\nResult = Iterable[Text]\nclass Layout:\n    def m(self, a: Result): ...\n"
    ws["a.py"] = text
    ws.start("a")
    report = ws.expect_patched({"a.py": text.replace("return 1", "return 2")}, keep=("a:Result", "a:Text"))
    assert [str(change.ref) for change in report.changes] == ["a:Segment.m"]


def test_a_key_whose_hash_is_edited_finds_something_else(ws: Workspace) -> None:
    text = """
class Key:
    def __init__(self, n): self.n = n
    def __hash__(self): return 1
    def __eq__(self, other): return True
KEY = Key(1)
class Table:
    def __getitem__(self, key): return key == 5
TABLE = Table()
X = TABLE[KEY]
"""
    ws["a.py"] = text
    ws.start("a")
    ws.expect_patched({"a.py": text.replace("return True", "return False")}, keep=("a:KEY", "a:TABLE"))
    assert ws.run("a", "X") is False


def test_an_item_that_is_only_stored_is_the_one_that_was_there(ws: Workspace) -> None:
    """werkzeug._reloader.reloader_loops."""
    text = "class A:\n    def m(self): return 1\nclass B: ...\nLOOPS = {'a': A, 'b': B}\n"
    text += "LOOPS['auto'] = LOOPS['a']\nCHOSEN = LOOPS['a']\n"
    ws["a.py"] = text
    ws.start("a")
    ws.expect_patched({"a.py": text.replace("return 1", "return 2")}, keep=("a:LOOPS",))
    ws.truthful({"a.py": text.replace("'a': A", "'a': B")})


def test_a_parameter_that_is_named_globals(ws: Workspace) -> None:
    """jinja2.environment.Template."""
    ws["a.py"] = "A = 1\ndef f(globals): return sorted(globals)\nX = f({})\n"
    ws.start("a")
    ws.expect_patched({"a.py": "B = 1\nA = 2\ndef f(globals): return sorted(globals)\nX = f({})\n"})
