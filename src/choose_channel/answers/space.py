"""The finite answer space: bands, cells and the terms that hold in them.

A number matters only through the cut points that conditions use, and choices that no condition
tells apart are one, so every question has finitely many *bands* and a rulebook has a finite grid of
*cells*. A cell holds one band index a question, in the rulebook's order; 0 means that the question
does not apply there. If conditions on the market only ever say "us" or "not us", the market has two
bands: one of them holds us, the other all other markets.

Conditions are compiled once into *terms*: conjunctions of "this question is in these bands", one
bit each, of which exactly one holds where the condition does. For example, "goods are apples, or
the price is below 50" becomes the two terms "goods are apples" and "goods are not apples, and the
price is below 50". For every question and band there is a mask of the terms that allow it; the AND
of a cell's masks is the set of terms that hold there. Walking the grid shares the ANDs of a prefix.
"""

import functools
import itertools
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from operator import and_, getitem, or_
from typing import NamedTuple

from choose_channel.answers.kinds import kind_of
from choose_channel.model.conditions import (
    ALWAYS,
    AllOf,
    AnyOf,
    Condition,
    Is,
    Not,
    Within,
    parts_of,
)
from choose_channel.model.rulebook import Question, Rulebook, Value

Cell = tuple[int, ...]
Term = dict[int, int]
"""By axis, the bands (as bits) that the term allows; an axis left out may be anywhere."""

Compiled = tuple[Mapping[str, Sequence[str]], Sequence[int], tuple[tuple[int, ...], ...]]
"""What takes long to work out, of plain values that a cache can keep: by question, the cut points;
by condition, the number of its terms; by axis and band, the mask."""

MAX_TERMS = 2_000


class TooComplexError(Exception):
    """A condition needs more than MAX_TERMS terms."""


class Axis(NamedTuple):
    """One question's bands, counted from 1. `values` holds one answer for each, `alike` all choices
    in it; a band of numbers is known by its first number alone."""

    question: Question
    cuts: tuple[Decimal, ...]
    alike: tuple[tuple[Value, ...], ...]
    values: tuple[Value, ...]
    by_choice: Mapping[Value, int]

    @property
    def answers(self) -> tuple[Value, ...]:
        """Every choice, also those in one band; of a number, one answer for each band."""
        return tuple(value for group in self.alike for value in group)

    @property
    def bands(self) -> range:
        """The indexes of the bands; 0 stands for "does not apply" and is not among them."""
        return range(1, len(self.values) + 1)

    def band(self, value: Value) -> int:
        """The band that a known answer falls into. ValueError if it falls into none."""
        if isinstance(value, Decimal):
            return 1 + sum(value >= cut for cut in self.cuts)
        if value not in self.by_choice:
            raise ValueError(value)
        return self.by_choice[value]

    @property
    def assumed(self) -> int:
        """The band of the assumed answer; 0 where none is assumed."""
        return 0 if self.question.assumed is None else self.band(self.question.assumed)

    def ordered(self, order: Sequence[str]) -> list[int]:
        """The bands that `order` ranks, from worst to best; those of a number are in order."""
        kind = kind_of(self.question)
        if not kind.listed:
            return [*self.bands]
        return list(dict.fromkeys(self.band(kind.value(name)) for name in order))


def _cuts(conditions: Iterable[Condition]) -> dict[str, list[str]]:
    """By question, the numbers at which a condition begins or ceases to hold."""
    cuts: dict[str, set[str]] = {}
    for part in (part for condition in conditions for part in parts_of(condition)):
        if isinstance(part, Within):
            numbers = {str(cut) for cut in (part.at_least, part.below) if cut is not None}
            cuts.setdefault(part.question, set()).update(numbers)
    return {name: sorted(numbers) for name, numbers in cuts.items()}


def _axis(question: Question, cuts: set[Decimal]) -> Axis:
    """The axis with a band for each choice."""
    bands = kind_of(question).bands(question, cuts)
    return _grouped(question, bands.cuts, [(value,) for value in bands.values])


def _grouped(
    question: Question, cuts: tuple[Decimal, ...], groups: Iterable[tuple[Value, ...]]
) -> Axis:
    alike = tuple(groups)
    numbers = {value: band for band, group in enumerate(alike, 1) for value in group}
    return Axis(question, cuts, alike, tuple(group[0] for group in alike), numbers)


