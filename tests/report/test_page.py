"""The HTML report in a real browser: whole on screen and paper, offline, accessible."""

from __future__ import annotations

import base64
import itertools
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Error, Page, expect

import choose_channel as cc
from choose_channel.report.build import report
from choose_channel.report.content import Sources
from choose_channel.report.first_screen import card, gravest, this_week
from choose_channel.report.formats import render
from choose_channel.report.run_info import Title
from tests.engine.test_decide import NOTHING_OPEN
from tests.report.chromium import CHROMIUM
from tests.sellers import BOOK, HOSTILE, HYBRID, RUN, rendered

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine")
WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
LANGS = ["zh", "en"]
PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)
"""One dot."""


def _file(folder: Path, answers: dict[str, Any], lang: str = "en", **more: Any) -> str:
    path = folder / "report.html"
    run = RUN._replace(title=Title(**more))
    path.write_text(rendered(answers, "html", lang, run), encoding="utf-8")
    return path.as_uri()


def _opened(page: Page, address: str) -> Page:
    page.goto(address)
    page.wait_for_selector("#live-said[data-found]", state="attached")
    return page


def _unfold(page: Page) -> None:
    """Opens every part, as by hand."""
    page.evaluate(
        "document.querySelectorAll('details.part:not([open]) > summary').forEach((s) => s.click())"
    )


def _on_paper(page: Page) -> None:
    """As it is while it is printed."""
    page.emulate_media(media="print")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")


@pytest.mark.parametrize("lang", LANGS)
def test_nothing_is_loaded_and_nothing_complained_of(page: Page, tmp_path: Path, lang: str) -> None:
    """The file is all there is, and the browser has no error to report."""
    urls: list[str] = []
    complaints: list[str] = []
    page.on("request", lambda request: urls.append(request.url))
    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    address = _file(tmp_path, HYBRID, lang)
    _opened(page, address)
    assert [url for url in urls if not url.startswith("data:")] == [address]
    assert complaints == []


def test_the_page_may_not_speak_to_anybody(page: Page, tmp_path: Path) -> None:
    """Even a script that got in could reach nobody: the policy of the page forbids it."""
    _opened(page, _file(tmp_path, HYBRID))
    refused = page.evaluate("fetch('https://example.com').then(() => false, () => true)")
    blocked = page.evaluate(
        """() => new Promise((done) => {
            document.addEventListener('securitypolicyviolation', (e) => done(e.effectiveDirective));
            document.body.append(Object.assign(document.createElement('script'), {text: '1'}));
        })"""
    )
    assert refused
    assert blocked.startswith("script-src")


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("answers", [HYBRID, NOTHING_OPEN, BOOK])
def test_the_first_screen_holds_what_counts(
    page: Page, tmp_path: Path, answers: dict[str, Any], lang: str
) -> None:
    """The verdict, this week's steps, the gravest pitfall, the numbers and the ways, in sight
    before anything is unfolded, and all else folded."""
    decision = cc.decide(answers, lang=lang)
    _opened(page, _file(tmp_path, answers, lang, client="A client", adviser="An adviser"))
    assert page.title().startswith("A client")
    expect(page.locator(".masthead")).to_contain_text("An adviser")
    expect(page.locator(".masthead time")).to_have_text(RUN.date)
    expect(page.locator("#verdict h2")).to_have_text(card(decision).title)
    titles = [step.title for step in this_week(decision)]
    assert page.locator(".todo label").all_inner_texts() == titles
    assert page.locator(".first .number").count() == (3 if decision.money else 0)
    watch = gravest(decision)
    assert watch
    expect(page.locator(".watch .title")).to_have_text(watch.title)
    assert page.locator("details.part[open]").count() == 0
    for link in page.locator(".contents a").all():
        assert page.locator(str(link.get_attribute("href"))).count() == 1


def test_all_ways_stand_on_one_scale(page: Page, tmp_path: Path) -> None:
    """A bar is as long as its fit says, beside any other."""
    decision = cc.decide(HYBRID)
    _opened(page, _file(tmp_path, HYBRID))
    _unfold(page)
    for group in (".first .bar.fit", "#why .bar.fit", "#live .bar.fit"):
        bars = page.locator(group).all()
        fills = [bar.locator(".fill").bounding_box() for bar in bars]
        tracks = [bar.bounding_box() for bar in bars]
        widths = [track["width"] for track in tracks if track]
        assert max(widths) - min(widths) < 1
        lengths = sorted(
            fill["width"] / track["width"]
            for fill, track in zip(fills, tracks, strict=True)
            if fill and track
        )
        assert lengths == pytest.approx(
            sorted(channel.fit / 100 for channel in decision.channels), abs=0.02
        )


