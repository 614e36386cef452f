"""The log: as it comes, filtered, searched, paused, copied; bounded in the page, complete on the server."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Locator, expect

from tests.web.conftest import Site

COMMAND = '''
    @cmd_route("log")
    async def handle_log(self, level: str, text: str, times: int = 1) -> tuple[bool, str]:
        """Write to the log."""
        from src.app.plugin_system.api.log_api import get_logger

        for number in range(times):
            getattr(get_logger(text.split("-")[0]), level)(f"{text} {number}" if times > 1 else text)
        return True, ""

    @cmd_route("crash")
    async def handle_crash(self) -> tuple[bool, str]:
        """Fail."""
        raise ValueError("on purpose")

    async def _answer('''


@pytest.fixture(scope="module", autouse=True)
def talkative(module_site: Site) -> None:
    module_site.edit("components/command.py", "\n    async def _answer(", COMMAND)


@pytest.fixture
def log(site: Site) -> Iterator[Locator]:
    main = site.show("log")
    yield main
    site.page.fill("#log-search", "")
    site.page.get_by_label("Lowest level").select_option("INFO")
    site.page.get_by_label("Logger", exact=True).select_option("")


def line(site: Site, text: str) -> Locator:
    return site.page.locator(".line", has_text=text)


def test_lines_come_as_they_are_written(site: Site, log: Locator) -> None:
    site.dev.say("/echo log info fresh-line")
    expect(line(site, "fresh-line")).to_be_visible()
    expect(line(site, "fresh-line")).to_contain_text("INFO")


def test_levels(site: Site, log: Locator) -> None:
    site.dev.say("/echo log debug quiet-one")
    site.dev.say("/echo log error loud-one")
    expect(line(site, "loud-one")).to_be_visible()
    expect(line(site, "quiet-one")).to_have_count(0)
    site.page.get_by_label("Lowest level").select_option("DEBUG")
    expect(line(site, "quiet-one")).to_be_visible()
    site.page.get_by_label("Lowest level").select_option("ERROR")
    expect(line(site, "loud-one")).to_be_visible()
    expect(line(site, "quiet-one")).to_have_count(0)


def test_one_logger_and_search(site: Site, log: Locator) -> None:
    site.dev.say("/echo log info apple-red")
    site.dev.say("/echo log info pear-green")
    expect(line(site, "pear-green")).to_be_visible()
    site.page.get_by_label("Logger", exact=True).select_option("apple")
    expect(line(site, "apple-red")).to_be_visible()
    expect(line(site, "pear-green")).to_have_count(0)
    site.page.get_by_label("Logger", exact=True).select_option("")
    site.page.locator(".rows").focus()
    site.page.keyboard.press("/")
    site.page.keyboard.type("GREEN")
    expect(line(site, "pear-green")).to_be_visible()
    expect(line(site, "apple-red")).to_have_count(0)


def test_pause_holds_the_view_and_loses_nothing(site: Site, log: Locator) -> None:
    pause = site.page.locator(".tools button[aria-pressed]")
    pause.click()
    site.dev.say("/echo log info held-back")
    expect(pause.locator(".badge")).not_to_have_text("0")
    expect(line(site, "held-back")).to_have_count(0)
    pause.click()
    expect(line(site, "held-back")).to_be_visible()


def test_copy_takes_what_is_shown(site: Site, log: Locator) -> None:
    site.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    site.dev.say("/echo log warning copied-line")
    site.page.fill("#log-search", "copied-line")
    expect(line(site, "copied-line")).to_be_visible()
    site.page.get_by_role("button", name="Copy").click()
    expect(site.page.locator(".notice").last).to_contain_text("1 lines copied.")
    text = site.page.evaluate("navigator.clipboard.readText()")
    assert "WARNING" in text
    assert text.endswith("copied: copied-line")


def test_a_traceback_is_folded_and_leads_into_the_editor(site: Site, log: Locator) -> None:
    site.dev.say("/echo crash")
    folded = site.page.locator("details.line", has_text="ValueError: on purpose")
    expect(folded).to_be_visible()
    expect(folded.locator("pre")).not_to_be_visible()
    folded.locator("summary").click()
    expect(folded.locator("pre a.place").last).to_have_attribute(
        "href", f"vscode://file{site.folder}/components/command.py:{line_of(site, 'on purpose')}"
    )


def line_of(site: Site, text: str) -> int:
    lines = (site.folder / "components/command.py").read_text("utf-8").splitlines()
    return next(number for number, one in enumerate(lines, 1) if text in one)


def test_the_page_is_bounded_and_the_server_complete(site: Site, log: Locator) -> None:
    site.dev.say("/echo log info early-bird")
    for number in range(5):
        site.dev.say(f"/echo log info flood{number}- 500")
    expect(line(site, "flood4- 499")).to_be_visible()
    rows = site.page.locator(".rows .line").count()
    assert rows <= 2100
    expect(line(site, "early-bird")).to_have_count(0)
    site.page.fill("#log-search", "early-bird")
    site.page.get_by_role("button", name="Earlier lines").click()
    expect(line(site, "early-bird")).to_be_visible()
    found = site.dev.ask("GET", "/api/logs?search=flood")["logs"]
    assert len(found) == 2000
    older = site.dev.ask("GET", f"/api/logs?search=flood&before={found[0]['seq']}")["logs"]
    assert len(older) == 500
