"""All ways to answer what is still open, and what hangs on each open question. Pure."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from typing import Generic, NamedTuple, TypeVar

from choose_channel.answers.sources import Given
from choose_channel.answers.space import Cell, Space, space_of
from choose_channel.engine.evaluate import Result, derive, evaluator
from choose_channel.model.rulebook import UNKNOWN, Rulebook

Outcome = TypeVar("Outcome", bound=Hashable)


MOST = 200_000
"""More completions than this are sampled, not enumerated."""
SAMPLE = 200


Cells = list[tuple[Cell, Outcome]]


class Scenarios(NamedTuple, Generic[Outcome]):
    """The outcome of every completion of some answers, by cell."""

    outcomes: dict[Cell, Outcome]
    rulebook: Rulebook
    free: tuple[int, ...]
    """The axes that were left free."""
    exact: bool
    """Whether these are all completions, or a sample."""

    def holding(self, outcome: Outcome) -> int:
        """In how many completions the outcome is this one."""
        return sum(found == outcome for found in self.outcomes.values())

    def could_become(self, axis: int, outcome: Outcome) -> set[Outcome]:
        """What the outcome could turn into when only the question on this axis is answered
        otherwise, whatever the answers to the other open questions are."""
        if all(found == outcome for found in self.outcomes.values()):
            return set()
        become: set[Outcome] = set()
        for own, beside in self.side_by_side(axis):
            if any(found == outcome for _, found in own):
                become.update(found for _, found in beside)
        return become - {outcome}

    def weight(self, axis: int) -> int:
        """In how many completions the question on this axis alone can change the outcome."""
        return sum(
            len(own)
            for own, beside in self.side_by_side(axis)
            if any(found != own[0][1] for _, found in beside)
        )

    def deciding(self) -> dict[str, int]:
        """The free questions whose answer alone can change the outcome in some completion, and in
        how many."""
        if len(set(self.outcomes.values())) < 2:
            return {}
        axes = space_of(self.rulebook).axes
        weights = {axes[axis].question.id: self.weight(axis) for axis in self.free}
        return {name: weight for name, weight in weights.items() if weight}

    def side_by_side(self, axis: int) -> Iterator[tuple[Cells[Outcome], Cells[Outcome]]]:
        """Groups of completions, and all that differ from each of them in this answer only, they
        among them.

        Where the answer decides whether other questions apply, an answer to one of those is no
        difference from its not applying.
        """
        dependents = space_of(self.rulebook).dependents(axis)
        beside = {axis, *dependents}
        kept = [at for at in range(len(space_of(self.rulebook).axes)) if at not in beside]
        groups: dict[Cell, Cells[Outcome]] = {}
        for cell, found in self.outcomes.items():
            rest = cell[:axis] + cell[axis + 1 :]
            if dependents:
                rest = tuple([cell[at] for at in kept])
            groups.setdefault(rest, []).append((cell, found))
        for group in groups.values():
            if not dependents or all(found == group[0][1] for _, found in group):
                yield group, group
                continue
            parts: dict[Cell, Cells[Outcome]] = {}
            for cell, found in group:
                part = tuple([cell[at] for at in dependents])
                parts.setdefault(part, []).append((cell, found))
            for part, own in parts.items():
                yield own, [one for p, more in parts.items() if _agree(part, p) for one in more]


def _agree(one: Cell, other: Cell) -> bool:
    return all(a == b or not a or not b for a, b in zip(one, other, strict=True))


def complete(
    rulebook: Rulebook,
    given: Given,
    outcome: Callable[[int], Outcome],
    *,
    fixed: Iterable[str] = (),
) -> Scenarios[Outcome]:
    """The outcome of every completion of `given`, or of a sample where there are more than MOST;
    the `fixed` questions keep their assumed answer where they are open."""
    space, given = space_of(rulebook), derive(rulebook, given)
    known = {
        name: value
        for name, value in given.items()
        if value != UNKNOWN and name in rulebook.questions
    }
    for name, question in rulebook.questions.items():
        if question.derived and question.assumed is not None:  # never enumerated
            known[name] = given.get(name, question.assumed)
    for name in fixed:
        assumed = rulebook.questions[name].assumed
        if name not in known and assumed is not None:
            known[name] = assumed
    options = space.options(known)
    found = list(itertools.islice(space.walk(options), MOST + 1))
    exact = len(found) <= MOST
    cells: Iterable[tuple[Cell, int]] = found if exact else _around(space, options)
    outcomes = {cell: outcome(terms) for cell, terms in cells}
    known_axes = {space.index[name] for name in known}
    columns = enumerate(zip(*outcomes, strict=True))
    free = tuple(axis for axis, bands in columns if axis not in known_axes and any(bands))
    return Scenarios(outcomes, rulebook, free, exact)


def _around(space: Space, options: Sequence[Sequence[int]]) -> Iterator[tuple[Cell, int]]:
    """A sample of cells, each with its neighbours in every open answer, so that what hangs on one
    answer shows."""
    for cell, terms in space.sample(options, SAMPLE):
        yield cell, terms
        for axis, bands in enumerate(options):
            if cell[axis]:
                for band in bands:
                    if band != cell[axis]:
                        yield space.move(cell, {axis: band}, lambda number: options[number][0])


def recommendations(rulebook: Rulebook, given: Given) -> Scenarios[str | None]:
    """The recommended channel in every completion."""
    scores = evaluator(rulebook).scores
    return complete(rulebook, given, lambda terms: scores(terms).recommended)


def results(rulebook: Rulebook, given: Given) -> Scenarios[Result]:
    """The result in every completion; a question answered with "unknown" is not free."""
    unknown = [name for name, value in given.items() if value == UNKNOWN]
    return complete(rulebook, given, evaluator(rulebook).result, fixed=unknown)