def test_ticks_and_folds_stay(page: Page, tmp_path: Path) -> None:
    """In this browser, and for this report only; a step that stands twice is ticked twice."""
    address = _file(tmp_path, HYBRID)
    _opened(page, address)
    page.locator(".todo input").first.check()
    page.locator("#plan > summary").click()
    assert page.locator("#plan .steps input:checked").count() == 1
    page.locator("#plan .steps input").nth(4).check()
    _opened(page, address)
    expect(page.locator("#plan .gist")).to_contain_text("2 of ")
    assert page.locator(".todo input:checked").count() == 1
    assert page.locator("#plan .steps input:checked").count() == 2
    assert page.locator("details.part[open]").count() == 1
    _opened(page, _file(tmp_path, BOOK))
    assert page.locator("input:checked").count() == 0


def _noting(errors: list[str]) -> Callable[[Error], None]:
    return lambda error: errors.append(str(error))


def test_nothing_breaks_where_the_browser_keeps_nothing(browser: Browser, tmp_path: Path) -> None:
    """Storage that refuses, or that holds nonsense, takes nothing else away."""
    for script in (
        "Object.defineProperty(window, 'localStorage', {get() { throw new Error('no'); }})",
        "Storage.prototype.getItem = () => '[1, {'",
        "Storage.prototype.getItem = () => 'null'",
        "Storage.prototype.setItem = () => { throw new Error('full'); }",
    ):
        page = browser.new_page()
        errors: list[str] = []
        page.on("pageerror", _noting(errors))
        page.add_init_script(script)
        _opened(page, _file(tmp_path, HYBRID))
        page.locator(".todo input").first.check()
        page.locator("#live > summary").click()
        page.select_option("#live-cash", "tight")
        assert page.evaluate("location.hash") == "#cash=tight"
        assert errors == []
        page.close()


def test_a_link_opens_the_part_it_leads_to(page: Page, tmp_path: Path) -> None:
    """From the contents, from a step, from a number in brackets, and from outside."""
    address = _file(tmp_path, HYBRID)
    _opened(page, address)
    page.locator(".how-link").first.click()
    expect(page.locator("#plan")).to_have_attribute("open", "")
    page.locator("#plan .cite").first.click()
    expect(page.locator("#sources")).to_have_attribute("open", "")
    page.goto("about:blank")
    _opened(page, f"{address}#money")
    expect(page.locator("#money")).to_have_attribute("open", "")


def test_what_was_done_before_is_ticked(page: Page, tmp_path: Path) -> None:
    """Steps that were ticked in the terminal."""
    decision = cc.decide(NOTHING_OPEN)
    done = this_week(decision)[0].id
    path = tmp_path / "report.html"
    path.write_text(render(decision, "html", RUN._replace(done=frozenset({done}))), "utf-8")
    page.goto(path.as_uri())
    assert page.locator(f"input[data-step={done}]:checked").count() == 2


def test_everything_can_be_done_with_the_keyboard(page: Page, tmp_path: Path) -> None:
    """Tab reaches every control, each shows that it has the focus, keys tick, unfold and answer."""
    _opened(page, _file(tmp_path, NOTHING_OPEN))
    page.locator(".todo input").first.focus()
    page.keyboard.press("Space")
    assert page.locator(".todo input:checked").count() == 1
    page.locator("#live > summary").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#live")).to_have_attribute("open", "")
    seen = []
    for _ in range(20):
        page.keyboard.press("Tab")
        name, outline = page.evaluate(
            "() => [document.activeElement.tagName,"
            " getComputedStyle(document.activeElement).outlineStyle]"
        )
        seen.append(name)
        assert outline != "none"
        if name == "BUTTON":
            break
    assert seen.count("SELECT") >= 9
    assert seen[-1] == "BUTTON"
    before = page.get_attribute("#live-said", "data-found")
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("ArrowDown")
    assert page.get_attribute("#live-said", "data-found") != before
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert page.get_attribute("#live-said", "data-found") == before


def test_no_word_of_a_table_is_torn(page: Page, tmp_path: Path) -> None:
    """On a phone, every word of a heading stands on one line; a hyphen may end one."""
    page.set_viewport_size({"width": 360, "height": 700})
    _opened(page, _file(tmp_path, HYBRID))
    _unfold(page)
    seen, torn = page.evaluate(
        """() => {
            const seen = [], torn = [];
            for (const cell of document.querySelectorAll('th')) {
                const walker = document.createTreeWalker(cell, NodeFilter.SHOW_TEXT);
                while (walker.nextNode()) {
                    for (const word of walker.currentNode.data.matchAll(/[^\\s-]+/g)) {
                        const range = document.createRange();
                        range.setStart(walker.currentNode, word.index);
                        range.setEnd(walker.currentNode, word.index + word[0].length);
                        const tops = [...range.getClientRects()].map((box) => Math.round(box.top));
                        seen.push(word[0]);
                        if (new Set(tops).size > 1) torn.push(word[0]);
                    }
                }
            }
            return [seen, torn];
        }"""
    )
    assert "customers" in [word.casefold() for word in seen]
    assert torn == []


