"""The catalogue of rude edits: every entry is documented, and the documentation says what the code says, in both
languages."""

from __future__ import annotations

import gettext
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from mpdt import language
from mpdt_hooks.rude import CATALOGUE, RudeKind

DOCS = Path(__file__).resolve().parents[2] / "docs"
PAGE = (DOCS / "rude-edits.md").read_text(encoding="utf-8")
CHINESE_PAGE = (DOCS / "rude-edits.zh-CN.md").read_text(encoding="utf-8")
IN_CHINESE = gettext.translation("mpdt", language.FOLDER, ["zh_CN"]).gettext

Told = tuple[str, str, Callable[[str], str], str, str]
TOLD: list[Told] = [
    (PAGE, ": ", str, "Python forbids it.", "Not done yet."),
    (CHINESE_PAGE, "：", IN_CHINESE, "Python 不允许。", "目前还没有做到。"),
]


def test_codes_are_unique_and_in_order() -> None:
    codes = [kind.code for kind in CATALOGUE]
    assert codes == sorted(set(codes))


def section_of(kind: RudeKind, told: Told) -> str:
    page, colon, say, *_rest = told
    _before, found, section = page.partition(f"## {kind.code}{colon}{say(kind.title)}\n")
    assert found, f"the page has no section for {kind.code}"
    return re.split(r"\n## |\n# (?:Files|只在)", section)[0]


@pytest.mark.parametrize("told", TOLD, ids=["en", "zh"])
@pytest.mark.parametrize("kind", CATALOGUE, ids=lambda kind: kind.code)
def test_every_entry_has_its_section(kind: RudeKind, told: Told) -> None:
    _page, _colon, say, forbidden, not_yet = told
    section = section_of(kind, told)
    assert "```python" in section
    assert say(kind.why) in section
    assert say(kind.advice) in section
    assert (forbidden if kind.forbidden else not_yet) in section


@pytest.mark.parametrize("told", TOLD, ids=["en", "zh"])
def test_the_page_has_no_entry_that_is_gone(told: Told) -> None:
    assert told[0].count("\n## ") == len(CATALOGUE)


def test_both_pages_have_the_same_examples() -> None:
    examples = [re.findall(r"```python\n(.*?)```", page, re.DOTALL) for page in (PAGE, CHINESE_PAGE)]
    assert examples[0] == examples[1]