class Space:
    """The grid of some questions and the conditions that are asked about it.

    `compiled` is what a grid of the same questions and conditions has worked out; without it, all
    is worked out here. Raises TooComplexError for a condition with more than MAX_TERMS terms.
    """

    def __init__(
        self,
        questions: Iterable[Question],
        conditions: Iterable[Condition],
        compiled: Compiled | None = None,
    ) -> None:
        questions = list(questions)
        asked = list(dict.fromkeys([*(q.applies for q in questions), *conditions, ALWAYS]))
        cuts = _cuts(asked) if compiled is None else compiled[0]
        self.axes = tuple(_axis(q, {Decimal(cut) for cut in cuts.get(q.id, ())}) for q in questions)
        self.index = {axis.question.id: i for i, axis in enumerate(self.axes)}
        self._full = [(1 << (len(axis.values) + 1)) - 1 for axis in self.axes]
        """By axis, all bands, with "does not apply" among them."""
        self._terms = functools.cache(self._compiled)  # conditions share many of their parts
        if compiled is None:
            terms = [_disjoint(self._terms(condition, True), self._full) for condition in asked]
            compiled = cuts, [*map(len, terms)], self._masks([*itertools.chain(*terms)])
        self.compiled: Compiled = compiled
        _, counts, self.masks = compiled
        starts = [0, *itertools.accumulate(counts)]
        self._bits = {
            condition: (1 << end) - (1 << start)
            for condition, start, end in zip(asked, starts, starts[1:], strict=False)
        }
        self.everything = (1 << starts[-1]) - 1
        merged = [_merged(axis, masks) for axis, masks in zip(self.axes, self.masks, strict=True)]
        self.axes, self.masks = tuple(axis for axis, _ in merged), tuple(m for _, m in merged)
        self.applies = tuple(self._bits[axis.question.applies] for axis in self.axes)

    def bits(self, condition: Condition) -> int:
        """The terms of a condition that was given at the start: where it holds, exactly one of
        them does, and elsewhere none."""
        return self._bits[condition]

    def bits_of_any(self, conditions: Iterable[Condition]) -> int:
        """The terms of several conditions: some of them hold where any of the conditions does."""
        return functools.reduce(or_, map(self.bits, conditions), 0)

    def _masks(self, terms: list[Term]) -> tuple[tuple[int, ...], ...]:
        everything = (1 << len(terms)) - 1
        masks = [[everything] * (len(axis.values) + 1) for axis in self.axes]
        for number, term in enumerate(terms):
            for axis, allowed in term.items():
                for band in range(len(masks[axis])):
                    if not allowed >> band & 1:
                        masks[axis][band] &= ~(1 << number)
        return tuple(map(tuple, masks))

    def _compiled(self, condition: Condition, wanted: bool) -> list[Term]:
        """The terms of which at least one holds exactly where the condition is as wanted."""
        match condition:
            case Not(part):
                return self._terms(part, not wanted)
            case Is() | Within():
                return self._atom(condition, wanted)
            case AllOf(parts) | AnyOf(parts):
                lists = [self._terms(part, wanted) for part in parts]
                if isinstance(condition, AllOf) is wanted:
                    return _product(lists)
                return _distinct([term for terms in lists for term in terms])

    def _atom(self, condition: Is | Within, wanted: bool) -> list[Term]:
        number = self.index[condition.question]
        axis = self.axes[number]
        allowed = kind_of(axis.question).holding(condition, axis.values) << 1
        if not wanted:  # also where the question does not apply: band 0
            allowed ^= self._full[number]
        return [{number: allowed}] if allowed else []

    def walk(self, options: Sequence[Sequence[int]] | None = None) -> Iterator[tuple[Cell, int]]:
        """Every cell whose bands are among `options` (by axis; all bands when None), and the
        terms that hold there. A question that does not apply takes band 0 whatever its options.
        With options for the first axes only, the cells end there too."""
        chosen = options or [axis.bands for axis in self.axes]
        last = len(chosen)
        stack: list[tuple[Cell, int]] = [((), self.everything)]
        while stack:
            cell, mask = stack.pop()
            axis = len(cell)
            while axis < last:
                masks = self.masks[axis]
                if mask & self.applies[axis]:
                    first, *rest = chosen[axis]
                    for band in reversed(rest):
                        stack.append(((*cell, band), mask & masks[band]))
                else:
                    first = 0
                cell, mask = (*cell, first), mask & masks[first]
                axis += 1
            yield cell, mask

    def terms(self, cell: Cell) -> int:
        """The terms that hold in a cell."""
        return functools.reduce(and_, map(getitem, self.masks, cell), self.everything)

    def move(
        self, cell: Cell, changed: Mapping[int, int], newly: Callable[[int], int]
    ) -> tuple[Cell, int]:
        """The cell after some answers (axis: band) have changed, and the terms that hold there.

        A question that applies no more takes band 0; one that applies anew takes `newly` (axis).
        """
        terms = self.everything
        moved: list[int] = []
        for axis, masks in enumerate(self.masks):
            band = 0
            if terms & self.applies[axis]:
                band = changed.get(axis) or cell[axis] or newly(axis)
            moved.append(band)
            terms &= masks[band]
        return tuple(moved), terms

    def sample(
        self, options: Sequence[Sequence[int]] | None, count: int, seed: int = 0
    ) -> Iterator[tuple[Cell, int]]:
        """Cells drawn at random, answer by answer, the same ones every time; some may repeat."""
        import random

        draw = random.Random(seed).random  # noqa: S311  (a sample, not a secret)
        chosen = options or [axis.bands for axis in self.axes]
        for _ in range(count):
            cell: list[int] = []
            terms = self.everything
            for bands, masks, applies in zip(chosen, self.masks, self.applies, strict=True):
                band = bands[int(draw() * len(bands))] if terms & applies else 0
                cell.append(band)
                terms &= masks[band]
            yield tuple(cell), terms

    @functools.cache  # noqa: B019  (a space lives as long as its rulebook)
    def dependents(self, axis: int) -> tuple[int, ...]:
        """The later axes whose question may apply or not, depending on this axis."""
        axes = [axis]
        for later in range(axis + 1, len(self.axes)):
            if any(self.told_apart(earlier, self.applies[later]) for earlier in axes):
                axes.append(later)
        return tuple(axes[1:])

    def told_apart(self, axis: int, bits: int) -> bool:
        """Whether any of these terms tell two answers apart, or an answer from no answer."""
        return len({mask & bits for mask in self.masks[axis]}) > 1

    def values(self, cell: Cell) -> dict[str, Value]:
        """One set of answers that falls into the cell, questions that do not apply left out."""
        return {
            axis.question.id: axis.values[band - 1]
            for axis, band in zip(self.axes, cell, strict=True)
            if band
        }

    def options(self, known: Mapping[str, Value]) -> list[Sequence[int]]:
        """For `walk`: the band of each known answer, every band of each other question."""
        return [
            [axis.band(known[axis.question.id])] if axis.question.id in known else axis.bands
            for axis in self.axes
        ]