@pytest.mark.parametrize("width", [320, 360])
@pytest.mark.parametrize("lang", LANGS)
def test_it_is_readable_on_a_phone(page: Page, tmp_path: Path, lang: str, width: int) -> None:
    """Nothing is wider than the screen, and nothing is too small to read."""
    page.set_viewport_size({"width": width, "height": 700})
    _opened(page, _file(tmp_path, HYBRID, lang, client=HOSTILE["long"]))
    _unfold(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    size = page.evaluate("parseFloat(getComputedStyle(document.querySelector('td')).fontSize)")
    assert size >= 12


USUAL_LOOKS = [
    ("en", 360, "light", "screen"),
    ("zh", 1200, "dark", "screen"),
    ("en", 1200, "light", "print"),
]
LOOKS = [*itertools.product(LANGS, [360, 1200], ["light", "dark"], ["screen", "print"])]


@pytest.mark.parametrize(
    ("lang", "width", "scheme", "media"),
    [pytest.param(*look, marks=() if look in USUAL_LOOKS else pytest.mark.slow) for look in LOOKS],
)
def test_no_rule_of_wcag_is_broken(
    page: Page, tmp_path: Path, lang: str, width: int, scheme: Any, media: Any
) -> None:
    """A and AA of WCAG 2.2, as far as axe can tell: both colour schemes, screen and paper, with all
    parts open."""
    page.set_viewport_size({"width": width, "height": 800})
    page.emulate_media(color_scheme=scheme)
    answers = HYBRID if lang == "en" else NOTHING_OPEN
    _opened(page, _file(tmp_path, answers, lang, title="T", client="C", note="N", adviser="A"))
    _unfold(page)
    page.emulate_media(media=media, color_scheme=scheme)
    violations = Axe().run(page, options={"runOnly": WCAG}).response["violations"]
    assert [(rule["id"], [node["html"] for node in rule["nodes"]]) for rule in violations] == []


@pytest.mark.parametrize(
    ("paper", "size"), [("A4", rb"59[45]\.?\d* 84[12]\.?\d*"), ("Letter", rb"612 792")]
)
def test_it_prints_on_the_readers_paper(
    page: Page, tmp_path: Path, paper: str, size: bytes
) -> None:
    """Pages of that size, as many as it takes."""
    _opened(page, _file(tmp_path, HYBRID, title="T", client="C", note="One line."))
    pdf = page.pdf(format=paper)
    pages = len(re.findall(rb"/Type\s*/Page\b(?!s)", pdf))
    assert 5 <= pages <= 12
    assert len(re.findall(rb"/MediaBox \[0 0 " + size, pdf)) == pages


@pytest.mark.parametrize("lang", LANGS)
def test_the_first_screen_takes_two_sheets_at_most(page: Page, tmp_path: Path, lang: str) -> None:
    """What stands above the folded parts, in the smaller of the two sizes of paper."""
    _opened(page, _file(tmp_path, NOTHING_OPEN, lang, title="T", client="C", note="One line."))
    page.evaluate("document.querySelectorAll('.part').forEach((part) => part.remove())")
    pdf = page.pdf(format="Letter")
    assert len(re.findall(rb"/Type\s*/Page\b(?!s)", pdf)) <= 2


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("answers", [HYBRID, NOTHING_OPEN])
def test_paper_holds_what_the_screen_holds(
    page: Page, tmp_path: Path, lang: str, answers: dict[str, Any]
) -> None:
    """Every step, pitfall, reason and source, large enough to read; what cannot be used on paper is
    left out: the contents, and other answers that nobody has tried."""
    decision = cc.decide(answers, lang=lang)
    _opened(page, _file(tmp_path, answers, lang))
    _on_paper(page)
    shown = page.locator("body").inner_text()
    for pitfall in decision.pitfalls:
        assert pitfall.title in shown
    for step in decision.plan:
        assert step.title in shown
        assert step.text in shown
        assert step.done_when in shown
    blocks = [block for section in report(decision, RUN).sections for block in section.blocks]
    lists = [block for block in blocks if isinstance(block, Sources)]
    for source in (source for block in lists for source in block.sources):
        assert source.text in shown
        assert not source.url or page.locator(f'a[href="{source.url}"]').count()
    small = page.evaluate(
        """() => [...document.querySelectorAll('body *')].filter((tag) =>
            tag.checkVisibility() && !tag.closest('svg, .unseen') &&
            [...tag.childNodes].some((node) => node.nodeType === 3 && node.data.trim()) &&
            parseFloat(getComputedStyle(tag).fontSize) < 11.99).map((tag) => tag.outerHTML)"""
    )
    assert small == []
    assert not page.locator("#live").is_visible()
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    assert page.locator("details.part[open]").count() == 0


def test_what_the_reader_folded_is_not_printed_and_says_so(page: Page, tmp_path: Path) -> None:
    """A part that was never touched is printed; one that was closed by hand leaves its title."""
    _opened(page, _file(tmp_path, HYBRID))
    for _ in range(2):
        page.locator("#money > summary").click()
    _on_paper(page)
    assert not page.locator("#money table").is_visible()
    expect(page.locator("#money")).to_contain_text("You folded this part")
    assert page.locator("#money .unprinted").is_visible()
    assert page.locator("#plan .steps").first.is_visible()
    assert not page.locator("#plan .unprinted").is_visible()


def test_other_answers_are_printed_where_some_were_tried(page: Page, tmp_path: Path) -> None:
    """With the answers that were changed."""
    _opened(page, _file(tmp_path, HYBRID))
    page.locator("#live > summary").click()
    page.select_option("#live-cash", "tight")
    _on_paper(page)
    assert page.locator("#live .live-result").is_visible()
    assert not page.locator("#live-form").is_visible()
    expect(page.locator("#live .changed")).to_contain_text("cash: tight")


def test_a_logo_is_part_of_the_page(page: Page, tmp_path: Path) -> None:
    """It is drawn, and nothing is loaded for it."""
    logo = "data:image/png;base64," + base64.b64encode(PNG).decode()
    path = tmp_path / "report.html"
    run = RUN._replace(logo=logo, title=Title(adviser="An adviser"))
    path.write_text(rendered(NOTHING_OPEN, "html", run=run), encoding="utf-8")
    page.goto(path.as_uri())
    assert page.evaluate("document.querySelector('img.logo').naturalWidth") == 1
    assert page.locator("img.logo").get_attribute("alt") == "An adviser"


@pytest.mark.parametrize("lang", LANGS)
def test_scenarios_are_compared_in_the_same_looks(page: Page, tmp_path: Path, lang: str) -> None:
    """Heading, parts, and a table on one scale; nothing is folded, since nothing stands above."""
    pair = {
        "now": cc.decide(HYBRID, lang=lang),
        "then": cc.decide({**HYBRID, "store": "none"}, lang=lang),
    }
    path = tmp_path / "compare.html"
    run = RUN._replace(title=Title(client="A client"))
    path.write_text(render(cc.compare(pair), "html", run), encoding="utf-8")
    page.goto(path.as_uri())
    assert page.title().startswith("A client")
    titles = [card(scenario.decision).title for scenario in cc.compare(pair).scenarios]
    assert page.locator(".verdicts h2").all_inner_texts() == titles
    assert page.locator("details.part").count() == page.locator("details.part[open]").count() > 2
    assert page.locator("#live, .contents, .first").count() == 0
    violations = Axe().run(page, options={"runOnly": WCAG}).response["violations"]
    assert [rule["id"] for rule in violations] == []


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_texts_do_nothing(page: Page, tmp_path: Path, name: str) -> None:
    """They are shown as text: no element, no script, no turned direction."""
    text = HOSTILE[name]
    events: list[str] = []
    page.on("console", lambda message: events.append(message.text))
    page.on("dialog", lambda dialog: events.append(dialog.message))
    _opened(page, _file(tmp_path, NOTHING_OPEN, client=text, note=text, title=text, adviser=text))
    assert events == []
    assert page.locator("script").count() == 2
    assert page.locator(".masthead script, .masthead svg, .masthead b").count() == 0
    assert page.locator("img").count() == 0
    shown = page.locator(".note").inner_text()
    assert re.sub(r"\s", "", shown) == re.sub(r"\s", "", "".join(filter(str.isprintable, text)))


def test_without_a_script_the_report_is_whole(browser: Browser, tmp_path: Path) -> None:
    """What cannot work there is not shown."""
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(_file(tmp_path, HYBRID))
    assert not page.locator("#live").is_visible()
    assert page.locator("#verdict h2").is_visible()
    page.locator("#plan > summary").click()
    assert page.locator("#plan .steps h4").first.is_visible()
    page.emulate_media(media="print")
    assert page.locator("#money table").is_visible()
    context.close()
