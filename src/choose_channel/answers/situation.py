"""The cell of the answer space that one seller's answers fall into."""

from collections.abc import Mapping
from typing import NamedTuple

from choose_channel.answers.kinds import kind_of
from choose_channel.answers.sources import Given
from choose_channel.answers.space import Cell, Space
from choose_channel.model.naming import to_text
from choose_channel.model.rulebook import UNKNOWN, Question, Rulebook, Value


class Situation(NamedTuple):
    """A complete set of answers: the given ones where they apply, assumed ones for the rest.

    `values` holds all of them, `assumed` those that nobody gave, `set_aside` those given to
    questions that do not apply. `cell` and `terms` are the same in the answer space. A derived
    answer is part of the cell only: it is neither given nor assumed.
    """

    cell: Cell
    terms: int
    values: Mapping[str, Value]
    assumed: Mapping[str, Value]
    set_aside: Given


def following(
    questions: Mapping[str, Question], now: Given, changed: Mapping[str, Value]
) -> dict[str, Value]:
    """The answers that change with others, since they held for the old ones only.

    For example, with `resets: {warehouse: {local: abroad}}` on the market, who has stock where the
    present buyers are has none where those of another market are.
    """
    also: dict[str, Value] = {}
    for name, value in changed.items():
        if name in questions and value != now.get(name):
            for other, new in questions[name].resets.items():
                held = to_text(now[other]) if other in now else ""
                if held in new and other not in changed:
                    also[other] = kind_of(questions[other]).value(new[held])
    return also


def complete_with_defaults(rulebook: Rulebook, space: Space, given: Given) -> Situation:
    """The situation of these answers, every open question taken at its assumed answer.

    An open question without an assumed answer counts as not applying.
    """
    terms = space.everything
    cell: list[int] = []
    values: dict[str, Value] = {}
    assumed: dict[str, Value] = {}
    set_aside: dict[str, Value] = {}
    for axis, masks, applies in zip(space.axes, space.masks, space.applies, strict=True):
        name = axis.question.id
        band = 0
        if terms & applies:
            value = given.get(name, UNKNOWN)
            if axis.question.derived:
                band = axis.band(given.get(name, axis.question.assumed or UNKNOWN))
                value = UNKNOWN
            elif value == UNKNOWN and axis.question.assumed is not None:
                value = assumed[name] = axis.question.assumed
            if value != UNKNOWN:
                values[name] = value
                band = axis.band(value)
        elif name in given:
            set_aside[name] = given[name]
        cell.append(band)
        terms &= masks[band]
    for name, question in rulebook.economy.inputs.items():
        if name in given and not terms & space.bits(question.applies):
            set_aside[name] = given[name]
    return Situation(tuple(cell), terms, values, assumed, set_aside)
