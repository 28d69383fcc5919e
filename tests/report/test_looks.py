"""The first screen and the first sheet of paper look as they did: pictures, with a small tolerance.

Fonts differ from machine to machine, so every sign is drawn as a block, from a font that stands in
this file. What is held are places, sizes, spacing and colours.
"""

from __future__ import annotations

import base64
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page
from syrupy.assertion import SnapshotAssertion
from syrupy.extensions.image import PNGImageSnapshotExtension

import choose_channel as cc
from choose_channel.report.formats import render
from choose_channel.report.formats.html import what_if
from choose_channel.report.run_info import Title
from tests.engine.test_decide import NOTHING_OPEN
from tests.report.chromium import CHROMIUM
from tests.sellers import HYBRID, RUN

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine")
TOLERANCE = 0.002
"""So much of a picture may be another colour: edges are smoothed differently here and there."""
FONT = (
    "d09GMgABAAAAAAFEAAoAAAAAAtAAAAD+AAEAAAAAAAAAAAAAAAAAAAAAAAAAAAAABmAAWApUTgE2AiQDEAsKAAQg"
    "BV0HIBsMAiAvCmyXNVNzMYoURzGfizN8NB6+vzfPffdta7YpDWQxVCrGLFoBA9bxRzyCsex4mq1ubmKxZkM0FBER"
    "w4Wfn9csfgLE7BbOP4zBcbDwggPQRMvOiw844ICLDW4yHtiwmc0GqxdluaAHLVU0wHHG7mpSQO76wMQuCKmPoRG4"
    "BNDCLgR7PFLkidjyzOIOUFjcs4oEFXSRGGICqCAQotY6aI2UZ/Wgey3M28j/CQSCz+e3Pjn4kcglfKWp7rsDsimR"
    "CgjWtkscZCOwmxrfxJyy6SCXDgSqKkABAEC1L0BoI0DR0Zai9oSh0YhibO2M/erd1O/U2NLymNK+ES7W"
)
"""One block for all signs below U+2E80 and a wider one for all others (WOFF2)."""
STYLE = f"""
@font-face {{ font-family: Blocks; src: url(data:font/woff2;base64,{FONT}); }}
*, ::before, ::after {{ font-family: Blocks !important; }}
"""
DIFFERENCE = """async (pictures) => {
    const [first, second] = await Promise.all(pictures.map(async (text) => {
        const image = new Image();
        image.src = `data:image/png;base64,${text}`;
        await image.decode();
        const context = new OffscreenCanvas(image.width, image.height).getContext('2d');
        context.drawImage(image, 0, 0);
        return context.getImageData(0, 0, image.width, image.height);
    }));
    if (first.width !== second.width || first.height !== second.height) return 1;
    let differing = 0;
    for (let n = 0; n < first.data.length; n += 4) {
        const far = [0, 1, 2].some((c) => Math.abs(first.data[n + c] - second.data[n + c]) > 32);
        differing += Number(far);
    }
    return differing / (first.width * first.height);
}"""


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A window that takes a font from outside the page."""
    context = browser.new_context(bypass_csp=True)
    yield context.new_page()
    context.close()


@pytest.fixture
def looks(snapshot: SnapshotAssertion, browser: Browser) -> Iterator[SnapshotAssertion]:
    """Compares pictures in a browser, dot by dot."""
    judge = browser.new_page()

    class Looks(PNGImageSnapshotExtension):
        def matches(self, *, serialized_data: Any, snapshot_data: Any) -> bool:
            pictures = [base64.b64encode(png).decode() for png in (serialized_data, snapshot_data)]
            return float(judge.evaluate(DIFFERENCE, pictures)) <= TOLERANCE

    yield snapshot.use_extension(Looks)
    judge.close()


@pytest.mark.parametrize(
    ("seller", "lang", "size", "scheme", "media"),
    [
        pytest.param(HYBRID, "en", (1280, 940), "light", "screen", id="desktop"),
        pytest.param(NOTHING_OPEN, "zh", (1280, 940), "dark", "screen", id="desktop-dark"),
        pytest.param(HYBRID, "zh", (360, 1500), "light", "screen", id="phone"),
        pytest.param(HYBRID, "en", (680, 1000), "light", "print", id="paper"),
    ],
)
def test_it_looks_the_same(
    page: Page,
    looks: SnapshotAssertion,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    seller: dict[str, Any],
    lang: str,
    size: tuple[int, int],
    scheme: Any,
    media: Any,
) -> None:
    """On a laptop, a phone and paper; without other answers, which take long to work out."""
    monkeypatch.setattr(what_if, "pack", lambda _: None)
    path, (width, height) = tmp_path / "report.html", size
    run = RUN._replace(title=Title("A title", "A client", "A note.", "An adviser"))
    path.write_text(render(cc.decide(seller, lang=lang), "html", run), encoding="utf-8")
    page.set_viewport_size({"width": width, "height": height})
    page.emulate_media(media=media, color_scheme=scheme)
    page.goto(path.as_uri())
    page.add_style_tag(content=STYLE)
    page.evaluate("document.fonts.ready")
    assert page.screenshot() == looks
