"""The HTML report in a real browser: alive, offline, accessible, and two pages on paper."""

from __future__ import annotations

import functools
import itertools
import json
import random
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

import choose_channel as cc
from choose_channel.answers.space import space_of
from choose_channel.engine.engine import Engine
from choose_channel.model.rulebook import Rulebook
from choose_channel.report.formats import render
from choose_channel.report.run_info import Title
from tests.engine.test_decide import BANNED, CREATOR, NOTHING_OPEN
from tests.report.chromium import CHROMIUM
from tests.sellers import BOOK, HOSTILE, HYBRID, RUN

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine")
WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
LANGS = ["zh", "en"]


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A new window in which nothing may go wrong unseen."""
    found = browser.new_page()
    found.set_default_timeout(10_000)
    yield found
    found.close()


@functools.cache
def _page(answers: str, lang: str, title: Title) -> str:
    """A page, made once for all tests that look at it; `answers` are JSON."""
    decision = cc.decide(json.loads(answers), lang=lang)
    return render(decision, "html", RUN._replace(title=title))


def _file(folder: Path, answers: dict[str, Any], lang: str = "en", **more: Any) -> str:
    path = folder / "report.html"
    path.write_text(_page(json.dumps(answers), lang, Title(**more)), encoding="utf-8")
    return path.as_uri()


def _opened(page: Page, address: str) -> Page:
    page.goto(address)
    page.wait_for_selector("#live-result[data-found]", state="attached")
    return page


def _found(page: Page) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(page.get_attribute("#live-result", "data-found") or "")
    return found


def _choose(page: Page, bands: list[int]) -> None:
    """Gives every question an answer at once, as if by hand: an option of that band."""
    page.evaluate(
        """bands => {
            const selects = [...document.querySelectorAll('#live-form select')];
            selects.forEach((one, n) => { one.value = bands[n]; });
            selects[0].dispatchEvent(new Event('change', {bubbles: true}));
        }""",
        bands,
    )


@pytest.mark.parametrize("lang", LANGS)
def test_nothing_is_loaded_and_nothing_complained_of(page: Page, tmp_path: Path, lang: str) -> None:
    """The file is all there is, and the browser has no error to report."""
    asked: list[str] = []
    said: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    address = _file(tmp_path, HYBRID, lang)
    _opened(page, address)
    assert [one for one in asked if not one.startswith("data:")] == [address]
    assert said == []


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


def test_lookups_agree_with_decide(page: Page, tmp_path: Path, book: Rulebook) -> None:
    """On 200 random cells: recommended, aim, weak, close, access and fit."""
    draw = random.Random(4)
    goods = book.questions["product_type"].choices
    axes = [axis for axis in space_of(book).axes[1:] if not axis.question.derived]
    for choice in draw.sample(goods, 4):
        seller = {**NOTHING_OPEN, "product_type": choice.id}
        _opened(page, _file(tmp_path, seller))
        for _ in range(50):
            bands = [draw.randrange(len(axis.values)) for axis in axes]
            chosen = {a.question.id: a.values[band] for a, band in zip(axes, bands, strict=True)}
            decision = cc.decide({"product_type": choice.id, **chosen})
            _choose(page, bands)
            found = _found(page)
            names = [None, *book.channels]
            channels = [decision.channel(name) for name in book.channels]
            assert names[found["best"]] == decision.recommended, chosen
            assert names[found["aim"]] == decision.aim, chosen
            assert found["fit"] == [one.fit for one in channels], chosen
            assert found["access"] == [one.access for one in channels], chosen
            assert (found["weak"], found["close"]) == (decision.weak, 2 * decision.close), chosen
            asked = [name for name in chosen if name not in decision.set_aside]
            applies = [axis.question.id in asked for axis in axes]
            assert [bool(one) for one in found["applies"]] == applies, chosen


def test_where_costs_are_given_the_margin_is_true(
    page: Page, tmp_path: Path, book: Rulebook, engine: Engine
) -> None:
    """Nothing that moves the margin can be changed there, so that the page says what the program
    would say of the same seller, costs and all."""
    _opened(page, _file(tmp_path, BOOK))
    free = [
        axis
        for axis in space_of(book).axes[1:]
        if not axis.question.derived and axis.question.id not in engine.moves_money
    ]
    assert {axis.question.id for axis in free}.isdisjoint(["price", "market"])
    assert page.locator("#live-form select").count() == len(free)
    draw, names = random.Random(5), [None, *book.channels]
    for _ in range(20):
        bands = [draw.randrange(len(axis.values)) for axis in free]
        chosen = {a.question.id: a.values[band] for a, band in zip(free, bands, strict=True)}
        decision = cc.decide({**BOOK, **chosen})
        _choose(page, bands)
        found = _found(page)
        channels = [decision.channel(name) for name in book.channels]
        assert names[found["best"]] == decision.recommended, chosen
        assert names[found["aim"]] == decision.aim, chosen
        assert found["fit"] == [one.fit for one in channels], chosen
        assert found["access"] == [one.access for one in channels], chosen


@pytest.mark.parametrize("answers", [HYBRID, BOOK, NOTHING_OPEN, CREATOR])
def test_it_starts_with_the_answers_of_the_report(
    page: Page, tmp_path: Path, answers: dict[str, Any], book: Rulebook
) -> None:
    """The first thing looked up is what the report says."""
    decision = cc.decide(answers)
    _opened(page, _file(tmp_path, answers))
    found = _found(page)
    channels = [None, *book.channels]
    assert channels[found["best"]] == decision.recommended
    assert [*found["fit"]] == [decision.channel(name).fit for name in book.channels]


@pytest.mark.parametrize("lang", LANGS)
def test_what_was_found_is_said_in_words(page: Page, tmp_path: Path, lang: str) -> None:
    """A new answer changes sentence and table, and says what does not apply."""
    _opened(page, _file(tmp_path, NOTHING_OPEN, lang))
    status = page.locator("#live-result")
    before = status.inner_text()
    off = page.locator("#live-form").get_by_text({"zh": "这题不用答", "en": "does not apply"}[lang])
    assert off.count() == 0
    page.locator("#live-form select").nth(3).select_option(index=0)
    assert status.inner_text() != before
    assert off.count() > 0
    page.get_by_role("button").click()
    expect(status).to_have_text(before, use_inner_text=True)


def test_everything_can_be_done_with_the_keyboard(page: Page, tmp_path: Path) -> None:
    """Tab reaches every control, each shows that it has the focus, keys answer and reset."""
    _opened(page, _file(tmp_path, NOTHING_OPEN))
    page.locator("#live-form select").nth(1).focus()
    before = _found(page)
    page.keyboard.press("ArrowUp")
    assert _found(page) != before
    seen = []
    for _ in range(15):
        name, outline = page.evaluate(
            "() => [document.activeElement.tagName,"
            " getComputedStyle(document.activeElement).outlineStyle]"
        )
        seen.append(name)
        assert outline != "none"
        if name == "BUTTON":
            break
        page.keyboard.press("Tab")
    assert seen.count("SELECT") >= 9
    assert seen[-1] == "BUTTON"
    page.keyboard.press("Enter")
    expect(page.locator("#live-result")).to_have_attribute(
        "data-found", json.dumps(before, separators=(",", ":"))
    )


def test_no_word_of_a_table_is_torn(page: Page, tmp_path: Path) -> None:
    """On a phone, every word of a heading stands on one line; a hyphen may end one."""
    page.set_viewport_size({"width": 360, "height": 700})
    _opened(page, _file(tmp_path, HYBRID))
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
                        const tops = [...range.getClientRects()].map((one) => Math.round(one.top));
                        seen.push(word[0]);
                        if (new Set(tops).size > 1) torn.push(word[0]);
                    }
                }
            }
            return [seen, torn];
        }"""
    )
    assert "customers" in seen
    assert torn == []


