"""What a terminal shows first: short enough for one screen, in any width and language."""

from __future__ import annotations

import itertools
from random import Random
from typing import Any

import pytest
import yaml
from rich.cells import cell_len
from syrupy.assertion import SnapshotAssertion

import choose_channel as cc
from choose_channel.loading.load import shipped_folder
from choose_channel.messages.i18n import LANGUAGES
from choose_channel.model.rulebook import Rulebook
from choose_channel.money.format import usd
from choose_channel.report.first_screen import card, figures, gravest
from choose_channel.report.formats import Display, render
from choose_channel.report.parts import PARTS
from tests.sellers import BOOK, HYBRID, RUN, at_random

COSTS = {"unit_cost": 3, "shop_shipping": 2, "link_shipping": 3}
CASES: list[dict[str, Any]] = [
    case["answers"]
    for case in yaml.safe_load((shipped_folder() / "cases.yaml").read_text(encoding="utf-8"))
]
WITHOUT_MONEY = ("affiliate", "banned")


def _lines(decision: cc.Decision, width: int) -> list[str]:
    display = Display(width, hint=decision.messages("summary_more"))
    return render(decision, "terminal", None, display).splitlines()


WINDOWS = {80: (24, 30), 40: (48, 48), 120: (24, 30)}
"""By width, the most lines without money and with it."""


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("costs", [{}, COSTS], ids=["plain", "costs"])
def test_every_seller_has_room_on_one_screen(lang: str, costs: dict[str, Any]) -> None:
    """Every worked case, with and without costs, in every window."""
    assert len(CASES) >= 40
    for answers in CASES:
        if costs and answers["product_type"] in WITHOUT_MONEY:
            continue
        decision = cc.decide({**answers, **costs}, lang=lang)
        for width in WINDOWS:
            _has_room(decision, width)


def _has_room(decision: cc.Decision, width: int) -> list[str]:
    """The lines, which fit."""
    lines = _lines(decision, width)
    shown = f"{decision.answers}\n" + "\n".join(lines)
    assert len(lines) <= WINDOWS[width][decision.money is not None], shown
    assert max(map(cell_len, lines)) <= width, shown
    return lines


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("width", WINDOWS)
def test_a_seller_at_random_has_room_too(rulebook: Rulebook, lang: str, width: int) -> None:
    """Whatever they earn or lose. No verdict is without a word, and no line is empty for want of
    one."""
    chance = Random(width)
    for _ in range(50):
        answers = at_random(rulebook, chance)
        decision = cc.decide(answers, lang=lang)
        lines = _has_room(decision, width)
        assert card(decision).texts, answers
        assert all(text.text for text in card(decision).texts), answers
        assert all(any(pair) for pair in itertools.pairwise(lines)), answers


LOSING = {
    "product_type": "commodity",
    "price": 3,
    "warehouse": "virtual",
    "followers": 250,
    "business_license": "none",
    "market": "vietnam",
    "website_field": True,
    "goal": "brand",
    "experience": "experienced",
    "store": "fast",
    "unit_cost": "0.93",
    "link_shipping": 2,
}
"""Aims at a link that loses money, while the Shop would not."""


def _figures(answers: dict[str, Any], lang: str = "en") -> list[str]:
    return [block.text.text for block in figures(cc.decide(answers, lang=lang))]


def test_the_numbers_are_those_of_the_way_that_the_verdict_is_about() -> None:
    """That way is named first; what only another way pays is not among them."""
    numbers = _figures(LOSING)[1]
    assert numbers.startswith("Link in bio: lowest profitable price at least $3.38; ")
    assert "commission" not in numbers
    assert _figures(BOOK)[1].startswith("TikTok Shop (your videos): lowest profitable price")


def test_the_numbers_of_any_seller_are_those_of_the_way_they_name(rulebook: Rulebook) -> None:
    """Recommended, or the aim where nothing is open that fits; of both ways, the link's."""
    chance, counted = Random(7), 0
    while counted < 40:
        decision = cc.decide(at_random(rulebook, chance))
        if decision.money is None:
            continue
        channel = decision.aim if decision.weak else decision.recommended or decision.aim
        ways = [way for way in decision.money.channels if way.id == channel]
        named = [block.text.text for block in figures(decision)][1:]
        if ways and ways[0].break_even_price is not None:
            counted += 1
            price = usd(ways[0].break_even_price)
            if ways[0].before_shipping:  # with shipping it is a higher price
                assert "lowest profitable price" not in " ".join(named)
            else:
                figure = named[0].removeprefix(f"{ways[0].name}: lowest profitable price ")
                assert figure.removeprefix("at least ").startswith(price)


