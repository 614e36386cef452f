"""Reload, mode, clear state, restart: each by hand, each with its effect in the worker."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.web.conftest import Site

LINE = 'return f"echo #{number}: {text}"'


def choose(page: Page, name: str) -> None:
    """An item of the menu, confirmed if it asks."""
    page.get_by_role("button", name="More").click()
    page.locator(".menu li button", has_text=name).click()


def test_reload_by_hand_loads_the_plugin_anew(site: Site) -> None:
    before = site.dev.state()["instance_id"]
    site.page.get_by_role("button", name="Reload", exact=True).click()
    event = site.dev.reload()
    assert event["outcome"] == "reloaded"
    assert site.dev.state()["instance_id"] != before
    expect(site.page.locator(".status [data-seq]")).to_have_attribute("data-seq", str(event["seq"]))
    expect(site.page.locator(".status")).to_contain_text("reloaded")


def test_compare_with_the_disk(site: Site) -> None:
    site.show("log")
    site.page.keyboard.press("r")
    assert site.dev.reload()["outcome"] == "unchanged"
    expect(site.page.locator(".notice").last).to_contain_text("What runs is what is on disk.")


def test_patch_live_off_and_on(site: Site) -> None:
    switch = site.page.get_by_role("switch", name="Patch live")
    expect(switch).to_have_attribute("aria-checked", "true")
    assert site.edit("text.py", LINE, 'return f"one {text}"')["outcome"] == "patched"
    switch.click()
    expect(switch).to_have_attribute("aria-checked", "false")
    before = site.dev.state()["instance_id"]
    event = site.edit("text.py", 'return f"one {text}"', 'return f"two {text}"')
    assert (event["outcome"], event["rude_edits"]) == ("reloaded", [])
    assert site.dev.state()["instance_id"] != before
    site.show("timeline")
    site.page.keyboard.press("p")
    expect(switch).to_have_attribute("aria-checked", "true")
    assert site.dev.state()["mode"] == "patch-live"
    event = site.restore("text.py")
    assert event is not None
    assert event["outcome"] == "patched"


def test_restart_keeps_the_state_and_clearing_does_not(site: Site) -> None:
    page, dev = site.page, site.dev
    dev.edit("plugin.py", "self.heartbeats = 0", "self.heartbeats = 0\n        self.kept = []")
    dev.ask("POST", "/api/reload", {"full": True})
    dev.reload()
    old = "await self._answer(text.reply(state.note(words), words))"
    counting = "self.plugin.kept.append(words)\n        return await self._answer(str(self.plugin.kept))"
    dev.edit("components/command.py", f"return {old}", counting)
    assert dev.say("/echo a") == ["['a']"]
    pid = dev.state()["worker"]["pid"]

    choose(page, "Restart the worker")
    page.locator("dialog").get_by_role("button", name="Cancel").click()
    assert dev.state()["worker"]["pid"] == pid

    choose(page, "Restart the worker")
    page.locator("dialog").get_by_role("button", name="Restart").click()
    event = dev.wait(lambda event: event["event"] == "reload" and event["outcome"] == "restarted")
    assert event["reason"] == "Asked for in the page."
    second = dev.state()["worker"]["pid"]
    assert second != pid
    assert dev.say("/echo b") == ["['a', 'b']"]

    choose(page, "Clear state")
    page.locator("dialog").get_by_role("button", name="Clear state").click()
    dev.wait(lambda event: event["event"] == "reload" and event["outcome"] == "restarted")
    assert dev.state()["worker"]["pid"] != second
    assert dev.say("/echo c") == ["['c']"]
    expect(page.locator(".status")).to_contain_text("restarted")


def test_a_worker_that_dies_is_shown_and_replaced(site: Site) -> None:
    import os
    import signal

    pid = site.dev.state()["worker"]["pid"]
    os.kill(pid, signal.SIGKILL)
    site.dev.wait(lambda event: event["event"] == "reload" and event["outcome"] == "restarted")
    site.show("timeline")
    expect(site.page.locator(".entry[data-outcome=restarted]").first).to_contain_text("worker")
    expect(site.page.locator(".light.good")).to_be_attached()
    assert site.dev.state()["worker"]["pid"] != pid


def test_what_is_refused_is_told_in_the_servers_words(site: Site) -> None:
    site.page.get_by_role("switch", name="Patch live").wait_for()
    site.page.evaluate(
        """async () => {
          const [actions, api] = await Promise.all(['actions', 'api'].map((name) => import(`/static/core/${name}.js`)));
          await actions.attempt(api.post('/api/mode', { mode: 'x' }));
        }"""
    )
    expect(site.page.locator(".notice.bad")).to_contain_text("'mode' is one of patch-live, reload.")
    site.faults.clear()  # the browser tells of the 400, as it should
    site.page.locator(".notice.bad button").click()
    expect(site.page.locator(".notice.bad")).to_have_count(0)
