"""How soon the page wizard asks: `PYTHONPATH=. python tests/benchmarks/page.py [RUNS]`.

On a phone four times slower than this machine, beside a page that holds one button and nothing
else. The median is printed, and the goal; nothing is asserted, since a shared machine is no judge.
"""

from __future__ import annotations

import statistics
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Browser
from tests.report.chromium import chromium

from choose_channel.engine.engine import Engine
from choose_channel.loading.load import load_rulebook
from choose_channel.report.formats.html.wizard_page import wizard_page

GOAL = 1000
"""Milliseconds."""
BUTTON = """<!doctype html><title>A button</title><body><script>
const button = document.createElement("button");
button.className = "option";
document.body.append(button);
</script>"""
WATCH = """new MutationObserver((_, watching) => {
    if (!document.querySelector(".option")) return;
    window.asked = performance.now();
    watching.disconnect();
}).observe(document, {childList: true, subtree: true});"""


def milliseconds(browser: Browser, path: Path) -> float:
    """From opening the page to its first button."""
    page = browser.new_page(viewport={"width": 360, "height": 740})
    page.context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": 4})
    page.add_init_script(WATCH)
    page.goto(path.as_uri())
    page.wait_for_selector(".option", state="attached")
    elapsed: float = page.evaluate("window.asked")
    page.close()
    return elapsed


def main() -> None:
    """Measures and prints."""
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else 9
    with tempfile.TemporaryDirectory() as folder, chromium() as browser:
        floor, page = Path(folder, "button.html"), Path(folder, "wizard.html")
        floor.write_text(BUTTON, encoding="utf-8")
        page.write_text(wizard_page(Engine(load_rulebook()), "en"), encoding="utf-8")
        times = [(milliseconds(browser, floor), milliseconds(browser, page)) for _ in range(runs)]
    bare, ours = (statistics.median(some) for some in zip(*times, strict=True))
    print(f"a page with one button {bare:6.0f} ms")
    print(f"first question         {ours:6.0f} ms (goal {GOAL}), {page.name}")


if __name__ == "__main__":
    main()
