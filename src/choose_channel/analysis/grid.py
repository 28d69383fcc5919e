"""All cells of a rulebook, walked once, with what the proofs ask of them."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple, TypeVar

from choose_channel.completions import Completions
from choose_channel.conditions import Condition, Is, parts_of, questions_in
from choose_channel.evaluation import Evaluator, Standing
from choose_channel.model import Entry, Rulebook, Value
from choose_channel.planning import Planner
from choose_channel.space import Cell, Space

MOST_CELLS = 3_000_000
"""A larger grid is sampled."""
SAMPLE = 100_000
WORK = 250_000_000
"""So many pairs of cells and entries are looked at; a rulebook with more is sampled."""
_USUAL_AXES = 13
_STRIDE = 997

Outcome = TypeVar("Outcome", bound=Hashable)


class Finding(NamedTuple):
    """What a proof found: its kind, where, words for its sentence, and answers that show it."""

    id: str
    entry: Entry
    words: Mapping[str, object] = {}
    witness: Cell | None = None


def cells_of(
    space: Space, *rulebooks: Rulebook, most: int = MOST_CELLS
) -> tuple[list[tuple[Cell, int]], bool]:
    """The cells of a space with their terms, and whether these are all: a sample where looking at
    all would take the rulebooks too long."""
    entries = max(len(one.rules) + len(one.gates) + len(one.pitfalls) for one in rulebooks)
    budget = WORK // max(entries, 1)
    usual = MOST_CELLS * _USUAL_AXES // max(len(space.axes), _USUAL_AXES)
    most = min(most, usual, budget)
    options = told_apart(space, rulebooks)
    if space.count(options) <= most:
        return list(space.walk(options)), True
    return list(space.sample(options, min(SAMPLE, budget))), False


def told_apart(space: Space, rulebooks: Iterable[Rulebook]) -> list[Sequence[int]]:
    """By axis, the bands to walk: all, but of a derived answer, which nobody gives, only those
    that some condition tells from the assumed one."""
    named = {
        (part.question, choice)
        for rulebook in rulebooks
        for condition in rulebook.conditions()
        for part in parts_of(condition)
        if isinstance(part, Is)
        for choice in part.choices
    }
    return [
        [
            axis.band(value)
            for value in axis.values
            if not axis.question.derived
            or value == axis.question.assumed
            or (axis.question.id, value) in named
        ]
        for axis in space.axes
    ]


def few_answers(rulebook: Rulebook, space: Space, cell: Cell) -> dict[str, Value]:
    """Few answers that lead to the cell: follow-ups at their assumed answer are left out."""
    return {
        name: value
        for name, value in space.values(cell).items()
        if rulebook.questions[name].core or value != rulebook.questions[name].assumed
    }


class Grid:
    """The cells of a rulebook: their terms and how the channels stand there.

    `exact` tells whether these are all cells or a sample.
    """

    def __init__(self, rulebook: Rulebook, most: int = MOST_CELLS) -> None:
        self.rulebook = rulebook
        self.space = Space(rulebook.questions.values(), rulebook.conditions())
        self.ready = Evaluator(rulebook, self.space)
        self.planner = Planner(self.ready)
        found, self.exact = cells_of(self.space, rulebook, most=most)
        self.terms: dict[Cell, int] = dict(found)
        standing = self.ready.standing
        self.standings: dict[Cell, Standing] = {c: standing(t) for c, t in self.terms.items()}

    def spread(self) -> list[int]:
        """The terms of all cells, neighbours far apart: what holds in some of them soon shows."""
        terms = list(self.terms.values())
        return [one for start in range(_STRIDE) for one in terms[start::_STRIDE]]

    def where(self, condition: Condition) -> Iterator[tuple[Cell, int]]:
        """The cells in which a condition holds."""
        bits = self.space.bits(condition)
        return ((cell, terms) for cell, terms in self.terms.items() if terms & bits)

    def answers(self, cell: Cell) -> dict[str, Value]:
        """Few answers that lead to the cell."""
        return few_answers(self.rulebook, self.space, cell)

    def quotient(self, conditions: Iterable[Condition], *questions: str) -> Iterator[Cell]:
        """Enough cells to judge what hangs on these conditions and questions only: answers to
        other questions are not varied."""
        wanted = {name for one in conditions for name in questions_in(one)} | {*questions}
        for axis in reversed(self.space.axes):  # and what decides whether those apply
            if axis.question.id in wanted:
                wanted |= questions_in(axis.question.applies)
        still = [n for n, axis in enumerate(self.space.axes) if axis.question.id not in wanted]
        if not self.exact:
            return (cell for cell in self.standings if all(cell[n] <= 1 for n in still))
        options = [
            bands[:1] if number in still else bands
            for number, bands in enumerate(told_apart(self.space, [self.rulebook]))
        ]
        return (cell for cell, _ in self.space.walk(options))

    def access_conditions(self) -> list[Condition]:
        """The conditions that decide which channels are open."""
        return [gate.when for gate in self.rulebook.gates.values()]

    def pairs(
        self, question: str, outcome: Callable[[Standing], Outcome], reads: Iterable[Condition]
    ) -> Iterator[tuple[tuple[Cell, Outcome], tuple[Cell, Outcome]]]:
        """Pairs of cells that differ in the answer to this question only, and in the outcome,
        which hangs on the conditions in `reads` only."""
        cells = self.quotient(reads, question)
        outcomes = {cell: outcome(self.standings[cell]) for cell in cells}
        axis = self.space.index[question]
        every = Completions(outcomes, self.rulebook, (), self.exact)
        for own, beside in every.side_by_side(axis):
            if any(found != own[0][1] for _, found in beside):
                for one in own:
                    yield from ((one, other) for other in beside if other[1] != one[1])
