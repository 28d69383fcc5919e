"""What would change the answer: the smallest changes, each true when decided on. Pure."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from typing import NamedTuple

from choose_channel.answers.situation import complete_with_defaults
from choose_channel.answers.sources import Given
from choose_channel.answers.space import Axis, Cell, Space, space_of
from choose_channel.engine.evaluate import Evaluator, Scores, derive, evaluator
from choose_channel.model.naming import to_text
from choose_channel.model.rulebook import UNKNOWN, Rulebook, Value

AT_ONCE = 2
MOST_AT_ONCE = 4
"""So many changes are looked at where fewer do not open the aim; more would be another business."""
MOST_TRIED = 20_000
"""So many combinations of a size are tried, so that a rulebook of any size is decided soon."""
KEPT = 3
"""How many changes of several answers are kept for one gain, least effort first."""

Gain = tuple[str, str]


class Change(NamedTuple):
    """Answers to change, how hard that is, and what it gives."""

    answers: Mapping[str, Value]
    effort: int
    recommended: str | None
    opens: tuple[str, ...]

    def gains(self) -> set[Gain]:
        """What it brings: channels that open, and the one that is recommended then."""
        opened: set[Gain] = {("open", channel) for channel in self.opens}
        return opened | {("recommend", self.recommended)} if self.recommended else opened


def changes(rulebook: Rulebook, given: Given) -> list[Change]:
    """The smallest changes that give another recommended channel or open one that is shut.

    Single ones, and pairs for what no single one gives; where the aim is locked, as many as it
    takes to open it. Least effort first. What the seller cannot change never appears.
    """
    space, ready = space_of(rulebook), evaluator(rulebook)
    situation = complete_with_defaults(rulebook, derive(rulebook, given))
    now = ready.scores(situation.terms)
    wanted = _wanted(now)
    urgent: set[Gain] = {("open", now.aim)} if now.aim and now.access[now.aim] != "open" else set()
    found: list[Change] = []
    for size in range(1, MOST_AT_ONCE + 1):
        still = wanted if size <= AT_ONCE else wanted & urgent
        if not still:
            break
        newly = _Newly(space, given)
        these = [
            change
            for change in _changes(space, ready, situation.cell, size, newly, now)
            if change.gains() & still
        ]
        these.sort(key=lambda change: change.effort)
        found += these if size == 1 else _least(these, still)
        for change in these:
            wanted -= change.gains()
    found = _needed(rulebook, list(_true_to_the_money(rulebook, given, now, found)))
    return sorted(found, key=lambda change: (change.effort, len(change.answers)))


def _true_to_the_money(
    rulebook: Rulebook, given: Given, now: Scores, found: Iterable[Change]
) -> Iterator[Change]:
    """The changes as they can be made, where answers move the margin: nobody sets a margin, but a
    price that brings it about can be asked; and another answer may bring another margin."""
    ready = evaluator(rulebook)
    roles = rulebook.economy.roles
    if roles is None or roles.margin not in derive(rulebook, given):
        asked = rulebook.asked
        yield from (change for change in found if change.answers.keys() <= asked.keys())
        return
    derived = roles.margin
    for change in found:
        answers = {name: value for name, value in change.answers.items() if name != derived}
        if derived in change.answers:
            from choose_channel.money.unit_economics import Economics

            changed = {**given, **answers}
            situation = complete_with_defaults(rulebook, changed)
            economics = Economics(rulebook, space_of(rulebook), situation, changed)
            reached = economics.price_for(str(change.answers[derived]))
            if reached is None:
                continue
            answers[roles.price] = reached
        terms = complete_with_defaults(rulebook, derive(rulebook, {**given, **answers})).terms
        then = ready.scores(terms)
        opens = tuple(channel for channel in change.opens if then.access[channel] == "open")
        if opens or then.recommended not in (None, now.recommended):
            yield Change(answers, change.effort, then.recommended, opens)


def _needed(rulebook: Rulebook, found: list[Change]) -> list[Change]:
    """The changes without those whose gain a part of them, or a lower price, brings already."""
    roles = rulebook.economy.roles
    price = roles.price if roles else None

    def does(less: Change, more: Change) -> bool:
        if not less.answers.keys() <= more.answers.keys() or not more.gains() <= less.gains():
            return False
        same = all(more.answers[name] == value for name, value in less.answers.items())
        names = [name for name, value in less.answers.items() if more.answers[name] != value]
        cheaper = names == [price] and _number(less, price) < _number(more, price)
        return cheaper or (same and len(less.answers) < len(more.answers))

    kept = {frozenset(one.answers.items()): one for one in reversed(found)}.values()
    return [one for one in reversed(kept) if not any(does(other, one) for other in kept)]


def _number(change: Change, name: str | None) -> Decimal:
    value = change.answers[name or ""]
    return value if isinstance(value, Decimal) else Decimal(0)


def opening(space: Space, ready: Evaluator, cell: Cell) -> Iterator[Change]:
    """The changes that open a channel in a cell, fewest first."""
    now = ready.scores(space.terms(cell))
    newly = _Newly(space, {})
    for size in range(1, MOST_AT_ONCE + 1):
        for change in _changes(space, ready, cell, size, newly, now):
            if change.opens:
                yield change


def _wanted(now: Scores) -> set[Gain]:
    shut: set[Gain] = {("open", c) for c, access in now.access.items() if access != "open"}
    return shut | {("recommend", channel) for channel in now.fit if channel != now.recommended}


def _least(changes: list[Change], still: set[Gain]) -> list[Change]:
    """The first few for each gain."""
    kept: list[Change] = []
    for gain in still:
        kept += [change for change in changes if gain in change.gains()][:KEPT]
    return [change for change in changes if change in kept]


class _Newly:
    """The band of a question that applies anew: its given answer, else the worst or the assumed
    one. A door that only the assumption would hold open is not called open."""

    def __init__(self, space: Space, given: Given) -> None:
        self.space, self.given = space, given

    def worst(self, number: int) -> int:
        axis = self.space.axes[number]
        return self._band(axis, _ordered(axis)[0] if axis.question.better else None)

    def assumed(self, number: int) -> int:
        return self._band(self.space.axes[number], None)

    def _band(self, axis: Axis, worst: Value | None) -> int:
        value: Value | None = self.given.get(axis.question.id, UNKNOWN)
        if value == UNKNOWN:
            value = axis.question.assumed if worst is None else worst
        return 1 if value is None else axis.band(value)


def _changes(
    space: Space, ready: Evaluator, cell: Cell, size: int, newly: _Newly, now: Scores
) -> Iterator[Change]:
    tried = itertools.islice(_combinations(space, cell, size), MOST_TRIED)
    for picked in tried:
        bands = dict(picked)
        after, terms = space.move(cell, bands, newly.assumed)
        if not all(after[number] for number in bands):
            continue  # a change that does not apply changes nothing
        scores = ready.scores(terms)
        opens = _opened(now, scores)
        if any(space.dependents(number) for number in bands):
            _, terms = space.move(cell, bands, newly.worst)
            at_worst = ready.scores(terms)
            if at_worst.recommended != scores.recommended:
                continue  # what it gives would hang on an assumption
            opens = tuple(channel for channel in opens if at_worst.access[channel] == "open")
        if opens or scores.recommended != now.recommended:  # else it gives nothing
            axes = [(space.axes[number], band) for number, band in picked]
            new = {axis.question.id: axis.values[band - 1] for axis, band in axes}
            effort = sum(axis.question.effort or 0 for axis, _ in axes)
            yield Change(new, effort, scores.recommended, opens)


def _combinations(space: Space, cell: Cell, size: int) -> Iterator[tuple[tuple[int, int], ...]]:
    for chosen in itertools.combinations(_moves(space, cell), size):
        yield from itertools.product(*chosen)


def _opened(now: Scores, then: Scores) -> tuple[str, ...]:
    return tuple(
        channel
        for channel, access in then.access.items()
        if access == "open" and now.access[channel] != "open"
    )


def _ordered(axis: Axis) -> list[Value]:
    """The values of an axis from worst to best."""
    if axis.question.type == "number":
        return list(axis.values)
    return [
        value for name in axis.question.better for value in axis.values if to_text(value) == name
    ]


def _moves(space: Space, cell: Cell) -> list[list[tuple[int, int]]]:
    """By answer that could be changed, the moves (axis, band) worth making: upwards where the
    rulebook knows an order. What newly applies may have to change along with it."""
    moves = []
    for number, (axis, band) in enumerate(zip(space.axes, cell, strict=True)):
        if axis.question.effort is not None:
            options = _better(axis, axis.values[band - 1] if band else None)
            if options:
                moves.append([(number, axis.band(value)) for value in options])
    return moves


def _better(axis: Axis, now: Value | None) -> list[Value]:
    question = axis.question
    if question.better:
        order = _ordered(axis)
        start = order.index(now) + 1 if now in order else 0
        options = order[start:]
    else:
        options = [value for value in axis.values if now is not None and value != now]
    return [value for value in options if not question.advise or to_text(value) in question.advise]