@pytest.mark.parametrize("width", [320, 360])
@pytest.mark.parametrize("lang", LANGS)
def test_it_is_readable_on_a_phone(page: Page, tmp_path: Path, lang: str, width: int) -> None:
    """Nothing is wider than the screen, and nothing is too small to read."""
    page.set_viewport_size({"width": width, "height": 700})
    _opened(page, _file(tmp_path, HYBRID, lang, client=HOSTILE["long"]))
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    size = page.evaluate("parseFloat(getComputedStyle(document.querySelector('td')).fontSize)")
    assert size >= 12


USUAL_LOOKS = [("en", 360, "light"), ("zh", 1200, "dark")]
LOOKS = [*itertools.product(LANGS, [360, 1200], ["light", "dark"])]


@pytest.mark.parametrize(
    ("lang", "width", "scheme"),
    [pytest.param(*look, marks=() if look in USUAL_LOOKS else pytest.mark.slow) for look in LOOKS],
)
def test_no_rule_of_wcag_is_broken(
    browser: Browser, tmp_path: Path, lang: str, width: int, scheme: Any
) -> None:
    """A and AA of WCAG 2.2, as far as axe can tell, in both colour schemes."""
    page = browser.new_page(viewport={"width": width, "height": 800}, color_scheme=scheme)
    _opened(page, _file(tmp_path, HYBRID, lang, title="T", client="C", note="N"))
    found = Axe().run(page, options={"runOnly": WCAG}).response["violations"]
    page.close()
    assert [(one["id"], [node["html"] for node in one["nodes"]]) for one in found] == []


