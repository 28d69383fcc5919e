"""The live part of the page says what the program says: in a browser, on random answers."""

from __future__ import annotations

import json
import random
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page

import choose_channel as cc
from choose_channel.engine.decision import Decision
from choose_channel.model.naming import to_text
from choose_channel.model.rulebook import SEVERITIES, Rulebook
from choose_channel.report.first_screen import card, this_week, tiles
from tests.engine.test_decide import BANNED, CREATOR, NOTHING_OPEN
from tests.report.chromium import CHROMIUM
from tests.sellers import BOOK, HYBRID, rendered

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine")
FREE = {"business_license": "none", "warehouse": "local", "followers": 250}
"""A seller of whom little is known."""
OVERTURNED = {
    **{"product_type": "commodity", "price": 18, "warehouse": "virtual", "followers": 0},
    **{"business_license": "mainland", "market": "eu", "goal": "brand", "experience": "first_time"},
}
"""A seller whose headline stays whatever is answered, though the recommended channel does not."""


def _open(page: Page, folder: Path, answers: dict[str, Any], lang: str = "en") -> str:
    file = folder / "report.html"
    file.write_text(rendered(answers, "html", lang), encoding="utf-8")
    page.goto(file.as_uri())
    page.wait_for_selector("#live-said[data-found]", state="attached")
    return file.as_uri()


def _found(page: Page) -> dict[str, Any]:
    data: dict[str, Any] = json.loads(page.get_attribute("#live-said", "data-found") or "")
    return data


def _drawn(page: Page) -> dict[str, Any]:
    """What a reader sees of it."""
    drawn: dict[str, Any] = page.evaluate(
        """() => {
            const part = document.querySelector('#live');
            const texts = (selector, within = part) =>
                [...within.querySelectorAll(selector)].map((tag) => tag.textContent);
            return {
                title: texts('.card .title')[0],
                lines: texts('.card .lines p'),
                sure: texts('.card .sure')[0],
                fit: texts('#live-ways strong'),
                bars: [...part.querySelectorAll('#live-ways .fill')].map((bar) =>
                    Number(bar.getAttribute('width'))),
                access: [...part.querySelectorAll('#live-ways .access')].map((tag) =>
                    tag.classList[1]),
                steps: texts('#live-week li'),
                severities: texts('#live-pitfalls .severity'),
                sums: [...part.querySelectorAll('#live-sums .number:has(.label)')].map((number) => [
                    texts('.label', number)[0],
                    texts('.value', number)[0] ?? '',
                    texts('.quiet', number)[0] ?? '',
                    [...number.querySelectorAll('.one')].map((way) => [
                        way.firstElementChild.textContent,
                        way.lastElementChild.textContent,
                    ]),
                ]),
            };
        }"""
    )
    return drawn


def _options(page: Page) -> dict[str, list[str]]:
    """By question, what can be chosen."""
    options: dict[str, list[str]] = page.evaluate(
        """() => Object.fromEntries([...document.querySelectorAll('#live-form select')].map(
            (field) => [field.name, [...field.options].map((option) => option.value)]))"""
    )
    return options


def _choose(page: Page, chosen: dict[str, str]) -> None:
    """Gives every question an answer at once; nothing is reset, since all are given."""
    page.evaluate(
        """chosen => {
            const form = document.querySelector('#live-form');
            for (const [name, value] of Object.entries(chosen)) form.elements[name].value = value;
            form.dispatchEvent(new Event('change', {bubbles: true}));
        }""",
        chosen,
    )


def _lines(decision: Decision) -> list[str]:
    """What is said below the verdict, apart from the money."""
    messages, aim = decision.messages, decision.aim
    if aim is None:
        return [messages("live_no_aim")]
    if decision.recommended is None:
        return []
    if decision.weak:
        return [messages("summary_weak", channel=decision.channel(decision.recommended).name)]
    points = decision.thresholds.close_within
    close = [messages("live_close", points=points)] if decision.close else []
    better = [messages("live_aim", channel=decision.channel(aim).name)]
    return [*close, *(better if aim != decision.recommended else [])]


def _said(decision: Decision, rulebook: Rulebook) -> dict[str, Any]:
    """What the page shows, as the program says it."""
    lines = [decision.channel(name) for name in rulebook.channels]
    best = decision.recommended
    margin = decision.seller.margin
    warning = decision.money.warning if decision.money else None
    return {
        "recommended": best,
        "aim": decision.aim,
        "weak": decision.weak,
        "close": decision.close,
        "access": [line.access for line in lines],
        "fit": [line.fit for line in lines],
        "variant": decision.channel(best).variant if best else None,
        "title": card(decision).title,
        "steps": [[step.id, step.title] for step in this_week(decision)],
        "pitfalls": [
            [pitfall.id, pitfall.title, pitfall.severity]
            for pitfall in decision.pitfalls
            if pitfall.channel in (best, decision.aim, None)
        ],
        "assumed": [*decision.assumed],
        "lines": [*([warning] if warning else []), *_lines(decision)],
        "sure": card(decision).foot,
        "sums": json.loads(json.dumps([*tiles(decision)])) if margin else [],
    }


