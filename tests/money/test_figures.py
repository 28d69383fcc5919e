"""Figures in texts: what a fact says with its unit, or what the seller says in its place."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from choose_channel import decide
from choose_channel.engine.engine import Engine
from choose_channel.loading.load import load_rulebook
from choose_channel.messages.i18n import Text
from choose_channel.model.rulebook import Rulebook
from choose_channel.money.figures_in_texts import FactMessages
from tests.money.ledgers import BOOK, CLIPS, money_of

FACTS = {
    "fee": ("6", "percent"),
    "commission": ("[5, 30]", "percent"),
    "card": ("{percent: 2.9, fixed_usd: 0.30}", "fee"),
    "deposit": ("1500", "usd"),
    "wait": ("[1, 31]", "days"),
    "handling": ("[0, 5]", "days"),
    "grace": ("1", "days"),
    "dispatch": ("2", "business_days"),
    "threshold": ("1000", "followers"),
}
"""By id, value and unit."""
FACT = """
{name}:
  market: any
  value: {value}
  unit: {unit}
  grade: weak
  article: silent
  says: {{zh: 事实, en: a fact}}
  source: {{zh: 来源, en: a source}}
"""


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Rulebook:
    """A small rulebook with facts in all units, and no money."""
    folder = tmp_path_factory.mktemp("small")
    for file in (Path(__file__).parents[1] / "tiny_rulebook").glob("*.yaml"):
        (folder / file.name).write_bytes(file.read_bytes())
    with (folder / "facts.yaml").open("a", encoding="utf-8") as facts:
        for name, (value, unit) in FACTS.items():
            facts.write(FACT.format(name=name, value=value, unit=unit))
    return load_rulebook(folder)


def text(line: str) -> Text:
    """The same line in both languages."""
    return {"zh": line, "en": line}


@pytest.mark.parametrize(
    ("place", "en", "zh"),
    [
        ("{fact:fee}", "6%", "6%"),
        ("{fact:commission}", "5% to 30%", "5% 到 30%"),
        ("{fact:card.percent}", "2.9%", "2.9%"),
        ("{fact:card.fixed_usd}", "$0.30", "$0.30"),
        ("{fact:deposit}", "$1,500", "$1,500"),
        ("{fact:wait}", "1 to 31 days", "1 到 31 天"),
        ("{fact:handling}", "0 to 5 days", "0 到 5 天"),
        ("{fact:grace}", "1 day", "1 天"),
        ("{fact:dispatch}", "2 business days", "2 个工作日"),
        ("{fact:threshold}", "1,000", "1,000"),
    ],
)
def test_a_figure_is_told_with_its_unit(small: Rulebook, place: str, en: str, zh: str) -> None:
    """In the language of the text; a unit that nobody calculates with is left to the author."""
    line = text(f"about {place}, they say {place}.")
    assert FactMessages(small, "en").text(line) == f"about {en}, they say {en}."
    assert FactMessages(small, "zh").text(line) == f"about {zh}, they say {zh}."


def test_a_text_without_a_place_is_the_text_itself(small: Rulebook) -> None:
    """Nothing is looked for in it, and other braces are left alone."""
    line = text("Ask {left}, {fact} or more")
    assert FactMessages(small, "en").text(line) is line["en"]


# ---- the seller's own figure

COMMISSION = text("creators want {fact:creator_commission}")
CARD = text("the card takes {fact:card_fee.percent} and {fact:card_fee.fixed_usd}")
FEE = text("the Shop in the US takes {fact:us_referral_fee}")


@pytest.mark.parametrize(
    ("given", "line", "words"),
    [
        ({}, COMMISSION, "creators want 5% to 30%"),
        ({"creator_commission": 12}, COMMISSION, "creators want 12%"),
        ({"card_fee": "2.5"}, CARD, "the card takes 2.5% and $0.30"),
        ({"card_fixed_fee": 0}, CARD, "the card takes 2.9% and $0"),
        ({"shop_fee": 4}, FEE, "the Shop in the US takes 4%"),
        ({"shop_fee": 4, "market": "uk"}, FEE, "the Shop in the US takes 6%"),
        ({"shop_fee": 4, "market": "unknown"}, FEE, "the Shop in the US takes 4%"),
        (
            {"creator_commission": 12, "product_type": "custom"},
            COMMISSION,
            "creators want 5% to 30%",
        ),
    ],
)
def test_a_figure_of_ones_own_is_told_in_place_of_the_fact(
    rulebook: Rulebook, given: dict[str, Any], line: Text, words: str
) -> None:
    """Where the money takes it in place of the fact: not for another market, and not where the
    figure does not apply."""
    assert decide({**BOOK, **given}, rulebook).messages.text(line) == words


def test_no_text_of_a_decision_has_an_unfilled_place(rulebook: Rulebook) -> None:
    """Neither in the record nor in the money."""
    for market in ("us", "uk", "eu", "sea"):
        for lang in ("zh", "en"):
            answers = {**BOOK, "market": market, "warehouse": "abroad", "base": "mainland"}
            assert "{fact:" not in str(decide(answers, rulebook, lang).to_dict())


def test_what_helps_with_a_question_tells_its_figures(engine: Engine) -> None:
    """The help of a number that has a usual figure."""
    question = engine.rulebook.answerable["creator_commission"]
    assert "{fact:" in question.help["en"]
    assert "5% to 30%" in FactMessages(engine.rulebook, "en").text(question.help)


def test_the_money_names_a_duty_by_its_fact() -> None:
    """The figure stands in facts.yaml only."""
    money = money_of({**BOOK, "market": "uk", "warehouse": "abroad", "base": "elsewhere"})
    assert "import duty (the UK takes none on packages up to 135 GBP)" in money.summary


def test_facts_are_those_of_the_sellers_market_and_all_where_there_is_none(
    rulebook: Rulebook,
) -> None:
    """Whoever sells what is banned everywhere has no market."""
    facts = ("us_referral_fee", "uk_referral_fee", "card_fee")
    in_the_uk = FactMessages(rulebook, "en", {"market": "uk"})
    assert in_the_uk.here(facts) == ("uk_referral_fee", "card_fee")
    assert FactMessages(rulebook, "en").here(facts) == facts


def test_every_figure_of_the_money_names_its_fact() -> None:
    """Of the orders, of the deposit, and of the days until the payout."""
    money = money_of(CLIPS)
    assert money.cash.deposit
    lines = [money.cash.deposit, *(line for stream in money.channels for line in stream.lines)]
    lines += [line for stream in money.cash.streams for line in stream.lines]
    assert {line.fact for line in lines} - {None} <= {*money.facts()}
