"""The moves of the wizard as functions, without prompts."""

from __future__ import annotations

from dataclasses import FrozenInstanceError, replace
from decimal import Decimal
from itertools import pairwise
from random import Random

import pytest

from choose_channel.answers.sources import Answers
from choose_channel.engine.engine import Engine
from choose_channel.model.rulebook import UNKNOWN, Rulebook, Value
from choose_channel.wizard.state import (
    State,
    Stop,
    accept_money,
    back,
    begin,
    change,
    collect,
    decline_money,
    finish,
    places_behind,
    question_number,
    take,
    toggle_reasons,
)

NOTHING = Answers({}, {})
COURSES: dict[str, Value] = {
    "product_type": "digital",
    "price": Decimal(9),
    "followers": Decimal(0),
    "business_license": "overseas",
}
"""All that is asked of a seller of courses with a company abroad, but for the money."""


def given(answers: dict[str, Value]) -> Answers:
    """These answers, given by flag."""
    return Answers(answers, dict.fromkeys(answers, "flag"))


@pytest.fixture
def engine(verdicts: Rulebook) -> Engine:
    """A rulebook in which few questions matter, ready to decide."""
    return Engine(verdicts)


@pytest.fixture
def start(engine: Engine) -> State:
    """The first moment of a dialogue in which nothing was given."""
    return begin(engine, NOTHING)


@pytest.fixture
def offer(engine: Engine) -> State:
    """A seller of courses at the offer to work out the money."""
    return begin(engine, given(COURSES | {"market": "us"}))


def _sincere(rulebook: Rulebook, chance: Random, name: str) -> Value:
    """Some answer to a question; one in ten is "I don't know yet"."""
    question = rulebook.answerable[name]
    if question.assumed is not None and chance.random() < 0.1:
        return UNKNOWN
    if question.type == "boolean":
        return chance.random() < 0.5
    if question.choices:
        return chance.choice(question.choices).id
    return Decimal(chance.choice([0, 300, 900, 5000]) if question.whole else chance.randint(4, 90))


def test_the_number_of_questions_left_is_honest(rulebook: Rulebook) -> None:
    """For sellers at random it never grows, never says one or none where more than two follow, and
    errs by no more than two questions most of the time."""
    engine, chance, errors = Engine(rulebook), Random(5), []
    for _ in range(30):
        state, counts = begin(engine, NOTHING), []
        while isinstance(state.place, str):
            counts.append(state.promised[question_number(engine, state)])
            state = take(engine, state, _sincere(rulebook, chance, state.place))
        follow = range(len(counts) - 1, -1, -1)
        assert all(before >= after for before, after in pairwise(counts)), counts
        assert all(left > 1 or more <= 2 for left, more in zip(counts, follow, strict=True)), counts
        errors += [abs(left - more) for left, more in zip(counts, follow, strict=True)]
    assert sum(error <= 2 for error in errors) > 0.8 * len(errors)


# ---- begin


def test_it_begins_at_the_first_question(start: State) -> None:
    """Nothing is given, passed or typed."""
    assert start.place == "product_type"
    assert (start.given, start.path, start.typed) == ({}, (), {})


def test_it_begins_after_the_answers_given(engine: Engine) -> None:
    """They are not asked, and Back does not lead to them."""
    state = begin(engine, given({"product_type": "digital"}))
    assert state.place == "price"
    assert places_behind(engine, state) == []


def test_earlier_answers_are_answers_of_the_person(engine: Engine) -> None:
    """Back leads into them."""
    state = begin(engine, NOTHING, {"product_type": "digital"})
    assert state.sources == {"product_type": "prompt"}
    assert back(engine, state).place == "product_type"


def test_answers_of_this_run_outrank_earlier_ones(engine: Engine) -> None:
    """A flag is newer than a draft."""
    state = begin(engine, given({"product_type": "digital"}), {"product_type": "banned"})
    assert state.given == {"product_type": "digital"}
    assert state.sources == {"product_type": "flag"}


# ---- take


def test_taking_an_answer_moves_to_the_next_question(engine: Engine, start: State) -> None:
    """The answer is given, and its question is behind."""
    state = take(engine, start, "digital")
    assert state.place == "price"
    assert state.given == {"product_type": "digital"}
    assert state.path == ("product_type",)


def test_a_state_never_changes(engine: Engine, start: State) -> None:
    """A move leaves the state it came from as it was."""
    before = replace(start)
    take(engine, start, "digital")
    back(engine, start, "x")
    assert start == before
    with pytest.raises(FrozenInstanceError):
        start.place = Stop.DONE  # type: ignore[misc]


def test_confirming_an_answer_keeps_its_source(engine: Engine, offer: State) -> None:
    """A flag that was confirmed in the review is still a flag; a changed one is the person's."""
    review = decline_money(engine, offer)
    same = take(engine, change(engine, review, "price"), Decimal(9))
    other = take(engine, change(engine, review, "price"), Decimal(12))
    assert same.sources["price"] == "flag"
    assert other.sources["price"] == "prompt"


def test_taking_the_last_answer_leads_to_the_offer(engine: Engine) -> None:
    """And from there, either way, to the review in the end."""
    *most, last = COURSES.items()
    state = take(engine, begin(engine, given(dict(most))), last[1])
    assert state.place is Stop.MONEY
    assert decline_money(engine, state).place is Stop.REVIEW


# ---- back


def test_back_at_the_first_question_keeps_what_was_typed(engine: Engine, start: State) -> None:
    """There is nowhere to go."""
    state = back(engine, start, "digital")
    assert state.place == "product_type"
    assert state.typed == {"product_type": "digital"}


