"""Edits of a TOML text by place: what was asked for changes, and nothing else does."""

from __future__ import annotations

from typing import Any

import pytest
import tomlkit
from hypothesis import given, settings
from hypothesis import strategies as st

from mpdt.web import config_text
from mpdt.web.config_text import Edit, Impossible, edited, read_edits

TEXT = """\
# top
[general] # the section
# how many
count = 3  # three
name = "one"
words = [
  "a", # first
  "b",
]

# rules follow
[[rules]]
pattern = "x" # p

[[rules]]
pattern = 'y'
[rules.inner]
deep = 0x10

[after]
when = 2026-01-02
"""


def changed(*edits: Edit, text: str = TEXT) -> tuple[list[str], list[str]]:
    """The lines that went and came."""
    before, after = text.splitlines(), edited(text, edits).splitlines()
    return [line for line in before if line not in after], [line for line in after if line not in before]


def put(*place: Any, value: Any) -> Edit:
    return Edit(place, value)


@pytest.mark.parametrize(
    ("edit", "gone", "come"),
    [
        (put("general", "count", value=4), ["count = 3  # three"], ["count = 4  # three"]),
        (put("general", "name", value='it\'s "two"'), ['name = "one"'], ['name = "it\'s \\"two\\""']),
        (put("general", "new", value=True), [], ["new = true"]),
        (put("rules", 1, "inner", "deep", value=5), ["deep = 0x10"], ["deep = 5"]),
        (put("rules", 0, "pattern", value="q"), ['pattern = "x" # p'], ['pattern = "q" # p']),
        (put("other", "a", value=1.5), [], ["[other]", "a = 1.5"]),
        (put("other", "deep", "a", value=[1, 2]), [], ["[other.deep]", "a = [1, 2]"]),
        (Edit(("general", "name"), gone=True), ['name = "one"'], []),
        (Edit(("general", "nothing"), gone=True), [], []),
        (Edit(("nothing", "at", "all"), gone=True), [], []),
        (Edit(("rules", 0), gone=True), ['pattern = "x" # p'], []),
    ],
)
def test_only_what_was_asked_for_changes(edit: Edit, gone: list[str], come: list[str]) -> None:
    assert changed(edit) == (gone, come)


def test_a_new_value_stands_above_the_comment_of_the_next_section() -> None:
    lines = edited(TEXT, [put("general", "new", value=1)]).splitlines()
    assert lines.index("new = 1") < lines.index("# rules follow")


def test_entries_of_a_list_of_tables_come_and_go() -> None:
    text = edited(TEXT, [put("rules", 2, value={"pattern": "z", "inner": {"deep": 2}, "none": None})])
    assert tomlkit.parse(text).unwrap()["rules"][2] == {"pattern": "z", "inner": {"deep": 2}}
    assert text.replace('[[rules]]\npattern = "z"\n\n[rules.inner]\ndeep = 2\n\n', "") == TEXT
    assert edited(text, [Edit(("rules", 2), gone=True)]).split() == TEXT.split()


@pytest.mark.parametrize(
    ("text", "edit", "result"),
    [
        ("", put("a", "b", value=1), "[a]\nb = 1\n"),
        ("rules = []\n", put("rules", 0, value={"a": 1}), "rules = [{a = 1}]\n"),
        ("rules = []\n", put("rules", 0, "a", value=1), "rules = [{a = 1}]\n"),
        ("rules = [{a = 1}] # all\n", put("rules", 1, value={"a": 2}), "rules = [{a = 1}, {a = 2}] # all\n"),
        ("a.b.c = 2 # c\r\nd = 1\r\n", put("a", "b", "c", value=3), "a.b.c = 3 # c\r\nd = 1\r\n"),
        ("x = {a = 1}\n", put("x", "b", value={"c": 2}), "x = {a = 1,b = {c = 2}}\n"),
        ('"a key" = 1\n', put("a key", value=2), '"a key" = 2\n'),
    ],
)
def test_other_ways_of_writing_it(text: str, edit: Edit, result: str) -> None:
    assert edited(text, [edit]) == result


