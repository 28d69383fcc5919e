"""The first lines of a report: what to do, what to aim for, and how sure that is."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from decimal import Decimal
from random import Random
from typing import Any

import pytest

import choose_channel as cc
from choose_channel.engine.engine import Engine
from choose_channel.engine.sensitivity import Sureness, sureness, unsettled
from choose_channel.model.rulebook import Value
from choose_channel.report.first_screen import card
from choose_channel.report.formats import render
from choose_channel.report.verdict import sure_words
from tests.sellers import HYBRID, RUN

EXACT = {"exact": True, "at_this_margin": False}


@pytest.mark.parametrize(
    ("open_questions", "sure", "sentence"),
    [
        (0, Sureness(1, 1, questions=(), **EXACT), "we are sure of this"),
        (
            1,
            Sureness(2, 2, questions=(), **EXACT),
            "we are sure of this: the open question would not change it",
        ),
        (
            4,
            Sureness(96, 96, questions=(), **EXACT),
            "we are sure of this: the 4 open questions would not change it",
        ),
        (
            1,
            Sureness(4, 6, questions=("cash",), **EXACT),
            "not certain: one question is still open",
        ),
        (
            4,
            Sureness(1032, 2096, questions=("cash",), **EXACT),
            "not certain: 4 questions are still open",
        ),
        # No single answer would change it, but some together would.
        (3, Sureness(95, 96, questions=(), **EXACT), "not certain: 3 questions are still open"),
        # Open answers move the money, which was not varied with them.
        (
            3,
            Sureness(96, 96, exact=True, at_this_margin=True, questions=()),
            "at this profit, the 3 open questions would not change this",
        ),
        (
            1,
            Sureness(22, 22, exact=True, at_this_margin=True, questions=()),
            "at this profit, the open question would not change this",
        ),
        (
            3,
            Sureness(22, 96, exact=True, at_this_margin=True, questions=("cash",)),
            "not certain: 3 questions are still open",
        ),
        # Nothing that was sampled passes for a count of all.
        (
            4,
            Sureness(50, 50, exact=False, at_this_margin=False, questions=()),
            "not certain: 4 questions are still open",
        ),
    ],
)
def test_certainty_is_counted_in_words(open_questions: int, sure: Sureness, sentence: str) -> None:
    """Sure is only what holds in every way to answer, and the open questions are counted."""
    messages = cc.decide(HYBRID).messages
    assert sure_words(sure, open_questions, messages, costs_open=False) == sentence
    words = sure_words(sure, open_questions, messages, costs_open=True)
    assert words == sentence if sentence.startswith("not certain") else "costs" in words


def _random_sellers(engine: Engine, count: int) -> Iterator[dict[str, Value]]:
    """Half of them with costs."""
    for number in range(count):
        draw = Random(number)
        ((cell, _),) = engine.space.sample(None, 1, seed=number)
        asked = engine.rulebook.asked
        answers = {n: v for n, v in engine.space.values(cell).items() if n in asked}
        few = [name for name in answers if not asked[name].core and draw.random() < 0.4]
        costs = {"unit_cost": Decimal(draw.randrange(1, 60))} if draw.random() < 0.5 else {}
        yield {**{n: v for n, v in answers.items() if n not in few}, **costs}


def test_the_words_below_the_verdict_hold_of_all_that_it_says(engine: Engine) -> None:
    """By trying every way to answer, for a few hundred sellers: no aim, variant or weakness that an
    open answer changes is called certain, and the ways are counted right."""
    counted, certain = 0, 0
    for given in _random_sellers(engine, 300):
        seller = engine.seller(given)
        headline = seller.headline
        sure = sureness(seller, [question.question for question in unsettled(seller)])
        known = {n: v for n, v in given.items() if n in engine.rulebook.questions}
        known["margin"] = seller.margin or "unknown"
        cells = [*itertools.islice(engine.space.walk(engine.space.options(known)), 3000)]
        if len(cells) == 3000:
            continue
        counted += 1
        ready, title = engine.evaluator, engine.results.headline
        same = sum(title(ready.scores(terms), terms) == headline for _, terms in cells)
        assert (sure.holds, sure.of) == (same, len(cells))
        if sure.certain:
            certain += 1
            for cell, _ in cells[:200]:
                answers = {n: v for n, v in engine.space.values(cell).items() if n != "margin"}
                then = engine.seller({**given, **answers})
                assert then.headline == headline
    assert counted > 100
    assert certain > 20


AIM_HANGS_ON_THE_GOAL: dict[str, Any] = {
    "product_type": "commodity",
    "price": "75.58",
    "warehouse": "abroad",
    "followers": 1000,
    "business_license": "none",
    "market": "us",
    "local_id": True,
    "experience": "first_time",
    "cash": "tight",
    "store": "fast",
    "lead_product": False,
}
"""What is open today stays the same, whatever the goal is; the aim does not."""

LOSES_HERE: dict[str, Any] = {
    "product_type": "commodity",
    "price": "5.02",
    "warehouse": "abroad",
    "followers": 4999,
    "business_license": "mainland",
    "website_field": True,
    "goal": "brand",
    "experience": "first_time",
    "store": "slow",
    "lead_product": False,
    "unit_cost": "4.52",
    "shop_shipping": 9,
    "link_shipping": 4,
    "import_duty": "0.50",
    "creator_commission": 10,
}
"""Another market has other fees, and another verdict."""


@pytest.mark.parametrize(
    ("seller", "lang", "words"),
    [
        (AIM_HANGS_ON_THE_GOAL, "en", "not certain"),
        (AIM_HANGS_ON_THE_GOAL, "zh", "还不一定"),
        (LOSES_HERE, "en", "not certain"),
        (LOSES_HERE, "zh", "还不一定"),
    ],
)
def test_nothing_is_called_certain_that_an_open_answer_changes(
    seller: dict[str, Any], lang: str, words: str
) -> None:
    """The foot of the card speaks of the card's own title."""
    decision = cc.decide(seller, lang=lang)
    assert decision.certainty.holds == decision.certainty.of
    assert words in card(decision).foot


