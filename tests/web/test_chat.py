"""The chat: what is typed reaches the plugin, what it answers is shown."""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.e2e.conftest import Event
from tests.web.conftest import Site

PIXEL = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)
SENDS = '''
    @cmd_route("show")
    async def handle_show(self) -> tuple[bool, str]:
        """Send one of each kind."""
        from src.app.plugin_system.api import send_api

        await send_api.send_image(PIXEL, stream_id=self.stream_id)
        await send_api.send_emoji(PIXEL, stream_id=self.stream_id)
        await send_api.send_voice("AAAA", stream_id=self.stream_id)
        await send_api.send_text("<b>not bold</b>", stream_id=self.stream_id)
        return True, ""

    async def _answer('''


@pytest.fixture(scope="module")
def options() -> tuple[str, ...]:
    """Scenarios are played here."""
    return ("--patch-live", "--scenarios")


@pytest.fixture
def chat(site: Site) -> Iterator[Locator]:
    main = site.show("chat")
    yield main
    site.restore("text.py")
    site.restore("components/command.py")


def say(page: Page, text: str) -> Locator:
    """Types and sends; the exchange that it led to."""
    before = page.locator("article.exchange").count()
    page.fill("#draft", text)
    page.press("#draft", "Enter")
    exchange = page.locator("article.exchange").nth(before)
    expect(exchange).to_be_visible()
    return exchange


def test_a_message_is_answered(site: Site, chat: Locator) -> None:
    exchange = say(site.page, "/echo say hello 2")
    expect(exchange.locator(".said")).to_contain_text("/echo say hello 2")
    expect(exchange.locator(".reply")).to_contain_text("hello hello")
    expect(site.page.locator("#draft")).to_have_value("")
    assert site.dev.say("/echo last 1") == ["hello"]  # the worker's own history


def test_it_is_said_as_anybody_in_a_group_or_privately(site: Site, chat: Locator) -> None:
    old = "await self._answer(text.reply(state.note(words), words))"
    new = 'await self._answer(f"{self._message.sender_id} {self._message.chat_type} {self._message.sender_role}")'
    command = (site.folder / "components/command.py").read_text("utf-8")
    assert old in command
    site.edit("components/command.py", old, new)
    site.page.fill("#chat-user", "alice")
    site.page.fill("#chat-group", "tea")
    site.page.select_option(".as select", "owner")
    exchange = say(site.page, "/echo who")
    expect(exchange.locator(".reply")).to_contain_text("alice group owner")
    expect(exchange.locator(".head")).to_contain_text("alice · owner · in tea")
    site.page.fill("#chat-group", "")
    expect(say(site.page, "/echo who").locator(".reply")).to_contain_text("alice private owner")
    site.page.fill("#chat-user", "developer")
    site.page.select_option(".as select", "user")


def test_every_kind_of_reply_is_rendered_or_named(site: Site, chat: Locator) -> None:
    pixel = base64.b64encode(PIXEL).decode()
    site.edit("components/command.py", "\n    async def _answer(", SENDS.replace("PIXEL", repr(pixel)))
    exchange = say(site.page, "/echo show")
    expect(exchange.locator(".reply")).to_have_count(4)
    for kind in ("image", "emoji"):
        picture = exchange.locator(f"img.{kind}")
        expect(picture).to_be_visible()
        assert picture.evaluate("image => image.decode().then(() => image.naturalWidth)") == 1
    expect(exchange.locator(".reply.other")).to_contain_text("voice message")
    expect(exchange.locator(".reply").last).to_have_text("<b>not bold</b>")


def test_a_picture_goes_along(site: Site, chat: Locator, tmp_path: Path) -> None:
    (tmp_path / "dot.png").write_bytes(PIXEL)
    site.page.set_input_files(".write input[type=file]", tmp_path / "dot.png")
    expect(site.page.locator(".pictures")).to_contain_text("dot.png")
    exchange = say(site.page, "/echo look")
    assert exchange.locator(".said img").evaluate("image => image.decode().then(() => image.naturalWidth)") == 1
    event = site.dev.wait(lambda event: event["event"] == "message" and event["text"] == "/echo look")
    assert len(event["images"]) == 1


def test_what_is_said_elsewhere_is_shown_on_every_page(
    site: Site, chat: Locator, another_page: Callable[..., Page]
) -> None:
    other = another_page()
    site.dev.say("/echo say elsewhere")
    for page in (site.page, other):
        expect(page.locator("article.exchange").last).to_contain_text("elsewhere")


def test_the_last_message_again_after_a_patch_on_a_key(site: Site, chat: Locator) -> None:
    say(site.page, "/echo shout tea")
    site.edit("text.py", 'SHOUT = "!"', 'SHOUT = "?!"')
    site.page.locator("#draft").blur()
    site.page.keyboard.press("a")
    again = site.page.locator("article.again").last
    expect(again.locator(".minus")).to_contain_text("TEA!")
    expect(again.locator(".plus")).to_contain_text("TEA?!")


def test_the_last_message_again_by_itself(site: Site, chat: Locator) -> None:
    say(site.page, "/echo shout cake")
    switch = site.page.get_by_role("switch", name="after each change")
    switch.click()
    expect(switch).to_have_attribute("aria-checked", "true")
    site.edit("text.py", 'SHOUT = "!"', 'SHOUT = "!!"')
    again = site.page.locator("article.again").last
    expect(again.locator(".plus")).to_contain_text("CAKE!!")
    switch.click()
    expect(switch).to_have_attribute("aria-checked", "false")
    assert site.dev.state()["replay"] is False


def test_a_text_is_taken_up_again(site: Site, chat: Locator) -> None:
    exchange = say(site.page, "/echo say again")
    exchange.get_by_role("button", name="Take this text up again").click()
    expect(site.page.locator("#draft")).to_have_value("/echo say again")
    site.page.fill("#draft", "")


def test_no_reply_is_said(site: Site, chat: Locator) -> None:
    expect(say(site.page, "nobody listens").locator(".foot")).to_contain_text("no reply")


def failed(event: Event) -> list[str]:
    return [result["name"] for result in event["results"] if result["outcome"] == "failed"]


def test_a_scenario_is_saved_from_the_conversation(site: Site, chat: Locator) -> None:
    say(site.page, "/echo shout one")
    say(site.page, "/echo shout two")
    site.page.get_by_role("button", name="Scenario").click()
    boxes = site.page.get_by_role("checkbox", name="into the scenario")
    expect(boxes.last).to_be_checked()
    boxes.nth(boxes.count() - 2).check()
    site.page.get_by_label("Name of the scenario").fill("shouting")
    site.page.get_by_role("button", name="Save", exact=True).click()
    expect(site.page.locator(".notice").last).to_contain_text("Saved in tests/shouting.mpdt.toml.")
    saved = (site.folder / "tests/shouting.mpdt.toml").read_text("utf-8")
    assert saved.index("/echo shout one") < saved.index("/echo shout two")
    # What was saved is played after each change, and the page says what came of it.
    site.edit("text.py", 'SHOUT = "!"', 'SHOUT = "?"')
    site.dev.wait(lambda event: event["event"] == "scenarios" and "shouting" in failed(event))
    site.show("timeline")
    expect(site.page.locator(".entry.note", has_text="scenarios:").first).to_contain_text("shouting")
    (site.folder / "tests/shouting.mpdt.toml").unlink()
