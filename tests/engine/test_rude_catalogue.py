"""The catalogue of rude edits: every entry is documented, and the documentation says what the code says."""

from __future__ import annotations

from pathlib import Path

import pytest

from mpdt_hooks.rude import CATALOGUE, RudeKind

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "rude-edits.md").read_text(encoding="utf-8")


def test_codes_are_unique_and_in_order() -> None:
    codes = [kind.code for kind in CATALOGUE]
    assert codes == sorted(set(codes))


@pytest.mark.parametrize("kind", CATALOGUE, ids=lambda kind: kind.code)
def test_every_entry_has_its_section(kind: RudeKind) -> None:
    _, found, section = PAGE.partition(f"## {kind.code}: {kind.title}\n")
    assert found, f"docs/rude-edits.md has no section for {kind.code}"
    section = section.partition("\n## ")[0]
    assert "```python" in section
    assert kind.why in section
    assert kind.advice in section
    assert ("Python forbids it." if kind.forbidden else "Not done yet.") in section


def test_the_page_has_no_entry_that_is_gone() -> None:
    assert PAGE.count("\n## ") == len(CATALOGUE)
