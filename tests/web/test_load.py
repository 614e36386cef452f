"""Many pages and many events: none is missed, and the plugin does not notice."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from tests.e2e.conftest import Dev
from tests.web.conftest import open_page

RATE = 200  # events a second
PAGES = 20
VIEWS = ("log", "timeline", "chat")  # in turn: drawn by a processor, 20 logs would be a test of the browser
SECONDS = 60.0
QUIET = 20.0  # seconds without a page, before and after
FLOOD = f'''
    async def _flood(self) -> None:
        """Log lines at an even rate, whatever the sleeps take; and how late each turn of the loop is."""
        began, number = time.perf_counter(), 0
        while True:
            due = began + number / {RATE}
            await asyncio.sleep(max(0.0, due - time.perf_counter()))
            self.late.append(time.perf_counter() - due)
            number += 1
            logger.info(f"flood {{number}}")

    async def _beat('''
ANSWER = """        if words == "late":
            late, self.plugin.late = self.plugin.late, []
            return await self._answer(" ".join(f"{one * 1000:.4f}" for one in late))
        return await self._answer(text.reply("""
POSITION = """async () => {
  const [stream, store] = await Promise.all(["stream", "store"].map((name) => import(`/static/core/${name}.js`)));
  return { ...stream.position, ...store.taken, drawn: store.log.value.count };
}"""


@pytest.fixture
def flooding(served: Dev) -> Dev:
    """The plugin logs ``RATE`` lines a second from here on."""
    served.edit("plugin.py", "import asyncio\n", "import asyncio\nimport time\n")
    served.edit("plugin.py", "\n    async def _beat(", FLOOD)
    served.edit("plugin.py", "self.heartbeats = 0", "self.heartbeats = 0\n        self.late = []")
    start = 'create_task(self._beat(), name="echo heartbeat", daemon=True)'
    served.edit("plugin.py", start, f"{start}\n        get_task_manager().create_task(self._flood(), daemon=True)")
    old = "        return await self._answer(text.reply("
    path = served.folder / "components/command.py"
    path.write_text(path.read_text("utf-8").replace(old, ANSWER, 1), "utf-8")
    served.reload()
    served.ask("POST", "/api/reload", {"full": True})
    served.reload()
    return served


def lateness(dev: Dev, seconds: float) -> list[float]:
    """How late the plugin's loop was at each of its turns, in milliseconds, for so many seconds."""
    dev.say("/echo late")
    time.sleep(seconds)  # the load itself, not a wait for something
    return [float(one) for one in dev.say("/echo late")[0].split()[1:]]


def summary(values: list[float]) -> str:
    ordered = sorted(values)
    return f"p50 {statistics.median(ordered):.3f} ms, p95 {ordered[int(len(ordered) * 0.95)]:.3f} ms"


@pytest.mark.slow
@pytest.mark.timeout(400)
def test_twenty_pages_see_all_of_two_hundred_events_a_second(
    browser: Browser, flooding: Dev, record_property: Callable[[str, Any], None]
) -> None:
    before = lateness(flooding, QUIET)
    first, _ = open_page(browser, flooding)
    context = first.context
    context.set_default_timeout(60_000)
    pages: list[Page] = [first, *(context.new_page() for _ in range(PAGES - 1))]
    for number, page in enumerate(pages):
        page.goto(f"{flooding.url}/#/{VIEWS[number % len(VIEWS)]}", wait_until="commit")
    for page in pages:
        page.wait_for_selector(".light.good", state="attached")
    started = [page.evaluate(POSITION) for page in pages]
    during = lateness(flooding, SECONDS)
    last = flooding.ask("GET", "/api/logs?limit=1")["logs"][0]["seq"]
    for page, start in zip(pages, started, strict=True):
        position = page.evaluate(POSITION)
        while position["seq"] < last:
            position = page.evaluate(POSITION)
        assert position["missed"] == 0
        assert position["events"] - start["events"] == position["seq"] - start["seq"]
        assert position["events"] - start["events"] >= RATE * SECONDS * 0.95
    context.close()
    after = lateness(flooding, QUIET)
    quiet = before + after
    print(f"\nwithout a page: {summary(quiet)}\nwith {PAGES} pages: {summary(during)}")
    record_property("without", summary(quiet))
    record_property("with", summary(during))
    # Noise: what the two quiet halves differ by, and a tenth of a millisecond for the clock.
    noise = abs(statistics.median(before) - statistics.median(after)) + 0.1
    assert statistics.median(during) <= statistics.median(quiet) + 2 * noise
