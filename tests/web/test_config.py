"""The config editor: a form beside the text; what is saved, the plugin uses; nothing on disk is overwritten unseen."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.web.conftest import Site

SECTION = '''
    @config_section("rules")
    class RuleSection(SectionBase):
        """What is answered to what."""

        pattern: str = Field(default="*", description="What it fits.")
        mood: Literal["calm", "loud"] = "calm"

    @config_section("service")
    class ServiceSection(SectionBase):
        """Somewhere else."""

        api_key: str = Field(default="", description="Nobody is to see it.")
        words: list[str] = Field(default_factory=lambda: ["one", "two"])
        on: bool = True

    echo: EchoSection = Field(default_factory=EchoSection)
    rules: list[RuleSection] = Field(default_factory=list, description="Tried in order.")
    service: ServiceSection = Field(default_factory=ServiceSection)
'''


@pytest.fixture(scope="module", autouse=True)
def config(module_site: Site) -> Path:
    """The example with more to configure; its config file."""
    site = module_site
    path = site.folder / "config.py"
    text = path.read_text("utf-8").replace("import ClassVar", "import ClassVar, Literal")
    text = text.replace("    echo: EchoSection = Field(default_factory=EchoSection)\n", SECTION.lstrip("\n"))
    path.with_suffix(".tmp").write_text(text, "utf-8")
    path.with_suffix(".tmp").replace(path)
    site.dev.reload()
    site.dev.ask("POST", "/api/reload", {"full": True})
    site.dev.reload()
    return Path(site.dev.state()["config_path"])


@pytest.fixture
def view(site: Site, config: Path) -> Iterator[Locator]:
    """The editor, with the file as the plugin wrote it."""
    main = site.show("config")
    text = main.locator("#config-raw")
    expect(text).to_have_value(config.read_text("utf-8"))
    yield main
    if site.page.locator("#take-theirs").is_visible():
        site.page.click("#take-theirs")
    discard = main.get_by_role("button", name="Discard")
    if discard.is_enabled():
        discard.click()
        site.page.get_by_role("dialog").get_by_role("button", name="Discard").click()
    expect(discard).to_be_disabled()


def applied(site: Site, field: str) -> None:
    """Waits until the worker says that the field of the live config has another value."""
    site.dev.wait(lambda event: event["event"] == "reload" and field in str(event.get("config")))


def limit(view: Locator) -> Locator:
    return view.get_by_label("limit")


def raw(view: Locator) -> Locator:
    return view.locator("#config-raw")


def replied(site: Site, times: int) -> int:
    """How often the plugin repeats what it is asked to repeat so often."""
    (reply,) = site.dev.say(f"/echo say again {times}")
    return reply.count("again")


def test_what_is_saved_in_the_form_the_plugin_uses(site: Site, view: Locator, config: Path) -> None:
    assert replied(site, 9) == 5
    before = config.read_text("utf-8")
    limit(view).fill("7")
    expect(raw(view)).to_have_value(before.replace("limit = 5", "limit = 7"))  # comments and all
    view.get_by_role("button", name="Save").click()
    applied(site, "echo.limit")
    assert config.read_text("utf-8") == before.replace("limit = 5", "limit = 7")
    assert replied(site, 9) == 7
    expect(view.get_by_text("As on disk")).to_be_visible()


def test_the_text_and_the_form_are_kept_in_step(site: Site, view: Locator, config: Path) -> None:
    text = config.read_text("utf-8")
    raw(view).fill(text.replace("heartbeat = 5.0", "heartbeat = 2.5 # mine"))
    expect(view.get_by_label("heartbeat")).to_have_value("2.5")
    view.get_by_label("heartbeat").fill("3.5")
    expect(raw(view)).to_have_value(text.replace("heartbeat = 5.0", "heartbeat = 3.5 # mine"))
    view.locator('[data-place=\'["echo","heartbeat"]\']').get_by_role("button", name="to the default").click()
    expect(raw(view)).not_to_have_value(text)
    expect(view.get_by_label("heartbeat")).to_have_value("5")
    assert "heartbeat =" not in raw(view).input_value()


def test_errors_stand_at_the_field_as_one_types_and_nothing_is_saved(site: Site, view: Locator, config: Path) -> None:
    before = config.read_text("utf-8")
    field = view.locator('[data-place=\'["echo","limit"]\']')
    limit(view).fill("0")
    expect(field).to_contain_text("greater than or equal to 1")
    expect(limit(view)).to_have_attribute("aria-invalid", "true")
    expect(view.get_by_role("button", name="Save")).to_be_disabled()
    limit(view).fill("many")
    expect(field).to_contain_text("valid integer")
    view.get_by_role("button", name="line").click()
    selected = (
        "(area => area.value.slice(area.selectionStart, area.selectionEnd))(document.getElementById('config-raw'))"
    )
    assert site.page.evaluate(selected) == 'limit = "many"'
    raw(view).fill("[echo\n")
    expect(view.get_by_text("As long as the text is not TOML")).to_be_visible()
    expect(view.get_by_text("Problems: 1")).to_be_visible()
    assert config.read_text("utf-8") == before


def test_a_change_on_disk_is_shown_and_nothing_is_overwritten(site: Site, view: Locator, config: Path) -> None:
    limit(view).fill("8")
    expect(view.get_by_text("Not saved yet")).to_be_visible()
    theirs = config.read_text("utf-8").replace('separator = " "', 'separator = "-"')
    config.write_text(theirs, "utf-8")
    applied(site, "echo.separator")
    conflict = view.get_by_role("alert")
    expect(conflict).to_contain_text("Nothing has been overwritten")
    expect(conflict.locator(".side").nth(0).locator(".plus")).to_contain_text(["limit = 8"])
    expect(conflict.locator(".side").nth(1).locator(".minus")).to_contain_text(['separator = "-"'])
    site.page.evaluate("document.getElementById('config-save').click()")
    assert config.read_text("utf-8") == theirs
    conflict.get_by_role("button", name="Take theirs").click()
    expect(raw(view)).to_have_value(theirs)
    assert (
        site.dev.say("/echo say again 2") == ["echo #3: again-again"]
        or "again-again" in site.dev.say("/echo say again 2")[0]
    )


def test_mine_may_be_taken_over_what_is_on_disk(site: Site, view: Locator, config: Path) -> None:
    limit(view).fill("6")
    mine = re.sub(r"limit = \d+", "limit = 6", config.read_text("utf-8"))
    expect(raw(view)).to_have_value(mine)
    # The page is kept from seeing it by itself: it is the save that finds it.
    site.page.route(
        "**/api/config", lambda route: route.abort() if route.request.method == "GET" else route.continue_()
    )
    try:
        theirs = config.read_text("utf-8") + "# by hand\n"
        config.write_text(theirs, "utf-8")
        with site.page.expect_console_message(lambda message: "status of 409 " in message.text):
            view.get_by_role("button", name="Save").click()
        expect(view.get_by_role("alert")).to_contain_text("Nothing has been overwritten")
        assert config.read_text("utf-8") == theirs
    finally:
        site.page.unroute_all()
    view.get_by_role("button", name="Take mine").click()
    applied(site, "echo.limit")
    assert config.read_text("utf-8") == mine
    assert replied(site, 9) == 6
    expect(view.get_by_text("As on disk")).to_be_visible()
    site.faults.clear()  # the browser's console tells of every refusal, also of one that the page shows


def test_a_change_on_disk_is_taken_over_where_nothing_is_being_edited(site: Site, view: Locator, config: Path) -> None:
    config.write_text(config.read_text("utf-8").replace("limit = 6", "limit = 4"), "utf-8")
    applied(site, "echo.limit")
    expect(limit(view)).to_have_value("4")
    expect(view.get_by_text("As on disk")).to_be_visible()


def test_lists_of_sections_choices_switches_and_secrets(site: Site, view: Locator, config: Path) -> None:
    page = site.page
    view.get_by_role("button", name="Add an entry to rules").click()
    page.get_by_label("pattern").fill("hello*")
    page.get_by_label("mood").select_option(label="loud")
    page.get_by_label("on", exact=True).select_option(label="false")
    page.get_by_label("Entry 2", exact=True).fill("three")
    key = page.get_by_label("api_key")
    expect(key).to_have_attribute("type", "password")
    key.fill("sk-1")
    page.get_by_role("button", name="Show").click()
    expect(key).to_have_attribute("type", "text")
    expect(raw(view)).to_have_value(re.compile(r'api_key = "sk-1"'))
    page.keyboard.press("Control+s")
    applied(site, "service.api_key")
    values = site.dev.ask("POST", "/api/config/check", {"text": config.read_text("utf-8")})["given"]
    assert values["rules"] == [{"pattern": "hello*", "mood": "loud"}]
    assert values["service"] == {"api_key": "sk-1", "words": ["one", "three"], "on": False}
    view.get_by_role("button", name="Remove entry 1 of rules").click()
    expect(page.get_by_label("pattern")).to_have_count(0)


def test_it_fits_a_narrow_screen_in_chinese(another_page: Callable[..., Page]) -> None:
    page = another_page(viewport={"width": 360, "height": 740}, locale="zh-CN")
    page.evaluate("location.hash = '#/config'")
    expect(page.get_by_label("limit")).to_be_visible()
    expect(page.get_by_role("button", name="保存")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    assert page.evaluate("document.querySelector('main').scrollWidth") <= 360
