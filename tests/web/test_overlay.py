"""The overlay: what is wrong, where, and gone when it is mended."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import expect

from tests.web.conftest import Site

LINE = 'return f"echo #{number}: {text}"'


@pytest.fixture(autouse=True)
def mended(site: Site) -> Iterator[None]:
    yield
    site.restore("text.py")


def test_a_broken_file_is_shown_until_it_is_mended(site: Site) -> None:
    site.dev.say("/echo say before")
    event = site.edit("text.py", LINE, LINE[:-1])
    assert event["outcome"] == "rejected"
    overlay = site.page.locator(".overlay")
    expect(overlay.locator("h2")).to_contain_text("SyntaxError")
    expect(overlay).to_contain_text("the previous version serves on")
    expect(overlay.locator(".excerpt .here")).to_contain_text(LINE[:-1])
    expect(overlay.locator("a.place").first).to_have_attribute("href", f"vscode://file{site.folder}/text.py:9")
    assert site.dev.say("/echo last 1") == ["before"]  # it does
    assert site.restore("text.py") is not None
    expect(overlay).to_have_count(0)


def test_a_traceback_is_shown_by_frames(site: Site) -> None:
    raising = 'def fail() -> None:\n    raise RuntimeError("on purpose")\n\n\nfail()\nSHOUT = "!"'
    event = site.edit("text.py", 'SHOUT = "!"', raising)
    assert event["outcome"] == "rejected"
    overlay = site.page.locator(".overlay")
    expect(overlay.locator("h2")).to_contain_text("RuntimeError: on purpose")
    expect(overlay.locator(".frame").last).to_contain_text("fail")
    expect(overlay.locator(".frame").last.locator(".here")).to_contain_text('raise RuntimeError("on purpose")')
    overlay.get_by_text("The whole traceback").click()
    expect(overlay.locator(".whole pre")).to_contain_text("Traceback (most recent call last)")
    site.restore("text.py")
    expect(overlay).to_have_count(0)
    assert site.dev.say("/echo shout a")[0].endswith("A!")


def test_it_is_put_away_and_called_back(site: Site) -> None:
    site.edit("text.py", LINE, LINE[:-1])
    overlay = site.page.locator(".overlay")
    expect(overlay).to_be_visible()
    site.page.keyboard.press("Escape")
    expect(overlay).to_have_count(0)
    site.page.get_by_role("button", name="Show the error").click()
    expect(overlay).to_be_visible()
    site.page.keyboard.press("Escape")
    # Another error is news again.
    path = site.folder / "text.py"
    path.write_text(path.read_text("utf-8").replace("def shouted(", "def shouted(("), "utf-8")
    site.dev.reload()
    expect(overlay).to_be_visible()
    site.restore("text.py")
    expect(overlay).to_have_count(0)


def test_a_page_that_is_opened_later_shows_it_too(site: Site) -> None:
    site.edit("text.py", LINE, LINE[:-1])
    site.page.reload()
    expect(site.page.locator(".overlay h2")).to_contain_text("SyntaxError")
    site.restore("text.py")
    expect(site.page.locator(".overlay")).to_have_count(0)
