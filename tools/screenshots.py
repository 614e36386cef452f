"""The pictures of docs/web-interface.md: every view of the page with something in it, in both languages.

``python -m tools.screenshots`` from the root of the repository, with Chromium at hand.
"""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from tests.e2e.conftest import EXAMPLE, Dev
from tests.web.conftest import ARGUMENTS, CHROMIUM, open_page

PICTURES = Path(__file__).parents[1] / "docs" / "images"
LOOKS = (("en", "en-GB", "light"), ("zh", "zh-CN", "dark"))
SIZE = {"width": 1180, "height": 740}
LINE = 'return f"echo #{number}: {text}"'


def set_the_scene(dev: Dev) -> None:
    """A little history: messages, a patch, a reload with its reason, a message again."""
    dev.say("/echo say hello 2")
    dev.say("/echo shout tea")
    dev.edit("text.py", LINE, 'return f"echo no. {number}: {text}"')
    dev.ask("POST", "/api/again")
    dev.edit("text.py", 'SHOUT = "!"', 'SHOUT = "!!"')
    dev.ask("POST", "/api/again")
    dev.edit("text.py", 'SHOUT = "!!"', 'SHOUT = "!!"\nprint("shouting", SHOUT)')
    dev.say("/echo say done")


def take(page: Page, name: str) -> None:
    page.mouse.move(0, 0)
    page.screenshot(path=PICTURES / f"web-{name}.png", animations="disabled")


def take_views(page: Page, language: str) -> None:
    for link in page.locator("nav a").all():
        view = (link.get_attribute("href") or "").removeprefix("#/")
        page.evaluate(f"location.hash = '#/{view}'")
        page.wait_for_selector(f"nav a[href='#/{view}'][aria-current]")
        if view == "timeline":
            page.locator(".entry[data-outcome=patched] .summary").last.click()
            page.wait_for_selector(".difference .lines")
        if view == "state":
            take_state(page, language)
            continue
        if view == "config":
            page.wait_for_selector(".fields")
        if view == "log":  # a slow start is told with places on this machine: not in a picture
            page.fill("#log-search", "echo")
        page.wait_for_load_state("networkidle")
        take(page, f"{view}-{language}")


def take_state(page: Page, language: str) -> None:
    """A tool called by its form; the plugin's values; handlers before and after a change."""
    page.evaluate("location.hash = '#/state/components/tool%3Acount_words'")
    page.fill(".call input", "one two two three")
    page.click(".call button.primary")
    page.wait_for_selector(".answer .result")
    take(page, f"state-{language}")
    page.evaluate("location.hash = '#/state/values'")
    for name in ("plugin", "config", "echo"):
        page.locator("[role=treeitem]", has=page.locator(f"> .leaf .name:text-is('{name}')")).first.locator(
            "> .leaf"
        ).click()
    page.locator("[role=treeitem]", has_text="echo_plugin.state").last.locator("> .leaf").click()
    page.wait_for_selector("[role=treeitem]:has-text('said')")
    take(page, f"values-{language}")
    page.evaluate("location.hash = '#/state/performance'")
    page.wait_for_selector(".handlers tbody tr")
    page.wait_for_timeout(12_000)  # there is to be something to see in the charts
    take(page, f"performance-{language}")


def take_conflict(page: Page, dev: Dev, language: str) -> None:
    """The file is saved by hand while it is being edited."""
    file = Path(dev.state()["config_path"])
    before = file.read_text("utf-8")
    page.evaluate("location.hash = '#/config'")
    page.fill("#config-echo-limit", "7")
    page.wait_for_selector(".config button.primary:enabled")
    file.write_text(before.replace('separator = " "', 'separator = ", "'), "utf-8")
    page.wait_for_selector("[role=alert] .lines")
    take(page, f"conflict-{language}")
    page.click("#take-theirs")
    file.write_text(before, "utf-8")
    for _ in range(2):  # the edit, and its taking back
        dev.wait(lambda event: event["event"] == "reload" and event.get("config"))
    dev.say("/echo say done")


def main() -> None:
    PICTURES.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as name, sync_playwright() as playwright:
        folder = Path(name).resolve() / "plugins" / "echo_plugin"
        shutil.copytree(EXAMPLE, folder, ignore=shutil.ignore_patterns("__pycache__"))
        dev = Dev(folder, "--patch-live", runtime=Path(name) / "run")
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        try:
            dev.ready()
            set_the_scene(dev)
            dev.wait(lambda event: event["event"] == "scenarios")
            looks = []
            for language, locale, scheme in LOOKS:
                page, _ = open_page(browser, dev, locale=locale, color_scheme=scheme, viewport=SIZE)
                take_views(page, language)
                take_conflict(page, dev, language)
                looks.append((page, language))
            dev.edit("text.py", 'return f"echo no.', 'return number + f"echo no.')
            path = folder / "text.py"
            path.write_text(path.read_text("utf-8") + "\n\nGREETING = reply(1, shouted(None))\n", "utf-8")
            dev.reload()
            for page, language in looks:
                page.evaluate("location.hash = '#/chat'")
                page.wait_for_selector(".overlay")
                take(page, f"overlay-{language}")
            small, _ = open_page(browser, dev, color_scheme="dark", viewport={"width": 360, "height": 640})
            small.keyboard.press("Escape")
            take(small, "narrow")
        finally:
            browser.close()
            dev.close()


if __name__ == "__main__":
    main()
