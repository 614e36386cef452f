"""The state view: what the plugin registers, called by forms; its values, what it runs, how it performs."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.web.conftest import Site

TOOL = """
    async def execute(
        self,
        text: Annotated[str, "The text whose words are counted"],
        unique: Annotated[bool, "Count each word once"] = False,
        mode: Literal["words", "letters"] = "words",
        more: list[str] | None = None,
        times: int = 1,
        fail: bool = False,
    ) -> tuple[bool, dict[str, int]]:
        from src.app.plugin_system.api.send_api import send_text

        self.plugin.counted = [text, unique, mode, more]
        if fail:
            raise ValueError("not today")
        await send_text(f"counting {mode}", self.get_current_stream_id())
"""


@pytest.fixture(scope="module", autouse=True)
def richer(module_site: Site) -> None:
    """A tool with an argument of each kind, and an instance that remembers."""
    source = (module_site.folder / "components" / "words.py").read_text("utf-8")
    begin = source.index("    async def execute(")
    end = source.index("\n", source.index("-> tuple", begin)) + 1
    module_site.edit("components/words.py", source[begin:end], TOOL.lstrip("\n"))
    module_site.edit("components/words.py", "from typing import Annotated", "from typing import Annotated, Literal")


@pytest.fixture
def view(site: Site) -> Iterator[Locator]:
    yield site.show("state")
    site.page.evaluate("location.hash = '#/state'")


def tab(site: Site, name: str) -> None:
    site.page.get_by_role("tab", name=name).click()


def ask(site: Site, path: str, body: Any = None) -> Any:
    return site.dev.ask("GET" if body is None else "POST", path, body)


def items(site: Site, *path: Any) -> list[str]:
    node = ask(site, "/api/tree", {"path": ["plugin", *path]})["node"]
    return [str(one["text"]) for one in node["children"]]


def test_a_tool_is_called_by_the_form_of_its_schema(site: Site, view: Locator) -> None:
    page = site.page
    view.get_by_role("link", name="count_words").click()
    expect(view.get_by_text("components/words.py")).to_be_visible()
    page.get_by_label("text *").fill("one two one")
    page.get_by_label("unique").select_option("true")
    page.get_by_label("mode").select_option("letters")
    page.get_by_role("button", name="Add an entry").click()
    page.get_by_label("Entry 1", exact=True).fill("extra")
    view.get_by_role("button", name="Call", exact=True).click()
    answer = view.locator(".answer")
    expect(answer.locator(".result")).to_contain_text('"count": 2')
    expect(answer.locator(".sent")).to_contain_text("counting letters")
    assert items(site, ["field", "counted"])[:3] == ["'one two one'", "True", "'letters'"]
    assert items(site, ["field", "counted"], ["item", 3]) == ["'extra'"]


def test_what_the_plugin_raises_and_what_does_not_fit_are_told(site: Site, view: Locator) -> None:
    page = site.page
    view.get_by_role("link", name="count_words").click()
    page.get_by_label("text *").fill("x")
    page.get_by_label("fail").select_option("true")
    view.get_by_role("button", name="Call", exact=True).click()
    expect(view.locator(".answer .traceback")).to_contain_text("ValueError: not today")
    assert items(site, ["field", "counted"])[0] == "'x'"
    page.get_by_label("text *").fill("y")
    page.get_by_label("times").fill("many")
    with page.expect_console_message(lambda message: "status of 422 " in message.text):
        view.get_by_role("button", name="Call", exact=True).click()
    expect(view.locator(".answer")).to_contain_text("'times' must be an integer")
    assert items(site, ["field", "counted"])[0] == "'x'"  # it was not called
    site.faults.clear()  # the browser's console tells of every refusal, also of one that the page shows
    page.get_by_label("times").fill("")
    page.get_by_label("fail").select_option("-1")


def test_a_service_and_an_event_are_called(site: Site, view: Locator) -> None:
    view.get_by_role("link", name="history").click()
    view.get_by_role("button", name="Call", exact=True).click()
    expect(view.locator(".answer .result")).to_be_visible()
    view.get_by_role("link", name="on_start", exact=True).click()
    site.page.get_by_label("Parameters (a JSON object)").fill('{"a": 1')
    expect(view.get_by_text("This is not JSON")).to_be_visible()
    site.page.get_by_label("Parameters (a JSON object)").fill('{"a": 1}')
    view.get_by_role("button", name="Publish").click()
    expect(view.locator(".answer .result")).to_contain_text('"decision"')
    expect(view.locator(".answer .result")).to_contain_text('"a": 1')


def test_a_command_is_said_with_its_arguments_quoted(site: Site, view: Locator) -> None:
    view.get_by_role("link", name="echo Say something back.").click()
    view.get_by_label("Call", exact=True).select_option(label="/echo say")
    site.page.get_by_label("words *").fill("it's two")
    expect(view.get_by_text("""/echo say 'it'"'"'s two'""")).to_be_visible()
    view.get_by_role("button", name="Say").click()
    expect(view.locator(".sent")).to_contain_text("it's two")


def test_the_list_is_searched(site: Site, view: Locator) -> None:
    site.page.keyboard.press("/")
    site.page.keyboard.type("words")
    expect(view.locator(".row")).to_have_count(1)
    site.page.fill("#component-search", "no such thing")
    expect(view.get_by_text("Nothing fits.")).to_be_visible()
    site.page.fill("#component-search", "")


def test_a_patch_changes_the_form(site: Site, view: Locator) -> None:
    view.get_by_role("link", name="count_words").click()
    site.edit("components/words.py", "fail: bool = False,", "fail: bool = False,\n        brand_new: int = 3,")
    expect(site.page.get_by_label("brand_new")).to_be_visible()
    expect(view.get_by_text("Without it: 3")).to_be_visible()


def test_values_open_level_by_level_and_show_what_changed(site: Site, view: Locator) -> None:
    ask(site, "/api/call", {"kind": "tool", "name": "count_words", "arguments": {"text": "first"}})
    tab(site, "Values")
    plugin = view.get_by_role("treeitem").first
    plugin.focus()
    site.page.keyboard.press("ArrowRight")
    counted = view.get_by_role("treeitem").filter(has_text="counted").last
    expect(counted).to_be_visible()
    counted.locator(".leaf").first.click()
    expect(counted).to_contain_text("'first'")
    site.dev.say("/echo say anything")
    ask(site, "/api/call", {"kind": "tool", "name": "count_words", "arguments": {"text": "second"}})
    site.page.keyboard.press("u")
    expect(counted).to_contain_text("'second'")
    expect(view.locator(".tree li.changed")).not_to_have_count(0)
    plugin.focus()
    site.page.keyboard.press("ArrowLeft")
    expect(counted).to_have_count(0)


def test_what_runs_is_listed_with_its_place(site: Site, view: Locator) -> None:
    tab(site, "Running and open")
    row = view.get_by_role("row").filter(has_text="echo heartbeat")
    expect(row).to_contain_text("plugin.py:")
    expect(row).to_contain_text("EchoPlugin._beat")
    expect(view.get_by_role("row").filter(has_text="greeter")).to_contain_text("on_message_received")


def test_handlers_are_compared_before_and_after_a_change(site: Site, view: Locator) -> None:
    site.dev.say("/echo say one")
    site.dev.say("/echo say two")
    site.edit("text.py", 'return f"echo #{number}: {text}"', 'return f"echo no. {number}: {text}"')
    site.dev.say("/echo say three")
    tab(site, "Performance")
    row = view.locator(".handlers tbody tr").filter(has_text="command:echo")
    expect(row).to_be_visible()
    before, after = (int(row.locator("td").nth(index).inner_text()) for index in (1, 5))
    assert (before >= 2, after) == (True, 1)
    expect(view.get_by_role("img", name="Loop lag:")).to_have_attribute("aria-label", "Loop lag: no figures yet")
    expect(view.get_by_role("img", name="Loop lag:")).not_to_have_attribute("aria-label", "Loop lag: no figures yet")
    site.restore("text.py")


def test_tabs_and_rows_are_reached_by_keys(site: Site, view: Locator) -> None:
    site.page.get_by_role("tab", name="Components").focus()
    site.page.keyboard.press("ArrowRight")
    expect(site.page.get_by_role("tab", name="Values")).to_be_focused()
    expect(site.page.get_by_role("tab", name="Values")).to_have_attribute("aria-selected", "true")
    site.page.keyboard.press("f")
    expect(site.page.get_by_role("tab", name="Performance")).to_have_attribute("aria-selected", "true")


def test_it_fits_a_narrow_screen_in_chinese(another_page: Callable[..., Page]) -> None:
    page = another_page(viewport={"width": 360, "height": 740}, locale="zh-CN")
    for sub in ("components/tool%3Acount_words", "values", "running", "performance"):
        page.evaluate(f"location.hash = '#/state/{sub}'")
        page.reload()  # nothing of the panel before is measured
        expect(page.get_by_role("tab", name="组件")).to_be_visible()
        expect(page.locator("#state-panel > *").first).to_be_visible()
        expect(page.locator("#state-panel .empty")).to_have_count(0)
        assert page.evaluate("document.documentElement.scrollWidth") <= 360, sub
        assert page.evaluate("document.querySelector('main').scrollWidth") <= 360, sub