@pytest.mark.parametrize(
    ("lang", "answers"),
    [
        ("en", HYBRID),
        ("zh", BOOK),
        *(
            pytest.param(lang, answers, marks=pytest.mark.slow)
            for lang, answers in (
                *(("en", BOOK), ("en", NOTHING_OPEN), ("zh", HYBRID), ("zh", NOTHING_OPEN)),
            )
        ),
    ],
)
def test_it_prints_to_two_pages(
    page: Page, tmp_path: Path, lang: str, answers: dict[str, Any]
) -> None:
    """Two sides of one A4 sheet, so that it can be handed over."""
    _opened(page, _file(tmp_path, answers, lang, title="T", client="C", note="One line."))
    pdf = page.pdf(prefer_css_page_size=True)
    assert len(re.findall(rb"/Type\s*/Page\b(?!s)", pdf)) == 2
    assert re.search(rb"/MediaBox \[0 0 59[45]\.?\d* 84[12]\.?\d*\]", pdf)


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_texts_do_nothing(page: Page, tmp_path: Path, name: str) -> None:
    """They are shown as text: no element, no script, no turned direction."""
    text = HOSTILE[name]
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.on("dialog", lambda dialog: said.append(dialog.message))
    _opened(page, _file(tmp_path, HYBRID, client=text, note=text, title=text))
    assert said == []
    assert page.locator("script").count() == 2
    assert page.locator("img").count() == 0
    shown = page.locator(".client").inner_text()
    assert re.sub(r"\s", "", shown) == re.sub(r"\s", "", "".join(filter(str.isprintable, text)))


def test_without_a_script_the_report_is_whole(browser: Browser, tmp_path: Path) -> None:
    """What cannot work there is not shown."""
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(_file(tmp_path, HYBRID))
    assert not page.locator("#live-form").is_visible()
    assert page.locator("#verdict .card h2").is_visible()
    context.close()


def test_goods_that_are_no_channel_have_nothing_to_try(page: Page, tmp_path: Path) -> None:
    """For banned goods one verdict holds whatever else is answered."""
    _opened(page, _file(tmp_path, BANNED))
    assert page.locator("#live-form select:enabled").count() == 0
