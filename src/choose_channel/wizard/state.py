"""Where a person is in the wizard, and the moves from there: next, back, answer, change.

A `State` never changes; every move returns a new one. The moves know nothing of a terminal: the
loop in wizard.py shows the prompt for `state.place` and applies the move that the reply asks for.

    state = begin(engine, answers)             # state.place == "fruit"
    state = take(engine, state, "pears")       # state.place == "weight"
    state = back(engine, state, typed="9.")    # state.place == "fruit" again
"""

from __future__ import annotations

import enum
import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from choose_channel.answers.format import as_typed
from choose_channel.answers.sources import Answers, Given
from choose_channel.engine import next_question
from choose_channel.engine.engine import Engine
from choose_channel.model.rulebook import UNKNOWN, Question, Value


class Stop(enum.Enum):
    """A place that is not a question. The values cannot be ids of questions."""

    MONEY = "/money"
    """The offer to work out the money."""
    REVIEW = "/review"
    """All answers at a glance."""
    DONE = "/done"
    """The end: the answers are confirmed."""


Place = str | Stop
"""The id of a question, or a stop."""

_SHARE_ASKED = 0.6
"""Of the follow-up questions that could still matter, so many are asked in the end: most answers
leave others without effect. Measured on sellers at random, and rounded up, so that the number said
to be left is rather too high than too low."""


@dataclass(frozen=True, slots=True)
class State:
    """One moment of the dialogue.

    `path` holds the places passed, oldest first. `ahead` holds places that Back has led past; the
    last one is shown first on the way forward. `typed` is what was typed or highlighted, by place,
    but not confirmed. `explained` are the questions whose reasons are open. `changing` is the
    question that the person came to from the review. `wants_money` is the reply to the offer, None
    before it. `promised` is the number of questions said to be left, by question number.
    """

    place: Place
    given: Given
    sources: Mapping[str, str]
    ask_all: bool = False
    path: tuple[Place, ...] = ()
    ahead: tuple[Place, ...] = ()
    typed: Mapping[Place, str] = field(default_factory=dict)
    explained: frozenset[str] = frozenset()
    changing: str | None = None
    wants_money: bool | None = None
    promised: Mapping[int, int] = field(default_factory=dict)


# ---- moves


def begin(
    engine: Engine,
    answers: Answers,
    earlier: Given | None = None,
    *,
    ask_all: bool = False,
    wants_money: bool | None = None,
) -> State:
    """The first state. `earlier` are answers of an earlier run, which Back leads into; those given
    in this run outrank them. With `ask_all`, every question that applies is asked. `wants_money`
    is what the person has said to the offer of the money."""
    resumed = {name: value for name, value in (earlier or {}).items() if name not in answers.given}
    state = State(
        place=Stop.REVIEW,
        given={**answers.given, **resumed},
        sources={**answers.sources, **dict.fromkeys(resumed, "prompt")},
        ask_all=ask_all,
        path=tuple(resumed),
        wants_money=wants_money,
    )
    return _forward(engine, state)


def take(engine: Engine, state: State, value: Value) -> State:
    """Answers the question at hand and moves on. Changed from the review, it takes along the given
    answers that held for the old one only; a slip that Back corrects does not."""
    name = state.place
    assert isinstance(name, str)
    from_review = name == state.changing
    state = replace(_passed(state), changing=None)
    if state.given.get(name) != value:
        resets = engine.seller(state.given).resets({name: value}) if from_review else {}
        changed = {name: value, **{key: resets[key] for key in resets if key in state.given}}
        state = replace(
            state,
            given={**state.given, **changed},
            sources={**state.sources, **dict.fromkeys(changed, "prompt")},
            promised={} if name in state.given else state.promised,  # others may follow now
        )
    return _forward(engine, state)


def back(engine: Engine, state: State, typed: str | None = None) -> State:
    """Moves to the place before, keeping what was typed or highlighted; stays where it is if there
    is none."""
    here = state.place
    state = _with_typed(state, typed)
    if here == state.changing:
        return _arrive(engine, replace(state, changing=None), Stop.REVIEW)
    answered = here in state.given or (here is Stop.MONEY and state.wants_money is not None)
    if answered and here not in state.path:
        state = replace(state, ahead=(*state.ahead, here))
    behind = places_behind(engine, state)
    if not behind:
        return state
    path = tuple(place for place in state.path if place != behind[-1])
    return _arrive(engine, replace(state, path=path), behind[-1])


def toggle_reasons(state: State, typed: str | None = None) -> State:
    """Opens or closes the reasons of the question at hand, keeping what was typed."""
    assert isinstance(state.place, str)
    return replace(_with_typed(state, typed), explained=state.explained ^ {state.place})


def accept_money(engine: Engine, state: State) -> State:
    """Works out the money: moves to the first number that is missing."""
    state = _passed(replace(state, wants_money=True, place=Stop.MONEY))
    lacking = next_question.lacking(engine, state.given)
    if lacking and not state.ahead:
        return _arrive(engine, state, lacking[0].id)
    return _forward(engine, state)


def decline_money(engine: Engine, state: State) -> State:
    """Goes on without the money. Numbers that Back has led past no longer count; they are kept as
    typed in case the person thinks again."""
    state = _passed(replace(state, wants_money=False))
    unused = numbers_ahead(engine, state)
    typed: dict[Place, str] = {
        name: text
        for name, text in as_typed(engine.rulebook, state.given).items()
        if name in unused
    }
    state = replace(
        state,
        ahead=tuple(place for place in state.ahead if place not in typed),
        given={name: value for name, value in state.given.items() if name not in typed},
        sources={name: source for name, source in state.sources.items() if name not in typed},
        typed={**state.typed, **typed},
    )
    return _forward(engine, state)


