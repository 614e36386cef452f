"""Qualities of the whole page: keys, themes, languages, narrow screens, screen readers, reconnecting."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import Dev
from tests.web.conftest import Site

AUDIT = (Path(__file__).parent / "audit.js").read_text("utf-8")
LINE = 'return f"echo #{number}: {text}"'


def views(page: Page) -> list[str]:
    return [link.get_attribute("href") or "" for link in page.locator("nav a").all()]


def test_every_view_has_its_number_and_question_mark_lists_the_keys(site: Site) -> None:
    page = site.page
    for number, address in enumerate(views(page), 1):
        page.keyboard.press(str(number))
        expect(page.locator(f"nav a[href='{address}']")).to_have_attribute("aria-current", "page")
    page.keyboard.press("?")
    dialog = page.locator("dialog")
    expect(dialog).to_contain_text("Reload the whole plugin")
    expect(dialog.locator("kbd", has_text="R").first).to_be_visible()
    page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)


def test_keys_do_nothing_while_one_types(site: Site) -> None:
    site.show("chat")
    before = site.dev.state()["mode"]
    site.page.click("#draft")
    site.page.keyboard.type("prR?2")
    expect(site.page.locator("#draft")).to_have_value("prR?2")
    assert site.dev.state()["mode"] == before
    site.page.fill("#draft", "")
    site.page.keyboard.press("Escape")


def test_the_reload_key_reaches_the_worker(site: Site) -> None:
    site.show("timeline")
    before = site.dev.state()["instance_id"]
    site.page.keyboard.press("R")
    site.dev.reload()
    assert site.dev.state()["instance_id"] != before


def test_everything_is_reached_by_tab(site: Site) -> None:
    site.page.reload()
    site.show("chat")
    seen = set()
    for _ in range(40):
        site.page.keyboard.press("Tab")
        seen.add(
            site.page.evaluate("document.activeElement.id || document.activeElement.textContent.trim().slice(0, 20)")
        )
        outline = site.page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
        assert outline != "none" or site.page.evaluate("document.activeElement === document.body"), seen
    assert {"Skip to the content", "Chat", "Timeline", "Log", "draft", "Send"} <= seen


def test_the_skip_link_leads_to_the_content(site: Site) -> None:
    site.page.reload()
    site.show("timeline")
    site.page.keyboard.press("Tab")
    site.page.keyboard.press("Enter")
    assert site.page.evaluate("document.activeElement.id") == "main"
    expect(site.page.locator("nav a[href='#/timeline']")).to_have_attribute("aria-current", "page")


def test_theme_and_language_are_kept(site: Site) -> None:
    page = site.page
    site.show("timeline")
    page.keyboard.press("l")
    expect(page.locator("nav")).to_contain_text("时间线")
    assert page.evaluate("document.documentElement.lang") == "zh-CN"
    page.keyboard.press("d")
    page.keyboard.press("d")
    assert page.evaluate("document.documentElement.dataset.theme") == "dark"
    dark = page.evaluate("getComputedStyle(document.documentElement).backgroundColor")
    page.reload()
    expect(page.locator("nav")).to_contain_text("时间线")
    assert page.evaluate("getComputedStyle(document.documentElement).backgroundColor") == dark == "rgb(16, 17, 19)"
    page.keyboard.press("l")
    page.keyboard.press("d")
    expect(page.locator("nav")).to_contain_text("Timeline")


def test_a_browser_in_chinese_begins_in_chinese(another_page: Callable[..., Page]) -> None:
    page = another_page(locale="zh-CN")
    expect(page.locator("nav")).to_contain_text("聊天")
    assert not re.search(r"[A-Za-z]{3,}", page.locator("nav").inner_text())


def test_the_dark_system_is_followed(another_page: Callable[..., Page]) -> None:
    page = another_page(color_scheme="dark")
    assert page.evaluate("getComputedStyle(document.documentElement).backgroundColor") == "rgb(16, 17, 19)"


@pytest.fixture
def busy(site: Site) -> Dev:
    """Something to see in every view."""
    site.dev.say("/echo say hello")
    site.edit("text.py", LINE, 'return f"said {text}"')
    event = site.restore("text.py")
    assert event is not None
    return site.dev


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_contrast_and_names(busy: Dev, another_page: Callable[..., Page], scheme: str) -> None:
    """WCAG AA: text against its background, a name for whatever can be operated, one main heading, no broken ids."""
    page = another_page(color_scheme=scheme)
    for address in views(page):
        page.evaluate(f"location.hash = '{address}'")
        expect(page.locator(f"nav a[href='{address}']")).to_have_attribute("aria-current", "page")
        if address == "#/timeline":
            page.locator(".entry[data-outcome=patched] .summary").first.click()
            expect(page.locator(".difference .minus").first).to_be_visible()
        found: list[Any] = page.evaluate(AUDIT)
        assert found == [], (address, found)


def test_it_is_read_at_360_pixels(busy: Dev, another_page: Callable[..., Page]) -> None:
    page = another_page(viewport={"width": 360, "height": 640}, has_touch=True)
    for address in views(page):
        page.locator(f"nav a[href='{address}']").tap()
        expect(page.locator(f"nav a[href='{address}']")).to_have_attribute("aria-current", "page")
        if address == "#/timeline":
            page.locator(".entry[data-outcome=patched] .summary").first.tap()
            expect(page.locator(".difference .minus").first).to_be_visible()
        width = page.evaluate("[document.documentElement.scrollWidth, document.querySelector('main').scrollWidth]")
        assert max(width) <= 360, address
    page.locator("nav a[href='#/chat']").tap()
    page.fill("#draft", "/echo say small")
    page.get_by_role("button", name="Send", exact=True).tap()
    expect(page.locator(".reply").last).to_contain_text("small")
    assert busy.say("/echo last 1") == ["small"]


def test_a_screen_reader_hears_what_matters(busy: Dev, site: Site) -> None:
    page = site.page
    for role in ("banner", "navigation", "main", "contentinfo"):
        expect(page.get_by_role(role)).to_have_count(1)
    expect(page.locator(".status [aria-live=polite]")).to_contain_text("patched")
    site.edit("text.py", LINE, LINE[:-1])
    expect(page.get_by_role("alertdialog")).to_contain_text("SyntaxError")
    site.restore("text.py")
    expect(page.get_by_role("alertdialog")).to_have_count(0)


def test_it_reconnects_and_misses_nothing(site: Site, another_page: Callable[..., Page]) -> None:
    """The line is cut under the page, and things happen meanwhile."""
    page = another_page()
    position = "import('/static/core/stream.js').then(m => ({...m.position, now: m.connection.value}))"
    page.evaluate("location.hash = '#/log'")
    nowhere = "class { constructor() { setTimeout(() => this.onclose?.(), 1); } }"
    page.evaluate(f"() => {{ window.cut = WebSocket; window.WebSocket = {nowhere}; }}")
    # The stream that is open ends, and no other can be had until the wire is mended.
    page.evaluate("import('/static/core/stream.js').then(m => m.hangUp())")
    expect(page.locator(".light.warn")).to_be_attached()
    for number in range(30):
        site.dev.say(f"/echo say away{number}")
    event = site.edit("text.py", LINE, 'return f"meanwhile {text}"')
    assert page.evaluate(position)["seq"] < event["seq"]
    page.evaluate("() => { window.WebSocket = window.cut; }")
    expect(page.locator(".light.good")).to_be_attached()
    expect(page.locator(".status [data-seq]")).to_have_attribute("data-seq", str(event["seq"]))
    page.evaluate("location.hash = '#/chat'")
    for number in range(30):
        expect(page.locator("article.exchange", has_text=f"/echo say away{number}").first).to_be_attached()
    assert page.evaluate(position)["missed"] == 0
    site.restore("text.py")


def test_nothing_leaves_the_machine_and_nothing_is_inline(site: Site) -> None:
    """The policy is in force: the browser itself refuses what the page never asks for."""
    refused = site.page.evaluate(
        """async () => {
          const seen = [];
          document.addEventListener('securitypolicyviolation', (event) => seen.push(event.effectiveDirective));
          const script = document.createElement('script');
          script.textContent = 'window.inline = true';
          document.head.append(script);
          await fetch('http://127.0.0.2:9/').catch(() => {});
          const image = new Image();
          image.src = 'http://127.0.0.2:9/x.png';
          await new Promise((resolve) => { image.onerror = resolve; });
          return [window.inline ?? false, seen.sort()];
        }"""
    )
    assert refused == [False, ["connect-src", "img-src", "script-src-elem"]]
    assert site.page.evaluate("document.cookie") == ""  # HttpOnly
    site.faults.clear()  # the refusals are told on the console, as they should
