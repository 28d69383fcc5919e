"""The cell that answers fall into."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from choose_channel.answers.sources import Given
from choose_channel.answers.space import Cell, space_of
from choose_channel.model.rulebook import UNKNOWN, Rulebook, Value


class Situation(NamedTuple):
    """A complete set of answers: the given ones where they apply, assumed ones for the rest.

    A derived answer is in the cell only: nobody gave it, and it is not assumed.
    """

    cell: Cell
    terms: int
    values: Mapping[str, Value]
    assumed: Mapping[str, Value]
    set_aside: Given


def complete_with_defaults(rulebook: Rulebook, given: Given) -> Situation:
    """The cell that the answers fall into, every open question taken at its assumed answer.

    An open question without one is taken as if it did not apply.
    """
    space = space_of(rulebook)
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
    for name, one in rulebook.economy.inputs.items():
        if name in given and not terms & space.bits(one.applies):
            set_aside[name] = given[name]
    return Situation(tuple(cell), terms, values, assumed, set_aside)
