"""The README's pictures of the page, taken by Chromium: `python -m tests.docs.screenshots`."""

from __future__ import annotations

import tempfile
from pathlib import Path

import choose_channel as cc
from choose_channel.report.formats import render
from tests.report.chromium import chromium
from tests.sellers import HYBRID, RUN

MEDIA = Path(__file__).parents[2] / ".media"

if __name__ == "__main__":
    with chromium() as browser, tempfile.TemporaryDirectory() as folder:
        page = browser.new_page(viewport={"width": 1080, "height": 984})
        for lang in ("en", "zh"):
            path = Path(folder) / "report.html"
            path.write_text(render(cc.decide(HYBRID, lang=lang), "html", RUN), encoding="utf-8")
            page.goto(path.as_uri())
            page.screenshot(path=MEDIA / f"page-{lang}.png")
