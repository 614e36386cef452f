"""The page speaks English and Chinese: every sentence has both."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from pathlib import Path

import pytest

from mpdt.worker.ledger import Action, Kind
from mpdt_hooks.model import ChangeKind, RunningKind

ROOT = Path(__file__).parents[2]
STATIC = ROOT / "mpdt" / "web" / "static"
SENTENCE = re.compile(r'\bt\(\s*("(?:[^"\\]|\\.)*")')
ENTRY = re.compile(r'^  ("(?:[^"\\]|\\.)*"):\s*("(?:[^"\\]|\\.)*")', re.MULTILINE)
NAMES = re.compile(r"\{\w+\}")


def modules() -> list[Path]:
    return [path for path in STATIC.rglob("*.js") if path.parent.name != "vendor"]


def said() -> set[str]:
    return {json.loads(match[1]) for path in modules() for match in SENTENCE.finditer(path.read_text("utf-8"))}


def translated() -> dict[str, str]:
    text = (STATIC / "core" / "zh.js").read_text("utf-8")
    return {json.loads(match[1]): json.loads(match[2]) for match in ENTRY.finditer(text)}


def test_every_sentence_has_its_chinese() -> None:
    assert said() - translated().keys() == set()


def test_no_chinese_without_its_sentence() -> None:
    assert translated().keys() - said() == set()


def test_both_have_the_same_values() -> None:
    for english, chinese in translated().items():
        assert sorted(NAMES.findall(english)) == sorted(NAMES.findall(chinese)), english


def test_every_sentence_is_a_literal() -> None:
    """A sentence that is put together cannot be looked up."""
    for path in modules():
        calls = re.findall(r"(?<![\w.])t\((?!\s*\")[^)]", path.read_text("utf-8"))
        assert [call for call in calls if path.name != "language.js"] == [], path.name


def phases() -> set[str]:
    """What the engine and the worker call the parts of a change's time."""
    sources = [*(ROOT / "hooks" / "mpdt_hooks").glob("*.py"), *(ROOT / "mpdt" / "worker").glob("*.py")]
    return {name for path in sources for name in re.findall(r'\b_?(?:laps\.)?lap\("(\w+)"', path.read_text("utf-8"))}


@pytest.mark.parametrize(
    ("table", "listed"),
    [("CHANGES", ChangeKind), ("PHASES", phases()), ("RUNNING", RunningKind), ("LEAKS", Kind), ("ACTIONS", Action)],
)
def test_every_short_word_of_an_event_can_be_said_in_chinese(table: str, listed: Iterable[str]) -> None:
    text = (STATIC / "parts" / "words.js").read_text("utf-8")
    found = re.search(rf"const {table} = \{{(.*?)\}};", text, re.DOTALL)
    assert found
    rows = re.findall(r'^  "?([^"]+?)"?: \(\) => t\("([^"]+)"\),$', found[1], re.MULTILINE)
    assert {name for name, _ in rows} == {str(one) for one in listed}
    assert all(name == english and translated()[english] != english for name, english in rows)