def _merged(axis: Axis, masks: tuple[int, ...]) -> tuple[Axis, tuple[int, ...]]:
    """The axis and its masks, where choices with the same masks share a band. Of choices in an
    order from worst to best only neighbours do, so that the bands are in that order too."""
    kind = kind_of(axis.question)
    if not kind.listed:
        return axis, masks
    order = {kind.value(name): place for place, name in enumerate(axis.question.better)}
    groups: dict[tuple[int, int], list[Value]] = {}
    run = 0
    ranked = sorted(axis.values, key=lambda value: order.get(value, -1))
    for before, value in zip([None, *ranked], ranked, strict=False):
        alone = order and (before is None or masks[axis.band(before)] != masks[axis.band(value)])
        run += bool(alone)
        groups.setdefault((run, masks[axis.band(value)]), []).append(value)
    place = axis.values.index
    alike = sorted(
        (sorted(group, key=place) for group in groups.values()), key=lambda g: place(g[0])
    )
    shared = (masks[0], *(masks[axis.band(group[0])] for group in alike))
    return _grouped(axis.question, axis.cuts, map(tuple, alike)), shared


def single_terms(terms: int) -> Iterator[int]:
    """Each of some terms alone."""
    while terms:
        lowest = terms & -terms
        yield lowest
        terms ^= lowest


def space_of(rulebook: Rulebook) -> Space:
    """The grid of a rulebook's questions, ready for all its conditions."""
    return Space(rulebook.questions.values(), rulebook.conditions(), rulebook.compiled)


def _product(lists: list[list[Term]]) -> list[Term]:
    result: list[Term] = [{}]
    for terms in lists:
        joined = (_both(left, right) for left in result for right in terms)
        result = _distinct([term for term in joined if term is not None])
    return result


def _both(left: Term, right: Term) -> Term | None:
    joined = dict(left)
    for axis, allowed in right.items():
        joined[axis] = joined.get(axis, allowed) & allowed
        if not joined[axis]:
            return None
    return joined


def _distinct(terms: list[Term]) -> list[Term]:
    """Without repeats and without terms that another term already covers."""
    if len(terms) < 2:
        return terms
    unique = list({frozenset(term.items()): term for term in terms}.values())
    if len(unique) > MAX_TERMS:
        raise TooComplexError
    kept: list[Term] = []
    for term in sorted(unique, key=len):
        if not any(_covers(general, term) for general in kept):
            kept.append(term)
    return kept


def _disjoint(terms: list[Term], full: list[int]) -> list[Term]:
    """The same set of cells as terms of which no two hold together."""
    result: list[Term] = []
    for term in terms:
        rest = [term]
        for taken in result:
            rest = [part for piece in rest for part in _without(piece, taken, full)]
            if len(rest) > MAX_TERMS:
                raise TooComplexError
        result += rest
    return result


def _without(term: Term, taken: Term, full: list[int]) -> list[Term]:
    """What is left of a term outside another, in pieces that do not overlap."""
    if _both(term, taken) is None:
        return [term]
    pieces = []
    inside = dict(term)
    for axis, bands in taken.items():
        mine = inside.get(axis, full[axis])
        if mine & ~bands:
            pieces.append({**inside, axis: mine & ~bands})
        inside[axis] = mine & bands
    return pieces


def _covers(general: Term, term: Term) -> bool:
    return all(axis in term and not term[axis] & ~bands for axis, bands in general.items())
