"""Save to seen: from the rename that ends a save to the timeline's entry painted in a real browser.

``python -m benchmarks.page_latency [--saves 40]``. The page notes when the frame with the entry in it was made; both
clocks are the system's. Prints p50 and p95, in milliseconds, of the painted entry, its insertion, the event, and the
time that the reload event itself gives.
"""

from __future__ import annotations

import argparse
import json
import shutil
import statistics
import tempfile
import time
from pathlib import Path

from playwright.sync_api import sync_playwright

from tests.e2e.conftest import EXAMPLE, Dev
from tests.web.conftest import ARGUMENTS, CHROMIUM, open_page

# A frame's callbacks run before its paint; a message that one of them sends arrives after it.
WATCH = """() => {
  window.seen = {};
  const note = (entry) => {
    const seq = entry.dataset.seq;
    if (seq in window.seen) return;
    window.seen[seq] = { inserted: Date.now() };
    const after = new MessageChannel();
    after.port1.onmessage = () => { window.seen[seq].painted = Date.now(); };
    requestAnimationFrame(() => after.port2.postMessage(0));
  };
  new MutationObserver(() => document.querySelectorAll(".entry[data-outcome]").forEach(note))
    .observe(document.querySelector("main"), { childList: true, subtree: true });
}"""
SEEN = """async (seq) => {
  while (!window.seen[seq]?.painted) await new Promise(requestAnimationFrame);
  return window.seen[seq];
}"""
PAUSE = 0.25  # seconds between saves: a person's saves are further apart


def measure(dev: Dev, saves: int) -> list[dict[str, float]]:
    """Milliseconds of each save, by part."""
    figures = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        page, _faults = open_page(browser, dev)
        page.evaluate("location.hash = '#/timeline'")
        page.wait_for_selector(".entry")
        page.evaluate(WATCH)
        path = dev.folder / "text.py"
        source = path.read_text("utf-8")
        for number in range(saves):
            fresh = path.with_suffix(".tmp")
            fresh.write_text(source.replace("echo #{number}", f"echo {number} #{{number}}"), "utf-8")
            saved = time.time()
            fresh.replace(path)
            event = dev.reload()
            seen = page.evaluate(SEEN, event["seq"])
            figures.append(
                {
                    "painted": seen["painted"] - saved * 1000,
                    "inserted": seen["inserted"] - saved * 1000,
                    "event": event["time"] * 1000 - saved * 1000,
                    "server": event["ms"]["total"],
                }
            )
            time.sleep(PAUSE)
        browser.close()
    return figures


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--saves", type=int, default=40)
    saves = parser.parse_args().saves
    with tempfile.TemporaryDirectory() as name:
        base = Path(name).resolve()
        folder = base / "echo_plugin"
        shutil.copytree(EXAMPLE, folder, ignore=shutil.ignore_patterns("__pycache__"))
        dev = Dev(folder, "--patch-live", "--no-scenarios", runtime=base / "run")
        try:
            dev.ready()
            figures = measure(dev, saves)[3:]  # the first ones warm everything up
        finally:
            dev.close()
    for part in figures[0]:
        values = sorted(figure[part] for figure in figures)
        p95 = values[int(len(values) * 0.95)]
        print(json.dumps({"part": part, "p50": round(statistics.median(values), 1), "p95": round(p95, 1)}))


if __name__ == "__main__":
    main()
