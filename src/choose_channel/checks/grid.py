"""The cells of a rulebook, and the questions that proofs ask of them.

A cell holds one band per question, and one of the margin (a derived answer) that can occur there.
Nothing lists the cells: each question is a walk that tells apart only what it depends on.
"""

from __future__ import annotations

import functools
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from choose_channel.answers.space import Cell, Space
from choose_channel.checks.walk import (
    Alike,
    Beside,
    Limits,
    Options,
    Reader,
    TooLargeError,
    walk,
    walk_beside,
)
from choose_channel.engine.engine import Engine
from choose_channel.engine.evaluate import Scores
from choose_channel.model.conditions import Condition, questions_in
from choose_channel.model.rulebook import Entry, Rulebook, Value

_SOME = 500
"""Of so many cells, one after the other, a search looks at first."""


class Finding(NamedTuple):
    """What a proof found: id, entry, the words of its sentence, and a cell that shows it."""

    id: str
    entry: Entry
    words: Mapping[str, object] = {}
    witness: Cell | None = None


class Standing(NamedTuple):
    """Cells in which the channels stand alike; the fit of a closed one may differ."""

    alike: Alike
    scores: Scores


class Grid:
    """The cells of a rulebook."""

    def __init__(self, rulebook: Rulebook) -> None:
        self.rulebook = rulebook
        self.engine = Engine(rulebook)
        self.space, self.ready = self.engine.space, self.engine.evaluator
        self.planner = self.engine.planner
        self.limits = limits(rulebook, self.space)
        self._too_large = False

    @functools.cached_property
    def cells(self) -> int:
        """How many cells there are."""
        return sum(alike.cells for alike in self.alike())

    def alike(
        self,
        conditions: Iterable[Condition] = (),
        *,
        scored: bool = False,
        fit_of: str | None = None,
        require: Iterable[Iterable[Condition]] = (),
        forbid: Iterable[Condition] = (),
        options: Options | None = None,
    ) -> Iterator[Alike]:
        """The cells where one condition of each group in `require` holds, and none of `forbid`:
        those together in which the same `conditions` hold. With `scored`, the channels stand alike
        in them too; with `fit_of`, this channel has the same fit.

        Raises TooLargeError.
        """
        return walk(
            Reader(
                self.space,
                self.space.bits_of_any(conditions),
                rulebook=self.rulebook if scored or fit_of else None,
                fit_of=fit_of,
                require=map(self.space.bits_of_any, require),
                forbid=self.space.bits_of_any(forbid),
                options=options,
                limits=self.limits,
            )
        )

    def beside(self, question: str, order: Sequence[int], *reads: Condition) -> Iterator[Beside]:
        """Pairs of cells that differ only in the answer to this question, from the earlier to the
        later band in `order`, those together in which the same conditions hold.

        The question may decide whether others apply. Answers to those do not count as a difference.
        Raises TooLargeError.
        """
        number = self.space.index[question]
        reader = Reader(self.space, self.space.bits_of_any(reads), limits=self.limits)
        pairs = [[(band, band) for band in axis.bands] for axis in self.space.axes]
        pairs[number] = [(low, high) for n, low in enumerate(order) for high in order[n + 1 :]]
        return walk_beside(reader, reader, pairs, number)

    @property
    def standings(self) -> Iterator[Standing]:
        """How the channels stand in each cell, by answer to the first question.

        Raises TooLargeError.
        """
        if self._too_large:
            raise TooLargeError
        try:
            yield from self._standings
        except TooLargeError:
            self._too_large = True
            raise

    @functools.cached_property
    def _standings(self) -> list[Standing]:
        first, *others = self.space.axes
        standings: list[Standing] = []
        for band in first.bands:
            options = [[band], *(axis.bands for axis in others)]
            scores = self.ready.scores
            for alike in self.alike(scored=True, options=options):
                standings.append(Standing(alike, scores(alike.terms)))
        return standings

    @functools.cached_property
    def some(self) -> list[Alike]:
        """Some cells, far apart: what happens often is found in one of them."""
        every = [standing.alike for standing in self.standings]
        return every[:: 1 + len(every) // _SOME]

    def answers(self, cell: Cell) -> dict[str, Value]:
        """Few answers that lead to the cell."""
        return few_answers(self.space, cell)

    def shutting(self, *channels: str) -> list[Condition]:
        """The conditions of the gates on these channels; with none named, of all gates."""
        return [
            gate.when
            for gate in self.rulebook.gates.values()
            if not channels or {*channels} & {*gate.channels}
        ]

    def variants(self, channel: str) -> list[Condition]:
        """The conditions of the variants of a channel."""
        return [variant.when for variant in self.rulebook.channels[channel].variants]


def limits(rulebook: Rulebook, space: Space) -> Limits:
    """Where a margin can occur: where it can be worked out, and there is one of the ways of selling
    that it speaks of, and no earlier state of the margin that says as much comes before it."""
    economy, bits = rulebook.economy, space.bits
    roles = economy.roles
    if roles is None:
        return {}
    axis = space.index[roles.margin]
    question = space.axes[axis].question
    worked_out = bits(economy.inputs[roles.unit_cost].applies)

    def any_of(streams: Iterable[str]) -> int:
        return space.bits_of_any(economy.streams[name].when for name in streams)

    def speaking(state: str) -> tuple[str, ...]:
        margin = next((margin for margin in economy.margins if margin.id == state), None)
        return margin.streams if margin else tuple(economy.streams)

    def before(state: str) -> Iterator[int]:
        """Where `both_lose` comes before `link_loses`, the Shop must be there as well: of a seller
        with a link alone that loses, the margin is `both_lose`."""
        for number, margin in enumerate(economy.margins):
            for earlier in economy.margins[:number] if margin.id == state else ():
                as_much = earlier.case == margin.case and earlier.at_most >= margin.at_most
                if as_much and {*margin.streams} <= {*earlier.streams}:
                    yield any_of({*earlier.streams} - {*margin.streams})

    limited: dict[int, list[int]] = {}
    for band, states in enumerate(space.axes[axis].alike, 1):
        names = [str(state) for state in states]
        if question.assumed not in states:
            streams = [stream for name in names for stream in speaking(name)]
            limited[band] = [worked_out, any_of(streams)]
            limited[band] += before(names[0]) if len(names) == 1 else ()
    return {axis: limited}


def occurs(limits: Limits, cell: Cell, terms: int) -> bool:
    """Whether the margin of a cell with these terms can occur there."""
    sets = (bits for axis, bands in limits.items() for bits in bands.get(cell[axis], ()))
    return all(terms & bits for bits in sets)


def questions_read(space: Space, conditions: Iterable[Condition]) -> set[str]:
    """The questions that these conditions read, and the questions that decide whether those
    apply."""
    names = {name for condition in conditions for name in questions_in(condition)}
    for axis in reversed(space.axes):
        if axis.question.id in names:
            names |= questions_in(axis.question.applies)
    return names


def few_answers(space: Space, cell: Cell) -> dict[str, Value]:
    """Few answers that lead to the cell: follow-ups at their assumed answer are left out."""
    answers = space.values(cell)
    for axis, band in zip(space.axes, cell, strict=True):
        question = axis.question
        if band and band == axis.assumed and not question.core:
            del answers[question.id]
    return answers
