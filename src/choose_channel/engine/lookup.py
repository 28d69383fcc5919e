"""What is said of a seller, for every way to answer, made ready to be looked up elsewhere.

A part of what is said, such as the plan or the pitfalls, is a *table*: a diagram (completions.py)
over the questions that the part hangs on, with a value at each end. First the standing of the
channels is worked out for every cell; then each part is walked again over the standings, with only
those terms in hand that can still matter to it. So a plan that reads half of the rulebook is some
thousands of nodes, though there are millions of cells.

What is not varied is held: by default the derived answers, at the assumed one, since what they hang
on is not asked here.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from operator import or_
from typing import Any, NamedTuple

from choose_channel.engine.completions import Diagram, Judge, TooManyError
from choose_channel.engine.decide import channel_of
from choose_channel.engine.engine import Engine
from choose_channel.engine.evaluate import Evaluation, Scores
from choose_channel.engine.plan import Candidate, CellSteps
from choose_channel.engine.result import about
from choose_channel.model.conditions import Condition
from choose_channel.model.rulebook import Access, Pitfall, Severity

MOST = 2_000_000
"""A rulebook whose diagrams would have more nodes is too large to be carried."""


class Standing(NamedTuple):
    """How the channels stand in a cell, but for their exact fit. `order` ranks those worth opening
    by fit where none is recommended: it decides which gates are worked on first."""

    recommended: str | None
    aim: str | None
    weak: bool
    close: bool
    access: tuple[Access, ...]
    order: tuple[str, ...]

    @property
    def main(self) -> str | None:
        """The channel that the verdict is about."""
        return about(self.recommended, self.aim, weak=self.weak)


class Shown(NamedTuple):
    """How a pitfall is shown: how grave it is; whether it is of a channel that is played (`own`),
    and even of the one that the verdict is about (`main`). One that is `only_open` is shown only
    while a question is open for which it stands."""

    severity: Severity
    own: bool
    main: bool
    only_open: bool


class Week(NamedTuple):
    """The steps that may be this week's where the channels stand in one way, each with the number
    of the table that says where it is one of them. Those of `settling` are shown while what they
    settle is open. Of `now`, the first few that are there are this week's, each once; those of
    `otherwise` come where none is."""

    settling: tuple[tuple[str, int], ...]
    now: tuple[tuple[str, int], ...]
    otherwise: tuple[tuple[str, int], ...]


class Weeks(NamedTuple):
    """All weeks, by how the channels stand, in the order of those standings; and their tables."""

    by_standing: Mapping[Standing, Week]
    tables: Sequence[Table]


class Table(NamedTuple):
    """A diagram by number of node: the axis and the children of each, and the values of those that
    have none. Children have lower numbers; the last node is the first to be asked.

    A table that is `whole` has a node for every question that applies, so that ways to answer can
    be counted; others leave out a question whose answers all lead to the same. The children of a
    node are by answer, of those that are varied.
    """

    axes: tuple[int, ...]
    children: tuple[tuple[int, ...], ...]
    values: tuple[Hashable, ...]

    def find(self, cell: Sequence[int]) -> Hashable:
        """The value in a cell."""
        node = len(self.axes) - 1
        while self.children[node]:
            node = self.children[node][cell[self.axes[node]] - 1]
        return self.values[node]


_ANYHOW = Table((-1,), ((),), (None,))
"""The standings of what does not hang on how the channels stand."""


class Lookup:
    """The tables of a rulebook, over some of the bands by axis. Raises TooManyError where there is
    too much to be carried."""

    def __init__(self, engine: Engine, varied: Sequence[Sequence[int]] | None = None) -> None:
        self._space, self._ready = engine.space, engine.evaluator
        self._engine, self._rulebook = engine, engine.rulebook
        self._options = varied or [
            [axis.assumed] if axis.question.derived and axis.assumed else axis.bands
            for axis in self._space.axes
        ]
        self._scores: dict[Standing, Scores] = {}
        standings = Judge(0, self._standing, functools.cache(self._ready.access_alike))
        self._standings = self._judged(standings, whole=True)
        self._plays = {name: self._ready.plays(name) for name in self._rulebook.channels}
        self._projections: dict[frozenset[str] | None, Table] = {}

    def _standing(self, total: int, _terms: int) -> Standing:
        scores = self._ready.scores_of(total)
        access = tuple(scores.access.values())
        order = self._ready.worth_opening(scores)
        standing = Standing(
            scores.recommended, scores.aim, scores.weak, scores.close, access, order
        )
        self._scores.setdefault(standing, scores)
        return standing

    def _judged(self, judge: Judge[Any], *, whole: bool = False) -> Table:
        """The table of what a judge says."""
        diagram = Diagram(self._space, self._ready, judge, self._options, MOST)
        return _with_values(diagram, diagram.ends, whole=whole)

    # ---- the tables

    def applies(self) -> dict[str, Table]:
        """By question, whether it applies."""
        return {axis.question.id: self.holds(axis.question.applies) for axis in self._space.axes}

    def wordings(self) -> dict[str, Table]:
        """By question with several wordings, the number of the one that holds; -1 for none."""
        questions = (axis.question for axis in self._space.axes)
        return {
            question.id: self._number_of([wording.when for wording in question.worded_for])
            for question in questions
            if question.worded_for
        }

    def fits(self) -> dict[str, Table]:
        """By channel, how well it fits."""
        return {name: self._judged(self._fit(name)) for name in self._rulebook.channels}

    def _fit(self, channel: str) -> Judge[Hashable]:
        def alike(total: int) -> int:
            return self._ready.fit_alike(total, channel)

        def fit(total: int, _terms: int) -> int:
            return self._ready.scores_of(total).fit[channel]

        return Judge(0, fit, functools.cache(alike))

    def standings(self) -> Table:
        """How the channels stand, with their order."""
        return self._over(lambda _: 0, lambda standing, _: standing)

    def standing(self) -> Table:
        """Recommended, aim, weak, close and access."""
        return self._over(lambda _: 0, lambda standing, _: standing[:-1])

    def recommended(self) -> Table:
        """The recommended channel alone; whole."""
        return self._over(lambda _: 0, lambda standing, _: standing.recommended, whole=True)

    def headlines(self) -> Table:
        """The headlines, good only for telling whether two are the same; whole."""

        def read(standing: Standing) -> int:
            return self._ready.variants_read([standing.main]) if standing.main else 0

        def headline(standing: Standing, terms: int) -> Hashable:
            return self._engine.results.headline(self._scores[standing], terms)

        return self._over(read, headline, whole=True)

    def variants(self) -> Table:
        """How each channel is played."""
        every = self._ready.variants_read(self._rulebook.channels)
        return self._over(lambda _: every, self._variants)

    def results(self) -> Table:
        """The results, good only for telling whether two are the same; whole."""
        results, planner = self._engine.results, self._engine.planner

        def read(standing: Standing) -> int:
            scores = self._scores[standing]
            return self._ready.critical_read(scores) | planner.read_at(scores, this_week=True)

        def result(standing: Standing, terms: int) -> Hashable:
            return results.where(self._scores[standing], terms)

        return self._over(read, result, whole=True)

    def gates(self) -> dict[str, Table]:
        """By gate, whether it fires."""
        return {gate.id: self.holds(gate.when) for gate in self._rulebook.gates.values()}

    def rules(self) -> dict[str, Table]:
        """By rule, whether it fires."""
        return {rule.id: self.holds(rule.when) for rule in self._rulebook.rules.values()}

    def holds(self, condition: Condition) -> Table:
        """Whether a condition of the rulebook holds."""
        bits = self._space.bits(condition)
        return self._anyhow(bits, lambda terms: bool(terms & bits))

    def _number_of(self, conditions: Sequence[Condition]) -> Table:
        """The number of the first of some conditions that holds, from 0; -1 for none."""
        bits = [*map(self._space.bits, conditions)]

        def first(terms: int) -> int:
            return next((number for number, when in enumerate(bits) if terms & when), -1)

        return self._anyhow(self._space.bits_of_any(conditions), first)

    def pitfalls(self) -> dict[str, Table]:
        """By pitfall, how it is shown: a `Shown`, or None where it is not."""
        return {pitfall.id: self._pitfall(pitfall) for pitfall in self._rulebook.pitfalls.values()}

    def plan(self) -> dict[str, Table]:
        """By phase, the ids of the steps; `settling` are shown while what they settle is open."""
        planner = self._engine.planner

        def steps(standing: Standing, terms: int) -> Hashable:
            phases = planner.at(terms, self._scores[standing])
            return tuple(tuple(step.id for step in steps) for steps in phases)

        every = self._over(
            lambda standing: planner.read_at(self._scores[standing], this_week=False), steps
        )
        values: Sequence[Any] = every.values
        return {
            name: _with_values(every, {end: listed[number] for end, listed in enumerate(values)})
            for number, name in enumerate(CellSteps._fields)
        }

    def weeks(self) -> Weeks:
        """This week's steps, one by one: far smaller than the plan, and much sooner found."""
        tables: list[Table] = []
        known: dict[object, int] = {}

        def listed(steps: Sequence[Candidate]) -> Iterator[tuple[str, int]]:
            for candidate in steps:
                if candidate.key not in known:
                    known[candidate.key] = len(tables)
                    tables.append(self._anyhow(candidate.read, candidate.when))
                if tables[known[candidate.key]].values != (False,):
                    yield candidate.step.id, known[candidate.key]

        weeks = {}
        for standing in self._standings.values:
            assert isinstance(standing, Standing)
            settling, now, otherwise = self._engine.planner.candidates(self._scores[standing])
            week = Week(tuple(listed(settling)), tuple(listed(now)), tuple(listed(otherwise)))
            weeks[standing] = week
        return Weeks(weeks, tables)

    # ---- how they are made

    def _anyhow(self, read: int, value: Callable[[int], Hashable]) -> Table:
        """The table of what hangs on some terms, however the channels stand."""
        return self._over(lambda _: read, lambda _, terms: value(terms), standings=_ANYHOW)

    def _variants(self, standing: Standing, terms: int) -> tuple[str | None, ...]:
        scores = self._scores[standing]
        return tuple(self._ready.variant(name, terms, scores) for name in self._rulebook.channels)

    def _pitfall(self, pitfall: Pitfall) -> Table:
        ready, every = self._ready, frozenset(self._rulebook.questions)

        def read(standing: Standing) -> int:
            return ready.pitfall_read(pitfall, self._scores[standing])

        def shown(standing: Standing, terms: int) -> Shown | None:
            scores = self._scores[standing]
            if not ready.is_shown(pitfall, terms, scores, every):
                return None
            only_open = not ready.is_shown(pitfall, terms, scores)
            played = [name for name in (standing.recommended, standing.aim) if name]
            variants = {name: ready.variant(name, terms, scores) for name in played}
            evaluation = Evaluation(scores, ready.gates(terms), (), variants, (), ())
            channel = channel_of(pitfall, evaluation)
            own, main = channel in (*played, None), channel in (standing.main, None)
            return Shown(ready.severity(pitfall, terms), own, main, only_open)

        when = self._space.bits(pitfall.when)
        return self._over(read, shown, standings=self._alike(pitfall), needed=when)

    def _alike(self, pitfall: Pitfall) -> Table:
        """The standings, of which one stands for all that are the same to a pitfall: one that
        explains gates hangs on the channels that are played and on what is held back, others only
        on those of their channels that are played."""
        concerned = frozenset(
            name for name, plays in self._plays.items() if not plays.isdisjoint(pitfall.channels)
        )
        key = None if pitfall.gates else concerned
        if key not in self._projections:
            first: dict[object, Hashable] = {}

            def representative(standing: Standing) -> Hashable:
                played = standing.recommended, standing.aim, standing.main
                same: object = (
                    (*played, *(access != "open" for access in standing.access))
                    if key is None
                    else tuple(name if name in key else None for name in played)
                )
                return first.setdefault(same, standing)

            standings: Sequence[Any] = self._standings.values
            ends = {end: representative(standing) for end, standing in enumerate(standings)}
            self._projections[key] = _with_values(self._standings, ends)
        return self._projections[key]

    def _over(
        self,
        read: Callable[[Standing], int],
        value: Callable[[Standing, int], Hashable],
        *,
        whole: bool = False,
        standings: Table | None = None,
        needed: int = 0,
    ) -> Table:
        """The table of a part: `value` of how the channels stand and of those terms that `read`
        names for that standing. Terms that no standing ahead reads are forgotten on the way, and
        questions on which no term in hand hangs are passed over. The value is None where none of
        the terms `needed` holds, if there are any.
        """
        space, standings = self._space, standings or self._standings
        ends: Sequence[Any] = standings.values
        last, masks, applies, options = len(space.axes), space.masks, space.applies, self._options
        stands = [axis if axis >= 0 else last for axis in standings.axes]
        ahead: list[int] = []
        for node, children in enumerate(standings.children):
            terms = [ahead[child] for child in children] if children else [read(ends[node])]
            ahead.append(functools.reduce(or_, terms))
        asked = [0] * (last + 1)  # by axis, the terms by which questions from there on apply
        upcoming = [last] * (last + 1)  # by axis, the next one whose answer a term hangs on
        for axis in reversed(range(last)):
            hand = ahead[-1] | asked[axis + 1]
            denies = any(hand & ~masks[axis][band] for band in (0, *options[axis]))
            upcoming[axis] = axis if denies or whole else upcoming[axis + 1]
            reads = denies or whole or axis in stands
            asked[axis] = asked[axis + 1] | (applies[axis] if reads else 0)
        table = TableBuilder()
        reached: dict[tuple[int, int, int], int] = {}

        def behind(axis: int, node: int, live: int) -> int:
            """The number of what follows some first answers."""
            while (axis := min(upcoming[axis], stands[node])) < last:
                here = options[axis] if live & applies[axis] else (0,)
                if len(here) > 1:
                    break
                live &= masks[axis][here[0]]
                axis += 1
            live &= ahead[node] | asked[axis]
            if needed and not live & needed:
                return table.end(None)
            state = axis, node, live
            number = reached.get(state)
            if number is not None:
                return number
            if axis == last:
                number = table.end(value(ends[node], live))
            else:
                stays, after = stands[node] != axis, axis + 1
                following = (node,) * len(options[axis]) if stays else standings.children[node]
                children = []
                for band, then in zip(options[axis], following, strict=True):
                    left = live & masks[axis][band] & (ahead[then] | asked[after])
                    child = reached.get((after, then, left))
                    children.append(behind(after, then, left) if child is None else child)
                number = table.node(axis, tuple(children), whole=whole)
            reached[state] = number
            if len(reached) > MOST:
                raise TooManyError
            return number

        return table.finished(behind(0, len(standings.axes) - 1, space.everything))


