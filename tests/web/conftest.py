"""The page as a person sees it: a real browser, a real ``mpdt dev``, a copy of the example. One of each per module."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Locator, Page, expect, sync_playwright

from tests.e2e.conftest import EXAMPLE, Dev, Event

CHROMIUM = "/usr/bin/chromium"
ARGUMENTS = [
    "--no-sandbox",  # CI runs as root
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
DEADLINE = 10_000.0  # milliseconds


@dataclass
class Site:
    """A served plugin, and a page that shows it. ``faults``: what the browser's console said that is wrong."""

    dev: Dev
    page: Page
    faults: list[str]
    browser: Browser

    @property
    def folder(self) -> Path:
        return self.dev.folder

    def show(self, view: str) -> Locator:
        """Goes to a view; its content."""
        self.page.evaluate(f"location.hash = '#/{view}'")
        expect(self.page.locator(f"nav a[href='#/{view}']")).to_have_attribute("aria-current", "page")
        return self.page.locator("main")

    def edit(self, name: str, old: str, new: str) -> Event:
        """Saves an edit; the reload event."""
        return self.dev.edit(name, old, new)

    def restore(self, name: str) -> Event | None:
        """The file as the example has it, if it is not so already."""
        path, original = self.folder / name, EXAMPLE / name
        if path.read_bytes() == original.read_bytes():
            return None
        path.with_suffix(".tmp").write_bytes(original.read_bytes())
        path.with_suffix(".tmp").replace(path)
        return self.dev.reload()


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """Headless Chromium; tests without it are skipped, and say so.

    It goes with the last of these tests: while Playwright's loop runs in this thread, no asynchronous test can.
    """
    if not os.path.exists(CHROMIUM):
        pytest.skip(f"The page's tests need {CHROMIUM} (Debian's package chromium).")
    with sync_playwright() as playwright:
        expect.set_options(timeout=DEADLINE)
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield browser
        browser.close()


def is_fault(message: ConsoleMessage) -> bool:
    """A refusal (409) is an answer; Chromium calls it an error."""
    return message.type == "error" and "status of 409" not in message.text


def open_page(browser: Browser, dev: Dev, **options: object) -> tuple[Page, list[str]]:
    """A page in a profile of its own, opened as the terminal's address; and what its console will say that is wrong."""
    context = browser.new_context(**{"locale": "en-GB", "viewport": {"width": 1200, "height": 800}, **options})  # type: ignore[arg-type]
    context.set_default_timeout(DEADLINE)
    page = context.new_page()
    faults: list[str] = []
    page.on("console", lambda message: faults.append(message.text) if is_fault(message) else None)
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("request", lambda request: None if request.url.startswith(dev.url) else faults.append(request.url))
    page.goto(f"{dev.url}/?token={dev.token}")
    expect(page.locator(".light.good, .light.bad")).to_be_attached()
    return page, faults


@pytest.fixture(scope="module")
def options() -> tuple[str, ...]:
    """Of ``mpdt dev``; a module may have others."""
    return ("--patch-live", "--no-scenarios")


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory, options: tuple[str, ...]) -> Iterator[Dev]:
    """``mpdt dev`` on a copy of the example."""
    base = tmp_path_factory.mktemp("web").resolve()
    folder = base / "echo_plugin"
    shutil.copytree(EXAMPLE, folder, ignore=shutil.ignore_patterns("__pycache__", ".mpdt"))
    dev = Dev(folder, *options, runtime=base / "run")
    try:
        dev.ready()
        yield dev
    finally:
        dev.close()


@pytest.fixture(scope="module")
def module_site(browser: Browser, served: Dev) -> Iterator[Site]:
    page, faults = open_page(browser, served)
    yield Site(served, page, faults, browser)
    page.context.close()


@pytest.fixture
def site(module_site: Site) -> Iterator[Site]:
    """The module's page. Whatever the test, its console stays clean and no request leaves the server."""
    module_site.faults.clear()
    yield module_site
    assert module_site.faults == []


@pytest.fixture
def another_page(browser: Browser, served: Dev) -> Iterator[Callable[..., Page]]:
    """Opens further pages, each in a profile of its own."""
    pages: list[Page] = []

    def open_another(**options: object) -> Page:
        pages.append(open_page(browser, served, **options)[0])
        return pages[-1]

    yield open_another
    for page in pages:
        page.context.close()
