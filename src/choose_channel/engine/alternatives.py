"""What the program says of one seller's goods for every other answer, made ready to be looked up.

Each part of what is said is a diagram over the questions that it hangs on; all diagrams share one
store of nodes, so that what is the same is there once. First, how the channels stand (see
scenarios.py). Then, for every way in which they can stand, this week's steps and the pitfalls: each
hangs on a few conditions only, once the standing is known. What is sold is held. The margin is a
question like others, but only its answers that can occur are looked at.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from typing import Generic, NamedTuple, TypeVar

from choose_channel.engine.engine import Engine
from choose_channel.engine.evaluate import Scores
from choose_channel.engine.plan import Candidate, order_of
from choose_channel.engine.scenarios import Diagram, Judge, TooManyError
from choose_channel.model.rulebook import Pitfall, Severity

MOST = 400_000
"""A rulebook whose diagram would have more nodes is too slow to be carried."""


Value = TypeVar("Value", bound=Hashable)


class Nodes(Generic[Value]):
    """The nodes of some diagrams. A node is its axis and its children, by band: first where the
    question does not apply, then its first answer, and so on. A child that is negative is an end:
    -1 stands for the first of the values, -2 for the second."""

    def __init__(self) -> None:
        self.nodes: list[tuple[int, ...]] = []
        self.values: list[Value] = []
        self._known: dict[tuple[int, ...], int] = {}
        self._ends: dict[Value, int] = {}

    def end(self, value: Value) -> int:
        """The end with this value."""
        number = self._ends.setdefault(value, len(self.values))
        if number == len(self.values):
            self.values.append(value)
        return ~number

    def node(self, axis: int, children: Sequence[int]) -> int:
        """The node with these children, or the child where they are all the same."""
        if all(child == children[0] for child in children):
            return children[0]
        node = (axis, *children)
        number = self._known.setdefault(node, len(self.nodes))
        if number == len(self.nodes):
            self.nodes.append(node)
        return number

    def find(self, root: int, cell: Sequence[int]) -> Value:
        """The value in a cell."""
        while root >= 0:
            axis, *children = self.nodes[root]
            root = children[cell[axis]]
        return self.values[~root]


Listed = tuple[tuple[str, int], ...]
"""Steps in their order, each with the diagram that says where it is one of them."""


class Week(NamedTuple):
    """The steps that may be this week's. Those of `settling` are shown while what they settle is
    open. Of `now`, the first few that are there are this week's, each once; those of `otherwise`
    come where none is."""

    settling: Listed
    now: Listed
    otherwise: Listed


class Shown(NamedTuple):
    """How grave a pitfall is; one that is `only_open` is shown only while a question is open for
    which it stands."""

    severity: Severity
    only_open: bool


class Standing(NamedTuple):
    """A way in which the channels can stand, and what is said then: the diagram of how the
    recommended channel is played, this week's steps, and by pitfall a diagram of a `Shown` or
    None."""

    scores: Scores
    variant: int
    week: Week
    pitfalls: Mapping[str, int]


class Alternatives(NamedTuple):
    """The diagrams: by question whether it applies, by channel its fit, and the number of the
    standing."""

    nodes: Nodes[Hashable]
    applies: Mapping[str, int]
    fits: Mapping[str, int]
    standing: int
    standings: tuple[Standing, ...]


def alternatives(
    engine: Engine, held: Mapping[str, int], margins: Iterable[int]
) -> Alternatives | None:
    """What is said of every answer but those that are held (bands by question), where the derived
    answer is in one of these bands. None where there is too much to be carried."""
    try:
        return _Search(engine, held, sorted({*margins})).found()
    except TooManyError:
        return None


_Key = tuple[object, ...]


class _Search:
    def __init__(self, engine: Engine, held: Mapping[str, int], margins: Sequence[int]) -> None:
        self.engine, self.space, self.ready = engine, engine.space, engine.evaluator
        self.planner, self.margins = engine.planner, margins
        self.nodes: Nodes[Hashable] = Nodes()
        self.options: list[Sequence[int]] = [
            margins
            if axis.question.derived
            else [held[axis.question.id]]
            if axis.question.id in held
            else axis.bands
            for axis in self.space.axes
        ]
        self._diagram: Nodes[tuple[int, ...]] = Nodes()
        self._numbers: dict[_Key, int] = {}
        self._classes: list[Scores] = []
        self._steps: dict[object, int] = {}
        self._pitfalls: dict[_Key, Mapping[str, int]] = {}
        last = len(self.space.axes)
        self._asked = [0] * (last + 1)
        """By axis, the terms by which questions from there on apply."""
        for axis in reversed(range(last)):
            self._asked[axis] = self._asked[axis + 1] | self.space.applies[axis]

    def found(self) -> Alternatives:
        """All diagrams."""
        root = self._stands()
        fits = {
            name: self._projected(root, number)
            for number, name in enumerate(self.engine.rulebook.channels)
        }
        standings = self._projected(root, -1)
        return Alternatives(
            self.nodes,
            {
                axis.question.id: self._over(self.space.applies[number], bool)
                for number, axis in enumerate(self.space.axes)
                if not axis.question.derived
            },
            fits,
            standings,
            tuple(map(self._standing, self._classes)),
        )

    # ---- how the channels stand

    def _stand(self, total: int, _terms: int) -> tuple[int, ...]:
        """The fit of every channel, and the number of how they stand."""
        scores = self.ready.scores_of(total)
        number = self._numbers.setdefault(_key(scores), len(self._classes))
        if number == len(self._classes):
            self._classes.append(scores)
        return (*scores.fit.values(), number)

    def _stands(self) -> int:
        """A diagram of how the channels stand. One for each margin: what hangs on the margin would
        be carried through all other questions."""
        derived = [n for n, axis in enumerate(self.space.axes) if axis.question.derived]
        if not derived:
            root = self._one(self.options)
        else:
            axis = derived[0]
            roots = {
                band: self._one([*self.options[:axis], [band], *self.options[axis + 1 :]])
                for band in self.margins
            }
            root = self._diagram.node(
                axis,
                [
                    roots.get(band, roots[self.margins[0]])
                    for band in range(len(self.space.masks[axis]))
                ],
            )
        return root

    def _one(self, options: list[Sequence[int]]) -> int:
        judge = Judge(0, self._stand)
        diagram = Diagram(self.space, self.ready, judge, options, MOST)
        numbers: list[int] = []
        for node, children in enumerate(diagram.children):
            if children:
                then = [numbers[child] for child in children]
                # where it does not apply, it is never asked for
                numbers.append(self._diagram.node(diagram.axes[node], [then[0], *then]))
            else:
                numbers.append(self._diagram.end(diagram.ends[node]))
        return numbers[diagram.root]

    def _projected(self, root: int, part: int) -> int:
        """The diagram of a part of how the channels stand."""
        ends = [self.nodes.end(one[part]) for one in self._diagram.values]
        numbers: list[int] = []
        for axis, *children in self._diagram.nodes:
            then = [numbers[child] if child >= 0 else ends[~child] for child in children]
            numbers.append(self.nodes.node(axis, then))
        return numbers[root] if root >= 0 else ends[~root]

    # ---- what is said then

    def _standing(self, scores: Scores) -> Standing:
        ready, recommended = self.ready, scores.recommended

        def variant(terms: int) -> str | None:
            return ready.variant(recommended, terms, scores) if recommended else None

        key: _Key = (scores.recommended, scores.aim, *scores.access.values())
        if key not in self._pitfalls:
            found = {
                pitfall.id: self._pitfall(pitfall, scores)
                for pitfall in self.engine.rulebook.pitfalls.values()
            }
            nothing = self.nodes.end(None)
            self._pitfalls[key] = {name: root for name, root in found.items() if root != nothing}
        return Standing(
            scores,
            self._over(ready.variants_read([recommended] if recommended else []), variant),
            self._week(scores),
            self._pitfalls[key],
        )

    def _week(self, scores: Scores) -> Week:
        candidates = self.planner.candidates(scores)
        never = self.nodes.end(False)

        def listed(steps: Iterable[Candidate]) -> Listed:
            found = []
            for one in steps:
                if one.key not in self._steps:
                    self._steps[one.key] = self._over(one.read, one.when)
                found.append((one.step.id, self._steps[one.key]))
            return tuple((name, root) for name, root in found if root != never)

        return Week(*map(listed, candidates))

    def _pitfall(self, pitfall: Pitfall, scores: Scores) -> int:
        ready, every = self.ready, frozenset(self.engine.rulebook.questions)

        def shown(terms: int) -> Shown | None:
            if not ready.is_shown(pitfall, terms, scores, every):
                return None
            return Shown(ready.severity(pitfall, terms), not ready.is_shown(pitfall, terms, scores))

        when = self.space.bits(pitfall.when)
        return self._over(ready.pitfall_read(pitfall, scores), shown, when)

    def _over(self, read: int, value: Callable[[int], Hashable], unless: int = 0) -> int:
        """The diagram of a value that hangs on some terms; None where none of those in `unless`
        holds any more."""
        space, nodes, options, asked = self.space, self.nodes, self.options, self._asked
        last, masks, applies = len(space.axes), space.masks, space.applies
        reached: dict[tuple[int, int], int] = {}

        def behind(axis: int, live: int) -> int:
            """What follows some first answers; a question that does not apply is never asked."""
            while axis < last:
                here = options[axis] if live & applies[axis] else (0,)
                if len(here) > 1:
                    break
                live &= masks[axis][here[0]]
                axis += 1
            if unless and not live & unless:
                return nodes.end(None)
            live &= read | asked[axis]
            known = reached.get((axis, live))
            if known is not None:
                return known
            if axis == last:
                number = nodes.end(value(live))
            else:
                then = {band: behind(axis + 1, live & masks[axis][band]) for band in here}
                first = then[here[0]]
                children = [then.get(band, first) for band in range(len(masks[axis]))]
                number = nodes.node(axis, children)
            reached[axis, live] = number
            return number

        return behind(0, space.everything)


def _key(scores: Scores) -> _Key:
    """What is said hangs on this much of the scores: of the fits, only on their order, and only
    where none is recommended."""
    return (*scores[2:], *scores.access.values(), *order_of(scores))
