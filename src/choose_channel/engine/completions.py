"""All ways to answer what is still open, and what depends on each open question.

Completions are kept as a diagram: a node for each open question that is reached, a child for each
answer to it, and outcomes at the ends. Answers after which everything goes on in the same way lead
to the same node, so millions of completions are a few thousand nodes. For example, with two open
questions of which only the first matters:

    market ── us ────> cash ── tight or comfortable ──> Shop
           └─ other ─> cash ── tight or comfortable ──> link

The node of a question that does not apply on some way is left out there.
"""

from __future__ import annotations

import functools
import itertools
from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Mapping, Sequence
from operator import and_
from typing import Generic, NamedTuple, TypeVar

from choose_channel.answers.space import Space
from choose_channel.engine.evaluate import Evaluator
from choose_channel.model.rulebook import Value

Outcome = TypeVar("Outcome", bound=Hashable)

MOST = 150_000
"""Where the diagram would have more nodes than this, a few questions at a time are varied."""
FEW = 4


class Judge(NamedTuple, Generic[Outcome]):
    """What a completion comes to: `outcome` of the sum of its rules and gates (see Evaluator) and
    of those of its terms that are among `read`.

    `alike` may give one sum for all those that come to the same outcome whatever is added to them:
    the more it takes for the same, the fewer nodes there are to visit.
    """

    read: int
    outcome: Callable[[int, int], Outcome]
    alike: Callable[[int], int] | None = None


class Completions(Generic[Outcome]):
    """How the outcome hangs on the open questions.

    `exact` is false where the questions were varied a few at a time, a diagram for each few, the
    others as assumed.
    """

    def __init__(self, diagrams: Sequence[Diagram[Outcome]], space: Space) -> None:
        self._diagrams, self._space = diagrams, space
        self.exact = len(diagrams) == 1
        axes = {axis for diagram in diagrams for axis in diagram.axes}
        self.free = tuple(sorted(axes - {diagram.last for diagram in diagrams}))
        """The axes of the open questions."""

    def count(self) -> int:
        """How many completions there are."""
        return sum(sum(diagram.outcomes.values()) for diagram in self._diagrams)

    def holding(self, outcome: Outcome) -> int:
        """In how many completions the outcome is this one."""
        return sum(diagram.outcomes[outcome] for diagram in self._diagrams)

    def could_become(self, axis: int, outcome: Outcome) -> set[Outcome]:
        """What this outcome could turn into when only the question on this axis is answered
        differently, whatever the answers to the other open questions are.

        An answer may decide whether other questions apply. Answers to those do not count as a
        difference: "store: none" (no store speed asked) stands beside "store: own, speed: slow"
        and beside "store: own, speed: fast", but those two do not stand beside each other.
        """
        return set().union(*(diagram.could_become(axis, outcome) for diagram in self._diagrams))

    def deciding(self) -> dict[str, int]:
        """The open questions whose answer alone can change the outcome, and in how many completions
        it can."""
        axes = self._space.axes
        weights = {
            axes[axis].question.id: sum(diagram.weight(axis) for diagram in self._diagrams)
            for axis in self.free
        }
        return {name: weight for name, weight in weights.items() if weight}


class Undecided(NamedTuple):
    """Which terms matter while the questions are answered one after the other. By axis, those that
    still count from there on, and those of the scored ones that are decided by its answer; and the
    scored terms that no answer can deny."""

    kept: list[int]
    summed: list[int]
    always: int


def undecided_terms(
    space: Space, scored: int, options: Sequence[Sequence[int]], read: int = 0
) -> Undecided:
    """The same for these options by axis; the terms in `read` count to the end."""
    last = len(space.axes)
    denied = [0] * (last + 1)  # by axis, the terms that answers from there on may deny
    asked = [0] * (last + 1)  # by axis, the terms by which questions from there on apply
    for axis in reversed(range(last)):
        masks = space.masks[axis]
        allowed = functools.reduce(and_, (masks[band] for band in (0, *options[axis])))
        denied[axis] = denied[axis + 1] | (space.everything & ~allowed)
        asked[axis] = asked[axis + 1] | space.applies[axis]
    return Undecided(
        [read | asked[n] | (scored & denied[n]) for n in range(last + 1)],
        [scored & denied[n] & ~denied[n + 1] for n in range(last)],
        space.everything & scored & ~denied[0],
    )


class TooManyError(Exception):
    """A diagram would have too many nodes."""