def _agrees(page: Page, seller: dict[str, Any], chosen: dict[str, str], rulebook: Rulebook) -> None:
    given = {name: value for name, value in {**seller, **chosen}.items() if value != ""}
    decision = cc.decide(given)
    expected = _said(decision, rulebook)
    data = _found(page)
    sums = data.pop("sums") or []
    drawn, words = (
        _drawn(page),
        {name: rulebook.wording[f"severity_{name}"]["en"] for name in SEVERITIES},
    )
    states = zip(data["fit"], data["access"], strict=True)
    shown = [None if access == "closed" else fit for fit, access in states]
    assert drawn == {
        **{key: data[key] for key in ("title", "lines", "sure", "access")},
        "fit": ["–" if fit is None else str(fit) for fit in shown],
        "bars": [fit or 0 for fit in shown],
        "steps": [title for _, title in data["steps"]],
        "severities": [words[severity] for _, _, severity in data["pitfalls"]],
        "sums": sums,
    }, given
    assert {**{key: data[key] for key in expected if key != "sums"}, "sums": sums} == expected, (
        given
    )


def _sellers(rulebook: Rulebook) -> list[dict[str, Any]]:
    """One seller for every kind of goods that there is a question left for."""
    every = [choice.id for choice in rulebook.questions["product_type"].choices]
    return [{"product_type": name, "price": 20, **FREE} for name in every if name != "banned"]


COSTLY = [BOOK, HYBRID, {**BOOK, "product_type": "commodity", "price": 12, "unit_cost": 9},
          {"product_type": "digital", "price": 99, **FREE, "unit_cost": 4},
          {**BOOK, "product_type": "restricted", "store": "fast"}]  # fmt: skip


@pytest.mark.parametrize(
    "count", [12, pytest.param(400, marks=pytest.mark.slow)], ids=["some", "many"]
)
@pytest.mark.parametrize("costs", [False, True], ids=["plain", "costs"])
def test_it_says_what_the_program_says(
    page: Page, tmp_path: Path, rulebook: Rulebook, count: int, costs: bool
) -> None:
    """Every field that is shown, whatever can be chosen; with costs, the money too."""
    draw = random.Random(7)
    sellers = COSTLY if costs else _sellers(rulebook)
    if count < 100:  # of sellers whose pages are made for other tests, too
        sellers = sellers[:2] if costs else sellers[1:3]
    for seller in sellers:
        _open(page, tmp_path, seller)
        options = _options(page)
        for _ in range(-(-count // len(sellers))):
            chosen = {name: draw.choice(values) for name, values in options.items()}
            _choose(page, chosen)
            _agrees(page, seller, chosen, rulebook)


@pytest.mark.parametrize("seller", [HYBRID, BOOK, NOTHING_OPEN, CREATOR, OVERTURNED])
def test_it_starts_with_the_result_of_the_report(
    page: Page, tmp_path: Path, rulebook: Rulebook, seller: dict[str, Any]
) -> None:
    """The first thing looked up is what the report says."""
    _open(page, tmp_path, seller)
    _agrees(page, seller, {}, rulebook)


def test_what_holds_for_one_market_only_changes_with_it(
    page: Page, tmp_path: Path, rulebook: Rulebook
) -> None:
    """As in every what-if of the program; and back again with the market of the report."""
    seller = {"product_type": "commodity", "price": 12, **FREE, "market": "us"}
    _open(page, tmp_path, seller)
    decision = cc.decide(seller)
    resets = decision.seller.resets({"market": "uk"})
    assert resets["warehouse"] == "abroad"
    page.locator("#live > summary").click()
    page.select_option("#live-market", "uk")
    changed = {name: to_text(value) for name, value in resets.items()}
    for name, value in changed.items():
        assert page.input_value(f"#live-{name}") == value
    _agrees(page, seller, {"market": "uk", **changed}, rulebook)
    page.select_option("#live-market", "us")
    assert page.input_value("#live-warehouse") == "local"
    _agrees(page, seller, {}, rulebook)


def test_a_what_if_can_be_sent(page: Page, tmp_path: Path) -> None:
    """The address holds the answers that were changed; back and forward follow them."""
    address = _open(page, tmp_path, HYBRID)
    page.locator("#live > summary").click()
    page.select_option("#live-cash", "tight")
    page.select_option("#live-price", "48.75")
    there = page.evaluate("location.href")
    assert there == f"{address}#price=48.75&cash=tight"
    after = _found(page)
    page.go_back()
    page.wait_for_function("document.querySelector('#live-price').value === '39'")
    assert page.input_value("#live-cash") == "tight"
    page.go_forward()
    page.wait_for_function("document.querySelector('#live-price').value === '48.75'")
    assert _found(page) == after
    other = page.context.new_page()
    other.goto(there)
    other.wait_for_selector("#live-said[data-found]")
    assert _found(other) == after
    other.close()


def test_an_address_that_means_nothing_changes_nothing(page: Page, tmp_path: Path) -> None:
    """Unknown questions and answers, and signs that are none."""
    address = _open(page, tmp_path, HYBRID)
    before = _found(page)
    for part in ("cash=never&nobody=1", "cash=%E0%A4%A", "=", "price=1e9", "<b>=<i>"):
        page.goto("about:blank")
        page.goto(f"{address}#{part}")
        page.wait_for_selector("#live-said[data-found]", state="attached")
        assert _found(page) == before


def test_goods_that_are_no_channel_have_nothing_to_try(page: Page, tmp_path: Path) -> None:
    """For banned goods one verdict holds whatever else is answered."""
    file = tmp_path / "report.html"
    file.write_text(rendered(BANNED, "html"), encoding="utf-8")
    page.goto(file.as_uri())
    assert page.locator("#live").count() == 0


@pytest.mark.parametrize(
    ("seller", "lang"), [(HYBRID, "en"), (HYBRID, "zh"), (NOTHING_OPEN, "zh"), (BOOK, "en")]
)
def test_the_page_stays_small(seller: dict[str, Any], lang: str) -> None:
    """400 KB, so that it can be sent."""
    assert len(rendered(seller, "html", lang).encode()) < 400_000
