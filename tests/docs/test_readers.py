"""Every seller reads what is true of their own country, goods and papers."""

from __future__ import annotations

import random
import re
from collections import Counter
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest

from choose_channel.engine.engine import Engine, Seller
from choose_channel.model.rulebook import Rulebook

NAMES = {
    "us": r"\bU\.?S\b|美国|美区",
    "uk": r"\bUK\b|Britain|英国",
    "eu": r"\bEU\b|欧盟",
    "japan": "Japan|日本",
    "mexico": "Mexico|墨西哥",
    "brazil": "Brazil|巴西",
    "vietnam": "Vietnam|越南",
    "thailand": "Thailand|泰国",
    "indonesia": "Indonesia|印尼",
}
"""How texts name the markets."""
MEANT = {
    "see-that-the-shop-is-open",  # lists the countries in which a Shop is known
    "platform-track-record-indonesia",  # where the same license works instead
    "virtual-warehouse-elsewhere",  # the one rule that is known, told as such
    "platform-track-record",  # a record in TikTok Shop US counts
    "platform-track-record-eu-overseas",
    "platform-track-record-eu-person",
}
"""Entries that speak of other countries, and why."""


def sellers(rulebook: Rulebook, engine: Engine, count: int) -> Iterator[Seller]:
    """Sellers of every kind, each market in turn, the same ones in every run."""
    chance = random.Random(20261129)
    markets = [choice.id for choice in rulebook.questions["market"].choices]
    for number in range(count):
        answers: dict[str, Any] = {}
        for question in rulebook.asked.values():
            if question.type == "choice":
                answers[question.id] = chance.choice([choice.id for choice in question.choices])
            elif question.type == "boolean":
                answers[question.id] = chance.choice([True, False])
            else:
                answers[question.id] = Decimal(chance.choice([9, 35, 300, 1000, 60000]))
        yield engine.seller({**answers, "market": markets[number % len(markets)]})


def texts(engine: Engine, seller: Seller) -> Iterator[tuple[str, Any]]:
    """What the seller reads, by the entry that it stands in."""
    evaluation = seller.evaluation
    for pitfall in evaluation.pitfalls:
        yield from ((pitfall.id, text) for text in (pitfall.title, pitfall.happens))
        yield from ((pitfall.id, text) for text in (pitfall.why, pitfall.avoid))
    for _, step in engine.planner.plan(seller.situation.terms, seller.situation.assumed):
        yield from ((step.id, text) for text in (step.title, step.text))
    yield from ((rule.id, rule.because) for rule in evaluation.rules)
    yield from ((gate.id, gate.because) for gate in evaluation.gates)


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_nobody_reads_of_another_country(rulebook: Rulebook, engine: Engine, lang: str) -> None:
    """A seller to Brazil has no use for what Vietnam forbids."""
    foreign = {
        (entry, market)
        for seller in sellers(rulebook, engine, 600)
        for entry, text in texts(engine, seller)
        for market, name in NAMES.items()
        if market != seller.situation.values.get("market")
        and entry not in MEANT
        and re.search(name, re.sub(r"\{fact:[^}]*\}", "", text[lang]))
    }
    assert foreign == set()


def test_versions_of_a_pitfall_never_meet(rulebook: Rulebook, engine: Engine) -> None:
    """Each seller is shown one of them."""
    for seller in sellers(rulebook, engine, 600):
        shown = Counter(pitfall.same_as or pitfall.id for pitfall in seller.evaluation.pitfalls)
        assert [name for name, times in shown.items() if times > 1] == []


@pytest.mark.parametrize(
    ("answers", "pitfall"),
    [
        ({"business_license": "mainland", "market": "indonesia"}, "platform-track-record"),
        (
            {"business_license": "none", "base": "in_market", "market": "mexico"},
            "seller-identity",
        ),
        (
            {
                "business_license": "overseas",
                "base": "elsewhere",
                "market": "eu",
                "warehouse": "local",
            },
            "platform-track-record",
        ),
    ],
    ids=["indonesia", "mexico", "eu"],
)
def test_a_fact_against_the_verdict_is_critical(
    engine: Engine, answers: dict[str, Any], pitfall: str
) -> None:
    """The Shop is open by the gates; what is said against it stands on the first screen."""
    goods: dict[str, Any] = {"product_type": "commodity", "price": Decimal(20)}
    evaluation = engine.seller(
        {"warehouse": "abroad", "followers": Decimal(0), **goods, **answers}
    ).evaluation
    assert evaluation.scores.access["tiktok_shop"] == "open"
    critical = [
        entry.same_as or entry.id
        for entry in evaluation.pitfalls
        if entry.id in evaluation.critical
    ]
    assert pitfall in critical
