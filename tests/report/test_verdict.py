"""The first lines of a report: what to do, what to aim for, and how sure that is."""

from __future__ import annotations

import dataclasses

import pytest

import choose_channel as cc
from choose_channel.engine.decision import Certainty, Decision, UnsettledLine
from choose_channel.report.formats import render
from choose_channel.report.verdict import headline
from tests.sellers import HYBRID, RUN

NAMES = ("market", "cash", "own store", "goal")


def decided(open_questions: int, unsettled: int, holds: int, of: int) -> Decision:
    """A decision with so many open questions, of which some could overturn it."""
    names = NAMES[:open_questions]
    return dataclasses.replace(
        cc.decide(HYBRID),
        assumed=dict.fromkeys(names, "x"),
        certainty=Certainty(holds, of),
        unsettled=tuple(UnsettledLine(name, name, ()) for name in names[:unsettled]),
    )


@pytest.mark.parametrize(
    ("open_questions", "unsettled", "holds", "of", "sentence"),
    [
        (0, 0, 1, 1, "Sure: you answered every question that matters."),
        (1, 0, 2, 2, "Sure: the one question you left open would not change this."),
        (4, 0, 96, 96, "Sure: the 4 questions you left open would not change this."),
        (
            *(1, 1, 4, 6),
            "How sure: you left one question open (market), and this holds for 4 of its 6 answers.",
        ),
        (
            *(4, 4, 1032, 2096),
            "How sure: this holds in 1,032 of 2,096 ways you might answer the 4 open questions."
            " What matters most: market, cash and own store.",
        ),
        (
            *(3, 1, 32, 96),
            "How sure: this holds in 32 of 96 ways you might answer the 3 open questions."
            " Only one of them matters: market.",
        ),
        (
            *(3, 0, 95, 96),
            "How sure: this holds in 95 of 96 ways you might answer the 3 open questions."
            " No single answer would change it.",
        ),
        (
            *(3, 2, 96, 96),
            "How sure: you left questions open (3 in all). These would change the money, and could"
            " change this with it: market and cash.",
        ),
    ],
)
def test_certainty_is_counted_in_words(
    open_questions: int, unsettled: int, holds: int, of: int, sentence: str
) -> None:
    """Of how many ways to answer, and which three questions matter most."""
    assert headline(decided(open_questions, unsettled, holds, of))[2] == sentence


def test_what_is_recommended_is_not_aimed_for_once_more() -> None:
    """The line is left out."""
    decision = cc.decide(HYBRID)
    assert decision.aim == decision.recommended
    assert headline(decision)[1] == ""


def test_either_of_two_ways_to_unlock_is_told_as_such() -> None:
    """Two conditions in one sentence would read as if both were needed."""
    digital = {"product_type": "digital", "price": 99, "followers": 400}
    decision = cc.decide({**digital, "business_license": "none", "website_field": False})
    assert "Either of these unlocks it: " in headline(decision)[1]


def test_the_article_is_introduced_before_it_is_quoted() -> None:
    """The list of sources starts with it."""
    text = render(cc.decide(HYBRID), "markdown", RUN)
    _, sources = text.split("## Sources\n\n")
    assert sources.startswith("The advice comes from a Chinese article")


def test_open_questions_that_matter_most_come_first() -> None:
    """By the number of scenarios in which their answer alone changes the recommendation."""
    seller = cc.decide({**HYBRID, **dict.fromkeys(("market", "goal", "store", "cash"), "unknown")})
    unsettled = [question.question for question in seller.unsettled]
    assert len(unsettled) > 1
    assert unsettled != sorted(unsettled, key=[*seller.assumed].index)
