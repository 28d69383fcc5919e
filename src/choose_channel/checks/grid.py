"""The cells of a rulebook, walked once, and the questions that proofs ask of them.

A cell holds one band per question. Derived answers, such as the margin, are worked out and never
given, so a Grid *holds* them at their assumed answer; the cells with other derived answers lie
*beyond*. Where there are too many cells to look at all of them, a Grid holds a sample.
"""

from __future__ import annotations

import functools
import itertools
from collections.abc import Callable, Container, Hashable, Iterable, Iterator, Mapping, Sequence
from operator import or_
from typing import NamedTuple, TypeVar

from choose_channel.answers.space import Cell, Space
from choose_channel.engine.engine import Engine
from choose_channel.engine.evaluate import Scores
from choose_channel.engine.scenarios import Scenarios
from choose_channel.model.conditions import Condition, questions_in
from choose_channel.model.rulebook import Entry, Rulebook, Value

MOST_CELLS = 3_000_000
"""A rulebook with more cells is sampled, if it has no more than the usual number of questions."""
SAMPLE = 100_000
"""The number of cells in a sample."""
_MOST_PAIRS = 250_000_000
"""A rulebook with more pairs of a cell and an entry is sampled."""
_USUAL_AXES = 13
_FEW = 2_000
"""The number of cells drawn where one of them may already show what is looked for."""

Options = list[Sequence[int]]
"""By axis, the bands to walk."""
Outcome = TypeVar("Outcome", bound=Hashable)


class Finding(NamedTuple):
    """What a proof found: id, entry, the words of its sentence, and a cell that shows it."""

    id: str
    entry: Entry
    words: Mapping[str, object] = {}
    witness: Cell | None = None


class Grid:
    """The cells of a rulebook, their terms, and how the channels stand in each.

    `exact` is true where these are all cells, and false where they are a sample.
    """

    def __init__(self, rulebook: Rulebook, most: int = MOST_CELLS) -> None:
        self.rulebook = rulebook
        self.engine = Engine(rulebook)
        self.space, self.ready = self.engine.space, self.engine.evaluator
        self.planner = self.engine.planner
        self.derived = rulebook.questions.keys() - rulebook.asked.keys()
        cells, self.exact = cells_of(self.space, rulebook, most=most)
        self.terms: dict[Cell, int] = dict(cells)

    @functools.cached_property
    def all_scores(self) -> dict[Cell, Scores]:
        """How the channels stand in each cell."""
        scores = self.ready.scores
        return {cell: scores(terms) for cell, terms in self.terms.items()}

    def where(self, condition: Condition) -> Iterator[tuple[Cell, int]]:
        """The cells in which a condition holds, those beyond after the others."""
        bits = self.space.bits(condition)
        yield from ((cell, terms) for cell, terms in self.terms.items() if terms & bits)
        yield from self.beyond(condition)

    def beyond(self, condition: Condition) -> Iterator[tuple[Cell, int]]:
        """The cells beyond in which a condition holds: first some at random, so that a search soon
        ends, then, unless the rulebook is sampled, all of them. Some come twice."""
        if not self.derived:
            return
        bits, space = self.space.bits(condition), self.space
        options = [  # bands that no term of the condition allows are not walked
            [band for band in bands if masks[band] & bits] or bands[:1]
            for bands, masks in zip(held(space, self.derived), space.masks, strict=True)
        ]
        every = space.walk(options) if self.exact else ()
        for cell, terms in itertools.chain(space.sample(options, _FEW), every):
            if terms & bits and cell not in self.terms:
                yield cell, terms

    def answers(self, cell: Cell) -> dict[str, Value]:
        """Few answers that lead to the cell."""
        return few_answers(self.rulebook, self.space, cell)

    def quotient(
        self, conditions: Iterable[Condition], *questions: str, beyond: bool = False
    ) -> Iterable[tuple[Cell, int]]:
        """Enough cells to judge whatever depends on these conditions only.

        Bands that the conditions cannot tell apart are walked once, except those of `questions`,
        which are all walked. For example, if no condition cuts the price at 10, one of the two
        bands beside that cut is enough. Derived answers are held, unless they are among
        `questions` or `beyond` is set.
        """
        space = self.space
        read = functools.reduce(or_, map(space.bits, conditions), 0)
        options = held(space, self.derived if beyond else questions)
        for number, axis in reversed([*enumerate(space.axes)]):
            masks = space.masks[number]
            if axis.question.id not in questions:
                alike = {masks[band] & read: band for band in reversed(options[number])}
                options[number] = [*reversed(alike.values())]
            if axis.question.id in questions or space.told_apart(number, read):
                read |= space.applies[number]  # it matters whether the question applies
        if self.exact:
            return space.walk(options)
        return some_of(space, options, SAMPLE, _FEW)[0]

    def access_conditions(self) -> list[Condition]:
        """The conditions that decide which channels are open."""
        return [gate.when for gate in self.rulebook.gates.values()]

    def pairs(
        self, question: str, outcome: Callable[[Scores], Outcome], reads: Iterable[Condition]
    ) -> Iterator[tuple[tuple[Cell, Outcome], tuple[Cell, Outcome]]]:
        """Pairs of cells that differ in the answer to this question only, and in the outcome.

        The outcome must depend on no other conditions than those in `reads`.
        """
        scores = self.ready.scores
        cells = self.quotient(reads, question)
        outcomes = {cell: outcome(scores(terms)) for cell, terms in cells}
        every = Scenarios(outcomes, self.space, (), self.exact)
        for own, beside in every.side_by_side(self.space.index[question]):
            if any(other != own[0][1] for _, other in beside):
                for one in own:
                    yield from ((one, other) for other in beside if other[1] != one[1])


# ---- which cells there are, of one rulebook or of two compared


def held(space: Space, varied: Container[str] = ()) -> Options:
    """Every band of every question, but of a derived question only the band of its assumed answer,
    unless the question is among those `varied`."""
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


def questions_read(space: Space, conditions: Iterable[Condition]) -> set[str]:
    """The questions that these conditions read, and the questions that decide whether those
    apply."""
    names = {name for condition in conditions for name in questions_in(condition)}
    for axis in reversed(space.axes):
        if axis.question.id in names:
            names |= questions_in(axis.question.applies)
    return names


def cells_of(
    space: Space, *rulebooks: Rulebook, varied: Container[str] = (), most: int = MOST_CELLS
) -> tuple[list[tuple[Cell, int]], bool]:
    """The cells of a space with their terms, and whether these are all: a sample where all of them
    would take these rulebooks too long."""
    entries = max(len(one.rules) + len(one.gates) + len(one.pitfalls) for one in rulebooks)
    budget = _MOST_PAIRS // max(entries, 1)
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