@pytest.mark.parametrize(
    "edit",
    [
        put("general", "count", "x", value=1),
        put("general", "count", value=None),
        put("general", 0, value=1),
        put("rules", 7, value={}),
        put("rules", 7, "x", value=1),
        put("rules", 0, value=3),
        put("rules", "x", value=3),
        put("general", "words", 9, value=3),
        put("general", value=object()),
        Edit(("rules", 7), gone=True),
        Edit(("general", "words", 7), gone=True),
    ],
)
def test_what_cannot_be_written_is_refused_with_a_sentence(edit: Edit) -> None:
    with pytest.raises(Impossible) as refused:
        edited(TEXT, [edit])
    assert str(refused.value)


def test_a_text_that_is_not_toml_is_refused() -> None:
    with pytest.raises(Impossible, match="line 1"):
        edited("a = ", [put("a", value=1)])


@pytest.mark.parametrize(
    "edits",
    [
        *("x", [1], [{}], [{"place": []}], [{"place": [1]}], [{"place": ["a", -1]}], [{"place": ["a", True]}]),
        *([{"place": ["a", 1.5]}], [{"place": ["a"] * 50}], [{"place": "a"}]),
    ],
)
def test_malformed_edits_are_refused(edits: Any) -> None:
    with pytest.raises(Impossible):
        read_edits(edits)


KEYS = st.sampled_from(["a", "b", "c", "a key", "数"])
LEAVES = st.one_of(st.integers(-9, 9), st.booleans(), st.text(max_size=4), st.lists(st.integers(0, 3), max_size=3))
TABLES = st.dictionaries(KEYS, LEAVES, max_size=3)
DATA = st.dictionaries(KEYS, st.one_of(LEAVES, TABLES, st.lists(TABLES, min_size=1, max_size=3)), max_size=4)
PLACES = st.lists(st.one_of(KEYS, st.integers(0, 2)), min_size=1, max_size=3).filter(lambda one: type(one[0]) is str)
EDITS = st.builds(
    lambda place, value, gone: Edit(tuple(place), value, gone), PLACES, st.one_of(LEAVES, TABLES), st.booleans()
)


def commented(data: dict[str, Any]) -> str:
    """The data with a comment at every line that has room for one."""
    lines = tomlkit.dumps(data).splitlines()
    return "".join(f"# before {number}\n{line} # at {number}\n" for number, line in enumerate(lines))


@given(DATA, st.lists(EDITS, min_size=1, max_size=3))
@settings(max_examples=60, deadline=None)
def test_an_edit_is_made_as_asked_or_refused_and_spoils_no_comment(data: dict[str, Any], edits: list[Edit]) -> None:
    text = commented(data)
    try:
        result = edited(text, edits)
    except Impossible:
        return
    for edit in edits[-1:]:
        found: Any = tomlkit.parse(result).unwrap()
        for part in edit.place[:-1]:
            found = found.get(part) if isinstance(found, dict) and edit.gone else found[part]
            if found is None:
                return
        last = edit.place[-1]
        if not edit.gone:
            assert found[last] == edit.value
        elif isinstance(found, dict):
            assert last not in found
    if all(is_plain(one) for one in edits):
        assert [line for line in text.splitlines() if line.startswith("#") and line not in result] == []


def is_plain(edit: Edit) -> bool:
    """A value that is no table, put below names only: then no comment on a line of its own may go."""
    return (
        not edit.gone and not isinstance(edit.value, dict) and len(edit.place) > 1 and 0 not in map(is_text, edit.place)
    )


def is_text(part: object) -> bool:
    return isinstance(part, str)


def test_the_result_is_read_again_and_a_slip_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """The proof is sabotaged: an edit that loses a neighbour must not come through."""
    put_named = config_text.put_named

    def losing(holder: Any, last: str, value: Any) -> None:
        put_named(holder, last, value)
        del holder["name"]

    monkeypatch.setattr(config_text, "put_named", losing)
    with pytest.raises(Impossible, match="without changing something else"):
        edited(TEXT, [put("general", "count", value=4)])
