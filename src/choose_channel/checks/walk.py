"""All cells of a space, walked at once.

Questions are answered one after the other. Two ways to answer the first of them have the same
future if the same terms can still hold and what was summed up is the same: they are one *state*,
which carries how many ways there are and the one with the fewest answers. No cell is left out, yet
the work grows with the states, which are far fewer than the cells.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from operator import or_
from typing import Any, NamedTuple, TypeVar

from choose_channel.answers.space import Axis, Cell, Space, single_terms
from choose_channel.model.rulebook import Rulebook

MOST_STATES = 500_000
"""A walk with more states beside each other than this is given up."""

State = tuple[int, int, int]
"""The terms that may still hold and still matter, the points so far, and what gates shut."""
Options = Sequence[Sequence[int]]
"""By axis, the bands to walk."""
Limits = Mapping[int, Mapping[int, Sequence[int]]]
"""By axis and band, sets of terms: the band is taken only where one of each set may hold."""
Pairs = Sequence[Sequence[tuple[int, int]]]
"""By axis, the bands to walk where the question applies on both sides."""
Ways = list[tuple[int, int, int]]
"""Answers to a question: one band of those that are alike, how many they are, and 1 if an answer
must be given for it, 0 if it is assumed."""
Label = TypeVar("Label")
_State = TypeVar("_State")


class TooLargeError(Exception):
    """A walk would have more than MOST_STATES states."""


class Alike(NamedTuple):
    """Cells between which a walk tells no difference: how many, and the one with the fewest
    answers, with its terms."""

    cell: Cell
    terms: int
    cells: int
    answers: int


class Beside(NamedTuple):
    """Pairs of cells between which a walk tells no difference: how many, and one of them."""

    left: Alike
    right: Alike
    cells: int


class Reader:
    """What a walk tells apart at its end, and which cells it looks at.

    `read`: these terms. `rulebook`: how open its channels are, and the fit of those not closed; or,
    with `fit_of`, the fit of this channel only. Looked at are the cells where one of each set in
    `require` holds and none of `forbid`, with bands among `options` and within `limits`.
    """

    def __init__(
        self,
        space: Space,
        read: int,
        *,
        rulebook: Rulebook | None = None,
        fit_of: str | None = None,
        require: Iterable[int] = (),
        forbid: int = 0,
        options: Options | None = None,
        limits: Limits | None = None,
    ) -> None:
        self.space = space
        self._require, self._forbid, self._limits = tuple(require), forbid, limits or {}
        self._sums = _sums(space, rulebook, fit_of)
        read = functools.reduce(or_, self._require, read)
        undecided, last = _undecided(space), len(space.axes)
        waiting = self._sums.terms | forbid
        needed = [read] * (last + 1)
        for axis in reversed(range(last)):
            limiting = (bits for sets in self._limits.get(axis, {}).values() for bits in sets)
            asked = functools.reduce(or_, limiting, space.applies[axis])
            needed[axis] = needed[axis + 1] | asked
        self._needed = [needed[n] | (waiting & undecided[n]) for n in range(1, last + 1)]
        self._decided = [waiting & undecided[n] & ~undecided[n + 1] for n in range(last)]
        matter = [*map(or_, self._needed, self._decided)]
        self._masks = [
            [mask & m for mask in masks] for masks, m in zip(space.masks, matter, strict=True)
        ]
        self._ways = [
            self._grouped(axis, options[axis] if options else space.axes[axis].bands)
            for axis in range(last)
        ]
        always = waiting & ~undecided[0]
        self.start: list[State] = []
        if not always & forbid:
            points, shut = self._sums.add(always & self._sums.terms, self._sums.zero, 0)
            self.start = [(space.everything, points, shut)]

    def _grouped(self, axis: int, bands: Iterable[int]) -> Ways:
        groups: dict[object, tuple[int, int, int]] = {}
        default = _default(self.space.axes[axis])
        for band in bands:
            given = int(band != default)
            key = self.key(axis, band)
            first, ways, fewest = groups.get(key, (band, 0, given))
            groups[key] = (band if given < fewest else first, ways + 1, min(given, fewest))
        return [*groups.values()]

    def key(self, axis: int, band: int) -> object:
        """What is the same for bands between which nothing tells a difference."""
        limits = self._limits.get(axis, {}).get(band, ())
        return self._masks[axis][band], tuple(limits)

    def ways(self, axis: int, state: State) -> Ways:
        """The answers to the question on this axis in a state; band 0 where it does not apply."""
        return self._ways[axis] if state[0] & self.space.applies[axis] else [(0, 1, 0)]

    def move(self, axis: int, state: State, band: int) -> State | None:
        """What an answer makes of a state; None where no cell is left to be looked at."""
        live, points, shut = state
        if axis in self._limits:
            for bits in self._limits[axis].get(band, ()):
                if not live & bits:
                    return None
        live &= self._masks[axis][band]
        decided = live & self._decided[axis]
        if decided:
            if decided & self._forbid:
                return None
            points, shut = self._sums.add(decided & self._sums.terms, points, shut)
        live &= self._needed[axis]
        for bits in self._require:
            if not live & bits:
                return None
        return live, points, shut

    def alike(self, cell: Cell, count: int, answers: int) -> Alike:
        """What a walk found."""
        return Alike(cell, self.space.terms(cell), count, answers)


class _Sums:
    """The points of all channels in one number, a lane each, and in another two bits each: whether
    a gate locks the channel, and whether one closes it. What a closed channel scores is left out.
    """

    def __init__(self, space: Space, rulebook: Rulebook | None, fit_of: str | None) -> None:
        channels = list(rulebook.channels) if rulebook else []
        self._points: dict[int, list[tuple[int, int]]] = {}
        self._shuts: dict[int, int] = {}
        largest = 0
        for rule in rulebook.rules.values() if rulebook else ():
            for channel, points in rule.points.items():
                largest += abs(points)
                if points and fit_of in (None, channel):
                    for term in single_terms(space.bits(rule.when)):
                        lane = channels.index(channel)
                        self._points.setdefault(term, []).append((lane, points))
        for gate in rulebook.gates.values() if rulebook and fit_of is None else ():
            for channel in gate.channels:
                flag = 1 << 2 * channels.index(channel) + (gate.access == "closed")
                for term in single_terms(space.bits(gate.when)):
                    self._shuts[term] = self._shuts.get(term, 0) | flag
        self.terms = functools.reduce(or_, (*self._points, *self._shuts), 0)
        self._width, self._lanes = largest.bit_length() + 1, range(len(channels))
        # A bias keeps a sum below zero from borrowing of the next lane.
        self.zero = sum(1 << (lane + 1) * self._width - 1 for lane in self._lanes)
        self._known: dict[tuple[int, int], tuple[int, int, int]] = {}

    def add(self, terms: int, points: int, shut: int) -> tuple[int, int]:
        """The points, and what is shut, when these terms hold as well."""
        known = self._known.get((terms, shut))
        if known is None:
            known = self._known[terms, shut] = self._added(terms, shut)
        return points + known[0] & known[1], known[2]

    def _added(self, terms: int, shut: int) -> tuple[int, int, int]:
        lanes = [0 for _ in self._lanes]
        for term in single_terms(terms):
            shut |= self._shuts.get(term, 0)
            for lane, points in self._points.get(term, ()):
                lanes[lane] += points
        added = kept = 0
        for lane in self._lanes:
            if shut >> 2 * lane + 1 & 1:
                shut &= ~(1 << 2 * lane)
            else:
                added += lanes[lane] << lane * self._width
                kept |= ((1 << self._width) - 1) << lane * self._width
        return added, kept, shut


_sums = functools.lru_cache(maxsize=8)(_Sums)


def walk(reader: Reader) -> Iterator[Alike]:
    """The cells that a reader looks at, those together between which it tells no difference.

    Raises TooLargeError, and does so at once.
    """

    def moves(axis: int, state: State) -> Iterator[tuple[State | None, int, int, int]]:
        for band, ways, answers in reader.ways(axis, state):
            yield reader.move(axis, state, band), ways, answers, band

    ends = _walked(reader.start, moves, len(reader.space.axes))
    return (reader.alike(tuple(path), cells, answers) for path, cells, answers in ends)


def walk_beside(
    left: Reader, right: Reader, pairs: Pairs, varied: int | None = None
) -> Iterator[Beside]:
    """Pairs of cells, the first of them looked at by one reader and the second by the other.

    Where a question applies to both, their bands are among `pairs`; where it applies to one of
    them, that one has any band, since an answer to a question that is only asked there makes no
    difference of its own. With `varied`, of pairs in one space, the question on this axis applies
    to both, and pairs that no reader tells apart any more are left out.

    Raises TooLargeError, and does so at once.
    """
    alike = [_pairs_grouped(left, right, axis, pairs[axis]) for axis in range(len(pairs))]

    def moves(
        axis: int, state: tuple[State, State]
    ) -> Iterator[tuple[tuple[State, State] | None, int, int, tuple[int, int]]]:
        here, there = state
        mine, theirs = left.ways(axis, here), right.ways(axis, there)
        asked = bool(mine[0][0]), bool(theirs[0][0])
        if all(asked):
            ways = alike[axis]
        elif axis == varied:
            return
        else:
            ways = [((m, t), a * b, c + d) for m, a, c in mine for t, b, d in theirs]
        for (m, t), count, answers in ways:
            first, second = left.move(axis, here, m), right.move(axis, there, t)
            if first is None or second is None:
                continue
            if varied is not None and axis >= varied and first == second:
                continue
            yield (first, second), count, answers, (m, t)

    start = [(here, there) for here in left.start for there in right.start]

    def beside(path: list[tuple[int, int]], cells: int, answers: int) -> Beside:
        first, second = (tuple(bands) for bands in zip(*path, strict=True))
        return Beside(left.alike(first, cells, answers), right.alike(second, cells, answers), cells)

    return (beside(*end) for end in _walked(start, moves, len(pairs)))


def _pairs_grouped(
    left: Reader, right: Reader, axis: int, pairs: Sequence[tuple[int, int]]
) -> list[tuple[tuple[int, int], int, int]]:
    groups: dict[object, tuple[tuple[int, int], int, int]] = {}
    default = _default(left.space.axes[axis])
    for here, there in pairs:
        given = int(here != default)
        key = left.key(axis, here), right.key(axis, there)
        first, ways, fewest = groups.get(key, ((here, there), 0, given))
        groups[key] = ((here, there) if given < fewest else first, ways + 1, min(given, fewest))
    return [*groups.values()]


def _walked(
    start: Iterable[_State],
    moves: Callable[[int, _State], Iterable[tuple[_State | None, int, int, Label]]],
    axes: int,
) -> Iterator[tuple[list[Label], int, int]]:
    """For each state at the end: the labels of the shortest way to it, how many ways lead there,
    and how long the shortest is. A move is the next state, how many ways it stands for, how much
    longer it makes them, and a label."""
    states: dict[_State, list[Any]] = {state: [1, 0, None] for state in start}
    for axis in range(axes):
        following: dict[_State, list[Any]] = {}
        for state, (count, length, path) in states.items():
            for then, ways, more, label in moves(axis, state):
                if then is None:
                    continue
                known = following.get(then)
                if known is None:
                    following[then] = [count * ways, length + more, (path, label)]
                else:
                    known[0] += count * ways
                    if length + more < known[1]:
                        known[1], known[2] = length + more, (path, label)
            if len(following) > MOST_STATES:
                raise TooLargeError
        states = following
    return ((_labels(path), count, length) for count, length, path in states.values())


def _labels(path: Any) -> list[Any]:
    labels = []
    while path is not None:
        path, label = path
        labels.append(label)
    return labels[::-1]


def _default(axis: Axis) -> int:
    """The band into which one comes without an answer; 0 where one must be given."""
    return 0 if axis.question.core else axis.assumed


@functools.lru_cache(maxsize=8)
def _undecided(space: Space) -> list[int]:
    """Before each axis, and after the last, the terms that its bands or those of a later one tell
    apart."""
    undecided = [0] * (len(space.axes) + 1)
    for axis in reversed(range(len(space.axes))):
        first, *others = space.masks[axis]
        differences = functools.reduce(or_, (mask ^ first for mask in others), 0)
        undecided[axis] = undecided[axis + 1] | differences
    return undecided