@pytest.mark.parametrize(
    ("more", "foot", "title"),
    [
        ({}, "we are sure of this, unless your costs change it", "Open a TikTok Shop"),
        ({"shop_shipping": 5, "vat_rate": 0}, "we are sure of this", "Put a link in your bio"),
        ({"unit_cost": None}, "we are sure of this, unless your costs change it", "Open a TikTok"),
    ],
)
def test_a_cost_that_is_missing_may_change_what_is_sure(
    more: dict[str, Any], foot: str, title: str
) -> None:
    """With what the Shop's orders cost to ship, the link leaves more; nobody could know before."""
    seller: dict[str, Any] = {
        **{"product_type": "branded", "price": "19.46", "warehouse": "none_yet"},
        **{"followers": 120000, "business_license": "mainland", "base": "elsewhere"},
        **{"market": "indonesia", "website_field": False, "goal": "quick_sales"},
        **{"experience": "first_time", "cash": "comfortable", "lead_product": False},
        **{"local_id": False, "store": "slow", "unit_cost": "15.56", "link_shipping": 0},
        **{"import_duty": 3, **more},
    }
    verdict = card(cc.decide({n: value for n, value in seller.items() if value is not None}))
    assert verdict.foot == foot
    assert verdict.title.startswith(title)


def test_in_how_many_ways_the_advice_holds_is_told_below_what_is_open() -> None:
    """Where the ways have something to refer to; not where it holds in all of them."""
    text = render(cc.decide(AIM_HANGS_ON_THE_GOAL), "markdown", RUN)
    pattern = r"The advice holds in [\d,]+ of the [\d,]+ ways you might answer these questions\."
    below = text[text.index("## What we assumed") :]
    assert re.search(pattern, below)
    gown = {"product_type": "custom", "price": 900, "warehouse": "abroad", "followers": 5000}
    sure = cc.decide({**gown, "business_license": "none", "store": "fast", "goal": "brand"})
    assert sure.assumed
    assert sure.sureness().certain
    assert "The advice holds in" not in render(sure, "markdown", RUN)


def test_the_questions_that_matter_most_are_named() -> None:
    """At most three of those that could change the verdict."""
    text = " ".join(render(cc.decide(AIM_HANGS_ON_THE_GOAL), "terminal", RUN).split())
    assert re.findall(r"What could change this most: (.+?)\.", text) == ["where you live and goal"]
    every = dict.fromkeys(("market", "goal", "store", "cash"), "unknown")
    text = " ".join(render(cc.decide({**HYBRID, **every}), "terminal", RUN).split())
    (questions,) = re.findall(r"What could change this most: (.+?)\.", text)
    assert len(re.split(", | and ", questions)) == 3


def test_what_is_recommended_is_not_aimed_for_once_more() -> None:
    """Nothing better is promised where there is none."""
    decision = cc.decide(HYBRID)
    assert decision.aim == decision.recommended
    assert not any("Even better later" in line.text for line in card(decision).texts)


def test_either_of_two_ways_to_unlock_is_told_as_such() -> None:
    """Two conditions in one sentence would read as if both were needed."""
    digital = {"product_type": "digital", "price": 99, "followers": 400}
    decision = cc.decide({**digital, "business_license": "none", "website_field": False})
    opening = next(line.text for line in card(decision).texts if "What it takes" in line.text)
    assert " or " in opening
    assert " and " not in opening


def test_the_article_is_introduced_before_it_is_quoted() -> None:
    """The list of sources starts with it."""
    text = render(cc.decide(HYBRID), "markdown", RUN)
    _, sources = text.split("## Sources\n\n")
    assert sources.startswith("Much of this advice comes from a Chinese article")


def test_open_questions_that_matter_most_come_first() -> None:
    """By the number of scenarios in which their answer alone changes the recommendation."""
    seller = cc.decide({**HYBRID, **dict.fromkeys(("market", "goal", "store", "cash"), "unknown")})
    unsettled = [question.question for question in seller.unsettled]
    assert len(unsettled) > 1
    assert unsettled != sorted(unsettled, key=[*seller.assumed].index)