def change(engine: Engine, state: State, question: str) -> State:
    """Moves from the review to one question; its answer or Back leads on from there."""
    return _arrive(engine, replace(state, changing=question), question)


def ask_the_rest(engine: Engine, state: State) -> State:
    """Moves from the review to the questions that were left out."""
    return _forward(engine, replace(state, ask_all=True))


def review(engine: Engine, state: State) -> State:
    """Moves from a question to the review, ahead of time; `go_on` leads back to it."""
    if state.place == state.changing:
        return back(engine, state)
    return _arrive(engine, replace(state, ahead=(*state.ahead, state.place)), Stop.REVIEW)


def go_on(engine: Engine, state: State) -> State:
    """Moves from an early review to the question that the person came from."""
    return _forward(engine, state)


def finish(state: State) -> State:
    """Confirms the review."""
    return replace(state, place=Stop.DONE)


def _forward(engine: Engine, state: State) -> State:
    """Moves on: to a place that Back has led past, else to the next one worth asking."""
    ahead = list(state.ahead)
    while ahead:
        place = ahead.pop()
        if _that_apply(engine, state, [place]):
            return _arrive(engine, replace(state, ahead=tuple(ahead)), place)
    state = replace(state, ahead=())
    for question in (*_asked_anyway(engine, state), *agenda(engine, state).ask):
        return _arrive(engine, state, question.id)
    offer = state.wants_money is None and next_question.lacking(engine, state.given)
    return _arrive(engine, state, Stop.MONEY if offer else Stop.REVIEW)


def _arrive(engine: Engine, state: State, place: Place) -> State:
    state = replace(state, place=place)
    if isinstance(place, Stop) or place == state.changing:
        return state
    number = question_number(engine, state)
    left = _count_left(engine, state, place, number)
    return replace(state, promised={**state.promised, number: left})


def _passed(state: State) -> State:
    """The place at hand is the latest one passed, and nothing is half typed there any more."""
    return replace(
        state,
        typed={place: text for place, text in state.typed.items() if place != state.place},
        path=(*(place for place in state.path if place != state.place), state.place),
    )


def _with_typed(state: State, typed: str | None) -> State:
    return state if typed is None else replace(state, typed={**state.typed, state.place: typed})


# ---- what can be read off a state


def agenda(engine: Engine, state: State) -> next_question.Agenda:
    """The questions that are still worth asking, and those that are not."""
    return next_question.agenda(engine, state.given, ask_all=state.ask_all)


def is_early(state: State) -> bool:
    """Whether a review comes before the last question."""
    return bool(state.ahead)


def set_aside(engine: Engine, state: State) -> Given:
    """The answers that do not apply as things stand; they count again when they do."""
    return engine.seller(state.given).situation.set_aside


def numbers_ahead(engine: Engine, state: State) -> list[str]:
    """The numbers for the money that Back has led past."""
    return [
        place
        for place in state.ahead
        if isinstance(place, str) and place in engine.rulebook.economy.inputs
    ]


def places_behind(engine: Engine, state: State) -> list[Place]:
    """The places that Back leads to from here, the nearest last."""
    return _that_apply(engine, state, (place for place in state.path if place != state.place))


def question_number(engine: Engine, state: State) -> int:
    """The number of the question at hand, from 1; the offer is not counted."""
    return sum(place is not Stop.MONEY for place in places_behind(engine, state)) + 1


def collect(engine: Engine, state: State) -> Answers:
    """The answers in the rulebook's order. A number for the money that was left out is none."""
    order = [
        name
        for name in engine.rulebook.answerable
        if name in state.given
        and not (name in engine.rulebook.economy.inputs and state.given[name] == UNKNOWN)
    ]
    return Answers(
        {name: state.given[name] for name in order}, {name: state.sources[name] for name in order}
    )


def _that_apply(engine: Engine, state: State, places: Iterable[Place]) -> list[Place]:
    """Those of the places met before that still make sense."""
    aside = set_aside(engine, state)
    return [
        place
        for place in places
        if (
            next_question.numbers(engine, state.given)
            if place is Stop.MONEY
            else place not in aside
        )
    ]


def _asked_anyway(engine: Engine, state: State, besides: str = "") -> list[Question]:
    """The questions that are asked whatever the other answers are: the core ones, then the missing
    numbers for the money. These are needed in this order: where the first was left open, the money
    cannot be worked out, and none of the others is asked."""
    core = [
        question
        for question in agenda(engine, state).ask
        if question.core and question.id != besides
    ]
    if not state.wants_money:
        return core
    missing = next_question.lacking(engine, state.given)
    lacking = [question for question in missing if question.id != besides]
    return core if lacking and lacking[0].id in state.given else [*core, *lacking]


def _count_left(engine: Engine, state: State, name: str, number: int) -> int:
    """About how many questions come after this one. The number does not grow on the way, unless
    more are certain to come: that would make people impatient."""
    asked = engine.rulebook.asked
    must_be_known = name in asked and asked[name].assumed is None
    # What applies hangs on an answer that must be known: until it is, any question may.
    questions = agenda(engine, state)
    ask = asked.values() if must_be_known else (*questions.ask, *questions.over)
    follow_ups = sum(
        not question.core and question.id != name and question.id not in state.given
        for question in ask
    )
    expected = follow_ups if state.ask_all else math.ceil(follow_ups * _SHARE_ASKED)
    ahead = sum(place is not Stop.MONEY for place in state.ahead)
    certain = len(_asked_anyway(engine, state, name)) + ahead
    count = certain + expected
    promised = state.promised
    return min(count, max(promised.get(number, promised.get(number - 1, count)), certain))
