"""All ways to answer what is still open, and what depends on each open question."""

from __future__ import annotations

import functools
import itertools
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from operator import mul
from typing import Generic, TypeVar

from choose_channel.answers.space import Cell, Space
from choose_channel.engine.engine import Seller
from choose_channel.engine.result import Result
from choose_channel.model.rulebook import UNKNOWN

Outcome = TypeVar("Outcome", bound=Hashable)

MOST = 200_000
"""More scenarios than this are sampled, not enumerated."""
SAMPLE = 200

Cells = list[tuple[Cell, Outcome]]


class Scenarios(Generic[Outcome]):
    """The outcome in every cell that the answers leave possible.

    `free` are the axes of the open questions; `exact` is false where the cells are a sample.
    """

    def __init__(
        self,
        outcomes: Mapping[Cell, Outcome],
        space: Space,
        free: tuple[int, ...] = (),
        exact: bool = True,
    ) -> None:
        self.outcomes, self.space, self.free, self.exact = outcomes, space, free, exact

    def holding(self, outcome: Outcome) -> int:
        """In how many scenarios the outcome is this one."""
        return sum(other == outcome for other in self.outcomes.values())

    @functools.cached_property
    def _varied(self) -> bool:
        return len(set(self.outcomes.values())) > 1

    def could_become(self, axis: int, outcome: Outcome) -> set[Outcome]:
        """What this outcome could turn into when only the question on this axis is answered
        differently, whatever the answers to the other open questions are."""
        become: set[Outcome] = set()
        if not self._varied:
            return become
        for parts in self._parts(axis).values():
            for part, outcomes in parts.items():
                if outcome in outcomes:
                    become.update(*(more for other, more in parts.items() if _agree(part, other)))
        return become - {outcome}

    def _parts(self, axis: int) -> dict[int, dict[Cell, set[Outcome]]]:
        """The outcomes of `side_by_side` without their cells: by all that stays the same, and by
        the answers to the questions that depend on this one."""
        digits, dependents = self.space.digits, self.space.dependents(axis)
        own_digit = digits[axis]
        nothing: Cell = ()
        groups: dict[int, dict[Cell, set[Outcome]]] = {}
        for code, (cell, outcome) in zip(self._codes, self.outcomes.items(), strict=True):
            rest, part = code - cell[axis] * own_digit, nothing
            if dependents:
                rest -= sum([cell[other] * digits[other] for other in dependents])
                part = tuple([cell[other] for other in dependents])
            groups.setdefault(rest, {}).setdefault(part, set()).add(outcome)
        return groups

    def weight(self, axis: int) -> int:
        """In how many scenarios the question on this axis alone can change the outcome."""
        return sum(
            len(own)
            for own, beside in self.side_by_side(axis)
            if any(outcome != own[0][1] for _, outcome in beside)
        )

    def deciding(self) -> dict[str, int]:
        """The open questions whose answer alone can change the outcome, and in how many
        scenarios it can."""
        if not self._varied:
            return {}
        weights = {self.space.axes[axis].question.id: self.weight(axis) for axis in self.free}
        return {name: weight for name, weight in weights.items() if weight}

    @functools.cached_property
    def _codes(self) -> list[int]:
        """A number for each cell, from which the digits of some axes can be taken away: much
        quicker to compare than cells without these axes."""
        return [sum(map(mul, cell, self.space.digits)) for cell in self.outcomes]

    def side_by_side(self, axis: int) -> Iterator[tuple[Cells[Outcome], Cells[Outcome]]]:
        """Groups of scenarios, each with all scenarios that differ from it in this answer only.

        An answer may decide whether other questions apply. Answers to those do not count as a
        difference: "store: none" (no store speed asked) stands beside "store: own, speed: slow"
        and beside "store: own, speed: fast", but those two do not stand beside each other.
        """
        digits, dependents = self.space.digits, self.space.dependents(axis)
        own_digit = digits[axis]
        groups: dict[int, Cells[Outcome]] = {}
        for code, pair in zip(self._codes, self.outcomes.items(), strict=True):
            cell = pair[0]
            rest = code - cell[axis] * own_digit
            for other in dependents:
                rest -= cell[other] * digits[other]
            groups.setdefault(rest, []).append(pair)
        for group in groups.values():
            if not dependents or all(outcome == group[0][1] for _, outcome in group):
                yield group, group
                continue
            parts: dict[Cell, Cells[Outcome]] = {}
            for cell, outcome in group:
                part = tuple([cell[at] for at in dependents])
                parts.setdefault(part, []).append((cell, outcome))
            for part, own in parts.items():
                yield own, [cell for p, more in parts.items() if _agree(part, p) for cell in more]


def _agree(one: Cell, other: Cell) -> bool:
    return all(a == b or not a or not b for a, b in zip(one, other, strict=True))


def scenarios(
    seller: Seller, outcome: Callable[[int], Outcome], *, fixed: Iterable[str] = ()
) -> Scenarios[Outcome]:
    """The outcome (of the terms of a cell) in every way to answer what the seller left open; a
    sample where there are more than MOST. The `fixed` questions keep their assumed answer, and so
    does a derived answer that is not known."""
    engine, given = seller.engine, seller.answers
    space, questions = engine.space, engine.rulebook.questions
    known = {n: value for n, value in given.items() if value != UNKNOWN and n in questions}
    derived = (name for name, question in questions.items() if question.derived)
    for name in (*derived, *fixed):
        assumed = questions[name].assumed
        if name not in known and assumed is not None:
            known[name] = assumed
    options = space.options(known)
    cells = list(itertools.islice(space.walk(options), MOST + 1))
    exact = len(cells) <= MOST
    outcomes = {
        cell: outcome(terms) for cell, terms in (cells if exact else _sample(space, options))
    }
    known_axes = {space.index[name] for name in known}
    columns = enumerate(zip(*outcomes, strict=True))
    free = tuple(axis for axis, bands in columns if axis not in known_axes and any(bands))
    return Scenarios(outcomes, space, free, exact)


def _sample(space: Space, options: Sequence[Sequence[int]]) -> Iterator[tuple[Cell, int]]:
    """Some cells, each with its neighbours in every open answer, so that an effect of a single
    answer is seen."""
    for cell, terms in space.sample(options, SAMPLE):
        yield cell, terms
        for axis, bands in enumerate(options):
            if cell[axis]:
                for band in bands:
                    if band != cell[axis]:
                        yield space.move(cell, {axis: band}, lambda number: options[number][0])


def recommendations(seller: Seller) -> Scenarios[str | None]:
    """The recommended channel in every scenario."""
    return scenarios(seller, seller.engine.evaluator.recommended)


def results(seller: Seller) -> Scenarios[Result]:
    """The result in every scenario; a question answered with "unknown" is not open any more."""
    unknown = [name for name, value in seller.given.items() if value == UNKNOWN]
    names = [name for name in unknown if name in seller.engine.rulebook.questions]
    return scenarios(seller, seller.engine.results.at, fixed=names)