def test_back_and_forward_lead_to_the_same_place(engine: Engine, start: State) -> None:
    """With what was typed there."""
    forth = take(engine, start, "digital")
    again = take(engine, back(engine, forth, "12"), "digital")
    assert again.place == "price"
    assert again.typed == {"price": "12"}


def test_answers_walked_back_over_come_first_on_the_way_forward(
    engine: Engine, start: State
) -> None:
    """In the order they were asked."""
    state = take(engine, take(engine, start, "digital"), Decimal(9))
    state = back(engine, back(engine, state))
    assert state.place == "product_type"
    assert state.ahead == ("price",)
    state = take(engine, state, "digital")
    assert (state.place, state.ahead) == ("price", ())


def test_back_while_changing_leads_to_the_review(engine: Engine, offer: State) -> None:
    """And the question is no longer being changed."""
    state = change(engine, decline_money(engine, offer), "price")
    assert state.changing == "price"
    state = back(engine, state, "12")
    assert state.place is Stop.REVIEW
    assert state.changing is None
    assert state.given["price"] == Decimal(9)


@pytest.mark.parametrize("market", ["uk", UNKNOWN])
def test_what_held_for_the_old_market_changes_with_it_in_the_review(
    rulebook: Rulebook, market: str
) -> None:
    """Stock where the present buyers are is abroad for those of another country; an open market
    counts as the assumed one. What nobody answered is still to be asked."""
    engine = Engine(rulebook)
    answers: dict[str, Value] = {
        "product_type": "branded",
        "price": Decimal(20),
        "warehouse": "local",
        "followers": Decimal(0),
        "business_license": "none",
        "base": "in_market",
        "market": "us" if market == "uk" else "japan",
    }
    state = replace(begin(engine, given(answers)), place=Stop.REVIEW)
    state = take(engine, change(engine, state, "market"), market)
    assert state.given["warehouse"] == "abroad"
    assert state.given["base"] == "elsewhere"
    assert "local_id" not in state.given
    assert {state.sources[name] for name in ("market", "warehouse", "base")} == {"prompt"}
    assert take(engine, change(engine, state, "market"), market).given == state.given


def test_a_slip_that_back_corrects_takes_nothing_along(rulebook: Rulebook) -> None:
    """The stock is in the buyers' country, whichever that is."""
    engine = Engine(rulebook)
    answers: dict[str, Value] = {"warehouse": "local", "market": "us"}
    state = replace(begin(engine, given(answers)), place="market")
    assert take(engine, state, "uk").given["warehouse"] == "local"


def test_an_open_market_counts_as_the_assumed_one(rulebook: Rulebook) -> None:
    """Not to know any more that it is the US changes nothing."""
    seller = Engine(rulebook).seller({"warehouse": "local", "market": "us"})
    assert seller.resets({"market": UNKNOWN}) == {}


def test_back_passes_over_places_that_no_longer_apply(engine: Engine, start: State) -> None:
    """Of a creator no price is asked."""
    state = take(engine, take(engine, start, "digital"), Decimal(9))
    state = take(
        engine, change(engine, replace(state, place=Stop.REVIEW), "product_type"), "affiliate"
    )
    assert "price" in state.path
    assert "price" not in places_behind(engine, state)


# ---- reasons, the money, the end


def test_reasons_open_and_close_where_the_person_is(start: State) -> None:
    """What was typed stays."""
    opened = toggle_reasons(start, "digital")
    assert opened.place == start.place
    assert opened.explained == {"product_type"}
    assert opened.typed == {"product_type": "digital"}
    assert toggle_reasons(opened).explained == frozenset()


def test_accepting_the_money_leads_to_its_first_number(engine: Engine, offer: State) -> None:
    """From the review too."""
    assert accept_money(engine, offer).place == "unit_cost"
    review = decline_money(engine, offer)
    assert accept_money(engine, review).place == "unit_cost"
    assert accept_money(engine, review).path[-1] is Stop.MONEY


def test_declining_keeps_the_numbers_as_typed(engine: Engine, offer: State) -> None:
    """They do not count, and come back when the person thinks again."""
    state = take(engine, accept_money(engine, offer), Decimal("4.5"))
    assert state.place is Stop.REVIEW
    state = back(engine, back(engine, state))
    assert state.place is Stop.MONEY
    state = decline_money(engine, state)
    assert "unit_cost" not in state.given
    assert "unit_cost" not in state.sources
    assert state.typed["unit_cost"] == "4.5"


def test_a_number_left_out_is_not_collected(engine: Engine, offer: State) -> None:
    """An open question is."""
    state = take(engine, accept_money(engine, offer), UNKNOWN)
    assert state.given["unit_cost"] == UNKNOWN
    assert "unit_cost" not in collect(engine, state).given
    open_price = begin(engine, given(COURSES | {"price": UNKNOWN}))
    assert collect(engine, open_price).given["price"] == UNKNOWN


def test_confirming_the_review_is_the_end(engine: Engine, offer: State) -> None:
    """The answers come in the order of the rulebook."""
    state = finish(decline_money(engine, offer))
    assert state.place is Stop.DONE
    assert collect(engine, state) == given(COURSES | {"market": "us"})


# ---- progress


def test_the_offer_is_not_counted_as_a_question(engine: Engine, offer: State) -> None:
    """The first number after it is question 1 where nothing was asked before."""
    assert question_number(engine, accept_money(engine, offer)) == 1


def test_a_promise_shrinks_from_question_to_question(engine: Engine, start: State) -> None:
    """And a changed answer starts the count anew."""
    state = take(engine, take(engine, start, "digital"), Decimal(9))
    left = [state.promised[number] for number in (1, 2, 3)]
    assert left == sorted(left, reverse=True)
    changed = take(engine, change(engine, replace(state, place=Stop.REVIEW), "price"), Decimal(12))
    assert changed.promised.keys() == {3}