class TableBuilder:
    """A table while nodes are added to it, each once."""

    def __init__(self) -> None:
        self._known: dict[object, int] = {}
        self._nodes: list[tuple[int, tuple[int, ...], Hashable]] = []

    def end(self, value: Hashable) -> int:
        """The number of the end with this value."""
        return self._number(-1, (), value)

    def node(self, axis: int, children: tuple[int, ...], *, whole: bool) -> int:
        """The number of the node with these children; in a table that is not whole, that of the
        child where they are all the same."""
        if not whole and children.count(children[0]) == len(children):
            return children[0]
        return self._number(axis, children, None)

    def _number(self, axis: int, children: tuple[int, ...], value: Hashable) -> int:
        number = self._known.setdefault((axis, children, value), len(self._nodes))
        if number == len(self._nodes):
            self._nodes.append((axis, children, value))
        return number

    def finished(self, root: int) -> Table:
        """The table, ends first, without nodes that nothing leads to; the root is last."""
        used = {root}
        for number in range(root, -1, -1):
            if number in used:
                used.update(self._nodes[number][1])
        order = sorted(used, key=lambda number: (bool(self._nodes[number][1]), number))
        place = {number: n for n, number in enumerate(order)}
        nodes = [self._nodes[number] for number in order]
        return Table(
            tuple(axis for axis, _, _ in nodes),
            tuple(tuple(place[child] for child in children) for _, children, _ in nodes),
            tuple(value for _, children, value in nodes if not children),
        )


def _with_values(
    diagram: Table | Diagram[Any], values: Mapping[int, Hashable], *, whole: bool = False
) -> Table:
    """The table with these values, by number of end."""
    table = TableBuilder()
    numbers: list[int] = []
    for node, children in enumerate(diagram.children):
        if children:
            then = tuple(numbers[child] for child in children)
            numbers.append(table.node(diagram.axes[node], then, whole=whole))
        else:
            numbers.append(table.end(values[node]))
    return table.finished(numbers[-1])
