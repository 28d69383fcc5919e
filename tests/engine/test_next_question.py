"""What to ask next: the order, the reasons to ask, and when to stop."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from itertools import islice
from random import Random
from typing import Any

import pytest
from hypothesis import example, settings
from hypothesis import given as drawn
from hypothesis import strategies as st

import choose_channel as cc
from choose_channel import decide
from choose_channel.engine.engine import Engine
from choose_channel.engine.next_question import MOST_ASKED, agenda, effects_of, next_question
from choose_channel.engine.result import Result
from choose_channel.engine.sensitivity import unsettled
from choose_channel.loading.load import load_rulebook
from choose_channel.model.naming import to_text
from choose_channel.model.rulebook import UNKNOWN, Question, Value
from tests.checks.rulebooks import Entry, Like, spoil

RULEBOOK = load_rulebook()
ENGINE = Engine(RULEBOOK)
CORE = ["product_type", "price", "warehouse", "followers", "business_license"]
SELLER: dict[str, Value] = {
    "product_type": "commodity",
    "price": Decimal(9),
    "warehouse": "abroad",
    "followers": Decimal(0),
    "business_license": "none",
}
NUMBERS = [Decimal(text) for text in ("1", "10", "20", "49", "120", "999", "1000", "50000")]


def _values(question: Question) -> list[Value]:
    if question.type == "boolean":
        return [True, False]
    return [choice.id for choice in question.choices] or list(NUMBERS)


def _sheets(*, unknown: bool) -> st.SearchStrategy[dict[str, Value]]:
    """Answers to every question that is put to a person, whether it applies or not."""
    return st.fixed_dictionaries(
        {
            name: st.sampled_from(
                _values(question) + [UNKNOWN] * (unknown and question.assumed is not None)
            )
            for name, question in RULEBOOK.asked.items()
        }
    )


SUBSETS = st.sets(st.sampled_from(list(RULEBOOK.asked)))


MONEY: st.SearchStrategy[dict[str, Value]] = st.sampled_from(
    [{}, *({"unit_cost": Decimal(cost)} for cost in (1, 9, 17, 19, 40, 100))]
)
"""Nothing about the money, or what the item costs: then there is a margin."""


DOES_NOT_KNOW: dict[str, Value] = {
    "product_type": "custom",
    "price": Decimal(999),
    "warehouse": UNKNOWN,
    "followers": Decimal(1),
    "business_license": "overseas",
}
"""Does not know where the stock will be: what could overturn the recommendation together with that
changes no result while it stays unknown."""


def _walk(
    sheet: Mapping[str, Value], volunteered: set[str], money: Mapping[str, Value]
) -> dict[str, Value]:
    """The answers of somebody who says a few things unasked, and then what is asked."""
    given = {name: value for name, value in sheet.items() if name in volunteered} | {**money}
    while question := next_question(ENGINE, given):
        assert question.id not in given
        given[question.id] = sheet[question.id]
    return given


def _result(given: Mapping[str, Value]) -> Result:
    return ENGINE.seller(given).result


def _completions(given: Mapping[str, Value]) -> Iterator[dict[str, Value]]:
    """Endless ways to answer everything that was not answered."""
    random = Random(str(sorted(given)))
    while True:
        rest = {name: random.choice(_values(question)) for name, question in RULEBOOK.asked.items()}
        yield {**rest, **given}


def _asked(**answers: Value) -> list[str]:
    """The questions of a whole walk, each question answered by `answers` or else with unknown."""
    given: dict[str, Value] = {}
    while question := next_question(ENGINE, given):
        given[question.id] = answers.get(question.id, UNKNOWN)
    return list(given)


def test_core_questions_come_first_and_in_the_authors_order() -> None:
    """The seller meets the goods before the licence, whatever the rest decides."""
    assert _asked(**SELLER)[:5] == CORE


def test_follow_ups_wait_until_the_core_is_known() -> None:
    """A follow-up may matter only because a core answer is missing."""
    given = dict(SELLER)
    del given["followers"]
    question = next_question(ENGINE, given)
    assert question is not None
    assert question.id == "followers"


def test_a_core_question_that_does_not_apply_is_not_asked() -> None:
    """Courses need no warehouse."""
    assert "warehouse" not in _asked(**{**SELLER, "product_type": "digital"})


def test_creators_are_asked_neither_price_nor_warehouse_nor_licence() -> None:
    """Who has nothing of their own to sell has none of the three."""
    asked = _asked(product_type="affiliate", followers=Decimal(20))
    assert asked[:2] == ["product_type", "followers"]
    assert not {"price", "warehouse", "business_license", "store"} & set(asked)


def test_banned_goods_end_the_questions() -> None:
    """No answer can help goods that TikTok bans everywhere."""
    assert _asked(product_type="banned") == ["product_type"]


def test_a_follow_up_that_can_change_nothing_is_left_out() -> None:
    """How long somebody has sold changes nothing about a course that they link to."""
    course = {**SELLER, "product_type": "digital", "business_license": "overseas"}
    questions = agenda(ENGINE, course)
    assert "experience" not in {question.id for question in questions.ask}
    assert "experience" in {question.id for question in questions.skip}


def test_a_follow_up_that_can_change_the_result_is_asked() -> None:
    """A private person with a phone case can link only where the account shows the field."""
    asked = {question.id for question in agenda(ENGINE, SELLER).ask}
    assert "website_field" in asked


def test_nobody_is_taken_for_somebody_elsewhere() -> None:
    """Where a seller is based is asked before the questions run out: this one would be asked 13
    without it."""
    sheet = {
        **{"product_type": "custom", "price": 300, "warehouse": "local", "followers": 0},
        **{"business_license": "sole_trader", "market": "us", "website_field": "true"},
        **{"store": "slow", "local_id": "true", "base": "in_market", "lead_product": "true"},
        **{"experience": "experienced", "cash": "tight", "goal": "quick_sales"},
    }
    given: dict[str, Any] = {}
    while question := cc.next_question(given):
        given[question.id] = sheet[question.id]
    assert {"market", "base", "store"} <= given.keys()
    assert len(given) <= 13


def test_the_follow_up_that_can_change_most_comes_first() -> None:
    """So that the walk ends soonest; after those that everybody is asked, since others hang on
    them."""
    weights = ENGINE.seller(SELLER).results.deciding()
    ask = agenda(ENGINE, SELLER).ask
    asked = [(not question.always, -weights[question.id]) for question in ask]
    assert len(set(asked)) > 2
    assert asked == sorted(asked)


def test_ask_and_skip_share_out_all_open_questions() -> None:
    """Whatever applies is on exactly one of the lists."""
    questions = agenda(ENGINE, SELLER)
    names = [question.id for question in (*questions.ask, *questions.skip, *questions.over)]
    assert len(names) == len(set(names))
    every = {question.id for question in agenda(ENGINE, SELLER, ask_all=True).ask}
    assert set(names) == every


def test_all_questions_means_all_that_apply() -> None:
    """With ask_all the walk ends only when nothing that applies is open."""
    given: dict[str, Value] = dict(SELLER)
    while ask := agenda(ENGINE, given, ask_all=True).ask:
        given[ask[0].id] = UNKNOWN
    assert set(given) == set(RULEBOOK.asked)


def test_unknown_is_an_answer() -> None:
    """A question answered with "I don't know yet" is not asked twice."""
    question = next_question(ENGINE, SELLER)
    assert question is not None
    following = next_question(ENGINE, {**SELLER, question.id: UNKNOWN})
    assert following is None or following.id != question.id


def test_a_question_is_asked_that_matters_only_through_another() -> None:
    """The local holder was given unasked. In a market where nobody asks for one, the pitfall about
    it goes away, so the market has to be asked."""
    given = {
        **SELLER,
        "product_type": "restricted",
        "warehouse": "virtual",
        "followers": Decimal(30),
        "local_id": False,
        "website_field": UNKNOWN,
        "experience": UNKNOWN,
    }
    assert _result({**given, "market": "us"}) != _result({**given, "market": "other"})
    assert "market" in {question.id for question in agenda(ENGINE, given).ask}


def _effects(question: str, **answers: Value) -> list[str]:
    return [effect.entry.id for effect in effects_of(ENGINE, answers, RULEBOOK.questions[question])]


def test_the_reason_for_a_question_takes_the_margin_as_it_is() -> None:
    """A gate comes last whose channel stays shut whatever the answer, as where orders lose; and
    what another price would do through the margin, nobody knows before there is one."""
    course: dict[str, Value] = {
        **{"product_type": "digital", "price": Decimal(60)},
        **{"business_license": "none", "website_field": False},
    }
    gate = "link-needs-followers"
    assert _effects("followers", **course)[0] == gate
    assert _effects("followers", **course, unit_cost=Decimal(70))[-1] == gate
    goods: dict[str, Value] = {
        **{"product_type": "commodity", "warehouse": "local"},
        **{"followers": Decimal(3000), "business_license": "overseas"},
    }
    assert _effects("price", **goods, unit_cost=Decimal(20)) == _effects("price", **goods) != []


@pytest.mark.parametrize(("question", "other"), [("market", "us"), ("goal", "brand")])
def test_choices_that_only_figures_tell_apart_are_each_tried(question: str, other: str) -> None:
    """Two new markets that no rule names may have different fees; two new goals are as one."""
    new = ("mars", "venus")
    edits: dict[Entry, object] = {
        ("questions", question, "choices", name): Like(other, {"aliases": []}) for name in new
    }
    tried = {value for value, _ in Engine(spoil(RULEBOOK, edits)).seller(SELLER).vary(question)}
    assert len(tried.intersection(new)) == (2 if question == "market" else 1)


@settings(max_examples=300, deadline=None)
@drawn(sheet=_sheets(unknown=True), volunteered=SUBSETS, money=MONEY)
def test_asking_only_what_matters_gives_the_result_of_asking_everything(
    sheet: dict[str, Value], volunteered: set[str], money: dict[str, Value]
) -> None:
    """However much was said unasked, the money among it, in whatever order, and whatever the rest
    would have been answered; but for what would be one question too many."""
    given = _walk(sheet, volunteered, money)
    given |= {question.id: sheet[question.id] for question in agenda(ENGINE, given).over}
    results = {_result(full) for full in islice(_completions(given), 12)}
    assert results | {_result({**sheet, **money})} == {_result(given)}


@settings(max_examples=100, deadline=None)
@example(sheet=DOES_NOT_KNOW, volunteered=set(), money={})
@drawn(sheet=_sheets(unknown=True), volunteered=SUBSETS, money=MONEY)
def test_what_is_left_out_is_never_called_undecided(
    sheet: dict[str, Value], volunteered: set[str], money: dict[str, Value]
) -> None:
    """A review and a report of the same answers do not contradict each other."""
    core = {name for name, question in RULEBOOK.asked.items() if question.core}
    given = {name: sheet[name] for name in sheet if name in volunteered | core} | {**money}
    undecided = {question.question for question in unsettled(ENGINE.seller(given))}
    questions = agenda(ENGINE, given)
    assert undecided.isdisjoint(question.id for question in questions.skip)
    open_now = {question.id for question in (*questions.ask, *questions.over)}
    assert undecided <= open_now | {*given}


@settings(max_examples=40, deadline=None)
@drawn(sheet=_sheets(unknown=True), random=st.randoms(use_true_random=False))
def test_the_order_of_the_answers_does_not_matter(sheet: dict[str, Value], random: Random) -> None:
    """The same answers give the same decision, to the last word."""
    names = list(sheet)
    random.shuffle(names)
    typed = {name: to_text(value) for name, value in sheet.items()}
    assert decide({name: typed[name] for name in names}).to_dict() == decide(typed).to_dict()


@pytest.mark.parametrize(
    "goods", [choice.id for choice in RULEBOOK.questions["product_type"].choices]
)
def test_every_kind_of_seller_is_done_within_the_promised_number(goods: str) -> None:
    """At most thirteen, and fewer are welcome."""
    assert len(_asked(**{**SELLER, "product_type": goods})) <= 13


def test_nobody_is_asked_more_than_thirteen_questions(engine: Engine) -> None:
    """The one left out is the one that would change the result in the fewest completions."""
    given: dict[str, Value] = {
        "product_type": "branded",
        "price": Decimal(20),
        "warehouse": "none_yet",
        "followers": Decimal(999),
        "business_license": "none",
    }
    answers: dict[str, Value] = {
        "market": "uk",
        "website_field": False,
        "base": "elsewhere",
        "local_id": True,
        "store": "marketplace",
        "goal": "quick_sales",
        "cash": UNKNOWN,
        "experience": "experienced",
        "lead_product": True,
    }
    while question := next_question(engine, given):
        given[question.id] = answers[question.id]
    assert len(given) <= MOST_ASKED
    rest = agenda(engine, given)
    assert {*given, *(other.id for other in (*rest.skip, *rest.over))} >= answers.keys()
