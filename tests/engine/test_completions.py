"""The diagram of all completions gives what looking at each of them would give."""

from __future__ import annotations

import itertools
from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator
from decimal import Decimal
from random import Random
from typing import Any

import pytest

from choose_channel.answers.sources import Given
from choose_channel.answers.space import Cell
from choose_channel.engine import completions
from choose_channel.engine.completions import Completions
from choose_channel.engine.engine import Engine, Seller
from choose_channel.model.rulebook import UNKNOWN

FEW = 400
"""So many completions can be compared with each other, two by two."""


def _sellers(engine: Engine, count: int) -> list[Given]:
    """Random sellers with a few open questions each."""
    draw = Random(5)
    sellers: list[Given] = []
    while len(sellers) < count:
        (cell, _), *_ = engine.space.sample(None, 1, seed=draw.randrange(10**6))
        answers = engine.space.values(cell)
        asked = [name for name in answers if name in engine.rulebook.asked]
        for name in draw.sample(asked, min(5, len(asked))):
            if engine.rulebook.questions[name].assumed is not None:
                del answers[name]
        if engine.seller(answers).recommendations.count() <= FEW:
            sellers.append(answers)
    return sellers


def _by_hand(seller: Seller, outcome: Callable[[int], Hashable]) -> dict[Cell, Hashable]:
    """The outcome in each cell that the answers leave possible."""
    space, questions = seller.engine.space, seller.engine.rulebook.questions
    known = {name: value for name, value in seller.answers.items() if value != UNKNOWN}
    for name, question in questions.items():
        if question.derived and name not in known and question.assumed is not None:
            known[name] = question.assumed
    return {cell: outcome(terms) for cell, terms in space.walk(space.options(known))}


def _beside(engine: Engine, axis: int, left: Cell, right: Cell) -> bool:
    """Whether two cells differ in this answer, and in others only as far as those do not apply."""
    dependents = engine.space.dependents(axis)
    return left[axis] != right[axis] != 0 and all(
        a == b or (number in dependents and 0 in (a, b))
        for number, (a, b) in enumerate(zip(left, right, strict=True))
        if number != axis
    )


def _neighbours(engine: Engine, axis: int, cells: Iterable[Cell]) -> Iterator[tuple[Cell, Cell]]:
    """The pairs of cells beside each other, either way round."""
    may_differ = {axis, *engine.space.dependents(axis)}
    groups: dict[Cell, list[Cell]] = defaultdict(list)
    for cell in cells:
        same = (band for number, band in enumerate(cell) if number not in may_differ)
        groups[tuple(same)].append(cell)
    for group in groups.values():
        for left, right in itertools.permutations(group, 2):
            if left[axis] and _beside(engine, axis, left, right):
                yield left, right


def _compare(engine: Engine, every: Completions[Any], by_hand: dict[Cell, Hashable]) -> None:
    counted = Counter(by_hand.values())
    assert every.exact
    assert every.count() == len(by_hand)
    assert {outcome: every.holding(outcome) for outcome in counted} == counted
    deciding = every.deciding()
    for axis in every.free:
        pairs = [*_neighbours(engine, axis, by_hand)]
        for outcome in counted:
            become = {by_hand[b] for a, b in pairs if by_hand[a] == outcome} - {outcome}
            assert every.could_become(axis, outcome) == become
        name = engine.space.axes[axis].question.id
        moved = {left for left, right in pairs if by_hand[left] != by_hand[right]}
        assert (name in deciding) == bool(moved)
        if not engine.space.dependents(axis):
            groups = {(*cell[:axis], *cell[axis + 1 :]) for cell in moved}
            alike = [c for c in by_hand if c[axis] and (*c[:axis], *c[axis + 1 :]) in groups]
            assert deciding.get(name, 0) == len(alike)


def test_what_the_recommendation_hangs_on_is_as_by_hand(engine: Engine) -> None:
    """Counts, and what each question could turn the recommended channel into."""
    scores = engine.evaluator.scores
    for given in _sellers(engine, 20):
        seller = engine.seller(given)
        by_hand = _by_hand(seller, lambda terms: scores(terms).recommended)
        _compare(engine, seller.recommendations, by_hand)


def test_what_the_result_hangs_on_is_as_by_hand(engine: Engine) -> None:
    """The same for all that the first screen says."""
    for given in _sellers(engine, 10):
        seller = engine.seller(given)
        _compare(engine, seller.results, _by_hand(seller, engine.results.at))


def test_a_question_answered_with_unknown_is_open_for_certainty_alone(engine: Engine) -> None:
    """Nobody is asked it again, but the recommendation may still turn on it."""
    given: Given = {
        "product_type": "branded",
        "price": Decimal(30),
        "warehouse": "local",
        "followers": Decimal(200),
        "business_license": "none",
    }
    seller = engine.seller({**given, "goal": UNKNOWN})
    goal = engine.space.index["goal"]
    assert goal in seller.recommendations.free
    assert goal not in seller.results.free


def test_too_many_completions_are_varied_a_few_at_a_time(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every open question is still varied, and nothing is called exact."""
    given: Given = {"product_type": "branded", "price": Decimal(30), "warehouse": "local"}
    seller = engine.seller(given)
    exact = seller.recommendations
    monkeypatch.setattr(completions, "MOST", 100)
    some = engine.seller({**given, "cash": UNKNOWN}).recommendations
    assert not some.exact
    assert some.free == exact.free
    assert 0 < some.count() < exact.count()