class Diagram(Generic[Outcome]):
    """The nodes of all completions, by number: the axis of each, and its children, which have lower
    numbers. The last node, `root`, is the first to be asked.

    The ends stand on the axis after the last one, and have an outcome instead of children. Raises
    TooManyError where there would be more than `most` nodes.
    """

    def __init__(
        self,
        space: Space,
        ready: Evaluator,
        judge: Judge[Outcome],
        options: Sequence[Sequence[int]],
        most: int | None = None,
    ) -> None:
        self.last = len(space.axes)
        self.axes: list[int] = []
        self.children: list[tuple[int, ...]] = []
        self.ends: dict[int, Outcome] = {}
        self._most = MOST if most is None else most
        self._known: dict[object, int] = {}
        self._known_turns: dict[tuple[Outcome, int, int], set[Outcome]] = {}
        self._known_differing: dict[frozenset[int], int] = {}
        self.root = self._grow(space, ready, judge, options)

    def _grow(
        self,
        space: Space,
        ready: Evaluator,
        judge: Judge[Outcome],
        options: Sequence[Sequence[int]],
    ) -> int:
        """Adds all nodes, and returns the first one.

        What follows some first answers hangs on the terms that may still hold, and on the sum of
        those that are decided. Terms that later answers cannot deny any more are added up and
        forgotten.
        """
        last, masks, applies = self.last, space.masks, space.applies
        kept, summed, always = undecided_terms(space, ready.scored, options, judge.read)
        sum_of, outcome_of, alike = functools.cache(ready.sum), judge.outcome, judge.alike
        reached: dict[tuple[int, int, int], int] = {}

        def behind(axis: int, live: int, total: int) -> int:
            """The node behind some first answers."""
            while axis < last:
                here = options[axis] if live & applies[axis] else (0,)
                if len(here) > 1:
                    break
                live &= masks[axis][here[0]]
                if live & summed[axis]:
                    total += sum_of(live & summed[axis])
                axis += 1
                live &= kept[axis]
            if alike:
                total = alike(total)
            state = axis, live, total
            node = reached.get(state)
            if node is not None:
                return node
            if axis == last:
                node = self._end(outcome_of(total, live))
            else:
                children = []
                for band in options[axis]:
                    then = live & masks[axis][band]
                    more = then & summed[axis]
                    add = total + sum_of(more) if more else total
                    then &= kept[axis + 1]
                    child = reached.get((axis + 1, then, add))
                    children.append(behind(axis + 1, then, add) if child is None else child)
                node = self._node(axis, tuple(children))
            reached[state] = node
            if len(reached) > self._most:
                raise TooManyError
            return node

        return behind(0, space.everything & kept[0], sum_of(always))

    def _end(self, outcome: Outcome) -> int:
        number = self._node(self.last, (), outcome)
        self.ends[number] = outcome
        return number

    def _node(self, axis: int, children: tuple[int, ...], outcome: Outcome | None = None) -> int:
        """The number of the one node with these children, or of the end with this outcome."""
        number = self._known.setdefault((axis, children, outcome), len(self.axes))
        if number == len(self.axes):
            self.axes.append(axis)
            self.children.append(children)
        return number

    @functools.cached_property
    def _on(self) -> Mapping[int, list[tuple[int, tuple[int, ...]]]]:
        """By axis, the nodes on it, with their children."""
        on: defaultdict[int, list[tuple[int, tuple[int, ...]]]] = defaultdict(list)
        for node, axis in enumerate(self.axes):
            on[axis].append((node, self.children[node]))
        return on

    @functools.cached_property
    def _ways(self) -> list[int]:
        """By node, in how many ways it is reached."""
        ways = [0] * len(self.axes)
        ways[self.root] = 1
        for node in reversed(range(len(ways))):  # a child has a lower number than its parents
            for child in self.children[node]:
                ways[child] += ways[node]
        return ways

    @functools.cached_property
    def outcomes(self) -> Counter[Outcome]:
        """By outcome, how many completions come to it."""
        return Counter({outcome: self._ways[end] for end, outcome in self.ends.items()})

    def could_become(self, axis: int, outcome: Outcome) -> set[Outcome]:
        """See Completions."""
        become: set[Outcome] = set()
        if len(self.ends) > 1:
            for _, children in self._on[axis]:
                for left, right in itertools.combinations(dict.fromkeys(children), 2):
                    become |= self._turned(outcome, left, right)
        return become

    def _turned(self, outcome: Outcome, left: int, right: int) -> set[Outcome]:
        """What an outcome behind one node is behind another, and the other way round, where all
        further answers are the same."""
        key = (outcome, left, right) if left < right else (outcome, right, left)
        if left == right:
            return set()
        if key not in self._known_turns:
            first, second = sorted((left, right), key=self.axes.__getitem__)
            if self.axes[first] == self.last:
                ends = {self.ends[left], self.ends[right]}
                self._known_turns[key] = ends - {outcome} if outcome in ends else set()
            else:
                children = self.children[first]
                same = self.axes[first] == self.axes[second]
                others = self.children[second] if same else [second] * len(children)
                self._known_turns[key] = set().union(
                    *(self._turned(outcome, *pair) for pair in zip(children, others, strict=True))
                )
        return self._known_turns[key]

    def weight(self, axis: int) -> int:
        """In how many completions another answer on this axis alone gives another outcome."""
        if len(self.ends) < 2:
            return 0
        return sum(
            self._ways[node] * len(children) * self._differing(frozenset(children))
            for node, children in self._on[axis]
        )

    def _differing(self, nodes: frozenset[int]) -> int:
        """In how many ways to answer the further questions these nodes do not all lead to the same
        outcome."""
        if len(nodes) == 1:
            return 0
        if nodes not in self._known_differing:
            axes = self.axes
            axis = min([axes[node] for node in nodes])
            if axis == self.last:
                return 1
            asked = [self.children[node] for node in nodes if axes[node] == axis]
            others = [node for node in nodes if axes[node] > axis]
            columns = [frozenset([*column, *others]) for column in zip(*asked, strict=True)]
            self._known_differing[nodes] = sum(
                [self._differing(column) for column in columns if len(column) > 1]
            )
        return self._known_differing[nodes]


def completions(
    space: Space, ready: Evaluator, judge: Judge[Outcome], known: Mapping[str, Value]
) -> Completions[Outcome]:
    """The outcome in every way to answer the questions that are not known."""
    every = space.options(known)
    varied = [axis for axis, bands in enumerate(every) if len(bands) > 1]
    for few in (len(varied), FEW, 1):
        diagrams = []
        try:
            for start in range(0, len(varied) or 1, few or 1):
                some = varied[start : start + few]
                options = [
                    bands if axis in some or len(bands) == 1 else [space.axes[axis].assumed or 1]
                    for axis, bands in enumerate(every)
                ]
                diagrams.append(Diagram(space, ready, judge, options))
        except TooManyError:
            continue
        break
    return Completions(diagrams, space)
