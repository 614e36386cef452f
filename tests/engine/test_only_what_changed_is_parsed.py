"""The outline of a new version is made from the lines that differ; it is the outline of the whole file."""

from __future__ import annotations

import ast
import random
from dataclasses import replace
from pathlib import Path

import pytest

from mpdt_hooks import classify as classifying
from mpdt_hooks.classify import Edit, EditKind, classify
from mpdt_hooks.outline import Outline, Statement, outline, split_lines
from mpdt_hooks.region import Region, update_outline

# Modules of classes, decorators, long strings and odd layout; ``hooks`` for the style of today.
FILES = [Path(module.__file__) for module in (ast, random, classifying)]
MEMBERS = ("new = 1", "# note", "@staticmethod", "pass", "def f(self): pass")
PROGRAM = '''
class Base:
    """Doc."""

    limit = 3

    @property
    def name(self):
        # why
        return """a
    b"""

    def plain(self):
        if self.limit:
            return 1
        return 2


class Other(Base):
    x = 1; y = 2
    def on_one_line(self): return self.x
    try:
        import json
    except ImportError:
        json = None

    class Inner:
        z = 1


def after(n):
    return n
'''


def normal(statement: Statement) -> Statement:
    """Without the order of what is a set."""
    return replace(
        statement, mentions=tuple(sorted(statement.mentions)), children=tuple(map(normal, statement.children))
    )


def assert_outlines_agree(old_text: str, new_text: str) -> Region:
    old, whole = outline(old_text), outline(new_text)
    old_lines, new_lines = split_lines(old_text), split_lines(new_text)
    new, region = update_outline(old, old_lines, new_lines)
    assert list(map(normal, new.statements)) == list(map(normal, whole.statements)), (old_text, new_text)
    everything = Region(0, len(old.statements), tuple(ast.parse(new_text).body))
    found, expected = (
        classify("m", old, old_lines, which, where).edits for which, where in ((new, region), (whole, everything))
    )
    assert sorted(map(summary, found)) == sorted(map(summary, expected)), (old_text, new_text)
    return region


def summary(edit: Edit) -> str:
    inner = sorted(map(summary, edit.inner))
    return f"{edit.kind.name} {edit.statement.name}{edit.statement.binds} {inner}"  # of twins either may be the new one


def edited(lines: list[str], chance: random.Random) -> list[str]:
    """A few lines deleted, repeated, moved, indented or replaced, close to each other."""
    result = list(lines)
    where = chance.randrange(len(result))
    for _ in range(chance.choice((1, 1, 1, 2, 3))):
        at = min(max(0, where + chance.randrange(-3, 4)), len(result) - 1)
        match chance.randrange(7):
            case 0:
                del result[at : at + chance.choice((1, 1, 2, 5))]
            case 1:
                result.insert(at, result[at])
            case 2:
                result.insert(
                    at, "    " + chance.choice(("new = 1", "# note", "@staticmethod", "pass", "def f(self): pass"))
                )
            case 3:
                result.insert(at, chance.choice(("new = 1", "# note", "", "class New: pass", "else:", "'''")))
            case 4:
                result[at] = "    " + result[at]
            case 5:
                result[at] = result[at].replace("1", "2").replace("self", "this", 1)
            case 6:
                block = result[at : at + 6]
                result[at + 6 : at + 6] = [line.replace("def ", "def new_") for line in block]
        if not result:
            return list(lines)
    return result


def compiles(text: str) -> bool:
    try:
        compile(text, "m.py", "exec", dont_inherit=True)
    except (SyntaxError, ValueError):
        return False
    return True


@pytest.mark.filterwarnings("ignore::SyntaxWarning")
@pytest.mark.parametrize("seed", range(6))
def test_random_edits_give_the_outline_of_the_whole_file(seed: int) -> None:
    chance = random.Random(seed)
    sources = [PROGRAM] * 3 + [path.read_text(encoding="utf-8") for path in FILES]
    inside = 0
    for _ in range(70):
        text = chance.choice(sources)
        lines = text.split("\n")
        start = chance.randrange(len(lines)) if len(lines) > 150 else 0
        piece = lines[start : start + 150]
        while not compiles("\n".join(piece)) and piece:
            piece = piece[1:]
        new = "\n".join(edited(piece or ["a = 1"], chance))
        if piece and compiles(new):
            inside += assert_outlines_agree("\n".join(piece), new).inner is not None
    assert inside  # the short way was taken at all; how often, the sources of each CPython say


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("        return 1\n", "        return 3\n"),  # in a method
        ("    limit = 3\n", "    limit = 4\n"),
        ("    limit = 3\n", ""),
        ("    limit = 3\n", "    limit = 3\n    # a comment\n"),
        ("    @property\n", ""),
        ("    def plain", "    @staticmethod\n    def plain"),
        (
            "        return 2\n",
            "        return 2\n\n    def added(self):\n        return 5\n",
        ),  # at the end of the class
        ("        z = 1\n", "        z = 2\n"),  # in a nested class
    ],
)
def test_an_edit_inside_of_a_class_is_looked_for_there(old: str, new: str) -> None:
    assert assert_outlines_agree(PROGRAM, PROGRAM.replace(old, new, 1)).inner is not None


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("class Base:", "class Base(Exception):"),
        ("class Other(Base):", "@decorate\nclass Other(Base):"),
        ("    x = 1; y = 2\n", "    x = 1; y = 3\n"),  # two members on a line
        ("        return 2\n", "        return 2\n\ndef between():\n    return 5\n"),
        ("def after(n):\n", "    class Late: pass\n\ndef after(n):\n"),
    ],
)
def test_an_edit_that_is_not_only_inside_is_looked_at_as_a_whole(old: str, new: str) -> None:
    assert_outlines_agree(PROGRAM, PROGRAM.replace(old, new, 1))


def test_a_member_that_swallows_the_next_one_is_not_taken_for_two() -> None:
    old = "class A:\n    def f(self):\n        return 1\n\n    x = 2\n"
    new = "class A:\n    def f(self):\n        return 1\n\n        x = 2\n"
    assert_outlines_agree(old, new)
    assert_outlines_agree(new, old)


def test_a_body_that_lost_its_def_belongs_to_the_member_before() -> None:
    old = "class A:\n    def f(self):\n        return 1\n\n    def g(self):\n        x = 2\n"
    assert_outlines_agree(old, old.replace("    def g(self):\n", ""))


def test_a_string_that_swallows_members_is_seen() -> None:
    old = "class A:\n    a = 1\n    '''\n    b = 2\n    '''\n    c = 3\n"
    new = old.replace("    a = 1\n", "    a = 1\n    '''\n", 1) + "    '''\n"
    assert_outlines_agree(old, new)


def test_only_the_members_that_differ_are_parsed(monkeypatch: pytest.MonkeyPatch) -> None:
    members = "".join(f"    def m{n}(self):\n        return {n}\n\n" for n in range(500))
    old_text = f"class Big:\n{members}"
    new_text = old_text.replace("return 250\n", "return 'other'\n")
    old: Outline = outline(old_text)
    parsed: list[int] = []
    parse = ast.parse
    monkeypatch.setattr(ast, "parse", lambda text: parsed.append(len(text.strip())) or parse(text))
    new, region = update_outline(old, split_lines(old_text), split_lines(new_text))
    delta = classify("m", old, split_lines(old_text), new, region)
    assert [(edit.kind, [inner.kind for inner in edit.inner]) for edit in delta.edits] == [
        (EditKind.CLASS, [EditKind.BODY])
    ]
    assert sum(parsed) < 1000
