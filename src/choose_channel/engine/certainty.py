"""How sure the recommendation is, for many sellers: one diagram of completions that they share.

It is the diagram of completions.py over all questions, grown only where a seller leads. A seller
walks it from the first question on, takes the one answer that is known, or all answers where the
question is open, and counts the completions at the ends. Sellers who left the same last questions
open share what is counted behind a node.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from choose_channel.answers.space import Space
from choose_channel.engine.completions import undecided_terms
from choose_channel.engine.evaluate import Evaluator

_MOST = 400_000
"""So many nodes and counts are kept; then the diagram is begun anew."""

Channel = str | None
_Counts = Mapping[Channel, int]


class SharedCompletions:
    """The recommended channel in every way to answer what is open, for any number of sellers."""

    def __init__(self, space: Space, evaluator: Evaluator) -> None:
        self._space, self._evaluator = space, evaluator
        self._last = len(space.axes)
        self._options: list[Sequence[int]] = [[*axis.bands] for axis in space.axes]
        undecided = undecided_terms(space, evaluator.scored, self._options)
        self._kept, self._summed, self._always = undecided
        self._begin()

    def _begin(self) -> None:
        self._known: dict[tuple[int, int, int], int] = {}
        self._states: list[tuple[int, int, int]] = []
        self._children: list[dict[int, int]] = []
        self._counted: dict[tuple[int, int], _Counts] = {}
        self._endings: dict[tuple[int, int], int] = {}
        total = self._evaluator.sum(self._always)
        self._root = self._behind(0, self._space.everything & self._kept[0], total)

    def count(self, bands: Sequence[int]) -> _Counts:
        """By recommended channel, in how many completions it is so. `bands` holds the band of each
        known answer, by axis, and 0 where the question is open."""
        if len(self._states) + len(self._counted) > _MOST:
            self._begin()
        # The answers from an axis on, as one number.
        endings = [0] * (self._last + 1)
        for axis in reversed(range(self._last)):
            ending = (bands[axis], endings[axis + 1])
            endings[axis] = self._endings.setdefault(ending, len(self._endings) + 1)
        return self._count(self._root, bands, endings)

    def _count(self, node: int, bands: Sequence[int], endings: Sequence[int]) -> _Counts:
        axis, _, total = self._states[node]
        key = node, endings[axis]
        counts = self._counted.get(key)
        if counts is None:
            if axis == self._last:
                counts = {self._evaluator.recommended_of(total): 1}
            elif bands[axis]:
                counts = self._count(self._child(node, bands[axis]), bands, endings)
            else:
                added: dict[Channel, int] = {}
                for band in self._options[axis]:
                    below = self._count(self._child(node, band), bands, endings)
                    for channel, number in below.items():
                        added[channel] = added.get(channel, 0) + number
                counts = added
            self._counted[key] = counts
        return counts

    def _child(self, node: int, band: int) -> int:
        child = self._children[node].get(band)
        if child is None:
            axis, live, total = self._states[node]
            then = live & self._space.masks[axis][band]
            more = then & self._summed[axis]
            total += self._evaluator.sum(more) if more else 0
            child = self._behind(axis + 1, then & self._kept[axis + 1], total)
            self._children[node][band] = child
        return child

    def _behind(self, axis: int, live: int, total: int) -> int:
        """The node behind some first answers: that of the next question which applies."""
        masks, applies = self._space.masks, self._space.applies
        while axis < self._last and not live & applies[axis]:
            live &= masks[axis][0]
            more = live & self._summed[axis]
            total += self._evaluator.sum(more) if more else 0
            axis += 1
            live &= self._kept[axis]
        state = axis, live, total
        node = self._known.setdefault(state, len(self._states))
        if node == len(self._states):
            self._states.append(state)
            self._children.append({})
        return node
