"""The answer space: what is one band, and which of its answers stands for it."""

from __future__ import annotations

from decimal import Decimal

import pytest

from choose_channel.answers.space import Axis, Space
from choose_channel.loading.load import load_rulebook
from choose_channel.model.conditions import ALWAYS, Condition, Is, Not, Within
from choose_channel.model.rulebook import Question, Rulebook

_ANY = load_rulebook().questions["product_type"]
_CHOICES = {choice.id: choice for choice in _ANY.choices}
A, B, C, D = list(_CHOICES)[:4]


def _question(*better: str) -> Question:
    choices = tuple(_CHOICES[name] for name in (A, B, C, D))
    return _ANY._replace(choices=choices, applies=ALWAYS, better=better)


def _is(*choices: str) -> Condition:
    return Is(_ANY.id, frozenset(choices))


def _axis(*conditions: Condition, better: tuple[str, ...] = ()) -> Axis:
    return Space([_question(*better)], conditions).axes[0]


def test_choices_that_no_condition_tells_apart_are_one_band() -> None:
    """The first of them stands for it."""
    axis = _axis(_is(B), Not(_is(B, D)))
    assert axis.alike == ((A, C), (B,), (D,))
    assert axis.values == (A, B, D)
    assert [axis.band(choice) for choice in (A, B, C, D)] == [1, 2, 1, 3]
    assert axis.answers == (A, C, B, D)


def test_only_neighbours_in_an_order_share_a_band() -> None:
    """From worst to best B, A, C, D: B and C are alike, but A stands between them."""
    axis = _axis(_is(A), better=(B, A, C, D))
    assert axis.alike == ((A,), (B,), (C, D))
    assert axis.ordered((B, A, C, D)) == [2, 1, 3]


def test_an_answer_of_no_band_is_refused() -> None:
    """As is a choice of another question."""
    with pytest.raises(ValueError, match="elsewhere"):
        _axis(_is(A)).band("elsewhere")


def test_numbers_are_cut_and_never_merged(rulebook: Rulebook) -> None:
    """Their bands are in order, and known by their first numbers."""
    price = rulebook.questions["price"]._replace(applies=ALWAYS)
    (axis,) = Space([price], [Within("price", Decimal(10), Decimal(20))]).axes
    assert [axis.band(Decimal(number)) for number in (9, 10, 19, 20)] == [1, 2, 2, 3]
    assert axis.ordered(("more",)) == [1, 2, 3]


def test_a_merged_band_holds_exactly_the_same_conditions(rulebook: Rulebook) -> None:
    """In the shipped rulebook, for every choice of every question, the others as assumed."""
    space = Space(rulebook.questions.values(), rulebook.conditions())
    for number, axis in enumerate(space.axes):
        for group in axis.alike:
            masks = {space.masks[number][axis.band(value)] for value in group}
            assert len(masks) == 1
