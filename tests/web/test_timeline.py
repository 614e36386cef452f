"""The timeline: every save, what became of it, and the way back."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.web.conftest import Site

OLD = 'return f"echo #{number}: {text}"'


@pytest.fixture
def timeline(site: Site) -> Iterator[Locator]:
    yield site.show("timeline")
    for name in ("text.py", "components/words.py", "plugin.py", "components/command.py"):
        site.restore(name)


def entry(site: Site, seq: int) -> Locator:
    """The entry of an event, opened."""
    found = site.page.locator(f".entry[data-seq='{seq}']")
    found.locator(".summary").click()
    expect(found.locator(".details")).to_be_visible()
    return found


def test_a_patch_stands_there_with_its_facts(site: Site, timeline: Locator) -> None:
    event = site.edit("text.py", OLD, 'return f"said {text}"')
    assert event["outcome"] == "patched"
    found = entry(site, event["seq"])
    expect(found.locator(".summary")).to_contain_text("patched")
    expect(found.locator(".summary")).to_contain_text("text.py")
    details = found.locator(".details")
    expect(details).to_contain_text("Every object that lived before is the same object")
    expect(details.locator(".change.changed")).to_contain_text("echo_plugin.text:reply")
    for phase in ("watching", "plan", "apply", "verify"):  # what was compiled ahead took no time
        expect(details.locator(".legend")).to_contain_text(phase)
    expect(details.locator(".difference .minus").last).to_contain_text(OLD)
    expect(details.locator(".difference .plus").last).to_contain_text('return f"said {text}"')
    assert site.dev.say("/echo say x") == ["said x"]


def test_a_rude_edit_is_explained(site: Site, timeline: Locator) -> None:
    event = site.edit("text.py", 'SHOUT = "!"', 'SHOUT = "!"\nprint("at import")')
    assert event["outcome"] == "reloaded"
    found = entry(site, event["seq"])
    expect(found.locator(".summary .mark")).to_contain_text("1 rude edits")
    warning = found.locator("section.warn").first
    expect(warning).to_contain_text(event["rude_edits"][0]["code"])
    expect(warning).to_contain_text(event["rude_edits"][0]["reason"])
    expect(warning.locator("a.place")).to_have_attribute(
        "href", f"vscode://file{site.folder}/text.py:{event['rude_edits'][0]['line']}"
    )


def test_what_a_reload_kept_and_what_leaked(site: Site, timeline: Locator) -> None:
    leaking = (
        'logger.info("echo is here")\n        self._stray = asyncio.get_running_loop().create_task(asyncio.sleep(900))'
    )
    site.edit("plugin.py", 'logger.info("echo is here")', leaking)
    site.dev.ask("POST", "/api/reload", {"full": True})
    site.dev.reload()
    event = site.dev.ask("POST", "/api/reload", {"full": True})
    site.dev.reload()
    found = entry(site, event["seq"])
    expect(found).to_contain_text("State carried over")
    assert event["carried"] == ["heartbeats"]
    expect(found.locator(".names").first).to_have_text("heartbeats")
    assert event["leaks"]
    expect(found).to_contain_text("Left behind by the version before")
    expect(found).to_contain_text(event["leaks"][0]["where"])


def test_what_still_runs_old_code(site: Site, timeline: Locator) -> None:
    site.dev.ask("POST", "/api/reload", {"full": True})  # a heartbeat that runs the present version
    site.dev.reload()
    event = site.edit("plugin.py", "self.heartbeats += 1", "self.heartbeats += 2")
    assert [running["name"] for running in event["still_running"]] == ["echo heartbeat"], event
    found = entry(site, event["seq"])
    expect(found).to_contain_text("Still running the old code")
    expect(found).to_contain_text("EchoPlugin._beat")


def test_in_chinese_it_has_no_english_words(site: Site, timeline: Locator, another_page: Callable[..., Page]) -> None:
    site.dev.ask("POST", "/api/reload", {"full": True})
    site.dev.reload()
    patched = site.edit("text.py", OLD, 'return f"said {text}"')
    stale = site.edit("plugin.py", "self.heartbeats += 1", "self.heartbeats += 2")
    reloaded = site.edit("text.py", 'return f"said {text}"', 'return f"said {text}"\n\n\nprint("at import")')
    assert (patched["outcome"], reloaded["outcome"]) == ("patched", "reloaded")
    assert stale["still_running"]
    page = another_page(locale="zh-CN")
    page.evaluate("location.hash = '#/timeline'")
    for event in (patched, stale, reloaded):
        found = page.locator(f".entry[data-seq='{event['seq']}']")
        found.locator(".summary").click()
        expect(found.locator(".legend")).to_be_visible()
        if event is patched:
            expect(found.locator(".change.changed .kind")).to_have_text("已修改")
        # What is in <code> and in the source is the plugin's own; names of places and tasks are too.
        for part in (".legend", ".change .kind", "h3:not(:has(.plus))", ".summary .mark", ".summary .outcome"):
            for text in found.locator(part).all_inner_texts():
                assert not re.search(r"[A-Za-z]{3,}", text), (part, text)


def test_revert_by_one_click(site: Site, timeline: Locator) -> None:
    before = (site.folder / "text.py").read_bytes()
    event = site.edit("text.py", OLD, 'return f"wrong {text}"')
    assert site.dev.say("/echo say x") == ["wrong x"]
    entry(site, event["seq"]).get_by_role("button", name="Revert").click()
    undone = site.dev.reload()
    assert undone["outcome"] == "patched"
    assert (site.folder / "text.py").read_bytes() == before
    assert site.dev.say("/echo say x")[0].startswith("echo #")
    expect(site.page.locator(f".entry[data-seq='{undone['seq']}']")).to_be_visible()


def test_a_later_change_is_not_overwritten_unasked(site: Site, timeline: Locator) -> None:
    first = site.edit("text.py", OLD, 'return f"one {text}"')
    site.edit("text.py", 'SHOUT = "!"', 'SHOUT = "!!"')
    later = (site.folder / "text.py").read_bytes()
    entry(site, first["seq"]).get_by_role("button", name="Revert").click()
    dialog = site.page.locator("dialog")
    expect(dialog).to_contain_text("text.py was changed since that save")
    dialog.get_by_role("button", name="Cancel").click()
    expect(dialog).to_have_count(0)
    assert (site.folder / "text.py").read_bytes() == later
    # Asked for once more, it is done; and what it overwrote can be had back in turn.
    site.page.locator(f".entry[data-seq='{first['seq']}']").get_by_role("button", name="Revert").click()
    dialog.get_by_role("button", name="Revert").click()
    undone = site.dev.reload()
    entry(site, undone["seq"]).get_by_role("button", name="Revert").click()
    site.dev.reload()
    assert (site.folder / "text.py").read_bytes() == later


def test_entries_are_walked_by_keys(site: Site, timeline: Locator) -> None:
    site.edit("text.py", 'SHOUT = "!"', 'SHOUT = "."')
    newest = site.edit("text.py", 'SHOUT = "."', 'SHOUT = ".."')
    site.page.evaluate("location.hash = '#/timeline'")
    site.page.keyboard.press("j")
    expect(site.page.locator(".entry.open")).to_have_attribute("data-seq", str(newest["seq"]))
    site.page.keyboard.press("j")
    expect(site.page.locator(".entry.open")).not_to_have_attribute("data-seq", str(newest["seq"]))
    site.page.keyboard.press("k")
    expect(site.page.locator(".entry.open")).to_have_attribute("data-seq", str(newest["seq"]))