def test_what_to_watch_out_for_concerns_what_is_done_now() -> None:
    """The aim's pitfalls come later: no followers for a link is nothing to watch out for in a Shop,
    unless it is critical."""
    soap = {"product_type": "branded", "price": 14, "warehouse": "local", "followers": 430}
    soap |= {"business_license": "sole_trader", "base": "in_market", "goal": "brand"}
    soap |= {"experience": "experienced", "store": "marketplace", "website_field": False}
    decision = cc.decide(soap)
    first, *_ = decision.pitfalls
    assert (first.channel, decision.recommended) == (decision.aim, "tiktok_shop")
    watch = gravest(decision)
    assert watch is not None
    assert watch.title == "Shop payouts come well after the sale"
    unstocked = cc.decide({**soap, "warehouse": "virtual"})
    assert unstocked.pitfalls[0].severity == "critical"
    watch = gravest(unstocked)
    assert watch is not None
    assert watch.title == unstocked.pitfalls[0].title


def test_days_that_nobody_knows_are_not_told() -> None:
    """Such as when a marketplace pays: not at once."""
    seller = {"product_type": "digital", "price": 20, "followers": 5000, "business_license": "none"}
    seller |= {"base": "in_market", "market": "us"}
    shop = {**seller, "store": "marketplace", "unit_cost": 5, "site_monthly_cost": 3}
    assert " 0 days" not in "\n".join(_figures(shop))
    goods = {**shop, "product_type": "restricted", "warehouse": "local"}
    words = "for 100 orders you pay at least $500 up front plus shipping"
    assert _figures(goods)[1].endswith(words)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_numbers_say_what_they_leave_out(lang: str) -> None:
    """Shipping, duty, the fees of the marketplace: what every order pays."""
    goods = {"product_type": "commodity", "price": 20, "warehouse": "abroad", "followers": 5000}
    goods |= {"business_license": "none", "market": "us", "store": "marketplace", "unit_cost": 5}
    all_three = "\n".join(_figures(goods, lang))
    words = {
        "en": ("before shipping", "import duty", "what your marketplace takes"),
        "zh": ("没扣运费", "进口关税", "平台抽成"),
    }
    assert all(word in all_three for word in words[lang])
    one_known = _figures({**goods, "link_shipping": 3}, lang)[0]
    assert one_known.count(words[lang][0]) == 2
    both = {"link_shipping": 3, "shop_shipping": 3, "import_duty": 1, "store_fee": 15}
    known = "\n".join(_figures({**goods, **both}, lang))
    assert not any(word in known for word in words[lang])


def test_where_nothing_speaks_for_the_only_way_the_others_are_told_off() -> None:
    """A verdict is never without a word."""
    seller = {"product_type": "custom", "price": "3.77", "warehouse": "abroad", "followers": 10_000}
    seller |= {"business_license": "none", "market": "uk", "lead_product": True}
    seller |= {"goal": "quick_sales", "experience": "first_time", "cash": "tight"}
    assert card(cc.decide(seller)).texts


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("width", [40, 80, 120])
def test_looks(lang: str, width: int, snapshot: SnapshotAssertion) -> None:
    """Of a seller with costs, and one with nothing open yet."""
    locked = {"product_type": "commodity", "price": 12, "warehouse": "abroad", "followers": 200}
    for answers in (BOOK, HYBRID, {**locked, "business_license": "none"}):
        assert "\n".join(_lines(cc.decide(answers, lang=lang), width)) == snapshot


def test_a_pipe_gets_the_same_text_without_looks() -> None:
    """No colour, no escape; the words are the same."""
    decision = cc.decide(BOOK)
    plain = render(decision, "terminal", RUN)
    colourful = render(decision, "terminal", RUN, Display(color="truecolor"))
    assert "\x1b" not in plain
    import re

    assert re.sub(r"\x1b\[[\d;]*m", "", colourful) == plain


def test_the_parts_together_hold_the_whole_report() -> None:
    """Nothing that mattered is lost: every line of the report is in a part or on the first
    screen."""
    decision = cc.decide(HYBRID)
    whole = render(decision, "terminal", RUN, Display(full=True)).splitlines()
    shown = render(decision, "terminal", RUN).splitlines()
    for part in PARTS:
        shown += render(decision, "terminal", RUN, Display(parts=(part,))).splitlines()
    assert {line for line in whole if line.strip()} <= {*shown}


def test_ticked_steps_give_way_to_the_next() -> None:
    """And what is different since the last visit stands first."""
    decision = cc.decide(BOOK)
    first = next(step for step in decision.plan if step.phase == "now" and not step.settles)
    run = RUN._replace(done=frozenset([first.id]), since=("Since 7 November: nothing.",))
    text = render(decision, "terminal", run)
    assert text.startswith("Since 7 November: nothing.")
    assert first.title not in text
    assert first.title in render(decision, "terminal", RUN)
