"""What differs between two decisions."""

from __future__ import annotations

import itertools
import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import choose_channel as cc
from choose_channel.engine.decision import Decision
from choose_channel.engine.difference import Scenario, compare, difference
from choose_channel.loading.load import load_rulebook

SELLER: dict[str, Any] = {
    "product_type": "commodity",
    "price": 12,
    "warehouse": "abroad",
    "followers": 200,
    "business_license": "none",
    "unit_cost": 3,
}
CHANGES: dict[str, list[Any]] = {
    "product_type": ["branded", "custom", "digital", "banned"],
    "price": [4, 60],
    "warehouse": ["local", "virtual"],
    "followers": [0, 1200],
    "market": ["uk", "no_shop"],
    "store": ["fast"],
    "goal": ["brand"],
    "unit_cost": [None, 40],
}


def decide(**more: Any) -> Decision:
    """The decision on the seller with some answers changed."""
    return cc.decide({**SELLER, **more})


def test_a_decision_does_not_differ_from_itself() -> None:
    """Nor does its record from the one that comes back from a file."""
    record = decide().to_dict()
    again = json.loads(json.dumps(record))
    differences = difference(record, again)
    assert differences.same_advice
    assert differences.answers == ()
    assert not differences.cash.differs
    assert not any(pair.differs for pair in differences.left.values())


def test_real_stock_opens_the_shop() -> None:
    """The answer, the access, the steps that go, and the pitfalls that come and go."""
    before, after = decide(), decide(warehouse="local")
    differences = difference(before.to_dict(), after.to_dict())
    (answer,) = differences.answers
    assert (answer.question, *answer.answer) == ("warehouse", "abroad", "local")
    assert differences.recommended == (None, "tiktok_shop")
    shop = next(channel for channel in differences.channels if channel.id == "tiktok_shop")
    assert shop.access == ("locked", "open")
    assert shop.fit.after > shop.fit.before
    assert "no-warehouse" in differences.pitfalls_lost
    assert not differences.same_advice


def test_an_answer_given_instead_of_assumed_is_a_difference_of_answers_only() -> None:
    """The market was assumed to be this one."""
    differences = difference(decide().to_dict(), decide(market="us").to_dict())
    (answer,) = differences.answers
    assert (answer.question, *answer.assumed) == ("market", True, False)
    assert differences.same_advice


def test_the_most_cash_that_is_tied_up_is_compared() -> None:
    """Of the way of selling that ties up most."""
    decisions = decide(first_order=50), decide(first_order=100)
    cash = difference(*(decision.to_dict() for decision in decisions)).cash
    figures = [decision.money for decision in decisions if decision.money]
    most = [max(way.most_out for way in money.cash.streams) for money in figures]
    assert [cash.before, cash.after] == most
    assert cash.differs


def test_money_that_is_not_there_any_more() -> None:
    """Each way of selling has a figure on one side only."""
    differences = difference(decide().to_dict(), decide(unit_cost=None).to_dict())
    assert differences.left
    assert all(pair.before is not None and pair.after is None for pair in differences.left.values())
    assert differences.cash.after is None


@settings(max_examples=60, deadline=None)
@given(
    st.fixed_dictionaries({}, optional={k: st.sampled_from(v) for k, v in CHANGES.items()}),
    st.fixed_dictionaries({}, optional={k: st.sampled_from(v) for k, v in CHANGES.items()}),
)
def test_there_and_back_is_the_same_difference_turned_round(
    first: dict[str, Any], second: dict[str, Any]
) -> None:
    """What is gained on the way there is lost on the way back."""
    a, b = (decide(**changes).to_dict() for changes in (first, second))
    there, back = difference(a, b), difference(b, a)
    assert {*there.steps_gained} == {*back.steps_lost}
    assert {*there.pitfalls_lost} == {*back.pitfalls_gained}
    assert there.recommended == back.recommended[::-1]
    assert there.same_advice == back.same_advice
    titles = {step["id"]: step["title"] for step in [*a["plan"], *b["plan"]]}
    gained, lost = ({titles[n] for n in names} for names in (there.steps_gained, there.steps_lost))
    before, after = ({step["title"] for step in record["plan"]} for record in (a, b))
    assert (before | gained) - lost == after


def test_what_stands_in_under_the_same_title_is_no_difference() -> None:
    """A step or a pitfall for another market has an id of its own."""
    before = decide().to_dict()
    after = decide().to_dict()
    for line in (after["plan"][0], after["pitfalls"][0]):
        line["id"] += "-elsewhere"
    assert difference(before, after).same_advice
    after["plan"][0]["title"] = "Something else"
    assert difference(before, after).steps_gained == (after["plan"][0]["id"],)
    assert difference(before, after).steps_lost == (before["plan"][0]["id"],)


def test_a_comparison_holds_each_difference_from_the_first() -> None:
    """And is plain data."""
    decisions = [decide(), decide(warehouse="local"), decide(followers=1200)]
    comparison = compare([Scenario(str(n), decision) for n, decision in enumerate(decisions)])
    records = [decision.to_dict() for decision in decisions]
    first, *others = records
    assert comparison.differences == tuple(difference(first, other) for other in others)
    data = comparison.to_dict()
    assert json.loads(json.dumps(data)) == data
    assert [scenario["name"] for scenario in data["scenarios"]] == ["0", "1", "2"]


@pytest.mark.parametrize("format", ["terminal", "markdown", "html", "json"])
def test_every_format_shows_a_comparison(format: str) -> None:
    """With the names of its scenarios and what each takes."""
    decisions = {"today": decide(), "stock there": decide(warehouse="local")}
    comparison = cc.compare(decisions)
    text = cc.render(comparison, format)
    for name in decisions:
        assert name in text
    assert "12" in text


def test_the_library_compares_lists_too() -> None:
    """Named by their numbers."""
    comparison = cc.compare([decide(), decide(followers=1200)])
    assert [scenario.name for scenario in comparison.scenarios] == ["1", "2"]
    with pytest.raises(ValueError, match="two"):
        cc.compare([decide()])


def test_all_dimensions_of_all_channels_are_compared() -> None:
    """Their points add up to the fit."""
    rulebook = load_rulebook()
    records = [decide().to_dict(), decide(store="fast", followers=5000).to_dict()]
    for before, after in itertools.permutations(records, 2):
        for channel in difference(before, after).channels:
            for side in (0, 1):
                points = sum(pair[side] for pair in channel.points.values())
                assert rulebook.base_fit + points == channel.fit[side]
