"""The first lines of a report: what to do, what to aim for, and how sure that is."""

from __future__ import annotations

import dataclasses
import re

import pytest

import choose_channel as cc
from choose_channel.engine.decision import (
    AnswerLine,
    AnswerTexts,
    Certainty,
    Decision,
    UnsettledLine,
)
from choose_channel.report.formats import render
from choose_channel.report.summary import card
from tests.sellers import HYBRID, RUN

NAMES = ("market", "cash", "own store", "goal")


def decided(open_questions: int, unsettled: int, holds: int, of: int) -> Decision:
    """A decision with so many open questions, of which some could overturn it."""
    names = NAMES[:open_questions]
    lines = tuple(AnswerLine(name, name, "x") for name in names)
    return dataclasses.replace(
        cc.decide(HYBRID),
        assumed=dict.fromkeys(names, "x"),
        answer_texts=AnswerTexts(assumed=lines),
        certainty=Certainty(holds, of),
        unsettled=tuple(UnsettledLine(name, name, ()) for name in names[:unsettled]),
    )


@pytest.mark.parametrize(
    ("open_questions", "unsettled", "holds", "of", "sentence"),
    [
        (0, 0, 1, 1, "you answered every question that matters"),
        (1, 0, 2, 2, "nothing you left open can change this"),
        (4, 0, 96, 96, "nothing you left open can change this"),
        (1, 1, 4, 6, "holds in 4 of 6 ways to answer the open question"),
        (4, 4, 1032, 2096, "holds in 1,032 of 2,096 ways to answer the 4 open questions"),
        # No single answer would change it, but some together would.
        (3, 0, 95, 96, "holds in 95 of 96 ways to answer the 3 open questions"),
        # The verdict holds, but the money hangs on them, and could change it.
        (3, 2, 96, 96, "holds in 96 of 96 ways to answer the 3 open questions"),
    ],
)
def test_certainty_is_counted_in_words(
    open_questions: int, unsettled: int, holds: int, of: int, sentence: str
) -> None:
    """Of how many ways to answer."""
    assert card(decided(open_questions, unsettled, holds, of)).foot == sentence


@pytest.mark.parametrize(
    ("unsettled", "names"),
    [(1, "market"), (4, "market, cash and own store"), (0, "")],
)
def test_the_questions_that_matter_most_are_named(unsettled: int, names: str) -> None:
    """At most three of those that could overturn the verdict."""
    text = render(decided(4, unsettled, 32, 96), "terminal", RUN)
    said = re.findall(r"What matters most: (.+?)\.", " ".join(text.split()))
    assert said == ([names] if names else [])


def test_a_sample_is_called_one() -> None:
    """Nothing that was sampled passes for a count of all."""
    decision = dataclasses.replace(decided(4, 1, 50, 100), sampled=True)
    assert card(decision).foot.startswith("in a sample, holds in 50 of 100 ")


def test_what_is_recommended_is_not_aimed_for_once_more() -> None:
    """Nothing better is promised where there is none."""
    decision = cc.decide(HYBRID)
    assert decision.aim == decision.recommended
    assert not any("Even better later" in line.text for line in card(decision).texts)


def test_either_of_two_ways_to_unlock_is_told_as_such() -> None:
    """Two conditions in one sentence would read as if both were needed."""
    digital = {"product_type": "digital", "price": 99, "followers": 400}
    decision = cc.decide({**digital, "business_license": "none", "website_field": False})
    opening = next(line.text for line in card(decision).texts if "opens with" in line.text)
    assert " or " in opening
    assert " and " not in opening


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
