"""Which cells to look at: all where that can be done, else a sample. Pure.

Nobody gives a derived answer, so it is *held* at the assumed one unless it is to be *varied*.
"""

from __future__ import annotations

import functools
from collections.abc import Container, Iterable, Sequence

from choose_channel.conditions import Condition, questions_in
from choose_channel.model import Rulebook, Value
from choose_channel.space import Cell, Space

MOST_CELLS = 3_000_000
"""A larger grid is sampled."""
SAMPLE = 100_000
_WORK = 250_000_000
"""So many pairs of cells and entries are looked at; a rulebook with more is sampled."""
_USUAL_AXES = 13

Options = list[Sequence[int]]
"""By axis, the bands to walk."""


def held(space: Space, varied: Container[str] = ()) -> Options:
    """Every band of every question; of a derived one the assumed band only, unless it is varied."""
    options: Options = []
    for axis in space.axes:
        question, bands = axis.question, axis.bands
        if question.derived and question.assumed is not None:
            assumed = axis.band(question.assumed)
            others = [band for band in bands if band != assumed and question.id in varied]
            options.append([assumed, *others])
        else:
            options.append(bands)
    return options


def hung_on(space: Space, conditions: Iterable[Condition]) -> set[str]:
    """The questions on which conditions hang: those that they read, and those that decide whether
    these apply."""
    names = {name for condition in conditions for name in questions_in(condition)}
    for axis in reversed(space.axes):
        if axis.question.id in names:
            names |= questions_in(axis.question.applies)
    return names


def cells_of(
    space: Space, *rulebooks: Rulebook, varied: Container[str] = (), most: int = MOST_CELLS
) -> tuple[list[tuple[Cell, int]], bool]:
    """The cells of a space with their terms, and whether these are all: a sample where looking at
    all would take the rulebooks too long."""
    entries = max(len(one.rules) + len(one.gates) + len(one.pitfalls) for one in rulebooks)
    budget = _WORK // max(entries, 1)
    usual = MOST_CELLS * _USUAL_AXES // max(len(space.axes), _USUAL_AXES)
    return some_of(space, held(space, varied), min(most, usual, budget), min(SAMPLE, budget))


def some_of(
    space: Space, options: Options, most: int, sample: int
) -> tuple[list[tuple[Cell, int]], bool]:
    """The cells among some options with their terms, and whether these are all: a sample where
    there are more than `most`."""
    if count(space, options) <= most:
        return list(space.walk(options)), True
    return list(space.sample(options, sample)), False


def count(space: Space, options: Options) -> int:
    """How many cells `walk` would give, without walking: prefixes after which the same questions
    apply are counted once."""
    last = len(space.axes)
    later = [0] * (last + 1)
    for axis in reversed(range(last)):
        later[axis] = later[axis + 1] | space.applies[axis]

    @functools.cache
    def below(axis: int, live: int) -> int:
        if axis == last:
            return 1
        bands = options[axis] if live & space.applies[axis] else (0,)
        masks = space.masks[axis]
        return sum(below(axis + 1, live & masks[band] & later[axis + 1]) for band in bands)

    return below(0, space.everything & later[0])


def few_answers(rulebook: Rulebook, space: Space, cell: Cell) -> dict[str, Value]:
    """Few answers that lead to the cell: follow-ups at their assumed answer are left out."""
    return {
        name: value
        for name, value in space.values(cell).items()
        if rulebook.questions[name].core or value != rulebook.questions[name].assumed
    }
